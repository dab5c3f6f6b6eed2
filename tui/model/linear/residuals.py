"""Residuals of the least-squares fit or of the network, for the diagnostic plots."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine import OlsFit
from engine.arrays import Array, length
from engine.wording import plural
from tui.model.linear.facts import LinearFacts

LARGEST = 1e150  # of residuals: the squares of larger ones overflow in the plots
SMALL = 10  # examples up to which normal scores use Blom's 3/8


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals y − ŷ of n training examples, in the data's own units, and their influence.

    ``standardised`` are e/(s√(1 − h)) with s² = Σe²/(n − p), and Cook's distances their squares
    times h/((1 − h)p). For the network e are its residuals, but h and p those of the least-squares
    design. They are NaN if s is NaN, or h = 1.
    """

    of_network: bool
    fitted: Array  # (n,) ŷ
    residuals: Array  # (n,) e
    leverage: Array  # (n,) h
    standardised: Array  # (n,)
    cook: Array  # (n,)
    rank: int  # p
    note: str  # why they are not standardised


def residuals_of(facts: LinearFacts | None) -> Residuals | str:
    """The residuals that the plots show, or why there are none. For the same fit or facts it is
    always the same object."""
    if facts is None or facts.fit is None:
        return "" if facts is None else facts.note
    return _network_residuals(facts, facts.fit) if facts.of_network else _fit_residuals(facts.fit)


@lru_cache(maxsize=2)
def _fit_residuals(fit: OlsFit) -> Residuals | str:
    return _residuals(fit, fit.fitted, fit.residuals, of_network=False)


@lru_cache(maxsize=2)
def _network_residuals(facts: LinearFacts, fit: OlsFit) -> Residuals | str:
    if facts.network_fitted is None or facts.network_residuals is None:
        return "the network's numbers are not finite: it has no residuals"
    return _residuals(fit, facts.network_fitted, facts.network_residuals, of_network=True)


def _residuals(fit: OlsFit, fitted: Array, e: Array, of_network: bool) -> Residuals | str:
    h = fit.leverage
    size = length(e)
    if not size + length(fitted) < LARGEST:
        return "the residuals are too large to plot"
    note = ""
    if fit.freedom <= 0:
        sizes = f"{plural(len(e), 'example')}, {plural(fit.rank, 'coefficient')}"
        note = f"{sizes}: nothing is left to estimate s from"
    elif size == 0.0:
        note = "a perfect fit: every residual is 0"
    free = np.where(1.0 - h > 64.0 * np.finfo(float).eps, 1.0 - h, np.nan)
    s = np.nan if note else size / np.sqrt(fit.freedom)
    standardised = e / (s * np.sqrt(free))
    cook = standardised**2 * h / (free * fit.rank)
    return Residuals(of_network, fitted, e, h, standardised, cook, fit.rank, note)


@lru_cache(maxsize=4)
def normal_scores(n: int) -> Array:
    """The normal quantiles (n,) against which n sorted residuals are drawn: at (i − a)/(n + 1 − 2a)
    with a = 1/2, or 3/8 (Blom 1958) for few residuals, as in R's ppoints."""
    a = 3.0 / 8.0 if n <= SMALL else 0.5
    return normal_quantiles((np.arange(1.0, n + 1.0) - a) / (n + 1.0 - 2.0 * a))


def normal_quantiles(shares: Array) -> Array:
    """Φ⁻¹ of shares between 0 and 1."""
    from scipy.special import ndtri  # lazy: SciPy is slow to load

    return np.asarray(ndtri(shares))


def quartile_line(values: Array) -> tuple[float, float]:
    """Intercept and slope of the line through the quartiles (type 7) of values (n,) and those of
    the normal curve."""
    low, high = np.quantile(values, [0.25, 0.75])
    slope = (high - low) / (2.0 * normal_quantiles(np.array(0.75)))
    return float((low + high) / 2.0), float(slope)


def cook_contour(leverage: Array, distance: float, rank: int) -> Array:
    """The standardised residuals (m,), without sign, that give this Cook's distance at these
    leverages; infinite at 0, NaN outside 0 … 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(distance * rank * (1.0 - leverage) / leverage)
