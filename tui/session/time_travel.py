"""Time travel: moves the current run, or all runs while they are compared, to a step."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from engine import EngineError
from engine.training.batches import BatchState
from engine.training.stopping import watches_cost
from engine.wording import count
from tui.session.runs import Run, Runs

MAX_SEEK = 1 << 20  # steps computed at once: a minute for a small network
REWIND_FRAMES = 1100  # to play a whole run backwards: about ten seconds
MAX_REPLAYED = (
    32  # steps back in a frame up to which all are replayed; beyond, it is to a checkpoint
)


class TimeTravel:
    """Makes steps, seeks in the history, and plays runs in either direction."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self.playing = False
        self.backwards = False  # the direction of play
        self.stopped = ""  # the reason, if a stop condition has paused the run

    def compare(self, together: bool) -> None:
        """Let time move all runs (``together``) or only the current one.

        Together they start at the current run's step, or at the latest step that all have reached.
        """
        self._runs.together = together
        if together:
            self.seek(min(self._runs.trainer.step_count, self._latest()))

    def step(self, n: int) -> None:
        """n steps forward, as in ``train_to``; n < 0: back, at most to the start."""
        steps = [r.live.step_count for r in self._runs.moving if not r.live.divergence]
        self.train_to((max(steps) if self._runs.trainer.divergence and steps else self._now) + n)

    def step_epoch(self, n: int) -> None:
        """To the start of the next epoch (n > 0); else of this epoch, or if it is there, of the one
        before."""
        trainer, size = self._runs.trainer, len(self._runs.prepared.dataset.train)
        position = trainer.state.batches
        batch = min(trainer.settings.batch_size, size)
        if n > 0:
            self.train_to(self._now - (-(size - position.cursor) // batch))
            return
        goal = (position.epoch - (position.cursor == 0), 0)
        self.seek(self._now + (-(position.cursor or size) // batch))
        # not exact if the batch size has changed in between
        while trainer.step_count and (position := trainer.state.batches) != BatchState(*goal):
            self.seek(self._now + (1 if (position.epoch, position.cursor) < goal else -1))

    def seek(self, step: int) -> None:
        """Go to a step; a negative one is the start. EngineError if it is too far from all stored
        states."""
        step, self.stopped = max(0, step), ""
        self._check_distance(step)
        for run in self._runs.moving:
            run.live.seek(step)

    def train_to(self, step: int) -> None:
        """Go to a step; beyond the latest one, which trains, at most to the first step at which a
        stop condition holds: ``stopped`` then says which."""
        step = max(0, step)
        self._check_distance(step)
        self.seek(min(step, self._latest()))
        self._play([run for run in self._runs.moving if not run.live.divergence], step)

    def _check_distance(self, step: int) -> None:
        if any(run.live.steps_to(step) > MAX_SEEK for run in self._runs.moving):
            raise EngineError(f"step {count(step)} is too far from the states that are kept")

    def seek_end(self) -> None:
        """Go to the latest step of the run; together, the latest step that all have reached."""
        self.seek(self._latest())

    def train_for(self, seconds: float, max_steps: int) -> int:
        """Train for at most this time and this number of steps, or until a stop condition pauses
        the run; returns the number of steps. Together, all runs that have not diverged make the
        same number."""
        self.stopped = ""
        runs = [run for run in self._runs.moving if not run.live.divergence]
        start = self._now
        deadline = perf_counter() + seconds
        # C may take long on many examples
        chunk = 1 if any(watches_cost(run.prepared.experiment) for run in runs) else 8
        while (taken := self._now - start) < max_steps and not self._runs.trainer.divergence:
            steps = min(chunk, max_steps - taken)
            chunk_start = perf_counter()
            self._play(runs, self._now + steps)
            now = perf_counter()
            if self.stopped:
                self.playing = False
                break
            if now >= deadline:
                break
            # as many steps as fit into half of the remaining time
            chunk = max(1, int(0.5 * (deadline - now) / max(now - chunk_start, 1e-9) * steps))
        return self._now - start

    def _play(self, runs: Sequence[Run], goal: int) -> None:
        """Bring runs to a step, or all of them to the first one at which a condition of one holds;
        ``stopped`` says which. Runs that diverge stay behind."""
        starts = [(run, run.live.step_count, run.live.watch) for run in runs]
        reasons = dict.fromkeys((run.name for run in runs), "")
        for run, start, _ in starts:
            reason = run.live.play(goal - start)
            if reason and run.live.step_count < goal:  # before the runs above
                goal = run.live.step_count
                reasons = dict.fromkeys(reasons, "")
            reasons[run.name] = reason
        for run, start, watch in starts:
            if run.live.step_count > goal:
                run.live.seek(start)
                run.live.watch = watch
                reasons[run.name] = run.live.play(goal - start)
        single = len(runs) == 1
        self.stopped = "; ".join(
            r if single else f"{name}: {r}" for name, r in reasons.items() if r
        )

    def play_on(self, seconds: float, max_steps: int) -> None:
        """Play for one frame in the present direction, at most so many steps; pause at the start
        or after a divergence."""
        if self.backwards:
            self.play_back(max_steps)
        else:
            self.train_for(seconds, max_steps)
            self.playing = self.playing and not self._runs.trainer.divergence

    def play_back(self, max_steps: int) -> None:
        """Play one frame backwards, at most so many steps; many steps end at a checkpoint, to
        save time. Pause at the start."""
        history, self.stopped = self._runs.trainer.history, ""
        back = min(max_steps, max(1, history.latest_step // REWIND_FRAMES))
        goal = max(0, self._now - back)
        self.seek(goal if back <= MAX_REPLAYED else history.checkpoint_before(goal).step)
        self.playing = self._now > 0

    @property
    def _now(self) -> int:
        return self._runs.trainer.step_count

    def _latest(self) -> int:
        """The latest step that all moving runs have reached, without those that have diverged."""
        histories = [run.live.history for run in self._runs.moving]
        stable = [history for history in histories if not history.divergence]
        return min(history.latest_step for history in stable or histories)
