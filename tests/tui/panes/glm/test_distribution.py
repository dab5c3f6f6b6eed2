"""The distribution of y at the cursor, and a hidden unit as a GLM: the numbers are those of SciPy
and of the network, and nothing is said where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of
from scipy import stats

from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import norm, num
from tui.drawing.palette import DARK
from tui.explain.glm import distribution_numbers
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.model.glm.distribution import distribution_at_cursor
from tui.panes.base.look import Look
from tui.panes.glm.distribution.pane import DistributionPane
from tui.panes.glm.hidden_unit import HiddenUnitPane


def glm_frame(choice=None, steps=0, **settings):
    frame = frame_of(steps, **settings)
    return replace(frame, glm=glm_facts(frame, choice))


def drawn(pane, frame, width=48, height=18, glyphs=UNICODE):
    canvas = Canvas(width, height, DARK, glyphs, True)
    pane.look = Look(DARK, glyphs, True, SHOWN)
    pane.draw(canvas, frame)
    return canvas.text_lines()


CASES = {
    "gaussian": ({"dataset": "line", "hidden": ()}, None),
    "two classes": ({"dataset": "challenger", "hidden": ()}, None),
    "trials": ({"dataset": "beetles", "hidden": ()}, None),
    "counts": ({"dataset": "dobson", "hidden": ()}, None),
    "gamma": ({"dataset": "mtcars", "hidden": ()}, GlmChoice("gamma", "log")),
    "a map": ({"dataset": "circle"}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_mean_sd_and_the_nearest_example_s_probability_are_scipy_s(name):
    settings, choice = CASES[name]
    frame = glm_frame(choice, **settings)
    found = distribution_at_cursor(frame, frame.glm)
    n, phi = found.trials, found.dispersion
    scipys = {
        "gaussian": lambda: stats.norm(found.mu, np.sqrt(phi)),
        "binomial": lambda: stats.binom(n, found.mu),
        "poisson": lambda: stats.poisson(found.mu),
        "gamma": lambda: stats.gamma(1.0 / phi, scale=found.mu * phi),
    }[found.family]()
    likely = (scipys.pmf if found.discrete else scipys.pdf)(found.observed)
    lines = "\n".join(drawn(DistributionPane(), frame))
    assert f"μ {num(found.mu)}" in lines
    assert f"sd {norm(scipys.std())}" in lines
    assert f"{'P' if found.discrete else 'p'} {norm(likely)}" in lines
    explained = distribution_numbers(frame)
    values = [explained.make(i).symbol.value for i in range(3)]
    assert values == pytest.approx([found.mu, scipys.std(), likely], rel=1e-6)


def test_the_nearest_example_is_so_by_brute_force_and_grouped_ones_are_counted():
    frame = glm_frame(dataset="beetles", hidden=())
    data = frame.data
    for dose in data.X[::97, 0]:
        at = replace(frame, cursor=np.array([dose + 1e-4]))
        found = distribution_at_cursor(at, frame.glm)
        alike = data.X[:, 0] == dose
        assert data.X[found.nearest, 0] == dose
        assert (found.trials, found.observed) == (alike.sum(), data.Y[alike, 0].sum())


def test_moving_the_cursor_moves_the_bell_but_not_its_axis():
    frame = glm_frame(dataset="line", hidden=())
    left, right = (replace(frame, cursor=np.array([x])) for x in (-4.0, 4.0))
    first, second = (distribution_at_cursor(f, frame.glm) for f in (left, right))
    assert first.ends == second.ends and first.mu < second.mu
    before, after = (drawn(DistributionPane(), f) for f in (left, right))
    assert before[2:-2] != after[2:-2]
    assert before[-2] == after[-2]  # the axis


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("name", CASES)
def test_every_size_can_be_drawn(name, glyphs):
    settings, choice = CASES[name]
    frame = glm_frame(choice, **settings)
    for size in [(8, 1), (20, 3), (26, 7), (28, 11), (76, 20), (200, 55)]:
        drawn(DistributionPane(), frame, *size, glyphs)
        drawn(HiddenUnitPane(), frame, *size, glyphs)


def test_without_a_model_or_a_spread_there_is_no_distribution():
    lines = drawn(DistributionPane(), glm_frame(dataset="iris", hidden=()))
    assert "no distribution of y" in " ".join(lines)
    frame = glm_frame(dataset="line", hidden=())
    found = distribution_at_cursor(frame, frame.glm)
    assert not replace(found, dispersion=np.nan).exists
    assert not replace(found, dispersion=0.0).exists
    assert not replace(found, family="poisson", mu=-1.0).exists
    assert not replace(found, mu=np.inf).exists


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "leaky_relu", "sin"])
def test_a_hidden_unit_has_its_z_and_a_and_nothing_to_fit(activation):
    frame = glm_frame(steps=5, dataset="circle", hidden=(4, 3), activation=activation)
    for layer, unit in [(1, 3), (2, 0)]:
        chosen = replace(frame, unit=(layer, unit))
        passed = chosen.single.forward
        text = "\n".join(drawn(HiddenUnitPane(), chosen))
        for values in (passed.z[layer - 1], passed.a[layer]):
            assert num(values[0, unit]).strip() in text
        assert "nothing to fit" in text and activation in text
        assert ("no link" in text) == (activation in ("relu", "sin"))


def test_inputs_without_room_are_added_up_in_one_line():
    frame = glm_frame(dataset="mtcars", hidden=(4,))
    lines = drawn(HiddenUnitPane(), replace(frame, unit=(1, 2)), 40, 10)
    end = next(i for i, line in enumerate(lines) if line.startswith("z"))
    terms = [float(line.split()[-1].replace("−", "-")) for line in lines[:end]]
    shown = frame.single.forward.z[0][0, 2]
    assert sum(terms) == pytest.approx(shown, abs=5e-3)
    assert "more inputs" in "\n".join(lines)


def test_one_layer_has_no_hidden_unit_and_a_diverged_one_no_traceback():
    assert "no hidden unit" in drawn(HiddenUnitPane(), glm_frame(dataset="line", hidden=()))[0]
    frame = glm_frame(dataset="circle", hidden=(3,))
    broken = frame.network.with_parameters(np.full(frame.network.parameters.size, np.nan))
    drawn(HiddenUnitPane(), replace(frame, network=broken))
    drawn(DistributionPane(), replace(frame, network=broken))
