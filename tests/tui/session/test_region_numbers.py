"""A region's number is its rank by area; while training plays it is the number it had."""

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment
from tui.model.regions.filter import region_list
from tui.model.view import view_of
from tui.panes.base.maps.read_out import draw_cursor
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.table import RegionTablePane
from tui.session.session import Session


@pytest.fixture
def session() -> Session:
    session = Session(Experiment())
    session.time.step(200)
    return session


def numbers(session: Session) -> dict[bytes, int]:
    """The numbers of the regions on the screen, by pattern."""
    listed = region_list(framed(session, "regions"))
    assert listed is not None
    patterns = listed.map.patterns[listed.ids]
    assert len({pattern.tobytes() for pattern in patterns}) == len(listed)
    return {p.tobytes(): int(n) for p, n in zip(patterns, listed.numbers, strict=True)}


def test_while_training_plays_every_region_keeps_its_number(session: Session) -> None:
    before = numbers(session)
    assert sorted(before.values()) == list(range(1, len(before) + 1))
    seen, order = dict(before), []
    session.time.playing = True
    for _ in range(12):
        session.time.step(40)
        now = numbers(session)
        assert len(set(now.values())) == len(now)
        assert all(seen.setdefault(pattern, number) == number for pattern, number in now.items())
        order.append(list(now.values()))
    assert any(row != sorted(row) for row in order)  # ranks would have hopped
    assert set(seen) > set(before)  # there were new ones, which had numbers of their own
    assert len(set(seen.values())) == len(seen)


def test_when_play_pauses_the_numbers_are_ranks_by_area_again(session: Session) -> None:
    framed(session, "regions")
    session.time.playing = True
    for _ in range(6):
        session.time.step(60)
        numbers(session)
    session.time.playing = False
    assert list(numbers(session).values()) == list(range(1, len(numbers(session)) + 1))


def test_table_and_detail_show_the_number_that_is_kept(session: Session) -> None:
    framed(session, "regions")
    session.time.playing = True
    for _ in range(8):
        session.time.step(50)
        frame = framed(session, "regions")
    listed = region_list(frame)
    assert listed is not None and listed.selected is not None
    rows = drawn(RegionTablePane(), frame, (40, 30))[1:-1]
    shown = [int(row.split()[0]) for row in rows]
    assert shown == listed.numbers[: len(shown)].tolist()
    assert shown != sorted(shown)
    pane = RegionDetailPane()
    drawn(pane, frame)
    assert pane.titles(frame)[0] == f"Region {listed.numbers[listed.selected]}"
    near = " ".join(drawn(pane, frame, (60, 30)))
    neighbours = sorted(listed.numbers[listed.neighbours(listed.selected)].tolist())
    assert " ".join(map(str, neighbours)) in near


def test_the_list_opens_at_the_largest_region_and_follows_the_cursor_once_it_is_moved() -> None:
    session = Session(Experiment(hidden=(8, 6)))
    session.time.step(100)
    cursor = session.selection.cursor
    frame = framed(session, "explore")
    assert np.array_equal(frame.cursor, cursor)  # the other screens move nothing
    listed = region_list(framed(session, "regions"))
    assert listed is not None and listed.selected == 0
    rows = drawn(RegionTablePane(), framed(session, "regions"), (40, 12))
    assert rows[1].split()[0] == "1"
    session.selection.move_cursor(cursor)
    listed = region_list(framed(session, "regions"))
    assert listed is not None and listed.selected != 0
    assert np.array_equal(session.selection.cursor, cursor)
    session.selection.look_at(view_of(session.prepared.dataset, (0, 1)))
    listed = region_list(framed(session, "regions"))
    assert listed is not None and listed.selected == 0  # of another view, too


def test_beside_the_output_map_no_number_changes_from_frame_to_frame(session: Session) -> None:
    from tui.drawing.canvas import Canvas
    from tui.drawing.palette import DARK
    from tui.model.target_scale import target_of

    def line(playing: bool) -> str:
        session.time.playing = playing
        frame, canvas = framed(session, "explore"), Canvas(20, 12, DARK)
        draw_cursor(canvas, frame, target_of(frame), 0, 20, 12)
        return next(row for row in canvas.text_lines() if row.startswith(("region", "piece")))

    count = session.counter.regions(session.trainer, session.selection.view).map
    assert count is None  # nothing is counted yet
    assert "/" in line(playing=False)
    name, which = line(playing=False).split()
    assert line(playing=True).split() == [name, f"–/{which.partition('/')[2]}"]
