"""How many parameters a network has, and how much memory and time a run of it takes."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from engine.errors import MemoryBoundError
from engine.memory import gigabytes, physical_memory
from engine.wording import plural

FLOAT = 8  # bytes
COPIES = 8  # of the parameters: the network, its snapshots, the gradient, intermediate results
CHECKPOINTS = 16  # of a run, at least: history.MIN_CHECKPOINTS
BUFFERS = 6  # numbers for each unit and example: z, a, σ′, δ, and intermediate results
MAX_ROWS = 4096  # examples evaluated at once: stepper.EVALUATION_ROWS
UNIT_WORK = 20  # the cost of an activation, in multiplications

FEWER = "use fewer or narrower layers"


class Size(NamedTuple):
    """The size of a run.

    ``sizes`` are the layers' (n_0, …, n_L), ``examples`` is their number, ``batch`` the batch size,
    and ``slots`` how many numbers the optimiser keeps for each parameter.
    """

    sizes: tuple[int, ...]
    examples: int
    batch: int = 1
    slots: int = 0

    @property
    def parameters(self) -> int:
        """The number of parameters, as if with biases."""
        return parameter_count(self.sizes)

    @property
    def units(self) -> int:
        """The number of units in layers 1 … L."""
        return sum(self.sizes[1:])

    @property
    def memory(self) -> int:
        """Bytes for the parameters, their copies, the checkpoints, and the buffers of a pass."""
        copies = COPIES + self.slots + CHECKPOINTS * (1 + self.slots)
        buffers = BUFFERS * self.units * min(self.examples, MAX_ROWS)
        return FLOAT * (copies * self.parameters + buffers)

    @property
    def work(self) -> int:
        """Multiplications and additions in the forward pass of one example."""
        return 2 * self.parameters + UNIT_WORK * self.units

    def __str__(self) -> str:
        """``2-3000×3-1 has 18 018 001 parameters``."""
        return f"{shape(self.sizes)} has {plural(self.parameters, 'parameter')}"


def check_memory(size: Size, memory: int | None = None) -> None:
    """Raise MemoryBoundError if a run needs more than ``memory`` bytes (None: this machine's)."""
    limit = physical_memory() if memory is None else memory
    if size.memory > limit:
        raise MemoryBoundError(
            f"{size}: with {plural(size.examples, 'example')} a run takes "
            f"{gigabytes(size.memory)} of memory, and there are {gigabytes(limit)}; {FEWER}"
        )


def check_parameters(sizes: Sequence[int], memory: int | None = None) -> None:
    """Raise MemoryBoundError if the parameters alone need more than ``memory`` bytes."""
    limit = physical_memory() if memory is None else memory
    if (needed := FLOAT * parameter_count(sizes)) > limit:
        raise MemoryBoundError(
            f"{Size(tuple(sizes), 0)}: they take {gigabytes(needed)} of memory, and there are "
            f"{gigabytes(limit)}; {FEWER}"
        )


def parameter_count(sizes: Sequence[int]) -> int:
    """The number of weights and biases of layers with these sizes."""
    return sum(n * (m + 1) for m, n in pairwise(sizes))


def shape(sizes: Sequence[int], max_parts: int = 9) -> str:
    """Layer sizes as text, with three or more equal ones together: ``2-256×4-1``.

    Text of more than ``max_parts`` parts is cut: the first ones, …, and the last.
    """
    parts: list[str] = []
    for size, equal in groupby(sizes):
        count = len([*equal])
        parts += [f"{size}×{count}"] if count > 2 else [str(size)] * count
    if len(parts) > max_parts:
        parts = [*parts[: max_parts - 2], "…", parts[-1]]
    return "-".join(parts)
