"""Base class of the screens: panes that draw one Frame, with bars above and below."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tui.message_line import MessageLine
from tui.model.frame import Frame
from tui.panes.base.bars import StatusBar, TopBar
from tui.panes.base.key_bar import KeyBar
from tui.panes.base.look import Look
from tui.panes.base.pane import FrameWidget, Pane
from tui.screens.body import Body
from tui.screens.layout.arrange import Room, arrange
from tui.screens.layout.boxes import BARS, Arrangement, Needs
from tui.screens.look_for import LookForLine
from tui.screens.panel_host import PanelHost
from tui.storage.session_codec import Place

if TYPE_CHECKING:
    from tui.actions.action import Action

SMALLEST = (60, 20)  # columns and rows


class FrameScreen(PanelHost, inherit_bindings=False):
    """A screen of panes. Its ``name`` is a key of ``tui.actions.screen_keys.SCREENS``."""

    NAME: ClassVar[str]
    AUTO_FOCUS = ""  # ``focus_home`` does it
    FIRST: ClassVar[str]  # the id of the pane with the initial focus, which is no map; "": none
    COUNTS: ClassVar[bool] = False  # whether it shows the count over training

    def __init__(self) -> None:
        super().__init__(self.NAME)
        self.back = "explore"  # the screen that esc goes back to
        self._waiting: deque[FrameWidget] = deque()
        self._held = ExitStack()  # what has been drawn, while panes wait
        self._fits = 0  # how many times ``_fit`` was called
        self._fitted = (0, 0)  # the size at the last time
        self._needs = Needs()  # of the last frame
        self._zoomed = ""  # the id of the pane that fills the screen
        self._recent: tuple[str, ...] = ()  # the ids of panes that had the focus, the latest last

    def compose(self) -> ComposeResult:
        self._needs = self.needs(self.app.session.frame())  # the panes keep their first places
        yield TopBar()
        yield LookForLine()
        yield Body(*self.compose_panes(), arrangement=self.arrangement)
        yield self.status_bar()
        yield KeyBar()
        yield Static(id="too-small")
        yield MessageLine(over_keys=True)

    def compose_panes(self) -> Iterable[Pane]:
        """The panes, in the order in which the focus goes through them."""
        raise NotImplementedError

    def status_bar(self) -> StatusBar:
        return StatusBar()

    def on_mount(self) -> None:
        self.composed = True
        self.focus_home()
        self.screen_layout_refresh_signal.subscribe(self, self._draw_new)

    def enter(self) -> None:
        """Called before this screen is shown in place of another one."""

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        """The word for an action in the key bar."""
        if action.on_stage:
            return self.scene_word(action.id, action.brief, frame.playing)
        return "pause" if action.id == "play" and frame.playing else action.brief

    # drawing

    def show(self, frame: Frame, look: Look, at_once: bool) -> None:
        """Give a frame to every pane: at once, or pane by pane, so that keys are handled in
        between."""
        needs = self.needs(frame)
        if self._say_what_to_look_for() or needs != self._needs:
            self._needs = needs
            self._apply()
        if at_once:
            for pane in self.query(FrameWidget):
                pane.hurries = frame.playing
                if not pane.shows(frame, look):
                    pane.show(frame, look)
            self._wait_for(deque())
            self.app.all_drawn(frame)
        else:
            self._wait_for(deque(self.query(FrameWidget)))
            self.call_later(self._show_next, frame, look, self._waiting)

    def take(self, frame: Frame) -> None:
        """Let the panes go on from a frame that is drawn later."""
        for pane in self.query(FrameWidget):
            if pane.view is not None and pane.SHOWS_SELECTION:
                pane.take(frame)

    async def _show_next(self, frame: Frame, look: Look, waiting: deque[FrameWidget]) -> None:
        await asyncio.sleep(0)  # keys come first
        if waiting is self._waiting and waiting:  # else there is another frame
            pane = waiting.popleft()
            pane.hurries = False
            pane.show(frame, look)
            if not waiting:
                self._wait_for(waiting)
                self.app.all_drawn(frame)
            self.call_later(self._show_next, frame, look, waiting)

    def _wait_for(self, panes: deque[FrameWidget]) -> None:
        """Let these panes wait for the frame; the terminal shows it when all have drawn it, for
        two panes of one screen must not tell of different steps."""
        self._waiting = panes
        self._held.close()
        if panes:
            self._held.enter_context(self.app.batch_update())

    def _compositor_refresh(self) -> None:
        """Draw on the terminal. Textual calls it also while the app holds updates back: it would
        draw everything for nothing then, as when the app starts."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    @property
    def busy(self) -> bool:
        """Whether panes still wait for the last frame."""
        return bool(self._waiting)

    def on_screen_resume(self) -> None:
        self._fit()

    def on_screen_suspend(self) -> None:
        self._wait_for(deque())

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "small")
        needed = f"{SMALLEST[0]}×{SMALLEST[1]}"
        self.query_one("#too-small", Static).update(
            f"nn-explore needs {needed} cells; this terminal has {width}×{height}."
        )
        if self._fitted != event.size:  # else it was laid out for it when it resumed
            self._fit()

    # layout

    def arrangement(self, width: int, height: int) -> Arrangement:
        """The boxes of the panes in a terminal of that size."""
        rows = SMALLEST[1] - self.band_rows if self._zoomed else SMALLEST[1]
        size = max(width, SMALLEST[0]), max(height, rows)
        room = Room(*size, self._needs, self.shown_panel, self._zoomed, self._recent)
        return arrange(self.NAME, room)

    def _say_what_to_look_for(self) -> bool:
        """Show that line, or the words of a scene; whether they take other rows from the panes than
        before."""
        line, (width, height) = self.query_one(LookForLine), self.size
        before, most = line.rows, max(0, height - SMALLEST[1])
        is_zoomed = bool(self._zoomed) and not self.has_class("small")
        changed = self.say_scene(max(most, (height - BARS) // 2) if is_zoomed else most)
        sentence = "" if self.band_rows else self.app.look_for
        line.say(sentence, self.app.look, width, most)
        return changed or line.rows != before

    def draw_lesson(self, look: Look) -> None:
        super().draw_lesson(look)
        if self._say_what_to_look_for():
            self._apply()

    @property
    def shows_what_to_look_for(self) -> bool:
        """Whether there is such a line, and room for it."""
        return self.query_one(LookForLine).rows > 0

    @property
    def _present_arrangement(self) -> Arrangement:
        """That in the present terminal, below the line of what to look for."""
        rows = self.query_one(LookForLine).rows + self.band_rows
        return self.arrangement(self.size.width, self.size.height - rows)

    def needs(self, frame: Frame) -> Needs:
        """What the layout has to know of a frame; of the first one it is asked before the frame has
        the screen's own facts."""
        return Needs()

    def _fit(self) -> None:
        """Lay out the panes for the size of the terminal, and draw."""
        if not self.composed:
            return
        self._make_panel()
        self._say_what_to_look_for()
        self._apply()
        self._fits, self._fitted = self._fits + 1, self.size
        self.call_after_refresh(self._draw, self._fits)

    def _apply(self) -> None:
        """Show the panes that have a box, and place them."""
        arrangement = self._present_arrangement
        self.set_class(not arrangement.boxed, "compact")
        for pane in self.query(Pane):
            pane.display = pane.id in arrangement.boxes
            group = arrangement.group_of(pane.id or "")
            pane.rank = (group.index(pane.id) + 1, len(group)) if pane.id in group else (1, 1)
            pane.is_zoomed = pane.id == self._zoomed
            pane.esc_unzooms = self.app.course.stage is None
        self.query_one(Body).place_again()
        self._show_keys()
        if isinstance(self.focused, Pane) and not self.focused.display:
            self.focus_home()

    def _draw(self, fit: int) -> None:
        """Draw after the last of several calls of ``_fit``: a start both resumes and resizes."""
        if fit == self._fits and self.is_current_frame:
            self.app.show()

    def _draw_new(self, _: Screen[None]) -> None:
        """Draw panes that have a size now: Textual may give one to a new widget without telling."""
        for pane in self.query(Pane):
            if pane.display and pane.waits_for_size:
                pane.resized()

    @property
    def is_current_frame(self) -> bool:
        """Whether it is the screen of panes that is shown, perhaps below a dialog."""
        return current_frame_screen(self.app) is self

    # focus and zoom

    @property
    def place(self) -> Place:
        """The screen, the one that esc goes back to, the focused pane, and the zoom."""
        return {
            "screen": self.NAME,
            "back": self.back,
            "pane": self.focused.id if self.focused else None,
            "zoomed": bool(self._zoomed),
        }

    def next_pane(self, by: int) -> None:
        """Move the focus ``by`` panes on, also to one that waits behind another, which is then
        shown."""
        arrangement = self._present_arrangement
        panes = [
            pane
            for pane in self.query(Pane)
            if arrangement.group_of(pane.id or "") or (self._zoomed and self._offers(pane))
        ]
        at = panes.index(self.focused) if self.focused in panes else -1
        self.reveal(panes[(at + by) % len(panes)])
        panes[(at + by) % len(panes)].focus()

    def _offers(self, pane: Pane) -> bool:
        """Whether a pane has something to show now."""
        return pane not in self._panels and pane.id not in self._needs.without

    def reveal(self, pane: Pane) -> None:
        """Make a pane visible before it gets the focus; if a pane is zoomed, zoom this one."""
        if pane in self._panels or pane.id is None:
            return
        if self._zoomed:
            self._zoomed = pane.id
        self._recent = (*(name for name in self._recent if name != pane.id), pane.id)
        if not pane.display:
            self._fit()

    def on_descendant_focus(self) -> None:
        if isinstance(self.focused, Pane):
            self.reveal(self.focused)
        self._show_keys()

    def on_descendant_blur(self) -> None:
        self._show_keys()

    def _show_keys(self) -> None:
        """Show the keys of the pane that has the focus now."""
        for bar in self.query(KeyBar):
            bar.renew()

    @property
    def home(self) -> Pane | None:
        """The pane that has the focus when the screen opens: ``FIRST``, or if that is not shown the
        first one that is, and is no map. None if there is only a map."""
        panes = [pane for pane in self._shown_panes if not pane.IS_MAP]
        return min(panes, key=lambda pane: pane.id != self.FIRST, default=None)

    def focus_home(self) -> None:
        """Focus the pane that has the focus when the screen opens; if that is none, no pane."""
        self.set_focus(self.home)

    @property
    def is_on_map(self) -> bool:
        """Whether a pane has the focus in which the arrow keys move a cursor."""
        return isinstance(self.focused, Pane) and bool(self.focused.cursor_keys)

    @property
    def is_zoomed(self) -> bool:
        """Whether one pane fills the screen."""
        return bool(self._zoomed)

    @property
    def pane(self) -> Pane | None:
        """The pane that is asked about its numbers: the focused one, or the only one."""
        if isinstance(self.focused, Pane):
            return self.focused
        panes = self._shown_panes
        return panes[0] if len(panes) == 1 else None

    @property
    def _shown_panes(self) -> list[Pane]:
        return [pane for pane in self.query(Pane) if pane.display and pane not in self._panels]

    def toggle_zoom(self) -> None:
        """Let the focused pane fill the screen, or undo that."""
        focused = None if self.focused in self._panels else self.focused
        chosen = focused if isinstance(focused, Pane) and not self._zoomed else None
        self._zoomed = (chosen and chosen.id) or ""
        self._fit()

    def return_to(self, pane: Pane, zoomed: bool) -> None:
        """Focus a pane, which fills the screen or does not."""
        self._zoomed = (zoomed and pane.id) or ""
        self.reveal(pane)
        self._fit()
        pane.focus()


def current_frame_screen(app: App[None]) -> FrameScreen | None:
    """The screen of panes that is shown, perhaps below a dialog."""
    return next((s for s in reversed(app.screen_stack) if isinstance(s, FrameScreen)), None)
