"""Texts are wrapped between words, and a number is a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wording import count
from tui.drawing.text_lines import split_words, words, wrapped


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
        ("of 12 3456", ["of", "12", "3456"]),
        ("", []),
    ],
)
def test_only_thousands_belong_together(text: str, parts: list[str]) -> None:
    assert split_words(text) == parts
