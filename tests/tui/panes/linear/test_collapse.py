"""The collapse pane: the matrices drawn multiply to the W_z drawn, and the verdicts are true."""

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from bad_states import all_equal
from frames import drawn, framed
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Network, best_affine, collapse, ols
from engine.explain.render import meaning_text
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.matrix_layout import NamedMatrix, product_lines
from tui.drawing.numbers import norm
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.explain.linear import product_entries
from tui.panes.base.bars import summary
from tui.panes.base.status_bars import LinearStatusBar
from tui.panes.linear.collapse import CollapsePane, collapse_table
from tui.panes.linear.product_formula import product_formula
from tui.session.session import Session

SIZE = (60, 12)


def frame_of(steps=10, **experiment):
    experiment = {"learning_rate": 0.001, "activation": "identity"} | experiment
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session, "linear")


def title_of(frame):
    return collapse_table(frame, Sheet(DARK, UNICODE, True, *SIZE)).title


def numbers(text):
    """Those of a line of matrices."""
    return [float(word) for word in re.sub("[^0-9.+e-]", " ", text.replace("−", "-")).split()]


@pytest.mark.parametrize(("bias", "shown"), [(2e-16, "0.000"), (3e-14, "+3e−14")])
def test_a_bias_of_rounding_is_0_and_one_that_is_small_is_not(bias, shown):
    frame = frame_of(dataset="cars", hidden=())
    network = Network.from_arrays([[[0.8]]], [[bias]], (), "identity")
    text = "\n".join(drawn(CollapsePane(), replace(frame, network=network), SIZE))
    assert f"b⁽¹⁾ = [{shown:>6}]" in text


def test_the_matrices_drawn_multiply_to_the_product_drawn():
    frame = frame_of(dataset="reg-plane", hidden=(2, 2))
    lines = drawn(CollapsePane(), frame, SIZE)
    assert title_of(frame) == "Collapse · W_z = W⁽³⁾ W⁽²⁾ W⁽¹⁾"
    assert lines[0].split() == ["W⁽³⁾", "W⁽²⁾", "W⁽¹⁾"]
    assert lines[1].split() == ["1", "×", "2", "2", "×", "2", "2", "×", "2"]
    first, second = numbers(lines[2]), numbers(lines[3])
    W3 = np.array([first[:2]])
    W2, W1 = (np.array([first[i : i + 2], second[i - 2 : i]]) for i in (2, 4))
    (row,) = [line for line in lines if line.startswith("W_z =")]
    W_z = numbers(row.partition("b_z")[0].removeprefix("W_z ="))
    assert (W3 @ W2 @ W1)[0] == pytest.approx(W_z, abs=0.01)  # of three decimals each


def test_a_single_row_is_one_example():
    lines = drawn(CollapsePane(), frame_of(dataset="mazur", hidden=(2,)), SIZE)
    assert any("of 1 example " in line for line in lines)


def test_identities_collapse_and_relu_does_not():
    lines = drawn(CollapsePane(), frame_of(dataset="reg-plane", hidden=(2, 2)), SIZE)
    assert lines[-2].startswith("largest |z⁽³⁾ − (W_z x + b_z)| of 600 examples ")
    assert lines[-2].endswith("✓")
    assert lines[-1].startswith("same weights with relu, minus its best affine fit")
    assert lines[-1].endswith("✗")


@pytest.mark.parametrize("dataset", ["reg-plane", "mtcars"])
def test_what_breaks_it_is_named_and_the_best_map_has_its_r_squared(dataset):
    frame = frame_of(dataset=dataset, hidden=(3, 2), activation="relu")
    inputs = frame.data.x_scale.apply(frame.data.X[frame.data.train])
    best = best_affine(frame.network, inputs)
    lines = drawn(CollapsePane(), frame, SIZE)
    assert title_of(frame) == "No collapse · layer 1 is not linear (relu)"
    assert lines[0].split() == ["W⁽³⁾", "W⁽²⁾,", "relu", "W⁽¹⁾,", "relu"]
    assert lines[-2].endswith("✗") and lines[-1].endswith("✗")
    assert f"(R² {best.r_squared:.4f})" in lines[-1]
    off = best.largest_deviation * frame.data.y_scale.sd[0]
    assert float(lines[-1].split()[-2]) == pytest.approx(off, rel=1e-3)


def test_relu_that_never_bends_on_the_data_is_affine_there():
    shifted = {"weights": (((1.0,),), ((1.0,),)), "biases": ((100.0,), (-100.0,))}
    frame = frame_of(0, dataset="line", hidden=(1,), activation="relu", **shifted)
    assert drawn(CollapsePane(), frame, SIZE)[-1].endswith("✓")
    assert not frame.linear.exact


