"""Diagnostics against values at 100 digits, closed forms, and the laws the tests obey."""

import json
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.diagnostics import ABOUT, ORDER_TESTS, TESTS, autocorrelation
from engine.diagnostics.quadratic_form import upper_tail
from engine.least_squares.polynomial import polynomial

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "tests" / "reference"


def read(name: str) -> dict:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


# computed with mpmath at 100 digits, in agreement with statsmodels 0.15 and R (see the file)
TRUTH = read("diagnostics.json")
SETS = ("longley", "stackloss", "cars")
PUBLISHED = {  # attribute: the names of its statistic and p-value in the file
    "breusch_pagan": ("breusch_pagan_koenker_LM", "breusch_pagan_koenker_LM_p"),
    "breusch_pagan_classic": ("breusch_pagan_classic_LM", "breusch_pagan_classic_LM_p"),
    "ncv": ("ncvTest_car_chisq(fitted)", "ncvTest_car_p"),
    "white": ("white_LM", "white_LM_p"),
    "white_special": ("white_special_LM(fitted,fitted^2)", "white_special_p"),
    "durbin_watson_test": ("durbin_watson", "durbin_watson_p_two_sided"),
    "breusch_godfrey": ("breusch_godfrey_LM_lag1", "breusch_godfrey_LM_p_lag1"),
    "ljung_box": ("ljung_box_lag1", "ljung_box_p_lag1"),
    "jarque_bera": ("jarque_bera", "jarque_bera_p"),
    "omnibus": ("omnibus_K2", "omnibus_p"),
    "shapiro": ("shapiro_W", "shapiro_p"),
    "reset": ("reset_F_fitted_powers[2, 3]", "reset_F_p_powers[2, 3]"),
}
OTHER_LAGS_AND_POWER = {
    "breusch_godfrey": ("breusch_godfrey_LM_lag2", "breusch_godfrey_LM_p_lag2"),
    "ljung_box": ("ljung_box_lag2", "ljung_box_p_lag2"),
    "reset": ("reset_F_fitted_powers[2]", "reset_F_p_powers[2]"),
}


def published_fit(name: str) -> engine.OlsFit:
    if name == "longley":
        data = read("nist/Longley.json")
        return engine.ols(data["x"], np.array(data["y"], dtype=float))
    data = read(f"data/{name}.json")
    columns = {"stackloss": ["AIRFLOW", "WATERTEMP", "ACIDCONC"], "cars": ["speed"]}[name]
    X = np.array([data[column] for column in columns]).T
    return engine.ols(X, data["STACKLOSS" if name == "stackloss" else "dist"], names=columns)


def close(value: object, truth: object, rel: float = 1e-10) -> None:
    np.testing.assert_allclose(value, np.array(truth, dtype=float), rtol=rel)


def random_fit(seed: int, n: int = 30, d: int = 2, **options: object) -> engine.OlsFit:
    rng = np.random.default_rng(seed)
    return engine.ols(rng.normal(size=(n, d)), rng.normal(size=n), **options)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("test", PUBLISHED)
def test_statistic_and_p_value_are_the_published_ones(name, test):
    statistic, p = (TRUTH[name]["values"].get(key) for key in PUBLISHED[test])
    found = getattr(engine.diagnose(published_fit(name)), test)
    if statistic is None:
        assert found is None
    else:
        # SciPy computes W and its p-value by fits of few digits, and since 1.18 by others
        close(
            [found.statistic, found.p_value], [statistic, p], 1e-8 if test == "shapiro" else 1e-10
        )


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("test", OTHER_LAGS_AND_POWER)
def test_two_lags_and_the_square_alone_have_their_published_values_too(name, test):
    found = getattr(engine.diagnose(published_fit(name), lags=2, power=2), test)
    truth = TRUTH[name]["values"]
    close([found.statistic, found.p_value], [truth[key] for key in OTHER_LAGS_AND_POWER[test]])


