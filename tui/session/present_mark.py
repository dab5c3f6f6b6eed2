"""Mark the present moment of a run, with which later moments are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui.model.changes import QUICK_REGIONS, Mark
from tui.model.regions.result import NO_REGIONS, Regions, Unknown
from tui.model.regions.source import Moment, max_regions, pieces

if TYPE_CHECKING:
    from tui.session.session import Session


def present_mark(session: Session) -> Mark:
    """A mark of the present moment."""
    trainer, network, scale = session.trainer, session.trainer.network, session.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    view = session.selection.view
    regions = session.counter.regions(trainer, view)
    moment = Moment(network, session.prepared.dataset, view, trainer.step_count)
    return Mark(
        trainer.step_count,
        network,
        trainer.loss,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        view,
        regions
        if regions.step == moment.step and regions.has_pieces
        else _counted(moment, regions),
        session.prepared.dataset.x_scale,
    )


def _counted(moment: Moment, regions: Regions) -> Regions:
    """The regions of a moment if they are quick to count; else the reason why not."""
    if regions.reason in NO_REGIONS:
        return regions
    if max_regions(moment) <= QUICK_REGIONS:
        return pieces(moment)
    return Regions(moment.step, reason=Unknown.NOT_COUNTED_YET)
