"""Least squares against published and exact answers, and the laws it obeys."""

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from exact import least_squares, rank
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import engine

ROOT = Path(__file__).parents[3]


def read(name):
    return json.loads((ROOT / "tests" / "reference" / name).read_text(encoding="utf-8"))


# Anscombe 1973; coefficients in exact rational arithmetic, correctly rounded (see the file)
ANSCOMBE = read("anscombe.json")["sets"]
# values of 100 digits' precision, agreeing with statsmodels and R (see the file)
DIAGNOSTICS = read("diagnostics.json")
METHODS = ("exact", "fast")


@st.composite
def problems(draw):
    """X (n, d) of columns of any scale and offset, y (n,) and weights (n,), all float64."""
    d = draw(st.integers(1, 3))
    n = draw(st.integers(d + 2, 8))
    numbers = st.integers(-99, 99)
    X = np.array(draw(st.lists(st.lists(numbers, min_size=d, max_size=d), min_size=n, max_size=n)))
    scale = [draw(st.sampled_from([1.0, 1e-9, 3e7, 1e100, 1e-100])) for _ in range(d)]
    offset = [draw(st.sampled_from([0.0, 1.0, 1e6, 1e9])) for _ in range(d)]
    y = np.array(draw(st.lists(st.floats(-1e3, 1e3), min_size=n, max_size=n)))
    y[np.abs(y) < 1e-9] = 0.0
    weights = np.array(draw(st.lists(st.floats(1e-3, 1e3), min_size=n, max_size=n)))
    return (X + offset) * scale, y, weights


# the answer to its last digit


@given(problems(), st.booleans(), st.booleans())
def test_every_number_is_the_nearest_to_the_truth_in_rational_arithmetic(problem, intercept, weigh):
    X, y, weights = problem
    w = weights if weigh else None
    fit = engine.ols(X, y, intercept=intercept, weights=w)
    assume(fit.rank == fit.design.shape[1])
    b, ssr, diagonal = least_squares(fit.design.T.tolist(), y, w)
    assert fit.method == "exact"
    assert fit.coefficients.tolist() == [float(value) for value in b]
    assert fit.ssr == pytest.approx(float(ssr), rel=1e-15)
    spread = [float(ssr / fit.freedom) ** 0.5 * float(d) ** 0.5 for d in diagonal]
    np.testing.assert_allclose(fit.standard_errors, spread, rtol=2e-15)


@pytest.mark.parametrize("gap", [1e-3, 1e-8, 1e-13])
def test_no_digit_is_lost_however_near_to_dependent_the_columns_are(gap):
    rng = np.random.default_rng(0)
    a, b, y = rng.normal(size=(3, 12))
    X = np.column_stack([a, a + gap * b])
    fit = engine.ols(X, y)
    truth, ssr, _ = least_squares(fit.design.T.tolist(), y)
    assert fit.coefficients.tolist() == [float(value) for value in truth]
    assert fit.ssr == float(ssr)


@pytest.mark.parametrize("number", range(4))
def test_anscombe_s_four_have_their_exact_coefficients(number):
    data = ANSCOMBE[number]
    fit = engine.ols(data["x"], data["y"], names=["x"])
    np.testing.assert_allclose(fit.coefficients, [data["intercept"], data["slope"]], rtol=1e-13)
    assert fit.r_squared == pytest.approx(data["r_squared"], rel=1e-13)
    assert fit.residual_sd == pytest.approx(data["sigma"], rel=1e-13)
    assert fit.names == ("intercept", "x")


def test_text_decimals_and_large_integers_lose_no_digit_on_the_way_in():
    x = ["0.1", "0.2", "0.3", "0.7"]
    y = [Decimal("1.2"), Decimal("1.4"), Decimal("1.6"), Decimal("2.4")]  # 1 + 2x, in decimals
    fit = engine.ols(x, y, weights=["0.1", "1", "1/3", "2"])
    assert fit.coefficients.tolist() == [1.0, 2.0]
    assert fit.ssr == 0.0
    assert fit.r_squared == 1.0
    nanoseconds = np.arange(5) * 7 + 1_700_000_000_000_000_001  # more than float64's 2^53
    fit = engine.ols(nanoseconds, 3.0 * np.arange(5.0))
    assert fit.coefficients[1] == float(Fraction(3, 7))
    assert fit.ssr == 0.0
    assert np.abs(fit.residuals).max() < 1e-80
    np.testing.assert_allclose(fit.leverage, [0.6, 0.3, 0.2, 0.3, 0.6], rtol=1e-14)


