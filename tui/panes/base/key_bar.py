"""The key bar, at the bottom: which keys to press, and advice."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from tui.actions.screen_keys import BARS, TYPING_BAR
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.model.advice.decision import Advice
from tui.model.frame import Frame
from tui.panes.base.pane import FrameWidget, Look, Pane

GAP = 2  # cells between two keys
KEYS = 5  # that stay beside an advice which has a form that short
HOLD = 8  # frames that an advice stays while the run goes on, so that the keys do not flicker


class KeyBar(FrameWidget):
    """The keys that matter most; and at the right advice, where there is any."""

    _shown: Sequence[tuple[str, str]] = ()  # the keys that were drawn, or had no room
    _frame: Frame | None = None  # the last that was drawn
    _advice: Advice | None = None  # what it showed
    _age = 0  # frames since that was given

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._shown = [*self._keys(frame)]
        *keys, help_key = self._shown
        kept = [*keys[: KEYS - 1], help_key]
        room = canvas.width - 2
        advice = advice_text(
            self._held(frame), self.look, room, sum(map(_size, kept)), _size(help_key)
        )
        canvas.right(canvas.width - 1, 0, advice)
        room -= _size(help_key) - GAP + (len(advice) + GAP if advice else 0)
        ends = accumulate(map(_size, keys))
        fitting = [key for key, end in zip(keys, ends, strict=True) if end <= room]
        x = 1
        for shown, brief in (*fitting, help_key):
            canvas.text(x, 0, shown, bold=True)
            canvas.text(x + len(shown) + 1, 0, brief, ink=canvas.palette.low)
            x += _size((shown, brief))

    def renew(self) -> None:
        """Draw again if another pane has the focus, and so other keys matter."""
        if self._shown and self.view is not None and [*self._keys(self.view)] != self._shown:
            self.redraw()

    def _keys(self, frame: Frame) -> Iterator[tuple[str, str]]:
        """The keys as shown, and what each does. While a map has the focus, the second ones are
        those of its cursor."""
        actions = {action.id: action for action in self.app.actions}  # type: ignore[attr-defined]
        way_up = self.app.way_up  # type: ignore[attr-defined]
        entries, focused = BARS[self.screen.name or "explore"].split(), self.screen.focused
        if isinstance(focused, Pane) and focused.TAKES_LETTERS:
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
                yield " ".join(actions[name].bar or actions[name].shown for name in names), brief

    def _held(self, frame: Frame) -> Advice | None:
        """The frame's advice; while the run goes on, for some frames that of those before."""
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


def _size(key: tuple[str, str]) -> int:
    """The cells of a key and its word, with the gap after them."""
    return len(key[0]) + 1 + len(key[1]) + GAP


def advice_text(advice: Advice | None, look: Look, width: int, keys: int, least: int) -> str:
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
