"""Calculations in single steps, and slips: they come to the engine's numbers, or visibly do not."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.errors import ShapeError
from engine.network.activations import ACTIVATIONS, OUTPUTS
from engine.network.losses import LOSSES

EXPERIMENTS = Path(__file__).parents[3] / "tui" / "experiments"
PAIRS = [
    (output, loss.name)
    for loss in LOSSES.values()
    for output in OUTPUTS
    if loss.outputs is None or output in (loss.canonical, *loss.outputs)
]
SLOPE, TRANSPOSE, UPDATED, SUM, SIGN, NO_SLOPE = engine.SLIPS


def random_network(rng, output="identity", activation=None, bias=None):
    """Any sizes, with skip connections and, often, a convolution with zeros on both sides."""
    k = int(rng.integers(2, 4))
    hidden = [int(n) for n in rng.integers(2, 5, rng.integers(0, 4))]
    sizes = [3, *hidden, k]
    pairs = combinations(range(len(sizes)), 2)
    skips = [(s, t) for s, t in pairs if sizes[s] == sizes[t] and rng.random() < 0.4]
    same = [l for l in range(1, len(sizes)) if sizes[l] == sizes[l - 1] > 2]
    kernels = [(l, 3) for l in same if rng.random() < 0.5]
    names = activation or [str(name) for name in rng.choice([*ACTIVATIONS], len(hidden))]
    bias = bool(rng.random() < 0.7) if bias is None else bias
    return engine.Network(
        sizes, names, output, "glorot", bias, skips, rng, 0.1, convolutions=kernels
    )


def random_data(rng, network, loss, n=4):
    k = network.sizes[-1]
    Y = (
        np.eye(k)[rng.integers(0, k, n)]
        if loss == "cross_entropy"
        else rng.uniform(0.1, 0.9, (n, k))
    )
    return rng.normal(size=(n, network.sizes[0])), Y


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_factors_of_the_chain_rule_multiply_to_the_gradient(output, loss, seed):
    rng = np.random.default_rng([seed, PAIRS.index((output, loss))])
    network = random_network(rng, output)
    X, Y = random_data(rng, network, loss)
    backward = engine.backpropagate(network, X, Y, loss)
    row, L = int(rng.integers(len(X))), len(network.weights)
    one = engine.backpropagate(network, X[row : row + 1], Y[row : row + 1], loss)
    sums = np.zeros(network.parameters.size)  # over the places of a kernel's weights
    index = -1
    for layer, matrix in enumerate(network.matrices, start=1):
        inputs = network.sizes[layer - 1]
        for unit, k in np.ndindex(matrix.shape):
            index += 1
            if network.is_outside_kernel(index):
                continue
            input = None if k == inputs else k
            at = {"layer": layer, "unit": unit, "input": input, "example": row}
            chain = engine.chain_rule(network, X, Y, loss, backward=backward, **at)
            sums[list(network.places(index))] += chain.gradient
            if not np.isfinite(chain.product):
                continue  # the cost takes the logarithm of 0
            parts = np.abs(chain.cost_by_a * chain.a_by_z * chain.z_by_w).sum()
            assert abs(chain.product - chain.gradient) <= 1e-9 * (parts + 1e-3)
            assert bool(chain.terms) == (layer < L)
            assert len(chain.a_by_z) == (
                network.sizes[-1] if output == "softmax" and layer == L else 1
            )
    finite = np.isfinite(one.gradient)
    np.testing.assert_allclose(sums[finite], one.gradient[finite], rtol=1e-9, atol=1e-12)


def test_the_row_of_softmax_is_that_of_its_jacobian():
    network = engine.Network.from_arrays([[[1.0], [0.0], [0.0]]], output="softmax")
    X, Y = [[np.log(2.0)]], [[0.0, 1.0, 0.0]]  # a = ½, ¼, ¼
    chain = engine.chain_rule(network, X, Y, "cross_entropy", layer=1, unit=0, input=0)
    np.testing.assert_allclose(chain.a_by_z, [1 / 4, -1 / 8, -1 / 8], rtol=1e-15)
    np.testing.assert_allclose(chain.cost_by_a, [0.0, -4.0, 0.0], rtol=1e-15)
    assert chain.product == pytest.approx(0.5 * np.log(2.0), rel=1e-15)


def test_a_skip_connection_is_a_term_of_its_own():
    W = np.array([[2.0, 1.0], [0.0, 3.0]])
    network = engine.Network.from_arrays([np.eye(2), W], activation="identity", skips=[(1, 2)])
    chain = engine.chain_rule(network, [[1.0, 1.0]], [[0.0, 0.0]], layer=1, unit=1, input=0)
    # z⁽²⁾ = (4, 4), so δ⁽²⁾ = (8, 8)
    assert [(t.layer, t.unit, t.weight, t.value) for t in chain.terms] == [
        (2, 0, 1.0, 8.0),
        (2, 1, 3.0, 24.0),
        (2, 1, None, 8.0),
    ]
    assert chain.product == 40.0


def test_the_layers_of_the_gradient_make_up_its_length():
    rng = np.random.default_rng(0)
    network = engine.Network([5, 5, 4, 2], "tanh", seed=1, convolutions=[(1, 3)])
    gradient = engine.backpropagate(network, *random_data(rng, network, "quadratic")).gradient
    vector = engine.gradient_vector(network, gradient, count=6)
    assert vector.values.size == network.parameter_count == 4 + 24 + 10  # the kernel, its bias …
    assert [(part.start, part.stop) for part in vector.layers] == [(0, 4), (4, 28), (28, 38)]
    assert np.hypot.reduce([part.norm for part in vector.layers]) == pytest.approx(vector.norm)
    assert vector.norm == pytest.approx(np.sqrt((vector.values**2).sum()))
    backward = engine.backpropagate(network, *random_data(np.random.default_rng(0), network, ""))
    dense = engine.gradient_vector(network, backward.gradient).layers[1:]
    for part, W, b in zip(
        dense, backward.weight_gradients[1:], backward.bias_gradients[1:], strict=True
    ):
        assert part.of_weights == pytest.approx(np.linalg.norm(W))
        assert part.of_biases == pytest.approx(np.linalg.norm(b))
    kernel, bias = vector.layers[0].of_weights, vector.layers[0].of_biases
    assert kernel == pytest.approx(np.linalg.norm(vector.values[:3]))
    assert bias == pytest.approx(abs(vector.values[3]))
    sizes = np.abs(gradient[list(vector.largest)])
    assert sizes.tolist() == sorted(np.abs(vector.values), reverse=True)[:6]
    assert len(engine.gradient_vector(network, gradient, count=99).largest) == 38


@given(st.integers(0, 10_000))
@settings(max_examples=60)
def test_the_steps_of_the_collapse_add_up_to_it(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, str(rng.choice(["identity", "sigmoid"])), "identity")
    steps, collapsed = engine.collapse_steps(network), engine.collapse(network)
    assert [step.layer for step in steps] == [*range(len(network.weights), 0, -1)]
    np.testing.assert_allclose(steps[-1].product, collapsed.W, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        sum(step.bias_term for step in steps), collapsed.b, rtol=0, atol=1e-12
    )
    a = network.forward(rng.normal(size=(2, 3))).a
    z = network.forward(a[0]).z[-1]
    for step in steps:  # each product is the map from a⁽ˡ⁻¹⁾, as far as that is what leads on
        if not any(s < step.layer - 1 < t for s, t in network.skips):
            change = (a[step.layer - 1][1] - a[step.layer - 1][0]) @ step.product.T
            np.testing.assert_allclose(change, z[1] - z[0], rtol=0, atol=1e-12)


def test_a_skip_connection_adds_an_earlier_product_of_the_collapse():
    A, B, C = np.random.default_rng(0).normal(size=(3, 4, 4))
    a, b, c = np.random.default_rng(1).normal(size=(3, 4))
    network = engine.Network.from_arrays([A, B, C], [a, b, c], "identity", skips=[(1, 3), (0, 1)])
    third, second, first = engine.collapse_steps(network)
    assert (third.skips, second.skips, first.skips) == ((), (3,), (1,))
    np.testing.assert_allclose(second.product, C @ B + np.eye(4), rtol=0, atol=1e-13)
    np.testing.assert_allclose(first.product, second.product @ (A + np.eye(4)), rtol=0, atol=1e-13)
    np.testing.assert_allclose(first.bias_term, second.product @ a, rtol=0, atol=1e-13)
    with pytest.raises(engine.NotAffineError, match="layer 2 is not linear"):
        engine.collapse_steps(engine.Network([2, 2, 2, 1], ["identity", "relu"]))
    with pytest.raises(engine.EngineError, match="layer 1 has weights or biases that are not fin"):
        engine.collapse_steps(engine.Network.from_arrays([[[np.nan]]]))


def test_the_worked_example_comes_out_in_whole_numbers():
    text = (EXPERIMENTS / "worked-example.toml").read_text(encoding="utf-8")
    trainer = engine.Trainer(engine.Experiment.from_toml(text))
    network, data = trainer.network, trainer.prepared.dataset
    assert network.sizes == (2, 2, 3, 1)
    third, second, first = engine.collapse_steps(network)
    assert third.product.tolist() == [[1.0, -2.0, 1.0]]
    assert second.product.tolist() == [[-3.0, 1.0]]  # W⁽³⁾W⁽²⁾
    assert first.product.tolist() == [[0.0, -7.0]]  # W_z
    assert [step.bias_term.item() for step in (first, second, third)] == [-5.0, 5.0, -1.0]
    W, b = engine.collapse(network)
    assert (W.tolist(), b.tolist()) == ([[0.0, -7.0]], [-1.0])
    x = data.X[:1]  # example 1
    assert x[0, 1] == pytest.approx(-2.204, abs=5e-4)
    assert network.predict(x).item() == pytest.approx(14.428, abs=5e-4)
    assert (W @ x[0] + b).item() == pytest.approx(network.predict(x).item(), rel=1e-14)
    assert trainer.step(500).cost() < 1.0  # its learning rate holds


def tried_on(network, n=3, loss="quadratic", **more):
    return engine.slips(
        network, *random_data(np.random.default_rng(1), network, loss, n), loss, **more
    )


def test_every_slip_fails_the_check_that_the_right_gradient_passes():
    network = engine.Network([2, 3, 3, 2], "tanh", "sigmoid", seed=1)
    tried = tried_on(network, loss="quadratic")
    for one in tried.values():
        assert one.possible and one.matters and not one.check.passed
        entry = one.entry()
        assert entry.right == pytest.approx(entry.central_difference, rel=1e-6)
        assert entry.wrong != pytest.approx(entry.central_difference, rel=1e-3)
        assert engine.gradient_check(
            network, *random_data(np.random.default_rng(1), network, "", 3), backward=one.right
        ).passed
    assert tried[SUM].check.error == pytest.approx(2.0, abs=1e-6)  # 3 g instead of g
    assert tried[SIGN].check.error == pytest.approx(2.0, abs=1e-6)  # −g instead of g


def test_a_slip_that_does_not_matter_gives_the_right_gradient():
    linear = engine.Network([2, 3, 3, 2], "identity", seed=1)
    assert {name for name, one in tried_on(linear).items() if not one.matters} == {SLOPE, NO_SLOPE}
    assert {name for name, one in tried_on(linear, n=1).items() if not one.matters} == {
        SLOPE,
        NO_SLOPE,
        SUM,
    }
    curved = engine.Network([2, 3, 3, 2], "tanh", seed=1)
    symmetric = curved.copy()
    symmetric.weights[1][...] += symmetric.weights[1].T.copy()
    assert not tried_on(symmetric)[TRANSPOSE].matters
    assert not tried_on(curved, learning_rate=0.0)[UPDATED].matters
    X = np.ones((2, 2))
    perfect = engine.slips(curved, X, curved.predict(X))
    assert not any(np.abs(one.backward.gradient).any() for one in perfect.values())
    for one in (*tried_on(linear).values(), *tried_on(symmetric).values()):
        assert one.matters or one.check.passed


def test_the_slip_of_the_post_on_the_default_network():
    # "σ′(z⁽ᴸ⁾)" for σ′(z⁽ᴸ⁻¹⁾): σ′ of the output is 0.3986, and relu is on in all three units
    trainer = engine.Trainer(engine.Experiment())
    X, Y = trainer.prepared.inputs[:1], trainer.prepared.targets[:1]
    one = engine.slips(trainer.network, X, Y)[SLOPE]
    np.testing.assert_allclose(one.right.deltas[1], [[0.0973, 0.7178, 0.1761]], atol=5e-5)
    np.testing.assert_allclose(one.backward.deltas[1], [[0.0388, 0.2861, 0.0702]], atol=5e-5)
    bias = sum(M.size for M in trainer.network.matrices[:1]) + 4  # b⁽²⁾₁, whose derivative is δ⁽²⁾₁
    entry = one.entry(bias)
    assert entry.wrong == one.backward.deltas[1][0, 0]
    assert entry.central_difference == pytest.approx(0.0973, abs=5e-5)
    assert not one.check.passed


def test_slips_computed_by_hand():
    # x = 1: z⁽¹⁾ = (1, −1), of which relu leaves a⁽¹⁾ = (1, 0), and ŷ = z⁽²⁾ = (2, 5)
    network = engine.Network.from_arrays(
        [[[1.0], [-1.0]], [[2.0, 3.0], [5.0, 7.0]]], activation="relu"
    )
    X, Y = [[1.0]], [[1.0, 6.0]]  # δ⁽²⁾ = 2(ŷ − y) = (2, −2)
    tried = engine.slips(network, X, Y, learning_rate=0.5)
    delta = {name: one.backward.deltas[0][0].tolist() for name, one in tried.items()}
    assert tried[SIGN].right.deltas[0].tolist() == [[-6.0, 0.0]]  # (2·2 − 2·5, off)
    assert delta[SIGN] == [6.0, 0.0]
    assert delta[SLOPE] == delta[NO_SLOPE] == [-6.0, -8.0]  # the output's σ′ is 1
    assert delta[TRANSPOSE] == [-2.0, 0.0]  # (2·2 − 2·3, off)
    # W⁽²⁾ − ½ δ aᵀ = [[1, 3], [6, 7]]
    assert delta[UPDATED] == [-10.0, 0.0]
    assert delta[SUM] == [-6.0, 0.0]


def test_a_slip_that_cannot_be_made_is_said_to_be_so():
    tried = tried_on(engine.Network([2, 4, 3, 1], "tanh", seed=1))
    assert not tried[TRANSPOSE].possible and "square" in tried[TRANSPOSE].note
    assert tried[TRANSPOSE].check is None and not tried[TRANSPOSE].matters
    assert "In layer 2, σ′ of the one unit of layer 3 multiplies all." in tried[SLOPE].note
    assert "In layer 1 of 4 units, the mean of σ′ over the 3 units of layer 2" in tried[SLOPE].note
    mixed = tried_on(engine.Network([2, 3, 3, 1], "tanh", seed=1))[TRANSPOSE]
    assert mixed.possible and mixed.note == "Not with W of layer 3, which is not square."
    shallow = tried_on(
        engine.Network([2, 1], output="sigmoid", seed=1), loss="binary_cross_entropy"
    )
    assert {name for name, one in shallow.items() if one.possible} == {SUM, SIGN}
    # without σ′ the quadratic cost of a sigmoid has the gradient of half a cross-entropy's
    network = engine.Network([2, 1], output="sigmoid", seed=1)
    X, Y = random_data(np.random.default_rng(1), network, "")
    half = engine.slips(network, X, Y, "half_quadratic")[NO_SLOPE].backward.gradient
    right = engine.backpropagate(network, X, Y, "binary_cross_entropy").gradient
    np.testing.assert_allclose(half, right, rtol=1e-13)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_slips_run_on_any_network(seed):
    rng = np.random.default_rng(seed)
    output, loss = PAIRS[rng.integers(len(PAIRS))]
    network = random_network(rng, output)
    X, Y = random_data(rng, network, loss)
    chosen = rng.choice(network.parameter_count, 2)
    chosen = chosen if network.sharing is None else network.sharing.first[chosen]
    tried = engine.slips(network, X, Y, loss, parameters=chosen)
    for one in tried.values():
        assert one.backward.gradient.shape == network.parameters.shape
        assert one.entry(int(chosen[0])).parameter == chosen[0]
        assert (
            network.sharing is None
            or network.sharing.holds(one.backward.gradient).all()
            or not (np.isfinite(one.backward.gradient).all())
        )
    if np.isfinite(tried[SIGN].right.gradient).all():
        np.testing.assert_array_equal(tried[SIGN].backward.gradient, -tried[SIGN].right.gradient)


def test_mistakes_say_what_is_wrong():
    network = engine.Network([2, 3, 1], seed=0)
    X, Y = [[1.0, 2.0]], [1.0]
    with pytest.raises(ShapeError, match="no example 1"):
        engine.chain_rule(network, X, Y, layer=1, unit=0, example=1)
    with pytest.raises(engine.ExperimentError, match="no layer 3"):
        engine.chain_rule(network, X, Y, layer=3, unit=0)
    with pytest.raises(ShapeError, match="at least one"):
        engine.slips(network, X, Y, parameters=np.array([], dtype=int))
    with pytest.raises(ShapeError, match="parameter 5 is not among"):
        engine.slips(network, X, Y, parameters=np.array([1, 9]))[SIGN].entry(5)
