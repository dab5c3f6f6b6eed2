"""Skip connections: z⁽ᵗ⁾ = W⁽ᵗ⁾a⁽ᵗ⁻¹⁾ + b⁽ᵗ⁾ + Σ a⁽ˢ⁾ in every pass, map, region and file."""

from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import Plane, count_regions, knots, linear_regions
from engine.network.affine import affine_at
from engine.network.losses import LOSSES
from engine.network.network import Network

pytestmark = pytest.mark.trained

SEEDS = st.integers(0, 2**32 - 1)
PIECEWISE = ["relu", "leaky_relu", "identity"]


def equal_pairs(sizes):
    """Every (s, t) that a skip connection could join."""
    return [(s, t) for s, t in combinations(range(len(sizes)), 2) if sizes[s] == sizes[t]]


def random_network(rng, inputs, activations, output="identity", outputs=None, bias=True):
    """One to four hidden layers of 2 or 3 units, any activations, any skip connections."""
    hidden = rng.integers(2, 4, rng.integers(1, 5))
    sizes = [inputs, *hidden, outputs or rng.integers(1, 4)]
    pairs = equal_pairs(sizes)
    chosen = [pair for pair in pairs if rng.random() < 0.5]
    rng.shuffle(chosen)
    names = [str(name) for name in rng.choice(activations, len(hidden))]
    network = Network(sizes, names, output, bias=bias, skips=chosen)
    network.parameters[...] = rng.normal(0.0, 0.7, network.parameters.size)
    return network


@given(SEEDS)
def test_forward_is_the_definition_in_exact_arithmetic(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 2, ["relu", "identity"])
    network.parameters[...] = rng.integers(-8, 9, network.parameters.size) / 4
    x = rng.integers(-8, 9, 2) / 4
    a, zs = [[Fraction(v) for v in x]], []
    layers = zip(network.weights, network.biases, (*network.activations, "identity"), strict=True)
    for t, (W, b, name) in enumerate(layers, start=1):
        z = [
            sum(Fraction(w) * v for w, v in zip(row, a[-1], strict=True))
            + Fraction(b[j])
            + sum(a[s][j] for s, end in network.skips if end == t)
            for j, row in enumerate(W)
        ]
        zs.append(z)
        a.append([max(v, Fraction(0)) if name == "relu" else v for v in z])
    for z, exact in zip(network.forward(x[None]).z, zs, strict=True):
        assert [Fraction(v) for v in z[0]] == exact  # quarters: no operation rounds


def test_gradient_is_that_of_the_residual_block_by_hand():
    # a₁ = tanh(W₁x + b₁ + x), a₂ = tanh(W₂a₁ + b₂), ŷ = W₃a₂ + b₃ + a₁, C_x = |ŷ − y|²
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2))
    X, Y = rng.normal(size=(2, 7, 2))
    network = Network.from_arrays(W, b, "tanh", skips=[(1, 3), (0, 1)])
    assert network.skips == ((0, 1), (1, 3))
    assert repr(network) == "Network(2-2-2-2 tanh → identity + 0→1 + 1→3)"
    total = np.zeros((3, 2, 3))
    for x, y in zip(X, Y, strict=True):
        a1 = np.tanh(W[0] @ x + b[0] + x)
        a2 = np.tanh(W[1] @ a1 + b[1])
        d3 = 2 * (W[2] @ a2 + b[2] + a1 - y)
        d2 = (1 - a2**2) * (W[2].T @ d3)
        d1 = (1 - a1**2) * (W[1].T @ d2 + d3)
        for l, (d, a) in enumerate([(d1, x), (d2, a1), (d3, a2)]):
            total[l] += np.outer(d, [*a, 1.0])
    result = engine.backpropagate(network, X, Y)
    np.testing.assert_allclose(result.gradient, total.ravel() / 7, rtol=1e-13, atol=1e-14)


