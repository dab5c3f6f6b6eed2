"""A fitted generalised linear model: how it was reached, what it predicts, which network it is."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array
from engine.errors import ExperimentError, ShapeError
from engine.glm.families import GLM_NETWORKS, Model
from engine.glm.irls import R_EPSILON, Iterations, Regression
from engine.glm.likelihood import level, null_deviance
from engine.glm.separation import Separation, separation
from engine.network.network import Network

FAINT = 1e-6  # of a column once others are taken out: where steps of no size may be rounding's


class GlmStep(NamedTuple):
    """An iteration: the coefficients (p,) and the deviance after it."""

    coefficients: Array
    deviance: float


@dataclass(frozen=True, eq=False, repr=False)
class FittedModel:
    """A fit of n examples, with p coefficients, the intercept first where there is one.

    ``design`` (n, p) are the columns in their own units, ``y`` (n,) the responses (with
    ``trials``: the share of successes). Columns in ``dropped`` have coefficient 0 and no
    standard error. ``problem``, ``path`` and ``back`` are the fit in the scaled columns.
    """

    model: Model
    design: Array
    y: Array
    trials: Array | None
    weights: Array | None
    offset: Array | None
    names: tuple[str, ...]
    intercept: bool
    dropped: tuple[str, ...]
    problem: Regression
    path: Iterations
    back: Array

    # the model

    @property
    def family(self) -> str:
        """The family's name."""
        return self.model.family.name

    @property
    def link(self) -> str:
        """The link's name."""
        return self.model.link.name

    def network(self, coefficients: ArrayLike | None = None) -> Network:
        """The one-layer network that is this model, at these coefficients (p,), or the fitted.

        Its loss is ``loss``. An offset, which a network has not, is an ExperimentError.
        """
        if self.offset is not None:
            raise ExperimentError("a model with an offset is no network: it has no such input")
        beta = self.coefficients if coefficients is None else np.asarray(coefficients, dtype=float)
        if beta.shape != (len(self.names),):
            raise ShapeError(f"coefficients have shape {beta.shape}, not ({len(self.names)},)")
        slopes, biases = (beta[1:], [beta[:1]]) if self.intercept else (beta, None)
        return Network.from_arrays([slopes[None]], biases, output=self.output)

    @property
    def output(self) -> str:
        """The output activation of that network: the inverse link."""
        return GLM_NETWORKS[self.family, self.link][0]

    @property
    def loss(self) -> str:
        """The loss of that network: the family's −log-likelihood."""
        return GLM_NETWORKS[self.family, self.link][1]

    # the fit

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which coefficients are estimated (p,): not those of the columns left out."""
        return np.asarray(self.back.any(axis=1), dtype=np.bool_)

    @cached_property
    def coefficients(self) -> Array:
        """β̂ (p,)."""
        result: Array = self.back @ self.path.gammas[-1]
        return result

    @cached_property
    def null_coefficients(self) -> Array:
        """β (p,) of the model without X: (g(ȳ), 0, …), or zeros without an intercept.

        Where descent may start with every mean possible. With all y at an end of the possible
        means g(ȳ) is infinite.
        """
        beta = np.zeros(len(self.names))
        if self.intercept:
            with np.errstate(all="ignore"):
                beta[0] = level(self.problem)
        return beta

    @property
    def history(self) -> tuple[GlmStep, ...]:
        """Every iteration, those beyond ``iterations`` too, which settle the last digits."""
        steps = zip(self.path.gammas, self.path.deviances, strict=True)
        return tuple(GlmStep(self.back @ gamma, deviance) for gamma, deviance in steps)

    @property
    def iterations(self) -> int:
        """Iterations until the deviance changed by less than 1e-8 of itself, as R counts them."""
        return self.path.counted

    @property
    def converged(self) -> bool:
        """Whether the steps came down to rounding, with no mean at an end of those possible."""
        return self.path.converged and self._separated is None

    @property
    def note(self) -> str:
        """What keeps the fit from being one, or columns that it left out; "" where all is well."""
        notes = []
        if self.dropped:
            notes.append(f"left out as combinations of other columns: {', '.join(self.dropped)}")
        if self._separated:
            kept = np.array(self.names)[self.kept]
            moving = kept[self._separated.direction != 0.0]
            notes.append(
                f"{self.separation} separation along {', '.join(moving)}: the likelihood rises "
                "without end in that direction and has no maximum; the numbers are those of "
                "where the iterations stopped"
            )
        elif not self.converged:
            why = "the steps have not come to rest"
            if self.path.singular:
                why = "the information has lost a direction"
            if self.path.blocked:
                why = "the maximum is where a mean reaches the end of those possible"
            notes.append(f"not converged after {len(self.path.gammas)} iterations: {why}")
        elif self.intercept and self._worse_than_the_mean:
            notes.append("the likelihood has another maximum: the intercept alone is likelier")
        return "; ".join(notes)

    @property
    def separation(self) -> str | None:
        """Why the likelihood has no maximum: "complete", "quasi-complete", or None: it has one."""
        if self._separated is None:
            return None
        return "complete" if self._separated.complete else "quasi-complete"

    @cached_property
    def _separated(self) -> Separation | None:
        R = self.path.R
        if self.path.converged and R is not None:
            told = np.abs(R.diagonal()) > FAINT * np.linalg.norm(R, axis=0)
            if told.all():
                return None
        return separation(self.problem)

    @property
    def _worse_than_the_mean(self) -> bool:
        """By more than R's rule takes for equal."""
        alone, deviance = null_deviance(self.problem, True), self.path.deviances[-1]
        return deviance - alone > R_EPSILON * (deviance + 0.1)

    @cached_property
    def linear_predictor(self) -> Array:
        """η (n,), the offset included."""
        if len(self.problem.y) == len(self.y):  # without rows of weight 0
            return self.problem.eta(self.path.gammas[-1])
        result: Array = self.design @ self.coefficients
        return result if self.offset is None else result + self.offset

    @cached_property
    def fitted(self) -> Array:
        """μ̂ (n,); with trials, of the share of successes."""
        with np.errstate(all="ignore"):
            return self.model.mean(self.linear_predictor)

    def predict(self, X: ArrayLike, offset: ArrayLike = 0.0) -> Array:
        """μ (m,) for X (m, d)."""
        X = np.asarray(X, dtype=np.float64)
        X = X[:, None] if X.ndim == 1 else X
        slopes = self.coefficients[self.intercept :]
        if X.ndim != 2 or X.shape[1] != len(slopes):
            raise ShapeError(f"X has shape {X.shape}; this model takes (m, {len(slopes)})")
        eta = X @ slopes + np.asarray(offset, dtype=np.float64)
        with np.errstate(all="ignore"):
            return self.model.mean(eta + self.coefficients[0] if self.intercept else eta)
