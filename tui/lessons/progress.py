"""How far the reader has come in each lesson, kept from one start to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from engine import DataError
from engine.atomic_files import read_whole, write_whole
from tui.lessons.lesson import Lesson
from tui.lessons.library import FOLDER
from tui.system.app_folders import state_dir
from tui.system.paths import absolute

MAX_BYTES = 100_000  # of the file
MOST = 100  # lessons that are kept


class Progress(NamedTuple):
    """The last lesson, by its name or the path of its file, and the step (from 0) of each."""

    last: str = ""
    steps: Mapping[str, int] = {}


def progress() -> Progress:
    """What has been kept; nothing where it cannot be read."""
    try:
        table = json.loads(read_whole(_path(), MAX_BYTES).decode("utf-8"))
        steps = {str(name): int(step) for name, step in table["steps"].items()}
        return Progress(str(table["last"]), steps)
    except (DataError, ValueError, KeyError, TypeError, AttributeError):
        return Progress()


def key_of(lesson: Lesson) -> str:
    """What a lesson is kept by: a built-in one its name, another the path of its file."""
    return lesson.name if lesson.path.parent == FOLDER else str(absolute(lesson.path))


def keep(name: str, step: int) -> None:
    """Keep that the reader is at a step of a lesson. Where that cannot be written, nothing is."""
    steps = {key: at for key, at in progress().steps.items() if key != name}
    steps = dict([*steps.items(), (name, step)][-MOST:])
    text = json.dumps({"last": name, "steps": steps}, ensure_ascii=False, indent=1)
    with suppress(OSError, DataError, UnicodeEncodeError):
        _path().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_path(), f"{text}\n".encode())


def _path() -> Path:
    return state_dir() / "lessons.json"
