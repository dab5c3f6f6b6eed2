"""The layers that ``region_bounds`` is asked about, checked."""

from collections.abc import Sequence
from operator import index

from engine.errors import ShapeError
from engine.network.affine import hidden_slopes
from engine.wording import plural


def slopes_of(
    activations: str | Sequence[str] | None, layers: int
) -> tuple[tuple[float, float], ...]:
    """The slopes of σ for z < 0 and z > 0, for every hidden layer."""
    names = "relu" if activations is None else activations
    names = [names] * layers if isinstance(names, str) else [*names]
    if len(names) != layers:
        raise ShapeError(f"{plural(len(names), 'activation')} for {plural(layers, 'hidden layer')}")
    return hidden_slopes(names)


def checked_sizes(sizes: Sequence[int]) -> list[int]:
    """(n_0, n_1, …, n_{L−1})."""
    try:
        numbers = [index(n) for n in sizes]
    except TypeError:
        numbers = []
    if len(numbers) < 2 or min(numbers) < 1:
        raise ShapeError(f"layer sizes {sizes!r}: at least inputs and outputs, whole, 1 or more")
    return numbers[:-1]


def checked_dimension(dimension: int | None, n0: int) -> int:
    """That of the slice, or n_0."""
    try:
        d = n0 if dimension is None else index(dimension)
    except TypeError:
        d = 0
    if not 1 <= d <= n0:
        raise ShapeError(
            f"dimension {dimension!r}: a slice of the space of {plural(n0, 'input')} has 1 … {n0}"
        )
    return d
