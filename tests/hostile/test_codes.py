"""Share codes and experiments of anybody: opened, or refused in one line; nothing runs for long
that cannot be cancelled."""

import json
from base64 import urlsafe_b64encode
from binascii import crc32
from pathlib import Path
from zlib import MAX_WBITS, compressobj

import pytest
from screen import press, running
from textual.widgets import Input

import engine
from engine.errors import DataError, ExperimentError
from engine.storage.share_code import Expected, read_share_code, share_code
from tui.commands import files as opening
from tui.dialogs.sharing import Training
from tui.experiments.library import built_in
from tui.storage.opening import read_experiment


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def code(table: object, parameters: bytes = b"", text: bytes | None = None, claim: int = -1) -> str:
    """A code with a right checksum of any JSON; ``claim`` is how long it says that this is."""
    text = json.dumps(table).encode() if text is None else text
    squeeze = compressobj(9, wbits=-MAX_WBITS)
    body = (len(text) if claim < 0 else claim).to_bytes(4, "big") + text + parameters
    packed = squeeze.compress(body) + squeeze.flush()
    signed = packed + crc32(packed).to_bytes(4, "big")
    return "nnx1:" + urlsafe_b64encode(signed).decode().rstrip("=")


OF_ANOTHER = "the code is of another version of nn-explore"
CODES = {
    "deep": (code(None, text=b"[" * 100_000), OF_ANOTHER),
    "bomb": (code(None, text=b'"' + b" " * 50_000_000 + b'"'), OF_ANOTHER),
    "digits": (code(None, text=b'{"seed": ' + b"9" * 5000 + b"}"), OF_ANOTHER),
    "shorter than it is": (code({"seed": 3}, claim=3), OF_ANOTHER),
    "a list": (code([1, 2]), OF_ANOTHER),
    "an unknown setting": (code({"sead": 3}), OF_ANOTHER),
    "text for a number": (code({"l1": "fast"}), "l1 = 'fast' is not a number"),
    "nothing for a name": (code({"dataset": None}), "dataset = nothing is not a name"),
    "a flag for a number": (code({"seed": True}), "seed = true is not a whole number"),
    "a long name": (code({"dataset": "x" * 10_000}), "is not a name of at most 4096 characters"),
    "a long activation": (code({"activation": "x" * 100}), "is not a name that exists"),
    "half a character": (code({"dataset": "\ud800"}), "is not a name that can be written as UTF-8"),
    "sizes that lie": (code({"sizes": [2, 10**9, 1]}), "weights for a network of another size"),
    "sizes of text": (code({"sizes": ["x"]}), OF_ANOTHER),
    "negative sizes": (code({"sizes": [-1, 2]}, bytes(80)), "of another size"),
    "text expected": (code({"expected": ["x", "y"]}), "expected: 'x' is no step"),
    "half expected": (code({"expected": [3]}), OF_ANOTHER),
    "no cost expected": (code({"expected": [3, float("nan")]}), "a cost of nan is not possible"),
}  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_a_forged_code_is_refused_in_one_line(name):
    text, says = CODES[name]
    with pytest.raises((DataError, ExperimentError), match=says) as error:
        read_share_code(text)
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


def test_a_code_that_claims_to_be_longer_than_it_is_means_what_there_is():
    assert read_share_code(code({}, claim=(1 << 32) - 1)).experiment == engine.Experiment()


TOMLS = {
    "digits": (b"\n\nlearning_rate = 1" + b"0" * 5000, "line 3: a number has thousands of digits"),
    "deep": (b"weights = " + b"[" * 100_000, "lists are nested too deeply"),
    "a date": (b"seed = 1979-05-27", "line 1: seed = 1979-05-27 is not a whole number"),
    "a time": (b"seed = 07:32:00", "line 1: seed = 07:32:00 is not a whole number"),
    "a flag": (b"seed = true", "line 1: seed = true is not a whole number"),
    "a table": (b"[seed]\na = true", "line 1: seed = {'a': true} is not a whole number"),
    "an odd key": (b'"a\\u001bb" = 1', r"line 1: unknown key 'a\x1bb'"),
    "a long key": (b"a" * 100_000 + b" = 1", "line 1: unknown key 'aaa"),
    "many numbers": (b"weights = [" + b"1.0, " * 500_000 + b"]", "is too large: 2 MB"),
    "no text": (bytes(range(128, 256)), "not UTF-8 text"),
    "empty": (b"", "it holds no setting; a line such as dataset ="),
    "blank": (b"\xef\xbb\xbf \n\t\r\n", "it holds no setting"),
    "a remark alone": (b"# dataset = 'circle'\n\n", "it holds no setting"),
}


@pytest.mark.parametrize("name", TOMLS)
def test_a_forged_experiment_is_refused_in_one_line_without_words_of_python(here, name):
    content, says = TOMLS[name]
    (here / "own.toml").write_bytes(content)
    with pytest.raises(DataError) as error:
        read_experiment(Path("own.toml"))
    assert says in str(error.value)
    assert len(str(error.value)) < 900
    for word in ("sys.", "datetime", "True", "None", "Exceeds", "object", "\n", "\x1b"):
        assert word not in str(error.value)


async def test_a_promise_of_a_far_step_is_cancelled_by_escape(here):
    experiment = built_in("circle")
    async with running(experiment) as (app, pilot):
        await press(app, pilot, "ctrl+o")
        app.screen.query_one(Input).value = share_code(experiment, Expected(10**18, 0.1))
        await press(app, pilot, "enter")
        assert isinstance(app.screen, Training)
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, Training)
        assert 0 < app.session.trainer.step_count < 10**6
        assert "cancelled at step" in app.message


def test_a_file_that_is_not_there_keeps_its_name_on_one_line():
    text = share_code(engine.Experiment(dataset="./x\x1b]0;pwned\x07\n.csv"))
    with pytest.raises(DataError, match="there is no file"):
        opening.read(text)
