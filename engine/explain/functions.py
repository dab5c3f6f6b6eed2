"""The functions of one number that expressions are made of, each computed as the engine does."""

from collections.abc import Callable

import numpy as np

from engine.arrays import Array
from engine.network.activations import OUTPUTS, output_named
from engine.network.output_logs import MEANS

OfArray = Callable[[Array], Array]


def _density(x: Array) -> Array:
    return OUTPUTS["probit"].slope(x, x)


def _rest(output: str) -> tuple[OfArray, OfArray]:
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
    "ln(1 − exp)": _rest("exp")[0],
    "ln(1 − exp)′": _rest("exp")[1],
}
"""Functions besides the activations, which go by their names, and with ′ are their slopes."""


def value_of(name: str, x: float) -> float:
    """The function of that name at x; ExperimentError where there is none."""
    at = np.array([x])
    with np.errstate(all="ignore"):  # an inf or nan is the result, as in the engine's arrays
        if name in FUNCTIONS:
            return float(FUNCTIONS[name](at)[0])
        sigma = output_named(name.removesuffix("′"))
        a = sigma(at)
        return float((sigma.slope(at, a) if name.endswith("′") else a)[0])
