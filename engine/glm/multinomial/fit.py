"""The result of ``multinomial``: coefficients by class, tests, probabilities, and its network."""

from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools, Ints
from engine.glm.multinomial.newton import ClassData, NewtonPath, class_separation, log_softmax
from engine.glm.separation import Separation
from engine.least_squares.inference.prediction import new_columns
from engine.least_squares.inference.tails import half_width, p_of_chi2
from engine.network.network import Network
from engine.wording import noun_for, plural

NEARLY_SINGULAR = 1e-10  # smallest eigenvalue of the scaled information: then look for separation


@dataclass(frozen=True, eq=False, repr=False)
class MultinomialFit:
    """A multinomial logit model log(P_j/P_0) = xᵀβ_j of k classes, with p coefficients for each.

    Class 0 is the reference. Agresti 2013, Categorical Data Analysis, 3rd ed., §8.1.

    Attributes:
        classes: the labels (k,), the reference first.
        design: the columns (n, p), the intercept first.
        labels: the places (n,) of the labels among ``classes``.
        weights: (n,) or None.
        names: of the coefficients; ``dropped``: of the columns left out.

    Example:
        >>> import engine
        >>> fit = engine.multinomial([1, 2, 3, 4, 5, 6], list("abacbc"))
        >>> fit.classes, fit.coefficients.shape, fit.converged
        (('a', 'b', 'c'), (2, 2), True)
    """

    classes: tuple[object, ...]
    design: Array
    labels: Ints
    weights: Array | None
    names: tuple[str, ...]
    intercept: bool
    dropped: tuple[str, ...]
    problem: ClassData
    path: NewtonPath
    back: Array

    def __repr__(self) -> str:
        return (
            f"MultinomialFit({plural(len(self.classes), 'class', 'classes')}, "
            f"{plural(len(self.names), 'column')}; deviance {self.deviance:.6g})"
        )

    @cached_property
    def coefficients(self) -> Array:
        """β̂ (k − 1, p), a row for each class but the reference; 0 for dropped columns."""
        result: Array = self.path.gammas[-1] @ self.back.T
        return result

    @cached_property
    def covariance(self) -> Array:
        """Cov β̂ ((k − 1)p, (k − 1)p), class by class: the inverse information (Agresti §8.1.4).

        NaN for dropped columns, and where there is no maximum.
        """
        k, p = len(self.classes) - 1, len(self.names)
        full = np.full((k, p, k, p), nan)
        if self.converged and self.path.information is not None:
            r = self.back.shape[1]
            inverse = np.linalg.inv(self.path.information).reshape(k, r, k, r)
            full = np.einsum("ir,arbs,js->aibj", self.back, inverse, self.back)
            full[:, ~self._kept] = nan
            full[:, :, :, ~self._kept] = nan
        return full.reshape(k * p, k * p)

    @cached_property
    def standard_errors(self) -> Array:
        """The standard errors (k − 1, p); NaN for dropped columns, and without a maximum."""
        result: Array = np.sqrt(self.covariance.diagonal()).reshape(self.coefficients.shape)
        return result

    @property
    def z_values(self) -> Array:
        """Coefficients over standard errors (k − 1, p)."""
        with np.errstate(all="ignore"):
            return self.coefficients / self.standard_errors

    @cached_property
    def p_values(self) -> Array:
        """Two-sided normal p-values (k − 1, p) of β = 0."""
        from scipy.special import ndtr  # imported late: SciPy is slow to import

        return np.asarray(2.0 * ndtr(-np.abs(self.z_values)), dtype=np.float64)

    def confidence_intervals(self, level: float = 0.95) -> Array:
        """Wald intervals (k − 1, p, 2); DataError unless 0 < level < 1."""
        margin = half_width(level) * self.standard_errors
        return np.stack([self.coefficients - margin, self.coefficients + margin], axis=-1)

    @property
    def rank(self) -> int:
        """The number of coefficients estimated, of all classes."""
        return (len(self.classes) - 1) * int(self.back.shape[1])

    @property
    def deviance(self) -> float:
        """−2·log-likelihood of the classes seen."""
        return self.path.deviances[-1]

    @cached_property
    def null_deviance(self) -> float:
        """The deviance of the intercept alone: the shares of the classes; else of equal shares."""
        sums = np.bincount(self.problem.classes, self.problem.weights, len(self.classes))
        if not self.intercept:
            return float(2.0 * sums.sum() * np.log(len(sums)))
        return float(-2.0 * (sums @ np.log(sums / sums.sum())))

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood, −deviance/2."""
        return -self.deviance / 2.0

    @property
    def aic(self) -> float:
        """deviance + 2·rank, as in R."""
        return self.deviance + 2.0 * self.rank

    @property
    def lr_statistic(self) -> float:
        """The likelihood ratio χ² that all slopes are 0."""
        return max(self.null_deviance - self.deviance, 0.0)

    @property
    def lr_freedom(self) -> int:
        """Its degrees of freedom."""
        return self.rank - self.intercept * (len(self.classes) - 1)

    @property
    def lr_p_value(self) -> float:
        """Its upper tail; NaN where there is no maximum."""
        return p_of_chi2(self.lr_statistic, self.lr_freedom) if self.converged else nan

    @property
    def converged(self) -> bool:
        """Whether the steps became as small as rounding, and the classes are not separated."""
        return self.path.converged and self._separated is None

    @property
    def iterations(self) -> int:
        """The number of Newton steps."""
        return len(self.path.gammas) - 1

    @property
    def separation(self) -> str | None:
        """How the classes are separated, "complete" or "quasi-complete"; None if not."""
        return None if self._separated is None else self._separated.kind

    @cached_property
    def infinite(self) -> tuple[tuple[object, str], ...]:
        """(class, name) of the coefficients without a finite estimate."""
        if self._separated is None:
            return ()
        k = len(self.classes) - 1
        back = np.asarray(np.kron(np.eye(k), self.back), dtype=np.float64)
        moves = self._separated.diverging(back).reshape(k, len(self.names))
        return tuple((self.classes[a + 1], self.names[i]) for a, i in np.argwhere(moves).tolist())

    @property
    def note(self) -> str:
        """Dropped columns, and why there is no maximum; "" if there is nothing to say."""
        parts = []
        if self.dropped:
            combinations = noun_for(len(self.dropped), "a combination", "combinations")
            names = ", ".join(self.dropped)
            parts.append(f"left out as {combinations} of other columns: {names}")
        if self.separation:
            parts.append(
                f"{self.separation} separation of the classes: the likelihood keeps rising and has "
                "no maximum; the numbers are from where the iterations stopped"
            )
        elif not self.converged:
            parts.append(f"not converged after {plural(self.iterations, 'iteration')}")
        return "; ".join(parts)

    @cached_property
    def fitted(self) -> Array:
        """The fitted probabilities (n, k)."""
        return np.exp(log_softmax(self.design @ self.coefficients.T))

    def predict(self, X: ArrayLike) -> Array:
        """Probabilities (m, k) for X (m, d)."""
        first = int(self.intercept)
        x = new_columns(X, len(self.names) - first)
        design = np.column_stack([np.ones(len(x)), x]) if first else x
        return np.exp(log_softmax(design @ self.coefficients.T))

    def network(self) -> Network:
        """The one-layer softmax network with the same probabilities; the reference has w = 0."""
        first = int(self.intercept)
        full = np.vstack([np.zeros(len(self.names)), self.coefficients])
        biases = [full[:, 0]] if self.intercept else None
        return Network.from_arrays([full[:, first:]], biases, output="softmax")

    @property
    def _kept(self) -> Bools:
        return np.asarray(self.back.any(axis=1), dtype=np.bool_)

    @cached_property
    def _separated(self) -> Separation | None:
        H = self.path.information
        if self.path.converged and H is not None:
            scale = np.sqrt(H.diagonal())
            if np.linalg.eigvalsh(H / scale / scale[:, None])[0] > NEARLY_SINGULAR:
                return None
        return class_separation(self.problem)