def test_a_number_is_the_same_in_every_spelling():
    y = [1.0, 2.0, 4.0, 3.0]
    spelt = engine.ols([" 1000 ", "1_000.5", "0e999999999", Fraction(1, 3)], y)
    assert (
        spelt.coefficients.tolist() == engine.ols([1e3, 1000.5, 0, "1/3"], y).coefficients.tolist()
    )


def test_a_later_change_of_the_arrays_does_not_change_a_fit():
    X, y, w = np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 2.0, 1.0])
    fit, other = engine.ols(X, y, weights=w), engine.ols(X, y, weights=w)
    before = other.cooks_distance.tolist()
    X += 1.0
    y[:] = 0.0
    w[0] = 9.0
    assert fit.cooks_distance.tolist() == before


# laws


@given(problems(), st.integers(-300, 300), st.randoms(use_true_random=False))
def test_units_of_a_power_of_two_and_the_order_of_rows_and_columns_change_nothing(
    problem, exponent, random
):
    X, y, weights = problem
    fit = engine.ols(X, y, weights=weights)
    assume(not fit.dropped)
    rows, columns = (
        random.sample(range(len(X)), len(X)),
        random.sample(range(X.shape[1]), X.shape[1]),
    )
    unit = np.ldexp(1.0, exponent)
    other = engine.ols(X[rows][:, columns] * unit, y[rows], weights=weights[rows])
    assert other.coefficients[1:].tolist() == (fit.coefficients[1:][columns] / unit).tolist()
    assert other.coefficients[0] == fit.coefficients[0]
    assert other.ssr == fit.ssr


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(), st.lists(st.integers(-1000, 1000), min_size=3, max_size=3))
def test_a_shift_of_a_column_moves_the_intercept_alone(problem, shifts):
    X, y, _ = problem
    X, shift = np.round(X / np.abs(X).max(axis=0).clip(1e-200) * 99.0), np.array(shifts)
    shift = shift[: X.shape[1]]
    fit, other = engine.ols(X, y), engine.ols(X + shift, y)
    assume(not fit.dropped)
    assert other.coefficients[1:].tolist() == fit.coefficients[1:].tolist()
    assert other.ssr == fit.ssr
    moved = fit.coefficients[0] - shift @ fit.coefficients[1:]
    size = abs(fit.coefficients[0]) + np.abs(shift * fit.coefficients[1:]).sum()
    assert other.coefficients[0] == pytest.approx(moved, abs=1e-14 * size)
    spread = fit.standard_errors[1:]
    np.testing.assert_allclose(other.standard_errors[1:], spread, rtol=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_a_weight_of_k_is_as_good_as_k_copies_and_of_0_as_none(method):
    rng = np.random.default_rng(2)
    X, y, times = rng.normal(size=(40, 3)), rng.normal(size=40), np.arange(40) % 4
    weighted = engine.ols(X, y, weights=times, method=method)
    copies = engine.ols(np.repeat(X, times, axis=0), np.repeat(y, times), method=method)
    np.testing.assert_allclose(weighted.coefficients, copies.coefficients, rtol=1e-13)
    assert weighted.ssr == pytest.approx(copies.ssr, rel=1e-13)
    assert weighted.r_squared == pytest.approx(copies.r_squared, rel=1e-13)
    some = times > 0
    without = engine.ols(X[some], y[some], weights=times[some], method=method)
    assert weighted.freedom == without.freedom == 26
    assert weighted.log_likelihood == pytest.approx(without.log_likelihood, rel=1e-13)
    for of_rows in ("leverage", "cooks_distance", "studentised_external"):
        got, kept = getattr(weighted, of_rows)[some], getattr(without, of_rows)
        np.testing.assert_allclose(got, kept, rtol=1e-11)
    np.testing.assert_allclose(weighted.residual_quartiles, without.residual_quartiles, rtol=1e-11)


@pytest.mark.parametrize("method", METHODS)
def test_residuals_are_orthogonal_to_every_column_whatever_its_scale(method):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 4)) * [1e-8, 1.0, 1e6, 1e12]
    fit = engine.ols(X, rng.normal(size=50), method=method)
    cosines = fit.design.T @ fit.residuals / np.linalg.norm(fit.design, axis=0)
    assert np.abs(cosines).max() < 1e-13 * np.linalg.norm(fit.residuals)


