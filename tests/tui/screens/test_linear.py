"""The Linear and GLM screens driven by their keys."""

from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from screen import press, running, settled, text

from engine import DATASETS, GLM_NETWORKS, collapse
from tui.drawing.numbers import difference_text, norm
from tui.experiments.library import built_in
from tui.panes.base.pane import Pane

CARS = built_in("mtcars")
STACK = replace(CARS, hidden=(2, 2), activation="identity", features=("wt", "hp", "qsec"))
LINE = built_in("line")
CIRCLE = built_in("circle")
GLM_CARS = replace(CARS, hidden=())


def status(app) -> str:
    return text(app).splitlines()[-2]


def noted(app, monkeypatch) -> list[str]:
    """What the app notifies of from now on."""
    notes: list[str] = []
    monkeypatch.setattr(app, "tell", lambda message, *shorter: notes.append(message))
    return notes


async def test_the_status_tells_the_cost_the_excess_the_distance_and_the_collapse():
    async with running(STACK) as (app, pilot):
        app.end_demo()
        app.seek(40)
        await press(app, pilot, "4")
        frame = framed(app.session, "linear")
        cost, least = frame.cost, frame.baseline[1]
        for number in (cost, least, frame.linear.distance):
            assert f" {norm(number).strip()} " in status(app)
        excess = difference_text(norm(cost), norm(least), cost - least)
        assert f"excess {excess} " in status(app)
        assert "collapse exact ✓" in status(app)
        assert "layer 1" not in text(app)


async def test_s_solves_and_u_takes_it_back():
    async with running(STACK) as (app, pilot):
        app.seek(40)
        await press(app, pilot, "4")
        before = status(app)
        network = app.session.trainer.network
        await press(app, pilot, "s")
        assert "‖β_net − β_OLS‖ 0.0000 " in status(app)
        assert not np.array_equal(collapse(app.session.trainer.network).W, collapse(network).W)
        await press(app, pilot, "u")
        assert status(app) == before
        assert np.array_equal(app.session.trainer.network.parameters, network.parameters)


async def test_what_cannot_be_solved_is_told(monkeypatch):
    async with running(CARS) as (app, pilot):
        notes = noted(app, monkeypatch)
        await press(app, pilot, "4", "s")
        assert notes[0].startswith("solving needs layers that are all linear: layer 1 is not lin")
        assert notes[0].endswith("a makes it identity")
        assert "collapse broken ✗" in status(app)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hidden": (3,), "activation": "identity"}, "layer 2 is not linear (tanh)"),
        ({"hidden": (3,), "activation": "relu"}, "layer 1 is not linear (relu)"),
        ({"hidden": ()}, "layer 1 is not linear (tanh)"),
    ],
)
async def test_under_a_last_activation_no_key_is_said_to_make_solving_possible(
    changes, reason, monkeypatch
):
    async with running(replace(CIRCLE, output="tanh", **changes)) as (app, pilot):
        notes = noted(app, monkeypatch)
        await press(app, pilot, "4", "s")
        assert notes == [f"solving needs layers that are all linear: {reason}"]


async def test_a_breaks_the_collapse_and_mends_it(monkeypatch):
    async with running(STACK) as (app, pilot):
        notes = noted(app, monkeypatch)
        app.seek(40)
        await press(app, pilot, "4", "a")
        assert "collapse broken ✗" in status(app)
        assert "No collapse · layer 1 (relu)" in text(app)
        await press(app, pilot, "a")
        assert "collapse exact ✓" in status(app)
        assert [note.split(":")[0] for note in notes] == [
            "hidden layers are relu now",
            "hidden layers are identity now",
        ]


async def test_d_shows_the_residuals_of_the_network_and_of_ols_again():
    async with running(STACK) as (app, pilot):
        app.seek(5)
        await press(app, pilot, "4")
        ols = text(app)
        await press(app, pilot, "d")
        assert framed(app.session, "linear").linear.of_network
        assert text(app) != ols
        await press(app, pilot, "d")
        assert text(app) == ols


async def test_capital_d_fits_the_next_polynomial(monkeypatch):
    async with running(LINE) as (app, pilot):
        await press(app, pilot, "4", "D", "D")
        assert len(framed(app.session, "linear").linear.fit.coefficients) == 4
        assert "x^3" in text(app)
    async with running(STACK) as (app, pilot):
        notes = noted(app, monkeypatch)
        await press(app, pilot, "4", "D")
        assert notes == ["a polynomial is of one input; here there are 3"]


