"""The summary of a fit as plain text, at most 80 columns wide."""

from math import isnan

import numpy as np

from engine import OlsFit
from engine.arrays import Array
from engine.glm.fit import GlmFit
from engine.wording import plural
from tui.cli.fit.anova import anova_lines
from tui.cli.fit.coefficients import Coefficients
from tui.cli.fit.data import FitData
from tui.cli.fit.diagnostics import diagnostic_lines
from tui.cli.fit.formatting import WIDTH, cell_count, columns, figure, left, p_value, percent, wrap
from tui.cli.fit.json_values import is_unknown, remarks
from tui.cli.fit.model import half_probability_at
from tui.system.output import one_line

FAMILY = {
    "gaussian": "Gaussian",
    "binomial": "Binomial",
    "poisson": "Poisson",
    "gamma": "Gamma",
    "quasi_poisson": "Quasi-Poisson",
    "quasi_binomial": "Quasi-binomial",
    "negative_binomial": "Negative binomial",
}
SMALL_P = 0.01  # of over-dispersion, from which on it is told
SOLVED = {
    "exact": "Solved in integers: all digits are right.",
    "terms": "Solved in integers, of terms that were computed in float64.",
    "gram": "Solved in float64, by normal equations.",
    "qr": "Solved in float64, by QR.",
}


def report(data: FitData, fit: OlsFit | GlmFit, table: Coefficients) -> str:
    """The summary of a fit, with its coefficients as in ``table``."""
    lines = _head(data, fit)
    if isinstance(fit, OlsFit):
        lines += _quartiles("Residuals", fit.residual_quartiles)
        lines += _coefficients(fit, table)
        lines += ["", *_ols_lines(data, fit), *anova_lines(data, fit), *diagnostic_lines(data, fit)]
    else:
        residuals = np.quantile(_weighted_residuals(fit), [0.0, 0.25, 0.5, 0.75, 1.0])
        lines += _quartiles("Deviance residuals", residuals)
        lines += _coefficients(fit, table)
        lines += [*_exp_lines(fit, table), "", *_glm_lines(fit), *anova_lines(data, fit)]
    return "\n".join(lines)


def _head(data: FitData, fit: OlsFit | GlmFit) -> list[str]:
    target = data.target.name
    if data.trials is not None:
        target += f" of {data.trials.name}"
    elif data.success:
        target += f" (1 is {data.success})"
    model = "Least squares"
    if isinstance(fit, GlmFit):
        model = f"{FAMILY[fit.family]} model, {fit.link} link"
    terms = [name for name in fit.names if name != "intercept" or not fit.intercept]
    call = f"{model}: {target} on {', '.join(terms)}"
    if not fit.intercept:
        call += ", without an intercept"
    if data.weights is not None:
        call += f", weighted by {data.weights.name}"
    lines = wrap(call, WIDTH, subsequent_indent="  ")
    source = f": {data.source}" if data.source else ""
    lines += wrap(f"{plural(len(data), 'row')} of {data.name}{source}", WIDTH)
    if data.reason:
        lines += wrap(f"Family {data.family}: {data.reason}.", WIDTH, subsequent_indent="  ")
    for note in (*data.notes, *remarks(data, fit)):
        lines += wrap(f"Note: {note}.", WIDTH, subsequent_indent="  ")
    if isinstance(fit, GlmFit) and fit.warning:
        lines += ["", *wrap(f"Warning: {fit.warning}.", WIDTH)]
    return lines


def _quartiles(title: str, five: Array) -> list[str]:
    names = ("min", "1Q", "median", "3Q", "max")
    cells = [figure(value, 5, 11) for value in five]
    return ["", f"{title:<20}" + columns(names, 12), " " * 20 + columns(cells, 12)]


