"""Random experiments, for properties of whatever stands for one."""

from hypothesis import strategies as st

import engine
from engine.network.activations import ACTIVATIONS
from engine.network.structure.initialisation import INITIALISATIONS
from engine.training.optimizers import OPTIMIZERS
from engine.training.schedules import SCHEDULES

NUMBERS = st.floats(0.0, 1e6)
ROWS = st.integers(0, 99)
POINTS = st.tuples(st.floats(-6, 6), st.floats(-6, 6))
EDITS = st.one_of(
    st.tuples(st.just("add"), POINTS, st.tuples(st.sampled_from([-1.0, 1.0]))),
    st.tuples(st.just("move"), ROWS, POINTS),
    st.tuples(st.just("delete"), ROWS),
)
HIDDEN = st.lists(st.integers(1, 9), max_size=4)
EXPERIMENTS = HIDDEN.flatmap(
    lambda hidden: st.builds(
        engine.Experiment,
        dataset=st.sampled_from([*engine.DATASETS, "own data é.csv"]),
        hidden=st.just(tuple(hidden)),
        activation=st.one_of(
            st.sampled_from([*ACTIVATIONS]),
            st.tuples(*[st.sampled_from([*ACTIVATIONS])] * len(hidden)),
        ),
        loss=st.sampled_from([None, "quadratic", "poisson"]),
        optimizer=st.sampled_from([*OPTIMIZERS]),
        learning_rate=st.floats(1e-12, 1e3),
        schedule=st.sampled_from([*SCHEDULES]),
        schedule_steps=st.integers(1, 10**6),
        warm_up=st.integers(0, 1000),
        batch_size=st.integers(1, 10_000),
        l1=NUMBERS,
        l2=NUMBERS,
        noise=st.floats(0, 50),
        train_fraction=st.one_of(st.none(), st.floats(0.01, 1.0)),
        features=st.one_of(st.none(), st.tuples(st.text(min_size=1), st.just("x₂"))),
        frozen=st.sampled_from([(), (0,), (3, 5)]),
        init_scale=NUMBERS,
        init=st.sampled_from([*INITIALISATIONS]),
        seed=st.integers(0, 2**40),
        init_seed=st.one_of(st.none(), st.integers(0, 2**40)),
        bias=st.booleans(),
        target=st.one_of(st.none(), st.text(min_size=1), st.integers(-9, 9)),
        standardize=st.booleans(),
        stop_steps=st.one_of(st.none(), st.integers(1, 10**6)),
        stop_below=st.one_of(st.none(), NUMBERS),
        stop_patience=st.one_of(st.none(), st.integers(1, 10**6)),
        edits=st.lists(EDITS, max_size=3).map(tuple),
        weights=st.one_of(st.none(), st.just((((0.1, -1e-17), (3.0, 4.0)),))),
    )
)
