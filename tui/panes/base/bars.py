"""The top bar, which says what runs, and the status bar, which says how it stands."""

from collections.abc import Iterator
from itertools import groupby
from math import isfinite, isnan
from typing import NamedTuple

from textual import events

from engine import GradientCheck
from engine.data.source import source
from engine.network.gradient_check import TOLERANCE
from engine.wording import count
from tui.actions.screen_keys import SCREENS
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.glyphs import UNICODE, Glyphs
from tui.drawing.grid import cut
from tui.drawing.numbers import (
    NONE,
    cost_text,
    known,
    large,
    magnitude,
    norm,
    penalties,
    setting,
    total_text,
)
from tui.explain.region_texts import brief_reason, progress_text
from tui.model.frame import Frame
from tui.model.target_scale import scores_of
from tui.panes.base.pane import FrameWidget

WIDE = 100  # from this width on nothing is shortened
SHORT = {"approximate": "Approx"}  # names of screens in narrow terminals
LEAST = 3  # characters of any name below ``NARROW``
NARROW = 72  # below, the names of the screens have one blank between them
MOST_SIZES = 6  # of hidden layers in brief
GAP = 2  # cells between the parts of the status
STATE = 9  # cells of whether it plays, and how fast, at least; one more is taken from the gap
KEPT = 2  # parts up to this rank go before the long form of the goal
BRIEF = "step", "of", "C"  # all of them without details, beside the score


class Part(NamedTuple):
    """A number of the status. It has ``width`` cells at least, so that the next keeps its place;
    a cell more is taken from the gap. Where the row is short the parts of the largest ``rank`` go
    first: C stays longest, then the step and the score."""

    name: str
    value: str
    width: int
    rank: int

    @property
    def cells(self) -> int:
        return max(self.width, len(self.value) - (GAP > 1))


class TopBar(FrameWidget):
    """The names of the screens, and a summary of the experiment."""

    SHOWS_SELECTION = False

    _summary = 0  # cells of it

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette = canvas.palette
        if canvas.width >= WIDE:
            canvas.text(1, 0, "nn-explore", bold=True)
        for name, x, label in tabs(canvas.width):
            current = name == self.screen.name
            if current:
                canvas.paint(x, 0, len(label), 1, palette.sel)
            canvas.text(x, 0, label, ink=palette.hi if current else palette.low, bold=current)
        room = canvas.width - 2 - x - len(label)
        text = summary(frame, canvas.glyphs, room)
        canvas.right(canvas.width - 1, 0, text, ink=palette.mid)
        self._summary = cell_count(text)

    def on_click(self, event: events.Click) -> None:
        """Go to the screen whose name is clicked; on the summary, open the settings."""
        if 0 < self.size.width - 1 - event.x <= self._summary:
            self.app.action_act("settings")  # type: ignore[attr-defined]
        for name, x, label in tabs(self.size.width):
            if x <= event.x < x + len(label):
                self.app.action_act(name)  # type: ignore[attr-defined]


def tabs(width: int) -> Iterator[tuple[str, int, str]]:
    """The screens' names, and where their labels begin in the bar."""
    x = 13 if width >= WIDE else 1
    for name, (key, title) in SCREENS.items():
        title = title if width >= WIDE else SHORT.get(name, title)
        title = title if width >= NARROW else title[:LEAST]
        label = f" {key} {title}{' ' * (width >= NARROW)}"
        yield name, x, label
        x += len(label)


def summary(frame: Frame, glyphs: Glyphs, room: int) -> str:
    """``circle · 2-4-3-1 relu · SGD η 0.03``, or fewer parts, each of them whole; of a name that
    is too long by itself the beginning."""
    e, dot = frame.experiment, f" {glyphs.dot} "
    whole, brief = shape_text(frame.network.sizes, glyphs)
    one_layer = frame.network.output.replace("identity", "linear")
    activations = "/".join(dict.fromkeys(frame.network.activations)) or one_layer
    long, short = f"{whole} {activations}", f"{brief} {activations}"
    optimizer = "SGD" if e.optimizer == "sgd" else e.optimizer
    rate = f"{optimizer} {glyphs.eta} {setting(e.learning_rate)}"
    training = " ".join([rate, *penalties(e.l1, e.l2)])
    name = shown_file(source(e.dataset).short_name, glyphs)
    run = next((run.name for run in frame.runs if run.current), "")
    networks = (long, training), (short, training), (short, rate), (long,), (short,), (brief,), ()
    forms = [dot.join(filter(None, (run, name, *parts))) for parts in networks]
    return first_fitting(map(glyphs.text, forms), room) or cut(glyphs.text(forms[-1]), room)


