"""From the bytes of a file to text."""

import codecs
import re

from engine.errors import DataError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NO_TEXT = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f\ufffe]")  # control characters
CONTROL = bytes(range(32)).translate(None, b"\t\n\v\f\r\x1a\x1b")
PART = 1 << 20  # bytes that are looked through together
ZEROS = 1000  # bytes that tell UTF-16 without a mark


def decoded(path: str, data: bytes, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of a file, with \\n at the ends of lines; and a note if its encoding was guessed.

    DataError if it is not text, or not in that encoding.
    """
    notes: tuple[str, ...] = ()
    try:
        if encoding is None:
            text, notes = _guessed(path, data)
        else:
            text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        line = data.count(b"\n", 0, at) + 1
        raise DataError(
            f"{path}, row {line}: byte 0x{data[at]:02x} is not {encoding or 'UTF-16'}; "
            "name its encoding (--encoding)"
        ) from None
    if _has_control_characters(data, text):
        raise DataError(f"{path} is binary, not a text file; save it as CSV")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _has_control_characters(data: bytes, text: str) -> bool:
    if len(data) > len(text) + len(text) // 2:  # not a byte for a character, as in UTF-16
        return NO_TEXT.search(text) is not None
    parts = (data[start : start + PART] for start in range(0, len(data), PART))
    return any(len(part.translate(None, CONTROL)) < len(part) for part in parts)


def _guessed(path: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            note = () if encoding == "utf-8-sig" else (_note(encoding.upper()),)
            return data.decode(encoding), note
    start = data[:ZEROS]
    for low, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[low::2], start[1 - low :: 2]
        if len(start) > 3 and zeros.count(0) > 0.7 * len(zeros) and 0 not in others:
            return data.decode(encoding), (_note("UTF-16"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), (_note("Windows-1252"),)
    except UnicodeDecodeError:
        return data.decode("latin-1"), (_note("Latin-1"),)


def _note(encoding: str) -> str:
    return f"the text is not UTF-8: read as {encoding} (--encoding)"
