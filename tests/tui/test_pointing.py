"""The mouse points, turns its wheel, double clicks, and presses the keys in the bar."""

import pytest
from mouse import at, click, lines, send, wheel
from screen import press, running, settled
from textual import events

from engine import Experiment
from tui.app import NNExplore
from tui.dialogs.explanation import ExplanationScreen
from tui.dialogs.offers.key_list import KeyList
from tui.drawing.numbers import num
from tui.panes.backprop.network import layout_of as backprop_layout
from tui.panes.base.bars import StatusBar, TopBar
from tui.panes.base.key_bar import KeyBar
from tui.panes.base.maps.grid_pane import GridPane
from tui.panes.base.pane import Pane
from tui.panes.explore.network import NetworkPane, layout_of
from tui.panes.explore.output import OutputPane

CIRCLE = Experiment(dataset="circle", hidden=(4, 3))


def network(app: NNExplore) -> NetworkPane:
    return app.screen.query_one("#network", NetworkPane)


def output(app: NNExplore) -> OutputPane:
    return app.screen.query_one("#output", OutputPane)


def title(pane: Pane) -> str:
    return f"{pane.border_title} | {pane.border_subtitle}"


async def point(app: NNExplore, pilot: object, pane: Pane, x: int, y: int) -> None:
    """Move the mouse to a cell of a pane."""
    send(app, events.MouseMove, at(pane, x, y))
    await settled(pilot)  # type: ignore[arg-type]


async def test_a_click_in_the_key_bar_does_what_the_key_does() -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "full_stop", "full_stop")
        bar = app.screen.query_one(KeyBar)
        (line,) = lines(app, bar)
        await click(app, pilot, at(bar, line.index(", . step") + 2, 0))
        assert app.session.trainer.step_count == 3
        await click(app, pilot, at(bar, line.index(", . step"), 0))
        assert app.session.trainer.step_count == 2
        await click(app, pilot, at(bar, line.index("play") + 1, 0))
        assert app.session.time.playing
        await click(app, pilot, at(bar, 0, 0))
        assert app.session.time.playing
        (line,) = lines(app, bar)
        await click(app, pilot, at(bar, line.index("? help"), 0))
        assert isinstance(app.screen, KeyList)


@pytest.mark.parametrize("unit", [(0, 1), (1, 2), (2, 0), (3, 0)])
async def test_the_picture_of_the_unit_under_the_mouse_is_large(unit: tuple[int, int]) -> None:
    async with running(CIRCLE) as (app, pilot):
        pane, before = network(app), (lines(app, output(app)), title(output(app)))
        node = layout_of(pane.view, *pane.size).node(*unit)
        await point(app, pilot, pane, node.x + 1, node.y + 1)
        name = {0: "x₂", 1: "a⁽¹⁾₃", 2: "a⁽²⁾₁", 3: "ŷ"}[unit[0]]
        assert name in title(output(app))
        assert not app.session.selection.unit_lit
        await point(app, pilot, app.screen.query_one("#layers", Pane), 3, 3)
        assert (lines(app, output(app)), title(output(app))) == before


