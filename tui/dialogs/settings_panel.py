"""The settings panel: every option of the experiment, beside any screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from engine import EngineError, Experiment
from tui.dialogs.base import Ask
from tui.dialogs.settings_lines import explained, heading, keys, option_line, restart_mark, told
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, many
from tui.model.frame import Frame
from tui.panes.base.pane import Look
from tui.panes.base.selectable_table import ChoicePane, FootedTable
from tui.session.draft import Changes, Draft, Facts, same_data
from tui.settings.all_options import APPLY, FLAGS, Row, differs, rows_of, waiting
from tui.settings.option import Option, Turn

HIGH = 24  # rows from which on there is more room below the options
FOOT = (7, 9)  # lines below the options: what waits, and what the selected option is
WAITING = (2, 3)  # of these at the most for what waits


class SettingsPanel(ChoicePane):
    """Up and down select an option, ← and → change it, enter types a value.

    What needs a restart is gathered in the ``draft`` until the user applies or discards it.
    """

    HELP = """
Settings: {up} {down} select an option, ← → change it, enter types a value; + − change a number
by less, or double and halve it. What is marked ↻ needs a restart: it waits, is told below the
options, and is applied by enter in the last row, or by {settings} and then enter; esc discards it.
Everything else applies from the next step on, as an event that {undo} takes back.
{pane} leaves the panel open, {settings} and esc close it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("minus", "nudge(-1)", show=False),
        Binding("plus", "nudge(1)", show=False),
        Binding("enter", "enter", show=False),
        Binding("escape", "give_up", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Settings to apply from the next step on."""

        changes: Changes

    @dataclass
    class Restart(Message):
        """An experiment to begin in place of this one."""

        experiment: Experiment

    @dataclass
    class Flipped(Message):
        """A switch of the app was turned."""

        flag: str

    class Closed(Message):
        """The panel is to be closed."""

    def __init__(self, draft: Draft, id: str = "settings") -> None:
        super().__init__(id=id)
        self.draft = draft
        self._rows: list[Row] = []
        self._sent: Changes = {}  # applied, but not yet in the frame that is shown

    # what is drawn

    def show(self, frame: Frame, look: Look) -> None:
        if frame is not self.view:
            self._sent = {}
        if not self.draft.shown:
            return
        super().show(frame, look)

    def _table(self, frame: Frame, sheet: Sheet) -> Table:
        draft, current = self.draft, self._current(frame)
        wanted = draft.wanted(current)
        now, facts = map(draft.facts, (current, wanted))
        changes = waiting(draft, current)
        self._rows = rows = rows_of(wanted, draft.flags, facts)
        chosen = _place(rows, draft.option)
        waits = "1 change waits" if len(changes) == 1 else f"{len(changes)} changes wait"

        def row(i: int) -> Line:
            item = rows[i]
            if isinstance(item, str):
                return heading(item, sheet)
            if item is APPLY:
                value = f"enter: {many(len(changes), 'change')}" if changes else "nothing waits"
            else:
                value = "yes" if draft.flags.get(item.id) else "no"
            if item.fields:
                value = item.show(wanted, facts)
            pending = item.needs_restart and differs(item, (current, now), (wanted, facts))
            return option_line(item, value, i == chosen, pending, sheet)

        tall = sheet.height >= HIGH
        selected = rows[chosen]
        assert isinstance(selected, Option)
        if draft.asking:  # of what waits, and not of the selected option
            most = FOOT[tall] - 2
        else:
            most = FOOT[tall] - 5 if selected is APPLY else WAITING[tall]
        closes = self.look.keys["settings"]
        keeps = closes if draft.asking else ""
        above = told(changes, not same_data(wanted, current), keeps, most, sheet)
        below: list[Line] = []
        if not draft.asking:
            below = explained(selected, draft.mistake, FOOT[tall] - 2 - len(above), sheet)
        blank: list[Line] = [[]] * (FOOT[tall] - 2 - len(above) - len(below))
        table = FootedTable(
            title=f"Settings · {waits}" if changes else "Settings",
            subtitle=f"{restart_mark(sheet)} by a restart",
            head=[],
            count=len(rows),
            row=row,
            selected=range(chosen, chosen + 1),
            foot_room=FOOT[tall],
            below=lambda _: [[], *above, *below, *blank, keys(closes, sheet)],
        )
        self._chosen, self._known = chosen, (frame, sheet, table)
        return table

    def _current(self, frame: Frame) -> Experiment:
        return replace(frame.experiment, **self._sent)

    # selecting

    def move(self, dx: int, dy: int) -> None:
        """Select the option above or below, or change the selected one."""
        if dx:
            self.action_turn(dx)
        elif dy:
            self._select(self._chosen + dy, dy)

    def on_click(self, event: events.Click) -> None:
        """Select an option; the selected one is acted on."""
        offset = event.get_content_offset(self)
        if offset is None or self._known is None:
            return
        row = self._first + offset.y
        if offset.y >= self._known[2].room(self.size.height) or row >= len(self._rows):
            return
        if row == self._chosen:
            self.action_enter()
        else:
            self._select(row, 1)

    def _select(self, row: int, by: int) -> None:
        """Select that row, or the next option in that direction where it is a heading."""
        if not self._rows:  # opened, but not drawn yet
            return
        row = max(0, min(row, len(self._rows) - 1))
        if isinstance(self._rows[row], str):
            row = row + by if row else 1
        option = self._rows[row]
        assert isinstance(option, Option)
        self.draft.option, self.draft.mistake, self.draft.asking = option.id, "", False
        self._redraw()

    def _redraw(self) -> None:
        if self.view is not None:
            self.show(self.view, self.look)  # the title tells of it too

    # changing

    def action_turn(self, by: int) -> None:
        """The choice before or after."""
        self._turn(lambda option: option.turn, by)

    def action_nudge(self, by: int) -> None:
        """A little less or more."""
        self._turn(lambda option: option.nudge or option.turn, by)

    def _turn(self, how: Callable[[Option], Turn], by: int) -> None:
        if (here := self._here()) is None:
            return
        option, current, wanted, facts = here
        self.draft.mistake, self.draft.asking = "", False
        if option.id in FLAGS:
            self.post_message(self.Flipped(option.id))
            return
        try:
            changes = self.draft.choose_first(current, how(option)(wanted, facts, by))
        except EngineError as error:
            self.draft.mistake = str(error)
            changes = {}
        self._took(changes)

    def action_enter(self) -> None:
        """Type a value, turn a switch, or restart."""
        if (here := self._here()) is None:
            return
        option, current, wanted, facts = here
        if self.draft.asking or option is APPLY:
            self._restart(wanted)
        elif option.read is None:
            self.action_turn(1)
        else:
            read, name = option.read, option.label.strip()

            def typed(text: str) -> Changes:
                return self.draft.choose(current, read(text, wanted, facts))

            prompt = self.look.glyphs.keys(f"{name}: {option.help}")
            self.app.push_screen(Ask(prompt, typed, option.text(wanted, facts)), self._took)

    def _restart(self, wanted: Experiment) -> None:
        if not self.draft.pending:
            self.draft.mistake = "nothing waits for a restart"
            self._redraw()
            return
        self.post_message(self.Restart(wanted))
        if self.draft.asking:
            self.draft.asking = False
            self.post_message(self.Closed())

    def action_close(self) -> None:
        """Close the panel; with changes that wait, ask about them first, and keep them."""
        if self.draft.pending and not self.draft.asking:
            self.draft.asking, self.draft.mistake = True, ""
            self._redraw()
        else:
            self.draft.asking = False
            self.post_message(self.Closed())

    def action_give_up(self) -> None:
        """Discard what waits; where nothing does, or the panel was being closed, close it."""
        closing = self.draft.asking or not self.draft.pending
        self.draft.discard()
        if closing:
            self.post_message(self.Closed())
        else:
            self._redraw()

    def _took(self, changes: Changes | None) -> None:
        """Apply what need not wait."""
        if changes:
            self._sent |= changes
            self.post_message(self.Chosen(changes))
        self._redraw()

    def _here(self) -> tuple[Option, Experiment, Experiment, Facts] | None:
        """The selected option, the experiment now and as wanted, and the wanted data's facts."""
        if self.view is None or not self._rows:
            return None
        option, current = self._rows[self._chosen], self._current(self.view)
        wanted = self.draft.wanted(current)
        assert isinstance(option, Option)
        return option, current, wanted, self.draft.facts(wanted)


def _place(rows: Sequence[Row], option: str) -> int:
    """The row of the option of that id; where it is gone, the nearest of its kind, or the first."""
    ids = [row.id if isinstance(row, Option) else "" for row in rows]
    if option in ids and option:
        return ids.index(option)
    kind = option.partition(" ")[0]
    alike = [i for i, name in enumerate(ids) if kind and name.partition(" ")[0] == kind]
    return alike[-1] if alike else 1