def status_of(frame, wide=True):
    """The parts of the status line by name."""
    canvas = Canvas(120, 1, DARK, UNICODE, True)
    return {part.name: part.value for part in LinearStatusBar().parts(frame, canvas, wide)}


def header_of(frame):
    return summary(frame, UNICODE, 120)


def explained(frame):
    """What enter says of the first entry of W_z and of b_z."""
    entries = CollapsePane().explainable(frame)
    return [meaning_text(entries.make(index)) for index in (0, entries.count - 1)]


LAST_SIGMA = [  # B2 (a), (b) and every other activation at the end
    ({"dataset": "circle", "hidden": (4, 3)}, "tanh"),
    ({"dataset": "challenger", "hidden": ()}, "sigmoid"),
    ({"dataset": "iris", "hidden": (3,)}, "softmax"),
    *(
        ({"dataset": "line", "hidden": hidden, "output": output, "loss": "quadratic"}, output)
        for output in ("relu", "softplus", "exp", "probit", "sin")
        for hidden in ((), (2, 3))
    ),
]


@pytest.mark.parametrize(("experiment", "output"), LAST_SIGMA)
def test_under_a_last_activation_z_collapses_and_every_text_says_so(experiment, output):
    frame = frame_of(0, **experiment)
    network, facts = frame.network, frame.linear
    assert network.output == output
    inputs = frame.data.x_scale.apply(frame.data.X[frame.data.train])
    W, b = np.eye(network.sizes[0]), np.zeros(network.sizes[0])
    z = inputs
    for weights, biases in zip(network.weights, network.biases, strict=True):
        W, b, z = weights @ W, weights @ b + biases, z @ weights.T + biases
    assert np.allclose(facts.product.W, W) and np.allclose(facts.product.b, b)
    assert facts.affine_error <= 1e-13 * max(1.0, np.abs(z).max())
    assert facts.collapses and not facts.exact and not facts.why
    last = len(network.weights)
    layer = UNICODE.layer(last)
    assert title_of(frame).startswith(f"Collapse of z{layer} · W_z = W{layer}")
    lines = drawn(CollapsePane(), frame, (60, 16))
    (measured,) = [line for line in lines if line.startswith(f"largest |z{layer} − (W_z x + b_z)|")]
    assert measured.endswith(f"{norm(facts.affine_error).strip()} ✓")
    assert status_of(frame)["collapse"] == "of z ✓"
    for meaning in explained(frame):
        assert meaning.endswith(
            f" It is z{layer}, before the output activation: ŷ = {output}(z{layer})."
        )
        assert "not linear" not in meaning
    everything = "\n".join([title_of(frame), *lines, *status_of(frame).values()])
    assert "No collapse" not in everything and "broken" not in everything
    assert "not linear" not in everything


@pytest.mark.parametrize("hidden", [(3,), (4, 3)])
def test_the_unit_of_each_number_is_said_where_those_of_network_and_data_differ(hidden):
    table = collapse_table(frame_of(dataset="mtcars", hidden=hidden), sheet_of(60))
    assert table.subtitle == "network's units; last line: data's"
    lines = ["".join(span.text for span in line) for line in table.below(0)]
    wide = collapse_table(frame_of(dataset="mtcars", hidden=hidden), sheet_of(110))
    assert "best affine fit" in lines[-1] or "best fit" in lines[-1]
    assert wide.subtitle == "in the network's units; the last line: in the data's"
    assert ", in the data's units" in "".join(span.text for span in wide.below(0)[-1])
    one = collapse_table(frame_of(dataset="mtcars", hidden=()), sheet_of(60))
    assert one.subtitle == "in the network's units"
    plain = collapse_table(frame_of(dataset="circle", hidden=hidden), sheet_of(110))
    assert plain.subtitle == "in the data's units"
    assert "units" not in "".join(span.text for span in plain.below(0)[-1])


def sheet_of(width):
    return Sheet(DARK, UNICODE, True, width, 12)


