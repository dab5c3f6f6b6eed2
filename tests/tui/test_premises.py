"""A mark, a score or a p-value is written where its premise holds, and – where it does not."""

from dataclasses import replace
from math import inf, isnan, nan

import numpy as np
import pytest
from bad_states import BAD, HEALTHY, only
from frames import drawn, frame_of, framed
from hypothesis import given
from hypothesis import strategies as st

from engine import Experiment, GradientCheck, Trainer
from engine.data.metrics import r_squared
from engine.explain.models.scalars import explain_cost
from engine.training.postmortem import post_mortem
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.plot import log_axis
from tui.drawing.series_plot import label_rows
from tui.model.changes import LayerChange
from tui.model.linear.facts import LinearFacts
from tui.model.premises import finite, is_below, is_finite
from tui.panes.base.bars import check_part, score_part
from tui.panes.explore.loss import LossPane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.linear.assumptions import CHECKS, AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.regions.detail import RegionDetailPane
from tui.session.postmortem import find_cure
from tui.session.session import Session

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
CHECK = GradientCheck(error=1e-9, checked=5, total=5, kinks=0, passed=True)


@given(NUMBERS, NUMBERS.filter(lambda x: x == x))
def test_nothing_is_said_of_a_number_that_is_not_known(value: float, limit: float) -> None:
    holds = is_below(value, limit)
    assert holds is (None if value != value else value < limit)
    for glyphs in (UNICODE, ASCII):
        expected = {True: glyphs.check, False: glyphs.fail, None: "–"}[holds]
        assert glyphs.mark(holds) == expected
    assert finite(value) == value if np.isfinite(value) else isnan(finite(value))


@pytest.mark.parametrize(
    ("state", "collapses"),
    [
        ("diverged", None),
        ("a weight is infinite", None),
        ("outputs overflow", None),
        ("the product overflows", None),
        ("one example", True),
        ("a stack of identities", True),
        ("a network", False),
    ],
)
def test_a_collapse_is_certified_only_where_it_was_measured(state, collapses) -> None:
    facts = framed({**BAD, **HEALTHY}[state](), "linear").linear
    assert facts.collapses is collapses


@pytest.mark.parametrize("error", [1e-9, 3.0, nan])
@pytest.mark.parametrize("affine", [True, False])
def test_activations_and_the_measured_difference_must_agree_on_a_collapse(affine, error) -> None:
    facts: LinearFacts = framed(HEALTHY["the line"](), "linear").linear
    facts = replace(facts, why="" if affine else "layer 1 is not linear", affine_error=error)
    assert facts.collapses is (False if not affine and error == error else None)


def test_finite_weights_whose_product_overflows_are_not_called_not_finite() -> None:
    frame = framed(BAD["the product overflows"](), "linear")
    assert is_finite(frame.network)
    text = " ".join(" ".join(drawn(CollapsePane(), frame)).split())
    assert text == "The product of the matrices is too large for a float."


@pytest.mark.parametrize("rows", [[7], [7, 40]])
def test_a_fit_that_goes_through_all_examples_is_no_check_of_the_network(rows) -> None:
    for activation in ("relu", "identity"):
        session = only(rows, dataset="line", activation=activation, output="identity")
        lines = drawn(CollapsePane(), framed(session, "linear"), (80, 12))
        best = next(line for line in lines if "best" in line)
        assert "✓" not in best and "✗" not in best and best.endswith("–")


def test_of_one_example_the_gradient_check_and_the_collapse_hold() -> None:
    frame = framed(BAD["one example"](), "linear")
    assert frame.check.passed and "✓" in check_part(frame.check, UNICODE, True).value
    lines = drawn(CollapsePane(), frame, (80, 12))
    assert any("W_z x + b_z" in line and line.endswith("✓") for line in lines)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (CHECK, "1e−9  ✓"),
        (replace(CHECK, error=0.1, passed=False), "1e−1  ✗"),
        (replace(CHECK, error=nan, passed=False), "–"),
        (replace(CHECK, error=inf, passed=False), "–"),
        (replace(CHECK, error=0.0, checked=0, kinks=5, passed=False), "–"),  # nothing compared
        (replace(CHECK, error=0.0), "–"),  # g and ĝ are all 0
    ],
)
def test_the_gradient_check_is_marked_where_something_was_compared(check, value) -> None:
    assert check_part(check, UNICODE, True).value == value


