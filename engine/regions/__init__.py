"""Linear regions, knots and walks: where z⁽ᴸ⁾ is affine as a function of the inputs."""

from engine.regions.bounds import BOUNDS, Bound, region_bounds
from engine.regions.counting import RegionCount, count_regions, counting
from engine.regions.hidden_units import Inequality
from engine.regions.knots import Knots, knots
from engine.regions.line import Walk, walk
from engine.regions.plane import Plane
from engine.regions.region_map import RegionMap, linear_regions

__all__ = [
    "BOUNDS",
    "Bound",
    "Inequality",
    "Knots",
    "Plane",
    "RegionCount",
    "RegionMap",
    "Walk",
    "count_regions",
    "counting",
    "knots",
    "linear_regions",
    "region_bounds",
    "walk",
]
