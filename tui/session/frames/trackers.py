"""What single screens keep: imported and made when a screen first asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from engine import Trainer

if TYPE_CHECKING:
    from tui.session.approximation.tracker import Approximation
    from tui.session.linear_history import LinearHistory
    from tui.session.loss_surface.tracker import SurfaceTracker


class Trackers:
    """Base class of the session, with what single screens keep."""

    @property
    def trainer(self) -> Trainer:
        """The current run's trainer."""
        raise NotImplementedError

    @cached_property
    def linear(self) -> LinearHistory:
        """The closed form, and the run's distance to it."""
        from tui.session.linear_history import LinearHistory

        return LinearHistory()

    @cached_property
    def surface(self) -> SurfaceTracker:
        """The loss surface around the current step."""
        from tui.session.loss_surface.tracker import SurfaceTracker

        return SurfaceTracker(self.trainer)

    @cached_property
    def approximation(self) -> Approximation:
        """The target of screen Approximate, and the curves that are built for it."""
        from tui.session.approximation.tracker import Approximation

        assert self.trainer.prepared is not None
        return Approximation(self.trainer.prepared)
