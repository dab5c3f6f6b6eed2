"""Base classes of panes: widgets that draw a Frame on a Canvas and send only changed rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from engine import EngineError
from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting, unpadded
from tui.drawing.grid import Grid
from tui.drawing.text_lines import DOT, fitting_title, on_one_line, whole_parts, wrapped
from tui.model.frame import Frame, Moment
from tui.model.key_hint_error import error_message
from tui.panes.base.look import Look
from tui.panes.base.messages import FrameMessage, SelectionMessage
from tui.panes.base.pointing import Pointing

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable

TITLE_FRAME = 6  # cells that a title leaves to its border
WITHIN_A_SENTENCE = re.compile(r"(?<![.\n])\n(?!\n)")
NAME_IN_HELP = re.compile("[:,]| of ")  # at its end
NamedNumbers = list[tuple[str, float]]  # with their names


class CanvasWidget(Widget):
    """A widget whose rows come from a Canvas of the size of its content."""

    def __init__(self, look: Look, id: str | None = None) -> None:
        super().__init__(id=id)
        self.look = look
        self._canvas: Canvas | None = None  # as drawn last
        self._strips: list[Strip | None] = []  # its rows; None until one is asked for

    def paint(self, canvas: Canvas) -> None:
        """Draw on an empty canvas."""
        raise NotImplementedError

    def redraw(self) -> None:
        if self.size.width < 1 or self.size.height < 1:
            return
        canvas = self._canvas_to_draw()
        try:
            with np.errstate(all="ignore"):  # a diverged run is drawn as it is
                self.paint(canvas)
        except EngineError as error:  # the numbers allow nothing else
            canvas = self._canvas_to_draw()
            write_error(canvas, error_message(error, self.look.keys))
        self.put(canvas)

    def _canvas_to_draw(self) -> Canvas:
        (width, height), look = self.size, self.look
        return Canvas(width, height, look.palette, look.glyphs, look.colour)

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; an EngineError becomes a message."""
        try:
            await super().on_event(event)
        except EngineError as error:
            self.app.notify(error_message(error, self.look.keys))

    def put(self, canvas: Canvas) -> None:
        """Show what has been drawn."""
        self._canvas, self._strips = canvas, [None] * canvas.height
        self.refresh()

    def on_resize(self) -> None:
        """Textual calls this of every class that defines it, so ``resized`` is overridden."""
        self.resized()

    def resized(self) -> None:
        """Draw on the new size."""
        self.redraw()

    def render_line(self, y: int) -> Strip:
        if self._canvas is None or y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips[y]
        if strip is None:
            strip = self._strips[y] = self._canvas.strip(y)
        return strip


