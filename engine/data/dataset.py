"""Dataset: inputs and targets in their own units, their scales, and the training/test split."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Self

import numpy as np

from engine.arrays import Array, Ints, read_only
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.terms.features import Feature

LARGEST = 1e140  # limit for the data: squares and their sums stay finite


@dataclass(frozen=True)
class Scale:
    """Standardisation, column by column: scaled = (raw − mean) / sd.

    Attributes:
        mean: (d,) in the units of the data.
        sd: (d,) in the same units, all positive.

    Example:
        >>> import engine, numpy as np
        >>> scale = engine.Scale.of(np.array([[1.0, 5.0], [3.0, 5.0]]))
        >>> scale.apply(np.array([[2.0, 6.0]])).tolist()
        [[0.0, 1.0]]
    """

    mean: Array
    sd: Array

    @classmethod
    def identity(cls, columns: int) -> Self:
        """A scale of this many columns that changes nothing."""
        return cls(read_only(np.zeros(columns)), read_only(np.ones(columns)))

    @classmethod
    def of(cls, rows: Array) -> Self:
        """Mean and sd (divisor n) of the columns of (n, d) rows; sd 1 for a constant column."""
        # a power of two keeps squares in range; where the offset is large, differences from the
        # first row are exact or nearly so
        exponent = np.frexp(np.abs(rows).max(axis=0))[1]
        first = np.ldexp(rows[0], -exponent)
        deviations = np.ldexp(rows, -exponent) - first
        sd = np.ldexp(deviations.std(axis=0), exponent)
        mean = np.ldexp(first + deviations.mean(axis=0), exponent)
        return cls(read_only(mean), read_only(np.where(sd > 0.0, sd, 1.0)))

    @property
    def is_identity(self) -> bool:
        """Whether this scale changes nothing."""
        return bool((self.mean == 0.0).all() and (self.sd == 1.0).all())

    @classmethod
    def of_varying(cls, values: Array, rows: Ints, one_sd: bool = False) -> Self:
        """The scale of these rows of values (n, d); columns constant in all rows are not changed.

        ``one_sd``: all other columns share the root mean square of their sds. Then the sum of
        squares of several targets in their own units is a multiple of the scaled one.
        """
        scale, varies = cls.of(values[rows]), (values != values[:1]).any(axis=0)
        sd = scale.sd
        if one_sd and varies.any():
            largest = sd[varies].max()
            sd = np.full(sd.shape, largest * np.sqrt(np.mean((sd[varies] / largest) ** 2)))
        else:
            sd = np.where(varies, sd, 1.0)
        return cls(read_only(np.where(varies, scale.mean, 0.0)), read_only(sd))

    def apply(self, raw: Array) -> Array:
        """Raw values (n, d), scaled."""
        return (raw - self.mean) / self.sd

    def undo(self, scaled: Array) -> Array:
        """Scaled values (n, d), in their own units again."""
        return scaled * self.sd + self.mean


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and targets in their own units, one example a row, and how to train on them.

    Attributes:
        name: A built-in name, or the path of a file.
        X: Inputs (n, d).
        Y: Targets (n, k). For the task "regression" numbers, of one target or of several; for
            "binary" one column of the two ``levels``; for "classes" one-hot, with three columns or
            more.
        feature_names: The names of the d inputs.
        target_names: The class labels, of 0 and 1 or of the columns of Y; () for numbers.
        task: "regression", "binary" or "classes".
        train: Row indices of the training examples, ascending.
        test: Row indices of all other examples, ascending.
        x_scale: Standardises the inputs; computed from the training rows.
        y_scale: Standardises the targets, likewise.
        row_names: The names of the n examples, or None.
        source: One line on where the numbers come from.
        target: The name of the target column, or the names of several: "o1, o2".
        notes: What was left out of a file, and how it was read.
        family: Of the generalised linear model that suits the target (``default_model``); "" where
            there is none.
        levels: The two targets of the task "binary": ±1 in generated sets and for labels −1 and 1
            of a file, else 0 and 1.
        groups: (n,), for grouped data the row of the published table that each example is one
            trial of; else None.
        own_columns: The ``columns``, where curved features are made of them; else None.
        own_column_names: Their names.
        features: How X is computed from the columns; () where X is the columns.
        digest: SHA-256 of the file that was read; "" for built-in sets.

    Example:
        >>> import engine
        >>> data = engine.load_dataset("mtcars", data_seed=0, split_seed=0)
        >>> data.X.shape, data.Y.shape, data.task, data.target
        ((32, 10), (32, 1), 'regression', 'mpg')
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
    target: str = "y"
    notes: tuple[str, ...] = ()
    family: str = ""
    levels: tuple[float, float] = (0.0, 1.0)
    groups: Ints | None = None
    own_columns: Array | None = None
    own_column_names: tuple[str, ...] = ()
    features: "tuple[Feature, ...]" = ()
    digest: str = ""

    def grouped(self, rows: Ints) -> tuple[Array, Array, Array]:
        """These rows as grouped data: X (g, d), successes (g,) and trials (g,) of g groups.

        ``engine.glm`` takes them in this form. Without ``groups`` each row is one trial.
        """
        if self.groups is None:
            return self.X[rows], self.Y[rows, 0], np.ones(len(rows))
        _, first, group = np.unique(self.groups[rows], return_index=True, return_inverse=True)
        successes = np.bincount(group, weights=self.Y[rows, 0]).astype(np.float64)
        return self.X[rows][first], successes, np.bincount(group).astype(np.float64)

    @property
    def classes(self) -> Array:
        """The target (c, k) of each of the c classes, also of those without examples."""
        k = self.Y.shape[1]
        return np.eye(k) if k > 1 else np.array(self.levels)[:, None]

    @property
    def columns(self) -> Array:
        """The columns (n, c) that the inputs are computed from; X where no input is curved."""
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
        """The network's inputs (m, d), scaled, for rows of the columns (m, c)."""
        return self.x_scale.apply(self.inputs(rows))

    def with_features(self, names: tuple[str, ...]) -> Self:
        """The same data with these inputs, in this order.

        Arguments:
            names: Columns by name (x1 stands for x₁ too), or features computed from them, such as
                x^2, x*y, log(x), C(x) and I(x/y): see ``engine.terms.features``.

        Raises:
            DataError: Where a name is unknown, comes twice, or gives values that are too large.

        Example:
            >>> import engine
            >>> data = engine.load_dataset("circle", data_seed=0, split_seed=0)
            >>> data.with_features(("x1", "x1^2")).feature_names
            ('x₁', 'x₁²')
        """
        from engine.terms.features import checked_values, moved  # lazy: many runs have none

        chosen = self._read_features(names)
        X = read_only(checked_values(chosen, self.X, LARGEST))
        is_unscaled = self.x_scale.is_identity
        data = replace(
            self,
            X=X,
            feature_names=tuple(feature.name for feature in chosen),
            x_scale=Scale.identity(len(chosen)) if is_unscaled else Scale.of(X[self.train]),
        )
        if all(feature.is_column for feature in chosen):
            return data
        used = sorted({column for feature in chosen for column in feature.columns})
        position = {column: i for i, column in enumerate(used)}
        return replace(
            data,
            own_columns=read_only(self.X[:, used]),
            own_column_names=tuple(self.feature_names[column] for column in used),
            features=tuple(moved(feature, position) for feature in chosen),
        )

    def _read_features(self, names: tuple[str, ...]) -> "list[Feature]":
        """The inputs that are called so; DataError as in ``with_features``."""
        from engine.terms.faults import NoColumnError, TermError
        from engine.terms.features import FeatureReader, check_count

        reader = FeatureReader(self.feature_names, self.X)
        chosen: list[Feature] = []
        computed = 0
        for name in names:
            try:
                found = reader.read(name)
                computed += sum(not feature.is_column for feature in found)
                check_count(computed)
                chosen += found
            except NoColumnError:
                raise DataError(
                    f"{self.name} has no input {name!r}; {hint(name, self.feature_names)}, "
                    "their powers x^2, products x*y, log(x), sin(x) and C(x)"
                ) from None
            except TermError as error:
                raise DataError(f"{self.name} has no input {error}") from None
            except DataError as error:
                raise DataError(f"{self.name} has no input {name!r}: {error}") from None
        if not chosen or len({feature.name for feature in chosen}) < len(chosen):
            raise DataError(f"features {list(names)}: name at least one input, and none twice")
        return chosen


def unscaled(
    name: str, X: Array, Y: Array, features: tuple[str, ...], task: str, source: str
) -> Dataset:
    """A data set without scales or a split: every row is a training row."""
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


def hint(unknown: object, names: Collection[str]) -> str:
    """For a message about an unknown name: a similar name, if any, and the list of names."""
    near = get_close_matches(str(unknown), names, n=1)
    listed = ", ".join([*names][:30]) + (", …" if len(names) > 30 else "")
    return f"did you mean {near[0]}? There are: {listed}" if near else f"there are: {listed}"
