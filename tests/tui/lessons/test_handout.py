"""The handout, the list and the format of lessons, as the command line prints them."""

import re
import threading
import tomllib
from pathlib import Path

import pytest

from engine.measures.table import MEASURES
from engine.training.fields import FIELDS
from tui.cli import lesson as command
from tui.commands.keys import ACTIONS
from tui.commands.lessons.steps import known
from tui.lessons.format import EXAMPLE
from tui.lessons.format_tables import settings
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
        # what rounding alone has made
        return re.sub(r"by (0|\de−\d+) at most", "by 1e−15 at most", texts[0])

    thread = threading.Thread(target=lambda: texts.update({0: command.handout(lesson)[0]}))
    thread.start()
    thread.join()
    await snapshot("handout-glm", draw)


def test_a_handout_measures_every_claim(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    shown = printed(capsys, str(path), "--markdown")
    assert shown.count("✓") == 2 and "✗" not in shown and "…" not in shown
    assert "**Do.** Press `space` (play, pause), and wait for step 400." in shown
    assert "- Experiment: A line, by descent (`ctrl+g`)\n- Settings: learning rate 0.01" in shown
    assert "- Screen: Linear (`4`), Ordinary least squares\n\n**Predict.**" in shown
    assert shown.endswith("## Answers\n\n2: a) not at all, to two digits\n")


def test_a_claim_that_fails_or_cannot_be_measured_is_shown_so(tmp_path, capsys):
    wrong = EXAMPLE.replace("below = 0.05", "above = 0.05").replace('"cost"', '"accuracy"')
    path = tmp_path / "mine.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        command.main([str(path), "--markdown"])
    shown, told = capsys.readouterr()
    assert ended.value.code == 1 and "2 steps failed: 1, 2" in told
    assert shown.count("✗") == 2 and shown.endswith("to two digits\n")
    assert "(the accuracy is of classes; these targets are numbers: take r_squared)" in shown


def test_a_lesson_that_was_written_from_the_format_alone_reads_and_all_its_claims_hold(capsys):
    shown = printed(capsys, str(Path(__file__).parent / "classes.toml"), "--markdown")
    assert shown.count("✓") == 6 and "✗" not in shown
    assert shown.endswith("## Answers\n\n2: b) nearly all  \n5: 200\n")


def test_the_list_says_how_far_the_reader_is(capsys):
    from tui.lessons import progress

    progress.keep("glm", 2)
    shown = printed(capsys, "--list")
    assert "glm            Is it a stack of GLMs? (step 3 of 5)" in shown
    assert shown.count("\n") == 6


def test_the_example_of_the_format_is_a_lesson_and_all_that_can_be_named_is_there(capsys):
    assert len(read_lesson(EXAMPLE, Path("example.toml"), KNOWN).steps) == 2
    words = printed(capsys, "--format")
    for names in (KNOWN.actions, KNOWN.experiments, *KNOWN.panes.values(), MEASURES):
        assert all(name in words for name in names)
    told = {*FIELDS} - {"dataset", "edits", "weights", "biases"}
    assert all(f"  {name} = " in words for name in told)
    assert max(map(len, words.splitlines())) <= 100


def test_an_example_of_a_setting_in_the_format_is_a_value_that_the_setting_takes():
    lines = [line for line in settings() if " = " in line and not line.startswith("   ")]
    for line in lines:
        table = tomllib.loads(line.partition("  ")[2].partition("  ")[0])
        for name, value in table.items():
            FIELDS[name].check(name, value)
    assert len(lines) > 30


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
