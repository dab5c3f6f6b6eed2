"""How large a network is, and a run of it: what they take in memory, and in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from engine.errors import MemoryBoundError
from engine.memory import gigabytes, physical_memory

FLOAT = 8  # bytes
COPIES = 8  # of the parameters: the network, its snapshots, the gradient, what is being computed
CHECKPOINTS = 16  # of a run, at the least: history.FEWEST
BUFFERS = 6  # numbers of each unit and example: z, a, σ′, δ, and what is being computed
MOST_ROWS = 4096  # examples computed at once: stepper.EVALUATION_ROWS
UNIT_WORK = 20  # what an activation costs, in multiplications

FEWER = "fewer or narrower layers would do"


@dataclass(frozen=True)
class Size:
    """A run of a network with layers ``sizes`` (n_0, …, n_L) on so many ``examples``, batches of
    ``batch`` of them, and an optimiser that keeps ``slots`` numbers for each parameter."""

    sizes: tuple[int, ...]
    examples: int
    batch: int = 1
    slots: int = 0

    @property
    def parameters(self) -> int:
        """P, the biases counted too."""
        return parameter_count(self.sizes)

    @property
    def units(self) -> int:
        """Of the layers 1 … L."""
        return sum(self.sizes[1:])

    @property
    def memory(self) -> int:
        """Bytes: floats for the parameters, their copies and the checkpoints of the run, and for
        each unit and each example that is computed at once."""
        copies = COPIES + self.slots + CHECKPOINTS * (1 + self.slots)
        buffers = BUFFERS * self.units * min(self.examples, MOST_ROWS)
        return FLOAT * (copies * self.parameters + buffers)

    @property
    def work(self) -> int:
        """Multiplications and additions of one example on its way forward."""
        return 2 * self.parameters + UNIT_WORK * self.units

    def __str__(self) -> str:
        """``2-3000×3-1 has 18 018 001 parameters``."""
        return f"{shape(self.sizes)} has {thousands(self.parameters)} parameters"


def check_memory(size: Size, memory: int | None = None) -> None:
    """MemoryBoundError where a run takes more than so many bytes (None: what this machine has)."""
    most = physical_memory() if memory is None else memory
    if size.memory > most:
        raise MemoryBoundError(
            f"{size}: with {thousands(size.examples)} examples a run takes "
            f"{gigabytes(size.memory)} of memory, and there are {gigabytes(most)}; {FEWER}"
        )


def check_parameters(sizes: Sequence[int], memory: int | None = None) -> None:
    """MemoryBoundError where the parameters alone take more than so many bytes."""
    most = physical_memory() if memory is None else memory
    if (needed := FLOAT * parameter_count(sizes)) > most:
        raise MemoryBoundError(
            f"{Size(tuple(sizes), 0)}: they take {gigabytes(needed)} of memory, and there are "
            f"{gigabytes(most)}; {FEWER}"
        )


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of layers with these sizes."""
    return sum(n * (m + 1) for m, n in pairwise(sizes))


def shape(sizes: Sequence[int], most: int = 9) -> str:
    """Layer sizes, equal ones in a row together: ``2-256×4-1``. Of very many, the first."""
    parts: list[str] = []
    for size, equal in groupby(sizes):
        count = len([*equal])
        parts += [f"{size}×{count}"] if count > 2 else [str(size)] * count
    if len(parts) > most:
        parts = [*parts[: most - 2], "…", parts[-1]]
    return "-".join(parts)


def thousands(n: int) -> str:
    """n with its thousands set apart: ``3 000``."""
    return f"{n:,}".replace(",", " ")
