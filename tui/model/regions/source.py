"""A network's pieces in a view: whether it has any, bounds on their number, and the pieces."""

from functools import lru_cache
from math import inf
from typing import NamedTuple

import numpy as np

from engine import (
    BOUNDS,
    Dataset,
    EngineError,
    Network,
    linear_regions,
    region_bounds,
)
from engine.regions.cells.part import MEMORY
from tui.model.regions.result import Failed, Regions, Unknown
from tui.model.view import View

ON_PLANE = 1e-13  # distance of 0 from a plane that is rounding, relative to the inputs
MAP_REGIONS = 20_000  # regions up to which there is a map of them


def is_piecewise_linear(network: Network) -> bool:
    """Whether z⁽ᴸ⁾ consists of affine pieces: no hidden layer is curved."""
    return all(sigma.slopes is not None for sigma in network.layer_activations[:-1])


def why_curved(network: Network, data: Dataset) -> Unknown | None:
    """Why z⁽ᴸ⁾ does not consist of affine pieces over the data's columns; None if it does."""
    if not is_piecewise_linear(network):
        return Unknown.CURVED
    return Unknown.CURVED_FEATURES if data.features else None


def applicable_bounds(network: Network, dimension: int, central: bool = False) -> dict[str, int]:
    """The bounds of ``engine.BOUNDS`` that are valid for this network on a line or plane;
    ``central`` if that contains 0."""
    if not is_piecewise_linear(network):
        return {}
    return _bounds(
        network.sizes, network.bias, network.activations, dimension, central, network.skips
    )


def bounds_in(network: Network, view: View, data: Dataset) -> dict[str, int]:
    """The bounds that are valid in a view of the data."""
    central = not network.bias and is_central(view, data)
    return {} if data.features else applicable_bounds(network, len(view.box), central)


def is_central(view: View, data: Dataset) -> bool:
    """Whether 0 of the network's inputs is in the view's plane or line, up to rounding."""
    scale = data.x_scale
    with np.errstate(all="ignore"):
        origin, directions = scale.apply(view.origin), view.directions / scale.sd
        shares = np.linalg.lstsq(directions.T, origin, rcond=None)[0]
        away = np.abs(origin - shares @ directions).max()
        return bool(away <= ON_PLANE * max(1.0, np.abs(scale.mean / scale.sd).max()))


@lru_cache(maxsize=4)
def _bounds(
    sizes: tuple[int, ...],
    bias: bool,
    activations: tuple[str, ...],
    dimension: int,
    central: bool,
    skips: tuple[tuple[int, int], ...],
) -> dict[str, int]:
    return region_bounds(
        sizes, bias, activations, dimension=dimension, central=central, skips=skips
    )


class UpperBound(NamedTuple):
    """The lowest upper bound; the maximum, if some weights attain it."""

    value: int
    is_attained: bool


def upper_bound(bounds: dict[str, int]) -> UpperBound | None:
    """The lowest upper bound, if there is any."""
    upper = [(n, BOUNDS[name].kind) for name, n in bounds.items() if BOUNDS[name].kind != "lower"]
    if not upper:
        return None
    lowest = min(n for n, _ in upper)
    return UpperBound(
        lowest, (lowest, "maximum") in upper or lowest in lower_bounds(bounds).values()
    )


def lower_bounds(bounds: dict[str, int], count: float = 0.0) -> dict[str, int]:
    """The lower bounds on the maximum that say more than a network with ``count`` regions."""
    return {name: n for name, n in bounds.items() if BOUNDS[name].kind == "lower" and not n < count}


class Moment(NamedTuple):
    """A network whose regions can be counted, at a step of its run, in a view of its data."""

    network: Network
    data: Dataset
    view: View
    step: int


def max_regions(moment: Moment) -> float:
    """An upper bound on the number of regions."""
    bound = upper_bound(bounds_in(moment.network, moment.view, moment.data))
    return inf if bound is None else bound.value


def pieces(moment: Moment, memory: float = MEMORY) -> Regions:
    """The regions or knots of a moment, or why there are none; about ``memory`` bytes are used."""
    network, data, view = moment.network, moment.data, moment.view
    if data.features:
        return Regions(moment.step, reason=Unknown.CURVED_FEATURES)
    try:
        if not view.flat:
            from engine import knots

            return Regions(moment.step, knots=knots(network, view.interval(data)))
        return Regions(moment.step, map=linear_regions(network, view.box, view.plane(data), memory))
    except EngineError as error:
        return Regions(moment.step, reason=Failed(str(error)))
