"""The published data sets: description, source, target, and the model that suits it."""

from typing import NamedTuple


class Publication(NamedTuple):
    """A published table.

    ``target`` names a column, or several: "o1, o2". ``family`` is that of the generalised linear
    model that suits the target. Where ``trials``
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


NIELSEN = "M. A. Nielsen (2015), Neural Networks and Deep Learning, Determination Press, ch."
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
    "exam": Publication(
        "20 students: passing an exam (0, 1) from the hours of study",
        "Wikipedia, Logistic regression: probability of passing an exam versus hours of study",
        "passed",
        "",
    ),
    "xor01": Publication(
        "xor of 0 and 1: four rows",
        "I. Goodfellow, Y. Bengio & A. Courville (2016), Deep Learning, MIT Press, 6.1",
        "xor",
        "",
    ),
    "nand": Publication("nand of 0 and 1: four rows", f"{NIELSEN} 1", "nand", ""),
    "nielsen": Publication("Nielsen's neuron: input 1, target 0", f"{NIELSEN} 3", "y"),
    "mazur": Publication(
        "Mazur's example: two inputs, two targets, one row",
        "M. Mazur (2015), A Step by Step Backpropagation Example, mattmazur.com",
        "o1, o2",
        "",
    ),
    "micrograd": Publication(
        "Karpathy's neuron: two inputs, one row",
        "A. Karpathy (2022), The spelled-out intro to neural networks and backpropagation: "
        "building micrograd",
        "y",
    ),
    "adam": Publication(
        "one row: input 1, two targets 0",
        "q4quant.studio, Compute the First Adam Update by Hand",
        "y1, y2",
        "",
    ),
    "prakash": Publication(
        "14prakash's example: three inputs, the first of three classes, one row",
        "14prakash (2017), Back-Propagation is very simple. Who made it Complicated?, Medium",
        "y1, y2, y3",
        "",
    ),
    "cs231n": Publication(
        "three spirals of 100 points, labelled 0, 1 and 2",
        "Stanford CS231n, Minimal Neural Network Case Study: its formula, with NumPy's seed 0",
        "class",
        "",
    ),
}
