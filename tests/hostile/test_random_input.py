"""Random input: keys, clicks, drags, wheels, pastes and resizes on all screens and data sets.

Here a few of them, which test what gives them; ``.ci/run`` gives 2 000. ``python -m
tests.random_input`` gives as many as one likes, and makes what it finds short. After them the run
is replayed from its first step, saved and opened again.
"""

from random import Random

import pytest

from engine import Experiment
from tests.random_input import giving
from tests.random_input.inputs import SCRIPTS, Given, inputs
from tests.random_input.runs import Progress, Start, drawn, failure_of, shortest

SEED = 0


def test_whatever_is_put_in_the_app_runs_and_its_runs_are_the_same_again():
    start, given = drawn(SEED, 0, 30)
    progress = Progress()
    failure = failure_of(start, given, progress)
    assert failure is None, failure.says
    assert progress.given == len(given)


def test_inputs_are_of_every_kind_and_the_same_for_the_same_seed():
    once, twice = ([drawn(SEED, number, 200) for number in range(5)] for _ in range(2))
    assert once == twice
    given = [one for _, run in once for one in run]
    assert len(given) == 1000
    assert {one.kind for one in given} == {*giving.GIVING}


@pytest.mark.parametrize("script", [script for script, _ in SCRIPTS])
def test_every_input_can_be_given(script):
    assert all(given.kind in giving.GIVING for given in script(Random(0)))
    stream = inputs(Random(1))
    assert all(isinstance(next(stream), Given) for _ in range(10))


def test_what_breaks_is_made_short(monkeypatch):
    async def breaks(app, pilot):
        if app.session.time.playing:
            raise ValueError("it plays")

    monkeypatch.setitem(giving.GIVING, "breaks", breaks)
    keys = [Given("key", (name,)) for name in ("right", "space", "tab")]
    given = [*keys, Given("settle"), Given("breaks"), *keys]
    start, progress = Start(Experiment(), (80, 24)), Progress()
    failure = failure_of(start, given, progress)
    assert failure.signature == "ValueError in test_random_input.py:breaks"
    assert failure.after == progress.given == len(keys) + 1
    assert "it plays" in failure.says
    assert shortest(start, given, failure, tries=40) == [keys[1], Given("breaks")]
