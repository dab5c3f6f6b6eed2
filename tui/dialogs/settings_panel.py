"""The settings panel, beside any screen: the options of the experiment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from engine import EngineError, Experiment
from tui.dialogs.base import Ask
from tui.dialogs.settings_table import PanelContent, panel_content, settings_table
from tui.drawing.table import Sheet, Table
from tui.model.frame import Frame
from tui.panes.base.pane import Look
from tui.panes.base.selectable_table import ChoicePane
from tui.session.settings_draft import Changes, DataFacts, Draft
from tui.settings.all_options import APPLY, FLAGS, Row
from tui.settings.option import Option, Turn


class SettingsPanel(ChoicePane):
    """Up and down select an option, ← and → change it, enter types a value.

    Changes that need a restart wait in the ``draft`` until the user applies or discards them.
    """

    HELP = """
Settings: {up} {down} select an option, ← → change it, enter types a value; + − change a number
by less, or double and halve it. What is marked ↻ needs a restart: it waits, as shown below the
options. {restart} restarts and applies it, so does enter in the last row; esc discards it.
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
        self._content: PanelContent
        self._sent: Changes = {}  # applied, but not yet in the frame that is shown

    # what is drawn

    def show(self, frame: Frame, look: Look) -> None:
        if frame is not self.view:
            self._sent = {}
        if not self.draft.shown:
            return
        self._content = panel_content(self.draft, self._current(frame))
        self._rows, self._chosen, self._known = self._content.rows, self._content.selected, None
        super().show(frame, look)

    def _table(self, frame: Frame, sheet: Sheet) -> Table:
        if self._known is None or self._known[1] != sheet:
            self._known = frame, sheet, settings_table(self._content, self.look.keys, sheet)
        return self._known[2]

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
        """Select an option; on the selected one, as enter does. A click may come too late, when
        the panel is closed already."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is None or self._known is None or not self.draft.shown:
            return
        row = self._first + offset.y
        if offset.y >= self._known[2].room(self.size.height) or row >= len(self._rows):
            return
        if row == self._chosen:
            self.action_enter()
        else:
            self._select(row, 1)

    def _select(self, row: int, by: int) -> None:
        """Select that row; if it is a heading, the next option in that direction."""
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
            self.show(self.view, self.look)  # with the title

    # changing

    def action_turn(self, by: int) -> None:
        """The choice before or after."""
        self._turn(lambda option: option.turn, by)

    def action_nudge(self, by: int) -> None:
        """A smaller step down or up."""
        self._turn(lambda option: option.nudge or option.turn, by)

    def _turn(self, turn_of: Callable[[Option], Turn], by: int) -> None:
        if (selection := self._selection()) is None:
            return
        option, current, wanted, facts = selection
        self.draft.mistake, self.draft.asking = "", False
        if option.id in FLAGS:
            self.post_message(self.Flipped(option.id))
            return
        try:
            changes = self.draft.choose_first(current, turn_of(option)(wanted, facts, by))
        except EngineError as error:
            self.draft.mistake = str(error)
            changes = {}
        self._apply(changes)

    def action_enter(self) -> None:
        """Type a value, turn a switch, or restart."""
        if (selection := self._selection()) is None:
            return
        option, current, wanted, facts = selection
        if self.draft.asking or option is APPLY:
            self._restart(wanted)
        elif option.read is None:
            self.action_turn(1)
        else:
            read, name = option.read, option.label.strip()

            def typed(text: str) -> Changes:
                return self.draft.choose(current, read(text, wanted, facts))

            prompt = self.look.glyphs.keys(option.help)
            question = Ask(name, prompt, typed, option.text(wanted, facts))
            self.app.push_screen(question, self._apply)

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
        """Close the panel; if changes wait, first ask what to do with them."""
        if self.draft.pending and not self.draft.asking:
            self.draft.asking, self.draft.mistake = True, ""
            self._redraw()
        else:
            self.draft.asking = False
            self.post_message(self.Closed())

    def action_give_up(self) -> None:
        """Discard the pending changes; if there are none, or when asked about them, close it."""
        closing = self.draft.asking or not self.draft.pending
        self.draft.discard()
        if closing:
            self.post_message(self.Closed())
        else:
            self._redraw()

    def _apply(self, changes: Changes | None) -> None:
        """Apply changes that need no restart."""
        if changes:
            self._sent |= changes
            self.post_message(self.Chosen(changes))
        self._redraw()

    def _selection(self) -> tuple[Option, Experiment, Experiment, DataFacts] | None:
        """The selected option, the experiment now and as wanted, and the facts of its data."""
        if self.view is None or not self._rows:
            return None
        option, current = self._rows[self._chosen], self._current(self.view)
        wanted = self.draft.wanted(current)
        assert isinstance(option, Option)
        return option, current, wanted, self.draft.facts(wanted)
