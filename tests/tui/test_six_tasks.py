"""Six tasks of a newcomer who has read the README alone, each in at most six keys at the two usual
sizes, from plain ``nn-explore`` at its first start. A typed value counts as one key."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest
from screen import press, running, text
from textual.widgets import Input

from engine import linear_regions
from tui.app import NNExplore
from tui.drawing.numbers import num
from tui.experiments.library import built_in

MAX_KEYS = 6
TYPED = "typed "  # before a value that is typed

Presses = Callable[..., Awaitable[None]]


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80×24", "120×40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@asynccontextmanager
async def first_start(size: tuple[int, int]) -> AsyncIterator[tuple[NNExplore, Presses]]:
    """The app as plain ``nn-explore`` opens it the first time, and what presses keys in it."""
    counted = []
    async with running(built_in("circle"), size, intro=True, details=False) as (app, pilot):

        async def pressed(*keys: str) -> None:
            for key in keys:
                value = key.removeprefix(TYPED)
                if value == key:
                    await press(app, pilot, key)
                elif isinstance(app.focused, Input):
                    app.focused.value = value
                else:  # what is typed filters a list
                    await press(app, pilot, *value)
            counted.extend(keys)

        yield app, pressed
    assert len(counted) <= MAX_KEYS, counted


def play(app: NNExplore, steps: int) -> None:
    """Let training that plays go on until it ends by itself, or after so many steps; then draw."""
    while app.session.time.playing and app.session.trainer.step_count < steps:
        app.tick()
    app.do(lambda: None, pause=True)  # a frame of play would come by itself


def numbers(line: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"[+−]?\d+\.\d+", line)]


async def test_circle_is_trained_until_c_is_below_0_1(size):
    async with first_start(size) as (app, pressed):
        await pressed("T", TYPED + "C < 0.1", "enter")
        play(app, 1000)
        assert "C < 0.1 at step 203" in text(app)


async def test_the_affine_map_at_a_point(size):
    async with first_start(size) as (app, pressed):
        await pressed("3", "at", TYPED + "0.3, -0.7", "enter")
        frame = app.session.frame("regions")
        regions = linear_regions(frame.network, frame.view.box)
        A, b = regions.affine(regions.locate([[0.3, -0.7]])[0])
        (formula,) = re.findall(r"z⁽³⁾ = .* x₁ .* x₂ [^│\n]*", text(app))
        assert numbers(formula) == pytest.approx([*A.ravel(), *b], abs=6e-4)
        assert re.search(r"x₁ \+0\.300 +x₂ −0\.700", text(app))


async def test_all_activations_are_identity(size):
    async with first_start(size) as (app, pressed):
        await pressed("o", TYPED + "identity", "right", "enter")
        network = app.session.trainer.network
        assert {*network.activations, network.output} == {"identity"}
        named = "circle · 2-4-3-1 identity" if app.size.width > 80 else "circle · 2-4-3-1"
        assert named in text(app)
        app.session.time.step(200)
        assert np.isfinite(app.session.trainer.costs()).all()


async def test_the_largest_gradient_and_its_arithmetic(size):
    async with first_start(size) as (app, pressed):
        gradient = app.session.snapshot("explore").batch.gradient
        largest = num(gradient[np.argmax(np.abs(gradient))]).strip()
        await pressed("K")
        assert f"= {largest} is the largest" in text(app) and "enter and ← lead" in text(app)
        await pressed("enter", "left")
        results = r"(?:∂C/∂b⁽³⁾₁|central difference) +([+−]\S+)"
        assert re.findall(results, text(app)) == [largest, largest]


async def test_xor_with_and_without_a_hidden_layer(size):
    async with first_start(size) as (app, pressed):
        await pressed("ctrl+g", TYPED + "xor", "enter", "space")
        play(app, 5000)
        assert re.search(r"acc(uracy)? 100\.0 / 100\.0 %", text(app))
        await pressed("5", "equals_sign")
        assert ("xor · 2-1 sigmoid" if app.size.width > 80 else "xor · 2-1") in text(app)
        (wrong,) = re.findall(r"[×⊠][×⊠ \d]* wrong", text(app))
        assert sum(map(int, re.findall(r"\d+", wrong))) == 195, "of 500, at the best fit"


async def test_where_the_probability_is_one_half_on_challenger(size):
    async with first_start(size) as (app, pressed):
        await pressed("ctrl+g", TYPED + "challenger", "enter", "5")
        assert re.search(r"P\(yes\) = 0\.5 at (temperature )?64\.79", text(app))