def _coefficients(fit: OlsFit | GlmFit, shown: Coefficients) -> list[str]:
    names, robust = [*map(one_line, shown.names)], shown.robust
    longest = max(map(cell_count, names))
    name_width = min(longest, 15)
    widths = (13, 11, 9, 9, 11, 11)
    lines = ["", " " * name_width + columns(shown.heads, widths)]
    dropped = set(fit.dropped)
    numbers = (shown.estimates, shown.errors, shown.statistics, shown.p_values)
    table = zip(shown.names, *numbers, *shown.intervals.T, strict=True)
    for name, (column, estimate, error, ratio, chance, low, high) in zip(names, table, strict=True):
        cells = (
            figure(estimate, 6, 12),
            figure(error, 5, 10),
            figure(ratio, 4, 8),
            p_value(chance),
            figure(low, 4, 10),
            figure(high, 4, 10),
        )
        if column in dropped:
            cells = ("left out", "", "", "", "", "")
        if cell_count(name) > name_width:
            lines.append(name)
            name = ""
        lines.append(left(name, name_width) + columns(cells, widths).rstrip())
    if fit.dropped:
        lines += wrap(
            f"Left out, as combinations of the columns before: {', '.join(fit.dropped)}.", WIDTH
        )
    if robust is not None:
        lines += wrap(
            f"Standard errors, t, p and intervals are {robust.upper()}: right for a spread that "
            "changes from row to row. All tests below are the usual ones.",
            WIDTH,
        )
    return lines


def _ols_lines(data: FitData, fit: OlsFit) -> list[str]:
    model_df, residual_df = fit.f_freedom
    kind = "R²" if fit.intercept else "R² (about 0)"
    return [
        f"s = {figure(fit.residual_sd)} on {plural(fit.freedom, 'degree')} of freedom",
        f"{kind} = {figure(fit.r_squared)}, adjusted {figure(fit.adjusted_r_squared)}",
        f"F({model_df}, {residual_df}) = {figure(fit.f_statistic)}, p = {p_value(fit.f_p_value)}",
        f"log-likelihood = {figure(fit.log_likelihood)}",
        f"AIC = {figure(fit.aic_r)}, BIC = {figure(fit.bic_r)} (σ counted as a parameter, as in R)",
        f"condition number = {figure(fit.condition_number)}, of the columns in their own units",
        SOLVED["terms" if _is_rounded(data, fit) else fit.method],
    ]


def _is_rounded(data: FitData, fit: OlsFit) -> bool:
    """Whether an exact fit is of terms that were computed in float64."""
    computed = bool(data.terms) and not all(column.cells for column in data.inputs)
    return fit.method == "exact" and computed


def _glm_lines(fit: GlmFit) -> list[str]:
    estimated = fit.model.family.dispersion
    null_freedom = len(fit.problem.y) - fit.intercept
    phi = f"{figure(fit.dispersion)} (Pearson's χ²/degrees of freedom)" if estimated else "1, fixed"
    counted = "the dispersion counted as a parameter, as in R" if estimated else "as in R"
    lines = [
        f"dispersion = {phi}",
        f"null deviance = {figure(fit.null_deviance)} "
        f"on {plural(null_freedom, 'degree')} of freedom",
        f"deviance = {figure(fit.deviance)} on {plural(fit.freedom, 'degree')} of freedom",
        f"Pearson's χ² = {figure(fit.pearson_chi2)}",
        f"{_overall_test(fit)}: are all slopes 0?",
        *_goodness(fit),
        *_likelihood(fit, counted),
    ]
    if fit.converged and fit.theta is not None:
        lines.append("β by IRLS and θ by maximum likelihood, in turns, until both stood still")
    elif fit.converged:
        lines.append(
            f"{plural(fit.iterations, 'iteration')} of IRLS, "
            "until the deviance changed by less than 1e-8 of itself"
        )
    else:
        lines.append(f"{plural(len(fit.history), 'iteration')} of IRLS, without convergence")
    half = half_probability_at(fit)
    if half is not None:
        lines.append(f"the probability is 0.5 at {fit.names[-1]} = {figure(half)}")
    lines += _spread(fit)
    if not is_unknown(fit, "loss"):
        lines.append(f"as a network: one layer, output {fit.output}, loss {fit.loss}")
    return lines


