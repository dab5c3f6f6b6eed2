"""What single screens show besides the run and what is selected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.model.frame import Frame

if TYPE_CHECKING:
    from tui.session.session import Session


def with_facts(frame: Frame, session: Session, screen: str, before: Frame | None = None) -> Frame:
    """A frame of the session with the facts of that screen. ``before`` is an earlier frame of the
    same moment: what its facts have of the run is taken from it, since the run may have gone on."""
    trainer, selection, preferences = session.trainer, session.selection, session.preferences
    if screen == "backprop":
        from tui.session.frames.backprop import backprop_facts

        step = before.backprop.step if before and before.backprop else None
        facts = backprop_facts(frame, trainer, session.microscope, preferences, step)
        return replace(frame, backprop=facts)
    if screen == "compare":
        from tui.session.frames.comparison import comparison

        earlier = before.comparison if before else None
        compared = comparison(session.runs, selection, preferences, frame, earlier)
        return replace(frame, comparison=compared)
    if screen == "linear":
        linear = before.linear if before else None
        degree, of_network = selection.degree, selection.of_network
        return replace(frame, linear=linear or session.linear.facts(trainer, degree, of_network))
    if screen == "glm":
        from tui.model.glm.compute_facts import glm_facts

        return replace(frame, glm=glm_facts(frame, session.glm_choice))
    if screen == "surface":
        surface = replace(session.surface.facts(trainer), cost=frame.cost)
        return replace(frame, surface=surface)
    return replace(frame, details=preferences.details)
