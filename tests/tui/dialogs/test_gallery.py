"""The gallery: what each sentence says really happens, and the dialog returns what was chosen."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from screen import press, running, text

import engine
from engine import EngineError, Experiment, Trainer
from engine.data.metrics import accuracy, confusion_matrix
from engine.training.postmortem import post_mortem
from tui.commands.selection import read_point
from tui.dialogs.gallery.dialog import GalleryScreen
from tui.dialogs.gallery.entries import LIST, draw, first_row, matching, rows_of
from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.experiments.library import EXPERIMENTS, Entry, built_in, entry, gallery
from tui.model.linear.coverage import CaseCoverage
from tui.model.regions.nearest_flip import flip_at_cursor, typical_distance
from tui.session.sampling.job import SamplingJob
from tui.session.session import Session

pytestmark = pytest.mark.trained

TRUTHS: dict[str, Callable[[], None]] = {}
NAMES = [entry.name for entry in gallery()]


def of(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Marks the truth that a sentence of the gallery tells."""

    def mark(truth: Callable[[], None]) -> Callable[[], None]:
        TRUTHS[name] = truth
        return truth

    return mark


def run(name: str, steps: int, **changes: object) -> Trainer:
    return Trainer(replace(entry(name).experiment, **changes)).seek(steps)  # type: ignore[arg-type]


def costs(trainer: Trainer) -> tuple[float, float]:
    """C over the training and the test data, in the data's own units."""
    assert trainer.prepared is not None
    train, test = trainer.costs()
    return train * trainer.prepared.cost_scale, float("nan" if test is None else test)


def cost(trainer: Trainer) -> float:
    return costs(trainer)[0]


def ols(trainer: Trainer) -> engine.OlsFit:
    data = data_of(trainer)
    return engine.ols(data.X[data.train], data.Y[data.train, 0])


def ols_cost(trainer: Trainer) -> float:
    return ols(trainer).ssr / len(data_of(trainer).train)


def data_of(trainer: Trainer) -> engine.Dataset:
    assert trainer.prepared is not None
    return trainer.prepared.dataset


def coefficients(trainer: Trainer) -> np.ndarray:
    """Intercept and slopes of a network that is linear in its z, in the data's own units."""
    data, line = data_of(trainer), engine.collapse(trainer.network)
    slopes = line.W[0] * data.y_scale.sd / data.x_scale.sd
    intercept = line.b * data.y_scale.sd + data.y_scale.mean - slopes @ data.x_scale.mean
    return np.concatenate([intercept, slopes])


def right(trainer: Trainer, name: str = "train") -> float:
    """The share of examples on their side of the border."""
    data = data_of(trainer)
    assert trainer.prepared is not None
    predicted = trainer.network.predict(trainer.prepared.inputs)
    return accuracy(confusion_matrix(data, predicted, getattr(data, name)))


def collapses(name: str, steps: int) -> bool:
    """Whether screen Linear says that the collapse is exact, at the start and after these steps."""
    session = Session(entry(name).experiment)
    found = []
    for step in (0, steps):
        session.time.seek(step)
        facts = session.linear.facts(session.trainer, 1, False)
        found.append(facts.collapses is True)
    return all(found)


def ring(radius: float) -> np.ndarray:
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


# lines


@of("line")
def descent_arrives_at_the_line() -> None:
    trainer = run("line", 1000)
    assert coefficients(trainer) == pytest.approx(ols(trainer).coefficients, abs=1e-3)


@of("mtcars-ols")
def a_layer_is_linear_regression() -> None:
    trainer = run("mtcars-ols", 20_000)
    assert len(coefficients(trainer)) == 11
    assert coefficients(trainer) == pytest.approx(ols(trainer).coefficients, rel=1e-6)


@of("longley")
def a_narrow_valley_is_slow() -> None:
    trainer = run("longley", 3000)
    assert 1.2 < cost(trainer) / ols_cost(trainer) < 1.25


@of("adam-or-sgd")
def adam_needs_no_scaling() -> None:
    trainer = run("adam-or-sgd", 3000)
    best = ols_cost(trainer)
    assert cost(trainer) == pytest.approx(best, rel=1e-4)
    assert run("adam-or-sgd", 3000, optimizer="sgd", learning_rate=0.01).divergence
    assert cost(run("adam-or-sgd", 3000, optimizer="sgd", learning_rate=0.001)) > 1.03 * best


