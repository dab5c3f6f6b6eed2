"""ŷ far outside the data, beyond the last border on the way out through the cursor."""

from typing import NamedTuple

import numpy as np

from engine import far_piece
from engine.arrays import length
from engine.network.activations import output_named
from tui.model.frame import Frame


class FarOut(NamedTuple):
    """``slope``: of ŷ by the distance, if the output is the identity, else 0; ``limit``: the value
    that ŷ tends to, ±inf where there is a slope."""

    slope: float
    limit: float


def far_out(frame: Frame, unit: int) -> FarOut | None:
    """ŷ of an output unit on the ray from the middle of the box through the cursor; None if the
    cursor is in the middle. Only without curved features and layers."""
    data, view, network = frame.data, frame.view, frame.network
    middle, at = data.encode(view.inputs(np.stack([view.centre, frame.cursor])))
    size = length(at - middle)
    if not 0.0 < size < np.inf:
        return None
    far = far_piece(network, at, (at - middle) / size)
    z = far.map.W @ far.point + far.map.b
    if network.output == "softmax":  # of the classes with the steepest z alone
        z[far.slope < far.slope.max()] = -np.inf
    else:
        z = np.where(far.slope == 0.0, z, np.copysign(np.inf, far.slope))
    with np.errstate(all="ignore"):
        limit = float(data.y_scale.undo(output_named(network.output)(z[None, :]))[0, unit])
    sd = float(data.y_scale.sd[unit]) if network.output == "identity" else 0.0
    return FarOut(float(far.slope[unit]) * sd, limit)
