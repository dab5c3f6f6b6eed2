"""The handout, the list and the format of lessons, as the command line prints them."""

import re
import threading
from pathlib import Path

import pytest

from tui.cli import lesson as command
from tui.commands.keys import ACTIONS
from tui.commands.lessons.steps import known
from tui.lessons.format import EXAMPLE, format_text
from tui.lessons.reading import read_lesson

KNOWN = known(ACTIONS)


@pytest.fixture(autouse=True)
def state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def printed(capsys, *arguments: str) -> str:
    command.main(arguments)
    return capsys.readouterr().out


@pytest.mark.drawn
async def test_the_handout_of_a_lesson(snapshot):
    lesson = command.lesson_named("glm")
    texts = {0: ""}

    def draw(nudge):
        return re.sub(r"\de−\d+", "1e−15", texts[0])  # what rounding alone has made

    thread = threading.Thread(target=lambda: texts.update({0: command.handout(lesson)}))
    thread.start()
    thread.join()
    await snapshot("handout-glm", draw)


def test_a_handout_measures_every_claim(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    shown = printed(capsys, str(path), "--markdown")
    assert shown.count("✓") == 2 and "✗" not in shown and "…" not in shown
    assert "**Do.** Press space, and wait for step 400." in shown
    assert shown.endswith("## Answers\n\n2: a) not at all, to two digits\n")


def test_a_claim_that_fails_or_cannot_be_measured_is_shown_so(tmp_path, capsys):
    wrong = EXAMPLE.replace("below = 0.05", "above = 0.05").replace('"cost"', '"accuracy"')
    path = tmp_path / "mine.toml"
    path.write_text(wrong, encoding="utf-8")
    shown = printed(capsys, str(path), "--markdown")
    assert shown.count("✗") == 2
    assert "(the accuracy is of classes; these targets are numbers: take r_squared)" in shown


def test_the_list_says_how_far_the_reader_is(capsys):
    from tui.lessons import progress

    progress.keep("glm", 2)
    shown = printed(capsys, "--list")
    assert "glm            Is it a stack of GLMs? (step 3 of 5)" in shown
    assert shown.count("\n") == 6


def test_the_example_of_the_format_is_a_lesson_and_all_that_can_be_named_is_there():
    assert len(read_lesson(EXAMPLE, Path("example.toml"), KNOWN).steps) == 2
    words = format_text(KNOWN)
    for names in (KNOWN.actions, KNOWN.experiments, *KNOWN.panes.values()):
        assert all(name in words for name in names)


def test_mistakes_end_the_command_with_a_line_each(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(
        EXAMPLE.replace("ols_gap", "ols_gpa").replace('"line"', '"lien"'), encoding="utf-8"
    )
    with pytest.raises(SystemExit) as ended:
        command.main([str(path)])
    assert ended.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "mine.toml: line 7: unknown experiment 'lien'; did you mean line?" in lines[0]
