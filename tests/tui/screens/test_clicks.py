"""What is clicked is what is selected: in every pane, at the cells where the screen shows it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import pytest
from frames import wait_for_surface
from mouse import around, at, click, drag, lines, rows, send, wheel
from screen import press, running, settled
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from engine import Experiment
from tui.actions.screen_keys import SCREENS
from tui.app import NNExplore
from tui.autosave import session_state
from tui.commands.files import open_gallery
from tui.dialogs.base import Ask
from tui.dialogs.files import Choose
from tui.drawing.network_layout import Layout
from tui.experiments.library import entry, gallery
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.network import layout_of as backprop_layout
from tui.panes.base.bars import TopBar, tabs
from tui.panes.base.pane import Pane
from tui.panes.base.seek_bar import NOW
from tui.panes.explore.loss import LossPane
from tui.panes.explore.network import layout_of as network_layout

BOXED, COMPACT = (120, 40), (80, 24)
CIRCLE = Experiment(dataset="circle", hidden=(4, 3))


def selected(app: NNExplore) -> str:
    """The screen, and all that a click may change of the session."""
    return f"{type(app.screen)} {session_state(app.session)}"


# lists


@dataclass(frozen=True)
class List:
    """A list on a screen: the group of ``item`` is what tells its items apart.

    Lines that do not match are of no item. An item has ``block`` lines at the most. With
    ``turns`` the mouse wheel goes through the items.
    """

    widget: str
    item: str
    experiment: Experiment = CIRCLE
    size: tuple[int, int] = BOXED
    keys: Sequence[str] = ()
    before: Callable[[NNExplore], Any] = lambda app: None
    block: int = 1
    turns: bool = True

    def look(self, app: NNExplore, widget: Widget) -> tuple[list[str], list[str]]:
        """The item in every row, "" for none, and those that are lit."""
        shown = rows(app, widget)
        found = [re.match(self.item, row.text) for row in shown]
        items = [match[1].strip() if match else "" for match in found]
        return items, [item for item, row in zip(items, shown, strict=True) if row.lit]


def branches(app: NNExplore) -> None:
    for rate in (0.1, 0.2, 0.3, 0.4, 0.5):
        app.session.branch_off()
        app.session.change(learning_rate=rate)


def choice(app: NNExplore) -> None:
    app.push_screen(Choose("which?", [f"thing {i}" for i in range(7)]))


UNIT, ROW, TERM = r"..( *\d+ +[+−]?\d.*)", r"( *\d+ +[+−]?\d.*)", r" *(\w+) +[+−]\d"
STEP, OPTION, TITLE = r"[✓▸·] (\S+(?: \S+)*)", r" (?!.*──)(.{15}.*\S)", r"[▸ ] (\w.{27})│"
SMALL_NET = Experiment(dataset="circle", hidden=(6, 3))
SINE, FOUR = Experiment(dataset="sine", hidden=(8,)), entry("two-relu").experiment
LONGLEY, BEETLES = entry("longley").experiment, entry("beetles").experiment
LISTS = {
    "layers": List("#layers", UNIT, SMALL_NET, COMPACT),
    "micro-steps": List("#microsteps", STEP, CIRCLE, COMPACT, ["2"]),
    "regions": List("#region-table", ROW, CIRCLE, COMPACT, ["3"]),
    "knots": List("#region-table", ROW, SINE, BOXED, ["3"]),
    "cases": List("#region-table", r"((?!OLS).*\S)", FOUR, COMPACT, ["3"], block=4, turns=False),
    "assumptions": List(
        "#assumptions", r"(.{8}).* (?:[\d#].*|–) +[✓✗·] *$", LONGLEY, COMPACT, ["4"]
    ),
    "GLM": List("#glm-table", TERM, BEETLES, BOXED, ["5"]),
    "runs": List("#runs", r".[▸ ](\w +\d.*\S)", CIRCLE, COMPACT, ["|"], branches, turns=False),
    "settings": List("#settings", OPTION, CIRCLE, BOXED, ["o"]),
    "gallery": List("GalleryView", TITLE, before=open_gallery),
    "files": List("Lines", r" [> ] (thing \d)", before=choice, turns=False),
}


async def opened(case: List, app: NNExplore, pilot: Pilot) -> Widget:
    """The list's widget, on the screen where it is."""
    case.before(app)
    await settled(pilot)
    await press(app, pilot, *("vertical_line" if key == "|" else key for key in case.keys))
    widget: Widget = app.screen.query_one(case.widget)
    return widget