@pytest.mark.parametrize("name", SETS)
def test_measures_of_columns_and_examples_are_the_published_ones(name):
    diagnosis, truth = engine.diagnose(published_fit(name)), TRUTH[name]["values"]
    if name != "cars":
        close(diagnosis.vif, truth["vif"])
    close(diagnosis.condition_indices, truth["condition_indices_belsley"])
    close(diagnosis.condition_number, truth["cond_raw_statsmodels"])
    close(diagnosis.skewness, truth["skew"])
    close(diagnosis.kurtosis, truth["kurtosis"])
    close(diagnosis.durbin_watson, truth["durbin_watson"])
    positive = truth["durbin_watson_p_positive_autocorr(R dwtest alt=greater, exact)"]
    close(diagnosis.durbin_watson_tails[0], positive)
    close(diagnosis.leverage, truth["leverage"])
    close(diagnosis.cooks_distance, truth["cooks_d"])
    close(diagnosis.studentised_internal, truth["resid_student_internal"])
    close(diagnosis.studentised_external, truth["resid_student_external"])


def test_a_polynomial_is_diagnosed_as_what_its_powers_span():
    data = read("nist/Filip.json")  # the truth: in rational arithmetic, on the data as float64
    x, y = np.array(data["x"], dtype=float).ravel(), np.array(data["y"], dtype=float)
    diagnosis = engine.diagnose(polynomial(x, y, 10))
    close(diagnosis.vif[4], 3.401502000835044e17)
    close(diagnosis.breusch_pagan.statistic, 16.69302842371874)
    close(diagnosis.breusch_godfrey.statistic, 4.848180871383011)


def test_freedom_is_what_the_auxiliary_regression_used():
    diagnosis = engine.diagnose(published_fit("stackloss"))
    assert diagnosis.breusch_pagan.freedom == (3,)
    assert diagnosis.white.freedom == (TRUTH["stackloss"]["values"]["white_df"],) == (9,)
    assert diagnosis.reset.freedom == (2, 21 - 4 - 2)
    assert diagnosis.shapiro.freedom == ()


def test_white_says_why_it_cannot_be_made_of_longley():
    diagnosis = engine.diagnose(published_fit("longley"))
    assert diagnosis.white is None
    assert "28 columns for n = 16" in diagnosis.white_note
    assert engine.diagnose(published_fit("stackloss")).white_note == ""


def test_every_diagnostic_says_in_a_line_what_it_tests_and_what_good_looks_like():
    diagnosis = engine.diagnose(published_fit("cars"))
    for key in TESTS:
        found = diagnosis.test(key)
        assert (found.name, found.tests, found.good) == (
            ABOUT[key].name,
            ABOUT[key].tests,
            ABOUT[key].good,
        )
    for about in ABOUT.values():
        assert about.tests and about.good and "\n" not in about.tests + about.good


# the tail of a quadratic form, and Durbin–Watson


@pytest.mark.parametrize("ratio", [1e-12, 0.03, 1.0, 40.0, 1e9])
def test_the_tail_of_two_squares_is_cauchy_s(ratio):
    truth = 2.0 / math.pi * math.atan(math.sqrt(ratio))
    assert upper_tail(np.array([ratio, -1.0])) == pytest.approx(truth, rel=1e-13)


@pytest.mark.parametrize("ratio", [1e-12, 0.03, 1.0, 40.0, 1e9])
def test_the_tail_of_two_exponential_variables_is_their_means_share(ratio):
    form = np.array([ratio, ratio, -1.0, -1.0])
    assert upper_tail(form) == pytest.approx(ratio / (1.0 + ratio), rel=1e-13)


@pytest.mark.parametrize("pairs", [1, 5, 50])
def test_the_tail_of_many_is_a_power_however_small(pairs):
    # one exponential variable of mean 1 above the sum of k of mean 9: E e^(−sum) = 10^(−k)
    form = np.array([1.0, 1.0] + [-9.0, -9.0] * pairs)
    assert upper_tail(form) == pytest.approx(10.0**-pairs, rel=1e-12)


