"""On screen Backprop no name and no number lies over a unit's picture, touches one from the side,
or lies over another text."""

import pytest
from frames import framed

from tests.recorded import recorded
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.panes.backprop.network import draw_backprop, layout_of
from tui.session.session import Session

# the network's pane at 80 × 24, 100 × 30, 120 × 40, 160 × 50, 200 × 60, and others
SIZES = ((42, 8), (52, 10), (68, 18), (108, 24), (196, 30), (60, 14), (36, 12), (90, 40))


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("name", ["iris", "mazur", "adam", "prakash", "cs231n", "mtcars"])
def test_no_text_lies_over_a_picture_or_another_text(name: str, colour: bool) -> None:
    session = Session(built_in(name))
    session.time.step(3)
    microsteps = session.microscope.taken_apart(session.trainer).microsteps
    for at in range(len(microsteps)):
        session.microscope.go_to(at)
        frame = framed(session, "backprop")
        facts = frame.backprop
        assert facts is not None
        for size in SIZES if colour else SIZES[at % 2 :: 2]:
            canvas = Canvas(*size, DARK, UNICODE, colour)
            with recorded() as texts:
                draw_backprop(canvas, frame, facts)
            assert texts.covered == []
            assert texts.cut == []
            layout = layout_of(frame, facts, *size)
            nodes = [node for column in layout.columns for node in column.nodes]
            for x, y, word in canvas.__dict__.get("words", ()):
                for node in nodes:
                    after = node.x + layout.size
                    rows = range(node.y, node.y + layout.rows)
                    assert y not in rows or x > after or x + len(word) < node.x, (word, size)
