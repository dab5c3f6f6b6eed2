"""Generalised linear models: published fits, closed forms, and the one-layer network each is."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import engine
from engine.glm.families import FAMILIES, LINKS, Model

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "glm.json").read_text(encoding="utf-8")
)
VARIANCES = {  # McCullagh & Nelder 1989, table 2.1
    "gaussian": lambda mu: 1.0,
    "binomial": lambda mu: mu * (1.0 - mu),
    "poisson": lambda mu: mu,
    "gamma": lambda mu: mu**2,
}
MEANS = {"identity": 0.6, "inverse": 2.0, "log": -1.2}  # of η, by link: far from where μ ends
PAIRS = pytest.mark.parametrize(("family", "link"), [*engine.GLM_NETWORKS])


def relative(actual, expected):
    expected = np.asarray(expected, dtype=float)
    return np.abs(np.asarray(actual) - expected).max() / np.abs(expected).max()


def drawn(family, link, n=150, correlation=0.0):
    """Standardised columns, and y drawn from the model with small slopes."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 2))
    X[:, 1] = correlation * X[:, 0] + np.sqrt(1.0 - correlation**2) * X[:, 1]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    slopes = np.array([0.1, -0.05])
    mu = Model(FAMILIES[family], LINKS[link]).mean(MEANS.get(link, 0.3) + X @ slopes)
    y = {
        "gaussian": lambda: rng.normal(mu, 0.1),
        "binomial": lambda: rng.binomial(1, mu) * 0.6 + 0.2,  # shares: no mean reaches an end
        "poisson": lambda: rng.poisson(mu) + 0.5,
        "gamma": lambda: rng.gamma(4.0, mu / 4.0),
    }[family]()
    return X, y


# published fits


@pytest.mark.parametrize("name", [*REFERENCE])
def test_published_fits_hold_to_eleven_digits(name):
    # source: IRLS in 60 digits, agreeing with R's published output (see the file)
    case = REFERENCE[name]
    result = case["result"]
    family = "poisson" if "poisson" in name else "binomial"
    link = "identity" if "identity" in name else None
    X = np.array(case["X"], dtype=float)[:, 1:]
    fit = engine.glm(X, case.get("y", case.get("k")), family, link, trials=case.get("n"))
    for key, actual in {
        "coef": fit.coefficients,
        "se": fit.standard_errors,
        "z": fit.z_values,
        "p": fit.p_values,
        "deviance": fit.deviance,
        "null_deviance": fit.null_deviance,
        "loglik": fit.log_likelihood,
        "aic": fit.aic,
        "pearson_chi2": fit.pearson_chi2,
        "fitted": fit.fitted,
        "lr_test": fit.lr_statistic,
        "lr_p": fit.lr_p_value,
    }.items():
        assert relative(actual, result[key]) < 1e-11, key
    assert relative(fit.p_values / np.array(result["p"], dtype=float), 1.0) < 1e-11
    assert fit.iterations == result["iterations_R_rule_epsilon1e8"]
    assert fit.converged
    assert fit.note == ""


# closed forms


@PAIRS
def test_two_groups_have_their_means_and_the_delta_methods_standard_errors(family, link):
    # μ̂ is the mean of each group, whatever the link; Var g(ȳ) = φ V(μ) g′(μ)²/n
    rng = np.random.default_rng(3)
    sizes = np.array([30, 50])
    group = np.repeat([0.0, 1.0], sizes)
    means = np.where(group, 0.55, 0.35)
    y = rng.binomial(1, means) if family == "binomial" else rng.gamma(5.0, means / 5.0)
    if family == "poisson":
        y = rng.poisson(9.0 * means) / 9.0
    fit = engine.glm(group, y, family, link)
    mu = np.array([y[group == g].mean() for g in (0, 1)])
    g = LINKS[link].of_mean
    assert relative(fit.coefficients, [g(mu)[0], np.diff(g(mu))[0]]) < 1e-12
    h = 1e-5 * mu
    slope = (g(mu + h) - g(mu - h)) / (2.0 * h)
    chi2 = ((y - mu[group.astype(int)]) ** 2 / VARIANCES[family](mu[group.astype(int)])).sum()
    phi = chi2 / 78.0 if family in ("gaussian", "gamma") else 1.0
    variances = phi * VARIANCES[family](mu) * slope**2 / sizes
    assert relative(fit.standard_errors**2, [variances[0], variances.sum()]) < 1e-8
    assert fit.dispersion == pytest.approx(phi, rel=1e-11)
    assert fit.covariance[0, 1] == pytest.approx(-variances[0], rel=1e-8)


