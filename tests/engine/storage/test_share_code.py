"""Share codes: one line gives back the experiment to the last bit, or says that it is damaged."""

import string
from base64 import urlsafe_b64encode
from zlib import MAX_WBITS, compress, crc32

import numpy as np
import pytest
from experiments import EXPERIMENTS
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.storage.share_code import MAX_PARAMETERS, Expected, read_share_code, share_code

pytestmark = pytest.mark.trained

EXPECTED = st.one_of(
    st.none(),
    st.builds(Expected, st.integers(0, 10**9), st.floats(allow_nan=False, allow_infinity=False)),
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
    assert network.parameters.size == MAX_PARAMETERS + 1
    network = engine.Network([7, 17, 1])
    largest = share_code(engine.Experiment(), network=network)
    assert network.parameters.size == MAX_PARAMETERS - 6
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


def signed(text: bytes, parameters: bytes = b"") -> str:
    """A code with a right checksum, as another program might make it."""
    body = len(text).to_bytes(4, "big") + text + parameters
    packed = compress(body, wbits=-MAX_WBITS)
    whole = packed + crc32(packed).to_bytes(4, "big")
    return "nnx1:" + urlsafe_b64encode(whole).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"null", b"{", b"\xff", b'{"other": 1}', b"[" * 100_000,
        b'{"expected": "ab"}', b'{"expected": [1]}', b'{"expected": {"a": 1}}',
        b'{"expected": [1e999, 1.0]}', b'{"expected": [-5, 1.0]}', b'{"expected": [5, NaN]}',
        b'{"sizes": "ab"}', b'{"sizes": [2]}', b'{"sizes": [[2], 1]}', b'{"sizes": [2, 1]}',
        b'{"seed": 1' + b"0" * 5000 + b"}", b'{"dataset": "\\ud800"}', b'{"l1": NaN}',
        b" " * (1 << 24),
    ],
)  # fmt: skip
def test_a_code_of_another_program_is_refused(text):
    for parameters in (b"", b"abc", np.full(3, np.nan).tobytes()):
        if not parameters and text.startswith(b" "):
            continue
        with pytest.raises(engine.EngineError):
            read_share_code(signed(text, parameters))


def test_every_other_character_anywhere_is_seen():
    code = share_code(engine.Experiment(seed=9))
    for at in range(len(code)):
        for other in "Aa0-_:!é=+/":
            damaged = code[:at] + other + code[at + 1 :]
            if damaged != code:
                with pytest.raises(engine.DataError, match=r"damaged|begins with"):
                    read_share_code(damaged)
            with pytest.raises(engine.DataError, match=r"damaged|begins with"):
                read_share_code(code[: at + 1] + other + code[at + 1 :])


@pytest.mark.parametrize("text", ["", "nnx2:abc", "hello", "nnx1:", "nnx1:!!", "nnx1:é"])
def test_what_is_no_code_says_so(text):
    with pytest.raises(engine.DataError, match=r"begins with nnx1:|damaged"):
        read_share_code(text)
