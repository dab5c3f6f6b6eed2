"""Worked examples that people know, as the gallery has them: every digit that their sources print,
and each number that a plain NumPy program computes, to 1e-12."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import ArrayLike

import engine
from engine import Trainer
from engine.data.metrics import accuracy, confusion_matrix
from engine.training.microsteps import TrainingStep
from tui.experiments.library import entry


def trainer(name: str) -> Trainer:
    return Trainer(entry(name).experiment)


def unit_of(digits: str) -> float:
    """1 in the last printed place."""
    return float(10.0 ** -len(digits.partition(".")[2]))


def printed(values: ArrayLike, digits: str) -> bool:
    """Whether numbers, rounded, are those printed, which blanks separate."""
    found, texts = np.ravel(values), digits.replace("−", "-").split()
    assert len(found) == len(texts)
    for value, text in zip(found, texts, strict=True):
        assert value == pytest.approx(float(text), abs=0.500001 * unit_of(text)), text
    return True


def same(ours: ArrayLike, theirs: ArrayLike) -> bool:
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    return True


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z: np.ndarray) -> np.ndarray:
    powers = np.exp(z)
    return powers / powers.sum(axis=-1, keepdims=True)


# Mazur (2015), A Step by Step Backpropagation Example


class Mazur:
    """The article's program, whose biases do not learn; ``slip``: the hidden δ are made with
    output weights that are already updated."""

    x, y = np.array([0.05, 0.10]), np.array([0.01, 0.99])

    def __init__(self, slip: bool = False) -> None:
        self.slip = slip
        self.W = [np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])]

    def forward(self) -> tuple[np.ndarray, np.ndarray]:
        hidden = sigmoid(self.W[0] @ self.x + 0.35)
        return hidden, sigmoid(self.W[1] @ hidden + 0.60)

    @property
    def error(self) -> float:
        return float(0.5 * np.square(self.y - self.forward()[1]).sum())

    def steps(self, n: int) -> "Mazur":
        for _ in range(n):
            hidden, out = self.forward()
            delta = (out - self.y) * out * (1.0 - out)
            updated = self.W[1] - 0.5 * np.outer(delta, hidden)
            back = (updated if self.slip else self.W[1]).T @ delta
            self.W[0] = self.W[0] - 0.5 * np.outer(back * hidden * (1.0 - hidden), self.x)
            self.W[1] = updated
        return self


def test_mazur_every_number_of_the_article_up_to_the_updated_weights() -> None:
    step = trainer("mazur").take_apart()
    batch = step.batch
    (z_h, z_o), (_, a_h, a_o) = batch.forward.z, batch.forward.a
    y = step.targets[0]
    assert printed(z_h[0, :1], "0.3775")
    assert printed(a_h, "0.593269992 0.596884378")
    assert printed(z_o[0, :1], "1.105905967")
    assert printed(a_o, "0.75136507 0.772928465")
    assert printed(0.5 * np.square(y - a_o[0]), "0.274811083 0.023560026")
    assert printed(batch.loss, "0.298371109")
    assert printed(a_o[0, 0] - y[0], "0.74136507")
    assert printed(a_o[0, 0] * (1.0 - a_o[0, 0]), "0.186815602")
    assert printed(batch.deltas[1][0, 0], "0.138498562")
    assert printed(batch.weight_gradients[1][0, 0], "0.082167041")
    back = step.network.weights[1] * batch.deltas[1][0][:, None]
    assert printed(back[:, 0], "0.055399425 −0.019049118")  # the article ends in 119, a slip
    assert printed(back[:, 0].sum(), "0.036350306")
    assert printed(a_h[0, 0] * (1.0 - a_h[0, 0]), "0.241300709")
    assert printed(batch.weight_gradients[0][0, 0], "0.000438568")
    after = step.network.with_parameters(step.parameters)
    assert printed(after.weights[1], "0.35891648 0.408666186 0.511301270 0.561370121")
    assert printed(after.weights[0], "0.149780716 0.19956143 0.24975114 0.29950229")
    assert [b.tolist() for b in after.biases] == [[0.35, 0.35], [0.60, 0.60]]


def test_mazur_prints_0_291027924_after_a_step_where_gradient_descent_has_0_291027774() -> None:
    ours = trainer("mazur").step()
    assert printed(ours.costs()[0], "0.291027774")
    assert same(ours.costs()[0], Mazur().steps(1).error)
    assert printed(Mazur(slip=True).steps(1).error, "0.291027924")


def test_mazur_after_10_000_steps_prints_outputs_of_the_slip_and_the_cost_of_a_step_less() -> None:
    ours, slip = trainer("mazur").seek(9_999), Mazur(slip=True).steps(10_000)
    assert printed(ours.costs()[0], "0.0000351085")  # as in the article, which says 10 000
    assert printed(ours.step().costs()[0], "0.0000351019")
    outputs = ours.predict([Mazur.x])
    assert printed(outputs, "0.015913620 0.984064274")
    assert printed(slip.forward()[1], "0.015912196 0.984065734")  # as in the article


def test_mazur_a_hundred_steps_are_those_of_a_plain_program() -> None:
    ours, plain = trainer("mazur").seek(100), Mazur().steps(100)
    assert same(ours.predict([Mazur.x])[0], plain.forward()[1])
    assert all(same(a, b) for a, b in zip(ours.network.weights, plain.W, strict=True))


# Nielsen (2015), Neural Networks and Deep Learning


def test_nielsen_chapter_1_the_nand_perceptron_is_the_limit_of_a_steep_sigmoid() -> None:
    run = trainer("nand")
    forward = run.take_apart().batch.forward
    z, rows = forward.z[0][:, 0], forward.a[0]
    assert rows.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert z.tolist() == [3.0, 1.0, 1.0, -1.0]  # (−2)·0 + (−2)·0 + 3 = 3 … (−2)·1 + (−2)·1 + 3 = −1
    assert printed(forward.a[1], "0.953 0.731 0.731 0.269")
    steep = run.network.with_parameters(1000.0 * run.network.parameters)
    assert steep.predict(rows)[:, 0].tolist() == pytest.approx([1.0, 1.0, 1.0, 0.0], abs=1e-300)


@pytest.mark.parametrize(
    ("name", "start", "first", "after_300"),
    [("nielsen", (0.6, 0.9), "0.82", "0.09"), ("nielsen-slow", (2.0, 2.0), "0.98", "0.20")],
)
def test_nielsen_chapter_3_a_neuron_learns_from_input_1_to_give_0(
    name: str, start: tuple[float, float], first: str, after_300: str
) -> None:
    run = trainer(name)
    w, b = start
    assert run.network.parameters.tolist() == [w, b]
    assert printed(run.predict([[1.0]]), first)
    assert same(run.costs()[0], 0.5 * sigmoid(np.float64(w + b)) ** 2)  # C = (y − a)²/2
    for _ in range(300):
        a = sigmoid(np.float64(w + b))
        w, b = w - 0.15 * a * a * (1.0 - a), b - 0.15 * a * a * (1.0 - a)
    assert same(run.seek(300).network.parameters, [w, b])
    assert printed(run.predict([[1.0]]), after_300)


# Karpathy (2022), building micrograd: o = tanh(x1·w1 + x2·w2 + b)


def test_micrograd_the_neuron_has_the_gradients_of_the_lecture() -> None:
    step = trainer("micrograd").take_apart()
    batch = step.batch
    x, w = batch.forward.a[1][0], step.network.weights[1][0]
    assert (x * w).tolist() == [-6.0, 0.0]
    assert printed(step.network.biases[1], "6.8814")
    assert printed(batch.forward.z[1], "0.8814")  # n
    o = batch.forward.a[2]
    assert printed(o, "0.7071")
    assert same(o - step.targets, 1.0)  # o.grad: ∂C/∂a of C = ½(a − y)², where y = o − 1
    assert same(batch.deltas[1], 0.5)  # n.grad, and that of x1w1, x2w2 and their sum
    assert same(batch.bias_gradients[1], [0.5])
    assert same(batch.weight_gradients[1], [[1.0, 0.0]])  # w1.grad, w2.grad
    assert same(batch.deltas[0], [[-1.5, 0.5]])  # x1.grad, x2.grad
    assert batch.forward.a[0].tolist() == batch.forward.a[1].tolist()  # layer 1 is a copy of x


# q4quant.studio, exercises on Adam


def adam(g: Sequence[np.ndarray], rate: float) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """m, v and the step for each of some gradients, as in Kingma & Ba (2015), algorithm 1."""
    m = v = np.zeros_like(g[0])
    made = []
    for t, gradient in enumerate(g, start=1):
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        m_hat, v_hat = m / (1.0 - 0.9**t), v / (1.0 - 0.999**t)
        made.append((m, v, -rate * m_hat / (np.sqrt(v_hat) + 1e-8)))
    return made


def moves(step: TrainingStep) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return *step.new_slots, step.parameters - step.network.parameters  # type: ignore[return-value]


def test_adam_compute_the_first_update_by_hand() -> None:
    run = trainer("adam")
    step = run.take_apart()
    m, v, move = moves(step)
    assert step.gradient.tolist() == [4.0, 2.0]
    assert printed(m, "0.4 0.2")
    assert printed(v, "0.016 0.004")
    assert same([m[0] / (1.0 - 0.9), v[0] / (1.0 - 0.999)], [4.0, 16.0])  # m̂ and v̂
    np.testing.assert_allclose(move, -0.1, rtol=1e-8)  # published with ε = 0
    taken = [run.seek(k).take_apart() for k in range(20)]
    expected = adam([one.gradient for one in taken], 0.1)
    assert all(same(moves(one), plain) for one, plain in zip(taken, expected, strict=True))


def test_adam_why_bias_correction_changes_early_steps() -> None:
    # a constant gradient 2, that of C = a − y ln a = 2w, where y = 0 and x = 2
    network = engine.Network.from_arrays([[[10.0]]])
    run = Trainer.from_arrays(network, [[2.0]], [0.0], "poisson", "adam", 0.1)
    first, second = run.take_apart(), run.step().take_apart()
    assert same([first.gradient, second.gradient], [[2.0], [2.0]])
    assert same([first.new_slots[0], second.new_slots[0]], [[0.2], [0.38]])


# Goodfellow, Bengio & Courville (2016), Deep Learning, 6.1: learning xor


def test_deep_learning_6_1_two_relu_units_are_xor_and_the_best_line_is_a_half() -> None:
    run = trainer("xor01")
    batch = run.take_apart().batch
    assert batch.forward.a[0].tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert batch.forward.z[0].tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]
    assert batch.forward.a[1].tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert batch.forward.a[2].tolist() == [[0], [1], [1], [0]]
    assert (batch.loss, batch.gradient.any()) == (0.0, False)
    assert run.prepared is not None
    line = engine.ols(run.prepared.inputs, run.prepared.targets)
    np.testing.assert_allclose(line.coefficients, [0.5, 0.0, 0.0], atol=1e-15)


# 14prakash (2017), Back-Propagation is very simple. Who made it Complicated?

PRAKASH = (
    [[0.1, 0.2, 0.3], [0.3, 0.2, 0.7], [0.4, 0.3, 0.9]],
    [[0.2, 0.3, 0.5], [0.3, 0.5, 0.7], [0.6, 0.4, 0.8]],
    [[0.1, 0.4, 0.8], [0.3, 0.7, 0.2], [0.5, 0.2, 0.9]],
)  # of the article: from the unit of a row to that of a column


def test_14prakash_the_softmax_is_not_the_published_one_which_has_no_exponentials() -> None:
    run = trainer("prakash")
    batch = run.take_apart().batch
    assert same(batch.forward.a[1], [[1.35, 1.27, 1.8]])
    (z,) = batch.forward.z[2]
    assert printed(batch.forward.a[3], "0.1984 0.2854 0.5162")
    assert same(batch.forward.a[3][0], softmax(z))
    # published: z/Σz, of hidden outputs of two or three digits, cut to four
    rounded = np.array([0.938, 0.94, 0.98]) @ np.array(PRAKASH[2]) + 1.0
    np.testing.assert_allclose(rounded, z, atol=3e-3)
    cut = np.floor(1e4 * rounded / rounded.sum()) / 1e4
    assert cut.tolist() == [0.2698, 0.3223, 0.4078]


def test_14prakash_gradients_are_those_of_a_plain_program() -> None:
    run = trainer("prakash")
    V, x, y = [np.array(one) for one in PRAKASH], np.array([0.1, 0.2, 0.7]), np.array([1, 0, 0])
    for _ in range(20):
        batch = run.take_apart().batch
        assert same([W.T for W in run.network.weights], V)
        one = np.maximum(x @ V[0] + run.network.biases[0], 0.0)
        two = sigmoid(one @ V[1] + run.network.biases[1])
        out = softmax(two @ V[2] + run.network.biases[2])
        assert same(batch.loss, -np.log(out[0]))
        deltas = [out - y]
        deltas.insert(0, (V[2] @ deltas[0]) * two * (1.0 - two))
        deltas.insert(0, (V[1] @ deltas[0]) * (one > 0.0))
        assert all(same(a[0], b) for a, b in zip(batch.deltas, deltas, strict=True))
        gradients = [np.outer(a, d) for a, d in zip((x, one, two), deltas, strict=True)]
        assert all(same(a.T, b) for a, b in zip(batch.weight_gradients, gradients, strict=True))
        V = [W - 0.01 * G for W, G in zip(V, gradients, strict=True)]
        run.step()


# Wikipedia, Logistic regression: passing an exam by the hours of study


def test_wikipedia_logistic_regression_of_passing_an_exam_by_the_hours_of_study() -> None:
    run = trainer("exam")
    assert run.prepared is not None
    data = run.prepared.dataset
    assert (data.task, data.target_names, run.loss) == (
        "binary",
        ("0", "1"),
        "binary_cross_entropy",
    )
    X, y = np.column_stack([np.ones(20), data.X]), data.Y[:, 0]
    beta = np.zeros(2)
    for _ in range(30):  # Newton's method, plainly
        p = sigmoid(X @ beta)
        beta = beta + np.linalg.solve(X.T @ (X * (p * (1.0 - p))[:, None]), X.T @ (y - p))
    line = engine.collapse(run.seek(1000).network)
    slope = line.W[0] / data.x_scale.sd
    coefficients = [line.b[0] - (slope * data.x_scale.mean).sum(), slope[0]]
    assert printed(coefficients, "−4.0777 1.5046")
    np.testing.assert_allclose(coefficients, beta, rtol=1e-11)
    assert printed(run.predict([[1.0], [2.0], [3.0], [4.0], [5.0]]), "0.07 0.26 0.61 0.87 0.97")
    fit = engine.glm(data.X, y, "binomial")
    assert same(fit.coefficients, beta)
    assert printed(fit.standard_errors, "1.7610 0.6287")
    assert printed(fit.coefficients / fit.standard_errors, "−2.316 2.393")
    assert printed([fit.log_likelihood, -20.0 * run.costs()[0]], "−8.02988 −8.02988")


# Stanford CS231n, Minimal Neural Network Case Study; its notebook has NumPy's seed 0

LINEAR = """
1.096919 0.917310 0.851535 0.822352 0.807594 0.799452 0.794683 0.791765 0.789921 0.788726
0.787937 0.787408 0.787049 0.786803 0.786633 0.786514 0.786431 0.786373 0.786331 0.786302
"""  # of steps 0, 10, … 190


def objective(run: Trainer) -> float:
    """The data loss and ½·0.001·ΣW²."""
    return run.costs()[0] + 0.0005 * sum(float((W**2).sum()) for W in run.network.weights)


def right(run: Trainer) -> float:
    """The share of examples whose class is predicted."""
    assert run.prepared is not None
    data, predicted = run.prepared.dataset, run.network.predict(run.prepared.inputs)
    return accuracy(confusion_matrix(data, predicted, data.train))


def test_cs231n_data_and_first_weights_are_those_of_the_notebook() -> None:
    rng = np.random.RandomState(0)  # a stream that NumPy never changes
    rows = []
    for j in range(3):
        r, t = np.linspace(0.0, 1.0, 100), np.linspace(j * 4, (j + 1) * 4, 100)
        t = t + rng.randn(100) * 0.2
        rows.append(np.c_[r * np.sin(t), r * np.cos(t), np.full(100, j)])
    data = engine.load_dataset("cs231n", standardize=False, data_seed=0, split_seed=0)
    assert (data.task, data.target_names) == ("classes", ("0", "1", "2"))
    table = np.concatenate(rows)
    assert same(data.X, table[:, :2])
    assert data.Y.argmax(axis=1).tolist() == table[:, 2].tolist()
    for name, sizes in (("cs231n-linear", [(2, 3)]), ("cs231n", [(2, 100), (100, 3)])):
        network = trainer(name).network
        assert all(
            same(W.T, 0.01 * rng.randn(*size))
            for W, size in zip(network.weights, sizes, strict=True)
        )
        assert not np.concatenate(network.biases).any()


def test_cs231n_softmax_has_the_twenty_losses_and_the_accuracy_of_the_notebook() -> None:
    run = trainer("cs231n-linear")
    assert printed([objective(run.seek(step)) for step in range(0, 200, 10)], LINEAR)
    assert printed(right(run.seek(200)), "0.49")


@pytest.mark.parametrize(("name", "steps"), [("cs231n-linear", 200), ("cs231n", 100)])
def test_cs231n_data_loss_and_accuracy_are_those_of_a_plain_program(name: str, steps: int) -> None:
    run = trainer(name)
    assert run.prepared is not None
    X, y = run.prepared.inputs, run.prepared.targets
    V = [W.T.copy() for W in run.network.weights]
    b = [one.copy() for one in run.network.biases]
    for step in range(steps + 1):
        hidden = np.maximum(X @ V[0] + b[0], 0.0) if len(V) == 2 else X
        p = softmax(hidden @ V[-1] + b[-1])
        if step in (0, 1, 10, steps):
            assert same(run.seek(step).costs()[0], -np.log((p * y).sum(axis=1)).mean())
            assert right(run) == (p.argmax(axis=1) == y.argmax(axis=1)).mean()
        scores = (p - y) / len(X)
        back = (scores @ V[-1].T) * (hidden > 0.0)
        V[-1] = V[-1] - hidden.T @ scores - 0.001 * V[-1]
        b[-1] = b[-1] - scores.sum(axis=0)
        if len(V) == 2:
            V[0] = V[0] - X.T @ back - 0.001 * V[0]
            b[0] = b[0] - back.sum(axis=0)


def test_cs231n_a_hidden_layer_has_the_losses_of_the_notebook() -> None:
    run = trainer("cs231n")
    assert printed(objective(run), "1.098637")
    assert printed(objective(run.seek(1000)), "0.294416")  # step 3 000: in the gallery's tests
