"""The region map on a bare canvas: its lines, colours, numbers say what the network says."""

from colorsys import rgb_to_hsv
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from frames import frame_of, with_network, with_walk
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running, text
from textual.geometry import Offset

from engine import Network
from engine.arrays import Array
from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.grid import Grid
from tui.drawing.palette import DARK, LIGHT, Palette
from tui.experiments.library import built_in
from tui.model.frame import Frame
from tui.model.regions.colours import (
    COLOURINGS,
    PATTERN_SIGNS,
    layer_inks,
    pattern_codes,
    pattern_fills,
    rounded_up,
)
from tui.model.regions.filter import region_list
from tui.model.regions.result import Regions, TooSlow, Unknown
from tui.model.target_scale import target_of
from tui.panes.base.look import Look
from tui.panes.base.maps.lines import decision_segments, flips_at_zero
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.map_legend import meanings, title_forms

SIZE = (75, 37)  # with the legend below it the map has 68 pixels
CELLS = (slice(34), slice(3, 71))  # of the map, beside the ticks −6 … +6


def drawn(
    frame: Frame,
    size: tuple[int, int] = SIZE,
    palette: Palette = DARK,
    glyphs: Glyphs = UNICODE,
    colour: bool = True,
) -> tuple[Grid, Canvas]:
    pane, canvas = RegionMapPane(), Canvas(*size, palette, glyphs, colour)
    pane.draw(canvas, frame)
    assert pane._grid is not None
    return pane._grid, canvas


@pytest.fixture(scope="module")
def circle() -> Frame:
    frame = frame_of(dataset="circle", hidden=(8, 6), output="identity", steps=400)
    return replace(frame, cursor=np.array([-4.0, -4.5]))


@pytest.fixture(scope="module")
def halves(circle: Frame) -> Frame:
    """One unit, which turns on where x₁ > 2; ŷ = 0.6 left of that, and rises to the right."""
    network = Network.from_arrays([[[1.0, 0.0]], [[1.0]]], [[-2.0], [0.6]])
    return with_network(circle, network)


def column_of(x: float) -> int:
    return 3 + int((x + 6.0) / 12.0 * 68)


def row_of(y: float) -> int:
    return int((6.0 - y) / 12.0 * 34)


# colours


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_one_units_flip_always_changes_the_colour(units: int, seed: int) -> None:
    pattern = np.random.default_rng(seed).random(units) < 0.5
    flipped = pattern ^ np.eye(units, dtype=np.bool_)
    codes = pattern_codes(np.concatenate([pattern[None, :], flipped]))
    assert ((codes >= 0) & (codes < 16)).all()
    assert (codes[1:] != codes[0]).all()


def test_neighbours_differ_in_colour(circle: Frame) -> None:
    regions = circle.regions.map
    assert regions is not None
    patterns = regions.patterns[regions.edge_regions]
    one_unit = (patterns[:, 0] != patterns[:, 1]).sum(axis=1) == 1
    left, right = pattern_codes(regions.patterns)[regions.edge_regions].T
    assert one_unit.sum() > 50
    assert (left != right)[one_unit].all()


def test_a_region_keeps_its_colour_when_training_moves_it(halves: Frame) -> None:
    moved = with_network(halves, Network.from_arrays([[[1.1, 0.2]], [[-3.0]]], [[-2.5], [0.1]]))
    _, before = drawn(replace(halves, colour_by="region"))
    _, after = drawn(replace(moved, colour_by="region"))
    for x, y in ((-5.5, 5.5), (5.5, 5.5), (-5.5, 1.0), (5.5, 1.0)):
        cell = row_of(y), column_of(x)
        assert before.chars[cell] == after.chars[cell] == "▀"
        assert before.ink[cell] == after.ink[cell]
    assert before.ink[row_of(5.5), column_of(-5.5)] != before.ink[row_of(5.5), column_of(5.5)]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_colours_of_patterns_and_of_layers_are_all_different(palette: Palette) -> None:
    assert len(set(pattern_fills(palette).tolist()) | {palette.bg}) == 17
    assert len(set(PATTERN_SIGNS)) == 16
    assert len(set(layer_inks(palette, 4).tolist())) == 4


