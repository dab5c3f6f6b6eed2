"""Dataset: inputs and targets in their own units, and how they are scaled and split."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self

import numpy as np

from engine.arrays import Array, Ints, read_only
from engine.data.features import Feature, checked_values, features_named
from engine.errors import DataError

LARGEST = 1e140  # of the data: squares, and their sums, stay finite


@dataclass(frozen=True)
class Scale:
    """Standardisation, column by column: scaled = (raw − mean) / sd."""

    mean: Array
    sd: Array

    @classmethod
    def identity(cls, columns: int) -> Self:
        """The scale that changes nothing."""
        return cls(read_only(np.zeros(columns)), read_only(np.ones(columns)))

    @classmethod
    def of(cls, rows: Array) -> Self:
        """Mean and sd (divisor n) of the columns of (n, d) rows; sd 1 where all are alike."""
        # a power of two keeps squares in range; differences from the first row are exact or
        # nearly so where the offset is large
        exponent = np.frexp(np.abs(rows).max(axis=0))[1]
        first = np.ldexp(rows[0], -exponent)
        deviations = np.ldexp(rows, -exponent) - first
        sd = np.ldexp(deviations.std(axis=0), exponent)
        mean = np.ldexp(first + deviations.mean(axis=0), exponent)
        return cls(read_only(mean), read_only(np.where(sd > 0.0, sd, 1.0)))

    @property
    def is_identity(self) -> bool:
        """Whether it changes nothing."""
        return bool((self.mean == 0.0).all() and (self.sd == 1.0).all())

    def apply(self, raw: Array) -> Array:
        """Scaled values of (n, d) raw ones."""
        return (raw - self.mean) / self.sd

    def undo(self, scaled: Array) -> Array:
        """Raw values of (n, d) scaled ones."""
        return scaled * self.sd + self.mean


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and targets in their own units, one example a row, and how to train on them.

    ``X`` is (n, d) and ``Y`` (n, k): numbers for the task "regression"; for "binary" ±1 in
    generated sets and 0/1 in files, ``levels`` the two of them, be there examples of both or not;
    one-hot for "classes", three or more. ``target_names`` are the class labels, of 0 and 1 or of
    the columns of Y, or (). ``train`` and ``test`` are ascending row indices, together all rows;
    the scales come from the training rows. ``source`` says in a line where the numbers come from,
    ``notes`` what was left out of a file.

    ``family`` is that of the generalised linear model that suits the target, "" where none does.
    With curved ``features`` the inputs X are made of ``columns``; there are none where X is the
    columns. ``groups`` (n,) is None, or the row of the published table that each example is one
    trial of.
    """

    name: str
    X: Array
    Y: Array
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    task: str
    train: Ints
    test: Ints
    x_scale: Scale
    y_scale: Scale
    row_names: tuple[str, ...] | None
    source: str
    target: str = "y"  # the target column's name
    notes: tuple[str, ...] = ()
    family: str = ""
    levels: tuple[float, float] = (0.0, 1.0)
    groups: Ints | None = None
    own_columns: Array | None = None
    own_column_names: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()
    digest: str = ""  # SHA-256 of the file it was read from

    def grouped(self, rows: Ints) -> tuple[Array, Array, Array]:
        """The trials among these rows, counted: X (g, d), successes (g,) and trials (g,).

        As ``engine.glm`` takes them; without ``groups`` every row is a trial of its own.
        """
        if self.groups is None:
            return self.X[rows], self.Y[rows, 0], np.ones(len(rows))
        _, first, group = np.unique(self.groups[rows], return_index=True, return_inverse=True)
        successes = np.bincount(group, weights=self.Y[rows, 0]).astype(np.float64)
        return self.X[rows][first], successes, np.bincount(group).astype(np.float64)

    @property
    def classes(self) -> Array:
        """The target (c, k) of each class, whether or not there are examples of it."""
        k = self.Y.shape[1]
        return np.eye(k) if k > 1 else np.array(self.levels)[:, None]

    @property
    def columns(self) -> Array:
        """The columns (n, c) that the inputs are made of: X itself unless there are curved ones."""
        return self.X if self.own_columns is None else self.own_columns

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of ``columns``."""
        return self.own_column_names or self.feature_names

    def inputs(self, rows: Array) -> Array:
        """Rows of X (m, d) for rows of the columns (m, c)."""
        if not self.features:
            return rows
        return np.column_stack([feature(rows) for feature in self.features])

    def encode(self, rows: Array) -> Array:
        """What the network sees (m, d), scaled, of rows of the columns (m, c)."""
        return self.x_scale.apply(self.inputs(rows))

    def with_features(self, names: tuple[str, ...]) -> Self:
        """The same data with these inputs, in this order: columns by name (x1 will do for x₁), or
        made of them (see ``engine.data.features``)."""
        found = features_named(names, self.feature_names)
        for name, feature in zip(names, found, strict=True):
            if feature is None:
                raise DataError(
                    f"{self.name} has no input {name!r}; {hint(name, self.feature_names)}, "
                    "their powers x^2, products x*y, sin(x) and cos(x)"
                )
        chosen = [feature for feature in found if feature is not None]
        if not chosen or len({feature.name for feature in chosen}) < len(chosen):
            raise DataError(f"features {list(names)}: name at least one input, and none twice")
        X = read_only(checked_values(chosen, self.X, LARGEST))
        as_they_are = self.x_scale.is_identity
        picked = replace(
            self,
            X=X,
            feature_names=tuple(feature.name for feature in chosen),
            x_scale=Scale.identity(len(chosen)) if as_they_are else Scale.of(X[self.train]),
        )
        if all(feature.is_column for feature in chosen):
            return picked
        used = sorted({column for feature in chosen for column in feature.columns})
        place = {column: i for i, column in enumerate(used)}
        return replace(
            picked,
            own_columns=read_only(self.X[:, used]),
            own_column_names=tuple(self.feature_names[column] for column in used),
            features=tuple(
                replace(feature, columns=tuple(place[column] for column in feature.columns))
                for feature in chosen
            ),
        )


def unscaled(
    name: str, X: Array, Y: Array, features: tuple[str, ...], task: str, source: str
) -> Dataset:
    """A data set before its split: every row is a training row."""
    n, d = X.shape
    return Dataset(
        name=name,
        X=read_only(X),
        Y=read_only(Y),
        feature_names=features,
        target_names=(),
        task=task,
        train=read_only(np.arange(n)),
        test=read_only(np.arange(0)),
        x_scale=Scale.identity(d),
        y_scale=Scale.identity(Y.shape[1]),
        row_names=None,
        source=source,
        levels=(float(Y.min()), float(Y.max())) if task == "binary" else (0.0, 1.0),
    )


def hint(wrong: object, names: Collection[str]) -> str:
    """The name that was meant, where one is close, and all there are."""
    near = get_close_matches(str(wrong), names, n=1)
    listed = ", ".join([*names][:30]) + (", …" if len(names) > 30 else "")
    return f"did you mean {near[0]}? There are: {listed}" if near else f"there are: {listed}"
