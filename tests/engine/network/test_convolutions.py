"""One-dimensional convolutions: W is Toeplitz and stays so; forward pass, gradients and steps are
those of a plain program with a kernel, which PyTorch's Conv1d with one channel computes too."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from checkpoints import checkpoint_of
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import EngineError, ExperimentError, ShapeError, count_regions, linear_regions
from engine.explain import Example, Quantity, explain
from engine.network.backprop import gradient_variance
from engine.network.hessian import extreme_curvatures, newton_decrease
from engine.network.penalty import penalty, weight_mask
from engine.network.structure.convolutions import checked_convolutions
from engine.storage.checkpoint import checkpoint_bytes
from engine.storage.share_code import read_share_code, share_code

SEEDS = st.integers(0, 1 << 30)
RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(12, 6)), RNG.normal(size=(12, 1))
MIXED = engine.Network(
    [6, 6, 4, 1], ["tanh", "relu"], convolutions=[(1, 3), (2, 3)], seed=4, init_bias=0.3
)  # zeros on both sides, then none, then a dense layer


def random_network(rng, smooth=False):
    """Convolutions of every kind and dense layers, with skip connections, of any activations."""
    sizes, kernels = [int(rng.integers(2, 6))], []
    for layer in range(1, rng.integers(2, 5)):
        inputs, m = sizes[-1], int(rng.integers(1, 4))
        if rng.random() < 0.7 and m <= inputs:
            kernels.append((layer, m))
            sizes.append(inputs if m % 2 and rng.random() < 0.6 else inputs - m + 1)
        else:
            sizes.append(int(rng.integers(1, 5)))
    sizes.append(int(rng.integers(1, 3)))
    pairs = combinations(range(len(sizes)), 2)
    skips = [(s, t) for s, t in pairs if sizes[s] == sizes[t] and rng.random() < 0.4]
    names = ["tanh", "softplus"] if smooth else ["tanh", "relu", "identity", "sigmoid"]
    return engine.Network(
        sizes,
        [str(name) for name in rng.choice(names, len(sizes) - 2)],
        bias=bool(rng.random() < 0.7),
        skips=skips,
        convolutions=kernels,
        init_bias=0.5,
        seed=int(rng.integers(1 << 30)),
    )


# a plain program with kernels, independent of W


def kernel_of(W, m):
    """The kernel of a Toeplitz matrix: the row of a unit that has all of it."""
    padding = m // 2 if W.shape[0] == W.shape[1] else 0
    return np.array([np.diagonal(W, j - padding)[0] for j in range(m)])


class Plain:
    """MIXED as loops over kernels: k₁, b₁ with padding, k₂, b₂ without, and W₃, b₃."""

    def __init__(self, network):
        W, b = network.weights, network.biases
        self.p = [kernel_of(W[0], 3), b[0][:1].copy(), kernel_of(W[1], 3), b[1][:1].copy()]
        self.p += [W[2].copy(), b[2].copy()]

    def forward(self, x):
        k1, b1, k2, b2, W3, b3 = self.p
        padded = np.pad(x, 1)
        z1 = np.correlate(padded, k1, "valid") + b1
        a1 = np.tanh(z1)
        z2 = np.convolve(a1, k2[::-1], "valid") + b2
        a2 = np.maximum(z2, 0.0)
        return padded, a1, z2, a2, W3 @ a2 + b3

    def gradients(self, X, Y, l1=0.0, l2=0.0):
        total = [np.zeros_like(value) for value in self.p]
        for x, y in zip(X, Y, strict=True):
            padded, a1, z2, a2, out = self.forward(x)
            d3 = 2.0 * (out - y)
            d2 = (self.p[4].T @ d3) * (z2 > 0.0)
            back = np.zeros(6)
            for i in range(4):
                for j in range(3):
                    back[i + j] += d2[i] * self.p[2][j]
            d1 = back * (1.0 - a1**2)
            k1 = [sum(d1[i] * padded[i + j] for i in range(6)) for j in range(3)]
            k2 = [sum(d2[i] * a1[i + j] for i in range(4)) for j in range(3)]
            parts = [k1, d1.sum(), k2, d2.sum(), np.outer(d3, a2), d3]
            for sum_so_far, part in zip(total, parts, strict=True):
                sum_so_far += part
        for index in (0, 2, 4):
            w = self.p[index]
            total[index] += len(X) * (l1 * np.sign(w) + l2 * w)
        return [value / len(X) for value in total]

    def step(self, X, Y, optimizer, rate, l1, l2, t):
        if t == 1:
            self.m = [np.zeros_like(value) for value in self.p]
            self.v = [np.zeros_like(value) for value in self.p]
        for i, g in enumerate(self.gradients(X, Y, l1, l2)):
            if optimizer == "sgd":
                self.p[i] = self.p[i] - rate * g
                continue
            self.m[i] = 0.9 * self.m[i] + 0.1 * g
            self.v[i] = 0.999 * self.v[i] + 0.001 * g * g
            m_hat, v_hat = self.m[i] / (1 - 0.9**t), self.v[i] / (1 - 0.999**t)
            self.p[i] = self.p[i] - rate * m_hat / (np.sqrt(v_hat) + 1e-8)

    def vector(self):
        k1, b1, k2, b2, W3, b3 = self.p
        W1 = sum(k1[j] * np.eye(6, 6, j - 1) for j in range(3))
        W2 = sum(k2[j] * np.eye(4, 6, j) for j in range(3))
        layers = [(W1, np.full(6, b1)), (W2, np.full(4, b2)), (W3, b3)]
        return np.concatenate([np.column_stack(layer).ravel() for layer in layers])


def test_forward_and_gradient_are_those_of_loops_over_the_kernel():
    plain = Plain(MIXED)
    assert np.array_equal(plain.vector(), MIXED.parameters)
    predicted = [plain.forward(x)[-1] for x in X]
    np.testing.assert_allclose(MIXED.predict(X), predicted, rtol=1e-13)
    result = engine.backpropagate(MIXED, X, Y)
    k1, b1, k2, b2, W3, b3 = plain.gradients(X, Y)
    np.testing.assert_allclose(kernel_of(result.weight_gradients[0], 3), k1, rtol=1e-12)
    np.testing.assert_allclose(kernel_of(result.weight_gradients[1], 3), k2, rtol=1e-12)
    np.testing.assert_allclose(result.weight_gradients[2], W3, rtol=1e-12)
    for gradient, expected in zip(result.bias_gradients, (b1, b2, b3), strict=True):
        np.testing.assert_allclose(gradient, np.full(gradient.size, expected), rtol=1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.02, 0.0), (0.01, 0.05)])
def test_20_steps_are_those_of_the_plain_program(optimizer, l1, l2):
    trainer = engine.Trainer.from_arrays(MIXED, X, Y, optimizer=optimizer, batch_size=12)
    trainer.change(l1=l1, l2=l2)
    plain = Plain(MIXED)
    for t in range(1, 21):
        plain.step(X, Y, optimizer, 0.03, l1, l2, t)
    network = trainer.step(20).network
    np.testing.assert_allclose(network.parameters, plain.vector(), rtol=1e-10, atol=1e-13)
    R = sum(l1 * np.abs(w).sum() + 0.5 * l2 * (w**2).sum() for w in plain.p[::2])
    counted = penalty(network.parameters, weight_mask(network), l1, l2)
    assert counted == pytest.approx(R, rel=1e-12)


@given(SEEDS)
@settings(max_examples=25)
def test_training_keeps_every_place_of_a_weight_equal_bit_by_bit_and_the_rest_0(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    x = rng.normal(size=(7, network.sizes[0]))
    y = rng.normal(size=(7, network.sizes[-1]))
    name = str(rng.choice(["sgd", "momentum", "nesterov", "rmsprop", "adam"]))
    trainer = engine.Trainer.from_arrays(network, x, y, optimizer=name, batch_size=3)
    trainer.change(l1=0.01, l2=0.1).step(9)
    trainer.network.check_shared(trainer.network.parameters)
    at_9 = trainer.network.parameters
    assert np.array_equal(trainer.seek(4).seek(9).network.parameters, at_9)


@given(SEEDS)
@settings(max_examples=25)
def test_the_gradient_check_is_of_each_weight_of_a_kernel_once_and_passes(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, smooth=True)
    x, y = rng.normal(size=(5, network.sizes[0])), rng.normal(size=(5, network.sizes[-1]))
    check = engine.gradient_check(network, x, y)
    lengths = dict(network.convolutions)
    free = sum(
        lengths[layer] + network.bias if layer in lengths else M.size
        for layer, M in enumerate(network.matrices, start=1)
    )
    assert check.passed
    assert (check.checked, check.total, network.parameter_count) == (free, free, free)


@given(SEEDS)
@settings(max_examples=15)
def test_explanations_add_up_over_the_places_and_agree_with_central_differences(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, smooth=True)
    x, y = rng.normal(size=(4, network.sizes[0])), rng.normal(size=(4, network.sizes[-1]))
    step = engine.Trainer.from_arrays(network, x, y, batch_size=3).take_apart()
    one = Example(1, engine.backpropagate(network, x[:1], y[:1]), y[0])
    for layer, _ in network.convolutions:
        units, inputs = network.sizes[layer], network.sizes[layer - 1]
        for kind in ("example_gradient", "gradient", "z", "delta"):
            unit = int(rng.integers(units))
            k = None if network.bias and rng.random() < 0.3 else int(rng.integers(inputs))
            found = explain(step, Quantity(kind, layer, unit, k), one)
            value = found.definitions[-1].expression.value
            assert value == pytest.approx(found.symbol.value, rel=1e-12, abs=1e-14)
            if kind in ("z", "delta"):
                continue
            assert found.check.passed
            assert found.check.estimate == pytest.approx(value, rel=1e-5, abs=1e-8)
            names = {"np": np, "delta": step.batch.deltas, "a": step.batch.forward.a}
            if kind == "example_gradient":
                names |= {"delta": one.backward.deltas, "a": one.backward.forward.a}
            names |= {"dW": [None] * 9, "db": [None] * 9}
            exec(found.code, names)
            computed = (
                names["db"][layer - 1][unit] if k is None else names["dW"][layer - 1][unit, k]
            )
            assert computed == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_the_gradient_of_a_kernel_weight_is_the_sum_of_delta_times_input_at_its_places():
    from engine.explain import meaning_text, symbolic

    step = engine.Trainer.from_arrays(MIXED, X, Y, batch_size=1).take_apart()
    row = int(step.rows[0])
    one = Example(1, engine.backpropagate(MIXED, X[row : row + 1], Y[row : row + 1]), Y[row])
    found = explain(step, Quantity("example_gradient", 2, 1, 2), one)
    assert symbolic(found.definitions[0].expression) == (
        "δ⁽²⁾₁ a⁽¹⁾₂ + δ⁽²⁾₂ a⁽¹⁾₃ + δ⁽²⁾₃ a⁽¹⁾₄ + δ⁽²⁾₄ a⁽¹⁾₅"
    )
    assert "weight 2 of the kernel, which stands at 4 places of W" in meaning_text(found)
    outside = explain(step, Quantity("example_gradient", 2, 0, 5), one)
    assert outside.symbol.value == 0.0
    assert "outside the kernel: it is 0, and stays 0" in meaning_text(outside)
    z = explain(step, Quantity("z", 2, 1), one)
    assert symbolic(z.definitions[0].expression) == (
        "w⁽²⁾₂₂ a⁽¹⁾₂ + w⁽²⁾₂₃ a⁽¹⁾₃ + w⁽²⁾₂₄ a⁽¹⁾₄ + b⁽²⁾₂"
    )


# what follows from the number of parameters


def by_kernel(network):
    """The network as a function of the values of its parameters, each once."""

    def at(values):
        return network.with_parameters(network.sharing.spread(values))

    return at, network.once(network.parameters)


def test_curvature_and_gradient_noise_are_by_the_weights_of_the_kernel():
    network = engine.Network([4, 4, 1], "tanh", convolutions=[(1, 3)], seed=2)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 4)), rng.normal(size=(9, 1))
    at, theta = by_kernel(network)
    h, P = 1e-4, len(theta)

    def gradient(values, rows=slice(None)):
        net = at(values)
        return net.once(engine.backpropagate(net, x[rows], y[rows]).gradient)

    H = np.array([(gradient(theta + h * e) - gradient(theta - h * e)) / (2 * h) for e in np.eye(P)])
    values = np.linalg.eigvalsh((H + H.T) / 2.0 + 0.1 * np.diag([1, 1, 1, 0, 1, 1, 1, 1, 0]))
    found = extreme_curvatures(network, x, y, l2=0.1)
    assert found == pytest.approx((values[0], values[-1]), rel=1e-5)
    each = np.array([gradient(theta, slice(i, i + 1)) for i in range(9)])
    variance = ((each - each.mean(axis=0)) ** 2).sum(axis=1).mean()
    backward = engine.backpropagate(network, x, y)
    assert gradient_variance(network, backward) == pytest.approx(variance, rel=1e-9)


def test_one_convolution_with_the_quadratic_cost_is_least_squares_in_its_kernel():
    network = engine.Network([4, 3], "relu", convolutions=[(1, 2)], seed=2)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(8, 4)), rng.normal(size=(8, 3))
    # one row for each example and unit: z_i = k₁ x_i + k₂ x_{i+1} + b
    design = np.array([[x[r, i], x[r, i + 1], 1.0] for r in range(8) for i in range(3)])
    best = np.linalg.lstsq(design, y.ravel(), rcond=None)[0]
    least = ((design @ best - y.ravel()) ** 2).sum() / 8
    cost = engine.backpropagate(network, x, y).loss
    assert newton_decrease(network, x, y) == pytest.approx(cost - least, rel=1e-9)


# events


def experiment(**changes):
    table = {"dataset": "mtcars", "hidden": (10, 8, 1), "activation": "tanh", "learning_rate": 0.01}
    return engine.Experiment(**table | {"convolutions": ((1, 3), (2, 3)), "seed": 1} | changes)


def test_an_edit_and_freezing_hold_at_every_place():
    trainer = engine.Trainer(experiment()).step(3)
    places = trainer.network.weights[1] == trainer.network.weights[1][0, 1]
    assert places.sum() == 8
    trainer.edit(2, "weight", (4, 5), 0.25)
    assert (trainer.network.weights[1][places] == 0.25).all()
    assert trainer.history.events[-1].label == "w⁽²⁾₅₆ = 0.25"
    trainer.freeze(2, "weight", (0, 1)).freeze(1, "bias", 3).step(5)
    assert (trainer.network.weights[1][places] == 0.25).all()
    assert len(trainer.settings.frozen) == 8 + 10
    trainer.network.check_shared(trainer.network.parameters)
    trainer.freeze(2, "weight", (3, 4), frozen=False)
    assert len(trainer.settings.frozen) == 10
    trainer.undo()
    assert len(trainer.settings.frozen) == 18
    once = engine.Trainer(experiment(frozen=(0,))).step(2)  # one place is enough
    assert len(once.settings.frozen) == 10
    once.network.check_shared(once.network.parameters)


def test_an_entry_outside_the_kernel_cannot_be_changed_nor_one_place_alone():
    trainer = engine.Trainer(experiment())
    for change in (trainer.edit, trainer.freeze):
        arguments = (2, "weight", (0, 5)), *(((0.5,),) if change == trainer.edit else ((),))
        with pytest.raises(ExperimentError, match="w⁽²⁾₁₆ is outside the kernel, and stays 0"):
            change(*arguments[0], *arguments[1])
    parameters = trainer.network.parameters.copy()
    parameters[0] += 1.0
    with pytest.raises(ShapeError, match="layer 1 is a convolution with a kernel of 3"):
        trainer.assign(parameters)
    assert not trainer.history.events
    with pytest.raises(ExperimentError, match=r"w⁽²⁾₁₆ \(115\) is outside a kernel"):
        trainer.change(frozen=(115,))


def test_toml_share_code_and_session_give_the_same_run():
    original = experiment(optimizer="adam", l2=0.01, frozen=(1,))
    assert engine.Experiment.from_toml(original.to_toml()) == original
    assert "convolutions = [" in original.to_toml()
    assert read_share_code(share_code(original)).experiment == original
    trainer = engine.Trainer(original).step(20).edit(1, "weight", (0, 0), 0.5).step(5)
    content = checkpoint_bytes([trainer], {})
    (opened,) = checkpoint_of(content).trainers
    assert opened.network.convolutions == ((1, 3), (2, 3))
    assert np.array_equal(opened.network.parameters, trainer.network.parameters)
    assert np.array_equal(opened.step(7).state.vectors, trainer.step(7).state.vectors)
    assert np.array_equal(opened.seek(11).state.vectors, trainer.seek(11).state.vectors)
    again = replace(
        original,
        weights=tuple(W.tolist() for W in trainer.network.weights),
        biases=tuple(b.tolist() for b in trainer.network.biases),
    )
    assert np.array_equal(engine.Trainer(again).network.parameters, trainer.network.parameters)


def test_a_session_whose_states_are_of_no_convolution_is_refused():
    trainer = engine.Trainer(experiment()).step(5)
    trainer.history.checkpoints[0].vectors[0, 0] += 1.0
    with pytest.raises(EngineError, match="not of a convolution"):
        checkpoint_of(checkpoint_bytes([trainer], {}))


# what is no convolution


@pytest.mark.parametrize(
    ("pairs", "sizes", "says"),
    [
        ([(1, 3)], (5, 4, 1), "layer 0 has 5 units, so layer 1 must have 3, or 5 with zeros on "
         "both sides; it has 4"),
        ([(1, 2)], (5, 5, 1), "layer 1 must have 4; it has 5"),
        ([(1, 6)], (5, 1), "a kernel of 6 is longer than 5 units of layer 0"),
        ([(0, 1)], (5, 1), "layers are 1 to 1"),
        ([(1, 0)], (5, 1), "a kernel has 1 weight or more"),
        ([(1, 3), (1, 5)], (5, 5, 1), "layer 1 is listed twice"),
        (["13"], (5, 1), "is longer|pairs"),
        ([(2, 3)], (None, 8, 5, None), "must have 6, or 8"),
    ],
)  # fmt: skip
def test_a_wrong_convolution_is_refused_with_the_units_that_would_do(pairs, sizes, says):
    with pytest.raises(ExperimentError, match=says):
        checked_convolutions(pairs, sizes)


def test_given_weights_must_be_those_of_a_convolution():
    W, b = engine.toeplitz([1.0, 2.0], 3), [0.5, 0.5]
    network = engine.Network.from_arrays([W], [b], convolutions=[(1, 2)])
    assert repr(network) == "Network(3-2 linear → identity + kernel of 2 in 1)"
    for wrong_W, wrong_b, says in (
        ([[1.0, 2.0, 0.0], [0.0, 1.0, 2.5]], b, "each diagonal of its W must be one number"),
        ([[1.0, 2.0, 0.1], [0.0, 1.0, 2.0]], b, "the entries outside the kernel 0"),
        (W, [0.5, 0.6], "its biases must all be equal"),
    ):
        with pytest.raises(ShapeError, match=says):
            engine.Network.from_arrays([wrong_W], [wrong_b], convolutions=[(1, 2)])
    with pytest.raises(EngineError, match="must have 8, or 10"):
        engine.Trainer(experiment(hidden=(7, 5, 1)))


def test_regions_of_a_convolution_are_those_of_its_matrix():
    network = engine.Network([2, 2, 6, 4, 1], convolutions=[(1, 1), (3, 3)], seed=3, init_bias=1.0)
    dense = engine.Network.from_arrays(network.weights, network.biases)
    box = ((-3.0, 3.0), (-3.0, 3.0))
    assert count_regions(network, box) == count_regions(dense, box) > 4
    regions = linear_regions(network, box)
    assert regions.linear_count == linear_regions(dense, box).linear_count
