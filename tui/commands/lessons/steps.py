"""Opening the steps of lessons with their set-up; the next one and the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import DATASETS, EngineError, Experiment
from tui.actions.action import Action
from tui.actions.screen_keys import PANES
from tui.commands.lessons.answers import ask_answer
from tui.commands.lessons.panel import leave_stage, show
from tui.commands.screens import go_to
from tui.commands.training import seek
from tui.experiments.library import built_in as built_in_experiment
from tui.experiments.library import entry, gallery
from tui.lessons import library, progress
from tui.lessons.checks import Known, KnownAction
from tui.lessons.lesson import Lesson, Step
from tui.lessons.steps import FILES
from tui.storage.opening import experiment_of

if TYPE_CHECKING:
    from tui.base_app import BaseApp


LEAVING = ("quit", "suspend", "lesson", "lesson_back", "open", "gallery", "session_before")
"""Actions that leave a lesson, or the run that it shows: no step does or asks them."""


def known(actions: Iterable[Action[BaseApp]]) -> Known:
    """What lessons may name, with these actions."""
    return Known(
        {one.id: _known_action(one) for one in actions if not one.on_stage},
        PANES,
        DATASETS | {one.name: one.title for one in gallery()},
        opened,
    )


def _known_action(action: Action[BaseApp]) -> KnownAction:
    asks = action.is_typed or action.id == "save"  # which asks for a name where there is none
    return KnownAction(action.title, action.screens, asks, action.id in LEAVING)


# going through a lesson


def open_lessons(app: BaseApp) -> None:
    """Open the panel at the step where the reader was last, or go on in it. A presentation becomes
    the panel of its step."""
    course = app.course
    if course.stage:
        leave_stage(app)
        show(app)
    elif course.is_shown:
        go_on(app)
    elif course.lesson:
        course.is_shown = True
        show(app)
    else:
        resume(app)


def resume(app: BaseApp) -> None:
    """Open the lesson that was open last, at its step; the first one if there is none."""
    last = progress.progress().last
    open_built_in(app, last if last in library.NAMES else library.NAMES[0])


def open_built_in(app: BaseApp, name: str) -> None:
    """Open a built-in lesson at the step where the reader was."""
    at = progress.progress().steps.get(name, 0)
    open_lesson(app, library.built_in(name, known(app.actions)), at)


def open_lesson(app: BaseApp, lesson: Lesson, number: int = 0, keeps: bool = True) -> None:
    """Open a step of a lesson, as if the reader had done what the steps before it ask for.
    ``keeps``: it is kept as the place where the reader is."""
    number = min(max(number, 0), len(lesson.steps) - 1)
    steps = lesson.steps[: number + 1]
    begins = [at for at, step in enumerate(steps) if step.experiment]
    for step in steps[begins[-1] if begins else 0 : -1]:
        _set_up(app, step, lesson)
        train_at_once(app, step)
        do_what_it_asks(app, step)
    open_step(app, lesson, number, keeps)


def go_on(app: BaseApp) -> None:
    """Answer the question that waits, or go to the next step, or to the next lesson."""
    course = app.course
    if course.lesson is None:
        return
    if course.asks:
        ask_answer(app, course.asks)
    elif not course.is_last:
        open_step(app, course.lesson, course.number + 1)
    elif following := library.after(course.lesson.name):
        open_lesson(app, library.built_in(following, known(app.actions)))
    else:
        app.tell(f"this was the last step; {app.shown_keys['cancel']} closes the lesson")


def go_back(app: BaseApp) -> None:
    """Go to the step before."""
    course = app.course
    if course.lesson is None or not course.is_shown or course.stage:
        raise EngineError("no lesson is open")
    if not course.number:
        raise EngineError("this is the first step of the lesson")
    open_lesson(app, course.lesson, course.number - 1)


def open_step(app: BaseApp, lesson: Lesson, number: int, keeps: bool = True) -> None:
    """Open a step after the one before it. Its training is done at once, unless it is a scene."""
    step = app.course.open(lesson, number)
    _set_up(app, step, lesson)
    if not app.course.stage:
        train_at_once(app, step)
    if keeps:
        progress.keep(progress.key_of(lesson), number)
    show(app)


# the set-up of a step


def _set_up(app: BaseApp, step: Step, lesson: Lesson) -> None:
    """Open the experiment of a step, go to its training step and its screen, do its actions."""
    if step.experiment:
        app.open(_experiment(step, lesson))
        app.tell("")
    if step.screen:
        app.show_screen(step.screen)
    if step.at is not None:
        seek(app, step.at)
    if step.screen and step.pane:
        go_to(app, {"screen": step.screen, "pane": step.pane, "zoomed": step.zoom})
    stage = app.course.stage
    if stage and stage.by_clock and step is app.course.step:
        stage.actions = [*step.actions]  # one after the other, to be seen
        return
    for action in step.actions:
        app.action_act(action)


def _experiment(step: Step, lesson: Lesson) -> Experiment:
    return opened(step.experiment, step.settings, lesson.path.parent)


def opened(name: str, settings: Mapping[str, Any], folder: Path) -> Experiment:
    """An experiment by its name, or of a file in a folder, with settings in place of its own.
    EngineError where they contradict each other."""
    if name.endswith(FILES):
        experiment = experiment_of(str(folder / name))
    elif name in {one.name for one in gallery()}:
        experiment = entry(name).experiment
    else:
        experiment = built_in_experiment(name)
    own: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()
    }
    return replace(experiment, **own)


def train_at_once(app: BaseApp, step: Step) -> None:
    """Make the steps of training that belong to a step, or go back by so many."""
    if step.train:
        seek(app, max(0, app.session.time.now + step.train))


def do_what_it_asks(app: BaseApp, step: Step) -> None:
    """Do what a step asks of the reader."""
    if step.until is not None:
        seek(app, step.until)
    elif step.ask and not known(app.actions).actions[step.ask].is_typed:
        app.action_act(step.ask)
