"""Each measure is what its name says, by closed forms and independent calculations."""

from math import inf, isnan, nan

import numpy as np
import pytest

from engine import EngineError, Experiment, Network, Trainer, affine_at, linear_regions
from engine.glm.families import GLM_NETWORKS
from engine.measures.check import check
from engine.measures.claim import Claim
from engine.measures.moment import Moment
from engine.measures.table import MEASURES, measured
from engine.network.collapse import embed_affine
from engine.regions.box import data_box
from tui.experiments.library import gallery

ARGUMENTS = {
    "slip": "wrong sign",
    "knots": 6,
    "degree": 3,
    "method": "interpolant",
    "target": "sine",
    "case": "normal",
}


def moment(step: int = 0, **settings) -> Moment:
    return Moment.of(Trainer(Experiment(**settings)).seek(step))


def arguments_of(name: str) -> dict:
    return {one.name: ARGUMENTS[one.name] for one in MEASURES[name].arguments}


RUNS = {
    "classes in the plane": {"dataset": "circle", "hidden": (4, 3)},
    "a curve": {"dataset": "sine", "hidden": (8,)},
    "one layer": {"dataset": "line", "hidden": ()},
    "three classes": {"dataset": "iris", "hidden": (3,)},
    "counts": {"dataset": "dobson", "hidden": (2,), "output": "exp", "loss": "poisson"},
    "many inputs": {"dataset": "mtcars", "hidden": (3,), "activation": "tanh"},
    "curved features": {"dataset": "circle", "features": ("x1", "x1^2"), "hidden": (2,)},
    "a convolution and a skip": {
        "dataset": "stackloss",
        "hidden": (3, 3),
        "convolutions": ((1, 3),),
        "skips": ((1, 2),),
    },
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("run", RUNS)
def test_a_measure_is_a_number_or_says_why_it_is_none(name, run):
    try:
        value = measured(moment(5, **RUNS[run]), name, arguments_of(name))
    except EngineError:
        return  # any other error fails
    assert isinstance(value, float)


def _piecewise(run: Moment) -> bool:
    linear = {"identity", "relu", "leaky_relu"}
    return linear.issuperset(run.network.activations)


def _pieces(run: Moment, *inputs: int) -> bool:
    sees = not run.prepared.dataset.features and run.network.sizes[0] in inputs
    return sees and _piecewise(run)


def _classes(run: Moment) -> bool:
    return run.prepared.dataset.task != "regression"


def _quadratic(run: Moment) -> bool:
    return run.loss in ("quadratic", "half_quadratic")


def _tests(run: Moment) -> bool:
    return len(run.prepared.dataset.test) > 0


def _curve(run: Moment) -> bool:
    data = run.prepared.dataset
    one = data.X.shape[1] == data.Y.shape[1] == 1
    return one and not _classes(run) and _quadratic(run)


def _identities(run: Moment, of_output: bool) -> bool:
    names = (*run.network.activations, *([run.network.output] if of_output else []))
    return {"identity"}.issuperset(names)


FITTING = {
    "line_cost": _quadratic,
    "test_cost": _tests,
    "accuracy": _classes,
    "test_accuracy": lambda run: _classes(run) and _tests(run),
    "outputs_gap": lambda run: (
        bool(run.network.activations) and not run.network.skips + run.network.convolutions
    ),
    "chain_rule_gap": lambda run: not run.network.convolutions,
    "ols_gap": lambda run: _identities(run, of_output=True),
    "glm_gap": lambda run: (
        _identities(run, of_output=False)
        and run.targets.shape[1] == 1
        and (run.network.output, run.loss) in GLM_NETWORKS.values()
    ),
    "regions": lambda run: _pieces(run, 2),
    "linear_pieces": lambda run: _pieces(run, 1, 2),
    "knots": lambda run: _pieces(run, 1),
    "pieces_gap": _piecewise,
    "knots_moved": lambda run: run.network.sizes[0] == 1 and len(run.network.sizes) == 3,
    "last_layer_cost": _quadratic,
    "knots_cost": lambda run: _curve(run) and len(run.inputs) > 1,
    "polynomial_cost": _curve,
    "polynomial_test_cost": lambda run: _curve(run) and _tests(run),
    "line_test_cost": lambda run: _curve(run) and _tests(run),
    "polynomial_condition": _curve,
    "overfitting": _tests,
}
"""Which runs a measure is of, as its ``runs`` says in words."""
LIMITED = ("r_squared", "slip_gap", "flip_share")  # by numbers of the run


def test_a_measure_is_of_the_runs_that_its_words_say():
    said = {name for name, measure in MEASURES.items() if measure.runs}
    assert said == {*FITTING, *LIMITED}
    for entry in gallery():
        run = Moment.of(Trainer(entry.experiment).step(5))
        for name, fits in FITTING.items():
            try:
                measured(run, name, arguments_of(name))
                is_measured = True
            except EngineError:
                is_measured = False
            assert is_measured == fits(run), (name, entry.name)


@pytest.mark.parametrize(
    ("name", "arguments", "mistake"),
    [
        ("polynomial_cost", {}, "the measure polynomial_cost needs degree"),
        ("polynomial_cost", {"degree": 31}, "degree is 31; it must be a whole number from 0 to 30"),
        ("polynomial_cost", {"degree": 2.0}, "degree is 2.0; it must be a whole number from"),
        ("coverage", {"case": "norml"}, "case is 'norml'; it must be one of: normal,"),
        ("width_exponent", {"method": "even", "target": "x"}, "target is 'x'; it must be one of"),
    ],
)
def test_what_a_measure_is_told_must_be_one_of_its_values(name, arguments, mistake):
    with pytest.raises(EngineError, match=mistake):
        measured(moment(dataset="sine"), name, arguments)


def test_of_a_diverged_run_only_what_does_not_need_its_numbers_is_measured():
    diverged = moment(50, dataset="reg-plane", hidden=(3,), learning_rate=1e6)
    assert measured(diverged, "diverged") == 1.0
    for name, measure in MEASURES.items():
        if not measure.of_any:
            with pytest.raises(EngineError, match="go back first"):
                measured(diverged, name, arguments_of(name))


def test_c_is_the_mean_of_the_c_x_and_depends_on_the_outputs_alone():
    now = moment(30, dataset="circle", hidden=(4, 3))
    assert measured(now, "mean_gap") < 1e-14
    assert measured(now, "outputs_gap") < 1e-14
    assert measured(now, "cost") == pytest.approx(Trainer(now.prepared.experiment).seek(30).cost())


def test_the_gradient_is_that_of_differences_and_the_factors_of_the_chain_rule():
    now = moment(30, dataset="circle", hidden=(4, 3), activation="tanh")
    assert measured(now, "gradient_gap") < 1e-6
    assert measured(now, "chain_rule_gap") < 1e-12
    assert measured(now, "slip_gap", {"slip": "wrong sign"}) == pytest.approx(2.0, abs=1e-5)


def test_delta_ratio_is_that_of_the_lengths_of_the_deltas():
    now = moment(10, dataset="circle", hidden=(4, 3))
    first, last = (np.sqrt((now.backward.deltas[at] ** 2).sum(axis=1)).mean() for at in (0, -1))
    assert measured(now, "delta_ratio") == pytest.approx(first / last)


@pytest.mark.parametrize(
    ("settings", "is_canonical"),
    [
        ({"dataset": "challenger", "hidden": (3,)}, True),
        ({"dataset": "iris", "hidden": (3,)}, True),
        ({"dataset": "dobson", "hidden": (3,), "output": "exp", "loss": "poisson"}, True),
        ({"dataset": "sine", "hidden": (3,)}, False),  # 2(a − y)
    ],
)
def test_the_last_delta_is_a_minus_y_for_canonical_pairs_alone(settings, is_canonical):
    assert (measured(moment(3, **settings), "residual_gap") < 1e-12) == is_canonical


def test_a_stack_of_identities_is_one_map_and_one_relu_is_none():
    straight = moment(20, dataset="stackloss", hidden=(3, 2), activation="identity")
    bent = moment(20, dataset="stackloss", hidden=(3, 2), activation="relu")
    assert measured(straight, "collapse_gap") < 1e-12 < 1e-3 < measured(bent, "collapse_gap")
    assert measured(straight, "affine_gap") < 1e-10 < 1e-3 < measured(bent, "affine_gap")
    assert measured(straight, "inputs_bend") == 0.0 < measured(bent, "inputs_bend")
    assert measured(straight, "weights_bend") > 0.0


def test_ols_gap_is_zero_at_the_solution_and_the_size_of_a_step_away_from_it():
    trainer = Trainer(Experiment(dataset="line", hidden=()))
    X, y = Moment.of(trainer).inputs, Moment.of(trainer).targets
    design = np.column_stack([np.ones(len(X)), X])
    b, w = np.linalg.lstsq(design, y, rcond=None)[0][:, 0]
    from engine import AffineMap

    solved = embed_affine(trainer.network, AffineMap(np.array([[w]]), np.array([b])))
    trainer.assign(solved)
    assert measured(Moment.of(trainer), "ols_gap") < 1e-12
    trainer.edit(1, "bias", 0, b + 0.25)
    assert measured(Moment.of(trainer), "ols_gap") == pytest.approx(0.25)


def test_glm_gap_shrinks_as_descent_goes_on():
    run = {"dataset": "challenger", "hidden": (), "batch_size": 23, "learning_rate": 1.0}
    early, late = (moment(step, **run) for step in (1, 400))
    assert measured(late, "glm_gap") < 0.1 * measured(early, "glm_gap")


def test_regions_are_those_of_the_map_over_the_range_of_the_data():
    now = moment(300, dataset="circle", hidden=(4, 3))
    found = linear_regions(now.network, data_box(now.prepared.dataset.X))
    assert measured(now, "regions") == found.activation_count
    assert measured(now, "linear_pieces") == found.linear_count
    assert measured(now, "pieces_gap") < 1e-12


def test_knots_of_a_line_that_bends_twice_are_two_in_the_datas_range():
    now = moment(dataset="sine", hidden=(2,))
    bent = Network.from_arrays([[[1.0], [1.0]], [[1.0, -2.0]]], [[1.0, -1.0], [0.0]])
    moved = Moment(now.prepared, bent, now.settings, 0, None)
    assert measured(moved, "knots") == 2.0
    assert measured(moved, "linear_pieces") == 3.0
    w, b = now.prepared.network.weights[0][:, 0], now.prepared.network.biases[0]
    assert measured(moved, "knots_moved") == pytest.approx(max(abs(np.array([-1, 1]) + b / w)))


def test_the_nearest_flip_is_never_beyond_one_that_a_grid_finds():
    now = moment(500, dataset="circle", hidden=(4, 3))
    share = measured(now, "flip_share")
    low, high = np.array(data_box(now.prepared.dataset.X)).T
    axes = [np.linspace(a, b, 241) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    signs = now.network.forward(grid).z[-1][:, 0] > 0.0
    X = now.inputs[:20]
    own = now.network.forward(X).z[-1][:, 0] > 0.0
    nearest = min(
        np.sqrt(((grid[signs != sign] - x) ** 2).sum(axis=1)).min()
        for x, sign in zip(X, own, strict=True)
    )
    distances = np.sqrt(((now.inputs[:, None] - now.inputs) ** 2).sum(axis=2))
    np.fill_diagonal(distances, inf)
    typical = np.median(distances.min(axis=1))
    spacing = float(np.hypot(*(np.ptp(axis) / 240 for axis in axes)))
    assert nearest - spacing <= share * typical <= nearest + 1e-9


def test_least_squares_on_the_last_layer_is_no_worse_than_the_network():
    now = moment(300, dataset="sine", hidden=(8,), learning_rate=0.003)
    assert not now.divergence
    assert measured(now, "last_layer_cost") <= measured(now, "cost") + 1e-12


def test_a_polynomial_of_degree_one_is_the_line():
    now = moment(dataset="sine", hidden=())
    assert measured(now, "polynomial_cost", {"degree": 1}) == pytest.approx(
        measured(now, "line_cost")
    )
    assert measured(now, "knots_cost", {"knots": 0}) == pytest.approx(measured(now, "line_cost"))
    data = now.prepared.dataset
    slope, level = np.polyfit(data.X[data.train, 0], data.Y[data.train, 0], 1)
    errors = data.Y[data.test, 0] - slope * data.X[data.test, 0] - level
    assert measured(now, "line_test_cost") == pytest.approx(np.mean(errors**2))


def test_the_error_of_relu_falls_with_the_square_of_the_width():
    now = moment(dataset="line", hidden=())
    rate = measured(now, "width_exponent", {"method": "interpolant"})
    assert rate == pytest.approx(-2.0, abs=0.1)


def test_95_percent_intervals_hold_the_truth_so_often_unless_errors_depend_on_each_other():
    now = moment(dataset="line", hidden=())
    share = measured(now, "coverage", {"case": "normal"})
    assert share == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 2000))
    assert measured(now, "coverage", {"case": "autocorrelated"}) < 0.8