@of("diverging")
def a_rate_above_two_over_the_curvature_diverges() -> None:
    trainer = run("diverging", 3000)
    found = post_mortem(trainer)
    assert found.divergence.step == 938
    assert 2.0 / found.curvature == pytest.approx(0.098, abs=5e-4)
    assert (np.diff(found.costs) > 0.0).all()
    half = run("diverging", 100, learning_rate=0.06)
    assert cost(half) == pytest.approx(ols_cost(half))


@of("reg-plane")
def bends_only_come_near_a_plane() -> None:
    trainer = run("reg-plane", 3000)
    assert ols_cost(trainer) < 1e-28
    assert 1e-4 < cost(trainer) < 0.01 * data_of(trainer).Y.var()


@of("slip")
def the_slope_of_the_wrong_layer_makes_a_gradient_ten_times_too_large() -> None:
    trainer = run("slip", 0)
    prepared = trainer.prepared
    rows = prepared.dataset.train[trainer.next_rows()]
    tried = engine.slips(
        trainer.network, prepared.inputs[rows], prepared.targets[rows], trainer.loss
    )["σ′ of the wrong layer"]
    _, wrong, right, estimate = tried.entry(0)
    assert 8.0 < wrong / right < 12.0
    assert estimate == pytest.approx(right, abs=1e-6)


@of("worked-example")
def three_layers_of_whole_numbers_are_one() -> None:
    trainer = run("worked-example", 0)
    W, b = engine.collapse(trainer.network)
    assert (W.tolist(), b.tolist()) == ([[0.0, -7.0]], [-1.0])
    steps = engine.collapse_steps(trainer.network)
    assert [step.bias_term.item() for step in reversed(steps)] == [-5.0, 5.0, -1.0]
    bent = engine.Network.from_arrays(trainer.network.weights, trainer.network.biases, "relu")
    assert engine.best_affine(bent, data_of(trainer).X).largest_deviation > 1.0


@of("deep-linear")
def layers_without_a_bend_are_one_line() -> None:
    trainer = run("deep-linear", 3000)
    assert len(trainer.network.weights) == 3
    assert coefficients(trainer) == pytest.approx(ols(trainer).coefficients, rel=1e-6)


@of("residual")
def skip_connections_alone_are_linear_and_learn_from_zeros() -> None:
    trainer = run("residual", 1000)
    assert collapses("residual", 1000)
    first, second, last = trainer.network.weights
    product = last @ (second + np.eye(3)) @ (first + np.eye(3))
    assert product == pytest.approx(engine.collapse(trainer.network).W, rel=1e-12)
    assert coefficients(trainer) == pytest.approx(ols(trainer).coefficients, rel=1e-6)
    plain = run("residual", 1000, skips=())
    assert not any(W.any() for W in plain.network.weights)


@of("convolution")
def a_convolution_alone_is_linear() -> None:
    trainer = run("convolution", 3000)
    assert collapses("convolution", 3000)
    W, kernel = trainer.network.weights[0], trainer.network.kernel(1)
    assert np.array_equal(W, engine.toeplitz(kernel, 3, padding=1))
    assert (np.count_nonzero(W), trainer.network.parameter_count) == (7, 3 + 1 + 4)
    assert coefficients(trainer) == pytest.approx(ols(trainer).coefficients, rel=1e-5)


@of("stackloss")
def four_days_stand_out() -> None:
    residuals = np.abs(ols(run("stackloss", 0)).residuals)
    assert (np.argsort(-residuals)[:4] + 1).tolist() == [21, 4, 3, 1]


@of("cars")
def the_spread_grows() -> None:
    score = engine.diagnose(ols(run("cars", 0))).ncv
    assert score.p_value < 0.05


def sampled(name: str) -> dict[str, CaseCoverage]:
    """What c on screen Linear finds in repeated samples, without the network."""
    found = SamplingJob(run(name, 0), [*range(entry_inputs(name))])
    found._train = lambda at, truth, sd: None  # type: ignore[method-assign]
    found.work()
    return {case.case: case for case in found.cases}


def entry_inputs(name: str) -> int:
    return data_of(run(name, 0)).X.shape[1]


@of("collinear")
def collinear_inputs_widen_the_intervals() -> None:
    fit, cases = ols(run("collinear", 0)), sampled("collinear")
    assert engine.diagnose(fit).vif.max() == pytest.approx(42.9, abs=0.05)
    for case in (cases["collinear"], cases["normal"]):
        assert case.holds and case.share == pytest.approx(0.95, abs=0.005)
    assert cases["normal"].widening == pytest.approx(6.55, abs=0.005)


