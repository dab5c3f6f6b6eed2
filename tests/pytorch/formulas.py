"""Activations and costs in PyTorch: its own functions where it has them, else plain formulas."""

from math import sqrt

import torch
import torch.nn.functional as F


def softplus(z):
    """ln(1 + eᶻ); without a threshold PyTorch returns z itself from z = 20 on."""
    return F.softplus(z, threshold=700.0)


def normal_cdf(z):
    """Φ(z); F.gelu and torch.special.ndtr compute 1 + erf, which is 0 below z = −8.3."""
    return 0.5 * torch.erfc(-z / sqrt(2.0))


ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": softplus,
    "elu": F.elu,
    "gelu": lambda z: z * normal_cdf(z),
    "silu": F.silu,
    "sin": torch.sin,
    "softmax": lambda z: torch.softmax(z, dim=1),
    "exp": torch.exp,
    "probit": normal_cdf,
    "cloglog": lambda z: -torch.expm1(-torch.exp(z)),
    "reciprocal": torch.reciprocal,
}
LOG = {  # ln a of z
    "identity": torch.log,
    "exp": lambda z: z,
    "softplus": lambda z: torch.log(softplus(z)),
    "probit": torch.special.log_ndtr,
    "cloglog": lambda z: torch.log(-torch.expm1(-torch.exp(z))),
}
LOG_OF_COMPLEMENT = {  # ln(1 − a) of z
    "identity": lambda z: torch.log1p(-z),
    "exp": lambda z: torch.log(-torch.expm1(z)),
    "probit": lambda z: torch.special.log_ndtr(-z),
    "cloglog": lambda z: -torch.exp(z),
}


def costs_of(loss, output, z, a, y):
    """C_x (n,) of outputs a = σ(z) (n, k); infinite where an output is no possible mean."""
    possible = torch.ones_like(a, dtype=torch.bool)
    match loss, output:
        case "quadratic", _:
            costs = F.mse_loss(a, y, reduction="none")
        case "half_quadratic", _:
            costs = 0.5 * F.mse_loss(a, y, reduction="none")
        case "cross_entropy", _:
            return F.cross_entropy(z, y, reduction="none")
        case "binary_cross_entropy", "sigmoid":
            costs = F.binary_cross_entropy_with_logits(z, y, reduction="none")
        case "binary_cross_entropy", _:
            possible = (a >= 0.0) & (a <= 1.0)
            costs = -_times(y, LOG[output](z)) - _times(1.0 - y, LOG_OF_COMPLEMENT[output](z))
        case "poisson", "exp":
            costs = F.poisson_nll_loss(z, y, log_input=True, reduction="none")
        case "poisson", _:
            possible = a >= 0.0
            costs = a - _times(y, LOG[output](z))
        case "gamma", "reciprocal":
            possible = a > 0.0
            costs = y * z - torch.log(z)
        case "gamma", _:
            possible = a > 0.0
            costs = y / a + LOG[output](z)
    return torch.where(possible, costs, torch.inf).sum(dim=1)


def _times(y, log):
    """y·ln a, with 0·∞ = 0: an outcome that did not occur adds no cost."""
    return torch.where(y == 0.0, 0.0, y * log)