def test_what_the_terms_of_an_entry_are_made_of_is_defined_in_its_explanation():
    frame = frame_of(dataset="circle", hidden=(4, 3))
    meaning = meaning_text(product_entries(frame).explain())
    assert "z⁽²⁾ = A⁽²⁾ x + c⁽²⁾, where c⁽²⁾ = W⁽²⁾b⁽¹⁾ + b⁽²⁾." in meaning
    no_bias = product_entries(frame_of(dataset="circle", hidden=(4, 3), bias=False)).explain()
    assert meaning_text(no_bias).endswith(
        "z⁽²⁾ = A⁽²⁾ x. It is z⁽³⁾, before the output activation: ŷ = tanh(z⁽³⁾)."
    )
    network = frame.network
    c = network.weights[1] @ network.biases[0] + network.biases[1]
    x = np.array([0.3, -0.2])
    A = network.weights[1] @ network.weights[0]
    assert network.forward(x[None]).z[1][0] == pytest.approx(A @ x + c)


def test_where_a_layer_bends_the_product_of_the_matrices_is_not_called_the_map_of_the_network():
    frame = frame_of(dataset="circle", hidden=(4, 3), activation="relu")
    entry = product_entries(frame)
    assert entry.description() == "the matrices alone"
    assert " Here A⁽²⁾ is W⁽²⁾W⁽¹⁾, without the activations." in meaning_text(entry.explain())
    operands = entry.operands(entry.explain())
    inner = next(number for name, number in operands.items() if name.base == "A")
    assert meaning_text(inner.explain()).startswith(
        "Of the matrices alone, without the activations of the network: "
    )


def test_of_a_curved_output_the_best_affine_fit_stands_below_with_its_share():
    frame = frame_of(3, dataset="circle", hidden=(4, 3))
    inputs = frame.data.X[frame.data.train]
    best = best_affine(frame.network, inputs)
    last = drawn(CollapsePane(), frame, (70, 16))[-1]
    assert last.startswith(f"ŷ = tanh(z) minus its best affine fit (R² {best.r_squared:.4f})")
    assert last.endswith("✗")


@pytest.mark.parametrize("output", ["tanh", "identity"])
@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "tanh"])
def test_a_hidden_layer_that_bends_breaks_it_whatever_the_output(hidden, output):
    names = ("identity", hidden)
    frame = frame_of(3, dataset="circle", hidden=(4, 3), activation=names, output=output)
    assert title_of(frame) == f"No collapse · layer 2 is not linear ({hidden})"
    assert status_of(frame)["collapse"] == "broken ✗"
    lines = drawn(CollapsePane(), frame, (60, 16))
    (measured,) = [line for line in lines if "z⁽³⁾ − (W_z x + b_z)" in line]
    assert measured.endswith("✗")
    for meaning in explained(frame):
        assert f"layer 2 is not linear ({hidden}), so the network's z is not W_z x + b_z" in meaning
        assert " are one" not in meaning


@pytest.mark.parametrize("output", ["tanh", "identity"])
def test_of_numbers_that_are_not_finite_no_collapse_is_claimed(output):
    experiment = {"dataset": "circle", "hidden": (4, 3), "output": output}
    frame = frame_of(100, **experiment, learning_rate=1e9)
    session = Session(Experiment(activation="identity", **experiment))
    parameters = np.full_like(session.trainer.network.parameters, 1e200)
    session.trainer.assign(parameters, "as if diverging")
    for shown in (frame if frame.divergence else None, framed(session, "linear")):
        if shown is not None:
            assert status_of(shown)["collapse"] == "–"
            assert "✓" not in "".join(drawn(CollapsePane(), shown, SIZE))


def test_one_layer_is_named_by_its_output():
    challenger = frame_of(0, dataset="challenger", hidden=())
    assert " · 1-1 sigmoid · " in header_of(challenger) and "linear" not in header_of(challenger)
    assert " · 1-1 linear · " in header_of(frame_of(0, dataset="line", hidden=()))
    assert " · 4-3 softmax · " in header_of(frame_of(0, dataset="iris", hidden=()))
    assert " · 2-4-1 identity · " in header_of(frame_of(0, dataset="circle", hidden=(4,)))


@pytest.mark.parametrize("degree", [1, 2, 8])
@pytest.mark.parametrize("wide", [True, False])
def test_beside_a_polynomial_the_status_says_the_degree_of_its_cost(degree, wide):
    session = Session(Experiment(dataset="sine", hidden=()))
    for _ in range(degree - 1):
        session.selection.next_degree()
    frame = framed(session, "linear")
    assert frame.linear.degree == degree
    name, other = ("OLS C" if wide else "OLS", "OLS C (degree 1)")[:: 1 if degree == 1 else -1]
    status = status_of(frame, wide)
    line = ols(frame.data.X[frame.data.train], frame.data.Y[frame.data.train, 0])
    assert status[name] == norm(line.ssr / len(line.y)).strip() and other not in status


