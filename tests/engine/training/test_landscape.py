"""Curvature, landscapes and post-mortems, against closed forms of linear least squares."""

import numpy as np
import pytest

import engine
from engine.network.hessian import extreme_curvatures, largest_curvature, newton_decrease
from engine.training.landscape import DIRECTIONS, landscape, slice_through
from engine.training.postmortem import post_mortem, suggested_rate

pytestmark = pytest.mark.trained

LINE = engine.Experiment(dataset="cars", hidden=(), batch_size=100)


def hessian_of_least_squares(trainer):
    """(2/n)X̃ᵀX̃ for C = mean (a − y)²."""
    X = trainer.prepared.inputs
    ones = np.column_stack([X, np.ones(len(X))])
    return 2.0 / len(X) * ones.T @ ones


NETWORKS = [
    ("quadratic", "identity", "relu", ()),
    ("quadratic", "relu", "leaky_relu", ()),
    ("quadratic", "softmax", "tanh", ((0, 1), (1, 2))),
    ("binary_cross_entropy", "sigmoid", "gelu", ()),
    ("binary_cross_entropy", "cloglog", "sin", ()),
    ("cross_entropy", "softmax", "relu", ((0, 2),)),
    ("poisson", "exp", "silu", ()),
    ("gamma", "exp", "softplus", ()),
]


@pytest.mark.parametrize(("loss", "output", "activation", "skips"), NETWORKS)
@pytest.mark.parametrize("bias", [True, False])
def test_the_curvature_is_that_of_the_hessian_by_second_differences(
    loss, output, activation, skips, bias
):
    rng = np.random.default_rng(2)
    network = engine.Network([3, 3, 3, 2], activation, output, bias=bias, skips=skips, seed=1)
    network.parameters += 0.1 * rng.normal(size=network.parameters.size)
    X, Y, l2 = rng.normal(size=(12, 3)), np.eye(2)[rng.integers(0, 2, 12)] + (loss == "gamma"), 0.7
    weights = network.with_parameters(np.ones(network.parameters.size))
    for b in weights.biases if bias else ():
        b[...] = 0.0

    def gradient(parameters):
        moved = network.with_parameters(parameters)
        return (
            engine.backpropagate(moved, X, Y, loss).gradient + l2 * weights.parameters * parameters
        )

    h, here = 1e-6, network.parameters
    H = np.array([gradient(here + h * e) - gradient(here - h * e) for e in np.eye(here.size)])
    H /= 2.0 * h
    expected = np.linalg.eigvalsh((H + H.T) / 2.0)[-1]
    assert largest_curvature(network, X, Y, loss, l2) == pytest.approx(expected, rel=1e-6)


def test_biases_are_not_penalised_in_the_curvature():
    X = np.array([[0.01], [-0.01]])  # C is curved along b alone, the penalty along w alone
    network = engine.Network([1, 1], output="identity")
    assert largest_curvature(network, X, X, l2=0.5) == pytest.approx(2.0, rel=1e-9)


def test_a_kink_at_an_example_is_no_curvature():
    trainer = engine.Trainer(engine.Experiment(dataset="anscombe-1"))
    X, Y = trainer.prepared.inputs, trainer.prepared.targets
    assert (X == 0.0).any()  # there every unit is on its kink, for the biases are 0
    beside = largest_curvature(trainer.network, X + 1e-6, Y)
    assert largest_curvature(trainer.network, X, Y) == pytest.approx(beside, rel=0.1)
    assert beside < 100.0


def test_what_overflows_has_no_curvature_and_no_plane():
    network = engine.Network([2, 3, 1])
    network.parameters[...] = 1e100
    assert np.isnan(largest_curvature(network, np.ones((3, 2)), np.ones((3, 1))))
    trainer = engine.Trainer(engine.Experiment(dataset="line", hidden=())).step(3)
    trainer.edit(1, "weight", (0, 0), 1e160)
    for kind in ("random", "gradient"):
        with pytest.raises(engine.EngineError, match="too large for a plane"):
            slice_through(trainer, kind)


def test_where_there_is_no_plane_it_is_said():
    at_zero = engine.Trainer(engine.Experiment(init="zeros"))
    single = engine.Trainer(engine.Experiment(dataset="line", hidden=(), bias=False)).step(9)
    for trainer, kind, says in [
        (at_zero, "random", "has length 0"),
        (at_zero, "gradient", "has length 0"),
        (single, "random", "there is only one"),
        (single, "gradient", "there is only one"),
        (single, "path", "not gone far enough"),
        (at_zero, "path", "not gone far enough"),
    ]:
        with pytest.raises(engine.EngineError, match=says):
            slice_through(trainer, kind)


def test_a_path_along_a_line_is_shown_on_a_plane_of_its_own_width():
    trainer = engine.Trainer(engine.Experiment(dataset="line", hidden=(), frozen=(0,))).step(9)
    plane = slice_through(trainer, "path")
    along, across = plane.directions
    assert along[0] == pytest.approx(0.0, abs=1e-12)
    assert abs(across[0]) == pytest.approx(np.linalg.norm(along))
    assert plane.share == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("curvature", "rate"), [(1 / 0.3, 0.3), (1 / 0.07, 0.07), (1.01, 0.9), (1e300, 1e-300)]
)
def test_the_suggestion_is_half_the_limit_rounded_down_to_one_digit(curvature, rate):
    assert suggested_rate(curvature) == rate


