"""The walk over the map of screen Regions, begun and ended by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.model.regions.result import Unknown
from tui.model.regions.source import why_curved

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def toggle_walk(app: BaseApp) -> None:
    """Start or end a walk; EngineError where there are no borders to cross."""
    session = app.session
    if session.selection.walk_start is None:
        if session.trainer.divergence:
            raise EngineError(f"no walk: {session.trainer.divergence}")
        if curved := why_curved(session.prepared.network, session.prepared.dataset):
            what = (
                "a curved network has"
                if curved is Unknown.CURVED
                else "with curved features there are"
            )
            raise EngineError(f"no walk: {what} no borders to cross")
    app.do(session.selection.toggle_walk)
