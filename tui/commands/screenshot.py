"""The screen as a named file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine import DataError
from engine.atomic_files import write_whole
from engine.data.source import source

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def save_screenshot(app: BaseApp) -> None:
    """Save the screen as SVG under a name that says what it shows, and say where."""
    experiment, step = app.session.experiment, app.session.trainer.step_count
    path = unused(f"nn-explore-{source(experiment.dataset).stem}-step-{step}", ".svg")
    try:
        write_whole(path, app.export_screenshot().encode("utf-8"))
    except DataError as error:
        app.notify(f"no screenshot: {error}", severity="error")
    else:
        app.notify(f"saved {path}")


def unused(stem: str, ending: str) -> Path:
    """A path here that no file has: the stem, with a number where it must be."""
    path, number = Path(stem + ending), 2
    while os.path.lexists(path):
        path, number = Path(f"{stem}-{number}{ending}"), number + 1
    return path
