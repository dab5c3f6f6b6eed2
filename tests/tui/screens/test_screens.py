"""The screens as text: some whole, in every size and mode, the states of single panes alone.

New: pytest --update-snapshots; runs that they are drawn from: tests/stored_runs.py.
"""

import pytest
from frames import finish_counting, wait_for_samples
from screen import pane_text, press, running, settled, text
from stored_runs import stored

from engine.training.microsteps import PHASES
from tui.actions import screen_keys
from tui.drawing.palette import DARK, LIGHT
from tui.panes.base.pane import Pane

DELTA_1 = (*["right"] * 10, "down", "down")
UPDATE = (*["right"] * 18, "l")
LEFT_AND_DOWN = ("h",) * 22 + ("j",) * 10
WIDE, SMALL = (120, 40), (80, 24)
SIZES = (SMALL, (100, 30), WIDE, (200, 60))
IN_EVERY_SIZE = {  # screen: (stored run, keys)
    "explore": ("circle", ()),
    "backprop": ("circle", ("2", *DELTA_1)),
    "regions": ("circle-wider", ("3",)),
    "linear": ("longley", ("4",)),
    "glm": ("challenger", ("5",)),
    "compare": ("two-runs", ("vertical_line",)),
}
SCREENS = {  # name: (stored run, size, options of the app, keys)
    "circle-160x48": ("circle", (160, 48), {}, ()),
    "circle-ascii-80x24": ("circle", SMALL, {"ascii": True}, ()),
    "circle-ascii": ("circle", WIDE, {"ascii": True}, ()),
    "circle-zoomed": ("circle", WIDE, {}, ("tab", "tab", "z")),
    "circle-help": ("circle-start", WIDE, {}, ("f1",)),
    "sine-120x40": ("sine", WIDE, {}, ()),
    "mtcars-80x24": ("mtcars", SMALL, {}, ()),
    "diverged-80x24": ("diverged", SMALL, {}, ()),
    "deep": ("deep", WIDE, {}, ()),
    "regions-ascii": ("circle-wider", WIDE, {"ascii": True}, ("3", "c")),
    "linear-network-ascii": ("stack", WIDE, {"ascii": True}, ("4", "d")),
    "glm-beetles-80x24": ("beetles", SMALL, {}, ("5",)),
    "settings": ("circle", WIDE, {}, ("o",)),
    "settings-80x24": ("circle", SMALL, {}, ("o",)),
    "settings-ascii": ("circle", WIDE, {"ascii": True}, ("o", *["down"] * 6)),
    "gallery": ("circle-start", WIDE, {}, ("ctrl+g", *["down"] * 10)),
    "gallery-80x24": ("circle-start", SMALL, {}, ("ctrl+g",)),
    "gallery-ascii": ("circle-start", WIDE, {"ascii": True}, ("ctrl+g", *"xor")),
    "compare-ascii": ("two-runs", WIDE, {"ascii": True}, ("vertical_line",)),
    "too-small": ("circle-start", (59, 19), {}, ()),
    "backprop-ascii": ("circle", WIDE, {"ascii": True}, ("2", *DELTA_1)),
}
NETWORK, LAYERS, OUTPUT = ("network", (58, 20)), ("layers", (58, 14)), ("output", (58, 20))
LOSS = ("loss", (58, 14))
EXPLORE = (NETWORK, OUTPUT, LAYERS, LOSS)
MAP, TABLE = ("region-map", (72, 32)), ("region-table", (42, 12))
DETAIL, COUNT = ("region-detail", (42, 14)), ("region-count", (42, 9))
COEFFICIENTS, COLLAPSE = ("coefficients", (116, 9)), ("collapse", (44, 10))
DISTANCE, ASSUMPTIONS = ("distance", (34, 10)), ("assumptions", (44, 10))
COUNTED = {LOSS, OUTPUT, MAP, TABLE, DETAIL, COUNT}  # what draws regions or their number
DATA = ("data-plot", (58, 14))
LINEAR = (COEFFICIENTS, DATA, COLLAPSE, DISTANCE, ASSUMPTIONS)
CHOICE, MODEL, STACK = ("glm-choice", (44, 14)), ("glm-table", (72, 14)), ("stack", (40, 14))
IN_WHAT = tuple(("linear-in", size) for size in ((80, 12), (52, 11), (30, 6)))
PARTS, EQUATION = ("backprop-network", (58, 20)), ("equation", (116, 14))
BY_NAME = tuple(
    (pane, size)
    for pane in ("chain-rule", "gradient-vector", "slips")
    for size in ((76, 11), (116, 14), (56, 8))
)


