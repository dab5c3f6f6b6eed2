"""Numbers from a caller: float64 arrays, or text and fractions with all their digits."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, Bools
from engine.errors import DataError, RowError, ShapeError

LARGEST_INTEGER = 2**53  # float64 holds every integer up to it
EXPONENT_LIMIT = 400  # powers of ten, far beyond those of float64


class Numbers(NamedTuple):
    """Numbers rounded to ``floats``; ``exact`` are their Fractions, None if floats were given."""

    name: str
    floats: Array
    exact: NDArray[np.object_] | None

    @property
    def fractions(self) -> NDArray[np.object_]:
        """The numbers as Fractions, exactly."""
        return _fractions(self.floats, self.name) if self.exact is None else self.exact

    def reshaped(self, shape: tuple[int, ...]) -> "Numbers":
        exact = None if self.exact is None else self.exact.reshape(shape)
        return Numbers(self.name, self.floats.reshape(shape), exact)


def check_finite(array: Array, name: str) -> None:
    """DataError, saying where, if a float is not finite."""
    bad = ~np.isfinite(array)
    if bad.any():
        index = [int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape)]
        raise _not_finite(name, index, float(array[tuple(index)]))


def check_least(values: Array, least: float, name: str) -> None:
    """RowError unless all values are finite and ``least`` or more."""
    faulty = ~(np.isfinite(values) & (values >= least))
    if faulty.any():
        wanted = "finite" if np.isneginf(least) else f"finite and {least:g} or more"
        raise row_error(faulty, values, f"{name} must be {wanted}", name)


def row_error(faulty: Bools, values: Array, wanted: str, subject: str = "y") -> RowError:
    """The error that names the first of the faulty values (n,), and how many more there are."""
    fault = f"it is {first_value(faulty, values)}; {wanted}"
    return RowError(subject, np.flatnonzero(faulty).tolist(), fault)


def first_value(faulty: Bools, values: Array) -> str:
    """The first of the faulty values (n,) as text."""
    return f"{values[faulty.argmax()]:.6g}"


def read_numbers(values: ArrayLike, name: str) -> Numbers:
    """The numbers of an array; text ("-1.5e3"), Decimal, Fraction and large integers stay exact.

    ShapeError where rows differ in length. DataError, saying where, for a value that is not a
    finite number or beyond the range of float64; floats are not checked.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ShapeError(f"{name}: its rows are not of one length") from None
    if array.dtype == np.float64:
        return Numbers(name, array, None)
    kind = array.dtype.kind
    if kind in "fb" or (kind in "iu" and not _too_large(array)):
        with np.errstate(over="ignore"):  # a longer float may become inf
            return Numbers(name, array.astype(np.float64, copy=False), None)
    if kind not in "iuUO":
        raise DataError(f"{name} holds {array.dtype}, not numbers")
    exact = _fractions(array, name)
    try:
        floats = exact.astype(np.float64)
    except OverflowError:
        raise _out_of_range(name, "large") from None
    if ((floats == 0.0) & (exact != 0)).any():
        raise _out_of_range(name, "small")
    return Numbers(name, floats, exact)


def integers(values: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Numbers as integers, and the unit that they are multiples of."""
    common = lcm(*(value.denominator for value in values))
    return [v.numerator * (common // v.denominator) for v in values], Fraction(1, common)


def _too_large(array: NDArray[np.generic]) -> bool:
    return array.size > 0 and max(int(array.max()), -int(array.min())) > LARGEST_INTEGER


def _fractions(array: NDArray[np.generic], name: str) -> NDArray[np.object_]:
    exact = np.empty(array.shape, dtype=object)
    for index, value in np.ndenumerate(array):
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            exact[index] = _fraction(plain)
        except (ValueError, TypeError, OverflowError, ZeroDivisionError, InvalidOperation):
            raise _not_finite(name, index, plain) from None
    return exact


def _fraction(value: Any) -> Fraction:
    """The number. Beyond the range of float64 any number beyond it on the same side will do:
    1e999999999 would fill the memory."""
    if isinstance(value, str) and "/" not in value:
        value = Decimal(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > EXPONENT_LIMIT:
        power = EXPONENT_LIMIT if value.adjusted() > 0 else -EXPONENT_LIMIT
        return Fraction(10) ** power if value else Fraction(0)
    return Fraction(value)


def _not_finite(name: str, index: Sequence[int], value: object) -> DataError:
    place = "".join(f", {axis} {i + 1}" for axis, i in zip(("row", "column"), index, strict=False))
    return DataError(f"{name}{place}: {value!r} is not a finite number")


def _out_of_range(name: str, why: str) -> DataError:
    return DataError(f"{name} holds a number too {why} for float64: scale it")
