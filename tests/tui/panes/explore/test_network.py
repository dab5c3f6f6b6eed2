"""The network pane: where units stand, what their pictures and edges say, and in what colours."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import screen
from frames import framed, keyed
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Network
from tui.drawing.braille import BRAILLE, BRAILLE_BITS
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.network_layout import Layer, laid_out
from tui.drawing.numbers import num
from tui.drawing.palette import DARK, LIGHT, Palette
from tui.drawing.text_lines import DOT, on_one_line
from tui.model.frame import Frame
from tui.panes.explore.network import NetworkPane, draw_network, layout_of
from tui.session.session import Session

WIDE, NARROW = (56, 19), (40, 10)  # the pane's content on screens of 120 × 40 and of 80 × 24


def frame_of(network: Network | None = None, **settings: object) -> Frame:
    """A frame of step 0; with ``network``, of that one instead, on its first example."""
    frame = framed(Session(Experiment(**settings)))  # type: ignore[arg-type]
    if network is None:
        return frame
    prepared = replace(frame.prepared, inputs=frame.data.X, targets=frame.data.Y)
    output = (len(network.sizes) - 1, 0)
    return replace(frame, network=network, prepared=prepared, unit=output, unit_lit=True, example=0)


def drawn(
    frame: Frame,
    size: tuple[int, int] = WIDE,
    focused: bool = False,
    palette: Palette = DARK,
    glyphs: Glyphs = UNICODE,
    colour: bool = True,
) -> Canvas:
    canvas = Canvas(*size, palette, glyphs, colour)
    draw_network(canvas, frame, focused)
    return canvas


def text(canvas: Canvas) -> str:
    return "\n".join(canvas.text_lines())


def dots(canvas: Canvas) -> np.ndarray:
    """(height, width): how many braille dots each cell has."""
    codes = np.vectorize(ord)(canvas.chars) - 0x2800
    return np.where(
        (codes > 0) & (codes < 256), np.vectorize(lambda c: (c & 255).bit_count())(codes), 0
    )


def line_network(*weights: float) -> Network:
    return Network.from_arrays([np.array([weights])], [[0.0]])


# where units stand


@settings(max_examples=300)
@given(
    st.lists(st.integers(1, 70), min_size=2, max_size=10),
    st.integers(24, 160),
    st.integers(7, 60),
    st.data(),
)
def test_units_fit_without_overlap_and_none_is_lost(
    sizes: Sequence[int], width: int, height: int, data: st.DataObject
) -> None:
    layer = data.draw(st.integers(0, len(sizes) - 1))
    selected = (layer, data.draw(st.integers(0, sizes[layer] - 1)))
    layers = [Layer(n, data.draw(st.booleans()), data.draw(st.integers(1, 2))) for n in sizes]
    layout = laid_out(layers, selected, width, height)

    owner = np.full((height, width), "", dtype=object)
    for column in layout.columns:
        clicked: list[tuple[int, int] | None] = [None] * height
        assert column.above + len(column.nodes) + column.below == sizes[column.layer]
        for node in column.nodes:
            cells = np.s_[node.y : node.y + layout.rows, node.x : node.x + layout.size]
            assert owner[cells].shape == (layout.rows, layout.size), "outside the pane"
            assert node.y >= 1, "on the heads"
            assert not owner[cells].any(), "on another unit"
            owner[cells] = f"{column.layer} {node.unit}"
            rows = [layout.number_y(column, node) + i for i in range(column.numbers)]
            rows += [layout.name_y(column, node)] * column.named
            others = [n for n in column.nodes if n != node]
            for y in rows:
                assert 1 <= y < height - 2 * layout.legend
                assert not any(n.y <= y < n.y + layout.rows for n in others), "caption on a unit"
            for y in (*range(node.y, node.y + layout.rows), *rows):
                clicked[y] = column.layer, node.unit
        assert [layout.at(column.x, y) for y in range(height)] == clicked
    assert layout.before + len(layout.columns) + layout.after == len(sizes)
    assert f"{selected[0]} {selected[1]}" in owner, "the selected unit is shown"


@pytest.mark.parametrize(
    ("size", "pixels", "numbers"), [((56, 19), 6, 1), ((40, 10), 4, 0), ((78, 27), 10, 1)]
)
def test_thumbnails_of_2_4_3_1_have_the_sizes_of_the_screens(
    size: tuple[int, int], pixels: int, numbers: int
) -> None:
    layout = layout_of(frame_of(hidden=(4, 3)), *size)
    assert layout.size == pixels
    assert layout.columns[1].numbers == numbers
    assert all(column.above == column.below == 0 for column in layout.columns)


def test_edges_end_on_the_sides_of_their_units_in_the_order_of_the_units_they_go_to() -> None:
    layout = layout_of(frame_of(hidden=(4, 3)), *WIDE)
    before, after = layout.gaps[1]
    starts, ends = (points.reshape(3, 4, 2) for points in layout.ends(before, after))
    for j, node in enumerate(before.nodes):
        heights = starts[:, j, 1]
        assert (np.diff(heights) > 1).all()
        assert 4 * node.y <= heights[0]
        assert heights[-1] < 4 * (node.y + layout.rows)
    for i, node in enumerate(after.nodes):
        assert (np.diff(ends[i, :, 1]) > 0).all()
        assert 4 * node.y <= ends[i, 0, 1]
    assert (starts[..., 0] == 2 * (before.x + layout.size)).all()
    assert (ends[..., 0] < 2 * after.x).all()


def test_what_does_not_fit_is_counted_on_the_screen() -> None:
    frame = replace(frame_of(hidden=(16,)), unit=(1, 9), unit_lit=True)
    column = layout_of(frame, *WIDE).columns[1]
    assert column.above > 0
    assert column.below > 0
    shown = text(drawn(frame))
    assert f"+ {column.above} more" in shown
    assert f"+ {column.below} more" in shown
    deep = replace(frame_of(hidden=(3,) * 8), unit=(5, 0), unit_lit=True)
    layout = layout_of(deep, *NARROW)
    lines = drawn(deep, NARROW).text_lines()
    assert lines[5].startswith(f"+ {layout.before}")
    assert lines[5].rstrip().endswith(f"+ {layout.after}")


# what stands at the units


def test_numbers_are_the_example_s_activations_worked_out_by_hand() -> None:
    W1, b1, W2 = np.array([[0.5, -0.25], [-1.0, 0.0]]), np.array([0.1, 0.2]), np.array([[2.0, 3.0]])
    frame = frame_of(Network.from_arrays([W1, W2], [b1, [-0.5]]))
    x = frame.data.X[0]
    a1 = [max(0.0, 0.5 * x[0] - 0.25 * x[1] + 0.1), max(0.0, -x[0] + 0.2)]
    y_hat = 2 * a1[0] + 3 * a1[1] - 0.5
    shown = text(drawn(frame))
    for value in (*x, *a1, y_hat):
        assert num(value) in shown


def test_scaled_inputs_are_shown_in_their_own_units_and_as_the_network_sees_them() -> None:
    frame = frame_of(dataset="mtcars", features=("wt", "hp"), hidden=(3,))
    # R, mtcars: the Mazda RX4 weighs 2.620 (1000 lb) and has 110 horse power
    assert frame.data.row_names is not None
    frame = replace(frame, example=frame.data.row_names.index("Mazda RX4"))
    shown = text(drawn(frame))
    X = frame.data.X
    for name, raw, j in (("wt", 2.62, 0), ("hp", 110.0, 1)):
        assert name in shown
        assert num(raw) in shown
        assert num((frame.data.X[frame.example, j] - X[:, j].mean()) / X[:, j].std()) in shown
    assert num(frame.prediction[0]) in shown


def test_in_batch_mode_the_inputs_are_the_means_of_the_next_batch() -> None:
    session = Session(Experiment(hidden=(2,), batch_size=7))
    session.selection.batch_mode = True
    frame = framed(session)
    rows = session.prepared.dataset.train[session.trainer.next_rows()]
    shown = text(drawn(frame))
    for mean in frame.data.X[rows].mean(axis=0):
        assert num(mean) in shown


def test_ten_named_inputs_keep_their_names_beside_them() -> None:
    frame = frame_of(dataset="mtcars", hidden=())
    shown = text(drawn(frame, (78, 27)))
    for name in ("cyl", "disp", "hp", "drat", "wt", "qsec", "vs", "am", "gear", "carb"):
        assert name in shown


# pictures and colours


def test_thumbnails_show_the_map_the_right_way_up() -> None:
    frame = frame_of(line_network(1.0, 0.0))
    canvas = drawn(frame)
    first, second = layout_of(frame, *WIDE).columns[0].nodes
    size = layout_of(frame, *WIDE).size
    left, right = (int(canvas.ink[first.y, first.x + i]) for i in (0, size - 1))
    assert blueness(left) > 50
    assert blueness(right) < -50
    top = int(canvas.ink[second.y, second.x])
    bottom = int(canvas.ground[second.y + size // 2 - 1, second.x])
    assert blueness(bottom) > 50
    assert blueness(top) < -50


def test_a_dead_unit_is_a_flat_picture_that_still_has_an_edge() -> None:
    W1, b1 = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, -1000.0])
    frame = frame_of(Network.from_arrays([W1, [[1.0, 1.0]]], [b1, [0.0]]))
    canvas, layout = drawn(frame), layout_of(frame, *WIDE)
    dead = layout.columns[1].nodes[1]
    cells = np.s_[dead.y : dead.y + layout.rows, dead.x : dead.x + layout.size]
    assert (canvas.ink[cells] == DARK.sel).all()
    assert (canvas.ground[cells] == DARK.sel).all()


def test_edges_are_orange_or_blue_by_sign_and_thicker_by_size() -> None:
    counted = []
    for weight in (0.05, 0.2, 0.5, 0.9):
        frame = frame_of(line_network(weight, 1.0))
        counted.append(int(dots(drawn(frame)).sum()))
    assert counted == sorted(set(counted))

    for sign in (1.0, -1.0):
        canvas = drawn(frame_of(line_network(sign, 0.9 * sign)))
        edge_cells = dots(canvas) > 0
        edge_cells[-1] = False  # the legend has both
        hues = {int(np.sign(blueness(int(ink)))) for ink in canvas.ink[edge_cells]}
        assert hues == {-int(sign)}


@pytest.mark.parametrize("focused", [False, True])
def test_where_edges_cross_the_stronger_owns_the_cells_but_a_lit_one_before_any(
    focused: bool,
) -> None:
    strong, weak, none = 1.0, -0.4, np.nan

    def crossing(falling: float, rising: float) -> Canvas:
        W = [[none, rising], [falling, none]]
        frame = replace(
            frame_of(Network.from_arrays([W, [[1.0, 1.0]]])), unit=(0, 0), unit_lit=True
        )
        return drawn(frame, focused=focused)

    winner = crossing(weak, none) if focused else crossing(none, strong)
    both = crossing(weak, strong)
    its = dots(winner)[:-1, :30] > 0  # left of the last layer's edges
    assert (dots(both)[:-1, :30] > 0).sum() > its.sum() > 0
    assert (both.ink[:-1, :30][its] == winner.ink[:-1, :30][its]).all()


def test_with_the_focus_only_the_selected_unit_s_weights_are_lit() -> None:
    frame = replace(frame_of(hidden=(4, 3)), unit=(2, 1), unit_lit=True)
    canvas, layout = drawn(frame, focused=True), layout_of(frame, *WIDE)
    braille = dots(canvas) > 0
    braille[-1] = False
    inks = set(canvas.ink[braille].tolist())
    assert inks <= {DARK.line, DARK.negative, DARK.positive}
    assert DARK.line in inks
    gaps = [(b.x + layout.size, a.x) for b, a in layout.gaps]
    lit = [(braille & (canvas.ink != DARK.line))[:, a:b].any() for a, b in gaps]
    assert lit == [False, True, True]
    assert set(drawn(frame).ink[braille].tolist()).isdisjoint({DARK.negative, DARK.positive})


def test_the_selected_unit_is_in_brackets_and_its_number_is_bold() -> None:
    frame = replace(frame_of(hidden=(4, 3)), unit=(1, 2), unit_lit=True)
    canvas, layout = drawn(frame), layout_of(frame, *WIDE)
    node = layout.columns[1].nodes[2]
    assert canvas.chars[node.y, node.x - 1] == "┌"
    assert canvas.chars[node.y + layout.rows - 1, node.x + layout.size] == "┘"
    bold_rows = set(np.flatnonzero(canvas.bold[1:].any(axis=1)) + 1)
    assert bold_rows == set(range(node.y, node.y + layout.rows + 1))


def test_a_selected_weight_is_lit_alone_with_its_value_at_its_end() -> None:
    selected = replace(frame_of(hidden=(4, 3)), unit=(2, 1), unit_lit=True, weight=2)
    layout = layout_of(selected, *WIDE)
    edge, node = layout.edge(2, 1, 2), layout.node(2, 1)
    assert edge is not None
    assert node is not None
    canvas, value = drawn(selected, focused=True), selected.network.weights[1][1, 2]
    inks = set(canvas.ink[:-1][dots(canvas)[:-1] > 0].tolist())
    assert inks == {DARK.line, DARK.positive if value > 0 else DARK.negative}
    assert "".join(canvas.chars[edge[1][1], node.x - 7 : node.x - 1]) == num(value)
    assert (
        keyed(NetworkPane()).titles(selected)[1] == f"w⁽²⁾₂₃ = {num(value)} · e edits · f freezes"
    )

    bias = replace(selected, weight=4)
    canvas = drawn(bias, focused=True)
    assert set(canvas.ink[:-1][dots(canvas)[:-1] > 0].tolist()) == {DARK.line}
    assert num(bias.network.biases[1][1]) in text(canvas)
    assert keyed(NetworkPane()).titles(bias)[1].startswith("b⁽²⁾₂ = ")


def test_what_is_frozen_is_marked_whether_selected_or_not() -> None:
    session = Session(Experiment(hidden=(4, 3)))
    session.trainer.freeze(2, "weight", (1, 2)).freeze(1, "bias", 0)
    frame = framed(session)
    assert text(drawn(frame)).count("*") == 2
    selected = replace(frame, unit=(2, 1), unit_lit=True, weight=2)
    assert f"{num(frame.network.weights[1][1, 2])}*" in text(drawn(selected, focused=True))
    assert "frozen" in keyed(NetworkPane()).titles(selected)[1]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_skip_connections_are_dotted_lines_that_no_weight_makes(palette: Palette) -> None:
    plain, skipping = (
        frame_of(hidden=(3, 3, 3), init="zeros", skips=skips) for skips in ((), ((1, 3),))
    )
    both = [drawn(frame, palette=palette) for frame in (plain, skipping)]
    more = dots(both[1]) > dots(both[0])
    assert more.any()
    assert (both[1].ink[more] != both[0].palette.bg).all()


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_ascii_is_ascii_and_without_colour_the_sign_of_a_weight_is_still_seen(
    palette: Palette,
) -> None:
    positive, negative = frame_of(line_network(1.0, 0.5)), frame_of(line_network(-1.0, -0.5))
    for glyphs, colour in ((ASCII, True), (ASCII, False), (UNICODE, False)):
        pictures = [
            drawn(frame, glyphs=glyphs, colour=colour, palette=palette).text_lines()
            for frame in (positive, negative)
        ]
        if glyphs is ASCII:
            assert all(" " <= char <= "~" for picture in pictures for char in "".join(picture))
        edges = [[line[12:40] for line in picture[:-1]] for picture in pictures]
        assert edges[0] != edges[1]


# every network and every size


def test_a_diverged_network_draws_what_is_finite_and_says_what_is_not() -> None:
    W1 = np.array([[np.nan, 1.0], [0.5, 1.0]])
    frame = frame_of(Network.from_arrays([W1, [[np.inf, 1.0]]], [[0.0, 0.0], [0.0]]))
    canvas = drawn(frame)
    assert "nan" in text(canvas)
    assert "2 weights" in text(canvas)
    W1[0, 0] = 0.0
    whole = frame_of(Network.from_arrays([W1, [[1.0, 1.0]]], [[0.0, 0.0], [0.0]]))
    assert 0 < dots(canvas)[:-1].sum() < dots(drawn(whole))[:-1].sum()


def picture_dots(canvas: Canvas, x: int, y: int, width: int, rows: int) -> np.ndarray:
    """The dots (4 · rows, 2 · width) of an area of braille characters."""
    codes = canvas.chars[y : y + rows, x : x + width].copy().view(np.uint32) - BRAILLE
    on = (codes[..., None] & BRAILLE_BITS) > 0
    return on.reshape(rows, width, 4, 2).swapaxes(1, 2).reshape(4 * rows, 2 * width)


ONE_INPUT = Network.from_arrays(
    [[[1.0], [-0.01], [0.0]], [[1.0, -50.0, 1.0]]], [[0.0, 0.0, -1.0], [0.0]], activation="relu"
)


@pytest.mark.parametrize("size", [WIDE, NARROW, (96, 40)])
def test_a_unit_of_one_input_is_a_curve_as_high_as_its_picture_over_a_line_at_0(
    size: tuple[int, int],
) -> None:
    frame = frame_of(ONE_INPUT, dataset="line")
    canvas, layout = drawn(frame, size), layout_of(frame, *size)
    assert layout.size >= 6 and layout.size > 2 * layout.rows
    middle = np.arange(2 * layout.size) + 0.5
    rise = np.maximum(0.0, 2.0 * middle / len(middle) - 1.0)
    shapes = {0: rise, 1: rise[::-1], 2: np.zeros(len(rise))}  # from relu(x), relu(−x/100), 0
    height = 4 * layout.rows
    for node in layout.columns[1].nodes:
        on = picture_dots(canvas, node.x, node.y, layout.size, layout.rows)
        shape = shapes[node.unit] / max(shapes[node.unit].max(), 1.0)
        depths = (1.0 - shape) * (height - 1)
        for column, depth in enumerate(depths):
            rows = np.flatnonzero(on[:, column])
            assert abs(rows - depth).min() <= 1.0, "a dot at the value"
        assert on[height - 1, ::2].all(), "the line at 0"
        inks = canvas.ink[node.y : node.y + layout.rows, node.x : node.x + layout.size]
        assert (DARK.positive in inks) == (node.unit < 2)
        assert DARK.negative not in inks
    for column in (
        layout.columns[0],
        layout.columns[2],
    ):  # below 0 at the left, above it at the right
        (node,) = column.nodes
        area = canvas.ink[node.y : node.y + layout.rows, node.x : node.x + layout.size]
        for end, ink, other in (
            (area[:, :2], DARK.negative, DARK.positive),
            (area[:, -2:], DARK.positive, DARK.negative),
        ):
            assert ink in end and other not in end


@pytest.mark.parametrize(("size", "least"), [(WIDE, 8), (NARROW, 6), ((96, 30), 8)])
def test_all_units_of_one_input_are_alike_and_all_are_there(
    size: tuple[int, int], least: int
) -> None:
    frame = frame_of(dataset="sine", hidden=(8, 8))
    canvas, layout = drawn(frame, size), layout_of(frame, *size)
    assert layout.size >= least
    for column in layout.columns[1:3]:
        assert [node.unit for node in column.nodes] == [*range(8)]
        grounds = set()
        for node in column.nodes:
            area = canvas.ground[node.y : node.y + layout.rows, node.x : node.x + layout.size]
            assert DARK.bg not in area, "every unit has a ground"
            grounds.add((node.unit % 2, int(area[0, 0])))
        touching = column.nodes[1].y - column.nodes[0].y == layout.rows
        assert len({ground for _, ground in grounds}) == (2 if touching else 1)


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden": ()},
        {"hidden": (64,) * 8, "activation": "tanh"},
        {"dataset": "mtcars", "hidden": (8, 8)},
        {"dataset": "sine", "hidden": (8,)},
    ],
)
def test_every_network_can_be_drawn_at_every_size(settings: dict[str, object]) -> None:
    frame = frame_of(**settings)
    for width in (1, 7, 20, 37, 58, 118):
        for height in (1, 2, 5, 9, 19, 36):
            for glyphs in (UNICODE, ASCII):
                lines = drawn(frame, (width, height), True, glyphs=glyphs).text_lines()
                assert [len(line) for line in lines] == [width] * height


def test_moving_selects_every_unit_and_never_leaves_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pane = NetworkPane()
    pane.view = replace(frame_of(hidden=(5, 3)), unit=(1, 2), unit_lit=True)
    sizes = pane.view.network.sizes

    def select(message: object) -> bool:
        assert isinstance(message, NetworkPane.UnitSelected)
        assert pane.view is not None
        pane.view = replace(pane.view, unit=(message.layer, message.unit), unit_lit=True)
        return True

    monkeypatch.setattr(pane, "post_message", select)
    pane.move(1, 0)
    assert pane.view.unit == (2, 1), "from the middle of a layer to the middle of the next"
    seen = set()
    for dx in (*[1] * len(sizes), *[-1] * len(sizes)):
        pane.move(dx, 0)
        for dy in (*[-1] * 6, *[1] * 6):
            pane.move(0, dy)
            seen.add(pane.view.unit)
    assert seen == {(layer, unit) for layer, n in enumerate(sizes) for unit in range(n)}


def blueness(rgb: int) -> int:
    return (rgb & 255) - (rgb >> 16)


async def test_how_many_layers_and_units_do_not_fit_is_said_side_by_side():
    deep = Experiment(dataset="reg-gauss", hidden=(16,) * 6)
    async with screen.running(deep, size=(60, 20)) as (app, pilot):
        await screen.press(app, pilot, "l", "l", "l", "l", "l", "l")
        assert " more +15" in screen.text(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_selected_weight_is_named_with_its_value_at_every_size(size):
    async with screen.running(Experiment(dataset="circle", hidden=(4, 3)), size) as (app, pilot):
        await screen.press(app, pilot, "i")
        assert "w⁽³⁾₁₁ = −0.069" in screen.text(app)
        await screen.press(app, pilot, "plus", "f")
        assert "w⁽³⁾₁₁ = +0.031 * frozen" in screen.text(app)


async def test_without_a_lower_border_what_stands_there_follows_the_title():
    async with screen.running(Experiment(dataset="circle", hidden=(4, 3)), (80, 24)) as (
        app,
        pilot,
    ):
        await screen.press(app, pilot, "2", *["right"] * 12, "j", "l")
        assert (
            "∂C_x/∂W⁽²⁾ = δ⁽²⁾ a⁽¹⁾ᵀ · 1 of 4 tab · ↑↓ unit 2 of 3   h l input 2 of 4"
            in screen.text(app)
        )
        await pilot.resize_terminal(120, 40)
        await screen.settled(pilot)
        assert "∂C_x/∂W⁽²⁾ = δ⁽²⁾ a⁽¹⁾ᵀ · 1 of 4 tab ──" in screen.text(app)
        lower = [line for line in screen.text(app).splitlines() if line.startswith("╰")]
        assert "↑↓ unit 2 of 3   h l input 2 of 4" in lower[-1]


@given(st.text("ab", max_size=8), st.lists(st.text("cd", min_size=1)), st.integers(0, 40))
def test_behind_a_title_stand_as_many_parts_as_there_is_room_for(title, parts, room):
    found = on_one_line(title, DOT.join(parts), room)
    shown = next(n for n in range(len(parts) + 1) if found == DOT.join([title, *parts[:n]]))
    assert len(found) <= max(room, len(title))
    assert shown == len(parts) or len(DOT.join([found, parts[shown]])) > room


@pytest.mark.parametrize("size", [(24, 6), (44, 10), (60, 12), (100, 30), (160, 40)])
def test_the_first_look_begins_with_the_inputs_until_a_unit_is_lit(size: tuple[int, int]) -> None:
    frame = frame_of(hidden=(8,) * 8)
    layout = layout_of(replace(frame, unit=(9, 0), unit_lit=False), *size)
    assert layout.columns[0].layer == 0 and layout.before == 0
    if layout.after:
        lit = layout_of(replace(frame, unit=(9, 0), unit_lit=True), *size)
        assert lit.columns[-1].layer == 9 and lit.after == 0


@pytest.mark.parametrize("height", range(8, 20))
def test_inputs_with_the_largest_weights_are_shown_where_not_all_fit(height: int) -> None:
    frame = replace(frame_of(dataset="longley", hidden=()), unit_lit=False)
    parameters = frame.network.parameters.copy()
    parameters[:6] = (0.1, -3.0, 0.2, 0.0, 0.5, 4.0)
    frame = replace(frame, network=frame.network.with_parameters(parameters))
    layout = layout_of(frame, 40, height)
    shown = layout.columns[0].units
    assert shown == sorted((5, 1, 4, 2, 0, 3)[: len(shown)])
    assert layout.columns[0].below == 6 - len(shown)
    for unit in shown:  # each has its own edge
        (x, y), _ = layout.edge(1, 0, unit) or ((0, 0), (0, 0))
        node = layout.node(0, unit)
        assert node is not None and node.y <= y < node.y + layout.rows and x > node.x
    lit = layout_of(replace(frame, unit=(0, 3), unit_lit=True), 40, height)
    assert 3 in lit.columns[0].units


def test_thumbnails_grow_with_the_pane() -> None:
    frame = frame_of(hidden=(4, 3))
    sizes = [layout_of(frame, 3 * rows, rows).size for rows in range(8, 70)]
    assert sizes == sorted(sizes) and sizes[0] <= 4 and sizes[-1] >= 20


@pytest.mark.parametrize("size", [(38, 8), (41, 10), (46, 10)])
def test_a_name_has_the_free_columns_beside_or_above_its_picture(size: tuple[int, int]) -> None:
    lines = drawn(frame_of(dataset="longley", hidden=()), size).text_lines()
    names = frame_of(dataset="longley", hidden=()).data.feature_names
    shown = [name for name in names if any(name in line.split() for line in lines)]
    assert shown and "…" not in "".join(lines)


def test_curves_grow_with_the_pane() -> None:
    frame = frame_of(dataset="cars", hidden=())
    sizes = [layout_of(frame, 5 * rows // 2, rows).size for rows in range(8, 80)]
    assert sizes == sorted(sizes) and layout_of(frame, 102, 44).size >= 32
