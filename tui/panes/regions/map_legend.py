"""Title and legend of the map of regions."""

import numpy as np

from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import LEVEL_SIGNS, Glyphs
from tui.drawing.numbers import tick
from tui.drawing.palette import mix
from tui.explain.region_texts import progress_text, reason_parts
from tui.model.frame import Frame
from tui.model.regions.filter import region_list
from tui.model.target_scale import decision, target_of
from tui.panes.base.look import Look
from tui.panes.base.maps.legend import MarkRow
from tui.panes.base.maps.lines import DEEPER_LAYERS, FIRST_LAYER, bending_layers
from tui.panes.regions.map_fill import colouring, slope_end
from tui.panes.regions.no_regions import no_regions


def title_forms(frame: Frame, glyphs: Glyphs) -> list[str]:
    """Whose regions they are, and over which inputs: the longest form first."""
    has_none = bool(no_regions(frame))
    output = _output(frame, glyphs, has_none or frame.network.output == "identity")
    kind = "Output" if has_none else "Regions" if frame.view.flat else "Pieces"
    head = f"{kind} {'' if has_none else 'of '}{output}"
    text = f"{head}({', '.join(frame.view.names)})"
    notes = [f"{text} {glyphs.dot} {frame.view.note}"] if frame.view.note else []
    return [*notes, text, head]


def meanings(frame: Frame, look: Look, with_samples: bool = False) -> list[str]:
    """What the lines and colours mean, in several wordings, the longest first; not the lines where
    the legend has samples of them."""
    regions, glyphs = frame.regions, look.glyphs
    if regions.map is None and regions.knots is None:
        if no_regions(frame):
            return [f"no linear {'regions' if frame.view.flat else 'pieces'}"]
        progress = regions.progress
        return [progress_text(progress) if progress else _count_texts(frame)[-1]]
    of_step = "" if regions.step == frame.step else f" of step {count(regions.step)}"
    if not frame.view.flat:
        if regions.knots is not None and not len(regions.knots.x):
            return ["no knots: one piece"]
        if with_samples:  # the legend names the mark
            knots = f"knots{of_step}" if of_step else ""
            shaded = "the cursor's piece is shaded"
            return [f"{knots}; {shaded}" if knots else shaded, knots]
        knots = f"{glyphs.network} knots{of_step}"
        return [f"{knots}, where a piece begins; the cursor's is shaded", knots]
    fill = _fill_words(frame, look)
    if (
        look.signs and not look.glyphs.ascii and colouring(frame) != "layer"
    ):  # signs take the place of lines
        return [f"{fill} {glyphs.dot} regions{of_step}", fill] if of_step else [fill]
    if with_samples and colouring(frame) != "layer":
        stale = [f"borders{of_step}"] if of_step else []
        return [f" {glyphs.dot} ".join([*filter(None, [fill]), *stale]), fill]
    borders, decision = _border_words(frame, look), _decision_words(frame, look)
    lines = ", ".join([*borders, *decision])
    if not borders:
        texts = [lines or "no borders"]
    elif of_step:
        texts = [f"borders{of_step}: {lines}", f"borders{of_step}"]
    else:
        texts = [f"borders: {lines}", lines]
    return [f"{fill} {glyphs.dot} {text}" for text in texts] + [fill] if fill else texts


def foot(frame: Frame) -> list[str]:
    """Lines at the foot of a map without regions, if they are more than fits below it."""
    texts = [] if frame.regions.map is not None else _count_texts(frame)
    return texts if len(texts) > 1 else []


def _count_texts(frame: Frame) -> list[str]:
    """How many regions there are, and why they are not drawn."""
    regions = frame.regions
    texts = reason_parts(regions.reason)
    if regions.count is not None:
        of_step = "" if regions.step == frame.step else f" at step {count(regions.step)}"
        texts = [f"{plural(regions.count, 'region')}{of_step}", *filter(None, texts)]
    return texts


