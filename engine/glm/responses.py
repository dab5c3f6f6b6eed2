"""The responses of a model: counts or shares of trials, and what is to be said of them.

The sums and the warnings follow R's ``glm`` (its families' ``initialize`` and ``aic``).
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Bools
from engine.data.exact_input import first_value, row_error
from engine.data.trials import of_trials
from engine.errors import RowError
from engine.glm.negative_binomial import LARGEST_COUNT
from engine.wording import count, noun_for, plural

ROUNDING = 1e-9  # relative: products such as 0.7083333·24 are whole up to this
R_SUCCESSES = 1e-3  # R: a number of successes is whole up to this
R_COUNT = 1e-7  # R's dpois: a count is whole up to this, relative to max(1, count)
FAILURES = "; if the column holds the failures, the trials are successes and failures together"


@dataclass(frozen=True)
class Remark:
    """Something to say of the data; ``text`` has {row} for the name of row ``row``, from 0."""

    text: str
    row: int = 0

    def at(self, place: str) -> str:
        """The remark with this name of its row."""
        return self.text.replace("{row}", place)

    def __str__(self) -> str:
        return self.at(f"row {self.row + 1}")


def shares_of_trials(y: Array, trials: Array) -> tuple[Array, tuple[Remark, ...]]:
    """y (n,) as shares of the trials (n,).

    Whole numbers are counts of successes. If any is not whole and all are from 0 to 1, they are
    shares already, and a remark says so. RowError for other numbers.
    """
    fractional = ~_whole(y, ROUNDING * np.abs(y))
    if fractional.any() and (y >= 0.0).all() and (y <= 1.0).all():
        return y, (
            Remark(
                "y is read as shares of the trials: it is from 0 to 1, and no whole number in "
                f"{_rows(fractional, y)}",
                int(fractional.argmax()),
            ),
        )
    if fractional.any():
        raise row_error(fractional, y, "successes are whole numbers, or shares from 0 to 1")
    if (y < 0.0).any():
        raise row_error(y < 0.0, y, "successes are from 0 to the trials")
    if (y > trials).any():
        rows = np.flatnonzero(y > trials)
        among = of_trials(y[rows[0]], trials[rows[0]])
        fault = f"{among}; y counts successes, from 0 to the trials{FAILURES}"
        raise RowError("y", rows.tolist(), fault)
    return np.asarray(y / trials, dtype=np.float64), ()


def trials_with(y: Array, failures: Array) -> tuple[Array, Array, tuple[Remark, ...]]:
    """The trials (n,) of successes y and failures, which rows have any, and what to say of them.

    A row without trials has one here, to be given the weight 0. RowError unless both are whole
    and 0 or more.
    """
    for values, name in ((y, "y"), (failures, "failures")):
        finite = np.isfinite(values)
        faulty = ~finite | (values < 0.0) | ~_whole(np.where(finite, values, 0.0), ROUNDING)
        if faulty.any():
            fault = "successes and failures are whole numbers, 0 or more"
            raise row_error(faulty, values, fault, name)
    empty = y + failures == 0.0
    if not empty.any():
        return y + failures, empty, ()
    more = int(empty.sum()) - 1
    rows = f" and {count(more)} more {noun_for(more, 'row')}" if more else ""
    remark = Remark(f"no successes and no failures in {{row}}{rows}: left out", int(empty.argmax()))
    return np.where(empty, 1.0, y + failures), empty, (remark,)


def check_trials(trials: Array) -> None:
    """RowError unless every number of trials is finite and 1 or more."""
    faulty = ~(np.isfinite(trials) & (trials >= 1.0))
    if faulty.any():
        raise row_error(faulty, trials, f"trials must be finite and 1 or more{FAILURES}", "trials")


def binomial_remarks(y: Array, sizes: Array) -> tuple[Remark, ...]:
    """What to say of shares y (n,) of ``sizes`` (n,), if not all are whole numbers of successes."""
    successes = sizes * y
    faulty = ~_whole(successes, np.full_like(successes, R_SUCCESSES))
    if not faulty.any():
        return ()
    return (
        Remark(
            f"the successes (shares times trials or weights) are not whole in {faulty.sum()} of "
            f"{plural(len(y), 'row')}, first in {{row}} ({first_value(faulty, successes)}): the "
            "log-likelihood and AIC round them, as R does",
            int(faulty.argmax()),
        ),
    )


def poisson_remarks(y: Array) -> tuple[Remark, ...]:
    """What to say of counts y (n,), if not all are whole numbers."""
    faulty = ~counts(y)
    if not faulty.any():
        return ()
    return (
        Remark(
            f"{faulty.sum()} of {plural(len(y), 'value')} of y "
            f"{noun_for(faulty.sum(), 'is no whole number', 'are not whole numbers')}, "
            f"first in {{row}} ({first_value(faulty, y)}): as counts they have "
            "probability 0, so that AIC is infinite, as in R; "
            "the estimates are those of a quasi-likelihood",
            int(faulty.argmax()),
        ),
    )


def check_counts(y: Array) -> None:
    """RowError unless y (n,) are whole numbers that a table can be made of."""
    faulty = ~counts(y)
    if faulty.any():
        raise row_error(faulty, y, "a negative binomial takes counts, whole numbers from 0")
    if (y > LARGEST_COUNT).any():
        fault = f"a negative binomial takes counts up to {count(LARGEST_COUNT)}"
        raise row_error(y > LARGEST_COUNT, y, fault)


def counts(y: Array) -> Bools:
    """Which numbers (n,) are whole by R's rule for counts."""
    return _whole(y, R_COUNT * np.maximum(1.0, np.abs(y)))


def _whole(values: Array, tolerance: Array | float) -> Bools:
    return np.asarray(np.abs(values - np.round(values)) <= tolerance, dtype=np.bool_)


def _rows(faulty: Bools, values: Array) -> str:
    more = int(faulty.sum()) - 1
    rows = f" and {count(more)} more {noun_for(more, 'row')}" if more else ""
    return f"{{row}} ({first_value(faulty, values)}){rows}"
