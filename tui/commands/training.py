"""Time and training: playing, stepping, restarting, and what is trained with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.wording import count
from tui.actions.action import Action
from tui.commands.play.undo import event_label, redo, undo
from tui.commands.play.until import stop_goal

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.training.record.state import Event
    from tui.base_app import BaseApp

AT_ONCE = 0.2  # seconds of replay until a dialog shows its progress
MAX_STEPS_AHEAD = 20_000  # steps that "go to step" may train


def toggle_play(app: BaseApp, backwards: bool = False) -> None:
    """Play in this direction, or pause. Space pauses whatever the direction."""
    session = app.session
    goes_on = session.time.playing and (session.time.backwards or not backwards)
    if stop_goal(app):
        return
    if session.trainer.divergence and not backwards and not goes_on:
        app.tell(str(session.trainer.divergence))
        return
    session.time.playing, session.time.backwards = not goes_on, backwards
    app.ticker.start()
    app.show()


def step(app: BaseApp, n: int) -> None:
    """So many steps on, or back if negative."""
    _train_to(app, app.session.time.now + n)


def _train_to(app: BaseApp, step: int) -> None:
    time = app.session.time
    move = time.seek if step < time.now else time.train_to  # a way back trains no run
    _go(app, step, lambda: _train(app, lambda: move(step)))


def step_epoch(app: BaseApp, n: int) -> None:
    """An epoch on (n = 1) or back (−1)."""
    _train(app, lambda: app.session.time.step_epoch(n))


def _train(app: BaseApp, move: Callable[[], object]) -> None:
    """Move in time, and say why if a stop condition has ended it."""
    app.do(move, pause=True)
    if app.session.time.stopped:
        app.tell(app.session.time.stopped)


def microstep(app: BaseApp, n: int) -> None:
    """A micro-step on (n = 1) or back (−1)."""
    app.do(lambda: app.session.microstep(n), pause=True)


def seek(app: BaseApp, step: int) -> None:
    """Go to a step."""
    _go(app, step, lambda: app.do(lambda: app.session.time.seek(step), pause=True))


def seek_end(app: BaseApp) -> None:
    """Go to the latest step."""
    seek(app, app.session.time.latest)


def _go(app: BaseApp, step: int, act: Callable[[], object]) -> None:
    """Do what goes to a step. Where many are replayed for it, a dialog shows how many remain. Esc
    stops at the step that has been reached."""
    time = app.session.time
    if time.replaying:  # the mouse goes on along the seek bar
        return
    time.playing = False
    if not time.approach(step, AT_ONCE):
        act()
        return
    from tui.dialogs.replay import Replay

    time.replaying = True

    def replayed(is_there: bool) -> None:
        time.replaying = False
        (act if is_there else app.show)()
        if not is_there:
            app.tell(f"stopped at step {count(time.now)}")

    app.ask(Replay(time, step), replayed)


def ask_step(app: BaseApp) -> None:
    """Ask for a step, and go there."""
    from tui.dialogs.base import ask_number

    app.session.time.playing = False
    latest = app.session.trainer.history.latest_step
    note = f" (beyond {count(latest)} it trains on)"

    limits = 0, latest + MAX_STEPS_AHEAD
    app.ask(ask_number("Go to step", *limits, note), lambda step: _train_to(app, step))


def restart(app: BaseApp, other_start: bool) -> None:
    """Begin a new run: from the same weights, or from the next initialisation. The changes that
    wait in the settings panel, where it is open, are applied."""
    draft = app.draft
    if draft.shown and draft.pending and not other_start:
        app.begin(draft.wanted(app.session.experiment))
        return
    app.restart(lambda: app.session.restart(other_start))


def scale_learning_rate(app: BaseApp, factor: float) -> None:
    """Multiply the learning rate, from the next step on."""
    _change(app, lambda: app.session.scale_learning_rate(factor))


def change(app: BaseApp, **settings: Any) -> None:
    """Change settings of the training, from the next step on."""
    app.attempt(lambda: _change(app, lambda: app.session.change(**settings)))


def _change(app: BaseApp, change: Callable[[], object]) -> None:
    """Change settings; say what, from which step on, and which key undoes it."""
    before = _last_event(app)
    app.do(change)
    event = _last_event(app)
    if event is not None and event is not before:
        text = f"{event_label(event)} from step {count(event.step)}"
        app.tell(f"{text}; {app.shown_keys['undo']} undoes", text)


def _last_event(app: BaseApp) -> Event | None:
    events = app.session.trainer.history.events
    return events[-1] if events else None


def toggle_settings(app: BaseApp) -> None:
    """Open the settings panel, or go back to it; from within close it, which first asks about
    changes that are not applied."""
    if app.frame_screen:
        app.frame_screen.toggle_settings()


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action("play", ("space",), "space", "play, pause", toggle_play, "play"),
    Action(
        "play_back",
        ("J",),
        "J",
        "play backwards, as far as the first step",
        lambda app: toggle_play(app, backwards=True),
        name="play backwards",
    ),
    Action(
        "on",
        ("right", "full_stop"),
        "→ .",
        "a step on",
        lambda app: step(app, 1),
        "step",
        bar=".",
    ),
    Action(
        "back",
        ("left", "comma"),
        "← ,",
        "a step back",
        lambda app: step(app, -1),
        "step back",
        bar=",",
    ),
    Action("on_ten", ("shift+right",), "shift+→", "ten steps on", lambda app: step(app, 10)),
    Action("back_ten", ("shift+left",), "shift+←", "ten steps back", lambda app: step(app, -10)),
    Action(
        "epoch_on",
        ("n",),
        "n",
        "an epoch on",
        lambda app: step_epoch(app, 1),
        "epoch",
    ),
    Action(
        "epoch_back",
        ("N",),
        "N",
        "an epoch back",
        lambda app: step_epoch(app, -1),
    ),
    Action("first", ("home",), "home", "to the first step", lambda app: seek(app, 0)),
    Action("latest", ("end",), "end", "to the latest step", seek_end),
    Action("step_typed", ("G",), "G", "go to a step (typed)", ask_step),
    Action(
        "microstep_on",
        ("right", "full_stop"),
        "→ .",
        "on Backprop: a micro-step on, after the last one into the next step",
        lambda app: microstep(app, 1),
        "micro-step",
        bar=".",
        screens=("backprop",),
        name="a micro-step on",
    ),
    Action(
        "microstep_back",
        ("left", "comma"),
        "← ,",
        "on Backprop: a micro-step back",
        lambda app: microstep(app, -1),
        "micro-step back",
        bar=",",
        screens=("backprop",),
    ),
    Action(
        "step_on",
        ("shift+right",),
        "shift+→",
        "on Backprop: a whole step on, to the same micro-step",
        lambda app: step(app, 1),
        "whole step",
        screens=("backprop",),
        name="a whole step on",
    ),
    Action(
        "step_back",
        ("shift+left",),
        "shift+←",
        "on Backprop: a whole step back, to the same micro-step",
        lambda app: step(app, -1),
        "whole step back",
        screens=("backprop",),
        name="a whole step back",
    ),
    Action(
        "restart",
        ("r",),
        "r",
        "restart: same first weights, with the pending settings",
        lambda app: restart(app, other_start=False),
        "restart",
        name="restart",
    ),
    Action(
        "next_start",
        ("R",),
        "R",
        "restart: next initialisation, same data",
        lambda app: restart(app, other_start=True),
        name="restart, other weights",
    ),
    Action(
        "rate_halve",
        ("left_square_bracket",),
        "[",
        "halve the learning rate, from the next step on",
        lambda app: scale_learning_rate(app, 0.5),
        name="halve the learning rate",
    ),
    Action(
        "rate_double",
        ("right_square_bracket",),
        "]",
        "double the learning rate, from the next step on",
        lambda app: scale_learning_rate(app, 2.0),
        name="double the learning rate",
    ),
    Action(
        "undo",
        ("u",),
        "u",
        "undo what was done last: a change of settings or weights, a restart, an edit of the data",
        undo,
        name="undo",
    ),
    Action(
        "redo", ("U",), "U", "redo: bring back what was undone, with its steps", redo, name="redo"
    ),
    Action(
        "settings",
        ("o",),
        "o",
        "settings: every option of the experiment, beside any screen",
        toggle_settings,
        "settings",
        name="settings",
    ),
)
