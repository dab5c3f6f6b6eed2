"""The columns of the model that terms such as ``wt*hp + C(cyl)`` stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import DataError
from engine.data.reading.table import Column, Table
from engine.errors import RowError
from engine.terms.design import columns_of, design
from engine.terms.formula import read_formula
from engine.terms.model_term import ModelTerm


@dataclass(frozen=True)
class Coded:
    """Columns of numbers, notes on how they were made, whether the model has an intercept, and the
    terms to which the columns belong."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    intercept: bool
    terms: tuple[ModelTerm, ...] = ()


def used_columns(
    name: str, text: str, table: Table, others: Sequence[Column | None]
) -> tuple[str, ...]:
    """The columns that terms use; ``others`` have another use."""
    taken = [column for column in others if column is not None]
    used = columns_of(read_formula(text, table.names, _rest(table, taken)))
    for column in taken:
        if column.name in used:
            raise DataError(f"{name}: column {column.name!r} has another use; no term takes it")
    return used


def coded_terms(name: str, text: str, table: Table, used: Sequence[str], intercept: bool) -> Coded:
    """The columns of terms, of a table without missing cells in the columns that they use."""
    by_name = {column.name: column for column in table.columns}
    values = {
        key: column.cells if column.values is None else column.values
        for key, column in by_name.items()
    }
    try:
        found = design(text, values, intercept, {*table.names} - {*used})
    except RowError as error:
        place = f"row {table.lines[error.row] if table.lines else error.row + 1}"
        raise DataError(error.at(f"{name}, {place}")) from None
    columns = (
        by_name[label] if _is_plain(label, by_name) else Column(label, (), found.X[:, j])
        for j, label in enumerate(found.names)
    )
    return Coded(tuple(columns), found.notes, found.intercept, found.terms)


def _is_plain(name: str, by_name: dict[str, Column]) -> bool:
    """Whether it is a column of numbers itself, of which all digits are kept."""
    return name in by_name and by_name[name].values is not None


def _rest(table: Table, others: Sequence[Column]) -> list[str]:
    """The columns that ``.`` stands for: all that have no other use, and do not name the rows."""
    return [
        column.name
        for column in table.columns
        if column.name
        and all(column is not other for other in others)
        and not (column.values is None and len({*column.cells}) == len(table))
        and not column.fault
    ]
