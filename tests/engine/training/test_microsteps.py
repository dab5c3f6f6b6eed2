"""Micro-steps: a training step taken apart is the step itself, and freezing holds a parameter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.parameters import parameter_index, parameter_name, parameter_place
from engine.training.microsteps import PHASES
from engine.training.optimizers import OPTIMIZERS
from engine.training.stepper import Stepper

pytestmark = pytest.mark.trained

OUTPUTS = (
    ("identity", "quadratic"),
    ("tanh", "quadratic"),
    ("softmax", "quadratic"),
    ("softmax", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("cloglog", "binary_cross_entropy"),
    ("exp", "poisson"),
    ("exp", "gamma"),
)


@st.composite
def trainers(draw):
    """A trainer of a random experiment, some steps on."""
    hidden = draw(st.lists(st.integers(1, 7), max_size=3))
    activation = draw(
        st.tuples(*[st.sampled_from(["relu", "tanh", "identity", "leaky_relu", "gelu"])] * 3)
    )[: len(hidden)]
    output, loss = draw(st.sampled_from(OUTPUTS))
    k = draw(st.integers(2, 4)) if output == "softmax" else draw(st.integers(1, 3))
    equal = [s for s in range(1, len(hidden)) if hidden[s - 1] == hidden[s]]
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    network = engine.Network(
        [draw(st.integers(1, 4)), *hidden, k],
        list(activation),
        output,
        bias=draw(st.booleans()),
        skips=[(s, s + 1) for s in equal],
        seed=int(rng.integers(100)),
    )
    n = draw(st.integers(1, 40))
    X = rng.normal(size=(n, network.sizes[0]))
    Y = np.eye(k)[rng.integers(0, k, n)] if output == "softmax" else rng.uniform(0.1, 1, (n, k))
    trainer = engine.Trainer.from_arrays(
        network, X, Y, loss, draw(st.sampled_from([*OPTIMIZERS])), 0.01, draw(st.integers(1, 12))
    )
    penalties = draw(st.sampled_from([{}, {"l1": 0.01}, {"l2": 0.1}, {"l1": 0.02, "l2": 0.03}]))
    penalties |= draw(st.sampled_from([{}, {"warm_up": 4}, {"schedule": "cosine"}]))
    frozen = st.integers(0, network.parameters.size - 1)
    trainer.change(**penalties, frozen=tuple(draw(st.sets(frozen, max_size=3))))
    trainer.step(draw(st.integers(0, 9)))
    return trainer.seek(0) if trainer.divergence else trainer


@given(trainers())
@settings(max_examples=150)
def test_micro_steps_composed_are_the_step(trainer):
    before = trainer.state
    taken = trainer.take_apart()
    assert trainer.state.vectors.tobytes() == before.vectors.tobytes()
    assert trainer.state.batches == before.batches
    assert taken.rows.tolist() == trainer.next_rows().tolist()
    trainer.step()
    after = np.stack([taken.parameters, *taken.new_slots])
    # not to the bit: BLAS may sum in another order where a batch lies elsewhere in memory
    np.testing.assert_allclose(after, trainer.state.vectors, rtol=1e-13, atol=_rounding(after))
    assert taken.count == trainer.state.count or trainer.settings.optimizer == "sgd"


def _rounding(values):
    """What may be left of a sum that is 0 but for its terms' rounding."""
    finite = np.abs(values[np.isfinite(values)])
    return 1e-14 * max(1.0, finite.max(initial=0.0))


@given(trainers())
@settings(max_examples=60)
def test_micro_steps_agree_with_the_readable_pass(trainer):
    taken = trainer.take_apart()
    plain = engine.backpropagate(taken.network, taken.batch.forward.a[0], taken.targets, taken.loss)
    pairs = [
        *zip(taken.batch.forward.z, plain.forward.z, strict=True),
        *zip(taken.batch.forward.a, plain.forward.a, strict=True),
        *zip(taken.batch.deltas, plain.deltas, strict=True),
        *zip(taken.batch.weight_gradients, plain.weight_gradients, strict=True),
        *zip(taken.batch.bias_gradients, plain.bias_gradients, strict=True),
        (taken.batch.example_losses, plain.example_losses),
    ]
    for ours, theirs in pairs:
        assert ours.shape == theirs.shape
        if np.isfinite(theirs).all():  # exp outputs may overflow
            assert np.abs(ours - theirs).max(initial=0) <= 1e-13 * max(1.0, np.abs(theirs).max())


