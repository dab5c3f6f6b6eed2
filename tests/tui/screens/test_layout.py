"""The layout rule, at every size: the picture of a screen has a sixth of the terminal's cells, one
column or row more never makes it smaller, panes cover all and never overlap."""

import re

import numpy as np
import pytest
from frames import finish_counting
from screen import press, running, settled, text
from stored_runs import stored

from tui.drawing.network_layout import Layer, laid_out
from tui.panes.base.maps.place import EDGE, map_place
from tui.panes.explore.layer_rows import rows_wanted
from tui.panes.explore.weight_edges import has_room
from tui.screens.layout import compare
from tui.screens.layout.arrange import Room, arrange, layout_of
from tui.screens.layout.boxes import BARS, Arrangement, Needs
from tui.screens.layout.regions import legend_rows

SCREENS = ("explore", "backprop", "regions", "linear", "glm", "approximate", "compare", "surface")
MAPS = ("explore", "regions", "glm")
LOW = 38  # rows below which a wide terminal may not hold a square of a sixth of its cells
NEEDS = (Needs(), Needs(margin=8, terms=7, layers=3), Needs(margin=0))
BRIEF = Needs(details=False, sizes=(2, 4, 3, 1))
SIZES = [
    (w, h) for w in (*range(60, 130, 7), 80, 100, 160, 199, 200, 250) for h in range(20, 81, 4)
]
LARGE = [(w, h) for w, h in SIZES if w >= 80 and h >= 24]
EDGES = [(80, 24), (99, 29), (99, 30), (100, 29), (100, 30), (120, 30), (200, 29), (200, 30)]


def picture(screen: str, width: int, height: int, needs: Needs) -> tuple[int, int]:
    """The columns and rows of the picture as it is drawn."""
    found = arrange(screen, Room(width, height, needs))
    return drawn(screen, found, needs)


def drawn(screen: str, found: Arrangement, needs: Needs) -> tuple[int, int]:
    inner = found.inner(layout_of(screen).picture_pane)
    if screen == "explore" or (screen == "glm" and needs.margin):
        place = map_place(inner.columns, inner.rows, needs.margin)
        return place.width, place.height
    if screen == "regions":
        side = (
            min(2 * (inner.rows - 1 - legend_rows(inner.rows)), inner.columns - needs.margin - EDGE)
            // 2
        )
        return 2 * side, side
    return inner.columns, inner.rows


def is_a_sixth(screen: str, size: tuple[int, int], columns: int, rows: int) -> bool:
    if 6 * columns * rows >= size[0] * size[1]:
        return True
    # a square in a low terminal: it has all rows but those of a title, of ticks and of a legend
    rest = BARS + 2 + (legend_rows(size[1] - BARS - 1) if screen == "regions" else 0)
    return screen in MAPS and rows == size[1] - rest and size[1] < LOW


@pytest.mark.parametrize("needs", NEEDS)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_picture_has_a_sixth_of_the_terminal(screen: str, needs: Needs) -> None:
    for size in (*LARGE, *EDGES):
        assert is_a_sixth(screen, size, *picture(screen, *size, needs)), size


def test_without_details_the_panes_cover_explore_and_its_map_never_gets_smaller() -> None:
    """Along rows and columns of sizes, as below."""
    lines = [[(w, h) for w in range(80, 251)] for h in (24, 30, 37, 48)]
    lines += [[(w, h) for h in range(24, 81)] for w in (80, 100, 120, 200)]
    for line in lines:
        before = 0, 0
        for size in line:
            now = picture("explore", *size, BRIEF)
            assert now[0] >= before[0] and now[1] >= before[1], (size, before, now)
            assert is_a_sixth("explore", size, *now), size
            before = now
    for width, height in SIZES:
        for panel in ("", "settings"):
            found = arrange("explore", Room(width, height, BRIEF, panel))
            boxes = list(found.boxes.values())
            assert sum(b.width * b.height for b in boxes) == width * (height - BARS) or panel
            assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
            assert all(found.inner(pane).rows >= 4 for pane in found.boxes), (width, height)


