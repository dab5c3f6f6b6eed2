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
    "identity": "{eta}",
    "logit": "1/(1+exp(−{eta}))",
    "probit": "Φ({eta})",
    "cloglog": "1−exp(−exp {eta})",
    "log": "exp {eta}",
    "inverse": "1/{eta}",
}
DEVIANCE = {
    "gaussian": "Σ(y−{mu})²",
    "binomial": "2Σ(y log(y/{mu}) + (1−y) log((1−y)/(1−{mu})))",
    "poisson": "2Σ(y log(y/{mu}) − (y−{mu}))",
    "gamma": "2Σ((y−{mu})/{mu} − log(y/{mu}))",
}


def spelt(formula: str, glyphs: Glyphs) -> str:
    """A formula with its μ and η, which in ASCII are ``mu`` and ``eta``, not ``m`` and ``h``."""
    if not glyphs.ascii:
        return formula.format(mu="μ", eta="η")
    formula = formula.replace("Φ⁻¹", "probit").replace("Φ", "pnorm").replace("Σ", "sum ")
    return formula.replace("²", "^2").format(mu="mu", eta="eta")


def delta_rule(factor: float, glyphs: Glyphs) -> str:
    """``a − y``, ``2(a − y)``, ``y − a``."""
    minus = glyphs.minus
    if factor == -1.0:
        return f"y {minus} a"
    return f"a {minus} y" if factor == 1.0 else f"{factor:g}(a {minus} y)"
