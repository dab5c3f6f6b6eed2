"""GlmFacts: the data of the GLM screen, which compares the network with a model."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from engine import GlmFit
from engine.arrays import Array
from tui.model.glm.choice import GlmChoice
from tui.model.glm.model import Fitted
from tui.model.glm.stack import Stack
from tui.model.premises import is_below, without_rounding

DELTA_ROUNDING = 1e-9  # of the largest δ, or of 1: a smaller gap is rounding
AT_FIT = 1e-8  # of the deviance + 0.1, as where IRLS stops in R


@dataclass(frozen=True)
class Delta:
    """The network's δ = ∂C_x/∂z at the output, compared with ``factor``·(a − y).

    ``gap`` is the largest difference between ``factor``·(a − y) and the chain rule ∇_a C_x ⊙ σ′(z)
    over the ``rows`` training examples where both are finite: only rounding for the canonical pair
    of output and loss. It is NaN without such an example. ``size`` is the largest
    |``factor``·(a − y)| of them.
    """

    canonical: bool
    factor: float
    gap: float
    size: float
    rows: int

    @property
    def holds(self) -> bool | None:
        """Whether δ = ``factor``·(a − y): by the pair, and measured. None where these disagree, or
        nothing can be measured."""
        measured = is_below(self.gap, DELTA_ROUNDING * max(self.size, 1.0))
        return self.canonical if self.canonical == measured else None


@dataclass(frozen=True, eq=False)
class GlmFacts:
    """A generalised linear model compared with the network.

    ``reason`` says why the model is the default, "" if it was chosen.
    ``differences`` are those of the network from the model; () if it is the model. ``other_model``
    names what it is then, "" if it has no name. ``parameters`` is how many the network has.
    ``z_error`` is the largest |z⁽ᴸ⁾ − (W_z x + b_z)| on the training data, None if there is no such
    map; up to ``rounding`` it is no more than that. ``network`` are its present coefficients (p,),
    or None for the reason in ``network_note``. ``deviance`` is computed from its cost,
    2n(C − C of the saturated model); ``deviance_sum`` is the sum over the examples; NaN where they
    are not finite. With another loss they are None, and ``steps`` and ``deviances`` of the run
    empty. ``right`` and ``network_right``: the share of training examples that are classified
    correctly, if there are two classes; NaN if a prediction is not finite. ``finite``: whether all
    parameters of the network, and its outputs, are.
    """

    choice: GlmChoice
    reason: str
    model: Fitted
    differences: tuple[str, ...]
    other_model: str
    parameters: int
    z_error: float | None
    rounding: float
    network: Array | None
    network_note: str
    deviance: float | None
    deviance_sum: float | None
    steps: Array
    deviances: Array
    delta: Delta | None
    right: float | None
    network_right: float | None
    finite: bool
    stack: Stack

    @property
    def fit(self) -> GlmFit | None:
        return self.model.fit

    @property
    def note(self) -> str:
        """Why there is no fit, or a remark on it."""
        return self.model.note

    @property
    def z_is_affine(self) -> bool:
        """Whether z⁽ᴸ⁾ was found to be the one affine map W_z x + b_z."""
        return self.z_error is not None and self.z_error <= self.rounding

    @property
    def matches(self) -> bool:
        """Whether the network is built like this model: the same functions, the same cost."""
        return not self.differences

    @property
    def is_model(self) -> bool | None:
        """The same, and found to be so; None if its numbers are not finite."""
        if not self.finite or (self.matches and self.z_error is None):
            return None
        return self.matches and self.z_is_affine

    @property
    def at_fit(self) -> bool | None:
        """Whether the network's deviance is that of the fit, up to ``AT_FIT``.

        None if there is nothing to compare, as with a likelihood that has no maximum.
        """
        if self.deviance is None or self.fit is None or not self.fit.converged:
            return None
        if not isfinite(self.deviance):
            return None
        return abs(self.deviance - self.fit.deviance) <= AT_FIT * (abs(self.fit.deviance) + 0.1)


def coefficients_of(fit: GlmFit) -> Array:
    """The coefficients (p,) of a fit, 0 where they are rounding: see ``without_rounding``."""
    return without_rounding(fit.coefficients, fit)