@of("heteroskedastic")
def unequal_variances_break_the_intervals() -> None:
    fit, case = ols(run("heteroskedastic", 0)), sampled("heteroskedastic")["heteroskedastic"]
    assert engine.diagnose(fit).breusch_pagan.statistic == pytest.approx(31.3, abs=0.05)
    assert not case.holds and case.share == pytest.approx(0.82, abs=0.005)


@of("autocorrelated")
def autocorrelated_errors_break_the_intervals() -> None:
    fit, case = ols(run("autocorrelated", 0)), sampled("autocorrelated")["autocorrelated"]
    assert engine.diagnose(fit).durbin_watson == pytest.approx(0.98, abs=0.005)
    assert not case.holds and case.share == pytest.approx(0.49, abs=0.005)


@of("heavy-tails")
def heavy_tails_leave_the_intervals_right() -> None:
    fit, case = ols(run("heavy-tails", 0)), sampled("heavy-tails")["heavy-tails"]
    assert engine.diagnose(fit).jarque_bera.statistic == pytest.approx(62.6, abs=0.05)
    assert case.holds and case.share == pytest.approx(0.95, abs=0.005)


@of("anscombe-1")
def anscombe_drew_four_sets_with_one_line() -> None:
    for number in "1234":
        line = ols(run(f"anscombe-{number}", 0)).coefficients
        assert line == pytest.approx([3.0, 0.5], abs=0.003)


@of("anscombe-2")
def hidden_units_see_the_parabola() -> None:
    trainer = run("anscombe-2", 1000)
    assert cost(trainer) < 0.05 * ols_cost(trainer)


@of("anscombe-3")
def one_point_stands_out() -> None:
    fit = ols(run("anscombe-3", 0))
    assert np.abs(fit.residuals).max() / fit.residual_sd == pytest.approx(2.6, abs=0.05)


@of("anscombe-4")
def one_point_alone_makes_the_line() -> None:
    assert ols(run("anscombe-4", 0)).leverage.max() == pytest.approx(1.0)


# bends


@of("circle-line")
def a_straight_border_leaves_four_of_ten() -> None:
    assert right(run("circle-line", 3000)) == pytest.approx(0.6, abs=0.02)


@of("circle")
def the_border_closes() -> None:
    trainer = run("circle", 3000)
    assert right(trainer) == right(trainer, "test") == 1.0
    assert trainer.network.predict(ring(4.25)).max() < 0.0 < trainer.network.predict(ring(2)).min()


@of("circle-squares")
def two_squares_are_a_circle() -> None:
    trainer = run("circle-squares", 1000)
    ((first, second),) = trainer.network.weights[0]
    assert right(trainer) == 1.0
    assert first == pytest.approx(second, rel=0.05)


@of("gauss")
def depth_adds_nothing_to_two_clouds() -> None:
    for hidden in ((4, 3), ()):
        assert right(run("gauss", 1000, hidden=hidden), "test") == 1.0


@of("xor")
def xor_needs_a_hidden_layer() -> None:
    assert right(run("xor", 3000)) == 1.0
    assert right(run("xor", 3000, hidden=())) < 0.65


@of("xor-product")
def xor_is_the_sign_of_a_product() -> None:
    start, end = (run("xor-product", steps) for steps in (0, 1000))
    assert start.network.weights[0] < 0.0 < end.network.weights[0]
    assert right(start) == 0.0
    assert right(end) == 1.0


@of("two-relu")
def two_units_find_the_formulas_of_the_data() -> None:
    session = Session(entry("two-relu").experiment)
    network = session.trainer.seek(3000).network
    assert engine.linear_regions(network, session.selection.view.box).linear_count == 4
    for x, slopes in (((1, 1), (2, -0.25)), ((1, -1), (1.5, 0.75)), ((-1, 1), (0.5, -1))):
        assert engine.affine_at(network, x).W[0] == pytest.approx(slopes, abs=1e-9)
    assert engine.affine_at(network, (-1, -1)).W.tolist() == [[0.0, 0.0]]