def at_three_sizes(pane):
    """A pane at the sizes that it may have in terminals of 80×24, 100×30 and 120×40."""
    return tuple((pane, size) for size in ((36, 9), (46, 14), (64, 20)))


PANES = {  # name: (stored run, options of the app, keys, panes and their sizes)
    "circle-selected": ("circle", {}, ("up", "h", "pageup", "b"), (NETWORK, LAYERS)),
    "circle-restarted": ("circle", {}, ("R",), (LOSS,)),
    "circle-curved": ("circle-tanh", {}, (), (OUTPUT,)),
    "line-regression": ("line", {}, (), EXPLORE),
    "mtcars": ("mtcars", {}, (), (NETWORK, OUTPUT, LAYERS)),
    "two-relu": ("two-relu", {}, (), EXPLORE),
    "diverged": ("diverged", {}, (), EXPLORE),
    "iris": ("iris", {}, (), (NETWORK, OUTPUT, LAYERS)),
    "regions-selected": (
        "circle-wider",
        {},
        ("3", "shift+tab", *LEFT_AND_DOWN, "tab", "tab", "down"),
        (TABLE, DETAIL),
    ),
    "regions-filtered": ("circle-wider", {}, ("3", "slash", *"data", "enter"), (MAP, TABLE)),
    "regions-walk": (
        "circle-wider",
        {},
        ("3", "shift+tab", "w", *LEFT_AND_DOWN),
        (MAP, TABLE, DETAIL),
    ),
    "regions-sine": ("sine", {}, ("3",), (MAP, TABLE, DETAIL, COUNT)),
    "regions-two-relu": ("two-relu", {}, ("3",), (MAP, TABLE, DETAIL)),
    "regions-four-inputs": ("four-inputs", {}, ("3",), (MAP, TABLE, DETAIL)),
    "regions-four-inputs-principal": ("four-inputs", {}, ("3", "p", "p", "p"), (MAP, DETAIL)),
    "regions-curved": ("circle-tanh", {}, ("3",), (MAP, TABLE, DETAIL, COUNT)),
    "linear-cars": ("cars", {}, ("4",), LINEAR),
    "linear-solved": ("stackloss-solved", {}, ("4",), (COEFFICIENTS, COLLAPSE)),
    "linear-stack": ("stack", {}, ("4",), (COEFFICIENTS, DATA, COLLAPSE)),
    "linear-broken": ("stack", {}, ("4", "a"), (COEFFICIENTS, COLLAPSE)),
    "glm-beetles": ("beetles", {}, ("5",), (CHOICE, MODEL, ("glm-fit", (44, 14)))),
    "glm-circle": ("circle", {}, ("5",), (CHOICE, MODEL, ("glm-fit", (44, 14)), STACK)),
    "glm-linear-in": ("circle", {}, ("5",), IN_WHAT),
    "backprop-adam": ("circle-adam", {}, ("2", *UPDATE), (EQUATION,)),
    "glm-distribution": ("challenger", {}, ("5",), at_three_sizes("distribution")),
    "glm-hidden-unit": ("circle", {}, ("5",), at_three_sizes("hidden-unit")),
    "region-detail": ("circle", {}, ("3",), at_three_sizes("region-detail")),
    "backprop-by-name": ("circle", {}, ("2", *["right"] * 16), BY_NAME),
    "backprop-batch": ("circle", {}, ("2", *DELTA_1, "b"), (PARTS, EQUATION)),
    "backprop-predict": ("circle", {"predict": True}, ("2", *DELTA_1), (PARTS, EQUATION)),
    "backprop-diverged": ("diverged", {}, ("2",), (PARTS, EQUATION)),
    "backprop-1000-units": ("circle-1000-units", {}, ("2", "right", "down"), (PARTS, EQUATION)),
}


def in_every_size(run, keys):
    """The screen of a stored run after keys, while its terminal grows."""

    async def draw(nudge):
        shown = []
        async with running(stored(run, nudge), SIZES[0]) as (app, pilot):
            app.end_demo()
            await press(app, pilot, *keys)
            for width, height in SIZES:
                await pilot.resize_terminal(width, height)
                finish_counting(app.session)
                app.show()
                await settled(pilot)
                shown.append(f"[{width} x {height}]\n{text(app)}")
        return "".join(shown)

    return draw


async def drawn(run, size, options, keys, panes=()):
    """The screen of a stored run after keys, or some of its panes, once all has been counted."""

    async def draw(nudge):
        session = stored(run, nudge)
        async with running(session, size, **options) as (app, pilot):
            app.end_demo()
            app.show()
            await press(app, pilot, *keys)
            if not panes or COUNTED & {*panes}:
                finish_counting(app.session)
            app.show()
            await settled(pilot)
            shown = "".join(pane_text(app, *pane) for pane in panes) or text(app)
            assert shown.isascii() or not options.get("ascii")
            return shown

    return draw


