"""ln a and ln(1 − a) of outputs read as means, of z: as expressions, and as NumPy."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Minus,
    Quotient,
    Symbol,
    exp,
    less,
)
from engine.network.output_logs import TINY

OfZ = Callable[[Symbol], Expression]


@dataclass(frozen=True)
class Logarithm:
    """A logarithm and its derivative by z, with their NumPy of ``{z}`` and ``{a}``."""

    value: OfZ
    slope: OfZ
    value_code: str
    slope_code: str


# φ/Φ, the inverse Mills ratio: both underflow where their ratio does not
_MILLS = "np.sqrt(2 / np.pi) / erfcx(-{z} / np.sqrt(2))"
# for z below TINY it is z, to rounding, and a may have underflowed
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
"""ln a, by the name of the output activation."""

LOG_REST = {
    "identity": Logarithm(
        lambda z: Function("log1p", Minus(z)),
        lambda z: Minus(Quotient(ONE, less(ONE, z))),
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
"""ln(1 − a), of outputs that may be probabilities."""
