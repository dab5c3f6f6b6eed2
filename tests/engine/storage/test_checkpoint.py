"""Checkpoints: what is opened again goes on with the same bits; what is damaged is refused."""

import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from checkpoints import checkpoint_of, save_checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.data.generators import FORMULAS
from engine.storage.checkpoint import checkpoint_bytes, load_checkpoint
from engine.training.optimizers import OPTIMIZERS

pytestmark = pytest.mark.trained


@st.composite
def lives(draw):
    """A run of a random experiment with events, seeks and branches on the way."""
    trainer = engine.Trainer(
        engine.Experiment(
            dataset=draw(st.sampled_from(["circle", "xor", "sine", "mtcars", "challenger"])),
            hidden=tuple(draw(st.lists(st.integers(1, 6), max_size=3))),
            activation=draw(st.sampled_from(["relu", "tanh"])),
            optimizer=draw(st.sampled_from([*OPTIMIZERS])),
            learning_rate=draw(st.floats(1e-3, 0.05)),
            batch_size=draw(st.integers(1, 40)),
            seed=draw(st.integers(0, 99)),
        )
    )
    for act in draw(st.lists(st.integers(0, 7), max_size=8)):
        if trainer.divergence:
            break
        steps = draw(st.integers(1, 300))
        match act:
            case 0 | 1 | 2:
                trainer.step(steps)
            case 3:
                trainer.seek(draw(st.integers(0, trainer.step_count)))
            case 4:
                trainer.change(learning_rate=draw(st.floats(1e-4, 0.05)), l2=0.001)
            case 5:
                trainer.change(optimizer=draw(st.sampled_from([*OPTIMIZERS])))
            case 6:
                trainer.edit(1, "weight", (0, 0), draw(st.floats(-1, 1)))
            case 7:
                trainer.assign(0.5 * trainer.network.parameters)
    return trainer


@given(lives(), st.integers(0, 200))
@settings(max_examples=60)
def test_a_reopened_run_goes_on_with_the_same_bits(trainer, steps):
    (again,) = checkpoint_of(checkpoint_bytes([trainer], {})).trainers
    assert again.step_count == trainer.step_count
    assert again.history.events == trainer.history.events
    assert again.history.latest_step == trainer.history.latest_step
    for goal in (trainer.step_count + steps, trainer.step_count // 2):
        ours, theirs = (t.seek(goal).state for t in (again, trainer))
        assert ours.vectors.tobytes() == theirs.vectors.tobytes()
        assert (ours.step, ours.count, ours.settings, ours.batches) == (
            theirs.step,
            theirs.count,
            theirs.settings,
            theirs.batches,
        )
        assert again.divergence == trainer.divergence
    assert again.undo() == trainer.undo()
    assert again.state.vectors.tobytes() == trainer.state.vectors.tobytes()


def test_a_diverged_run_is_kept_with_the_way_back():
    trainer = engine.Trainer(
        engine.Experiment(dataset="reg-plane", output="identity", learning_rate=1e3)
    ).step(1000)
    (again,) = checkpoint_of(checkpoint_bytes([trainer], {})).trainers
    assert again.divergence == trainer.divergence is not None
    assert np.isfinite(again.step(-1).costs()[0])


def test_several_runs_and_notes_are_kept_in_order(tmp_path):
    runs = [engine.Trainer(engine.Experiment(seed=seed)).step(seed) for seed in (3, 1, 2)]
    notes = {"names": ["a", "β"], "example": 5}
    save_checkpoint(tmp_path / "three.npz", runs, notes)
    opened = load_checkpoint(tmp_path / "three.npz")
    assert opened.notes == notes
    assert [run.prepared.experiment.seed for run in opened.trainers] == [3, 1, 2]
    np.load(tmp_path / "three.npz", allow_pickle=False)["run0.vectors"]


def test_a_file_cut_short_or_changed_anywhere_is_refused():
    content = checkpoint_bytes([engine.Trainer(engine.Experiment()).step(300)], {})
    places = np.linspace(0, len(content) - 1, 200).astype(int)
    for place in places:
        cut = content[:place]
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        for damaged in (cut, changed, content + b"\0"):
            with pytest.raises(engine.DataError, match="damaged or cut short"):
                checkpoint_of(damaged)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("x,y\n1,2\n2,3\n3,5\n", None),
        ("x,y\n1,2\n2,3\n3,6\n", "has changed since"),
        ("dose,y\n1,2\n2,3\n3,5\n", "has changed since"),
        ("x,y\n1,2\n2,3\n3,5\n4,4\n", "has changed since"),
        ("nonsense", "has changed since"),
        (None, "is no longer there"),
    ],
)
def test_a_run_keeps_the_data_it_was_trained_on(tmp_path, after, says):
    path = tmp_path / "own.csv"
    path.write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    trainer = engine.Trainer(engine.Experiment(dataset=str(path), hidden=())).step(3)
    content = checkpoint_bytes([trainer], {})
    path.unlink() if after is None else path.write_text(after, encoding="utf-8")
    opened = checkpoint_of(content)
    (again,) = opened.trainers
    assert again.step(4).state.vectors.tobytes() == trainer.step(4).state.vectors.tobytes()
    assert again.twin().costs() == trainer.costs()
    if says is None:
        assert opened.remarks == ()
    else:
        (remark,) = opened.remarks
        assert f"{path} {says}; the session goes on with the data" in remark


