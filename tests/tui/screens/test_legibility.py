"""Whatever is drawn can be read: text 4.5:1, marks 3:1, in every theme and on every terminal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from unicodedata import category

import numpy as np
import pytest
from frames import finish_counting, framed, wait_for_surface, with_network
from rich.style import Style
from screen import press, running, settled, text
from textual.strip import Strip

from engine import Experiment, Network
from tui.app import NNExplore
from tui.dialogs.offers.palette import PaletteView
from tui.drawing.canvas import Canvas
from tui.drawing.colours.oklab import channels, contrast, oklab
from tui.drawing.colours.terminal import (
    COLOURS_16,
    COLOURS_256,
    SYSTEMS,
    TRUECOLOR,
    TerminalColours,
    nearest,
    nearest_all,
)
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK, LIGHT, SIGN_COLOURS, THEMES, Palette, palette_of
from tui.experiments.library import built_in
from tui.model.frame import Frame
from tui.model.regions.colours import layer_inks, pattern_codes, pattern_fills
from tui.model.target_scale import target_of
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.backprop.network import BackpropNetworkPane
from tui.panes.base.look import Look
from tui.panes.base.maps.lines import border_coverages, in_pixels
from tui.panes.base.maps.output import map_on
from tui.panes.base.pane import Pane
from tui.panes.explore.layers import LayersPane
from tui.panes.explore.loss import LossPane
from tui.panes.explore.network import NetworkPane
from tui.panes.explore.output import OutputPane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane
from tui.panes.surface.surface import SurfacePane
from tui.session.session import Session

PALETTES = [palette_of(theme, system=system) for theme, system in product(THEMES, SYSTEMS)]
PALETTES.append(palette_of("dark", SIGN_COLOURS[1]))
SOME = PALETTES[::4]  # a theme on each kind of terminal, for panes that are no maps
MARKS = {*"•◦×▪▫⊠◉◇▾▴▸┼"}
CIRCLE = Experiment(dataset="circle", hidden=(4, 3))
GAUSS = Experiment(dataset="reg-gauss", hidden=(4,))
PANES: dict[str, tuple[type[Pane], str, Experiment, str]] = {
    "output": (OutputPane, "explore", CIRCLE, ""),
    "numbers": (OutputPane, "explore", GAUSS, ""),
    "classes": (OutputPane, "explore", built_in("iris"), ""),
    "curve": (OutputPane, "explore", Experiment(dataset="sine", hidden=(3,)), ""),
    "network": (NetworkPane, "explore", CIRCLE, ""),
    "layers": (LayersPane, "explore", CIRCLE, ""),
    "loss": (LossPane, "explore", CIRCLE, ""),
    "micro-steps": (MicroStepsPane, "backprop", CIRCLE, ""),
    "backprop": (BackpropNetworkPane, "backprop", CIRCLE, ""),
    **{f"regions by {by}": (RegionMapPane, "regions", CIRCLE, by)
       for by in ("output", "region", "slope", "layer")},
    "region table": (RegionTablePane, "regions", CIRCLE, ""),
    "coefficients": (CoefficientsPane, "linear", CIRCLE, ""),
    "GLM": (GlmTablePane, "glm", CIRCLE, ""),
    "fit": (GlmFitPane, "glm", CIRCLE, ""),
    "surface": (SurfacePane, "surface", CIRCLE, ""),
}  # fmt: skip


@cache
def frame_of(screen: str, experiment: Experiment) -> Frame:
    session = Session(experiment)
    session.time.step(60)
    if screen == "regions":
        finish_counting(session)
    if screen == "surface":
        session.advance(screen)
        wait_for_surface(session.surface)
    return framed(session, screen)


def drawn(
    name: str, palette: Palette, colour: bool = True, ascii: bool = False
) -> tuple[Canvas, Frame]:
    kind, screen, experiment, colour_by = PANES[name]
    frame = frame_of(screen, experiment)
    frame = replace(frame, colour_by=colour_by) if colour_by else frame
    look = Look(palette, ASCII if ascii else UNICODE, colour)
    canvas, pane = Canvas(66, 24, palette, look.glyphs, colour), kind()
    pane.view, pane.look = frame, look
    pane.draw(canvas, frame)
    return canvas, frame


def rgb_of(style: Style) -> tuple[int, int]:
    assert style.color and style.bgcolor and style.color.triplet and style.bgcolor.triplet
    return int(style.color.triplet.hex[1:], 16), int(style.bgcolor.triplet.hex[1:], 16)


def unreadable(strips: list[Strip]) -> Iterator[tuple[str, float]]:
    """Letters, digits and marks with less contrast than they need."""
    for segment in (segment for strip in strips for segment in strip):
        text, style = segment.text, segment.style
        if not text.strip() or style is None or style.color is None:
            continue
        need = 4.5 if any(category(char)[0] in "LN" for char in text) else 3.0
        if need == 3.0 and not MARKS & {*text}:
            continue
        ratio = float(contrast(*rgb_of(style)))
        if ratio < need:
            yield text, ratio


@pytest.mark.parametrize("name", PANES)
def test_text_and_marks_can_be_read_in_every_theme_on_every_terminal(name: str) -> None:
    for palette in PALETTES if name in ("output", "surface") else SOME:
        canvas, _ = drawn(name, palette)
        assert [*unreadable(canvas.strips())] == [], palette.theme_id


async def test_screens_and_dialogs_can_be_read_in_colours_that_the_terminal_has() -> None:
    async with running(CIRCLE) as (app, pilot):
        app.end_demo()
        for system, theme in ((COLOURS_256, "light"), (COLOURS_16, "dark")):
            limit(app, system, theme)
            await settled(pilot)
            strips = app.screen._compositor.render_strips(app.size)
            assert [*unreadable(strips)] == []
            tab = next(s.style for strip in strips for s in strip if "1 Explore" in s.text)
            assert tab is not None and rgb_of(tab)[1] == app.look.palette.sel
            if theme == "light":
                await press(app, pilot, "f1")
                strips += app.screen._compositor.render_strips(app.size)
                await press(app, pilot, "escape")
            styles = [s.style for strip in strips for s in strip if s.style and s.style.color]
            for rgb in {rgb for style in styles for rgb in rgb_of(style)}:
                assert nearest(rgb, system) == rgb, f"{rgb:06x}"
        await press(app, pilot, "ctrl+p")
        region = app.screen.query_one(PaletteView).region
        rows = app.screen._compositor.render_strips(app.size)[region.y : region.bottom]
        strips = [row.crop(region.x, region.right) for row in rows]
        assert {*grounds(strips)} == {app.look.palette.bg, app.look.palette.sel}
        assert [*unreadable(strips)] == []


def grounds(strips: list[Strip]) -> Iterator[int]:
    """Those of texts."""
    segments = (segment for strip in strips for segment in strip)
    return (rgb_of(s.style)[1] for s in segments if s.text.strip() and s.style and s.style.color)


def limit(app: NNExplore, system: str, theme: str) -> None:
    """Draw as in a terminal of so many colours."""
    app._filters = [f for f in app._filters if not isinstance(f, TerminalColours)]
    app.colour_system = system
    app._prepare_colours()
    app.use_theme(theme)
    app.show()


# training and test, right and wrong


@pytest.mark.parametrize(("colour", "ascii"), [(True, False), (False, False), (False, True)])
def test_test_examples_have_marks_of_their_own_and_the_legend_names_them(
    colour: bool, ascii: bool
) -> None:
    canvas, frame = drawn("output", DARK, colour, ascii)
    glyphs, target = canvas.glyphs, target_of(frame)
    grid, _ = map_on(canvas, frame, target, may_shrink=False)
    marks = {
        False: {glyphs.point_positive, glyphs.point_negative, glyphs.wrong},
        True: {glyphs.test_positive, glyphs.test_negative, glyphs.test_wrong},
    }
    assert not marks[True] & marks[False]
    cells = grid.cells(frame.data.X)
    test = np.isin(np.arange(len(cells)), frame.data.test)
    seen = set()
    for column, row in np.unique(cells[test], axis=0).tolist():
        if not (cells[~test] == [column, row]).all(axis=1).any():
            mark = str(canvas.chars[row, grid.left + column])
            assert mark in marks[True] | {glyphs.cursor, glyphs.example}
            assert colour or canvas.bold[row, grid.left + column] or mark == glyphs.cursor
            seen.add(mark)
    assert len(seen & marks[True]) > 1
    legend = [line[grid.left + grid.width :] for line in canvas.text_lines()]
    assert any(f"{glyphs.test_positive} {glyphs.test_negative} in test" in line for line in legend)
    assert any(f"{glyphs.test_wrong} " in line and " wrong" in line for line in legend)


def test_borders_of_tiny_regions_are_left_out_and_those_of_large_ones_stay() -> None:
    """They would be single pale pixels between the marks."""
    session = Session(built_in("circle"))
    session.time.step(300)
    finish_counting(session)
    frame = framed(session)
    regions = frame.regions.map
    assert regions is not None
    box, size = ((-6.0, 6.0), (-6.0, 6.0)), 64
    drawn_at = np.maximum(*border_coverages(regions, box, size)) > 0.05
    rooms = regions.areas / regions.areas.sum() * size * size
    small = rooms[regions.edge_regions].min(axis=1)
    assert (small < 24.0).any()
    middles = in_pixels(regions.edges, box, size).reshape(-1, 2, 2).mean(axis=1)
    columns, rows = np.clip(middles.astype(int), 0, size - 1).T
    on_edge = (np.abs(regions.edges) > 5.999).any(axis=1)
    assert drawn_at[rows, columns][(small > 100.0) & ~on_edge].all()
    only_large = border_coverages(regions, box, 4 * size)
    assert (np.maximum(*only_large) > 0.05).sum() > drawn_at.sum()  # on a larger map more are


def test_without_test_examples_the_legend_does_not_speak_of_them() -> None:
    canvas, frame = drawn("classes", DARK)
    assert not len(frame.data.test)
    assert "in test" not in "".join(canvas.text_lines())


# borders


def test_borders_fade_with_density_and_go_before_they_drown_the_fill() -> None:
    rng, frame = np.random.default_rng(0), frame_of("regions", CIRCLE)
    few = frame.regions.map
    network = Network.from_arrays(
        [rng.normal(size=(40, 2)), rng.normal(size=(1, 40))],
        [rng.normal(size=40) * 3.0, np.zeros(1)],
        activation="relu",
        output="tanh",
    )
    dense = with_network(frame, network)
    many = dense.regions.map
    assert few is not None and many is not None
    assert few.activation_count < 60 and many.activation_count > 250
    box = frame.view.box
    strongest = [max(c.max() for c in border_coverages(m, box, 34)) for m in (few, many)]
    assert strongest[1] < 0.6 * strongest[0]
    # on Explore nothing but the decision is drawn over the fill of so many
    canvases = []
    for shown in (dense, replace(dense, regions=replace(dense.regions, step=-1))):
        canvas, pane = Canvas(60, 18, DARK), OutputPane()
        pane.view = shown
        pane.draw(canvas, shown)
        canvases.append(canvas)
    inside = np.s_[:17, 3:37]
    assert (canvases[0].ground[inside] == canvases[1].ground[inside]).all()


@pytest.mark.parametrize("system", [COLOURS_256, COLOURS_16])
@pytest.mark.parametrize("name", ["output", "regions by output"])
def test_lines_on_a_map_have_no_hue_and_are_dots_where_there_are_16_colours(
    name: str, system: str
) -> None:
    palette = palette_of("dark", system=system)
    canvas, frame = drawn(name, palette)
    assert frame.regions.map is not None
    allowed = {*palette.fill(np.linspace(-1.0, 1.0, 33)).tolist()}
    pixels = canvas.chars[:20, 3:43] == "▀"
    dots = np.char.isalpha(canvas.chars) | (canvas.chars > "⠀") & (canvas.chars <= "⣿")
    if system == COLOURS_256:
        seen = {*canvas.ink[:20, 3:43][pixels].tolist(), *canvas.ground[:20, 3:43].tolist()[0]}
        assert all(c in allowed or float(np.hypot(*oklab(c)[1:])) < 0.001 for c in seen)
    else:
        assert dots[:20, 3:43].sum() > 10
        lit = {*canvas.ink[:20, 3:43][dots[:20, 3:43]].tolist()}
        assert lit <= {palette.hi, palette.bg, palette.negative, palette.positive}
        plain = canvas.ground[:20, 3:43]
        selected = name.startswith("regions")  # its outline is still a line
        assert selected or {*plain.ravel().tolist()} <= allowed | {palette.bg}


@dataclass(frozen=True, eq=False)
class Borders:
    """Borders (m, 4) of regions, all of the first layer."""

    edges: np.ndarray
    activation_count: int = 9

    @property
    def edge_layers(self) -> np.ndarray:
        return np.ones(len(self.edges), dtype=np.int64)


def test_borders_fade_out_wholly_where_they_cover_most_of_the_pixels_and_only_there() -> None:
    bundle = np.array([[x, 0.0, x, 40.0] for x in (30.5, 31.5, 32.5, 33.5, 34.5)])
    single = np.array([[8.5, 0.0, 8.5, 40.0], [0.0, 20.5, 16.0, 20.5]])
    box = ((0.0, 40.0), (0.0, 40.0))
    _, first = border_coverages(Borders(np.concatenate([bundle, single])), box, 40)
    _, alone = border_coverages(Borders(single), box, 40)
    assert first[:, 32].max() == 0.0
    np.testing.assert_array_equal(first[:, :20], alone[:, :20])
    assert first[1:-1, 8].min() > 0.4, "two that cross keep their strength"


# without red and green


def deuteranope(rgb: np.ndarray) -> np.ndarray:
    """The linear colours that a deuteranope sees (Machado, Oliveira, Fernandes 2009)."""
    encoded = channels(rgb) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    )  # fmt: skip
    return np.clip(linear @ matrix.T, 0.0, 1.0)


@pytest.mark.parametrize("system", [TRUECOLOR, COLOURS_256])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_neighbouring_patterns_differ_in_lightness_also_for_a_deuteranope(
    theme: str, system: str
) -> None:
    fills = nearest_all(pattern_fills(palette_of(theme, system=system)), system)
    light = np.cbrt(deuteranope(fills) @ [0.2126, 0.7152, 0.0722])
    for unit in range(7):  # a border switches one unit
        patterns = (np.arange(128)[:, None] >> np.arange(7) & 1).astype(bool)
        beyond = patterns.copy()
        beyond[:, unit] ^= True
        gap = np.abs(light[pattern_codes(patterns)] - light[pattern_codes(beyond)])
        assert gap.min() > 0.03, unit


@pytest.mark.parametrize("theme", THEMES)
def test_no_pattern_has_the_hue_of_a_sign_also_for_a_deuteranope(theme: str) -> None:
    palette = palette_of(theme)
    fills = pattern_fills(palette)
    seen = from_linear(deuteranope(fills))
    signs = from_linear(deuteranope(palette.fill(np.array([-1.0, 1.0]))))
    assert np.hypot(*oklab(seen)[:, 1:].T).max() < 0.5 * np.hypot(*oklab(signs)[:, 1:].T).min()
    for fill in fills.tolist():
        for sign in (palette.negative, palette.positive):
            assert abs((hue(fill) - hue(sign) + 180.0) % 360.0 - 180.0) > 40.0


def from_linear(linear: np.ndarray) -> np.ndarray:
    """Packed colours of linear ones."""
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(255 * encoded).astype(np.int32).T
    packed: np.ndarray = red << 16 | green << 8 | blue
    return packed


def hue(rgb: int) -> float:
    return float(np.degrees(np.arctan2(*oklab(rgb)[:0:-1])))


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_no_layer_has_the_hue_of_a_sign(palette: Palette) -> None:
    for ink in layer_inks(palette, 6).tolist():
        for sign in (palette.negative, palette.positive):
            assert abs((hue(ink) - hue(sign) + 180.0) % 360.0 - 180.0) > 25.0


def test_help_names_the_colours_and_signs_that_are_there() -> None:
    for signs, system, colour, below, above in (
        ("standard", TRUECOLOR, True, "blue", "orange"),
        ("playground", TRUECOLOR, True, "orange", "blue"),
        ("standard", COLOURS_16, True, "cyan with - and =", "yellow with + and #"),
        ("standard", TRUECOLOR, False, "- and =", "+ and #"),
    ):
        output, network = OutputPane(), NetworkPane()
        look = Look(palette_of("dark", signs, system), colour=colour)
        output.look = network.look = look
        assert f"ŷ over the inputs, {below} below and {above} above" in output.help(look.keys)
        edges = below.replace("- and =", "gaps") if system == COLOURS_16 else below
        if not colour:
            edges = "with gaps"
        assert f"Edges are weights: {edges} −, " in network.help(look.keys)
        texts = [kind.HELP.format_map(Words(look.words)) for kind in (OutputPane, NetworkPane)]
        assert colour or not any(name in " ".join(texts) for name in ("blue", "orange", "yellow"))
    look = Look(palette_of("light", system=COLOURS_16))
    assert (look.words["negative_colour"], look.words["positive_colour"]) == ("blue", "red")


class Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


async def test_the_palette_offers_themes_and_sign_colours() -> None:
    async with running(CIRCLE) as (app, pilot):
        commands = {c.title: c.callback for c in app.get_system_commands(app.screen)}
        assert {f"theme: {name}" for name in THEMES} <= commands.keys()
        assert {f"colours: {name}" for name in SIGN_COLOURS} <= commands.keys()
        commands["theme: contrast"]()
        commands["colours: playground"]()
        await settled(pilot)
        assert app.look.palette == palette_of("contrast", "playground")
        assert app.current_theme.background == "#000000"


async def test_a_map_of_several_classes_has_one_title_and_one_form_of_each_name():
    """On GLM it was ŷ where Explore has P(setosa), and petal_width was cut in two ways."""
    async with running(built_in("iris"), (100, 30)) as (app, pilot):
        app.end_demo()
        await press(app, pilot, "5")
        shown = text(app)
        assert "Network P(setosa)" in shown and "Network ŷ" not in shown
        assert set(re.findall(r"\S+…\S*dth", shown)) == {"pe…dth"}
        (head,) = [line for line in shown.splitlines() if "slopes of z" in line]
        assert re.fullmatch(r"\s*slopes of z\s*", head.split("│")[1])
