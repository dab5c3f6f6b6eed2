"""Tables and comparisons: identities between them, and situations where there is no test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.terms.model_term import ModelTerm

SEEDS = st.integers(0, 2**32 - 1)
X6 = np.arange(6.0)


def term(name, *columns, of=None):
    return ModelTerm(name, frozenset(of or {name}), columns)


def drawn(seed, family):
    """A number, a factor of three levels (two columns), their terms, and y of the family."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(25, 60))
    level = rng.permutation(np.arange(n) % 3)
    X = np.column_stack([rng.normal(size=n), level == 1, level == 2]).astype(float)
    eta = 1.5 + X @ [0.2, -0.3, 0.4]
    y = {
        "gaussian": lambda: rng.normal(eta, 1.0),
        "ols": lambda: rng.normal(eta, 1.0),
        "gamma": lambda: rng.gamma(3.0, np.exp(eta) / 3.0),
        "binomial": lambda: rng.binomial(1, 1.0 / (1.0 + np.exp(2.0 - eta))).astype(float),
        "negative_binomial": lambda: rng.negative_binomial(2, 2 / (2 + np.exp(eta))).astype(float),
    }.get(family, lambda: rng.poisson(np.exp(eta)).astype(float))()
    return X, y, [term("x", 0), term("f", 1, 2)]


def fitted(X, y, family, **given):
    if family == "ols":
        return engine.ols(X, y, **given)
    return engine.glm(X, y, family, "log" if family == "gamma" else None, **given)


KINDS = ("ols", "gaussian", "gamma", "binomial", "poisson", "quasi_poisson", "negative_binomial")


@given(seed=SEEDS, family=st.sampled_from(KINDS))
@settings(max_examples=60, deadline=None)
def test_without_interactions_type_ii_is_leaving_out_one_term(seed, family):
    X, y, terms = drawn(seed, family)
    fit = fitted(X, y, family)
    if family != "ols" and not fit.converged:
        return
    for one, other in zip(
        engine.anova(fit, terms).rows, engine.drop_one(fit, terms).rows[1:], strict=True
    ):
        assert (one.term, one.freedom) == (other.term, other.freedom)
        assert [one.statistic, one.p_value] == pytest.approx([other.statistic, other.p_value])


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_of_least_squares_each_test_of_a_term_is_its_joint_test(seed):
    X, y, terms = drawn(seed, "ols")
    fit = engine.ols(X, y)
    for row, one in zip(engine.anova(fit, terms).rows, terms, strict=True):
        test = fit.joint_test(one.columns)
        assert [test.statistic, test.p_value] == pytest.approx([row.statistic, row.p_value])
    assert fit.joint_test([0, 1, 2]).statistic == pytest.approx(fit.f_statistic)


@given(seed=SEEDS, family=st.sampled_from(KINDS), scale=st.sampled_from([1e-6, -3.0, 1e5]))
@settings(max_examples=60, deadline=None)
def test_units_and_the_order_of_rows_change_no_test(seed, family, scale):
    X, y, terms = drawn(seed, family)
    fit = fitted(X, y, family)
    order = np.random.default_rng(seed).permutation(len(y))
    other = fitted((X * [scale, 1.0, 1.0])[order], y[order], family)
    if family != "ols" and not (fit.converged and other.converged):
        return
    for one, two in zip(
        engine.anova(fit, terms).rows, engine.anova(other, terms).rows, strict=True
    ):
        assert [one.statistic, one.p_value] == pytest.approx([two.statistic, two.p_value], rel=1e-6)
    new = X[:3] * [scale, 1.0, 1.0]
    one, two = fit.predict_intervals(X[:3]), other.predict_intervals(new)
    assert one.confidence == pytest.approx(two.confidence, rel=1e-7)
    if family != "ols":
        assert fit.leverage[order] == pytest.approx(other.leverage, rel=1e-6)


@given(seed=SEEDS, family=st.sampled_from(["poisson", "binomial", "negative_binomial"]))
@settings(max_examples=40, deadline=None)
def test_weights_of_counts_are_repeated_rows(seed, family):
    X, y, terms = drawn(seed, family)
    times = np.random.default_rng(seed).integers(1, 4, len(y))
    weighted = fitted(X, y, family, weights=times)
    repeated = fitted(np.repeat(X, times, axis=0), np.repeat(y, times), family)
    if not (weighted.converged and repeated.converged):
        return
    if family == "negative_binomial":
        assert weighted.theta == pytest.approx(repeated.theta, rel=1e-8)
    for one, two in zip(
        engine.anova(weighted, terms).rows, engine.anova(repeated, terms).rows, strict=True
    ):
        assert [one.statistic, one.p_value] == pytest.approx([two.statistic, two.p_value], rel=1e-6)
    one, two = weighted.predict_intervals(X[:3]), repeated.predict_intervals(X[:3])
    assert one.confidence == pytest.approx(two.confidence, rel=1e-7)


@given(seed=SEEDS, family=st.sampled_from(KINDS))
@settings(max_examples=40, deadline=None)
def test_one_term_given_the_others_is_a_comparison_of_two_models(seed, family):
    X, y, terms = drawn(seed, family)
    larger, smaller = fitted(X, y, family), fitted(X[:, :1], y, family)
    if family == "negative_binomial" or (family != "ols" and not larger.converged):
        return  # there each model has its own θ
    row, f = engine.compare(smaller, larger).rows[0], engine.anova(larger, terms).rows[1]
    assert [row.statistic, row.p_value] == pytest.approx([f.statistic, f.p_value])


