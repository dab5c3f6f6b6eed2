"""Steps of the lessons as they are drawn, beside the screens that they speak of."""

import re

import numpy as np
import pytest

import engine.training.prepare
from engine import Network
from tests.screen import running, settled, text
from tests.stored_runs import NUDGE
from tui.commands.keys import ACTIONS
from tui.commands.lessons.steps import known, open_lesson
from tui.lessons import library

STEPS = (  # on many screens, and after little training
    ("regression", 1),
    ("regression", 4),
    ("learning", 3),
    ("learning", 7),
    ("glm", 3),
    ("relu", 3),
    ("approximation", 2),
    ("approximation", 3),
)
SIZES = ((80, 24), (120, 40))


@pytest.fixture(autouse=True)
def nothing_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("tui.session.sweeps.job.WIDTHS", (4, 8))
    monkeypatch.setattr("tui.session.approximation.tracker.KnotJob.start", lambda job: None)


def drawn_first(seed):
    """``first_network``, with the parameters nudged by a seed, 0: as they are."""
    draw = engine.training.prepare.first_network

    def first(experiment, *sizes) -> Network:
        network = draw(experiment, *sizes)
        if not seed or experiment.convolutions:  # whose weights repeat
            return network
        values = network.parameters
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], values.shape)
        return network.with_parameters(values * (1.0 + NUDGE * signs))

    return first


@pytest.mark.drawn
@pytest.mark.parametrize(("name", "number"), STEPS)
async def test_a_step_of_a_lesson_beside_its_screen(name, number, snapshot, monkeypatch):
    lesson = library.built_in(name, known(ACTIONS))

    async def draw(nudge):
        shown = []
        with monkeypatch.context() as patch:
            patch.setattr(engine.training.prepare, "first_network", drawn_first(nudge))
            async with running(size=SIZES[0]) as (app, pilot):
                open_lesson(app, lesson, number - 1)
                for size in SIZES:
                    await pilot.resize_terminal(*size)
                    await settled(pilot)
                    app.tick()
                    app.course.wait()
                    app.show()
                    await settled(pilot)
                    shown.append(text(app))
        # which cell a curve touches, and what rounding alone has made, hang on the last bits
        return re.sub("[⠀-⣿•]", " ", re.sub(r"\b\de−\d\d", "1e−15", "\n".join(shown)))

    await snapshot(f"lesson-{name}-{number}", draw)
