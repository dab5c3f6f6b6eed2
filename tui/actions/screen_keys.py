"""The screens by name: keys, titles, and the actions that their key bars show."""

SCREENS = {  # name: key, title
    "explore": ("1", "Explore"),
    "backprop": ("2", "Backprop"),
    "regions": ("3", "Regions"),
    "linear": ("4", "Linear"),
    "glm": ("5", "GLM"),
}

VISITED = ("compare", "surface")
"""Screens without a number key, which esc leaves for the screen before."""

BARS = {  # the actions in the key bar of each screen, as many as fit
    "compare": "play on back branch run_after run_other rename delete_run pane zoom"
    " compare commands help",
    "explore": "play on back epoch_on settings pane explain details restart commands help quit",
    "backprop": "microstep_on microstep_back unit_up example_on batch play pane explain commands"
    " help",
    "regions": "play on back up colour plane filter walk pane zoom commands help",
    "linear": "play on back solve activation residuals degree pane zoom commands help",
    "glm": "play on back family link become grow activation pane zoom commands help",
    "surface": "leave up surface_plane surface_redraw surface_compute on play help",
}