def test_without_intercept_r_squared_is_uncentred():
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.1, 6.0])
    fit = engine.ols(x, y, intercept=False)
    slope = x @ y / (x @ x)
    assert fit.coefficients.tolist() == pytest.approx([slope])
    assert fit.r_squared == pytest.approx(1 - ((y - slope * x) ** 2).sum() / (y @ y))


@pytest.mark.parametrize("method", METHODS)
def test_adjusted_r_squared_divides_by_the_degrees_of_freedom_that_there_are(method):
    # summary.lm of R: 1 - (1 - R²)·(n - 1)/(n - p), without an intercept 1 - (1 - R²)·n/(n - p)
    x, y = [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]
    through = engine.ols(x, y, intercept=False, method=method)  # b = 13/14, SSR = 27/14, SST = 14
    assert through.r_squared == pytest.approx(169 / 196, rel=1e-14)
    assert through.adjusted_r_squared == pytest.approx(1 - 27 / 196 * 3 / 2, rel=1e-14)
    fit = engine.ols(x, y, method=method)  # b = ½, SSR = 3/2, SST = 2
    assert fit.r_squared == pytest.approx(1 / 4, rel=1e-14)
    assert fit.adjusted_r_squared == pytest.approx(1 - 3 / 4 * 2 / 1, rel=1e-14)


# dependent columns


@pytest.mark.parametrize("method", METHODS)
def test_dependent_columns_are_named_and_the_fit_is_that_of_the_others(method):
    rng = np.random.default_rng(1)
    a, b, y = rng.normal(size=(3, 30))
    X = np.column_stack([a, b, 1e-12 * (2 * a - 3 * b), 7e9 * a])
    full = engine.ols(X, y, names=["a", "b", "both", "a again"], method=method)
    fewer = engine.ols(X[:, :2], y)
    assert full.dropped == ("both", "a again")
    assert full.rank == 3
    assert full.condition_number == np.inf
    np.testing.assert_allclose(full.coefficients, [*fewer.coefficients, 0.0, 0.0], rtol=1e-13)
    np.testing.assert_allclose(full.fitted, fewer.fitted)
    np.testing.assert_allclose(full.standard_errors[:3], fewer.standard_errors, rtol=1e-12)
    for undefined in (full.standard_errors, full.p_values, np.diag(full.covariance("hc3"))):
        assert np.isnan(undefined[3:]).all() and not np.isnan(undefined[:3]).any()


@given(
    st.lists(st.lists(st.integers(-2, 2), min_size=5, max_size=5), min_size=5, max_size=9),
    st.lists(st.sampled_from([0.1, 1.0, 3e7, 1e-9]), min_size=5, max_size=5),
    st.booleans(),
    st.sampled_from(METHODS),
)
def test_columns_are_dropped_where_rational_arithmetic_finds_them_dependent(
    rows, units, intercept, method
):
    X = np.array(rows)
    fit = engine.ols(X * units, np.arange(len(X)) ** 2.0, intercept=intercept, method=method)
    columns = [[1] * len(X)] * intercept + X.T.tolist()
    ranks = [rank(columns[: k + 1]) for k in range(len(columns))]
    dropped = [k for k in range(len(columns)) if ranks[k] == ([0, *ranks])[k]]
    assert fit.dropped == tuple(fit.names[k] for k in dropped)


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_column_is_dependent_on_the_intercept(method):
    x = np.arange(10.0)
    X = np.column_stack([np.full(10, 0.1), x, np.zeros(10)])
    fit = engine.ols(X, 2 * x + 1, names=["tenth", "x", "nothing"], method=method)
    assert fit.dropped == ("tenth", "nothing")
    np.testing.assert_allclose(fit.coefficients, [1.0, 0.0, 2.0, 0.0], atol=1e-13)
    alone = engine.ols(X, 2 * x + 1, intercept=False, method=method)
    assert alone.dropped == ("x3",)