def test_normal_with_identity_is_ordinary_least_squares():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 3)) * [1.0, 100.0, 0.01] + [0.0, 1e4, 5.0]
    y = X @ [1.0, 0.02, -30.0] + rng.normal(size=40)
    fit, line = engine.glm(X, y, "gaussian"), engine.ols(X, y)
    assert relative(fit.coefficients, line.coefficients) < 1e-10
    assert fit.deviance == pytest.approx(line.ssr, rel=1e-11)
    assert fit.dispersion == pytest.approx(line.residual_sd**2, rel=1e-11)
    assert fit.iterations == 2  # as R counts: one to arrive and one to see it


def test_log_likelihoods_are_sums_of_log_densities():
    X, y = drawn("gamma", "log")
    fit = engine.glm(X, y, "gamma", "log")
    shape = len(y) / fit.deviance
    logs = stats.gamma.logpdf(y, shape, scale=fit.fitted / shape)
    assert fit.log_likelihood == pytest.approx(logs.sum(), rel=1e-12)
    assert fit.aic_r - fit.aic == 2.0

    counts = np.random.default_rng(0).poisson(3.0, 150)
    fit = engine.glm(X, counts, "poisson")
    logs = stats.poisson.logpmf(counts, fit.fitted)
    assert fit.log_likelihood == pytest.approx(logs.sum(), rel=1e-12)
    assert fit.bic == pytest.approx(3 * np.log(150) - 2 * logs.sum(), rel=1e-12)

    trials = np.random.default_rng(1).integers(5, 20, 150)
    fit = engine.glm(X, counts.clip(0, 5), trials=trials)
    logs = stats.binom.logpmf(counts.clip(0, 5), trials, fit.fitted)
    assert fit.log_likelihood == pytest.approx(logs.sum(), rel=1e-12)


def test_an_offset_makes_counts_rates():
    rng = np.random.default_rng(2)
    exposure = rng.uniform(1.0, 50.0, 30)
    y = rng.poisson(0.3 * exposure)
    fit = engine.glm(np.empty((30, 0)), y, "poisson", offset=np.log(exposure))
    assert fit.coefficients == pytest.approx([np.log(y.sum() / exposure.sum())], rel=1e-13)
    assert fit.null_deviance == pytest.approx(fit.deviance, rel=1e-12)
    twice = engine.glm(exposure, y, "poisson", offset=np.log(exposure))
    assert twice.null_deviance == pytest.approx(fit.deviance, rel=1e-12)


# equal data, equal fits


@PAIRS
def test_whole_weights_are_repeated_rows_and_weight_0_is_no_row(family, link):
    X, y = drawn(family, link, n=60)
    counts = np.random.default_rng(5).integers(0, 4, 60)
    weighted = engine.glm(X, y, family, link, weights=counts)
    repeated = engine.glm(np.repeat(X, counts, axis=0), np.repeat(y, counts), family, link)
    assert relative(weighted.coefficients, repeated.coefficients) < 1e-9
    assert weighted.deviance == pytest.approx(repeated.deviance, rel=1e-11)
    assert weighted.null_deviance == pytest.approx(repeated.null_deviance, rel=1e-11)
    assert weighted.freedom == (counts > 0).sum() - 3


def test_grouped_trials_and_single_trials_have_one_fit_and_two_saturated_models():
    case = REFERENCE["beetles_logit_grouped"]
    dose = np.array(case["X"], dtype=float)[:, 1]
    grouped = engine.glm(dose, case["k"], trials=case["n"])
    X, y = engine.ungrouped(dose, case["k"], case["n"])
    assert len(y) == sum(case["n"])
    single = engine.glm(X, y)
    assert relative(single.coefficients, grouped.coefficients) < 1e-12
    assert relative(single.standard_errors, grouped.standard_errors) < 1e-12
    by_group = np.array(case["k"]) / case["n"]
    between = (
        2.0 * np.array(case["n"]) @ [engine.saturated_cost(grouped.loss, [p]) for p in by_group]
    )
    assert single.deviance - grouped.deviance == pytest.approx(between, rel=1e-12)


@given(
    scale=st.floats(1e-6, 1e6),
    shift=st.floats(-100.0, 100.0),
    pair=st.sampled_from([*engine.GLM_NETWORKS]),
)
@settings(max_examples=50)
def test_units_and_origins_of_the_columns_change_no_fitted_mean(scale, shift, pair):
    X, y = drawn(*pair)
    first = engine.glm(X, y, *pair)
    moved = engine.glm((X[:, ::-1] + shift) * [scale, 1.0], y, *pair)
    assert relative(moved.fitted, first.fitted) < 1e-9
    assert moved.deviance == pytest.approx(first.deviance, rel=1e-9)
    slopes = moved.coefficients[1:] * [scale, 1.0]
    assert relative(slopes[::-1], first.coefficients[1:]) < 1e-7
    assert relative(moved.standard_errors[1:] * [scale, 1.0], first.standard_errors[:0:-1]) < 1e-7


