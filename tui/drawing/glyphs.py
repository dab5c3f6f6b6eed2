"""Characters and spellings of the screens, in Unicode and in plain ASCII."""

import re
from dataclasses import dataclass
from unicodedata import normalize

from tui.drawing.cells import RELATIONS, padded, unpadded
from tui.drawing.numbers import NONE

LEVEL_SIGNS = "=-.+#"
"""Strongly negative … strongly positive, for maps that cannot show sign and size by colour."""

SIZE_SIGNS = ".-=+#"
"""From 0 to the largest, for maps of sizes without a sign."""


@dataclass(frozen=True, eq=False)
class Glyphs:
    """Marks are one cell each (but for ``pause``); words may differ in length.

    A text is spelt by what it is: ``prose`` for sentences, ``formula`` for formulas, ``keys`` for
    names of keys; ``words`` where the text is still to be cut. ``text`` comes last, when the text
    is drawn; a Canvas calls it by itself.
    """

    ascii: bool

    # bars and rules
    bar: str
    bar_left_half: str
    bar_right_half: str
    rule: str
    dash: str
    left_bracket: str  # the first, a middle and the last row of a tall bracket
    right_bracket: str

    # marks on maps, plots and lists
    point_positive: str
    point_negative: str
    wrong: str
    test_positive: str
    test_negative: str
    test_wrong: str
    example: str
    cursor: str
    flip: str  # the nearest place where the decision is another
    marker_right: str
    marker_up: str
    network: str
    check: str
    fail: str
    play: str
    pause: str
    lamp_on: str  # hidden units that are on and off
    lamp_off: str

    # arrows and operators
    left: str
    right: str
    minus: str
    nabla: str
    squared: str
    dot: str

    # words
    y_hat: str
    delta: str
    eta: str
    partial: str
    norm_bar: str
    superscripts: str  # ( ) and the digits, for layers
    subscripts: str  # the digits, for units and inputs

    def text(self, text: str) -> str:
        """The text as it can be drawn, a character a cell: see ``cells.padded``."""
        return ascii_text(text) if self.ascii else padded(text)

    def prose(self, text: str) -> str:
        """Sentences, whose length may change: in ASCII with words for signs."""
        if not self.ascii:
            return unpadded(text)
        return "\n".join(map(ascii_text, self.words(text).split("\n")))

    def words(self, text: str) -> str:
        """In ASCII words for signs: ŷ is told from y, μ from an m, and x² from x₂."""
        if not self.ascii:
            return text
        return _SUPERSCRIPTS.sub(_power, _TIMES.sub("*", text)).translate(_IN_WORDS)

    def keys(self, text: str) -> str:
        """Names of keys: in ASCII arrows by name, because <, > and v are other keys; but the pair
        ↑↓ becomes ^v, which is no key."""
        if not self.ascii:
            return text
        return "↑↓".join(part.translate(_ARROW_KEYS) for part in text.split("↑↓"))

    def formula(self, text: str) -> str:
        """A formula with a cell a character: m̂ takes two, ŷ is one; in ASCII powers with ^."""
        if not self.ascii:
            return normalize("NFC", text).translate(_ACCENTS)
        text = normalize("NFD", text).replace("η", self.eta)
        for sign, spelling in _FORMULA_WORDS.items():
            text = text.replace(sign, spelling)
        return _SUPERSCRIPTS.sub(_power, text)

    def mark(self, holds: bool | None) -> str:
        """✓ of what holds, ✗ of what does not, – of what cannot be said."""
        return NONE if holds is None else self.check if holds else self.fail

    def layer(self, l: int | str) -> str:
        """The layer as a superscript: ``⁽¹⁾``, in ASCII ``(1)``."""
        return f"({l})".translate(str.maketrans("()0123456789", self.superscripts))

    def sub(self, i: int | str) -> str:
        """A number as a subscript: ``₁₂``, in ASCII ``12``."""
        return str(i).translate(str.maketrans("0123456789", self.subscripts))

    def unit(self, of: str, layer: int, unit: int) -> str:
        """One unit's z or a, both counted from 1: ``a⁽¹⁾₃``."""
        return f"{of}{self.layer(layer)}{self.sub(unit)}"

    def x(self, i: int) -> str:
        """The input x₁, x₂, …"""
        return f"x{self.sub(i)}"

    def derivative(self, of: str, by: str) -> str:
        """∂of/∂by, in ASCII dof/dby."""
        return f"{self.partial}{of}/{self.partial}{by}"

    def norm(self, what: str) -> str:
        """‖what‖, in ASCII |what|."""
        return f"{self.norm_bar}{what}{self.norm_bar}"

    @property
    def dC_db(self) -> str:
        return self.derivative("C", "b")

    @property
    def dC_dw(self) -> str:
        return self.derivative("C", "w")

    @property
    def norm_dC_dw(self) -> str:
        return self.norm(self.dC_dw)

    @property
    def nabla_check(self) -> str:
        return f"{self.nabla} check"