def shape_text(sizes: tuple[int, ...], glyphs: Glyphs) -> tuple[str, str]:
    """The sizes of the layers, written out, and in brief: ``2-8×8-1`` has eight layers of 8, and
    ``2-…-1`` many different ones."""
    runs = [(size, len([*group])) for size, group in groupby(sizes[1:-1])]
    times = "x" if glyphs.ascii else "×"
    hidden = [str(size) if n == 1 else f"{n}{times}{size}" for size, n in runs]
    if len(hidden) > MOST_SIZES:
        hidden = ["..." if glyphs.ascii else "…"]
    return "-".join(map(str, sizes)), "-".join([str(sizes[0]), *hidden, str(sizes[-1])])


def shown_file(name: str, glyphs: Glyphs) -> str:
    """The name of the data; of a file that ASCII cannot spell only what kind of file it is."""
    if glyphs.text(name).count("?") == name.count("?"):
        return name
    return f"{glyphs.text(name).rpartition('.')[2].replace('?', '') or 'data'} file"


class StatusBar(FrameWidget):
    """Step, epoch, C, regions and the gradient check, and whether it plays."""

    SHOWS_SELECTION = False

    _state = 0  # where that begins, to the end

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, glyphs = canvas.palette, canvas.glyphs
        wide = canvas.width >= WIDE
        spell = glyphs.words  # before anything is measured
        parts = [p._replace(name=spell(p.name)) for p in self.parts(frame, canvas, wide)]
        kept = _cells([part for part in parts if part.rank <= KEPT])
        states = [glyphs.text(state) for state in state_texts(frame, glyphs)]
        state = first_fitting(states, canvas.width - 3 - kept) or states[-1]
        end = canvas.width - 1 - len(state)
        canvas.text(end, 0, state, ink=palette.hi if frame.playing else palette.mid)
        self._state = end
        room = canvas.width - 3 - max(STATE, len(state) - 1)  # numbers stay as the speed grows
        # what matters least goes first where the row is short
        while parts and _cells(parts) > room:
            parts.remove(max(parts, key=lambda part: part.rank))
        x = 1
        for part in parts:
            canvas.text(x, 0, part.name, ink=palette.low)
            canvas.text(x + len(part.name) + 1, 0, part.value)
            x += len(part.name) + 1 + part.cells + GAP

    def on_click(self, event: events.Click) -> None:
        """Play or pause, where it says so."""
        if self._state <= event.x < self.size.width - 1:
            self.app.action_act("play")  # type: ignore[attr-defined]

    def help(self) -> str:
        """What each number of it means."""
        from tui.panes.base.status_help import status_help

        assert self.view is not None
        canvas = Canvas(self.size.width, 1, self.look.palette, UNICODE)
        parts = self.parts(self.view, canvas, self.size.width >= WIDE)
        return status_help([part.name for part in parts])

    def parts(self, frame: Frame, canvas: Canvas, wide: bool) -> list[Part]:
        """The parts in order; those of larger rank are dropped first if the row is short."""
        if not frame.details:
            brief = [part for part in time_parts(frame, wide) if part.name in BRIEF]
            return [*brief, score_part(frame, wide)]
        parts = [
            *time_parts(frame, wide),
            region_part(frame, wide),
            check_part(frame.check, canvas.glyphs, wide),
        ]
        parts.append(score_part(frame, wide))
        if frame.test_cost is not None:  # these two also stand in the loss plot
            parts.append(Part("test", cost_text(frame.test_cost), 6, 8))
        if frame.baseline:
            name, cost = frame.baseline
            parts.append(Part(name, cost_text(cost), 6, 9))
        return parts


