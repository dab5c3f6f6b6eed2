"""A fit with some of its columns, and tests of the difference of two nested fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, nan

from engine.errors import DataError, EngineError
from engine.glm.fit import GlmFit
from engine.glm.fitting import refitted
from engine.least_squares.inference.tails import p_of_chi2, p_of_f
from engine.least_squares.ols import OlsFit, ols
from engine.least_squares.solution import Square, number
from engine.terms.model_term import ModelTerm

Fit = OlsFit | GlmFit
EXACT_ENTRIES = 20_000  # of X: a table takes two fits for each term, which should be quick


@dataclass(frozen=True)
class Submodel:
    """What is needed of a fit: its sum of squares or deviance, and where it is no number, why."""

    deviance: Square
    rank: int
    aic: float
    note: str


class Submodels:
    """The fits with some of the columns of X of a fit, each computed once."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        every = range(len(fit.names) - fit.intercept)
        if isinstance(fit, OlsFit):
            full = Submodel(fit.solution.ssr, fit.rank, fit.aic_r, "")
        else:
            full = Submodel(fit.deviance, fit.rank, fit.aic_r, why_not(fit))
        self._known = {frozenset(every): full}
        self.full = full

    def of(self, columns: Iterable[int]) -> Submodel:
        """The fit with these columns, from 0; with an intercept if the fit has one."""
        chosen = frozenset(columns)
        if chosen not in self._known:
            self._known[chosen] = self._fitted(sorted(chosen))
        return self._known[chosen]

    def _fitted(self, columns: list[int]) -> Submodel:
        fit = self.fit
        if isinstance(fit, OlsFit):
            if not columns and not fit.intercept:  # the total is then Σwy²
                return Submodel(fit.solution.total, 0, nan, "")
            exact = fit.method == "exact" and fit.X.size <= EXACT_ENTRIES
            method = "exact" if exact else "fast"
            part = ols(fit.X[:, columns], fit.y, fit.intercept, fit.weights, None, method)
            return Submodel(part.solution.ssr, part.rank, part.aic_r, "")
        if not columns and not fit.intercept:
            return Submodel(fit.null_deviance, 0, nan, "")
        try:
            smaller = refitted(fit, columns)
        except EngineError as error:
            return Submodel(nan, 0, nan, str(error))
        aic = smaller.aic + 2.0 * fit.other_parameters
        return Submodel(smaller.deviance, smaller.rank, aic, why_not(smaller))


def why_not(fit: GlmFit) -> str:
    """Why the deviance is not that of a maximum; "" if it is."""
    return "" if fit.converged else fit.warning


def check_terms(fit: Fit, terms: Sequence[ModelTerm]) -> None:
    """DataError unless each column of X belongs to one term."""
    d = len(fit.names) - fit.intercept
    columns = sorted(j for term in terms for j in term.columns)
    if columns != list(range(d)):
        raise DataError(f"the terms have columns {columns}; each of 0 to {d - 1} belongs to one")


def contains(larger: ModelTerm, smaller: ModelTerm) -> bool:
    """Whether a term is of higher order than another, with all its variables."""
    return smaller.variables < larger.variables


def name_of_test(fit: Fit) -> str:
    """ "F" where the dispersion is estimated, else "chi2"."""
    return "F" if isinstance(fit, OlsFit) or fit.model.family.dispersion else "chi2"


def statistic(fit: Fit, difference: Square, freedom: int) -> tuple[float, float]:
    """F or the likelihood ratio χ² of a difference of deviances, and its p-value.

    F has the dispersion of ``fit``: s², or Pearson's χ²/freedom.
    """
    if freedom <= 0 or difference != difference:
        return nan, nan
    if isinstance(fit, GlmFit) and not fit.model.family.dispersion:
        chi2 = max(number(difference), 0.0)
        return chi2, p_of_chi2(chi2, freedom)
    if fit.freedom <= 0 or (isinstance(fit, GlmFit) and fit.is_perfect):
        return nan, nan
    if isinstance(fit, OlsFit):
        scale = fit.solution.ssr / fit.freedom
        ratio = difference / scale if scale else (inf if difference > 0 else nan)
    else:
        ratio = number(difference) / fit.dispersion if fit.dispersion else nan
    f = max(number(ratio) / freedom, 0.0) if ratio == ratio else nan
    return f, p_of_f(f, freedom, fit.freedom)
