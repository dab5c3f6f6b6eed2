"""What the Linear screen is told: the closed form, the network's own coefficients, and solving."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from frames import framed
from numpy.testing import assert_allclose

from engine import EngineError, Experiment, best_affine, collapse, ols, polynomial
from tui.cli.fit.data import FitRequest, read_data
from tui.cli.fit.model import fit
from tui.commands.models import linear as remodel
from tui.experiments.library import built_in
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.session.session import Session

pytestmark = pytest.mark.trained

LINE, CARS, SINE = built_in("line"), built_in("mtcars"), built_in("sine")
STACK = replace(CARS, hidden=(3, 2), activation="identity")
FULL_BATCH = replace(CARS, hidden=(), batch_size=32, learning_rate=0.05)
LINEAR = {"line": LINE, "one layer": FULL_BATCH, "stack": STACK}
NO_BIAS = replace(LINE, bias=False)


def linear(session):
    return framed(session, "linear").linear


def started(experiment, steps=0):
    session = Session(experiment)
    session.time.step(steps)
    return session


# the fit and the network's own coefficients


def test_facts_are_computed_for_their_own_screen_only():
    session = Session(CARS)
    assert framed(session).linear is None
    assert framed(session, "explore").linear is None
    assert linear(session) is not None


@pytest.mark.parametrize("experiment", [*LINEAR.values(), CARS, NO_BIAS])
def test_the_fit_is_that_of_the_training_data_in_their_own_units(experiment):
    session = Session(experiment)
    data, fit = session.prepared.dataset, linear(session).fit
    expected = ols(data.X[data.train], data.Y[data.train, 0], intercept=experiment.bias)
    assert np.array_equal(fit.coefficients, expected.coefficients)
    assert fit.names[fit.intercept :] == data.feature_names


@pytest.mark.parametrize("experiment", [*LINEAR.values(), NO_BIAS])
def test_an_affine_network_is_its_coefficients(experiment):
    facts = linear(started(experiment, 50))
    assert facts.exact
    assert_allclose(facts.fit.design @ facts.network, facts.network_fitted, rtol=1e-11)
    assert_allclose(facts.fit.y - facts.network_residuals, facts.network_fitted, rtol=1e-11)
    assert facts.affine_error < 1e-14


@pytest.mark.parametrize("experiment", [CARS, SINE, built_in("circle")])
def test_any_other_network_is_told_by_the_affine_map_nearest_to_it(experiment):
    session = started(experiment, 50)
    facts, prepared = linear(session), session.prepared
    data, rows = prepared.dataset, prepared.dataset.train
    own = ols(data.X[rows], facts.network_fitted)
    assert not facts.exact
    assert facts.why == "layer 1 is not linear (relu)"
    assert_allclose(facts.network, own.coefficients, rtol=1e-9, atol=1e-12)
    nearest = best_affine(session.trainer.network, prepared.inputs[rows]).map
    solution = ols(prepared.inputs[rows], prepared.targets[rows]).coefficients
    gap = np.append(nearest.b, nearest.W[0]) - solution
    assert facts.distance == pytest.approx(np.linalg.norm(gap), rel=1e-9)


def test_the_product_is_that_of_identities_and_relu_breaks_it():
    facts = linear(started(STACK, 20))
    bent = started(STACK, 20)
    remodel.switch_relu(bent)
    broken = linear(bent)
    assert np.array_equal(facts.product.W, broken.product.W)
    assert facts.affine_error < 1e-14 < 0.01 < broken.affine_error
    rows = bent.prepared.dataset.train
    nearest = best_affine(bent.trainer.network, bent.prepared.inputs[rows])
    off = nearest.largest_deviation * bent.prepared.dataset.y_scale.sd[0]
    assert facts.relu_error == pytest.approx(off, rel=1e-9)
    assert broken.relu_error == facts.relu_error
    assert np.isnan(linear(Session(LINE)).relu_error)


@pytest.mark.parametrize("experiment", [LINE, SINE])
def test_on_a_polynomial_the_network_is_told_by_the_nearest_one(experiment):
    session = started(experiment, 50)
    for _ in range(4):
        session.selection.next_degree()
    data, facts = session.prepared.dataset, linear(session)
    x, y = data.X[data.train, 0], data.Y[data.train, 0]
    assert facts.degree == 5
    assert np.array_equal(facts.fit.coefficients, polynomial(x, y, 5).coefficients)
    own = polynomial(x, facts.network_fitted, 5).coefficients
    assert_allclose(facts.network, own, rtol=1e-8, atol=1e-12)


def test_the_degree_goes_round_from_1_to_12_and_is_of_one_input():
    session = Session(SINE)
    degrees = []
    for _ in range(13):
        degrees.append(session.selection.degree)
        session.selection.next_degree()
    assert degrees == [*range(1, 13), 1]
    with pytest.raises(EngineError, match="one input; here there are 10"):
        Session(CARS).selection.next_degree()


def test_labels_are_fitted_as_numbers_and_several_outputs_not_at_all(tmp_path):
    note = linear(Session(built_in("circle"))).note
    assert note.endswith("ŷ estimates 2P(+1) − 1; screen GLM has the binomial model")
    failed = replace(built_in("challenger"), loss="quadratic", output="identity")
    assert linear(Session(failed)).note == (
        "0/1 targets, fitted as numbers: ŷ estimates P(1); screen GLM has the binomial model"
    )
    assert linear(Session(Experiment(dataset="mtcars", target="am", classes=False))).note == (
        "every am is 0 or 1, fitted as a number; screen GLM has the binomial model"
    )
    path = tmp_path / "three.csv"
    path.write_text(
        "x,kind\n" + "\n".join(f"{i},{'abc'[i % 3]}" for i in range(12)), encoding="utf-8"
    )
    facts = linear(Session(Experiment(dataset=str(path), hidden=())))
    assert facts.fit is None
    assert facts.note == "3 outputs: this table and the tests are for one"
    assert facts.network is None
    assert facts.product.W.shape == (3, 1)


def test_a_diverged_network_has_no_coefficients():
    session = started(replace(LINE, learning_rate=1000.0), 1000)
    assert session.trainer.divergence
    facts = linear(session)
    assert facts.fit is not None
    assert facts.network is facts.network_residuals is facts.product is None
    assert np.isnan([facts.distance, facts.affine_error]).all()


def test_a_fit_is_kept_while_the_data_stay_the_same():
    session = Session(STACK)
    fit, diagnosis = linear(session).fit, linear(session).diagnosis
    session.restart(True)
    remodel.switch_relu(session)
    assert linear(session).fit is fit
    assert linear(session).diagnosis is diagnosis
    session.begin(replace(session.experiment, bias=False, biases=None))
    assert linear(session).fit is not fit


# descent


def test_distances_over_the_run_are_those_of_its_moments():
    session = started(STACK, 300)
    steps, values = linear(session).distances
    assert len(steps) > 30
    for step, value in list(zip(steps, values, strict=True))[::9]:
        session.time.seek(int(step))
        assert linear(session).distance == value


def test_solving_ends_the_distances_at_0_and_undo_brings_them_back():
    session = started(replace(LINE, batch_size=50), 60)
    before = linear(session).distances
    remodel.solve(session)
    steps, values = linear(session).distances
    assert np.array_equal(steps, before[0])
    assert np.array_equal(values[:-1], before[1][:-1])
    assert values[-1] == 0.0 < before[1][-1]
    session.undo()
    assert np.array_equal(linear(session).distances, before)


def test_each_part_of_the_way_to_ols_shrinks_at_its_own_rate():
    session = Session(FULL_BATCH)
    prepared, rates = session.prepared, linear(session).rates
    X = np.column_stack([prepared.inputs, np.ones(32)])
    values, vectors = np.linalg.eigh(2.0 / 32 * X.T @ X)
    assert_allclose(rates.eigenvalues, values[::-1], rtol=1e-9)
    solution = np.linalg.lstsq(X, prepared.targets[:, 0])[0]
    parts = []
    for _ in range(4):
        parts.append(vectors.T[::-1] @ (session.trainer.network.parameters - solution))
        session.time.step(1)
    for before, after in pairwise(parts):
        assert_allclose(np.abs(after), rates.factors * np.abs(before), rtol=1e-6, atol=1e-13)


@pytest.mark.parametrize(("share", "arrives"), [(0.99, True), (1.01, False)])
def test_descent_is_stable_up_to_the_largest_rate_and_not_beyond(share, arrives):
    limit = linear(Session(FULL_BATCH)).rates.largest_rate
    session = Session(replace(FULL_BATCH, learning_rate=share * limit))
    first = linear(session).distance
    session.time.step(600)
    assert (linear(session).distance < first) == arrives


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"batch_size": 10}, "this takes 10 of 32"),
        ({"optimizer": "adam"}, "not adam"),
        ({"l2": 0.1}, "penalties"),
        ({"hidden": (2,)}, "one layer"),
        ({"output": "tanh"}, "identity output"),
    ],
)
def test_where_the_rates_do_not_hold_the_reason_is_given(changes, says):
    facts = linear(Session(replace(FULL_BATCH, **changes)))
    assert facts.rates is None
    assert says in facts.rates_note


# solving


@pytest.mark.parametrize("experiment", [*LINEAR.values(), NO_BIAS])
def test_solving_is_one_event_at_the_cost_of_ols_and_undo_takes_it_back_to_the_bit(experiment):
    session = started(experiment, 30)
    before = session.trainer.network.parameters.copy()
    remodel.solve(session)
    frame = framed(session, "linear")
    closed = session.linear.closed_form(session.trainer, 1)
    assert np.array_equal(collapse(frame.network).W, closed.solution.W)
    assert frame.cost == pytest.approx(frame.baseline[1], rel=1e-12)
    assert frame.linear.distance == 0.0
    remodel.solve(session)  # it is solved: no second event
    assert len(session.trainer.history.events) == 1
    solved = session.trainer.network.parameters.copy()
    session.time.step(7)
    session.time.step(-7)
    assert np.array_equal(session.trainer.network.parameters, solved)
    assert session.undo().event.label == "solve: the OLS solution"
    assert np.array_equal(session.trainer.network.parameters, before)


def test_at_the_solution_full_batch_descent_stays():
    session = Session(FULL_BATCH)
    remodel.solve(session)
    session.time.step(500)
    assert linear(session).distance < 1e-13


def test_solving_in_the_past_keeps_the_old_future_as_a_ghost():
    session = started(LINE, 40)
    session.time.seek(10)
    remodel.solve(session)
    assert [run.label for run in session.runs.all[1:]] == ["before step 10"]
    assert session.trainer.history.latest_step == 10


@pytest.mark.parametrize(
    ("experiment", "says"),
    [
        (CARS, r"layer 1 is not linear \(relu\)"),
        (built_in("circle"), "layer 1 is not linear"),
        (Experiment(loss="binary_cross_entropy"), "quadratic cost"),
        (replace(CARS, hidden=(2, 10), activation="identity", skips=((0, 2),)), "skip connection"),
        (
            replace(CARS, hidden=(8,), activation="identity", convolutions=((1, 3),)),
            "Without the convolution of layer 1",
        ),
    ],
)
def test_what_cannot_be_solved_says_why_and_stays(experiment, says):
    session = started(experiment, 5)
    before = session.trainer.network.parameters.copy()
    with pytest.raises(EngineError, match=says):
        remodel.solve(session)
    assert np.array_equal(session.trainer.network.parameters, before)
    assert not session.trainer.history.events


@pytest.mark.parametrize(
    "shape",
    [
        {"hidden": (10,), "skips": ((0, 1),)},
        {"hidden": (10, 10), "skips": ((0, 1), (1, 2), (0, 2))},
        {"hidden": (10, 8), "convolutions": ((1, 3),)},
        {"hidden": (10, 10), "skips": ((0, 1),), "convolutions": ((1, 5),)},
    ],
)
def test_networks_with_skips_and_convolutions_are_solved_to_the_least_squares_fit(shape):
    session = started(replace(CARS, activation="identity", **shape), 5)
    remodel.solve(session)
    data = session.prepared.dataset
    line = ols(data.X, data.Y[:, 0])
    cost = session.trainer.costs()[0] * session.prepared.cost_scale
    assert cost == pytest.approx(line.ssr / len(line.y), rel=1e-9)
    assert framed(session, "linear").linear.affine_error < 1e-11


# relu and back


@pytest.mark.parametrize("activation", ["identity", "tanh", "relu"])
def test_relu_and_back_keeps_the_weights_and_the_old_runs_as_ghosts(activation):
    session = started(replace(STACK, activation=activation), 20)
    network = session.trainer.network
    other = "identity" if activation == "relu" else "relu"
    for expected in (other, activation):
        assert expected in remodel.switch_relu(session)
        assert set(session.trainer.network.activations) == {expected}
        assert np.array_equal(session.trainer.network.parameters, network.parameters)
    assert [run.label for run in session.runs.all] == ["init 0", "init 0"]
    session.time.step(5)
    session.restart(False)
    assert np.array_equal(session.trainer.network.parameters, network.parameters)


def test_one_layer_has_no_activation_to_switch():
    with pytest.raises(EngineError, match="one layer"):
        remodel.switch_relu(Session(LINE))


# columns that make each other up, and numbers that no longer fit


def made_up(tmp_path, **changes):
    """A session whose third column is the sum of the first two: least squares has many answers."""
    rng = np.random.default_rng(4)
    a, b = np.round(rng.normal(size=(2, 12)), 2)
    y = np.round(2.0 * a - b + rng.normal(size=12), 2)
    rows = [f"{p},{q},{p + q:.2f},{r}" for p, q, r in zip(a, b, y, strict=True)]
    path = tmp_path / "sum.csv"
    path.write_text("\n".join(["a,b,sum,y", *rows]) + "\n", encoding="utf-8")
    return Session(Experiment(dataset=str(path), hidden=(), batch_size=12, **changes))


def test_with_columns_made_up_of_others_descent_arrives_at_the_nearest_ols_solution(tmp_path):
    session = made_up(tmp_path, learning_rate=0.2)
    session.time.step(2000)
    facts = linear(session)
    assert facts.fit.dropped == ("sum",)
    assert facts.distance < 1e-12
    assert len(facts.rates.factors) == facts.fit.rank
    assert facts.rates.factors.max() < 1.0
    assert_allclose(facts.network, facts.fit.coefficients, atol=1e-12)
    assert facts.network[-1] == 0.0
    design = facts.fit.design
    assert_allclose(design @ facts.network, facts.network_fitted, atol=1e-12)


def test_matrices_whose_product_is_beyond_the_range_of_numbers_have_facts_without_it():
    session = Session(replace(STACK, hidden=(3,)))
    network = session.trainer.network
    session.trainer.assign(np.full_like(network.parameters, 1e200), "as if diverging")
    facts = linear(session)
    assert facts.product is None and np.isnan(facts.distance) and facts.network is None


# categories

BREAKS = {  # R's warpbreaks (Tippett 1950): breaks by wool and tension
    "A,L": (26, 30, 54, 25, 70, 52, 51, 26, 67), "A,M": (18, 21, 29, 17, 12, 18, 35, 30, 36),
    "A,H": (36, 21, 24, 18, 10, 43, 28, 15, 26), "B,L": (27, 14, 29, 19, 29, 31, 41, 20, 44),
    "B,M": (42, 26, 19, 16, 39, 28, 21, 39, 29), "B,H": (20, 21, 24, 17, 13, 15, 15, 16, 28),
}  # fmt: skip


@pytest.fixture
def warpbreaks(tmp_path):
    rows = [f"{kinds},{y}" for kinds, ys in BREAKS.items() for y in ys]
    path = tmp_path / "warpbreaks.csv"
    path.write_text("\n".join(["wool,tension,breaks", *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_categories_are_coded_as_in_r_and_in_nn_explore_fit(warpbreaks):
    # R: summary(lm(breaks ~ wool + tension, read.csv("warpbreaks.csv", stringsAsFactors = TRUE))),
    # car::vif for one column each: 1, 4/3, 4/3; balanced, so the intercept is a sum of means
    session = started(Experiment(dataset=warpbreaks, hidden=()), 20)
    facts = linear(session)
    assert facts.fit.names == ("intercept", "wool=B", "tension=L", "tension=M")
    assert_allclose(facts.fit.coefficients, [24.5556, -5.7778, 14.7222, 4.7222], atol=5e-5)
    assert_allclose(facts.diagnosis.vif, [1.0, 4.0 / 3.0, 4.0 / 3.0], rtol=1e-12)
    assert round(facts.fit.condition_number, 1) == 4.2
    assert not facts.fit.dropped
    assert facts.note == "wool: compared with 'A'; tension: compared with 'H'"
    request = FitRequest(warpbreaks)
    printed = fit(read_data(request), request)
    assert printed.names == facts.fit.names
    assert_allclose(printed.coefficients, facts.fit.coefficients, rtol=1e-13)
    # the network keeps all five inputs, and its map is shown on the terms of the fit
    assert session.trainer.network.sizes == (5, 1)
    assert_allclose(facts.fit.design @ facts.network, facts.network_fitted, atol=1e-10)
    glm = glm_facts(framed(session), GlmChoice("gaussian", "identity"))
    assert glm.fit.names == facts.fit.names
    assert_allclose(glm.fit.coefficients, facts.fit.coefficients, rtol=1e-10)
    assert_allclose(glm.network, facts.network, rtol=1e-10)


def test_descent_on_categories_arrives_at_ols(warpbreaks):
    rate = {"learning_rate": 0.2, "batch_size": 54}
    facts = linear(started(Experiment(dataset=warpbreaks, hidden=(), **rate), 2000))
    assert facts.distance < 1e-12
    assert_allclose(facts.network, facts.fit.coefficients, atol=1e-10)


def test_without_an_intercept_the_first_category_keeps_its_term(warpbreaks):
    experiment = Experiment(dataset=warpbreaks, hidden=(), bias=False, standardize=False)
    facts = linear(started(experiment, 5))
    assert facts.fit.names == ("wool=A", "wool=B", "tension=L", "tension=M")
    # R: lm(breaks ~ 0 + wool + tension, …)
    assert_allclose(facts.fit.coefficients, [24.5556, 18.7778, 14.7222, 4.7222], atol=5e-5)
    request = FitRequest(warpbreaks, intercept=False)
    printed = fit(read_data(request), request)
    assert printed.names == facts.fit.names
    assert_allclose(facts.fit.design @ facts.network, facts.network_fitted, atol=1e-10)


def test_of_some_of_the_categories_none_is_left_out(warpbreaks):
    names = ("wool=B", "tension=M", "tension=H")
    facts = linear(started(Experiment(dataset=warpbreaks, hidden=(), features=names)))
    assert facts.fit.names == ("intercept", *names)  # compared with the two that are not inputs
    assert facts.note == ""


# the order of the rows


@pytest.mark.parametrize(
    ("dataset", "ordered"),
    [("circle", False), ("line", False), ("mtcars", False), ("longley", True), ("stackloss", True)],
)
def test_tests_of_row_order_are_made_of_series_alone(dataset, ordered):
    diagnosis = linear(started(Experiment(dataset=dataset, hidden=()))).diagnosis
    for key in ("durbin_watson", "breusch_godfrey", "ljung_box"):
        assert (diagnosis.test(key) is not None) == ordered


def test_of_a_file_the_order_is_that_of_its_rows(warpbreaks):
    # R: lmtest::dwtest(m): DW = 2.0332
    diagnosis = linear(started(Experiment(dataset=warpbreaks, hidden=()))).diagnosis
    assert round(diagnosis.durbin_watson, 4) == 2.0332


@pytest.mark.parametrize(("name", "known"), [("iris", False), ("mazur", True), ("cars", True)])
def test_the_distance_to_least_squares_is_told_where_that_is_of_numbers(name, known):
    facts = framed(Session(Experiment(dataset=name, hidden=())), "linear").linear
    assert facts.has_distance == known
