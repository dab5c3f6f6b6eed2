"""Measuring a claim in a separate thread."""

from engine import Trainer
from engine.measures.check import check
from engine.measures.claim import Checked, Claim
from engine.measures.moment import Moment
from tui.system.job import Job


class ClaimJob(Job):
    """Measures one claim at one moment of a run: ``checked``, or in ``note`` why it cannot."""

    FAILED = "not measured"

    def __init__(self, trainer: Trainer, claim: Claim) -> None:
        super().__init__("claim")
        self._moment, self._claim = Moment.of(trainer), claim
        self.checked: Checked | None = None

    def work(self) -> None:
        self.checked = check(self._moment, self._claim)