@of("confused")
def a_small_change_flips_what_is_sure() -> None:
    session = Session(entry("confused").experiment)
    session.time.seek(200)
    view = session.selection.view
    session.selection.move_cursor(read_point(view.names, view.box, "(-2, 0.25)"))
    session.advance("regions")
    frame = session.frame("regions")
    flip = flip_at_cursor(frame)
    assert len(frame.data.train) == 50 and right(session.trainer) == 1.0
    assert len(frame.data.test) == 450 and right(session.trainer, "test") == 1.0
    assert frame.output_at_cursor(0) == pytest.approx(-0.970, abs=5e-4)
    assert flip is not None and (flip.before, flip.after) == (0, 1)
    assert flip.distance == pytest.approx(0.255, abs=5e-4)
    assert flip.distance == pytest.approx(typical_distance(frame.data) / 3.0, rel=0.05)


@of("sine")
def sixteen_units_make_sixteen_knots() -> None:
    session = Session(entry("sine").experiment)
    network = session.trainer.seek(20_000).network
    (ends,) = session.selection.view.box
    knots = engine.knots(network, ends).x
    assert len(knots) == 16
    assert cost(session.trainer) < 0.03 * data_of(session.trainer).Y.var()
    pieces = np.array([ends[0], *knots, ends[1]])
    start, middle, end = (
        network.predict(x[:, None])
        for x in (pieces[:-1], (pieces[:-1] + pieces[1:]) / 2.0, pieces[1:])
    )
    assert middle == pytest.approx((start + end) / 2.0, abs=1e-12)


@of("step")
def a_jump_is_followed_by_smooth_units() -> None:
    trainer = run("step", 3000)
    assert cost(trainer) < 0.1 * ols_cost(trainer)


@of("runge")
def polynomials_swing_between_the_examples_of_runge() -> None:
    trainer = run("runge", 1000)
    data = data_of(trainer)
    train, test = ((data.X[rows, 0], data.Y[rows, 0]) for rows in (data.train, data.test))
    by_degree = engine.polynomial_path(*train, test=test).costs
    line, seven = by_degree[0], by_degree[6]
    assert seven.train_cost < 0.1 * line.train_cost and seven.test_cost > 2.0 * line.test_cost
    assert costs(trainer)[1] < 0.002


@of("reg-gauss")
def hills_are_flat_to_least_squares() -> None:
    trainer = run("reg-gauss", 10_000)
    assert ols(trainer).r_squared == pytest.approx(0.02, abs=0.005)
    assert cost(trainer) < ols_cost(trainer) / 7.0


@of("mtcars")
def a_network_goes_below_the_ols_line() -> None:
    trainer = run("mtcars", 5000)
    assert cost(trainer) / ols_cost(trainer) == pytest.approx(0.25, abs=0.01)


@of("spiral")
def the_spiral_takes_patience() -> None:
    trainer = run("spiral", 1000)
    assert right(trainer) == pytest.approx(0.75, abs=0.02)
    assert right(trainer.seek(10_000)) == 1.0


@of("spiral-waves")
def sines_unwind_the_spiral() -> None:
    trainer, without = (run(name, 1000) for name in ("spiral-waves", "spiral"))
    assert right(trainer) == pytest.approx(0.92, abs=0.005)
    assert right(trainer, "test") > right(without, "test") + 0.2


# starts and rates


@of("dead-relu")
def dead_units_stay_dead() -> None:
    trainer = run("dead-relu", 1000)
    start, data = run("dead-relu", 0).network.parameters, data_of(trainer)
    assert np.array_equal(trainer.network.parameters[:-1], start[:-1])
    predicted = trainer.network.predict(data.X)
    assert predicted == pytest.approx(data.Y[data.train].mean())


@of("zeros")
def from_zeros_only_the_last_bias_learns() -> None:
    learned = run("zeros", 3000).network.parameters
    assert not learned[:-1].any()
    assert learned[-1] != 0.0
    assert right(run("zeros", 3000, init="he")) > 0.95


@of("saturated")
def saturated_units_do_not_learn() -> None:
    assert cost(run("saturated", 3000)) == pytest.approx(cost(run("saturated", 0)), rel=1e-4)
    assert right(run("saturated", 1000, init_scale=1.0)) == 1.0


@of("cosine")
def a_cosine_comes_to_rest_lower() -> None:
    trainer = run("cosine", 2000)
    at_rest = trainer.network.parameters
    assert np.array_equal(trainer.seek(2500).network.parameters, at_rest)
    other = run("cosine", 0, schedule="constant")
    constant = [cost(other.seek(step)) for step in (2000, 2250, 2500)]
    assert cost(trainer) < 0.75 * min(constant)
    assert max(constant) > 1.02 * min(constant)