def line_samples(canvas: Canvas, frame: Frame, width: int) -> list[MarkRow]:
    """Rows of the legend, of so many cells: the borders by each layer and the decision, each as it
    is drawn."""
    palette, glyphs, low = canvas.palette, canvas.glyphs, canvas.palette.low
    if frame.regions.map is None or colouring(frame) == "layer" or not canvas.colour:
        return []
    strengths = (FIRST_LAYER, DEEPER_LAYERS)
    names = _layers_alike(frame, glyphs, len(strengths))
    rows = [
        (glyphs.bar, int(mix(palette.bg, palette.hi, strength)), name, low)
        for strength, name in zip(strengths, names, strict=True)
        if name and not palette.few
    ]
    decision = decision_text(frame, glyphs)
    decision = decision and first_fitting((decision, "decision"), width - 2)
    return [*rows, (glyphs.bar, palette.hi, decision, low)] if decision else rows


def _layers_alike(frame: Frame, glyphs: Glyphs, kinds: int) -> list[str]:
    """The layers whose borders look alike, of so many kinds: the last is that of all deeper ones;
    "" for a kind without borders."""
    layers = bending_layers(frame.network)
    texts = []
    for l in range(1, kinds + 1):
        alike = [f"a{glyphs.layer(n)}" for n in layers if min(n, kinds) == l]
        texts.append(" … ".join([*alike[:1], *alike[1:][-1:]]))
    return texts


def _border_words(frame: Frame, look: Look) -> list[str]:
    """The look of the borders by each layer: ``thick a⁽¹⁾``."""
    if colouring(frame) == "layer":
        styles = ["1", "2", "3"] if look.glyphs.ascii else ["thick", "thin", "dotted"]
    elif len(bending_layers(frame.network)) <= 1:
        styles = ["", ""]
    else:
        styles = ["bright", "dim"] if look.palette.dark else ["dark", "pale"]
    names = _layers_alike(frame, look.glyphs, len(styles))
    return [f"{style} {name}".strip() for style, name in zip(styles, names, strict=True) if name]


def _decision_words(frame: Frame, look: Look) -> list[str]:
    """The look of the line where the decision flips, and its meaning."""
    text = decision_text(frame, look.glyphs)
    if not text:
        return []
    if colouring(frame) == "layer":
        style = "#" if look.glyphs.ascii else "widest"
    else:
        style = "white" if look.palette.dark else "black"
    return [f"{style} {text}"]


def decision_text(frame: Frame, glyphs: Glyphs) -> str:
    """What the line is where the decision flips; "" if there is none."""
    target, outputs = target_of(frame), frame.network.sizes[-1]
    if decision(frame, target, [np.zeros(1)] * outputs) is None:
        return ""
    if outputs == 1:
        return f"{glyphs.y_hat} = {tick(target.centre, signed=True)}"
    if outputs > 2:
        return "where the class changes"
    labels = frame.data.target_names
    label = f" ({labels[target.unit]})" if target.unit < len(labels) else ""
    return f"class {target.unit + 1}{label} against the other"


def _fill_words(frame: Frame, look: Look) -> str:
    """What the regions' colours or signs mean, as far as the legend has no scale for it."""
    glyphs, kind = look.glyphs, colouring(frame)
    if kind == "region":
        return f"a {'sign' if look.signs else 'colour'} for each pattern"
    if kind == "slope" and (listed := region_list(frame)):
        output = _output(frame, glyphs, listed.of_output)
        return f"{glyphs.norm(glyphs.nabla + output)} 0 … {tick(slope_end(listed))}"
    if kind == "output":
        output = _output(frame, glyphs, y_hat=True)
        if look.signs and not glyphs.ascii:
            return f"{output} low … high: {' '.join(LEVEL_SIGNS)}"
        if len(output) > len(glyphs.y_hat):
            return f"colour {output}"
    return ""


def _output(frame: Frame, glyphs: Glyphs, y_hat: bool) -> str:
    """ŷ or z⁽ᴸ⁾; if there are several outputs, with the number of the shown one."""
    outputs = frame.network.sizes[-1]
    name = glyphs.y_hat if y_hat else f"z{glyphs.layer(len(frame.network.sizes) - 1)}"
    return name if outputs == 1 else name + glyphs.sub(target_of(frame).unit + 1)
