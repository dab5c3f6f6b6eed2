"""How a formula is spelt on a screen: a cell a character, and in ASCII so that it stays true."""

import re
from unicodedata import normalize

from tui.drawing.glyphs import Glyphs

ACCENTS = {"\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯"}  # that take no cell, and ones that do
SPELLINGS = {  # in ASCII, where one character for each would be read as something else
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "√(": "sqrt(",
    "√": "sqrt ",
    "ε": "eps",
}
SUPERSCRIPTS = re.compile("(⁽[^⁾]*⁾)|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")  # a layer's, and a power's


def drawable(text: str, glyphs: Glyphs) -> str:
    """A formula's text with a cell a character: m̂ takes two, ŷ is one; in ASCII powers with ^."""
    if not glyphs.ascii:
        text = normalize("NFC", text)
        return "".join(ACCENTS.get(char, char) for char in text)
    text = normalize("NFD", text).replace("η", glyphs.eta)
    for sign, spelling in SPELLINGS.items():
        text = text.replace(sign, spelling)
    return SUPERSCRIPTS.sub(lambda found: found[1] or f"^{found[2]}", text)