@given(st.floats(1e-300, 1e300))
def test_the_end_of_a_scale_is_round_and_not_below_what_it_must_show(largest: float) -> None:
    end = rounded_up(largest)
    assert largest <= end <= 2.6 * largest
    assert f"{end:.0e}"[0] in "125"


def test_a_pixel_has_the_colour_of_what_the_map_is_coloured_by(circle: Frame) -> None:
    listed = region_list(circle)
    assert listed is not None
    regions, grid = listed.map, drawn(circle)[0]
    end = rounded_up(listed.steepness.max())
    fills = {
        "region": pattern_fills(DARK)[pattern_codes(regions.patterns)],
        "slope": DARK.sequential(listed.steepness[listed.ranks] / end),
    }
    corner = np.array([-6.0, 6.0]) + np.array([0.5, -0.5]) * 12.0 / 68
    row, column = np.indices((34, 68)).reshape(2, -1)
    upper = corner + 12.0 / 68 * np.column_stack([column, -2 * row])
    clear = distance(upper, np.concatenate([regions.edges, regions.zero_segments()])) > 0.3
    clear &= np.abs(upper).max(axis=1) < 5.5  # the outline runs along the box
    for by, colours in fills.items():
        _, canvas = drawn(replace(circle, colour_by=by))
        ink, filled = canvas.ink[CELLS].ravel(), canvas.chars[CELLS].ravel() == "▀"
        compared = clear & filled
        assert compared.sum() > 500
        wanted = colours[regions.locate(upper[compared])]
        np.testing.assert_array_equal(ink[compared], wanted)
    assert grid.width == 68


def distance(points: Array, segments: Array) -> Array:
    """From each point (n, 2) to the nearest of segments (m, 4)."""
    start, along = segments[:, :2], segments[:, 2:] - segments[:, :2]
    away = points[:, None, :] - start
    t = (away * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-300)
    away = away - np.clip(t, 0.0, 1.0)[:, :, None] * along
    nearest: Array = np.hypot(away[:, :, 0], away[:, :, 1]).min(axis=1)
    return nearest


def test_what_the_filter_leaves_out_is_nearer_to_the_ground(halves: Frame) -> None:
    _, canvas = drawn(replace(halves, colour_by="region", region_filter="area<40"))
    _, whole = drawn(replace(halves, colour_by="region"))
    left, right = (row_of(5.0), column_of(-5.0)), (row_of(5.0), column_of(5.5))
    assert canvas.ink[right] == whole.ink[right]
    green, full, ground = (c >> 8 & 255 for c in (canvas.ink[left], whole.ink[left], DARK.bg))
    assert abs(green - ground) < 0.5 * abs(full - ground)
    text = "".join("".join(row) for row in canvas.chars[CELLS])
    assert "1" not in text  # its number has gone, too
    assert "2" in text


# lines


@pytest.fixture(scope="module")
def corner(circle: Frame) -> Frame:
    """relu(x₁ − 2) − relu(x₂ + 2) + 1, the cursor where both are off, all examples in a corner."""
    network = Network.from_arrays([[[1.0, 0.0], [0.0, 1.0]], [[1.0, -1.0]]], [[-2.0, 2.0], [1.0]])
    data = replace(circle.data, X=np.full_like(circle.data.X, 5.9))
    frame = with_network(replace(circle, data=data), network)
    return replace(frame, cursor=np.array([-3.0, -5.0]))


def test_borders_decision_and_selection_are_where_they_belong(corner: Frame) -> None:
    _, canvas = drawn(replace(corner, colour_by="layer"))
    border = layer_inks(DARK, 1)[0]
    for y in (5.0, 3.0, 1.0):
        assert canvas.ink[row_of(y), column_of(2.0)] == border
    for x, y in ((-4.0, -1.0), (0.0, -1.0), (3.0, 0.0), (5.0, 2.0)):  # ŷ = 0
        assert "⠀" < canvas.chars[row_of(y), column_of(x)] <= "⣿"
        assert canvas.ink[row_of(y), column_of(x)] == DARK.hi
    selected = canvas.ground[CELLS] == DARK.sel  # x₁ < 2, x₂ < −2
    rows, columns = np.nonzero(selected)
    assert (rows.min(), columns.max()) == (23, 44)  # cells that are wholly inside
    assert selected.sum() == 11 * 45 - 2  # but for the cursor and the number


