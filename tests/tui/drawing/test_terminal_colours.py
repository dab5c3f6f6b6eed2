"""What terminals of few colours get: signs keep their hue, sizes their order, zero is grey."""

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor

from tui.drawing.canvas import Canvas
from tui.drawing.colours.oklab import channels, contrast, luminance, oklab
from tui.drawing.colours.terminal import (
    COLOURS_16,
    COLOURS_256,
    CUBE_GREYS,
    SYSTEMS,
    TRUECOLOR,
    TerminalColours,
    contrast_shown,
    legible,
    nearest,
    numbered,
)
from tui.drawing.glyphs import LEVEL_SIGNS
from tui.drawing.palette import (
    PLAYGROUND,
    SIGN_COLOURS,
    THEMES,
    Palette,
    mix,
    palette_of,
    textual_theme,
)
from tui.panes.explore.weight_edges import edge_inks

RICH = {COLOURS_256: ColorSystem.EIGHT_BIT, COLOURS_16: ColorSystem.STANDARD}
LIMITED = [COLOURS_256, COLOURS_16]
PALETTES = [palette_of(*names) for names in product(THEMES, SIGN_COLOURS, SYSTEMS)]
every = pytest.mark.parametrize(
    "palette", PALETTES, ids=lambda p: f"{p.theme_id}-{p.negative_name}"
)
BLUES = ("blue", "cyan")
INKS = ("negative_small", "negative", "positive_small", "positive")
GREYS = ("bg", "hi", "mid", "low", "line", "sel", "thumbnail")
VALUES = np.linspace(-1.0, 1.0, 33)


def rich_colour(rgb: int) -> Color:
    red, green, blue = channels(rgb).tolist()
    return Color.from_rgb(red, green, blue)


def terminal_number(rgb: int, system: str) -> int:
    """The number that Rich writes for a colour."""
    number = rich_colour(rgb).downgrade(RICH[system]).number
    assert number is not None
    return number


def shown(rgb: int, system: str) -> int:
    """What the terminal shows, after Rich's own conversion."""
    if system == TRUECOLOR:
        return rgb
    if system == COLOURS_16:
        return numbered(terminal_number(rgb, system))
    red, green, blue = Color.from_ansi(terminal_number(rgb, system)).get_truecolor()
    return red << 16 | green << 8 | blue


def sign_of(rgb: int, palette: Palette) -> int:
    """The sign that a colour means in a palette: by blue and red; 0 of grey."""
    red, _, blue = channels(rgb).tolist()
    orange = (red > blue) - (red < blue)
    return -orange if palette.positive_name in BLUES else orange


def hue(rgb: int) -> float:
    """In OKLCH, in degrees."""
    return float(np.degrees(np.arctan2(*oklab(rgb)[:0:-1])))


def apart(hues: Iterable[float]) -> float:
    """The largest angle between hues."""
    return max(abs((a - b + 180.0) % 360.0 - 180.0) for a, b in product(tuple(hues), repeat=2))


def chroma(rgb: int) -> float:
    return float(np.hypot(*oklab(rgb)[1:]))


def colours_of(palette: Palette) -> Iterator[int]:
    """Every colour of a palette."""
    yield from (getattr(palette, name) for name in (*GREYS, *INKS))
    yield from (palette.point_negative, palette.point_positive)
    yield from (palette.negative_on_fill, palette.positive_on_fill)
    for zero in (None, palette.thumbnail):
        yield from palette.fill(VALUES, zero).tolist()
    yield from palette.sequential(np.linspace(0.0, 1.0, 33)).tolist()


@every
def test_rich_leaves_every_colour_of_a_palette_and_of_its_theme_as_it_is(palette: Palette) -> None:
    generated = textual_theme(palette).to_color_system().generate()
    assert generated["background"].lower() == f"#{palette.bg:06x}"
    for rgb in colours_of(palette):
        assert nearest(rgb, palette.system) == rgb
        if palette.system != TRUECOLOR:
            assert np.abs(channels(shown(rgb, palette.system)) - channels(rgb)).max() <= 7


