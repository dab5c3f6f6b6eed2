"""Sentences that people read: one of a thing is singular, and a title says what it is of."""

import numpy as np
import pytest
from frames import drawn, framed
from screen import press, running, text

from engine import Experiment, Network, glm, ols
from engine.diagnostics.scaled_fit import scaled_fit
from engine.diagnostics.test_result import CannotTest
from engine.explain.models.linear_pieces import explain_piece
from engine.explain.render import meaning_text
from tui.dialogs.gallery.entries import described
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.irls import IrlsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.distance import DistancePane
from tui.session.session import Session


@pytest.mark.parametrize(
    ("W", "said"),
    [
        ([[1.0], [-1.0], [2.0]], "of the 3 units of layer 1, 1 is off and passes on nothing."),
        ([[-1.0], [-1.0], [2.0]], "of the 3 units of layer 1, 2 are off and pass on nothing."),
        ([[-1.0]], "of the one unit of layer 1, 1 is off and passes on nothing."),
    ],
)
def test_the_units_that_are_off_are_counted_in_singular_and_plural(W, said):
    network = Network.from_arrays([W, np.ones((1, len(W)))], None, "relu")
    assert meaning_text(explain_piece(network, [1.0], 0, 0)).endswith(said)


def test_one_example_is_it_and_not_all_of_them():
    with pytest.raises(CannotTest, match=r"^1 example for 1 coefficient: .* goes through it, and"):
        scaled_fit(ols([[1.0]], [2.0], intercept=False))


def test_one_column_left_out_is_a_combination_and_two_are_combinations():
    x, y = np.arange(6.0), [1.0, 2.0, 2.0, 4.0, 4.0, 7.0]
    one = glm(np.column_stack([x, 2.0 * x]), y, family="gaussian").note
    assert one == "left out as a combination of other columns: x2"
    two = glm(np.column_stack([x, 2.0 * x, 3.0 * x]), y, family="gaussian").note
    assert two == "left out as combinations of other columns: x2, x3"


def test_a_step_may_take_one_example():
    assert dict(described(Experiment(batch_size=1)))["descent"].endswith(", 1 example a step")


def test_one_iteration_of_irls_is_singular_in_every_width():
    frame = framed(Session(Experiment(dataset="reg-plane", hidden=())), "glm")
    iterations = frame.glm.fit.iterations
    line = drawn(IrlsPane(), frame, (60, 6))[0]
    assert f"{iterations} iteration{'s' * (iterations != 1)} " in line
    assert "iteration" not in drawn(IrlsPane(), frame, (30, 6))[0]


def test_the_distance_to_least_squares_of_three_outputs_is_not_denied_beside_it():
    frame = framed(Session(Experiment(dataset="iris", hidden=(3,))), "linear")
    assert np.isfinite(frame.linear.distance)
    assert "now –" not in " ".join(drawn(DistancePane(), frame, (40, 12)))
    shown = " ".join(drawn(CoefficientsPane(), frame, (80, 8)))
    assert "3 outputs: this table and the tests are for one" in shown


def test_help_of_the_glm_explains_what_a_canonical_pair_is():
    assert "A canonical pair is an output and a loss that make δ = a − y" in GlmChoicePane.HELP


async def test_the_title_of_help_names_the_pane():
    async with running(Experiment(), (100, 30)) as (app, pilot):
        for _ in range(2):
            name = app.focused.name_in_help
            assert name in ("Network", "Output")
            await press(app, pilot, "f1")
            assert f"Help · {name}" in text(app)
            await press(app, pilot, "escape", "tab")
