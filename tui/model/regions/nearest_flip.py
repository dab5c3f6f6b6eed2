"""The nearest place at which the decision flips, and how far apart the examples are.

Distances are in the network's inputs: in the data's own units, or, where the inputs are
standardised, in standard deviations, since columns may have different units.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import atanh, log

import numpy as np

from engine import Dataset, Flip, Knots, Plane, RegionMap, linear_regions, neighbour_distance
from engine.regions.decisions import DecisionMap
from tui.model.frame import Frame
from tui.model.target_scale import Target, class_names, decision, target_of
from tui.model.view import View


def _probit(p: float) -> float:
    from statistics import NormalDist  # it is slow to import

    return NormalDist().inv_cdf(p)


_INVERSES: dict[str, Callable[[float], float]] = {  # z⁽ᴸ⁾ by the ŷ at which the decision flips
    "identity": lambda y: y,
    "tanh": atanh,
    "sigmoid": lambda p: log(p / (1.0 - p)),
    "probit": _probit,
    "cloglog": lambda p: log(-log(1.0 - p)),
}


def has_flips(frame: Frame) -> bool:
    """Whether there is a decision, and the pieces of this step are known."""
    regions, outputs = frame.regions, [np.zeros(1)] * frame.network.sizes[-1]
    if not regions.has_pieces or regions.step != frame.step or not frame.is_sound:
        return False
    if decision(frame, target_of(frame), outputs) is None:
        return False
    return _compares_classes(frame) or frame.network.output in _INVERSES


def flip_at_cursor(frame: Frame) -> Flip | None:
    """The nearest flip in the view's box, its point (k,) in the view's coordinates; None if there
    is none. Only where ``has_flips``."""
    target = target_of(frame)
    pieces = frame.regions.map or frame.regions.knots
    assert pieces is not None
    several = _compares_classes(frame)
    level = 0.0 if several else _level(frame, target)
    if level is None:
        return None
    output = None if several else target.unit
    decisions, plane = _decisions(_Source(pieces, level, output, frame.data, frame.view, frame))
    entry = None if plane is None else plane.entry
    flip = decisions.nearest(np.append(frame.cursor, [0.0])[:2], entry)
    return None if flip is None else flip._replace(point=flip.point[: len(frame.cursor)])


def compared_output(frame: Frame) -> tuple[int | None, float]:
    """The output unit whose z⁽ᴸ⁾ decides and its level; None and 0 where classes are compared.
    Only where ``has_flips``."""
    if _compares_classes(frame):
        return None, 0.0
    target = target_of(frame)
    level = _level(frame, target)
    return target.unit, np.nan if level is None else level


def decision_name(frame: Frame, number: int) -> str:
    """A decision in words: the class, or of a regression whether ŷ is above 0."""
    if frame.data.task == "regression":
        return "ŷ > 0" if number else "ŷ ≤ 0"
    return f"class {class_names(frame)[number]}"


def typical_distance(data: Dataset) -> float:
    """The median distance from a training example to its nearest neighbour."""
    return _typical_distance(data)


def _compares_classes(frame: Frame) -> bool:
    return frame.data.task != "regression" and frame.network.sizes[-1] > 1


def _level(frame: Frame, target: Target) -> float | None:
    """z⁽ᴸ⁾ where ŷ is in the middle of the scale; None if no z makes ŷ that."""
    scale = frame.data.y_scale
    y = (target.centre - float(scale.mean[target.unit])) / float(scale.sd[target.unit])
    try:
        return _INVERSES[frame.network.output](y)
    except (ValueError, ZeroDivisionError):
        return None


@dataclass(frozen=True)
class _Source:
    """The arguments of a map of decisions: equal for the same pieces, decision, data and view."""

    pieces: RegionMap | Knots
    level: float
    output: int | None
    data: Dataset
    view: View
    frame: Frame = field(compare=False)


@lru_cache(maxsize=2)
def _decisions(source: _Source) -> tuple[DecisionMap, Plane | None]:
    """The decisions in the view's box, and the view's plane."""
    pieces, data, view = source.pieces, source.data, source.view
    if isinstance(pieces, RegionMap):
        return pieces.decisions(source.level, source.output), view.plane(data)
    # over one input: in a strip whose second coordinate does not matter
    along = view.directions[0] / data.x_scale.sd
    plane = Plane(data.x_scale.apply(view.origin), along, 0.0 * along)
    strip = linear_regions(source.frame.network, [*view.box, (-1.0, 1.0)], plane)
    return strip.decisions(source.level, source.output), plane


@lru_cache(maxsize=2)
def _typical_distance(data: Dataset) -> float:
    return neighbour_distance(data.encode(data.columns[data.train])).median
