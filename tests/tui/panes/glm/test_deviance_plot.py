"""The plot of the deviance above its minimum: what it shows, where it ends, and what it says."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from frames import drawn, frame_of

from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.model.glm.compute_facts import glm_facts
from tui.panes.glm.irls import SHOWN, IrlsPane, _plot, _to_the_edge, below_since, excess

SIGMOID = {"output": "sigmoid", "loss": "binary_cross_entropy"}
SETTINGS = {
    "challenger": SIGMOID,
    "dobson": {"output": "exp", "loss": "poisson"},
    "xor": SIGMOID,
}


@cache
def frame_named(name):
    frame = frame_of(7, dataset=name, hidden=(), learning_rate=0.001, **SETTINGS[name])
    return replace(frame, glm=glm_facts(frame))


def with_run(steps, deviances, step):
    """The frame of challenger with a run of these deviances above the fit's, at a step."""
    frame = frame_named("challenger")
    fit = frame.glm.fit
    facts = replace(
        frame.glm,
        steps=np.asarray(steps, dtype=float),
        deviances=fit.deviance + np.asarray(deviances),
        deviance=fit.deviance + float(deviances[[*steps].index(step)]),
    )
    return replace(frame, glm=facts)


@pytest.mark.parametrize("name", ["challenger", "dobson"])
def test_irls_does_not_stretch_the_axis_beyond_a_millionth_of_the_largest_excess(name):
    frame = frame_named(name)
    fit = frame.glm.fit
    values = excess([*(s.deviance for s in fit.history), fit.null_deviance], frame.glm)
    assert values[values > 0].min() < SHOWN * values.max(), "the last iteration is far below"
    series, _, y = _plot(Canvas(60, 20, DARK), frame, frame.glm, 15)
    shown = np.concatenate([values, excess(frame.glm.deviances, frame.glm)])
    assert y.low >= np.log10(SHOWN * shown.max()) - 2.0
    by_iteration = series[1].y
    assert by_iteration[-1] < 10.0**y.low and (by_iteration[:-1] >= 10.0 ** (y.low - 1.0)).all()
    assert "↓" in "".join(drawn(IrlsPane(), frame, (60, 20)))


def test_steps_below_the_glm_are_gaps_but_for_the_first_of_the_last():
    """Each made a line down to the edge and up again, and many a solid block."""
    values = np.array([9.0, -1.0, 3.0, -1.0, -2.0, np.nan, 2.0, -1.0, -2.0, np.nan, -3.0])
    nan = np.nan
    expected = [9.0, nan, 3.0, nan, nan, nan, 2.0, 0.1, nan, nan, nan]
    np.testing.assert_array_equal(_to_the_edge(values, 0.1), expected)
    np.testing.assert_array_equal(_to_the_edge(values[[1, 3]], 0.1), [0.1, nan])
    assert len(_to_the_edge(values[:0], 0.1)) == 0
    steps = np.arange(60)
    frame = with_run(steps, np.where(steps % 2, -1.0, 9.0 - 0.1 * steps), 59)
    canvas = [line[10:] for line in drawn(IrlsPane(), frame, (60, 20))[3:-1]]
    full = [sum(line[x : x + 1] not in ("", " ") for line in canvas) for x in range(50)]
    assert max(full) <= len(canvas) // 2


def test_with_another_loss_the_axis_of_steps_ends_with_irls():
    frame = frame_of(300, dataset="xor", hidden=())
    frame = replace(frame, glm=glm_facts(frame))
    assert frame.glm.deviance is None
    lines = drawn(IrlsPane(), frame, (60, 20))
    assert lines[-1].split() == ["0", "1", "10"]


def test_a_network_below_the_glm_says_since_which_step():
    rows = [0, 1, 2, 5, 10], [9.0, 4.0, -0.5, -1.0, -2.0]
    assert below_since(with_run(*rows, 10).glm, 10) == 2
    text = "\n".join(drawn(IrlsPane(), with_run(*rows, 10), (60, 20)))
    assert "below the GLM since step 2" in text
    again = [0, 1, 2, 5, 10], [9.0, -1.0, 3.0, -1.0, -2.0]
    assert below_since(with_run(*again, 10).glm, 10) == 5


@pytest.mark.parametrize("deviances", [[9.0, 4.0, 1.0], [9.0, 1e-3, 1e-15], [9.0, -3.0, 1.0]])
def test_a_network_above_the_glm_or_at_its_fit_is_not_said_to_be_below(deviances):
    frame = with_run([0, 1, 2], deviances, 2)
    assert below_since(frame.glm, 2) is None
    assert "below" not in "\n".join(drawn(IrlsPane(), frame, (60, 20)))