def state_texts(frame: Frame, glyphs: Glyphs) -> list[str]:
    """Whether and how fast it plays, and to which goal, the longest form first."""
    if frame.divergence:
        return [f"{glyphs.fail} diverged"]
    if not frame.playing:
        return [f"{glyphs.pause} paused"]
    direction = "◄" if frame.backwards else glyphs.play
    speed = f"{direction} {speed_text(frame.speed)}"
    goal = frame.goal
    return [f"{direction} until {goal}", f"{direction} {goal}", speed] if goal else [speed]


def speed_text(speed: float) -> str:
    """Steps a second to two digits, as many as can be read while it grows: ``46/s``, ``1 200/s``,
    or ``max``."""
    return f"{count(int(float(f'{speed:.2g}')))}/s" if isfinite(speed) else "max"


def _cells(parts: list[Part]) -> int:
    """The cells of a row of parts; the value of the last may be longer than its own."""
    if not parts:
        return 0
    longer = max(0, len(parts[-1].value) - parts[-1].cells)
    return sum(len(part.name) + 1 + part.cells + GAP for part in parts) - GAP + longer


def score_part(frame: Frame, wide: bool) -> Part:
    """The accuracy or R², on the training and, if there are any, the test data."""
    scores = scores_of(frame)
    values = [value for value in (scores.train, scores.test) if value is not None]
    if scores.name == "accuracy":
        texts, size, unit = [known(100.0 * value, "{:.1f}".format) for value in values], 5, " %"
    else:
        texts, size, unit = [known(value, norm).strip() for value in values], 6, ""
    width = len(values) * (size + 3) - 3 + len(unit)
    value = " / ".join(texts) + (unit if any(map(isfinite, values)) else "")
    return Part(scores.name if wide else scores.name[:3], value, width, 2)


def time_parts(frame: Frame, wide: bool) -> list[Part]:
    """Where the run is."""
    parts = [Part("step", count(frame.step), 8 if wide else 7, 1)]
    if frame.step < frame.latest_step and wide:
        parts.append(Part("of", count(frame.latest_step), 6, 10))
    parts.append(Part("epoch", count(frame.epoch), 6 if wide else 5, 6))
    parts.append(Part("C", cost_text(frame.cost), 6, 0))
    if frame.penalty is not None:
        R = cost_text(frame.penalty)
        total = total_text(cost_text(frame.cost), R, frame.cost + frame.penalty)
        parts += [Part("+ R", R, 6, 3), Part("=", total, 6, 7)]
    return parts


def check_part(check: GradientCheck, glyphs: Glyphs, wide: bool) -> Part:
    """The gradient check: its error, or that rounding hides it; and of how many parameters."""
    if not check.checked or not isfinite(check.error) or check.error == 0.0:
        # nothing to compare: only kinks, costs that are too large for a float, or g and ĝ all 0,
        # as of a dead layer or where C is 0, which says nothing of the backward pass
        value = NONE
    elif check.passed and check.error >= TOLERANCE:
        value = "hidden by rounding" if wide else "rounding"  # the differences do not say more
    else:
        value = f"{magnitude(check.error):<5} {glyphs.mark(check.passed)}"
    if wide and check.checked + check.kinks < check.total:
        value += f" {check.checked} of {count(check.total)}"
    failed = not (check.passed or isnan(check.error))
    width = max(7, len(value))
    return Part(glyphs.nabla_check if wide else glyphs.nabla, value, width, 1 if failed else 5)


def region_part(frame: Frame, wide: bool) -> Part:
    """The region or knot count, with its step where that is not the frame's."""
    regions = frame.regions
    if regions.progress:
        return Part("counting", progress_text(regions.progress), 15 if wide else 8, 4)
    if regions.map is not None:
        linear = f" / {count(regions.map.linear_count)}{' linear' if wide else ''}"
        value = f"{count(regions.map.activation_count)}{linear}{late(frame)}"
        return Part("regions", value, 15 if wide else 8, 4)
    if regions.knots is not None:
        return Part("knots", f"{count(len(regions.knots.x))}{late(frame)}", 3, 4)
    if regions.count is not None:
        return Part("regions", f"{large(regions.count)}{late(frame)}", 8, 4)
    return Part("regions", f"– ({brief_reason(regions.reason)})", 3, 4)


def late(frame: Frame) -> str:
    """The step of the regions, if it is not the frame's."""
    step = frame.regions.step
    return f" (step {count(step)})" if step != frame.step else ""
