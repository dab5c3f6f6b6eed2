"""Files are read and written whole or not at all."""

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from secrets import token_hex
from select import select
from time import sleep
from typing import BinaryIO

from engine.errors import DataError

STDIN = "/dev/stdin"
MOST_SESSION = 500_000_000  # bytes: twenty runs whose states take all that they may
PART = 1 << 20  # bytes read at a time
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)

SCRATCH = re.compile(r"\.nn-explore-[0-9a-f]{16}\.part")
# seconds to wait for who reads a file that is to be replaced, such as a virus scanner
PAUSES = (0.01, 0.05, 0.2, 0.5) if sys.platform == "win32" else ()
STALE = 600.0  # seconds since it was last written to: whoever wrote it is gone


def read_whole(path: Path, most: int, pipe_wait: float | None = None) -> bytes:
    """The content of a file of at most so many bytes.

    DataError where it cannot be read, is larger, or is a device, which might have no end. Of pipes
    those of the shell alone are read, which are in /dev: each part of what comes out of one may
    take ``pipe_wait`` seconds, inf as long as it likes (None: no pipe is read).
    """
    with opened(path, pipe_wait) as file:
        return read_open(path, file, most, pipe_wait)


@contextmanager
def opened(path: Path, pipe_wait: float | None = None) -> Iterator[BinaryIO]:
    """A regular file, or a pipe as in ``read_whole``, open for reading; what goes wrong while it
    is read becomes a DataError."""
    try:
        with open(_descriptor(path, pipe_wait), "rb", buffering=0) as file:
            _check_kind(path, os.fstat(file.fileno()).st_mode, pipe_wait)
            yield file
    except MemoryError:
        raise DataError(f"{path} is too large for the memory") from None
    except FileNotFoundError:
        if path == Path(STDIN):
            raise DataError("the standard input is closed: there is nothing to read") from None
        raise DataError(f"there is no file {path}; check its name and folder") from None
    except PermissionError:
        raise DataError(f"{path} may not be read; allow it, or copy the file") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {reason(error)}") from None


def _descriptor(path: Path, pipe_wait: float | None) -> int:
    """A file, opened; the standard input by its number, for Windows has no file of that name."""
    if path == Path(STDIN):
        if sys.stdin is None:
            raise FileNotFoundError
        return os.dup(0)
    _check_kind(path, path.stat().st_mode, pipe_wait)  # to open a device may do something
    # not to wait where a pipe has taken the file's place meanwhile
    return os.open(path, os.O_RDONLY | _NO_WAIT)


def read_open(path: Path, file: BinaryIO, most: int, pipe_wait: float | None = None) -> bytes:
    """What is left of an open file, at most so many bytes; DataError where it is more.

    It is read part by part, for the size that a file claims may be wrong.
    """
    parts: list[bytes] = []
    size = 0
    waits = pipe_wait is not None and not stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    while True:
        if waits:
            _wait(path, file, float(pipe_wait or 0.0))
        part = file.read(PART)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > most:
            raise DataError(f"{path} is too large: {_megabytes(most)} is the most for such a file")


def _check_kind(path: Path, mode: int, pipe_wait: float | None) -> None:
    """DataError where what has this mode is not to be read."""
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise DataError(f"{path} is a folder; name a file in it")
    stdin = path == Path(STDIN)
    of_shell = stdin or str(path).startswith(("/dev/fd/", "/proc/self/fd/"))
    typed = stat.S_ISCHR(mode) and stdin and pipe_wait == inf
    if pipe_wait is not None and ((stat.S_ISFIFO(mode) and of_shell) or typed):
        return
    raise DataError(f"{path} is a pipe or a device; save what comes out of it in a file")


def _wait(path: Path, file: BinaryIO, seconds: float) -> None:
    """Wait until there is something to read, or the end; DataError where that takes longer."""
    if sys.platform == "win32":
        return  # it waits for sockets alone, and reads no pipe but the standard input
    if not select([file], [], [], None if seconds == inf else seconds)[0]:
        raise DataError(f"{path} is a pipe, and nothing has come out of it for {seconds:g} s")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in the place of another: whoever reads it sees the old one or the new one.

    It is written beside it and then renamed. What a link leads to is written, and who may read an
    old file may read the new one. What writers that were killed have left in the folder goes.
    DataError where that cannot be done; the old file is then as it was.
    """
    scratch = None
    try:
        target = path.resolve()
        scratch = target.with_name(f".nn-explore-{token_hex(8)}.part")
        with scratch.open("xb") as file:
            if sys.platform != "win32" and target.exists():  # there a mode says who may write
                os.chmod(scratch, target.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(scratch, target)
        _remove_stale(target)
    except (OSError, ValueError, RuntimeError) as error:  # the last: links in a circle
        if scratch:
            with suppress(OSError):
                scratch.unlink()
        raise DataError(f"{path} cannot be written: {reason(error)}") from None


def _put_in_place(scratch: Path, target: Path) -> None:
    """Rename a file over another one, which a system may refuse while somebody reads that."""
    for seconds in PAUSES:
        try:
            os.replace(scratch, target)
            return
        except PermissionError:
            sleep(seconds)
    os.replace(scratch, target)


def _remove_stale(written: Path) -> None:
    """Remove the scratch files beside a file just written that nobody is writing any more.

    By the clock of the file system, which may be another machine's.
    """
    with suppress(OSError), os.scandir(written.parent) as entries:
        now = written.stat().st_mtime
        for entry in entries:
            with suppress(OSError):
                ours = SCRATCH.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
                if ours and now - entry.stat().st_mtime > STALE:
                    os.unlink(entry.path)


def reason(error: Exception) -> str:
    """What the system says was wrong, without a number and the file's name."""
    return getattr(error, "strerror", None) or str(error)
