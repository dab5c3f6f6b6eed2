"""The screens by name: their keys and titles, and what their key bars show."""

SCREENS = {  # name: key, title
    "explore": ("1", "Explore"),
    "backprop": ("2", "Backprop"),
    "regions": ("3", "Regions"),
    "linear": ("4", "Linear"),
    "glm": ("5", "GLM"),
}

VISITED = ("compare", "surface")
"""The screens that a key of their own leads to, and esc back from."""

BARS = {  # what the key bar of each screen shows, as far as there is room
    "compare": "play on back branch run_after run_other rename delete_run pane zoom"
    " compare commands help",
    "explore": "play on back epoch_on settings pane explain restart commands help quit",
    "backprop": "microstep_on microstep_back unit_up example_on batch play pane explain commands"
    " help",
    "regions": "play on back up colour plane filter walk pane zoom commands help",
    "linear": "play on back solve activation residuals degree pane zoom commands help",
    "glm": "play on back family link become grow activation pane zoom commands help",
    "surface": "leave up surface_plane surface_redraw surface_compute on play help",
}
