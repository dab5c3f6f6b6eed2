"""Data sources: a built-in data set, or a file. Only this module decides which a text names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from engine.atomic_files import PIPE_WAIT
from engine.data.dataset import hint
from engine.data.generators import FORMULAS
from engine.data.published import PUBLICATIONS
from engine.errors import DataError
from engine.quoting import shown

if TYPE_CHECKING:
    from engine.data.reading.options import ReadOptions
    from engine.data.reading.table import Table

DATASETS = {name: entry.description for name, entry in (FORMULAS | PUBLICATIONS).items()}
"""The built-in data sets: their names, each with a description of one line."""

CSV_FOLDER = Path(__file__).parent / "csv"


@dataclass(frozen=True)
class Source:
    """Where data come from; ``source`` makes one of the ``text`` that an experiment holds."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def short_name(self) -> str:
        """The name to show: of a file without its folder."""
        return Path(self.text).name

    @property
    def stem(self) -> str:
        """The name that names of other files begin with."""
        return Path(self.text).stem

    @property
    def is_generated(self) -> bool:
        """Whether the data are drawn from a formula, with noise."""
        return self.text in FORMULAS

    @property
    def rows_have_order(self) -> bool:
        """Whether the order of the rows may mean something, as in a series.

        Most generated sets are drawn in any order or class by class. For a file it is unknown, so
        it is assumed.
        """
        built_in = (FORMULAS | PUBLICATIONS).get(self.text)
        return built_in.rows_have_order if built_in else True

    def located(self, folder: str | Path) -> Source:
        """This source for the current folder, where the path of a file starts from ``folder``."""
        return self

    def relative_to(self, folder: str | Path) -> Source:
        """This source with the path of a file below ``folder`` starting from there.

        Both paths must be absolute; the path of a file elsewhere stays so.
        """
        return self

    def table(self, options: ReadOptions | None = None, pipe_wait: float = PIPE_WAIT) -> Table:
        """The table of a published set or a file. DataError where there is none.

        ``options`` say how a file is read, None: as it looks. ``pipe_wait`` is how many seconds to
        wait for each part of what comes out of a pipe.
        """
        raise NotImplementedError


class Builtin(Source):
    """A built-in data set. There may be none of that name."""

    def table(self, options: ReadOptions | None = None, pipe_wait: float = PIPE_WAIT) -> Table:
        if self.text in PUBLICATIONS:
            from engine.data.reading.read import read_table

            return read_table(CSV_FOLDER / f"{self.text}.csv")
        raise DataError(
            f"there is no data set {shown(self.text)}; {hint(self.text, DATASETS)} "
            "(a file: ./NAME or *.csv)"
        )


class File(Source):
    """A data file, by its path."""

    def located(self, folder: str | Path) -> Source:
        if self._is_foreign:
            return self
        path = Path(folder) / self.text
        if "\\" in self.text and not os.path.lexists(path):  # Windows may have written it
            path = Path(folder) / self.text.replace("\\", "/")
        return source(path)

    def relative_to(self, folder: str | Path) -> Source:
        if self._is_foreign:
            return self
        path, home = (Path(os.path.normpath(one)) for one in (self.text, folder))
        if not path.is_relative_to(home):
            return source(path)
        return source(f"./{path.relative_to(home).as_posix()}")

    def table(self, options: ReadOptions | None = None, pipe_wait: float = PIPE_WAIT) -> Table:
        from engine.data.reading.read import GUESSED, read_table

        return read_table(self.text, options or GUESSED, pipe_wait)

    @property
    def _is_foreign(self) -> bool:
        """Whether it is an absolute path of another system, such as C:\\data\\x.csv on Linux.
        It stays as it is: the experiment may go back there."""
        paths = PureWindowsPath(self.text), PurePosixPath(self.text)
        return any(path.is_absolute() for path in paths) and not Path(self.text).is_absolute()


def source(name: str | Path) -> Source:
    """The data source of a name.

    A text with a path separator or an ending is a file, any other a built-in data set; a ``Path``
    is a file whatever its name.
    """
    text = str(name)
    if "/" in text or "\\" in text or Path(text).suffix:
        return File(text)
    # "./" tells a file without an ending from a built-in set
    return File(os.path.join(".", text)) if isinstance(name, Path) else Builtin(text)
