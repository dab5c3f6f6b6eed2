"""The numbers of a fit as values for JSON, with all digits, by the engine's attribute names."""

from typing import Any

import numpy as np

from engine import Diagnosis, OlsFit, diagnose
from engine.diagnostics import ABOUT, TESTS
from engine.glm.families import FAMILIES, NEGATIVE_BINOMIAL
from engine.glm.fit import GlmFit
from tui.cli.fit.anova import anova_values
from tui.cli.fit.coefficients import Coefficients, robust_covariance
from tui.cli.fit.data import FitData
from tui.cli.fit.model import half_probability_at

OLS = (
    "method", "rank", "freedom", "dropped", "coefficients", "standard_errors", "t_values",
    "p_values", "residual_quartiles", "residual_sd", "ssr", "r_squared", "adjusted_r_squared",
    "f_statistic", "f_freedom", "f_p_value", "log_likelihood", "aic", "bic", "aic_r", "bic_r",
    "condition_number", "fitted", "residuals",
)  # fmt: skip
GLM = (
    "family", "link", "output", "loss", "rank", "freedom", "dropped", "coefficients",
    "standard_errors", "z_values", "p_values", "deviance", "null_deviance", "pearson_chi2",
    "dispersion", "lr_statistic", "lr_p_value", "log_likelihood", "aic", "bic", "aic_r",
    "bic_r", "iterations", "converged", "separation", "note", "linear_predictor", "fitted",
    "f_statistic", "f_freedom", "f_p_value", "infinite",
)  # fmt: skip


def values(data: FitData, fit: OlsFit | GlmFit, table: Coefficients) -> dict[str, Any]:
    """All numbers of a fit, by the names of the engine's attributes.

    Lists are ordered as ``names`` (for coefficients) or as the examples. An undefined number is
    None and an infinite one the text "inf" or "-inf", for JSON has neither.
    """
    names = OLS if isinstance(fit, OlsFit) else GLM
    result: dict[str, Any] = {
        "data": data.name,
        "source": data.source or None,
        "n": len(data),
        "target": data.target.name,
        "success": data.success or None,
        "trials": None if data.trials is None else data.trials.name,
        "weights": None if data.weights is None else data.weights.name,
        "left_out": data.left_out,
        "terms": anova_values(data, fit),
        "notes": (*data.notes, *remarks(data, fit)),
        "reason": data.reason or None,
        "family": "gaussian",
        "link": "identity",
        "intercept": fit.intercept,
        "names": fit.names,
        **{name: getattr(fit, name) for name in names if not is_unknown(fit, name)},
        "confidence_level": table.level,
        "confidence_intervals": fit.confidence_intervals(table.level),
        "covariance": fit.covariance() if isinstance(fit, OlsFit) else fit.covariance,
        "row_names": data.row_names,
    }
    if table.robust is not None:
        result["robust"] = {
            "kind": table.robust,
            "standard_errors": table.errors,
            f"{table.letter}_values": table.statistics,
            "p_values": table.p_values,
            "confidence_intervals": table.intervals,
            "covariance": robust_covariance(fit, table.robust),
        }
    if isinstance(fit, OlsFit):
        result["diagnostics"] = _diagnostics(diagnose(fit, rows_have_order=data.rows_have_order))
    else:
        result |= _of_glm(fit, table)
        result["half_probability_at"] = half_probability_at(fit)
        result["deviance_residuals"] = fit.residuals("deviance")
        result["history"] = [
            {"coefficients": step.coefficients, "deviance": step.deviance} for step in fit.history
        ]
    plain: dict[str, Any] = _plain(result)
    return plain


def is_unknown(fit: OlsFit | GlmFit, name: str) -> bool:
    """Whether a model has no such value: quasi-likelihoods and the negative binomial are none of
    the networks."""
    of_network = name in ("output", "loss")
    return of_network and isinstance(fit, GlmFit) and fit.family not in FAMILIES


def _of_glm(fit: GlmFit, table: Coefficients) -> dict[str, Any]:
    """θ, exp β, over-dispersion, and the diagnostics of each example."""
    result: dict[str, Any] = {
        "leverage": fit.leverage,
        "cooks_distance": fit.cooks_distance,
        "standardised_deviance_residuals": fit.standardised_residuals("deviance"),
        "standardised_pearson_residuals": fit.standardised_residuals("pearson"),
    }
    if fit.family == NEGATIVE_BINOMIAL:
        result |= {"theta": fit.theta, "theta_se": fit.theta_se}
    if fit.link in ("logit", "log"):
        with np.errstate(over="ignore"):
            result["exp_coefficients"] = np.exp(table.estimates)
            result["exp_intervals"] = np.exp(table.intervals)
    if seen := fit.overdispersion:
        result["overdispersion"] = {
            "ratio": seen.ratio,
            "freedom": seen.freedom,
            "p_value": seen.p_value,
            "reason": seen.reason,
        }
    return result


def remarks(data: FitData, fit: OlsFit | GlmFit) -> list[str]:
    """What is to be said of the responses, with the rows' places in the file."""
    if isinstance(fit, OlsFit):
        return []
    return [remark.at(data.row(remark.row)) for remark in fit.remarks]


def _diagnostics(diagnosis: Diagnosis) -> dict[str, Any]:
    tests: dict[str, Any] = {}
    for key in TESTS:
        test, about = diagnosis.test(key), ABOUT[key]
        tests[key] = {
            "statistic": None if test is None else test.statistic,
            "freedom": () if test is None else test.freedom,
            "p_value": None if test is None else test.p_value,
            "note": diagnosis.note(key),
            "name": about.name,
            "tests": about.tests,
            "good": about.good,
        }
    return {
        "tests": tests,
        "durbin_watson_tails": diagnosis.durbin_watson_tails,
        "vif": diagnosis.vif,
        "condition_indices": diagnosis.condition_indices,
        "leverage": diagnosis.leverage,
        "cooks_distance": diagnosis.cooks_distance,
        "studentised_internal": diagnosis.studentised_internal,
        "studentised_external": diagnosis.studentised_external,
    }


def _plain(value: Any) -> Any:
    """The value with its arrays and tuples as lists, as JSON can hold it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(float(value))
    return value.item() if isinstance(value, np.generic) else value
