"""How the code is laid out: what CONTRIBUTING.md promises a newcomer. Import contracts between
packages are in pyproject.toml."""

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("engine", "tui")
    for path in sorted((ROOT / top).rglob("*.py"))
}
MOST_MODULES, MOST_LINES, MOST_LINES_OF_A_FUNCTION = 16, 350, 60


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imports(name: str, tree: ast.Module) -> set[str]:
    """The modules of this project that a module imports, anywhere in it and for types too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {one if one in MODULES else node.module for one in names}
    return (found & MODULES.keys()) - {name}


def test_no_module_imports_itself_by_way_of_others(trees):
    left = {name: imports(name, tree) for name, tree in trees.items()}
    while ends := {name for name, others in left.items() if not others}:
        left = {name: others - ends for name, others in left.items() if name not in ends}
    assert not left  # what is left leads round in a circle, or to one


def test_no_folder_is_crowded():
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES.values())
    assert {folder: n for folder, n in counts.items() if n > MOST_MODULES} == {}


def test_every_module_is_read_in_one_sitting():
    lines = {n: len(path.read_text(encoding="utf-8").splitlines()) for n, path in MODULES.items()}
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}


def test_every_function_is_seen_at_a_glance(trees):
    lengths = {
        f"{name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_module_says_what_it_is_for(trees):
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []
