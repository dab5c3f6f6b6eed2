"""Treatment coding of text columns for closed forms.

With an intercept, indicators of all categories would be linearly dependent. The first category in
alphabetical order is the reference and gets none, as in R: coefficients are differences from it.
"""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array


def coded_levels(
    columns: Sequence[tuple[str, Sequence[str]]], intercept: bool
) -> tuple[list[list[str]], list[str]]:
    """The categories of each column that get an indicator, and notes on the references.

    ``columns`` are names with categories. Without an intercept the first column keeps all.
    """
    levels = [sorted(set(categories)) for _, categories in columns]
    notes = []
    for i in range(0 if intercept else 1, len(columns)):
        reference = levels[i].pop(0)
        notes.append(f"{columns[i][0]}: compared with {reference!r}")
    return levels, notes


def coded_columns(
    X: Array, names: Sequence[str], intercept: bool
) -> tuple[list[int], tuple[str, ...]]:
    """The columns of X (n, d) that a closed form uses, in order, and notes on the references.

    Indicators of a text column are named "column=category" and their sum is 1 in every row; if
    only some of them are in X, they are treated as numbers. Left out are the reference (see
    ``coded_levels``) and categories without a row in X.
    """
    groups = _indicator_groups(X, names)
    present = [
        (name, [names[j].removeprefix(f"{name}=") for j in columns if X[:, j].any()])
        for name, columns in groups.items()
    ]
    levels, notes = coded_levels(present, intercept)
    used: list[int] = []
    for j in range(len(names)):
        group = next((g for g, columns in groups.items() if j in columns), None)
        if group is None:
            used.append(j)
        elif j == groups[group][0]:
            position = [*groups].index(group)
            used += [names.index(f"{group}={level}") for level in levels[position]]
    return (used, tuple(notes)) if used else (list(range(len(names))), ())


def _indicator_groups(X: Array, names: Sequence[str]) -> dict[str, list[int]]:
    """The columns that are all indicators of one text column, by its name."""
    groups: dict[str, list[int]] = {}
    for j, name in enumerate(names):
        column, equals, _ = name.partition("=")
        if equals and column and np.isin(X[:, j], (0.0, 1.0)).all():
            groups.setdefault(column, []).append(j)
    return {
        column: indices
        for column, indices in groups.items()
        if (X[:, indices].sum(axis=1) == 1.0).all()
    }