class FrameWidget(CanvasWidget):
    """Draws a Frame. Only rows that changed are sent to the terminal."""

    SHOWS_SELECTION: ClassVar[bool] = True  # anything of what the user has selected

    def __init__(self, id: str | None = None) -> None:
        super().__init__(Look(), id)
        self.view: Frame | None = None
        self.hurries = False  # a key waits while training plays: what is slow may stay as it was
        # of a widget that shows nothing selected: what its canvas shows, and the canvas before of
        # another moment
        self._drawn_of: tuple[Moment, Look] | None = None
        self._earlier: tuple[Moment, Look, Canvas] | None = None
        self._drawn_for: tuple[Size, Size] | None = None  # sizes within and with the border

    @property
    def waits_for_size(self) -> bool:
        """Whether it has a frame, but had no cells yet to draw it on."""
        return self.view is not None and self._canvas is None and self.size.width > 0

    def show(self, frame: Frame, look: Look) -> None:
        """Draw a frame."""
        self.take(frame)
        self.look = look
        self.redraw()

    def take(self, frame: Frame) -> None:
        """Go on from a frame, which is drawn later."""
        self.view = frame

    def shows(self, frame: Frame, look: Look) -> bool:
        """Whether it shows already all that it shows of a frame."""
        if self.SHOWS_SELECTION or self.view is None:
            return False
        return self.view.moment is frame.moment and self.look == look

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        """Draw the frame on an empty canvas of the size of the widget's content."""
        raise NotImplementedError

    def redraw(self) -> None:
        if self.view is None:
            return
        self._drawn_for = self.size, self.outer_size
        if (known := self._drawn_earlier(self.view)) is not None:
            self.put(known)
        else:
            super().redraw()

    def _drawn_earlier(self, frame: Frame) -> Canvas | None:
        """What it drew of the frame's moment, if it has gone on to a later one that is not shown;
        None if it must draw anew."""
        if self._earlier is None:
            return None
        moment, look, canvas = self._earlier
        is_same = moment is frame.moment and look == self.look
        return canvas if is_same and (canvas.width, canvas.height) == tuple(self.size) else None

    def resized(self) -> None:
        """Draw, unless a frame has been drawn for this size before the event came."""
        if self.view is not None and self._drawn_for != (self.size, self.outer_size):
            self.show(self.view, self.look)

    def paint(self, canvas: Canvas) -> None:
        assert self.view is not None
        self.draw(canvas, self.view)

    def put(self, canvas: Canvas) -> None:
        before = self._canvas
        if self.view is not None and not self.SHOWS_SELECTION:
            if before and self._drawn_of and self._drawn_of[0] is not self.view.moment:
                self._earlier = *self._drawn_of, before
            self._drawn_of = self.view.moment, self.look
        if before is None or (before.width, before.height) != (canvas.width, canvas.height):
            super().put(canvas)
            return
        self._canvas = canvas
        changed = canvas.changed_rows(before)
        for y in changed:
            self._strips[y] = None
        if changed:
            self.refresh(*(Region(0, y, canvas.width, 1) for y in changed))


