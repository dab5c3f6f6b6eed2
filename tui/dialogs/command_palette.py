"""The command palette, made safe for keys typed while it opens or closes."""

from contextlib import suppress
from typing import Any

from textual import events, on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Input, LoadingIndicator, OptionList

from tui.dialogs.base import STYLES, LineInput, WholeCells


class CommandLine(CommandInput, LineInput):
    """The input of the command palette."""


class Matches(CommandList):
    """The list of the command palette, whose contents change while it is searched."""

    def on_click(self, event: events.Click) -> None:
        """Ignore a click on an option that has just been removed."""
        option = event.style.meta.get("option")
        if option is not None and option >= self.option_count:
            event.prevent_default()


class Commands(CommandPalette):
    """The command palette. It ignores keys typed while its list is filled, and those that arrive
    after it was closed: Textual would run a command twice, or fail."""

    CSS_PATH = STYLES
    _is_closed = False

    def compose(self) -> ComposeResult:
        """As in Textual, with our own input and list."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                if not self.app.has_class("ascii"):
                    yield SearchIcon()
                yield CommandLine(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                matches = Matches()
                if self.app.has_class("ascii"):
                    matches.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
                yield matches
                yield LoadingIndicator()

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close it once: a second click, beside it, does nothing."""
        if self._is_closed:
            return AwaitComplete()
        self._is_closed = True
        return super().dismiss(result)

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _ignore_when_closed(self, event: Message) -> None:
        if self._is_closed:
            event.prevent_default()

    def _action_escape(self) -> None:
        if not self._is_closed:
            super()._action_escape()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        """Fill the list while it exists: not before it is composed, nor once the palette was closed
        or the app is ending, which may happen before this begins or while it searches."""
        search: Any = CommandPalette._gather_commands
        if self._is_closed:
            return
        try:
            await search.__wrapped__(self, search_value)
        except NoMatches:
            if self.query(CommandList):
                raise

    def _action_cursor_down(self) -> None:
        with suppress(NoMatches):
            super()._action_cursor_down()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError, NoMatches):
            super()._action_command_list(action)
