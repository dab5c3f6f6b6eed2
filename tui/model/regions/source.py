"""A network's pieces in a view: whether it has any, bounds on their number, and the pieces."""

from dataclasses import dataclass
from functools import lru_cache
from math import inf

from engine import (
    BOUNDS,
    Dataset,
    EngineError,
    Network,
    knots,
    linear_regions,
    region_bounds,
)
from engine.network.activations import ACTIVATIONS
from engine.regions.cells.part import MEMORY
from tui.model.regions.result import Failed, Regions, Unknown
from tui.model.view import View

MAP_REGIONS = 20_000  # regions up to which there is a map of them


def is_piecewise_linear(network: Network) -> bool:
    """Whether z⁽ᴸ⁾ consists of affine pieces: no hidden layer is curved."""
    return all(sigma.slopes is not None for sigma in network.layer_activations[:-1])


def why_curved(network: Network, data: Dataset) -> Unknown | None:
    """Why z⁽ᴸ⁾ does not consist of affine pieces over the data's columns; None if it does."""
    if not is_piecewise_linear(network):
        return Unknown.CURVED
    return Unknown.CURVED_FEATURES if data.features else None


def applicable_bounds(network: Network, dimension: int) -> dict[str, int]:
    """The bounds of ``engine.BOUNDS`` that are valid for this network on a line or plane."""
    if not is_piecewise_linear(network):
        return {}
    hidden = {sigma.slopes for sigma in network.layer_activations[:-1]}
    relu, identity = ACTIVATIONS["relu"].slopes, ACTIVATIONS["identity"].slopes
    return {
        name: value
        for name, value in _bounds(network.sizes, dimension).items()
        if (hidden <= {relu, identity} or BOUNDS[name].leaky)
        and (not network.skips or BOUNDS[name].skips)
        and (BOUNDS[name].kind != "lower" or (hidden == {relu} and network.bias))
    }


def upper_bound(bounds: dict[str, int]) -> int | None:
    """The lowest upper bound, if there is any."""
    return min((n for name, n in bounds.items() if BOUNDS[name].kind != "lower"), default=None)


@lru_cache(maxsize=4)
def _bounds(sizes: tuple[int, ...], dimension: int) -> dict[str, int]:
    return region_bounds(sizes, dimension)


@dataclass(frozen=True, eq=False)
class Moment:
    """A network whose regions can be counted, at a step of its run, in a view of its data."""

    network: Network
    data: Dataset
    view: View
    step: int


def max_regions(moment: Moment) -> float:
    """An upper bound on the number of regions."""
    bound = upper_bound(applicable_bounds(moment.network, len(moment.view.box)))
    return inf if bound is None else bound


def pieces(moment: Moment, memory: float = MEMORY) -> Regions:
    """The regions or knots of a moment, or why there are none; about ``memory`` bytes are used."""
    network, data, view = moment.network, moment.data, moment.view
    if data.features:
        return Regions(moment.step, reason=Unknown.CURVED_FEATURES)
    try:
        if not view.flat:
            return Regions(moment.step, knots=knots(network, view.interval(data)))
        return Regions(moment.step, map=linear_regions(network, view.box, view.plane(data), memory))
    except EngineError as error:
        return Regions(moment.step, reason=Failed(str(error)))
