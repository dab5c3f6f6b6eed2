"""The table pane: its rows are the list's numbers, and its selection is the map's cursor."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of, framed, keyed, posted, with_network, with_walk
from textual.geometry import Offset, Size

from engine import Network
from engine import ols as engine_ols
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import num
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.model.regions.filter import region_list
from tui.model.regions.result import CountProgress, Regions, TooMany
from tui.panes.regions.case_table import cases_of, has_cases
from tui.panes.regions.table import RegionTablePane
from tui.session.session import Session

CROSS = Network.from_arrays(
    [[[1, 0], [0, 1], [0, 0], [0, 0]], [[1, 1, 1, 1]]], [[-1, 2, -1, -1], [3]]
)
"""ŷ = relu(x₁ − 1) + relu(x₂ + 2) + 3: four rectangles. Two more units are always off."""


@pytest.fixture(scope="module")
def trained():
    return frame_of(500, dataset="reg-gauss", hidden=(8, 6))


def cross(**changes):
    return replace(with_network(frame_of(dataset="reg-plane"), CROSS), **changes)


def lit_rows(frame, size=(36, 17)):
    """The rows of the pane that stand on the selection's ground."""
    pane, canvas = keyed(RegionTablePane()), Canvas(*size, DARK)
    pane.draw(canvas, frame)
    return [y for y in range(size[1]) if (canvas.ground[y] == DARK.sel).all()]


def test_rows_are_the_list_in_its_order():
    frame = cross()
    listed = region_list(frame)
    head, *rows = drawn(RegionTablePane(), frame)
    assert head.split() == ["#", "area%", "n", "∂ŷ/∂x₁", "∂ŷ/∂x₂", "offset"]
    for rank, row in enumerate(rows[:4]):
        cells = row.split()
        assert cells[0] == str(rank + 1)
        assert float(cells[1]) == pytest.approx(100.0 * listed.share[rank], abs=0.005)
        assert int(cells[2]) == listed.examples[rank]
        values = [*listed.slopes[rank], listed.offset[rank]]
        assert cells[3:] == [num(value).strip() for value in values]


def test_of_a_curved_output_the_map_is_of_z():
    head = drawn(RegionTablePane(), frame_of(hidden=(4,)))[0]
    assert "∂z/∂x₁" in head


