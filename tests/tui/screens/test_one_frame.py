"""While training plays, all numbers on the screen are those of one step."""

import re

import pytest
from screen import StoppedClock, press, running, settled, text

from engine import Experiment
from tui.screens.frame_screen import FrameScreen


class SlowClock(StoppedClock):
    """A clock by which a frame is due more often than a plot."""

    def now(self) -> float:
        return 0.02 * super().now()


async def screens_while_playing(
    monkeypatch: pytest.MonkeyPatch, key: str, frames: int, **experiment: object
) -> list[str]:
    """What a terminal shows one after the other while training plays on a screen."""
    shown: list[str] = []
    refresh = FrameScreen._compositor_refresh

    def recorded(screen: FrameScreen) -> None:
        refresh(screen)
        if screen is screen.app.screen and not screen.app._batch_count:
            shown.append(text(screen.app))

    async with running(Experiment(**experiment), clock=SlowClock()) as (app, pilot):
        await press(app, pilot, key, "space")
        monkeypatch.setattr(FrameScreen, "_compositor_refresh", recorded)
        while len(shown) < frames:
            app.tick()
            await settled(pilot)
            app.screen._on_timer_update()  # at once: by itself 60 times a second
        monkeypatch.setattr(FrameScreen, "_compositor_refresh", refresh)
    return shown


async def test_the_status_and_the_loss_pane_show_one_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = set()
    for screen in await screens_while_playing(monkeypatch, "1", 10):
        status = re.search(r"step .* C (\S+)", screen)
        loss = re.search(r"\btrain +([\d.e−]+)", screen)
        assert status and loss and status[1] == loss[1], screen
        costs.add(status[1])
    assert len(costs) > 3


async def test_the_status_and_the_distance_pane_show_one_distance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distances = set()
    settings = {"dataset": "cars", "hidden": (), "learning_rate": 0.001}
    for screen in await screens_while_playing(monkeypatch, "4", 8, **settings):
        status = re.search(r"‖β_net − β_OLS‖ (\S+)", screen)
        pane = re.search(r"now ([\d.e−]+)", screen)
        assert status and pane and status[1] == pane[1], screen
        distances.add(status[1])
    assert len(distances) > 3


async def test_the_status_and_the_descent_pane_show_one_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = set()
    settings = {"dataset": "challenger", "hidden": (), "output": "sigmoid"}
    settings |= {"loss": "binary_cross_entropy", "learning_rate": 0.1}
    for screen in await screens_while_playing(monkeypatch, "5", 8, **settings):
        status = re.search(r"^ step (\d[\d ]*\d|\d)", screen, re.MULTILINE)
        pane = re.search(r"descent +step (\d[\d ]*\d|\d)", screen)
        assert status and pane and status[1] == pane[1], screen
        steps.add(status[1])
    assert len(steps) > 3
