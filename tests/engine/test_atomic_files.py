"""Files are written whole, and what killed writers have left goes: nothing else."""

import os
import time
from contextlib import nullcontext, suppress

import pytest

from engine import atomic_files as files
from engine.atomic_files import STALE, write_whole
from engine.errors import DataError

OURS = ".nn-explore-0123456789abcdef.part"


def aged(path, seconds):
    path.write_bytes(b"half of")
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_what_a_killed_writer_has_left_goes_with_the_next_file_written_there(tmp_path):
    stale = aged(tmp_path / OURS, STALE + 60)
    write_whole(tmp_path / "run.npz", b"all of it")
    assert not stale.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_what_is_being_written_and_what_is_not_ours_stays(tmp_path):
    kept = {
        aged(tmp_path / OURS, 5),
        *(aged(tmp_path / name, 2 * STALE) for name in ("own.part", f"x{OURS}", f"{OURS}.npz")),
    }
    folder, link = (tmp_path / OURS.replace("0123", digits) for digits in ("aaaa", "bbbb"))
    folder.mkdir()
    os.utime(folder, (0.0, 0.0))
    with suppress(OSError):  # on Windows not everybody may make one
        link.symlink_to(tmp_path / "own.part")
    before = {*tmp_path.iterdir()}
    assert before >= {*kept, folder}
    write_whole(tmp_path / "run.npz", b"all of it")
    assert {*tmp_path.iterdir()} == before | {tmp_path / "run.npz"}
    assert all(path.read_bytes() == b"half of" for path in kept)


def test_a_file_that_cannot_be_written_leaves_nothing_and_the_old_one_as_it_was(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(DataError, match="taken cannot be written"):
        write_whole(tmp_path / "taken", b"all of it")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_old_file_with_the_name_of_a_scratch_file_is_as_it_was_where_writing_fails(
    tmp_path, monkeypatch
):
    old = aged(tmp_path / OURS, 2 * STALE)

    def refused(*_):
        raise OSError("refused")

    monkeypatch.setattr("os.replace", refused)
    with pytest.raises(DataError, match="refused"):
        write_whole(old, b"all of it")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"half of"]


@pytest.mark.parametrize("refusals", [2, 3])
def test_a_file_that_somebody_reads_for_a_moment_is_replaced_after_it(
    tmp_path, monkeypatch, refusals
):
    path, replace = tmp_path / "run.npz", os.replace
    path.write_bytes(b"old")
    refused = []

    def held(*paths):
        if len(refused) < refusals:
            refused.append(paths)
            raise PermissionError(13, "it is being read")
        replace(*paths)

    monkeypatch.setattr(files, "PAUSES", (0.0, 0.0))  # as on Windows
    monkeypatch.setattr("os.replace", held)
    too_long = pytest.raises(DataError, match="cannot be written: it is being read")
    with too_long if refusals == 3 else nullcontext():
        write_whole(path, b"new")
    assert path.read_bytes() == (b"old" if refusals == 3 else b"new")
    assert [*tmp_path.iterdir()] == [path]