def test_one_layer_has_nothing_to_collapse():
    frame = frame_of(dataset="line", hidden=())
    assert title_of(frame) == "Collapse · W_z = W⁽¹⁾"
    lines = drawn(CollapsePane(), frame, SIZE)
    assert lines[-1].startswith("largest |z⁽¹⁾ − (W_z x + b_z)|") and lines[-1].endswith("✓")
    assert not any("relu" in line for line in lines)


def test_skip_connections_go_into_the_product_and_are_named():
    frame = frame_of(dataset="reg-plane", hidden=(2, 2), skips=((0, 2),))
    text = "\n".join(drawn(CollapsePane(), frame, (60, 30)))
    assert title_of(frame).endswith("W_z = W⁽³⁾ (W⁽²⁾ W⁽¹⁾ + I)")
    assert "skip connections from layer 0 to 2" in text
    assert frame.linear.affine_error < 1e-12
    crossing = frame_of(dataset="reg-plane", hidden=(2, 2, 2), skips=((0, 2), (1, 3)))
    assert title_of(crossing).endswith("W⁽¹⁾ and skips")


def test_a_convolution_is_named_with_its_kernel():
    frame = frame_of(
        dataset="stackloss", hidden=(3,), activation="identity", convolutions=((1, 3),)
    )
    text = "\n".join(drawn(CollapsePane(), frame, (60, 30)))
    kernel = frame.network.kernel(1)
    (line,) = (line for line in text.split("\n") if "Toeplitz of the kernel" in line)
    assert line.startswith("W⁽¹⁾ = Toeplitz of the kernel")
    assert numbers(line.partition("kernel")[2]) == pytest.approx(kernel, abs=6e-4)
    assert "W⁽¹⁾, Toeplitz" in text
    dense = frame_of(dataset="stackloss", hidden=(3,), activation="identity")
    assert "Toeplitz" not in "\n".join(drawn(CollapsePane(), dense, (60, 30)))


@given(st.integers(0, 1 << 30))
@settings(max_examples=30)
def test_the_formula_with_skip_connections_is_the_collapse(seed):
    rng = np.random.default_rng(seed)
    layers = int(rng.integers(1, 6))
    pairs = [*combinations(range(layers + 1), 2)]
    skips = [pair for pair in pairs if rng.random() < 0.3]
    formula = product_formula(layers, skips, lambda l: f"W[{l}]")
    crossing = any(s < a < t < b for s, t in skips for a, b in skips)
    assert (formula is None) == crossing
    if formula is None:
        return
    network = Network([2] * (layers + 1), "identity", skips=skips, seed=seed)
    W = dict(enumerate(network.weights, start=1))
    product = formula.replace(" + ", "+").replace(" ", " @ ").replace("+", " + ")
    np.testing.assert_allclose(eval(product, {"W": W, "I": np.eye(2)}), collapse(network).W)


def test_many_outputs_have_their_rows_below_the_matrices():
    frame = frame_of(dataset="reg-plane", hidden=(3,))
    W, b = np.arange(15.0).reshape(5, 3), np.arange(5.0)
    product = type(frame.linear.product)(W, b)
    frame = replace(frame, linear=replace(frame.linear, product=product, steps=()))
    text = "\n".join(drawn(CollapsePane(), frame, (60, 30)))
    assert f"rank of W_z {np.linalg.matrix_rank(W)}," in text
    lines = text.replace(f" rank {np.linalg.matrix_rank(W)}", "").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("W_z ="))
    drawn_rows = [numbers(re.sub("[Wb]_z =", "", line)) for line in lines[at : at + 5]]
    assert drawn_rows == np.column_stack([W, b]).tolist()


@pytest.mark.parametrize("width", [20, 36, 58, 116])
@pytest.mark.parametrize("shapes", [[(1, 2), (2, 10)], [(3, 40), (40, 784)], [(2, 2)] * 8])
def test_wide_matrices_are_cut_to_the_width_and_their_sizes_said(width, shapes):
    sheet = Sheet(DARK, UNICODE, True, width, 20)
    matrices = [NamedMatrix(f"W{i}", np.ones(shape)) for i, shape in enumerate(shapes)]
    lines = [
        "".join(span.text for span in line).rstrip() for line in product_lines(matrices, 6, sheet)
    ]
    assert max(map(len, lines)) <= max(width, 17)  # two columns of each at the least
    text = "\n".join(lines)
    assert all(text.count(f"{m} × {k}") >= shapes.count((m, k)) for m, k in shapes)
    for (m, k), name in zip(shapes, [matrix.name for matrix in matrices], strict=True):
        assert name in text
        assert k <= 10 or ("shown" in text and "⋯" in text), "as in equations"
        assert m <= 6 or f"… {m - 6} more" in text


