"""The screens by name: keys, titles, and the actions that their key bars show."""

SCREENS = {  # name: key, title
    "explore": ("1", "Explore"),
    "backprop": ("2", "Backprop"),
    "regions": ("3", "Regions"),
    "linear": ("4", "Linear"),
    "glm": ("5", "GLM"),
    "approximate": ("6", "Approximate"),
}

VISITED = ("compare", "surface")
"""Screens without a number key, which esc leaves for the screen before."""

TITLES = {name: title for name, (_, title) in SCREENS.items()} | {
    "compare": "Compare",
    "surface": "Surface",
}
"""All screens; the id of the action that goes there is the screen's name."""

BARS = {
    "explore": "play slower/faster back/on cancel pane explain details settings zoom restart"
    " epoch_on branch compare commands quit keys",
    "backprop": "microstep_back/microstep_on cancel unit_up/unit_down example_back/example_on"
    " batch play slower/faster pane explain predict commands keys",
    "regions": "play slower/faster back/on cancel up/down colour filter walk plane pane zoom"
    " explain commands keys",
    "linear": "play slower/faster back/on cancel solve make_linear activation pane residuals degree"
    " coverage explain zoom commands keys",
    "glm": "play slower/faster back/on cancel family link become shrink/grow activation pane zoom"
    " commands keys",
    "approximate": "play narrower/wider unit_left/unit_right next_unit next_target cancel pane"
    " stacked explain unit_larger back/on slower/faster zoom commands keys",
    "compare": "play slower/faster back/on leave branch run_before/run_after run_other rename"
    " delete_run pane zoom commands keys",
    "surface": "leave back/on pane surface_plane surface_redraw surface_compute play"
    " slower/faster explain commands keys",
}
"""The actions in the key bar of each screen, the most used first: as many as fit, and always the
last, which is help. Two that belong together have one word."""

STAGE_BAR = "scene_on scene_before scene_pause cancel zoom commands keys"
"""The actions in the key bar while the scenes of a lesson are shown."""

TYPING_BAR = "pane commands help"
"""The actions in the key bar while letters are typed into the focused pane."""

PANES = {
    "explore": ("network", "output", "layers", "loss"),
    "backprop": (
        "backprop-network", "microsteps", "equation", "chain-rule", "gradient-vector", "slips",
    ),
    "regions": ("region-map", "region-table", "region-detail", "region-count"),
    "linear": (
        "coefficients", "data-plot", "collapse", "distance", "assumptions", "residual-plot",
        "qq-plot", "scale-plot", "leverage-plot",
    ),
    "glm": (
        "glm-choice", "glm-table", "glm-fit", "irls", "distribution", "stack", "linear-in",
        "hidden-unit",
    ),
    "approximate": ("methods", "approximation", "towers", "units", "errors"),
    "compare": ("first-output", "second-output", "difference", "runs", "differences", "loss"),
    "surface": ("surface",),
}  # fmt: skip
"""The ids of the panes of each screen, which a lesson can name."""
