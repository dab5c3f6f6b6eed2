"""Showing the steps of a lesson as scenes: on a projector by keys, or as a demo by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui.lessons.lesson import Lesson, Step

WALK = 0.35  # seconds from one action of a scene of a demo to the next
MOVE = 4.0  # seconds of a movement in training, where the step does not say
SCENE = 5.0  # seconds of a scene of a demo, where the step does not say
MOVING = 0.8  # of the seconds of a scene of a demo, in which it moves
REVEALED = 0.5  # of the seconds of a scene, after which a demo does what the step asks for


class Stage:
    """What is so of the scene that is shown.

    ``lesson`` is as it was written; ``by_clock``: it is a demo.
    ``waits``: what the step asks for is still to be done, or its question to be answered.
    ``way`` is the training step that the scene moves to, in ``pace`` steps a second; None if it is
    there. ``run`` is the session that moves.
    ``actions`` are those of the set-up that a demo has still to do.
    ``paused``: the user has stopped that, and the clock of a demo.
    ``elapsed`` are the seconds since the scene began, without pauses.
    """

    def __init__(self, lesson: Lesson, by_clock: bool) -> None:
        self.lesson, self.by_clock = lesson, by_clock
        self.now: float | None = None  # the time of the last tick
        self.remove_caption: Callable[[], object] = lambda: None
        self.enter(None)

    def enter(self, step: Step | None) -> None:
        """Begin a scene, before it is set up."""
        self.actions: list[str] = []
        self._acted = 0.0  # at which of the seconds the last of them was done
        self.waits = step is not None and bool(step.ask or step.prediction)
        self.way: int | None = None
        self.run: object = None
        self.pace = 0.0
        self.paused = False
        self.elapsed = 0.0

    def move(self, start: int, end: int, step: Step) -> None:
        """Note that training moves from a step to another one. In a demo its end is seen for a
        while."""
        part = MOVING if self.by_clock else 1.0
        if self.by_clock and not step.train:  # the scene has begun before
            part -= REVEALED
        self.way = max(0, end)
        self.pace = max(1, abs(self.way - start)) / (part * step.seconds or MOVE)

    def next_action(self) -> str:
        """The action that a demo does now; "" if none is due."""
        if not self.actions or self.elapsed < self._acted + WALK:
            return ""
        self._acted = self.elapsed
        return self.actions.pop(0)

    def is_due(self, step: Step, part: float = 1.0) -> bool:
        """Whether so much of the time of a scene of a demo has gone by."""
        return self.by_clock and self.elapsed >= part * (step.seconds or SCENE)


def scenes_of(lesson: Lesson, main_pane: Callable[[str], str], screen: str) -> Lesson:
    """A lesson for a projector: each step with one pane that fills the screen, the main pane of its
    screen if it names none, or what the step before has shown. ``screen`` is shown at first."""
    steps, pane = [], main_pane(screen)
    for step in lesson.steps:
        if step.screen:
            screen, pane = step.screen, step.pane or main_pane(step.screen)
        steps.append(replace(step, screen=screen, pane=pane, zoom=True))
    return replace(lesson, steps=tuple(steps))
