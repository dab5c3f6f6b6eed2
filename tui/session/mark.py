"""Marking a moment of a run, that changes are told from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui.model.changes import QUICK_REGIONS, WHY, Mark, has_pieces
from tui.model.measured import Regions
from tui.model.regions.source import Moment, most_regions, pieces

if TYPE_CHECKING:
    from tui.session.session import Session


def moment(session: Session) -> Mark:
    """The present moment."""
    trainer, network, scale = session.trainer, session.trainer.network, session.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    view = session.selection.view
    known = session.counter.regions(trainer, view)
    now = Moment(network, session.prepared.dataset, view, trainer.step_count)
    return Mark(
        trainer.step_count,
        network,
        trainer.loss,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        view,
        known if known.step == now.step and has_pieces(known) else _counted(now, known),
        session.prepared.dataset.x_scale,
    )


def _counted(now: Moment, known: Regions) -> Regions:
    """The regions of a moment where they are quick to count; else why there are none."""
    if known.note in WHY:
        return known
    if most_regions(now) <= QUICK_REGIONS:
        return pieces(now)
    return Regions(now.step, note="they had not been counted yet")