def test_the_rate_share_of_a_quadratic_is_eta_lambda_half():
    now = moment(dataset="line", hidden=(), learning_rate=0.05)
    design = np.column_stack([now.inputs, np.ones(len(now.inputs))])
    largest = np.linalg.eigvalsh(2.0 / len(design) * design.T @ design).max()
    assert measured(now, "rate_share") == pytest.approx(0.05 * largest / 2.0, rel=1e-6)


def test_a_claim_holds_by_its_relation_and_never_with_a_number_that_is_none():
    now = moment(7, dataset="line", hidden=())
    assert check(now, Claim("step", "equals", 7)).holds
    assert not check(now, Claim("step", "equals", 8)).holds
    assert check(now, Claim("step", "equals", 8, within=1)).holds
    assert check(now, Claim("step", "below", 8)).holds
    assert not check(now, Claim("step", "above", 7)).holds
    assert check(now, Claim("line_cost", "below", "cost")).holds
    checked = check(moment(dataset="nielsen", hidden=()), Claim("r_squared", "below", inf))
    assert isnan(checked.value) and not checked.holds
    assert not check(now, Claim("step", "below", nan)).holds


def test_an_unknown_measure_is_named_with_those_there_are():
    with pytest.raises(EngineError, match=r"no measure 'costs'; there are: cost, "):
        measured(moment(dataset="line"), "costs")


def test_affine_at_of_an_example_gives_its_z():
    now = moment(100, dataset="circle", hidden=(4, 3))
    x = now.inputs[3]
    z = now.network.forward(x[None]).z[-1][0]
    assert affine_at(now.network, x)(x[None])[0] == pytest.approx(z)
