"""The canvas: what it draws, where it cuts, and what its strips hold."""

from dataclasses import fields
from typing import Any
from unicodedata import name

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from scipy.ndimage import label
from screen import press, running, text
from textual.strip import Strip

from engine import Experiment
from tui.drawing.braille import curve_dots, edge_widths, line_coverage
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs, ascii_text
from tui.drawing.palette import DARK, mix

MAP = np.array([[-1.0, -0.3, 0.0, 0.3, 1.0, np.nan]]).repeat(2, axis=0)


def looks(strip: Strip) -> list[tuple[str, int, int]]:
    """Character, ink and ground of each cell."""

    def packed(colour: Any) -> int:
        red, green, blue = colour.get_truecolor()
        return int(red << 16 | green << 8 | blue)

    return [
        (char, packed(segment.style.color), packed(segment.style.bgcolor))
        for segment in strip
        for char in segment.text
        if segment.style is not None
    ]


# text, marks and bars


def test_text_is_cut_at_every_edge_and_aligned_to_either_side() -> None:
    canvas = Canvas(5, 3, DARK)
    canvas.text(-2, 0, "abcd")
    canvas.text(3, 1, "abcd")
    canvas.right(5, 2, "+1.0")
    canvas.text(0, 3, "below")
    canvas.text(0, -1, "above")
    assert canvas.text_lines() == ["cd   ", "   ab", " +1.0"]


def test_a_mark_on_two_pixels_stands_on_their_mean() -> None:
    canvas = Canvas(2, 1, DARK)
    canvas.pixels(0, 0, [[0x204060, 0x204060], [0x604020, 0x604020]])
    canvas.marks([1, 9], [0, 0], "•", ink=0xFFFFFF)
    pixel, mark = looks(canvas.strip(0))
    assert pixel == ("▀", 0x204060, 0x604020)
    assert mark == ("•", 0xFFFFFF, 0x404040)


@pytest.mark.parametrize(
    ("fraction", "right", "left"),
    [
        (0.0, "    │    ", "    │    "),
        (0.01, "    │╸   ", "   ╺│    "),
        (0.5, "    │━━  ", "  ━━│    "),
        (0.625, "    │━━╸ ", " ╺━━│    "),
        (7.0, "    │━━━━", "━━━━│    "),
        (float("nan"), "    │    ", "    │    "),
    ],
)
def test_bars_grow_by_half_cells_and_only_zero_has_none(
    fraction: float, right: str, left: str
) -> None:
    for value, line in ((fraction, right), (-fraction, left)):
        canvas = Canvas(9, 2, DARK)
        canvas.signed_bar(4, 0, 4, value)
        canvas.bar(5, 1, 4, value)
        assert canvas.text_lines()[0] == line
        assert canvas.text_lines()[1].strip() == (right[5:].strip() if value > 0 else "")


# maps


def test_an_odd_height_leaves_the_last_half_cell_as_it_was() -> None:
    canvas = Canvas(1, 2, DARK)
    canvas.paint(0, 0, 1, 2, DARK.sel)
    canvas.pixels(0, 0, [[1], [2], [3]])
    assert [looks(strip) for strip in canvas.strips()] == [[("▀", 1, 2)], [("▀", 3, DARK.sel)]]


def test_pixels_cut_at_the_top_left_keep_their_places() -> None:
    whole, cut = Canvas(3, 3, DARK), Canvas(2, 2, DARK)
    rgb = np.arange(5 * 3).reshape(5, 3)
    whole.pixels(0, 0, rgb)
    cut.pixels(-1, -1, rgb)
    assert [looks(s)[1:] for s in whole.strips()[1:]] == [looks(s) for s in cut.strips()]


def test_in_colour_a_map_is_fills_with_lines_mixed_in() -> None:
    canvas = Canvas(6, 1, DARK)
    coverage = np.zeros(MAP.shape)
    coverage[0, 4] = 0.5
    canvas.levels(0, 0, MAP, [(coverage, DARK.hi)], zero=DARK.sel)
    fills = DARK.fill(MAP[0], zero=DARK.sel).tolist()
    inks = [*fills[:4], int(mix(fills[4], DARK.hi, 0.5)), fills[5]]
    assert looks(canvas.strip(0)) == [("▀", i, g) for i, g in zip(inks, fills, strict=True)]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_without_colour_sign_and_size_are_told_by_glyphs(glyphs: Glyphs) -> None:
    canvas = Canvas(6, 1, DARK, glyphs, colour=False)
    canvas.levels(0, 0, MAP)
    assert canvas.text_lines() == ["=-.+# "]
    assert {ground for _, _, ground in looks(canvas.strip(0))} == {DARK.bg}


