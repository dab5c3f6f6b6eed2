"""Short forms of the names of the diagnostics, of what they ask and of what a good result is."""

from typing import NamedTuple


class BriefDiagnostic(NamedTuple):
    """A diagnostic in few cells; ``engine.diagnostics.ABOUT`` has the whole sentences."""

    name: str  # at most 8 cells
    question: str
    good: str


_LARGE_P = "fine if p is above 0.05"

BRIEF = {
    "breusch_pagan": BriefDiagnostic("Breusch", "is the spread constant?", _LARGE_P),
    "white": BriefDiagnostic("White", "is the spread constant?", _LARGE_P),
    "durbin_watson": BriefDiagnostic("Durbin", "do neighbours agree?", _LARGE_P),
    "jarque_bera": BriefDiagnostic("Jarque", "are residuals normal?", _LARGE_P),
    "reset": BriefDiagnostic("RESET", "was a curve missed?", _LARGE_P),
    "cooks_distance": BriefDiagnostic("max Cook", "does one example decide?", "fine below ½"),
    "vif": BriefDiagnostic("max VIF", "are columns collinear?", "fine below 10"),
    "studentised": BriefDiagnostic("max |t|", "is an example far off?", "fine within ±3"),
    "leverage": BriefDiagnostic("max h", "does one example pull ŷ?", "fine below 2p/n"),
    "condition_indices": BriefDiagnostic("cond.", "are columns collinear?", "fine below 30"),
    "breusch_pagan_classic": BriefDiagnostic("BP class", "is the spread constant?", _LARGE_P),
    "ncv": BriefDiagnostic("ncv", "does the spread follow ŷ?", _LARGE_P),
    "white_special": BriefDiagnostic("White sp", "does the spread follow ŷ?", _LARGE_P),
    "breusch_godfrey": BriefDiagnostic("Godfrey", "does the order matter?", _LARGE_P),
    "ljung_box": BriefDiagnostic("Ljung", "does the order matter?", _LARGE_P),
    "omnibus": BriefDiagnostic("omnibus", "are residuals normal?", _LARGE_P),
    "shapiro": BriefDiagnostic("Shapiro", "are residuals normal?", _LARGE_P),
}


class NoNeed(NamedTuple):
    """Why a network does not need what a diagnostic tests, whole and in few cells."""

    text: str
    brief: str


_NO_SE = "it has no standard errors that would be wrong"
_SPREAD = NoNeed(f"A network assumes no constant spread: {_NO_SE}.", "not assumed")
_ORDER = NoNeed(f"A network assumes no independent errors: {_NO_SE}.", "not assumed")
_NORMAL = NoNeed(
    "A network assumes no normal errors: it has no intervals that rest on them.", "not assumed"
)
_COLUMNS = NoNeed(
    "It is of the columns alone. A network needs no single weight, and only trains more slowly.",
    "of the columns alone",
)

NOT_NEEDED = {
    "breusch_pagan": _SPREAD,
    "white": _SPREAD,
    "durbin_watson": _ORDER,
    "jarque_bera": _NORMAL,
    "vif": _COLUMNS,
    "condition_indices": _COLUMNS,
    "breusch_pagan_classic": _SPREAD,
    "ncv": _SPREAD,
    "white_special": _SPREAD,
    "ljung_box": _ORDER,
    "omnibus": _NORMAL,
    "shapiro": _NORMAL,
}
"""Of each diagnostic that can be asked of a network's residuals."""
