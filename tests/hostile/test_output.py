"""What is printed: nothing in it is obeyed by a terminal, and no output is too narrow, closed or
full for one clear line."""

import io
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from lines import ROOT

from tui.cli import main as cli
from tui.system import output
from tui.system.output import INVISIBLE, one_line, report_if_slow, visible, visible_json

MAIN = "from tui.cli.main import main; main()"
ODD = "y\x1b]0;pwned\x07\x9b31m\u202e\u2066\x00\x7f\ud800"
ROWS = '"{}",x\n1,2\n2,3\n3,5\n4,4\n'


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain βᵀ ✓ – 中文", "plain βᵀ ✓ – 中文"),
        ("two\nlines", "two\nlines"),
        ("\x1b[31m\x07", r"\x1b[31m\x07"),
        ("\x9b\x85\x7f\t\r", r"\x9b\x85\x7f\x09\x0d"),
        ("\u202a\u202e\u2066\u2069\u200f\u061c", r"\u202a\u202e\u2066\u2069\u200f\u061c"),
        ("\u2028\u2029\0", r"\u2028\u2029\x00"),
        ("\ud800\udfff", r"\ud800\udfff"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_seen(text, seen):
    assert visible(text) == seen


def test_a_name_stays_on_its_line():
    assert one_line("a\nb\x1b") == r"a\nb\x1b"


def test_json_keeps_its_meaning():
    value = {"a\x9b": "\x7f\u202e\u2028"}
    text = visible_json(json.dumps(value, ensure_ascii=False))
    assert not INVISIBLE.search(text)
    assert json.loads(text) == value


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """A file whose columns have names that a terminal would obey."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    name = ODD.replace("\0", "").replace("\ud800", "")
    (tmp_path / "odd.csv").write_text(ROWS.format(name), encoding="utf-8")
    (tmp_path / "lines.csv").write_text(ROWS.format("y\nnn-explore: z"), encoding="utf-8")
    return "odd.csv"


COMMANDS = (
    ["fit", "odd.csv"], ["fit", "odd.csv", "--json"], ["fit", "odd.csv", "--target", "1"],
    ["fit", "odd.csv", "--target", "nope\x1b"], ["fit", "odd.csv", "--features", "nope"],
    ["fit", "\x1b]0;x\x07.csv"], ["\x1b[31m"], ["\u202e.toml"], ["--dataset", "\x9b"],
    ["--seed", "\x1b"], ["--nope\x1b"], ["nope\x1b.csv", "--share"], ["--layers", "\ud800"],
    ["fit", "lines.csv"], ["config"],
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(odd, capsys, command):
    with suppress(SystemExit):
        cli.main(command)
    out, err = capsys.readouterr()
    assert bool(out) != bool(err)
    assert err.count("\n") <= 1
    assert not INVISIBLE.search(out + err)
    assert "\nnn-explore:" not in out


def test_the_preferences_print_no_name_that_a_terminal_obeys(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "a\x1b]0;x\x07\nb"))
    cli.main(["config"])
    out, _ = capsys.readouterr()
    assert not INVISIBLE.search(out)
    assert out.splitlines()[0].endswith("writes it)")


def test_a_message_is_of_a_bounded_length(capsys):
    with pytest.raises(SystemExit):
        cli.main(["fit", "longley", "--target", "\x1b" * 100_000])
    err = capsys.readouterr().err
    assert (len(err) < 1600, err.count("\n"), INVISIBLE.search(err)) == (True, 1, None)


# streams


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp437", "utf-8"])
@pytest.mark.parametrize("command", [["--help"], ["fit", "longley"], ["config"], ["--nope…"]])
def test_an_encoding_that_knows_few_characters_prints_others_in_their_place(
    monkeypatch, tmp_path, encoding, command
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    with suppress(SystemExit):
        cli.main(command)
    assert raw.getvalue().decode(encoding).strip()


def ended(arguments: str, redirection: str, **environment: str) -> tuple[int, str, str]:
    """The status and outputs of a command line in a shell."""
    line = f'"{sys.executable}" -c "{MAIN}" {arguments} {redirection}'
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, timeout=60, cwd=ROOT,
        stdin=subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such shell")
@pytest.mark.parametrize(
    ("arguments", "redirection", "status", "says"),
    [
        ("--version", ">/dev/full", 1, "the output cannot be written: No space left on device"),
        ("--share", ">&-", 1, "the output is closed"),
        ("--share", "<&-", 0, ""),
        ("fit -", "<&-", 2, "the standard input is closed: there is nothing to read"),
        ("", "<&-", 2, "there is no terminal: its input is closed"),
        ("fit nope", "2>&-", 2, ""),
        ("fit nope", "2>/dev/full", 2, ""),
        ("--help", ">/dev/full 2>&-", 1, ""),
    ],
)
def test_a_closed_or_full_output_is_one_line_or_none(arguments, redirection, status, says):
    found, out, err = ended(arguments, redirection)
    assert (found, says in err, err.count("\n")) == (status, True, 1 if says else 0), err
    if status:
        assert out == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_where_nobody_reads_on_it_ends_in_silence_as_others_do(monkeypatch, capsys):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as end:
            output.write("text")
    assert end.value.code == 141
    assert capsys.readouterr().err == ""


class Screen(io.StringIO):
    """A terminal to print on."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "slow", "says"),
    [
        (Screen(), True, "nn-explore: fitting big.csv ... (ctrl+c ends it)\n"),
        (Screen(), False, ""),
        (io.StringIO(), True, ""),
        (None, True, ""),
    ],
)
def test_what_takes_long_is_told_once_to_somebody_at_a_terminal(monkeypatch, stream, slow, says):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(output, "SLOW", 0.0 if slow else 600.0)
    with report_if_slow("fitting big.csv"):
        for thread in threading.enumerate():
            if slow and isinstance(thread, threading.Timer):
                thread.join()
    assert (stream.getvalue() if stream else "") == says