class Pane(FrameWidget, Pointing, can_focus=True):
    """A pane with a title, which can be focused, zoomed and asked to move its selection."""

    HELP: ClassVar[str] = ""
    """What it shows; where it names a key there stands ``{id}`` of its action."""
    IS_MAP: ClassVar[bool] = False  # whether it is a map or a plot with a cursor
    TAKES_LETTERS: ClassVar[bool] = False  # typed letters are not keys of the screen
    rank = (1, 1)  # which it is of how many panes that share its place
    is_zoomed = False  # whether it fills the screen
    esc_unzooms = True  # and whether esc makes it small again
    _grid: Grid | None = None  # of the map, as it was last drawn
    _titles = ("", "")

    @dataclass
    class UnitSelected(FrameMessage, SelectionMessage):
        """A unit of a layer 0 (inputs) … L was selected."""

        REFERS_TO = ("network",)
        layer: int
        unit: int

    @dataclass
    class CursorMoved(FrameMessage, SelectionMessage):
        """The map's cursor was moved, in the data's own units."""

        REFERS_TO = ("view",)
        position: Array

    @dataclass
    class ComponentMoved(SelectionMessage):
        """On Backprop: another input of the weight (dx), another unit (dy)."""

        dx: int
        dy: int

    @dataclass
    class MicroStepSelected(SelectionMessage):
        """On Backprop: one of the micro-steps of this training step was selected."""

        at: int

    @dataclass
    class ExampleSelected(SelectionMessage):
        """An example, a row of the data, was selected."""

        row: int

    def post_message(self, message: Message) -> bool:
        """Post a message, with the frame that the pane shows."""
        if isinstance(message, FrameMessage):
            message.frame = self.view
        if not isinstance(message, SelectionMessage):
            return super().post_message(message)
        for place in (self.screen, self.app):
            if act := getattr(place, message.handler_name, None):
                act(message)
        return True

    def help(self, keys: Mapping[str, str]) -> str:
        """Its help, with the user's keys; lines go on to the end of a sentence."""
        text = self.HELP.strip()
        for name, colour in self.look.words.items():
            text = text.replace(f"{{{name}}}", colour)
        return WITHIN_A_SENTENCE.sub(" ", text).format_map(keys)

    @property
    def cursor_keys(self) -> str:
        """The ids of the actions that move its cursor, between slashes; "" if there is none now.
        Then → and ← step in time."""
        has_cursor = self.IS_MAP and self._grid is not None
        return "cursor_left/up/down/cursor_right" if has_cursor else ""

    @property
    def name_in_help(self) -> str:
        """What its help begins with, up to a comma, a colon or "of": ``Loss``."""
        return NAME_IN_HELP.split(self.HELP.strip(), maxsplit=1)[0]

    def titles(self, frame: Frame) -> tuple[str, str]:
        """The title, and what stands at the lower right."""
        raise NotImplementedError

    def fitting_title(self, *forms: str) -> str:
        """The first of a title's forms, long ones first, that fits; else the last."""
        places = self._places()
        width = self.size.width + self.gutter.width - 2  # a box leaves a title more than a rule
        taken = len(DOT + places[1]) if places else 0
        return fitting_title(forms, self.size.width and max(1, width - taken))

    def _places(self) -> tuple[str, ...]:
        """What the title says of the pane's place, the longest form first: that it fills the
        screen, or its rank where it shares its place, with the keys that change that; or ()."""
        keys, (at, panes) = self.look.keys, self.rank
        if self.is_zoomed:
            form = f"zoomed: {keys['zoom']}"
            with_esc = (f"{form} or {keys['cancel']}",) * self.esc_unzooms
            return (*with_esc, form, "zoomed")
        if panes > 1:
            return (
                f"{at} of {panes} {keys['pane']}",
                f"{at}/{panes} {keys['pane']}",
                f"{at}/{panes}",
            )
        return ()

    def _with_place(self, title: str, room: int) -> str:
        """The title with what it says of the pane's place: with as many parts as fit, or with the
        pane's name alone."""
        places, parts = self._places(), title.split(DOT)
        if not places:
            return title
        names = [DOT.join(parts[:n]) for n in range(len(parts), 0, -1)]
        forms = [
            f"{name}{DOT}{place}" for name in (*names, self.name_in_help) for place in places[:-1]
        ]
        return first_fitting(forms, room) or f"{self.name_in_help}{DOT}{places[-1]}"

    def _safe_titles(self, frame: Frame) -> tuple[str, str]:
        """The titles; empty on an EngineError, which the pane then shows as text."""
        try:
            return self.titles(frame)
        except EngineError:
            return "", ""

    def show(self, frame: Frame, look: Look) -> None:
        self.take(frame)  # before the titles, which tell of it
        self.look = look
        self.show_titles(frame)
        super().show(frame, look)

    def show_titles(self, frame: Frame) -> None:
        glyphs = self.look.glyphs
        title, subtitle = (glyphs.words(glyphs.keys(text)) for text in self._safe_titles(frame))
        room = self.outer_size.width - TITLE_FRAME
        title = self._with_place(title, room)
        titles = title, subtitle
        if not self.gutter.bottom:  # there is no border for what stands at the lower right
            titles = on_one_line(*titles, room), ""
        titles = whole_parts(titles[0], room), whole_parts(titles[1], room)
        if titles != self._titles:  # setting one redraws the whole widget
            self._titles = titles
            # Content, not markup: "W[l]" would lose its "[l]"
            above, below = (Content(unpadded(glyphs.text(text))) for text in titles)
            self.border_title, self.border_subtitle = above, below

    def explainable(self, frame: Frame) -> Explainable | None:
        """The number that enter explains; None if none is selected.

        EngineError says why there is nothing to explain.
        """
        return None

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The selected number, or several that belong together, with their names; by default the
        number that enter explains. EngineError as there."""
        explainable = self.explainable(frame)
        return [] if explainable is None else explainable.numbers()


def write_error(canvas: Canvas, message: str) -> None:
    """Write a message in place of what cannot be drawn, wrapped to the canvas."""
    for y, line in enumerate(wrapped(canvas.glyphs.prose(message), max(1, canvas.width - 2))):
        canvas.text(1, y, line, canvas.palette.mid)
