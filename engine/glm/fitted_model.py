"""A fitted generalised linear model: coefficients, convergence, predictions, its network."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array
from engine.errors import ExperimentError, ShapeError
from engine.glm.families import NEGATIVE_BINOMIAL, Model
from engine.glm.irls import R_EPSILON, Iterations, Regression
from engine.glm.likelihood import level, null_deviance
from engine.glm.responses import Remark
from engine.glm.separation import Separation, separation
from engine.network.network import Network
from engine.wording import noun_for, plural

NEARLY_SINGULAR = 1e-6  # pivots of R, relative to the column, below which to look for separation


class GlmStep(NamedTuple):
    """The coefficients (p,) and the deviance after one iteration."""

    coefficients: Array
    deviance: float


@dataclass(frozen=True, eq=False, repr=False)
class FittedModel:
    """A fit of n examples with p coefficients, the intercept first if there is one.

    ``design`` (n, p): the columns in their own units. ``y`` (n,): the responses; with ``trials``,
    the proportions of successes. Columns in ``dropped`` have coefficient 0 and no standard error.
    ``problem`` and ``path``: the fit in scaled columns, with coefficients γ (r,). ``back`` (p, r):
    β = back·γ. ``remarks``: what is to be said of the responses.
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
    remarks: tuple[Remark, ...]

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
        """The equivalent one-layer network; ``coefficients`` (p,) replace the fitted ones.

        Its loss is ``loss``. ExperimentError if there is an offset, as a network has none.
        """
        if self.offset is not None:
            raise ExperimentError("an offset cannot be represented as a network input")
        beta = self.coefficients if coefficients is None else np.asarray(coefficients, dtype=float)
        if beta.shape != (len(self.names),):
            raise ShapeError(f"coefficients have shape {beta.shape}, not ({len(self.names)},)")
        slopes, biases = (beta[1:], [beta[:1]]) if self.intercept else (beta, None)
        return Network.from_arrays([slopes[None]], biases, output=self.output)

    @property
    def output(self) -> str:
        """The output activation of the equivalent network: the inverse link."""
        return self.model.link.output

    @property
    def loss(self) -> str:
        """The loss of the equivalent network: the family's −log-likelihood, without dispersion.

        ExperimentError for a negative binomial: that loss has a parameter, and no network here.
        """
        if self.family == NEGATIVE_BINOMIAL:
            raise ExperimentError("there is no loss of a network for the negative binomial family")
        return self.model.family.loss

    # the fit

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which coefficients are estimated (p,): all but those of dropped columns."""
        return np.asarray(self.back.any(axis=1), dtype=np.bool_)

    @cached_property
    def coefficients(self) -> Array:
        """β̂ (p,)."""
        result: Array = self.back @ self.path.gammas[-1]
        return result

    @cached_property
    def null_coefficients(self) -> Array:
        """β (p,) of the null model: (g(ȳ), 0, …), or zeros without an intercept.

        A start for gradient descent: every μ is in the range of the family. g(ȳ) is infinite if
        every y is at the same end of the range.
        """
        beta = np.zeros(len(self.names))
        if self.intercept:
            with np.errstate(all="ignore"):
                beta[0] = level(self.problem)
        return beta

    @property
    def history(self) -> tuple[GlmStep, ...]:
        """All iterations, including those after ``iterations``, which settle the last digits."""
        steps = zip(self.path.gammas, self.path.deviances, strict=True)
        return tuple(GlmStep(self.back @ gamma, deviance) for gamma, deviance in steps)

    @property
    def iterations(self) -> int:
        """Iterations until the relative change of the deviance is below 1e-8, as R counts them."""
        return self.path.counted

    @property
    def converged(self) -> bool:
        """Whether the steps became as small as rounding, with no μ at an end of the range."""
        return self.path.converged and self._separated is None

    @property
    def note(self) -> str:
        """Dropped columns, remarks on the data, ``warning``; "" if there is nothing to say."""
        return self.note_naming(lambda row: f"row {row + 1}")

    def note_naming(self, place: Callable[[int], str]) -> str:
        """The note, with the caller's names of rows (from 0)."""
        dropped = ", ".join(self.dropped)
        combinations = noun_for(len(self.dropped), "a combination", "combinations")
        left_out = f"left out as {combinations} of other columns: {dropped}" if dropped else ""
        remarks = [remark.at(place(remark.row)) for remark in self.remarks]
        return "; ".join(filter(None, [left_out, *remarks, self.warning]))

    @property
    def warning(self) -> str:
        """Why the fit is no maximum, or not the highest one; "" if it is."""
        if self._separated:
            return (
                f"{self.separation} separation along {', '.join(self.infinite)}: the likelihood "
                "keeps rising in that direction and has no maximum; the numbers are from "
                "where the iterations stopped"
            )
        if not self.converged:
            why = "the steps have not converged"
            if self.path.singular:
                why = "the information matrix has become singular"
            if self.path.blocked:
                why = "the maximum is at the end of the range of a mean"
            return f"not converged after {plural(len(self.path.gammas), 'iteration')}: {why}"
        if self.intercept and self._worse_than_null:
            return "the likelihood has another maximum: the intercept alone has a higher likelihood"
        return ""

    @property
    def separation(self) -> str | None:
        """How the data are separated, "complete" or "quasi-complete"; None if they are not."""
        return None if self._separated is None else self._separated.kind

    @cached_property
    def infinite(self) -> tuple[str, ...]:
        """The names of the coefficients without a finite estimate, where data are separated."""
        if self._separated is None:
            return ()
        diverging = self._separated.diverging(self.back)
        return tuple(name for name, moves in zip(self.names, diverging, strict=True) if moves)

    @cached_property
    def separating_direction(self) -> Array | None:
        """A direction (p,) of the coefficients along which the likelihood rises without end.

        It is 0 for coefficients that are not ``infinite``. None if the data are not separated.
        """
        return None if self._separated is None else self._separated.direction_of(self.back)

    @cached_property
    def _separated(self) -> Separation | None:
        R = self.path.R
        if self.path.converged and R is not None:
            pivots = np.abs(R.diagonal())
            if (pivots > NEARLY_SINGULAR * np.linalg.norm(R, axis=0)).all():
                return None
        return separation(self.problem)

    @property
    def _worse_than_null(self) -> bool:
        """Whether the deviance is above that of the null model, by R's rule for equality."""
        null, deviance = null_deviance(self.problem, True), self.path.deviances[-1]
        return deviance - null > R_EPSILON * (deviance + 0.1)

    @cached_property
    def linear_predictor(self) -> Array:
        """η (n,), including the offset."""
        if len(self.problem.y) == len(self.y):  # no rows of weight 0 were left out
            return self.problem.eta(self.path.gammas[-1])
        result: Array = self.design @ self.coefficients
        return result if self.offset is None else result + self.offset

    @cached_property
    def fitted(self) -> Array:
        """μ̂ (n,); with trials, the mean proportion of successes."""
        with np.errstate(all="ignore"):
            return self.model.mean(self.linear_predictor)

    def predict(self, X: ArrayLike, offset: ArrayLike = 0.0) -> Array:
        """μ (m,) for X (m, d) and an offset (m,)."""
        X = np.asarray(X, dtype=np.float64)
        X = X[:, None] if X.ndim == 1 else X
        slopes = self.coefficients[self.intercept :]
        if X.ndim != 2 or X.shape[1] != len(slopes):
            raise ShapeError(f"X has shape {X.shape}; this model takes (m, {len(slopes)})")
        eta = X @ slopes + np.asarray(offset, dtype=np.float64)
        with np.errstate(all="ignore"):
            return self.model.mean(eta + self.coefficients[0] if self.intercept else eta)
