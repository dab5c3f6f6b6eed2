"""Linear regions in the plane and knots on the line, of z⁽ᴸ⁾ as a function of the inputs."""

from engine.regions.knots import Knots, knots
from engine.regions.plane import Plane
from engine.regions.region_map import RegionMap, count_regions, linear_regions

__all__ = ["Knots", "Plane", "RegionMap", "count_regions", "knots", "linear_regions"]
