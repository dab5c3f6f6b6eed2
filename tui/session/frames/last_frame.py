"""The last frame again while training plays, with what is selected now: a key is answered at once.

The next frame of play, which comes soon, shows how far training has gone on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.model.frame import Frame
from tui.session.frames.run_frame import selected

if TYPE_CHECKING:
    from tui.session.session import Session


class LastFrame:
    """A frame of play, and all that it depends on besides the step and what is selected."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._depends_on: tuple[Any, ...] = ()

    def keep(self, session: Session, screen: str, frame: Frame) -> None:
        """Keep a new frame, if it may be shown again."""
        is_kept = session.time.playing and not session.preferences.predicting
        self._frame = frame if is_kept else None
        self._depends_on = _dependences(session, screen)

    def again(self, session: Session, screen: str) -> Frame | None:
        """The frame with what is selected now; None if something else has changed, too."""
        frame = self._frame
        if frame is None or _dependences(session, screen) != self._depends_on:
            return None
        changed = selected(session.runs.current, session.selection, frame.network)
        return session.with_facts(replace(frame, **changed), screen, frame)


def _dependences(session: Session, screen: str) -> tuple[Any, ...]:
    trainer = session.trainer
    changes, _ = trainer.revision
    return (
        screen,
        changes,
        trainer.prepared,
        trainer.divergence,
        *(session.selection.view, session.selection.degree, session.selection.of_network),
        session.runs.all,
        session.baseline,
        session.time.facts(session.preferences.speed),
        replace(session.preferences),
    )