async def try_clicks(case: List, app: NNExplore, pilot: Pilot, widget: Widget) -> None:
    """Click the first and the last rows, of items and of what is none."""
    items, lit = case.look(app, widget)
    at_items = [y for y, item in enumerate(items) if item]
    for i, y in enumerate(sorted({*at_items[:2], *at_items[-2:]})):
        item, x = items[y], min((0, 9, 27)[i % 3], widget.content_size.width - 1)
        if item not in lit:  # else it may be acted on
            await click(app, pilot, at(widget, x, y))
            items, lit = case.look(app, widget)
            assert item in lit, f"row {y}"
            assert len(lit) <= case.block
    before, now = rows(app, widget), selected(app)
    others = [y for y, row in enumerate(before) if not items[y] and "──" not in row.text]
    for y in {*others[:1], *others[-1:], at_items[-1] + 1} & {*others}:
        await click(app, pilot, at(widget, 9, y))
        assert (rows(app, widget), selected(app)) == (before, now), f"row {y}"


@pytest.mark.parametrize("case", LISTS.values(), ids=LISTS.keys())
async def test_in_a_list_a_click_selects_what_is_drawn_there(case: List) -> None:
    async with running(case.experiment, case.size) as (app, pilot):
        widget = await opened(case, app, pilot)
        await try_clicks(case, app, pilot, widget)
        if not case.turns:
            return
        items, lit = case.look(app, widget)
        passed = [lit]
        while len(passed) < 2 or passed[-1] != passed[-2]:
            await wheel(app, pilot, widget, 1)
            items, lit = case.look(app, widget)
            passed.append(lit)
        order, last = [lit[0] for lit in passed[:-1]], [item for item in items if item]
        assert order[-len(last) :] == last[-len(order) :], "one after the other, to the last"
        await wheel(app, pilot, widget, -1)
        assert case.look(app, widget)[1] == last[-2:-1]
        await try_clicks(case, app, pilot, widget)


async def test_a_click_on_the_head_of_a_group_of_settings_selects_what_is_below_it() -> None:
    async with running() as (app, pilot):
        panel = await opened(LISTS["settings"], app, pilot)
        for y in [y for y, line in enumerate(lines(app, panel)) if "──" in line][::-1]:
            await click(app, pilot, at(panel, 3, y))
            assert [row.lit for row in rows(app, panel)].index(True) == y + 1


async def test_a_click_on_what_is_selected_asks_for_a_setting_and_opens_from_the_gallery() -> None:
    async with running() as (app, pilot):
        app.CLICK_CHAIN_TIME_THRESHOLD = inf  # however slow the machine, two are a double click
        view, case = await opened(LISTS["gallery"], app, pilot), LISTS["gallery"]
        title = case.look(app, view)[0][7]
        for _ in range(2):
            await click(app, pilot, at(view, 3, 7))
        (chosen,) = (entry for entry in gallery() if entry.title == title)
        assert app.session.experiment.dataset == chosen.experiment.dataset
        panel = await opened(LISTS["settings"], app, pilot)
        await click(app, pilot, at(panel, 3, 2))
        assert isinstance(app.screen, Ask) and app.screen.heading == "learning rate"


# the network, and the columns of its numbers


def cells_of(layout: Layout) -> list[tuple[int, int, int, int]]:
    """Layer, unit, x and y: the first cell of a picture, of the next one its last or a number's."""
    cells = []
    for column in layout.columns:
        for node in column.nodes:
            x, y = node.x, node.y
            if len(cells) % 2:
                x += layout.size - 1
                y = layout.number_y(column, node) if column.numbers else y + layout.rows - 1
            cells.append((column.layer, node.unit, x, y))
    return cells


@pytest.mark.parametrize(("hidden", "size"), [((3, 2), BOXED), ((9, 2), COMPACT)])
async def test_a_click_on_a_unit_of_the_network_selects_it(hidden: Any, size: Any) -> None:
    async with running(Experiment(dataset="circle", hidden=hidden), size) as (app, pilot):
        pane = app.screen.query_one("#network", Pane)

        def layout() -> Layout:
            assert pane.view is not None
            return network_layout(pane.view, *pane.size)

        for i in range(len(cells_of(layout()))):
            layer, unit, x, y = cells_of(layout())[i]  # in a long layer others are shown by then
            await click(app, pilot, at(pane, x, y))
            assert (app.session.selection.unit, app.session.selection.unit_lit) == (
                (layer, unit),
                True,
            )
        before = selected(app)
        await click(app, pilot, at(pane, layout().columns[1].x, 0))  # a head
        assert selected(app) == before
        app.session.select_unit(1, 0)
        app.show()
        await settled(pilot)
        for by, unit in ((1, 1), (1, 2), (-1, 1)):
            await wheel(app, pilot, pane, by)
            assert app.session.selection.unit == (1, unit)


