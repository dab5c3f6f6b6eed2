"""The speed of play: its levels, the slow beginning of a run, and what the status says of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from frames import frame_of
from screen import StoppedClock, press, running, text

from tui.app import NNExplore
from tui.config import Preferences
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.panes.base.bars import StatusBar
from tui.session.play.speed import (
    FASTEST,
    LEVELS,
    MAX,
    SMALL,
    faster,
    slower,
    starting_speed,
)
from tui.session.session import Session
from tui.ticker import EACH_STEP, SENT_A_SECOND, Ticker

CIRCLE = built_in("circle")
SLOWER, FASTER = "left_parenthesis", "right_parenthesis"


# numbers alone


def test_each_level_leads_to_its_neighbours_and_the_ends_to_themselves():
    for low, high in pairwise(LEVELS):
        assert (slower(high), faster(low)) == (low, high)
    assert (slower(LEVELS[0]), faster(MAX)) == (LEVELS[0], MAX)
    assert (slower(45.0), faster(45.0)) == (30, 60), "between two levels"


def seconds_to(step: int) -> float:
    """How long a small network plays from its start to a step."""
    return sum(1.0 / starting_speed(at, 31) for at in range(step))


def test_a_small_network_takes_some_ten_seconds_to_fit_the_circle_and_then_soon_has_no_limit():
    """C of the circle is below 0.1 at step 203, and its border is closed."""
    speeds = [starting_speed(step, 31) for step in range(20_000)]
    assert speeds == sorted(speeds) and speeds[0] == 12.0 and speeds[-1] == MAX
    assert all(high < 1.2 * low for low, high in pairwise(speeds) if high < MAX), "smoothly"
    assert 7.0 < seconds_to(203) < 10.0
    assert 8.0 < seconds_to(300) < 11.0
    assert seconds_to(speeds.index(MAX)) < 16.0


def test_a_large_network_is_as_fast_as_possible_from_the_start():
    assert starting_speed(0, SMALL) < MAX == starting_speed(0, SMALL + 1)


# the ticker


class Clock(StoppedClock):
    """A clock that a test sets."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds


def play(session: Session, seconds: float, tick: float = 0.01) -> list[int]:
    """Play for so long; the steps of the frames that are drawn, the last entry the present step."""
    clock, frames = Clock(), []
    ticker = Ticker(8.0, clock)

    def show(at_once: bool) -> bool:
        frames.append(session.trainer.step_count)
        ticker.frame_drawn()
        return True

    ticker.start()
    session.time.playing = True
    for n in range(round(seconds / tick)):
        clock.seconds = 1.0 + n * tick
        ticker.tick(session, False, 0, show, lambda said: None)
    return [*frames, session.trainer.step_count]


@pytest.mark.parametrize("speed", [1, 2, 5, 10, 30, 120, 300, 45.5])
@pytest.mark.parametrize("backwards", [False, True])
def test_play_makes_as_many_steps_a_second_as_it_says_in_both_directions(speed, backwards):
    session = Session(CIRCLE)
    session.preferences.speed = speed
    start = 2000 if backwards else 0
    session.time.seek(start)
    session.time.backwards = backwards
    *_, end = play(session, 4.0)
    assert abs(abs(end - start) - 4.0 * speed) <= 1.0 + 0.1 * speed


@pytest.mark.parametrize("speed", [1, 2, 5, 10])
def test_slow_play_draws_each_step_once_and_nothing_else(speed):
    assert speed <= EACH_STEP
    session = Session(CIRCLE)
    session.preferences.speed = speed
    *frames, end = play(session, 3.0)
    assert frames == [*range(1, end + 1)] and abs(end - 3 * speed) <= 1


def test_after_a_long_wait_the_steps_of_that_time_are_not_made_up_for():
    session = Session(CIRCLE)
    session.preferences.speed = 10
    *_, end = play(session, 30.0, tick=3.0)
    assert end <= 11


@pytest.mark.parametrize("drawing", [0.02, 0.05, 0.1])
def test_however_long_a_frame_takes_half_of_the_time_is_for_steps_and_three_frames_come_a_second(
    monkeypatch, drawing
):
    session, clock, frames, worked = Session(CIRCLE), Clock(), [], []
    ticker = Ticker(8.0, clock)

    def play_on(seconds: float, steps: int) -> int:
        clock.seconds += seconds
        worked.append(seconds)
        return 100

    def show(at_once: bool) -> bool:
        clock.seconds += drawing
        frames.append(clock.seconds)
        ticker.frame_drawn()
        return True

    monkeypatch.setattr(session.time, "play_on", play_on)
    session.time.playing = True
    while clock.seconds < 6.0:
        ticker.tick(session, False, 0, show, lambda said: None)
        clock.seconds += ticker.pause(session)
    assert sum(worked) >= 0.5 * clock.seconds
    assert 2.0 * 6.0 <= len(frames) <= 8.0 * 6.0


