"""The table of the settings panel: the options, the pending changes, help on the selected one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from engine import Experiment
from engine.wording import noun_for, plural
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut, cut_names
from tui.drawing.table import Sheet
from tui.drawing.text_lines import (
    Line,
    Span,
    fitting_lines,
    flowed,
    most_cells_of,
    shorter_forms,
    truncated_text,
)
from tui.model.shown_names import in_shown_names, target_in_ascii
from tui.panes.base.selectable_table import FootedTable
from tui.session.settings_draft import DATA, STOPS, DataFacts, Draft, same_data
from tui.settings.all_options import APPLY, Row, differs, matching, rows_of, waiting
from tui.settings.option import Option

LABEL = 16  # cells of the labels, with a blank one for the mark of the selected row
_POWER = re.compile("[⁰¹²³⁴-⁹]+")
HEIGHTS = 18, 24  # rows of the panel from which there is more room below the options
FOOT_ROWS = 4, 6, 8  # there, between a blank line and the keys
MAX_PENDING_ROWS = 2, 2, 3  # of these, for the pending changes
NONE_FITS = "No setting has that. backspace: erase a letter; esc: all settings"


@dataclass(frozen=True, eq=False)
class PanelContent:
    """What the panel shows of a draft: the experiment now and as wanted, each with the facts of
    its data, and the rows for the wanted one that match what is typed."""

    draft: Draft
    current: Experiment
    current_facts: DataFacts
    wanted: Experiment
    wanted_facts: DataFacts
    rows: list[Row]
    selected: int
    changes: list[tuple[str, str, str]]  # that wait for a restart: labels, values now and then

    @property
    def option(self) -> Option | None:
        """The selected option; None if none matches what is typed."""
        option = self.rows[self.selected] if self.rows else None
        assert not isinstance(option, str)
        return option

    @property
    def options(self) -> list[Option]:
        """The options among the rows."""
        return [row for row in self.rows if isinstance(row, Option)]

    def waits(self, option: Option) -> bool:
        """Whether a change of the option waits for a restart."""
        now, wanted = (self.current, self.current_facts), (self.wanted, self.wanted_facts)
        return bool(self.draft.pending and option.fields) and differs(option, now, wanted)

    def value(self, option: Option) -> str:
        """The wanted value of an option, as it is listed among its choices."""
        if option.fields:
            return option.show(self.wanted, self.wanted_facts)
        return "yes" if self.draft.flags.get(option.id) else "no"

    @property
    def enter_restarts(self) -> bool:
        """Whether enter restarts, with all changes that wait."""
        option = self.option
        if self.draft.asking:
            return True
        return option is not None and (option is APPLY or self.waits(option))


def panel_content(draft: Draft, current: Experiment) -> PanelContent:
    """What the panel shows of a draft, beside the current experiment."""
    wanted = draft.wanted(current)
    current_facts, wanted_facts = map(draft.facts, (current, wanted))
    whole = rows_of(wanted, draft.flags, wanted_facts)
    rows, best = matching(whole, draft.typed, wanted, wanted_facts)
    return PanelContent(
        draft=draft,
        current=current,
        current_facts=current_facts,
        wanted=wanted,
        wanted_facts=wanted_facts,
        rows=rows,
        selected=_selected_row(rows, draft.option, best),
        changes=waiting(draft, current),
    )


def settings_table(content: PanelContent, keys: Mapping[str, str], sheet: Sheet) -> FootedTable:
    """The table of the panel; ``keys`` are those of the actions, as they are shown."""
    n = len(content.changes)
    waits = f"{plural(n, 'change')} {noun_for(n, 'waits', 'wait')}"
    foot = _foot(content, keys, sheet)
    selected, labels = content.selected, _labels(content, sheet)
    return FootedTable(
        title=f"Settings · {waits}" if n else "Settings",
        subtitle="",
        head=filter_line(content, sheet),
        count=len(content.rows),
        row=lambda i: _row_line(content, i, labels[i], sheet),
        selected=range(selected, selected + 1) if content.rows else range(0),
        foot_room=len(foot),
        below=lambda _: foot,
    )


def filter_line(content: PanelContent, sheet: Sheet) -> Line:
    """What is typed to filter the options."""
    if not content.draft.typed:
        return [Span(" type to filter", sheet.palette.low)]
    return [Span(cut(f" filter: {content.draft.typed}", sheet.width), sheet.palette.hi)]


def _selected_row(rows: Sequence[Row], option_id: str, best: str) -> int:
    """The row of an option; if it is gone, that of the one that matches ``best`` what is typed, or
    the last row of the same kind, or the first option."""
    ids = [row.id if isinstance(row, Option) else "" for row in rows]
    for name in (option_id, best):
        if name and name in ids:
            return ids.index(name)
    kind = option_id.partition(" ")[0]  # of one layer or input among several
    alike = [i for i, name in enumerate(ids) if kind and name.partition(" ")[0] == kind]
    return alike[-1] if alike else 1


def _labels(content: PanelContent, sheet: Sheet) -> list[str]:
    """The labels of the rows, cut so that features of long names stay different."""
    names, ascii = content.wanted_facts.names, sheet.glyphs.ascii
    labels = [f" {row.label}" if isinstance(row, Option) else "" for row in content.rows]
    shown = [_spelt(in_shown_names(label, names, ascii), sheet) for label in labels]
    return cut_names(shown, LABEL - 1)


def _row_line(content: PanelContent, i: int, label: str, sheet: Sheet) -> Line:
    """The line of an option or heading."""
    row = content.rows[i]
    if isinstance(row, str):
        return heading(row, sheet)
    if row is APPLY:
        n = len(content.changes)
        value = f"enter: {plural(n, 'change')}" if n else "nothing waits"
    else:
        value = _shown(content, row, content.value(row), sheet)
    selected, pending = i == content.selected, content.waits(row)
    return option_line(label, value, pending, selected and pending, sheet)


def _shown(content: PanelContent, option: Option, value: str, sheet: Sheet) -> str:
    """A value of an option as the sheet can show it."""
    if not option.fields:
        return value
    ascii = sheet.glyphs.ascii
    value = in_shown_names(value, content.wanted_facts.names, ascii)
    return _spelt(target_in_ascii(value) if option.id == "target" and ascii else value, sheet)


def _foot(content: PanelContent, keys: Mapping[str, str], sheet: Sheet) -> list[Line]:
    """The lines below the options: pending changes, the choices of the selected option and help on
    it, keys."""
    draft, option = content.draft, content.option
    size = bisect_right(HEIGHTS, sheet.height)
    unused = sheet.height - len(content.rows) - 3  # head, blank line and keys
    rows = max(FOOT_ROWS[size] + bool(content.changes), unused if draft.typed else 0)
    if draft.asking:
        max_rows = rows
    elif option is APPLY:
        max_rows = rows - 3
    else:
        max_rows = MAX_PENDING_ROWS[size]
    lines = pending_lines(content, max_rows, sheet)
    if not draft.asking:
        lines += _about(content, rows - len(lines), sheet)
    blank: list[Line] = [[]] * (rows - len(lines))
    return [[], *lines, *blank, key_line(content, keys["settings"], sheet)]


def _about(content: PanelContent, rows: int, sheet: Sheet) -> list[Line]:
    """What is wrong with the last change; or the choices of the selected option, help on it, and
    when a change of it applies."""
    palette, option, mistake = sheet.palette, content.option, content.draft.mistake
    if mistake:
        return truncated_text([f"{sheet.glyphs.fail} {mistake}"], palette.hi, sheet.width, rows)
    if option is None:
        return truncated_text([NONE_FITS], palette.mid, sheet.width, rows)
    choices = choice_lines(content, option, max(1, rows - 2), sheet)
    waits = content.waits(option)  # which is said above
    times = [] if waits else [first_fitting(_when(option), sheet.width)]
    when: list[Line] = [[Span(text, palette.low)] for text in times]
    room = rows - len(choices) - len(when)
    text = sheet.glyphs.prose(sheet.glyphs.keys(option.help))
    if room < 1:
        return [*choices, *when][:rows]
    if choices:
        note = fitting_lines(shorter_forms(text), palette.mid, sheet.width, room)
    else:
        note = truncated_text([text], palette.mid, sheet.width, room)
    return [*choices, *note, *when]


def choice_lines(content: PanelContent, option: Option, rows: int, sheet: Sheet) -> list[Line]:
    """The choices of an option, the present one in brackets: all of them, or as many about it as
    fit, and the number of the others."""
    palette, value = sheet.palette, content.value(option)
    values = option.choices(content.wanted, content.wanted_facts)
    at = values.index(value) if value in values else 0
    marked = []
    for name in values:
        shown, present = _shown(content, option, name, sheet), name == value
        ink = palette.hi if present else palette.mid
        marked.append(Span(f"[{shown}]" if present else shown, ink))

    def lines_of(n: int) -> list[Line]:
        first = max(0, min(at - n // 2, len(values) - n))
        parts = [[span] for span in marked[first : first + n]]
        others = len(values) - n
        more = [[Span(f"and {others} more", palette.low)]] if others else []
        return flowed([*parts, *more], sheet.width, gap=2)

    def is_too_long(n: int) -> bool:
        lines = lines_of(n)
        return len(lines) > rows or any(most_cells_of(line) > sheet.width for line in lines)

    if not values or not is_too_long(len(values)):
        return lines_of(len(values))
    fitting = bisect_left(range(1, len(values)), True, key=is_too_long)
    return lines_of(fitting) if fitting else []


def option_line(label: str, value: str, pending: bool, restarts: bool, sheet: Sheet) -> Line:
    """Label and value of an option; ``pending``: it waits for a restart, with which enter
    ``restarts``."""
    palette, room = sheet.palette, max(4, sheet.width - LABEL)
    value = f"→ {value}" if pending else value
    forms = ("enter restarts", "enter", "") if restarts else ("",)
    note = next(form for form in forms if not form or len(value) + len(form) + 2 <= room)
    room -= len(note) + bool(note)
    return [
        Span(label.ljust(LABEL), palette.mid),
        Span(cut(value, room).ljust(room), palette.hi, bold=pending),
        Span(f" {note}" if note else "", palette.mid),
    ]


def heading(text: str, sheet: Sheet) -> Line:
    """The heading of the options below it."""
    rule = "─" * (sheet.width - len(text) - 2)
    return [Span(f" {text} ", sheet.palette.low), Span(rule, sheet.palette.line)]


def key_line(content: PanelContent, settings_key: str, sheet: Sheet) -> Line:
    """The keys of the panel and what they do now."""
    option, asking = content.option, content.draft.asking
    arrows, restarts = sheet.glyphs.keys("← →"), ("enter", "restart")
    escape = ("esc", "all settings" if content.draft.typed else "close")
    if asking:
        pairs = [restarts, ("esc", "discard"), (settings_key, "keep")]
    elif option is None:
        pairs = [escape]
    elif option is APPLY:
        pairs = [*[restarts] * bool(content.changes), escape]
    elif content.enter_restarts:
        pairs = [(arrows, "change"), restarts, escape]
    elif option.read is None:
        pairs = [(f"{arrows} enter", "change"), escape]
    else:
        pairs = [(arrows, "change"), ("enter", "type"), escape]
    if _room(pairs, sheet) < len(pairs) - 1:
        shorter = {"change": "set", "all settings": "all"}
        pairs = [(key, shorter.get(verb, verb)) for key, verb in pairs]
    if _room(pairs, sheet) < len(pairs) - 1 and not asking:
        pairs = pairs[:-1]  # without esc, the key that is expected most
    gap = "  " if _room(pairs, sheet) >= 2 * (len(pairs) - 1) else " "
    mid, low = sheet.palette.hi if asking else sheet.palette.mid, sheet.palette.low
    return [span for k, verb in pairs for span in (Span(f"{k} ", mid), Span(f"{verb}{gap}", low))]


def _room(pairs: Sequence[tuple[str, str]], sheet: Sheet) -> int:
    """Cells that keys and what they do leave."""
    return sheet.width - sum(len(key) + len(verb) + 1 for key, verb in pairs)


def pending_lines(content: PanelContent, max_rows: int, sheet: Sheet) -> list[Line]:
    """The changes that wait for a restart, how to restart, and whether that removes all runs."""
    if not content.changes:
        return []
    keys = "enter" if content.enter_restarts else "esc, then enter"
    loss = "" if same_data(content.wanted, content.current) else ", deletes all runs"
    waits = "; ".join(f"{label.strip()} {old} → {new}" for label, old, new in content.changes)
    texts = [_spelt(f"{keys} restarts to apply{loss}: {waits}", sheet)]
    return truncated_text(texts, sheet.palette.hi, sheet.width, max_rows)


def _spelt(text: str, sheet: Sheet) -> str:
    """The text; in ASCII, with powers that differ from indices: x1^2."""
    return _POWER.sub(_caret, text) if sheet.glyphs.ascii else text


def _caret(power: re.Match[str]) -> str:
    return "^" + normalize("NFKC", power[0])


def _when(option: Option) -> tuple[str, ...]:
    """When a change of the option applies, the longest form first."""
    if option is APPLY:
        return ("",)
    if option.needs_restart and option.fields:
        if {*DATA} & {*option.fields}:
            return "needs a restart, which deletes all runs", "restarts, deletes all runs"
        return ("needs a restart",)
    at_once = not option.fields or STOPS.issuperset(option.fields)
    return ("applies at once" if at_once else "applies from the next step",)
