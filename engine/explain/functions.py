"""The functions of one number in expressions, each computed by the engine's own code."""

from collections.abc import Callable

import numpy as np

from engine.arrays import Array
from engine.network.activations import OUTPUTS, output_named
from engine.network.output_logs import MEANS

OfArray = Callable[[Array], Array]


def _density(x: Array) -> Array:
    return OUTPUTS["probit"].slope(x, x)


def _log_complement(output: str) -> tuple[OfArray, OfArray]:
    log, slope = MEANS[output].log_complement, MEANS[output].log_complement_slope
    assert log is not None and slope is not None
    return log, slope


FUNCTIONS: dict[str, OfArray] = {
    "exp": np.exp,
    "expm1": np.expm1,
    "ln": np.log,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "cos": np.cos,
    "Φ": OUTPUTS["probit"],
    "φ": _density,
    "ln Φ": MEANS["probit"].log,
    "ln Φ′": MEANS["probit"].log_slope,
    "ln cloglog": MEANS["cloglog"].log,
    "ln cloglog′": MEANS["cloglog"].log_slope,
    "ln softplus": MEANS["softplus"].log,
    "ln softplus′": MEANS["softplus"].log_slope,
    "ln(1 − exp)": _log_complement("exp")[0],
    "ln(1 − exp)′": _log_complement("exp")[1],
}
"""All functions except the activations, which have their own names, and with ′ their slopes."""


def value_of(name: str, x: float) -> float:
    """The value of a function at x; ExperimentError if there is no such function."""
    array = np.array([x])
    with np.errstate(all="ignore"):  # inf and nan are results, as in the engine's arrays
        if name in FUNCTIONS:
            return float(FUNCTIONS[name](array)[0])
        sigma = output_named(name.removesuffix("′"))
        a = sigma(array)
        return float((sigma.slope(array, a) if name.endswith("′") else a)[0])
