"""The published data sets: description, source, target, and the model that suits it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Publication:
    """A published table.

    ``family`` is that of the generalised linear model that suits the target. Where ``trials``
    names a column, the target is a number of successes among that many trials; ``labels`` are
    then the two outcomes of a trial, failure first. ``rows_have_order`` is for rows in the order
    of time, which make a series; else the rows are a sample, a design, or sorted by a value.
    """

    description: str
    source: str
    target: str
    family: str = "gaussian"
    trials: str | None = None
    labels: tuple[str, ...] = ()
    rows_have_order: bool = False


ANSCOMBE = "F. J. Anscombe (1973), Graphs in statistical analysis, Am. Statistician 27(1), 17–21"
PUBLICATIONS = {
    "anscombe-1": Publication("Anscombe: a line with noise", ANSCOMBE, "y"),
    "anscombe-2": Publication("Anscombe: a curve with the same line", ANSCOMBE, "y"),
    "anscombe-3": Publication("Anscombe: one outlier tilts the line", ANSCOMBE, "y"),
    "anscombe-4": Publication("Anscombe: one point alone makes the line", ANSCOMBE, "y"),
    "mtcars": Publication(
        "32 cars of 1973–74: fuel economy from ten properties",
        "H. V. Henderson & P. F. Velleman (1981), Biometrics 37, 391–411; Motor Trend 1974",
        "mpg",
    ),
    "longley": Publication(
        "Longley: employment from six series that move together",
        "J. W. Longley (1967), J. Am. Stat. Assoc. 62, 819–841; as certified by NIST StRD",
        "employed",
        rows_have_order=True,
    ),
    "cars": Publication(
        "50 cars of the 1920s: stopping distance from speed",
        "M. Ezekiel (1930), Methods of Correlation Analysis, Wiley",
        "distance",
    ),
    "stackloss": Publication(
        "21 days of a plant: ammonia lost, from how it was run",
        "K. A. Brownlee (1965), Statistical Theory and Methodology, 2nd ed., Wiley, 491–500",
        "stack_loss",
        rows_have_order=True,
    ),
    "iris": Publication(
        "150 irises of three species: which, from four lengths",
        "R. A. Fisher (1936), The use of multiple measurements in taxonomic problems, "
        "Ann. Eugenics 7, 179–188; E. Anderson's measurements",
        "species",
        "",
    ),
    "challenger": Publication(
        "23 shuttle flights: O-ring distress from the temperature",
        "Rogers Commission (1986); S. R. Dalal, E. B. Fowlkes & B. Hoadley (1989), "
        "J. Am. Stat. Assoc. 84, 945–957",
        "distress",
        "binomial",
    ),
    "dobson": Publication(
        "Dobson: counts of three outcomes under three treatments",
        "A. J. Dobson (1990), An Introduction to Generalized Linear Models, Chapman & Hall, 93",
        "count",
        "poisson",
    ),
    "beetles": Publication(
        "481 beetles, one an example: death from the dose (log₁₀) of CS₂",
        "C. I. Bliss (1935), The calculation of the dosage-mortality curve, "
        "Ann. Appl. Biol. 22, 134–167",
        "died",
        "binomial",
        trials="exposed",
        labels=("survived", "died"),
    ),
}
