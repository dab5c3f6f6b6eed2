"""The output pane of screen Compare: ŷ of one of the two compared runs."""

from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import cost_text
from tui.drawing.text_lines import draw_line, words
from tui.explain.explainable import Explainable
from tui.model.frame import Frame
from tui.model.key_hint_error import KeyHintError
from tui.panes.base.pane import NamedNumbers
from tui.panes.explore.output import OutputPane

ONE_RUN = (
    "There is one run only. "
    "{branch} begins a branch from this step: a second run with the same past."
)
NEXT_STEP = "Change a setting of it, and {play} trains both, step by step."


class ComparedOutput(OutputPane):
    """ŷ of the first (``index`` 0) or the second (1) of the compared runs."""

    HELP = """
Output ŷ of one of the two runs that are compared, on the same scale, and at the same step or where
it ends.
{cursor_left} {cursor_right} {up} {down} move the cursor of both, {point_typed} types its place.
Above it the name of the run, a mark where it is the current one, its cost C, how it began, and its
step, which is shown first where the other run is at another one.
Settings and weights are those of the current run: {run_before} and {run_after} make another one
current.
"""

    MAY_SHRINK = True

    def __init__(self, index: int, id: str) -> None:
        super().__init__(id=id)
        self.index = index
        self.has_legend = index == 0  # it is the same beside the other one

    def titles(self, frame: Frame) -> tuple[str, str]:
        if frame.comparison is None:
            return ("Another run" if self.index else "The run"), ""
        run = frame.comparison.pair[self.index]
        mark = "▸" if run.current else ""
        name, step = f"{mark}{run.name}", f"step {count(run.step)}"
        cost = f"C {cost_text(run.cost)}"
        if run.divergence:
            step = f"diverged at step {count(run.divergence.step)}"
        elif len({run.step for run in frame.comparison.pair}) > 1:
            return self.fitting_title(f"{name} · {step} · {cost}", f"{name} · {step}"), run.label
        return f"{name} · {cost}", self.fitting_title(f"{run.label} · {step}", step)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if frame.comparison is not None:
            super().draw(canvas, frame.comparison.frames[self.index])
        elif self.index == 0:
            super().draw(canvas, frame)
        else:
            texts = (text.format_map(self.look.keys) for text in (ONE_RUN, NEXT_STEP))
            lines = [words(text, canvas.palette.mid, canvas.width) for text in texts]
            for y, line in enumerate([*lines[0], [], *lines[1]][: canvas.height]):
                draw_line(canvas, y, line)

    def explainable(self, frame: Frame) -> Explainable:
        """ŷ of the current run at the cursor."""
        if frame.comparison and not frame.comparison.pair[self.index].current:
            raise KeyHintError(
                "only the current run is explained: "
                "{run_before} and {run_after} make this one current"
            )
        return super().explainable(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        if frame.comparison is not None:
            frame = frame.comparison.frames[self.index]
        return super().numbers(frame)