# what was learnt


@of("overfitting")
def learning_by_heart_costs_on_the_test() -> None:
    early, late = (costs(run("overfitting", steps)) for steps in (100, 3000))
    assert late[0] < 0.25 * early[0]
    assert late[1] > 1.5 * early[1]
    trainer = run("overfitting", 0)
    assert len(data_of(trainer).train) == 50
    assert len(trainer.network.parameters) == 105


@of("sparse")
def l1_keeps_two_of_seven() -> None:
    weights = np.abs(run("sparse", 3000).network.weights[0][0])
    assert (weights > 0.011).tolist() == [False, False, True, True, False, False, False]
    assert (np.abs(run("sparse", 3000, l1=0.0).network.weights[0]) > 0.01).sum() > 2


# generalised linear models


@of("iris")
def two_of_three_species_overlap() -> None:
    trainer = run("iris", 3000)
    data = data_of(trainer)
    assert trainer.prepared is not None
    predicted = trainer.network.predict(trainer.prepared.inputs)
    confusion = confusion_matrix(data, predicted, data.train)
    assert confusion[0].tolist() == [50, 0, 0]
    assert confusion.sum() - np.trace(confusion) == 6


@of("challenger")
def a_sigmoid_unit_is_logistic_regression() -> None:
    trainer = run("challenger", 1000)
    data = data_of(trainer)
    fit = engine.glm(data.X, data.Y[:, 0], "binomial")
    assert coefficients(trainer) == pytest.approx(fit.coefficients, rel=1e-5)


@of("beetles")
def cloglog_fits_the_beetles_best() -> None:
    data = data_of(run("beetles", 0))
    X, died, trials = data.grouped(data.train)
    deviance = {
        link: engine.glm(X, died, "binomial", link, trials=trials).deviance
        for link in ("logit", "probit", "cloglog")
    }
    assert deviance["cloglog"] < 0.5 * min(deviance["logit"], deviance["probit"])


@of("dobson")
def treatments_that_differ_in_nothing_have_no_weight() -> None:
    trainer = run("dobson", 5000)
    data = data_of(trainer)
    at = [data.feature_names.index(name) for name in ("treatment2", "treatment3")]
    fit = engine.glm(data.X, data.Y[:, 0], "poisson")
    assert trainer.network.weights[0][0, at] == pytest.approx(0.0, abs=1e-9)
    assert coefficients(trainer) == pytest.approx(fit.coefficients, abs=1e-9)


# published examples: all their digits are in tests/tui/experiments/test_published_examples.py


def objective(trainer: Trainer) -> float:
    """C + R with an L2 penalty of 0.001."""
    return cost(trainer) + 0.0005 * sum(float((W**2).sum()) for W in trainer.network.weights)


@of("exam")
def a_unit_on_0_and_1_is_the_published_logistic_regression() -> None:
    trainer = run("exam", 1000)
    data = data_of(trainer)
    assert data.target_names == ("0", "1")
    assert trainer.network.output == "sigmoid"
    assert coefficients(trainer) == pytest.approx([-4.0777, 1.5046], abs=5e-5)
    fit = engine.glm(data.X, data.Y[:, 0], "binomial")
    assert coefficients(trainer) == pytest.approx(fit.coefficients, rel=1e-6)


@of("nand")
def a_perceptron_with_a_sigmoid_is_nand_if_rounded() -> None:
    trainer = run("nand", 0)
    rows = data_of(trainer).X
    assert trainer.network.parameters.tolist() == [-2.0, -2.0, 3.0]
    assert trainer.predict(rows)[:, 0].round(3).tolist() == [0.953, 0.731, 0.731, 0.269]
    later = run("nand", 1000)
    assert (np.abs(later.network.parameters) > 2.0 * np.abs(trainer.network.parameters)).all()
    for one in (trainer, later):
        assert one.predict(rows)[:, 0].round().tolist() == [1.0, 1.0, 1.0, 0.0]


@of("nielsen")
def the_neuron_of_nielsen_comes_near_0() -> None:
    trainer = run("nielsen", 0)
    assert trainer.network.parameters.tolist() == [0.6, 0.9]
    assert data_of(trainer).Y.tolist() == [[0.0]]
    assert round(float(trainer.predict([[1.0]])[0, 0]), 2) == 0.82
    assert round(float(trainer.seek(300).predict([[1.0]])[0, 0]), 2) == 0.09