def test_negative_binomials_are_compared_each_with_its_own_theta():
    # source: R's anova(glm.nb(…), glm.nb(…)), 2 × the difference of the log-likelihoods
    X, y, _ = drawn(3, "negative_binomial")
    smaller, larger = fitted(X[:, :1], y, "negative_binomial"), fitted(X, y, "negative_binomial")
    row = engine.compare(smaller, larger).rows[0]
    assert row.statistic == 2.0 * (larger.log_likelihood - smaller.log_likelihood)


def test_a_main_effect_is_tested_without_the_interaction_that_contains_it():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 30))
    y = a + a * b + rng.normal(size=30)
    fit = engine.ols(np.column_stack([a, b, a * b]), y)
    terms = [term("a", 0), term("b", 1), term("a:b", 2, of={"a", "b"})]
    rows = engine.anova(fit, terms).rows
    both, only_b = engine.ols(np.column_stack([a, b]), y), engine.ols(b, y)
    assert rows[0].sum_of_squares == pytest.approx(only_b.ssr - both.ssr)
    assert rows[2].statistic == pytest.approx(fit.t_values[3] ** 2)
    assert [row.term for row in engine.drop_one(fit, terms).rows] == ["none", "a:b"]


# where there is no test


@pytest.mark.parametrize(
    ("y", "family", "reason"),
    [
        ([0, 0, 0, 1, 1, 1], "binomial", "complete separation"),
        ([0, 0, 0, 1, 1, 1], "quasi_binomial", "complete separation"),
        ([0] * 6, "poisson", "complete separation"),
        ([0] * 6, "quasi_poisson", "complete separation"),
        ([0] * 6, "negative_binomial", "complete separation"),
        ([1, 3, 5, 7, 9, 11], "gaussian", "the fit is perfect"),
        ([1] * 6, "gamma", "the fit is perfect"),
    ],
)
def test_separated_and_perfect_fits_have_no_p_value_but_a_reason(y, family, reason):
    fit = engine.glm(X6, y, family)
    for table in (engine.anova(fit, [term("x", 0)]), engine.drop_one(fit, [term("x", 0)])):
        assert np.isnan([table.rows[-1].statistic, table.rows[-1].p_value]).all()
        assert table.rows[-1].note.startswith(reason)
    assert np.isnan(fit.joint_test([0]).p_value)


def test_as_many_coefficients_as_examples_leave_no_test():
    for fit in (engine.ols([1, 2], [1, 3]), engine.glm([1.0, 2.0], [1.0, 0.5], "gamma")):
        row = engine.anova(fit, [term("x", 0)]).rows[0]
        assert np.isnan(row.p_value) and row.note == "no degrees of freedom are left"
        assert np.isnan(fit.joint_test([0]).p_value)


def test_a_term_that_others_already_have_adds_nothing():
    X = np.column_stack([X6, 2.0 * X6 + 1.0])
    fit = engine.ols(X, [1, 3, 2, 5, 4, 7])
    rows = engine.anova(fit, [term("x", 0), term("z", 1)]).rows
    assert [(row.freedom, row.note) for row in rows] == 2 * [
        (0, "it adds nothing to the other terms")
    ]
    assert fit.joint_test([1]).freedom == 0 and np.isnan(fit.joint_test([1]).p_value)


def test_a_perfect_line_is_certain_and_a_constant_y_has_no_test():
    row = engine.anova(engine.ols(X6, 2.0 * X6 + 1.0), [term("x", 0)]).rows[0]
    assert (row.statistic, row.p_value) == (np.inf, 0.0)
    row = engine.anova(engine.ols(X6, np.ones(6)), [term("x", 0)]).rows[0]
    assert np.isnan(row.p_value) and row.note == "the fit is perfect"


@pytest.mark.parametrize(
    ("smaller", "larger", "message"),
    [
        (engine.ols(X6, X6**2), engine.glm(X6, X6**2, "poisson"), "least squares"),
        (engine.glm(X6, X6, "poisson"), engine.glm(X6, X6, "quasi_poisson"), "the models are"),
        (engine.ols(X6[:5], X6[:5]), engine.ols(X6, X6), "5 rows, the other 6 rows"),
        (engine.ols(X6**0, X6**3), engine.ols(X6, X6**2), "different targets"),
        (engine.ols(X6**0, X6), engine.ols(X6, X6, weights=X6), "different weights"),
        (engine.ols(X6, X6), engine.ols(X6, X6), "no more independent columns"),
        (
            engine.ols(X6**3, X6),
            engine.ols(np.column_stack([X6, X6**2]), X6),
            "not nested",
        ),
        (
            engine.glm(X6**0, X6, "poisson", offset=X6),
            engine.glm(X6, X6, "poisson"),
            "different offset",
        ),
    ],
)
def test_models_that_are_not_nested_or_not_of_one_kind_are_not_compared(smaller, larger, message):
    with pytest.raises(engine.DataError, match=message):
        engine.compare(smaller, larger)


def test_each_column_belongs_to_one_term():
    fit = engine.ols(np.column_stack([X6, X6**2]), X6**3)
    for terms in ([term("x", 0)], [term("x", 0, 1), term("z", 1)]):
        with pytest.raises(engine.DataError, match="each of 0 to 1 belongs to one"):
            engine.anova(fit, terms)
