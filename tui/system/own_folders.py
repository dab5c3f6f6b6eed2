"""Where the app keeps what is its own: preferences, recent files, sessions for recovery."""

import os
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_path, user_state_path

APP = "nn-explore"
NOWHERE = Path(os.devnull) / "no home folder is known"  # what is said of a file there says why


def config_path() -> Path:
    """Where the preferences file is, or would be."""
    return _own_folder("XDG_CONFIG_HOME", user_config_path) / "config.toml"


def state_dir() -> Path:
    """The directory for what the app keeps by itself: recent files, recovery. It may not exist."""
    return _own_folder("XDG_STATE_HOME", user_state_path)


def _own_folder(variable: str, usual: Callable[..., Path]) -> Path:
    """The app's folder where the variable says, on every system; else where the system has it.
    Where no home is known, one that there can never be."""
    parent = os.environ.get(variable, "")
    if os.path.isabs(parent):
        return Path(parent) / APP
    try:
        path = usual(APP, appauthor=False)
    except (RuntimeError, OSError):
        return NOWHERE
    return path if path.is_absolute() else NOWHERE
