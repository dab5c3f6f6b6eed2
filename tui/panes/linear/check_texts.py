"""Short forms of the names of the diagnostics, of what they ask and of what a good result is."""

from typing import NamedTuple


class Brief(NamedTuple):
    """A diagnostic in few cells; ``engine.diagnostics.ABOUT`` has the whole sentences."""

    name: str  # at most 8 cells
    question: str
    good: str


_LARGE_P = "fine if p is above 0.05"

BRIEF = {
    "breusch_pagan": Brief("Breusch", "is the spread constant?", _LARGE_P),
    "white": Brief("White", "is the spread constant?", _LARGE_P),
    "durbin_watson": Brief("Durbin", "do neighbours agree?", _LARGE_P),
    "jarque_bera": Brief("Jarque", "are residuals normal?", _LARGE_P),
    "reset": Brief("RESET", "was a curve missed?", _LARGE_P),
    "cooks_distance": Brief("max Cook", "does one example decide?", "fine below ½"),
    "vif": Brief("max VIF", "are columns collinear?", "fine below 10"),
    "studentised": Brief("max |t|", "is an example far off?", "fine within ±3"),
    "leverage": Brief("max h", "does one example pull ŷ?", "fine below 2p/n"),
    "condition_indices": Brief("cond.", "are columns collinear?", "fine below 30"),
    "breusch_pagan_classic": Brief("BP class", "is the spread constant?", _LARGE_P),
    "ncv": Brief("ncv", "does the spread follow ŷ?", _LARGE_P),
    "white_special": Brief("White sp", "does the spread follow ŷ?", _LARGE_P),
    "breusch_godfrey": Brief("Godfrey", "does the order matter?", _LARGE_P),
    "ljung_box": Brief("Ljung", "does the order matter?", _LARGE_P),
    "omnibus": Brief("omnibus", "are residuals normal?", _LARGE_P),
    "shapiro": Brief("Shapiro", "are residuals normal?", _LARGE_P),
}
