"""What a polynomial costs by its degree: C on the training and the test data, and the condition."""

from collections.abc import Sequence
from math import isnan

from engine.least_squares.polynomial_path import PolynomialCost
from tui.drawing.numbers import cost_text, norm
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, flowed


def forms_of_test_cost(path: Sequence[PolynomialCost], degree: int) -> tuple[str, ...]:
    """C test of this degree and the least of all, the longest form first; none without test data.

    ``path`` starts with degree 1.
    """
    here, best = path[degree - 1], min(path, key=lambda cost: cost.test_cost)
    if isnan(here.test_cost):
        return ()
    now, least = (cost_text(cost.test_cost) for cost in (here, best))
    return (
        f"C test: {now} at degree {degree}, least of 1 to {len(path)}: {least} at {best.degree}",
        f"C test: {now}, least {least} at degree {best.degree}",
        f"C test: {now}",
        "",
    )


def degree_lines(path: Sequence[PolynomialCost], degree: int, sheet: Sheet) -> list[Line]:
    """C train, C test and the condition number of each degree."""
    palette = sheet.palette
    rows = {
        "C train": [cost.train_cost for cost in path],
        "C test": [cost.test_cost for cost in path],
        "cond": [cost.condition_number for cost in path],
    }
    lines: list[Line] = []
    for name, values in rows.items():
        if not values or isnan(values[0]):
            continue  # a line, or there are no test data
        parts: list[Line] = [[Span(f"{name} by degree", palette.low)]]
        for cost, value in zip(path, values, strict=True):
            ink = palette.hi if cost.degree == degree else palette.mid
            parts.append([Span(f"{cost.degree}: ", palette.low), Span(norm(value).strip(), ink)])
        lines += flowed(parts, sheet.width, gap=2, indent=1)
    return lines
