"""Search among offers by the beginnings of words, and by words that mean the same."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import takewhile

from tui.actions.offer import Offer

ALSO = {
    "accuracy": "confusion",
    "back": "before",
    "backward": "backwards",
    "begin": "restart first",
    "color": "colour colours colouring",
    "colors": "colours",
    "diverge": "diverged",
    "epochs": "epoch",
    "exit": "quit",
    "close": "quit",
    "export": "write screenshot",
    "faster": "double",
    "find": "filter",
    "formula": "explanation",
    "image": "screenshot",
    "inspect": "why",
    "linear": "identity least",
    "load": "open",
    "maximise": "zoom",
    "minimise": "zoom",
    "neuron": "unit layers",
    "neurons": "layers",
    "nodes": "layers",
    "normalise": "standardise",
    "ols": "least",
    "optimizer": "optimiser",
    "plot": "surface",
    "picture": "screenshot",
    "png": "screenshot",
    "regularisation": "l1 l2",
    "regularization": "l1 l2",
    "reset": "restart",
    "run": "play",
    "slower": "halve",
    "start": "play restart",
    "stop": "pause",
    "svg": "screenshot",
    "train": "play",
    "until": "pause",
    "weight": "weights",
}
"""Words that users type, and the words of titles that mean it."""

PHRASES = {
    "csv": "open file",
    "dataset": "data set",
    "datasets": "data set",
    "lr": "learning rate",
}
"""Words that users type for several words."""

WORD = re.compile(r"[\w.βεμδσ∂−-]+")
TITLE, TITLE_BEGINS, SYNONYM, WITHIN, NOTE, NOTE_BEGINS = 10, 8, 6, 3, 2, 1
MIN_WITHIN = 3  # letters of a word that may stand within another one
FIRST = 1  # for a title whose first word it is
WHOLE = 5  # for a title of these words alone
KEY = 100  # for the key itself


def found(offers: Sequence[Offer], typed: str) -> list[Offer]:
    """The offers that have every typed word, or the typed key, the best first; equal ones in the
    order given. If there is none, those without the typed numbers, which may be no listed values;
    if there is still none, those that have words of nearly the same letters."""
    if not typed.strip():
        return [*offers]
    words = [part for word in _words(typed) for part in PHRASES.get(word, word).split()]
    scored = _scored(offers, typed.strip(), words)
    if not scored:
        words = [word for word in words if not word[0].isdigit()]
        scored = _scored(offers, "", words)
    if not scored:
        scored = _scored(offers, "", _near(offers, words))
    return [offer for _, offer in sorted(scored, key=lambda one: -one[0])]


def _near(offers: Sequence[Offer], words: Sequence[str]) -> list[str]:
    """Words of the titles in place of words of nearly the same letters."""
    known = sorted({word for offer in offers for word in _words(offer.title)})
    return [(get_close_matches(word, known, n=1, cutoff=0.7) or [word])[0] for word in words]


def _scored(offers: Sequence[Offer], typed: str, words: Sequence[str]) -> list[tuple[int, Offer]]:
    """The offers that have all of the words, or the typed key, with their scores."""
    scored = []
    for offer in offers:
        score = KEY * (typed in offer.keys.split())
        scores = [*takewhile(bool, (_score(word, offer) for word in words))]
        if words and len(scores) == len(words):
            score += sum(scores) + WHOLE * (_words(offer.title) == (*words,))
        if score:
            scored.append((score, offer))
    return scored


def _score(word: str, offer: Offer) -> int:
    """How well a word fits an offer; 0 if it does not."""
    title = _words(offer.title)
    first = FIRST * bool(title and title[0].startswith(word))
    if word in title:
        return TITLE + first
    if any(one.startswith(word) for one in title):
        return TITLE_BEGINS + first
    if any(one in title for one in ALSO.get(word, "").split()):
        return SYNONYM
    if len(word) >= MIN_WITHIN and any(word in one for one in title):
        return WITHIN
    note = _words(offer.note)
    return NOTE if word in note else NOTE_BEGINS * any(one.startswith(word) for one in note)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, in lower case."""
    return tuple(word.strip(".-") for word in WORD.findall(text.casefold()) if word.strip(".-"))