def test_one_example_has_no_r_squared() -> None:
    assert score_part(framed(BAD["one example"]()), True).value == "–"


def test_a_constant_target_has_no_r_squared_and_outputs_that_overflow_neither() -> None:
    data = HEALTHY["the line"]().prepared.dataset
    rows = data.train
    assert r_squared(data, data.Y, rows) == 1.0
    assert isnan(r_squared(replace(data, Y=np.full_like(data.Y, 3.0)), data.Y, rows))
    for lost in (nan, inf, 1e200):
        predicted = data.Y.copy()
        predicted[rows[0]] = lost
        assert isnan(r_squared(data, predicted, rows))


def test_of_a_diverged_run_nothing_of_the_glm_screen_is_certified() -> None:
    facts = framed(BAD["diverged"](), "glm").glm
    assert facts.is_model is None
    assert facts.delta.rows == 0 and isnan(facts.delta.gap) and facts.delta.holds is None
    assert isnan(facts.network_right) and facts.network is None
    assert not any(bend.straight for bend in facts.stack.bends)


def test_a_short_rule_of_delta_is_certified_by_the_pair_and_by_numbers() -> None:
    delta = framed(HEALTHY["a logistic regression"](), "glm").glm.delta
    assert delta.holds is True and delta.rows == 23
    assert replace(delta, canonical=False, gap=1.0).holds is False
    assert replace(delta, gap=1.0).holds is None
    assert replace(delta, canonical=False).holds is None


def test_a_coefficient_without_an_estimate_has_no_standard_error_and_no_p() -> None:
    lines = drawn(GlmTablePane(), framed(BAD["one class"](), "glm"), (100, 14))
    row = next(line for line in lines if "intercept" in line).split()
    assert row[2:7] == ["–"] * 5
    healthy = drawn(GlmTablePane(), framed(HEALTHY["a logistic regression"](), "glm"), (100, 14))
    row = next(line for line in healthy if "temperature" in line).split()
    assert row[1:5] == ["−0.232", "0.1082", "−2.145", "0.0320"]  # R, challenger


def test_without_degrees_of_freedom_there_is_no_aic() -> None:
    for rows in ([7], [7, 40]):
        frame = framed(only(rows, dataset="line"), "linear")
        text = " ".join(" ".join(drawn(CoefficientsPane(), frame, (118, 8))).split())
        assert "AIC – BIC –" in text and "inf BIC" not in text
        glm = framed(only(rows, dataset="line"), "glm")
        assert "AIC –" in " ".join(drawn(GlmTablePane(), glm, (60, 14)))


@pytest.mark.parametrize(("noise", "is_known"), [(0.0, False), (0.1, True)])
def test_a_perfect_fit_has_no_t_no_p_no_f_and_no_aic(tmp_path, noise, is_known) -> None:
    """R's summary.lm warns of these: "essentially perfect fit: summary may be unreliable"."""
    for slope, step in ((2.0, 1.0), (1.1, 0.1)):  # residuals of exactly 0, and of the last bits
        path = tmp_path / f"line{slope}{noise}.csv"
        rows = [(step * i, slope * step * i + noise * (-1) ** i) for i in range(1, 8)]
        path.write_text("x,y\n" + "\n".join(f"{x!r},{y!r}" for x, y in rows), encoding="utf-8")
        session = Session(Experiment(dataset=str(path), hidden=()))
        table = drawn(CoefficientsPane(), framed(session, "linear"), (118, 8))
        glm = drawn(GlmTablePane(), framed(session, "glm"), (100, 14))
        for lines, columns in ((table, slice(3, 5)), (glm, slice(3, 5))):
            row = next(line for line in lines if line.split()[:1] == ["x"]).split()
            assert ("–" not in row[columns]) == is_known
            assert (row[columns] == ["–", "–"]) != is_known
            text = " ".join(" ".join(lines).split())
            assert ("AIC –" in text) != is_known
            assert "inf" not in text and "nan" not in text
        assert ("F –" in " ".join(table)) != is_known


