"""The names of a data set as the screens can draw them.

They are spelt before anything is laid out, with a character for each cell that they take: names in
wide scripts are ``padded``. In ASCII ``x₁²`` becomes ``x1^2``; a name that ASCII cannot spell, or
two names that it would spell alike, get a word and their position: ``col3``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from unicodedata import normalize

from engine import Dataset
from engine.wording import listed
from tui.drawing.cells import padded
from tui.drawing.glyphs import ascii_text

MOST_NAMED = 3  # columns, in a note
POWERS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def with_shown_names(data: Dataset, ascii: bool) -> Dataset:
    """The data with all names as the screens can draw them; itself if they are so already."""
    columns = data.column_names
    inputs, targets = (*columns, *data.feature_names), (data.target, *data.target_names)
    names = dict.fromkeys((*inputs, *targets, *(data.row_names or ())))
    if all(name.isascii() and name.isprintable() for name in names):
        return data
    if not ascii:
        shown = {name: padded(name) for name in names}
        column_of = class_of = row_of = shown
    else:
        column_of, class_of = _columns_in_ascii(columns), _in_ascii(data.target_names, "class")
        shown = {data.target: target_in_ascii(data.target)}
        shown |= _features_in_ascii(data.feature_names, column_of)
        row_of = _in_ascii(data.row_names or (), "row ")
    if all(new == name for names_of in (shown, column_of, class_of, row_of)
           for name, new in names_of.items()):  # fmt: skip
        return data
    notes = (*(_with(note, column_of) for note in data.notes), *_on_columns(column_of.values()))
    return replace(
        data,
        feature_names=tuple(shown[name] for name in data.feature_names),
        own_column_names=tuple(column_of[name] for name in data.own_column_names),
        target_names=tuple(class_of[name] for name in data.target_names),
        target=shown[data.target],
        row_names=data.row_names and tuple(row_of[name] for name in data.row_names),
        notes=notes,
    )


def _on_columns(shown: Iterable[str]) -> list[str]:
    """Which columns those are that have a word and their position for a name."""
    replaced = [name for name in shown if re.fullmatch(r"col\d+", name)]
    if not replaced:
        return []
    what = "columns" if len(replaced) > 1 else "the column"
    return [f"{listed(replaced, MOST_NAMED)}: {what} of the file that ASCII cannot spell"]


def in_shown_names(text: str, columns: Sequence[str], ascii: bool) -> str:
    """A text that has names of these columns, with the names as the screens show them."""
    if text.isascii():
        return text
    return _with(text, _columns_in_ascii(columns)) if ascii else padded(text)


def target_in_ascii(name: str) -> str:
    """The name of the target."""
    return ascii_text(name) if ascii_text(name).count("?") == name.count("?") else "target"


def _in_ascii(names: Iterable[str], word: str) -> dict[str, str]:
    """The names in ASCII, all different; ``word`` and the position for what it cannot spell."""
    texts = {name: ascii_text(POWERS.sub(_power, name).replace("·", "*")) for name in names}
    count, result = Counter(texts.values()), {}
    for position, (name, text) in enumerate(texts.items(), start=1):
        is_plain = name.isascii() and name.isprintable()
        if is_plain or (count[text] == 1 and text.count("?") == name.count("?")):
            result[name] = text
        else:
            alias = f"{word}{position}"
            result[name] = alias + "_" * (alias in count)
    return result


def _power(match: re.Match[str]) -> str:
    return f"^{normalize('NFKC', match[0])}"


def _columns_in_ascii(names: Sequence[str]) -> dict[str, str]:
    """Of columns; of an indicator, column=category, the column and the category each."""
    parts = {name: name.partition("=") for name in names}
    columns = _in_ascii(dict.fromkeys(column for column, _, _ in parts.values()), "col")
    categories: dict[str, list[str]] = {column: [] for column in columns}
    for column, _, category in parts.values():
        categories[column].append(category)
    spelt = {column: _in_ascii(texts, "c") for column, texts in categories.items()}
    return {
        name: f"{columns[column]}{equals}{spelt[column][category]}"
        for name, (column, equals, category) in parts.items()
    }


def _features_in_ascii(features: Sequence[str], column_of: dict[str, str]) -> dict[str, str]:
    """Of inputs, which may be made of columns: 面积² becomes col1^2."""
    made = {name: column_of.get(name) or _with(name, column_of) for name in features}
    return {name: _in_ascii([text], "input")[text] for name, text in made.items()}


def _with(text: str, shown: dict[str, str]) -> str:
    """The text with other names, long ones first."""
    for name in sorted(shown, key=len, reverse=True):
        if not name.isascii():
            text = text.replace(name, shown[name])
    return text
