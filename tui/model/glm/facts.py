"""What the GLM screen shows: the model, the network beside it, and the stack."""

from __future__ import annotations

from dataclasses import dataclass

from engine import GlmFit
from engine.arrays import Array
from tui.model.glm.choice import GlmChoice
from tui.model.glm.model import Fitted
from tui.model.glm.stack import Stack


@dataclass(frozen=True)
class Delta:
    """The network's δ = ∂C_x/∂z at the output, beside ``factor``·(a − y).

    ``gap`` is the largest difference between that and the chain rule ∇_a C_x ⊙ σ′(z), over
    ``rows`` training examples: rounding for the canonical pair of output and loss.
    """

    canonical: bool
    factor: float
    gap: float
    rows: int


@dataclass(frozen=True, eq=False)
class GlmFacts:
    """A generalised linear model beside the network.

    ``reason``: why the model is the default, "" if it was chosen. ``differences``: what keeps the
    network from being that model; () where it is. ``network`` are its coefficients now (p,), None
    where it has none (``network_note``). ``deviance`` is by its cost, 2n(C − C of the saturated
    model); ``deviance_sum`` the sum of the examples' shares. They, ``steps`` and ``deviances`` of
    the run are None, and empty, where the loss is another. ``right`` and ``network_right``: the
    share of training examples on the right side, of 0/1 targets.
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
    stack: Stack

    @property
    def fit(self) -> GlmFit | None:
        return self.model.fit

    @property
    def note(self) -> str:
        """Why there is no fit, or what is to be said of it."""
        return self.model.note

    @property
    def matches(self) -> bool:
        """Whether the network is this model."""
        return not self.differences
