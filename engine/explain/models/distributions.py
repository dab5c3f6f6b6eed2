"""Explanations of the distribution of y in a generalised linear model: its spread, and how likely
a value is."""

from math import comb, factorial, isclose, pi

from engine.explain.explanation import Definition, Explanation, Part
from engine.explain.expression import (
    Expression,
    Function,
    Minus,
    Power,
    Product,
    Quotient,
    Symbol,
    difference,
    number,
)
from engine.explain.models.scalars import explain_in_words
from engine.glm.density import DISCRETE, density, variance
from engine.notation import Name

LARGEST = 150  # of counts in a written product: their factorials are finite
SPREADS = {
    "gaussian": "The model has the same spread at every mean: φ is estimated from the residuals.",
    "binomial": "The spread follows from the mean: it is largest at one half, and 0 at 0 and 1.",
    "poisson": "The spread follows from the mean: the variance of a count is its mean.",
    "gamma": "The spread grows with the mean; φ, the same everywhere, is estimated from the "
    "residuals.",
}


def explain_spread(family: str, mu: float, dispersion: float = 1.0, trials: int = 1) -> Explanation:
    """The standard deviation of y at mean μ; for binomial that of the successes."""
    mean, phi, n = Symbol(Name("μ"), mu), Symbol(Name("φ"), dispersion), number(float(trials))
    share: list[Expression] = [mean, difference(number(1.0), mean)]
    of_mean: tuple[Part, ...] = (Name("μ"),)
    if family == "gaussian":
        inside: Expression = phi
        of_mean = (Name("φ"),)
    elif family == "gamma":
        inside = Product((phi, Power(mean, 2)))
        of_mean = (Name("φ"), "·", Name("μ²"))
    elif family == "binomial":
        inside = Product((n, *share) if trials > 1 else tuple(share))
        of_mean = (Name("μ"), "·", "(", Name("1"), "−", Name("μ"), ")")
        of_mean = (Name("n"), "·", *of_mean) if trials > 1 else of_mean
    else:
        inside = mean
    sd = Symbol(Name("sd"), float(variance(family, mu, dispersion, trials)) ** 0.5)
    return Explanation(
        symbol=sd,
        equation=(Name("sd²"), "=", *of_mean),
        definitions=(Definition(sd, Function("sqrt", inside)),),
        meaning=(SPREADS[family],),
        code=f"sd = np.sqrt({_VARIANCE_CODE[family]})",
    )


_VARIANCE_CODE = {
    "gaussian": "phi",
    "binomial": "n * mu * (1 - mu)",
    "poisson": "mu",
    "gamma": "phi * mu**2",
}


def explain_density(
    family: str, y: float, mu: float, dispersion: float = 1.0, trials: int = 1
) -> Explanation:
    """How likely y is at mean μ: its probability if it is a count, else its density."""
    value = float(density(family, y, mu, dispersion, trials))
    discrete = family in DISCRETE
    name = Name("P(y)" if discrete else "p(y)")
    arguments = {"binomial": f", trials={trials}", "poisson": ""}
    code = f'engine.density("{family}", y, mu{arguments.get(family, ", dispersion=phi")})'
    about = f"The {'probability' if discrete else 'density'} of y = {y:.4g} where the mean is μ."
    if not discrete:
        about += " A density is no probability: the area under the curve is 1."
    expression = _written(family, y, mu, dispersion, trials)
    if expression is None or not isclose(expression.value, value, rel_tol=1e-6):
        return explain_in_words(name, value, about, code)
    symbol = Symbol(name, value)
    return Explanation(
        symbol, (name, "=", *_EQUATIONS[family]), (Definition(symbol, expression),), (about,), code
    )


_EQUATIONS: dict[str, tuple[Part, ...]] = {
    "gaussian": (
        *(Name("exp"), "(", "−", Name("(y − μ)²"), "/", Name("2φ"), ")"),
        *("/", Name("√(2πφ)")),
    ),
    "binomial": (Name("n!/(y!(n − y)!)"), "·", Name("μ^y"), "·", Name("(1 − μ)^(n − y)")),
    "poisson": (Name("exp"), "(", "−", Name("μ"), ")", "·", Name("μ^y"), "/", Name("y!")),
}


def _written(family: str, y: float, mu: float, dispersion: float, trials: int) -> Expression | None:
    """The formula with its numbers; None where it is long, or a number in it is too large."""
    mean, phi, Y = Symbol(Name("μ"), mu), Symbol(Name("φ"), dispersion), Symbol(Name("y"), y)
    if family == "gaussian":
        away = Quotient(Power(difference(Y, mean), 2), Product((number(2.0), phi)))
        scale = Function("sqrt", Product((number(2.0), number(pi), phi)))
        return Quotient(Function("exp", Minus(away)), scale)
    if family == "gamma" or not (0.0 <= y <= min(LARGEST, trials if family == "binomial" else y)):
        return None
    k = round(y)
    if k != y or trials > LARGEST:
        return None
    if family == "poisson":
        return Quotient(
            Product((Function("exp", Minus(mean)), Power(mean, k))), number(float(factorial(k)))
        )
    other = difference(number(1.0), mean)
    if trials == 1:
        return mean if k else other
    ways = number(float(comb(trials, k)))
    return Product((ways, Power(mean, k), Power(other, trials - k)))