UNICODE = Glyphs(
    ascii=False,
    bar="━",
    bar_left_half="╸",
    bar_right_half="╺",
    rule="│",
    dash="┄",
    left_bracket="┌│└",
    right_bracket="┐│┘",
    point_positive="•",
    point_negative="◦",
    wrong="×",
    test_positive="▪",
    test_negative="▫",
    test_wrong="⊠",
    example="◉",
    cursor="┼",
    flip="◈",
    marker_right="▸",
    marker_up="▴",
    network="◇",
    check="✓",
    fail="✗",
    play="►",  # not ▶, which some terminals draw as a wide picture
    pause="▌▌",
    lamp_on="■",
    lamp_off="·",
    left="←",
    right="→",
    minus="−",
    nabla="∇",
    squared="²",
    dot="·",
    y_hat="ŷ",
    delta="δ",
    eta="η",
    partial="∂",
    norm_bar="‖",
    superscripts="⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹",
    subscripts="₀₁₂₃₄₅₆₇₈₉",
)

ASCII = Glyphs(
    ascii=True,
    bar="=",
    bar_left_half="-",
    bar_right_half="-",
    rule="|",
    dash="-",
    left_bracket="[[[",
    right_bracket="]]]",
    point_positive="P",
    point_negative="N",
    wrong="x",
    test_positive="T",
    test_negative="t",
    test_wrong="%",
    example="@",
    cursor="X",
    flip="$",
    marker_right=">",
    marker_up="^",
    network="&",
    check="ok",
    fail="!",
    play=">",
    pause="||",
    lamp_on="#",
    lamp_off=".",
    left="<",
    right=">",
    minus="-",
    nabla="grad",
    squared="^2",
    dot=".",
    y_hat="yh",
    delta="delta",
    eta="lr",
    partial="d",
    norm_bar="|",
    superscripts="()0123456789",
    subscripts="0123456789",
)

# What Unicode's own decomposition (₁, ŷ, ᵀ, é) does not already turn into ASCII. Signs that may
# stand in the same place differ.
_ALIKE = {
    "-": "−–—‐─╌┄┈╸╺⁻₋\u0304¯",
    "=": "━═",
    "~": "…⋯\u0303˜",
    "|": "│┃‖",
    "+": "┼├┤┬┴┌┐└┘╭╮╰╯",
    ".": "·",
    "*": "•∗⊙✓✔",
    "o": "◦◌○●◯",
    "&": "◇",
    "$": "◈",
    "@": "◉",
    "x": "×✕✖",
    "!": "✗✘",
    "v": "↓▾▼",
    "^": "↑▴▲\u0302ˆ",
    ">": "→▸►▶",
    "<": "←◂◄◀",
    "#": "■▮█▌",
    "T": "▪",
    "t": "▫",
    "%": "⊠",
    "'": "′‘’▀",
    '"': "″“”",
    "/": "÷",
    "d": "∂δ",
    "D": "Δ∇",
    "S": "Σ",
    "P": "Π∏",
    "V": "√",
    "[": "⌊",
    "]": "⌋",
    ":": "⋮",
    "r": "↻",
}
_LONGER = re.compile(f"[{''.join(RELATIONS)}]")
_TIMES = re.compile(r"(?<=[^\s·])·(?=[^\s·])")  # a product, not what separates two parts
_NAMES = {"δ": "delta", "η": "lr", "μ": "mu", "σ": "sigma", "Σ": "sum ", "β": "beta", "ε": "eps"}
_IN_WORDS = str.maketrans(
    {**RELATIONS, **_NAMES, "ŷ": "yh", "∇": "grad", "→": "->", "←": "<-", "…": "...", "✓": "ok"}
    | {"√": "sqrt", "⌊": "floor(", "⌋": ")", "Φ": "Phi", "χ": "chi"}
)
_ACCENTS = str.maketrans({"\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯"})  # as whole cells
_FORMULA_WORDS = {  # in ASCII one character for each would be read as something else
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "√(": "sqrt(",
    "√": "sqrt ",
    "ε": "eps",
    "∇": "grad ",
    "Φ": "Phi",
    **{sign: word for sign, word in _NAMES.items() if sign != "η"},
    **RELATIONS,
}
_SUPERSCRIPTS = re.compile("(⁽[^⁾]*⁾)|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")  # a layer's, and a power's
_ARROW_KEYS = str.maketrans({"←": "left", "→": "right", "↑": "up", "↓": "down"})
_PLAIN = {char: plain for plain, chars in _ALIKE.items() for char in chars}
_PLAIN |= dict(zip("αβγεηθλμπρστφωχΦ", "abgehtlmprstfwcF", strict=True))


def _power(match: re.Match[str]) -> str:
    """A layer's number as it is, ^ before that of a power."""
    return match[1] or f"^{match[2]}"


class IdsAsKeys(dict[str, str]):
    """How keys are shown if nothing says otherwise: as the ids of their actions."""

    def __missing__(self, action_id: str) -> str:
        return action_id


class _AsciiTable(dict[int, str]):
    """For ``str.translate``: every character to one of 32 … 126, worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = " " if char.isspace() else _PLAIN.get(char) or normalize("NFKD", char)[0]
        self[code] = plain if " " <= plain <= "~" else "?"
        return self[code]


_ASCII_TABLE = _AsciiTable()


def ascii_text(text: str) -> str:
    """The text in characters 32 … 126, one for one but for relations such as ≤; what has no
    likeness becomes ``?``."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_ASCII_TABLE)
    text = normalize("NFC", text)  # é is one letter, however it was typed
    text = _LONGER.sub(lambda match: RELATIONS[match[0]], _TIMES.sub("*", text))
    return text.translate(_ASCII_TABLE)