@given(st.lists(st.floats(-10.0, 10.0).filter(lambda v: abs(v) > 1e-6), min_size=2, max_size=20))
@settings(max_examples=50)
def test_the_two_tails_add_up_to_one(eigenvalues):
    form = np.array(eigenvalues)
    assert upper_tail(form) + upper_tail(-form) == pytest.approx(1.0, abs=1e-13)


def test_durbin_watson_of_two_free_dimensions_is_cauchy_s():
    # y about its mean, n = 3: ΔᵀΔ has the eigenvalues 1 and 3 there, so that
    # P(D ≤ d) = P((3 − d)·z₁² ≤ (d − 1)·z₂²)
    fit = engine.ols(np.ones((3, 1)), [0.3, 2.0, 2.5], intercept=False)
    d = engine.diagnose(fit).durbin_watson
    truth = 2.0 / math.pi * math.atan(math.sqrt((d - 1.0) / (3.0 - d)))
    assert engine.diagnose(fit).durbin_watson_tails[0] == pytest.approx(truth, rel=1e-12)
    both = 2.0 * min(truth, 1.0 - truth)
    assert engine.diagnose(fit).durbin_watson_test.p_value == pytest.approx(both, rel=1e-12)


def test_durbin_watson_of_many_rows_is_nearly_normal_and_says_so(monkeypatch):
    fit = random_fit(0, n=300)
    exact = engine.diagnose(fit).durbin_watson_test
    monkeypatch.setattr(autocorrelation, "EXACT_LIMIT", 100)
    nearly = engine.diagnose(fit).durbin_watson_test
    assert nearly.p_value == pytest.approx(exact.p_value, abs=1e-3)
    assert exact.note == "" and "normal approximation" in nearly.note


# what the tests do not depend on


def statistics(fit: engine.OlsFit, keys: tuple[str, ...] = tuple(TESTS)) -> list[float]:
    diagnosis = engine.diagnose(fit)
    return [diagnosis.test(key).statistic for key in keys]


@given(
    st.integers(0, 99),
    st.floats(-12.0, 12.0),
    st.lists(st.floats(-6.0, 6.0), min_size=2, max_size=2),
    st.floats(-1e4, 1e4),
)
@settings(max_examples=25)
def test_no_test_depends_on_units_or_origins(seed, y_unit, x_units, origin):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 2)), rng.normal(size=30)
    other = engine.ols(X * 10.0 ** np.array(x_units) + origin, 10.0**y_unit * (y + origin))
    np.testing.assert_allclose(statistics(other), statistics(engine.ols(X, y)), rtol=1e-4)


def test_tests_of_the_residuals_alone_do_not_depend_on_the_coefficients():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(30, 2)), rng.normal(size=30)
    keys = tuple(key for key in TESTS if key not in ("ncv", "white_special", "reset"))
    other = engine.ols(X, y + X @ [3.0, -40.0] + 5.0)
    np.testing.assert_allclose(statistics(other, keys), statistics(engine.ols(X, y), keys), 1e-9)


def test_a_weighted_fit_is_tested_as_the_equal_fit_of_rows_times_the_roots_of_the_weights():
    rng = np.random.default_rng(4)
    X, y, weights = rng.normal(size=(30, 2)), rng.normal(size=30), rng.uniform(0.2, 5.0, 30)
    roots = np.sqrt(weights)
    whole = np.column_stack([np.ones(30), X]) * roots[:, None]
    weighted = engine.diagnose(engine.ols(X, y, weights=weights))
    plain = engine.diagnose(engine.ols(whole, roots * y, intercept=False))
    for key in ("durbin_watson", "breusch_godfrey", "ljung_box", "jarque_bera", "shapiro"):
        close(weighted.test(key).statistic, plain.test(key).statistic)
        close(weighted.test(key).p_value, plain.test(key).p_value)
    close(weighted.condition_indices, plain.condition_indices)
    assert (plain.residual_kind, weighted.residual_kind[:10]) == ("y − ŷ", "√w·(y − ŷ)")


