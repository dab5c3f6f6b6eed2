"""What holds on every system: Linux, macOS and Windows, whichever the tests run on."""

import ast
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import engine
from engine.data.source import source
from engine.storage.checkpoint import checkpoint_bytes
from tui.storage.opening import read_experiment
from tui.storage.saving import read_session, saved

ROOT = Path(__file__).parents[1]
ROOMS = ("engine", "tui")
# what some systems lack, and the modules that ask which one this is
ELSEWHERE = {"fcntl", "msvcrt", "pty", "pwd", "resource", "signal", "termios", "tty", "winreg"}
FOR_SYSTEMS = {
    "engine/atomic_files.py",
    "engine/memory.py",
    "tui/system/processes.py",
    "tui/system/terminal.py",
}
NOT_FOR_WINDOWS = re.compile(
    r'[<>:"|?*\\\0-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE
)


def modules(*words, rooms=ROOMS):
    """The names and trees of the modules with one of these words."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if any(word in source for word in words):
                yield path.relative_to(ROOT).as_posix(), ast.parse(source)


def calls(*names, rooms=ROOMS):
    """Where these functions are called, and the names of their arguments that have one."""
    for module, tree in modules(*names, rooms=rooms):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                if called in names:
                    yield f"{module}:{node.lineno}", {keyword.arg for keyword in node.keywords}


def test_no_text_is_read_or_written_in_whatever_encoding_the_system_has():
    found = [*calls("read_text", "write_text", rooms=(*ROOMS, "tests"))]
    assert len(found) > 50
    assert [where for where, keywords in found if "encoding" not in keywords] == []


def test_what_the_app_writes_has_the_same_bytes_on_every_system():
    # text mode writes another end of line on Windows
    assert [*calls("write_text")] == []


def test_no_module_goes_to_another_folder_for_threads_would_go_with_it():
    assert [*calls("chdir", "fchdir")] == []


def test_what_depends_on_the_system_is_in_one_module_for_each_subject():
    asking = {
        name
        for name, tree in modules("platform", "os.name", *ELSEWHERE)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.platform", "os.name"))
        or (isinstance(node, ast.Import) and ELSEWHERE & {alias.name for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module in ELSEWHERE)
    }
    assert asking == FOR_SYSTEMS


@pytest.mark.parametrize("room", [*ROOMS, "tests", "screenshots"])
def test_every_file_can_be_checked_out_on_every_system(room):
    paths = [path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*")]
    lower = Counter(path.lower() for path in paths)
    assert not [path for path in paths if lower[path.lower()] > 1]  # macOS and Windows see one
    assert not [path for path in paths if any(map(NOT_FOR_WINDOWS.search, path.split("/")))]
    assert max(map(len, paths)) < 120  # Windows takes 260 characters, with the folder before


@pytest.mark.parametrize("name", [r".\data\x.csv", r"data\x.csv", "data/x.csv", "./data/x.csv"])
def test_the_data_that_a_file_names_are_found_whichever_system_wrote_it(tmp_path, name):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(engine.Experiment(dataset=name, hidden=()).to_toml(), encoding="utf-8")
    experiment = read_experiment(path)
    assert experiment.dataset == str(tmp_path / "data" / "x.csv")
    assert engine.Trainer(experiment).step().step_count == 1


@pytest.mark.skipif(os.name == "nt", reason="there a backslash is in no name")
def test_a_name_with_a_backslash_is_what_it_says_where_there_is_such_a_file(tmp_path):
    (tmp_path / r"a\b.csv").touch()
    assert source(r"a\b.csv").located(tmp_path) == source(tmp_path / r"a\b.csv")


def test_a_session_from_another_system_goes_back_there_with_the_name_of_its_data(tmp_path):
    name = "/data/x.csv" if os.name == "nt" else r"C:\data\x.csv"
    (tmp_path / "x.csv").write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    trainer = engine.Trainer(engine.Experiment(dataset=str(tmp_path / "x.csv"), hidden=()))
    trainer.prepared = replace(
        trainer.prepared, experiment=replace(trainer.prepared.experiment, dataset=name)
    )
    path = tmp_path / "own.npz"
    path.write_bytes(checkpoint_bytes([trainer.step(3)], {}))
    for _ in range(2):
        session = read_session(path).session
        assert session.experiment.dataset == name
        assert session.trainer.step_count == 3
        path.write_bytes(saved(session, tmp_path).content())
