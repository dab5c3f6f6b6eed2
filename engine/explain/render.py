"""Writing a whole explanation as text, to copy it, save it or read it aloud."""

import re
from functools import partial
from unicodedata import combining, normalize

from engine.explain.explanation import CentralDifference, Definition, Explanation, Matrix
from engine.explain.notation_writer import numeric, symbolic
from engine.explain.rounding import MAX_DIGITS, digits_needed
from engine.notation import SIGN, Name, Notation, decimal, spelt

# no space between these and their parentheses
_FUNCTIONS = tuple(map(Name, ("σ", "softmax", "softplus", "ln", "exp")))
_ROOT = Name("√")


def written(explanation: Explanation, notation: Notation = "unicode", digits: int = 4) -> str:
    """The whole explanation as text; LaTeX needs the package amsmath.

    It consists of the equation, the calculation with names and with numbers, the meaning, the line
    of NumPy, and the check.
    """
    if notation == "latex":
        return _latex(explanation, digits)
    blocks = [equation_text(explanation, notation)]
    for definition in explanation.definitions:
        symbol = symbolic(definition.symbol, notation)
        note = f"  ({spelt(definition.note, notation)})" if definition.note else ""
        sides = _sides(definition, notation, digits)
        gap = " " * sum(not combining(sign) for sign in symbol)
        lines = [f"{symbol} = {sides[0][1]}", *(f"{gap} {sign} {text}" for sign, text in sides[1:])]
        lines[0] += note
        blocks.append("\n".join(lines))
    last = [f"NumPy  {explanation.code}"] if explanation.code else []
    if explanation.check:
        last.append(_check_text(explanation.check, notation, digits))
    blocks.append(meaning_text(explanation, notation))
    return "\n\n".join((*blocks, "\n".join(last))).rstrip() + "\n"


def _sides(definition: Definition, notation: Notation, digits: int) -> list[tuple[str, str]]:
    """The right sides, each after its sign: in names, in numbers, and the value.

    The numbers have as many digits as it takes to make the value; ≈ where there are not enough.
    """
    expression, value = definition.expression, definition.symbol.value
    written = partial(decimal, notation=notation, digits=digits)
    needed = digits_needed(expression, value, written, range(digits, MAX_DIGITS + 1))
    numbers = numeric(expression, notation, needed or digits)
    texts = dict.fromkeys((symbolic(expression, notation), numbers, written(value)))
    sides = [("=", text) for text in texts]
    if needed is None:
        sides[-1] = (spelt("≈", notation), sides[-1][1])
    return sides


def equation_text(explanation: Explanation, notation: Notation = "unicode") -> str:
    """The general equation with names only: ``δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)``."""
    text, previous = "", None
    for part in explanation.equation:
        word = _word(part, notation)
        if previous == _ROOT and notation != "unicode":
            word = f"{{{word}}}" if notation == "latex" else f"({word})"
        is_function = part == "(" and previous in _FUNCTIONS
        is_sign = previous == "−" and text.endswith(f"= {_word('−', notation)}")
        spaced = text and not (is_function or is_sign or previous in ("(", _ROOT))
        text += f" {word}" if spaced and part not in (")", Name("²")) else word
        previous = part if isinstance(part, Name | str) else None
    return text


def meaning_text(explanation: Explanation, notation: Notation = "unicode") -> str:
    """The meaning in one paragraph; in LaTeX its names are between dollar signs."""
    words = []
    for part in explanation.meaning:
        if notation != "latex":
            words.append(_word(part, notation))
        elif isinstance(part, Name):
            words.append(f"${part.written('latex')}$")
        else:
            words.append(_prose(part))
    return "".join(words)


def _word(part: Matrix | Name | str, notation: Notation) -> str:
    if isinstance(part, Matrix):
        return part.name.written(notation)
    return part.written(notation) if isinstance(part, Name) else spelt(part, notation)


def _check_text(check: CentralDifference, notation: Notation, digits: int) -> str:
    passed = "ok" if notation == "ascii" else "✓"
    estimate = decimal(check.estimate, notation, digits)
    text = f"central difference {estimate}, relative error {decimal(check.error, notation, 1)}"
    text += f" {passed}" if check.passed else ""
    return text + (f" ({spelt(check.note, notation)})" if check.note else "")


def _latex(explanation: Explanation, digits: int) -> str:
    lines = [equation_text(explanation, "latex").replace("=", "&=", 1)]
    for definition in explanation.definitions:
        note = rf" && \text{{({_prose(definition.note)})}}" if definition.note else ""
        (_, first), *others = _sides(definition, "latex", digits)
        lines.append(f"{symbolic(definition.symbol, 'latex')} &= {first}{note}")
        lines += [f"&{sign} {side}" for sign, side in others]
    body = " \\\\\n".join(lines)
    text = f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n\n{meaning_text(explanation, 'latex')}\n\n"
    if explanation.code:
        text += rf"NumPy: \verb|{explanation.code}|" + "\n"
    if explanation.check:
        check = explanation.check
        error = f"${decimal(check.error, 'latex', 1)}$"
        text += f"\ncentral difference ${decimal(check.estimate, 'latex', digits)}$, "
        text += f"relative error {error}" + (r" $\checkmark$" if check.passed else "")
        text += f" ({_prose(check.note)})\n" if check.note else "\n"
    return text


_PROSE = {
    "%": r"\%", "_": r"\_", "#": r"\#", "&": r"\&", ">": "$>$", "<": "$<$", "’": "'", "–": "--",
}  # fmt: skip
_IN_PROSE = re.compile(f"[{''.join(_PROSE)}]|.[\u0302-\u0304]|{SIGN.pattern}")


def _prose(text: str) -> str:
    """Prose in LaTeX, with mathematical signs between dollar signs."""

    def spell(match: re.Match[str]) -> str:
        return _PROSE.get(match[0]) or f"${spelt(match[0], 'latex').strip()}$"

    return normalize("NFC", _IN_PROSE.sub(spell, normalize("NFD", text)))