@pytest.mark.parametrize("screen", SCREENS)
def test_one_column_or_row_more_never_makes_the_picture_smaller(screen: str) -> None:
    """Along whole rows and columns of sizes, so that every threshold is crossed."""
    lines = [[(w, h) for w in range(80, 251)] for h in (24, 30, 37, 48)]
    lines += [[(w, h) for h in range(24, 81)] for w in (80, 100, 120, 200)]
    for needs in NEEDS if screen in MAPS else NEEDS[:1]:
        for line in lines:
            before = 0, 0
            for size in line:
                now = picture(screen, *size, needs)
                assert now[0] >= before[0] and now[1] >= before[1], (size, before, now)
                before = now


@pytest.mark.parametrize("screen", SCREENS)
def test_panes_cover_the_whole_area_and_never_overlap(screen: str) -> None:
    for width, height in SIZES:
        for panel in ("", "settings"):
            found = arrange(screen, Room(width, height, panel=panel))
            boxes = list(found.boxes.values())
            assert sum(b.width * b.height for b in boxes) == width * (height - BARS) or panel
            assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
            assert all(b.right <= width and b.bottom <= height - BARS for b in boxes)
            for pane in found.boxes:
                inner = found.inner(pane)
                least = 3 if pane == "runs" else 4  # its head, and a row for each of two runs
                assert inner.columns >= 18 and inner.rows >= least, (width, height, pane, inner)


@pytest.mark.parametrize("screen", SCREENS)
def test_settings_leave_the_picture_its_size_or_a_sixth_of_the_terminal(screen: str) -> None:
    for size in (*LARGE, *EDGES):
        found = arrange(screen, Room(*size, panel="settings"))
        now = drawn(screen, found, Needs())
        before = picture(screen, *size, Needs())
        kept = now[0] >= before[0] and now[1] >= before[1]
        assert kept or is_a_sixth(screen, size, *now), (size, now)
        panel = found.boxes["settings"]
        assert panel.width >= 38 and panel.height >= 10, (size, panel)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_pane_that_shares_its_place_is_shown_once_it_had_the_focus(screen: str) -> None:
    for size in EDGES:
        found = arrange(screen, Room(*size))
        for group in found.groups:
            for pane in group:
                after = arrange(
                    screen, Room(*size, recent=(*(other for other in group if other != pane), pane))
                )
                assert pane in after.boxes and {*after.boxes} & {*group} == {pane}
        shown = {*found.boxes, *(pane for group in found.groups for pane in group)}
        everywhere = {*arrange(screen, Room(250, 80)).boxes}
        assert shown == everywhere, (size, everywhere - shown)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 48), (250, 40), (80, 60)])
def test_compare_shows_three_maps_of_one_size_in_landscape_and_in_portrait(size) -> None:
    found = arrange("compare", Room(*size))
    places = [found.inner(pane) for pane in compare.MAPS]
    maps = [map_place(inner.columns, inner.rows, 3, True) for inner in places]
    assert max(place.height for place in maps) - min(place.height for place in maps) <= 1
    assert {"runs", "loss"} <= {*found.boxes}
    without = arrange("compare", Room(*size, Needs(without=("difference",))))
    wide = map_place(*without.inner("first-output"), 3, True)
    assert maps[0].height >= 0.7 * wide.height  # not much smaller than each of two


@pytest.mark.parametrize("margin", [3, 5, 8])
def test_the_maps_of_two_compared_runs_are_of_one_size_and_have_their_numbers_alike(margin) -> None:
    """At an even width; at 80 × 24 the second map was larger, and only it had its ŷ below it."""
    for size in [(w, h) for w in range(80, 251, 2) for h in (24, 27, 30, 36, 40, 48, 60)]:
        found = arrange("compare", Room(*size, Needs(margin=margin)))
        first, second = found.inner("first-output"), found.inner("second-output")
        assert first == second, size


