"""The count pane of screen Regions: numbers of regions along the run, and bounds on them."""

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from engine import BOUNDS
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.plot import Axis, Series, log_axis
from tui.drawing.series_plot import (
    Y_LABEL,
    EndLabel,
    RunSeries,
    draw_end_labels,
    step_axis,
    with_fixed_labels,
)
from tui.drawing.text_lines import Span, draw_line, words
from tui.explain.explainable import Explainable
from tui.explain.network import region_counts
from tui.model.frame import Frame
from tui.model.regions.source import is_central, lower_bounds, upper_bound
from tui.panes.base.plot_pane import PlotPane
from tui.panes.regions.piece_details import why_no_map

LABELLED = 32  # from this width on the lines are named at their ends
LABELS = 19  # columns for that
ALL_BOUNDS = 80  # from this width on all bounds have their lines, with their sources
ALL_LABELS = 60
VALUE = 7  # columns of a label's number
POSSIBLE = "possible"  # that many or more: a lower bound on the maximum
KINDS = {
    "upper": "upper bound: ",
    "maximum": "maximum: ",
    "lower": f"{POSSIBLE}: ",
}
AFTER = "upper bound, after "  # by the same proof, without biases
MOST_RATIO = 1000  # a bound above so many times the count is only named, not drawn
LARGEST = 99_999  # written out in full


@dataclass(frozen=True)
class Counts:
    """The numbers of regions at the step of ``frame.regions``; None if unknown."""

    activation: int | None
    linear: int | None


