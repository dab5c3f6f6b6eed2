"""Usual slips in backpropagation, tried: the wrong gradient against central differences."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import ShapeError
from engine.network.backprop import BackwardPass, backpropagate, checked_targets
from engine.network.gradient_check import (
    CentralDifferences,
    GradientCheck,
    central_differences,
    compared,
)
from engine.network.losses import loss_for
from engine.network.network import Network
from engine.network.worked.wrong_passes import SLIPS, Setting, Slip, wrong_pass

ROUNDING = 1e-12  # of the largest entry of ∇C


class Entry(NamedTuple):
    """One entry of ∇C, with the slip and without it, and its central difference (NaN beside a
    kink of σ). ``parameter`` is an index into ``Network.parameters``."""

    parameter: int
    wrong: float
    right: float
    central_difference: float


@dataclass(frozen=True, eq=False)
class TriedSlip:
    """A slip made on a network and data.

    Attributes:
        slip: the slip.
        note: how it applies to this network; "" if there is nothing to say.
        possible: whether it can be made; if not, ``backward`` is the right one.
        backward: the backward pass with the slip.
        right: the right backward pass.
        differences: central differences of the checked parameters.
        total: how many parameters the network has.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]]], [[1.0]])  # a = 2x + 1
        >>> tried = engine.slips(network, [[1.0], [3.0]], [2.0, 5.0])["forgotten 1/n"]
        >>> tried.backward.gradient.tolist(), tried.right.gradient.tolist()
        ([14.0, 6.0], [7.0, 3.0])
    """

    slip: Slip
    note: str
    possible: bool
    backward: BackwardPass
    right: BackwardPass
    differences: CentralDifferences
    total: int

    @cached_property
    def matters(self) -> bool:
        """Whether the gradient differs from the right one by more than rounding."""
        wrong, right = self.backward.gradient, self.right.gradient
        rounding = ROUNDING * float(np.abs(right).max(initial=0.0))
        return not np.allclose(wrong, right, rtol=0.0, atol=rounding, equal_nan=True)

    @cached_property
    def check(self) -> GradientCheck | None:
        """The check of the wrong gradient against central differences; None if not possible."""
        if not self.possible:
            return None
        return compared(self.backward.gradient, self.differences, self.total)

    def entry(self, parameter: int | None = None) -> Entry:
        """The entry of a checked parameter; None: where the slip does most.

        ShapeError if the parameter was not checked.
        """
        parameters, estimates, _, smooth = self.differences
        wrong, right = self.backward.gradient[parameters], self.right.gradient[parameters]
        if parameter is None:
            place = int(np.nan_to_num(np.abs(wrong - right) * smooth, nan=np.inf).argmax())
        else:
            place = int(np.searchsorted(parameters, parameter))
            if place == len(parameters) or parameters[place] != parameter:
                raise ShapeError(f"parameter {parameter} is not among those checked")
        estimate = float(estimates[place]) if smooth[place] else np.nan
        return Entry(int(parameters[place]), float(wrong[place]), float(right[place]), estimate)


def slips(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: str = "quadratic",
    *,
    learning_rate: float = 0.03,
    parameters: NDArray[np.int_] | None = None,
    backward: BackwardPass | None = None,
) -> dict[str, TriedSlip]:
    """Make each slip of ``SLIPS`` on a network and data, and check its gradient.

    Arguments:
        network, X, Y, loss: as in ``backpropagate``.
        learning_rate: η of the update that "updated weights" makes too early.
        parameters: indices into ``Network.parameters`` to check, at least one; None: all, as in
            ``gradient_check``.
        backward: the right backward pass on the same data, if it is already computed.

    Returns:
        What each slip gives, by its name.

    Raises:
        ShapeError: an array does not fit the network, or an index is out of range.
        DataError: the loss is not defined for these targets.
        ExperimentError: the loss is unknown, or does not go with the network's output activation.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 3, 3, 1], "tanh", seed=1)
        >>> tried = engine.slips(network, [[1.0, -0.5], [0.2, 0.3]], [1.0, 2.0])
        >>> [name for name, one in tried.items() if one.check.passed]
        []
        >>> _, wrong, right, estimate = tried["wrong sign"].entry()
        >>> wrong == -right, abs(right - estimate) < 1e-6
        (True, True)
    """
    right = backward or backpropagate(network, X, Y, loss)
    Y = checked_targets(network, Y, len(right.forward.a[0]))
    differences = central_differences(network, right, Y, loss, parameters)
    if not differences.parameters.size:
        raise ShapeError("at least one parameter must be checked")
    setting = Setting(network, right, Y, loss_for(loss, network.output), learning_rate)
    results = {}
    for name, slip in SLIPS.items():
        note = slip.note(setting)
        with np.errstate(all="ignore"):
            wrong = wrong_pass(slip, setting) if note.possible else right
        results[name] = TriedSlip(
            slip, note.text, note.possible, wrong, right, differences, network.parameter_count
        )
    return results
