"""Training: the lean step equals the readable pass, and time travel is exact to the last bit."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import engine
from engine.training.batches import Batches
from engine.training.optimizers import OPTIMIZERS

pytestmark = pytest.mark.trained


def random_trainer(sizes=(2, 4, 3, 1), activation="relu", output="identity", n=23, **options):
    rng = np.random.default_rng(11)
    X, Y = rng.normal(size=(n, sizes[0])), rng.uniform(0, 1, size=(n, sizes[-1]))
    network = engine.Network(sizes, activation, output, seed=3)
    return engine.Trainer.from_arrays(network, X, Y, **options), X, Y


def same(a: engine.State, b: engine.State) -> bool:
    """Equal to the last bit: parameters, optimiser state, generator state."""
    return (a.step, a.count, a.settings, a.batches) == (
        b.step,
        b.count,
        b.settings,
        b.batches,
    ) and a.vectors.tobytes() == b.vectors.tobytes()


# the lean step


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("sizes", "activation", "output", "loss"),
    [
        ((3, 1), "relu", "identity", "quadratic"),
        ((2, 5, 4, 1), ["tanh", "relu"], "tanh", "quadratic"),
        ((2, 5, 4, 3, 2), ["gelu", "gelu", "identity"], "sigmoid", "binary_cross_entropy"),
        ((3, 4, 4, 3), ["silu", "sin"], "softmax", "quadratic"),
        ((3, 4, 3), "leaky_relu", "softmax", "cross_entropy"),
        ((3, 4, 2), "softplus", "exp", "poisson"),
        ((3, 4, 2), "elu", "softplus", "poisson"),
        ((3, 4, 1), "tanh", "probit", "binary_cross_entropy"),
        ((3, 4, 2), "tanh", "cloglog", "binary_cross_entropy"),
        ((3, 4, 1), "tanh", "exp", "gamma"),
    ],
)
def test_a_step_is_the_readable_gradient_times_the_rate(sizes, activation, output, loss, bias):
    rng = np.random.default_rng(0)
    network = engine.Network(sizes, activation, output, bias=bias, seed=1)
    network.parameters[...] += rng.normal(0, 0.1, network.parameters.size)
    X = rng.normal(size=(17, sizes[0]))
    Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], 17)]
    trainer = engine.Trainer.from_arrays(
        network, X, Y, loss, learning_rate=1.0, batch_size=5, seed=9
    )
    for _ in range(4):  # 5 + 5 + 5 + 2 rows
        before, rows = trainer.network, trainer.next_rows()
        gradient = engine.backpropagate(before, X[rows], Y[rows], loss).gradient
        trainer.step()
        moved = before.parameters - trainer.network.parameters
        assert np.abs(moved - gradient).max() <= 1e-13 * max(1.0, np.abs(gradient).max())


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_optimisers_follow_their_published_formulas(optimizer):
    # the formulas written out: torch.optim documentation; Kingma & Ba 2015, algorithm 1
    trainer, X, Y = random_trainer(optimizer=optimizer, batch_size=100, learning_rate=0.01)
    trainer.change(l2=0.1, l1=0.01)
    w = trainer.network.parameters.copy()
    is_weight = trainer.network.with_parameters(np.ones(w.size))
    for b in is_weight.biases:
        b[...] = 0.0
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, 6):
        g = engine.backpropagate(trainer.network.with_parameters(w), X, Y).gradient
        g = g + is_weight.parameters * (0.1 * w + 0.01 * np.sign(w))
        if optimizer == "sgd":
            w = w - 0.01 * g
        elif optimizer == "momentum":
            v = 0.9 * v + g
            w = w - 0.01 * v
        elif optimizer == "nesterov":
            v = 0.9 * v + g
            w = w - 0.01 * (g + 0.9 * v)
        elif optimizer == "rmsprop":
            v = 0.99 * v + 0.01 * g**2
            w = w - 0.01 * g / (np.sqrt(v) + 1e-8)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            w = w - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    trainer.step(5)
    np.testing.assert_allclose(trainer.network.parameters, w, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("n", "batch"), [(23, 5), (23, 23), (7, 1), (3000, 16), (20, 64)])
def test_every_epoch_takes_every_example_once(n, batch):
    rows = np.arange(n, dtype=float)[:, None]
    batches = Batches(rows, rows, np.random.SeedSequence(0))
    orders = []
    for _ in range(3):
        epoch, seen = batches.epoch, []
        while batches.epoch == epoch:
            taken = batches.upcoming(batch, 1)
            assert np.array_equal(taken[0][3], batches.next_rows(batch))
            seen.extend(taken[0][3])
            batches.advance(taken)
        assert sorted(seen) == list(range(n))
        orders.append(seen)
    assert (orders[0] == orders[1]) == (batch >= n)


def test_small_batches_may_follow_batches_of_all_examples():
    rows = np.arange(20.0)[:, None]
    batches = Batches(rows, rows, np.random.SeedSequence(0))
    for size in (5, 20, 5, 20, 7, 50, 7):
        end = batches.epoch + 2
        while batches.epoch < end:
            taken = batches.upcoming(size, 3)
            assert np.array_equal(taken[0][3], batches.next_rows(size))
            batches.advance(taken[:1])
        assert batches.state.cursor == 0


def test_costs_are_means_over_the_data():
    trainer = engine.Trainer(engine.Experiment(dataset="circle"))
    data, network = trainer.prepared.dataset, trainer.network
    for rows, cost in zip((data.train, data.test), trainer.costs(), strict=True):
        error = network.predict(data.X[rows]) - data.Y[rows]
        assert cost == pytest.approx((error**2).sum(axis=1).mean(), rel=1e-13)


def test_the_same_experiment_gives_the_same_bits():
    runs = [engine.Trainer(engine.Experiment(optimizer="adam")).step(300) for _ in range(2)]
    assert same(runs[0].state, runs[1].state)


def test_a_wider_network_sees_the_same_data():
    narrow, wide = (engine.Trainer(engine.Experiment(hidden=h)).prepared for h in ((2,), (9, 9)))
    assert np.array_equal(narrow.dataset.X, wide.dataset.X)
    assert np.array_equal(narrow.dataset.train, wide.dataset.train)


# time travel


EVENTS = st.one_of(
    st.fixed_dictionaries({"learning_rate": st.sampled_from([0.001, 0.02])}),
    st.fixed_dictionaries({"batch_size": st.sampled_from([1, 4, 23, 64, 3000])}),
    st.fixed_dictionaries({"optimizer": st.sampled_from([*OPTIMIZERS])}),
    st.fixed_dictionaries({"l1": st.sampled_from([0.0, 0.01]), "l2": st.sampled_from([0.0, 0.1])}),
    st.just("edit"),
    st.just("assign"),
    st.just("undo"),
)
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(1, 150)),
        st.tuples(st.just("seek"), st.floats(0, 1)),
        st.tuples(st.just("event"), EVENTS),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=60)
@given(
    moves=MOVES,
    optimizer=st.sampled_from([*OPTIMIZERS]),
    batch=st.sampled_from([1, 3, 23, 40]),
    hidden=st.sampled_from([(), (3,), (4, 3)]),
    n=st.sampled_from([1, 2, 23, 700, 2500]),
    outputs=st.sampled_from([1, 2]),
    look=st.booleans(),
)
def test_seek_returns_to_any_step_to_the_last_bit(
    moves, optimizer, batch, hidden, n, outputs, look
):
    """Random runs with events, branches and undo; every state on the way must come back."""
    trainer, _, _ = random_trainer(
        (2, *hidden, outputs),
        "tanh",
        n=n,
        optimizer=optimizer,
        batch_size=batch,
        learning_rate=0.01,
    )
    seen = {}  # what each step must look like, events and all
    before = []  # the states that undo must bring back

    def note():
        if look:  # as a screen does: it must change nothing
            trainer.next_rows()
        known = seen.setdefault(trainer.step_count, (trainer.state, trainer.costs()))
        assert same(trainer.state, known[0])
        assert trainer.costs() == known[1]

    def forget_from(step):
        for s in [s for s in seen if s >= step]:
            del seen[s]

    note()
    for kind, what in moves:
        if kind == "step":
            for _ in range(what):
                trainer.step()
                note()
        elif kind == "seek":
            trainer.seek(int(what * trainer.history.latest_step))
            note()
        elif what == "undo":
            past = [b for b in before if b[0].step <= trainer.step_count]
            event = trainer.undo()
            assert (event is None) == (not past)
            if event:
                *before, (state, costs) = past
                assert same(trainer.state, state)
                assert trainer.costs() == costs
                forget_from(event.step)
                note()
        else:
            was, settings_before = (trainer.state, trainer.costs()), trainer.settings
            if what == "edit":
                trainer.edit(1, "weight", (0, 1), 0.25)
            elif what == "assign":
                trainer.assign(-0.5 * trainer.network.parameters)
            else:
                trainer.change(**what)
            if what in ("edit", "assign") or trainer.settings != settings_before:
                before = [b for b in before if b[0].step <= trainer.step_count] + [was]
                forget_from(trainer.step_count)
            note()
    for step in sorted(seen, key=lambda s: (s * 7919) % 1009)[:40]:
        trainer.seek(step)
        note()
    # the same by replay alone, in one go, without the checkpoints on the way
    trainer.seek(0)
    trainer.history.drop_checkpoints_after(0)
    trainer.history.stride = 1 << 40
    for step in sorted(seen)[:: max(1, len(seen) // 5)]:
        trainer.seek(step)
        note()


def test_the_history_of_a_long_run_stays_small_and_its_far_end_near():
    trainer, _, _ = random_trainer((2, 8, 8, 1), batch_size=23)
    trainer.step(200_000)
    assert len(trainer.history.checkpoints) <= 1024
    assert trainer.history.nbytes < 4 << 20
    assert trainer.history.stride <= 256  # steps to replay at the most


def test_a_run_with_thinned_checkpoints_replays_what_an_untouched_run_does(monkeypatch):
    monkeypatch.setattr("engine.training.record.history.MOST", 20)
    trainer, _, _ = random_trainer(optimizer="adam", batch_size=4)
    trainer.step(5000)
    assert len(trainer.history.checkpoints) <= 21
    for step in (4999, 4001, 1237, 63, 1):
        other, _, _ = random_trainer(optimizer="adam", batch_size=4)
        assert same(trainer.seek(step).state, other.step(step).state)


@pytest.mark.parametrize("n", [7, 23, 700])
def test_stepping_in_one_go_or_singly_gives_the_same_bits(n):
    together, _, _ = random_trainer(n=n, batch_size=5)
    singly, _, _ = random_trainer(n=n, batch_size=5)
    for size, steps in ((5, 401), (n, 20), (3, 50), (n, 1), (n - 1, 9), (5, 300)):
        together.change(batch_size=size).step(steps)
        singly.change(batch_size=size)
        for _ in range(steps):
            singly.next_rows()
            singly.step()
        assert same(together.state, singly.state)


def test_an_event_applies_from_the_next_step_on_and_undo_takes_it_back():
    trainer, X, Y = random_trainer(batch_size=100)
    trainer.step(10)
    before = trainer.state
    trainer.change(learning_rate=0.5).step()
    gradient = engine.backpropagate(trainer.seek(10).network, X, Y).gradient
    moved = before.vectors[0] - trainer.seek(11).network.parameters
    np.testing.assert_allclose(moved, 0.5 * gradient, rtol=1e-9, atol=1e-15)
    event = trainer.undo()
    assert (event.step, event.settings.learning_rate) == (10, 0.5)
    assert same(trainer.state, before)
    assert trainer.undo() is None


def test_an_event_in_the_past_replaces_the_future():
    trainer, _, _ = random_trainer()
    trainer.step(100).seek(40).change(learning_rate=0.001)
    assert trainer.history.latest_step == 40
    assert [event.step for event in trainer.history.events] == [40]


def test_the_curve_holds_the_costs_of_its_steps():
    trainer, _, _ = random_trainer(batch_size=4)
    steps, train, test = trainer.step(1000).curve()
    assert steps[0] == 0
    assert steps[-1] > 900
    assert np.isnan(test).all()
    for step, cost in zip(steps[::9], train[::9], strict=True):
        assert trainer.seek(int(step)).costs()[0] == cost


# divergence


DIVERGING = [
    engine.Experiment(dataset="reg-plane", activation="identity", learning_rate=1000.0),
    engine.Experiment(dataset="reg-plane", hidden=(), learning_rate=1000.0),
    engine.Experiment(dataset="reg-plane", hidden=(), learning_rate=0.1),
    engine.Experiment(dataset="line", hidden=(), learning_rate=0.3, batch_size=50),
    engine.Experiment(dataset="mtcars", hidden=(8,), learning_rate=30.0, l2=0.1),
]


@pytest.mark.parametrize("experiment", DIVERGING)
def test_a_diverging_run_stops_at_the_first_number_that_is_not_finite(experiment):
    trainer = engine.Trainer(experiment).step(30_000)
    found = trainer.divergence
    assert found is not None
    assert trainer.step_count == found.step == trainer.history.latest_step
    assert str(found.step) in str(found)
    assert np.isfinite(trainer.seek(found.step - 1).state.vectors).all()
    assert trainer.step_count == found.step - 1
    assert np.isfinite(trainer.costs()[0])
    assert trainer.divergence is None
    assert trainer.step(5).divergence == found
    with pytest.raises(engine.EngineError, match="go back before you change"):
        trainer.change(learning_rate=0.2)
    trainer.seek(max(0, found.step - 20)).change(learning_rate=1e-9).step(30)
    assert trainer.divergence is None


def test_one_step_at_a_time_finds_the_same_divergence():
    singly = engine.Trainer(DIVERGING[0])
    while singly.divergence is None:
        singly.step()
    assert singly.divergence == engine.Trainer(DIVERGING[0]).step(10_000).divergence


def test_a_sum_of_costs_that_overflows_is_found_though_every_cost_is_finite():
    network = engine.Network.from_arrays([[[0.0]]], [[0.0]])
    Y = np.full((10, 1), 1.2e154)
    trainer = engine.Trainer.from_arrays(network, np.ones((10, 1)), Y, batch_size=5)
    assert trainer.step(1).divergence == engine.Divergence(1, 1, "C")


def test_the_curve_shows_a_step_after_its_edits():
    trainer, _, _ = random_trainer()
    trainer.edit(1, "weight", (0, 0), 3.0).step(10)
    steps, train, _ = trainer.curve()
    assert (steps[0], train[0]) == (0, trainer.seek(0).costs()[0])
    trainer.undo()
    assert trainer.curve()[1][0] == trainer.costs()[0]


@settings(max_examples=60)
@given(st.lists(st.one_of(
    st.tuples(st.just("seek"), st.integers(0, 20)),
    st.tuples(st.sampled_from(["edit", "change", "assign", "undo", "curve"]), st.just(0)),
), max_size=12))  # fmt: skip
@example([("seek", 9), ("curve", 0), ("edit", 0)])
@example([("seek", 9), ("edit", 0), ("curve", 0), ("undo", 0)])
@example([("seek", 9), ("curve", 0), ("seek", 4), ("change", 0), ("seek", 9)])
def test_the_curve_is_of_the_present_history_whatever_happened_before(happened):
    trainer, _, _ = random_trainer((2, 2, 1))
    for i, (what, step) in enumerate(happened):
        if what == "seek":
            trainer.seek(step)
        elif what == "edit":
            trainer.edit(1, "weight", (0, i % 2), i / 10.0)
        elif what == "change":
            trainer.change(learning_rate=0.02 / (i + 1))
        elif what == "assign":
            trainer.assign(np.full(trainer.network.parameters.shape, 0.1 * i))
        elif what == "undo":
            trainer.undo()
        else:
            trainer.curve()
    steps, costs, _ = trainer.curve()
    assert steps.tolist() == sorted(trainer.history.checkpoints)
    assert steps[-1] <= trainer.history.latest_step
    replayed, _, _ = random_trainer((2, 2, 1))
    replayed.history.events += trainer.history.events
    replayed.resume(replayed.history, 0)
    expected = [replayed.seek(int(step)).costs()[0] for step in steps]
    np.testing.assert_allclose(costs, expected, rtol=1e-12)


def test_undo_takes_back_the_last_event_even_where_an_equal_one_came_before():
    trainer, _, _ = random_trainer()
    for rate in (0.015, 0.03, 0.015):
        trainer.change(learning_rate=rate)
    trainer.undo()
    assert trainer.settings.learning_rate == 0.03


# messages


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda t: t.seek(-1), "there is no step -1"),
        (lambda t: t.change(rate=1), "no setting 'rate'; there are: optimizer, learning_rate"),
        (lambda t: t.change(learning_rate=-1), "learning_rate = -1 is not a number above 0"),
        (lambda t: t.edit(9, "weight", (0, 0), 1.0), "no layer 9: layers are 1 to 3"),
        (
            lambda t: t.edit(1, "weight", (4, 0), 1.0),
            "weight (4, 0) is outside layer 1: its units are 0 to 3, its inputs 0 to 1",
        ),
        (lambda t: t.edit(1, "bias", 0, float("nan")), "must be a finite number"),
        (lambda t: t.edit(1, "bias", 0, "x"), "must be a finite number"),
        (lambda t: t.edit(1, "bias", 0.5, 1.0), "bias 0.5 is outside layer 1"),
        (
            lambda t: t.edit(1, "bias", (0, 0), 1.0),
            "index a bias as j, the unit, counted from 0, not (0, 0)",
        ),
        (lambda t: t.assign(np.zeros(3)), "parameters have shape (3,); the network's (31,)"),
        (lambda t: t.assign(np.full(31, np.inf)), "parameters must be finite numbers"),
        (
            lambda t: t.edit(1, "weight", (0, 0, 0), 1.0),
            "index a weight as (j, k), unit and input, counted from 0, not (0, 0, 0)",
        ),
    ],
)
def test_mistakes_say_what_is_wrong(make, says):
    trainer, _, _ = random_trainer()
    before = trainer.state
    with pytest.raises(engine.EngineError) as error:
        make(trainer)
    assert says in str(error.value)
    assert same(trainer.state, before)
    assert asdict(trainer.settings) == asdict(engine.Settings(batch_size=10))


FADING = [  # rates that fall so fast that what was not finite is finite again in the end
    ("mtcars", 316.5, 7, 55),
    ("reg-plane", 269.0, 6, 58),
]


@pytest.mark.parametrize(("dataset", "rate", "every", "batch"), FADING)
def test_single_steps_and_a_leap_diverge_at_the_same_step(dataset, rate, every, batch):
    experiment = engine.Experiment(
        dataset=dataset, hidden=(), learning_rate=rate, batch_size=batch, output="identity",
        schedule="step", schedule_steps=every,
    )  # fmt: skip
    leap, walk = engine.Trainer(experiment).step(400), engine.Trainer(experiment)
    while walk.divergence is None and walk.step_count < 400:
        walk.step()
    assert leap.divergence == walk.divergence is not None
    assert leap.step_count == leap.history.latest_step == walk.step_count
    assert [*leap.history.checkpoints] == [*walk.history.checkpoints]


def test_a_weight_so_large_that_one_example_overflows_is_found_at_once():
    for steps in (1, 600):
        trainer = engine.Trainer(engine.Experiment(activation="tanh", batch_size=1))
        trainer.edit(1, "weight", (0, 0), 1e308).step(steps)
        assert str(trainer.divergence) == "z of layer 1 is not finite at step 1"


@pytest.mark.parametrize("seed", range(12))
def test_the_divergence_is_the_first_number_of_a_plain_walk_that_is_not_finite(seed):
    rng = np.random.default_rng(seed)
    experiment = engine.Experiment(
        dataset=["reg-plane", "line", "mtcars"][seed % 3],
        hidden=tuple(rng.integers(1, 4, rng.integers(0, 3)).tolist()),
        activation="identity",
        output="identity",
        batch_size=int(rng.integers(1, 30)),
        learning_rate=float(10 ** rng.uniform(1, 3)),
        seed=seed,
    )
    found = engine.Trainer(experiment).step(700).divergence
    again = engine.Trainer(experiment)
    x, y = again.prepared.inputs, again.prepared.targets
    x, y = x[again.prepared.dataset.train], y[again.prepared.dataset.train]
    network, rate = again.network.copy(), experiment.learning_rate

    def walk():
        """Every number in the order in which it arises, with its step, layer and name."""
        for step in range(1, 701):
            rows = again.next_rows()
            passed = engine.backpropagate(network, x[rows], y[rows])
            yield from forward(step, passed.forward.z, passed.forward.a[1:])
            yield step, len(passed.deltas), "C", passed.example_losses
            for name, parts in (("δ", passed.deltas), ("∂C/∂W", passed.weight_gradients)):
                for layer in range(len(parts), 0, -1):
                    yield step, layer, name, parts[layer - 1]
            network.parameters[...] -= rate * passed.gradient
            for layer, matrix in enumerate(network.matrices, start=1):
                yield step, layer, "W", matrix
            after = engine.backpropagate(network, x, y)
            yield from forward(step, after.forward.z, after.forward.a[1:])
            yield step, len(after.deltas), "C", np.append(after.example_losses, after.loss)
            again.step()

    def forward(step, z, a):
        for layer, (sums, values) in enumerate(zip(z, a, strict=True), start=1):
            yield step, layer, "z", sums
            yield step, layer, "a", values

    with np.errstate(all="ignore"):
        first = next((at for *at, numbers in walk() if not np.isfinite(numbers).all()), None)
    assert found is not None
    assert [found.step, found.layer, found.quantity] == first


def test_a_bias_goes_by_its_unit_alone_or_in_a_tuple():
    one, other = (engine.Trainer(engine.Experiment(hidden=(3,))) for _ in range(2))
    one.edit(1, "bias", 2, 0.5)
    other.edit(1, "bias", (2,), 0.5)
    assert one.network.biases[0][2] == 0.5
    assert one.history.events == other.history.events