@pytest.mark.parametrize("method", METHODS)
def test_an_offset_however_large_is_not_taken_for_a_constant(method):
    x = np.arange(40.0)
    y = 3.0 * x + (-1.0) ** x
    fit, plain = engine.ols(x + 1e15, y, method=method), engine.ols(x, y)
    assert fit.dropped == ()
    np.testing.assert_allclose(fit.coefficients[1:], plain.coefficients[1:], rtol=1e-13)
    np.testing.assert_allclose(fit.standard_errors[1:], plain.standard_errors[1:], rtol=1e-13)
    np.testing.assert_allclose(fit.leverage, plain.leverage, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_columns_that_rounding_alone_keeps_apart_are_dependent(method):
    rng = np.random.default_rng(3)
    a, b, y = rng.normal(size=(3, 200))
    a += 1e8  # so that the sum's rounding is 1e-8 of its spread
    X = np.column_stack([a, b, a + b / 3.0])
    assert engine.ols(X, y, method=method).dropped == ("x3",)


@pytest.mark.parametrize("method", METHODS)
def test_more_columns_than_rows_keep_as_many_as_fit_exactly(method):
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(6, 9)), rng.normal(size=6)
    fit = engine.ols(X, y, method=method)
    assert (fit.rank, fit.freedom, len(fit.dropped)) == (6, 0, 4)
    np.testing.assert_allclose(fit.fitted, y, atol=1e-12)
    assert np.isnan(fit.residual_sd) and np.isnan(fit.f_statistic)
    assert np.isnan(fit.standard_errors).all()


# float64, for large data


def test_the_method_is_chosen_by_size_and_said():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(10_001, 20))
    y = X.sum(axis=1) + rng.normal(size=10_001)
    assert engine.ols(X[:10_000], y[:10_000]).method == "exact"
    assert engine.ols(X, y).method == "gram"
    assert engine.ols(X, y, method="exact").method == "exact"


@pytest.mark.parametrize("case", ["plain", "offset", "collinear", "units", "weights", "origin"])
def test_in_float64_it_is_the_same_fit(case):
    rng = np.random.default_rng(6)
    n = 20_000  # several blocks
    X, noise = rng.normal(size=(n, 4)), rng.normal(size=n)
    y = X @ [1.0, -2.0, 0.5, 3.0] + noise
    weights = rng.uniform(0.1, 3.0, size=n) if case == "weights" else None
    if case == "offset":
        X += [1e6, -1e8, 0.0, 10.0]
        y += 1e6
    elif case == "collinear":
        X[:, 3] = X[:, 2] + 1e-5 * X[:, 3]
    elif case == "units":
        X *= [1e160, 1e-160, 1.0, 1e-3]
        y *= 1e140
    options = {"intercept": case != "origin", "weights": weights}
    fast = engine.ols(X, y, method="fast", **options)
    exact = engine.ols(X, y, method="exact", **options)
    assert fast.method == ("qr" if case == "collinear" else "gram")
    rtol = 1e-8 if case == "collinear" else 1e-12
    for name in ("coefficients", "standard_errors", "t_values", "residual_sd", "r_squared"):
        np.testing.assert_allclose(getattr(fast, name), getattr(exact, name), rtol=rtol)
    residuals = exact.residuals
    np.testing.assert_allclose(fast.residuals, residuals, atol=1e-8 * np.abs(residuals).max())
    np.testing.assert_allclose(fast.f_statistic, exact.f_statistic, rtol=1e-10)


@pytest.mark.parametrize("gap", [1e-4, 1e-8, 1e-11])
def test_in_float64_coefficients_of_nearly_dependent_columns_are_right_to_their_errors(gap):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3))
    X = np.column_stack([X, X[:, 0] + X[:, 1] + gap * rng.normal(size=400)])
    y = X.sum(axis=1) + rng.normal(size=400)
    exact, fast = (engine.ols(X, y, method=method) for method in METHODS)
    assert fast.method == "qr" and fast.rank == exact.rank == 5
    off = np.abs(fast.coefficients - exact.coefficients) / exact.standard_errors
    assert off.max() < 1e-14 / gap
    assert fast.ssr == pytest.approx(exact.ssr, rel=1e-6)


def test_in_float64_a_large_offset_does_not_make_y_constant():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, 2)), 1e15 + rng.integers(0, 9, size=40)
    exact, fast = (engine.ols(X, y, method=method) for method in METHODS)
    assert fast.r_squared == pytest.approx(exact.r_squared, rel=0.1)


def test_in_float64_a_constant_y_has_no_r_squared():
    x = np.linspace(0.0, 1.0, 500)
    for method in METHODS:
        assert np.isnan(engine.ols(x, np.full(500, 0.1), method=method).r_squared)


