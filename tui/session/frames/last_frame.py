"""The last frame again while training plays, with what is selected now: a key is answered at once.

The next frame of play, which comes soon, shows how far training has gone on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui.model.frame import Frame
from tui.session.frames.run_frame import selected

if TYPE_CHECKING:
    from tui.session.session import Session


@dataclass(frozen=True, eq=False)
class LastFrame:
    """A frame of play, and all that it depends on besides the step and what is selected."""

    frame: Frame
    depends_on: tuple[Any, ...]

    def again(self, session: Session, screen: str) -> Frame | None:
        """The frame with what is selected now; None if something else has changed, too."""
        if _dependences(session, screen) != self.depends_on:
            return None
        changed = selected(session.runs.current, session.selection, self.frame.network)
        again = replace(self.frame, **changed).like(self.frame)
        return session.with_facts(again, screen, self.frame).like(self.frame)


def kept(session: Session, screen: str, frame: Frame) -> LastFrame | None:
    """A new frame, if it may be shown again: while training plays, unless results are guessed."""
    if not session.time.playing or session.preferences.predicting:
        return None
    return LastFrame(frame, _dependences(session, screen))


def _dependences(session: Session, screen: str) -> tuple[Any, ...]:
    trainer, time = session.trainer, session.time
    changes, _ = trainer.revision
    return (
        screen,
        changes,
        trainer.prepared,
        trainer.divergence,
        *(session.selection.view, session.selection.degree, session.selection.of_network),
        screen == "linear" and session.linear.sampling.shown,
        session.runs.all,
        session.baseline,
        (time.playing, time.backwards, time.goal, time.way),
        replace(session.preferences),
    )