async def test_a_click_on_backprop_chooses_the_unit_and_the_input_of_its_weight() -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2")
        app.session.go_to_microstep(12)  # ∂C_x/∂W⁽²⁾
        app.show()
        await settled(pilot)
        pane = app.screen.query_one("#backprop-network", Pane)

        def facts() -> BackpropFacts:
            assert pane.view is not None and pane.view.backprop is not None
            return pane.view.backprop

        assert pane.view is not None and facts().microstep.layer == 2
        for layer, unit, x, y in cells_of(backprop_layout(pane.view, facts(), *pane.size)):
            here, of = facts().component
            await click(app, pilot, at(pane, x, y))
            expected = {2: (unit, of), 1: (here, unit)}.get(layer, (here, of))
            assert facts().component == expected, f"unit {unit} of layer {layer}"
        here, of = facts().component
        for by, unit in ((-1, here - 1), (-1, here - 2), (1, here - 1)):
            await wheel(app, pilot, pane, by)
            assert facts().component == (max(0, unit), of)


async def test_a_click_on_a_number_of_the_layers_selects_its_column_too() -> None:
    async with running(CIRCLE) as (app, pilot):
        pane = app.screen.query_one("#layers", Pane)
        head = lines(app, pane)[1]
        for i, name in enumerate(("z", "a", "δ", "∂C/∂b", "‖∂C/∂w‖")):
            x = head.index(name) + len(name) - (6 if i % 2 else 1)  # a number's first or last cell
            await click(app, pilot, at(pane, x, 4))
            assert pane._canvas is not None
            assert "".join(pane._canvas.chars[1][pane._canvas.bold[1]]).strip() == name
            assert rows(app, pane)[4].lit


# maps and plots


async def visit(app: NNExplore, pilot: Pilot, key: str) -> None:
    """Go to a screen by its key; on that of the surface, wait for it."""
    await press(app, pilot, {"|": "vertical_line"}.get(key, key))
    screen: Any = app.screen
    for _ in range(2 * (key == "S")):
        screen.look_again()
        wait_for_surface(app.session.surface)
        screen.look_again()
        await settled(pilot)


MAPS = {"1": "#output", "3": "#region-map", "5": "#glm-fit"}
FLAT_MAPS = MAPS | {"|": "#second-output", "S": "#surface"}


@pytest.mark.parametrize(
    ("dataset", "size", "maps"), [("circle", COMPACT, FLAT_MAPS), ("sine", BOXED, MAPS)]
)
async def test_a_click_on_a_map_puts_the_cursor_into_that_cell(
    dataset: str, size: Any, maps: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.session.loss_surface.job.grid_points", lambda trainer: 9)
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 0.0)
    async with running(Experiment(dataset=dataset, hidden=(3,)), size) as (app, pilot):
        app.session.branch_off()
        for key, widget in maps.items():
            await visit(app, pilot, key)
            await try_map(app, pilot, app.screen.query_one(widget))


async def try_map(app: NNExplore, pilot: Pilot, pane: Any) -> None:
    """Click cells at the map's corners and within, and cells around it."""
    grid, flat = pane._grid, pane.id == "surface" or app.session.selection.view.flat
    right, bottom = grid.width - 1, grid.height - 1

    def check(x: int, y: int) -> None:
        """The cursor is in that cell, and drawn there; on a curve it is in that column."""
        cursor = (
            app.session.surface.cursor if pane.id == "surface" else app.session.selection.cursor
        )
        point = cursor if flat else [cursor[0], grid.middle(x, y)[1]]
        assert grid.cells([point]).tolist() == [[x, y]], pane
        if flat:
            cells = [line[grid.left :][: grid.width] for line in lines(app, pane)[: grid.height]]
            drawn = [
                (cells[row].index("┼"), row) for row in range(grid.height) if "┼" in cells[row]
            ]
            assert drawn == [(x, y)], pane

    x, y = right // 3, bottom // 3
    await click(app, pilot, at(pane, grid.left + x, y))
    check(x, y)
    await press(app, pilot, "l", "j")
    check(x + 1, y + 1)
    for x, y, keys in ((right, bottom, "lj"), (0, 0, "hk")):  # it goes no further than the corners
        await click(app, pilot, at(pane, grid.left + x, y))
        check(x, y)
        for key in keys:
            await press(app, pilot, key)
            check(x, y)
    before = rows(app, pane), selected(app)
    for x, y in ((-1, 1), (grid.width, 1), (1, grid.height)):
        await click(app, pilot, at(pane, grid.left + x, y))
        assert (rows(app, pane), selected(app)) == before, f"{pane}: {x}, {y}"


