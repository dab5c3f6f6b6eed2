"""The methods: how many parameters each has, and how wrong its curve is."""

from __future__ import annotations

from math import isfinite

from textual import events

from engine.approximation.sweep import Errors
from tui.drawing.numbers import NONE, norm, percent
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, truncated_text
from tui.explain.approximation import method_errors
from tui.explain.explainable import Explainable
from tui.model.approximation.curve import BEST, ROWS
from tui.model.approximation.facts import ApproximationFacts
from tui.model.frame import Frame
from tui.panes.approximate.texts import DESCRIPTIONS, name_of
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.selectable_table import FootedTable
from tui.panes.base.table_pane import TablePane

FOOT = 4  # rows of the description, at most


class MethodsPane(TablePane):
    """A row a method: parameters, the largest and the mean square error, the bound of theory."""

    HELP = """
Methods: ways to build a curve of the same width, and how wrong each is. {up} {down} choose the one
that is drawn.
Parameters: weights and biases, or coefficients. Largest: the largest |ŷ − f|, f the target.
Mean square: over the target's sample, or the data. Bound: what the largest error cannot exceed,
where theory knows it. With h the width of a piece, M and M₂ the largest |f′| and |f″|, it is
M₂·h²/8 for the interpolant, and M·(h/2 + 2·ln 2/w) for steps and bumps.
polynomial: least squares on powers of x. interpolant: relu units through the target at even knots.
even: even knots, slopes by least squares. best: the knots with the least mean square that a search
in the background finds. by hand: knots that you move. steps: a staircase of sigmoids. bumps:
two sigmoids each. network: the trained one, where the data are the target.
{explain} says where the largest error is.
"""

    class Chosen(SelectionMessage):
        """A method was chosen."""

        def __init__(self, method: str) -> None:
            super().__init__()
            self.method = method

    faces = (lambda frame, sheet: methods_table(frame, sheet),)

    def move(self, dx: int, dy: int) -> None:
        facts = self.view.approximation if self.view else None
        if facts is not None and dy:
            at = min(max(ROWS.index(facts.method) + dy, 0), len(ROWS) - 1)
            self.post_message(self.Chosen(ROWS[at]))

    def on_click(self, event: events.Click) -> None:
        """Choose the method of the row."""
        offset = event.get_content_offset(self)
        row = self._first + offset.y - 1 if offset else -1
        if offset and offset.y and 0 <= row < len(ROWS):
            self.post_message(self.Chosen(ROWS[row]))

    def explainable(self, frame: Frame) -> Explainable:
        """The largest error of the chosen method."""
        return method_errors(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The errors of the chosen method."""
        facts = frame.approximation
        errors = facts.chosen.errors if facts and facts.chosen else None
        if errors is None:
            return []
        return [("largest error", errors.largest), ("mean square", errors.mean_square)]


def methods_table(frame: Frame, sheet: Sheet) -> Table:
    """The table of a frame."""
    facts, palette = frame.approximation, sheet.palette
    if facts is None or facts.target is None:
        return Table.of_words("Methods", facts.note if facts else "", sheet)
    curves = [facts.curves[name] for name in ROWS]

    def errors_cell(i: int, value: str) -> Span:
        ink = palette.hi if ROWS[i] == facts.method else palette.mid
        if ROWS[i] == BEST and facts.searched is not None:
            text = percent(facts.searched, 0) if value == "largest" else ""
            return Span(text, palette.low)
        errors = curves[i].errors
        return Span(known_error(errors, value), ink if errors else palette.low)

    columns = [
        Column(
            "method",
            12,
            lambda i: Span(
                name_of(facts, ROWS[i]), palette.hi if ROWS[i] == facts.method else palette.mid
            ),
            left=True,
        ),
        Column("par.", 5, lambda i: Span(str(curves[i].parameters), palette.mid)),
        Column("largest", 8, lambda i: errors_cell(i, "largest")),
        Column("mean sq.", 9, lambda i: errors_cell(i, "mean_square")),
        Column("bound", 8, lambda i: Span(_bound(curves[i].bound), palette.low)),
    ]
    shown = fitting(columns, sheet.width)
    at = ROWS.index(facts.method)
    room = min(FOOT, max(0, sheet.height - 1 - len(ROWS)))
    return FootedTable(
        title="Methods",
        subtitle="",
        head=head_of(shown, palette),
        count=len(ROWS),
        row=lambda i: row_of(shown, i),
        selected=range(at, at + 1),
        foot_room=room,
        below=lambda i: _foot(facts, sheet, room),
    )


def known_error(errors: Errors | None, value: str) -> str:
    """An error by the name of its field; – where there is none."""
    return NONE if errors is None else norm(getattr(errors, value)).strip()


def _bound(bound: float) -> str:
    return norm(bound).strip() if isfinite(bound) else NONE


def _foot(facts: ApproximationFacts, sheet: Sheet, rows: int) -> list[Line]:
    """What the chosen method is, and why it has no errors."""
    chosen = facts.chosen
    assert chosen is not None
    text = DESCRIPTIONS[facts.method]
    if facts.method == BEST and facts.searched is not None:
        text = f"searching the best knots: {percent(facts.searched, 0)}"
    texts = [text, *([chosen.note] if chosen.note else [])]
    return truncated_text(texts, sheet.palette.mid, sheet.width, rows)
