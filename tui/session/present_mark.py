"""Marking a moment of a run, that changes are told from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui.model.changes import QUICK_REGIONS, Mark
from tui.model.regions.result import NO_REGIONS, Regions, Unknown
from tui.model.regions.source import Moment, most_regions, pieces

if TYPE_CHECKING:
    from tui.session.session import Session


def present_mark(session: Session) -> Mark:
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
        known if known.step == now.step and known.has_pieces else _counted(now, known),
        session.prepared.dataset.x_scale,
    )


def _counted(now: Moment, known: Regions) -> Regions:
    """The regions of a moment where they are quick to count; else why there are none."""
    if known.reason in NO_REGIONS:
        return known
    if most_regions(now) <= QUICK_REGIONS:
        return pieces(now)
    return Regions(now.step, reason=Unknown.NOT_COUNTED_YET)
