"""The regions of a network in a view, or why they are not known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine import Knots, RegionMap
    from engine.arrays import Ints


class Unknown(Enum):
    """Why regions are not known. The values are written in session files."""

    COUNTING = "counting"
    CURVED = "curved"  # a hidden layer is
    CURVED_FEATURES = "curved features"
    DIVERGED = "diverged"
    NOT_COUNTED = "not counted"
    NOT_COUNTED_YET = "they had not been counted yet"
    TOO_MANY_TO_REPEAT = "they are too many to count again"


NO_REGIONS = frozenset({Unknown.CURVED, Unknown.CURVED_FEATURES, Unknown.DIVERGED})
"""Reasons for which there is nothing to count."""


class TooSlow(NamedTuple):
    """Counting all regions of this step would take too long: ``regions`` and ``seconds`` are
    estimates, None before any part is counted."""

    step: int
    sizes: tuple[int, ...]
    regions: float | None = None
    seconds: float | None = None


class WasSlow(NamedTuple):
    """The count of this step took so many seconds, too long to repeat it at every step."""

    step: int
    sizes: tuple[int, ...]
    seconds: float


class TooMany(NamedTuple):
    """More than ``limit`` regions are counted, but not drawn; ``close_calls`` is the number of
    decisions that rounding errors may have changed."""

    limit: int
    close_calls: int = 0


class Failed(NamedTuple):
    """The count ended with an error."""

    message: str


Reason = Unknown | TooSlow | WasSlow | TooMany | Failed
"""Why there is no map of the regions, or no count."""


class CountProgress(NamedTuple):
    """How far a running count is: the regions so far and the share of the work that is done;
    ``regions`` is None until the first part is counted."""

    regions: int | None = None
    share: float = 0.0


@dataclass(frozen=True)
class Regions:
    """The pieces into which the network cuts its input, as far as they are known, at a step."""

    step: int
    map: RegionMap | None = None  # of a plane
    numbers: Ints | None = None  # of the map's regions while training plays; None: ranks by area
    knots: Knots | None = None  # of a line
    count: int | None = None  # activation regions, where the map itself is too large to draw
    reason: Reason | None = None  # why there is no map, or no count
    progress: CountProgress | None = None  # of a count that is running

    @property
    def has_pieces(self) -> bool:
        """Whether the pieces themselves are known, not only their number."""
        return self.map is not None or self.knots is not None
