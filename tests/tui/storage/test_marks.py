"""Why the regions of a mark are not known stays the same in files of all versions."""

import json
from dataclasses import replace

import pytest

from engine import Experiment
from tui.model.regions.result import Failed, Reason, Regions, Unknown
from tui.session.present_mark import present_mark
from tui.session.session import Session
from tui.storage.session_codec import Notes, notes_of
from tui.storage.session_reading import session_of

TEXTS = {  # as written by versions 0.1.0 and 0.2.0
    Unknown.CURVED: "curved",
    Unknown.CURVED_FEATURES: "curved features",
    Unknown.DIVERGED: "diverged",
    Unknown.NOT_COUNTED_YET: "they had not been counted yet",
    Unknown.TOO_MANY_TO_REPEAT: "they are too many to count again",
    Failed("too many for the memory: 3 GB"): "too many for the memory: 3 GB",
}


def marked(reason: Reason | None) -> tuple[Session, Notes]:
    """A session with a mark, and its notes as they are read from a file."""
    session = Session(Experiment(dataset="circle", hidden=(3,)))
    mark = present_mark(session)
    if reason:
        mark = replace(mark, regions=Regions(mark.step, reason=reason))
    session.mark = mark
    return session, json.loads(json.dumps(notes_of(session)))


def read(session: Session, notes: Notes) -> Regions:
    mark = session_of([session.trainer], notes | {"place": {}}).mark
    assert mark is not None
    return mark.regions


@pytest.mark.parametrize(("reason", "text"), TEXTS.items(), ids=str)
def test_a_reason_is_written_as_its_text_and_read_again(reason: Reason, text: str) -> None:
    session, notes = marked(reason)
    assert notes["mark"]["regions"] == text
    assert read(session, notes) == Regions(0, reason=reason)


def test_pieces_that_were_known_are_counted_again() -> None:
    session, notes = marked(None)
    assert notes["mark"]["regions"] is None
    regions = read(session, notes)
    assert regions.map is not None
    assert session.mark is not None and session.mark.regions.map is not None
    assert regions.map.activation_count == session.mark.regions.map.activation_count


def test_a_mark_without_a_reason_has_pieces_that_are_too_many_to_count_again() -> None:
    session, notes = marked(Unknown.CURVED)
    notes["mark"]["regions"] = ""
    assert read(session, notes).reason is Unknown.TOO_MANY_TO_REPEAT