# the network that it is


@PAIRS
def test_the_deviance_is_twice_the_cost_above_the_saturated_models(family, link):
    X, y = drawn(family, link)
    fit = engine.glm(X, y, family, link)
    result = engine.backpropagate(fit.network(), X, y, fit.loss)
    n = len(y)
    above = result.loss - engine.saturated_cost(fit.loss, y)
    assert fit.deviance == pytest.approx((n if family == "gaussian" else 2 * n) * above, rel=1e-11)
    assert fit.deviance == pytest.approx(engine.deviance(result.loss, fit.loss, y), rel=1e-11)
    assert relative(result.forward.prediction[:, 0], fit.fitted) < 1e-14
    # and there the network has nothing left to learn
    assert fit.converged
    assert np.abs(result.gradient).max() < 1e-13
    assert (fit.output, fit.loss) == engine.GLM_NETWORKS[family, link]


@PAIRS
def test_gradient_descent_on_one_layer_reaches_the_coefficients(family, link):
    X, y = drawn(family, link, correlation=0.95)
    fit = engine.glm(X, y, family, link)
    # the Hessian of C at the end: plain descent needs a rate below 2/λ_max
    hessian = np.linalg.inv(fit.covariance / fit.dispersion) / len(y)
    rate = 1.0 / np.linalg.eigvalsh(hessian)[-1] / (2.0 if family == "gaussian" else 1.0)
    assert 30.0 < np.linalg.cond(hessian) < 100.0
    start = fit.network(fit.null_coefficients)
    trainer = engine.Trainer.from_arrays(
        start, X, y[:, None], fit.loss, learning_rate=0.9 * rate, batch_size=len(y)
    )
    network = trainer.step(3000).network
    reached = [network.biases[0][0], *network.weights[0][0]]
    assert relative(reached, fit.coefficients) < 1e-8


def test_newtons_steps_are_those_of_irls_with_the_canonical_link():
    # z of the network is η: its Hessian XᵀWX/n gives the next coefficients from the last
    case = REFERENCE["challenger_logit"]
    X = np.array(case["X"], dtype=float)
    fit = engine.glm(X[:, 1:], case["y"])
    for before, after in zip(fit.history[:3], fit.history[1:4], strict=True):
        network = fit.network(before.coefficients)
        result = engine.backpropagate(network, X[:, 1:], case["y"], fit.loss)
        slope, intercept = result.gradient
        a = result.forward.prediction[:, 0]
        hessian = (X * (a * (1.0 - a))[:, None]).T @ X / len(X)
        newton = before.coefficients - np.linalg.solve(hessian, [intercept, slope])
        assert relative(newton, after.coefficients) < 1e-9
        assert engine.deviance(result.loss, fit.loss, case["y"]) == pytest.approx(before.deviance)


@PAIRS
def test_residuals_add_up_to_the_statistics_they_are_named_after(family, link):
    X, y = drawn(family, link)
    fit = engine.glm(X, y, family, link, weights=np.linspace(0.5, 2.0, len(y)))
    assert (fit.residuals() ** 2).sum() == pytest.approx(fit.deviance, rel=1e-12)
    assert (fit.residuals("pearson") ** 2).sum() == pytest.approx(fit.pearson_chi2, rel=1e-12)
    variance = VARIANCES[family](fit.fitted)
    pearson = np.sqrt(fit.weights / variance) * fit.residuals("response")
    np.testing.assert_allclose(fit.residuals("pearson"), pearson, rtol=1e-9, atol=1e-12)
    # regressing the working responses once more changes nothing
    working = fit.linear_predictor + fit.residuals("working")
    information = fit.weights * fit.model.information(fit.linear_predictor)
    root = np.sqrt(information)[:, None]
    again = np.linalg.lstsq(root * fit.design, root[:, 0] * working)[0]
    assert relative(again, fit.coefficients) < 1e-12