def test_in_ascii_with_colour_a_map_has_both_glyphs_and_fills() -> None:
    canvas = Canvas(6, 1, DARK, ASCII)
    canvas.levels(0, 0, MAP)
    assert canvas.text_lines() == ["=-.+# "]
    assert [ground for _, _, ground in looks(canvas.strip(0))] == DARK.fill(MAP[0]).tolist()


# dots and curves


def test_each_dot_is_the_one_unicode_numbers_so() -> None:
    # The standard numbers the dots 1 2 3 7 down the left and 4 5 6 8 down the right column.
    numbers = np.array([[1, 4], [2, 5], [3, 6], [7, 8]])
    for (row, column), number in np.ndenumerate(numbers):
        canvas, mask = Canvas(1, 1, DARK), np.zeros((4, 2), dtype=bool)
        mask[row, column] = True
        canvas.dots(0, 0, mask, 0x123456)
        assert name(canvas.text_lines()[0]) == f"BRAILLE PATTERN DOTS-{number}"
        assert looks(canvas.strip(0))[0][1:] == (0x123456, DARK.bg)


@pytest.mark.parametrize(("clearing", "first"), [(None, "15"), (1, "5"), (0, "15")])
def test_the_strongest_owns_the_cell_and_may_clear_it(clearing: int | None, first: str) -> None:
    owners = np.full((4, 6), -1)
    owners[0, [0, 2]] = 0
    owners[1, 1] = 1
    canvas = Canvas(3, 1, DARK)
    canvas.dots(0, 0, owners, [0xAA, 0xBB], clearing)
    (shared, ink, _), (weak, weak_ink, _), (nothing, _, _) = looks(canvas.strip(0))
    assert (ink, weak_ink, nothing) == (0xBB, 0xAA, " ")
    assert name(shared) == f"BRAILLE PATTERN DOTS-{first}"
    assert name(weak) == "BRAILLE PATTERN DOTS-1"


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_a_curve_is_one_connected_line_between_its_ends(ends: list[int]) -> None:
    x0, y0, x1, y1 = ends
    dots = curve_dots(31, 16, [(x0, y0)], [(x1, y1)], [1]) == 0
    assert dots[y0, x0]
    assert dots[y1, x1]
    assert label(dots, np.ones((3, 3)))[1] == 1
    lit, (width, height) = np.argwhere(dots), (abs(x1 - x0), abs(y1 - y0))
    assert np.ptp(lit, axis=0).tolist() == [height, width]
    assert max(width, height) + 1 <= len(lit) <= width + height + 1


def test_curves_leave_and_arrive_level() -> None:
    dots = curve_dots(21, 11, [(0, 0)], [(40, 40)], [1]) == 0
    assert np.flatnonzero(dots[:, :2].any(axis=1)).tolist() == [0]
    assert np.flatnonzero(dots[:, 39:41].any(axis=1)).tolist() == [40]
    assert dots[20, 20]


def test_widths_are_one_two_or_three_dots_and_the_weakest_is_one_dot_in_three() -> None:
    strengths = [0.0, 0.14, 0.15, 0.29, 0.3, 0.64, 0.65, 1.0]
    assert edge_widths(strengths).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    for width in (1, 2, 3):
        level = curve_dots(15, 2, [(0, 4)], [(29, 4)], [width]) == 0
        upright = curve_dots(3, 8, [(2, 0)], [(2, 29)], [width]) == 0
        assert set(level.sum(axis=0)) == {width}
        assert set(upright[:30].sum(axis=1)) == {width}
    dotted = curve_dots(15, 2, [(0, 4)], [(29, 4)], [0]) == 0
    assert np.flatnonzero(dotted[4]).tolist() == list(range(0, 30, 3))


