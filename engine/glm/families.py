"""Families and links of generalised linear models, and the equivalent one-layer networks.

McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, ch. 2. The inverse link
is the output activation and the family's −log-likelihood is the loss, so μ, δ and C are computed
by the functions of the network.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.network.activations import OUTPUTS, Activation
from engine.network.losses import DeltaRule, loss_named, output_delta
from engine.network.output_logs import MEANS, Mean


@dataclass(frozen=True)
class Link:
    """η = g(μ); ``output`` is the output activation that computes the inverse, μ."""

    name: str
    output: str
    of_mean: Callable[[Array], Array]


def _probit(mu: Array) -> Array:
    from scipy.special import ndtri

    result: Array = ndtri(mu)
    return result


LINKS = {
    link.name: link
    for link in (
        Link("identity", "identity", np.positive),
        Link("logit", "sigmoid", lambda mu: np.log(mu) - np.log1p(-mu)),
        Link("probit", "probit", _probit),
        Link("cloglog", "cloglog", lambda mu: np.log(-np.log1p(-mu))),
        Link("log", "exp", np.log),
        Link("inverse", "reciprocal", np.reciprocal),
    )
}
"""Links by name."""


@dataclass(frozen=True)
class Family:
    """A distribution of y with mean μ. ``means`` is the range of μ, including its ends.

    ``links``: the canonical one is first. ``information(mean, z, slope)``, with slope = μ′, is
    the expected −∂²/∂η² of the log-likelihood, μ′²/V(μ). ``deviances(mean, z, mu, y)`` are
    2(C_x − C_x of the saturated model), computed from the ratio y/μ, as the difference cancels
    where the fit is good. ``dispersion``: whether there is a dispersion to estimate.
    ``start(y, trials)``: the means from which IRLS starts, as in R. ``quasi``: the family whose
    variance it has, but for the dispersion, if it is a quasi-likelihood.
    """

    name: str
    loss: str
    links: tuple[str, ...]
    means: tuple[float, float]
    information: Callable[[Mean, Array, Array], Array]
    deviances: Callable[[Mean, Array, Array, Array], Array]
    dispersion: bool = False
    start: Callable[[Array, Array], Array] = lambda y, trials: y
    quasi: str = ""

    @property
    def variance(self) -> str:
        """The family whose variance function and range of means it has: itself, or ``quasi``."""
        return self.quasi or self.name


def _binomial_information(mean: Mean, z: Array, slope: Array) -> Array:
    assert mean.log_complement_slope is not None
    up, down = mean.log_slope(z), -mean.log_complement_slope(z)
    # if one factor has underflowed, the other may be inf, but the product tends to 0
    result: Array = np.where((up == 0.0) | (down == 0.0), 0.0, up * down)
    return result


def _binomial_deviances(mean: Mean, z: Array, mu: Array, y: Array) -> Array:
    assert mean.log_complement is not None
    log_complement = mean.log_complement(z)
    success = _y_log_ratio(y, mu, mean.log(z))
    return 2.0 * (success + _y_log_ratio(1.0 - y, np.exp(log_complement), log_complement))


def _y_log_ratio(y: Array, mu: Array, log_mu: Array) -> Array:
    """y·log(y/μ), 0 for y = 0."""
    result: Array = np.where(y == 0.0, 0.0, y * _log_ratio(y, mu, log_mu))
    return result


def _log_ratio(y: Array, mu: Array, log_mu: Array) -> Array:
    t = (y - mu) / mu
    result: Array = np.where(np.abs(t) < 0.5, np.log1p(t), np.log(y) - log_mu)
    return result


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "gaussian",
            "quadratic",
            ("identity", "log", "inverse", "logit", "probit", "cloglog"),
            (-np.inf, np.inf),
            lambda mean, z, slope: slope**2,
            lambda mean, z, mu, y: (y - mu) ** 2,
            dispersion=True,
        ),
        Family(
            "binomial",
            "binary_cross_entropy",
            ("logit", "probit", "cloglog", "log", "identity"),
            (0.0, 1.0),
            _binomial_information,
            _binomial_deviances,
            start=lambda y, trials: (trials * y + 0.5) / (trials + 1.0),
        ),
        Family(
            "poisson",
            "poisson",
            ("log", "identity"),
            (0.0, np.inf),
            lambda mean, z, slope: slope * mean.log_slope(z),
            lambda mean, z, mu, y: 2.0 * (_y_log_ratio(y, mu, mean.log(z)) - (y - mu)),
            start=lambda y, trials: y + 0.1,
        ),
        Family(
            "gamma",
            "gamma",
            ("inverse", "log", "identity"),
            (float(np.nextafter(0.0, 1.0)), np.inf),
            lambda mean, z, slope: mean.log_slope(z) ** 2,
            lambda mean, z, mu, y: 2.0 * ((y - mu) / mu - _log_ratio(y, mu, mean.log(z))),
            dispersion=True,
        ),
    )
}
"""Families by name, each with the loss of a network."""

QUASI = {
    f"quasi_{name}": replace(FAMILIES[name], name=f"quasi_{name}", dispersion=True, quasi=name)
    for name in ("binomial", "poisson")
}
"""Quasi-likelihoods: the estimates of the family, with a dispersion φ (McCullagh & Nelder 1989,
ch. 9). They have no log-likelihood."""

NEGATIVE_BINOMIAL = "negative_binomial"
"""The family of ``engine.glm.negative_binomial``, which has a parameter."""

FAMILY_NAMES = (*FAMILIES, *QUASI, NEGATIVE_BINOMIAL)
"""The families of ``glm``."""

GLM_NETWORKS = {
    (family.name, link): (LINKS[link].output, family.loss)
    for family in FAMILIES.values()
    for link in family.links
}
"""(family, link): the output activation and the loss of the equivalent one-layer network.
For example, ``GLM_NETWORKS["poisson", "log"]`` is ``("exp", "poisson")``.
"""


@dataclass(frozen=True)
class Model:
    """A family with a link: the terms of each example, as functions of η = z (n,).

    They are inf or NaN where the family has no such μ: call them with NumPy's warnings off.
    """

    family: Family
    link: Link

    @cached_property
    def _sigma(self) -> Activation:
        return OUTPUTS[self.link.output]

    @cached_property
    def _delta(self) -> DeltaRule:
        loss = loss_named(self.family.loss)
        if loss.of_mean is None:
            return output_delta(loss, self._sigma)
        # not as a − y, even if δ is a − y: it rounds to 0 long before the information does
        return partial(loss.of_mean[1], MEANS[self._sigma.name])

    @cached_property
    def _per_delta(self) -> float:
        """The log-likelihood over −loss: ½ for the quadratic cost, which has no ½, else 1."""
        return 0.5 if self.family.loss == "quadratic" else 1.0

    def mean(self, z: Array) -> Array:
        """μ, the inverse link."""
        return self._sigma(z)

    def slope(self, z: Array) -> Array:
        """dμ/dη."""
        return self._sigma.slope(z, self.mean(z))

    def score(self, z: Array, y: Array) -> Array:
        """∂/∂η of the log-likelihood, without the dispersion: −δ; −δ/2 for the quadratic cost."""
        delta = np.empty_like(z)
        self._delta(z, self.mean(z), delta, np.empty_like(z), y)
        return -self._per_delta * delta

    def information(self, z: Array) -> Array:
        """The expected information of η: the weights of the regression in IRLS."""
        mean = MEANS[self._sigma.name]
        return self.family.information(mean, z, self._sigma.slope(z, self.mean(z)))

    def possible(self, mu: Array) -> bool:
        """Whether every μ is finite and in the range of the family."""
        low, high = self.family.means
        return bool((np.isfinite(mu) & (mu >= low) & (mu <= high)).all())

    def deviances(self, z: Array, y: Array) -> Array:
        """The terms of the deviance, one for each example."""
        mu = self.mean(z)
        return np.maximum(self.family.deviances(MEANS[self._sigma.name], z, mu, y), 0.0)


def model_named(family: str, link: str | None) -> Model:
    """The model with this family and link (None: canonical); else ExperimentError lists them."""
    families = FAMILIES | QUASI
    if family not in families:
        raise ExperimentError(f"unknown family {family!r}; there are: {', '.join(FAMILY_NAMES)}")
    return Model(families[family], link_named(families[family], link))


def link_named(family: Family, link: str | None) -> Link:
    """The link of a family (None: its first); else ExperimentError lists them."""
    link = family.links[0] if link is None else link
    if link not in family.links:
        raise ExperimentError(
            f"family {family.name} goes with link {' or '.join(family.links)}, not {link!r}"
        )
    return LINKS[link]
