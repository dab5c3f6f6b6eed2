"""ClosedForm: the least-squares solution for an experiment's training data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine import (
    AffineMap,
    Diagnosis,
    EngineError,
    GlmFit,
    OlsFit,
    diagnose,
    ols,
    polynomial,
    polynomial_path,
)
from engine.arrays import Array, lengths
from engine.data.categories import coded_columns
from engine.data.default_model import default_model_of
from engine.data.source import source
from engine.data.target_coding import coded_for
from engine.least_squares.polynomial_path import PolynomialCost
from engine.network.losses import loss_named
from engine.training.prepare import Prepared
from tui.drawing.numbers import tick


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """Results that depend only on the training data and the degree.

    ``fit`` is in the data's own units. ``solution`` is the affine least-squares map from the
    network's inputs to its targets, in the network's units; ``projection`` (p, n) turns any
    outputs (n, k) on the training data into such a map: rows [b; Wᵀ], without b if there is no
    bias. With linearly dependent columns least squares has many solutions; then ``dependent`` is
    the design (n, p), and ``projection`` @ ``dependent`` @ rows is the part of the rows that the
    training data determine. Otherwise it is None.
    """

    prepared: Prepared
    degree: int
    columns: list[int]  # inputs with a term: all but the indicators of reference categories
    fit: OlsFit | None
    note: str
    diagnosis: Diagnosis | None
    solution: AffineMap
    projection: Array
    eigenvalues: Array  # (rank,) of H, the largest first, without zeros
    dependent: Array | None = None

    @cached_property
    def path(self) -> tuple[PolynomialCost, ...]:
        """What polynomials of each degree from 1 on cost; nothing beside a line, or with a cost
        that is no multiple of the squares."""
        data, y = self.prepared.dataset, targets_in_data_units(self.prepared)[:, 0]
        squares = loss_named(str(self.prepared.experiment.loss)).squares
        if self.fit is None or self.degree == 1 or squares is None:
            return ()
        train, test = ((data.X[rows, 0], y[rows]) for rows in (data.train, data.test))
        try:
            costs = polynomial_path(*train, test=test).costs
        except EngineError:  # powers too large for a float
            return ()
        return tuple(
            cost._replace(train_cost=squares * cost.train_cost, test_cost=squares * cost.test_cost)
            for cost in costs
        )

    @property
    def freedom(self) -> int:
        """n less the rank of the design; at 0 an affine map goes through any n outputs."""
        n: int = self.projection.shape[1]
        return n - len(self.eigenvalues)

    def at(self, prepared: Prepared, degree: int) -> "ClosedForm | None":
        """The same results for another run; None if its data or degree are different."""
        if prepared is self.prepared and degree == self.degree:
            return self
        same = degree == self.degree and _same_data(prepared, self.prepared)
        return replace(self, prepared=prepared) if same else None


def _same_data(a: Prepared, b: Prepared) -> bool:
    """Whether two runs have the same training data for a fit."""
    pairs = (
        (a.inputs, b.inputs),
        (a.targets, b.targets),
        (a.dataset.X, b.dataset.X),
        (a.dataset.Y, b.dataset.Y),
        (a.dataset.train, b.dataset.train),
    )
    names = a.dataset.feature_names, b.dataset.feature_names
    same_terms = a.experiment.bias == b.experiment.bias and names[0] == names[1]
    return same_terms and all(np.array_equal(x, y) for x, y in pairs)


def closed_form(prepared: Prepared, degree: int = 1) -> ClosedForm:
    """The least-squares fit of the training data, on powers up to ``degree`` of a single input."""
    rows, bias = prepared.dataset.train, prepared.experiment.bias
    inputs, targets = prepared.inputs[rows], prepared.targets[rows]
    data = prepared.dataset
    intercept = bias or bool(data.x_scale.mean.any())
    columns, coding = coded_columns(data.X[rows], data.feature_names, intercept)
    fit, note = _fit(prepared, degree, columns, intercept)
    has_order = source(data.name).rows_have_order
    fits = [ols(inputs, target, intercept=bias) for target in targets.T]
    maps = np.array([_intercept_first(one) for one in fits])
    design = np.column_stack([np.ones(len(rows)), inputs]) if bias else inputs
    singular = np.linalg.svd(design, compute_uv=False)[: fits[0].rank]
    projection = np.asarray(np.linalg.pinv(design), dtype=np.float64)
    return ClosedForm(
        prepared=prepared,
        degree=degree,
        columns=columns,
        fit=fit,
        note=note if fit is None else "; ".join(filter(None, (note, *coding))),
        diagnosis=None if fit is None else diagnose(fit, rows_have_order=has_order),
        solution=AffineMap(maps[:, 1:], maps[:, 0]),
        projection=projection,
        eigenvalues=2.0 / len(rows) * np.asarray(singular, dtype=np.float64) ** 2,
        dependent=design if fits[0].dropped else None,
    )


def equivalent_coefficients(
    coefficients: Array, X: Array, columns: Sequence[int], fit: OlsFit | GlmFit
) -> Array:
    """Convert coefficients of all columns of X (n, d) to the terms of a fit to some ``columns``.

    They give the same ŷ on X. The first is the intercept, if the fit has one.
    """
    terms = np.array(columns, dtype=np.intp) + fit.intercept
    terms = np.concatenate([[0], terms]) if fit.intercept else terms
    kept = np.zeros(len(coefficients), dtype=np.bool_)
    kept[terms[~np.isin(fit.names, fit.dropped)]] = True
    if not kept.all():
        design = np.column_stack([np.ones(len(X)), X]) if fit.intercept else X
        coefficients = _on_kept(coefficients, design, ~kept)
    return coefficients[terms]


def _on_kept(coefficients: Array, design: Array, dropped: NDArray[np.bool_]) -> Array:
    """Coefficients (p,) that give the same ŷ on a design (n, p) and are 0 on its dropped columns,
    which are linear combinations of the others."""
    kept = ~dropped
    size = lengths(design, axis=0)
    shares = np.linalg.lstsq(design[:, kept] / size[kept], design[:, dropped], rcond=None)[0]
    equivalent = np.zeros_like(coefficients)
    equivalent[kept] = coefficients[kept] + shares @ coefficients[dropped] / size[kept]
    return equivalent


def _intercept_first(fit: OlsFit) -> Array:
    coefficients: Array = fit.coefficients if fit.intercept else np.insert(fit.coefficients, 0, 0.0)
    return coefficients


def _fit(
    prepared: Prepared, degree: int, columns: Sequence[int], intercept: bool
) -> tuple[OlsFit | None, str]:
    """The fit in the data's own units, and a remark on it or the reason why there is none."""
    data = prepared.dataset
    y, note = targets_in_data_units(prepared), ""
    if y.shape[1] > 1:
        return None, f"{y.shape[1]} outputs: this table and the tests are for one"
    if data.task != "regression":
        low, high = coded_for(prepared.experiment.loss, data).levels  # one may occur no more
        means = "ŷ estimates P(1)" if low == 0.0 else "ŷ estimates 2P(+1) − 1"
        note = f"{tick(low)}/{tick(high)} targets, fitted as numbers: {means}"
    suggested = default_model_of(data)
    if suggested.family != "gaussian":
        why = note or f"{suggested.reason}, fitted as a number"
        note = f"{why}; screen GLM has the {suggested.family} model"
    rows, X = data.train, data.X[data.train]
    names = [data.feature_names[j] for j in columns]
    try:
        if degree > 1:
            return polynomial(X, y[rows, 0], degree), note
        return ols(X[:, columns], y[rows, 0], intercept=intercept, names=names), note
    except EngineError as error:
        return None, str(error)


def targets_in_data_units(prepared: Prepared) -> Array:
    """All targets (n, k) in the data's own units, class labels as coded for the loss."""
    data = prepared.dataset
    return data.Y if data.task == "regression" else prepared.targets
