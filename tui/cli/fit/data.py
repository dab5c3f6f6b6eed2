"""The data of ``nn-explore fit``: the target, inputs, trials and weights of a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from engine import DataError
from engine.arrays import Array
from engine.data.categories import coded_levels
from engine.data.default_model import DefaultModel, default_model, default_model_of
from engine.data.published import PUBLICATIONS
from engine.data.reading.options import ReadOptions
from engine.data.reading.table import Column, Table
from engine.data.source import source
from engine.data.table_to_dataset import (
    Inputs,
    check_columns,
    check_targets,
    column_named,
    columns_named,
    complete_for,
    inputs_of,
    names_in,
    targets_of,
)
from engine.terms.model_term import ModelTerm
from engine.training.prepare import prepare
from engine.wording import listed
from tui.cli.fit.coding import Coded, coded_terms, used_columns
from tui.experiments.library import built_in


@dataclass(frozen=True)
class FitRequest:
    """What the command line asks for; None for what suits the data."""

    data: str
    target: str | None = None
    features: tuple[str, ...] | None = None
    family: str | None = None
    link: str | None = None
    trials: str | None = None
    weights: str | None = None
    intercept: bool = True
    degree: int | None = None
    na: str = "drop"
    options: ReadOptions = ReadOptions()  # noqa: RUF009 (it is frozen)
    terms: str | None = None


@dataclass(frozen=True)
class FitData:
    """A target and inputs, each a ``Column`` of numbers, without cells in generated data.

    ``source`` is "" for files; ``family`` is that of the model that suits the target, and
    ``reason`` says why, or is "" if another one is asked for; ``success`` is the label that counts
    as 1 for a target of two labels, else "". ``lines`` are the rows' lines in a file. ``notes``
    say how the file was read, which columns were left out, and the reference of each category.
    ``intercept``: whether the model has one; ``terms``: what the columns of the inputs belong to,
    where terms were asked for. ``left_out``: for each column with missing cells how many rows
    were left out for it.
    """

    name: str
    source: str
    target: Column
    inputs: tuple[Column, ...]
    family: str
    intercept: bool = True
    terms: tuple[ModelTerm, ...] = ()
    reason: str = ""
    success: str = ""
    trials: Column | None = None
    weights: Column | None = None
    row_names: tuple[str, ...] | None = None
    lines: Sequence[int] = ()
    notes: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)

    def row(self, i: int) -> str:
        """The name of a row, counted from 0: its place in the file, and what the file calls it."""
        place = f"row {self.lines[i] if self.lines else i + 1}"
        return place if self.row_names is None else f"{place} ({self.row_names[i]!r})"

    def __len__(self) -> int:
        return len(floats(self.target))

    @property
    def rows_have_order(self) -> bool:
        """Whether the order of the rows may mean something."""
        return source(self.name).rows_have_order


def read_data(request: FitRequest) -> FitData:
    """The requested data: a built-in set, or a file."""
    name = request.data
    if source(name).is_generated:
        return _generated(request)
    table = source(name).table(request.options, pipe_wait=inf)  # the user can end it with ctrl+c
    check_columns(name, table)
    publication = PUBLICATIONS.get(name)
    default: str | int = -1 if publication is None else publication.target
    targets = columns_named(name, table, default if request.target is None else request.target)
    if len(targets) > 1:
        names = listed([column.name for column in targets], 4)
        raise DataError(f"{name}: a fit is for one target, not {names}; choose one with --target")
    (target,) = targets
    trials = request.trials
    if publication is not None and target.name == publication.target:
        trials = trials or publication.trials
    trials_column = _extra_column(name, table, trials, "trials", [target])
    weights = _extra_column(name, table, request.weights, "weights", [target, trials_column])
    used: tuple[str, ...] | None = None
    if request.terms is not None:
        used = used_columns(name, request.terms, table, [target, trials_column, weights])
    table, (target, trials_column, weights), inputs = _complete(
        request, table, (target, trials_column, weights), used
    )
    coded, success = _coded(name, target, trials_column is not None)
    if request.terms is None or used is None:
        columns = _selected(request, inputs.columns)
        made = Coded(*_indicators(columns, request.intercept), request.intercept)
    else:
        made = coded_terms(name, request.terms, table, used, request.intercept)
    if not made.columns:
        why = "; ".join(inputs.notes) or "it has no other column"
        raise DataError(f"{name} has no input left beside {target.name!r}: {why}")
    trials_name = None if trials_column is None else trials_column.name
    model = default_model(name, target.name, floats(coded), bool(success), trials_name)
    return FitData(
        name=name,
        source="" if publication is None else publication.source,
        target=coded,
        inputs=made.columns,
        family=model.family,
        intercept=made.intercept,
        terms=made.terms,
        reason=_reason(request, model, trials_name is not None),
        success=success,
        trials=trials_column,
        weights=weights,
        row_names=inputs.row_names,
        lines=table.lines,
        notes=(*inputs.notes, *made.notes),
        left_out=table.left_out,
    )


def _complete(
    request: FitRequest,
    table: Table,
    roles: tuple[Column, Column | None, Column | None],
    used: tuple[str, ...] | None,
) -> tuple[Table, tuple[Column, Column | None, Column | None], Inputs]:
    """The table without rows in which a cell is missing that is used, its target, trials and
    weights, and its inputs. ``used`` are the columns of terms, None where none are asked for."""
    name, constants = request.data, not request.intercept
    given = [column for column in roles if column is not None]
    check_targets(name, given)
    wanted = used
    if request.features is not None:
        wanted = names_in(",".join(request.features), table.names)
    before = inputs_of(name, table, given, constants, wanted, strict=True, na=request.na).columns
    needed = [column for column in before if wanted is None or column.name in wanted]
    table, complete = complete_for(table, given, needed, request.na)
    remaining = iter(complete)
    target, trials, weights = (None if one is None else next(remaining) for one in roles)
    assert target is not None
    known = [column.name for column in before]
    inputs = inputs_of(name, table, complete, constants, wanted, strict=True, known=known)
    return table, (target, trials, weights), inputs


def floats(column: Column) -> Array:
    """The values (n,) of a numeric column."""
    assert column.values is not None
    return column.values


def _reason(request: FitRequest, model: DefaultModel, trials: bool) -> str:
    """Why this is the family, and what else may suit; "" if a family is asked for."""
    if request.family is not None:
        return ""
    if model.hint:
        return f"{model.reason}; {model.hint} (--family poisson)"
    if model.family == "binomial" and not trials:
        return f"{model.reason} (--family gaussian fits least squares)"
    return model.reason


def _extra_column(
    name: str, table: Table, wanted: str | None, use: str, others: Sequence[Column | None]
) -> Column | None:
    """The column of trials or weights, which must be numeric and have no other use."""
    if wanted is None:
        return None
    column = column_named(name, table, wanted, use)
    if column.values is None and not column.fault:
        raise DataError(f"{name}: column {column.name!r} is text; {use} are numbers")
    if any(column is other for other in others):
        raise DataError(f"{name}: column {column.name!r} cannot be {use} as well")
    return column


def _selected(request: FitRequest, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The inputs that --features names, in its order; all without --features."""
    if request.features is None:
        return columns
    by_name = {column.name: column for column in columns}
    names = names_in(",".join(request.features), by_name)
    for name in names:
        if name not in by_name:
            there = ", ".join(repr(one) if "," in one else one for one in by_name)
            raise DataError(f"{request.data} has no input {name!r}; there are: {there}")
    if len(set(names)) < len(names):
        raise DataError(f"--features {','.join(names)}: a name comes twice")
    return tuple(by_name[name] for name in names)


