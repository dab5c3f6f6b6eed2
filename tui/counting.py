"""Counting regions or knots for the screen: exact, and never so often that training waits."""

from time import perf_counter

from engine import NotPiecewiseLinearError, Trainer, knots, linear_regions
from tui.frame import Regions
from tui.view import View

COUNTED_UNITS = 64  # hidden units up to which regions are counted live
REST = 6.0  # while playing, a count may take one part in so many of the time


class Counter:
    """The count for the present step; while training plays perhaps for one a little earlier."""

    def __init__(self) -> None:
        self._known: Regions | None = None
        self._parameters = b""  # which it is of: a weight edited by hand leaves the step alone
        self._finished = 0.0
        self._seconds = 0.0

    def regions(self, trainer: Trainer, view: View, playing: bool) -> Regions:
        """What is known now; ``Regions.step`` says of which step."""
        known, now = self._known, perf_counter()
        parameters = trainer.network.parameters.tobytes()
        if known and parameters == self._parameters and known.step == trainer.step_count:
            return known
        if known and playing and now - self._finished < REST * self._seconds:
            return known
        self._known, self._parameters = counted(trainer, view), parameters
        self._finished = perf_counter()
        self._seconds = self._finished - now
        return self._known


def counted(trainer: Trainer, view: View) -> Regions:
    """Count for this step, or say why that cannot be."""
    assert trainer.prepared is not None
    data, network, step = trainer.prepared.dataset, trainer.network, trainer.step_count
    if trainer.divergence:
        return Regions(step, note="diverged")
    hidden = sum(network.sizes[1:-1])
    if hidden > COUNTED_UNITS:
        return Regions(step, note=f"{hidden} units: too many")
    box, plane = view.network_box(data), view.network_plane(data)
    try:
        if len(box) == 1:
            return Regions(step, knots=knots(network, box[0]))
        return Regions(step, map=linear_regions(network, box, plane))
    except NotPiecewiseLinearError:
        return Regions(step, note="curved")
