"""The diagnostics of the assumptions pane: the result of each, of least squares or of a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine import Diagnosis, ModelDiagnosis
from engine.arrays import Array
from engine.arrays import Ints as Rows
from engine.diagnostics import ORDER_TESTS
from engine.diagnostics.other_model import NEEDS_FIT
from tui.drawing.numbers import norm
from tui.model.linear.facts import LinearFacts

SMALL_P = 0.05
APART = "the training examples are only a part of the rows: neighbours in the data are missing"
OF_COLUMNS = ("vif", "condition_indices")  # depend on the columns alone, whoever fits them
NOT_FINITE = "the network's numbers are not finite: it has no residuals"
AT_LEAST_1 = 1.0 - 1e-9  # a leverage that is 1 but for rounding


@dataclass(frozen=True)
class Finding:
    """The result of a diagnostic."""

    value: float | None  # None if it cannot be computed: see ``note``
    p: float | None = None
    is_good: bool | None = None  # None if it is neither for nor against the assumption
    location: str = ""  # an example or column, if there is no p
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A row of the table."""

    name: str
    key: str  # of ``engine.diagnostics.ABOUT``
    find: Callable[[Diagnosis, Rows], Finding]  # of a fit to these rows of the data


def _test(key: str, diagnosis: Diagnosis | ModelDiagnosis, rows: Rows) -> Finding:
    test = diagnosis.test(key)
    if test is None:
        return Finding(None, note=diagnosis.note(key))
    p = test.p_value
    return Finding(test.statistic, p, None if np.isnan(p) else p > SMALL_P, note=test.note)


def _order_test(key: str, diagnosis: Diagnosis | ModelDiagnosis, rows: Rows) -> Finding:
    """A test of neighbouring residuals; none of rows whose neighbours are missing."""
    if diagnosis.test(key) is not None and (np.diff(rows) != 1).any():
        return Finding(None, note=APART)
    return _test(key, diagnosis, rows)


def _largest(values: Array, limit: float, location: Callable[[int], str]) -> Finding:
    """The largest value, which is good up to ``limit`` if no value is NaN: one that cannot be
    computed, as where the fit goes through an example, is not known to be small."""
    if not len(values) or np.isnan(values).all():
        return Finding(None, note="there is none of this fit")
    at, unknown = int(np.nanargmax(values)), int(np.isnan(values).sum())
    is_good = bool(values[at] <= limit)
    note = f"{unknown} of {len(values)} cannot be computed" if unknown else ""
    return Finding(
        float(values[at]), None, None if is_good and unknown else is_good, location(at), note
    )


def _largest_of_examples(
    values: Callable[[Diagnosis], Array], limit: float, diagnosis: Diagnosis, rows: Rows
) -> Finding:
    with np.errstate(all="ignore"):
        return _largest(np.abs(values(diagnosis)), limit, lambda i: f"#{rows[i] + 1}")


def _leverage(diagnosis: Diagnosis, rows: Rows) -> Finding:
    fit = diagnosis.fit
    if fit.freedom <= 0:
        return Finding(None, note=diagnosis.note("breusch_pagan"))
    twice_mean = 2.0 * fit.rank / len(diagnosis.leverage)
    finding = _largest_of_examples(lambda d: d.leverage, twice_mean, diagnosis, rows)
    if twice_mean < 1.0 or finding.value is None:
        return finding
    if finding.value >= AT_LEAST_1:
        return replace(finding, is_good=False)
    mean = f"twice the mean is {norm(twice_mean).strip()}: no leverage is above 1"
    return replace(finding, is_good=None, note=mean)


def _vif(diagnosis: Diagnosis, rows: Rows) -> Finding:
    names = diagnosis.fit.names[diagnosis.fit.intercept :]
    return _largest(diagnosis.vif, 10.0, lambda j: names[j])


def _condition(diagnosis: Diagnosis, rows: Rows) -> Finding:
    return _largest(diagnosis.condition_indices, 30.0, lambda j: "")


CHECKS = (
    Check("Breusch–Pagan", "breusch_pagan", partial(_test, "breusch_pagan")),
    Check("White", "white", partial(_test, "white")),
    Check("Durbin–Watson", "durbin_watson", partial(_order_test, "durbin_watson")),
    Check("Jarque–Bera", "jarque_bera", partial(_test, "jarque_bera")),
    Check("RESET", "reset", partial(_test, "reset")),
    Check(
        "max Cook", "cooks_distance", partial(_largest_of_examples, lambda d: d.cooks_distance, 0.5)
    ),
    Check("max VIF", "vif", _vif),
    Check(
        "max |stud.|",
        "studentised",
        partial(_largest_of_examples, lambda d: d.studentised_external, 3),
    ),
    Check("max leverage", "leverage", _leverage),
    Check("condition", "condition_indices", _condition),
    Check("BP classic", "breusch_pagan_classic", partial(_test, "breusch_pagan_classic")),
    Check("ncv score", "ncv", partial(_test, "ncv")),
    Check("White special", "white_special", partial(_test, "white_special")),
    Check("Breusch–Godfrey", "breusch_godfrey", partial(_order_test, "breusch_godfrey")),
    Check("Ljung–Box", "ljung_box", partial(_order_test, "ljung_box")),
    Check("omnibus", "omnibus", partial(_test, "omnibus")),
    Check("Shapiro–Wilk", "shapiro", partial(_test, "shapiro")),
)


def finding_of(check: Check, facts: LinearFacts, rows: Rows, of_network: bool) -> Finding:
    """The result of a diagnostic of facts with a fit: of OLS, or of the network's residuals."""
    assert facts.diagnosis is not None
    if not of_network or check.key in OF_COLUMNS:
        return check.find(facts.diagnosis, rows)
    if check.key in NEEDS_FIT:
        return Finding(None, note=f"{NEEDS_FIT[check.key]}, and a network is none")
    model = facts.network_diagnosis
    if model is None:
        return Finding(None, note=NOT_FINITE)
    with np.errstate(all="ignore"):
        return (_order_test if check.key in ORDER_TESTS else _test)(check.key, model, rows)
