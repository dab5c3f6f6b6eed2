"""Sentences for a network that has no linear regions."""

from engine.wording import noun_for
from tui.model.frame import Frame
from tui.model.regions.result import Unknown

NEEDED = "relu, leaky_relu or identity"  # engine.network.activations, those with slopes


def no_regions(frame: Frame) -> str:
    """Why there are none; "" if there can be some."""
    regions = "regions" if frame.view.flat else "pieces"
    match frame.regions.reason:
        case Unknown.CURVED:
            layers = frame.network.layer_activations[:-1]
            curved = [l for l, sigma in enumerate(layers, start=1) if sigma.slopes is None]
            names = [
                f"hidden layer {l} is curved ({frame.network.activations[l - 1]})" for l in curved
            ]
            return f"There are no linear {regions}: {', '.join(names[:1]) or 'it is curved'}."
        case Unknown.CURVED_FEATURES:
            made = [feature for feature in frame.data.features if not feature.is_column]
            smooth = [feature.name for feature in made if not feature.is_step]
            names = smooth or [feature.name for feature in made]
            what = "curved" if smooth else noun_for(len(names), "a step", "steps")
            are = noun_for(len(names), "feature is", "features are")
            return f"There are no linear {regions}: the {are} {what} ({', '.join(names)})."
        case Unknown.DIVERGED:
            return f"There are no {regions}: the run has diverged."
    return ""


def no_affine_map(frame: Frame, output: str) -> str:
    """Why the output (ŷ or z⁽ᴸ⁾) is not affine at the cursor; "" if it is."""
    match frame.regions.reason:
        case Unknown.CURVED if frame.data.features:
            return f"{output} is not affine here."
        case Unknown.CURVED:
            return f"{output} is not affine here; with {NEEDED} in every hidden layer it would be."
        case Unknown.CURVED_FEATURES:
            return f"{output} is affine here in the features, not in {_columns(frame)}."
        case Unknown.DIVERGED:
            return "Go back to an earlier step to see the map at the cursor."
    return ""


def _columns(frame: Frame) -> str:
    return ", ".join(frame.data.column_names)
