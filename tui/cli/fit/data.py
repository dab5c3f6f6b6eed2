"""What ``nn-explore fit`` fits: the columns of a table, and what each is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from engine import DataError
from engine.arrays import Array
from engine.data.published import PUBLICATIONS
from engine.data.source import source
from engine.data.table import Column, Table
from engine.data.table_to_dataset import check_columns, column_named, inputs_of, targets_of
from engine.training.experiment import prepare
from tui.experiments.library import built_in


@dataclass(frozen=True)
class Ask:
    """What the command line asks for; None: what suits the data."""

    data: str
    target: str | None = None
    features: tuple[str, ...] | None = None
    family: str | None = None
    link: str | None = None
    trials: str | None = None
    weights: str | None = None
    intercept: bool = True
    degree: int | None = None


@dataclass(frozen=True)
class FitData:
    """A target and inputs, each a ``Column`` of numbers, the cells () where none were written.

    ``source`` is "" for files, ``family`` that of the model that suits the target, ``success``
    the label that counts as 1 where the target is one of two, else "". ``notes`` say what was
    left out, and which category the others are compared with.
    """

    name: str
    source: str
    target: Column
    inputs: tuple[Column, ...]
    family: str
    success: str = ""
    trials: Column | None = None
    weights: Column | None = None
    row_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(floats(self.target))


def read(ask: Ask) -> FitData:
    """The data that are asked for: a built-in set by name, or a file."""
    if source(ask.data).is_generated:
        return _generated(ask)
    table = source(ask.data).table(pipe_wait=inf)  # ctrl+c ends the wait
    check_columns(ask.data, table)
    publication = PUBLICATIONS.get(ask.data)
    wanted: str | int = -1 if publication is None else publication.target
    target = column_named(ask.data, table, wanted if ask.target is None else ask.target)
    family, trials = "", ask.trials
    if publication is not None and target.name == publication.target:
        family, trials = publication.family, trials or publication.trials
    counted = _other(ask.data, table, trials, "trials", [target])
    weights = _other(ask.data, table, ask.weights, "weights", [target, counted])
    taken = [column for column in (target, counted, weights) if column is not None]
    inputs = inputs_of(ask.data, table, taken, constants=not ask.intercept)
    columns = _picked(ask, inputs.columns)
    coded, success = _coded(ask.data, target, counted is not None)
    terms, notes = _indicators(columns, ask.intercept)
    if not terms:
        why = "; ".join(inputs.notes) or "it has no other column"
        raise DataError(f"{ask.data} has no input left beside {target.name!r}: {why}")
    return FitData(
        name=ask.data,
        source="" if publication is None else publication.source,
        target=coded,
        inputs=terms,
        family=family or ("binomial" if success or counted is not None else "gaussian"),
        success=success,
        trials=counted,
        weights=weights,
        row_names=inputs.row_names,
        notes=(*inputs.notes, *notes),
    )


def floats(column: Column) -> Array:
    """The values (n,) of a column of numbers."""
    assert column.values is not None
    return column.values


def _other(
    name: str, table: Table, wanted: str | None, use: str, taken: Sequence[Column | None]
) -> Column | None:
    """The column of trials or weights: of numbers, and no other's."""
    if wanted is None:
        return None
    column = column_named(name, table, wanted, use)
    if column.values is None:
        raise DataError(f"{name}: column {column.name!r} is text; {use} are numbers")
    if any(column is other for other in taken):
        raise DataError(f"{name}: column {column.name!r} cannot be {use} as well")
    return column


def _picked(ask: Ask, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The inputs that --features names, in its order."""
    if ask.features is None:
        return columns
    known = {column.name: column for column in columns}
    for name in ask.features:
        if name not in known:
            raise DataError(f"{ask.data} has no input {name!r}; there are: {', '.join(known)}")
    if len(set(ask.features)) < len(ask.features):
        raise DataError(f"--features {','.join(ask.features)}: a name comes twice")
    return tuple(known[name] for name in ask.features)


def _coded(name: str, target: Column, counts: bool) -> tuple[Column, str]:
    """The target in numbers, and of two labels the one that is 1 (the later in the alphabet)."""
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
    """Categories one-hot, less the first that appears: the others are compared with it.

    Without an intercept the first column of categories keeps them all.
    """
    terms: list[Column] = []
    notes: list[str] = []
    whole = not intercept
    for column in columns:
        if column.values is not None:
            terms.append(column)
            continue
        reference, *others = column.levels
        if whole:
            others, whole = [reference, *others], False
        else:
            notes.append(f"{column.name}: the others are compared with {reference!r}")
        for level in others:
            cells = tuple("1" if cell == level else "0" for cell in column.cells)
            values = np.array(cells, dtype=np.float64)
            terms.append(Column(f"{column.name}={level}", cells, values))
    return tuple(terms), tuple(notes)


def _generated(ask: Ask) -> FitData:
    """A set drawn from a formula, as the app begins with it."""
    if ask.target or ask.trials or ask.weights:
        raise DataError(f"{ask.data} is drawn from a formula: it has one target, y, and no weights")
    dataset = prepare(built_in(ask.data)).dataset
    if ask.features is not None:
        dataset = dataset.with_features(ask.features)
    y = dataset.Y[:, 0]
    if dataset.task == "binary":
        y = (y > 0.0).astype(np.float64)
    return FitData(
        name=ask.data,
        source=dataset.source,
        target=Column("y", (), y),
        inputs=tuple(
            Column(name, (), values)
            for name, values in zip(dataset.feature_names, dataset.X.T, strict=True)
        ),
        family=dataset.family,
        success="+1" if dataset.task == "binary" else "",
    )
