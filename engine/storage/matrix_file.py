"""Matrices in files: numbers as text (``.csv``), or NumPy's ``.npy`` and ``.npz``.

Nothing is unpickled, and no array is made before its size is known to be that of its data.
"""

import io
from math import prod
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import numpy as np
from numpy.lib import format as npy

from engine.arrays import Array
from engine.atomic_files import read_whole
from engine.errors import DataError
from engine.storage.matrix_text import named_matrix

TEXTS = (".csv", ".tsv", ".txt")
ENDINGS = (*TEXTS, ".npy", ".npz")
MAX_BYTES = 16_000_000  # of a file, and of what it unpacks to
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
PLACES = ("./", "../", "/", "~", ".\\", "..\\")  # with which only a path begins


def is_path(text: str) -> bool:
    """Whether a text names a file, and is no matrix."""
    line = text.strip()
    named = line.lower().endswith(ENDINGS) or line.startswith(PLACES)
    return named and len(line.splitlines()) == 1


def matrices_in(path: Path) -> dict[str, Array]:
    """The matrices of a file by their names, "" for one without; a vector is one row.

    DataError says what is wrong with the file.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise DataError(f"{path}: a file of numbers ends in {', '.join(ENDINGS)}")
    content = read_whole(path, MAX_BYTES)
    try:
        if ending == ".npz":
            return _archive(content)
        if ending == ".npy":
            return {"": _array(content)}
        return dict([named_matrix(content.decode("utf-8-sig"))])
    except UnicodeDecodeError:
        raise DataError(f"{path} is not text in UTF-8") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _archive(content: bytes) -> dict[str, Array]:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MAX_BYTES:
                raise DataError(f"it unpacks to more than {MAX_BYTES // 1_000_000} MB")
            arrays = {m.filename.removesuffix(".npy"): _array(archive.read(m)) for m in members}
    except (BadZipFile, ZlibError, OSError, ValueError, RuntimeError, EOFError):
        raise DataError("it is damaged, or no archive of NumPy") from None
    if not arrays:
        raise DataError("it holds no array")
    return arrays


def _array(content: bytes) -> Array:
    """An array of ``.npy`` as a matrix."""
    file = io.BytesIO(content)
    try:
        shape, by_columns, dtype = HEADERS[npy.read_magic(file)](file)
    except (KeyError, ValueError, TypeError, SyntaxError, RecursionError, MemoryError, EOFError):
        raise DataError("it is damaged, or no array of NumPy") from None
    if dtype.kind not in "fiub":
        what = "Python objects, which are not read" if dtype.hasobject else str(dtype)
        raise DataError(f"an array holds {what}; save float64")
    if len(shape) > 2:
        raise DataError(f"an array has {len(shape)} dimensions; a matrix has 2")
    if prod(shape) * dtype.itemsize != len(content) - file.tell() or not prod(shape):
        raise DataError("an array is empty, or does not have the size it states")
    values = np.frombuffer(content, dtype, offset=file.tell())
    matrix = np.atleast_2d(values.reshape(shape, order="F" if by_columns else "C"))
    with np.errstate(over="ignore"):  # of a number beyond float64
        result = matrix.astype(np.float64)
    if not np.isfinite(result).all():
        raise DataError("an array holds a number that is not finite")
    return result
