"""Names of quantities and numbers, written in Unicode, ASCII or LaTeX."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Notation = Literal["unicode", "ascii", "latex"]

_SUPERSCRIPTS = str.maketrans("()0123456789-", "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789()0123456789")
_ASCII = {
    "α": "alpha", "β": "beta", "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta", "λ": "lambda",
    "μ": "mu", "π": "pi", "σ": "sigma", "φ": "phi", "Φ": "Phi", "Δ": "Delta", "Σ": "sum",
    "∂": "d", "∇": "grad ", "√": "sqrt", "∞": "inf", "‖": "||", "⊙": "*", "·": "*", "×": "x",
    "−": "-", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "½": "1/2", "²": "^2",
    "³": "^3", "ᵀ": "^T", "⁻¹": "^-1", "⁺": "_+", "⁻": "_-", "ₜ₋₁": "_(t-1)", "ₜ": "_t",
    "′": "'", "’": "'", "–": "-", "→": "->", "…": "...",
}  # fmt: skip
_LATEX = {
    "α": r"\alpha", "β": r"\beta", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta",
    "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "π": r"\pi", "σ": r"\sigma", "φ": r"\varphi",
    "Φ": r"\Phi", "Δ": r"\Delta", "Σ": r"\sum", "∂": r"\partial", "∇": r"\nabla", "√": r"\sqrt",
    "∞": r"\infty", "‖": r"\|", "⊙": r"\odot", "·": r"\cdot", "×": r"\times", "−": "-",
    "±": r"\pm", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "½": r"\tfrac12",
    "²": "^2", "³": "^3", "ᵀ": r"^{\top}", "⁻¹": "^{-1}", "⁺": "^+", "⁻": "^-", "ₜ₋₁": "_{t-1}",
    "ₜ": "_t", "′": "'", "’": "'", "–": "-", "→": r"\to", "…": r"\dots",
}  # fmt: skip
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}  # the Unicode combining signs
SIGN = re.compile("|".join(["⁽[⁰¹²³⁴-⁹]+⁾", *_ASCII, "[₀-₉]+"]))  # ⁽³⁾ is a layer
_ACCENTED = re.compile(f"(.)([{''.join(_ACCENTS)}])")
_WORD = re.compile("[A-Za-z]{2,}")
_OPERATORS = ("cos", "exp", "ln", "log", "max", "min", "sin", "tanh")  # LaTeX commands


@dataclass(frozen=True)
class Name:
    """The name of a quantity: ``w⁽²⁾₁₃``, ``W⁽²⁾ᵀ``, ``σ′(z⁽¹⁾)``, ``∂C/∂w⁽²⁾₁₃``, ``δ⁽²⁾₁[5]``.

    ``indices`` count from 1. ``mark`` is ′, written after the base, or ᵀ or ⁻¹, written at the
    end. ``example``, from 1, is the example of the batch. ``function`` is applied to the whole.
    """

    base: str
    layer: int | None = None
    indices: tuple[int, ...] = ()
    mark: str = ""
    function: str = ""
    example: int | None = None

    def written(self, notation: Notation = "unicode") -> str:
        """The name as text."""
        text = _WRITERS[notation](self)
        if self.example is not None:
            text += f"[{self.example}]"
        return f"{spelt(self.function, notation)}({text})" if self.function else text


def spelt(text: str, notation: Notation) -> str:
    """A word or a sign of a formula in that notation: δ, ``delta``, ``\\delta``."""
    if notation == "unicode":
        return text
    if notation == "latex":
        text = _WORD.sub(_latex_word, text)
    # NFD splits ŷ into y and a combining accent, as m̂ already is
    text = unicodedata.normalize("NFD", text)
    form = r"\{}{{{}}}" if notation == "latex" else "{1}{0}"
    text = _ACCENTED.sub(lambda match: form.format(_ACCENTS[match[2]], match[1]), text)
    return SIGN.sub(_latex_sign if notation == "latex" else _ascii_sign, text)


def _ascii_sign(match: re.Match[str]) -> str:
    return _ASCII.get(match[0]) or match[0].translate(_DIGITS)


def _latex_sign(match: re.Match[str]) -> str:
    mark = "^" if match[0][0] == "⁽" else "_"
    spelling = _LATEX.get(match[0]) or f"{mark}{{{match[0].translate(_DIGITS)}}}"
    next_character = match.string[match.end() : match.end() + 1]
    # \partial C: a space ends the command before a letter
    return f"{spelling} " if spelling[-1].isalpha() and next_character.isalpha() else spelling


def _latex_word(match: re.Match[str]) -> str:
    word = match[0]
    if word in _OPERATORS:
        return rf"\{word} "
    is_subscript = match.string[: match.start()].endswith("_")  # C_saturated
    return rf"{{\mathrm{{{word}}}}}" if is_subscript else rf"\operatorname{{{word}}}"


def decimal(value: float, notation: Notation = "unicode", digits: int = 4) -> str:
    """A number with ``digits`` significant digits: ``−0.123``, ``4e−5``, ``4 \\cdot 10^{-5}``; in
    ASCII as Python writes it."""
    text = f"{value + 0.0:.{digits}g}"  # + 0.0: no −0
    if notation == "ascii":
        return text
    mantissa, e, exponent = text.partition("e")
    if notation == "unicode":
        text = f"{mantissa}e{int(exponent)}" if e else text
        return text.replace("-", "−").replace("inf", "∞")
    mantissa = mantissa.replace("inf", r"\infty")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else mantissa


@lru_cache(4096)  # a layout asks for the same names again and again
def _unicode(name: Name) -> str:
    layer = "" if name.layer is None else f"({name.layer})".translate(_SUPERSCRIPTS)
    prime, suffix = _marks(name)
    return f"{name.base}{prime}{layer}{_joined(name.indices).translate(_SUBSCRIPTS)}{suffix}"


def _ascii(name: Name) -> str:
    layer = "" if name.layer is None else f"({name.layer})"
    indices = f"[{','.join(map(str, name.indices))}]" if name.indices else ""
    prime, suffix = _marks(name)
    return f"{spelt(name.base + prime, 'ascii')}{layer}{indices}{spelt(suffix, 'ascii')}"


def _latex(name: Name) -> str:
    """A derivative ∂C/∂w becomes a fraction."""
    layer = "" if name.layer is None else f"({name.layer})"
    superscript = layer + {"ᵀ": r"\top", "⁻¹": "-1", "′": r"\prime", "": ""}[name.mark]
    scripts = f"^{{{superscript}}}" if superscript else ""
    scripts += f"_{{{_joined(name.indices)}}}" if name.indices else ""
    numerator, _, denominator = name.base.partition("/")
    if numerator and denominator:
        return rf"\frac{{{spelt(numerator, 'latex')}}}{{{spelt(denominator, 'latex')}{scripts}}}"
    return spelt(name.base, "latex") + scripts


def _marks(name: Name) -> tuple[str, str]:
    """The mark after the base, and the mark at the end; one of them is empty."""
    return (name.mark, "") if name.mark == "′" else ("", name.mark)


def _joined(indices: Sequence[int]) -> str:
    """Indices of one digit without separators, ``13``; longer ones with commas, ``12,3``."""
    separator = "," if any(index > 9 for index in indices) else ""
    return separator.join(map(str, indices))


_WRITERS: dict[str, Callable[[Name], str]] = {"unicode": _unicode, "ascii": _ascii, "latex": _latex}
