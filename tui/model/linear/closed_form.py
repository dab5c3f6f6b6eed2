"""ClosedForm: what least squares says of an experiment's training data, whatever the network."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import AffineMap, Diagnosis, EngineError, OlsFit, diagnose, ols, polynomial
from engine.arrays import Array, lengths
from engine.data.default_model import default_model_of
from engine.training.experiment import Prepared


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """What depends on the training data and the degree alone.

    ``fit`` is in the data's own units; ``solution`` is the affine least-squares map of the
    network's inputs to its targets, in the network's units, and ``projection`` (p, n) takes any
    outputs (n, k) on the training data to such a map: rows [b; Wᵀ], without b where no bias is.
    Where some columns make up others, least squares has many solutions, and of such rows the
    training data tell ``projection`` @ ``dependent`` @ rows, ``dependent`` (n, p) the design; None
    where it has one.
    """

    prepared: Prepared
    degree: int
    fit: OlsFit | None
    note: str
    diagnosis: Diagnosis | None
    solution: AffineMap
    projection: Array
    eigenvalues: Array  # (rank,) of H, the largest first; those that are 0 left out
    dependent: Array | None = None

    def at(self, prepared: Prepared, degree: int) -> "ClosedForm | None":
        """The same of another run with the same data; None where it is not the same."""
        if prepared is self.prepared and degree == self.degree:
            return self
        same = degree == self.degree and _same_data(prepared, self.prepared)
        return replace(self, prepared=prepared) if same else None


def _same_data(a: Prepared, b: Prepared) -> bool:
    """Whether two runs fit the same numbers."""
    pairs = (
        (a.inputs, b.inputs),
        (a.targets, b.targets),
        (a.dataset.X, b.dataset.X),
        (a.dataset.Y, b.dataset.Y),
        (a.dataset.train, b.dataset.train),
    )
    names = a.dataset.feature_names, b.dataset.feature_names
    alike = a.experiment.bias == b.experiment.bias and names[0] == names[1]
    return alike and all(np.array_equal(one, other) for one, other in pairs)


def closed_form(prepared: Prepared, degree: int = 1) -> ClosedForm:
    """The least-squares fit of the training data, on powers up to ``degree`` of a single input."""
    rows, bias = prepared.dataset.train, prepared.experiment.bias
    inputs, targets = prepared.inputs[rows], prepared.targets[rows]
    fit, note = _own_fit(prepared, degree)
    fits = [ols(inputs, target, intercept=bias) for target in targets.T]
    maps = np.array([_intercept_first(one) for one in fits])
    design = np.column_stack([np.ones(len(rows)), inputs]) if bias else inputs
    singular = np.linalg.svd(design, compute_uv=False)[: fits[0].rank]
    projection = np.asarray(np.linalg.pinv(design), dtype=np.float64)
    return ClosedForm(
        prepared=prepared,
        degree=degree,
        fit=fit,
        note=note,
        diagnosis=None if fit is None else diagnose(fit),
        solution=AffineMap(maps[:, 1:], maps[:, 0]),
        projection=projection,
        eigenvalues=2.0 / len(rows) * np.asarray(singular, dtype=np.float64) ** 2,
        dependent=design if fits[0].dropped else None,
    )


def on_kept(coefficients: Array, design: Array, dropped: NDArray[np.bool_]) -> Array:
    """The coefficients (p,) that make the same ŷ of a design (n, p), 0 on its dropped columns,
    which the others make up."""
    kept = ~dropped
    size = lengths(design, axis=0)
    shares = np.linalg.lstsq(design[:, kept] / size[kept], design[:, dropped], rcond=None)[0]
    same = np.zeros_like(coefficients)
    same[kept] = coefficients[kept] + shares @ coefficients[dropped] / size[kept]
    return same


def _intercept_first(fit: OlsFit) -> Array:
    coefficients: Array = fit.coefficients if fit.intercept else np.insert(fit.coefficients, 0, 0.0)
    return coefficients


def _own_fit(prepared: Prepared, degree: int) -> tuple[OlsFit | None, str]:
    """The fit in the data's own units, and what is to be said of it."""
    data = prepared.dataset
    y, note = own_targets(prepared), ""
    if y.shape[1] > 1:
        return None, f"{y.shape[1]} outputs: least squares here is for one"
    if data.task != "regression":
        low, high = y.min(), y.max()
        means = "ŷ estimates P(1)" if low == 0.0 else "ŷ estimates 2P(+1) − 1"
        note = f"{low:g}/{high:g} targets, fitted as numbers: {means}".replace("-", "−")
    suggested = default_model_of(data)
    if suggested.family != "gaussian":
        why = note or f"{suggested.reason}, fitted as a number"
        note = f"{why}; screen GLM has the {suggested.family} model"
    rows, X = data.train, data.X[data.train]
    intercept = prepared.experiment.bias or bool(data.x_scale.mean.any())
    try:
        if degree > 1:
            return polynomial(X, y[rows, 0], degree), note
        return ols(X, y[rows, 0], intercept=intercept, names=data.feature_names), note
    except EngineError as error:
        return None, str(error)


def own_targets(prepared: Prepared) -> Array:
    """All targets (n, k) in the data's own units, labels as the loss codes them."""
    data = prepared.dataset
    return data.Y if data.task == "regression" else prepared.targets