def test_rows_of_weight_zero_take_no_part():
    rng = np.random.default_rng(5)
    X, y, weights = rng.normal(size=(30, 2)), rng.normal(size=30), rng.uniform(0.2, 5.0, 30)
    weights[[3, 17]] = 0.0
    kept = weights > 0.0
    every = engine.ols(X, y, weights=weights)
    np.testing.assert_allclose(
        statistics(every), statistics(engine.ols(X[kept], y[kept], weights=weights[kept])), 1e-9
    )


def test_reset_of_a_weighted_fit_is_the_f_of_two_nested_weighted_fits():
    rng = np.random.default_rng(6)
    X, y, weights = rng.normal(size=(30, 2)), rng.normal(size=30), rng.uniform(0.2, 5.0, 30)
    small = engine.ols(X, y, weights=weights)
    powers = small.fitted[:, None] ** [2, 3]
    large = engine.ols(np.column_stack([X, powers]), y, weights=weights)
    left = [float(np.sum(weights * fit.residuals**2)) for fit in (small, large)]
    close(engine.diagnose(small).reset.statistic, (left[0] - left[1]) / 2 / (left[1] / 25))


# collinearity


def test_variance_inflation_is_the_diagonal_of_the_inverse_correlations():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4)) * [1e-6, 1.0, 1e3, 1e9] + 7.0
    fit = engine.ols(X, rng.normal(size=40))
    close(engine.diagnose(fit).vif, np.diag(np.linalg.inv(np.corrcoef(X.T))))


def test_condition_indices_are_right_beyond_the_reach_of_float64():
    # two columns of length 1 at an angle with cosine c: the indices are 1 and √((1 + c)/(1 − c))
    x = np.array([1.0, -1.0, 1.0, -1.0])
    gap = 2.0**-40
    fit = engine.ols(1.0 + gap * x, [1.0, 2.0, 4.0, 3.0])
    root = math.sqrt(1.0 + gap**2)  # and 1 − c = (1 − c²)/(1 + c) with c = 1/root
    truth = (1.0 + 1.0 / root) * root / gap
    close(engine.diagnose(fit).condition_indices, [1.0, truth], rel=1e-14)


def test_dependent_columns_have_infinite_inflation_and_the_others_their_own():
    rng = np.random.default_rng(8)
    a, b, c, y = rng.normal(size=(4, 30))
    diagnosis = engine.diagnose(engine.ols(np.column_stack([a, b, c, 2 * a - 3 * b]), y))
    assert np.isposinf(diagnosis.vif).tolist() == [True, True, False, True]
    without = engine.diagnose(engine.ols(np.column_stack([a, b, c]), y))
    close(diagnosis.vif[2], without.vif[2])
    assert np.isposinf(diagnosis.condition_indices).tolist() == [False] * 4 + [True]
    close(diagnosis.breusch_pagan.statistic, without.breusch_pagan.statistic)
    assert diagnosis.breusch_pagan.freedom == (3,)
    close(diagnosis.durbin_watson_test.p_value, without.durbin_watson_test.p_value)


def test_orthogonal_columns_have_no_inflation_and_one_condition():
    X = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]] * 3)
    diagnosis = engine.diagnose(engine.ols(X, np.arange(12.0) ** 2))
    close(diagnosis.vif, [1.0, 1.0])
    close(diagnosis.condition_indices, [1.0, 1.0, 1.0])


# where there is nothing to test


def test_in_float64_a_large_offset_leaves_every_test_what_it_is():
    rng = np.random.default_rng(3)
    X, y = rng.integers(0, 99, size=(60, 2)) / 8.0, rng.normal(size=60)
    plain = engine.diagnose(engine.ols(X, y, method="fast"))
    offset = engine.diagnose(engine.ols(X + 1e15, y, method="fast"))
    for key in TESTS:
        test, shifted = plain.test(key), offset.test(key)
        assert shifted.freedom == test.freedom
        assert shifted.statistic == pytest.approx(test.statistic, rel=1e-3), key


