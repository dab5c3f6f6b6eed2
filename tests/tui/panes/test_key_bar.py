"""The key bar: five keys stay beside an advice, and an advice does not flicker while playing."""

from collections.abc import Callable
from dataclasses import replace
from string import Formatter

import pytest
from frames import frame_of
from screen import press, running

from engine import Experiment
from tui.app import NNExplore
from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.model.advice.decision import Advice
from tui.model.advice.situations import SITUATIONS
from tui.model.frame import Frame
from tui.panes.base.key_bar import HOLD, KEYS, KeyBar


def with_advice(frame: Frame, advice: Advice | None, **changes: object) -> Frame:
    """The frame as if it gave this advice."""
    frame = replace(frame, **changes)
    frame.__dict__["advice"] = advice
    return frame


FIELDS = {
    name for s in SITUATIONS for text in (s.cause, s.brief, s.name) for _, name, *_ in
    Formatter().parse(text) if name
}  # fmt: skip
FILLED = dict.fromkeys(FIELDS, "x" * 6)
LONG = [Advice(s.code, s.cause, s.brief, s.name, s.help, None, FILLED) for s in SITUATIONS]


def shown(app: NNExplore, frame: Frame) -> str:
    """The key bar of the app's screen with this frame."""
    bar = app.screen.query_one(KeyBar)
    canvas = Canvas(bar.size.width, 1, DARK, app.look.glyphs)
    bar.draw(canvas, frame)
    return canvas.text_lines()[0]


async def test_five_keys_stay_beside_every_advice_in_80_columns() -> None:
    async with running(Experiment(), (80, 24)) as (app, pilot):
        for key in ("1", "3"):
            await press(app, pilot, key)
            frame = app.screen.query_one(KeyBar).view
            *keys, help_key = shown(app, with_advice(frame, None)).strip().split("  ")
            keys = [*keys[: KEYS - 1], help_key]
            for advice in LONG:
                line = shown(app, with_advice(frame, advice))
                assert all(key in line for key in keys), line
                assert line.rstrip().endswith(advice.texts(app.shown_keys)), line
        dead = next(advice for advice in LONG if advice.code == "units dead")
        dead = replace(dead, values={"units": "a⁽²⁾₃ and a⁽²⁾₈", "number": "2 units"})
        assert shown(app, with_advice(frame, dead)).rstrip().endswith("  dead: a⁽²⁾₃ and a⁽²⁾₈")


async def test_where_not_even_the_name_leaves_five_keys_it_is_there_all_the_same() -> None:
    async with running(Experiment(), (60, 20)) as (app, _):
        frame = app.screen.query_one(KeyBar).view
        for advice in LONG:
            line = shown(app, with_advice(frame, advice))
            assert line.startswith(" space play")
            assert line.rstrip().endswith(min(advice.texts(app.shown_keys), key=len)), line


GIVEN = Advice("small batches", "C wobbles because batches are small", "C wobbles", "C wobbles")
OTHER = Advice("plateau", "a plateau", "a plateau", "plateau")


@pytest.fixture(scope="module")
def frame() -> Frame:
    return frame_of(30)


def held(frame: Frame, given: list[Advice | None], **changes: object) -> list[str | None]:
    """The codes that the bar shows in frames of one run, a step apart, that give these."""
    bar, codes = KeyBar(), []
    for step, advice in enumerate(given):
        held_advice = bar._held(with_advice(frame, advice, step=30 + step, **changes))
        codes.append(held_advice and held_advice.code)
    return codes


def test_an_advice_that_comes_and_goes_stays_while_the_run_plays(frame: Frame) -> None:
    assert held(frame, [GIVEN, None, None] * 4, playing=True) == [GIVEN.code] * 12
    assert held(frame, [GIVEN, OTHER] * 4, playing=True) == [GIVEN.code] * 8


def test_an_advice_that_is_not_given_any_more_goes(frame: Frame) -> None:
    codes = held(frame, [GIVEN, *[None] * (HOLD + 1)], playing=True)
    assert codes == [GIVEN.code] * (HOLD + 1) + [None]
    codes = held(frame, [GIVEN, *[OTHER] * (HOLD + 1)], playing=True)
    assert codes == [GIVEN.code] * (HOLD + 1) + [OTHER.code]


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: {"playing": False},
        lambda frame: {"step": 0},
        lambda frame: {"experiment": replace(frame.experiment, learning_rate=0.5)},
    ],
    ids=["paused", "restarted", "another setting"],
)
def test_an_advice_of_before_is_not_said_of_what_is_there_now(
    frame: Frame, change: Callable[[Frame], dict[str, object]]
) -> None:
    bar = KeyBar()
    assert bar._held(with_advice(frame, GIVEN, playing=True)) is GIVEN
    changes = {"playing": True, "step": 31} | change(frame)
    assert bar._held(with_advice(frame, None, **changes)) is None
