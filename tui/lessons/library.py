"""The built-in lessons: the files in this folder, in the order of the four questions."""

from pathlib import Path

from engine import EngineError
from engine.atomic_files import read_whole
from tui.lessons.checks import Known
from tui.lessons.lesson import Lesson
from tui.lessons.reading import read_lesson

FOLDER = Path(__file__).parent
NAMES = ("regression", "learning", "glm", "relu", "approximation", "trouble")
"""Of the lessons, in the order in which they build on each other."""
DEMO = "demo"  # the lesson that plays by itself, which no list names
MAX_BYTES = 1_000_000  # of a lesson's file


def built_in(name: str, known: Known) -> Lesson:
    """A lesson of ``NAMES``."""
    return lesson_at(FOLDER / f"{name}.toml", known)


def after(name: str) -> str:
    """The name of the lesson that follows; "" after the last one, or after a file."""
    following = dict(zip(NAMES, (*NAMES[1:], ""), strict=True))
    return following.get(name, "")


def lesson_at(path: Path, known: Known) -> Lesson:
    """The lesson in a file. EngineError says what is wrong with it."""
    try:
        text = read_whole(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise EngineError(f"{path}: line {line}: not UTF-8 text; save it as UTF-8") from None
    try:
        return read_lesson(text, path, known)
    except EngineError as error:
        lines = str(error).split("\n")
        raise EngineError("\n".join(f"{path}: {line}" for line in lines)) from None