def without_data(content):
    """The file as version 0.1.0 wrote it: without data and the present state."""
    with np.load(io.BytesIO(content)) as archive:
        arrays = dict(archive)
    later = ("data0.", "run0.loaded", "run0.present")
    return signed({name: array for name, array in arrays.items() if not name.startswith(later)})


def test_a_file_without_data_opens_with_data_of_the_same_shape_and_says_so(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    trainer = engine.Trainer(engine.Experiment(dataset=str(path), hidden=(), batch_size=2)).step(30)
    content = without_data(checkpoint_bytes([trainer], {}))
    opened = checkpoint_of(content)
    assert opened.remarks == ()
    assert opened.trainers[0].state.vectors.tobytes() == trainer.state.vectors.tobytes()
    path.write_text("x,y\n1,2\n2,3\n3,6\n", encoding="utf-8")
    opened = checkpoint_of(content)
    assert opened.trainers[0].step_count == 30
    assert "not bit for bit those it was saved with" in opened.remarks[0]


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("x,y\n1,2\n2,3\n3,5\n4,4\n5,5\n", "another shape"),
        ("dose,y\n1,2\n2,3\n3,5\n", "has no input 'x'"),
        (None, "there is no file"),
    ],
)
def test_a_file_without_data_names_what_would_do_where_they_are_others(tmp_path, after, says):
    path = tmp_path / "own.csv"
    path.write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    experiment = engine.Experiment(dataset=str(path), hidden=(2,), batch_size=2)
    content = without_data(checkpoint_bytes([engine.Trainer(experiment).step(30)], {}))
    path.unlink() if after is None else path.write_text(after, encoding="utf-8")
    with pytest.raises(engine.DataError, match=says) as error:
        checkpoint_of(content)
    assert f"bring back the {path} it was saved with" in str(error.value)


def test_built_in_data_of_another_processor_open_to_the_last_bit(monkeypatch):
    trainer = engine.Trainer(engine.Experiment(dataset="sine")).step(20)
    content = checkpoint_bytes([trainer], {})
    formula = FORMULAS["sine"]

    def draw(rng, noise):
        X, y = formula.draw(rng, noise)
        return X, np.nextafter(y, np.inf)

    monkeypatch.setitem(FORMULAS, "sine", formula._replace(draw=draw))
    opened = checkpoint_of(content)
    assert opened.remarks == ()
    assert opened.trainers[0].step(9).costs() == trainer.step(9).costs()
    opened = checkpoint_of(without_data(content))
    assert "not bit for bit" in opened.remarks[0]


def test_runs_of_the_same_data_hold_them_once():
    one = engine.Trainer(engine.Experiment()).step(5)
    content = checkpoint_bytes([one, one.twin(), engine.Trainer(engine.Experiment(hidden=()))], {})
    with np.load(io.BytesIO(content)) as archive:
        assert [name for name in archive if name.endswith(".X")] == ["data0.X"]
    first, second, third = checkpoint_of(content).trainers
    assert first.prepared.loaded is second.prepared.loaded is third.prepared.loaded


def test_the_present_state_spares_the_way_from_the_checkpoint_before():
    trainer = engine.Trainer(engine.Experiment(hidden=(1,))).step(1000)
    trainer.history.checkpoints = {0: trainer.history.checkpoints[0]}  # as after a long run
    trainer.history.stride = 1 << 40
    trainer.history.latest_step = 1 << 39
    (again,) = checkpoint_of(checkpoint_bytes([trainer], {})).trainers
    assert again.step_count == 1000
    assert again.state.vectors.tobytes() == trainer.state.vectors.tobytes()


