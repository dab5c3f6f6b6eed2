"""Archives: the signed ``.npz`` files that sessions are saved in.

``numpy.load`` opens one too; it holds no pickled objects. Its archive comment is the SHA-256 of
every byte before it, so that a file that was cut or changed anywhere is refused. Anybody can sign
a forged file, so nothing in it is trusted: no more is read than the file has bytes, and an array
only if its header fits its size.
"""

import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from math import prod
from typing import IO, Any, BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import DataError
from engine.storage.value_checks import damaged, require

DIGEST_SIZE = 64  # bytes of the archive comment
END_SIZE = 22  # bytes of the record that ends an archive, before its comment
LOCATOR_64 = b"PK\x06\x07"  # an archive of 4 GB or more has this record before its end
LOCATOR_SIZE = 20
MAX_DIRECTORY = 1 << 20  # bytes of the archive's list of members
MAX_TEXT = 1 << 26  # bytes of a JSON text
MAX_JSON = 1 << 28  # estimated bytes of memory for the values of a JSON text
CONTAINER, ITEM = 250, 64  # bytes of memory for a list or table, and for an item, at most
KINDS: dict[str, np.dtype[Any]] = {
    "f": np.dtype(np.float64),
    "i": np.dtype(np.int64),
    "u": np.dtype(np.uint8),
}

Values = NDArray[Any]
Shape = tuple[int | None, ...]
"""The shape of an array; None for a dimension of any length."""


def archive_bytes(arrays: Mapping[str, Values]) -> bytes:
    """The bytes of a signed archive of these arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, **dict(arrays))  # type: ignore[arg-type]
    with ZipFile(buffer, "a") as archive:
        archive.comment = bytes(DIGEST_SIZE)
    content = buffer.getvalue()[:-DIGEST_SIZE]
    return content + sha256(content).hexdigest().encode()


def json_array(value: Any) -> Values:
    """A value as JSON, as an array of bytes."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


class Archive:
    """A signed archive, open for reading. DataError where the file is none."""

    def __init__(self, file: BinaryIO) -> None:
        size = file.seek(0, os.SEEK_END)
        _check_digest(file, size)
        _check_end(file, size)
        try:
            self._zip = ZipFile(file)
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            raise _foreign() from None
        members = self._zip.infolist()
        self._members = {member.filename.removesuffix(".npy"): member for member in members}
        plain = all(
            member.compress_type == ZIP_STORED and member.file_size == member.compress_size
            for member in members
        )
        # a small file may unpack to a large one if members are compressed or overlap
        if not plain or sum(member.file_size for member in members) > size:
            raise damaged("it holds more than its size")
        require(len(self._members) == len(members), "two of its arrays have the same name")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def array(self, name: str, kind: str, shape: Shape) -> Values:
        """An array of this shape; ``kind`` is "f" for floats, "i" for integers, "u" for bytes."""
        with self._open(name) as (file, size):
            actual, dtype, start = _header(name, file)
            dtypes = [KINDS[kind]] if kind != "i" else [np.dtype(np.int32), KINDS["i"]]
            fits = len(actual) == len(shape) and all(
                n in (None, m) for n, m in zip(shape, actual, strict=False)
            )
            if dtype.newbyteorder("=") not in dtypes or not fits:
                raise damaged(f"{name} has the wrong form")
            if prod(actual) * dtype.itemsize != size - start:
                raise damaged(f"{name} does not have the size it states")
            values = np.frombuffer(file.read(), dtype).reshape(actual)
        return values.astype(KINDS[kind], copy=False)

    def floats(self, name: str, shape: Shape) -> Values:
        """An array of finite numbers of this shape."""
        values = self.array(name, "f", shape)
        require(np.isfinite(values).all(), f"{name} holds a number that is not finite")
        return values

    def value(self, name: str) -> Any:
        """The value of the JSON text with this name."""
        with self._open(name) as (_, size):
            require(size <= MAX_TEXT, f"{name} is too large")
        text = self.array(name, "u", (None,)).tobytes()
        containers = text.count(b"[") + text.count(b"{")
        if len(text) + CONTAINER * containers + ITEM * text.count(b",") > MAX_JSON:
            raise damaged(f"{name} is too large")
        try:
            value = json.loads(text)
            if b"\\ud" in text.lower():  # an unpaired surrogate is not a character
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise damaged(f"{name} cannot be read") from None
        return value

    @contextmanager
    def _open(self, name: str) -> Iterator[tuple[IO[bytes], int]]:
        """A member, open for reading, and its size in bytes."""
        member = self._members.get(name)
        if member is None:
            raise _foreign()
        try:
            with self._zip.open(member) as file:
                yield file, member.file_size
        except (BadZipFile, OSError, ValueError, RuntimeError, EOFError):
            raise damaged(f"{name} cannot be read") from None


def _foreign() -> DataError:
    return DataError("the file is not a checkpoint of nn-explore")


def _check_digest(file: BinaryIO, size: int) -> None:
    digest, remaining = sha256(), size - DIGEST_SIZE
    file.seek(0)
    while remaining > 0 and (part := file.read(min(remaining, 1 << 20))):
        digest.update(part)
        remaining -= len(part)
    if remaining or file.read(DIGEST_SIZE) != digest.hexdigest().encode():
        raise DataError("the file is damaged or cut short, or it is not a checkpoint of nn-explore")


def _check_end(file: BinaryIO, size: int) -> None:
    """Check the size of the archive's directory before it is read into memory."""
    require(size >= END_SIZE + DIGEST_SIZE + LOCATOR_SIZE, "it is too short")
    file.seek(size - DIGEST_SIZE - END_SIZE - LOCATOR_SIZE)
    locator, end = file.read(LOCATOR_SIZE), file.read(END_SIZE)
    directory = int.from_bytes(end[12:16], "little")
    if locator.startswith(LOCATOR_64) or directory > MAX_DIRECTORY:
        raise damaged("it holds too many arrays")


def _header(name: str, file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """The shape and type of an array, and the position of its first number, where the file is
    left."""
    try:
        require(npy.read_magic(file) == (1, 0), f"{name} is of another version")
        shape, columnwise, dtype = npy.read_array_header_1_0(file)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, EOFError):
        raise damaged(f"{name} cannot be read") from None
    good = all(type(n) is int and n >= 0 for n in shape)
    require(good and not (columnwise and len(shape) > 1), f"{name} has the wrong form")
    return shape, dtype, file.tell()