@of("nielsen-slow")
def far_off_the_neuron_learns_more_slowly() -> None:
    trainer, other = run("nielsen-slow", 0), run("nielsen", 0)
    assert trainer.network.parameters.tolist() == [2.0, 2.0]
    assert round(float(trainer.predict([[1.0]])[0, 0]), 2) == 0.98
    slope = [one.take_apart().gradient[0] for one in (trainer, other)]
    assert cost(trainer) > cost(other)
    assert slope[0] < 0.2 * slope[1]
    assert round(float(trainer.seek(150).predict([[1.0]])[0, 0]), 2) == 0.93


@of("xor01")
def two_relu_units_are_xor_and_a_line_is_a_half() -> None:
    trainer = run("xor01", 0)
    assert trainer.predict(data_of(trainer).X)[:, 0].tolist() == [0.0, 1.0, 1.0, 0.0]
    start = trainer.network.parameters
    assert np.array_equal(run("xor01", 100).network.parameters, start)
    assert ols(trainer).coefficients == pytest.approx([0.5, 0.0, 0.0], abs=1e-15)


@of("micrograd")
def the_gradients_of_karpathys_neuron_are_on_the_screen() -> None:
    step = run("micrograd", 0).take_apart()
    o = step.batch.forward.a[-1]
    assert float(o[0, 0]) == pytest.approx(0.7071, abs=5e-5)
    assert step.targets == pytest.approx(o - 1.0)
    assert step.batch.weight_gradients[1] == pytest.approx(np.array([[1.0, 0.0]]))
    assert step.batch.bias_gradients[1] == pytest.approx([0.5])
    assert step.batch.deltas[0] == pytest.approx(np.array([[-1.5, 0.5]]))
    assert run("micrograd", 10).network.weights[0].tolist() == [[1.0, 0.0], [0.0, 1.0]]


@of("mazur")
def mazur_s_numbers_and_the_one_that_is_not_gradient_descent() -> None:
    trainer = run("mazur", 0)
    assert round(cost(trainer), 9) == 0.298371109
    trainer.step()
    assert round(float(trainer.network.weights[1][0, 0]), 8) == 0.35891648
    assert round(cost(trainer), 9) == 0.291027774


@of("adam")
def adam_s_first_step_has_the_size_of_the_learning_rate() -> None:
    step = run("adam", 0).take_apart()
    assert step.gradient.tolist() == [4.0, 2.0]
    assert step.new_slots[0] == pytest.approx([0.4, 0.2])
    assert step.new_slots[1] == pytest.approx([0.016, 0.004])
    assert step.parameters - step.network.parameters == pytest.approx([-0.1, -0.1])
    assert step.learning_rate == 0.1


@of("prakash")
def the_softmax_of_14prakash_has_no_exponentials() -> None:
    forward = run("prakash", 0).take_apart().batch.forward
    assert forward.a[3][0].round(4).tolist() == [0.1984, 0.2854, 0.5162]
    z = forward.z[2][0]
    assert z / z.sum() == pytest.approx([0.2698, 0.3223, 0.4078], abs=2e-4)


@of("cs231n-linear")
def lines_cannot_follow_three_spirals() -> None:
    trainer = run("cs231n-linear", 0)
    assert round(objective(trainer), 6) == 1.096919
    assert round(objective(trainer.seek(190)), 6) == 0.786302
    assert round(right(trainer), 2) == 0.49


@of("cs231n")
def a_hidden_layer_follows_three_spirals() -> None:
    trainer = run("cs231n", 0)
    assert round(objective(trainer), 6) == 1.098637
    assert round(objective(trainer.seek(3000)), 6) == 0.251507
    assert round(right(trainer), 2) == 0.98


@pytest.mark.parametrize("name", NAMES)
def test_what_the_sentence_says_happens(name: str) -> None:
    TRUTHS[name]()


# the gallery as a whole


def test_the_index_and_the_files_are_the_same_experiments() -> None:
    files = {path.stem for path in EXPERIMENTS.glob("*.toml")} - {"gallery"}
    assert set(NAMES) == set(TRUTHS) == files
    assert len(NAMES) == len(set(NAMES))
    datasets = files & engine.DATASETS.keys()  # a set may have no experiment of its own
    assert {built_in(name) for name in datasets} <= {e.experiment for e in gallery()}


