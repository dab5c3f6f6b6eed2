"""Archives: the signed ``.npz`` files that sessions are kept in.

``numpy.load`` opens one too, without pickled objects. Its archive comment is the SHA-256 of every
byte before it, so that a file cut short or changed anywhere is refused. Whoever makes a file can
sign it, so nothing in it is believed: it is not read further than it is long, and an array only
where its header says what is there.
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
from engine.storage.checked import damaged, require

DIGEST = 64  # bytes of the archive's comment
END = 22  # bytes of the record that ends an archive, before its comment
END_64, LOCATOR_64 = b"PK\x06\x07", 20  # an archive of 4 GB or more has this before it
MOST_DIRECTORY = 1 << 20  # bytes of the list of what is in the archive
MOST_TEXT = 1 << 26  # bytes of a JSON text
MOST_JSON = 1 << 28  # bytes of memory that a JSON text may take, roughly
CONTAINER, ITEM = 250, 64  # bytes that lists, tables and items of them take at the most
KINDS: dict[str, np.dtype[Any]] = {
    "f": np.dtype(np.float64),
    "i": np.dtype(np.int64),
    "u": np.dtype(np.uint8),
}

Values = NDArray[Any]
Shape = tuple[int | None, ...]
"""The shape of an array; None where any length will do."""


def content_of(arrays: Mapping[str, Values]) -> bytes:
    """The content of a signed file of these arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, **dict(arrays))  # type: ignore[arg-type]
    with ZipFile(buffer, "a") as archive:
        archive.comment = bytes(DIGEST)
    content = buffer.getvalue()[:-DIGEST]
    return content + sha256(content).hexdigest().encode()


def packed(value: Any) -> Values:
    """A value that JSON can hold, as an array of bytes."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


class Archive:
    """A signed file, open for reading; DataError where it is none."""

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
        # compressed, or one in the other, a small file may hold much
        if not plain or sum(member.file_size for member in members) > size:
            raise damaged("it holds more than its size")
        require(len(self._members) == len(members), "two of its arrays have the same name")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def array(self, name: str, kind: str, shape: Shape) -> Values:
        """An array of floats "f", whole numbers "i" or bytes "u", of this shape."""
        with self._open(name) as (file, size):
            found, dtype, start = _header(name, file)
            dtypes = [KINDS[kind]] if kind != "i" else [np.dtype(np.int32), KINDS["i"]]
            fits = len(found) == len(shape) and all(
                want in (None, have) for want, have in zip(shape, found, strict=False)
            )
            if dtype.newbyteorder("=") not in dtypes or not fits:
                raise damaged(f"{name} is not what it should be")
            if prod(found) * dtype.itemsize != size - start:
                raise damaged(f"{name} has another size than it says")
            values = np.frombuffer(file.read(), dtype).reshape(found)
        return values.astype(KINDS[kind], copy=False)

    def floats(self, name: str, shape: Shape) -> Values:
        """An array of finite numbers of this shape."""
        values = self.array(name, "f", shape)
        require(np.isfinite(values).all(), f"{name} holds what is no finite number")
        return values

    def value(self, name: str) -> Any:
        """What the JSON text of this name says."""
        with self._open(name) as (_, size):
            require(size <= MOST_TEXT, f"{name} is too large")
        text = self.array(name, "u", (None,)).tobytes()
        containers = text.count(b"[") + text.count(b"{")
        if len(text) + CONTAINER * containers + ITEM * text.count(b",") > MOST_JSON:
            raise damaged(f"{name} is too large")
        try:
            value = json.loads(text)
            if b"\\ud" in text.lower():  # half a pair of UTF-16 is no character
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise damaged(f"{name} cannot be read") from None
        return value

    @contextmanager
    def _open(self, name: str) -> Iterator[tuple[IO[bytes], int]]:
        """A member, open for reading, and its size."""
        member = self._members.get(name)
        if member is None:
            raise _foreign()
        try:
            with self._zip.open(member) as file:
                yield file, member.file_size
        except (BadZipFile, OSError, ValueError, RuntimeError, EOFError):
            raise damaged(f"{name} cannot be read") from None


def _foreign() -> DataError:
    return DataError("the file is no checkpoint of nn-explore")


def _check_digest(file: BinaryIO, size: int) -> None:
    digest, left = sha256(), size - DIGEST
    file.seek(0)
    while left > 0 and (part := file.read(min(left, 1 << 20))):
        digest.update(part)
        left -= len(part)
    if left or file.read(DIGEST) != digest.hexdigest().encode():
        raise DataError("the file is damaged or cut short, or it is no checkpoint of nn-explore")


def _check_end(file: BinaryIO, size: int) -> None:
    """Look at the end of the archive before all that it lists is taken into memory."""
    require(size >= END + DIGEST + LOCATOR_64, "it is too short")
    file.seek(size - DIGEST - END - LOCATOR_64)
    locator, end = file.read(LOCATOR_64), file.read(END)
    directory = int.from_bytes(end[12:16], "little")
    if locator.startswith(END_64) or directory > MOST_DIRECTORY:
        raise damaged("it holds too many arrays")


def _header(name: str, file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """The shape and the kind of an array, and where its numbers begin: the file is there now."""
    try:
        require(npy.read_magic(file) == (1, 0), f"{name} is of another version")
        shape, columnwise, dtype = npy.read_array_header_1_0(file)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, EOFError):
        raise damaged(f"{name} cannot be read") from None
    good = all(type(n) is int and n >= 0 for n in shape)
    require(good and not (columnwise and len(shape) > 1), f"{name} is not what it should be")
    return shape, dtype, file.tell()
