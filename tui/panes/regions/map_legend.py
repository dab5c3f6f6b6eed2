"""What stands around the map of regions: its title, and what its lines and colours mean."""

import numpy as np

from tui.drawing.glyphs import LEVEL_SIGNS, Glyphs
from tui.drawing.grid import plain
from tui.drawing.numbers import count
from tui.explain.region_texts import progress_text, reason_parts
from tui.model.frame import Frame
from tui.model.regions.filter import region_list
from tui.model.target_scale import decision, target_of
from tui.panes.base.map_lines import bending_layers
from tui.panes.base.pane import Look
from tui.panes.regions.fill import colouring, slope_end


def title(frame: Frame, glyphs: Glyphs) -> str:
    """Of what the regions are, and over which inputs."""
    of = _output(frame, glyphs, frame.network.output == "identity")
    parts = "Regions" if frame.view.flat else "Pieces"
    text = f"{parts} of {of}({', '.join(frame.view.names)})"
    return f"{text} {glyphs.dot} {frame.view.note}" if frame.view.note else text


def meanings(frame: Frame, look: Look) -> list[str]:
    """What the lines and colours mean: several texts, of which the first is the longest."""
    regions, glyphs = frame.regions, look.glyphs
    if regions.map is None and regions.knots is None:
        progress = regions.progress
        return [progress_text(progress) if progress else _known(frame)[-1]]
    of_step = "" if regions.step == frame.step else f" of step {count(regions.step)}"
    if not frame.view.flat:
        knots = f"{glyphs.network} knots{of_step}"
        return [f"{knots}, where a piece begins; the cursor's is shaded", knots]
    fill = _fill_words(frame, look)
    if not look.colour and colouring(frame) != "layer":  # signs stand where lines would
        return [f"{fill} {glyphs.dot} regions{of_step}", fill] if of_step else [fill]
    borders, decided = _border_words(frame, look), _decision_words(frame, look)
    lines = ", ".join([*borders, *decided])
    if not borders:
        texts = [lines or "no borders"]
    elif of_step:
        texts = [f"borders{of_step}: {lines}", f"borders{of_step}"]
    else:
        texts = [f"borders: {lines}", lines]
    return [f"{fill} {glyphs.dot} {text}" for text in texts] + [fill] if fill else texts


def foot(frame: Frame) -> list[str]:
    """What is said on a map without regions, where that is more than fits below it."""
    known = [] if frame.regions.map is not None else _known(frame)
    return known if len(known) > 1 else []


def _known(frame: Frame) -> list[str]:
    """How many regions there are, and why they are not drawn."""
    regions = frame.regions
    known = reason_parts(regions.reason)
    if regions.count is not None:
        of_step = "" if regions.step == frame.step else f" at step {count(regions.step)}"
        known = [f"{count(regions.count)} regions{of_step}", *filter(None, known)]
    return known


def _border_words(frame: Frame, look: Look) -> list[str]:
    """How the borders look that each layer makes."""
    layers = bending_layers(frame.network)
    names = [f"a{look.glyphs.layer(l)}" for l in layers]
    if colouring(frame) == "layer":
        ways = ["1", "2", "3"] if look.glyphs.ascii else ["thick", "thin", "dotted"]
    elif len(layers) <= 1:
        return names
    else:
        ways = ["bright", "dim"] if look.palette.dark else ["dark", "pale"]
    words = []
    for l, way in enumerate(ways, start=1):  # the last way is also that of all deeper layers
        alike = [n for n, of in zip(names, layers, strict=True) if min(of, len(ways)) == l]
        if alike:
            words.append(f"{way} {alike[0]}" + (f" … {alike[-1]}" if len(alike) > 1 else ""))
    return words


def _decision_words(frame: Frame, look: Look) -> list[str]:
    """What the line is along which the decision flips."""
    target, outputs = target_of(frame), frame.network.sizes[-1]
    if decision(frame, target, [np.zeros(1)] * outputs) is None:
        return []
    if colouring(frame) == "layer":
        way = "#" if look.glyphs.ascii else "widest"
    else:
        way = "white" if look.palette.dark else "black"
    if outputs == 1:
        return [f"{way} {look.glyphs.y_hat} = {plain(target.centre)}"]
    if outputs > 2:
        return [f"{way} where the class changes"]
    labels = frame.data.target_names
    label = f" ({labels[target.unit]})" if target.unit < len(labels) else ""
    return [f"{way} class {target.unit + 1}{label} against the other"]


def _fill_words(frame: Frame, look: Look) -> str:
    """What the regions' colours or signs mean, where the key's scale does not tell."""
    glyphs, by = look.glyphs, colouring(frame)
    if by == "region":
        return f"a {'colour' if look.colour and not glyphs.ascii else 'sign'} for each pattern"
    if by == "slope" and (listed := region_list(frame)):
        of = _output(frame, glyphs, listed.of_output)
        return f"{glyphs.norm(glyphs.nabla + of)} 0 … {plain(slope_end(listed), signed=False)}"
    if by == "output":
        of = _output(frame, glyphs, y_hat=True)
        if not look.colour:
            return f"{of} low … high: {' '.join(LEVEL_SIGNS)}"
        if len(of) > len(glyphs.y_hat):
            return f"colour {of}"
    return ""


def _output(frame: Frame, glyphs: Glyphs, y_hat: bool) -> str:
    """ŷ or z⁽ᴸ⁾, of several outputs with the shown one's number."""
    outputs = frame.network.sizes[-1]
    of = glyphs.y_hat if y_hat else f"z{glyphs.layer(len(frame.network.sizes) - 1)}"
    return of if outputs == 1 else of + glyphs.sub(target_of(frame).unit + 1)
