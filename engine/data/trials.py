"""Grouped binomial data: rows of successes among trials."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, read_only
from engine.data.dataset import Dataset, unscaled
from engine.data.exact_input import check_finite, read_numbers
from engine.data.published import Publication
from engine.data.reading.table import Table
from engine.data.table_to_dataset import Target, dataset_from
from engine.errors import DataError, RowError, ShapeError
from engine.wording import noun_for, plural


def ungrouped(X: ArrayLike, y: ArrayLike, trials: ArrayLike) -> tuple[Array, Array]:
    """Grouped binomial data with one row for each trial.

    A model fitted to them has the same coefficients; its deviance differs, for the saturated
    model does.

    Arguments:
        X: Inputs (n, d) or (n,), a row for each group.
        y: Successes (n,), whole numbers.
        trials: Trials (n,), whole numbers, at least as large as y.

    Returns:
        X (Σ trials, d), and y (Σ trials,) of ones and zeros, the successes of a group first.

    Raises:
        ShapeError: Where the shapes do not fit together.
        DataError: Where counts are not whole, or there are more successes than trials.

    Example:
        >>> import engine
        >>> X, y = engine.ungrouped([1.0, 2.0], [1, 2], [2, 3])
        >>> X[:, 0].tolist(), y.tolist()
        ([1.0, 1.0, 2.0, 2.0, 2.0], [1.0, 0.0, 1.0, 1.0, 0.0])
    """
    X, successes = read_numbers(X, "X").floats, read_numbers(y, "y").floats
    m = read_numbers(trials, "trials").floats
    X = X[:, None] if X.ndim == 1 else X
    if X.ndim != 2 or successes.shape != (len(X),) or m.shape != successes.shape:
        raise ShapeError(
            f"ungrouped takes X (n, d), y (n,) and trials (n,); it got {X.shape}, "
            f"{successes.shape} and {m.shape}"
        )
    check_finite(successes, "y")
    check_finite(m, "trials")
    counts = np.column_stack([successes, m - successes]).ravel()
    faulty = ((counts < 0.0) | (counts != np.round(counts))).reshape(-1, 2).any(axis=1)
    if faulty.any():
        rows = np.flatnonzero(faulty)
        fault = f"{of_trials(successes[rows[0]], m[rows[0]])}; "
        fault += "ungrouped takes whole numbers of successes, from 0 to the trials"
        raise RowError("y", rows.tolist(), fault)
    repeats = counts.astype(np.int64)
    outcomes = np.tile([1.0, 0.0], len(X))
    return np.repeat(np.repeat(X, 2, axis=0), repeats, axis=0), np.repeat(outcomes, repeats)


def of_trials(successes: float, trials: float) -> str:
    """``1 success of 3 trials``."""
    had = f"{successes:.6g} {noun_for(successes, 'success', 'successes')}"
    return f"{had} of {trials:.6g} {noun_for(trials, 'trial')}"


def trials_dataset(
    name: str, publication: Publication, table: Table, target: Target | None
) -> Dataset:
    """The data set of a published table of trials: each trial is an example."""
    if target not in (None, publication.target):
        raise DataError(
            f"{name} counts {publication.target} of {publication.trials}; it has no other target"
        )
    trials, other_columns = table.without(str(publication.trials))
    rows = dataset_from(name, other_columns, publication.target, publication.source)
    counts = np.asarray(trials.values)
    X, y = ungrouped(rows.X, rows.Y[:, 0], counts)
    groups = plural(len(rows.X), "group")
    return replace(
        unscaled(name, X, y[:, None], rows.feature_names, "binary", publication.source),
        target_names=publication.labels,
        target=publication.target,
        notes=(f"each of the {plural(len(X), 'trial')} in {groups} is an example",),
        groups=read_only(np.repeat(np.arange(len(counts)), counts.astype(np.int64))),
    )
