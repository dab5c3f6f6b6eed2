"""Files are read and written whole or not at all."""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import sleep

from engine.errors import DataError

SCRATCH = re.compile(r"\.nn-explore-[0-9a-f]{16}\.part")
# seconds to wait for who reads a file that is to be replaced, such as a virus scanner
PAUSES = (0.01, 0.05, 0.2, 0.5) if sys.platform == "win32" else ()
STALE = 600.0  # seconds since it was last written to: whoever wrote it is gone


def read_whole(path: Path) -> bytes:
    """The content of a file; DataError where it cannot be read, or is a pipe or a device, which
    might have no end."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise DataError(f"{path} is a pipe or a device: name a file")
        return path.read_bytes()
    except MemoryError:
        raise DataError(f"{path} is too large for the memory") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {_reason(error)}") from None


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
        raise DataError(f"{path} cannot be written: {_reason(error)}") from None


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


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
