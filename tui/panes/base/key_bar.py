"""The key bar, at the bottom: which keys to press, and advice."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from textual import events

from tui.actions.screen_keys import BARS, STAGE_BAR, TYPING_BAR
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.model.advice.decision import Advice
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.pane import FrameWidget, Pane

GAP = 2  # cells between two keys
KEYS = 5  # that stay beside an advice which has a form that short
HOLD = 8  # frames that an advice stays while the run goes on, so that the keys do not flicker


class Key(NamedTuple):
    """Keys that belong together: each as shown with the id of its action, and their one word."""

    keys: tuple[tuple[str, str], ...]
    brief: str

    @property
    def shown(self) -> str:
        return " ".join(shown for shown, _ in self.keys)

    @property
    def cells(self) -> int:
        """With the gap after them."""
        return len(self.shown) + 1 + len(self.brief) + GAP

    def action_at(self, x: int) -> str | None:
        """The id of the action at a cell, from its first one: that of a key, or at the word that
        of the last key."""
        end = 0
        for shown, action in self.keys:
            end += len(shown) + 1
            if x < end:
                return action
        return action if x < self.cells - GAP else None


class KeyBar(FrameWidget):
    """The keys that matter most; and at the right advice, where there is any. A click on one does
    what the key does."""

    SHOWS_SELECTION = False

    _shown: Sequence[Key] = ()  # the keys that were drawn, or had no room
    _drawn: Sequence[tuple[int, Key]] = ()  # those that were drawn, and where they begin
    _frame: Frame | None = None  # the last that was drawn
    _advice: Advice | None = None  # what it showed
    _age = 0  # frames since that was given

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._shown = [*self._keys(frame)]
        *keys, help_key = self._shown
        kept = [*keys[: KEYS - 1], help_key]
        room = canvas.width - 2
        held, spared = self._held(frame), sum(key.cells for key in kept)
        advice = advice_text(held, self.look, room, spared, help_key.cells)
        canvas.right(canvas.width - 1, 0, advice)
        room -= help_key.cells - GAP + (len(advice) + GAP if advice else 0)
        ends = accumulate(key.cells for key in keys)
        fitting = [key for key, end in zip(keys, ends, strict=True) if end <= room]
        x, drawn = 1, []
        for key in (*fitting, help_key):
            canvas.text(x, 0, key.shown, bold=True)
            canvas.text(x + len(key.shown) + 1, 0, key.brief, ink=canvas.palette.low)
            drawn.append((x, key))
            x += key.cells
        self._drawn = drawn

    def on_click(self, event: events.Click) -> None:
        """Do what the key does that is clicked."""
        for x, key in self._drawn:
            if event.x >= x and (action := key.action_at(event.x - x)):
                self.app.action_act(action)  # type: ignore[attr-defined]

    def renew(self) -> None:
        """Draw again if another pane has the focus, and so other keys matter."""
        if self._shown and self.view is not None and [*self._keys(self.view)] != self._shown:
            self.redraw()

    def _keys(self, frame: Frame) -> Iterator[Key]:
        """The keys as shown, and what each does. While a map has the focus, the second ones are
        those of its cursor."""
        actions = {action.id: action for action in self.app.actions}  # type: ignore[attr-defined]
        way_up = self.app.way_up  # type: ignore[attr-defined]
        entries, focused = BARS[self.screen.name or "explore"].split(), self.screen.focused
        if self.app.course.stage:  # type: ignore[attr-defined]
            entries = STAGE_BAR.split()
        elif isinstance(focused, Pane) and focused.TAKES_LETTERS:
            entries = TYPING_BAR.split()
        elif isinstance(focused, Pane) and focused.cursor_keys:
            entries = [entry for entry in entries if entry != "up/down"]
            entries.insert(1, focused.cursor_keys)
        for entry in entries:
            names = entry.split("/")
            last = actions[names[-1]]
            brief = self.screen.brief_of(last, frame)  # type: ignore[attr-defined]
            if last.id in ("cancel", "leave"):
                brief = way_up
            if brief and _idle(frame).isdisjoint(names):
                shown = [actions[name].bar or actions[name].shown for name in names]
                yield Key(tuple(zip(shown, names, strict=True)), brief)

    def _held(self, frame: Frame) -> Advice | None:
        """The frame's advice; while the run goes on, for some frames that of those before."""
        if self.hurries:
            return self._advice
        before, now, held = self._frame, frame.advice, self._advice
        if frame is not before:
            self._frame = frame
            goes_on = frame.playing and before is not None and _follows(frame, before)
            is_given = now is not None and held is not None and now.code == held.code
            self._age = 0 if is_given else self._age + 1
            if not goes_on or held is None or is_given or self._age > HOLD:
                self._advice, self._age = now, 0
        return self._advice


def _follows(frame: Frame, before: Frame) -> bool:
    """Whether a frame is of the same run as one before, and in the direction of time."""
    return frame.experiment == before.experiment and frame.step > before.step


def advice_text(advice: Advice | None, look: Look, width: int, keys: int, least: int = 0) -> str:
    """The advice in whole sentences: the longest form that leaves so many cells to the keys, else
    the shortest; "" if that does not leave ``least`` cells."""
    if advice is None:
        return ""
    forms = [look.glyphs.text(t.replace("η", look.glyphs.eta)) for t in advice.texts(look.keys)]
    return first_fitting(forms, width - keys) or first_fitting(
        sorted(forms, key=len), width - least
    )


def _idle(frame: Frame) -> set[str]:
    """Actions that would do nothing because there are no such inputs or no hidden layers."""
    typed = not frame.view.axes  # a plane from which p leads back
    idle = set() if frame.playing else {"slower", "faster"}
    idle |= set() if frame.data.columns.shape[1] > 2 or typed else {"plane"}
    if frame.network.sizes[0] > 1:
        idle.add("degree")
    if not frame.network.activations:
        idle.add("activation")
    if frame.data.Y.shape[1] > 1:  # no GLM is of several targets, no line of least squares either
        idle |= {"family", "link", "become", "residuals", "degree"}
        idle |= {"solve"} if frame.data.task == "classes" else set()
    return idle if frame.view.flat else idle | {"colour", "filter"}