def test_an_unknown_influence_is_not_called_small() -> None:
    """The fit goes through the one example that has x ≠ 0: its Cook's distance is 0/0."""
    cook = next(check for check in CHECKS if check.name == "max Cook")
    frame = framed(HEALTHY["the line"](), "linear")
    diagnosis, rows = frame.linear.diagnosis, frame.data.train

    class Known:
        cooks_distance = np.array([0.1, 0.2])

    class OneUnknown:
        cooks_distance = np.array([0.1, nan])

    class Large:
        cooks_distance = np.array([3.0, nan])

    findings = [cook.find(one, rows) for one in (Known, OneUnknown, Large)]
    assert [finding.is_good for finding in findings] == [True, None, False]
    assert findings[1].note == "1 of 2 cannot be computed"
    leverage = next(check for check in CHECKS if check.name == "max leverage")
    assert leverage.find(diagnosis, rows).is_good is not None
    lone = framed(only([7], dataset="line"), "linear").linear.diagnosis
    finding = leverage.find(lone, np.array([0]))
    assert finding.is_good is None and "goes through all of them" in finding.note


def test_p_and_mark_are_whole_in_the_narrowest_pane() -> None:
    lines = drawn(AssumptionsPane(), framed(HEALTHY["the line"](), "linear"), (25, 12))
    assert any(line.endswith(" 0.4067 ✓") for line in lines)
    small = drawn(CollapsePane(), framed(BAD["one example"](), "linear"), (33, 9))
    assert any("(W_z x + b_z)" in line and line.endswith("✓") for line in small)


@pytest.mark.parametrize("moved", [nan, inf])
def test_a_change_that_is_not_finite_is_no_percentage(moved: float) -> None:
    assert isnan(LayerChange(moved, 1.0).share)
    assert isnan(LayerChange(1.0, inf).share)
    assert LayerChange(1.0, 4.0).share == 0.25


def test_a_diverged_run_has_no_affine_map_at_the_cursor() -> None:
    text = " ".join(drawn(RegionDetailPane(), framed(BAD["diverged"](), "regions")))
    assert "diverged" in text and "nan" not in text


def test_a_baseline_of_zero_is_named_at_the_foot_of_a_log_plot() -> None:
    axis = log_axis(1e-3, 1.0)
    rows = label_rows(axis.label_positions(np.array([0.0, 1.0, nan])), axis, 9)
    assert rows[0] == 8 and sorted(rows[1:]) == [0, 1]
    frame = frame_of(50, dataset="line", hidden=())
    lines = drawn(LossPane(), replace(frame, baseline=("OLS", 0.0)), (58, 16))
    names = [line.split()[-2] for line in lines if line.split()[-2:-1] and "OLS" in line]
    assert names == ["OLS"]
    row = next(y for y, line in enumerate(lines) if "OLS" in line)
    assert row > next(y for y, line in enumerate(lines) if "train" in line)


def test_one_example_is_no_mean_of_examples() -> None:
    assert explain_cost([2.0]).meaning[-1] == " of the one training example."
    assert explain_cost([2.0, 4.0]).meaning[-1] == " over all 2 training examples."


def test_no_rate_follows_from_a_curvature_that_is_not_known() -> None:
    experiment = Experiment(dataset="circle", hidden=(4, 3), activation="identity")
    report = post_mortem(Trainer(replace(experiment, output="identity")).step(200))
    assert report.divergence
    assert find_cure(report) is not None
    assert find_cure(replace(report, curvature=nan, suggested=nan)) is None
