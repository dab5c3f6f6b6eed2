"""Notation: how the names of quantities are written, in Unicode, in ASCII and in LaTeX."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Notation = Literal["unicode", "ascii", "latex"]

_SUPERSCRIPTS = str.maketrans("()0123456789-", "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ASCII = {
    "δ": "delta", "η": "eta", "∂": "d", "σ": "sigma", "β": "beta", "′": "'", "ŷ": "yhat",
    "m̂": "mhat", "v̂": "vhat", "ᵀ": "^T", "Σ": "sum", "√": "sqrt", "⁻¹": "^-1",
}  # fmt: skip
_LATEX = {
    "δ": r"\delta", "η": r"\eta", "∂": r"\partial ", "σ": r"\sigma", "β": r"\beta", "′": "'",
    "ŷ": r"\hat{y}", "m̂": r"\hat{m}", "v̂": r"\hat{v}", "ᵀ": r"^{\top}", "Σ": r"\sum",
    "√": r"\sqrt", "⁻¹": "^{-1}", "X̃": r"\tilde{X}",
}  # fmt: skip


@dataclass(frozen=True)
class Name:
    """The name of a quantity: ``w⁽²⁾₁₃``, ``W⁽²⁾ᵀ``, ``σ′(z⁽¹⁾)``, ``∂C/∂w⁽²⁾₁₃``.

    ``indices`` count from 1. ``mark`` stands behind (′, ᵀ, ⁻¹); ``function`` is applied to all
    of it.
    """

    base: str
    layer: int | None = None
    indices: tuple[int, ...] = ()
    mark: str = ""
    function: str = ""

    def written(self, notation: Notation = "unicode") -> str:
        """The name as text."""
        text = _WRITERS[notation](self)
        if not self.function:
            return text
        return f"{spelt(self.function, notation)}({text})"


def spelt(text: str, notation: Notation) -> str:
    """A word or a sign in a notation: δ, ``delta``, ``\\delta``."""
    if notation == "unicode":
        return text
    for sign, spelling in (_ASCII if notation == "ascii" else _LATEX).items():
        text = text.replace(sign, spelling)
    return text


def _unicode(name: Name) -> str:
    layer = "" if name.layer is None else f"({name.layer})".translate(_SUPERSCRIPTS)
    return f"{name.base}{name.mark}{layer}" if name.mark == "′" else _behind(name, layer)


def _behind(name: Name, layer: str) -> str:
    return f"{name.base}{layer}{_joined(name.indices).translate(_SUBSCRIPTS)}{name.mark}"


def _ascii(name: Name) -> str:
    layer = "" if name.layer is None else f"({name.layer})"
    indices = f"[{','.join(map(str, name.indices))}]" if name.indices else ""
    return spelt(name.base, "ascii") + layer + indices + spelt(name.mark, "ascii")


def _latex(name: Name) -> str:
    """A derivative ∂C/∂w becomes a fraction."""
    layer = "" if name.layer is None else f"({name.layer})"
    mark = {"ᵀ": r"\top", "⁻¹": "-1", "′": r"\prime", "": ""}[name.mark]
    above = layer + mark
    scripts = f"^{{{above}}}" if above else ""
    scripts += f"_{{{_joined(name.indices)}}}" if name.indices else ""
    over, slash, under = name.base.partition("/")
    if slash:
        return rf"\frac{{{spelt(over, 'latex')}}}{{{spelt(under, 'latex')}{scripts}}}"
    return spelt(name.base, "latex") + scripts


def _joined(indices: Sequence[int]) -> str:
    """Indices of one digit each stand together: ``13``; longer ones are set apart: ``12,3``."""
    separator = "," if any(index > 9 for index in indices) else ""
    return separator.join(map(str, indices))


_WRITERS = {"unicode": _unicode, "ascii": _ascii, "latex": _latex}