# the summary


def published_fit(name):
    if name == "longley":
        data = read("nist/Longley.json")
        return engine.ols(data["x"], data["y"])
    data = read(f"data/{name}.json")
    columns = {"stackloss": ["AIRFLOW", "WATERTEMP", "ACIDCONC"], "cars": ["speed"]}[name]
    return engine.ols(
        np.column_stack([data[column] for column in columns]),
        data["STACKLOSS" if name == "stackloss" else "dist"],
    )


SUMMARY = {  # the engine's name: the file's
    "coefficients": "coef", "standard_errors": "se", "t_values": "t", "p_values": "p",
    "r_squared": "rsquared", "adjusted_r_squared": "rsquared_adj", "residual_sd": "sigma",
    "ssr": "ssr", "f_statistic": "F", "f_p_value": "F_pvalue", "log_likelihood": "loglik",
    "aic": "aic_statsmodels", "bic": "bic_statsmodels", "aic_r": "aic_R", "bic_r": "bic_R",
    "residuals": "resid", "leverage": "leverage", "cooks_distance": "cooks_d",
    "studentised_internal": "resid_student_internal",
    "studentised_external": "resid_student_external",
    "condition_number": "cond_raw_statsmodels",
}  # fmt: skip


@pytest.mark.parametrize("name", ["longley", "stackloss", "cars"])
def test_the_summary_is_the_published_one(name):
    fit, truth = published_fit(name), DIAGNOSTICS[name]["values"]
    for ours, theirs in SUMMARY.items():
        value = np.array(truth[theirs], dtype=float)
        np.testing.assert_allclose(getattr(fit, ours), value, rtol=1e-11, err_msg=ours)
    for kind in ("hc0", "hc1", "hc2", "hc3"):
        spread = np.sqrt(np.diag(fit.covariance(kind)))
        value = np.array(truth[f"{kind.upper()}_se"], dtype=float)
        np.testing.assert_allclose(spread, value, rtol=1e-11, err_msg=kind)


def test_covariances_are_their_textbook_formulas():
    rng = np.random.default_rng(7)
    X, y, w = rng.normal(size=(30, 2)), rng.normal(size=30), rng.uniform(0.5, 2.0, size=30)
    fit = engine.ols(X, y, weights=w)
    A = fit.design * np.sqrt(w)[:, None]
    e = fit.residuals * np.sqrt(w)
    bread = np.linalg.inv(A.T @ A)
    h = np.diag(A @ bread @ A.T)
    meats = {"classic": np.full(30, fit.ssr / 27), "hc0": e**2, "hc1": e**2 * 30 / 27,
             "hc2": e**2 / (1 - h), "hc3": e**2 / (1 - h) ** 2}  # fmt: skip
    for kind, meat in meats.items():
        expected = bread @ (A.T * meat) @ A @ bread
        np.testing.assert_allclose(fit.covariance(kind), expected, rtol=1e-11, atol=1e-16)


def test_leaving_an_example_out_does_what_the_summary_says_of_it():
    rng = np.random.default_rng(8)
    X, y = rng.normal(size=(15, 2)), rng.normal(size=15)
    fit = engine.ols(X, y)
    assert fit.leverage.sum() == pytest.approx(fit.rank, rel=1e-14)
    for i in range(15):
        without = engine.ols(np.delete(X, i, axis=0), np.delete(y, i))
        moved = fit.design @ (without.coefficients - fit.coefficients)
        cook = moved @ moved / (fit.rank * fit.residual_sd**2)
        assert fit.cooks_distance[i] == pytest.approx(cook, rel=1e-10)
        missed = y[i] - fit.design[i] @ without.coefficients
        t = missed * np.sqrt(1 - fit.leverage[i]) / without.residual_sd
        assert fit.studentised_external[i] == pytest.approx(t, rel=1e-10)


def test_an_example_that_decides_its_own_fit_has_leverage_1_and_no_studentised_residual():
    x = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    fit = engine.ols(x, [1.0, 2.0, 4.0, 3.0, 9.0])
    assert fit.leverage[4] == pytest.approx(1.0, abs=1e-15)
    assert np.isnan(fit.cooks_distance[4]) and np.isnan(fit.studentised_external[4])
    assert not np.isnan(fit.studentised_internal[:4]).any()
    assert np.isnan(fit.covariance("hc3")).all()


