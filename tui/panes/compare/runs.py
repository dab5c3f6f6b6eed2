"""The runs pane of screen Compare: each run's costs, and the settings that differ."""

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message

from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import cost_text, setting
from tui.drawing.text_lines import draw_words
from tui.explain.explainable import Explainable
from tui.explain.network import training_cost
from tui.model.frame import Comparison, Frame
from tui.model.run_curves import LiveRun
from tui.panes.base.pane import Pane
from tui.panes.compare.difference_map import FOOT, HEAD, LEAST_ROWS, draw_difference, has_map

NAMES = {"batch_size": "batch", "init_seed": "init"}
ABBREVIATED = {"weights", "biases", "edits", "frozen"}  # values too long to be written out
ROWS = 2  # per run
LIST, GAP = 26, 2  # columns of the list beside a map, and between the two


class RunsPane(Pane):
    """Two rows per run: its name and costs, and the settings that differ between runs."""

    HELP = """
Runs: the live runs, up to six, each with its cost C on the training and the test data.
Beneath each the settings that not all runs have alike.
Over two inputs a map shows by how much the outputs of the two compared runs differ.
{up} {down} or a click make another run current: keys that change something change that one alone.
{branch} begins a branch of the current run, {run_other} compares it with another one, {rename}
names it, {delete_run} deletes it.
"""

    @dataclass
    class Selected(Message):
        """A run was selected, by its index."""

        index: int

    def titles(self, frame: Frame) -> tuple[str, str]:
        hidden = len(frame.runs) - self.size.height // ROWS
        more = f"↑↓ {hidden} more · " if hidden > 0 < self.size.height else ""
        return "Runs", f"{more}C train, test"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, comparison = canvas.palette, frame.comparison
        if comparison is None:
            text = f"There is one run. {self.look.keys['branch']} begins another."
            draw_words(canvas, text)
            return
        first = first_shown(frame, canvas.height)
        width = canvas.width
        if has_map(comparison):
            width = _draw_map(canvas, comparison, len(frame.runs))
        for i, (run, settings) in enumerate(zip(frame.runs, comparison.settings, strict=True)):
            y = ROWS * (i - first)
            if run.current:
                canvas.paint(0, y, width, ROWS, palette.sel)
            shown = any(run is one for one in comparison.pair)
            ink = palette.hi if shown else palette.mid
            canvas.text(0, y, "▸" if run.current else " ", ink)
            canvas.text(1, y, run.name, ink, bold=run.current)
            _draw_costs(canvas, y, run, width)
            text = settings_text(run, settings, canvas.glyphs, width - 1)
            canvas.text(1, y + 1, text, palette.mid)

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
            index = first_shown(self.view, self.size.height) + offset.y // ROWS
            if index < len(self.view.runs):
                self.post_message(self.Selected(index))


def first_shown(frame: Frame, height: int) -> int:
    """The first visible run, so that the current one is visible."""
    return max(0, _current(frame) - max(1, height // ROWS) + 1)


def _current(frame: Frame) -> int:
    return next((i for i, run in enumerate(frame.runs) if run.current), 0)


def _draw_map(canvas: Canvas, comparison: Comparison, runs: int) -> int:
    """The map of the difference, below the list of runs or at its right, where it is larger, if
    there is room; returns the columns that are left for the list."""
    width, height = canvas.width, canvas.height
    below = min(height - ROWS * runs - 1 - HEAD - FOOT, width // 2)
    beside = min(height - HEAD - FOOT, (width - LIST - GAP) // 2)
    if max(below, beside) < LEAST_ROWS:
        return width
    if below >= beside:
        draw_difference(canvas, comparison, 0, ROWS * runs + 1, below)
        return width
    draw_difference(canvas, comparison, width - 2 * beside, 0, beside)
    return width - 2 * beside - GAP


def _draw_costs(canvas: Canvas, y: int, run: LiveRun, width: int) -> None:
    palette, end = canvas.palette, width
    if run.test_cost is not None:
        canvas.right(end, y, cost_text(run.test_cost), palette.mid)
        end -= 7
    canvas.right(end, y, cost_text(run.cost), palette.hi)


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
