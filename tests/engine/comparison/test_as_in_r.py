"""Predictions, tables, diagnostics and tests of 36 published data sets, as R has them.

``tests/reference/inference.R`` makes the numbers; each case holds the call.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.terms.model_term import ModelTerm

CASES = json.loads(
    (Path(__file__).parents[2] / "reference" / "inference.json").read_text(encoding="utf-8")
)
LEAST_SQUARES = [name for name, case in CASES.items() if case["kind"] == "ols"]
CLASSES = [name for name, case in CASES.items() if case["kind"] == "multinomial"]
GENERALISED = [name for name in CASES if name not in LEAST_SQUARES + CLASSES]
DEVIANCES = [name for name in GENERALISED if "drop_one" in CASES[name]]
DOSES = [name for name in GENERALISED if "dose" in CASES[name]]
THETAS = [name for name in GENERALISED if "theta" in CASES[name]]


def fitted(name):
    case = CASES[name]
    if case["kind"] == "ols":
        return engine.ols(case["X"], case["y"], weights=case.get("weights"))
    return engine.glm(
        case["X"], case["y"], case["kind"], case["link"],
        failures=case.get("failures"), offset=case.get("offset"),
    )  # fmt: skip


def terms_of(name):
    return [
        ModelTerm(term["name"], frozenset(term["variables"]), tuple(term["columns"]))
        for term in CASES[name]["terms"]
    ]


def numbers(values):
    return np.array(values, dtype=float)  # None, R's NA, becomes NaN


def assert_near(actual, expected, digits=1e-8, what=""):
    """Relative to the number, or to the largest of its column: R rounds differences too."""
    actual, expected = np.asarray(actual, dtype=float), numbers(expected)
    largest = np.nanmax(np.abs(expected), initial=0.0)
    assert np.isnan(actual).tolist() == np.isnan(expected).tolist(), what
    assert (np.abs(actual - expected) <= digits * largest)[~np.isnan(expected)].all(), what


def assert_p(actual, expected, what=""):
    """p-values to 1e-7 of themselves, as a statistic of 1e-8 has them; small ones in their log."""
    actual, expected = np.asarray(actual, dtype=float), numbers(expected)
    seen = ~np.isnan(expected)
    assert np.isnan(actual).tolist() == (~seen).tolist(), what
    assert actual[seen] == pytest.approx(expected[seen], rel=1e-6, abs=1e-12), what


def assert_table(rows, expected, what):
    assert [row.term for row in rows] == expected["term"], what
    assert [row.freedom for row in rows] == expected["freedom"], what
    for key, actual in (("squares", "sum_of_squares"), ("statistic", "statistic")):
        assert_near([getattr(row, actual) for row in rows], expected[key], what=f"{what} {key}")
    assert_p([row.p_value for row in rows], expected["p"], what)


@pytest.mark.parametrize("name", LEAST_SQUARES)
def test_least_squares_as_in_lm(name):
    case, fit, terms = CASES[name], fitted(name), terms_of(name)
    kept = [j not in fit.dropped for j in fit.names]
    assert_near(np.where(kept, fit.coefficients, np.nan), case["coefficients"])
    assert_table(engine.anova(fit, terms).rows, case["anova"], "anova")
    dropped = engine.drop_one(fit, terms).rows
    if name != "npk":  # there R's drop1 counts P:K again, which N:P:K contains and adds nothing to
        assert_table(dropped[1:], case["drop_one"], "drop_one")
        assert_near([row.aic for row in dropped], case["drop_one"]["aic"])


@pytest.mark.parametrize("name", LEAST_SQUARES)
def test_intervals_of_least_squares_as_in_predict_lm(name):
    expected = CASES[name]["predict"]
    ahead = fitted(name).predict_intervals(expected["X"], level=0.9)
    for key in ("fit", "se", "confidence", "prediction"):
        assert_near(getattr(ahead, key), expected[key], what=key)
    assert ahead.note == ""


@pytest.mark.parametrize("name", [name for name in LEAST_SQUARES if name != "npk"])
def test_two_models_as_in_anova(name):
    case, fit, expected = CASES[name], fitted(name), CASES[name]["compare"]
    gone = next(term for term in terms_of(name) if term.name == expected["term"])
    X = np.delete(np.array(case["X"]), gone.columns, axis=1)
    smaller = engine.ols(X, case["y"], weights=case.get("weights"))
    row = engine.compare(smaller, fit).rows[0]
    assert row.freedom == expected["freedom"]
    assert row.sum_of_squares == pytest.approx(expected["squares"], rel=1e-8)
    assert row.statistic == pytest.approx(expected["statistic"], rel=1e-8)
    assert row.p_value == pytest.approx(expected["p"], rel=1e-6)
    test = fit.joint_test(gone.columns)
    assert test.statistic == pytest.approx(row.statistic, rel=1e-9)
    assert test.p_value == pytest.approx(row.p_value, rel=1e-8)


@pytest.mark.parametrize("name", GENERALISED)
def test_generalised_linear_models_as_in_glm(name):
    case, fit = CASES[name], fitted(name)
    assert fit.converged and not fit.warning
    assert_near(fit.coefficients, case["coefficients"])
    assert_near(fit.standard_errors, case["se"])
    assert_p(fit.p_values, case["p"])
    assert fit.dispersion == pytest.approx(case["dispersion"], rel=1e-8)
    assert fit.pearson_chi2 == pytest.approx(case["pearson"], rel=1e-8)
    assert fit.deviance == pytest.approx(case["deviance"], rel=1e-8)
    assert fit.null_deviance == pytest.approx(case["null_deviance"], rel=1e-7)
    if "aic" in case:
        assert fit.log_likelihood == pytest.approx(case["log_likelihood"], rel=1e-8)
        assert fit.aic_r == pytest.approx(case["aic"], rel=1e-8)
    elif case["kind"].startswith("quasi"):
        assert np.isnan([fit.log_likelihood, fit.aic_r, fit.bic_r]).all()


@pytest.mark.parametrize("name", GENERALISED)
def test_diagnostics_of_examples_as_in_hatvalues_rstandard_and_cooks_distance(name):
    case, fit = CASES[name], fitted(name)
    used = slice(None) if fit.weights is None else fit.weights > 0.0  # R leaves out those of 0
    first = slice(len(case["leverage"]))
    assert_near(fit.leverage[used][first], case["leverage"])
    assert_near(fit.cooks_distance[used][first], case["cook"])
    for kind, expected in case["rstandard"].items():
        assert_near(fit.standardised_residuals(kind)[used][first], expected, what=kind)
    for kind, expected in case["robust"].items():
        assert_near(np.sqrt(fit.robust_covariance(kind).diagonal()), expected, what=kind)


@pytest.mark.parametrize("name", GENERALISED)
def test_tables_and_joint_tests_as_in_anova_and_linear_hypothesis(name):
    case, fit, terms = CASES[name], fitted(name), terms_of(name)
    table = engine.anova(fit, terms)
    assert table.test == ("F" if fit.model.family.dispersion else "chi2")
    assert_table(table.rows, case["anova"], "anova")
    test = fit.joint_test(terms[0].columns)
    assert test.statistic == pytest.approx(case["joint"]["statistic"], rel=1e-8)
    assert test.p_value == pytest.approx(case["joint"]["p"], rel=1e-6, abs=1e-15)


@pytest.mark.parametrize("name", DEVIANCES)
def test_terms_left_out_of_a_model_of_counts_as_in_drop1(name):
    rows = engine.drop_one(fitted(name), terms_of(name)).rows
    assert_table(rows[1:], CASES[name]["drop_one"], "drop_one")
    assert_near([row.aic for row in rows], CASES[name]["drop_one"]["aic"])


@pytest.mark.parametrize("name", GENERALISED)
def test_intervals_of_a_mean_as_in_predict_glm(name):
    expected, fit = CASES[name]["predict"], fitted(name)
    ahead = fit.predict_intervals(expected["X"])
    assert_near(ahead.linear, expected["linear"])
    assert_near(ahead.linear_se, expected["linear_se"])
    assert_near(ahead.fit, fit.model.mean(ahead.linear))
    assert (ahead.confidence[:, 0] <= ahead.fit).all() and (
        ahead.fit <= ahead.confidence[:, 1]
    ).all()
    assert ahead.prediction is None


@pytest.mark.parametrize("name", DOSES)
def test_the_dose_of_a_probability_as_in_dose_p(name):
    expected, fit = CASES[name]["dose"], fitted(name)
    for p, value, se in zip(expected["p"], expected["value"], expected["se"], strict=True):
        dose = fit.solve_for(p)
        assert [dose.value, dose.se] == pytest.approx([value, se], rel=1e-8)


def test_half_of_the_o_rings_fail_at_64_8_degrees():
    # Challenger: the published number
    assert f"{fitted('challenger').solve_for(0.5).value:.1f}" == "64.8"


@pytest.mark.parametrize("name", THETAS)
def test_theta_as_in_glm_nb(name):
    fit = fitted(name)
    assert fit.theta == pytest.approx(CASES[name]["theta"], rel=1e-6)
    assert fit.theta_se == pytest.approx(CASES[name]["theta_se"], rel=1e-6)


@pytest.mark.parametrize("name", CLASSES)
def test_classes_as_in_multinom(name):
    # nnet's optimiser stops at about 1e-6; ours goes on to rounding
    case = CASES[name]
    fit = engine.multinomial(
        case["X"], case["labels"], weights=case["weights"], classes=case["classes"]
    )
    assert fit.converged and fit.note == ""
    assert_near(fit.coefficients, case["coefficients"], 1e-5)
    assert_near(fit.standard_errors, case["se"], 1e-5)
    assert fit.deviance == pytest.approx(case["deviance"], rel=1e-10)
    assert fit.deviance <= case["deviance"] * (1.0 + 1e-13)
    assert fit.aic == pytest.approx(case["aic"], rel=1e-10)
    assert_near(fit.fitted[:3], case["fitted"], 1e-6)
