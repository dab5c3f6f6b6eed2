"""GlmFacts: the data of the GLM screen, which compares the network with a model."""

from __future__ import annotations

from dataclasses import dataclass

from engine import GlmFit
from engine.arrays import Array
from tui.model.glm.choice import GlmChoice
from tui.model.glm.model import Fitted
from tui.model.glm.stack import Stack
from tui.model.premises import is_below

DELTA_ROUNDING = 1e-9  # of the largest δ, or of 1: a smaller gap is rounding


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
    ``differences`` are those of the network from the model; () if it is the model. ``network``
    are its present coefficients (p,), or None for the reason in ``network_note``. ``deviance`` is
    computed from its cost, 2n(C − C of the saturated model); ``deviance_sum`` is the sum over the
    examples; NaN where they are not finite. With another loss they are None, and ``steps`` and
    ``deviances`` of the run empty. ``right`` and ``network_right``: the share of training examples
    that are classified correctly, if there are two targets; NaN if a prediction is not finite.
    ``finite``: whether all parameters of the network, and its outputs, are.
    """

    choice: GlmChoice
    reason: str
    model: Fitted
    differences: tuple[str, ...]
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
    def matches(self) -> bool | None:
        """Whether the network is this model; None if its numbers are not finite."""
        return not self.differences if self.finite else None