@pytest.mark.parametrize("size", [(60, 20), *EDGES, (80, 60), (250, 24)])
def test_explore_shows_its_numbers_at_every_size(size: tuple[int, int]) -> None:
    found = arrange("explore", Room(*size))
    assert {*found.boxes} == {"network", "output", "layers", "loss"}
    assert found.inner("layers").columns >= 33  # as far as ∂C/∂b


def test_without_a_fit_the_panes_that_need_one_take_no_room() -> None:
    absent = ("coefficients", "assumptions", "residual-plot", "qq-plot", "scale-plot")
    for size in (*LARGE, *EDGES):
        found = arrange("linear", Room(*size, Needs(without=(*absent, "leverage-plot"))))
        assert not {*found.boxes} & {*absent}
        assert sum(b.width * b.height for b in found.boxes.values()) == size[0] * (size[1] - BARS)


@pytest.mark.parametrize("sizes", [(1, 1), (2, 4, 3, 1), (10, 4, 3, 1), (13, 1)])
def test_the_layers_of_explore_have_no_more_rows_than_their_table(sizes: tuple[int, ...]) -> None:
    for size in LARGE:
        found = arrange("explore", Room(*size, Needs(sizes=sizes)))
        table = found.inner("layers")
        if found.boxes["layers"].width == found.boxes["network"].width:  # below it alone
            assert table.rows <= rows_wanted(sizes, True, table.columns), size


async def test_the_map_that_is_drawn_has_its_sixth_and_a_click_on_it_hits() -> None:
    async with running(stored("circle"), (80, 24)) as (app, pilot):
        for keys in ((), ("o",)):
            await press(app, pilot, *keys)
            for size in ((80, 24), (100, 30), (200, 30)):
                await pilot.resize_terminal(*size)
                await settled(pilot)
                pane = app.screen.query_one("#output")
                grid = pane._grid
                assert 6 * grid.width * grid.height >= size[0] * size[1], size
                assert grid.width == 2 * grid.height
                left = pane.gutter.left + grid.left
                await pilot.click("#output", offset=(left + 3, pane.gutter.top + 2))
                await settled(pilot)
                assert np.array_equal(app.session.selection.cursor, grid.middle(3, 2))


async def test_the_region_under_the_cursor_is_told_at_every_size_of_explore() -> None:
    async with running(stored("circle"), (60, 20)) as (app, pilot):
        finish_counting(app.session)
        for size in ((60, 20), (80, 24), (100, 30), (100, 60)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert re.search(r"region +\d+/\d+", text(app)), size


async def test_what_waits_behind_a_pane_is_counted_in_its_title_and_tab_shows_it() -> None:
    async with running(stored("circle"), (80, 24)) as (app, pilot):
        await press(app, pilot, "3")
        assert "1 of 2 tab" in text(app) and "Count" not in text(app)
        await press(app, pilot, "tab", "tab", "tab")
        assert "Count over training · 2 of 2 tab" in text(app)
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert "of 2 tab" not in text(app) and "2/2" not in text(app)


def test_in_a_tall_terminal_the_network_has_all_columns_and_the_list_is_below_it() -> None:
    for size in ((80, 56), (80, 60), (100, 56), (200, 60), (250, 80)):
        boxes = arrange("backprop", Room(*size)).boxes
        network, steps, equation = (
            boxes[id] for id in ("backprop-network", "microsteps", "equation")
        )
        assert network.width == size[0]
        assert steps.y == equation.y == network.bottom
        assert arrange("backprop", Room(*size)).inner("microsteps").rows >= 20  # of three layers
        assert equation.width >= 44


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_edges_have_room_for_their_numbers_in_80_columns(layers: int) -> None:
    for height in range(36, 81, 8):
        inner = arrange("backprop", Room(80, height, Needs(layers=layers))).inner(
            "backprop-network"
        )
        sizes = [Layer(3, named=True), *([Layer(4)] * layers)]
        assert has_room(laid_out(sizes, (1, 0), inner.columns, inner.rows))
