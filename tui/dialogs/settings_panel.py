"""The settings panel, beside any screen: the options of the experiment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, getters
from textual.binding import Binding, BindingType
from textual.keys import key_to_character
from textual.message import Message

from engine import EngineError, Experiment
from tui.dialogs.base import Ask
from tui.dialogs.settings_table import PanelContent, panel_content, settings_table
from tui.drawing.table import Sheet, Table
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.selectable_table import ChoicePane
from tui.session.settings_draft import Changes, DataFacts, Draft
from tui.session_app import SessionApp
from tui.settings.all_options import FLAGS, Row
from tui.settings.option import YES_NO, Option, Turn

MAX_TYPED = 40  # characters of the filter
OWN_KEYS = "+-"


class SettingsPanel(ChoicePane):
    """Up and down select an option, ← and → change it, enter types a value, and what else is typed
    filters the options.

    Changes that need a restart wait in the ``draft`` until the user applies or discards them.
    """

    app = getters.app(SessionApp)
    TAKES_LETTERS = True
    HELP = """
Settings: ↑ ↓ PgUp PgDn home end select an option, ← → change it, enter types a value; + − change
a number by less, or double and halve it. Letters filter the options, by their names or choices:
after tanh the first → chooses it. esc shows all again. What needs a restart waits: enter on that
option restarts with all that waits, delete takes that change back. Everything else applies from
the next step on, as an event that {undo} takes back. {pane} leaves the panel open, {settings}
returns to it. esc closes it; if changes wait, it first asks about them.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "select_next(-1)", show=False),
        Binding("down", "select_next(1)", show=False),
        Binding("pageup", "select_page(-1)", show=False),
        Binding("pagedown", "select_page(1)", show=False),
        Binding("home", "select_end(1)", show=False),
        Binding("end", "select_end(-1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("minus", "nudge(-1)", show=False),
        Binding("plus", "nudge(1)", show=False),
        Binding("enter", "enter", show=False),
        Binding("delete", "take_back", show=False),
        Binding("backspace", "erase", show=False),
        Binding("escape", "escape", show=False),
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
        self._is_typed = False  # whether nothing has been changed since the filter was typed
        self._sent: Changes = {}  # applied, but not yet in the frame that is shown

    # what is typed

    def on_key(self, event: events.Key) -> None:
        """Type into the filter what can be printed, whatever it does on screens."""
        character = event.character or key_to_character(event.key) or ""
        if not character.isprintable() or not character or character in OWN_KEYS:
            return
        event.stop()
        if self.draft.asking:
            if event.key in self._keys_of_settings:
                self.action_close()
        else:
            self._filter((self.draft.typed + character).lstrip()[:MAX_TYPED])

    @property
    def _keys_of_settings(self) -> tuple[str, ...]:
        actions = self.app.actions
        return next(action.keys for action in actions if action.id == "settings")

    def action_erase(self) -> None:
        """Erase the last letter of the filter."""
        self._filter(self.draft.typed[:-1])

    def _filter(self, typed: str) -> None:
        self.draft.typed, self.draft.mistake, self.draft.asking = typed, "", False
        self._is_typed = True
        if typed:
            self.draft.option = ""  # the one that matches best
        self._redraw()
        if option := self._content.option:  # it stays selected when all are shown again
            self.draft.option = option.id

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

    def titles(self, frame: Frame) -> tuple[str, str]:
        """Its title, and at the lower right which option is selected."""
        option, options = self._content.option, self._content.options
        at = f"↑↓ {options.index(option) + 1} of {len(options)}" if option else ""
        return super().titles(frame)[0], at

    def _current(self, frame: Frame) -> Experiment:
        return replace(frame.experiment, **self._sent)

    # selecting

    def move(self, dx: int, dy: int) -> None:
        """Select the option above or below, or change the selected one."""
        if dx:
            self.action_turn(dx)
        elif dy:
            self._select(self._chosen + dy, dy)

    def action_select_next(self, by: int) -> None:
        """The option above or below; from the first one to the last, and back."""
        options = [i for i, row in enumerate(self._rows) if isinstance(row, Option)]
        if options:
            at = options.index(self._chosen) if self._chosen in options else 0
            self._select(options[(at + by) % len(options)], by)

    def action_select_page(self, by: int) -> None:
        """The option a page above or below."""
        table = self._known[2] if self._known else None
        self._select(self._chosen + by * (table.room(self.size.height) if table else 1), by)

    def action_select_end(self, by: int) -> None:
        """The first option (1) or the last one (−1)."""
        self._select(0 if by > 0 else len(self._rows) - 1, by)

    def on_click(self, event: events.Click) -> None:
        """Select an option; on the selected one, as enter does. A click may come too late, when
        the panel is closed already."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is None or self._known is None or not self.draft.shown:
            return
        y = offset.y - bool(self._known[2].head)
        row = self._first + y
        if not 0 <= y < self._known[2].room(self.size.height) or row >= len(self._rows):
            return
        if row == self._chosen:
            self.action_enter()
        else:
            self._select(row, 1)

    def _select(self, row: int, by: int) -> None:
        """Select that row; if it is a heading, the next option in that direction."""
        if not self._rows:  # opened, but not drawn yet; or none matches what is typed
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
        if self._content.waits(option) and option.choices(wanted, facts) == YES_NO:
            self.action_take_back()
            return
        turned = turn_of(option)(wanted, facts, by)
        try:
            changes = self.draft.choose_first(current, [*self._typed_choice(), *turned])
        except EngineError as error:
            self.draft.mistake = str(error)
            changes = {}
        self._apply(changes)

    def _typed_choice(self) -> list[Changes]:
        """The change to the choice that is typed as the filter, if the selected option has it. Only
        the first change after typing goes there."""
        content, named, self._is_typed = self._content, self._is_typed, False
        option, typed = content.option, content.draft.typed.strip().casefold()
        if option is None or option.read is None or not named:
            return []
        choices = option.choices(content.wanted, content.wanted_facts)
        return [
            option.read(choice, content.wanted, content.wanted_facts)
            for choice in choices
            if choice.casefold() == typed and choice != content.value(option)
        ]

    def action_enter(self) -> None:
        """Restart, where a change waits; else type a value, or turn a switch."""
        if (selection := self._selection()) is None:
            return
        option, current, wanted, facts = selection
        if self._content.enter_restarts:
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
            self._close()

    def action_take_back(self) -> None:
        """Take back the change of the selected option that waits."""
        selection = self._selection()
        if selection is None or not self._content.waits(selection[0]):
            return
        option, current, *_ = selection
        self.draft.asking = False
        try:
            self.draft.take_back(current, option.fields)
        except EngineError as error:  # other changes that wait need it
            self.draft.mistake = str(error)
        self._redraw()

    def action_close(self) -> None:
        """Close the panel; if changes wait, first ask what to do with them."""
        if self.draft.pending and not self.draft.asking:
            self.draft.asking, self.draft.mistake = True, ""
            self._redraw()
        else:
            self._close()

    def action_escape(self) -> None:
        """Show all options again; if they are shown, close the panel. When asked about changes that
        wait, discard them first."""
        if self.draft.asking:
            self.draft.discard()
            self._close()
        elif self.draft.typed:
            self._filter("")
        else:
            self.action_close()

    def _close(self) -> None:
        self.draft.asking, self.draft.typed = False, ""
        self.post_message(self.Closed())

    def _apply(self, changes: Changes | None) -> None:
        """Apply changes that need no restart."""
        if changes:
            self._sent |= changes
            self.post_message(self.Chosen(changes))
        self._redraw()

    def _selection(self) -> tuple[Option, Experiment, Experiment, DataFacts] | None:
        """The selected option, the experiment now and as wanted, and the facts of its data."""
        if self.view is None or not self._rows or self._content.option is None:
            return None
        option, current = self._rows[self._chosen], self._current(self.view)
        wanted = self.draft.wanted(current)
        assert isinstance(option, Option)
        return option, current, wanted, self.draft.facts(wanted)
