"""What a line that a user types stands for: a share code, or a file of one of three kinds."""

from enum import Enum, auto
from pathlib import Path

CODE_PREFIX = "nnx1:"


class Kind(Enum):
    """What a line that a user types stands for."""

    CODE = auto()  # a share code
    SESSION = auto()
    EXPERIMENT = auto()
    DATA = auto()


ENDINGS = {".npz": Kind.SESSION, ".toml": Kind.EXPERIMENT}
"""By the ending of the file's name, in lower case; every other file is data."""


def kind_of(text: str) -> Kind:
    """The kind of a share code or of a file with this name."""
    if text.startswith(CODE_PREFIX):
        return Kind.CODE
    return ENDINGS.get(Path(text).suffix.lower(), Kind.DATA)