@settings(max_examples=30)
@given(SEEDS, st.booleans())
def test_gradient_agrees_with_central_differences_of_the_cost(seed, bias):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 2, ["tanh", "silu", "sigmoid", "sin"], bias=bias)
    X, Y = rng.normal(size=(6, 2)), rng.normal(size=(6, network.sizes[-1]))

    def cost(p):
        return ((network.with_parameters(p).predict(X) - Y) ** 2).sum(axis=1).mean()

    h = 1e-5
    moves = h * np.eye(network.parameters.size)
    p = network.parameters
    estimate = np.array([(cost(p + m) - cost(p - m)) / (2 * h) for m in moves])
    gradient = engine.backpropagate(network, X, Y).gradient
    np.testing.assert_allclose(gradient, estimate, rtol=1e-6, atol=1e-7 * np.abs(estimate).max())
    assert engine.gradient_check(network, X, Y).passed


@settings(max_examples=40)
@given(SEEDS, st.booleans(), st.sampled_from([*LOSSES]))
def test_a_lean_step_is_the_readable_gradient_times_the_rate(seed, bias, loss):
    rng = np.random.default_rng(seed)
    names, output = ["relu", "tanh", "softplus", "identity"], LOSSES[loss].canonical
    network = random_network(rng, 3, names, output, outputs=3, bias=bias)
    network.parameters[...] *= 0.3  # exp would overflow
    X, Y = rng.normal(size=(12, 3)), 0.1 + 0.7 * np.eye(3)[rng.integers(0, 3, 12)]
    for batch_size in (12, 5, 1):
        trainer = engine.Trainer.from_arrays(
            network, X, Y, loss, learning_rate=1.0, batch_size=batch_size
        )
        rows = trainer.next_rows()
        expected = engine.backpropagate(network, X[rows], Y[rows], loss).gradient
        moved = network.parameters - trainer.step().network.parameters
        largest = max(1.0, np.abs(expected).max())
        np.testing.assert_allclose(moved, expected, rtol=0, atol=1e-13 * largest)
    cost = engine.backpropagate(network, X, Y, loss).loss
    assert trainer.seek(0).costs()[0] == pytest.approx(cost, rel=1e-13)


@pytest.mark.parametrize("outputs", [1, 2])
def test_without_hidden_layers_a_skip_from_inputs_to_outputs_learns_what_is_closed(outputs):
    # ŷ = Wx + b + x, so fitting y is fitting y − x by a line
    rng = np.random.default_rng(outputs)
    X, Y = rng.normal(size=(2, 9, outputs))
    given = {"batch_size": 4, "learning_rate": 0.1}
    start = Network([outputs, outputs], skips=[(0, 1)], seed=1)
    skipping = engine.Trainer.from_arrays(start, X, Y, **given).step(50)
    plain = Network([outputs, outputs], seed=1)
    direct = engine.Trainer.from_arrays(plain, X, Y - X, **given).step(50)
    np.testing.assert_allclose(
        skipping.network.parameters, direct.network.parameters, rtol=1e-12, atol=1e-13
    )


def test_going_back_and_on_again_is_exact_to_the_last_bit_with_skips():
    experiment = engine.Experiment(hidden=(3, 3, 3), skips=[[1, 3]])
    trainer = engine.Trainer(experiment).step(700)
    end = trainer.network
    assert trainer.seek(123).seek(700).network.parameters.tobytes() == end.parameters.tobytes()
    assert engine.Trainer(experiment).step(700).network.parameters.tobytes() == (
        end.parameters.tobytes()
    )
    assert end.skips == end.copy().skips == end.with_parameters(end.parameters).skips == ((1, 3),)


@given(SEEDS)
def test_affine_at_is_the_network_near_the_point(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 3, PIECEWISE)
    x = rng.normal(size=3)
    near = x + np.vstack([np.zeros(3), 1e-9 * rng.normal(size=(4, 3))])
    passes = network.forward(near).z
    if any((np.sign(z) != np.sign(z[0])).any() for z in passes[:-1]):
        return  # a border runs between the points
    expected = passes[-1]
    scale = np.abs(expected).max() + 1.0
    A = affine_at(network, x)
    np.testing.assert_allclose(A(near), expected, rtol=0, atol=1e-13 * scale)
    slopes = (expected[1:] - expected[0]) / 1e-9
    np.testing.assert_allclose((near[1:] - x) @ A.W.T / 1e-9, slopes, rtol=0, atol=1e-4 * scale)


