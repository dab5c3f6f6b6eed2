"""σ and σ′ of each activation: as an expression for one unit, and as NumPy."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Maximum,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    exp,
    number,
)
from engine.network.activations import LEAK

ZERO = number(0.0)


@dataclass(frozen=True)
class Formula:
    """σ(z), and σ′ of z and a, as the engine computes them.

    The NumPy contains ``{z}`` and ``{a}``. ``by_sign``: whether they depend on the sign of z.
    """

    value: Callable[[Symbol], Expression]
    slope: Callable[[Symbol, Symbol], Expression]
    value_code: str
    slope_code: str
    by_sign: bool = False

    def case(self, z: Symbol) -> str:
        """Which case applies, such as "z > 0"; "" if there is only one."""
        if not self.by_sign:
            return ""
        return "z > 0" if z.value > 0.0 else "z ≤ 0"


def _logistic(z: Expression) -> Expression:
    return Quotient(ONE, Sum((ONE, exp(Minus(z)))))


def _silu_slope(z: Symbol, a: Symbol) -> Expression:
    s = Function("sigmoid", z)
    return Product((s, Sum((ONE, Product((z, difference(ONE, s)))))))


def softplus(z: Symbol) -> Sum:
    """ln(1 + eᶻ), in a form that does not overflow."""
    return Sum((Maximum(ZERO, z), Function("log1p", exp(Minus(Function("abs", z))))))


_DENSITY = "np.exp(-({z} ** 2) / 2) / np.sqrt(2 * np.pi)"
_LOGISTIC = "1 / (1 + np.exp(-{z}))"

FORMULAS = {
    "identity": Formula(lambda z: z, lambda z, a: ONE, "{z}", "1"),
    "relu": Formula(
        lambda z: Maximum(ZERO, z),
        lambda z, a: ONE if z.value > 0.0 else ZERO,
        "np.maximum(0, {z})",
        "({z} > 0)",
        by_sign=True,
    ),
    "leaky_relu": Formula(
        lambda z: Maximum(Product((number(LEAK), z)), z),
        lambda z, a: ONE if z.value > 0.0 else number(LEAK),
        f"np.maximum({LEAK} * {{z}}, {{z}})",
        f"np.where({{z}} > 0, 1, {LEAK})",
        by_sign=True,
    ),
    "tanh": Formula(
        lambda z: Function("tanh", z),
        lambda z, a: difference(ONE, Power(a, 2)),
        "np.tanh({z})",
        "(1 - {a} ** 2)",
    ),
    "sigmoid": Formula(
        _logistic, lambda z, a: Product((a, difference(ONE, a))), _LOGISTIC, "{a} * (1 - {a})"
    ),
    "softplus": Formula(
        softplus, lambda z, a: _logistic(z), "np.logaddexp(0, {z})", f"({_LOGISTIC})"
    ),
    "elu": Formula(
        lambda z: z if z.value > 0.0 else Function("expm1", z),
        lambda z, a: ONE if z.value > 0.0 else Sum((a, ONE)),
        "np.where({z} > 0, {z}, np.expm1(np.minimum({z}, 0)))",
        "np.where({z} > 0, 1, {a} + 1)",
        by_sign=True,
    ),
    "gelu": Formula(
        lambda z: Product((z, Function("Φ", z))),
        lambda z, a: Sum((Function("Φ", z), Product((z, Function("φ", z))))),
        "{z} * ndtr({z})",
        f"(ndtr({{z}}) + {{z}} * {_DENSITY})",
    ),
    "silu": Formula(
        lambda z: Quotient(z, Sum((ONE, exp(Minus(z))))),
        _silu_slope,
        "{z} / (1 + np.exp(-{z}))",
        "(1 + {z} * (1 - expit({z}))) * expit({z})",
    ),
    "sin": Formula(
        lambda z: Function("sin", z), lambda z, a: Function("cos", z), "np.sin({z})", "np.cos({z})"
    ),
    "exp": Formula(exp, lambda z, a: a, "np.exp({z})", "{a}"),
    "probit": Formula(
        lambda z: Function("Φ", z), lambda z, a: Function("φ", z), "ndtr({z})", _DENSITY
    ),
    "cloglog": Formula(
        lambda z: Function("cloglog", z),
        lambda z, a: exp(difference(z, exp(z))),
        "-np.expm1(-np.exp({z}))",
        "np.exp({z} - np.exp({z}))",
    ),
    "reciprocal": Formula(
        lambda z: Quotient(ONE, z), lambda z, a: Minus(Power(a, 2)), "1 / {z}", "-({a} ** 2)"
    ),
}
"""By name of the activation: all but softmax, where each a depends on every z."""


def of_layer_code(code: str, layer: int) -> str:
    """The NumPy with z and a of a layer filled in."""
    return code.format(z=f"z[{layer - 1}]", a=f"a[{layer}]")
