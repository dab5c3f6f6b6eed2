"""Read and write whole files, with size limits and without leaving half-written ones."""

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
MAX_SESSION_BYTES = 500_000_000  # twenty runs with as many checkpoints as they may keep
PIPE_WAIT = 3.0  # seconds to wait for a pipe where the user cannot interrupt
PART = 1 << 20  # bytes read at a time
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)

SCRATCH = re.compile(r"\.nn-explore-[0-9a-f]{16}\.part")
# seconds between attempts to replace a file that another program, such as a virus scanner, reads
PAUSES = (0.01, 0.05, 0.2, 0.5) if sys.platform == "win32" else ()
STALE = 600.0  # seconds since the last write to a scratch file whose writer has ended


def read_whole(path: Path, max_bytes: int, pipe_wait: float | None = None) -> bytes:
    """The content of a file of at most ``max_bytes``.

    Only the shell's own pipes, which are in /dev, can be read. Each block of a pipe may take
    ``pipe_wait`` seconds; inf: no limit; None: pipes are refused. Raises DataError if the file
    cannot be read, is larger, or is a device, which may have no end.
    """
    with opened(path, pipe_wait) as file:
        return read_open(path, file, max_bytes, pipe_wait)


@contextmanager
def opened(path: Path, pipe_wait: float | None = None) -> Iterator[BinaryIO]:
    """A regular file, or a pipe as in ``read_whole``, open for reading.

    Errors of the system, also while the file is read, become a DataError.
    """
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
    """A file descriptor; the standard input by its number, as Windows has no file of that name."""
    if path == Path(STDIN):
        if sys.stdin is None:
            raise FileNotFoundError
        return os.dup(0)
    _check_kind(path, path.stat().st_mode, pipe_wait)  # opening a device may have effects
    # do not wait if a pipe has replaced the file since the check
    return os.open(path, os.O_RDONLY | _NO_WAIT)


def read_open(path: Path, file: BinaryIO, max_bytes: int, pipe_wait: float | None = None) -> bytes:
    """The remaining content of an open file; DataError if it is more than ``max_bytes``.

    It is read until its end, because the size that the system reports may be wrong.
    """
    parts: list[bytes] = []
    size = 0
    status = os.fstat(file.fileno())
    is_pipe = pipe_wait is not None and not stat.S_ISREG(status.st_mode)
    if stat.S_ISREG(status.st_mode) and status.st_size > max_bytes:
        raise _too_large(path, max_bytes)
    step = max(PART, status.st_size + 1) if stat.S_ISREG(status.st_mode) else PART
    while True:
        if is_pipe:
            _wait(path, file, float(pipe_wait or 0.0))
        part = file.read(step)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > max_bytes:
            raise _too_large(path, max_bytes)


def _too_large(path: Path, max_bytes: int) -> DataError:
    return DataError(f"{path} is too large: {_megabytes(max_bytes)} is the most for such a file")


def _check_kind(path: Path, mode: int, pipe_wait: float | None) -> None:
    """Raise DataError if a file of this mode must not be read."""
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise DataError(f"{path} is a folder; name a file in it")
    stdin = path == Path(STDIN)
    shell_pipe = stdin or str(path).startswith(("/dev/fd/", "/proc/self/fd/"))
    keyboard = stat.S_ISCHR(mode) and stdin and pipe_wait == inf
    if pipe_wait is not None and ((stat.S_ISFIFO(mode) and shell_pipe) or keyboard):
        return
    raise DataError(f"{path} is a pipe or a device; save what comes out of it in a file")


def _wait(path: Path, file: BinaryIO, seconds: float) -> None:
    """Wait until a pipe has data or has ended; DataError after that many seconds."""
    if sys.platform == "win32":
        return  # select works only with sockets, and the only pipe is the standard input
    if not select([file], [], [], None if seconds == inf else seconds)[0]:
        raise DataError(f"{path} is a pipe, and nothing has come out of it for {seconds:g} s")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or replace it, so that a reader sees either the old or the new content.

    The content goes into a scratch file in the same folder, which is then renamed. A symbolic link
    is followed, and the permissions of an old file are kept. Scratch files that killed processes
    have left in the folder are removed. If anything fails, the old file is unchanged and DataError
    is raised.
    """
    scratch = None
    try:
        target = path.resolve()
        scratch = target.with_name(f".nn-explore-{token_hex(8)}.part")
        with scratch.open("xb") as file:
            if sys.platform != "win32" and target.exists():  # Windows: no permissions of groups
                os.chmod(scratch, target.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(scratch, target)
        _remove_stale(target)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a cycle of links
        if scratch:
            with suppress(OSError):
                scratch.unlink()
        raise DataError(f"{path} cannot be written: {reason(error)}") from None


def _put_in_place(scratch: Path, target: Path) -> None:
    """Rename a file over another one, and try again while another program has that one open."""
    for seconds in PAUSES:
        try:
            os.replace(scratch, target)
            return
        except PermissionError:
            sleep(seconds)
    os.replace(scratch, target)


def _remove_stale(written: Path) -> None:
    """Remove old scratch files from the folder of a file that has just been written.

    Ages are by the clock of the file system, which may be another machine's.
    """
    with suppress(OSError), os.scandir(written.parent) as entries:
        current_time = written.stat().st_mtime
        for entry in entries:
            with suppress(OSError):
                is_scratch = SCRATCH.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
                if is_scratch and current_time - entry.stat().st_mtime > STALE:
                    os.unlink(entry.path)


def reason(error: Exception) -> str:
    """The system's description of an error, without its number and the file's name."""
    return getattr(error, "strerror", None) or str(error)