def test_a_confidence_interval_ends_at_zero_where_the_test_is_at_its_level():
    fit = published_fit("stackloss")
    for j, p in enumerate(fit.p_values):
        ends = fit.confidence_intervals(1.0 - p)[j] / fit.standard_errors[j]
        assert np.abs(ends).min() < 1e-9
    wide, narrow = fit.confidence_intervals(0.99), fit.confidence_intervals(0.5)
    assert (wide[:, 0] < narrow[:, 0]).all() and (narrow[:, 1] < wide[:, 1]).all()
    with pytest.raises(engine.DataError, match="level"):
        fit.confidence_intervals(95)


def test_a_perfect_fit_says_so():
    x = np.arange(6.0)
    fit = engine.ols(x, 3.0 - 2.0 * x)
    assert fit.ssr == 0.0 and not fit.residuals.any()
    assert fit.r_squared == 1.0
    assert fit.f_statistic == fit.log_likelihood == np.inf
    assert fit.p_values.tolist() == [0.0, 0.0]


def test_squares_that_do_not_fit_float64_do_not_spoil_the_summary():
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(2, 20))
    plain = engine.ols(x, y)
    for method in METHODS:
        for unit in (2.0**-700, 2.0**700):
            fit = engine.ols(x * unit, y * unit, method=method)
            assert fit.residual_sd == pytest.approx(plain.residual_sd * unit, rel=1e-14)
            assert fit.r_squared == pytest.approx(plain.r_squared, rel=1e-13)
            np.testing.assert_allclose(fit.t_values, plain.t_values, rtol=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_to_fit_leaves_y_as_it_is(method):
    y = np.array([1.0, -2.0, 4.0])
    fit = engine.ols(np.zeros((3, 2)), y, intercept=False, method=method)
    assert (fit.rank, fit.dropped, fit.residuals.tolist()) == (0, ("x1", "x2"), y.tolist())
    assert np.isnan(fit.standard_errors).all() and np.isnan(fit.p_values).all()
    assert fit.ssr == 21.0 and fit.r_squared == 0.0 and not fit.leverage.any()


@pytest.mark.parametrize("method", METHODS)
def test_what_does_not_fit_float64_is_infinite_or_an_error_and_never_a_warning(method):
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 12))
    large = engine.ols(x, y / np.abs(y).max() * 1.7e308, method=method)
    assert large.covariance()[0, 0] == np.inf
    assert large.t_values == pytest.approx(engine.ols(x, y).t_values, rel=1e-12)
    small = engine.ols(x, np.round(9 * y) * 5e-324, method=method)
    assert small.log_likelihood == pytest.approx(
        engine.ols(x, np.round(9 * y)).log_likelihood + 12 * 1074 * np.log(2.0), rel=1e-12
    )
    steep = engine.ols(np.round(9 * x) * 5e-324, np.round(9 * y) * 5e-324, method=method)
    with pytest.raises(engine.DataError, match="standard error is too large for float64"):
        _ = steep.standard_errors