@pytest.mark.parametrize("zero", ["bg", "thumbnail"])
@every
def test_fills_keep_the_hue_of_their_sign_and_go_away_from_zero_with_size(
    palette: Palette, zero: str
) -> None:
    ground = getattr(palette, zero)
    fills = [shown(c, palette.system) for c in palette.fill(VALUES, ground).tolist()]
    assert fills[16] == shown(ground, palette.system)
    assert chroma(fills[16]) < 0.03
    for sign, side in ((-1, fills[15::-1]), (1, fills[17:])):
        assert {sign_of(c, palette) for c in side if chroma(c) > 0.04} == {sign}
        coloured = [c for c in side if chroma(c) > 0.04]
        assert {*side[4:]} <= {*coloured}
        # one hue: 24 degrees hold the blues 25 32 39, the oranges 130 172 208, and red and light
        # red, but not navy beside teal, nor dark red beside olive
        if not palette.few or not palette.dark:
            assert apart(map(hue, coloured)) <= 24.0
        assert all(sign_of(c, palette) == sign for c in coloured)
        steps = np.diff(oklab([fills[16], *side])[:, 0]) * (1 if palette.dark else -1)
        assert (steps >= 0.0).all()
        # below a pale thumbnail there is no grey that is paler than the first orange
        pale = palette.system == COLOURS_256 and not palette.dark and zero == "thumbnail"
        assert (steps > 0.0).sum() >= (2 if palette.few else 3 if pale else 4)


@every
def test_numbers_edges_and_fills_of_a_sign_have_one_hue(palette: Palette) -> None:
    for sign, names in ((-1, INKS[:2]), (1, INKS[2:])):
        fills = palette.fill(sign * np.array([0.4, 0.7, 1.0])).tolist()
        edges = edge_inks(palette, sign * np.array([0.1, 0.5, 1.0])).tolist()
        inks = [getattr(palette, name) for name in names]
        # the brown of a VGA card, 55 degrees from its yellow, is yellow on other terminals
        colours = [shown(c, palette.system) for c in (*fills, *edges, *inks)]
        assert apart(map(hue, colours)) <= (60.0 if palette.few else 30.0)
        if palette.few:
            assert {*edges} == {palette.ink(sign)}


@pytest.mark.parametrize("theme", THEMES)
def test_no_fill_of_256_colours_is_more_vivid_than_one_that_is_larger(theme: str) -> None:
    """As navy was, which stood out from the paler blue of larger values."""
    palette = palette_of(theme, system=COLOURS_256)
    for sign in (-1.0, 1.0):
        chromas = [chroma(c) for c in palette.fill(sign * np.arange(17) / 16).tolist()]
        assert (np.diff(chromas) >= -1e-6).all()


@every
def test_edges_and_numbers_have_the_hue_of_their_sign(palette: Palette) -> None:
    strengths = np.concatenate([-np.linspace(1.0, 0.02, 20), np.linspace(0.02, 1.0, 20)])
    for strength, rgb in zip(strengths, edge_inks(palette, strengths).tolist(), strict=True):
        assert sign_of(shown(rgb, palette.system), palette) == np.sign(strength)
    for name in INKS:
        ink = shown(getattr(palette, name), palette.system)
        assert sign_of(ink, palette) == (-1 if name.startswith("negative") else 1)
        assert contrast(ink, shown(palette.bg, palette.system)) >= 4.5


@every
def test_a_number_in_a_selected_row_keeps_the_hue_of_its_sign(palette: Palette) -> None:
    """Large positive ones were grey on the pale row of 256 colours."""
    for name in INKS:
        ink = shown(
            legible(getattr(palette, name), palette.sel, 4.5, palette.system), palette.system
        )
        assert contrast(ink, shown(palette.sel, palette.system)) >= 4.4
        if not palette.few:
            assert sign_of(ink, palette) == (-1 if name.startswith("negative") else 1)
            assert chroma(ink) > 0.04


@every
def test_greys_are_grey_and_text_can_be_read(palette: Palette) -> None:
    for name in GREYS:
        limit = 0.001 if palette.system != TRUECOLOR else 0.03
        assert chroma(shown(getattr(palette, name), palette.system)) < limit
    least = 7.0 if "contrast" in palette.name else 4.5
    for name in ("hi", "mid", "low"):
        ink = shown(getattr(palette, name), palette.system)
        assert contrast(ink, shown(palette.bg, palette.system)) >= least


@every
def test_a_line_over_a_fill_is_grey_or_keeps_the_hue_of_its_sign(palette: Palette) -> None:
    fills = palette.fill(VALUES)
    grounds = {int(c) for c in fills}
    for alpha in (0.1, 0.25, 0.4, 0.5, 0.75, 1.0):
        lined = palette.covered(fills, palette.hi, np.full(len(fills), alpha)).tolist()
        for value, fill, rgb in zip(VALUES, fills.tolist(), lined, strict=True):
            assert nearest(rgb, palette.system) == rgb
            if palette.system != TRUECOLOR:  # a mixture would be purple or pink
                assert rgb in grounds or chroma(rgb) < 0.001
            elif chroma(rgb) > 0.04:
                assert sign_of(rgb, palette) == np.sign(value)
                assert apart((hue(rgb), hue(fill))) < 40.0


