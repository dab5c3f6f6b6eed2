"""Texts in cells: wide scripts, and signs that say the same in ASCII."""

from itertools import combinations
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.drawing.canvas import Canvas
from tui.drawing.cells import FILLER, cell_count, first_fitting, padded, unpadded
from tui.drawing.glyphs import ASCII, LEVEL_SIGNS, UNICODE, ascii_text
from tui.drawing.palette import DARK

ANY = st.text(
    st.characters() | st.sampled_from("面楼가ก็é🙂👍🏽🇩🇪\u200d\ufe0f\u0301" + FILLER), max_size=12
)
RELATIONS = "<>=≤≥≠≈±→←"
QUANTITIES = "aCdxyzwbWŷδ∂ημσβεΔ∇"
MAP_MARKS = ("point_positive", "point_negative", "wrong", "example", "cursor", "flip", "network")


def drawn(*texts_at: tuple[int, str], width: int = 12) -> str:
    canvas = Canvas(width, 1, DARK)
    for x, text in texts_at:
        canvas.text(x, 0, text)
    (strip,) = canvas.strips()
    assert strip.cell_length == cell_len(strip.text) == width
    return strip.text


def test_a_wide_character_takes_two_cells_and_is_never_drawn_by_half() -> None:
    assert drawn((0, "面积 3"), width=8) == "面积 3  "
    assert drawn((-1, "面积"), width=4) == " 积 "
    assert drawn((0, "a面积"), width=4) == "a面 "
    assert drawn((0, "面积"), (1, "x"), width=4) == " x积"
    assert drawn((0, "面积"), (2, "x"), width=4) == "面x "
    canvas = Canvas(6, 1, DARK)
    canvas.right(6, 0, "面积")
    canvas.marks([0], [0], "面")
    assert canvas.text_lines() == ["面面积"]
    other = Canvas(3, 1, DARK)
    other.paste(canvas, -1, 0)
    assert other.text_lines() == [" 面"]


def test_names_from_files_cannot_shift_a_row() -> None:
    assert drawn((0, "a中e\u0301\t\x1bé\u00a0─"), width=9) == "a中é ?é ─"
    assert drawn((0, "👍🏽 👩\u200d👧 🇩🇪 ❤\ufe0f"), width=13) == "👍 👩👧 DE ❤ "


@given(ANY)
def test_a_padded_text_has_a_character_a_cell_and_padding_is_done_once(said: str) -> None:
    text = padded(said)
    assert len(text) == cell_count(text) == cell_count(unpadded(text))
    assert padded(text) == text


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(-4, 12), ANY), max_size=5), st.integers(1, 14))
def test_whatever_texts_overlap_a_row_has_its_width(
    parts: list[tuple[int, str]], width: int
) -> None:
    drawn(*parts, width=width)
    canvas = Canvas(width, 1, DARK)
    for x, text in parts:
        canvas.right(x, 0, text, ink=x + 5)
        canvas.marks([x], [0], text[:1])
        canvas.dots(x, 0, np.ones((4, 2), dtype=np.bool_), 3)
    (strip,) = canvas.strips()
    assert strip.cell_length == cell_len(strip.text) == width


def test_a_form_is_chosen_by_its_cells() -> None:
    assert first_fitting(["面积", "abc"], 3) == "abc"
    assert first_fitting(["面积", "abc"], 4) == "面积"


# in ASCII


@given(st.text())
def test_transliteration_leaves_only_ascii_and_keeps_the_length_but_for_relations(
    said: str,
) -> None:
    plain = ascii_text(said)
    assert all(" " <= char <= "~" for char in plain)
    assert len(plain) == len(said) + sum(len(ascii_text(c)) - 1 for c in said)
    assert ascii_text(plain) == plain


@pytest.mark.parametrize("spell", [ascii_text, ASCII.prose, ASCII.words, ASCII.formula])
def test_no_relation_becomes_another(spell) -> None:
    shown = [ascii_text(spell(f"z {sign} 0")) for sign in RELATIONS]
    assert len(set(shown)) == len(RELATIONS) - 2 * (spell in (ascii_text, ASCII.formula))
    relations = [ascii_text(spell(f"z {sign} 0")) for sign in RELATIONS.strip("→←")]
    assert len(set(relations)) == len(relations)


@pytest.mark.parametrize("spell", [ASCII.prose, ASCII.formula])
def test_no_quantity_becomes_another_in_sentences_and_formulas(spell) -> None:
    names = [sign for sign in QUANTITIES if sign not in "d"]  # ∂ is written d, as in dC/db
    alike = {
        first + second
        for first, second in combinations(names, 2)
        if ascii_text(spell(first)) == ascii_text(spell(second))
    }
    assert alike <= {"Δ∇"}
    assert ascii_text(spell("δ")) != ascii_text(spell("∂"))


def test_marks_on_a_map_differ_from_each_other_and_from_its_fills() -> None:
    for glyphs in (UNICODE, ASCII):
        marks = [getattr(glyphs, name) for name in MAP_MARKS]
        assert len({*marks, *LEVEL_SIGNS}) == len(marks) + len(LEVEL_SIGNS)
        assert len({glyphs.check, glyphs.fail, glyphs.dot, glyphs.wrong}) == 4


def test_a_letter_with_an_accent_is_that_letter_however_it_was_typed() -> None:
    for form in ("NFC", "NFD"):
        assert ascii_text(normalize(form, "café Müller ế")) == "cafe Muller e"


def test_a_separator_an_ellipsis_and_a_product_differ() -> None:
    assert ascii_text("a · b") == "a . b"
    assert ascii_text("cut… x") == "cut~ x"
    assert ascii_text("n·R²") == "n*R2"
    assert ASCII.prose("n·R² … ŷ") == "n*R^2 ... yh"
    assert len({ascii_text(char) for char in "✓✗▸·"}) == 4
