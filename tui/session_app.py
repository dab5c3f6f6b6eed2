"""SessionApp: what screens and dialogs need of the app. A session, how to draw, and messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.notifications import SeverityLevel

from engine import EngineError, Experiment
from tui.actions.action import Action
from tui.drawing.glyphs import Glyphs
from tui.drawing.palette import DARK, LIGHT
from tui.model.key_hint_error import error_message
from tui.panes.base.pane import Look
from tui.session.preferences import Preferences
from tui.session.session import Session
from tui.session.settings_draft import Draft
from tui.session.spell_names import spell_names
from tui.system.clock import Clock


class SessionApp(App[None]):
    """``actions`` have the user's own keys."""

    session: Session

    def __init__(
        self, experiment: Experiment, glyphs: Glyphs, actions: Sequence[Action[Any]], clock: Clock
    ) -> None:
        super().__init__()
        self.actions = [
            replace(one, shown=glyphs.keys(one.shown), bar=glyphs.keys(one.bar)) for one in actions
        ]
        self._glyphs = glyphs
        self.shown_keys = {action.id: action.shown for action in self.actions}
        self.preferences = Preferences()
        self.session = Session(experiment, preferences=self.preferences)
        spell_names(self.session, glyphs.ascii)
        self.draft = Draft(preferences=self.preferences)
        self.clock = clock
        self.leaving = False  # whether the app is ending: nothing more is done or drawn
        self._user_acted = False  # whether the user has done something since the last message

    @property
    def look(self) -> Look:
        """How to draw, by the theme and the terminal."""
        palette = LIGHT if self.theme == LIGHT.name else DARK
        return Look(palette, self._glyphs, not self.no_color, self.shown_keys)

    def show(self, at_once: bool = True) -> None:
        """Draw the session as it is now, all of it at once or as time allows."""
        raise NotImplementedError

    def do(self, change: Callable[[], object], pause: bool = False) -> None:
        """Change something in the session, and draw."""
        if self.leaving:
            return
        if pause:
            self.session.time.playing = False
        change()
        self.show()

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something; an EngineError becomes a message."""
        if self.leaving:
            return
        try:
            act()
        except EngineError as error:
            self.notify(error_message(error, self.shown_keys), severity="error")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message for a while. The first one after a key replaces all earlier ones.

        By default not as markup, which would drop the "[l]" of a name.
        """
        if self._user_acted:
            self._user_acted = False
            self.clear_notifications()
        message = self._glyphs.prose(message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def tell(self, message: str) -> None:
        """Show a message in place of all earlier ones."""
        self.clear_notifications()
        self.notify(message)
