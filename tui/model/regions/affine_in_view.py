"""The affine map of a region, in the view's coordinates and the data's own units."""

from typing import NamedTuple

import numpy as np

from engine import AffineMap, NotPiecewiseLinearError, affine_at
from engine.arrays import Array, length
from tui.drawing.glyphs import Glyphs
from tui.model.frame import Frame


class LocalMap(NamedTuple):
    """slopes·coordinates + offset = ŷ if the output is the identity, else z⁽ᴸ⁾.

    ``slopes`` (…, k) and ``offset`` (…), at one place or at many.
    """

    slopes: Array
    offset: Array


def in_data_units(frame: Frame, unit: int, slopes: Array, offset: Array) -> LocalMap:
    """The map of an output unit's z⁽ᴸ⁾ (slopes (…, k), offset (…)), of ŷ if that is affine."""
    if frame.network.output != "identity":
        return LocalMap(slopes, offset)
    scale = frame.data.y_scale
    return LocalMap(slopes * scale.sd[unit], offset * scale.sd[unit] + scale.mean[unit])


def local_map(frame: Frame, position: Array, unit: int) -> LocalMap:
    """The map at a position (k,) of the view.

    NotPiecewiseLinearError if a hidden layer or an input is curved.
    """
    data = frame.data
    if data.features:
        curved = ", ".join(feature.name for feature in data.features if not feature.is_column)
        raise NotPiecewiseLinearError(
            f"no map of {', '.join(data.column_names)} is affine here: the network sees {curved}"
        )
    inputs = data.encode(frame.view.inputs(position[None, :]))[0]
    W, b = in_view(frame, affine_at(frame.network, inputs))
    return in_data_units(frame, unit, W[unit], b[unit])


def in_view(frame: Frame, inner: AffineMap) -> AffineMap:
    """A map of the network's inputs as a map of the view's coordinates; no input is curved."""
    scale, view = frame.data.x_scale, frame.view
    directions = view.directions / scale.sd
    with np.errstate(all="ignore"):  # a slope too large for a float is inf
        return AffineMap(inner.W @ directions.T, inner.b + inner.W @ scale.apply(view.origin))


def symbol(frame: Frame, unit: int, glyphs: Glyphs) -> str:
    """The affine quantity: ŷ or z⁽ᴸ⁾, with the output unit's number if there are several."""
    sizes = frame.network.sizes
    number = glyphs.sub(unit + 1) if sizes[-1] > 1 else ""
    if frame.network.output == "identity":
        return f"{glyphs.y_hat}{number}"
    return f"z{glyphs.layer(len(sizes) - 1)}{number}"


def short_symbol(frame: Frame, glyphs: Glyphs) -> str:
    """The same for narrow columns: ŷ or z."""
    return glyphs.y_hat if frame.network.output == "identity" else "z"


def unit_length(frame: Frame, start: Array, stop: Array) -> float:
    """The distance between two positions (k,) of the view, in the data's own units."""
    ends = frame.view.inputs(np.stack([start, stop]))
    return length(ends[1] - ends[0])
