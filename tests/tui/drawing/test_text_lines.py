"""Texts are wrapped between words, and a number is a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import ASCII, ascii_text
from tui.drawing.palette import DARK
from tui.drawing.text_lines import (
    Span,
    draw_line,
    draw_words,
    fitting_lines,
    shorter_forms,
    split_words,
    truncated_text,
    width_of,
    words,
    wrapped,
)


def lines_of(text: str, width: int) -> tuple[list[str], list[str]]:
    """The text as both functions wrap it."""
    spans = words(text, 0, width)
    return ["".join(span.text for span in line).strip() for line in spans], wrapped(text, width)


@given(n=st.integers(0, 10**9), width=st.integers(14, 40))
def test_no_line_ends_within_a_number(n: int, width: int) -> None:
    text = f"C is at its lowest now: 0.0123 at step {count(n)}, of {count(2 * n)} steps."
    for lines in lines_of(text, width):
        assert " ".join(lines) == text
        assert any(count(n) in line for line in lines)
        assert any(count(2 * n) in line for line in lines)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("step 1 000 000: 3 of 1 234", ["step", "1 000 000:", "3", "of", "1 234"]),
        ("2 5 and 10 20  0.5\n7", ["2", "5", "and", "10", "20", "0.5", "7"]),
        ("noise 0 % → 5 %", ["noise", "0 %", "→", "5 %"]),
        ("of 12 3456", ["of", "12", "3456"]),
        ("", []),
    ],
)
def test_only_thousands_belong_together(text: str, parts: list[str]) -> None:
    assert split_words(text) == parts


SAID = "no std. error: that is known for one step of gradient descent. It is 0; see the list"


def shown(texts: list[str], width: int, max_lines: int) -> str:
    lines = truncated_text(texts, 0, width, max_lines)
    assert len(lines) <= max(0, max_lines)
    assert all(width_of(line) <= width for line in lines)
    return " ".join("".join(span.text for span in line) for line in lines)


def test_what_does_not_fit_is_left_out_by_whole_clauses() -> None:
    assert shown([SAID], 90, 1) == SAID
    assert shown([SAID], 80, 1) == SAID[: SAID.index(";")]
    assert shown([SAID], 64, 1) == SAID[: SAID.index(" It")]
    assert shown([SAID], 30, 1) == "no std. error"
    assert shown([SAID], 10, 1) == "no std. …"
    assert shown(["a: b", "next one"], 8, 2) == "a: b next one"
    assert shown(["a: b", "next one, too"], 8, 2) == "a: b"
    assert shown([SAID], 30, 0) == ""


@given(st.integers(8, 90), st.integers(0, 4))
def test_a_shortened_text_ends_with_a_clause_or_says_that_it_goes_on(width: int, rows: int) -> None:
    said = shown([SAID], width, rows)
    whole = "".join(SAID.split())
    assert whole.startswith("".join(said.split()).rstrip("…"))
    ends = [*shorter_forms(SAID), ""]
    assert "".join(said.split()) in ["".join(end.split()) for end in ends] or said.endswith("…")


def test_a_word_longer_than_a_line_goes_on_in_the_next() -> None:
    assert shown(["Donaudampfschifffahrt sinks"], 10, 9) == "Donaudampf schifffahr t sinks"


RELATIONS = "fine within ±3, at ≤ 0 and ≥ 1, but ≠ ∞ ≈ ½ of it"


@given(width=st.integers(8, 60), parts=st.integers(1, 6))
def test_in_ascii_no_part_of_a_line_is_written_over_and_none_is_cut(width: int, parts: int) -> None:
    """Relations such as ± become longer there."""
    canvas = Canvas(width, 20, DARK, ASCII)
    draw_words(canvas, RELATIONS)
    assert " ".join(" ".join(canvas.text_lines()).split()) == ascii_text(RELATIONS)
    size = -(-len(RELATIONS) // parts)
    spans = [Span(RELATIONS[i : i + size], 0) for i in range(0, len(RELATIONS), size)]
    draw_line(canvas := Canvas(80, 1, DARK, ASCII), 0, spans)
    assert canvas.text_lines()[0].rstrip() == ascii_text(RELATIONS)


def test_the_form_that_fits_is_chosen_by_the_longest_spelling() -> None:
    forms = ("within ±3", "within 3")
    assert first_fitting(forms, 10) == "within ±3" and first_fitting(forms, 9) == "within 3"
    lines = fitting_lines(("one two three", "one two", "one"), 0, 7, 1)
    assert ["".join(span.text for span in line) for line in lines] == ["one two"]
    assert fitting_lines(("one two",), 0, 3, 1) == []
