"""Short forms of inputs, as the screens write them: x₁², x₁x₂, wt·hp, sin x₁.

Names of columns are matched whole, so they need no backticks here.
"""

from collections.abc import Mapping, Sequence

from engine.terms.expressions import (
    FUNCTIONS,
    Call,
    Expression,
    Product,
    Variable,
    powered,
)
from engine.terms.limits import MAX_EXPONENT
from engine.terms.tokens import SUPERSCRIPTS

SIGNS = "*·×"


def read_short_form(
    text: str, names: Sequence[str], positions: Mapping[str, int]
) -> Expression | None:
    """A function of one column, a power of one, or a product of two; None for another text.

    ``positions`` of the columns by each way to write their names.
    """
    if (call := _function_of(text)) is not None:
        column = positions.get(call[1])
        return None if column is None else Call(call[0], Variable(names[column]))
    base, exponent = _power_of(text)
    if base in positions and 1 <= exponent <= MAX_EXPONENT:
        return powered(Variable(names[positions[base]]), exponent)
    factors = _factors(text, positions)
    if factors is None:
        return None
    first, second = (Variable(names[column]) for column in sorted(factors))
    return powered(first, 2) if first == second else Product((("*", first), ("*", second)))


def _function_of(text: str) -> tuple[str, str] | None:
    """A function and the name that follows it, in brackets or after a blank."""
    function = next((f for f in FUNCTIONS if text.startswith(f)), None)
    if function is None:
        return None
    rest = text[len(function) :]
    if rest.lstrip().startswith("(") and rest.endswith(")"):
        return function, rest.lstrip()[1:-1].strip()
    return (function, rest.strip()) if rest[:1].isspace() else None


def _power_of(text: str) -> tuple[str, int]:
    """A name and the exponent after it, which is 0 if there is none."""
    base, _, digits = text.rpartition("^")
    if not (base and digits.isdecimal()):
        base = text.rstrip(SUPERSCRIPTS)
        digits = "".join(str(SUPERSCRIPTS.index(c)) for c in text[len(base) :])
    return base.strip(), int(digits) if digits and len(digits) < 5 else 0


def _factors(text: str, positions: Mapping[str, int]) -> tuple[int, int] | None:
    """The two columns of a product, whose names are written with a sign between them or without;
    None for another text."""
    for sign in SIGNS:
        first, _, second = (part.strip() for part in text.partition(sign))
        if first in positions and second in positions:
            return positions[first], positions[second]
    for split in range(1, len(text)):
        if text[:split] in positions and text[split:] in positions:
            return positions[text[:split]], positions[text[split:]]
    return None
