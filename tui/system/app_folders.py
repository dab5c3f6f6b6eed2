"""The app's folders: for preferences, recent files and sessions for recovery."""

import os
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_path, user_state_path

APP = "nn-explore"
# a path that cannot exist; messages about files in it say why
UNKNOWN_HOME = Path(os.devnull) / "no home folder is known"


def config_path() -> Path:
    """The path of the preferences file, which may not exist."""
    return _app_folder("XDG_CONFIG_HOME", user_config_path) / "config.toml"


def state_dir() -> Path:
    """The folder for recent files and recovery, which may not exist."""
    return _app_folder("XDG_STATE_HOME", user_state_path)


def _app_folder(variable: str, usual: Callable[..., Path]) -> Path:
    """The app's folder: in the folder that the variable names, else in the system's ``usual``
    one; ``UNKNOWN_HOME`` if there is no home folder."""
    parent = os.environ.get(variable, "")
    if os.path.isabs(parent):
        return Path(parent) / APP
    try:
        path = usual(APP, appauthor=False)
    except (RuntimeError, OSError):
        return UNKNOWN_HOME
    return path if path.is_absolute() else UNKNOWN_HOME
