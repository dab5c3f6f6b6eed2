"""Analysis of variance by terms: type II, and terms left out one at a time."""

from collections.abc import Sequence
from math import nan

from engine.comparison.refit import (
    Fit,
    Submodel,
    Submodels,
    check_terms,
    contains,
    name_of_test,
    statistic,
)
from engine.comparison.table import AnovaRow, AnovaTable
from engine.least_squares.solution import number
from engine.terms.model_term import ModelTerm


def anova(fit: Fit, terms: Sequence[ModelTerm]) -> AnovaTable:
    """The analysis of variance table of type II: each term, given all that do not contain it.

    The term's sum of squares is the difference of two models: all terms that do not contain it,
    with and without it (Fox 2016, Applied Regression Analysis and Generalized Linear Models, 3rd
    ed., §8.2.3 and §15.3; R's car::Anova, type II). F has the residual mean square of the whole
    model. Generalised linear models: the likelihood ratio, or F with Pearson's dispersion where it
    is estimated. θ of a negative binomial is that of the whole model.

    Arguments:
        fit: of ``ols`` or ``glm``.
        terms: of the model; each column of X belongs to one.

    Returns:
        An AnovaTable with a row for each term, in order. A row is NaN, with a note, where a model
        has not converged or a term adds nothing to the others.

    Raises:
        DataError: if a column belongs to no term or to two.

    Example:
        >>> import engine
        >>> from engine.terms.model_term import ModelTerm
        >>> fit = engine.ols([[1, 0], [2, 1], [3, 1], [4, 0], [5, 1]], [1, 3, 2, 5, 4])
        >>> terms = [ModelTerm("a", frozenset({"a"}), (0,)), ModelTerm("b", frozenset({"b"}), (1,))]
        >>> [(row.term, round(row.sum_of_squares, 3)) for row in engine.anova(fit, terms).rows]
        [('a', 6.982), ('b', 0.582)]
    """
    check_terms(fit, terms)
    submodels = Submodels(fit)
    rows = []
    for term in terms:
        others = [t for t in terms if t is not term and not contains(t, term)]
        columns = [j for t in others for j in t.columns]
        larger, smaller = submodels.of([*columns, *term.columns]), submodels.of(columns)
        rows.append(_row(fit, term.name, smaller, larger, nan, submodels.full.note))
    return AnovaTable(tuple(rows), residual_row(fit), name_of_test(fit))


def drop_one(fit: Fit, terms: Sequence[ModelTerm]) -> AnovaTable:
    """What the model loses without each term that no other contains, and AIC without it.

    As R's drop1 with test = "F" or "Chisq"; but F has Pearson's dispersion where it is estimated,
    and AIC is that of the smaller model with its own dispersion and all constants, as ``aic_r``.
    Chambers & Hastie 1992, Statistical Models in S, §6.3.

    Arguments:
        fit: of ``ols`` or ``glm``.
        terms: of the model; each column of X belongs to one.

    Returns:
        An AnovaTable; the first row, "none", has AIC of the model itself.

    Raises:
        DataError: if a column belongs to no term or to two.

    Example:
        >>> import engine
        >>> from engine.terms.model_term import ModelTerm
        >>> fit = engine.ols([1, 2, 3, 4], [1, 3, 2, 5])
        >>> table = engine.drop_one(fit, [ModelTerm("x", frozenset({"x"}), (0,))])
        >>> [(row.term, round(row.aic, 2)) for row in table.rows]
        [('none', 15.78), ('x', 18.48)]
    """
    check_terms(fit, terms)
    submodels = Submodels(fit)
    full = submodels.full
    rows = [AnovaRow("none", 0, nan, nan, nan, full.aic, full.note)]
    for term in terms:
        if not any(contains(t, term) for t in terms):
            columns = [j for t in terms if t is not term for j in t.columns]
            smaller = submodels.of(columns)
            rows.append(_row(fit, term.name, smaller, full, smaller.aic, full.note))
    return AnovaTable(tuple(rows), residual_row(fit), name_of_test(fit))


def residual_row(fit: Fit) -> AnovaRow:
    """The row of the residuals of a fit."""
    left = fit.ssr if not hasattr(fit, "deviance") else fit.deviance
    return AnovaRow("residuals", fit.freedom, left, nan, nan, nan, "")


def _row(
    fit: Fit, name: str, smaller: Submodel, larger: Submodel, aic: float, full: str
) -> AnovaRow:
    """The row of the difference of two models; ``full`` is why the whole one is no maximum."""
    note = full or larger.note or smaller.note
    freedom = larger.rank - smaller.rank
    difference = smaller.deviance - larger.deviance
    if note:
        return AnovaRow(name, freedom, number(difference), nan, nan, aic, note)
    if freedom <= 0:
        return AnovaRow(name, 0, nan, nan, nan, aic, "it adds nothing to the other terms")
    value, p = statistic(fit, difference, freedom)
    if value != value:
        note = "no degrees of freedom are left" if fit.freedom <= 0 else "the fit is perfect"
    return AnovaRow(name, freedom, max(number(difference), 0.0), value, p, aic, note)
