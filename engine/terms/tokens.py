"""A text of terms, cut into tokens: names, numbers, quoted texts and signs."""

from typing import NamedTuple
from unicodedata import category

from engine.terms.faults import TermError
from engine.terms.limits import MAX_CHARACTERS

SIGNS = "+-*/:^()=,."
SPELT_OTHERWISE = {"−": "-", "·": "*", "×": "*"}
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
CLOSING = {"`": "`", "'": "'", '"': '"'}

NAME, NUMBER, TEXT, SIGN, POWER, END = "name", "number", "text", "sign", "power", "end"


class Token(NamedTuple):
    """``text`` is what it stands for: a name without backticks, the digits of a superscript."""

    kind: str
    text: str
    position: int
    end: int
    quoted: bool = False


def is_plain(name: str) -> bool:
    """Whether a name needs no backticks."""
    return bool(name) and _begins_name(name, 0) and _name_end(name, 0) == len(name)


def is_number(text: str) -> bool:
    """Whether a text is a number, perhaps with a minus sign before it."""
    digits = text.removeprefix("-")
    return bool(digits) and _begins_number(digits, 0) and _number_end(digits, 0) == len(digits)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, the last one its end; TermError for a character that has no meaning."""
    if len(text) > MAX_CHARACTERS:
        raise TermError(text, MAX_CHARACTERS, f"too long: {MAX_CHARACTERS} characters at most")
    tokens: list[Token] = []
    i = 0
    while i < len(text):
        if text[i].isspace():
            i += 1
            continue
        token = _token_at(text, i)
        tokens.append(token)
        i = token.end
    return [*tokens, Token(END, "", len(text), len(text))]


def _token_at(text: str, i: int) -> Token:
    character = SPELT_OTHERWISE.get(text[i], text[i])
    if character in CLOSING:
        return _quoted(text, i)
    if _begins_number(text, i):
        end = _number_end(text, i)
        return Token(NUMBER, text[i:end], i, end)
    if character in SUPERSCRIPTS:
        end = i
        while end < len(text) and text[end] in SUPERSCRIPTS:
            end += 1
        digits = "".join(str(SUPERSCRIPTS.index(c)) for c in text[i:end])
        return Token(POWER, digits, i, end)
    if _begins_name(text, i):
        end = _name_end(text, i)
        return Token(NAME, text[i:end], i, end)
    if character in SIGNS:
        return Token(SIGN, character, i, i + 1)
    raise TermError(text, i, _no_meaning(character))


def _no_meaning(character: str) -> str:
    if character == "~":
        return "'~' has no place here: the target is named apart"
    if not character.isprintable():
        return f"the character U+{ord(character):04X} has no meaning here"
    return f"{character!r} has no meaning here; a column of such a name goes in backticks: `a b`"


def _quoted(text: str, i: int) -> Token:
    """A name in backticks, or a text in quotation marks; doubled ones inside stand for one."""
    mark, parts, start = text[i], [], i + 1
    while True:
        end = text.find(CLOSING[mark], start)
        if end < 0:
            raise TermError(text, i, f"this {mark} is not closed")
        parts.append(text[start:end])
        if text[end + 1 : end + 2] != mark:
            break
        start = end + 2
    kind = NAME if mark == "`" else TEXT
    return Token(kind, mark.join(parts), i, end + 1, quoted=True)


def _begins_name(text: str, i: int) -> bool:
    if text[i] == ".":
        return i + 1 < len(text) and _begins_name(text, i + 1)
    return text[i] == "_" or (_is_of_name(text[i]) and not text[i].isdigit())


def _name_end(text: str, i: int) -> int:
    while i < len(text) and (text[i] in "._" or _is_of_name(text[i])):
        i += 1
    return i


def _is_of_name(character: str) -> bool:
    if character in SUPERSCRIPTS:
        return False
    return character.isalnum() or category(character).startswith("M")


def _begins_number(text: str, i: int) -> bool:
    return _is_digit(text, i) or (text[i] == "." and _is_digit(text, i + 1))


def _is_digit(text: str, i: int) -> bool:
    return i < len(text) and text[i] in "0123456789"


def _number_end(text: str, i: int) -> int:
    """After digits, a decimal point and an exponent."""
    i = _digits_end(text, i)
    if text[i : i + 1] == ".":
        i = _digits_end(text, i + 1)
    if text[i : i + 1] in ("e", "E"):
        sign = 1 if text[i + 1 : i + 2] in ("+", "-") else 0
        if _is_digit(text, i + 1 + sign):
            i = _digits_end(text, i + 1 + sign)
    return i


def _digits_end(text: str, i: int) -> int:
    while _is_digit(text, i):
        i += 1
    return i
