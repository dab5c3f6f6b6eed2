"""Keys that are typed quicker than the screen follows: dialogs are left once, nothing breaks."""

import asyncio
from random import Random

import pytest
from screen import running, settled

from tui.app import NNExplore

KEYS = (
    "down", "up", "pagedown", "enter", "escape", "a", "x", "ctrl+p", "ctrl+g", "o", "backspace",
    "S", "question_mark",
)  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [
        ("G", "5", "enter"),
        ("ctrl+g", "enter"),
        ("f1", "escape"),
        ("ctrl+p", "escape"),
        ("question_mark", "enter"),
    ],
)
async def test_a_dialog_is_closed_once_however_often_it_is_asked(keys: tuple[str, ...]) -> None:
    async with running() as (app, pilot):
        app.simulate_key(keys[0])
        await settled(pilot)
        below = len(app.screen_stack) - 1
        for key in (*keys[1:], keys[-1], keys[-1]):
            app.simulate_key(key)
        await settled(pilot)
        assert len(app.screen_stack) >= min(below, 2)
        assert app.frame_screen is not None


@pytest.mark.parametrize("seed", [2, 9, 13])
async def test_the_palette_bears_keys_at_any_moment(seed: int) -> None:
    random = Random(seed)
    async with running(size=(80, 24)) as (app, pilot):
        for _ in range(12):
            await _type(app, random)
            if random.random() < 0.5:
                await settled(pilot)
        await settled(pilot)
        assert app.frame_screen is not None


async def _type(app: NNExplore, random: Random) -> None:
    for key in ("ctrl+p", *random.choices(KEYS, k=random.randint(1, 4))):
        app.simulate_key(key)
        for _ in range(random.choice((0, 0, 1, 2, 4))):
            await asyncio.sleep(0)
