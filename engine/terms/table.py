"""Named columns from a caller, checked: each of numbers or of texts, all of one length."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import DataError, ShapeError
from engine.quoting import shown
from engine.terms.values import Columns, Texts
from engine.wording import plural


def read_columns(
    columns: Mapping[str, ArrayLike | Sequence[str]], wanted: Collection[str] | None = None
) -> Columns:
    """The columns, or those ``wanted``, as arrays (n,) of float64 or of texts.

    ShapeError where they differ in length; DataError for a column that is neither, or that is
    missing.
    """
    names = columns.keys() if wanted is None else wanted
    missing = [name for name in names if name not in columns]
    if missing:
        raise DataError(f"column {shown(missing[0])} of the terms is missing in these data")
    arrays = {name: _read(name, columns[name]) for name in names}
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) > 1:
        short, long, *_ = sorted(lengths)
        raise ShapeError(f"columns differ in length: {short} and {plural(long, 'row')}")
    return arrays


def _read(name: str, values: Any) -> Array | Texts:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ShapeError(f"column {shown(name)} has shape {array.shape}, not (n,)")
    if array.dtype.kind == "U":
        return array
    if array.dtype.kind == "O" and all(isinstance(value, str) for value in array.tolist()):
        return array.astype(np.str_)
    try:
        return array.astype(np.float64)
    except (ValueError, TypeError):
        raise DataError(f"column {shown(name)} is neither of numbers nor of texts") from None