def test_every_entry_is_one_sentence_and_fits_the_list() -> None:
    for one in gallery():
        assert len(one.title) <= LIST - 5, one.title
        assert one.look_for.endswith(".")
        assert ". " not in one.look_for


def test_a_name_that_there_is_not_is_told_all_that_there_are() -> None:
    with pytest.raises(EngineError, match="did you mean circle") as mistake:
        entry("cirlce")
    assert all(name in str(mistake.value) for name in NAMES)


def test_every_word_that_is_typed_narrows_the_list() -> None:
    assert matching(gallery(), "") == gallery()
    assert {e.name for e in matching(gallery(), "SPIRAL sines")} == {"spiral-waves"}
    assert matching(gallery(), "nonesuch") == ()


@pytest.mark.parametrize("height", [1, 2, 5, 80])
def test_the_chosen_entry_is_always_among_the_rows_below_its_heading(height: int) -> None:
    first, rows = 0, rows_of(gallery())
    for chosen in (0, 3, 34, 30, 2, 0):
        one = gallery()[chosen]
        first = first_row(rows, one, height, first)
        assert one in rows[first : first + height]
        if height > 1 and isinstance(rows[rows.index(one) - 1], str):
            assert one.heading in rows[first : first + height]


def test_each_heading_stands_once_above_its_group() -> None:
    rows = rows_of(gallery())
    headings = [row for row in rows if isinstance(row, str)]
    assert len(headings) == len(set(headings)) == len({one.heading for one in gallery()})
    assert "published examples" in headings
    above = ""
    for row in rows:
        if isinstance(row, str):
            above = row
        else:
            assert row.heading == above
    assert [row for row in rows if not isinstance(row, str)] == [*gallery()]
    assert rows_of([entry("mazur")]) == ("published examples", entry("mazur"))
    assert rows_of(()) == ()


def test_a_heading_typed_is_its_group() -> None:
    found = matching(gallery(), "published examples")
    assert {one.heading for one in found} == {"published examples"}
    assert entry("mazur") in found


# the dialog


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_letters_filter_arrows_choose_and_enter_returns_the_entry(size) -> None:
    chosen: list[Entry | None] = []
    async with running(Experiment(), size=size, ascii=True) as (app, pilot):
        app.push_screen(GalleryScreen(app.look), chosen.append)
        await press(app, pilot, *"q xor", "down")
        assert "no experiment has that" in text(app)
        await press(app, pilot, "escape", *"xor", "down")
        assert entry("xor-product").title in text(app)
        assert "--experiment xor-product" in text(app)
        assert text(app).isascii()
        assert entry("circle").title not in text(app)
        await press(app, pilot, "enter")
        assert chosen == [entry("xor-product")]
        assert app.session.trainer.step_count == 0


async def test_the_session_that_was_left_for_another_comes_back_by_a_key() -> None:
    async with running(Experiment()) as (app, pilot):
        app.session.time.step(7)
        await press(app, pilot, "B", "vertical_line", "right")
        before = app.session
        await press(app, pilot, "ctrl+g", *"product", "enter")
        assert app.session is not before
        assert app.message == "ctrl+r returns to the session before"
        await press(app, pilot, "1", "right", "ctrl+r")
        assert app.session is before
        assert [run.live.step_count for run in before.runs.live] == [8, 8]
        await press(app, pilot, "ctrl+r")
        assert app.session.trainer.step_count == 1


async def test_escape_shows_all_again_and_then_returns_none() -> None:
    chosen: list[Entry | None] = []
    async with running(Experiment()) as (app, pilot):
        app.push_screen(GalleryScreen(app.look), chosen.append)
        await press(app, pilot, "z", "escape", "end")
        assert gallery()[-1].look_for.split()[0] in text(app)
        assert f"{len(gallery())} of {len(gallery())}" in text(app)
        await press(app, pilot, "home", "backspace", "escape")
        assert chosen == [None]


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_and_description_fits_a_small_terminal(name: str) -> None:
    canvas = Canvas(72, 20, DARK)
    draw(canvas, gallery(), entry(name), "", 0)
    drawn = " ".join(line[LIST:].strip() for line in canvas.text_lines())
    one = entry(name)
    assert one.look_for in " ".join(drawn.split())
    examples = "1 example" if one.experiment.batch_size == 1 else "examples"
    assert f"{examples} a step" in " ".join(drawn.split())
