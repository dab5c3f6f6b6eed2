"""What the settings panel writes: a line for an option, what waits, and what an option is."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from tui.drawing.grid import cut
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, truncated_text
from tui.session.draft import DATA, STOPS
from tui.settings.all_options import APPLY
from tui.settings.option import Option

LABEL = 16  # cells of the labels, with a blank one for the mark of the selected row
RESTART = "↻"
_POWER = re.compile("[⁰¹²³⁴-⁹]+")


def option_line(option: Option, value: str, selected: bool, pending: bool, sheet: Sheet) -> Line:
    """Label, value and the mark of what needs a restart; ``pending``: of a value that waits."""
    palette = sheet.palette
    room = max(4, sheet.width - LABEL - 2)
    value = cut(_spelt(f"→ {value}" if pending else value, sheet), room).ljust(room)
    mark = restart_mark(sheet) if option.fields and option.needs_restart else " "
    return [
        Span(cut(_spelt(f" {option.label}", sheet), LABEL - 1).ljust(LABEL), palette.mid),
        Span(value, palette.hi, bold=pending),
        Span(f" {mark}", palette.hi if pending else palette.low),
    ]


def heading(text: str, sheet: Sheet) -> Line:
    """The heading of the options below it."""
    rule = "─" * (sheet.width - len(text) - 2)
    return [Span(f" {text} ", sheet.palette.low), Span(rule, sheet.palette.line)]


def keys(closes: str, sheet: Sheet) -> Line:
    """The keys of the panel, of which one ``closes`` it."""
    pairs = ((sheet.glyphs.keys("← →"), "change"), ("enter", "type"), (closes, "close"))
    room = sheet.width - sum(len(key) + len(does) + 1 for key, does in pairs)
    gap = "  " if room >= 4 else " "
    mid, low = sheet.palette.mid, sheet.palette.low
    return [span for k, does in pairs for span in (Span(f"{k} ", mid), Span(f"{does}{gap}", low))]


def told(
    changes: Sequence[tuple[str, str, str]], ends_runs: bool, keeps: str, most: int, sheet: Sheet
) -> list[Line]:
    """What waits for a restart, and whether that ends all runs, said before it happens.

    ``keeps`` is the key that keeps it, where the user is asked what to do, else "".
    """
    if not changes:
        return []
    waits = "; ".join(f"{label} {old} → {new}" for label, old, new in changes)
    loss = ", all runs go" if ends_runs else ""
    says = [_spelt(f"{restart_mark(sheet)} restart to apply{loss}: {waits}", sheet)]
    question = [f"enter restart, esc discard, {keeps} keep"] if keeps else []
    lines = truncated_text(question, sheet.palette.hi, sheet.width, 1)
    return lines + truncated_text(says, sheet.palette.hi, sheet.width, most - len(lines))


def explained(option: Option, mistake: str, most: int, sheet: Sheet) -> list[Line]:
    """What the option is and when a change of it applies; or what was wrong with one."""
    palette = sheet.palette
    if mistake:
        return truncated_text([f"{sheet.glyphs.fail} {mistake}"], palette.hi, sheet.width, most)
    text = sheet.glyphs.prose(sheet.glyphs.keys(option.help))
    lines = truncated_text([text], palette.mid, sheet.width, most - 1)
    return [*lines, [Span(_when(option, sheet), palette.low)]]


def _spelt(text: str, sheet: Sheet) -> str:
    """The text with powers that can be told from indices in ASCII: x1^2."""
    return _POWER.sub(_caret, text) if sheet.glyphs.ascii else text


def _caret(power: re.Match[str]) -> str:
    return "^" + normalize("NFKC", power[0])


def _when(option: Option, sheet: Sheet) -> str:
    """When a change of it applies."""
    if option is APPLY:
        return ""
    if option.needs_restart:
        loss = "; all runs go" if {*DATA} & {*option.fields} else ""
        return f"{restart_mark(sheet)} needs a restart{loss}"
    return "applies at once" if STOPS.issuperset(option.fields) else "applies from the next step"


def restart_mark(sheet: Sheet) -> str:
    """The mark of what needs a restart."""
    return "r" if sheet.glyphs.ascii else RESTART
