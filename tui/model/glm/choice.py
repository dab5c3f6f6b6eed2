"""The family and link of the generalised linear model: chosen, or suggested by the data."""

from dataclasses import dataclass

import numpy as np

from engine import GLM_NETWORKS, Dataset, EngineError, Experiment
from engine.arrays import Array
from engine.data.default_model import default_model_of
from engine.data.source import source
from engine.network.losses import check_targets, loss_named


@dataclass(frozen=True)
class GlmChoice:
    """A key of ``engine.GLM_NETWORKS``."""

    family: str
    link: str

    @property
    def output(self) -> str:
        """The output activation of the one-layer network: the inverse link."""
        return GLM_NETWORKS[self.family, self.link][0]

    @property
    def loss(self) -> str:
        """Its loss: the family's −log-likelihood."""
        return GLM_NETWORKS[self.family, self.link][1]


def loss_of(choice: GlmChoice, experiment: Experiment) -> str:
    """The model's loss, or the network's if that is a multiple of it: ½Σ(a − y)² has the same
    minimum as Σ(a − y)²."""
    network = loss_named(str(experiment.loss))
    both_square = network.squares and loss_named(choice.loss).squares
    return network.name if both_square else choice.loss


def families() -> list[str]:
    """The names of the families."""
    return [*dict.fromkeys(family for family, _ in GLM_NETWORKS)]


def links(family: str) -> list[str]:
    """The names of a family's links, the canonical one first."""
    return [link for name, link in GLM_NETWORKS if name == family]


def default_choice(experiment: Experiment, data: Dataset) -> GlmChoice:
    """The model that the network's output and loss name; with the quadratic cost the one that
    the targets suggest, as in ``nn-explore fit``."""
    family = default_model_of(data).family or "binomial"
    return _of_network(experiment) or GlmChoice(family, links(family)[0])


def reason_for(experiment: Experiment, data: Dataset, choice: GlmChoice) -> str:
    """Why this model is the default, in a sentence; "" if it was chosen."""
    suggested = default_model_of(data)
    if suggested.family and choice == GlmChoice(suggested.family, links(suggested.family)[0]):
        return "; ".join(filter(None, [suggested.reason, suggested.hint]))
    if choice == _of_network(experiment):
        return "the output and loss of the network are this model's"
    return ""


def choice_of_0_1(experiment: Experiment, data: Dataset) -> GlmChoice | None:
    """The model of a session that version 0.1.0 saved, where it is not the default now.

    For whole numbers with a variance of at most three times their mean that was Poisson's.
    """
    y = data.Y[data.train, 0]
    counts = (y >= 0.0).all() and (y == np.round(y)).all() and y.var() <= 3.0 * y.mean()
    is_now = default_choice(experiment, data) == GlmChoice("gaussian", "identity")
    return GlmChoice("poisson", "log") if counts and is_now else None


def _of_network(experiment: Experiment) -> GlmChoice | None:
    """The model that the network's output and loss name, None with the quadratic cost."""
    for (family, link), network in GLM_NETWORKS.items():
        if network == (experiment.output, experiment.loss) and family != "gaussian":
            return GlmChoice(family, link)
    return None


def why_impossible(data: Dataset, family: str) -> str:
    """Why these targets cannot be of that family; "" if they can."""
    if data.Y.shape[1] > 1:
        several = "targets" if data.task == "regression" else "classes"
        has = f"{source(data.name).short_name} has {data.Y.shape[1]} {several}"
        return f"{has}: these models have one target"
    try:
        check_targets(loss_named(GLM_NETWORKS[family, links(family)[0]][1]), targets(data, family))
    except EngineError as error:
        return str(error)
    return ""


def next_family(data: Dataset, choice: GlmChoice) -> GlmChoice:
    """The next family that is possible for these targets, with its canonical link."""
    names = families()
    index = names.index(choice.family)
    for family in (*names[index + 1 :], *names[:index]):
        if not why_impossible(data, family):
            return GlmChoice(family, links(family)[0])
    return choice


def next_link(choice: GlmChoice) -> GlmChoice:
    """The family with its next link."""
    names = links(choice.family)
    return GlmChoice(choice.family, names[(names.index(choice.link) + 1) % len(names)])


def targets(data: Dataset, family: str) -> Array:
    """All targets (n, k) in the data's own units; for binomial, ±1 becomes 0 and 1."""
    if family == "binomial" and data.task == "binary":
        return (data.Y > 0.0).astype(np.float64)
    return data.Y
