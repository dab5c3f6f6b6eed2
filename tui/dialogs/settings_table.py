"""The table of the settings panel: the options, the pending changes, help on the selected one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from engine import Experiment
from engine.wording import noun_for, plural
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut, cut_names
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, truncated_text
from tui.model.shown_names import in_shown_names, target_in_ascii
from tui.panes.base.selectable_table import FootedTable
from tui.session.settings_draft import DATA, STOPS, DataFacts, Draft, same_data
from tui.settings.all_options import APPLY, Row, differs, rows_of, waiting
from tui.settings.option import Option

LABEL = 16  # cells of the labels, with a blank one for the mark of the selected row
RESTART = "↻"
_POWER = re.compile("[⁰¹²³⁴-⁹]+")
TALL = 24  # rows from which there is more room below the options
FOOT_ROWS = (6, 8)  # below the options, for help; in a tall panel. A row more where changes wait
MAX_PENDING_ROWS = (2, 3)  # of these, for the pending changes


@dataclass(frozen=True, eq=False)
class PanelContent:
    """What the panel shows of a draft: the experiment now and as wanted, each with the facts of
    its data, and the rows for the wanted one."""

    draft: Draft
    current: Experiment
    current_facts: DataFacts
    wanted: Experiment
    wanted_facts: DataFacts
    rows: list[Row]
    selected: int
    changes: list[tuple[str, str, str]]  # that wait for a restart: labels, values now and then

    @property
    def option(self) -> Option:
        """The selected option."""
        option = self.rows[self.selected]
        assert isinstance(option, Option)
        return option


def panel_content(draft: Draft, current: Experiment) -> PanelContent:
    """What the panel shows of a draft, beside the current experiment."""
    wanted = draft.wanted(current)
    current_facts, wanted_facts = map(draft.facts, (current, wanted))
    rows = rows_of(wanted, draft.flags, wanted_facts)
    return PanelContent(
        draft=draft,
        current=current,
        current_facts=current_facts,
        wanted=wanted,
        wanted_facts=wanted_facts,
        rows=rows,
        selected=_selected_row(rows, draft.option),
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
        subtitle=f"{restart_mark(sheet)} by a restart",
        head=[],
        count=len(content.rows),
        row=lambda i: _row_line(content, i, labels[i], sheet),
        selected=range(selected, selected + 1),
        foot_room=len(foot),
        below=lambda _: foot,
    )


def _selected_row(rows: Sequence[Row], option_id: str) -> int:
    """The row of an option; if it is gone, the last row of the same kind, or the first option."""
    ids = [row.id if isinstance(row, Option) else "" for row in rows]
    if option_id in ids and option_id:
        return ids.index(option_id)
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
    row, flags = content.rows[i], content.draft.flags
    if isinstance(row, str):
        return heading(row, sheet)
    now = content.current, content.current_facts
    wanted = content.wanted, content.wanted_facts
    if row.fields:
        names = content.wanted_facts.names
        value = in_shown_names(row.show(*wanted), names, sheet.glyphs.ascii)
        if row.id == "target" and sheet.glyphs.ascii:
            value = target_in_ascii(value)
    elif row is APPLY:
        n = len(content.changes)
        value = f"enter: {plural(n, 'change')}" if n else "nothing waits"
    else:
        value = "yes" if flags.get(row.id) else "no"
    pending = row.needs_restart and differs(row, now, wanted)
    return option_line(row, label, value, i == content.selected, pending, sheet)


def _foot(content: PanelContent, keys: Mapping[str, str], sheet: Sheet) -> list[Line]:
    """The lines below the options: pending changes, help on the selected option, keys."""
    draft, tall = content.draft, sheet.height >= TALL
    rows = FOOT_ROWS[tall] + bool(content.changes) - 2
    if draft.asking:
        max_rows = rows
    elif content.option is APPLY:
        max_rows = rows - 3
    else:
        max_rows = MAX_PENDING_ROWS[tall]
    ends_runs = not same_data(content.wanted, content.current)
    pending = pending_lines(content.changes, ends_runs, keys["restart"], max_rows, sheet)
    help_text: list[Line] = []
    if not draft.asking:
        help_text = help_lines(content.option, draft.mistake, rows - len(pending), sheet)
    blank: list[Line] = [[]] * (rows - len(pending) - len(help_text))
    return [[], *pending, *help_text, *blank, key_line(content, keys["settings"], sheet)]


def option_line(
    option: Option, label: str, value: str, selected: bool, pending: bool, sheet: Sheet
) -> Line:
    """Label, value and the mark of a setting that needs a restart; ``pending``: it waits for it."""
    palette = sheet.palette
    room = max(4, sheet.width - LABEL - 2)
    value = cut(_spelt(f"→ {value}" if pending else value, sheet), room).ljust(room)
    mark = restart_mark(sheet) if option.fields and option.needs_restart else " "
    return [
        Span(label.ljust(LABEL), palette.mid),
        Span(value, palette.hi, bold=pending),
        Span(f" {mark}", palette.hi if pending else palette.low),
    ]


def heading(text: str, sheet: Sheet) -> Line:
    """The heading of the options below it."""
    rule = "─" * (sheet.width - len(text) - 2)
    return [Span(f" {text} ", sheet.palette.low), Span(rule, sheet.palette.line)]


def key_line(content: PanelContent, close_key: str, sheet: Sheet) -> Line:
    """The keys of the panel and what they do now."""
    option, asking = content.option, content.draft.asking
    arrows, restarts = sheet.glyphs.keys("← →"), [("enter", "restart"), ("esc", "discard")]
    if asking:
        pairs = [*restarts, (close_key, "keep")]
    else:
        if option is APPLY:
            pairs = restarts if content.changes else []
        elif option.read is None:
            pairs = [(f"{arrows} enter", "change")]
        else:
            pairs = [(arrows, "change"), ("enter", "type")]
        pairs = [*pairs, (close_key, "close")]
    room = sheet.width - sum(len(key) + len(verb) + 1 for key, verb in pairs)
    if room < len(pairs) - 1:
        pairs = [(key, verb.replace("change", "set")) for key, verb in pairs]
    gap = "  " if room >= 2 * (len(pairs) - 1) else " "
    mid, low = sheet.palette.hi if asking else sheet.palette.mid, sheet.palette.low
    return [span for k, verb in pairs for span in (Span(f"{k} ", mid), Span(f"{verb}{gap}", low))]


def pending_lines(
    changes: Sequence[tuple[str, str, str]],
    ends_runs: bool,
    restart_key: str,
    max_rows: int,
    sheet: Sheet,
) -> list[Line]:
    """The changes that wait for a restart, how to restart, and whether that removes all runs."""
    if not changes:
        return []
    waits = "; ".join(f"{label} {old} → {new}" for label, old, new in changes)
    loss = ", deletes all runs" if ends_runs else ""
    mark = "" if sheet.glyphs.ascii else f"{RESTART} "
    texts = [_spelt(f"{mark}{restart_key} restarts to apply{loss}: {waits}", sheet)]
    return truncated_text(texts, sheet.palette.hi, sheet.width, max_rows)


def help_lines(option: Option, mistake: str, max_rows: int, sheet: Sheet) -> list[Line]:
    """Help on an option and when a change of it applies; or what is wrong with the last change."""
    palette = sheet.palette
    if mistake:
        return truncated_text([f"{sheet.glyphs.fail} {mistake}"], palette.hi, sheet.width, max_rows)
    text = sheet.glyphs.prose(sheet.glyphs.keys(option.help))
    lines = truncated_text([text], palette.mid, sheet.width, max_rows - 1)
    return [*lines, [Span(first_fitting(_when(option, sheet), sheet.width), palette.low)]]


def _spelt(text: str, sheet: Sheet) -> str:
    """The text; in ASCII, with powers that differ from indices: x1^2."""
    return _POWER.sub(_caret, text) if sheet.glyphs.ascii else text


def _caret(power: re.Match[str]) -> str:
    return "^" + normalize("NFKC", power[0])


def _when(option: Option, sheet: Sheet) -> tuple[str, ...]:
    """When a change of the option applies, the longest form first."""
    if option is APPLY:
        return ()
    if option.needs_restart:
        loss, mark = "; deletes all runs" * bool({*DATA} & {*option.fields}), restart_mark(sheet)
        return f"{mark} needs a restart{loss}", f"{mark} restarts{loss}"
    return ("applies at once" if STOPS.issuperset(option.fields) else "applies from the next step",)


def restart_mark(sheet: Sheet) -> str:
    """The mark of settings that need a restart."""
    return "r" if sheet.glyphs.ascii else RESTART
