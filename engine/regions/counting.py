"""Counting activation regions, without making those of the last layer."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from numpy.typing import ArrayLike

from engine.network.network import Network
from engine.regions.cells.depth_first import cut_through, for_each_part
from engine.regions.cells.part import MEMORY, Part, Stage, stages
from engine.regions.plane import UNIT_BOX, Plane, network_in_box


class RegionCount(NamedTuple):
    """The number of ``regions`` in the share ``done`` (0 … 1) of the work.

    ``close_calls``: how often a vertex was so near a border that its side is uncertain. If 0, the
    count is certain. Lines that meet up to rounding count as meeting.
    """

    regions: int
    done: float
    close_calls: int


def count_regions(
    network: Network,
    box: ArrayLike = UNIT_BOX,
    plane: Plane | None = None,
    memory: float = MEMORY,
) -> int:
    """Count the activation regions in a box: open cells on which no hidden unit changes sign.

    Faster than ``linear_regions``, as the regions of the last layer are counted by Euler's formula:
    each unit's line across a region, and each crossing of two such lines, adds one region.

    Arguments:
        network: with two inputs, or any number with ``plane``; the hidden activations must be
            piecewise linear.
        box: ((x_lo, x_hi), (y_lo, y_hi)) of the inputs, or of the plane's coordinates (s, t).
        plane: the plane to look at; None: the two inputs.
        memory: the limit on the bytes used, approximate; default 1 GiB.

    Returns:
        The number of regions.

    Raises:
        ShapeError: if the box or the plane does not fit the network.
        NotPiecewiseLinearError: if a hidden layer is curved.
        MemoryBoundError: if the count does not fit the memory, even in parts.

    Example:
        >>> import engine
        >>> weights = [[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]]
        >>> network = engine.Network.from_arrays(weights, [[0, 0, 0.5], [0]])
        >>> engine.count_regions(network)
        7
    """
    (last,) = deque(counting(network, box, plane, memory), maxlen=1)
    return last.regions


def counting(
    network: Network,
    box: ArrayLike = UNIT_BOX,
    plane: Plane | None = None,
    memory: float = MEMORY,
) -> Iterator[RegionCount]:
    """Count as ``count_regions`` does, and yield intermediate counts; the last one is complete."""
    scaled, lower, upper = network_in_box(network, box, plane)
    layers = scaled.hidden
    while layers and not layers[-1].bends.any():
        layers = layers[:-1]  # layers that add no regions
    regions, done, close_calls = 0, 0.0, 0
    for count in _counts(Part.box(lower, upper, memory), stages(layers)):
        regions, done = regions + count.regions, done + count.done
        close_calls += count.close_calls
        yield RegionCount(regions, min(done, 1.0), close_calls)
    yield RegionCount(regions, 1.0, close_calls)


def _counts(part: Part, stages: Sequence[Stage]) -> Iterator[RegionCount]:
    """The counts of one part after another."""
    if not stages:
        yield RegionCount(part.complex.faces, part.share, part.close_calls)
        return
    *earlier, last = stages
    for finer in cut_through(part, earlier, lambda p, s, u: p.cut_by(s, False, u), False):
        yield from for_each_part(finer, last, _count, False)


def _count(part: Part, stage: Stage, unit_by_unit: bool) -> RegionCount:
    regions, close_calls = part.count_after(stage, unit_by_unit)
    return RegionCount(regions, part.share, close_calls)
