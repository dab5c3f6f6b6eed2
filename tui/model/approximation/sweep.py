"""Errors of constructed curves by their number of parameters, and the laws that they follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isinf
from typing import NamedTuple

import numpy as np

from engine.approximation.rates import FittedRate, error_of, fitted_rate, promised_rate
from engine.approximation.sweep import METHODS, SweepPoint
from engine.approximation.targets import Target
from engine.arrays import Array
from tui.model.approximation.curve import Curve

FAMILIES = (("interpolant", "even", "best"), ("steps", "bumps"))
"""Methods with one law; that of the first is drawn, unless the present curve is of another."""
BESIDE = 1.6  # times the error of a method: how far above its points a law is drawn


class SweepState(NamedTuple):
    """What has been computed of a target. ``progress`` is 0 … 1 while the sweep is computed, else
    None; ``note`` says why it has ended early."""

    target: Target
    points: tuple[SweepPoint, ...]
    progress: float | None
    note: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, or will ever come."""
        return not self.note


class MethodCurve(NamedTuple):
    """The errors (m,) of one method by its number of parameters (m,), ascending.

    ``fit`` is None where theory promises no law, or too few points tell of it; ``why`` says which.
    """

    method: str
    parameters: Array
    errors: Array
    fit: FittedRate | None
    why: str


class Law(NamedTuple):
    """A line error = c·nᵉ, as it is promised, by the number of parameters (m,)."""

    exponent: float
    parameters: Array
    errors: Array


@dataclass(frozen=True, eq=False)
class SweepFacts:
    """What the plot of errors shows.

    ``method``: that of the present curve, a name in ``METHODS`` or another one. ``present`` and
    ``network``: the errors of the present curve and of the trained network, on the same target;
    None where there are none. ``squared``: the mean square instead of the largest error.
    """

    state: SweepState
    method: str
    squared: bool = False
    present: SweepPoint | None = None
    network: SweepPoint | None = None

    @cached_property
    def curves(self) -> tuple[MethodCurve, ...]:
        """One for each method with points, in the order of ``METHODS``."""
        return method_curves(self.state.target, self.state.points, self.squared)

    @property
    def chosen(self) -> MethodCurve | None:
        """The curve of the present method, if it has one."""
        return next((curve for curve in self.curves if curve.method == self.method), None)

    @cached_property
    def laws(self) -> tuple[Law, ...]:
        """The promised laws, one for each family, a little above the points of a method."""
        laws = []
        for family in FAMILIES:
            order = sorted(family, key=lambda name: name != self.method)  # the present one first
            law = next(filter(None, map(self._law, order)), None)
            laws += [law] if law else []
        return tuple(laws)

    def _law(self, method: str) -> Law | None:
        rate = promised_rate(self.state.target, method)
        points = [p for p in self.state.points if p.method == method]
        points = [p for p in points if rate and p.width >= rate.least]
        if rate is None or len(points) < 2:
            return None
        exponent = rate.exponent * (2.0 if self.squared else 1.0)
        widths = np.array([point.width for point in points], dtype=np.float64)
        errors = BESIDE * error_of(points[0], self.squared) * (widths / widths[0]) ** exponent
        parameters = np.array([point.parameters for point in points], dtype=np.float64)
        return Law(exponent, parameters, errors)


@lru_cache(maxsize=8)
def method_curves(
    target: Target, points: tuple[SweepPoint, ...], squared: bool
) -> tuple[MethodCurve, ...]:
    """The errors of each method, and their fitted exponents."""
    found = {name: [p for p in points if p.method == name] for name in METHODS}
    return tuple(_curve(target, chosen, squared) for chosen in found.values() if chosen)


def _curve(target: Target, points: list[SweepPoint], squared: bool) -> MethodCurve:
    method, fit = points[0].method, fitted_rate(target, points, squared)
    parameters = np.array([point.parameters for point in points], dtype=np.float64)
    errors = np.array([error_of(point, squared) for point in points])
    why = "" if fit else why_no_fit(target, method)
    return MethodCurve(method, parameters, errors, fit, why)


def point_of(curve: Curve | None) -> SweepPoint | None:
    """A curve's errors; None of one that has none on the target."""
    if curve is None or curve.errors is None:
        return None
    largest, mean_square = curve.errors.largest, curve.errors.mean_square
    return SweepPoint(curve.method, curve.units, curve.parameters, largest, mean_square)


def why_no_fit(target: Target, method: str) -> str:
    """Why there is no fitted exponent of a method."""
    exponent = METHODS[method].exponent
    if np.isnan(exponent):
        return "no law of this kind"
    if not target.is_formula:
        return "no law, as f is known at the data alone"
    if promised_rate(target, method) is None:
        is_relu = exponent == -2.0
        constant = target.curvature if is_relu else target.steepest
        if not isinf(constant):
            return "no law, as it follows f exactly"
        return "no law, as f jumps" if target.jumps else "no law, as f has a kink"
    return "too few widths for a fit"