def test_the_selected_row_is_in_sight_and_alone_lit(trained):
    listed = region_list(trained)
    pane = RegionTablePane()
    for rank in (0, len(listed) - 1, len(listed) // 2, 3):
        frame = replace(trained, cursor=listed.centre(rank))
        lines = drawn(pane, frame)
        assert [line.split()[0] for line in lines if line].count(str(rank + 1)) == 1
        (y,) = lit_rows(frame)
        assert drawn(RegionTablePane(), frame)[y].split()[0] == str(rank + 1)


def test_the_last_row_says_what_is_below(trained):
    listed = region_list(trained)
    frame = replace(trained, cursor=listed.centre(0))
    last = drawn(RegionTablePane(), frame, (36, 12))[-1]
    shown = 10  # of 12 rows, without the head and this one
    share = 100.0 * listed.share[shown:].sum()
    assert last == f"+ {len(listed) - shown} smaller, {share:.1f} % of the box"


def test_up_and_down_go_through_all_regions_in_order(trained, monkeypatch):
    listed = region_list(trained)
    pane = RegionTablePane()
    messages = posted(pane, monkeypatch)
    frame = replace(trained, cursor=listed.centre(0))
    for rank in range(1, len(listed)):
        drawn(pane, frame)
        pane.move(0, 1)
        frame = replace(frame, cursor=messages[-1].position)
        assert region_list(frame).selected == rank
    drawn(pane, frame)
    pane.move(0, 1)
    assert len(messages) == len(listed) - 1  # below the last there is none
    pane.move(0, -1)
    assert region_list(replace(frame, cursor=messages[-1].position)).selected == len(listed) - 2


def test_a_filter_leaves_rows_out_and_says_so(trained, monkeypatch):
    listed = region_list(trained)
    frame = replace(trained, region_filter="on:1.1", cursor=listed.centre(0))
    on = listed.map.patterns[listed.ids, 0]
    kept = np.flatnonzero(on)
    pane = RegionTablePane()
    lines = drawn(pane, frame, (36, len(kept) + 2))
    assert [int(line.split()[0]) - 1 for line in lines[1:-1]] == kept.tolist()
    assert lines[-1].startswith(f"{len(listed) - len(kept)} filtered out, ")
    assert pane.titles(frame)[0] == f"{len(listed)} regions · {len(kept)} shown"

    messages = posted(pane, monkeypatch)
    between = ~on[kept[0] : kept[-1]]
    hidden = int(kept[0] + np.flatnonzero(between)[0])  # from there to the next that is shown
    drawn(pane, replace(frame, cursor=listed.centre(hidden)))
    pane.move(0, 1)
    pane.move(0, -1)
    below, above = (region_list(replace(frame, cursor=m.position)).selected for m in messages)
    assert below == kept[kept > hidden][0]
    assert above == kept[kept < hidden][-1]


def test_a_click_selects_its_row(trained, monkeypatch):
    pane = RegionTablePane()
    frame = replace(trained, cursor=region_list(trained).centre(0))
    drawn(pane, frame)
    messages = posted(pane, monkeypatch)
    monkeypatch.setattr(RegionTablePane, "size", Size(36, 17))
    for y in (0, 4, 16):  # the head and the last row are none

        class Click:
            def get_content_offset(self, widget, y=y):
                return Offset(3, y)

        pane.on_click(Click())
    (message,) = messages
    assert region_list(replace(frame, cursor=message.position)).selected == 3


def test_regions_of_an_earlier_step_say_so():
    frame = cross()
    assert RegionTablePane().titles(frame)[0] == "4 regions"
    later = replace(frame, step=1200, regions=replace(frame.regions, step=1000))
    assert RegionTablePane().titles(later)[0] == "4 regions of step 1 000"
    filtered = replace(later, region_filter="area>0")
    assert RegionTablePane().titles(filtered)[0] == "4 of 4 · step 1 000"
    no_map = replace(later, regions=Regions(1000, count=230_000))
    assert RegionTablePane().titles(no_map)[0] == "230 000 regions of step 1 000"


def test_without_a_map_the_pane_says_why():
    frame = cross(regions=Regions(0, count=230_000, reason=TooMany(20_000)))
    pane = RegionTablePane()
    assert pane.titles(frame)[0] == "230 000 regions"
    said = " ".join(" ".join(drawn(pane, frame)).split())
    assert said == "No map: more than 20 000 regions · too many to draw"
    pane.move(0, 1)
    lines = drawn(pane, cross(regions=Regions(0, progress=CountProgress(446_557, 0.138))))
    assert " ".join(" ".join(lines).split()) == "No map: counting 446 557, 13.8 % · esc cancels"


def test_without_colour_a_mark_shows_the_selection_and_ascii_is_ascii(trained):
    frame = replace(trained, cursor=region_list(trained).centre(1))
    lines = drawn(RegionTablePane(), frame, colour=False)
    assert ["▸" in line for line in lines[:4]] == [False, False, True, False]
    cases = drawn(RegionTablePane(), built_in_frame("two-relu"), colour=False)
    assert sum("▸" in line for line in cases) == 1
    for shown in (frame, built_in_frame("two-relu"), built_in_frame("sine")):
        assert "".join(drawn(RegionTablePane(), shown, glyphs=ASCII)).isascii()


def test_a_wide_table_adds_steepness_corners_and_patterns(trained):
    listed = region_list(trained)
    frame = replace(trained, cursor=listed.centre(0))
    head, first, *_ = drawn(RegionTablePane(), frame, (100, 9))
    assert head.split()[6:] == ["‖∇ŷ‖", "corners", "units", "on"]
    lamps = first.split()[8:]
    pattern = listed.map.patterns[listed.ids[0]]
    assert "".join(lamps) == "".join("·■"[on] for on in pattern.tolist())
    assert list(map(len, lamps)) == [8, 6]


# the walk


def test_a_walk_lists_each_border_with_the_unit_that_flips_and_the_slopes():
    # from (−3, −2.5) to (5, 3.5), length 10: x₂ = −2 after 1/12, x₁ = 1 after 1/2
    frame = with_walk(cross(), np.array([-3.0, -2.5]), np.array([5.0, 3.5]))
    pane = RegionTablePane()
    assert pane.titles(frame) == ("Walk: 2 borders", "slope of ŷ per unit of length")
    assert [line.split() for line in drawn(pane, frame)[:5]] == [
        ["at", "flips", "before", "after", "ŷ"],
        ["0", "start", "0.000", "+3.000"],
        [".083", "a⁽¹⁾₂", "on", "0.000", "+0.600", "+3.000"],
        [".500", "a⁽¹⁾₁", "on", "+0.600", "+1.400", "+5.500"],
        ["1", "end", "+1.400", "+12.50"],
    ]


def test_a_long_walk_is_scrolled(trained, monkeypatch):
    corners = np.array(trained.view.box).T
    frame = with_walk(trained, *corners)
    pane = RegionTablePane()
    messages = posted(pane, monkeypatch)
    texts = set(drawn(pane, frame, (36, 6)))
    for _ in range(len(frame.walk.t) + 9):  # further than there are rows
        pane.move(0, 1)
        texts.update(drawn(pane, frame, (36, 6)))
    assert sum(" on" in text or " off" in text for text in texts) == len(frame.walk.t)
    assert texts >= {drawn(pane, frame, (36, 40))[len(frame.walk.t) + 2]}  # the end
    assert not messages


def test_a_walk_that_has_not_begun_says_how():
    frame = cross(walk_start=np.zeros(2), cursor=np.zeros(2))
    assert keyed(RegionTablePane()).titles(frame)[0] == "Walk"


# knots


def test_knots_are_in_the_datas_own_units(monkeypatch):
    # in scaled units y = 2·relu(x − ½) − relu(x + ½)
    frame = frame_of(dataset="anscombe-1")
    data = frame.data
    network = Network.from_arrays([[[1], [1]], [[2, -1]]], [[-0.5, 0.5], [0]])
    mean, sd, slope = data.x_scale.mean[0], data.x_scale.sd[0], data.y_scale.sd[0]
    frame = with_network(replace(frame, cursor=np.array([mean])), network)
    slope /= sd
    pane = RegionTablePane()
    lines = drawn(pane, frame, (60, 9))
    low, high = frame.view.box[0]
    left, right = mean - sd / 2, mean + sd / 2
    assert lines[0].split() == ["#", "from", "to", "bends", "before", "slope", "jump"]
    assert [line.split() for line in lines[1:4]] == [
        ["1", num(low).strip(), num(left), "0.000"],
        ["2", num(left), num(right), "a⁽¹⁾₂", "0.000", num(-slope), num(-slope)],
        ["3", num(right), num(high), "a⁽¹⁾₁", num(-slope), num(slope), num(2 * slope)],
    ]
    assert pane.titles(frame)[0] == "2 knots, 3 pieces"

    messages = posted(pane, monkeypatch)
    pane.move(0, -1)
    pane.move(0, 1)
    positions = [message.position for message in messages]
    np.testing.assert_allclose(positions, [[(low + left) / 2], [(right + high) / 2]])


def test_of_many_units_that_bend_at_a_knot_all_are_counted():
    ones = np.ones((13, 1))  # all bend at 0
    network = Network.from_arrays([ones, ones.T], [np.zeros(13), [0]])
    frame = with_network(frame_of(dataset="anscombe-1"), network)
    for width in (36, 42, 60):
        head, *rows = drawn(RegionTablePane(), frame, (width, 9))
        assert "a⁽¹⁾₁ +12 " in rows[1]
        assert head.split()[-2:] == ["slope", "jump"]


# cases


def built_in_frame(name, steps=100):
    session = Session(built_in(name))
    session.time.step(steps)
    return framed(session)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@pytest.mark.parametrize("dataset", ["two-relu", "mtcars"])
def test_in_every_case_the_formula_is_what_the_network_computes(activation, dataset):
    frame = frame_of(20, dataset=dataset, hidden=(3,), activation=activation)
    cases, hidden = cases_of(frame, 0)
    assert len(cases) == len({case.on for case in cases}) == 8
    points = np.random.default_rng(0).uniform(*np.array(frame.view.box).T, (200, 2))
    y_hat = frame.outputs(points)[:, 0]
    for point, expected in zip(points, y_hat, strict=True):
        on = tuple((hidden(point) > 0.0).tolist())
        (case,) = (case for case in cases if case.on == on)
        assert case.U @ point + case.c == pytest.approx(expected)


@pytest.mark.parametrize(
    ("hidden", "bias", "title", "possible"),
    [
        (3, False, "At most 6 of 8 cases: U = v·w", 6),  # lines through a point: Cover 1965
        (3, True, "At most 7 of 8 cases: U = v·w", 7),  # three lines: Steiner 1826
        (2, False, "Four cases: U = v·w", 4),
        (1, True, "Two cases: U = v·w", 2),
    ],
)
def test_the_title_says_how_many_cases_can_occur(hidden, bias, title, possible):
    frame = frame_of(20, dataset="two-relu", hidden=(hidden,), bias=bias)
    pane = RegionTablePane()
    lines = drawn(pane, frame, (110, 20))
    assert pane.titles(frame)[0] == title
    assert 2**hidden - sum("does not occur here" in line for line in lines) <= possible


def test_two_relu_lists_its_four_cases_with_their_numbers():
    frame = built_in_frame("two-relu")
    pane = RegionTablePane()
    lines = drawn(pane, frame, (110, 9))
    assert pane.titles(frame) == ("Four cases: U = v·w", "ŷ = U·x")
    (w1, w2), ((v1, v2),) = frame.network.weights[0], frame.network.weights[1]
    listed = region_list(frame)

    def vector(w):
        return f"({num(w[0])}, {num(w[1])})"

    both = f"U = v₁w₁ + v₂w₂ = {num(v1)}·{vector(w1)} {num(v2)}·{vector(w2)}"
    assert lines[0].startswith(f"■ ■  {both} = {vector(v1 * w1 + v2 * w2)} ")
    assert lines[1].startswith(f"■ ·  U = v₁w₁ = {num(v1)}·{vector(w1)} = {vector(v1 * w1)} ")
    assert lines[2].startswith(f"· ■  U = v₂w₂ = {num(v2)}·{vector(w2)} = {vector(v2 * w2)} ")
    assert lines[3].startswith(f"· ·  U = 0 = {vector(np.zeros(2))} ")
    shares = [float(line.split()[-2]) for line in lines[:4]]
    np.testing.assert_allclose(sorted(shares), 100.0 * np.sort(listed.share), atol=0.05)


def test_a_case_that_does_not_occur_is_told_and_passed_over(monkeypatch):
    # both units are on to the right of x₁ = 0 (and 1): there is no case off, on
    network = Network.from_arrays([[[1, 0], [1, 0]], [[1, 1]]], [[0, -1], [0]])
    frame = with_network(frame_of(dataset="reg-plane"), network)
    frame = replace(frame, cursor=np.array([0.5, 0.0]))
    pane = RegionTablePane()
    lines = drawn(pane, frame, (110, 9))
    assert lines[2].startswith("· ■") and lines[2].endswith("does not occur here")
    assert lit_rows(frame, (110, 9)) == [1]
    messages = posted(pane, monkeypatch)
    pane.move(0, 1)
    assert messages[-1].position[0] < 0.0  # · ·
    assert all(" c = " in line for line in lines[:4])  # there are biases


@pytest.mark.parametrize("width", [34, 36, 60, 110])
def test_every_case_says_its_share_within_the_width(width):
    frame = frame_of(100, hidden=(3,), activation="leaky_relu")
    lines = drawn(RegionTablePane(), frame, (width, 60))
    shares = re.findall(r"([\d.]+) %", "\n".join(lines))
    assert len(shares) == len(region_list(frame))
    assert sum(map(float, shares)) == pytest.approx(100.0, abs=0.5)


def test_below_the_cases_stands_the_one_plane_of_least_squares():
    frame = frame_of(20, dataset="two-relu", hidden=(2,))
    train = frame.data.train
    c, *U = engine_ols(frame.data.X[train], frame.data.Y[train, 0]).coefficients
    foot = drawn(RegionTablePane(), frame, (110, 20))
    shown = [line for line in foot if line.startswith("OLS, one plane for all: ")]
    assert shown == [f"OLS, one plane for all: U = ({num(U[0])}, {num(U[1])}) c = {num(c)}"]
    without = built_in_frame("two-relu")
    train = without.data.train
    U = engine_ols(without.data.X[train], without.data.Y[train, 0], intercept=False).coefficients
    assert f"U = ({num(U[0])}, {num(U[1])})" in drawn(RegionTablePane(), without, (110, 20))[-1]


def test_cases_of_z_have_no_plane_of_least_squares_beside_them():
    frame = frame_of(20, hidden=(2,))
    assert has_cases(frame) and "OLS" not in "".join(drawn(RegionTablePane(), frame, (110, 20)))