@pytest.mark.parametrize("key", ["1", "2"])
async def test_the_weight_under_the_mouse_says_its_value_and_its_derivative(key: str) -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, key)
        pane: Pane = next(iter(app.screen.query("#network, #backprop-network").results(Pane)))
        facts = [pane.view.backprop] if key == "2" else []
        layout = (backprop_layout if facts else layout_of)(pane.view, *facts, *pane.size)
        (x, y), (x_last, y_last) = layout.edge(1, 0, 0)
        await point(app, pilot, pane, (x + x_last) // 2, (y + y_last) // 2)
        frame = pane.view
        weight, gradient = frame.network.weights[0][0, 0], frame.batch.gradient[0]
        assert f"w⁽¹⁾₁₁ = {num(weight)} · ∂C/∂w⁽¹⁾₁₁ = {num(gradient)}" in title(pane)
        await point(app, pilot, pane, 0, 0)
        assert "∂C" not in title(pane)


async def test_a_click_on_an_edge_selects_its_weight_as_one_on_a_node_selects_the_unit() -> None:
    async with running(CIRCLE) as (app, pilot):
        pane = network(app)
        (x, y), (x_last, y_last) = layout_of(pane.view, *pane.size).edge(1, 0, 0)
        await click(app, pilot, at(pane, (x + x_last) // 2, (y + y_last) // 2))
        assert (app.session.selection.unit, app.session.selection.weight) == ((1, 0), 0)
        assert "w⁽¹⁾₁₁ = " in title(pane)
        await press(app, pilot, "plus")
        assert app.message.startswith("w⁽¹⁾₁₁ by 0.1")


async def test_the_read_out_is_of_the_cell_under_the_mouse() -> None:
    async with running(CIRCLE) as (app, pilot):
        pane = output(app)
        grid = pane._grid
        assert grid is not None
        await point(app, pilot, pane, grid.left + 2, 1)
        shown = "\n".join(lines(app, pane))
        assert "mouse" in shown
        x, y = grid.middle(2, 1)
        assert f"{x:.2f}".lstrip("-")[:4] in shown and f"{y:.2f}"[:4] in shown, shown
        await point(app, pilot, network(app), 0, 0)
        assert "mouse" not in "\n".join(lines(app, pane))


@pytest.mark.parametrize(("key", "name"), [("3", "#region-map"), ("5", "#glm-fit")])
async def test_of_a_map_without_a_read_out_the_lower_right_tells_of_the_cell(
    key: str, name: str
) -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, key)
        pane = app.screen.query_one(name, GridPane)
        before, grid = title(pane), pane._grid
        assert grid is not None
        await point(app, pilot, pane, grid.left + 4, 2)
        x, y = (num(v).strip() for v in grid.middle(4, 2))
        assert f" · x₁ {x} · x₂ {y}" in title(pane)
        await point(app, pilot, pane, 0, pane.size.height - 1)
        assert title(pane) == before


async def test_a_click_on_the_state_plays_and_one_on_the_summary_opens_the_settings() -> None:
    async with running(CIRCLE) as (app, pilot):
        bar, top = app.screen.query_one(StatusBar), app.screen.query_one(TopBar)
        await click(app, pilot, at(bar, lines(app, bar)[0].index("paused"), 0))
        assert app.session.time.playing
        await click(app, pilot, at(top, lines(app, top)[0].index("relu"), 0))
        assert app.draft.shown


async def test_a_click_on_the_key_of_help_beside_a_message_opens_help() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.tell("a message")
        await settled(pilot)
        await click(app, pilot, (app.size.width - 4, app.size.height - 1))
        assert isinstance(app.screen, KeyList)


async def test_what_a_key_selects_is_shown_though_the_mouse_rests_elsewhere() -> None:
    async with running(CIRCLE) as (app, pilot):
        pane, shown = network(app), title(output(app))
        node = layout_of(pane.view, *pane.size).node(1, 0)
        await click(app, pilot, at(pane, node.x + 1, node.y + 1))
        await point(app, pilot, pane, node.x + 1, node.y + 1)
        assert "a⁽¹⁾₁" in title(output(app))
        await press(app, pilot, "full_stop")
        assert "a⁽¹⁾₁" in title(output(app))
        await press(app, pilot, "down")
        assert title(output(app)) == shown
        grid = output(app)._grid
        assert grid is not None
        await click(app, pilot, at(output(app), grid.left + 4, 4))
        await point(app, pilot, output(app), grid.left + 5, 4)
        assert "mouse" in lines(app, output(app))[0]
        await press(app, pilot, "right")
        assert "cursor" in lines(app, output(app))[0]


async def test_the_mouse_that_rests_or_stays_on_one_thing_draws_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(CIRCLE) as (app, pilot):
        pane = network(app)
        node = layout_of(pane.view, *pane.size).node(1, 0)
        await point(app, pilot, pane, node.x + 1, node.y + 1)
        drawn: list[object] = []
        for widget in (NetworkPane, OutputPane):
            monkeypatch.setattr(widget, "redraw", lambda self: drawn.append(self))
        await point(app, pilot, pane, node.x + 2, node.y + 1)
        await point(app, pilot, pane, node.x + 2, node.y + 1)
        drawn_then = [*drawn]
        assert drawn_then == []


async def test_a_double_click_explains_what_it_selects_and_beside_it_nothing() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.CLICK_CHAIN_TIME_THRESHOLD = float("inf")
        pane = network(app)
        for _ in range(2):
            await click(app, pilot, at(pane, 0, 0))
        assert not isinstance(app.screen, ExplanationScreen)
        node = layout_of(pane.view, *pane.size).node(1, 2)
        for _ in range(2):
            await click(app, pilot, at(pane, node.x + 1, node.y + 1))
        assert isinstance(app.screen, ExplanationScreen)
        assert app.session.selection.unit == (1, 2)


async def test_a_double_click_explains_a_weight() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.CLICK_CHAIN_TIME_THRESHOLD = float("inf")
        pane = network(app)
        (x, y), (x_last, y_last) = layout_of(pane.view, *pane.size).edge(3, 0, 2)
        for _ in range(2):
            assert not isinstance(app.screen, ExplanationScreen)
            await click(app, pilot, at(pane, (x + x_last) // 2, (y + y_last) // 2))
        assert isinstance(app.screen, ExplanationScreen)
        assert (app.session.selection.unit, app.session.selection.weight) == ((3, 0), 2)


async def test_the_wheel_over_a_map_steps_in_time() -> None:
    async with running(CIRCLE) as (app, pilot):
        for by, step in ((1, 1), (1, 2), (-1, 1)):
            await wheel(app, pilot, output(app), by)
            assert app.session.trainer.step_count == step
