"""Counting activation regions: whole layers at a time, compact parts of the plane depth first."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from engine.network.network import Network
from engine.regions.cells.part import MEMORY, Piece, Stage, cut_through, in_parts, stages
from engine.regions.plane import UNIT_BOX, Plane, network_in_box


@dataclass(frozen=True)
class RegionCount:
    """So many ``regions`` found in a share ``done`` (0 … 1) of what there is to look at.

    ``close_calls``: how often a vertex was too near a border to be certain of its side. With none
    the count is certain; what meets but for a rounding or two counts as meeting.
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
    """The number of activation regions in the box: open cells on which no hidden unit changes sign.

    Large complexes are finished part by part; MemoryBoundError where that would still take more
    than about so many bytes of ``memory``.
    """
    (last,) = deque(counting(network, box, plane, memory), maxlen=1)
    return last.regions


def counting(
    network: Network,
    box: ArrayLike = UNIT_BOX,
    plane: Plane | None = None,
    memory: float = MEMORY,
) -> Iterator[RegionCount]:
    """Count like ``count_regions``, but tell now and then how far it is; the last one is done."""
    scaled, lower, upper = network_in_box(network, box, plane)
    layers = scaled.hidden
    while layers and not layers[-1].bends.any():
        layers = layers[:-1]  # they make no regions
    regions, done, close_calls = 0, 0.0, 0
    for found in _counts(Piece.box(lower, upper, memory), stages(layers)):
        regions, done = regions + found.regions, done + found.done
        close_calls += found.close_calls
        yield RegionCount(regions, min(done, 1.0), close_calls)
    yield RegionCount(regions, 1.0, close_calls)


def _counts(piece: Piece, stages: Sequence[Stage]) -> Iterator[RegionCount]:
    """What part after part adds."""
    if not stages:
        yield RegionCount(piece.complex.faces, piece.share, piece.close_calls)
        return
    *before, last = stages
    for finer in cut_through(piece, before, lambda p, s, c: p.cut_by(s, False, c), False):
        yield from in_parts(finer, last, _counted, False)


def _counted(part: Piece, stage: Stage, carefully: bool) -> RegionCount:
    regions, close_calls = part.count_after(stage, carefully)
    return RegionCount(regions, part.share, close_calls)