def test_condition_indices_beyond_float64_are_large_and_no_warning():
    x = np.arange(12.0) % 5.0 + 1e15
    fit = engine.polynomial(x, np.arange(12.0) % 3.0, 3)
    assert engine.diagnose(fit).condition_indices[-1] > 1e40
    nothing = engine.ols(np.zeros((4, 1)), [1.0, 2.0, 3.0, 5.0], intercept=False)
    assert engine.diagnose(nothing).condition_indices.tolist() == [np.inf]


@pytest.mark.parametrize("slope", [3.0, 0.3, 0.0])
def test_a_perfect_fit_leaves_nothing_to_test(slope):
    x = np.arange(10.0) * 0.1
    diagnosis = engine.diagnose(engine.ols(x, slope * x + 0.7))
    assert all(diagnosis.test(key) is None for key in TESTS)
    assert all("perfect fit" in diagnosis.note(key) for key in TESTS)
    assert diagnosis.durbin_watson is None and diagnosis.skewness is None


def test_small_residuals_that_are_not_rounding_are_tested():
    y = 1e15 + np.array([1.0, -2.0, 0.0, 3.0, -1.0, 0.0, 2.0, -3.0])
    fit = engine.ols(np.arange(8.0), y)
    small = engine.ols(np.arange(8.0), y - 1e15)
    close(engine.diagnose(fit).jarque_bera.statistic, engine.diagnose(small).jarque_bera.statistic)


@pytest.mark.parametrize(("n", "reason"), [(3, "all of them"), (4, "one degree of freedom")])
def test_too_few_examples_are_said_to_be_too_few(n, reason):
    diagnosis = engine.diagnose(random_fit(9, n=n))
    assert all(diagnosis.test(key) is None for key in TESTS)
    assert all(reason in diagnosis.note(key) for key in TESTS)


def test_each_test_says_what_it_lacks():
    few = engine.diagnose(random_fit(10, n=5))
    assert "n ≥ 8" in few.note("omnibus")
    assert "too few examples" in few.note("reset")
    assert few.jarque_bera is not None
    groups = np.repeat([0.0, 1.0], 8)  # ŷ has two values: its powers are combinations of 1 and ŷ
    two = engine.diagnose(engine.ols(groups, np.arange(16.0) ** 2))
    assert "combinations" in two.note("reset")
    level = engine.diagnose(engine.ols(groups, np.tile([1.0, -1.0], 8)))
    assert "same size" in level.note("breusch_pagan")
    assert level.breusch_pagan_classic.statistic == pytest.approx(0.0, abs=1e-20)
    assert "constant" in level.note("ncv")
    mean = engine.diagnose(random_fit(13, d=0))
    assert "constant" in mean.note("white") and mean.shapiro is not None
    lags = engine.diagnose(random_fit(11, n=10), lags=10)
    assert "lags" in lags.note("breusch_godfrey") and "lags" in lags.note("ljung_box")
    with pytest.raises(engine.DataError, match="power ≥ 2"):
        engine.diagnose(random_fit(12), power=1)


def test_statistics_of_fits_are_found_without_scipy():
    program = (
        "import sys, engine; "
        "d = engine.diagnose(engine.ols([*range(12)], [4, 1, 3, 2, 9, 5, 7, 8, 6, 3, 8, 2])); "
        "[d.test(key).statistic for key in engine.diagnostics.TESTS if key != 'shapiro']; "
        "d.vif, d.condition_indices; assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


# what can be asked of few different values


def test_durbin_watson_of_plant_growth_is_rs_two_sided_p():
    # R: lmtest::dwtest(lm(weight ~ group, PlantGrowth), alternative = "two.sided"): p = 0.0996
    groups = {
        "ctrl": "4.17 5.58 5.18 6.11 4.50 4.61 5.17 4.53 5.33 5.14",
        "trt1": "4.81 4.17 4.41 3.59 5.87 3.83 6.03 4.89 4.32 4.69",
        "trt2": "6.31 5.12 5.54 5.50 5.37 5.29 4.92 6.15 5.80 5.26",
    }
    y = [float(value) for values in groups.values() for value in values.split()]
    X = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 10, axis=0)
    diagnosis = engine.diagnose(engine.ols(X, y))
    assert round(diagnosis.durbin_watson, 4) == 2.7040
    assert round(diagnosis.durbin_watson_test.p_value, 4) == 0.0996
    assert diagnosis.reset is None


