"""What imports what: the engine is light, and knows nothing of the screen."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imported_by(code: str) -> set[str]:
    """The top-level packages outside the standard library that a fresh Python loads."""
    program = (
        f"import sys; before = set(sys.modules); {code}; "
        "print(' '.join({m.split('.')[0] for m in set(sys.modules) - before}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # the compiled parts of packages count with them, under names of their own
    names = {name for name in run.stdout.split() if not name.startswith(("_", "cython"))}
    return names - sys.stdlib_module_names


def test_import_engine_loads_nothing_but_numpy():
    assert imported_by("import engine") == {"engine", "numpy"}


def test_the_app_paints_without_scipy_or_plotext():
    assert not imported_by("import tui.app") & {"scipy", "plotext", "tomli_w"}


def test_no_module_of_the_engine_names_the_app_or_textual():
    for path in (ROOT / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in ("tui", "textual", "rich", "plotext"), path


def test_plotext_is_called_from_one_module():
    users = {
        path.name
        for path in (ROOT / "tui").rglob("*.py")
        if "import plotext" in path.read_text(encoding="utf-8")
    }
    assert users == {"plot.py"}
