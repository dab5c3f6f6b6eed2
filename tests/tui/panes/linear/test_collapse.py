"""The collapse pane: the matrices drawn multiply to the W_z drawn, and the verdicts are true."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment, best_affine
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.matrix_layout import Named, product_lines
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.panes.linear.collapse import CollapsePane, collapse_table
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


def test_identities_collapse_and_relu_does_not():
    lines = drawn(CollapsePane(), frame_of(dataset="reg-plane", hidden=(2, 2)), SIZE)
    assert lines[-2].startswith("network minus (W_z x + b_z), ") and lines[-2].endswith("✓")
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


def test_one_layer_has_nothing_to_collapse():
    frame = frame_of(dataset="line", hidden=())
    assert title_of(frame) == "Collapse · W_z = W⁽¹⁾"
    lines = drawn(CollapsePane(), frame, SIZE)
    assert lines[-1].startswith("network minus") and lines[-1].endswith("✓")
    assert not any("relu" in line for line in lines)


def test_skip_connections_go_into_the_product_and_are_named():
    frame = frame_of(dataset="reg-plane", hidden=(2, 2), skips=((0, 2),))
    text = "\n".join(drawn(CollapsePane(), frame, (60, 30)))
    assert title_of(frame).endswith("W⁽¹⁾ and skips")
    assert "skip connections from layer 0 to 2" in text
    assert frame.linear.affine_error < 1e-12


def test_many_outputs_have_their_rows_below_the_matrices():
    frame = frame_of(dataset="reg-plane", hidden=(3,))
    W, b = np.arange(15.0).reshape(5, 3), np.arange(5.0)
    product = type(frame.linear.product)(W, b)
    frame = replace(frame, linear=replace(frame.linear, product=product))
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
    matrices = [Named(f"W{i}", np.ones(shape)) for i, shape in enumerate(shapes)]
    lines = [
        "".join(span.text for span in line).rstrip() for line in product_lines(matrices, 6, sheet)
    ]
    assert max(map(len, lines)) <= max(width, 17)  # two columns of each at the least
    text = "\n".join(lines)
    assert all(text.count(f"{m} × {k}") >= shapes.count((m, k)) for m, k in shapes)
    for (m, k), name in zip(shapes, [matrix.name for matrix in matrices], strict=True):
        assert name in text
        assert k <= 10 or "shown" in text
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
