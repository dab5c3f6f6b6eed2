"""The filter's words keep what they say, all of them must hold, and wrong ones are named."""

from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of
from hypothesis import given
from hypothesis import strategies as st

from engine import EngineError
from tui.model.regions.filter import parse, region_list

FRAME = frame_of(200, hidden=(5, 3))
LISTED = region_list(FRAME)
SIZES = FRAME.network.sizes
WORDS = ["data", "empty", "zero", "near", "area>1", "area<=0.5", "n>=3", "n=0", "slope>2"]
WORDS += ["corners>4", "corners<4", "on:1.3", "off:1.3", "on:2.1", "off:9.9"]


def shown(text):
    return parse(text).matches(LISTED, SIZES)


def test_an_empty_text_filters_nothing():
    assert shown("").all()
    assert shown("  ").all()


@given(st.lists(st.sampled_from(WORDS)))
def test_all_words_must_hold(words):
    expected = np.ones(len(LISTED), dtype=bool)
    for word in words:
        expected &= shown(word)
    assert (shown(" ".join(words)) == expected).all()


def test_words_mean_what_they_say():
    assert (shown("data") == (LISTED.examples > 0)).all()
    assert (shown("empty") == ~shown("data")).all()
    assert (shown("n=0") == shown("empty")).all()
    assert (shown("area>1") == (LISTED.share > 0.01)).all()
    assert (shown("area<=1") == ~shown("area>1")).all()
    assert (shown("slope>.5") == (LISTED.steepness > 0.5)).all()
    assert (shown("corners>4") == (LISTED.corners > 4)).all()
    assert (shown("zero") == LISTED.zero).all()


SIZES_OF = {
    "area": 100.0 * LISTED.share,
    "n": LISTED.examples,
    "slope": LISTED.steepness,
    "corners": LISTED.corners,
}


@pytest.mark.parametrize("word", SIZES_OF)
@pytest.mark.parametrize(("sign", "at_bound", "below", "above"), [
    (">", False, False, True), (">=", True, False, True), ("<", False, True, False),
    ("<=", True, True, False), ("=", True, False, False),
])  # fmt: skip
def test_a_comparison_holds_at_its_bound_or_not_as_it_says(word, sign, at_bound, below, above):
    sizes = np.asarray(SIZES_OF[word], dtype=float)
    bound = np.sort(sizes)[len(sizes) // 2]
    assert sizes.min() < bound < sizes.max()
    expected = np.select([sizes == bound, sizes < bound], [at_bound, below], above)
    assert (shown(f"{word}{sign}{bound:.25f}") == expected).all()


def test_units_are_counted_from_one_within_their_layer():
    third = LISTED.map.patterns[LISTED.ids, 2]
    first_of_second = LISTED.map.patterns[LISTED.ids, 5]
    assert (shown("on:1.3") == third).all()
    assert (shown("off:1.3") == ~third).all()
    assert (shown("on:2.1") == first_of_second).all()
    assert not shown("on:3.1").any() and not shown("off:1.6").any()  # no such hidden unit


def test_near_is_the_selected_region_with_its_neighbours():
    frame = replace(FRAME, cursor=LISTED.centre(2), region_filter="near")
    near = region_list(frame).shown
    assert set(np.flatnonzero(near)) == {2, *LISTED.neighbours(2).tolist()}


@pytest.mark.parametrize("word", [
    "date", "area", "area>", "area>x", "area>-1", "size>1", "on:1", "on:0.1", "on:1.0", "on:1,3",
    "area=>1", "n>1e3", "on:1.²", "n>٣",
])  # fmt: skip
def test_a_wrong_word_is_named_with_what_there_is(word):
    with pytest.raises(EngineError) as error:
        parse(f"data {word} zero")
    assert repr(word) in str(error.value)
    assert "corners>4" in str(error.value)


@pytest.mark.parametrize(("loose", "strict"), [
    ("data, zero", "data zero"), ("data,zero,", "data zero"), ("area > 1", "area>1"),
    ("n >=3, area< .5 zero", "n>=3 area<.5 zero"),
])  # fmt: skip
def test_commas_between_words_and_blanks_around_comparisons_change_nothing(loose, strict):
    assert (shown(loose) == shown(strict)).all()


@pytest.mark.parametrize(("word", "there"), [
    ("on:9.9", "the network has 2 hidden layers"),
    ("off:3.1", "the network has 2 hidden layers"),
    ("on:1.6", "layer 1 has 5 units"),
])  # fmt: skip
def test_a_unit_that_the_network_has_not_is_named_with_what_it_has(word, there):
    with pytest.raises(EngineError, match=f"'{word}': {there}"):
        parse(f"data {word}", SIZES)
    parse("on:1.5 off:2.3", SIZES)
