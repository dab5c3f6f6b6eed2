"""Generalised linear models by iteratively reweighted least squares.

Such a model is a one-layer network: the output activation is the inverse link and the loss is the
family's −log-likelihood (``families.GLM_NETWORKS``). ``GlmFit.network`` returns it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from engine.glm.fit import GlmFit


def glm(
    X: ArrayLike,
    y: ArrayLike,
    family: str = "binomial",
    link: str | None = None,
    intercept: bool = True,
    trials: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    max_iterations: int = 100,
    failures: ArrayLike | None = None,
    theta: float | None = None,
) -> "GlmFit":
    """Fit the generalised linear model g(μ) = intercept + Xβ + offset to y.

    By iteratively reweighted least squares (McCullagh & Nelder 1989, §2.5). Columns that are
    linear combinations of earlier ones are left out. If the data are separated, or the iterations
    do not converge, the result says so in ``converged`` and ``note``.

    Arguments:
        X: numbers or decimal strings, (n, d) or (n,).
        y: the responses (n,). Binomial: from 0 to 1, or with ``trials`` the number of successes.
            If any of these is not whole and all are from 0 to 1, they are shares of the trials.
        family: "gaussian", "binomial", "poisson", "gamma", "negative_binomial" (counts with
            variance μ + μ²/θ), or "quasi_binomial" and "quasi_poisson" (the estimates of the
            family, with a dispersion).
        link: one of the family's in ``engine.GLM_NETWORKS``; None: its canonical link, log for
            negative_binomial, which has the links of poisson.
        intercept: whether to add a column of ones.
        trials: the number of trials (n,) of each example, for grouped binomial data.
        weights: factors (n,) of the examples' log-likelihoods, 0 or more; None: 1. For shares
            without ``trials`` they are the numbers of trials, as in R.
        offset: added to the linear predictor (n,); None: 0.
        names: d names of the columns; None: x1, x2, …
        max_iterations: the maximum number of steps.
        failures: the failures (n,) beside the successes y, instead of ``trials``. Rows with
            neither are left out.
        theta: θ of a negative binomial; None: estimated by maximum likelihood in turns with the
            coefficients (Venables & Ripley 2002, §7.4; Lawless 1987).

    Returns:
        A GlmFit.

    Raises:
        ShapeError, DataError, ExperimentError: for arguments that do not make a model.
        EngineError: if no start is found at which every mean is in the range of the family.

    Example:
        >>> import engine
        >>> fit = engine.glm([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], family="binomial")
        >>> print(fit.coefficients.round(3), f"{fit.deviance:.3f}")
        [-4.249  1.214] 4.956
    """
    from engine.glm.fitting import fit_glm  # when first needed: ``import engine`` stays light

    return fit_glm(
        X, y, family, link, intercept, trials, weights, offset, names, max_iterations, failures,
        theta,
    )  # fmt: skip
