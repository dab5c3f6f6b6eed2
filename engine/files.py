"""Files are written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from engine.errors import DataError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in the place of another: whoever reads it sees the old one or the new one.

    It is written beside it and then renamed. DataError where that cannot be done; the old file
    is then as it was.
    """
    scratch = None
    try:
        with NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        ) as file:
            scratch = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, 0o666 & ~_umask())  # a scratch file is for its owner alone
        os.replace(scratch, path)
    except OSError as error:
        if scratch:
            with suppress(OSError):
                scratch.unlink()
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