@pytest.mark.parametrize("screen", ["4", "5"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_tab_shows_every_pane_in_every_size(screen, size):
    async with running(STACK, size) as (app, pilot):
        await press(app, pilot, screen)
        panes = [*app.screen.query(Pane)]
        for pane in panes:
            assert app.focused is pane
            assert pane.region.width > 20
            assert pane.region.height > 3
            await press(app, pilot, "tab")
        assert app.focused is panes[0]


async def test_keys_of_a_screen_do_nothing_on_another():
    async with running(STACK) as (app, pilot):
        app.seek(40)
        await press(app, pilot, "1")
        before = text(app).splitlines()[:-1]
        for key in ("s", "D", "f", "L", "plus", "minus", "equals_sign"):
            await press(app, pilot, key)
            assert text(app).splitlines()[:-1] == before
            assert " is on " in app.message or "no weight selected" in app.message
        assert not app.session.trainer.history.events


# GLM


async def test_equals_makes_the_network_the_model_that_is_shown():
    async with running(CIRCLE) as (app, pilot):
        app.seek(20)
        await press(app, pilot, "5")
        assert "network is this GLM: no ✗" in status(app)
        for _ in range(2):
            await press(app, pilot, "equals_sign")
            glm, experiment = framed(app.session, "glm").glm, app.session.experiment
            assert (experiment.output, experiment.loss) == GLM_NETWORKS[
                glm.choice.family, glm.choice.link
            ]
            assert "network is this GLM: yes ✓" in status(app)
            await press(app, pilot, "L")


async def test_descent_on_the_model_arrives_at_the_deviance_of_irls():
    async with running(GLM_CARS) as (app, pilot):
        await press(app, pilot, "5", "equals_sign")
        app.seek(40_000)
        glm = framed(app.session, "glm").glm
        assert glm.deviance == pytest.approx(glm.fit.deviance, rel=1e-9)


async def test_plus_and_minus_add_and_remove_a_hidden_layer(monkeypatch):
    async with running(GLM_CARS) as (app, pilot):
        await press(app, pilot, "5", "plus", "plus")
        assert app.session.trainer.network.sizes == (10, 4, 4, 1)
        assert app.session.selection.unit == (3, 0)
        assert app.session.trainer.network.activations == ("identity", "identity")
        assert app.message == "the new layer is identity: a makes it relu"
        await press(app, pilot, "a")
        assert app.session.trainer.network.activations == ("relu", "relu")
        await press(app, pilot, "1", "up", "5", "minus", "minus")
        assert app.session.trainer.network.sizes == (10, 1)
        notes = noted(app, monkeypatch)
        await press(app, pilot, "minus")
        assert notes == ["there is no hidden layer to remove: this is one layer"]


async def test_a_run_with_another_loss_has_no_ghosts_and_no_line_of_least_squares():
    async with running(replace(CIRCLE, hidden=())) as (app, pilot):
        app.seek(20)
        await press(app, pilot, "r", "5")
        app.seek(20)
        assert framed(app.session).ghosts
        assert framed(app.session).baseline[0] == "OLS"
        await press(app, pilot, "equals_sign")
        assert app.session.experiment.loss == "binary_cross_entropy"
        assert not framed(app.session).ghosts
        assert framed(app.session).baseline is None


@pytest.mark.parametrize("name", ["line", "mtcars", "circle"])
async def test_a_diverged_run_is_told_of_on_both_screens(name):
    experiment = replace(built_in(name), output="identity", learning_rate=1000.0)
    async with running(experiment) as (app, pilot):
        app.seek(1000)
        assert app.session.trainer.divergence
        await press(app, pilot, "4")
        assert "diverged" in status(app)
        await press(app, pilot, "s", "a", "d", "D", "5")
        assert "diverged" in status(app)
        await press(app, pilot, "f", "L", "plus", "5")
        assert app.is_running


def keys_shown(app):
    """The words of the key bar."""
    return text(app).splitlines()[-1].split()


SEVERAL = {  # data sets with several outputs, their number, and what screen GLM says
    "iris": (3, "classes"),
    "cs231n": (3, "classes"),
    "prakash": (3, "classes"),
    "mazur": (2, "2 targets"),
    "adam": (2, "2 targets"),
}


async def test_every_experiment_shows_on_both_screens():
    async with running(size=(120, 40)) as (app, pilot):
        for name in sorted(DATASETS.keys() - SEVERAL.keys()):
            app.open(built_in(name))
            app.seek(20)
            await press(app, pilot, "4")
            for key in "Das":  # as quickly as keys can come
                app.simulate_key(key)
            await settled(pilot)
            assert "beside the network" in text(app), name
            await press(app, pilot, "5", "equals_sign")
            assert "network is this GLM: yes ✓" in status(app), name


@pytest.mark.parametrize("name", ["iris", "prakash", "mazur"])
async def test_of_several_outputs_both_screens_say_why_they_have_no_fit(name):
    outputs, reason = SEVERAL[name]
    what, way_on = ("outputs", "1 shows each") if name == "mazur" else ("classes", "% shows which")
    async with running(built_in(name), (120, 40)) as (app, pilot):
        await press(app, pilot, "4")
        keys = keys_shown(app)
        assert not {"residuals", "degree"} & {*keys} and ("solve" in keys) == (name == "mazur")
        await press(app, pilot, "D", "s")
        shown = " ".join(line.strip(" │") for line in text(app).splitlines()[1:-3])
        assert shown.count(f"{outputs} {what}: the line of least squares") == 1
        assert way_on in shown
        assert shown.count("line of least squares") == 1 + shown.count("No line of") == 2
        assert shown.count("are for one.") + shown.count("is for one number.") == 1
        await press(app, pilot, "5")
        assert not {"family", "link", "become"} & {*keys_shown(app)}
        model = "multinomial logistic regression ✓"
        assert (f"network: {model}" in status(app)) == (name == "iris")
        assert "this GLM" not in status(app)
        await press(app, pilot, "equals_sign")
        assert reason in text(app)


async def test_of_classes_only_the_panes_that_have_something_to_say_are_offered():
    async with running(built_in("iris"), (80, 24)) as (app, pilot):
        app.end_demo()
        await press(app, pilot, "4")
        assert "β_OLS" not in status(app)
        ids = []
        for _ in range(4):
            ids.append(app.focused.id)
            assert app.focused.region.height > 3
            await press(app, pilot, "tab")
        assert ids == ["collapse", "data-plot"] * 2


async def test_beside_a_polynomial_the_distance_is_said_to_be_that_to_the_line():
    async with running(replace(LINE, hidden=())) as (app, pilot):
        app.end_demo()
        await press(app, pilot, "4")
        assert " Distance to OLS " in text(app)
        await press(app, pilot, "D", "s")
        assert " To OLS, degree 1 " in text(app)
        assert "‖β_net − β_OLS‖ 0.0000 " in status(app)