def test_fits_and_standard_errors_need_no_scipy():
    program = (
        "import sys, engine; fit = engine.ols([1.0, 2.0, 4.0], [1.0, 3.0, 2.0]); "
        "fit.t_values, fit.f_statistic, fit.leverage; sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_descent_on_a_network_with_nothing_hidden_arrives_at_least_squares():
    experiment = engine.Experiment(dataset="mtcars", features=("wt", "hp"), hidden=(),
                                   batch_size=32, learning_rate=0.2)  # fmt: skip
    trainer = engine.Trainer(experiment).step(2000)
    data, prepared = trainer.prepared.dataset, trainer.prepared
    fit = engine.ols(prepared.inputs, prepared.targets)
    network = trainer.network
    np.testing.assert_allclose(network.weights[0][0], fit.coefficients[1:], atol=1e-10)
    # R: lm(mpg ~ wt + hp) gives 37.22727, −3.87783, −0.03177, in the original units
    slopes = network.weights[0][0] * data.y_scale.sd / data.x_scale.sd
    assert np.round(slopes, 5).tolist() == [-3.87783, -0.03177]
    cost = trainer.costs()[0] * prepared.cost_scale
    assert cost == pytest.approx(195.0478 / 32, rel=1e-6)  # R: residual sum of squares / n


@pytest.mark.parametrize(
    ("X", "y", "options", "says"),
    [
        ([[1.0], [2.0]], [1.0], {}, "X (n, d) and y (n,)"),
        ([[1.0], [2.0, 3.0]], [1.0, 2.0], {}, "not of one length"),
        ([[1.0], [np.nan]], [1.0, 2.0], {}, "X, row 2, column 1: nan is not a finite number"),
        ([[1.0], [2.0]], [1.0, np.inf], {"method": "fast"}, "y, row 2: inf is not a finite"),
        ([["1"], ["two"]], [1.0, 2.0], {}, "X, row 2, column 1: 'two' is not a finite number"),
        ([[1.0], [2.0]], ["1", "1e999"], {}, "too large for float64"),
        ([["1e999999999"], ["2"]], [1.0, 2.0], {}, "X holds a number too large for float64"),
        ([[1.0], [2.0]], ["1", "1e-999999999"], {}, "y holds a number too small for float64"),
        ([[1.0], [2.0]], [1, Decimal("1e-99999999")], {}, "y holds a number too small"),
        ([[1j], [2.0]], [1.0, 2.0], {}, "X holds complex128, not numbers"),
        ([[1.0], [2.0]], [1.0, 2.0], {"weights": [1.0]}, "weights (n,), here (2,)"),
        (
            [[1.0]] * 4,
            [1.0] * 4,
            {"weights": [1, -2, 1, -1]},
            "weights, row 2: it is -2; weights must be finite and 0 or more (1 more row like it)",
        ),
        ([[1.0], [2.0]], [1.0, 2.0], {"weights": [np.nan, 1.0]}, "weights, row 1: it is nan"),
        ([[1.0], [2.0]], [1.0, 2.0], {"weights": [0.0, 0.0]}, "every weight is 0"),
        (
            [[1.0], [2.0]],
            [1.0, 2.0],
            {"weights": [1.7e308, 1e308]},
            "the sum of the weights",
        ),
        ([[1.0], [2.0]], [1.0, 2.0], {"names": ["a", "b"]}, "2 names for 1 column"),
        ([[1.0], [2.0]], [1.0, 2.0], {"method": "svd"}, "there are: exact, fast"),
        ([[1e-200], [2e-200]], [1e200, 3e200], {}, "a coefficient is too large for float64"),
        ([[1e-200], [2e-200]], [1e200, 3e200], {"method": "fast"}, "a coefficient is too large"),
    ],
)
def test_mistakes_say_what_is_wrong(X, y, options, says):
    with pytest.raises(engine.EngineError) as error:
        _ = engine.ols(X, y, **options).coefficients
    assert says in str(error.value)


@pytest.mark.parametrize("as_text", [True, False])
def test_residuals_that_are_zero_are_zero(as_text):
    # closed form: y = x/5 − 1/5 at x = 1 and 6; with n = p the fit goes through every example
    x, y = np.arange(1, 7), np.array([0, 0, 1, 0, 1, 1])
    through = np.array([[1.1, 2.0], [2.3, 5.0], [3.7, 1.0]]), np.array([0.1, 0.7, 0.9])
    for X, target, zeros in ((x, y, [0, 5]), (*through, [0, 1, 2])):
        data = (X.astype(str).astype(object), target.astype(str).astype(object))
        residuals = engine.ols(*(data if as_text else (X, target))).residuals
        assert np.flatnonzero(residuals == 0.0).tolist() == zeros


def test_text_leaves_small_residuals_what_they_are():
    y = [
        "1",
        "2",
        "3.0000000000000000000000000000003",
    ]  # off the line by 3e-31 in the second difference
    residuals = engine.ols([["0"], ["1"], ["2"]], y).residuals
    np.testing.assert_allclose(residuals, np.array([1.0, -2.0, 1.0]) * 3e-31 / 6.0, rtol=1e-12)


def test_with_one_degree_of_freedom_no_residual_is_studentised_without_its_example():
    # R: rstudent(lm(c(1, 3, 2) ~ c(1, 2, 4))) is 0/0 for every example
    fit = engine.ols([1.0, 2.0, 4.0], [1.0, 3.0, 2.0])
    assert fit.freedom == 1
    assert np.isnan(fit.studentised_external).all()
    assert np.allclose(np.abs(fit.studentised_internal), 1.0)