def test_ascii_and_the_end_of_numbers_are_drawn():
    frame = frame_of(dataset="mtcars", hidden=(2,))
    assert "".join(drawn(CollapsePane(), frame, SIZE, ASCII)).isascii()
    diverged = frame_of(200, dataset="reg-plane", hidden=(2,), learning_rate=100.0)
    assert diverged.divergence
    assert drawn(CollapsePane(), diverged, SIZE)[0] == "The network's numbers are no longer finite."
    assert not any(drawn(CollapsePane(), replace(frame, linear=None), SIZE))


def test_a_network_that_is_dead_on_the_data_is_its_best_affine_fit():
    dead = {"weights": (((1.0,),), ((1.0,),)), "biases": ((-100.0,), (0.1,))}
    frame = frame_of(0, dataset="line", hidden=(1,), activation="relu", **dead)
    last = drawn(CollapsePane(), frame, SIZE)[-1]
    assert "(R² –)" in last and last.endswith("✓")  # no variance of ŷ to divide by


def test_a_network_that_is_level_but_for_rounding_has_no_r_squared():
    frame = frame_of(dataset="mtcars", hidden=(4, 3), activation="relu", steps=0)
    level = np.full(len(frame.linear.network_fitted), 3e43)
    level[::3] = np.nextafter(3e43, 0.0)
    network = np.zeros_like(frame.linear.network)
    for fitted in (level, np.full_like(level, 3e43)):
        network[0] = 3e43 * (1.0 + 1e-15)
        linear = replace(frame.linear, network=network, network_fitted=fitted)
        lines = drawn(CollapsePane(), replace(frame, linear=linear), SIZE)
        assert "R² –" in lines[-1] and lines[-1].endswith("✓")


def test_outputs_beyond_the_range_of_numbers_have_no_nearest_map_and_no_warning():
    frame = frame_of(dataset="dobson", hidden=(), steps=0)
    fitted = np.full_like(frame.linear.network_fitted, 1e200)
    for first in (-1e200, np.inf):
        fitted[0] = first
        linear = replace(frame.linear, exact=False, network_fitted=fitted)
        shown = replace(frame, linear=linear)
        sheet = Sheet(DARK, UNICODE, True, *SIZE)  # as when titles are asked for
        assert "R²" not in str(collapse_table(shown, sheet).below(0))


def test_of_a_softmax_the_matrices_with_relu_are_called_so():
    """The network itself collapses: z is W_z x + b_z. What bends is the same weights with relu."""
    frame = frame_of(dataset="iris", hidden=(5, 4))
    lines = drawn(CollapsePane(), frame, (100, 30))
    assert lines[-2].startswith("largest |z⁽³⁾ − (W_z x + b_z)|") and lines[-2].endswith("✓")
    with_relu = "z⁽³⁾ of the same weights with relu, minus its best affine fit "
    assert lines[-1].startswith(with_relu) and lines[-1].endswith("✗")
    for width in range(30, 100, 7):
        assert "relu" in drawn(CollapsePane(), frame, (width, 30))[-1]


def test_a_relu_that_does_not_bend_on_the_examples_is_no_collapse_and_no_proof_of_one():
    session = Session(
        Experiment(
            dataset="line",
            hidden=(1,),
            weights=(((1.0,),), ((1.0,),)),
            biases=((100.0,), (0.0,)),
            activation="relu",
        )
    )
    frame = framed(session, "linear")
    assert frame.linear.affine_error < 1e-9
    lines = drawn(CollapsePane(), frame, (80, 12))
    (measured,) = (line for line in lines if "(W_z x + b_z)" in line)
    assert title_of(frame).startswith("No collapse") and measured.endswith("–")


@pytest.mark.parametrize("size", [0.5, 1e90])
def test_a_rounding_above_1_is_a_share_of_the_sum_of_the_terms(size):
    frame = framed(
        all_equal(size, dataset="circle", hidden=(3, 2), activation="identity", output="identity"),
        "linear",
    )
    (line,) = (row for row in drawn(CollapsePane(), frame, (90, 14)) if "(W_z x" in row)
    assert ("/ Σ|terms|" in line) == (size > 1.0) and line.endswith("✓")
    assert float(line.split()[-2].replace("−", "-")) < 1e-12
