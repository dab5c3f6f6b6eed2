"""A one-layer network is a generalised linear model; a stack is not linear in its weights."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from frames import frame_of, framed
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import EngineError, Experiment, Network, collapse, random_direction
from tui.model.frame import Frame
from tui.model.glm.choice import (
    GlmChoice,
    default_choice,
    links,
    next_family,
    next_link,
    why_impossible,
)
from tui.model.glm.compute_facts import glm_facts, other_model
from tui.model.glm.facts import GlmFacts
from tui.model.glm.model import (
    fitted_to,
    glm_experiment,
    next_activation,
    with_layer,
    without_layer,
)
from tui.model.glm.stack import measure_stack
from tui.session.session import Session

pytestmark = pytest.mark.trained

MODELS = [
    ("challenger", "binomial", "logit"),
    ("challenger", "binomial", "probit"),
    ("challenger", "binomial", "cloglog"),
    ("beetles", "binomial", "logit"),
    ("dobson", "poisson", "log"),
    ("dobson", "gamma", "log"),
    ("cars", "gamma", "inverse"),
    ("cars", "gaussian", "identity"),
    ("cars", "gaussian", "log"),
    ("circle", "binomial", "logit"),
]


def model_run(dataset: str, family: str, link: str, steps: int = 0) -> tuple[Frame, GlmFacts]:
    """A run of the network that is the model, and its facts after so many steps."""
    start = Session(Experiment(dataset=dataset, hidden=()))
    choice = GlmChoice(family, link)
    session = Session(glm_experiment(start.experiment, start.prepared.dataset, choice))
    session.time.step(steps)
    frame = framed(session)
    return frame, glm_facts(frame, choice)


@pytest.mark.parametrize(("dataset", "family", "link"), MODELS)
def test_descent_on_one_layer_arrives_at_the_coefficients_of_irls(dataset, family, link):
    _, facts = model_run(dataset, family, link, 20_000)
    fit = facts.fit
    assert facts.matches
    assert np.abs(facts.network - fit.coefficients).max() < 1e-8 * np.abs(fit.coefficients).max()


@pytest.mark.parametrize(("dataset", "family", "link"), MODELS)
def test_the_deviance_follows_from_the_cost_at_any_weights(dataset, family, link):
    _, facts = model_run(dataset, family, link, 8)
    assert facts.deviance == pytest.approx(facts.deviance_sum, rel=1e-11, abs=1e-11)
    known = dict(zip(facts.steps.tolist(), facts.deviances.tolist(), strict=True))
    assert known[8] == pytest.approx(facts.deviance, rel=1e-12)


@pytest.mark.parametrize(("dataset", "family", "link"), [m for m in MODELS if m[2] != "identity"])
def test_the_network_starts_as_the_model_without_inputs_and_only_descends(dataset, family, link):
    _, facts = model_run(dataset, family, link, 200)
    assert facts.deviances[0] == pytest.approx(facts.fit.null_deviance, rel=1e-10)
    assert (np.diff(facts.deviances) <= 1e-12 * facts.fit.null_deviance).all()
    assert facts.deviances.min() >= facts.fit.deviance * (1.0 - 1e-12)


@pytest.mark.parametrize(("dataset", "family", "link"), MODELS)
def test_the_fit_as_a_network_predicts_the_fitted_means(dataset, family, link):
    model = fitted_to(frame_of(dataset=dataset, hidden=()).data, GlmChoice(family, link))
    predicted = model.network.predict(model.inputs)[:, 0]
    assert np.allclose(predicted, model.fit.fitted, rtol=1e-10)


def test_published_answers_of_the_experiments():
    # Dalal, Fowlkes & Hoadley 1989; Dobson 1990: beetles, deviance 11.23 on 6 df by logit
    challenger = model_run("challenger", "binomial", "logit")[1].fit
    assert challenger.coefficients == pytest.approx([15.0429, -0.2322], abs=5e-5)
    beetles = model_run("beetles", "binomial", "logit")[1].model
    assert beetles.grouped.deviance == pytest.approx(11.23, abs=5e-3)
    assert beetles.grouped.freedom == 6
    assert beetles.grouped.coefficients == pytest.approx(beetles.fit.coefficients, rel=1e-9)


@pytest.mark.parametrize(("dataset", "family", "link"), MODELS)
def test_delta_is_a_minus_y_by_the_chain_rule_for_canonical_pairs_alone(dataset, family, link):
    delta = model_run(dataset, family, link, 3)[1].delta
    canonical = link == links(family)[0]
    assert delta.canonical == canonical
    scale = 1e-12 if dataset != "cars" else 1e-10
    assert (delta.gap < scale) == canonical


def test_where_delta_is_not_a_minus_y_the_gap_is_the_largest_difference():
    frame = frame_of(20, dataset="circle", hidden=())  # tanh + quadratic
    data = frame.data
    rows = data.X[data.train]
    a = np.tanh(rows @ frame.network.weights[0].T + frame.network.biases[0])
    difference = a - data.Y[data.train]
    gap = np.abs(2.0 * difference * (1.0 - a**2) - 2.0 * difference).max()
    delta = glm_facts(frame).delta
    assert not delta.canonical
    assert delta.gap == pytest.approx(gap, rel=1e-12)


# what keeps a network from being the model


def test_what_differs_from_the_model_is_named():
    facts = glm_facts(frame_of(dataset="circle", hidden=(4, 3), l2=0.01))
    assert facts.choice == GlmChoice("binomial", "logit")
    assert facts.differences == (
        "hidden layers 4-3",
        "output tanh, not sigmoid",
        "loss quadratic, not binary_cross_entropy",
        "with a penalty: L2 0.01 pulls weights to 0",
    )
    assert facts.network is None
    assert "layer 1 is not linear (relu)" in facts.network_note
    assert facts.deviance is None
    assert not len(facts.deviances)


def test_a_stack_of_identities_has_the_coefficients_of_its_product():
    frame = frame_of(20, dataset="mtcars", hidden=(3, 2), activation="identity")
    facts = glm_facts(frame)
    W1, W2, W3 = frame.network.weights
    scaled = (W3 @ W2 @ W1)[0] * frame.data.y_scale.sd[0]
    assert facts.network[1:] == pytest.approx(scaled / frame.data.x_scale.sd, rel=1e-10)
    X = frame.data.X
    predicted = frame.data.y_scale.undo(frame.network.predict(frame.data.x_scale.apply(X)))
    assert facts.network[0] + X @ facts.network[1:] == pytest.approx(predicted[:, 0], rel=1e-10)


STACKS = [
    {"hidden": (4,)},
    {"hidden": (1,)},  # narrow, but one output needs no more
    {"hidden": (3, 2)},
    {"hidden": (3, 3), "skips": ((1, 2),)},
    {"hidden": (3, 3), "convolutions": ((2, 3),)},
]


def stack_run(dataset, family, link, steps=0, **changes):
    """The network that is the model with other layers before its output, and its facts."""
    start = Session(Experiment(dataset=dataset, hidden=()))
    choice = GlmChoice(family, link)
    one = glm_experiment(start.experiment, start.prepared.dataset, choice)
    session = Session(
        replace(one, **({"activation": "identity", "weights": None, "biases": None} | changes))
    )
    session.time.step(steps)
    frame = framed(session)
    return frame, glm_facts(frame, choice)


@pytest.mark.parametrize(("dataset", "family", "link"), MODELS)
@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_of_identities_with_the_models_output_and_loss_is_the_model(
    dataset, family, link, stack
):
    frame, facts = stack_run(dataset, family, link, **stack)
    z, inputs = frame.network.forward(facts.model.inputs).z[-1], facts.model.inputs
    W, b = collapse(frame.network)
    assert facts.z_error == np.abs(z - (inputs @ W.T + b)).max() <= 1e-12
    assert facts.differences == () and facts.is_model
    shared = 3 * 4 - 4 if "convolutions" in stack else 0
    assert (
        facts.parameters
        == sum((m + 1) * n for m, n in pairwise(frame.network.sizes)) - shared
        > facts.fit.rank
    )


def test_four_identities_before_the_output_of_challenger_descend_to_the_fit_itself():
    # 13 parameters where 2 do: deviance 20.315 (Dalal, Fowlkes & Hoadley 1989)
    facts = stack_run("challenger", "binomial", "logit", 20_000, hidden=(4,))[1]
    assert (facts.parameters, facts.fit.rank) == (13, 2)
    assert facts.is_model and facts.at_fit and facts.z_error < 1e-14
    assert facts.deviance == pytest.approx(20.315, abs=5e-4)
    assert np.abs(facts.network - facts.fit.coefficients).max() < 1e-10
    before = stack_run("challenger", "binomial", "logit", 3, hidden=(4,))[1]
    assert before.is_model and before.at_fit is False


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), bias=st.booleans())
def test_a_stack_with_one_output_makes_every_affine_map_near_its_own(seed, bias):
    """So it has as many directions as the model: the rank of ∂(W_z, b_z)/∂θ."""
    rng = np.random.default_rng(seed)
    sizes = [*(int(n) for n in rng.integers(1, 4, rng.integers(1, 5))), 1]
    pairs = [(s, t) for s, t in combinations(range(len(sizes)), 2) if sizes[s] == sizes[t]]
    skips = [pair for pair in pairs if rng.random() < 0.5]
    network = Network(sizes, "identity", bias=bias, skips=skips)
    theta = rng.normal(size=network.parameters.size)

    def map_of(parameters):
        W, b = collapse(network.with_parameters(parameters))
        return np.concatenate([W[0], b if bias else []])

    h = 1e-5 * np.eye(theta.size)
    jacobian = np.array([map_of(theta + one) - map_of(theta - one) for one in h]) / 2e-5
    assert np.linalg.matrix_rank(jacobian, tol=1e-6) == sizes[0] + bias


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"hidden": (4,), "activation": "relu"}, "hidden layer 4"),
        ({"hidden": (3, 2), "activation": ("identity", "tanh")}, "hidden layers 3-2"),
        ({"hidden": (4,), "l2": 0.01}, "with a penalty: L2 0.01 pulls weights to 0"),
        (
            {"hidden": (4,), "l1": 1e-5, "l2": 0.01},
            "with a penalty: L1 1e−5 and L2 0.01 pull weights to 0",
        ),
        ({"hidden": (4,), "bias": False}, "without an intercept"),
        ({"hidden": (4,), "output": "probit"}, "output probit, not sigmoid"),
        (
            {"hidden": (4,), "loss": "quadratic"},
            "loss quadratic, not binary_cross_entropy",
        ),
    ],
)
def test_a_stack_that_is_not_the_model_is_not_said_to_be(changes, difference):
    facts = stack_run("challenger", "binomial", "logit", **changes)[1]
    assert facts.differences == (difference,)
    assert facts.is_model is False


def test_a_convolution_is_a_difference_only_where_it_restricts_the_map():
    # (w₁ + w₂ t)(k₁ + k₂ t) has real roots: not every map of three inputs is w T(k)
    narrow = {"hidden": (2,), "convolutions": ((1, 2),)}
    facts = stack_run("stackloss", "gaussian", "identity", **narrow)[1]
    assert facts.differences == ("layer 1 is a convolution",)
    for wide in ({"hidden": (3,), "convolutions": ((1, 3),)}, {"convolutions": ((1, 3),)}):
        facts = stack_run("stackloss", "gaussian", "identity", **wide)[1]
        assert facts.differences == () and facts.is_model


@pytest.mark.parametrize(
    ("output", "loss", "k", "model"),
    [
        ("tanh", "quadratic", 1, "nonlinear least squares, ŷ = tanh(z)"),
        ("sin", "quadratic", 1, "nonlinear least squares, ŷ = sin(z)"),
        ("sigmoid", "quadratic", 1, "the GLM gaussian, logit"),
        ("identity", "quadratic", 1, "the GLM gaussian, identity"),
        ("exp", "quadratic", 1, "the GLM gaussian, log"),
        ("probit", "binary_cross_entropy", 1, "the GLM binomial, probit"),
        ("exp", "poisson", 1, "the GLM poisson, log"),
        ("softmax", "cross_entropy", 3, "multinomial logistic regression"),
        ("sigmoid", "poisson", 1, ""),
        ("tanh", "quadratic", 2, ""),
    ],
)
def test_what_a_network_of_an_affine_z_is_by_its_output_and_loss(output, loss, k, model):
    for sizes in ([4, k], [4, 3, k]):
        assert other_model(Network(sizes, "identity", output), loss) == model
        if len(sizes) > 2:
            assert other_model(Network(sizes, "relu", output), loss) == ""
    if output == "softmax":  # one unit passes one direction on, three classes need two
        assert other_model(Network([4, 1, k], "identity", output), loss) == ""
        assert other_model(Network([4, 2, k], "identity", output), loss) == model


def test_where_the_likelihood_has_no_maximum_no_network_is_at_its_fit():
    facts = stack_run("gauss", "binomial", "logit", 50, hidden=(2,))[1]
    assert facts.is_model and facts.fit.separation
    assert facts.at_fit is None


@pytest.mark.parametrize("dataset", ["xor", "circle"])
def test_one_layer_cannot_separate_xor_and_circle_and_four_units_can(dataset):
    one = model_run(dataset, "binomial", "logit", 2000)[1]
    assert one.right == one.network_right < 0.7
    session = Session(
        Experiment(dataset=dataset, hidden=(6,), output="sigmoid", loss="binary_cross_entropy")
    )
    session.time.step(3000)
    assert glm_facts(framed(session)).network_right > 0.95


def test_several_classes_are_no_glm(tmp_path):
    path = tmp_path / "three.csv"
    path.write_text("a,b,c\n1,2,p\n2,1,q\n3,5,r\n4,2,p\n5,1,q\n6,3,r\n", encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=())
    facts = glm_facts(frame)
    assert facts.fit is None
    assert "has 3 classes: these models have one target" in facts.note
    with pytest.raises(EngineError, match="3 classes"):
        glm_experiment(frame.experiment, frame.data, facts.choice)


def test_separation_is_told():
    assert "complete separation" in glm_facts(frame_of(dataset="gauss", hidden=())).note


def test_a_run_that_diverged_has_facts():
    frame = frame_of(50, dataset="circle", hidden=(3,), learning_rate=1e9, activation="identity")
    facts = glm_facts(replace(frame, network=frame.network.with_parameters(np.full(13, np.nan))))
    assert facts.network is None and facts.z_error is None
    assert facts.is_model is None and facts.at_fit is None
    frame = frame_of(dataset="challenger", hidden=())
    broken = frame.network.with_parameters(np.full(2, np.nan))
    assert glm_facts(replace(frame, network=broken)).is_model is None
    assert facts.stack.note == "the weights are not finite"


# choosing


@pytest.mark.parametrize(
    ("dataset", "changes", "family"),
    [
        ("circle", {}, "binomial"),
        ("mtcars", {}, "gaussian"),
        ("mtcars", {"target": "am"}, "binomial"),
        ("mtcars", {"target": "carb"}, "gaussian"),
        ("beetles", {}, "binomial"),
        ("line", {}, "gaussian"),
        ("mtcars", {"output": "reciprocal", "loss": "gamma", "init": "he"}, "gamma"),
    ],
)
def test_the_data_or_the_networks_loss_suggest_a_family(dataset, changes, family):
    session = Session(Experiment(dataset=dataset, hidden=(), **changes))
    choice = default_choice(session.experiment, session.prepared.dataset)
    assert choice == GlmChoice(family, links(family)[0])


def test_families_go_round_by_what_the_targets_allow():
    data = frame_of(dataset="circle").data  # ±1: binomial as 0 and 1
    assert [not why_impossible(data, f) for f in ("gaussian", "binomial", "poisson", "gamma")] == [
        True,
        True,
        False,
        False,
    ]
    first = GlmChoice("binomial", "logit")
    assert next_family(data, first) == GlmChoice("gaussian", "identity")
    assert next_family(data, next_family(data, first)) == first
    choice = first
    for _ in links("binomial"):
        choice = next_link(choice)
    assert choice == first


def test_layers_are_added_and_taken_away():
    one = Experiment(dataset="xor", hidden=())
    two = with_layer(one)
    assert (two.hidden, two.activation) == ((4,), "identity")
    assert without_layer(two).hidden == ()
    assert without_layer(one) == one
    names = [two := next_activation(two) for _ in range(3)]
    assert [experiment.activation for experiment in names] == ["relu", "tanh", "identity"]
    assert next_activation(one) == one


def test_another_number_of_layers_frees_what_was_frozen():
    session = Session(Experiment(hidden=(2,), frozen=(0, 8)))
    experiment, data = session.experiment, session.prepared.dataset
    model = glm_experiment(experiment, data, GlmChoice("binomial", "logit"))
    for other in (with_layer(experiment), without_layer(experiment), model):
        assert Session(other).trainer.settings.frozen == ()
    assert next_activation(experiment).frozen == (0, 8)


# the stack


def straight(network: Network, X: np.ndarray) -> dict[tuple[int, ...], bool]:
    return {bend.layers: bend.straight for bend in measure_stack(network, X, X[0]).bends}


@pytest.mark.parametrize("seed", range(5))
def test_z_is_linear_in_one_layer_and_not_in_two(seed):
    X = np.random.default_rng(seed).normal(size=(30, 3))
    assert straight(Network([3, 1], seed=seed), X) == {(1,): True}
    identities = Network([3, 4, 2, 1], "identity", seed=seed)
    alone = {(1,): True, (2,): True, (3,): True}
    assert straight(identities, X) == alone | {(1, 2): False, (1, 3): False, (2, 3): False}
    curved = straight(Network([3, 4, 1], "tanh", seed=seed), X)
    assert curved == {(1,): False, (2,): True, (1, 2): False}


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e-9, 0.0])
def test_one_layer_does_not_bend_with_small_inputs_and_zero_biases(scale):
    for seed in range(40):
        X = scale * np.random.default_rng(seed).normal(size=(20, 2))
        assert straight(Network([2, 1], seed=seed), X) == {(1,): True}
        pair = measure_stack(Network([2, 3, 1], "identity", seed=seed), X, X[0]).bends[-1]
        assert pair.straight is False  # the biases move z, and multiply with the weights above


def test_rounding_through_a_skip_is_no_bend():
    X = 1e6 + np.random.default_rng(0).normal(size=(20, 2))
    for seed in range(40):
        network = Network([2, 1, 1, 1], "identity", seed=seed, skips=[(1, 3)])
        network.weights[1][:] = 1e-6  # almost all of z comes through the skip
        bends = measure_stack(network, X, X[0]).bends
        assert all(bend.straight for bend in bends if len(bend.layers) == 1)


def test_the_bend_along_two_layers_is_twice_the_product_of_their_moves():
    X = np.random.default_rng(1).normal(size=(30, 3))
    network = Network([3, 4, 1], "identity", seed=2)
    move = network.with_parameters(random_direction(network, (1, 2)))
    D1, D2 = move.weights
    expected = 2.0 * np.abs((X @ D1.T + move.biases[0]) @ D2.T).max()
    bend = measure_stack(network, X, X[0]).bends[-1]
    assert bend.layers == (1, 2)
    assert bend.size == pytest.approx(expected, rel=1e-9)


def test_the_largest_pair_meets_in_a_unit_and_sees_the_largest_input():
    # ∂²z/∂w⁽²⁾_1j ∂w⁽¹⁾_jm = x_m, for every unit j
    network = Network([3, 2, 1], "identity", seed=0)
    x = np.array([0.5, -7.0, 2.0])
    pair = measure_stack(network, x[None], x).largest
    assert pair.value == -7.0
    assert pair.first[1] == 2
    assert pair.second == (1, pair.first[0])


def test_curved_layers_have_no_exact_pairs_and_one_layer_none_at_all():
    x = np.ones(2)
    assert "tanh" in measure_stack(Network([2, 2, 1], "tanh"), x[None], x).note
    assert measure_stack(Network([2, 1]), x[None], x).note == "one layer: no two weights multiply"


def test_of_categories_descent_arrives_at_the_coefficients_beside_the_reference(tmp_path):
    path = tmp_path / "kinds.csv"
    kinds, counts = "abcabcabcabc", (3, 5, 9, 4, 6, 8, 2, 7, 11, 3, 4, 10)
    rows = [f"{kind},{y}" for kind, y in zip(kinds, counts, strict=True)]
    path.write_text(
        "\n".join(["kind,y", *rows]) + "\n", encoding="utf-8"
    )  # one-hot, as a network takes it
    frame = frame_of(dataset=str(path), hidden=())
    choice = GlmChoice("poisson", "log")
    session = Session(glm_experiment(frame.experiment, frame.data, choice))
    session.time.step(5000)
    facts = glm_facts(framed(session), choice)
    assert facts.fit.names == ("intercept", "kind=b", "kind=c") and not facts.fit.dropped
    assert facts.note == "kind: compared with 'a'"
    assert np.abs(facts.network - facts.fit.coefficients).max() < 1e-10
    # closed form: a saturated model has the logs of the groups' means
    means = [
        np.mean([y for k, y in zip(kinds, counts, strict=True) if k == kind]) for kind in "abc"
    ]
    logs = np.log(means)
    assert np.abs(facts.fit.coefficients - [logs[0], *(logs[1:] - logs[0])]).max() < 1e-12
