"""Explanations of computed numbers: the equation, its terms with their values, and a check.

``explain`` is for the quantities of a training step. The functions in ``models`` are for fits,
costs, linear regions and their counts. ``written`` returns an explanation as text.
"""

from engine.explain.explanation import CentralDifference, Definition, Explanation, Matrix
from engine.explain.expression import (
    Expression,
    Function,
    Maximum,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    number,
    symbols,
)
from engine.explain.notation_writer import numeric, symbolic
from engine.explain.quantity import Example, Quantity, values_of
from engine.explain.render import equation_text, meaning_text, written
from engine.explain.step.dispatch import explain
from engine.notation import Name, Notation, spelt

__all__ = [
    "CentralDifference",
    "Definition",
    "Example",
    "Explanation",
    "Expression",
    "Function",
    "Matrix",
    "Maximum",
    "Minus",
    "Name",
    "Notation",
    "Power",
    "Product",
    "Quantity",
    "Quotient",
    "Sum",
    "Symbol",
    "equation_text",
    "explain",
    "meaning_text",
    "number",
    "numeric",
    "spelt",
    "symbolic",
    "symbols",
    "values_of",
    "written",
]