def test_where_curves_cross_the_later_owns_the_dot() -> None:
    starts, ends, widths = [(0, 0), (0, 19), (0, 9)], [(19, 19), (19, 0), (19, 9)], [1, 3, 2]
    alone = [
        curve_dots(10, 5, [start], [end], [width]) == 0
        for start, end, width in zip(starts, ends, widths, strict=True)
    ]
    expected = np.full((20, 20), -1)
    for i, dots in enumerate(alone):
        expected[dots] = i
    assert np.array_equal(curve_dots(10, 5, starts, ends, widths), expected)
    assert (curve_dots(2, 1, [], [], []) == -1).all()


# line coverage


def test_level_and_upright_lines_cover_what_a_ruler_says() -> None:
    through_centres, on_a_border = (-3, 2.5, 9, 2.5), (-3, 2.0, 9, 2.0)
    for segment, thickness, rows in (
        (through_centres, 0.9, [0, 0, 0.9, 0, 0]),
        (on_a_border, 0.9, [0, 0.45, 0.45, 0, 0]),
        (through_centres, 1.6, [0, 0.3, 1, 0.3, 0]),
        ((9, 1.7, -3, 1.7), 1.0, [0, 0.8, 0.2, 0, 0]),
    ):
        expected = np.array(rows)[:, None].repeat(4, axis=1)
        x0, y0, x1, y1 = segment
        level = line_coverage(4, 5, [segment], thickness)
        upright = line_coverage(5, 4, [(y0, x0, y1, x1)], thickness)
        np.testing.assert_allclose(level, expected, atol=1e-12)
        np.testing.assert_allclose(upright, expected.T, atol=1e-12)


@pytest.mark.parametrize("thickness", [0.9, 3.0])
def test_slanted_lines_cover_what_16_by_16_samples_count(thickness: float) -> None:
    rng = np.random.default_rng(4)
    size, fine = 12, 16
    y, x = (np.mgrid[: size * fine, : size * fine] + 0.5) / fine
    points = np.stack([x, y], axis=-1)
    for segment in rng.uniform(-6, 18, (20, 4)):
        a, b = segment[:2], segment[2:]
        t = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        inside = np.linalg.norm(points - a - t[..., None] * (b - a), axis=-1) <= thickness / 2
        counted = inside.reshape(size, fine, size, fine).mean(axis=(1, 3))
        got = line_coverage(size, size, [segment], thickness)
        assert np.abs(got - counted).max() < 0.2
        assert np.isclose(got.sum(), counted.sum(), rtol=0.05, atol=0.3)


def test_a_line_drawn_twice_or_in_pieces_covers_no_more() -> None:
    whole = line_coverage(9, 9, [(0, 0.3, 9, 7.2)])
    pieces = line_coverage(9, 9, [(0, 0.3, 4.5, 3.75), (9, 7.2, 4.5, 3.75), (0, 0.3, 9, 7.2)])
    np.testing.assert_allclose(pieces, whole, atol=1e-12)
    assert not line_coverage(3, 3, np.empty((0, 4))).any()


# strips


def test_equal_neighbours_share_one_segment() -> None:
    canvas = Canvas(8, 1, DARK)
    canvas.text(2, 0, "ab", bold=True)
    assert [segment.text for segment in canvas.strip(0)] == ["  ", "ab", "    "]


def test_only_rows_that_differ_are_changed() -> None:
    def drawn() -> Canvas:
        canvas = Canvas(4, 5, DARK)
        canvas.text(0, 2, "same")
        return canvas

    now = drawn()
    assert now.changed_rows(drawn()) == []
    now.text(0, 0, "x")
    now.text(0, 2, "same", bold=True)
    now.paint(3, 3, 1, 1, DARK.sel)
    now.text(0, 4, " ", ink=DARK.low)
    assert now.changed_rows(drawn()) == [0, 2, 3, 4]
    assert now.changed_rows(Canvas(4, 4, DARK)) == [0, 1, 2, 3, 4]


# characters


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_every_glyph_can_be_drawn_and_marks_take_one_cell(glyphs: Glyphs) -> None:
    words = {"y_hat", "delta", "eta", "nabla", "squared", "pause", "check"}
    rows = {"left_bracket", "right_bracket", "left_paren", "right_paren"}
    for field in fields(Glyphs):
        value = getattr(glyphs, field.name)
        if not isinstance(value, str):
            continue
        assert glyphs.text(value) == value
        assert cell_len(value) == len(value)
        if field.name in rows:
            assert len(value) == 3
        elif field.name not in words and not field.name.endswith("scripts"):
            assert len(value) == 1
        assert "?" not in ascii_text(value)


