"""Where the reader is in a lesson, and what was done and measured in its step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import Trainer

if TYPE_CHECKING:  # until a lesson is opened nothing of it is needed
    from engine.measures.claim import Checked
    from tui.lessons.lesson import Lesson, Prediction, Step
    from tui.lessons.measuring import ClaimJob
    from tui.lessons.stage import Stage

PERIOD = 0.3  # seconds, at least, from one measurement to the next while training plays


class Course:
    """A lesson, the number of its step (from 0), and whether the step ``is_shown``: in the panel
    or, where there is a ``stage``, as a scene.

    ``answer`` is what the reader has predicted, "" so far; ``truth`` what is so, and ``is_right``
    whether they agree.
    ``checked`` is the last measurement of the claim; None: see ``note``.
    """

    def __init__(self) -> None:
        self.lesson: Lesson | None = None
        self.number = 0
        self.is_shown = False
        self.stage: Stage | None = None
        self._enter(None)

    def _enter(self, step: Step | None) -> None:
        self.answer, self.truth, self.is_right = "", "", False
        self.checked: Checked | None = None
        self.note = ""
        self._acted = step is None or not step.ask
        self._reached = step is None or step.until is None
        self._job: ClaimJob | None = None
        self._measured: object = None  # the moment of ``checked``
        self._measured_at = -PERIOD

    def open(self, lesson: Lesson, number: int) -> Step:
        """Show a step of a lesson, and return it."""
        self.lesson, self.number = lesson, min(max(number, 0), len(lesson.steps) - 1)
        self.is_shown = True
        self._enter(self.step)
        assert self.step is not None
        return self.step

    @property
    def step(self) -> Step | None:
        """The step; None if no lesson was opened."""
        return self.lesson.steps[self.number] if self.lesson else None

    @property
    def is_last(self) -> bool:
        """Whether it is the last step of its lesson."""
        return self.lesson is None or self.number == len(self.lesson.steps) - 1

    # what the reader does

    @property
    def asks(self) -> Prediction | None:
        """The prediction that waits for an answer, if one does."""
        return self.step.prediction if self.step and not self.answer else None

    @property
    def is_done(self) -> bool:
        """Whether the reader has done what the step asks for."""
        return self._acted and self._reached

    def acted(self, action: str) -> None:
        """Note that an action was done."""
        if self.step and action == self.step.ask:
            self._acted = True

    def answered(self, answer: str, truth: str, is_right: bool) -> None:
        """Note the reader's answer to the prediction, and the right one."""
        self.answer, self.truth, self.is_right = answer, truth, is_right

    # the claim

    def look(self, trainer: Trainer, now: float) -> bool:
        """Measure the claim at this moment, unless that is done; whether there is news to draw.

        The measurement is a job of its own thread: news comes at a later look.
        """
        step = self.step
        if step is None or not self.is_shown:
            return False
        before = self.state
        self._reached |= step.until is not None and trainer.step_count >= step.until
        self._collect()
        is_due = now - self._measured_at >= PERIOD and self._measured != trainer.revision
        if step.claim and not self._job and is_due and not self.asks:
            from tui.lessons.measuring import ClaimJob

            self._measured, self._measured_at = trainer.revision, now
            self._job = ClaimJob(trainer, step.claim.claim)
            self._job.start()
        return self.state != before

    def wait(self) -> None:
        """Wait for the measurement that goes on."""
        if self._job:
            self._job.join()
            self._collect()

    def _collect(self) -> None:
        job = self._job
        if job and not job.is_alive():
            self.checked, self.note, self._job = job.checked, job.note, None

    @property
    def state(self) -> tuple[object, ...]:
        """Differs if something that is shown has changed."""
        return (
            self.lesson, self.number, self.is_shown, self.answer, self.is_done, self.checked,
            self.note,
        )  # fmt: skip