@pytest.mark.parametrize("name", [*IN_EVERY_SIZE])
async def test_a_screen_in_every_size(name, snapshot):
    await snapshot(f"{name}-in-every-size", in_every_size(*IN_EVERY_SIZE[name]))


@pytest.mark.parametrize("name", [*SCREENS])
async def test_screen(name, snapshot):
    await snapshot(name, await drawn(*SCREENS[name]))


@pytest.mark.parametrize("name", [*PANES])
async def test_panes(name, snapshot):
    run, options, keys, panes = PANES[name]
    await snapshot(f"panes-{name}", await drawn(run, WIDE, options, keys, panes))


@pytest.mark.parametrize("run", ["circle-penalty", "classes"])
async def test_every_kind_of_micro_step(run, snapshot):
    async def draw(nudge):
        shown = []
        async with running(stored(run, nudge=nudge), WIDE) as (app, pilot):
            app.end_demo()
            await press(app, pilot, "2")
            session = app.session
            found = session.microscope.taken_apart(session.trainer).microsteps
            for kind in PHASES:
                layer = 3 if "cost" in kind else 2
                session.go_to_microstep([(m.kind, m.layer) for m in found].index((kind, layer)))
                await press(app, pilot, "down", "l")
                shown += [pane_text(app, "equation", size) for size in ((116, 14), (76, 9))]
        return "\n".join(shown)

    await snapshot(f"panes-microsteps-{run}", draw)


async def test_the_start_of_a_session_shows_a_hint(snapshot):
    async def draw(nudge):
        async with running(stored("circle-start", nudge=nudge), WIDE) as (app, _):
            return text(app)

    await snapshot("circle-first-start", draw)


@pytest.mark.parametrize("size", [(80, 24), WIDE])
async def test_the_way_in(size, snapshot):
    """Explore without details, and the four callouts, each after the key of the one before."""

    async def draw(nudge):
        async with running(stored("circle-start", nudge=nudge), size, intro=True) as (app, pilot):
            app.preferences.details = False
            app.show()
            shown = []
            for key in ("up", "space", "home", "2"):
                await press(app, pilot, key)
                shown.append(text(app))
        return "\n".join(shown)

    await snapshot(f"way-in-{size[0]}x{size[1]}", draw)


async def test_panes_without_colour(snapshot, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    await snapshot("panes-no-colour", await drawn("circle", WIDE, {}, (), EXPLORE))


async def test_bars_while_playing(snapshot):
    async def draw(nudge):
        async with running(stored("circle", nudge=nudge), WIDE) as (app, pilot):
            app.end_demo()
            app.session.time.playing = True
            app.show()
            await settled(pilot)
            rows = text(app).splitlines()
            return "\n".join([rows[0], *rows[-2:]])

    await snapshot("bars-playing", draw)


@pytest.mark.parametrize(("theme", "palette"), [("dark", DARK), ("light", LIGHT)])
async def test_themes_have_their_own_ground_and_signs_their_own_colours(theme, palette):
    async with running(stored("circle"), WIDE, theme=theme) as (app, pilot):
        app.end_demo()
        app.show()
        await settled(pilot)
        colours = {
            (segment.style.color.triplet.hex, segment.style.bgcolor.triplet.hex)
            for strip in app.screen._compositor.render_strips(app.size)
            for segment in strip
            if segment.style and segment.style.color and segment.style.bgcolor
        }
        inks = {ink for ink, _ in colours}
        grounds = {ground for _, ground in colours}
        assert f"#{palette.bg:06x}" in grounds
        assert f"#{palette.negative:06x}" in inks
        assert f"#{palette.positive:06x}" in inks


async def test_the_coverage_of_intervals_at_three_sizes(snapshot):
    async def draw(nudge):
        async with running(stored("cars", nudge=nudge), WIDE) as (app, pilot):
            app.end_demo()
            await press(app, pilot, "4", "c")
            app.session.advance("linear")
            wait_for_samples(app.session)
            app.show()
            await settled(pilot)
            sizes = [size for _, size in at_three_sizes("assumptions")]
            return "\n".join(pane_text(app, "assumptions", size) for size in sizes)

    await snapshot("panes-linear-coverage", draw)


async def test_the_panes_that_can_be_named_are_those_of_the_screens():
    found = {}
    async with running(stored("circle"), WIDE) as (app, pilot):
        for name in screen_keys.TITLES:
            screen = app.show_screen(name)
            await settled(pilot)
            found[name] = tuple(pane.id for pane in screen.query(Pane))
    assert found == screen_keys.PANES
