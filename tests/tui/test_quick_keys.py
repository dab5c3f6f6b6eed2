"""Keys that are typed quicker than the screen follows: dialogs are left once, nothing breaks."""

import asyncio
from random import Random

import pytest
from screen import running, settled
from textual.command import CommandList
from textual.worker import Worker, WorkerState

from tui.app import NNExplore
from tui.dialogs.command_palette import Commands

KEYS = (
    "down", "up", "pagedown", "enter", "escape", "a", "x", "ctrl+p", "ctrl+g", "o", "backspace", "S"
)  # fmt: skip


@pytest.mark.parametrize("keys", [("G", "5", "enter"), ("ctrl+g", "enter"), ("f1", "escape")])
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


async def test_a_search_that_begins_once_the_palette_was_closed_ends_without_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[Worker[None]] = []
    async with running() as (app, pilot):
        app.action_command_palette()
        await settled(pilot)
        palette = app.screen
        assert isinstance(palette, Commands)
        with monkeypatch.context() as patch:
            patch.setattr(Worker, "_start", lambda self, app, done=None: held.append(self))
            palette._gather_commands("adam")
        app.simulate_key("escape")
        await settled(pilot)
        assert not palette.is_attached and not palette.query(CommandList)
        (search,) = held
        search._start(app)  # as a busy machine begins it
        await search.wait()
        assert search.state == WorkerState.SUCCESS
        assert app.frame_screen is app.screen


async def test_a_search_of_an_open_palette_finds_its_commands() -> None:
    async with running() as (app, pilot):
        app.action_command_palette()
        await settled(pilot)
        palette = app.screen
        assert isinstance(palette, Commands)
        await palette._gather_commands("adam").wait()
        found = palette.query_one(CommandList)
        assert "adam" in str(found.get_option_at_index(0).prompt).lower()


async def _type(app: NNExplore, random: Random) -> None:
    for key in ("ctrl+p", *random.choices(KEYS, k=random.randint(1, 4))):
        app.simulate_key(key)
        for _ in range(random.choice((0, 0, 1, 2, 4))):
            await asyncio.sleep(0)
