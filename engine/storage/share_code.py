"""Share codes: an experiment in one line that fits a chat message.

``nnx1:`` and, in URL-safe base64, a compressed JSON text of the settings that are not the
defaults, the parameters as float64 where they are included, and a checksum.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from math import isfinite
from typing import Any
from zlib import MAX_WBITS, compress, crc32, decompressobj, error

import numpy as np

from engine.errors import DataError, EngineError, ExperimentError
from engine.network.network import Network
from engine.quoting import shown
from engine.storage.file_kind import CODE_PREFIX as PREFIX
from engine.training.experiment import Experiment

MAX_PARAMETERS = 160  # with them a code has some 1 800 characters
MAX_TEXT = 1 << 20  # bytes of a decompressed code
CHECKSUM = 4  # bytes


@dataclass(frozen=True)
class Expected:
    """A result to check after opening: C over the training data at a step, in the data's own
    units."""

    step: int
    cost: float

    def __post_init__(self) -> None:
        if type(self.step) is not int or self.step < 0:
            raise ExperimentError(
                f"expected: {shown(self.step)} is no step: a step is a whole number, 0 or more"
            )
        if type(self.cost) is not float or not isfinite(self.cost):
            raise ExperimentError(f"expected: a cost of {shown(self.cost)} is not possible")


@dataclass(frozen=True)
class Shared:
    """What a share code holds."""

    experiment: Experiment
    expected: Expected | None = None


def share_code(
    experiment: Experiment, expected: Expected | None = None, network: Network | None = None
) -> str:
    """The code of an experiment; with a ``network`` it starts from that network's parameters.

    EngineError where there are too many parameters for a line.
    """
    table = {
        field.name: value
        for field in fields(Experiment)
        if (value := getattr(experiment, field.name)) != field.default
        and field.name not in ("weights", "biases")
    }
    parameters = np.zeros(0)
    if network is None and experiment.weights is not None:
        network = Network.from_arrays(experiment.weights, experiment.biases)
    if network is not None:
        parameters = network.parameters
        if parameters.size > MAX_PARAMETERS:
            raise EngineError(
                f"{parameters.size} parameters are too many for one line "
                f"(at most {MAX_PARAMETERS}): share the settings alone, or save a file"
            )
        table["sizes"] = network.sizes
        table["with_bias"] = network.bias
    if expected is not None:
        table["expected"] = [expected.step, expected.cost]
    text = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    body = len(text).to_bytes(4, "big") + text + parameters.astype("<f8").tobytes()
    packed = compress(body, level=9, wbits=-MAX_WBITS)
    signed = packed + crc32(packed).to_bytes(CHECKSUM, "big")
    return _line(signed)


def _line(signed: bytes) -> str:
    return PREFIX + urlsafe_b64encode(signed).decode().rstrip("=")


def read_share_code(code: str) -> Shared:
    """The content of a code. DataError where it is damaged or no code."""
    code = "".join(code.split())  # chats break lines
    if not code.startswith(PREFIX):
        raise DataError(f"a share code begins with {PREFIX}; this is {code[:20]!r}")
    text, parameters = _unpacked(code[len(PREFIX) :])
    try:
        table: dict[str, Any] = json.loads(text)
        expected, sizes = table.pop("expected", None), table.pop("sizes", None)
        bias = table.pop("with_bias", True)
        experiment = Experiment(**table)
        if sizes:
            experiment = _with_parameters(experiment, sizes, bias, np.frombuffer(parameters, "<f8"))
        return Shared(experiment, None if expected is None else Expected(*expected))
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise DataError("the code is of another version of nn-explore") from None


def _unpacked(code: str) -> tuple[bytes, bytes]:
    """The JSON text of a code, and the bytes of its parameters."""
    damaged = DataError("the share code is damaged: copy the whole line, from nnx1: to its end")
    try:
        signed = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        packed, checksum = signed[:-CHECKSUM], signed[-CHECKSUM:]
        if crc32(packed).to_bytes(CHECKSUM, "big") != checksum:
            raise damaged
        body = decompressobj(-MAX_WBITS).decompress(packed, MAX_TEXT)
    except (ValueError, error):
        raise damaged from None
    if _line(signed) != PREFIX + code:  # base64 ignores other characters
        raise damaged
    size = int.from_bytes(body[:4], "big")
    return body[4 : 4 + size], body[4 + size :]


def _with_parameters(
    experiment: Experiment, sizes: list[int], bias: bool, parameters: Any
) -> Experiment:
    columns = [m + bias for m, _ in pairwise(sizes)]
    shapes = [*zip(sizes[1:], columns, strict=True)]
    if sum(n * m for n, m in shapes) != parameters.size:
        raise ExperimentError("the share code has weights for a network of another size")
    ends = np.cumsum([n * m for n, m in shapes])[:-1]
    matrices = [
        part.reshape(shape) for part, shape in zip(np.split(parameters, ends), shapes, strict=True)
    ]
    return replace(
        experiment,
        weights=tuple(M[:, :m].tolist() for M, m in zip(matrices, sizes[:-1], strict=True)),
        biases=tuple(M[:, -1].tolist() for M in matrices) if bias else None,
    )