@pytest.mark.parametrize("curvature", [np.nan, 0.0, -1.0, np.inf, 1e-320])
def test_without_a_curvature_there_is_no_suggestion(curvature):
    assert np.isnan(suggested_rate(curvature))


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_the_curvature_of_least_squares_is_its_largest_eigenvalue(l2):
    trainer = engine.Trainer(engine.Experiment(dataset="longley", hidden=(), batch_size=16))
    expected = np.linalg.eigvalsh(hessian_of_least_squares(trainer)).max() + l2
    prepared = trainer.prepared
    found = largest_curvature(trainer.network, prepared.inputs, prepared.targets, l2=l2)
    assert found == pytest.approx(expected, rel=1e-6)


def test_the_curvature_of_a_network_is_that_of_its_hessian():
    trainer = engine.Trainer(engine.Experiment(hidden=(4,), activation="tanh")).step(200)
    X, Y, network = trainer.prepared.inputs, trainer.prepared.targets, trainer.network
    h, columns = 1e-5, []
    for e in np.eye(network.parameters.size):
        ends = (network.with_parameters(network.parameters + s * h * e) for s in (1, -1))
        up, down = (engine.backpropagate(end, X, Y).gradient for end in ends)
        columns.append((up - down) / (2 * h))
    expected = np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2).max()
    assert largest_curvature(network, X, Y) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("kind", [*DIRECTIONS])
def test_the_landscape_of_least_squares_is_its_parabola(kind):
    trainer = engine.Trainer(LINE).step(20)
    plane = slice_through(trainer, kind, seed=1)
    *_, last = landscape(trainer, plane, points=7)
    H = hessian_of_least_squares(trainer)
    prepared = trainer.prepared
    gradient = engine.backpropagate(trainer.network, prepared.inputs, prepared.targets).gradient
    for i, t in enumerate(last.t):
        for j, s in enumerate(last.s):
            away = s * plane.directions[0] + t * plane.directions[1]
            expected = trainer.costs()[0] + gradient @ away + away @ H @ away / 2
            assert last.costs[i, j] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("kind", [*DIRECTIONS])
def test_the_path_ends_where_the_run_is(kind):
    trainer = engine.Trainer(engine.Experiment()).step(300)
    plane = slice_through(trainer, kind)
    u, v = plane.directions
    assert abs(u @ v) <= 1e-10 * np.linalg.norm(u) * np.linalg.norm(v)
    first, *_, last = landscape(trainer, plane, points=5)
    np.testing.assert_allclose(last.path[-1], 0.0, atol=1e-12)
    assert np.isnan(first.costs).sum() == 20
    assert last.costs[2, 2] == pytest.approx(trainer.costs()[0], rel=1e-13)
    assert last.steps[-1] == trainer.step_count == 300


def test_random_directions_are_as_long_as_the_weights_of_each_unit():
    trainer = engine.Trainer(engine.Experiment()).step(50)
    u, _ = slice_through(trainer, "random").directions
    drawn = trainer.network.with_parameters(u)
    for direction, own in zip(drawn.matrices, trainer.network.matrices, strict=True):
        np.testing.assert_allclose(
            np.linalg.norm(direction, axis=1), np.linalg.norm(own, axis=1), rtol=1e-12
        )


def test_a_run_that_went_nowhere_has_no_path():
    with pytest.raises(engine.EngineError, match="train a few steps more"):
        slice_through(engine.Trainer(engine.Experiment()), "path")


def diverged(**settings):
    settings = {"dataset": "reg-plane", "output": "identity", "learning_rate": 0.5} | settings
    trainer = engine.Trainer(engine.Experiment(**settings)).step(20_000)
    assert trainer.divergence
    return trainer


def test_a_post_mortem_leaves_the_run_and_leads_up_to_the_end():
    trainer = diverged(learning_rate=10.0)
    found = post_mortem(trainer)
    assert found.divergence == trainer.divergence
    assert trainer.step_count == trainer.divergence.step
    assert found.steps[-1] == trainer.divergence.step - 1
    assert found.weights.shape == found.gradients.shape == (len(found.steps), 3)
    assert np.isfinite(found.weights).all()


def test_the_suggested_rate_is_stable_where_the_old_one_was_not():
    trainer = diverged(dataset="longley", hidden=(), batch_size=16)
    found = post_mortem(trainer)
    limit = 2.0 / np.linalg.eigvalsh(hessian_of_least_squares(trainer)).max()
    assert found.suggested < limit < found.learning_rate
    trainer.seek(found.safe_step).change(learning_rate=found.suggested)
    before = trainer.costs()[0]
    assert trainer.step(2000).divergence is None
    assert trainer.costs()[0] < before


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_a_newton_step_lowers_least_squares_to_its_minimum(l2):
    trainer = engine.Trainer(LINE).step(5)
    prepared, network = trainer.prepared, trainer.network
    X = np.column_stack([prepared.inputs, np.ones(len(prepared.inputs))])
    y, penalised = prepared.targets[:, 0], np.diag([*[l2] * (X.shape[1] - 1), 0.0])

    def cost(beta):
        return np.mean((X @ beta - y) ** 2) + 0.5 * beta @ penalised @ beta

    least = np.linalg.solve(2.0 * X.T @ X / len(X) + penalised, 2.0 * X.T @ y / len(X))
    expected = cost(network.parameters) - cost(least)
    found = newton_decrease(network, prepared.inputs, prepared.targets, l2=l2)
    assert found == pytest.approx(expected, rel=1e-9)


def test_where_the_cost_curves_downwards_there_is_no_newton_decrease():
    trainer = engine.Trainer(engine.Experiment(hidden=(4,), activation="tanh"))
    prepared, network = trainer.prepared, trainer.network
    low, high = extreme_curvatures(network, prepared.inputs, prepared.targets)
    assert low < 0.0 < high == largest_curvature(network, prepared.inputs, prepared.targets)
    assert np.isnan(newton_decrease(network, prepared.inputs, prepared.targets))