# where there is no estimate


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_separation_is_reported_and_not_only_suffered(link):
    x = np.arange(10.0)
    fit = engine.glm(x, x > 4.5, link=link, names=["dose"])
    assert (fit.separation, fit.converged) == ("complete", False)
    assert "complete separation along intercept, dose" in fit.note
    tied = x.copy()
    tied[4] = tied[5]  # the two sides meet in one place
    fit = engine.glm(tied, x > 4.5, link=link)
    assert (fit.separation, fit.converged) == ("quasi-complete", False)
    overlapping = engine.glm(x, (x > 4.5) ^ (x == 2.0), link=link)
    assert (overlapping.separation, overlapping.converged) == (None, True)


def test_separation_is_reported_where_rounding_brought_the_steps_to_rest():
    x, y = [-2, 0, -2, -2, -1, -2], [1, 0, 1, 1, 0, 0]  # at −2 either, above it only 0
    fit = engine.glm(x, y, weights=[1, 2, 1, 1, 2, 1])
    assert fit.path.converged and not fit.converged
    assert fit.separation == "quasi-complete"


def test_a_group_without_successes_or_counts_separates_along_its_column():
    group = np.repeat([0.0, 1.0], 6)
    x = np.tile([0.0, 1.0, 3.0], 4)
    y = np.where(group == 1.0, 0.0, [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    for family in ("binomial", "poisson"):
        fit = engine.glm(np.column_stack([x, group]), y, family, names=["x", "group"])
        assert fit.separation == "quasi-complete"
        assert "separation along group:" in fit.note
        assert not fit.converged


def test_every_y_equal_separates_along_the_intercept():
    fit = engine.glm([1.0, 2.0, 3.0, 5.0], np.ones(4))
    assert fit.separation == "complete"
    assert fit.null_deviance == 0.0
    assert fit.deviance < 1e-30


def test_a_maximum_where_a_mean_is_0_is_reported():
    # on a line through means of 3, 2, 1, 0, −1 no Poisson mean may be below 0
    fit = engine.glm(np.arange(5.0), [4.0, 2.0, 1.0, 0.0, 0.0], "poisson", "identity")
    assert not fit.converged
    assert "at the end of the range of a mean" in fit.note


@pytest.mark.parametrize("seed", range(6))
def test_a_converged_fit_has_no_mean_at_an_end(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=30)
    fits = [engine.glm(x, rng.poisson(0.3 + 0.1 * np.abs(x)), "poisson", "identity")
            for _ in range(40)]  # fmt: skip
    ends = [fit for fit in fits if fit.fitted.min() < 1e-8]
    assert ends and not any(fit.converged for fit in ends)
    assert all("the maximum is at the end of the range of a mean" in fit.note for fit in ends)


def test_a_gamma_likelihood_keeps_its_digits_where_the_fit_is_good():
    # for small dispersions log y is as good as normal around log μ
    x = np.linspace(0.0, 1.0, 20)
    z = np.array([1.0, -1.0] * 10)
    for error in (1e-2, 1e-5, 1e-9):
        y = np.exp(1.0 + x + error * z)
        fit = engine.glm(x, y, "gamma", "log")
        normal = engine.ols(x, np.log(y)).log_likelihood - np.log(y).sum()
        assert fit.log_likelihood == pytest.approx(normal, abs=20 * error + 1e-5)
    assert engine.glm(np.zeros((3, 0)), np.full(3, 0.5), "gamma").log_likelihood == np.inf


def test_a_constant_y_has_nothing_to_test():
    x = [1.0, 2.0, 4.0, 3.0]
    fit = engine.glm(x, [0.0] * 4, "gaussian")
    assert np.isnan(fit.lr_statistic) and np.isnan(fit.lr_p_value)
    assert not engine.glm(range(30), [0.7] * 30, "gaussian").lr_statistic < 0.0


def test_a_maximum_below_another_is_reported():
    x, y = np.arange(30.0), np.repeat([0.0, 1.0], 15)
    fit = engine.glm(x, y, "gaussian", "inverse")
    assert fit.converged and fit.deviance > fit.null_deviance
    assert fit.note.startswith("the likelihood has another maximum")
    assert fit.lr_statistic == 0.0


def test_units_however_far_from_1_change_no_test():
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(30, 2)), rng.poisson(2.0, size=30)
    fit = engine.glm(X, y, "poisson")
    for unit in (2.0**-700, 2.0**1020):
        scaled = engine.glm(X * unit, y, "poisson")
        assert scaled.deviance == pytest.approx(fit.deviance, rel=1e-13)
        np.testing.assert_allclose(scaled.standard_errors[1:] * unit, fit.standard_errors[1:])
        assert scaled.covariance.shape == (3, 3)


def test_dependent_columns_are_left_out_and_named():
    X, y = drawn("binomial", "logit")
    wide = np.column_stack([X, X @ [2.0, -3.0] + 7.0])
    fit, narrow = engine.glm(wide, y, names=["a", "b", "c"]), engine.glm(X, y)
    assert (fit.dropped, fit.rank) == (("c",), 3)
    assert "c" in fit.note
    assert fit.coefficients[-1] == 0.0
    assert np.isnan(fit.standard_errors[-1])
    assert relative(fit.coefficients[:-1], narrow.coefficients) < 1e-12


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_far_examples_overflow_nothing(link):
    x = np.concatenate([np.linspace(-1.0, 1.0, 20), [-1e4, 1e4]])
    y = np.concatenate([np.tile([0.0, 1.0], 10), [0.0, 1.0]])
    fit = engine.glm(x, y, link=link)
    assert fit.converged
    assert np.isfinite(fit.coefficients).all()
    assert np.isfinite(fit.residuals()).all()


# messages


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: engine.glm([1, 2], [0, 1], "normal"), "unknown family 'normal'; there are: gau"),
        (lambda: engine.glm([1, 2], [0, 1], link="inverse"), "binomial goes with link logit or"),
        (lambda: engine.glm([1, 2], [0, 1, 1]), "it got (2, 1) and (3,)"),
        (
            lambda: engine.glm([1, 2, 3], [0, 2, 3]),
            "the target, row 2: it is 2; binary_cross_entropy takes targets between 0 and 1 "
            "(1 more row like it)",
        ),
        (
            lambda: engine.glm([1, 2], [0, 2], trials=[3, 1]),
            "y, row 2: 2 successes of 1 trial; y counts successes, from 0 to the trials; if the "
            "column holds the failures, the trials are successes and failures together",
        ),
        (
            lambda: engine.glm([1, 2, 3], [0, 1, 1], trials=[3, 0, 0]),
            "trials, row 2: it is 0; trials must be finite and 1 or more",
        ),
        (
            lambda: engine.glm([1, 2, 3, 4], [1, 1.5, 0.5, 2.5], trials=[3, 3, 3, 3]),
            "y, row 2: it is 1.5; successes are whole numbers, or shares from "
            "0 to 1 (2 more rows like it)",
        ),
        (lambda: engine.glm([1, 2], [0, -1], trials=[3, 1]), "y, row 2: it is -1; successes are"),
        (lambda: engine.glm([1, 2], [0, 1], "poisson", trials=[1, 1]), "trials go with family bin"),
        (
            lambda: engine.glm([1, 2], [0, 1], "gamma"),
            "row 1: it is 0; gamma takes targets above 0",
        ),
        (
            lambda: engine.glm([1, 2], [0, 1], weights=[-1, 1]),
            "row 1: it is -1; weights must be fin",
        ),
        (lambda: engine.glm([1, 2], [0, 1], weights=[0, 0]), "every weight is 0"),
        (lambda: engine.glm([1, 2], [0, 1], offset=[1]), "offset has shape (1,), not (2,)"),
        (lambda: engine.glm([1, np.inf], [0, 1]), "X, row 2, column 1: inf is not a finite number"),
        (lambda: engine.glm(["1", "two"], [0, 1]), "X, row 2: 'two' is not a finite number"),
        (lambda: engine.glm([[1], [2, 3]], [0, 1]), "X: its rows are not of one length"),
        (
            lambda: engine.glm([1, 2], [1e-200, 3e-200], "gaussian"),
            "too large or too small to square",
        ),
        (lambda: engine.glm([0, 5e-324, 1e-323], [1, 2, 1], "poisson"), "a coefficient would be"),
        (lambda: engine.ungrouped([1, 2], [1, 1], [2]), "trials (n,)"),
        (lambda: engine.glm([1, 2, 4], [1, 2, 1], "poisson").confidence_intervals(2), "level = 2"),
        (lambda: engine.glm([1, 2], [0, 1], names=["a", "b"]), "2 names for 1 column"),
        (lambda: engine.glm([0, 0], [0, 1], intercept=False), "there is no column to fit"),
        (
            lambda: engine.glm([-1.0, 1.0, 2.0], [1, 2, 1], "poisson", "identity", intercept=False),
            "no start found with means that are possible for poisson",
        ),
        (
            lambda: engine.glm([1, 2, 3], [0, 1, 2], "poisson", offset=[1, 2, 1]).network(),
            "an offset cannot be represented",
        ),
        (lambda: engine.glm([1, 2, 4], [1, 2, 1], "poisson").residuals("x"), "there are: deviance"),
    ],
)
def test_mistakes_say_what_is_wrong(make, says):
    with pytest.raises(engine.EngineError) as error:
        make()
    assert says in str(error.value)
