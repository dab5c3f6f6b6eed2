"""Experiments from what a user types: a share code, a link, a file of settings or of data."""

from dataclasses import replace
from pathlib import Path

from engine import DataError, EngineError, Experiment
from engine.atomic_files import read_whole
from engine.data.source import source
from engine.storage.file_kind import Kind, kind_of
from tui.system.paths import typed_path

MAX_TOML = 2_000_000  # bytes: 100 000 initial weights, which take a second to read


def experiment_of(text: str) -> Experiment:
    """The experiment of a share code or a link, or of the file of a typed path, which holds no
    session. EngineError says what is wrong with it."""
    kind = kind_of(text)
    if kind is Kind.CODE:
        from engine.storage.share_code import read_share_code

        return read_share_code(text).experiment
    if kind is Kind.LINK:
        from engine.storage.playground_link import experiment_of_link

        return experiment_of_link(text)
    path = typed_path(text)
    if kind is Kind.EXPERIMENT:
        return read_experiment(path)
    return Experiment(dataset=str(source(path)))


def read_experiment(path: Path) -> Experiment:
    """The experiment in a TOML file; the path of its data starts from the file's folder."""
    try:
        text = read_whole(path, MAX_TOML).decode("utf-8-sig")  # a byte order mark is allowed
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8 text") from None
    if not any(line.partition("#")[0].strip() for line in text.splitlines()):
        raise DataError(
            f'{path}: it holds no setting; a line such as dataset = "circle" makes it an experiment'
        )
    try:
        experiment = Experiment.from_toml(text)
    except EngineError as error:
        raise DataError(f"{path}: {error}") from None
    return replace(experiment, dataset=str(source(experiment.dataset).located(path.parent)))
