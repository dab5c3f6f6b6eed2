"""What each diagnostic is called, what it tests and which values are good: one line each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """A diagnostic in words: its name, what it tests, and which values are good."""

    name: str
    tests: str
    good: str


LARGE_P = "p above 0.05"

ABOUT = {
    "vif": About(
        "variance inflation factors",
        "how much the other columns widen a coefficient's interval: 1/(1 − R²) of one on the rest",
        "near 1; above 10 the columns are nearly collinear",
    ),
    "condition_number": About(
        "condition number",
        "how far a small change of X can move the coefficients, in the columns' own units",
        "small; a large one may come from different units alone: see the condition indices",
    ),
    "condition_indices": About(
        "condition indices",
        "near dependencies of the columns, each scaled to length 1 (Belsley, Kuh and Welsch)",
        "all below 30; each one above is a near dependency",
    ),
    "breusch_pagan": About(
        "Breusch–Pagan (Koenker)",
        "does the residuals' spread change along the columns? n·R² of e² on X",
        f"{LARGE_P}: no sign of a changing spread",
    ),
    "breusch_pagan_classic": About(
        "Breusch–Pagan (classic)",
        "the same for normal errors: half the explained sum of squares of e²/σ̂² on X",
        f"{LARGE_P}: no sign of a changing spread",
    ),
    "ncv": About(
        "non-constant variance score",
        "does the spread change along ŷ? The classic Breusch–Pagan test of e²/σ̂² on ŷ alone",
        f"{LARGE_P}: no sign that the spread follows ŷ",
    ),
    "white": About(
        "White",
        "does the spread change in any way quadratic in the columns? n·R² of e² on x, x², x·x′",
        f"{LARGE_P}: no sign of a changing spread",
    ),
    "white_special": About(
        "White (special form)",
        "does the spread change with ŷ, or its square? n·R² of e² on ŷ, ŷ²",
        f"{LARGE_P}: no sign that the spread follows ŷ",
    ),
    "durbin_watson": About(
        "Durbin–Watson",
        "do neighbouring residuals agree, or alternate? d = Σ(eₜ − eₜ₋₁)²/Σeₜ²; p is two-sided",
        f"d near 2 and {LARGE_P}; near 0 neighbours agree, near 4 they alternate",
    ),
    "breusch_godfrey": About(
        "Breusch–Godfrey",
        "do earlier residuals predict later ones? n·R² of e on X and the lagged e",
        f"{LARGE_P}: no sign that the order of the rows matters",
    ),
    "ljung_box": About(
        "Ljung–Box",
        "are the residuals' first autocorrelations together too large?",
        f"{LARGE_P}: no sign that the order of the rows matters",
    ),
    "jarque_bera": About(
        "Jarque–Bera",
        "are skewness and kurtosis the normal curve's 0 and 3? (p is for large n)",
        f"{LARGE_P}: the tails look normal",
    ),
    "omnibus": About(
        "omnibus K² (D'Agostino–Pearson)",
        "are skewness and kurtosis the normal curve's? Each brought to a z-score for this n",
        f"{LARGE_P}: the tails look normal",
    ),
    "shapiro": About(
        "Shapiro–Wilk",
        "do the sorted residuals fall on a line against normal quantiles? W is that line's R²",
        f"W near 1 and {LARGE_P}: the residuals look normal",
    ),
    "reset": About(
        "RESET (Ramsey)",
        "do powers of ŷ explain what the columns do not? F test of adding ŷ², ŷ³ … to the fit",
        f"{LARGE_P}: no sign of a curve that was missed",
    ),
    "leverage": About(
        "leverage",
        "how strongly an example's own y pulls its ŷ: the diagonal of the hat matrix",
        "below twice the mean p/n; at 1 the fit goes through the example whatever its y",
    ),
    "cooks_distance": About(
        "Cook's distance",
        "how far all fitted values move when the example is left out",
        "below ½; at 1 a single example decides the fit",
    ),
    "studentised": About(
        "studentised residuals",
        "a residual in its own standard deviations; external: σ̂ estimated without the example",
        "within ±3; beyond, an example that the fit does not explain",
    ),
}