@pytest.mark.parametrize("as_text", [False, True])
def test_one_factor_has_no_reset_and_whites_special_form_is_koenkers(as_text):
    # R: lmtest::bptest(m, ~ fitted(m) + I(fitted(m)^2)) of m = lm(y ~ group):
    # 2.1612 on 1 degree of freedom, p = 0.1415, as bptest(m); resettest(m) is 0 with p = 1
    y = ["23.4", "20.5", "18.6", "26.4", "19.1", "21.0", "20.4", "18.7", "22.6", "23.2"]
    x = ["0"] * 5 + ["1"] * 5
    data = (x, y) if as_text else (np.array(x, dtype=float), np.array(y, dtype=float))
    diagnosis = engine.diagnose(engine.ols(*data))
    for test in (diagnosis.white_special, diagnosis.white, diagnosis.breusch_pagan):
        assert test.freedom == (1,)
        assert (round(test.statistic, 4), round(test.p_value, 4)) == (2.1612, 0.1415)
    assert diagnosis.reset is None
    assert "2 different values" in diagnosis.note("reset")


def one_way_statistics(groups: list[list[Fraction]], classes: list[int]) -> tuple[Fraction, int]:
    """n·R² of e² on the classes of the groups, in fractions: their means explain it."""
    squares: dict[int, list[Fraction]] = {}
    for ys, name in zip(groups, classes, strict=True):
        mean = sum(ys) / len(ys)
        squares.setdefault(name, []).extend((y - mean) ** 2 for y in ys)
    every = [value for values in squares.values() for value in values]
    centre = sum(every) / len(every)
    total = sum((value - centre) ** 2 for value in every)
    between = sum(len(v) * (sum(v) / len(v) - centre) ** 2 for v in squares.values())
    return (len(every) * between / total if total else Fraction(-1)), len(squares) - 1


@given(
    st.lists(st.lists(st.integers(-400, 400), min_size=2, max_size=8), min_size=2, max_size=4),
    st.booleans(),
    st.integers(0, 3),
)
@settings(max_examples=150, deadline=None)
def test_of_one_factor_no_test_is_made_of_rounding(tenths, as_text, first):
    groups = [[Fraction(value, 10) for value in ys] for ys in tenths]
    names = [i for i, ys in enumerate(groups) for _ in ys]
    levels = [i for i in range(len(groups)) if i != first % len(groups)]
    X = [[int(name == level) for level in levels] for name in names]
    y = [f"{float(value):.1f}" for ys in groups for value in ys]
    text = np.array(X, dtype=str).astype(object), y
    floats = np.array(X, dtype=float), np.array(y, dtype=float)
    diagnosis = engine.diagnose(engine.ols(*(text if as_text else floats)))
    assert diagnosis.reset is None
    means = [sum(ys) / len(ys) for ys in groups]
    koenker, df = one_way_statistics(groups, list(range(len(groups))))
    if diagnosis.breusch_pagan is None:
        return  # too few rows, a perfect fit, or e² of one size
    for key in ("breusch_pagan", "white"):
        assert diagnosis.test(key).freedom == (df,)
        assert diagnosis.test(key).statistic == pytest.approx(float(koenker), rel=1e-9, abs=1e-9)
    distinct = len(set(means))
    if distinct == 1:
        assert diagnosis.white_special is None and diagnosis.ncv is None
    elif distinct <= 3:  # 1, ŷ and ŷ² tell up to three means apart
        special, df = one_way_statistics(groups, [means.index(mean) for mean in means])
        assert diagnosis.white_special.freedom == (df,)
        assert diagnosis.white_special.statistic == pytest.approx(
            float(special), rel=1e-9, abs=1e-9
        )
    else:
        assert diagnosis.white_special.freedom == (2,)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_dose_of_three_values_leaves_reset_one_power(weighted):
    # with [1, x, x²] every function of three doses is fitted: F of the quadratic term
    rng = np.random.default_rng(10)
    for _ in range(100):
        x = np.repeat([0.5, 1.0, 2.0], 6)
        y = np.round(3.0 * x + rng.normal(size=18), 1)
        weights = rng.uniform(0.5, 2.0, 18) if weighted else None
        line, curve = (engine.polynomial(x, y, k, weights=weights) for k in (1, 2))
        reset = engine.diagnose(engine.ols(x, y, weights=weights)).reset
        assert reset.freedom == (1, 15)
        assert reset.statistic == pytest.approx((line.ssr / curve.ssr - 1.0) * 15, rel=1e-9)