def test_a_file_without_the_present_state_opens_at_the_state_before_where_it_is_far():
    trainer = engine.Trainer(engine.Experiment(hidden=(1,)))
    with np.load(io.BytesIO(without_data(checkpoint_bytes([trainer], {})))) as archive:
        arrays = dict(archive)
    arrays["run0.now"] = np.array([10**9, 10**9, 1 << 40])
    opened = checkpoint_of(signed(arrays))
    assert opened.trainers[0].step_count == 0
    assert "it stood at step 1000000000" in opened.remarks[0]


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    trainer = engine.Trainer(engine.Experiment()).step(5)
    save_checkpoint(path, [trainer])
    before = path.read_bytes()

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(engine.DataError, match="No space left"):
        save_checkpoint(path, [trainer.step(5)])
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


SAVER = """
import sys
import engine
from checkpoints import save_checkpoint
trainer = engine.Trainer(engine.Experiment(hidden=(64, 64)))
while True:
    save_checkpoint(sys.argv[1], [trainer.step(50)])
    print("saved", flush=True)
"""


def test_a_process_killed_while_saving_leaves_a_whole_file(tmp_path):
    path = tmp_path / "run.npz"
    root = Path(engine.__file__).parents[1]
    for kill in range(6):
        saver = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "tests")))},
        )
        assert saver.stdout
        saver.stdout.readline()
        time.sleep(0.003 * kill)
        saver.kill()
        saver.wait()
        saver.stdout.close()
        assert load_checkpoint(path).trainers[0].step_count % 50 == 0


def test_bare_arrays_are_no_experiment_to_save():
    X = np.arange(6.0).reshape(3, 2)
    trainer = engine.Trainer.from_arrays(engine.Network([2, 1]), X, X[:, 0])
    with pytest.raises(engine.EngineError, match="of arrays"):
        checkpoint_bytes([trainer], {})


def test_an_experiment_that_changed_on_the_way_is_kept_as_it_began():
    trainer = engine.Trainer(engine.Experiment()).step(5).change(learning_rate=0.1)
    (again,) = checkpoint_of(checkpoint_bytes([trainer], {})).trainers
    assert again.prepared.experiment.learning_rate == 0.03
    assert again.experiment == replace(again.prepared.experiment, learning_rate=0.1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_pipes_folders_and_other_archives_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")  # reading it would wait for ever
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    (tmp_path / "folder.npz").mkdir()
    for name, says in [
        ("pipe", "is a pipe or a device"),
        ("folder", "is a folder"),
        ("missing", "there is no file"),
        ("a\0b", "cannot be read: .*embedded null"),
        ("other", "not a checkpoint of nn-explore"),
    ]:
        with pytest.raises(engine.DataError, match=says):
            load_checkpoint(tmp_path / f"{name}.npz")
    with pytest.raises(engine.DataError, match="cannot be written"):
        save_checkpoint(tmp_path / "a\0b.npz", [engine.Trainer(engine.Experiment())])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_disk_that_is_full_leaves_the_file_before(tmp_path):
    import resource

    path = tmp_path / "run.npz"
    trainer = engine.Trainer(engine.Experiment()).step(5)
    save_checkpoint(path, [trainer])
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        with pytest.raises(engine.DataError, match="cannot be written: File too large"):
            save_checkpoint(path, [trainer.step(5)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_link_and_a_mode_of_ones_own_stay(tmp_path):
    path, link = tmp_path / ("long" * 60 + ".npz"), tmp_path / "link.npz"
    save_checkpoint(path, [engine.Trainer(engine.Experiment())])
    path.chmod(0o600)
    link.symlink_to(path)
    save_checkpoint(link, [engine.Trainer(engine.Experiment()).step(7)])
    assert link.is_symlink()
    assert load_checkpoint(path).trainers[0].step_count == 7
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_can_be_read_by_those_whom_the_umask_lets(tmp_path):
    before = os.umask(0o022)
    try:
        save_checkpoint(tmp_path / "run.npz", [engine.Trainer(engine.Experiment())])
    finally:
        os.umask(before)
    assert (tmp_path / "run.npz").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("notes", [b"null", b"3", b"[1]", b'"a"'])
def test_whole_files_of_another_program_are_refused(notes):
    content = checkpoint_bytes([engine.Trainer(engine.Experiment())], {})
    with np.load(io.BytesIO(content)) as archive:
        arrays = dict(archive)
    for changed in ({"notes": np.frombuffer(notes, np.uint8)}, {"format": np.zeros(3)}, {}):
        if not changed:
            del arrays["run0.states"]
        with pytest.raises(
            engine.DataError, match=r"not a checkpoint of nn-explore|is damaged: \w"
        ):
            checkpoint_of(signed(arrays | changed))


def signed(arrays):
    """A file with a right digest."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with ZipFile(buffer, "a") as archive:
        archive.comment = bytes(64)
    body = buffer.getvalue()[:-64]
    return body + sha256(body).hexdigest().encode()
