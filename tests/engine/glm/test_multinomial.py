"""The multinomial logit model: closed forms, the softmax network, and separated classes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import engine


def drawn(seed, k=3, d=2):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(40, 90))
    X = rng.normal(size=(n, d))
    eta = np.column_stack([np.zeros(n), X @ rng.normal(size=(d, k - 1)) * 0.7])
    labels = (eta + rng.gumbel(size=(n, k))).argmax(axis=1)
    labels[:k] = np.arange(k)
    return X, labels


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 5))
@settings(max_examples=30, deadline=None)
def test_the_softmax_network_has_the_same_probabilities_and_no_gradient(seed, k):
    X, labels = drawn(seed, k)
    fit = engine.multinomial(X, labels)
    if not fit.converged:
        return
    network = fit.network()
    assert np.abs(network.predict(X) - fit.fitted).max() <= 1e-12
    assert np.abs(fit.predict(X) - fit.fitted).max() <= 1e-12
    # the likelihood equations: Σx(1[class] − P) = 0
    left = np.eye(k)[labels] - fit.fitted
    assert np.abs(fit.design.T @ left).max() < 1e-9
    cost = -np.log(fit.fitted[np.arange(len(X)), labels]).mean()
    assert fit.deviance == pytest.approx(2.0 * len(X) * cost, rel=1e-12)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_two_classes_are_the_logit_model(seed):
    X, labels = drawn(seed, 2)
    fit, logit = engine.multinomial(X, labels), engine.glm(X, labels, "binomial")
    if not fit.converged:
        return
    assert fit.coefficients[0] == pytest.approx(logit.coefficients, rel=1e-9)
    assert fit.standard_errors[0] == pytest.approx(logit.standard_errors, rel=1e-9)
    assert fit.p_values[0] == pytest.approx(logit.p_values, rel=1e-8)
    assert fit.aic == pytest.approx(logit.aic, rel=1e-12)
    assert fit.lr_p_value == pytest.approx(logit.lr_p_value, rel=1e-8)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_order_of_rows_units_the_reference_and_repeated_rows_change_no_probability(seed):
    X, labels = drawn(seed)
    rng = np.random.default_rng(seed)
    order, times = rng.permutation(len(X)), rng.integers(1, 4, len(X))
    fit = engine.multinomial(X, labels, weights=times)
    if not fit.converged:
        return
    other = engine.multinomial(X[order] * [1e4, -0.1], labels[order], weights=times[order])
    assert other.fitted == pytest.approx(fit.fitted[order], abs=1e-9)
    turned = engine.multinomial(X, labels, weights=times, classes=[2, 0, 1])
    assert turned.fitted[:, [1, 2, 0]] == pytest.approx(fit.fitted, abs=1e-9)
    assert turned.coefficients[0] == pytest.approx(-fit.coefficients[1], rel=1e-7, abs=1e-9)
    repeated = engine.multinomial(np.repeat(X, times, axis=0), np.repeat(labels, times))
    assert repeated.coefficients == pytest.approx(fit.coefficients, rel=1e-8)
    assert repeated.standard_errors == pytest.approx(fit.standard_errors, rel=1e-8)


def test_the_intercept_alone_gives_the_shares_of_the_classes():
    labels = list("aabbbbc")
    fit = engine.multinomial(np.empty((7, 0)), labels)
    assert fit.fitted[0] == pytest.approx([2 / 7, 4 / 7, 1 / 7])
    assert fit.deviance == pytest.approx(fit.null_deviance)
    # the variance of log(n_b/n_a) is 1/n_a + 1/n_b
    assert fit.standard_errors[:, 0] ** 2 == pytest.approx([1 / 2 + 1 / 4, 1 / 2 + 1 / 1])


def test_a_factor_gives_the_logarithms_of_the_ratios_of_its_table():
    table = np.array([[5.0, 7.0, 9.0], [3.0, 8.0, 2.0]])
    X, labels = np.repeat([0.0, 1.0], 3), np.tile([0, 1, 2], 2)
    fit = engine.multinomial(X, labels, weights=table.ravel())
    logits = np.log(table[:, 1:] / table[:, :1])
    assert fit.coefficients[:, 0] == pytest.approx(logits[0])
    assert fit.coefficients[:, 1] == pytest.approx(logits[1] - logits[0])
    expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert fit.lr_statistic == pytest.approx(expected.statistic)
    assert fit.lr_p_value == pytest.approx(expected.pvalue)


@pytest.mark.parametrize(
    ("labels", "how"), [("aabbcc", "complete"), ("aabbcbcc", "quasi-complete")]
)
def test_separated_classes_are_told_and_have_no_p_values(labels, how):
    fit = engine.multinomial(np.arange(float(len(labels))), list(labels))
    assert fit.separation == how and not fit.converged
    assert fit.note.startswith(f"{how} separation of the classes")
    assert np.isnan(fit.p_values).all() and np.isnan(fit.lr_p_value)
    assert np.isnan(fit.confidence_intervals()).all()
    assert ("b", "x1") in fit.infinite


def test_only_the_class_that_is_apart_has_infinite_coefficients():
    # one class apart from two that overlap: its coefficients are infinite, the others' are not
    x = np.array([-9.0, -8.0, -7.0, 0.0, 1.0, 2.0, 3.0, 1.5])
    fit = engine.multinomial(x, list("aaabcbcc"), classes=["b", "a", "c"])
    assert fit.separation == "quasi-complete"
    assert {label for label, _ in fit.infinite} == {"a"}


def test_columns_that_are_combinations_are_left_out():
    X, labels = drawn(4)
    fit = engine.multinomial(np.column_stack([X, X[:, 0] + X[:, 1]]), labels)
    assert fit.dropped == ("x3",) and np.isnan(fit.p_values[:, 3]).all()
    assert fit.coefficients[:, :3] == pytest.approx(engine.multinomial(X, labels).coefficients)


@pytest.mark.parametrize(
    ("X", "labels", "given", "error"),
    [
        ([1, 2], ["a", "a"], {}, "one class"),
        ([1, 2], ["a", "b"], {"classes": ["a"]}, "'b' is not among"),
        ([1, 2], ["a", "b"], {"classes": ["a", "b", "c"]}, "'c' has no example"),
        ([1, 2], ["a", "b"], {"weights": [1, 0]}, "'b' has no example"),
        ([1, np.nan], ["a", "b"], {}, "finite"),
        ([1, 2, 3], ["a", "b"], {}, "labels"),
        ([1, 2], ["a", "b"], {"names": ["x", "z"]}, "2 names for 1 column"),
    ],
)
def test_what_makes_no_model_is_refused(X, labels, given, error):
    with pytest.raises(engine.EngineError, match=error):
        engine.multinomial(X, labels, **given)


def test_one_example_of_each_class_is_separated_not_a_traceback():
    fit = engine.multinomial([1.0, 2.0], ["a", "b"])
    assert fit.separation == "complete"
