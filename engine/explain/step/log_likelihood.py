"""ln a and ln(1 − a) as functions of z, for each output activation: expressions and NumPy."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Minus,
    Quotient,
    Symbol,
    difference,
    exp,
)
from engine.network.output_logs import TINY

OfZ = Callable[[Symbol], Expression]


@dataclass(frozen=True)
class Logarithm:
    """A logarithm and its derivative by z, and their NumPy, which contains ``{z}`` and ``{a}``."""

    value: OfZ
    slope: OfZ
    value_code: str
    slope_code: str


# φ/Φ, the inverse Mills ratio, in a form that does not underflow
_MILLS = "np.sqrt(2 / np.pi) / erfcx(-{z} / np.sqrt(2))"
# below TINY, ln a equals z up to rounding, and a may have underflowed
_LN_OF_A = f"np.where({{z}} < {TINY:g}, {{z}}, np.log({{a}}))"

LOG = {
    "identity": Logarithm(
        lambda z: Function("ln", z), lambda z: Quotient(ONE, z), "np.log({z})", "1 / {z}"
    ),
    "exp": Logarithm(lambda z: z, lambda z: ONE, "{z}", "1"),
    "softplus": Logarithm(
        lambda z: Function("ln softplus", z),
        lambda z: Function("ln softplus′", z),
        _LN_OF_A,
        f"np.where({{z}} < {TINY:g}, 1, 1 / (1 + np.exp(-{{z}})) / {{a}})",
    ),
    "probit": Logarithm(
        lambda z: Function("ln Φ", z),
        lambda z: Function("ln Φ′", z),
        "log_ndtr({z})",
        _MILLS,
    ),
    "cloglog": Logarithm(
        lambda z: Function("ln cloglog", z),
        lambda z: Function("ln cloglog′", z),
        _LN_OF_A,
        "1 / exprel(np.exp({z}))",
    ),
}
"""ln a, by name of the output activation."""

LOG_COMPLEMENT = {
    "identity": Logarithm(
        lambda z: Function("log1p", Minus(z)),
        lambda z: Minus(Quotient(ONE, difference(ONE, z))),
        "np.log1p(-{z})",
        "-1 / (1 - {z})",
    ),
    "exp": Logarithm(
        lambda z: Function("ln(1 − exp)", z),
        lambda z: Function("ln(1 − exp)′", z),
        "np.log(-np.expm1({z}))",
        "-1 / np.expm1(-{z})",
    ),
    "probit": Logarithm(
        lambda z: Function("ln Φ", Minus(z)),
        lambda z: Minus(Function("ln Φ′", Minus(z))),
        "log_ndtr(-{z})",
        "-np.sqrt(2 / np.pi) / erfcx({z} / np.sqrt(2))",
    ),
    "cloglog": Logarithm(
        lambda z: Minus(exp(z)), lambda z: Minus(exp(z)), "-np.exp({z})", "-np.exp({z})"
    ),
}
"""ln(1 − a), for output activations that can be probabilities."""
