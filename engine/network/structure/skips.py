"""Skip connections: which ones a network can have."""

from collections.abc import Sequence
from operator import index as as_index

from engine.errors import ExperimentError, ShapeError
from engine.wording import plural


def checked_skips(
    skips: Sequence[tuple[int, int]], sizes: Sequence[int | None]
) -> tuple[tuple[int, int], ...]:
    """Skip connections (s, t), checked and sorted. A size of None is not yet known."""
    try:
        pairs = sorted((as_index(s), as_index(t)) for s, t in skips)
    except (TypeError, ValueError):
        raise ExperimentError(f"skips {skips!r} are not pairs (s, t) of layers") from None
    output = len(sizes) - 1
    for number, (s, t) in enumerate(pairs):
        if not 0 <= s < t <= output:
            raise ExperimentError(
                f"no skip connection ({s}, {t}): (s, t) must have 0 ≤ s < t ≤ {output}"
            )
        if (s, t) in pairs[:number]:
            raise ExperimentError(f"skip connection ({s}, {t}) is listed twice")
        first, last = sizes[s], sizes[t]
        if first is not None and last is not None and first != last:
            raise ShapeError(
                f"no skip connection ({s}, {t}): layer {s} has {plural(first, 'unit')} and "
                f"layer {t} has {last}, but they must have equally many"
            )
    return tuple(pairs)
