"""What several panes of screen Approximate call the same things."""

from __future__ import annotations

from engine.approximation.sweep import METHODS
from engine.wording import plural
from tui.model.approximation.curve import BY_HAND, NETWORK, SIGMOID, Curve
from tui.model.approximation.facts import DATA, DRAWN, ApproximationFacts
from tui.model.frame import Frame

DUST = 1e-11  # of the numbers that were added
DESCRIPTIONS = {name: method.description for name, method in METHODS.items()} | {
    BY_HAND: "relu with knots placed by hand, by least squares",
    NETWORK: "the network, as it is trained now",
}


def name_of(facts: ApproximationFacts, method: str) -> str:
    """The name of a method; of steps and bumps also whether units have been moved."""
    curve = facts.curves.get(method)
    return f"{method} moved" if curve and curve.is_moved and method in SIGMOID else method


def size_of(facts: ApproximationFacts, curve: Curve) -> str:
    """How large a curve is: ``8 units``, ``degree 8``."""
    if curve.method == "polynomial":
        return f"degree {curve.parameters - 1}"
    return plural(curve.units, "unit") if curve.units else plural(curve.parameters, "parameter")


def target_name(frame: Frame, facts: ApproximationFacts) -> str:
    """The target in words: ``y by x`` of data."""
    if facts.name == DATA:
        return f"{frame.data.target} by {frame.data.column_names[0]}"
    return "drawn by hand" if facts.name == DRAWN else facts.name


def point_name(curve: Curve, plural_form: bool = False) -> str:
    """What the units of a curve have at s: a knot, or a step."""
    is_step = curve.method in SIGMOID
    return ("step" if is_step else "knot") + "s" * plural_form


def without_dust(value: float, scale: float) -> float:
    """The value, or 0 where it is no more than rounding of numbers of that scale."""
    return 0.0 if abs(value) < DUST * scale else value
