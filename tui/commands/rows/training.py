"""Time and training: playing, stepping, restarting, and what is trained with."""

from tui.keys.action import Action, later

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
        lambda app: app.do(lambda: app.session.time.step_epoch(1), pause=True),
        "epoch",
    ),
    Action(
        "epoch_back",
        ("N",),
        "N",
        "an epoch back",
        lambda app: app.do(lambda: app.session.time.step_epoch(-1), pause=True),
    ),
    Action("first", ("home",), "home", "to the first step", lambda app: app.seek(0)),
    Action("latest", ("end",), "end", "to the latest step", lambda app: app.seek_end()),
    Action(
        "step_typed", ("G",), "G", "go to a step (typed)", later("commands.prompts", "ask_step")
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
        "settings",
        ("o",),
        "o",
        "settings: every option of the experiment, beside any screen",
        lambda app: app.toggle_settings(),
        "settings",
    ),
)
