"""The result of a hypothesis test: its statistic and p-value, or why the test is not possible."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from engine.diagnostics.descriptions import ABOUT, About


@dataclass(frozen=True)
class DiagnosticTest:
    """The result of one test of an assumption of least squares, as ``Diagnosis`` returns it.

    Attributes:
        about: the name of the test, what it tests and which values are good.
        statistic: the value of the test statistic.
        freedom: its degrees of freedom, (k,) for χ², (k, m) for F, () for other distributions.
        note: a remark on this result, "" if there is none.
        tail: computes the p-value. ``p_value`` calls it once, as it may be slow.

    Example:
        >>> import engine
        >>> fit = engine.ols([1, 2, 3, 4, 5, 6], [1.1, 1.9, 3.2, 3.9, 5.3, 5.8])
        >>> test = engine.diagnose(fit).breusch_pagan
        >>> print(f"{test.name}: chi2{test.freedom} = {test.statistic:.3f}, p = {test.p_value:.3f}")
        Breusch–Pagan (Koenker): chi2(1,) = 2.479, p = 0.115
    """

    about: About
    statistic: float
    freedom: tuple[int, ...] = ()
    note: str = ""
    tail: Callable[[], float] = field(repr=False, compare=False, kw_only=True)

    @property
    def name(self) -> str:
        """The name of the test."""
        return self.about.name

    @property
    def tests(self) -> str:
        """What it tests, in one line."""
        return self.about.tests

    @property
    def good(self) -> str:
        """Which values are good, in one line."""
        return self.about.good

    @cached_property
    def p_value(self) -> float:
        """The probability of a statistic at least as extreme if the assumption holds."""
        return self.tail()


class CannotTest(Exception):
    """The test is not possible for this fit; the message says why."""


def chi2_test(key: str, statistic: float, df: int, note: str = "") -> DiagnosticTest:
    """The result of a test whose statistic is χ² distributed (most of them only for large n)."""

    def tail() -> float:
        from scipy.special import chdtrc

        return float(chdtrc(df, statistic))

    return DiagnosticTest(ABOUT[key], statistic, (df,), note, tail=tail)


def f_test(key: str, statistic: float, df: tuple[int, int], note: str = "") -> DiagnosticTest:
    """The result of a test whose statistic is F distributed."""

    def tail() -> float:
        from scipy.special import fdtrc

        return float(fdtrc(*df, statistic))

    return DiagnosticTest(ABOUT[key], statistic, df, note, tail=tail)
