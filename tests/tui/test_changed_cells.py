"""Only changed cells are sent, and the terminal shows the same as if all were.

The terminal is pyte's, an emulator of its own.
"""

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running

from tui.experiments.library import built_in
from tui.system.changed_cells import ChangedCells

COLUMNS, ROWS = 24, 6
STYLES = [
    "0",
    "1",
    "38;2;7;7;7;48;2;7;7;7",
    "1;38;2;1;2;3",
    "38;5;208;48;5;17",
    "31;42",
    "97;100",
    "3;4;48;2;9;8;7",
]
words = st.text("ab ▀⠿─ŷ宽面", min_size=1, max_size=COLUMNS // 4)
pieces = st.tuples(
    st.integers(1, ROWS), st.integers(1, COLUMNS // 2), st.sampled_from(STYLES), words
)
frames = st.lists(st.lists(pieces, max_size=8), min_size=1, max_size=6)


def terminal(columns=COLUMNS, rows=ROWS):
    screen = pyte.Screen(columns, rows)
    return screen, pyte.Stream(screen)


def cells(screen):
    """What is seen of each cell: a blank shows its ground alone, and so do two equal halves."""
    rows = ([screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines))
    return [[seen(cell) for cell in row] for row in rows]


def seen(cell):
    halves_are_equal = cell.data == "▀" and cell.fg == cell.bg != "default"
    shown = (" ", "") if cell.data == " " or halves_are_equal else (cell.data, cell.fg)
    return *shown, cell.bg, cell.bold, cell.underscore


def sequences(pieces):
    """A frame as Textual writes it: a move after each line end, and at the end."""
    parts = [f"\x1b[{y};{x}H\x1b[{s}m{text}\x1b[0m" + "\n" * (y < ROWS) for y, x, s, text in pieces]
    return "".join(parts) + "\x1b[1;1H"


@settings(max_examples=40)
@given(frames, st.integers(0, 5))
def test_the_terminal_shows_the_same(frames, forgotten):
    (whole, send_whole), (short, send_short), cells_shown = terminal(), terminal(), ChangedCells()
    for i, frame in enumerate(frames):
        data = sequences(frame)
        if i == forgotten:
            cells_shown.forget()
        send_whole.feed(data)
        send_short.feed(cells_shown.shortened(data))
        assert cells(short) == cells(whole)
        assert (short.cursor.x, short.cursor.y) == (whole.cursor.x, whole.cursor.y)


@settings(max_examples=20)
@given(frames)
def test_what_is_no_frame_is_sent_as_it_is_and_frames_after_it_are_whole(frames):
    (whole, send_whole), (short, send_short), cells_shown = terminal(), terminal(), ChangedCells()
    for frame in frames:
        for data in (sequences(frame), "\x1b[2J\x1b[3;3H", sequences(frame)):
            send_whole.feed(data)
            send_short.feed(cells_shown.shortened(data))
    assert cells(short) == cells(whole)


@settings(max_examples=40)
@given(st.lists(pieces, min_size=1, max_size=8))
def test_a_frame_that_is_already_shown_sends_no_cell(frame):
    cells_shown = ChangedCells()
    by_row = {y: (y, 1, style, text) for y, _, style, text in frame}.values()
    cells_shown.shortened(sequences(by_row))
    assert len(cells_shown.shortened(sequences(by_row))) <= len("\x1b[1;1H")


async def test_the_screens_of_the_app_look_the_same() -> None:
    (whole, send_whole), (short, send_short) = terminal(80, 24), terminal(80, 24)
    cells_shown, lengths = ChangedCells(), [0, 0]
    async with running(built_in("circle"), (80, 24)) as (app, pilot):
        for key in ("right", "shift+right", "2", "f1", "escape"):
            await press(app, pilot, key)
            data = app.screen._compositor.render_full_update().render_segments(app.console)
            short_data = cells_shown.shortened(data)
            send_whole.feed(data)
            send_short.feed(short_data)
            lengths = [lengths[0] + len(data), lengths[1] + len(short_data)]
            assert cells(short) == cells(whole)
    assert lengths[1] < 0.8 * lengths[0]
