"""The dialog with the changes since a mark."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from engine.wording import count
from tui.dialogs.base import Report, StaticCanvas
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import WIDE, cost_text, known, norm, num, percent
from tui.drawing.text_lines import wrapped
from tui.explain.region_texts import reason_text
from tui.model.changes import Changes, LayerChange, Mark, NotCompared
from tui.model.regions.knot_changes import KnotChanges
from tui.model.regions.result import Reason, Unknown
from tui.model.value_change import ValueChange
from tui.panes.base.look import Look

WIDTH = 52
NO_REGIONS: Mapping[Reason | None, str] = {
    Unknown.CURVED: "a hidden layer is curved, so there are none",
    Unknown.CURVED_FEATURES: "the network sees curved features, so there are none",
    Unknown.DIVERGED: "the run had diverged",
}
BEFORE, AFTER, CHANGE = 18, 27, 35  # the ends of these columns
BAR_CENTRE, BAR_HALF = 44, 7
MAX_KNOTS, MAX_EVENTS = 5, 2  # knots that are named: moved, and appeared or vanished


class ChangesScreen(Report[None]):
    """Costs, the weights that changed most, the change of each layer, regions gained and lost."""

    CSS = """
    ChangesScreen .dialog { max-height: 100%; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "dismiss", "close"),
    ]
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"changes": "dismiss"}

    def __init__(self, changes: Changes, look: Look) -> None:
        super().__init__()
        self.changes, self.look = changes, look

    def compose(self) -> ComposeResult:
        write = self.look.glyphs.text
        steps = f"step {count(self.changes.before.step)} → {count(self.changes.after.step)}"
        with VerticalScroll(classes="dialog") as box:
            box.border_title = Content(write(f"What changed · {steps}"))
            box.border_subtitle = "esc closes"
            yield StaticCanvas(changes_canvas(self.changes, self.look))


def changes_canvas(changes: Changes, look: Look) -> Canvas:
    """A canvas with the changes."""
    costs, regions = _costs(changes.before, changes.after), _region_lines(changes)
    knots = _knots(changes)
    moved_knots = [m for m in knots.moved if m.difference][:MAX_KNOTS]
    regions += _knot_events(knots)
    parts = [len(costs), 1 + len(changes.moved), 1 + len(changes.layers), len(regions)]
    parts += [1 + len(moved_knots)] if moved_knots else []
    height = sum(parts) + len(parts) - 1
    canvas = Canvas(WIDTH, height, look.palette, look.glyphs, look.colour)
    y = _draw_costs(canvas, costs, 0) + 1
    title = "moved most" if changes.moved else "no weight has moved"
    y = _draw_moved(canvas, title, changes.moved, y) + 1
    y = _draw_layers(canvas, changes.layers, y) + 1
    for row, line in enumerate(regions):
        canvas.text(0, y + row, line, look.palette.mid)
    if moved_knots:
        _draw_moved(canvas, "knots moved most, by unit", moved_knots, y + len(regions) + 1)
    return canvas


def _costs(before: Mark, after: Mark) -> list[tuple[str, float, float]]:
    """C before and after: over the training data, and the test data if both have them."""
    name = "C" if before.loss == after.loss else "C (another)"
    costs = [(f"{name} train", before.cost, after.cost)]
    if before.test_cost is not None and after.test_cost is not None:
        costs.append((f"{name} test", before.test_cost, after.test_cost))
    return costs


def _draw_costs(canvas: Canvas, costs: list[tuple[str, float, float]], y: int) -> int:
    """Draw from row y on; returns the first row below."""
    palette = canvas.palette
    for name, old, new in costs:
        canvas.text(0, y, name, palette.low)
        _draw_pair(canvas, y, cost_text(old), cost_text(new), palette.mid, palette.hi)
        canvas.right(CHANGE, y, num(new - old, WIDE), palette.ink(new - old), bold=True)
        y += 1
    return y


def _draw_moved(canvas: Canvas, title: str, moved: Sequence[ValueChange], y: int) -> int:
    palette = canvas.palette
    canvas.text(0, y, title, palette.low)
    largest = max((abs(m.difference) for m in moved), default=0.0)
    for m in moved:
        y += 1
        canvas.text(0, y, m.name, palette.hi)
        _draw_pair(
            canvas, y, num(m.before), num(m.after), palette.ink(m.before), palette.ink(m.after)
        )
        ink = palette.ink(m.difference)
        canvas.right(CHANGE, y, num(m.difference), ink, bold=True)
        canvas.signed_bar(BAR_CENTRE, y, BAR_HALF, m.difference / (largest or 1.0), ink)
    return y + 1


def _draw_layers(canvas: Canvas, layers: tuple[LayerChange, ...], y: int) -> int:
    palette = canvas.palette
    canvas.text(0, y, "‖Δ‖ of each layer, as a share of its norm before", palette.low)
    largest = max((layer.moved for layer in layers if isfinite(layer.moved)), default=0.0)
    for number, layer in enumerate(layers, start=1):
        y += 1
        canvas.text(0, y, f"layer {number}", palette.mid)
        canvas.right(BEFORE, y, norm(layer.moved), palette.hi)
        if layer.before != 0.0:
            canvas.right(AFTER, y, known(layer.share, lambda s: percent(s, 0)), palette.mid)
        if isfinite(layer.moved):
            length = layer.moved / (largest or 1.0)
            canvas.bar(CHANGE - 5, y, WIDTH - CHANGE + 5, length, palette.mid)
    return y + 1


def _draw_pair(canvas: Canvas, y: int, old: str, new: str, ink: int, new_ink: int) -> None:
    canvas.right(BEFORE, y, old, ink)
    canvas.text(BEFORE + 1, y, UNICODE.right, canvas.palette.low)
    canvas.right(AFTER, y, new, new_ink)


def _region_lines(changes: Changes) -> list[str]:
    regions = changes.regions
    if isinstance(regions, NotCompared):
        return wrapped(f"regions not compared{_why_not_compared(regions)}", WIDTH)
    lines = [_from_to("activation regions", *regions.activation)]
    lines.append(_from_to("linear regions", *regions.linear))
    if regions.gained is not None and regions.lost is not None:
        kept = regions.activation[1] - regions.gained
        counts = f"{count(regions.gained)} gained, {count(regions.lost)} lost, {count(kept)} kept"
        lines.append(f"{counts}, by which units are on")
    return lines


def _why_not_compared(regions: NotCompared) -> str:
    if regions.other_view:
        return ": the mark was set in another view"
    reason = regions.reason
    text = NO_REGIONS[reason] if reason in NO_REGIONS else reason_text(reason)
    return f", {'at the mark' if regions.at_mark else 'now'}: {text or 'there is no map'}"


def _knots(changes: Changes) -> KnotChanges:
    regions = changes.regions
    return KnotChanges() if isinstance(regions, NotCompared) else regions.knots or KnotChanges()


def _knot_events(knots: KnotChanges) -> list[str]:
    """Where knots have appeared and vanished, a line for each."""
    lines = []
    for what, places in (("appeared", knots.appeared), ("vanished", knots.vanished)):
        texts = [f"{num(x).strip()} {name}" for name, x in places[:MAX_EVENTS]]
        if len(places) > MAX_EVENTS:
            texts.append(f"{count(len(places) - MAX_EVENTS)} more")
        lines += [f"knots {what} {', '.join(texts)}"] if texts else []
    return lines


def _from_to(name: str, before: int, after: int) -> str:
    return f"{name:<19}{count(before)} → {count(after)}"