@pytest.mark.parametrize("size", [0, 2_000, 20_000, 60_000])
def test_frames_become_rarer_where_the_terminal_gets_too_much(monkeypatch, size):
    session, clock, sent = Session(CIRCLE), Clock(), [0]
    ticker = Ticker(8.0, clock)

    def play_on(seconds: float, steps: int) -> int:
        clock.seconds += seconds
        return 100

    def show(at_once: bool) -> bool:
        ticker.frame_drawn()
        sent.append(sent[-1] + size)  # when the panes have drawn
        return True

    monkeypatch.setattr(session.time, "play_on", play_on)
    session.time.playing = True
    while clock.seconds < 5.0:
        ticker.tick(session, False, sent[-1], show, lambda said: None)
        clock.seconds += ticker.pause(session)
    frames = len(sent) - 1
    assert size * frames <= 5.0 * SENT_A_SECOND + size
    assert frames >= min(5.0 * 7.0, 0.9 * 5.0 * SENT_A_SECOND / max(size, 1))


# the app


def test_a_script_plays_as_it_is_told_and_the_command_line_begins_slowly():
    assert NNExplore(CIRCLE).preferences.speed == MAX
    assert NNExplore(CIRCLE, speed=Preferences().speed).preferences.speed is None


@pytest.mark.parametrize(("speed", "reached"), [(MAX, range(50, 1 << 30)), (None, range(3, 6))])
def test_the_beginning_is_slow_only_where_no_speed_has_been_chosen(speed, reached):
    session = Session(CIRCLE)
    session.preferences.speed = speed
    assert play(session, 0.25)[-1] in reached


def test_a_run_begins_slowly_again_when_it_is_played_again_and_ends_slowly_backwards():
    session = Session(CIRCLE)
    session.preferences.speed = None
    session.time.seek(20)
    session.time.backwards = True
    assert play(session, 1.0)[-1] in range(3, 10)
    session.time.seek(20_000)
    session.time.backwards = False
    assert play(session, 0.05)[-1] > 20_050
    session.time.seek(0)
    assert play(session, 1.0)[-1] in range(10, 17)


async def test_the_keys_set_the_speed_the_message_says_it_and_it_stays():
    async with running(CIRCLE, (80, 24), speed=None) as (app, pilot):
        await press(app, pilot, FASTER)
        assert app.message == "play is set to 30 steps a second"
        app.preferences.speed = 2
        await press(app, pilot, SLOWER)
        assert app.message == "play is set to 1 step a second"
        app.preferences.speed = 60
        await press(app, pilot, FASTER, "space")
        assert "► 120/s" in text(app) and "( ) speed" in text(app)
        await press(app, pilot, FASTER)
        assert "► 300/s" in text(app)
        await press(app, pilot, "J", "space", "r")
        assert app.preferences.speed == 300
        app.preferences.speed = FASTEST
        await press(app, pilot, FASTER)
        assert (
            app.message == "play is set to be as fast as possible" and app.preferences.speed == MAX
        )


async def test_half_of_the_highest_speed_is_the_next_below_what_the_machine_reaches():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "space")
        app.ticker._reached = 4321.0
        await press(app, pilot, SLOWER)
        assert app.preferences.speed == 3000


# the status line


def status(frame, width: int, glyphs=UNICODE) -> str:
    canvas = Canvas(width, 1, DARK, glyphs)
    StatusBar().draw(canvas, frame)
    return canvas.text_lines()[0].rstrip()


@pytest.fixture(scope="module")
def frame():
    return frame_of(40)


@pytest.mark.parametrize(("speed", "said"), [
    (1, "1/s"), (45.67, "46/s"), (60, "60/s"), (123.4, "120/s"), (1999.0, "2 000/s"),
    (FASTEST, "30 000/s"), (MAX, "max"),
])  # fmt: skip
@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_status_says_the_speed_at_every_width(frame, speed, said, width):
    playing = replace(frame, playing=True, speed=speed)
    assert status(playing, width).endswith(f" ► {said}")
    assert status(replace(playing, backwards=True), width).endswith(f" ◄ {said}")
    assert status(playing, width, ASCII).endswith(f" > {said}")
    assert status(frame, width).endswith("paused")


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_numbers_of_the_status_keep_their_places_as_the_speed_grows(frame, width):
    lines = {
        status(replace(frame, playing=True, speed=speed), width).rpartition("►")[0].rstrip()
        for speed in LEVELS
    }
    assert len(lines) == 1


def test_the_status_names_the_goal_where_there_is_room_beside_the_step_c_and_the_score(frame):
    playing = replace(frame, playing=True, goal="test accuracy ≥ 99.9 %")
    for width in (80, 100, 120, 160):
        line = status(playing, width)
        assert "step 40" in line and "C 0." in line and "acc" in line
        assert line.endswith(
            ("► until test accuracy ≥ 99.9 %", "► test accuracy ≥ 99.9 %", "► max")
        )
    assert status(playing, 120).endswith("► until test accuracy ≥ 99.9 %")
    assert status(playing, 120, ASCII).endswith("> until test accuracy >= 99.9 %")
