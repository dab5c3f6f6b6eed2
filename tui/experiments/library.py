"""The built-in experiments: one for each data set, and the gallery."""

import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engine import DATASETS, Experiment, ExperimentError

EXPERIMENTS = Path(__file__).parent
INDEX = EXPERIMENTS / "gallery.toml"


class Entry(NamedTuple):
    """An experiment of the gallery; ``look_for`` is a sentence on what it shows, ``heading`` that
    of its group."""

    name: str
    heading: str
    title: str
    look_for: str
    experiment: Experiment


@cache
def gallery() -> tuple[Entry, ...]:
    """The experiments of the gallery, each building on those before."""
    entries, heading = [], ""
    for name, words in tomllib.loads(INDEX.read_text(encoding="utf-8")).items():
        heading = words.pop("heading", heading)
        entries.append(Entry(name, heading, **words, experiment=_read(name)))
    return tuple(entries)


def entry(name: str) -> Entry:
    """The experiment of the gallery with this name. ExperimentError where there is none."""
    entries = {entry.name: entry for entry in gallery()}
    if name not in entries:
        near = get_close_matches(name, entries, n=1)
        meant = f"did you mean {near[0]}? There are: " if near else "there are: "
        raise ExperimentError(
            f"the gallery has no experiment {name!r}; {meant}{', '.join(entries)}"
        )
    return entries[name]


def built_in(dataset: str) -> Experiment:
    """The experiment for a built-in data set. For another name the default experiment, which is
    refused later if there are no such data."""
    is_built_in = dataset in DATASETS and _file(dataset).exists()
    return _read(dataset) if is_built_in else Experiment(dataset=dataset)


def _read(name: str) -> Experiment:
    return Experiment.from_toml(_file(name).read_text(encoding="utf-8"))


def _file(name: str) -> Path:
    return EXPERIMENTS / f"{name}.toml"