def test_with_identity_activations_residual_blocks_multiply_out_to_one_affine_map():
    rng = np.random.default_rng(4)
    W, b, I = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2)), np.eye(2)
    network = Network.from_arrays(W, b, "identity", skips=[(0, 1), (1, 2), (0, 3)])
    expected = W[2] @ (W[1] + I) @ (W[0] + I) + I
    shift = W[2] @ ((W[1] + I) @ b[0] + b[1]) + b[2]
    A = affine_at(network, [0.3, -2.0])
    np.testing.assert_allclose(A.W, expected, rtol=1e-13)
    np.testing.assert_allclose(A.b, shift, rtol=1e-13)
    X = rng.normal(size=(9, 2))
    np.testing.assert_allclose(network.predict(X), X @ expected.T + shift, rtol=1e-12)
    assert count_regions(network) == linear_regions(network).linear_count == 1


def test_relu_of_x_plus_x_has_slopes_one_and_two():
    skipping = Network.from_arrays([[[1.0]], [[1.0]]], skips=[(0, 2)])  # relu(x) + x
    plain = Network.from_arrays([[[1.0], [-1.0]], [[2.0, -1.0]]])  # 2 relu(x) − relu(−x)
    for network in (skipping, plain):
        found = knots(network)
        assert (list(found.x), list(found.slopes), list(found.values)) == ([0.0], [1.0, 2.0], [0.0])
    assert knots(skipping).units == (((1, 0),),)
    square = Network.from_arrays([np.eye(2), np.eye(2)], skips=[(0, 2)])
    regions = linear_regions(square)
    assert (regions.activation_count, regions.linear_count) == (4, 4)
    slopes = sorted(tuple(np.diag(regions.affine(i).W)) for i in range(4))
    assert slopes == [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (2.0, 2.0)]


def test_a_skip_can_make_a_side_flat_and_can_cancel_a_bend():
    # relu(−x) + x = max(x, 0)
    one_sided = Network.from_arrays([[[-1.0]], [[1.0]]], skips=[(0, 2)])
    assert list(knots(one_sided).slopes) == [0.0, 1.0]
    # −relu(relu(x)) + relu(x) = 0: the unit still switches, but nothing bends
    cancelled = Network.from_arrays([[[1.0]], [[1.0]], [[-1.0]]], skips=[(1, 3)])
    assert list(knots(cancelled).slopes) == [0.0]
    assert knots(cancelled).activation_count == 2


def carried_by_relus(network):
    """The relu net 2-n-n-k with skip (1, 3) as the net 2-n-2n-k: relu(a) = a where a ≥ 0."""
    (W1, W2, W3), (b1, b2, b3) = network.weights, network.biases
    n = len(b1)
    weights = [W1, np.vstack([W2, np.eye(n)]), np.hstack([W3, np.eye(n)])]
    return Network.from_arrays(weights, [b1, np.append(b2, np.zeros(n)), b3])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("inputs", [1, 2])
def test_regions_and_knots_are_those_of_the_equal_network_without_skips(inputs, seed):
    rng = np.random.default_rng(seed)
    network = Network([inputs, 4, 4, 4], skips=[(1, 3)], seed=seed)
    for b in network.biases:
        b[...] = rng.normal(0.0, 0.5, b.shape)
    plain = carried_by_relus(network)
    X = rng.uniform(-1, 1, (50, inputs))
    np.testing.assert_allclose(network.predict(X), plain.predict(X), rtol=1e-12, atol=1e-13)
    if inputs == 1:
        one, other = knots(network), knots(plain)
        np.testing.assert_allclose(one.x, other.x, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(one.slopes, other.slopes, rtol=1e-12, atol=1e-12)
        assert one.activation_count == other.activation_count
    else:
        one, other = linear_regions(network), linear_regions(plain)
        assert one.patterns.shape[1] == 8
        assert one.activation_count == other.activation_count == count_regions(network)
        assert one.linear_count == other.linear_count


@settings(max_examples=60)
@given(SEEDS, st.booleans())
def test_the_map_of_the_region_around_a_point_is_forward_there(seed, in_plane):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 3 if in_plane else 2, PIECEWISE)
    plane = Plane(*rng.normal(size=(3, 3))) if in_plane else None
    regions = linear_regions(network, plane=plane)
    points = rng.uniform(-1, 1, (40, 2))
    inputs = plane.points(points) if plane else points
    z = network.forward(inputs).z[-1]
    found = np.array(
        [regions.affine(i)(p[None])[0] for i, p in zip(regions.locate(points), points, strict=True)]
    )
    np.testing.assert_allclose(found, z, rtol=1e-9, atol=1e-9 * np.abs(z).max())
    assert count_regions(network, plane=plane) == regions.activation_count
    assert regions.patterns.shape[1] == sum(network.sizes[1:-1])


