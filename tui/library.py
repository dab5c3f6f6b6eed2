"""The built-in experiments: one for each data set, set up to show it well."""

from pathlib import Path

from engine import DATASETS, Experiment

EXPERIMENTS = Path(__file__).parent / "experiments"


def built_in(dataset: str) -> Experiment:
    """The experiment for a built-in data set; for another name the defaults, to be judged there."""
    path = EXPERIMENTS / f"{dataset}.toml"
    if dataset in DATASETS and path.exists():
        return Experiment.from_toml(path.read_text(encoding="utf-8"))
    return Experiment(dataset=dataset)
