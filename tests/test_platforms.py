"""What holds on every system: Linux, macOS and Windows, whichever the tests run on."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("engine", "tui")
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for room in (*ROOMS, "tests")
    for path in sorted((ROOT / room).rglob("*.py"))
}
OWN = {name: tree for name, tree in MODULES.items() if name.startswith(ROOMS)}
# what some systems lack, and the modules that ask which one this is
ELSEWHERE = {"fcntl", "msvcrt", "pty", "pwd", "resource", "signal", "termios", "tty", "winreg"}
FOR_SYSTEMS = {"engine/files.py", "engine/memory.py", "tui/processes.py", "tui/terminal.py"}
NOT_FOR_WINDOWS = re.compile(
    r'[<>:"|?*\\\0-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE
)


def calls(tree):
    """Every call in a module: its name, and the names of its arguments that have one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            yield name, {keyword.arg for keyword in node.keywords}, node


def where(found):
    return sorted(f"{name}:{node.lineno}" for name, node in found)


def test_no_text_is_read_or_written_in_whatever_encoding_the_system_has():
    assert not where(
        (name, node)
        for name, tree in MODULES.items()
        for called, keywords, node in calls(tree)
        if called in ("read_text", "write_text") and "encoding" not in keywords
    )


def test_what_the_app_writes_has_the_same_bytes_on_every_system():
    # text mode writes another end of line on Windows
    assert not where(
        (name, node)
        for name, tree in OWN.items()
        for called, _, node in calls(tree)
        if called == "write_text"
    )


def test_no_module_goes_to_another_folder_for_threads_would_go_with_it():
    assert not where(
        (name, node)
        for name, tree in OWN.items()
        for called, _, node in calls(tree)
        if called in ("chdir", "fchdir")
    )


def test_what_depends_on_the_system_is_in_one_module_for_each_subject():
    asking = {
        name
        for name, tree in OWN.items()
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
