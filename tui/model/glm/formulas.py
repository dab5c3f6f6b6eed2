"""Formulas of links, means and deviances."""

from tui.drawing.glyphs import Glyphs

LINK = {
    "identity": "{mu}",
    "logit": "log({mu}/(1−{mu}))",
    "probit": "Φ⁻¹({mu})",
    "cloglog": "log(−log(1−{mu}))",
    "log": "log {mu}",
    "inverse": "1/{mu}",
}
INVERSE = {
    "identity": "z",
    "logit": "1/(1+exp(−z))",
    "probit": "Φ(z)",
    "cloglog": "1−exp(−exp z)",
    "log": "exp z",
    "inverse": "1/z",
}
UNIT_LINK = {
    "identity": "a",
    "sigmoid": "log(a/(1−a))",
    "tanh": "artanh a",
    "leaky_relu": "a, below 0 100a,",
    "softplus": "log(exp a − 1)",
    "elu": "a, below 0 log(1+a),",
}
"""Of a hidden unit: the function of a that gives z back, by the activation."""
NO_LINK = {
    "relu": "every z below 0 gives a = 0",
    "gelu": "two z can give the same a",
    "silu": "two z can give the same a",
    "sin": "many z give the same a",
}
"""Why there is none."""
DEVIANCE = {
    "gaussian": "Σ(y−{mu})²",
    "binomial": "2Σ(y log(y/{mu}) + (1−y) log((1−y)/(1−{mu})))",
    "poisson": "2Σ(y log(y/{mu}) − (y−{mu}))",
    "gamma": "2Σ((y−{mu})/{mu} − log(y/{mu}))",
}


def spelt(formula: str, glyphs: Glyphs) -> str:
    """A formula with its μ, which in ASCII is ``mu``, not ``m``."""
    if not glyphs.ascii:
        return formula.format(mu="μ")
    formula = formula.replace("Φ⁻¹", "probit").replace("Φ", "pnorm").replace("Σ", "sum ")
    return formula.replace("²", "^2").format(mu="mu")


def delta_rule(factor: float, glyphs: Glyphs) -> str:
    """``a − y``, ``2(a − y)``, ``y − a``."""
    minus = glyphs.minus
    if factor == -1.0:
        return f"y {minus} a"
    return f"a {minus} y" if factor == 1.0 else f"{factor:g}(a {minus} y)"
