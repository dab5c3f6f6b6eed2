"""Tables in Parquet files, read with pyarrow (the extra ``parquet``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import read_only
from engine.data.reading import dates
from engine.data.reading.table import Column, Table
from engine.errors import DataError

INDEX = "__index_level_0__"  # pandas' name for names of rows


def is_parquet(path: str) -> bool:
    """Whether the name of a file says that it is Parquet."""
    return path.lower().endswith(".parquet")


def parquet_table(path: str, content: bytes) -> Table:
    """The table in a Parquet file. DataError if it is none, or pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise DataError(
            f"{path}: Parquet needs pyarrow; install it with pip install 'nn-explore[parquet]'"
        ) from None
    try:
        table = parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError):
        raise DataError(f"{path} is no Parquet file that pyarrow can read") from None
    if not table.num_rows or not table.num_columns:
        raise DataError(f"{path} has no rows of data")
    columns = [_column(path, name, table.column(j)) for j, name in enumerate(table.column_names)]
    if len(set(table.column_names)) < len(columns):
        raise DataError(f"{path}: two of its columns have the same name; rename one")
    columns.sort(key=lambda column: column.name != "")  # names of rows are the first column
    return Table(path, tuple(columns))


def _column(path: str, name: str, column: Any) -> Column:
    from pyarrow import types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    present = column.to_pylist()
    missing = np.array([cell is None or cell != cell for cell in present])
    mask = read_only(missing) if missing.any() else None
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        cells = tuple("" if none else str(c) for c, none in zip(present, missing, strict=True))
        values = np.array([float(cell or "nan") for cell in cells])
        if np.isinf(values).any():
            row = int(np.isinf(values).argmax())
            fault = f"{path}, row {row + 1}, column {name!r}: {cells[row]!r} is not a finite number"
            return Column(name, cells, None, mask, fault=fault)
        return Column("" if name == INDEX else name, cells, read_only(values), mask)
    if types.is_date(kind) or types.is_timestamp(kind):
        texts = ["" if none else _date(c) for c, none in zip(present, missing, strict=True)]
        found = dates.days({text for text in texts if text})
        if found is not None:
            days, first = found
            cells = tuple(days.get(text, "") for text in texts)
            values = np.array([float(cell or "nan") for cell in cells])
            note = f"column {name!r}: dates are read as days since {first}"
            return Column(name, cells, read_only(values), mask, notes=(note,))
    cells = tuple("" if none else str(c) for c, none in zip(present, missing, strict=True))
    if types.is_string(kind) or types.is_large_string(kind) or types.is_boolean(kind):
        return Column("" if name == INDEX else name, cells, None, mask)
    if column.null_count == len(present):
        return Column(name, cells, read_only(np.full(len(cells), np.nan)), mask)
    fault = f"{path}, column {name!r}: it holds {kind}, neither numbers nor text"
    return Column(name, cells, None, mask, fault=fault)


def _date(value: Any) -> str:
    """A date, or a moment with microseconds; its time zone is left out."""
    return str(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value)
