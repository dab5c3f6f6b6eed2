"""The command line: what opens, and what every wrong value says."""

import subprocess
import sys
from pathlib import Path

import pytest

import engine
from tui.cli import main as cli
from tui.cli import open_app

ROOT = Path(__file__).parents[3]


def experiment(*arguments: str) -> engine.Experiment:
    return open_app.experiment_for(open_app.parser().parse_args(arguments))


def complaint(capsys, *arguments: str) -> str:
    """What a mistaken command line prints: one line on stderr, exit status 2."""
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_named_opens_the_circle():
    assert experiment() == engine.Experiment(dataset="circle", hidden=(4, 3))


def test_flags_change_the_experiment():
    changed = experiment(
        *[
            "--dataset",
            "xor",
            "--layers",
            "5,2",
            "--activation",
            "tanh,relu",
            "--optimizer",
            "adam",
        ],
        *[
            "--learning-rate",
            "0.01",
            "--batch-size",
            "4",
            "--seed",
            "7",
            "--l2",
            "0.1",
            "--no-bias",
            "--noise",
            "10",
        ],
    )
    assert changed == engine.Experiment(
        dataset="xor", hidden=(5, 2), activation=("tanh", "relu"), optimizer="adam",
        learning_rate=0.01, batch_size=4, seed=7, l2=0.1, bias=False, noise=10.0,
    )  # fmt: skip


def test_no_hidden_layer_is_regression():
    assert experiment("--layers", "0").hidden == ()


def test_a_csv_opens_with_its_target(here):
    (here / "cars.csv").write_text("mpg,wt\n21,2.6\n22,2.4\n18,3.2\n", encoding="utf-8")
    opened = experiment("cars.csv", "--target", "mpg")
    assert (opened.dataset, opened.target) == ("cars.csv", "mpg")
    assert engine.Trainer(opened).prepared.dataset.feature_names == ("wt",)


def test_an_experiment_file_opens_and_flags_change_it(here):
    wanted = engine.Experiment(dataset="xor", hidden=(3,), activation="tanh")
    (here / "own.toml").write_text(wanted.to_toml(), encoding="utf-8")
    assert experiment("own.toml") == wanted
    assert experiment("own.toml", "--seed", "4").seed == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--layers", "4,x"], "--layers: '4,x' is not a list of unit counts such as 4,3"),
        (["--layers", "4,-1"], "hidden"),
        (["--activation", "rleu"], "unknown activation 'rleu'; there are: identity, relu"),
        (["--loss", "hinge"], "unknown loss 'hinge'; there are: quadratic"),
        (["--optimizer", "lion"], "unknown optimizer 'lion'; there are: sgd"),
        (["--learning-rate", "fast"], "--learning-rate: 'fast' is not a number"),
        (["--learning-rate", "-1"], "learning_rate = -1.0 is not a number above 0"),
        (["--learning-rate", "nan"], "learning_rate = nan is not a number above 0"),
        (["--batch-size", "0"], "batch_size = 0 is not a whole number, 1 or more"),
        (["--seed", "-3"], "seed = -3"),
        (
            ["--learning-rate", "1e308"],
            "learning_rate = 1e308 is too large: 1 000 000 is the most",
        ),
        (["--batch-size", "1000000000"], "batch_size = 1e9 is too large: 1 000 000 is the most"),
        (["--theme", "pink"], "--theme"),
        (["--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["--dataset", "cirlce"], "circle"),
        (["--noise", "70"], "noise = 70.0 is not a percentage from 0 to 50"),
        (["nowhere.csv"], "nowhere.csv"),
        (["nowhere"], "no file nowhere; FILE is .csv, .tsv, .toml or .npz"),
        (["mtcars.csv"], "the built-in set is --dataset mtcars"),
        (["nowhere.toml"], "there is no file nowhere.toml"),
        (["regions"], "there is no command 'regions' yet; a file of that name is ./regions"),
        (["x.csv", "--dataset", "xor"], "give a file or --dataset, not both"),
        (["--loss", "poisson", "--dataset", "line"], "poisson takes targets that are counts"),
    ],
)
def test_every_wrong_value_is_one_line(here, capsys, monkeypatch, arguments, says):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    assert says in complaint(capsys, *arguments)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty.csv"),
        ("text.csv", b"a,b\n1,2\n2,x\n3,4\n4,5\n", "x"),
        ("no-rows.csv", b"a,b\n", "no-rows.csv"),
        ("constant.csv", b"a,b\n1,2\n2,2\n3,2\n", "b"),
        ("binary.csv", bytes(range(256)) * 4, "binary.csv"),
    ],
)
def test_every_bad_file_is_one_line(here, capsys, monkeypatch, name, content, says):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    (here / name).write_bytes(content)
    assert says in complaint(capsys, name)


def test_a_missing_target_lists_the_columns(here, capsys, monkeypatch):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    (here / "cars.csv").write_text("mpg,wt\n21,2.6\n22,2.4\n", encoding="utf-8")
    assert "mpg, wt" in complaint(capsys, "cars.csv", "--target", "speed")


def test_a_directory_is_one_line(here, capsys, monkeypatch):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    (here / "folder.csv").mkdir()
    assert "folder.csv" in complaint(capsys, "folder.csv")


def test_without_a_terminal_it_says_so():
    run = subprocess.run(
        [sys.executable, "-m", "tui"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stdout == ""
    assert "there is no terminal" in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_terminal_that_cannot_place_its_cursor_is_told(monkeypatch, capsys):
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    assert "TERM=dumb: this terminal cannot place its cursor" in complaint(capsys)


def test_version_and_help_need_no_terminal():
    for flag, says in (("--version", "nn-explore "), ("--help", "FILE is data")):
        run = subprocess.run(
            [sys.executable, "-m", "tui", flag],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert run.returncode == 0
        assert says in run.stdout
