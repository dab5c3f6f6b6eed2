"""Tables of what a lesson can name, made from the tables of the program: experiments, measures,
settings, screens, actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Any

from engine import EngineError, Trainer
from engine.measures.measure import Measure
from engine.measures.table import MEASURES
from engine.quoting import shown
from engine.training.fields import FIELDS, SWITCH, UNITS, VALUE, Field, read_typed
from engine.training.prepare import Prepared
from engine.wording import count, plural
from tui.lessons.checks import Known, KnownAction
from tui.lessons.steps import DATA

WIDTH = 100


def rows(heading: str, entries: Iterable[tuple[str, str]], width: int = 0) -> list[str]:
    """A heading, and below it names with a text for each."""
    entries = tuple(entries)
    width = width or max(len(name) for name, _ in entries) + 2
    lines = [heading]
    for name, text in entries:
        first, *others = wrap(text, WIDTH - width - 2, break_on_hyphens=False) or [""]
        lines += [f"  {name:<{width}}{first}", *(" " * (width + 2) + line for line in others)]
    return [*lines, ""]


def paragraph(heading: str, text: str) -> list[str]:
    """A heading, and below it a text."""
    return [heading, *(f"  {line}" for line in wrap(text, WIDTH - 2, break_on_hyphens=False)), ""]


def screens(panes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The screens, each with its panes and what they show."""
    width = max(len(pane) for some in panes.values() for pane in some) + 4
    lines = ["Screens, and below each its panes"]
    for screen, some in panes.items():
        shown_there = rows(
            f"  {screen}", [(f"  {pane}", text) for pane, text in some.items()], width
        )
        lines += shown_there[:-1]
    return [*lines, ""]


# experiments


def experiments(known: Known) -> list[str]:
    """A line on the data and the network of each experiment."""
    found = [
        (name, title, Trainer(known.opened(name, {}, Path())).prepared)
        for name, title in known.experiments.items()
    ]
    lines = ["Experiments"]
    for loss in dict.fromkeys(str(one.experiment.loss) for _, _, one in found if one):
        table: list[tuple[str, ...]] = [("", "units", "hidden, output", "train+test", "targets")]
        table += [
            _facts(name, title, one)
            for name, title, one in found
            if one and one.experiment.loss == loss
        ]
        lines += [f" With the loss {loss}", *(f"  {line}" for line in _columns(table)), ""]
    note = "Units are of all layers, from the inputs on; hidden and output are activations."
    return [*lines, f"  {note}", ""]


def _columns(table: Sequence[tuple[str, ...]]) -> list[str]:
    """The cells of a table below each other; the last ones may be left out."""
    widths = [max(map(len, column)) + 2 for column in zip_longest(*table, fillvalue="")]
    return [
        "".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in table
    ]


def _facts(name: str, title: str, prepared: Prepared) -> tuple[str, ...]:
    network, data = prepared.network, prepared.dataset
    classes = max(2, data.Y.shape[1])
    hidden = dict.fromkeys(network.activations) or ("–",)
    tests = f"+{len(data.test)}" if len(data.test) else ""
    return (
        name,
        "-".join(map(str, network.sizes)),
        f"{' '.join(hidden)}, {network.output}",
        f"{count(len(data.train))}{tests}",
        "numbers" if data.task == "regression" else plural(classes, "class", "classes"),
        title,
    )


# measures


def measures() -> list[str]:
    """The measures: what they are, what to expect, and what they need."""
    entries = [(name, _measure(one)) for name, one in MEASURES.items()]
    return rows("Measures", entries)


def _measure(one: Measure) -> str:
    parts = [f"{one.meaning}: {one.values}"]
    parts += [f"only {one.runs}"] if one.runs else []
    for argument in one.arguments:
        left_out = f" (left out: {argument.default})" if argument.default else ""
        parts.append(f"{argument.name} = {argument.values}{left_out}")
    return "; ".join(parts)


# settings


def settings() -> list[str]:
    """The settings of experiments: a value as an example, which are allowed, what they do."""
    entries = [
        (f"{name} = {_example(field)}", f"{_allowed(name, field)}: {_help(field)}")
        for name, field in FIELDS.items()
        if field.value_kind != VALUE and name != DATA
    ]
    return rows("Settings, each with an example of a value", entries)


def _example(field: Field) -> str:
    """A value as a file has it."""
    if field.value_kind == SWITCH:
        return "true"
    if field.names:
        return f'"{field.names[0]}"'
    value: Any = read_typed(field, field.example)
    return shown(value).replace("(", "[").replace(")", "]").replace("'", '"')


def _allowed(name: str, field: Field) -> str:
    """The values that its check takes, in words."""
    if field.names:
        return f"one of {', '.join(field.names)}"
    try:
        field.check(name, object())
    except EngineError as error:
        return str(error).partition(" is not ")[2]
    return "any value"


def _help(field: Field) -> str:
    text = field.help
    return text.replace("0 for none", "[] for none") if field.value_kind == UNITS else text


# actions


def actions(known: Known) -> list[str]:
    """The actions that a lesson can name, by the screens that they are for."""
    usable = {name: one for name, one in known.actions.items() if not one.leaves}
    done = {name: one for name, one in usable.items() if not one.is_typed}
    places = dict.fromkeys(tuple(one.screens) for one in done.values())
    entries = [
        (
            ", ".join(place) or "all screens",
            _named({n: one for n, one in done.items() if tuple(one.screens) == place}),
        )
        for place in sorted(places, key=len)
    ]
    typed = {name: one for name, one in usable.items() if one.is_typed}
    left = ", ".join(name for name, one in known.actions.items() if one.leaves)
    return [
        *rows("Actions, by the screens that they are for", entries),
        *paragraph("Actions for ask alone: they wait for a typed text", _named(typed)),
        *paragraph("Actions that no lesson can use: they leave it", left),
    ]


def _named(some: dict[str, KnownAction]) -> str:
    return "; ".join(
        name if name == one.title else f"{name}: {one.title}" for name, one in some.items()
    )
