"""The runs pane of screen Compare: each run's costs, and the settings that differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from textual import events

from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import cost_text, setting
from tui.drawing.table import Column, fitting, head_of, row_of
from tui.drawing.text_lines import Span, draw_line
from tui.explain.explainable import Explainable
from tui.explain.network import training_cost
from tui.model.frame import Frame
from tui.model.run_curves import LiveRun
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import Pane

NAMES = {"batch_size": "batch", "init_seed": "init"}
ABBREVIATED = {"weights", "biases", "edits", "frozen"}  # values too long to be written out
HEAD = 1  # row of the heads
ONE_ROW = 36  # cells from which on a run has one row, its settings at the end of it; else two
COST = {1: 8, 2: 7}  # cells of a cost, with the gap before it, by the rows of a run


def rows_of_run(width: int) -> int:
    """The rows of each run in a pane of so many cells."""
    return 1 if width >= ONE_ROW else 2


class RunsPane(Pane):
    """A table of the runs: step, costs, and the settings that differ between them."""

    WHEEL_MOVES = True
    HELP = """
Runs: the live runs, up to six, each with its step, its cost C on the training and the test data,
and the settings that not all runs have alike. A run that ends before the others stands at its
latest step: a step on, and playing, let it catch up.
{up} {down} or a click make another run current: keys that change something change that one alone.
{branch} begins a branch of the current run, {run_other} compares it with another one, {rename}
names it, {delete_run} deletes it.
"""

    @dataclass
    class Selected(SelectionMessage):
        """A run was selected, by its index."""

        index: int

    def titles(self, frame: Frame) -> tuple[str, str]:
        hidden = len(frame.runs) - _room(self.size.width, self.size.height)
        return f"Runs · ↑↓ {hidden} more" if hidden > 0 < self.size.height else "Runs", ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, comparison, runs = canvas.palette, frame.comparison, frame.runs
        if comparison is None:
            return
        pair, settings = comparison.pair, comparison.settings
        rows = rows_of_run(canvas.width)

        def ink(i: int) -> int:
            return palette.hi if any(runs[i] is run for run in pair) else palette.mid

        columns = _columns(canvas, runs, ink)
        used = 1 + sum(column.width for column in columns)
        draw_line(canvas, 0, head_of(columns, palette))
        first = first_shown(frame, canvas.width, canvas.height)
        shown = range(first, min(len(runs), first + _room(canvas.width, canvas.height)))
        for y, i in zip(range(HEAD, canvas.height, rows), shown, strict=False):
            if runs[i].current:
                canvas.paint(0, y, canvas.width, rows, palette.sel)
            draw_line(canvas, y, row_of(columns, i))
            x = used + 1 if rows == 1 else 2
            text = settings_text(runs[i], settings[i], canvas.glyphs, canvas.width - x)
            canvas.text(x, y + rows - 1, text, palette.mid)

    def explainable(self, frame: Frame) -> Explainable:
        """C of the current run."""
        return training_cost(frame)

    def move(self, dx: int, dy: int) -> None:
        """Select the run above or below."""
        frame = self.view
        if frame is None or not frame.runs:
            return
        current = _current(frame)
        index = min(max(current + dy, 0), len(frame.runs) - 1)
        if index != current:
            self.post_message(self.Selected(index))

    def on_click(self, event: events.Click) -> None:
        """Select the run there."""
        offset = event.get_content_offset(self)
        if offset is not None and self.view is not None:
            width, height = self.size
            row = (offset.y - HEAD) // rows_of_run(width)
            index = first_shown(self.view, width, height) + row
            if 0 <= row < _room(width, height) and index < len(self.view.runs):
                self.post_message(self.Selected(index))


def first_shown(frame: Frame, width: int, height: int) -> int:
    """The first visible run, so that the current one is visible."""
    return max(0, _current(frame) - _room(width, height) + 1)


def _room(width: int, height: int) -> int:
    """How many runs are visible, one at least."""
    return max(1, (height - HEAD) // rows_of_run(width))


def _current(frame: Frame) -> int:
    return next((i for i, run in enumerate(frame.runs) if run.current), 0)


def _columns(canvas: Canvas, runs: Sequence[LiveRun], ink: Callable[[int], int]) -> list[Column]:
    """Name, step and costs, as many as fit."""
    steps = [count(run.step) for run in runs]
    marks = ["▸" if run.current else " " for run in runs]
    names = 1 + max(len("run"), *(len(run.name) for run in runs))

    cost = COST[rows_of_run(canvas.width)]

    def test(i: int) -> Span:
        value = runs[i].test_cost
        return Span("" if value is None else cost_text(value), canvas.palette.mid)

    columns = [
        Column(
            " run",
            1 + names,
            lambda i: Span(marks[i] + runs[i].name, ink(i), runs[i].current),
            True,
        ),
        Column("step", 2 + max(4, *map(len, steps)), lambda i: Span(steps[i], canvas.palette.mid)),
        Column("C", cost, lambda i: Span(cost_text(runs[i].cost), canvas.palette.hi)),
    ]
    if any(run.test_cost is not None for run in runs):
        columns.append(Column("C test", cost, test))
    return fitting(columns, canvas.width)


def settings_text(run: LiveRun, settings: dict[str, Any], glyphs: Glyphs, room: int) -> str:
    """``η 0.3, l2 0.01``, as many as fit and how many more; the run's label if nothing differs."""
    if run.divergence:
        step = count(run.divergence.step)
        return first_fitting((f"diverged at step {step}", f"diverged at {step}", "diverged"), room)
    texts = [setting_text(*item, glyphs) for item in settings.items()]
    if not texts:
        return first_fitting((run.label,), room)
    forms = [", ".join(texts)]
    forms += [f"{', '.join(texts[:n])} + {len(texts) - n}" for n in range(len(texts) - 1, 0, -1)]
    return first_fitting([*forms, plural(len(texts), "setting")], room)


def setting_text(name: str, value: Any, glyphs: Glyphs) -> str:
    """A setting with its value, in a few characters."""
    label = NAMES.get(name, name.replace("_", " "))
    if name == "learning_rate":
        label = glyphs.eta
    if name in ABBREVIATED:
        return f"{label} {'given' if value else 'none'}"
    if isinstance(value, tuple):
        return f"{label} {'-'.join(map(str, value)) or 'none'}"
    return f"{label} {setting(value)}" if isinstance(value, float) else f"{label} {value}"
