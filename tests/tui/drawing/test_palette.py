"""The colours: the agreed table, and what the scale promises."""

import numpy as np
import pytest

from tui.drawing.palette import DARK, LIGHT, Palette, hex_colour, mix, textual_theme

# The look agreed on for the app, at values −1, −¾, −½, −¼, ¼, ½, ¾, 1.
TABLE = {
    DARK: "378ad8 326faa 2b547c 22374c 4b321f 794b25 a66228 d17928",
    LIGHT: "4a97e1 71ace8 97c2ee c1daf4 f3d5bf ebb993 e49f6a dc873f",
}
both = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)


def channels(rgb: int) -> np.ndarray:
    return np.array([rgb >> 16, rgb >> 8 & 255, rgb & 255])


def luminance(rgb: int) -> float:
    """Relative luminance, WCAG 2.1 (https://www.w3.org/TR/WCAG21/#dfn-relative-luminance)."""
    c = channels(rgb) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: int, b: int) -> float:
    """Contrast ratio, WCAG 2.1."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@both
def test_fills_are_the_agreed_table_to_one_in_255(palette: Palette) -> None:
    fills = palette.fill([-1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1])
    for got, agreed in zip(fills, TABLE[palette].split(), strict=True):
        assert np.abs(channels(int(got)) - channels(int(agreed, 16))).max() <= 1


@both
def test_zero_is_the_ground_and_contrast_grows_with_size_on_both_sides(palette: Palette) -> None:
    sizes = np.arange(0, 17) / 16
    for sign in (-1, 1):
        ratios = [contrast(int(c), palette.bg) for c in palette.fill(sign * sizes)]
        assert ratios[0] == 1.0
        assert np.all(np.diff(ratios) > 0)


@both
def test_the_scale_has_33_colours_and_its_ends_are_about_equally_light(palette: Palette) -> None:
    fills = palette.fill(np.linspace(-1, 1, 2001))
    assert len(np.unique(fills)) == 33
    assert contrast(int(fills[0]), int(fills[-1])) < 1.15


@both
def test_values_beyond_the_scale_take_its_ends_and_nan_is_paper(palette: Palette) -> None:
    inf = float("inf")
    got = palette.fill([[-inf, -7.0], [inf, float("nan")]])
    low, high = palette.fill([-1.0, 1.0])
    assert got.tolist() == [[low, low], [high, palette.bg]]
    assert palette.fill([0.0, 1.0], zero=palette.sel).tolist() == [palette.sel, high]
    assert palette.fill(0.0) == palette.bg  # the scale itself has not changed


@both
def test_text_can_be_read_and_points_show_on_every_fill(palette: Palette) -> None:
    inks = [palette.ink(v) for v in (-2.0, -0.1, 0.0, 0.1, 2.0)]
    assert len(set(inks)) == 5
    for ink in (*inks, palette.hi, palette.mid, palette.low):
        assert contrast(ink, palette.bg) >= 4.5  # WCAG 2.1, level AA
    for value in np.linspace(0, 1, 17):
        for sign, point in ((-1, palette.point_negative), (1, palette.point_positive)):
            assert contrast(int(palette.fill(sign * value)), point) >= 2.5


def test_the_ink_of_a_number_says_its_sign_and_size_against_the_scale() -> None:
    assert DARK.ink(-3.0, scale=10.0) == DARK.negative_small
    assert DARK.ink(3.0) == DARK.positive
    assert DARK.ink(-0.0) == DARK.low
    assert DARK.ink(float("nan")) == DARK.hi


def test_mixing_is_linear_in_each_channel_and_broadcasts() -> None:
    alpha = np.array([[0.0, 0.25], [0.5, 1.0]])
    got = mix(0x000080, 0xFF4000, alpha)
    assert [[hex_colour(c) for c in row] for row in got.tolist()] == [
        ["#000080", "#401060"],
        ["#802040", "#ff4000"],
    ]
    assert mix(0, [0x11, 0x17, 0x18], 1 / 16).tolist() == [1, 1, 2]  # 1.06, 1.44, 1.5


@both
def test_the_theme_gives_textual_the_same_colours(palette: Palette) -> None:
    theme = textual_theme(palette)
    generated = theme.to_color_system().generate()
    assert theme.name == palette.name
    for name in ("bg", "hi", "mid", "low", "line", "sel"):
        assert theme.variables[name] == hex_colour(getattr(palette, name))
    assert generated["border"] == hex_colour(palette.mid)
    assert generated["background"].lower() == hex_colour(palette.bg)
