"""Whole numbers with their nouns, and lists."""

import pytest

from engine.wording import count, listed, noun_for, plural


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12_377, "12 377 rows")]
)
def test_only_one_is_singular(n, text):
    assert plural(n, "row") == text


def test_a_noun_or_verb_may_have_a_plural_of_its_own():
    assert plural(2, "entry", "entries") == "2 entries"
    assert [noun_for(n, "is", "are") for n in (0, 1, 2)] == ["are", "is", "are"]


def test_a_negative_number_has_the_minus_of_the_screens():
    assert count(-12_000) == "−12 000"


@pytest.mark.parametrize(("limit", "text"), [(4, "a, b, c"), (3, "a, b, c"), (2, "a and 2 more")])
def test_a_long_list_says_how_many_more_there_are(limit, text):
    assert listed(["a", "b", "c"], limit) == text
