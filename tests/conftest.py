"""Settings that must stand before Textual is imported, and the snapshot fixture."""

import difflib
import os
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
for name in ("NO_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(name, None)

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402
from textual.css.stylesheet import Stylesheet  # noqa: E402

SNAPSHOTS = Path(__file__).parent / "snapshots"

# A test says what is true, not how fast a busy machine is; and it says the same every time.
# For examples that nobody has seen yet: pytest --hypothesis-profile=explore
TIMELESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", TIMELESS, derandomize=True)
settings.register_profile("explore", TIMELESS)
settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption(
        "--update-snapshots", action="store_true", help="write the screens as they are now"
    )


@pytest.fixture
def snapshot(request):
    """Compare a screen's text with tests/snapshots/NAME.txt; the difference is the failure."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        if request.config.getoption("--update-snapshots"):
            path.write_text(text, encoding="utf-8")
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if text != expected:
            lines = difflib.unified_diff(
                expected.splitlines(), text.splitlines(), "snapshot", "screen", lineterm="", n=1
            )
            pytest.fail(f"{path.name} differs:\n" + "\n".join(lines), pytrace=False)

    return compare


@pytest.fixture(autouse=True, scope="session")
def style_sheets_parsed_once():
    """Each app would parse the same style sheets twice at its start, a sixth of that time."""
    parse = Stylesheet._parse_rules
    parsed = {}

    def parsed_once(sheet, css, read_from, is_default_rules=False, tie_breaker=0, scope=""):
        source = (css, read_from, is_default_rules, tie_breaker, scope)
        key = (*source, *sorted(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *source)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed_once)
        yield
