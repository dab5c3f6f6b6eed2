"""Every action of the app: its keys, its help, and what it does. README and F1 are made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from engine import EngineError
from tui import (
    changes,
    comparing,
    data_editing,
    editing,
    explaining,
    opening,
    predicting,
    remodel,
    sharing,
)
from tui.piecewise import CURVED, why_curved
from tui.questions import ask_example, ask_filter, ask_plane, ask_step
from tui.screenshot import save_screenshot

if TYPE_CHECKING:
    from tui.app import NNExplore


@dataclass(frozen=True)
class Action:
    """``keys`` are Textual's names, ``shown`` how they are written; ``brief`` is the word of the
    key bar, ``bar`` how it writes the keys ("": as elsewhere). ``screens`` are the names of the
    only screens it is for ((): all where no such action has its keys)."""

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    run: Callable[[NNExplore], object]
    brief: str = ""
    bar: str = ""
    screens: tuple[str, ...] = ()

    def is_for(self, screen: str | None) -> bool:
        """Whether it does something on the screen of that name."""
        return not self.screens or screen in self.screens


def _later(module: str, name: str) -> Callable[[NNExplore], object]:
    """A function of a module of ``tui`` that is not imported before it is wanted."""
    return lambda app: getattr(import_module(f"tui.{module}"), name)(app)


SCREENS = {  # name: key, title
    "explore": ("1", "Explore"),
    "backprop": ("2", "Backprop"),
    "regions": ("3", "Regions"),
    "linear": ("4", "Linear"),
    "glm": ("5", "GLM"),
}

ACTIONS = (
    Action("play", ("space",), "space", "play, pause", lambda app: app.toggle_play(), "play"),
    Action(
        "play_back",
        ("J",),
        "J",
        "play backwards, as far as the first step",
        lambda app: app.toggle_play(backwards=True),
    ),
    Action("on", ("right",), "→", "a step on", lambda app: app.step(1), "step"),
    Action("back", ("left",), "←", "a step back", lambda app: app.step(-1), "back"),
    Action("on_ten", ("shift+right",), "shift+→", "ten steps on", lambda app: app.step(10)),
    Action("back_ten", ("shift+left",), "shift+←", "ten steps back", lambda app: app.step(-10)),
    Action(
        "epoch_on",
        ("n",),
        "n",
        "an epoch on",
        lambda app: app.do(lambda: app.session.step_epoch(1), pause=True),
        "epoch",
    ),
    Action(
        "epoch_back",
        ("N",),
        "N",
        "an epoch back",
        lambda app: app.do(lambda: app.session.step_epoch(-1), pause=True),
    ),
    Action(
        "microstep_on",
        ("right",),
        "→",
        "on Backprop: a micro-step on, after the last one into the next step",
        lambda app: app.microstep(1),
        "next",
        screens=("backprop",),
    ),
    Action(
        "microstep_back",
        ("left",),
        "←",
        "on Backprop: a micro-step back",
        lambda app: app.microstep(-1),
        "back",
        screens=("backprop",),
    ),
    Action(
        "step_on",
        ("shift+right",),
        "shift+→",
        "on Backprop: a whole step on, to the same micro-step",
        lambda app: app.step(1),
        screens=("backprop",),
    ),
    Action(
        "step_back",
        ("shift+left",),
        "shift+←",
        "on Backprop: a whole step back, to the same micro-step",
        lambda app: app.step(-1),
        screens=("backprop",),
    ),
    Action("first", ("home",), "home", "to the first step", lambda app: app.seek(0)),
    Action("latest", ("end",), "end", "to the latest step", lambda app: app.seek_end()),
    Action("step_typed", ("G",), "G", "go to a step (typed)", ask_step),
    Action(
        "restart", ("r",), "r", "restart: same start", lambda app: app.restart(False), "restart"
    ),
    Action(
        "next_start",
        ("R",),
        "R",
        "restart: next initialisation, same data",
        lambda app: app.restart(True),
    ),
    Action(
        "rate_halve",
        ("left_square_bracket",),
        "[",
        "halve the learning rate, from the next step on",
        lambda app: app.do(lambda: app.session.scale_learning_rate(0.5)),
    ),
    Action(
        "rate_double",
        ("right_square_bracket",),
        "]",
        "double the learning rate, from the next step on",
        lambda app: app.do(lambda: app.session.scale_learning_rate(2.0)),
    ),
    Action("undo", ("u",), "u", "undo the last event", lambda app: app.undo()),
    Action(
        "example_back",
        ("comma",),
        ",",
        "previous example",
        lambda app: app.do(lambda: app.session.next_example(-1)),
    ),
    Action(
        "example_on",
        ("full_stop",),
        ".",
        "next example",
        lambda app: app.do(lambda: app.session.next_example(1)),
        "example",
        bar=", .",
    ),
    Action("example_typed", ("g",), "g", "go to an example (typed)", ask_example),
    Action(
        "batch",
        ("b",),
        "b",
        "batch mean or one example",
        lambda app: app.do(app.session.toggle_batch_mode),
        "batch mean",
    ),
    Action(
        "up",
        ("up", "k"),
        "↑ k",
        "select upwards, cursor up",
        lambda app: app.move(0, -1),
        "region",
        bar="↑↓",
    ),
    Action(
        "down", ("down", "j"), "↓ j", "select downwards, cursor down", lambda app: app.move(0, 1)
    ),
    Action("left", ("h",), "h", "layer before, cursor left", lambda app: app.move(-1, 0)),
    Action("right", ("l",), "l", "layer after, cursor right", lambda app: app.move(1, 0)),
    Action(
        "unit_up",
        ("up", "k"),
        "↑ k",
        "on Backprop: the component of the unit before",
        lambda app: app.move(0, -1),
        "component",
        bar="↑↓",
        screens=("backprop",),
    ),
    Action(
        "unit_down",
        ("down", "j"),
        "↓ j",
        "on Backprop: the component of the next unit",
        lambda app: app.move(0, 1),
        screens=("backprop",),
    ),
    Action(
        "input_before",
        ("h",),
        "h",
        "on Backprop: of a gradient or an update, the weight of the input before",
        lambda app: app.move(-1, 0),
        screens=("backprop",),
    ),
    Action(
        "input_after",
        ("l",),
        "l",
        "on Backprop: of a gradient or an update, the weight of the next input, at last the bias",
        lambda app: app.move(1, 0),
        screens=("backprop",),
    ),
    Action(
        "explain",
        ("enter",),
        "enter",
        "where what is selected comes from; while a result is hidden, guess it",
        lambda app: _explain(app),
        "why?",
    ),
    Action(
        "copy",
        ("y",),
        "y",
        "copy that explanation as text",
        lambda app: _copy(app, explaining.copy_text),
    ),
    Action(
        "copy_latex",
        ("Y",),
        "Y",
        "copy that explanation as LaTeX",
        lambda app: _copy(app, explaining.copy_latex),
    ),
    Action(
        "predict",
        ("question_mark",),
        "?",
        "predict first: hide each result until you have guessed it, or no longer",
        lambda app: predicting.toggle(app),
        screens=("backprop",),
    ),
    Action(
        "weight",
        ("i",),
        "i",
        "select the next weight into the selected unit, at last its bias",
        lambda app: editing.next_weight(app, 1),
        screens=("explore", "backprop"),
    ),
    Action(
        "weight_before",
        ("I",),
        "I",
        "select the weight before",
        lambda app: editing.next_weight(app, -1),
        screens=("explore", "backprop"),
    ),
    Action(
        "edit",
        ("e",),
        "e",
        "edit the selected weight or bias (typed)",
        lambda app: editing.edit_weight(app),
        screens=("explore", "backprop"),
    ),
    Action(
        "increase",
        ("plus",),
        "+",
        "make the selected weight or bias larger",
        lambda app: editing.nudge(app, 1),
        screens=("explore", "backprop"),
    ),
    Action(
        "decrease",
        ("minus",),
        "-",
        "make the selected weight or bias smaller",
        lambda app: editing.nudge(app, -1),
        screens=("explore", "backprop"),
    ),
    Action(
        "freeze",
        ("f",),
        "f",
        "freeze the selected weight or bias, or let it learn again",
        lambda app: editing.toggle_frozen(app),
        screens=("explore", "backprop"),
    ),
    Action(
        "add_example",
        ("a",),
        "a",
        "on Explore: add an example at the cursor, its target typed, in a new run",
        lambda app: data_editing.ask_example(app),
        screens=("explore",),
    ),
    Action(
        "delete_example",
        ("delete", "backspace"),
        "del",
        "delete the example nearest to the cursor, in a new run",
        lambda app: data_editing.delete_nearest(app),
        screens=("explore",),
    ),
    Action(
        "pick_example",
        ("V",),
        "V",
        "select the example nearest to the cursor",
        lambda app: data_editing.select_nearest(app),
        screens=("explore",),
    ),
    Action(
        "move_example",
        ("v",),
        "v",
        "move the selected example to the cursor, in a new run",
        lambda app: data_editing.move_selected(app),
        screens=("explore",),
    ),
    Action(
        "edit_back",
        ("A",),
        "A",
        "take the last edit of the data back, in a new run",
        lambda app: data_editing.take_back(app),
        screens=("explore",),
    ),
    Action(
        "branch",
        ("B",),
        "B",
        "begin a branch from this step: a second run with the same past",
        lambda app: comparing.branch_off(app),
        "branch",
    ),
    Action(
        "compare",
        ("vertical_line",),
        "|",
        "compare runs side by side, all of them stepping together; again: back",
        lambda app: comparing.toggle_screen(app),
        "compare",
    ),
    Action(
        "run_before",
        ("less_than_sign",),
        "<",
        "make the run before the current one",
        lambda app: comparing.switch(app, -1),
    ),
    Action(
        "run_after",
        ("greater_than_sign",),
        ">",
        "make the next run the current one",
        lambda app: comparing.switch(app, 1),
        "run",
        bar="< >",
    ),
    Action(
        "run_other",
        ("V",),
        "V",
        "on Compare: the current run beside the next other one",
        lambda app: app.do(app.session.compare_with_next),
        "other",
        screens=("compare",),
    ),
    Action(
        "rename",
        ("e",),
        "e",
        "on Compare: name the current run (typed)",
        lambda app: comparing.rename(app),
        "name",
        screens=("compare",),
    ),
    Action(
        "delete_run",
        ("delete",),
        "del",
        "on Compare: delete the current run, once its name is typed",
        lambda app: comparing.delete(app),
        "delete",
        screens=("compare",),
    ),
    Action(
        "test_data",
        ("H",),
        "H",
        "hide the test examples, or show them again",
        lambda app: app.do(app.session.toggle_test),
    ),
    Action(
        "discretise",
        ("d",),
        "d",
        "on Explore: the class decided for without shades, or shades again",
        lambda app: app.do(app.session.toggle_discretise),
        screens=("explore",),
    ),
    Action("mark", ("m",), "m", "mark this moment", lambda app: changes.mark(app)),
    Action(
        "changes",
        ("M",),
        "M",
        "what has changed since the mark",
        lambda app: changes.show_changes(app),
    ),
    Action(
        "plane",
        ("p",),
        "p",
        "show the next plane, where there are more than two inputs",
        lambda app: app.do(app.session.next_plane),
        "plane",
    ),
    Action(
        "plane_typed",
        ("P",),
        "P",
        "the plane through three examples (typed)",
        ask_plane,
    ),
    Action(
        "colour",
        ("c",),
        "c",
        "colour by output, region, slope, layer",
        lambda app: app.do(app.session.next_colouring),
        "colour by",
        screens=("regions",),
    ),
    Action(
        "filter",
        ("slash",),
        "/",
        "show only some regions (typed)",
        ask_filter,
        "filter",
        screens=("regions",),
    ),
    Action(
        "walk",
        ("w",),
        "w",
        "walk straight from here to the cursor; end the walk",
        lambda app: _toggle_walk(app),
        "walk",
        screens=("regions",),
    ),
    Action(
        "count",
        ("C",),
        "C",
        "count the regions once, however many",
        lambda app: app.do(app.session.count_once),
    ),
    Action(
        "cancel",
        ("escape",),
        "esc",
        "cancel that count",
        lambda app: app.do(app.session.cancel_count),
    ),
    Action(
        "solve",
        ("s",),
        "s",
        "solve: jump to the least-squares solution",
        lambda app: app.do(lambda: remodel.solve(app.session), pause=True),
        "solve",
        screens=("linear",),
    ),
    Action(
        "activation",
        ("a",),
        "a",
        "hidden layers relu, and back, in a new run; on GLM identity, relu, tanh",
        lambda app: app.switch_activation(),
        "relu",
        screens=("linear", "glm"),
    ),
    Action(
        "residuals",
        ("d",),
        "d",
        "diagnostics of the residuals of OLS or of the network",
        lambda app: app.do(app.session.toggle_residuals),
        "residuals",
        screens=("linear",),
    ),
    Action(
        "degree",
        ("D",),
        "D",
        "closed form: the next polynomial degree, 1 to 8, of one input",
        lambda app: app.do(app.session.next_degree),
        "degree",
        screens=("linear",),
    ),
    Action(
        "family",
        ("f",),
        "f",
        "on GLM: the next family of distributions that the targets allow",
        lambda app: app.do(lambda: remodel.choose_family(app.session)),
        "family",
        screens=("glm",),
    ),
    Action(
        "link",
        ("L",),
        "L",
        "the next link of the family",
        lambda app: app.do(lambda: remodel.choose_link(app.session)),
        "link",
        screens=("glm",),
    ),
    Action(
        "become",
        ("equals_sign",),
        "=",
        "a new run: the one layer that is this GLM",
        lambda app: app.do(lambda: remodel.become_glm(app.session), pause=True),
        "be the GLM",
        screens=("glm",),
    ),
    Action(
        "grow",
        ("plus",),
        "+",
        "on GLM: a new run with one hidden layer more",
        lambda app: app.do(lambda: remodel.add_layer(app.session), pause=True),
        "layer",
        bar="+ −",
        screens=("glm",),
    ),
    Action(
        "shrink",
        ("minus",),
        "-",
        "on GLM: a new run with one hidden layer less",
        lambda app: app.do(lambda: remodel.remove_layer(app.session), pause=True),
        screens=("glm",),
    ),
    Action(
        "settings",
        ("o",),
        "o",
        "settings: every option of the experiment, beside any screen",
        lambda app: app.toggle_settings(),
        "settings",
    ),
    Action("explore", ("1",), "1", "screen Explore", lambda app: app.show_screen("explore")),
    Action("backprop", ("2",), "2", "screen Backprop", lambda app: app.show_screen("backprop")),
    Action("regions", ("3",), "3", "screen Regions", lambda app: app.show_screen("regions")),
    Action("linear", ("4",), "4", "screen Linear", lambda app: app.show_screen("linear")),
    Action("glm", ("5",), "5", "screen GLM", lambda app: app.show_screen("glm")),
    Action(
        "pane",
        ("tab",),
        "tab",
        "next pane",
        lambda app: app.next_pane(),
        "pane",
    ),
    Action(
        "zoom",
        ("z",),
        "z",
        "zoom the focused pane",
        lambda app: app.toggle_zoom(),
        "zoom",
    ),
    Action(
        "surface",
        ("S",),
        "S",
        "the loss surface around the run; esc leads back",
        _later("surveyor", "open_surface"),
    ),
    Action(
        "postmortem",
        ("X",),
        "X",
        "post-mortem of a run that has diverged, and the way back",
        _later("postmortem", "open_postmortem"),
    ),
    Action(
        "gallery",
        ("ctrl+g",),
        "ctrl+g",
        "gallery: experiments that show something",
        lambda app: app.open_gallery(),
    ),
    Action("save", ("ctrl+s",), "ctrl+s", "save the session", lambda app: opening.save(app)),
    Action(
        "save_as",
        ("W",),
        "W",
        "write the session, or its experiment, to a file (typed)",
        lambda app: opening.ask_save(app),
    ),
    Action(
        "open",
        ("ctrl+o",),
        "ctrl+o",
        "open a file or a share code (typed)",
        lambda app: opening.ask_open(app),
    ),
    Action(
        "share",
        ("x",),
        "x",
        "share: copy one line that opens this experiment elsewhere",
        lambda app: sharing.ask_share(app),
    ),
    Action("screenshot", ("f2",), "F2", "screenshot to a named file", save_screenshot),
    Action(
        "commands",
        ("ctrl+p",),
        "ctrl+p",
        "all commands",
        lambda app: app.action_command_palette(),
        "commands",
    ),
    Action("help", ("f1",), "F1", "help for the focused pane", lambda app: app.show_help(), "help"),
    Action(
        "quit",
        ("q",),
        "q",
        "quit; the session is kept: nn-explore --recover",
        lambda app: app.exit(),
        "quit",
    ),
)

BY_ID = {action.id: action for action in ACTIONS}

BARS = {  # what the key bar of each screen shows, as far as there is room
    "compare": "play on back branch run_after run_other rename delete_run pane zoom"
    " compare commands help",
    "explore": "play on back epoch_on restart pane explain zoom commands help quit",
    "backprop": "microstep_on microstep_back unit_up example_on batch play pane explain commands"
    " help",
    "regions": "play on back up colour plane filter walk pane zoom commands help",
    "linear": "play on back solve activation residuals degree pane zoom commands help",
    "glm": "play on back family link become grow activation pane zoom commands help",
}


def actions_on(screen: str | None, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """What can be done on a screen. There an action of its own goes before one of all screens."""
    own = {key for a in actions if a.screens and a.is_for(screen) for key in a.keys}
    return tuple(a for a in actions if a.is_for(screen) and (a.screens or own.isdisjoint(a.keys)))


def action_of(key: str, screen: str | None, actions: Sequence[Action] = ACTIONS) -> Action | None:
    """What a key does on a screen; None: nothing."""
    return next((a for a in actions_on(screen, actions) if key in a.keys), None)


def _explain(app: NNExplore) -> None:
    """Explain what is selected, or ask for a guess at the result that is hidden."""
    if _hidden(app):
        predicting.ask_guess(app)
    else:
        explaining.explain_selected(app)


def _copy(app: NNExplore, copy: Callable[[NNExplore], object]) -> None:
    """Copy an explanation; EngineError while its result is hidden."""
    if _hidden(app):
        raise EngineError("nothing to copy yet: enter guesses the result first")
    copy(app)


def _hidden(app: NNExplore) -> bool:
    """Whether the present screen hides the result that it is about."""
    screen = app.frame_screen
    return screen is not None and screen.name == "backprop" and app.session.hides_result


def _toggle_walk(app: NNExplore) -> None:
    """Start or end a walk; EngineError where there are no borders to cross."""
    session = app.session
    if session.walk_start is None:
        if session.trainer.divergence:
            raise EngineError(f"no walk: {session.trainer.divergence}")
        if curved := why_curved(session.prepared.network, session.prepared.dataset):
            what = "a curved network has" if curved == CURVED else "with curved features there are"
            raise EngineError(f"no walk: {what} no borders to cross")
    app.do(session.toggle_walk)


def help_text(screen: str | None, actions: Sequence[Action] = ACTIONS) -> str:
    """The keys of a screen, a line each."""
    return "\n".join(f"{a.shown:<10}{a.help}" for a in actions_on(screen, actions))


def markdown() -> str:
    """The table of keys for the README."""
    shown = (action.shown.replace("|", r"\|") for action in ACTIONS)
    rows = [f"| {keys} | {action.help} |" for keys, action in zip(shown, ACTIONS, strict=True)]
    return "\n".join(["| key | does |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(markdown())
