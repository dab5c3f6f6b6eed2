"""The 75 claims of the four source texts: each has its number on a screen, or is an opinion.

They are in tests/reference/claims.toml; tests/claims.py says how a row is read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet
from claims import Claim, NotShownError, check, holds, pattern, read_claims, screens_of

CLAIMS = read_claims()
SHOWN = [claim for claim in CLAIMS if claim.holds != "opinion"]
LENGTHS = {"001": 30, "002": 18, "003": 16, "004": 11}  # claims of each text

_screens: dict[tuple[object, ...], str] = {}


async def screens_around(claim: Claim) -> tuple[str, str]:
    """The screen before the claim's keys, and after. Claims whose keys begin alike share an app."""
    if (*claim.setup, *claim.presses) not in _screens:
        alike = [
            other for other in SHOWN if (other.setup, other.waits) == (claim.setup, claim.waits)
        ]
        start = len(claim.presses)
        longer = [other for other in alike if other.presses[:start] == claim.presses]
        longest = max(longer, key=lambda other: len(other.presses))
        shorter = {(), *(other.presses for other in alike)}
        for keys, screen in (await screens_of(longest, shorter)).items():
            _screens[(*claim.setup, *keys)] = screen
    return _screens[claim.setup], _screens[(*claim.setup, *claim.presses)]


def name(claim: Claim) -> str:
    return f"{claim.number:02} {claim.says}"


def cases() -> Iterator[ParameterSet]:
    """The claims, those that wait expected to fail: strictly, so that none waits too long."""
    for claim in SHOWN:
        waits = pytest.mark.xfail(reason=claim.waits, strict=True)
        yield pytest.param(claim, id=name(claim), marks=[waits] if claim.waits else [])


@pytest.mark.parametrize("claim", [*cases()])
async def test_the_screen_shows_it_after_the_keys_and_not_before(claim: Claim) -> None:
    before, after = await screens_around(claim)
    assert claim.shows
    check(claim, after)
    with pytest.raises(NotShownError):
        check(claim, before)


def test_every_claim_is_there_once_in_the_order_of_the_texts():
    assert [claim.number for claim in CLAIMS] == list(range(1, 76))
    sources = [claim.source for claim in CLAIMS]
    assert sources == [source for source, length in LENGTHS.items() for _ in range(length)]


@pytest.mark.parametrize("claim", CLAIMS, ids=name)
def test_it_has_a_number_on_a_screen_or_is_an_opinion(claim):
    assert claim.says.endswith(".")
    assert claim.holds in ("yes", "no", "opinion")
    if claim.holds == "opinion":
        assert claim.opinion and not (claim.experiment or claim.shows or claim.waits)
    else:
        assert not claim.opinion and (claim.waits or claim.shows)
        assert claim.waits or re.search(r"\d|\{\w+\}", " ".join(claim.shows))


# claims, and a network that does not have what they say: with another activation, or with
# something added to weights of layer 1
WRONG = [
    (1, {"activation": "tanh"}, ()),
    (44, {"activation": "sigmoid", "hidden": [2]}, ()),
    (5, {}, (0.5,)),
    (6, {}, (0.5,)),
    (22, {}, (0.5,)),
    (53, {}, (0.5,)),
    (68, {}, (0.5,)),
]


@pytest.mark.parametrize(("number", "change", "added"), WRONG)
async def test_a_wrong_network_does_not_show_it(number, change, added):
    claim = CLAIMS[number - 1]
    claim = replace(claim, change={**claim.change, **change})
    screens = await screens_of(claim, added=added)
    with pytest.raises(NotShownError):
        check(claim, screens[claim.presses])


def test_a_shown_text_is_found_whatever_its_blanks_and_its_numbers_are_compared():
    found = pattern("OLS C {ols} … {over} ✓").search("OLS C  8.5157   excess 9e−12 ✓")
    assert found and found.groupdict() == {"ols": "8.5157", "over": "9e−12"}
    assert not pattern("W = [{w} {w}]").search("W = [+1.000 +2.000]")
    assert holds("abs(a - 2 * b) <= 1e-3 / 2", {"a": 1.0, "b": 0.4999})
    assert not holds("0 < a < b", {"a": 1.0, "b": 0.5})
    for wrong in ("a", "__import__('os') < 1", "a.real < 1", "max(a, 1) < 2", "b < 1"):
        with pytest.raises((ValueError, KeyError)):
            holds(wrong, {"a": 1.0})
