"""Checkpoints as tests make and read them."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.atomic_files import write_whole
from engine.storage.checkpoint import Checkpoint, Run, checkpoint_bytes, read_checkpoint


def save_checkpoint(
    path: str | Path, trainers: Sequence[Run], notes: Mapping[str, Any] | None = None
) -> None:
    """Save runs, and notes, as one file."""
    write_whole(Path(path), checkpoint_bytes(trainers, notes or {}))


def checkpoint_of(content: bytes) -> Checkpoint:
    """The runs of a file with this content."""
    return read_checkpoint(io.BytesIO(content))