def test_the_selected_region_has_the_brightest_outline(circle: Frame) -> None:
    listed = region_list(circle)
    assert listed is not None
    assert listed.selected is not None
    grid, canvas = drawn(circle)
    corners = listed.map.polygons[listed.ids[listed.selected]]
    middles = (corners + np.roll(corners, -1, axis=0)) / 2.0
    columns, rows = grid.cells(np.clip(middles, -5.95, 5.95)).T
    for row, column in zip(rows, columns + grid.left, strict=True):
        around = np.s_[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        greens = np.maximum(canvas.ink[around] >> 8 & 255, canvas.ground[around] >> 8 & 255)
        assert greens.max() >= (DARK.hi >> 8 & 255) - 16


def test_borders_of_another_step_are_fainter_and_said_to_be(corner: Frame) -> None:
    stale = replace(corner, step=2971, regions=replace(corner.regions, step=2970))
    cell = row_of(5.0), column_of(2.0)
    for by in ("output", "layer"):
        inks = [drawn(replace(f, colour_by=by))[1].ink[cell] for f in (corner, stale)]
        ground = drawn(replace(corner, regions=Regions(corner.step)))[1].ink[cell]
        if by == "layer":
            ground = DARK.bg
        bright, faint, bare = (int(ink) >> 8 & 255 for ink in (*inks, ground))
        assert bright - bare > 1.5 * (faint - bare) > 0
    assert "borders of step 2 970" in meanings(stale, Look())[0]
    assert "of step" not in meanings(corner, Look())[0]


@pytest.mark.parametrize("output", ["identity", "tanh", "sigmoid"])
def test_the_exact_decision_line_is_where_the_sampled_output_flips(output: str) -> None:
    frame = frame_of(60, dataset="xor", hidden=(5, 4), output=output)
    target, size = target_of(frame), 40
    assert flips_at_zero(frame, target)
    box: Any = frame.view.box
    exact = decision_segments(frame, target, box, size)
    sampled = decision_segments(replace(frame, regions=Regions(frame.step)), target, box, size)
    for some, others in ((exact, sampled), (sampled, exact)):
        apart = distance((some[:, :2] + some[:, 2:]) / 2.0, others)
        assert np.median(apart) < 0.1
        assert apart.max() < 1.5  # pixels: the samples cut corners


def test_dots_of_a_line_touch_it_and_leave_no_gap() -> None:
    owners = line_dots(20, 10, [[3.2, 4.1, 35.5, 30.0]], [1])
    rows, columns = np.nonzero(owners == 0)
    x, y = columns + 0.5, rows + 0.5
    off = (x - 3.2) * (30.0 - 4.1) - (y - 4.1) * (35.5 - 3.2)
    assert (np.abs(off) / np.hypot(32.3, 25.9) <= 0.5**0.5 + 1e-9).all()
    assert len(set(columns)) == columns.max() - columns.min() + 1 == len(columns)
    assert (np.abs(np.diff(rows[np.argsort(columns)])) <= 1).all()


# numbers and marks


def test_numbers_stand_in_their_regions_the_selected_one_inverted(circle: Frame) -> None:
    listed = region_list(circle)
    assert listed is not None
    assert listed.selected is not None
    grid, canvas = drawn(circle)
    found = {}
    for row in range(grid.height):
        bold = canvas.bold[row, grid.left : grid.left + grid.width]
        text = "".join(np.where(bold, canvas.chars[row, grid.left : grid.left + grid.width], " "))
        for word in text.split():
            column = text.index(word)
            points = [grid.middle(column + i, row) for i in range(len(word))]
            at = listed.ranks[listed.map.locate(points)]
            assert (at == int(word) - 1).all()
            found[int(word)] = canvas.ground[row, grid.left + column]
    assert {1, 2, 3} <= set(found)
    assert found.pop(listed.selected + 1) == DARK.hi
    assert set(found.values()) == {DARK.bg}


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_the_cursor_is_seen_where_a_number_would_stand(circle: Frame, glyphs: Glyphs) -> None:
    listed = region_list(circle)
    assert listed is not None
    for rank in range(12):
        cursor = listed.centre(rank)
        for by in COLOURINGS:
            frame = replace(circle, cursor=cursor, colour_by=by)
            grid, canvas = drawn(frame, glyphs=glyphs)
            row, column = grid.row(cursor[1]), grid.left + grid.column(cursor[0])
            assert canvas.chars[row, column] == glyphs.cursor


def test_in_ascii_no_digit_of_a_border_touches_a_number(circle: Frame) -> None:
    grid, canvas = drawn(replace(circle, colour_by="layer"), glyphs=ASCII)
    digits = np.char.isdigit(canvas.chars[: grid.height, grid.left : grid.left + grid.width])
    bold = canvas.bold[: grid.height, grid.left : grid.left + grid.width]
    assert (digits & bold).sum() > 10
    assert (digits & ~bold).sum() > 50
    assert not (digits & ~bold)[:, :-1][bold[:, 1:]].any()
    assert not (digits & ~bold)[:, 1:][bold[:, :-1]].any()


def test_every_border_of_a_walk_is_marked_where_it_is_crossed(circle: Frame) -> None:
    network = Network.from_arrays([[[1.0, 0.0], [0.0, 1.0]], [[1.0, -1.0]]], [[-2.1, 2.1], [1.0]])
    start, stop = np.array([-5.0, -5.0]), np.array([5.0, 4.0])
    frame = with_walk(with_network(circle, network), start, stop)
    for by in ("output", "layer"):
        _, canvas = drawn(replace(frame, colour_by=by))
        marks = set(zip(*np.nonzero(canvas.chars[CELLS] == "◇"), strict=True))
        crossed = [(2.1, -5.0 + 0.9 * 7.1), (-5.0 + 2.9 / 0.9, -2.1)]
        assert marks == {(row_of(y), column_of(x) - 3) for x, y in crossed}
        assert canvas.chars[row_of(-5.0), column_of(-5.0)] == "A"
        assert "⠀" < canvas.chars[row_of(-4.0), column_of(-5.0 + 1.0 / 0.9)] <= "⣿"


def test_a_click_selects_the_region_there(circle: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    pane, canvas = RegionMapPane(), Canvas(*SIZE, DARK)
    pane.view = circle
    pane.draw(canvas, circle)
    messages: list[Any] = []
    monkeypatch.setattr(pane, "post_message", messages.append)
    cell = Offset(column_of(3.0), row_of(5.5))
    click: Any = SimpleNamespace(get_content_offset=lambda widget: cell)
    pane.on_click(click)
    before, after = (
        region_list(replace(circle, cursor=p)) for p in (np.array([3.0, 5.5]), messages[0].position)
    )
    assert before is not None
    assert after is not None
    assert before.selected == after.selected


# one input


def test_a_knot_has_the_number_of_the_piece_it_begins_and_the_cursors_piece_is_shaded() -> None:
    frame = frame_of(dataset="sine", hidden=(3,))
    # slopes 0, ½, 0: knots at −3 and 1
    network = Network.from_arrays([[[1.0], [1.0]], [[0.1, -0.1]]], [[3.0, -1.0], [-0.5]])
    frame = replace(with_network(frame, network), cursor=np.array([0.5]))
    grid, canvas = drawn(frame)
    lines = canvas.text_lines()
    marks = [(y, x) for y, line in enumerate(lines) for x, char in enumerate(line) if char == "◇"]
    (low, high), _ = grid.box
    for number, knot in ((2, -3.0), (3, 1.0)):
        column = grid.left + int((knot - low) / (high - low) * grid.width)
        (row,) = [y for y, x in marks if x == column]
        assert any(
            str(number) in line[column - 1 : column + 2] for line in lines[row - 1 : row + 2]
        )
    shaded = np.flatnonzero((canvas.ground[: grid.height] == DARK.sel).all(axis=0)) - grid.left
    ends = [int((x - low) / (high - low) * grid.width) for x in (-3.0, 1.0)]
    assert shaded.tolist() == list(range(ends[0], ends[1] + 1))


# looks and words


def test_without_colour_a_pattern_has_a_sign_of_its_own(circle: Frame) -> None:
    listed = region_list(circle)
    assert listed is not None
    codes = pattern_codes(listed.map.patterns)
    for glyphs, colour in ((UNICODE, False), (ASCII, True), (ASCII, False)):
        grid, canvas = drawn(replace(circle, colour_by="region"), glyphs=glyphs, colour=colour)
        for rank in range(6):
            corners = listed.map.polygons[listed.ids[rank]]
            inside = corners.mean(axis=0) + 0.6 * (corners - corners.mean(axis=0))
            columns, rows = grid.cells(inside).T
            signs = set(canvas.chars[rows, columns + grid.left]) & set(PATTERN_SIGNS)
            assert signs == {PATTERN_SIGNS[codes[listed.ids[rank]]]}


def test_in_ascii_a_border_is_the_digit_of_its_layer(circle: Frame) -> None:
    first = [[1.0, 0.0]], [-2.0]
    second = [[1.0]], [-2.0]  # bends where x₁ = 4
    network = Network.from_arrays([first[0], second[0], [[1.0]]], [first[1], second[1], [0.5]])
    frame = replace(with_network(circle, network), colour_by="layer", cursor=np.array([5.5, 0.0]))
    _, canvas = drawn(frame, glyphs=ASCII)
    row = canvas.text_lines()[row_of(5.6)]
    assert "1" in row[column_of(2.0) - 1 : column_of(2.0) + 1]
    assert "@" in row[column_of(4.0) - 1 : column_of(4.0) + 1]  # the selected region's side
    far = replace(frame, cursor=np.array([-5.5, 0.0]))
    row = drawn(far, glyphs=ASCII)[1].text_lines()[row_of(5.6)]
    assert "2" in row[column_of(4.0) - 1 : column_of(4.0) + 1]


def test_title_and_subtitle_say_of_what_and_how(circle: Frame) -> None:
    assert title_forms(circle, UNICODE)[0] == "Regions of ŷ(x₁, x₂)"
    assert meanings(circle, Look())[0] == "borders: bright a⁽¹⁾, dim a⁽²⁾, white ŷ = 0"
    assert meanings(circle, Look(LIGHT))[0] == "borders: dark a⁽¹⁾, pale a⁽²⁾, black ŷ = 0"
    by_layer = replace(circle, colour_by="layer")
    assert meanings(by_layer, Look())[0] == "borders: thick a⁽¹⁾, thin a⁽²⁾, widest ŷ = 0"
    assert "2 a(2)" in meanings(by_layer, Look(glyphs=ASCII))[0]
    assert meanings(replace(circle, colour_by="slope"), Look())[-1].startswith("‖∇ŷ‖ 0 … ")
    cars = frame_of(dataset="mtcars", hidden=(4, 3, 2), learning_rate=0.01)
    assert title_forms(cars, UNICODE)[0].endswith(" · others at mean")
    assert meanings(cars, Look())[0] == "borders: bright a⁽¹⁾, dim a⁽²⁾ … a⁽³⁾"
    tanh = frame_of(dataset="circle", hidden=(3,))
    assert title_forms(tanh, UNICODE)[0] == "Regions of z⁽²⁾(x₁, x₂)"
    assert title_forms(frame_of(dataset="sine", hidden=(3,)), ASCII)[0] == "Pieces of yh(x)"


def test_of_several_classes_the_words_say_that_every_change_is_drawn() -> None:
    frame = frame_of(dataset="circle", hidden=(3,), activation="relu", loss="cross_entropy")
    network = Network([2, 3, 3], output="softmax", seed=1)
    frame = replace(with_network(frame, network), unit=(1, 0))
    assert title_forms(frame, UNICODE)[0] == "Regions of z⁽²⁾₁(x₁, x₂)"
    told = "colour ŷ₁ · borders: a⁽¹⁾, white where the class changes"
    assert meanings(frame, Look())[0] == told
    assert meanings(replace(frame, colour_by="slope"), Look())[-1].startswith("‖∇z⁽²⁾₁‖ 0 … ")


def test_only_lines_that_are_drawn_are_named(circle: Frame) -> None:
    mono = Look(colour=False)
    assert meanings(circle, mono) == ["ŷ low … high: = - . + #"]
    for by in ("output", "region", "slope"):
        words = " ".join(meanings(replace(circle, colour_by=by), mono))
        assert "border" not in words
        assert "white" not in words
    assert "thick a⁽¹⁾" in meanings(replace(circle, colour_by="layer"), mono)[0]

    flat = with_network(circle, Network([2, 3, 1], "identity", output="identity", seed=1))
    mixed = Network([2, 3, 3, 3, 1], ["identity", "relu", "relu"], output="identity", seed=1)
    none = with_network(circle, Network([2, 1], output="identity", seed=1))
    for frame in (flat, none):
        assert meanings(frame, Look()) == ["white ŷ = 0"]
        assert "a⁽" not in "".join(drawn(replace(frame, colour_by="layer"))[1].text_lines())
    frame = with_network(circle, mixed)
    assert meanings(frame, Look())[0] == "borders: dim a⁽²⁾ … a⁽³⁾, white ŷ = 0"
    by_layer = meanings(replace(frame, colour_by="layer"), Look())[0]
    assert by_layer == "borders: thin a⁽²⁾, dotted a⁽³⁾, widest ŷ = 0"


def test_without_a_map_the_output_and_the_reason_are_shown(circle: Frame) -> None:
    reason = TooSlow(0, (2, 512, 512, 1), 230_000.0, 5.0)
    facts = ["at step 0: 2-512-512-1: 1 024 hidden units", "about 230 000 regions", "about 5 s"]
    for by in COLOURINGS:
        frame = replace(circle, colour_by=by, regions=Regions(circle.step, reason=reason))
        grid, canvas = drawn(frame)
        foot = [line[grid.left :].split("▀")[0].rstrip() for line in canvas.text_lines()[30:34]]
        assert foot == [*facts, "C counts once"]
        assert meanings(frame, Look()) == ["C counts once"]
        _, by_output = drawn(replace(frame, colour_by="output"))
        np.testing.assert_array_equal(canvas.ink, by_output.ink)
    curved = replace(circle, regions=Regions(circle.step, reason=Unknown.CURVED))
    assert meanings(curved, Look()) == ["no linear regions"]
    assert title_forms(curved, UNICODE)[0] == "Output ŷ(x₁, x₂)"
    many = replace(circle, step=7, regions=Regions(5, count=25_000))
    assert meanings(many, Look()) == ["25 000 regions at step 5"]


@pytest.mark.parametrize("by", COLOURINGS)
@pytest.mark.parametrize("dataset", ["circle", "mtcars", "sine", "two-relu"])
def test_every_size_and_look_can_be_drawn(dataset: str, by: str) -> None:
    frame = frame_of(5, dataset=dataset, hidden=(4, 3), learning_rate=0.01)
    frame = replace(frame, colour_by=by, walk_start=np.array(frame.view.box)[:, 1])
    for shown in (frame, replace(frame, regions=replace(frame.regions, step=2))):
        for glyphs, colour in ((UNICODE, True), (UNICODE, False), (ASCII, True), (ASCII, False)):
            for size in ((1, 1), (5, 3), (20, 8), (24, 30), (39, 10), (110, 20)):
                canvas = drawn(shown, size, LIGHT, glyphs, colour)[1]
                if glyphs is ASCII:
                    assert all(" " <= char <= "~" for row in canvas.text_lines() for char in row)


@pytest.mark.parametrize("dataset", ["circle", "sine"])
def test_a_network_without_hidden_layers_is_one_region(dataset: str) -> None:
    frame = frame_of(dataset=dataset, hidden=())
    for by in COLOURINGS:
        drawn(replace(frame, colour_by=by))


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("dataset", ["circle", "sine"])
def test_a_diverged_network_is_drawn(dataset: str, weight: float) -> None:
    frame = frame_of(dataset=dataset, hidden=(2, 2), output="identity")
    network = frame.network.copy()
    network.parameters[:] = weight
    frame = replace(frame, network=network, regions=Regions(frame.step, reason=Unknown.DIVERGED))
    for by in COLOURINGS:
        drawn(replace(frame, colour_by=by))


# the legend


@pytest.mark.parametrize("size", [(44, 20), (75, 36), (100, 36), (44, 60)])
def test_the_legend_has_the_lines_as_they_are_drawn_and_says_what_the_marks_are(
    circle: Frame, size: tuple[int, int]
) -> None:
    grid, canvas = drawn(circle, size)
    text = "\n".join(canvas.text_lines())
    rows = {name: (row, line.index(name) - 2) for row, line in enumerate(text.split("\n"))
            for name in ("a⁽¹⁾", "a⁽²⁾", "ŷ = 0") if name in line}  # fmt: skip
    inks = [int(canvas.ink[rows[name]]) >> 8 & 255 for name in ("a⁽²⁾", "a⁽¹⁾", "ŷ = 0")]
    assert inks == sorted(inks) and len(set(inks)) == 3
    assert {canvas.chars[place] for place in rows.values()} == {"━"}
    for row, column in rows.values():
        assert row >= grid.height or column >= grid.left + grid.width
    if size[0] > 44:
        assert "▪ ▫ in test" in text
    if size[0] > 75:
        assert "◉ example 1" in text and "+1.25" in text


def test_the_map_does_not_shrink_when_the_pane_grows(circle: Frame) -> None:
    for width, height in ((40, 13), (40, 14), (60, 25), (60, 26), (90, 26), (75, 36)):
        here = drawn(circle, (width, height))[0].height
        assert drawn(circle, (width + 1, height))[0].height >= here
        assert drawn(circle, (width, height + 1))[0].height >= here


def test_a_curve_without_knots_has_none_in_its_legend() -> None:
    frame = frame_of(dataset="sine", hidden=(3,))
    assert "◇ knot" in "\n".join(drawn(frame)[1].text_lines())
    straight = Network.from_arrays([[[0.0]], [[0.1]]], [[-1.0], [-0.5]])
    none = with_network(frame, straight)
    assert none.regions.knots is not None and not len(none.regions.knots.x)
    assert "◇" not in "\n".join(drawn(none)[1].text_lines())
    assert meanings(none, Look()) == ["no knots: one piece"]


def test_no_border_of_a_layer_has_the_hue_of_a_sign() -> None:
    for palette in (DARK, LIGHT):
        signs = [hue(int(palette.fill(value))) for value in (-1.0, 1.0)]
        for ink in layer_inks(palette, 6).tolist():
            for sign in signs:
                assert min((hue(ink) - sign) % 360.0, (sign - hue(ink)) % 360.0) > 25.0


def hue(rgb: int) -> float:
    """In degrees, as in HSV."""
    return 360.0 * rgb_to_hsv(*((rgb >> shift & 255) / 255.0 for shift in (16, 8, 0)))[0]


def test_no_number_stands_on_the_map_while_training_plays(circle: Frame) -> None:
    assert drawn(circle)[1].bold.sum() > 10
    assert not drawn(replace(circle, playing=True))[1].bold[CELLS].any()


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
async def test_the_mark_of_a_knot_is_named_once(size):
    async with running(built_in("sine"), size) as (app, pilot):
        app.end_demo()
        await press(app, pilot, "3")
        assert text(app).count("◇ knot") == 1
