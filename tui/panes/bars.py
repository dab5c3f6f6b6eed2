"""The bars: what runs (top), how it stands (status), and which keys to press (bottom)."""

from pathlib import Path

from tui.actions import ACTIONS
from tui.canvas import Canvas
from tui.frame import Frame
from tui.numbers import count, norm
from tui.panes.pane import Drawn


class TopBar(Drawn):
    """The screens there are, and the experiment in short."""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette = canvas.palette
        x = 1
        if canvas.width >= 100:
            canvas.text(x, 0, "nn-explore", bold=True)
            x += 12
        canvas.paint(x, 0, 11, 1, palette.sel)
        canvas.text(x, 0, " 1 Explore ", bold=True)
        canvas.right(canvas.width - 1, 0, summary(frame, canvas), ink=palette.mid)


def summary(frame: Frame, canvas: Canvas) -> str:
    """``circle · 2-4-3-1 relu · SGD η 0.03``."""
    e, glyphs = frame.experiment, canvas.glyphs
    sizes = frame.network.sizes
    shape = "-".join(map(str, sizes)) if len(sizes) <= 9 else f"{sizes[0]}-…-{sizes[-1]}"
    activations = "/".join(dict.fromkeys(frame.network.activations)) or "linear"
    optimizer = "SGD" if e.optimizer == "sgd" else e.optimizer
    penalties = "".join(
        f" {name} {value:g}" for name, value in (("L1", e.l1), ("L2", e.l2)) if value
    )
    dot = f" {glyphs.dot} "
    name = Path(e.dataset).name
    return (
        f"{name}{dot}{shape} {activations}{dot}"
        f"{optimizer} {glyphs.eta} {e.learning_rate:.4g}{penalties}"
    )


class StatusBar(Drawn):
    """Step, epoch, C, regions and the gradient check; and advice, which comes before them."""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, glyphs = canvas.palette, canvas.glyphs
        state = f"{glyphs.play} playing" if frame.playing else f"{glyphs.pause} paused"
        if frame.divergence:
            state = f"{glyphs.fail} diverged"
        end = canvas.width - 1 - len(state)
        canvas.text(end, 0, state, ink=palette.hi if frame.playing else palette.mid)
        x = 1
        for name, value in self._parts(frame, canvas):
            if x + len(name) + 1 + len(value) > end - 2:
                break
            canvas.text(x, 0, name, ink=palette.low)
            canvas.text(x + len(name) + 1, 0, value)
            x += len(name) + 1 + len(value) + (3 if canvas.width >= 100 else 2)

    @staticmethod
    def _parts(frame: Frame, canvas: Canvas) -> list[tuple[str, str]]:
        glyphs = canvas.glyphs
        parts = [("step", count(frame.step)), ("epoch", count(frame.epoch))]
        if frame.step < frame.latest_step:
            parts[0] = ("step", f"{count(frame.step)} of {count(frame.latest_step)}")
        parts.append(("C", norm(frame.cost).strip()))
        check = frame.check
        error = "0" if check.error == 0.0 else f"{check.error:.0e}".replace("e-0", "e-")
        sign = glyphs.check if check.passed else glyphs.fail
        sample = "" if check.checked + check.kinks == check.total else f" of {check.checked}"
        name = glyphs.nabla_check if canvas.width >= 100 else glyphs.nabla
        gradient = (name, f"{error.replace('-', glyphs.minus)} {sign}{sample}")
        parts += [region_part(frame, canvas.width >= 100), gradient]
        if frame.test_cost is not None:
            parts.append(("test", norm(frame.test_cost).strip()))
        if frame.baseline:
            parts.append((frame.baseline[0], norm(frame.baseline[1]).strip()))
        if check.kinks:
            parts.append(("kinks", str(check.kinks)))
        return parts


def region_part(frame: Frame, wide: bool) -> tuple[str, str]:
    """The region or knot count, with its step where that is not the frame's."""
    regions = frame.regions
    late = f" (step {count(regions.step)})" if regions.step != frame.step else ""
    if regions.map is not None:
        linear = f" / {count(regions.map.linear_count)}{' linear' if wide else ''}"
        return "regions", f"{count(regions.map.activation_count)}{linear}{late}"
    if regions.knots is not None:
        return "knots", f"{count(len(regions.knots.x))}{late}"
    return "regions", f"– ({regions.note})"


class KeyBar(Drawn):
    """Advice, where there is any, and the keys that matter most; or a message."""

    message = ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, glyphs = canvas.palette, canvas.glyphs
        if self.message:
            canvas.text(1, 0, self.message, bold=True)
            return
        canvas.text(1, 0, frame.advice)
        x = 1 + len(frame.advice) + 3 if frame.advice else 1
        for action in ACTIONS:
            shown = {"→": glyphs.right, "←": glyphs.left}.get(action.shown, action.shown)
            size = len(shown) + len(action.brief) + 1
            if action.brief and x + size < canvas.width:
                canvas.text(x, 0, shown, bold=True)
                canvas.text(x + len(shown) + 1, 0, action.brief, ink=palette.low)
                x += size + 2
