"""Separation: which coefficients have no finite estimate, and the direction in their columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine

GROUP = np.repeat([0.0, 1.0], [4, 5])
DOSE = np.array([11.0, 12, 13, 14, 11, 12, 13, 14, 13])
ALL_OF_B = np.array([0.0, 1, 0, 1, 1, 1, 1, 1, 1])


def test_only_the_group_without_failures_is_infinite_and_the_intercept_is_rs():
    # R 4.2: glm(y ~ g + x, binomial): intercept −11.3523033, finite
    fit = engine.glm(np.column_stack([GROUP, DOSE]), ALL_OF_B, names=["g=b", "x"])
    assert fit.note.startswith("quasi-complete separation along g=b: the likelihood keeps rising")
    assert fit.coefficients[0] == pytest.approx(-11.3523033, abs=5e-8)
    np.testing.assert_array_equal(fit.separating_direction, [0.0, 1.0, 0.0])
    assert not fit.converged


def test_a_border_between_two_values_moves_the_intercept_with_the_slope():
    # closed form: η rises on both sides of a border between 3 and 4
    fit = engine.glm(np.arange(1.0, 7.0), [0, 0, 0, 1, 1, 1], names=["x"])
    assert fit.note.startswith("complete separation along intercept, x: ")
    intercept, slope = fit.separating_direction
    assert slope > 0.0 and 3.0 < -intercept / slope < 4.0


def test_a_count_of_0_in_a_group_is_infinite_for_its_column_alone():
    # closed form: log of a mean of 0; the other group's mean is 2
    fit = engine.glm([0.0, 0, 0, 1, 1], [1, 2, 3, 0, 0], "poisson", names=["b"])
    assert "separation along b:" in fit.note
    assert fit.coefficients[0] == pytest.approx(np.log(2.0), abs=1e-9)


def test_data_without_separation_have_no_direction():
    assert engine.glm([1, 2, 3, 4], [0, 1, 0, 1]).separating_direction is None


@given(seed=st.integers(0, 2**32 - 1), family=st.sampled_from(["binomial", "poisson"]))
@settings(max_examples=150, deadline=None)
def test_the_direction_separates_and_the_coefficients_not_named_are_finite(seed, family):
    # Albert & Anderson 1984: the examples that no direction raises determine the finite ones
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(6, 16)), int(rng.integers(1, 4))
    X = rng.integers(0, 3, (n, d)).astype(float) * rng.choice([1.0, 10.0], d) + rng.choice(
        [0.0, 50.0], d
    )
    y = rng.integers(0, 2, n).astype(float)
    if family == "poisson":
        y *= rng.integers(1, 5, n)
    try:
        fit = engine.glm(X, y, family)
    except engine.DataError:  # every column is constant
        return
    if fit.separation is None:
        return
    beta = fit.separating_direction
    size = np.abs(fit.design) @ np.abs(beta)
    eta = np.where(np.abs(fit.design @ beta) > 1e-6 * size, fit.design @ beta, 0.0)
    assert eta.any()
    assert (eta[y == 0.0] <= 0.0).all()
    at_top = (y == 1.0) & (family == "binomial")
    assert (eta[at_top] >= 0.0).all()
    assert (eta[(y > 0.0) & ~at_top] == 0.0).all()
    assert (fit.separation == "complete") == bool(eta.all())
    still = eta == 0.0
    finite = ~np.isin(fit.names, fit.infinite) & fit.kept
    assert (beta[finite] == 0.0).all()
    assert f"separation along {', '.join(fit.infinite)}: " in fit.note
    if finite.any():
        # the limit of the iterations: the fit to the examples that stay where they are
        columns = still_independent(fit.design[still], finite)
        limit = engine.glm(fit.design[still][:, columns], y[still], family, intercept=False)
        assert limit.converged
        expected = limit.coefficients[: finite.sum()]
        # where the iterations stopped, they are about a rounding of η from there
        np.testing.assert_allclose(fit.coefficients[finite], expected, rtol=1e-5, atol=1e-5)


def still_independent(design, finite):
    """Columns that span the design, those of finite coefficients first."""
    order = [*np.flatnonzero(finite), *np.flatnonzero(~finite)]
    chosen = []
    for j in order:
        if np.linalg.matrix_rank(design[:, [*chosen, j]]) == len(chosen) + 1:
            chosen.append(j)
    return chosen