def _coded(name: str, target: Column, counts: bool) -> tuple[Column, str]:
    """The target as numbers, and of two labels the later in the alphabet, which counts as 1."""
    if counts and target.values is not None:
        return target, ""
    Y, labels = targets_of(name, target)
    if not labels:
        return target, ""
    if len(labels) > 2 or counts:
        raise DataError(
            f"{name}: the target {target.name!r} has {len(labels)} labels "
            f"({', '.join(labels[:5])}{', …' if len(labels) > 5 else ''}); "
            "fit takes numbers, or two labels without trials"
        )
    cells = tuple("1" if cell == labels[1] else "0" for cell in target.cells)
    return Column(target.name, cells, Y[:, 0]), labels[1]


def _indicators(
    columns: Sequence[Column], intercept: bool
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Categories as indicator columns (see ``coded_levels``)."""
    terms: list[Column] = []
    texts = [(column.name, column.levels) for column in columns if column.values is None]
    levels, notes = coded_levels(texts, intercept)
    remaining = iter(levels)
    for column in columns:
        if column.values is not None:
            terms.append(column)
            continue
        for level in next(remaining):
            cells = tuple("1" if cell == level else "0" for cell in column.cells)
            values = np.array(cells, dtype=np.float64)
            terms.append(Column(f"{column.name}={level}", cells, values))
    return tuple(terms), tuple(notes)


def _generated(request: FitRequest) -> FitData:
    """A generated data set, as the app starts with it."""
    if request.target or request.trials or request.weights or request.terms:
        raise DataError(
            f"{request.data} is drawn from a formula: it has one target, y, no terms and no weights"
        )
    dataset = prepare(built_in(request.data)).dataset
    if request.features is not None:
        dataset = dataset.with_features(request.features)
    model = default_model_of(dataset)
    y = dataset.Y[:, 0]
    if dataset.task == "binary":
        y = (y > 0.0).astype(np.float64)
    return FitData(
        name=request.data,
        source=dataset.source,
        target=Column("y", (), y),
        intercept=request.intercept,
        inputs=tuple(
            Column(name, (), values)
            for name, values in zip(dataset.feature_names, dataset.X.T, strict=True)
        ),
        family=model.family,
        reason=_reason(request, model, trials=False),
        success="+1" if dataset.task == "binary" else "",
    )
