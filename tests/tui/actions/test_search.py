"""What is found by typing: words by their beginnings, words that mean the same, keys."""

import pytest
from screen import running

from tui.actions.offer import Offer
from tui.actions.search import ALSO, PHRASES, found
from tui.commands.offers.palette import palette_offers


def offers(*titles, **options):
    return [Offer(title, "", lambda: None, **options) for title in titles]


def titles(found_offers):
    return [offer.title for offer in found_offers]


def test_the_beginning_of_a_word_finds_it_and_every_typed_word_counts():
    given = offers("learning rate: 0.1", "learning rate: 1", "restart", "rate of all")
    assert titles(found(given, "lea ra 0.1")) == ["learning rate: 0.1"]
    assert titles(found(given, "Rate")) == ["rate of all", *titles(given[:2])]
    assert titles(found(given, "")) == titles(given)
    assert found(given, "zoom") == []


def test_a_word_comes_before_its_beginning_and_that_before_the_middle_of_a_word():
    given = offers("two-relu", "a planet", "the next plane", "aeroplane", "plane")
    assert titles(found(given, "plane")) == ["plane", "the next plane", "a planet", "aeroplane"]


def test_a_title_comes_before_a_note_and_its_own_key_before_all():
    noted = Offer("other", "it says plane", lambda: None)
    keyed = Offer("count", "", lambda: None, keys="C p")
    given = [noted, keyed, *offers("a plane")]
    assert titles(found(given, "plane")) == ["a plane", "other"]
    assert titles(found(given, "p")) == ["count", "a plane", "other"]
    assert titles(found(given, "P")) == ["a plane", "other"]


def test_a_mistyped_word_finds_the_one_of_nearly_the_same_letters():
    assert titles(found(offers("learning rate", "restart"), "lerning")) == ["learning rate"]


def test_a_number_that_is_no_listed_value_finds_its_setting():
    given = offers("learning rate: type it", "learning rate: 0.1", "restart")
    assert titles(found(given, "learning 0.07")) == titles(given[:2])


FINDS = {
    "identity": "activation: identity",
    "tanh": "activation: tanh",
    "dataset": "data set: circle",
    "dataset xor": "data set: xor",
    "adam": "optimiser: adam",
    "png": "screenshot to a file",
    "csv": "open a file or a link",
    "stop": "play, pause",
    "until": "train until (typed)",
    "speed": "play at half the speed",
    "lr 0.1": "learning rate: 0.1",
    "learning rate 0.07": "learning rate: type it",
    "neurons": "hidden layers: type it",
    "undo": "undo",
    "linear": "go to Linear",
    "solve": "solve by least squares",
    "help": "help for the focused pane",
    "dark": "theme: dark",
    "xor hidden": "open: Xor needs a hidden layer",
    "regularization": "L2: 0.01",
    "K": "the largest gradient",
}


NOISE = {"until": "confusion", "png": "diverge", "csv": "example", "stop": "session"}


async def test_words_that_a_newcomer_tries_find_what_is_meant_without_noise():
    async with running(size=(80, 24)) as (app, _):
        given = palette_offers(app)
        for typed, meant in FINDS.items():
            hits = titles(found(given, typed))
            assert meant in hits[:40], (typed, hits[:8])
            assert typed in ("regularization", "adam") or hits[0] == meant, (typed, hits)
        for typed, noise in NOISE.items():
            assert not any(noise in title for title in titles(found(given, typed))), typed
        assert [word for word in (*ALSO, *PHRASES) if not found(given, word)] == []


@pytest.mark.parametrize("typed", ["?", ".", "−", "%", "é", "\\", "  ", "x" * 200])
async def test_any_character_may_be_typed(typed):
    found(offers("a", "learning rate: 1e−5", keys="? ."), typed)
