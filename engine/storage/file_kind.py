"""What a line that a user types stands for: a share code, a link, or a file of three kinds."""

from enum import Enum, auto
from pathlib import Path

CODE_PREFIX = "nnx1:"
PLAYGROUND = "playground.tensorflow.org"


class Kind(Enum):
    """What a line that a user types stands for."""

    CODE = auto()  # a share code
    LINK = auto()  # of TensorFlow Playground
    SESSION = auto()
    EXPERIMENT = auto()
    DATA = auto()


ENDINGS = {".npz": Kind.SESSION, ".toml": Kind.EXPERIMENT}
"""By the ending of the file's name, in lower case; every other file is data."""


def kind_of(text: str) -> Kind:
    """The kind of a share code, a link or a file with this name."""
    if text.startswith(CODE_PREFIX):
        return Kind.CODE
    if is_playground_link(text):
        return Kind.LINK
    return ENDINGS.get(Path(text).suffix.lower(), Kind.DATA)


def is_playground_link(text: str) -> bool:
    """Whether a text is a link of Playground, with http:// or https:// or without."""
    return text.partition("://")[2].startswith(PLAYGROUND) or text.startswith(PLAYGROUND)
