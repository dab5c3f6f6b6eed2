"""Pictures beside the equation: points lie on their curves, slopes are derivatives, and what is
to be guessed is in none of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from frames import framed

from engine import Experiment, Network, Trainer, backpropagate
from engine.explain import Example, Quantity, explain
from engine.network.activations import ACTIVATIONS
from engine.training.microsteps import MicroStep
from tui.drawing.canvas import Canvas
from tui.drawing.colours.oklab import contrast
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK, LIGHT, Palette
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.network import draw_backprop, layout_of
from tui.panes.backprop.pictures.bars import Bars
from tui.panes.backprop.pictures.choice import picture_of
from tui.panes.backprop.pictures.curve import FunctionPicture
from tui.panes.backprop.pictures.moves import Moves
from tui.panes.backprop.pictures.placing import draw_with_picture, picture_cells
from tui.panes.explanation.layout import draw_explanation
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState
from tui.session.session import Session

SIZE = (40, 13)
H = 1e-6
LOSSES = [
    ("identity", "quadratic"),
    ("tanh", "half_quadratic"),
    ("sigmoid", "binary_cross_entropy"),
    ("probit", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("exp", "poisson"),
    ("softplus", "poisson"),
    ("reciprocal", "gamma"),
    ("exp", "gamma"),
]


def facts_of(
    kind: str, layer: int, unit: int = 1, of: int | None = 0, **settings: Any
) -> BackpropFacts:
    """Facts of a micro-step of a small network on made numbers."""
    activation, output = settings.pop("activation", "tanh"), settings.pop("output", "identity")
    loss, batch = settings.pop("loss", "quadratic"), settings.pop("batch", False)
    k = 3 if output == "softmax" else 1
    rng = np.random.default_rng(3)
    network = Network([2, 4, k], activation, output, seed=2)
    if output == "reciprocal":  # means are positive where z is
        network = Network.from_arrays(
            [network.weights[0], np.abs(network.weights[1])], [np.zeros(4), np.ones(1)],
            activation="sigmoid", output=output,
        )  # fmt: skip
    X = rng.normal(size=(5, 2))
    Y = np.eye(3)[[0, 1, 2, 1, 0]] if k == 3 else np.array([[1.0], [0.0], [1.0], [1.0], [0.0]])
    if loss == "gamma":
        Y = Y + 0.5
    trainer = Trainer.from_arrays(network, X, Y, loss=loss, batch_size=5, **settings)
    step = trainer.take_apart()
    one = Example(1, backpropagate(step.network, X[:1], Y[:1], loss), Y[0])
    example = None if batch else one
    at = step.microsteps.index(MicroStep(kind, layer))  # type: ignore[arg-type]
    explanation = explain(step, Quantity(kind, layer, unit, of), example)  # type: ignore[arg-type]
    component = (unit, of if kind == "update" else None)
    return BackpropFacts(step, at, example, True, component, explanation, None, None)


def curve_of(*args: Any, **settings: Any) -> tuple[BackpropFacts, FunctionPicture]:
    facts = facts_of(*args, **settings)
    picture = picture_of(facts, UNICODE)
    assert isinstance(picture, FunctionPicture)
    return facts, picture


def hidden(facts: BackpropFacts) -> BackpropFacts:
    return facts._replace(revealed=frozenset())


def drawn(picture: Any, size: tuple[int, int] = SIZE) -> Canvas:
    canvas = Canvas(*size, DARK)
    picture.draw(canvas)
    return canvas


@pytest.mark.parametrize(
    ("activation", "kind"),
    [
        *((name, "a") for name in ACTIVATIONS),
        *((name, "delta") for name in ("relu", "tanh", "sin")),
    ],
)
def test_the_points_of_all_units_lie_on_sigma_and_the_tangent_has_its_slope(
    activation: str, kind: str
) -> None:
    facts, curve = curve_of(kind, 1, activation=activation)
    assert facts.example is not None
    X = facts.example.backward.forward.a[0]
    forward = facts.step.network.forward(X)
    z, a = forward.z[0][0], forward.a[1][0]
    assert [(p.x, p.y, p.label) for p in curve.points] == [
        (z[j], a[j], str(j + 1)) for j in range(4)
    ]
    sigma = ACTIVATIONS[activation]
    up, down = sigma(np.array([z[1] + H])), sigma(np.array([z[1] - H]))
    slope = float((up - down)[0] / (2 * H))
    assert curve.slope == pytest.approx(slope, abs=1e-6)
    ends = curve.tangent(curve.grid(*SIZE))
    assert ends is not None
    x0, y0, x1, y1 = ends
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-6)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((z[1], a[1]))


@pytest.mark.parametrize("size", [(30, 7), SIZE, (60, 22)])
@pytest.mark.parametrize("activation", ["relu", "tanh", "identity", "sin"])
def test_the_selected_point_is_drawn_where_z_and_a_are(
    activation: str, size: tuple[int, int]
) -> None:
    _, curve = curve_of("a", 1, activation=activation)
    canvas, point = drawn(curve, size), curve.points[1]
    rows, columns = np.nonzero((canvas.chars == "●") & canvas.bold)
    assert len(rows) == 1
    assert columns[0] == int((point.x - curve.low) / (curve.high - curve.low) * size[0])
    # the curve is beside the point: between its heights at the sides of the cells around
    beside = canvas.chars[max(0, rows[0] - 2) : rows[0] + 3, columns[0] - 1 : columns[0] + 2]
    assert any("\u2800" < char <= "\u28ff" or char in "●" for char in beside.ravel())
    # the axis of z is the row of a = 0, as far above or below the point as a is
    axis = next(y for y in range(size[1]) if "┄┄" in canvas.text_lines()[y] or y == size[1] - 1)
    if abs(point.y) > 0.3:
        assert (rows[0] < axis) == (point.y > 0.0)


def test_where_relu_is_off_it_says_that_none_passes_and_where_it_is_on_that_all_does() -> None:
    said = set()
    for unit in range(4):
        facts, curve = curve_of("a", 1, unit, activation="relu")
        assert facts.example is not None
        z = facts.example.backward.forward.z[0][0, unit]
        text = curve.sentences[0]
        assert ("all of the error passes" in text) == (z > 0.0)
        assert ("none of the error passes" in text) == (z <= 0.0)
        said.add(text)
    assert len(said) == 2
    for activation in ("tanh", "sigmoid", "gelu"):
        assert "passes" not in curve_of("a", 1, activation=activation)[1].sentences[0]


@pytest.mark.parametrize(("output", "loss"), LOSSES)
def test_the_cost_of_an_output_is_least_at_its_target_and_its_slope_is_the_gradient(
    output: str, loss: str
) -> None:
    facts, curve = curve_of("example_cost", 2, output=output, loss=loss)
    example = facts.example
    assert example is not None
    assert curve.target is not None
    (point,) = curve.points
    assert point.y == pytest.approx(example.backward.example_losses[0])  # all of C_x
    x = np.linspace(curve.low, curve.high, 4003)[1:-1]
    with np.errstate(all="ignore"):
        least = x[np.argmin(curve.function(x))]
        near = curve.function(np.array([point.x - H, point.x + H]))
    assert least == pytest.approx(curve.target[0], abs=(curve.high - curve.low) / 1000)
    assert curve.slope == pytest.approx((near[1] - near[0]) / (2 * H), rel=1e-5, abs=1e-6)
    canvas = drawn(curve)
    at = int(np.clip((curve.target[0] - curve.low) / (curve.high - curve.low) * SIZE[0], 0, 39))
    assert "▴" in canvas.chars[:, at]
    assert ("a larger" in curve.sentences[0]) == (curve.slope is not None and curve.slope < 0.0)


def test_of_several_outputs_the_one_with_the_largest_part_of_the_cost_is_drawn() -> None:
    facts, curve = curve_of("example_cost", 2, output="softmax", loss="quadratic")
    assert facts.example is not None
    a, y = facts.example.backward.forward.a[-1][0], facts.example.target
    k = int(np.argmax((a - y) ** 2))
    assert curve.x_name == f"a⁽²⁾{'₁₂₃'[k]}"
    assert curve.points[0].x == a[k]
    assert "largest part of C_x" in curve.sentences[0]


@pytest.mark.parametrize(("output", "loss"), [*LOSSES, ("softmax", "quadratic")])
def test_at_the_output_delta_is_the_slope_of_the_cost_over_z(output: str, loss: str) -> None:
    facts, curve = curve_of("delta", 2, 0, output=output, loss=loss)
    assert facts.example is not None
    (point,) = curve.points
    backward = facts.example.backward
    assert (point.x, point.y) == (backward.forward.z[-1][0, 0], backward.example_losses[0])
    assert curve.function(np.array([point.x]))[0] == pytest.approx(point.y)
    near = curve.function(np.array([point.x - H, point.x + H]))
    assert curve.slope == backward.deltas[-1][0, 0]
    assert curve.slope == pytest.approx((near[1] - near[0]) / (2 * H), rel=1e-4, abs=1e-6)


def test_softmax_has_no_curve_but_the_shares_of_its_outputs() -> None:
    facts = facts_of("a", 2, 1, output="softmax", loss="cross_entropy")
    bars = picture_of(facts, UNICODE)
    assert isinstance(bars, Bars)
    assert facts.example is not None
    assert bars.values == facts.example.backward.forward.a[-1][0].tolist()
    assert sum(v for v in bars.values if v is not None) == pytest.approx(1.0)
    lengths = [line.count("━") + line.count("╸") / 2 for line in drawn(bars).text_lines()[:3]]
    assert np.argmax(lengths) == np.argmax(np.array(bars.values))


def test_of_a_batch_every_example_has_its_point_and_no_slope_is_claimed() -> None:
    facts, curve = curve_of("a", 1, batch=True)
    z, a = facts.step.batch.forward.z[0], facts.step.batch.forward.a[1]
    assert [(p.x, p.y) for p in curve.points] == [*zip(z[:, 1], a[:, 1], strict=True)]
    assert curve.slope is None
    assert picture_of(facts_of("delta", 1, batch=True), UNICODE) is None
    bars = picture_of(facts_of("cost", 2, 0), UNICODE)
    assert isinstance(bars, Bars)
    assert np.mean([v for v in bars.values if v is not None]) == pytest.approx(
        facts.step.batch.loss
    )


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_arrow_of_each_weight_goes_where_the_weight_goes(optimizer: str) -> None:
    facts = facts_of("update", 1, optimizer=optimizer)
    moves = picture_of(facts, UNICODE)
    assert isinstance(moves, Moves)
    W = facts.step.network.weights[0][1].tolist()
    assert moves.old == [*W, facts.step.network.biases[0][1]]
    lengths = []
    for line, move in zip(drawn(moves).text_lines()[1:], moves.moves(), strict=False):
        assert move
        assert ("▸" in line) == (move > 0.0)
        assert ("◂" in line) == (move < 0.0)
        lengths.append((abs(move), line.count("━")))
    assert [n for _, n in sorted(lengths)] == sorted(n for _, n in lengths)


HIDDEN: list[tuple[str, int, dict[str, Any]]] = [
    ("a", 1, {}),
    ("a", 1, {"batch": True}),
    ("a", 2, {"output": "softmax", "loss": "cross_entropy"}),
    ("example_cost", 2, {}),
    ("delta", 1, {"activation": "relu"}),
    ("delta", 2, {}),
    ("update", 1, {"optimizer": "adam"}),
]


@pytest.mark.parametrize(("kind", "layer", "settings"), HIDDEN)
def test_what_is_to_be_guessed_is_not_in_the_picture(
    kind: str, layer: int, settings: dict[str, Any]
) -> None:
    facts = facts_of(kind, layer, 0, **settings)
    shown, guessed = (picture_of(f, UNICODE) for f in (facts, hidden(facts)))
    text = "\n".join(drawn(guessed).text_lines())
    if isinstance(guessed, FunctionPicture):
        assert isinstance(shown, FunctionPicture)
        assert shown.points
        assert guessed.slope is None
        assert not guessed.sentences
        if kind != "delta" or layer == 2:  # a and z of hidden units are known when δ is asked for
            assert not guessed.points
            assert "●" not in text and "•" not in text
    elif isinstance(guessed, Bars):
        assert set(guessed.values) == {None}
        assert "━" not in text
    else:
        assert isinstance(guessed, Moves)
        assert set(guessed.new) == {None}
        assert not {"━", "▸", "◂"} & set(text)
    assert text != "\n".join(drawn(shown).text_lines())


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_gradients_have_grounds_by_sign_and_size_on_which_they_can_be_read(
    palette: Palette,
) -> None:
    facts = facts_of("gradient", 1)
    canvas = Canvas(116, 14, palette)
    draw_explanation(canvas, facts.explanation, ALL_VISIBLE)
    filled = ~np.isin(canvas.ground, [palette.bg, palette.sel])
    assert filled.any()
    text = canvas.chars[filled & (canvas.chars != " ")]
    assert len(text) >= 4 * len("−0.001") - 4
    for ground in np.unique(canvas.ground[filled]).tolist():
        assert contrast(palette.hi, ground) >= 4.5
        red, blue = ground >> 16, ground & 255
        signs = canvas.chars[(canvas.ground == ground) & np.isin(canvas.chars, ["+", "−"])]
        leading = "".join(signs).replace("e−", "")
        assert ("+" in leading) == (red > blue)
    for colourless in (
        Canvas(116, 14, palette, colour=False),
        Canvas(116, 14, palette),
    ):
        state = ALL_VISIBLE if not colourless.colour else ViewState(True, ())
        draw_explanation(colourless, facts.explanation, state)
        assert np.isin(colourless.ground, [palette.bg, palette.sel]).all()


@pytest.mark.parametrize("kind", ["a", "example_cost", "delta", "update", "gradient", "z"])
def test_a_picture_takes_no_number_from_the_equation(kind: str) -> None:
    layer = 2 if kind == "example_cost" else 1
    facts = facts_of(kind, layer, 0, activation="relu", optimizer="adam")
    for size in ((98, 13), (116, 14)):
        for glyphs in (UNICODE,):
            alone, both = Canvas(*size, DARK, glyphs), Canvas(*size, DARK, glyphs)
            whole = draw_explanation(alone, facts.explanation, ALL_VISIBLE)
            draw_with_picture(both, facts, ALL_VISIBLE)
            if whole and kind not in ("a", "example_cost"):
                again = Canvas(size[0] - picture_cells(*size) - 3, size[1], DARK, glyphs)
                if (both.chars != alone.chars).any():
                    assert draw_explanation(again, facts.explanation, ALL_VISIBLE)
            sign = "" if kind == "example_cost" else "+"
            value = f"{facts.explanation.symbol.value:{sign}.3f}".replace("-", glyphs.text("−"))
            assert value in "\n".join(both.text_lines()) or facts.explanation.symbol.value == 0.0


def test_there_is_a_picture_of_an_activation_on_a_screen_of_80_columns() -> None:
    for size in ((78, 12), (98, 10), (116, 14), (196, 22)):
        canvas = Canvas(*size, DARK)
        draw_with_picture(canvas, facts_of("a", 1, activation="relu"), ALL_VISIBLE)
        text = "\n".join(canvas.text_lines())
        assert "●" in text
        assert "σ′ = " in text


def test_no_numbers_and_no_size_stop_a_picture_from_being_drawn() -> None:
    facts = facts_of("a", 1)
    for size in ((1, 1), (3, 2), (30, 6), (240, 70)):
        picture = picture_of(facts, ASCII)
        assert picture is not None
        canvas = Canvas(*size, DARK, ASCII)
        picture.draw(canvas)
        assert "\n".join(canvas.text_lines()).isascii()
    example = facts.example
    assert example is not None
    forward = example.backward.forward
    broken = replace(forward, z=(forward.z[0] * np.inf, *forward.z[1:]))
    example = replace(example, backward=replace(example.backward, forward=broken))
    assert picture_of(facts._replace(example=example), UNICODE) is None


# the network


def session_at(kind: str, layer: int, **settings: Any) -> Session:
    session = Session(Experiment(**{"dataset": "circle", "hidden": (4, 3), **settings}))
    session.time.step(20)
    microsteps = session.microscope.taken_apart(session.trainer).microsteps
    at = next(i for i, m in enumerate(microsteps) if (m.kind, m.layer) == (kind, layer))
    session.microscope.go_to(at)
    return session


@pytest.mark.parametrize(("kind", "layer"), [("delta", 2), ("delta", 1), ("gradient", 2), ("z", 3)])
def test_an_arrow_points_up_where_delta_is_negative_and_stands_where_it_is_known(
    kind: str, layer: int
) -> None:
    frame = framed(session_at(kind, layer), "backprop")
    facts = frame.backprop
    assert facts is not None
    canvas = Canvas(64, 20, DARK)
    draw_backprop(canvas, frame, facts)
    layout, rows, sizes = layout_of(frame, facts, 64, 20), canvas.text_lines(), []
    for column in layout.columns:
        for node in column.nodes:
            x = layout.caption_x(column, 6)
            before = rows[layout.number_y(column, node)][x - 2 : x]
            known = kind != "z" and column.layer >= layer
            delta = float(frame.shown.deltas[column.layer - 1][0, node.unit]) if known else 0.0
            assert bool(set(before) & set("▴▲")) == (delta < 0.0)
            assert bool(set(before) & set("▾▼")) == (delta > 0.0)
            if delta:
                sizes.append((abs(delta), ("▴▾".find(before[1]) < 0) + (before[0] in "▲▼")))
    assert [size for _, size in sorted(sizes)] == sorted(size for _, size in sizes)
    asked = Canvas(64, 20, DARK)
    draw_backprop(asked, frame, facts._replace(revealed=frozenset()))
    if kind == "delta":
        column = next(column for column in layout.columns if column.layer == layer)
        for node in column.nodes:
            x, y = layout.caption_x(column, 6), layout.number_y(column, node)
            assert not set(asked.text_lines()[y][x - 2 : x]) & set("▴▲▾▼")
    assert ("▲ a larger z would lower C_x" in rows[-1]) == (kind != "z")


@pytest.mark.parametrize("size", [(28, 5), (64, 20)])
@pytest.mark.parametrize("hidden_layers", [(4, 3), (3,) * 6])
def test_the_layers_that_a_micro_step_is_about_are_in_sight(
    size: tuple[int, int], hidden_layers: tuple[int, ...]
) -> None:
    session = session_at("z", 1, hidden=hidden_layers)
    last = len(hidden_layers) + 1
    for at, microstep in enumerate(session.microscope.taken_apart(session.trainer).microsteps):
        session.microscope.go_to(at)
        frame = framed(session, "backprop")
        assert frame.backprop is not None
        shown = {column.layer for column in layout_of(frame, frame.backprop, *size).columns}
        layer = microstep.layer
        before = {layer - 1} if microstep.kind not in ("a", "example_cost", "cost") else set()
        needed = {layer, layer + 1} if microstep.kind == "delta" and layer < last else {layer}
        assert needed | (before if microstep.kind != "delta" else set()) <= shown
