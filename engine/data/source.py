"""Sources: what a name or a line stands for. Here alone is decided which file is what."""

import os
from enum import Enum, auto
from os import PathLike, fspath
from pathlib import Path, PurePosixPath, PureWindowsPath

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


def from_folder(folder: str | Path, dataset: str) -> str:
    """The name, here, of a data set that a file in a folder names. Windows may have written it."""
    if not is_file(dataset) or is_elsewhere(dataset):
        return dataset
    path = Path(folder) / dataset
    if "\\" in dataset and not os.path.lexists(path):
        path = Path(folder) / dataset.replace("\\", "/")
    return file_dataset(path)


def is_elsewhere(dataset: str) -> bool:
    """Whether it is an absolute path of another system, such as C:\\data\\x.csv on Linux.
    It stays as it is: the file may go back there."""
    of_some = PureWindowsPath(dataset).is_absolute() or PurePosixPath(dataset).is_absolute()
    return of_some and not Path(dataset).is_absolute()