def test_the_stages_come_in_the_order_of_the_micro_steps(monkeypatch):
    seen = []
    stages = Stepper.stages

    def watched(self):
        for stage in stages(self):
            seen.append(stage)
            yield stage

    monkeypatch.setattr(Stepper, "stages", watched)
    taken = engine.Trainer(engine.Experiment(hidden=(4, 3))).take_apart()
    computed = [(m.kind, m.layer) for m in taken.microsteps if (m.kind, m.layer) in seen]
    assert computed == [stage for stage in seen if stage[0] != "penalty"]
    assert [m.phase for m in taken.microsteps] == sorted(
        (m.phase for m in taken.microsteps), key=[*dict.fromkeys(PHASES.values())].index
    )


def test_a_diverged_run_has_no_next_step():
    trainer = engine.Trainer(
        engine.Experiment(dataset="reg-plane", output="identity", learning_rate=1e3)
    )
    trainer.step(1000)
    with pytest.raises(engine.EngineError, match="not finite at step"):
        trainer.take_apart()


# freezing


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_a_frozen_parameter_keeps_its_value_and_the_others_learn(optimizer):
    trainer = engine.Trainer(engine.Experiment(optimizer=optimizer, l2=0.01)).step(5)
    trainer.freeze(2, "weight", (1, 3)).freeze(3, "bias", 0)
    held = [parameter_index(trainer.network, *at) for at in ((2, "weight", (1, 3)), (3, "bias", 0))]
    before = trainer.state.vectors
    after = trainer.step(50).state.vectors
    assert (after[:, held] == before[:, held]).all()
    assert (np.delete(after[0], held) != np.delete(before[0], held)).any()


def test_freezing_is_an_event_that_can_be_undone_and_walked_past():
    trainer, plain = (engine.Trainer(engine.Experiment()).step(20) for _ in range(2))
    trainer.freeze(1, "weight", (0, 1))
    assert trainer.history.events[-1].label == "w⁽¹⁾₁₂ frozen"
    frozen = trainer.step(20).network.parameters
    assert (trainer.seek(3).seek(40).network.parameters == frozen).all()
    trainer.freeze(1, "weight", (0, 1), frozen=False)
    assert trainer.settings.frozen == ()
    trainer.undo()
    trainer.undo()
    plain.step(20)
    assert (trainer.step(20).network.parameters == plain.network.parameters).all()


def test_freezing_is_kept_in_the_experiment_file():
    trainer = engine.Trainer(engine.Experiment()).freeze(1, "bias", 2)
    again = engine.Trainer(engine.Experiment.from_toml(trainer.experiment.to_toml()))
    assert again.settings.frozen == trainer.settings.frozen != ()
    with pytest.raises(engine.ExperimentError, match="no parameter 999: parameters are 0 to 30"):
        engine.Trainer(engine.Experiment(frozen=(999,)))


@pytest.mark.parametrize("bias", [True, False])
def test_every_parameter_has_one_place(bias):
    network = engine.Network([3, 4, 2, 1], bias=bias)
    places = [parameter_place(network, i) for i in range(network.parameters.size)]
    assert [parameter_index(network, *place) for place in places] == [*range(len(places))]
    for i, (layer, kind, at) in enumerate(places):
        network.parameters[...] = 0.0
        network.parameters[i] = 1.0
        of = network.weights if kind == "weight" else network.biases
        assert of[layer - 1][at] == 1.0
    assert parameter_name(network, 0) == "w⁽¹⁾₁₁"
