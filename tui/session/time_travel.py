"""Time travel: moves the current run; while runs are compared, all of them, to the same step."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from engine import EngineError
from engine.training.batches import BatchState
from tui.drawing.numbers import count
from tui.session.runs import Run, Runs

FAR = 1 << 20  # steps computed at once: a minute of a small network
FILM = 1100  # frames, about ten seconds, that a whole run takes backwards
BY_ONE = 32  # steps back in a frame up to which all are replayed; beyond, it is to a checkpoint


class TimeTravel:
    """Steps the runs, seeks in their history, and plays them in either direction."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self.playing = False
        self.backwards = False  # the direction of play
        self.stopped = ""  # why play has paused by itself, until it goes on

    def compare(self, together: bool) -> None:
        """Let time move all runs, or the current one alone from now on.

        Together they start at the current one's step, or at the latest that all of them have had.
        """
        self._runs.together = together
        if together:
            self.seek(min(self._runs.trainer.step_count, self._latest()))

    def step(self, n: int) -> None:
        """n steps on (n < 0: back, as far as the start)."""
        steps = [r.live.step_count for r in self._runs.moving if not r.live.divergence]
        self.seek((max(steps) if self._runs.trainer.divergence and steps else self._now) + n)

    def step_epoch(self, n: int) -> None:
        """To where the next epoch begins (n > 0), or this one, or the one before it."""
        trainer, size = self._runs.trainer, len(self._runs.prepared.dataset.train)
        at = trainer.state.batches
        batch = min(trainer.settings.batch_size, size)
        if n > 0:
            self.seek(self._now - (-(size - at.cursor) // batch))
            return
        goal = (at.epoch - (at.cursor == 0), 0)
        self.seek(self._now + (-(at.cursor or size) // batch))
        # where the batch size has changed on the way, that was not exact
        while trainer.step_count and (here := trainer.state.batches) != BatchState(*goal):
            self.seek(self._now + (1 if (here.epoch, here.cursor) < goal else -1))

    def seek(self, step: int) -> None:
        """Go to a step, or to the start where that is earlier. EngineError where it is too far from
        all that is known."""
        step = max(0, step)
        for run in self._runs.moving:
            if run.live.steps_to(step) > FAR:
                raise EngineError(f"step {count(step)} is too far from the states that are kept")
        for run in self._runs.moving:
            run.live.seek(step)

    def seek_end(self) -> None:
        """Go to the latest step there has been: together, the latest that all have had."""
        self.seek(self._latest())

    def train_for(self, seconds: float, most: int) -> int:
        """Train at most so long and so many steps, or until a stop condition pauses the run;
        returns the steps taken. Together, all runs but those that have diverged take as many."""
        self.stopped = ""
        runs = [run for run in self._runs.moving if not run.live.divergence]
        start = self._now
        deadline = perf_counter() + seconds
        chunk = min(most, 8)
        while (taken := self._now - start) < most and not self._runs.trainer.divergence:
            steps = min(chunk, most - taken)
            for run in runs:
                steps = run.stopper.room(run.live, steps)
            began, goal = perf_counter(), self._now + steps
            for run in runs:
                run.live.seek(goal)
            now = perf_counter()
            self.stopped = self._reason_to_stop(runs)
            if self.stopped:
                self.playing = False
                break
            if now >= deadline:
                break
            # as many steps as fit well into what is left
            chunk = max(1, int(0.5 * (deadline - now) / max(now - began, 1e-9) * steps))
        return self._now - start

    def _reason_to_stop(self, runs: Sequence[Run]) -> str:
        reasons = {run.name: run.stopper.reason(run.live) for run in runs}
        alone = len(runs) == 1
        return "; ".join(r if alone else f"{name}: {r}" for name, r in reasons.items() if r)

    def play_on(self, seconds: float, most: int) -> None:
        """A moment of play in its direction, of at most so many steps; it pauses where it cannot
        go on."""
        if self.backwards:
            self.play_back(most)
        else:
            self.train_for(seconds, most)
            self.playing = self.playing and not self._runs.trainer.divergence

    def play_back(self, most: int) -> None:
        """One frame of playing backwards: at most so many steps back, none skipped unless that
        took too long; at the start it pauses."""
        history, self.stopped = self._runs.trainer.history, ""
        back = min(most, max(1, history.latest_step // FILM))
        goal = max(0, self._now - back)
        self.seek(goal if back <= BY_ONE else history.checkpoint_before(goal).step)
        self.playing = self._now > 0

    @property
    def _now(self) -> int:
        return self._runs.trainer.step_count

    def _latest(self) -> int:
        """The latest step that all moving runs have had, but for those that have diverged."""
        histories = [run.live.history for run in self._runs.moving]
        going = [history for history in histories if not history.divergence]
        return min(history.latest_step for history in going or histories)