def test_equal_fitted_values_of_different_rows_are_one_value():
    # two factors of two levels with equal effects: ŷ is 0, 1 or 2 times the effect
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 5) / 1.0
    y = X.sum(axis=1) / 3.0 + np.tile([0.1, -0.1, -0.1, 0.1, 0.2, -0.2, -0.2, 0.2], 3)[:20] / 7.0
    fit = engine.ols(X, y)
    assert fit.coefficients[1] == pytest.approx(fit.coefficients[2], rel=1e-12)
    assert engine.diagnose(fit).reset.freedom == (1, 16)  # the interaction alone


def test_of_rows_without_an_order_nothing_is_asked_of_their_order():
    fit = random_fit(11)
    diagnosis = engine.diagnose(fit, rows_have_order=False)
    for key in TESTS:
        assert (diagnosis.test(key) is None) == (key in ORDER_TESTS)
    assert diagnosis.durbin_watson is None and diagnosis.durbin_watson_tails is None
    assert "order of the rows means nothing" in diagnosis.note("ljung_box")
    perfect = engine.diagnose(engine.ols(np.arange(9.0), np.arange(9.0)), rows_have_order=False)
    assert "perfect fit" in perfect.note("durbin_watson")


@pytest.mark.parametrize("as_text", [False, True])
def test_white_of_raw_powers_is_the_regression_of_the_squares_on_1_to_the_sixth_power(as_text):
    # the products of Y, Y², Y³ span 1, Y, …, Y⁶; ``polynomial`` makes its own, exact powers
    years = [str(year) for year in range(1890, 1991)]
    noise = np.random.default_rng(1).normal(size=101) * (1.0 + np.arange(101) / 20.0)
    y = [f"{value:.1f}" for value in 50.0 + 0.3 * np.arange(101) + noise]
    X = [[str(int(year) ** power) for power in (1, 2, 3)] for year in years]
    data = (X, y) if as_text else (np.array(X, dtype=float), np.array(y, dtype=float))
    fit = engine.ols(*data)
    white = engine.diagnose(fit).white
    assert white.freedom == (6,)
    exact = engine.polynomial(years, [str(e * e) for e in fit.residuals], 6)
    close(white.statistic, 101 * exact.r_squared, rel=1e-12)


@pytest.mark.parametrize("as_text", [False, True])
def test_raw_powers_that_fit_every_value_of_x_leave_reset_nothing(as_text):
    x = [str(year) for year in (1901, 1902, 1903, 1905)] * 5
    y = [f"{value:.1f}" for value in np.random.default_rng(2).normal(size=20)]
    X = [[str(int(year) ** power) for power in (1, 2, 3)] for year in x]
    data = (X, y) if as_text else (np.array(X, dtype=float), np.array(y, dtype=float))
    diagnosis = engine.diagnose(engine.ols(*data))
    assert diagnosis.reset is None and diagnosis.white.freedom == (3,)
