"""The product of the matrices as a formula, with skip connections: W⁽³⁾ (W⁽²⁾ + I) W⁽¹⁾."""

from collections.abc import Callable, Sequence

Skip = tuple[int, int]


def product_formula(
    layers: int, skips: Sequence[Skip], name: Callable[[int], str], first: int = 0
) -> str | None:
    """W_z of so many linear layers, whose matrices have these names, or the part of it that leads
    from layer ``first`` on, where the skip connections are those from there on.

    A skip connection (s, t) adds the identity to what leads from s to t. None if two of them
    overlap without one being inside the other: then there is no formula in which each matrix is
    once.
    """
    for s, t in skips:
        if any(s < other < t < end for other, end in skips):
            return None
    return _from(first, layers, sorted(skips), name)


def _from(s: int, t: int, skips: Sequence[Skip], name: Callable[[int], str]) -> str:
    """The map of layer s to layer t, with the skip connections from s on and up to t."""
    if (s, t) in skips:
        return f"{_from(s, t, [skip for skip in skips if skip != (s, t)], name)} + I"
    factors = []
    while t > s:
        start = min((a for a, b in skips if b == t and a >= s), default=None)
        if start is None:
            factors.append(name(t))
            t -= 1
        else:
            factors.append(f"({_from(start, t, skips, name)})")
            t = start
    return " ".join(factors)