def _spread(fit: GlmFit) -> list[str]:
    """θ of a negative binomial; whether counts vary more than the family says, and what then."""
    if fit.theta is not None and fit.theta_se is not None:
        error = "" if isnan(fit.theta_se) else f", std. error {figure(fit.theta_se)}"
        return [f"θ = {figure(fit.theta)}{error}: the variance is μ + μ²/θ"]
    seen = fit.overdispersion
    if seen is None or fit.model.family.dispersion or not seen.p_value < SMALL_P:
        return []
    other = "quasi_poisson or negative_binomial" if fit.family == "poisson" else "quasi_binomial"
    return wrap(
        f"over-dispersion: Pearson's χ² per degree of freedom is {figure(seen.ratio, 3)}, "
        f"p = {p_value(seen.p_value)}: the standard errors are too small (--family {other})",
        WIDTH,
    )


def _exp_lines(fit: GlmFit, shown: Coefficients) -> list[str]:
    """exp β of a logit or log link: odds ratios, or ratios of means."""
    if fit.link not in ("logit", "log") or len(fit.names) == fit.intercept:
        return []
    name = "odds ratio" if fit.link == "logit" else "ratio of means"
    with np.errstate(over="ignore"):
        table = np.exp(np.column_stack([shown.estimates, shown.intervals]))
    lines = ["", f"exp(coefficient): {name} for one unit more, {percent(shown.level)} interval"]
    names = [*map(one_line, fit.names)]
    width = max(map(cell_count, names)) + 2
    for label, row in list(zip(names, table, strict=True))[fit.intercept :]:
        cells = columns([figure(value, 4, 10) for value in row], 12)
        lines += [f"  {left(label, width)}{cells}"] if width <= 40 else [f"  {label}", f"  {cells}"]
    return lines


def _likelihood(fit: GlmFit, counted: str) -> list[str]:
    if fit.model.family.quasi:
        return ["no log-likelihood and no AIC: a quasi-likelihood only says how the variance grows"]
    return [
        f"log-likelihood = {figure(fit.log_likelihood)}",
        f"AIC = {figure(fit.aic_r)}, BIC = {figure(fit.bic_r)} ({counted})",
    ]


def _overall_test(fit: GlmFit) -> str:
    """F if the dispersion is estimated, as the t-tests; else the likelihood ratio test."""
    if fit.model.family.dispersion:
        model_df, residual_df = fit.f_freedom
        return (
            f"F({model_df}, {residual_df}) = {figure(fit.f_statistic)}, "
            f"p = {p_value(fit.f_p_value)}"
        )
    return (
        f"likelihood ratio χ²({fit.rank - fit.intercept}) = {figure(fit.lr_statistic)}, "
        f"p = {p_value(fit.lr_p_value)}"
    )


def _goodness(fit: GlmFit) -> list[str]:
    """The deviance as a goodness-of-fit test. It is valid for counts, not for targets 0 and 1."""
    if fit.model.family.dispersion:
        return []
    whole_counts = fit.family == "poisson" and np.isfinite(fit.log_likelihood)
    counts = whole_counts or fit.trials is not None
    if not counts or fit.freedom <= 0:
        return []
    from scipy.special import chdtrc  # imported late, for SciPy is slow to load

    p = float(chdtrc(fit.freedom, fit.deviance))
    return [f"goodness of fit χ²({fit.freedom}), of the deviance: p = {p_value(p)} (large counts)"]


def _weighted_residuals(fit: GlmFit) -> Array:
    """Deviance residuals of the rows with positive weight."""
    residuals = fit.residuals("deviance")
    return residuals if fit.weights is None else residuals[fit.weights > 0.0]
