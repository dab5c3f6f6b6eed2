"""Time travel: moves the current run, or all runs while they are compared, to a step."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple

from engine import EngineError
from engine.training.batches import BatchState
from engine.training.record.history import TRAIL
from engine.training.stopping import watches_cost
from engine.wording import count
from tui.session.play.goal import LIMIT, Goal
from tui.session.play.speed import MAX, starting_speed
from tui.session.runs import Run, Runs

MAX_SEEK = 1 << 20  # steps computed at once: a minute for a small network
REWIND_FRAMES = 1100  # to play a whole run backwards: about ten seconds
MAX_REPLAYED = (
    32  # steps back in a frame up to which all are replayed; beyond, it is to a checkpoint
)
MOST, REMAINDER = 0.7, 0.08  # of the time to train: in the next chunk, and too little for one
MAX_PIECE = 256  # steps replayed between looks at the clock
FAR = 1 << 62  # a step that no run reaches
FAST = 1 << 40  # steps a frame: as many as time allows


class Way(NamedTuple):
    """Where play leads, on or back, and at how many steps a second."""

    step: int
    speed: float


class TimeTravel:
    """Makes steps, seeks in the history, and plays runs in either direction."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._playing = False
        self.backwards = False  # the direction of play
        self.replaying = False  # whether a long replay goes on, piece by piece
        self.stopped = ""  # the reason, if a stop condition or the goal has paused the run
        self.goal: Goal | None = None  # at which play ends; none while it is paused
        self.way: Way | None = None  # at whose end play ends, in either direction
        self._limit = FAR  # the step at which the goal is given up

    @property
    def playing(self) -> bool:
        """Whether time goes on by itself."""
        return self._playing

    @playing.setter
    def playing(self, playing: bool) -> None:
        self._playing = playing
        if not playing:
            self.goal, self.way, self._limit = None, None, FAR

    def speed(self, chosen: float | None) -> float:
        """The steps a second at which it plays now: the chosen ones or, if there is none, those of
        the step; as many as possible to a goal; those of the way, if it leads to its end."""
        if self.way:
            return self.way.speed
        if self.goal:
            return MAX
        if chosen is None:
            parameters = self._lead.prepared.network.parameter_count
            return starting_speed(self.now, parameters)
        return chosen

    def facts(self, chosen: float | None) -> dict[str, Any]:
        """What a frame tells of play: its fields, by name."""
        return {
            "playing": self.playing,
            "backwards": self.playing and self.backwards,
            "speed": self.speed(chosen),
            "goal": f"step {count(self.way.step)}" if self.way else self.goal_text,
        }

    def compare(self, together: bool) -> None:
        """Let time move all runs (``together``) or only the current one.

        The current run stays where it is. The others go to its step, those that end before it to
        their latest one; if it is at its own latest step, others that are ahead of it stay.
        """
        self._runs.together = together
        if together:
            trainer = self._runs.trainer
            is_at_end = trainer.step_count == trainer.history.latest_step
            self.seek(self.now if is_at_end else trainer.step_count)

    def step(self, n: int) -> None:
        """n steps forward, as in ``train_to``; n < 0: back, at most to the start."""
        self.train_to(self.now + n)

    def step_epoch(self, n: int) -> None:
        """To the start of the next epoch (n > 0); else of this epoch, or if it is there, of the one
        before."""
        lead = self._lead
        trainer, size = lead.live, len(lead.prepared.dataset.train)
        position = trainer.state.batches
        batch = min(trainer.settings.batch_size, size)
        if n > 0:
            self.train_to(self.now - (-(size - position.cursor) // batch))
            return
        goal = (position.epoch - (position.cursor == 0), 0)
        self.seek(self.now + (-(position.cursor or size) // batch))
        # not exact if the batch size has changed in between
        while trainer.step_count and (position := trainer.state.batches) != BatchState(*goal):
            self.seek(self.now + (1 if (position.epoch, position.cursor) < goal else -1))

    def seek(self, step: int) -> None:
        """Go to a step; a negative one is the start. A run that ends before it goes to its latest
        one; if all do, they train. EngineError if it is too far from all stored states."""
        step, self.stopped = max(0, step), ""
        self._check_distance(step)
        trains = step > self.latest
        for run in self._runs.moving:
            run.live.seek(step if trains else min(step, run.live.history.latest_step))

    def approach(self, step: int, seconds: float) -> int:
        """Replay for at most so long on the way that ``seek`` takes to a step; returns how many
        steps remain to be replayed. EngineError as there."""
        step = max(0, step)
        self._check_distance(step)
        deadline, piece = perf_counter() + seconds, 1
        for run in self._runs.moving:
            goal = min(step, run.live.history.latest_step)
            while remaining := run.live.steps_to(goal):
                if perf_counter() >= deadline:
                    return remaining
                ends = remaining - piece <= TRAIL  # the last states before the step are kept
                run.live.seek(goal if ends else goal - remaining + piece)
                if run.live.divergence:  # it ends there
                    break
                piece = min(2 * piece, MAX_PIECE)
        return 0

    def train_to(self, step: int) -> None:
        """Go to a step; beyond the latest one of a run, which trains it, at most to the first step
        at which a stop condition holds: ``stopped`` then says which. Steps back train no run."""
        step = max(0, step)
        self._check_distance(step)
        is_back = step < self.now
        self.seek(min(step, self.latest))
        while not is_back and not self.stopped:
            runs, start, goal = self._farthest_behind()
            if start >= step:
                break
            self._play(runs, min(step, goal))

    def _check_distance(self, step: int) -> None:
        if any(run.live.steps_to(step) > MAX_SEEK for run in self._runs.moving):
            raise EngineError(f"step {count(step)} is too far from the states that are kept")

    def seek_end(self) -> None:
        """Go to the latest step: of each run, where they are compared."""
        self.seek(self.latest)

    def play_until(self, goal: Goal) -> None:
        """Play on to the first step at which the goal holds for the current run. EngineError if it
        cannot, or holds already."""
        goal.check(self._runs.trainer)
        goal = goal.from_step(self.now)
        self.playing, self.backwards, self.goal = True, False, goal
        self._limit = int(goal.value) if goal.is_step else self.now + LIMIT

    @property
    def goal_text(self) -> str:
        """The goal in words; "" if there is none."""
        return self.goal.text if self.goal else ""

    def play_to(self, step: int, speed: float) -> None:
        """Play to a step, on or back, at so many steps a second."""
        if step == self.now:
            return
        self.playing, self.backwards, self.goal = True, step < self.now, None
        self.way = Way(max(0, step), speed)

    def _reached(self) -> str:
        """The goal in words, if it holds at this step of the current run."""
        return self.goal.text if self.goal and self.goal.holds(self._runs.trainer) else ""

    def _end_of_goal(self) -> str:
        """Why play does not go on to the goal; "" if it does."""
        trainer, goal = self._runs.trainer, self.goal
        if goal is None:
            return self.stopped
        if trainer.divergence:
            return f"{goal.text} is not reached: {trainer.divergence}"
        if reached := self._reached():
            step = count(trainer.step_count)
            return f"{reached} is reached" if goal.is_step else f"{reached} at step {step}"
        if self.stopped:
            return f"{self.stopped}; {goal.text} is not reached"
        if trainer.step_count < self._limit:
            return ""
        now = goal.measured_text(trainer)
        return f"{goal.text} is not reached by step {count(self._limit)}: {now}"

    def train_for(self, seconds: float, max_steps: int) -> int:
        """Train for at most this time and this number of steps, or until a stop condition pauses
        the run; returns the number of steps. Together, runs that are behind catch up first; then
        all that have not diverged make the same number."""
        self.stopped, taken = "", 0
        runs, start, ahead = self._farthest_behind()
        deadline = perf_counter() + seconds
        # C may take long on many examples
        slow = self.goal or any(watches_cost(run.prepared.experiment) for run in self._runs.moving)
        chunk = 1 if slow else 8
        while taken < max_steps and not self._runs.trainer.divergence:
            steps = min(chunk, max_steps - taken, ahead - start, max(1, self._limit - start))
            chunk_start = perf_counter()
            self._play(runs, start + steps)
            now = perf_counter()
            taken += max(run.live.step_count for run in runs) - start
            runs, start, ahead = self._farthest_behind()
            self.stopped = self._end_of_goal()
            if self.stopped:
                self.playing = False
                break
            if deadline - now <= REMAINDER * seconds:  # too short for another chunk
                break
            # as many steps as fit into most of the remaining time
            chunk = max(1, int(MOST * (deadline - now) / max(now - chunk_start, 1e-9) * steps))
        return taken

    def _farthest_behind(self) -> tuple[list[Run], int, int]:
        """The runs that are farthest behind, without those that have diverged; their step, and that
        of the next ones, with which they catch up. No runs are nowhere behind."""
        steps = [(run, run.live.step_count) for run in self._moving if not run.live.divergence]
        start = min((step for _, step in steps), default=FAR)
        runs = [run for run, step in steps if step == start]
        return runs, start, min((step for _, step in steps if step > start), default=FAR)

    def _play(self, runs: Sequence[Run], goal: int) -> None:
        """Bring runs to a step, or all of them to the first one at which a condition of one holds;
        ``stopped`` says which. Runs that diverge stay behind."""
        starts = [(run, run.live.step_count, run.live.watch) for run in runs]
        reasons = dict.fromkeys((run.name for run in runs), "")
        for run, start, _ in starts:
            reason = self._play_run(run, goal - start)
            if reason and run.live.step_count < goal:  # before the runs above
                goal = run.live.step_count
                reasons = dict.fromkeys(reasons, "")
            reasons[run.name] = reason
        for run, start, watch in starts:
            if run.live.step_count > goal:
                run.live.seek(start)
                run.live.watch = watch
                reasons[run.name] = self._play_run(run, goal - start)
        single = len(self._moving) == 1
        self.stopped = "; ".join(
            r if single else f"{name}: {r}" for name, r in reasons.items() if r
        )

    def _play_run(self, run: Run, steps: int) -> str:
        """Let a run go on, the current one at most to the goal; why it should pause, if it
        should."""
        watches = self.goal and not self.goal.is_step and run is self._runs.current
        return run.live.play(steps, self._reached if watches else None)

    def play_on(self, seconds: float, max_steps: int) -> int:
        """Play for one frame in the present direction, at most so many steps; pause at the start,
        at the end of the way, or after a divergence. Returns the number of steps."""
        way = self.way
        if way:
            max_steps = min(max_steps, abs(way.step - self.now))
        taken = self.play_back(max_steps) if self.backwards else self.train_for(seconds, max_steps)
        diverged = not self.backwards and self._runs.trainer.divergence
        arrived = way is not None and self.now == way.step
        self.playing = self.playing and not diverged and not arrived
        return taken

    def play_back(self, max_steps: int) -> int:
        """Play one frame backwards, by so many steps, without a limit (``FAST`` or more) by so many
        that all of a run takes seconds; many steps end at a checkpoint, to save time. Pause at the
        start. Returns the number of steps."""
        history, start, self.stopped = self._lead.live.history, self.now, ""
        back = max_steps if max_steps < FAST else max(1, history.latest_step // REWIND_FRAMES)
        goal, last = max(0, start - back), self.way.step if self.way else 0
        near = goal if back <= MAX_REPLAYED else history.checkpoint_before(goal).step
        self.seek(max(near, last))
        self.playing = self.now > 0
        return start - self.now

    @property
    def _moving(self) -> list[Run]:
        """The runs that time moves, without those that have diverged; these, if all have."""
        stable = [run for run in self._runs.moving if not run.live.divergence]
        return stable or [*self._runs.moving]

    @property
    def _lead(self) -> Run:
        """Of the moving runs the one at the latest step, the current one if it is there."""
        current = self._runs.current
        return max(self._moving, key=lambda run: (run.live.step_count, run is current))

    @property
    def now(self) -> int:
        """The step of the run that is ahead of the others that move."""
        return self._lead.live.step_count

    @property
    def latest(self) -> int:
        """The latest step that any moving run has reached, without those that have diverged."""
        histories = [run.live.history for run in self._runs.moving]
        stable = [history for history in histories if not history.divergence]
        return max(history.latest_step for history in stable or histories)
