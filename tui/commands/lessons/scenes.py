"""The scenes of a presentation, or of a demo that plays by itself: opening, movement, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from engine.measures.moment import Moment
from engine.measures.table import measured
from tui.commands.lessons import captions
from tui.commands.lessons.panel import show
from tui.commands.lessons.steps import do_what_it_asks, known, open_lesson, open_step
from tui.commands.training import seek, toggle_play
from tui.lessons import library
from tui.lessons.lesson import Lesson, Step
from tui.lessons.stage import REVEALED, Stage, scenes_of
from tui.lessons.texts import number_text
from tui.screens.layout.arrange import layout_of
from tui.ticker import LONGEST_ON_WAY

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def present(app: BaseApp, lesson: Lesson, number: int = 0) -> None:
    """Show a lesson on a projector, from a step (from 0) on. The user goes from scene to scene."""
    app.course.stage = Stage(lesson, by_clock=False)
    first = app.frame_screen.NAME if app.frame_screen else "explore"
    scenes = scenes_of(lesson, lambda screen: layout_of(screen).picture_pane, first)
    _open(app, scenes, number)


def demo(app: BaseApp) -> None:
    """Show the demo. It goes on by itself until a key ends it."""
    lesson = library.built_in(library.DEMO, known(app.actions))
    app.course.stage = Stage(lesson, by_clock=True)
    _open(app, lesson, 0)


# what the user does


def go_on(app: BaseApp) -> None:
    """Do what the scene waits for, or bring it to its end; else go to the next scene."""
    course, stage = app.course, app.course.stage
    if stage is None or course.lesson is None or course.step is None:
        return
    if not stage.by_clock and stage.waits:
        _reveal(app, course.step)
    elif not stage.by_clock and stage.way is not None:
        _finish(app)
    elif course.is_last:
        app.tell(f"this was the last scene; {app.shown_keys['cancel']} ends the presentation")
    else:
        _finish(app)
        _open(app, course.lesson, course.number + 1)


def go_back(app: BaseApp) -> None:
    """Go to the scene before."""
    course = app.course
    if course.lesson is None or course.stage is None:
        return
    if not course.number:
        raise EngineError("this is the first scene")
    _open(app, course.lesson, course.number - 1)


def pause(app: BaseApp) -> None:
    """Stop what moves by itself, or let it go on. Where nothing does, play or pause."""
    stage = app.course.stage
    if stage is None:
        return
    if stage.way is None and not stage.by_clock:
        toggle_play(app)
        return
    stage.paused = not stage.paused
    if stage.paused:
        app.session.time.playing = False
    elif stage.way is not None:
        _move_on(app, stage)
    app.show()


# a scene


def _open(app: BaseApp, lesson: Lesson, number: int) -> None:
    """Open a scene: after the one before it, or as if all before it had been shown."""
    course, stage = app.course, app.course.stage
    assert stage is not None
    app.session.time.playing = False
    follows = course.lesson is lesson and number == course.number + 1
    stage.enter(lesson.steps[number])
    (open_step if follows else open_lesson)(app, lesson, number, keeps=False)
    app.message = ""
    _begin(app, stage, course.step)


def _begin(app: BaseApp, stage: Stage, step: Step | None) -> None:
    """Begin the movement of a scene, when its set-up is done: its actions wait for the panes."""
    screen = app.frame_screen
    if app.leaving or screen is None or step is None:
        return
    if app.course.stage is not stage or app.course.step is not step:  # the user has gone on
        return
    if not screen.composed:
        screen.call_later(_begin, app, stage, step)
        return
    if step.train:
        _move(app, app.session.time.now + step.train)
    _draw(app)


def _reveal(app: BaseApp, step: Step) -> None:
    """Show the answer to the question of a scene, and do what it asks for."""
    course, stage = app.course, app.course.stage
    assert stage is not None
    stage.waits = False
    if course.asks:
        try:
            truth = _truth(app, step)
        except EngineError as error:
            truth = str(error)
        course.answered(truth, truth, True)
    if step.until is not None:
        course.acted(step.ask)
        _move(app, step.until)
    else:
        do_what_it_asks(app, step)
    _draw(app)


def _truth(app: BaseApp, step: Step) -> str:
    prediction = step.prediction
    assert prediction is not None
    if not prediction.measure:
        return prediction.answer
    return number_text(measured(Moment.of(app.session.trainer), prediction.measure))


def _finish(app: BaseApp) -> None:
    """Bring a scene to its end at once, with all that it still waits for."""
    course, stage = app.course, app.course.stage
    assert stage is not None
    actions, stage.actions = stage.actions, []
    for action in actions:
        app.action_act(action)
    if stage.waits and course.step:
        _reveal(app, course.step)
    way, stage.way, stage.paused = stage.way, None, False
    if way is not None:
        seek(app, way)


# movement


def _move(app: BaseApp, step: int) -> None:
    """Let training move to a step, on or back, in the seconds of the scene."""
    stage, scene = app.course.stage, app.course.step
    assert stage is not None and scene is not None
    stage.move(app.session.time.now, step, scene)
    stage.run = app.session
    if not stage.paused:
        _move_on(app, stage)


def _move_on(app: BaseApp, stage: Stage) -> None:
    assert stage.way is not None
    app.session.time.play_to(stage.way, stage.pace)
    app.ticker.start()


def tick(app: BaseApp) -> None:
    """Note what has become of the movement; in a demo, let time go on."""
    stage, step, now = app.course.stage, app.course.step, app.clock.now()
    if stage is None or step is None:
        return
    elapsed, stage.now = min(now - (stage.now or now), LONGEST_ON_WAY), now
    has_stopped = not stage.paused and app.session.time.way is None
    if stage.way is not None and (has_stopped or stage.run is not app.session):
        stage.way = None  # it is there, or the user has done something else
        stage.paused = stage.paused and stage.by_clock
        _draw(app)
    if stage.by_clock and not stage.paused and app.screen is app.frame_screen:
        stage.elapsed += elapsed
        if action := stage.next_action():
            app.action_act(action)
        elif stage.waits and stage.is_due(step, REVEALED):
            _reveal(app, step)
        if stage.is_due(step) and stage.way is None and not app.course.is_last:
            go_on(app)
    if stage.by_clock:
        captions.show(app)


def _draw(app: BaseApp) -> None:
    show(app)
    if app.course.stage and app.course.stage.by_clock:
        captions.show(app)