async def test_where_no_map_is_drawn_any_more_a_click_does_nothing() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.session.branch_off()
        await visit(app, pilot, "|")
        app.session.delete_run()
        app.show()
        await settled(pilot)
        pane = app.screen.query_one("#second-output")
        assert "one run only" in lines(app, pane)[0]
        before = selected(app)
        await click(app, pilot, at(pane, 9, 9))
        await press(app, pilot, "l")
        assert selected(app) == before


async def test_a_click_on_a_marked_residual_selects_its_example() -> None:
    async with running(LONGLEY) as (app, pilot):
        await press(app, pilot, "4")
        for name in ("residual-plot", "qq-plot", "scale-plot", "leverage-plot"):
            pane = app.screen.query_one(f"#{name}")
            shown = lines(app, pane)
            rings = [(line.index("○"), y) for y, line in enumerate(shown) if "○" in line]
            assert rings
            for x, y in rings:
                await click(app, pilot, at(pane, x, y))
                assert lines(app, pane)[y][x] == "◉", name


# the loss, and the bars


async def test_a_click_on_the_seek_bar_goes_to_that_step_and_a_drag_goes_along() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.session.time.step(300)  # the whole axis
        app.session.time.seek(150)
        app.show()
        await settled(pilot)
        pane = app.screen.query_one("#loss", LossPane)
        bar = pane._bar
        assert bar is not None
        last, row = bar.left + bar.width - 1, bar.row

        def now() -> int:
            return lines(app, pane)[row].index(NOW)

        for x in (bar.left, bar.left + 1, bar.left + 17, last - 1, last):
            await click(app, pilot, at(pane, x, row))
            assert now() == x
        assert app.session.trainer.step_count == 300
        before = selected(app)
        for x, y in ((bar.left - 1, row), (last, row - 1), (last + 1, row)):
            await click(app, pilot, at(pane, x, y))
            assert selected(app) == before
        to = at(pane, last - 5, row), at(pane, bar.left + 9, row - 4)  # off the bar, too
        await drag(app, pilot, at(pane, last, row), *to)
        assert now() == bar.left + 9
        await drag(app, pilot, at(pane, bar.left + 20, row - 2), at(pane, last, row))
        assert now() == bar.left + 9, "a drag that begins elsewhere"
        await drag(app, pilot, at(pane, bar.left + 3, row), (0, 0))
        assert app.session.trainer.step_count == 0


@pytest.mark.parametrize("size", [BOXED, COMPACT])
async def test_a_click_on_the_name_of_a_screen_goes_there_and_one_on_a_border_does_nothing(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.session.loss_surface.job.grid_points", lambda trainer: 9)
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 0.0)
    async with running(CIRCLE, size) as (app, pilot):
        app.session.branch_off()
        await visit(app, pilot, "|")
        (bar,) = lines(app, app.screen.query_one(TopBar))
        labels = {name: f"{label.rstrip()} " for name, _, label in tabs(size[0])}
        for name, label in reversed(labels.items()):
            await try_borders(app, pilot)
            first, last = bar.index(label), bar.index(label) + len(label) - 1
            if name == [*SCREENS][-1]:
                await click(app, pilot, (last + 1, 0))
                assert app.screen.name == "compare"
            await click(app, pilot, (last if size == BOXED else first, 0))
            assert app.screen.name == name
        await try_borders(app, pilot)
        await visit(app, pilot, "S")
        await try_borders(app, pilot)


async def try_borders(app: NNExplore, pilot: Pilot) -> None:
    """Click around all panes, and on the bars where no name is."""
    before = selected(app)
    cells = [(0, 0), (0, app.size.height - 1), (app.size.width - 1, app.size.height - 2)]
    cells += [cell for pane in app.screen.query(Pane) if pane.region for cell in around(pane)]
    for cell in cells:
        send(app, events.MouseDown, cell)
        send(app, events.MouseUp, cell)
    await settled(pilot)
    assert selected(app) == before, app.screen


async def test_the_wheel_makes_another_run_current() -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "full_stop", "B", "B", "vertical_line")
        pane, names = (
            app.screen.query_one("#runs", Pane),
            [run.name for run in app.session.runs.live],
        )
        for by, at_run in ((-1, 1), (-1, 0), (-1, 0), (1, 1)):
            await wheel(app, pilot, pane, by)
            assert app.session.runs.current.name == names[at_run]


async def test_the_wheel_chooses_a_line_of_a_list() -> None:
    async with running(CIRCLE) as (app, pilot):
        dialog = Choose("Which?", ("one", "two", "three"))
        app.push_screen(dialog)
        await settled(pilot)
        for by, line in ((1, 1), (1, 2), (1, 2), (-1, 1)):
            await wheel(app, pilot, dialog.list, by)
            assert dialog.list.chosen == line
