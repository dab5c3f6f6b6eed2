"""Explained numbers of constructed networks: equal to NumPy's."""

import numpy as np
import pytest

from engine.approximation.rates import FittedRate
from engine.explain import numeric, written
from engine.explain.models.constructed import explain_exponent, explain_height


def value(explanation):
    """The result, which its terms make."""
    for definition in explanation.definitions:
        assert definition.expression.value == pytest.approx(definition.symbol.value, rel=1e-12)
    text = numeric(explanation.definitions[-1].expression, "ascii", 17)
    assert eval(text, {"log": np.log}) == pytest.approx(explanation.symbol.value, rel=1e-9)
    return explanation.symbol.value


def test_the_exponent_is_the_slope_of_log_error_by_log_width():
    widths, errors = (16, 23, 64, 91), (0.3, 0.12, 0.02, 0.011)
    fit = FittedRate(0.0, -2.0, widths, errors)
    explanation = explain_exponent(fit, "the largest error")
    slope, _ = np.polyfit(np.log(widths), np.log(errors), 1)
    assert value(explanation) == pytest.approx(slope, rel=1e-12)
    assert "Theory promises −2." in "".join(map(str, explanation.meaning))


@pytest.mark.parametrize("notation", ["unicode", "ascii", "latex"])
def test_a_height_is_the_mean_of_the_targets_in_the_box_or_0(notation):
    explanation = explain_height([1.5, -2.0, 4.0], [3, 8, 20], box=2)
    assert value(explanation) == pytest.approx(3.5 / 3.0)
    assert "[20]" in written(explanation, notation)
    empty = explain_height([], [], box=7)
    assert empty.symbol.value == 0.0
    assert "no training example" in written(empty, notation)