def test_labels_are_spelt_in_both_alphabets() -> None:
    def labels(g: Glyphs) -> list[str]:
        words = [f"a{g.layer(12)}{g.sub(3)}", g.x(1), g.y_hat, g.dC_db, g.norm_dC_dw, g.eta]
        return [*words, g.nabla_check, g.derivative(g.y_hat, g.x(2)), g.norm(g.delta)]

    assert labels(UNICODE) == [
        *("a⁽¹²⁾₃", "x₁", "ŷ", "∂C/∂b", "‖∂C/∂w‖", "η"),
        *("∇ check", "∂ŷ/∂x₂", "‖δ‖"),
    ]
    assert labels(ASCII) == [
        *("a(12)3", "x1", "yh", "dC/db", "|dC/dw|", "lr"),
        *("grad check", "dyh/dx2", "|delta|"),
    ]


def test_sentences_in_ascii_keep_what_tells_signs_apart() -> None:
    said = "Residual by ŷ: what is left of y.\nη 0.1 → 0.2, μ ≤ ∇C, x1 … x3"
    assert UNICODE.prose(said) == said
    assert (
        ASCII.prose(said)
        == "Residual by yh: what is left of y.\nlr 0.1 -> 0.2, mu <= gradC, x1 ... x3"
    )


def test_arrow_keys_in_ascii_have_their_names() -> None:
    assert [UNICODE.keys("↑↓"), UNICODE.keys("shift+→")] == ["↑↓", "shift+→"]
    assert [ASCII.keys("↑ k"), ASCII.keys("shift+→")] == ["up k", "shift+right"]
    assert ASCII.text(ASCII.keys("↑↓ 3 more")) == "^v 3 more"


async def test_in_ascii_help_dialogs_and_messages_are_ascii() -> None:
    async with running(Experiment(hidden=(2,)), ascii=True) as (app, pilot):
        await press(app, pilot, "up")
        assert ", . step" in text(app)
        for keys in (["f1"], ["o", "f1"], ["o", "down", "down", "enter"], ["i", "+", "e"], ["a"]):
            await press(app, pilot, "up", *("plus" if key == "+" else key for key in keys))
            assert text(app).isascii()
            await press(app, pilot, "escape", "escape", "1")


PLACES = st.integers(-12, 24)
VALUES = st.floats(-2, 2) | st.sampled_from([float("nan"), float("inf"), float("-inf")])
GRIDS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=9)
)
DRAWINGS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), PLACES, PLACES, st.text(max_size=12)),
        st.tuples(st.just("right"), PLACES, PLACES, st.text(max_size=12)),
        st.tuples(st.just("marks"), PLACES, PLACES, st.characters()),
        st.tuples(st.just("bar"), PLACES, PLACES, st.integers(0, 9), VALUES),
        st.tuples(st.just("signed_bar"), PLACES, PLACES, st.integers(0, 9), VALUES),
        st.tuples(st.just("levels"), PLACES, PLACES, GRIDS),
        st.tuples(st.just("dots"), PLACES, PLACES, st.lists(st.integers(-1, 2), min_size=48)),
        st.tuples(st.just("paint"), PLACES, PLACES, st.integers(0, 9), st.integers(0, 9)),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(DRAWINGS, st.integers(0, 14), st.integers(0, 7), st.booleans(), st.booleans())
def test_whatever_is_drawn_every_strip_has_the_canvas_width_and_ascii_stays_ascii(
    drawings: list[Any], width: int, height: int, ascii: bool, colour: bool
) -> None:
    canvas = Canvas(width, height, DARK, ASCII if ascii else UNICODE, colour)
    for method, x, y, *what in drawings:
        if method == "dots":
            what = [np.array(what[0][:48]).reshape(8, 6), [1, 2, 3]]
        if method == "paint":
            what = [*what, DARK.sel]
        getattr(canvas, method)(x, y, *what)
    strips = canvas.strips()
    assert len(strips) == height
    for strip, line in zip(strips, canvas.text_lines(), strict=True):
        assert strip.text == line
        assert cell_len(line) == strip.cell_length == width
        if ascii:
            assert all(" " <= char <= "~" for char in line)