@pytest.mark.parametrize("theme", THEMES)
def test_a_strong_line_over_fills_of_256_colours_is_one_grey_that_no_fill_is(theme: str) -> None:
    """Pixels that it covers in part had greys of their own, those of fills near zero."""
    palette = palette_of(theme, system=COLOURS_256)
    coverage, values = np.meshgrid(np.linspace(0.4, 1.0, 13), VALUES)
    lined = {*palette.covered(palette.fill(values), palette.hi, coverage).ravel().tolist()}
    assert lined == {palette.hi}
    assert contrast(palette.fill(VALUES[12:21]), palette.hi).min() >= 4.0


@pytest.mark.parametrize("theme", THEMES)
def test_of_256_colours_a_tenth_of_the_scale_shows_its_sign(theme: str) -> None:
    """The maps of most fits were grey."""
    palette = palette_of(theme, system=COLOURS_256)
    fills = palette.fill(np.array([-0.1, 0.1])).tolist()
    assert [sign_of(c, palette) for c in fills] == [-1, 1]
    assert min(map(chroma, fills)) > 0.04


@every
def test_what_takes_no_part_loses_the_colours_of_both_signs_alike(palette: Palette) -> None:
    faded = palette.faded(palette.fill(VALUES)).tolist()
    if palette.system != TRUECOLOR:
        assert max(map(chroma, faded)) < 0.001
        style = TerminalColours(palette.system)
        for rgb in mix(palette.fill(VALUES), palette.bg, 0.6).tolist():  # what a dialog dims
            segments = [Segment("a", Style(color=rich_colour(rgb)))]
            done = style.apply(segments, TextualColor(0, 0, 0))[0].style
            assert done is not None and done.color is not None and done.color.triplet is not None
            dimmed = int(done.color.triplet.hex[1:], 16)
            assert chroma(dimmed) < 0.001 or dimmed in palette.fill(VALUES)
    else:
        assert {sign_of(c, palette) for c in faded if chroma(c) > 0.01} == {-1, 1}


def test_ink_on_brown_and_yellow_of_16_colours_is_black() -> None:
    """Terminals show colour 3 as brown or as yellow, on which white cannot be read."""
    for number, ink in product((3, 11), (7, 11, 14, 15)):
        for ratio in (3.0, 4.5):
            assert legible(numbered(ink), numbered(number), ratio, COLOURS_16) == numbered(0)
    for theme, sign in product(("dark", "contrast"), (-1.0, 1.0)):
        palette = palette_of(theme, system=COLOURS_16)
        canvas = Canvas(2, 1, palette)
        canvas.levels(0, 0, sign * np.array([[0.3, 1.0], [0.3, 1.0]]))
        assert canvas.ink[0].tolist() == [0, 0]
        canvas.marks([0, 1], [0, 0], "•", palette.point_positive)
        assert canvas.ink[0].tolist() == [0, 0]


@every
def test_lists_and_fields_of_textual_can_be_read(palette: Palette) -> None:
    generated = textual_theme(palette).to_color_system().generate()
    least = 7.0 if "contrast" in palette.name else 4.5

    def colour(name: str) -> int:
        return shown(int(TextualColor.parse(generated[name]).hex[1:7], 16), palette.system)

    pairs = [("foreground", "panel"), ("text-disabled", "panel"), ("foreground", "surface")]
    pairs += [(f"block-cursor-{s}foreground", f"block-cursor-{s}background")
              for s in ("", "blurred-")]  # fmt: skip
    for ink, ground in pairs:
        assert contrast(colour(ink), colour(ground)) >= least, (ink, ground)
    selected = colour("block-cursor-blurred-background")
    assert selected == shown(palette.sel, palette.system) != colour("panel")


@every
def test_sizes_without_a_sign_are_greys_that_go_one_way(palette: Palette) -> None:
    greys = [
        shown(c, palette.system) for c in palette.sequential(np.linspace(0.0, 1.0, 33)).tolist()
    ]
    assert greys[0] == shown(palette.bg, palette.system)
    assert max(map(chroma, greys)) < 0.03
    steps = np.diff(luminance(greys)) * (1 if palette.dark else -1)
    assert (steps >= 0.0).all() and (steps > 0.0).sum() >= (2 if palette.few else 6)


