"""The network of screen Backprop: which numbers stand where, and which path is lit."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from frames import current_microstep, framed, posted

from engine import Experiment
from engine.network.network import layer_views
from engine.network.parameters import parameter_index
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.numbers import num
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.model.frame import Frame
from tui.panes.backprop.network import BackpropNetworkPane, draw_backprop, layout_of, path_of
from tui.session.session import Session

SIZE = (64, 20)  # the pane's content on a screen of 120 × 40
SMALL = Experiment(dataset="circle", hidden=(4, 3))


def frame_at(
    kind: str, layer: int, unit: int = 0, of: int | None = None, **experiment: Any
) -> Frame:
    """The frame of a micro-step after some steps, with a component of it."""
    session = Session(replace(SMALL, **experiment))
    session.time.step(20)
    microsteps = session.microscope.taken_apart(session.trainer).microsteps
    at = next(i for i, m in enumerate(microsteps) if (m.kind, m.layer) == (kind, layer))
    session.microscope.go_to(at)
    fan_in = session.prepared.network.sizes[layer - 1]
    session.microscope.choose(layer, unit, fan_in if of is None else of)
    return framed(session, "backprop")


def drawn(frame: Frame, size: tuple[int, int] = SIZE, glyphs: Glyphs = UNICODE) -> Canvas:
    canvas, pane = Canvas(*size, DARK, glyphs), BackpropNetworkPane()
    pane.draw(canvas, frame)
    return canvas


def number_at(frame: Frame, canvas: Canvas, layer: int, unit: int) -> str:
    """What stands under a unit."""
    assert frame.backprop is not None
    layout = layout_of(frame, frame.backprop, canvas.width, canvas.height)
    column = next(column for column in layout.columns if column.layer == layer)
    node = layout.node(layer, unit)
    assert node is not None
    x = layout.caption_x(column, 6)
    return canvas.text_lines()[layout.number_y(column, node)][x : x + 6].strip()


def shown(frame: Frame, canvas: Canvas) -> list[list[str]]:
    return [
        [number_at(frame, canvas, layer, unit) for unit in range(n)]
        for layer, n in enumerate(frame.network.sizes)
    ]


def texts(values: np.ndarray) -> list[str]:
    return [num(float(value)).strip() for value in values]


def test_under_the_units_stands_what_has_been_computed_and_nothing_that_has_not():
    for kind, layer in (("z", 2), ("a", 1), ("cost", 3), ("delta", 2), ("gradient", 2)):
        frame = frame_at(kind, layer)
        one = frame.shown
        x, a1, a2, y_hat = (texts(a[0]) for a in one.forward.a)
        z2 = texts(one.forward.z[1][0])
        d2, d3 = (texts(delta[0]) for delta in one.deltas[1:])
        to_come = ["·"]
        expected = {
            "z": [x, a1, z2, to_come],
            "a": [x, a1, to_come * 3, to_come],
            "cost": [x, a1, a2, y_hat],
            "delta": [x, to_come * 4, d2, d3],
            "gradient": [x, a1, d2, d3],
        }
        assert shown(frame, drawn(frame)) == expected[kind]


def test_in_batch_mode_they_are_means_over_the_batch_of_the_step():
    session = Session(SMALL)
    session.selection.toggle_batch_mode()
    frame = framed(session, "backprop")
    means = session.microscope.taken_apart(session.trainer).batch.forward.z[0].mean(axis=0)
    assert shown(frame, drawn(frame))[1] == texts(means)
    assert BackpropNetworkPane().titles(frame)[0] == "Network · mean over the batch of 10"


def test_the_path_is_what_the_component_is_made_of():
    skipping = {"hidden": (3, 3, 3), "skips": ((1, 3),)}
    for kind, layer, of, units in (
        ("z", 2, None, {(2, 1), (1, 0), (1, 1), (1, 2)}),
        ("z", 3, None, {(3, 1), (2, 0), (2, 1), (2, 2), (1, 1)}),
        ("a", 2, None, {(2, 1)}),
        ("delta", 1, None, {(1, 1), (2, 0), (2, 1), (2, 2), (3, 1)}),
        ("gradient", 2, 2, {(2, 1), (1, 2)}),
        ("update", 2, None, {(2, 1)}),
    ):
        facts = frame_at(kind, layer, 1, of, **skipping).backprop
        assert facts is not None
        assert path_of(facts).units == units


@pytest.mark.parametrize(("kind", "layer", "unit"), [("z", 2, 1), ("delta", 1, 2)])
def test_lit_edges_carry_the_weights_that_the_sum_takes(kind: str, layer: int, unit: int):
    frame = frame_at(kind, layer, unit)
    rows = "\n".join(drawn(frame).text_lines())
    W = frame.network.weights[1]
    for weight in W[unit] if kind == "z" else W[:, unit]:
        assert num(float(weight)) in rows
    others = np.delete(W, unit, axis=0 if kind == "z" else 1)
    assert not any(num(float(weight)) in rows for weight in others.ravel())
    assert ("▸" if kind == "z" else "◂") in rows


@pytest.mark.parametrize("of", [0, None])
def test_at_a_gradient_and_an_update_the_one_edge_or_bias_has_its_number(of: int | None):
    for kind in ("gradient", "update"):
        frame = frame_at(kind, 2, 1, of)
        assert frame.backprop is not None
        step, column = frame.backprop.step, -1 if of is None else of
        values = step.gradient if kind == "gradient" else step.parameters
        value = layer_views(values, step.network.sizes, True)[1][1, column]
        canvas = drawn(frame)
        bright = canvas.bold & (canvas.ink == DARK.hi)
        bright[0] = False  # the heads
        layout = layout_of(frame, frame.backprop, *SIZE)
        row = next(y for y in range(SIZE[1]) if bright[y, : layout.columns[2].x].any())
        assert "".join(canvas.chars[row][bright[row]]) == num(float(value)).strip()


def test_a_hidden_result_is_nowhere_to_be_seen():
    for kind, layer in (("z", 1), ("a", 2), ("delta", 2), ("update", 2)):
        frame = frame_at(kind, layer, 1, 0)
        assert frame.backprop is not None
        before = drawn(frame)
        hidden = drawn(replace(frame, backprop=frame.backprop._replace(revealed=frozenset())))
        assert "?" in "\n".join(hidden.text_lines())
        assert "?" not in "\n".join(before.text_lines())
        if kind != "update":
            assert shown(frame, hidden)[layer] == ["?"] * frame.network.sizes[layer]


def test_a_frozen_weight_and_a_frozen_bias_are_marked():
    session = Session(SMALL)
    session.trainer.freeze(2, "weight", (0, 1)).freeze(1, "bias", 2)
    frame = framed(session, "backprop")
    assert frame.backprop is not None
    frozen = frame.backprop.step.settings.frozen
    places = (2, "weight", (0, 1)), (1, "bias", 2)
    assert set(frozen) == {parameter_index(frame.network, *place) for place in places}
    canvas = drawn(frame)
    layout = layout_of(frame, frame.backprop, *SIZE)
    edge, node = layout.edge(2, 0, 1), layout.node(1, 2)
    assert edge is not None
    assert node is not None
    assert canvas.chars[edge[1][1], edge[1][0]] == "*"
    assert "*" in "".join(canvas.chars[node.y + layout.rows])


@pytest.mark.parametrize(
    "experiment",
    [
        {"hidden": ()},
        {"hidden": (64, 64)},
        {"hidden": (1000,)},
        {"dataset": "mtcars", "hidden": (8, 8)},
        {"dataset": "sine", "hidden": (8,), "bias": False},
        {"hidden": (3,) * 6, "skips": ((1, 3), (2, 6))},
    ],
)
def test_the_component_is_in_sight_in_every_network_at_every_size(experiment: dict[str, Any]):
    session = Session(replace(SMALL, **experiment))
    microsteps = session.microscope.taken_apart(session.trainer).microsteps
    sizes = session.prepared.network.sizes
    for at in range(len(microsteps)):
        session.microscope.go_to(at)
        unit, of = sizes[microsteps[at].layer] - 1, sizes[microsteps[at].layer - 1] - 1
        session.microscope.choose(microsteps[at].layer, unit, of)
        frame = framed(session, "backprop")
        for size in ((64, 20), (36, 9), (118, 36), (20, 3)):
            lines = drawn(frame, size, ASCII).text_lines()
            assert [len(line) for line in lines] == [size[0]] * size[1]
            assert all(" " <= char <= "~" for char in "".join(lines))
            assert frame.backprop is not None
            layout = layout_of(frame, frame.backprop, *size)
            assert set(path_of(frame.backprop).own) & {
                (column.layer, node.unit) for column in layout.columns for node in column.nodes
            }


def test_a_diverged_network_is_drawn_as_it_is():
    session = Session(Experiment(dataset="reg-plane", hidden=(2,), learning_rate=1e6))
    session.time.step(200)
    assert session.trainer.divergence
    frame = framed(session, "backprop")
    assert frame.backprop is None
    with np.errstate(all="ignore"):
        drawn(frame)


def test_moving_asks_for_another_component(monkeypatch: pytest.MonkeyPatch):
    pane = BackpropNetworkPane()
    pane.view = frame_at("delta", 1)
    messages = posted(pane, monkeypatch)
    pane.move(0, 1)
    (message,) = messages
    assert isinstance(message, BackpropNetworkPane.ComponentMoved)
    assert (message.dx, message.dy) == (0, 1)


def test_the_legend_names_the_numbers_on_edges_where_edges_have_room_for_them():
    session = Session(Experiment(dataset="circle", hidden=(3,) * 5))
    for kind, name in (("z", "w"), ("delta", "w"), ("gradient", "∂C/∂w")):
        while current_microstep(session).kind != kind:
            session.microstep(1)
        frame = framed(session, "backprop")
        for width, has_room in ((66, False), (116, True)):
            canvas = Canvas(width, 24, DARK, UNICODE)
            draw_backprop(canvas, frame, frame.backprop)
            words = canvas.text_lines()[-1]
            assert (f"edge{'s' if name == 'w' else ''} {name}" in words) == has_room
            assert ("on lit edge" in words or "on the lit edge" in words) == has_room


def test_of_more_inputs_than_fit_those_of_the_largest_terms_are_shown():
    session = Session(built_in("mtcars"))
    session.time.step(20)
    session.microscope.go_to(0)  # z⁽¹⁾
    for example in range(0, 30, 6):
        session.selection.select_example(example)
        frame = framed(session, "backprop")
        x, w = frame.shown.forward.a[0][0], frame.network.weights[0][0]
        layout = layout_of(frame, frame.backprop, 42, 8)
        inputs = layout.units(0)
        assert 0 < len(inputs) < len(x)
        largest = np.argsort(-np.abs(w * x), kind="stable")[: len(inputs)]
        assert inputs == sorted(largest.tolist())
        rest = f"+ {len(x) - len(inputs)} more"
        assert any(rest in line for line in drawn(frame, (42, 8)).text_lines())


@pytest.mark.parametrize("kind", ["z", "delta"])
def test_of_a_wide_layer_the_units_of_the_largest_terms_are_shown(kind):
    frame = frame_at(kind, 2 if kind == "z" else 1, hidden=(12, 12))
    W, shown = frame.network.weights[1], frame.shown
    other = 1 if kind == "z" else 2
    terms = W[0] * shown.forward.a[1][0] if kind == "z" else W[:, 0] * shown.deltas[1][0]
    units = layout_of(frame, frame.backprop, 64, 14).units(other)
    assert 0 < len(units) < 12
    assert np.abs(terms)[units].min() >= np.delete(np.abs(terms), units).max()
