"""Share codes: one line gives back the experiment to the last bit, or says that it is damaged."""

import string

import numpy as np
import pytest
from experiments import EXPERIMENTS
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.share import MOST_PARAMETERS, Expected, read_share_code, share_code

EXPECTED = st.one_of(
    st.none(), st.builds(Expected, st.integers(0, 10**9), st.floats(allow_nan=False))
)


@given(EXPERIMENTS, EXPECTED)
def test_a_code_gives_back_the_experiment_and_the_expected_result(experiment, expected):
    shared = read_share_code(share_code(experiment, expected))
    assert shared.experiment == experiment
    assert shared.expected == expected


@pytest.mark.parametrize("bias", [True, False])
def test_weights_travel_to_the_last_bit(bias):
    trainer = engine.Trainer(engine.Experiment(bias=bias)).step(123)
    code = share_code(trainer.experiment, network=trainer.network)
    again = engine.Trainer(read_share_code(code).experiment)
    assert again.network.parameters.tobytes() == trainer.network.parameters.tobytes()


def test_a_code_is_one_short_line():
    plain = share_code(engine.Trainer(engine.Experiment(dataset="xor")).experiment)
    assert len(plain) < 200
    network = engine.Network([8, 16, 1])
    assert network.parameters.size == MOST_PARAMETERS + 1
    network = engine.Network([7, 17, 1])
    largest = share_code(engine.Experiment(), network=network)
    assert network.parameters.size == MOST_PARAMETERS - 6
    assert len(largest) < 2000
    for code in (plain, largest):
        assert set(code) <= set(string.ascii_letters + string.digits + "-_:")


def test_too_many_weights_are_refused_with_what_would_do():
    with pytest.raises(engine.EngineError, match="share the settings alone, or save a file"):
        share_code(engine.Experiment(), network=engine.Network([2, 64, 1]))


def test_a_code_broken_by_a_chat_is_read_all_the_same():
    code = share_code(engine.Experiment(hidden=(5, 5)))
    assert read_share_code(f" {code[:20]}\n{code[20:]} \n").experiment.hidden == (5, 5)


@given(st.data())
def test_a_damaged_code_is_refused(data):
    code = share_code(engine.Experiment(hidden=(5, 5), seed=9))
    at = data.draw(st.integers(5, len(code) - 2))
    other = data.draw(st.sampled_from(sorted({*"abcXYZ019-_"} - {code[at]})))
    for damaged in (code[:at], code[:at] + other + code[at + 1 :], code + "A"):
        if np.array_equal(damaged, code):
            continue
        with pytest.raises(engine.DataError, match="damaged"):
            read_share_code(damaged)


@pytest.mark.parametrize("text", ["", "nnx2:abc", "hello", "nnx1:", "nnx1:!!", "nnx1:é"])
def test_what_is_no_code_says_so(text):
    with pytest.raises(engine.DataError, match=r"begins with nnx1:|damaged"):
        read_share_code(text)