@settings(max_examples=60)
@given(SEEDS)
def test_between_knots_the_slopes_are_those_of_affine_at(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 1, PIECEWISE, outputs=1)
    found = knots(network)
    ends = [-1.0, *found.x, 1.0]
    for slope, (left, right) in zip(found.slopes, pairwise(ends), strict=True):
        at = affine_at(network, [(left + right) / 2]).W[0, 0]
        assert slope == pytest.approx(at, rel=1e-9, abs=1e-12)


# experiments and mistakes


def test_toml_gives_back_the_skips_and_the_run_has_them():
    experiment = engine.Experiment.from_toml(
        "dataset = 'circle'\nhidden = [2, 3, 3]\nskips = [[2, 3], [0, 1]]\n"
    )
    assert experiment.skips == ((0, 1), (2, 3))
    assert engine.Experiment.from_toml(experiment.to_toml()) == experiment
    trainer = engine.Trainer(experiment).step(20)
    assert trainer.network.skips == trainer.experiment.skips == experiment.skips
    carried = engine.Experiment(
        hidden=(2, 3, 3),
        skips=experiment.skips,
        weights=trainer.network.weights,
        biases=trainer.network.biases,
    )
    again = engine.Trainer(engine.Experiment.from_toml(carried.to_toml())).network
    assert again.skips == experiment.skips
    assert again.parameters.tobytes() == trainer.network.parameters.tobytes()


def test_first_weights_do_not_depend_on_the_skips():
    plain, skipping = (Network([2, 3, 3, 1], skips=s, seed=5) for s in ((), [(1, 2)]))
    np.testing.assert_array_equal(plain.parameters, skipping.parameters)


@pytest.mark.parametrize(
    ("skips", "says"),
    [
        ([(1, 2)], "no skip connection (1, 2): layer 1 has 4 units and layer 2 has 3"),
        ([(0, 3)], "no skip connection (0, 3): layer 0 has 2 units and layer 3 has 1"),
        ([(0, 4)], "no skip connection (0, 4): (s, t) must have 0 ≤ s < t ≤ 3"),
        ([(2, 2)], "no skip connection (2, 2): (s, t) must have 0 ≤ s < t"),
        ([(2, 1)], "no skip connection (2, 1): (s, t) must have 0 ≤ s < t"),
        ([(-1, 2)], "no skip connection (-1, 2): (s, t) must have 0 ≤ s < t"),
        ([1, 2], "skips [1, 2] are not pairs (s, t) of layers"),
        ([(1, 2.5)], "are not pairs (s, t) of layers"),
    ],
)
def test_a_network_says_which_skip_connection_is_wrong(skips, says):
    with pytest.raises(engine.EngineError) as error:
        Network([2, 4, 3, 1], skips=skips)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("skips = 1", "skips = 1 is not a list of pairs [s, t] of layers"),
        ("skips = [1, 3]", "skips = 1 is not a list of pairs [s, t]"),
        ("skips = [[1, 2, 3]]", "skips = [1, 2, 3] is not a list of pairs [s, t]"),
        ("skips = [[1, 'three']]", "skips = 'three' is not a list of pairs [s, t]"),
        ("skips = [[1, 2]]", "layer 1 has 4 units and layer 2 has 3"),
        ("skips = [[0, 4]]", "0 ≤ s < t ≤ 3"),
        ("hidden = [3, 3]\nskips = [[1, 2], [1, 2]]", "skip connection (1, 2) is listed twice"),
    ],
)
def test_a_file_says_which_skip_connection_is_wrong(toml, says):
    with pytest.raises(engine.EngineError) as error:
        engine.Experiment.from_toml(toml)
    assert says in str(error.value)


def test_skips_that_the_data_s_columns_do_not_fit_are_refused_when_the_run_begins():
    with pytest.raises(engine.ShapeError, match="layer 0 has 2 units and layer 1 has 4"):
        engine.Trainer(engine.Experiment(skips=[(0, 1)]))
