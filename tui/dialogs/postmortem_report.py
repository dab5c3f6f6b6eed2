"""Drawing of a post-mortem: where a run ended, what led up to it, and the suggested cure."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from engine.arrays import Array
from engine.training.postmortem import PostMortem
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import cost_text, known, norm, quotient_text, setting, tick
from tui.drawing.plot import SMALLEST_LOG, Axis, Series, draw_plot, linear_axis, log_axis
from tui.drawing.series_plot import EndLabel, draw_end_labels
from tui.drawing.text_lines import Line, Span, draw_line, words, wrapped
from tui.panes.base.look import Look
from tui.panes.base.pane import CanvasWidget
from tui.session.postmortem import LeadUp, LowerRate, find_cure, has_limit, limit_name

LABELS = 25  # cells for the names of the lines and their last values
LAYERS = 3  # drawn, at the most
FEWEST_ROWS = 6  # of the plot


class PostMortemView(CanvasWidget):
    """Draws a post-mortem, or a note as long as there is none."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.result: PostMortem | None = None
        self.lead_up: LeadUp | None = None
        self.cure: LowerRate | None = None
        self.note = "examining the last steps"

    def paint(self, canvas: Canvas) -> None:
        if self.result is None or self.lead_up is None:
            for y, line in enumerate(wrapped(self.note, canvas.width)):
                canvas.text(0, y, line, canvas.palette.mid)
        else:
            draw_postmortem(canvas, self.result, self.lead_up, self.cure)


@dataclass(frozen=True, eq=False)
class NamedLine:
    """A line of the plot with its name."""

    name: str
    values: Array  # (m,)
    ink: int
    dotted: bool


def draw_postmortem(
    canvas: Canvas, result: PostMortem, lead_up: LeadUp, cure: LowerRate | None
) -> None:
    """Where the run ended, the plot, the learning rate and its limit, the suggested cure."""
    above = _summary(canvas, result, lead_up)
    below = _cause(canvas, result, cure)
    for y, line in enumerate(above):
        draw_line(canvas, y, line)
    top = len(above) + 1
    rows = canvas.height - top - len(below) - 1
    if rows >= FEWEST_ROWS:
        _plot(canvas, top, rows, _lines(canvas, result, lead_up), lead_up)
    else:
        below = below[-max(0, canvas.height - len(above)) :]
    for y, line in enumerate(below, start=canvas.height - len(below)):
        draw_line(canvas, y, line)


def _summary(canvas: Canvas, result: PostMortem, lead_up: LeadUp) -> list[Line]:
    palette, d = canvas.palette, result.divergence
    name = "C + R" if result.settings.l1 or result.settings.l2 else "C"
    last, lowest = len(lead_up.steps) - 1, int(np.searchsorted(lead_up.steps, result.safe_step))
    lowest_cost, last_cost = (
        f"{cost_text(lead_up.objective[i])} at step {count(lead_up.steps[i])}"
        for i in (lowest, last)
    )
    if d:
        text = f"{canvas.glyphs.fail} {d.what} is the first number that is not finite, on "
        text += f"the way to step {count(d.step)}. {name}: {lowest_cost} → {last_cost}."
    elif lead_up.objective[last] <= lead_up.objective[lowest]:
        text = f"The run has not diverged. {name} is at its lowest now: {last_cost}."
    elif result.has_risen:
        text = f"The run has not diverged, but {name} is far above its lowest: "
        text += f"{lowest_cost} → {last_cost}."
    else:
        text = f"The run has not diverged, but {name} was lower before. "
        text += f"{name}: {lowest_cost} → {last_cost}."
    return words(text, palette.hi, canvas.width)