def test_playground_exchanges_the_signs_and_nothing_else() -> None:
    for theme, system in product(THEMES, SYSTEMS):
        ours, theirs = palette_of(theme, system=system), palette_of(theme, PLAYGROUND, system)
        assert theirs.fill(VALUES).tolist() == ours.fill(-VALUES).tolist()
        assert (theirs.ink(-1.0), theirs.ink(0.1)) == (ours.ink(1.0), ours.ink(-0.1))
        assert theirs.negative_name == ours.positive_name
        assert all(getattr(theirs, name) == getattr(ours, name) for name in GREYS)


def test_each_colour_of_a_terminal_stands_for_itself() -> None:
    for system, numbers in ((COLOURS_256, range(16, 256)), (COLOURS_16, range(16))):
        for number in set(numbers) - {*CUBE_GREYS}:
            assert terminal_number(numbered(number), system) == number
            assert nearest(numbered(number), system) == numbered(number)


def test_dark_grey_is_not_navy() -> None:
    """Rich makes #262d36 navy, which here means a negative number."""
    assert shown(0x262D36, COLOURS_256) == 0x00005F
    for rgb in (0x262D36, 0x0F1216, 0x323A44, 0x7A8694, 0xE4E7EA):
        assert all(chroma(shown(nearest(rgb, system), system)) < 0.001 for system in LIMITED)


@given(
    st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF), st.sampled_from([3.0, 4.5]),
    st.sampled_from(SYSTEMS),
)  # fmt: skip
@settings(max_examples=30)
def test_an_ink_is_made_legible_on_any_ground_if_it_was_not(
    ink: int, ground: int, ratio: float, system: str
) -> None:
    ink, ground = nearest(ink, system), nearest(ground, system)
    found = legible(ink, ground, ratio, system)
    reached = contrast_shown(found, ground, system)
    # there is nothing as dark as 4.5 on a brown that is also yellow, and black comes nearest
    assert reached >= ratio or ((found, ground) == (0, numbered(3)) and reached >= 3.9)
    assert found == ink or contrast_shown(ink, ground, system) < ratio


def test_what_textual_draws_is_limited_too_and_loses_nothing_else() -> None:
    style = Style(color=rich_colour(0x1D2228), bgcolor=rich_colour(0x0B0D10), bold=True)
    segments = [Segment("a", style), Segment("b", None), Segment("c", Style(bold=True))]
    for system in LIMITED:
        done = TerminalColours(system).apply(segments, TextualColor(0, 0, 0))
        assert [segment.text for segment in done] == ["a", "b", "c"]
        first, second, third = (segment.style for segment in done)
        assert first is not None and first.bold and second is None and third == Style(bold=True)
        for colour in (first.color, first.bgcolor):
            assert colour is not None and colour.triplet is not None
            red, green, blue = colour.triplet
            assert red == green == blue


def test_with_16_colours_a_map_shows_sign_and_size_by_signs_too() -> None:
    values = np.repeat([[-1.0, -0.3, 0.0, 0.3, 1.0]], 2, axis=0)
    for theme, signs in product(THEMES, SIGN_COLOURS):
        palette = palette_of(theme, signs, COLOURS_16)
        canvas = Canvas(5, 1, palette)
        canvas.levels(0, 0, values)
        assert canvas.text_lines() == [LEVEL_SIGNS]
        assert canvas.ground[0].tolist() == palette.fill(values[0]).tolist()
        canvas.levels(0, 0, np.abs(values), sizes=True)
        assert canvas.text_lines() == ["#-.-#"]


@every
def test_a_mark_loses_the_faint_line_beneath_it_but_not_the_decision(palette: Palette) -> None:
    ones = np.ones((2, 3))
    for lines, faint, kept in (([], [(ones, palette.hi)], False), ([(ones, palette.hi)], [], True)):
        canvas = Canvas(3, 1, palette)
        canvas.levels(0, 0, -0.8 * ones, lines, faint)
        canvas.marks([1], [0], "•", palette.point_negative)
        at_mark = int(canvas.ground[0, 1])
        assert (at_mark == palette.hi) == kept
        assert kept or at_mark == palette.fill(-0.8)
        assert canvas.ground[0, 0] == palette.hi
        style = next(segment.style for segment in canvas.strip(0) if "•" in segment.text)
        assert style is not None and style.color is not None and style.bgcolor is not None
        ink, ground = (
            int(colour.get_truecolor().hex[1:], 16) for colour in (style.color, style.bgcolor)
        )
        assert contrast(ink, ground) >= 3.0
