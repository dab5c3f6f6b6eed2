"""Sources: what a name or a line stands for. Here alone is decided which file is what."""

import os
from enum import Enum, auto
from os import PathLike, fspath
from pathlib import Path

CODE_PREFIX = "nnx1:"


class Kind(Enum):
    """What a line that a user gives stands for."""

    CODE = auto()  # a share code
    SESSION = auto()
    EXPERIMENT = auto()
    DATA = auto()


ENDINGS = {".npz": Kind.SESSION, ".toml": Kind.EXPERIMENT}
"""By the ending of its name, in lower case; every other file is data."""


def kind_of(text: str) -> Kind:
    """What a share code or the name of a file stands for."""
    if text.startswith(CODE_PREFIX):
        return Kind.CODE
    return ENDINGS.get(Path(text).suffix.lower(), Kind.DATA)


def is_file(dataset: str) -> bool:
    """Whether a data set is a file: its name has a path separator or an ending. Others are
    built in."""
    return "/" in dataset or "\\" in dataset or bool(Path(dataset).suffix)


def file_dataset(path: str | PathLike[str]) -> str:
    """The name of the data set in a file; "./" tells one without an ending from a built-in set."""
    name = fspath(path)
    return name if is_file(name) else os.path.join(".", name)