class RegionCountPane(PlotPane):
    """Activation and linear regions by step on a log axis, and bounds as dotted lines."""

    HELP = """
Count over training: how many regions the box or interval shown was cut into, step by step.
activation: cells on which no hidden unit changes sign.
linear: neighbours with the same map taken together.
upper bound: no weights of these layers make more; the lowest of the published bounds.
maximum: no weights make more, and some make as many.
≥ … possible: a lower bound on the maximum; some weights make as many or more (Montúfar and others
2014). It is left out once the network has more.
{zoom} gives the pane the screen, and shows all bounds there are, each with its sources; "after":
by the same proof, but for layers without biases.
The numbers at the right are of the present step, or of the step that the title names.
"""
    SHOWS_SELECTION = False

    def titles(self, frame: Frame) -> tuple[str, str]:
        step = frame.regions.step
        stale = step != frame.step
        return f"Count · step {count(step)}" if stale else "Count over training", "log scale"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        counts = counts_of(frame)
        wide = canvas.width >= ALL_BOUNDS
        labels = LABELS if canvas.width >= LABELLED else 0
        if wide:
            labels = min(ALL_LABELS, canvas.width - ALL_BOUNDS // 2)
        width = canvas.width - labels
        now = [n for n in (counts.activation, counts.linear) if n is not None]
        numbers = np.concatenate([frame.counts.activation, frame.counts.linear, now])
        numbers = numbers[np.isfinite(numbers)]
        if not len(numbers) or width < 12 or canvas.height < 4:
            _draw_words(canvas, frame, counts)
            return
        highest = float(numbers.max())
        bounds = all_bounds(frame, highest) if wide else named_bounds(frame, highest)
        limit = int(MOST_RATIO * highest)  # a bound may be too large for a float
        drawn = [value for _, value in bounds if value <= limit]
        y = log_axis(float(numbers.min()), max([*drawn, highest, 2.0]), canvas.height - 1)
        y = with_fixed_labels(y)
        x = step_axis(frame.latest_step, width)
        series = _series(canvas, frame, drawn, counts, x, width - Y_LABEL - 1)
        _, y = self.plot(canvas, (0, width, canvas.height), series, x, y)
        if labels:
            _name_lines(canvas, bounds, counts, y, labels)

    def explainable(self, frame: Frame) -> Explainable:
        """The number of regions."""
        return region_counts(frame)


def counts_of(frame: Frame) -> Counts:
    """The counts of ``frame.regions``."""
    regions = frame.regions
    if regions.map is not None:
        return Counts(regions.map.activation_count, regions.map.linear_count)
    if regions.knots is not None:
        return Counts(regions.knots.activation_count, len(regions.knots.x) + 1)
    return Counts(regions.count, None)


def named_bounds(frame: Frame, count: float) -> list[tuple[str, int]]:
    """The tightest upper bound, and Montúfar's lower bound if it says more than the ``count``."""
    upper = upper_bound(frame.bounds)
    named = []
    if upper is not None:
        named.append(("maximum" if upper.is_attained else "upper bound", upper.value))
    lower = lower_bounds(frame.bounds, count).get("montufar_2014_lower")
    if lower is not None and not (upper and upper.is_attained):
        named.append((POSSIBLE, lower))
    return named


def all_bounds(frame: Frame, count: float) -> list[tuple[str, int]]:
    """Every bound that says more than the ``count``, the highest first, with its sources."""
    lower = lower_bounds(frame.bounds, count)
    sources: dict[tuple[int, str], list[str]] = {}
    is_around_0 = not frame.network.bias and is_central(frame.view, frame.data)
    for name, value in frame.bounds.items():
        author, year, *_ = name.replace("montufar", "Montúfar").split("_")
        if name == "zaslavsky_1975" and is_around_0:
            author, year = "Cover", "1965"
        kind = BOUNDS[name].kind
        published = frame.network.bias or kind != "upper" or name == "montufar_2014_upper"
        if kind != "lower" or name in lower:
            head = KINDS[kind] if published else AFTER
            sources.setdefault((value, head), []).append(f"{author.capitalize()} {year}")
    ordered = sorted(sources.items(), reverse=True)
    return [(head + ", ".join(names), value) for (value, head), names in ordered]


def brief(n: int) -> str:
    """A whole number of any size in a few characters: ``814``, ``2.1e12``, ``4e300``."""
    if n <= LARGEST:
        return str(n)
    exponent = floor(log10(n))
    decimals = 1 if exponent < 100 else 0
    mantissa = f"{10.0 ** (log10(n) - exponent):.{decimals}f}"
    return f"1e{exponent + 1}" if mantissa.startswith("10") else f"{mantissa}e{exponent}"


def _series(
    canvas: Canvas, frame: Frame, bounds: list[int], counts: Counts, x: Axis, columns: int
) -> list[Series]:
    """The lines, the activation regions last and so on top; later steps are dim."""
    palette, curve, step = canvas.palette, frame.counts, frame.regions.step
    # a dot in every other cell: braille has two columns of dots a cell
    dots = np.linspace(x.low, x.high, 2 * max(2, columns))[::4]
    lines = [
        Series(dots, np.full(len(dots), float(bound)), palette.mid, dotted=True) for bound in bounds
    ]
    for values, now, ink in (
        (curve.linear, counts.linear, palette.mid),
        (curve.activation, counts.activation, palette.hi),
    ):
        line = RunSeries(curve.steps, values, step, np.nan if now is None else now)
        lines += [line.ahead(palette.line), line.past(ink)]
    return lines


def _name_lines(
    canvas: Canvas, bounds: list[tuple[str, int]], counts: Counts, y: Axis, columns: int
) -> None:
    """Write numbers and names at the right, each beside its line's end."""
    palette = canvas.palette
    end = canvas.width - columns + VALUE
    labels = [
        # a bound may be too large for a float, but not for log10
        EndLabel(
            log10(n),
            Span(first_fitting(shorter(name), columns - VALUE - 1), palette.low),
            Span(_at_least(name) + brief(n), palette.mid),
        )
        for name, n in bounds
    ]
    labels += [
        EndLabel(log10(now), Span(name, palette.hi), Span(brief(now), palette.hi, True))
        for name, now in (("activation", counts.activation), ("linear", counts.linear))
        if now is not None
    ]
    rows = range(canvas.height - 1)
    draw_end_labels(canvas, labels[-len(rows) :], y, end + 1, end, rows)  # the lowest bounds


def shorter(name: str) -> list[str]:
    """Forms of a bound's name: with all sources, with the first of them, with none."""
    kind, *others = name.split(": ")
    sources = others[0].split(", ") if others else []
    more = [f"{kind}: {sources[0]} + {len(sources) - 1}"] if len(sources) > 1 else []
    return [name, *more, kind, kind.split(",")[0]]


def _at_least(name: str) -> str:
    """The sign before a bound below which the maximum cannot be."""
    return "≥" if name.startswith(POSSIBLE) else ""


def _draw_words(canvas: Canvas, frame: Frame, counts: Counts) -> None:
    """The numbers alone, if there is no plot; or why there are none."""
    palette = canvas.palette
    lines = [
        [Span(brief(now).rjust(VALUE), palette.hi, True), Span(f" {name}", palette.hi)]
        for name, now in (("activation", counts.activation), ("linear", counts.linear))
        if now is not None
    ]
    lines += words(why_no_map(frame.regions), palette.mid, canvas.width)
    for y, line in enumerate(lines):
        draw_line(canvas, y, line)