def _cause(canvas: Canvas, result: PostMortem, cure: LowerRate | None) -> list[Line]:
    """η against λ_max and its limit, and the suggested rate."""
    palette, eta = canvas.palette, canvas.glyphs.eta
    name = "C + R" if result.settings.l1 or result.settings.l2 else "C"
    rows = [(eta, setting(result.learning_rate), "when it ended" if result.divergence else "now")]
    at = f"at step {count(result.safe_step)}, where {name} was lowest"
    rows.append(("λ_max", known(result.curvature, norm).strip(), at))
    if result.curvature > 0.0:
        times = result.learning_rate * result.curvature / result.stability
        limit = tick(result.stability / result.curvature)
        ratio = quotient_text(setting(result.learning_rate), limit, times)
        what = f"{eta} is {ratio} times"
        if has_limit(result):
            what += " that" + ": steps overshoot" * (times > 1.0)
        else:
            what += f" that limit of SGD; {result.settings.optimizer} has another"
        rows.append((limit_name(result), limit, what))
    width = max(len(name) for name, _, _ in rows) + 1
    lines: list[Line] = [
        [
            Span(f"{name:<{width}}", palette.low),
            Span(f"{value:<12}", palette.hi),
            Span(what, palette.mid),
        ]
        for name, value, what in rows
    ]
    if cure is None:
        why = _why_no_cure(result).replace("η", eta)
        return [*lines, [], [Span(why, palette.mid)]] if why else lines
    start = "back to" if cure.step < result.steps[-1] else "from"
    suggested = [
        Span("enter ", palette.hi, True),
        Span(f"{start} step {count(cure.step)}, {eta} ", palette.mid),
        Span(setting(cure.learning_rate), palette.hi, True),
        Span(f"  ({cure.why.replace('η', eta)})", palette.low),
    ]
    return [*lines, [], suggested]


def _why_no_cure(result: PostMortem) -> str:
    """Why no learning rate is suggested; "" for a run that needs none."""
    step = count(result.safe_step)
    if find_cure(result):
        return f"No lower η that was tried holds from step {step}: begin with other weights."
    if result.divergence and isnan(result.curvature):
        return f"No η holds from step {step}, its weights are too large: begin with other weights."
    return ""


def _plot(canvas: Canvas, top: int, rows: int, lines: list[NamedLine], way: LeadUp) -> None:
    """Lines over the steps on a log axis, named at their ends."""
    known = np.concatenate([line.values for line in lines])
    known = known[np.isfinite(known) & (known > SMALLEST_LOG)]
    if not len(known):
        return
    y = log_axis(float(known.min()), float(known.max()), rows - 1)
    width = canvas.width - LABELS
    steps = way.steps.astype(np.float64)
    max_ticks = min(2 + width // 16, 1 + int(steps[-1] - steps[0]))  # at whole steps
    x = linear_axis(float(steps[0]), float(steps[-1]), max(2, max_ticks), counts=True)
    series = [Series(steps, line.values, line.ink, line.dotted) for line in lines]
    draw_plot(canvas, top, width, rows, series[::-1], x, y)
    canvas.right(canvas.width, top + rows - 1, "step", canvas.palette.low)
    _name_lines(canvas, top, rows, lines, y)


def _lines(canvas: Canvas, found: PostMortem, way: LeadUp) -> list[NamedLine]:
    """C and a few layers, the one where it ended among them."""
    palette, glyphs = canvas.palette, canvas.glyphs
    layers = way.parameters.shape[1]
    last = min(found.divergence.layer, layers) if found.divergence else layers
    first = max(0, last - LAYERS)
    lines = [NamedLine("C", way.costs, palette.hi, False)]
    for l in range(first, min(first + LAYERS, layers)):
        of = f"[W b]{glyphs.layer(l + 1)}"
        lines.append(NamedLine(glyphs.norm(of), way.parameters[:, l], palette.mid, False))
        gradient = glyphs.norm(glyphs.derivative("C", of))
        lines.append(NamedLine(gradient, way.gradients[:, l], palette.low, True))
    return lines


def _name_lines(canvas: Canvas, top: int, rows: int, lines: list[NamedLine], y: Axis) -> None:
    lines = lines[: rows - 1]
    ends = y.positions(np.array([line.values[-1] for line in lines]))
    heights = np.where(np.isnan(ends), y.low, ends).tolist()
    labels = [
        EndLabel(height, Span(line.name, line.ink), Span(cost_text(line.values[-1]), line.ink))
        for height, line in zip(heights, lines, strict=True)
    ]
    name_x = canvas.width - LABELS + 2
    draw_end_labels(canvas, labels, y, name_x, canvas.width, range(top, top + rows - 1))
