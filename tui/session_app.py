"""SessionApp: what screens and dialogs need of the app. A session, how to draw, and messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual import constants
from textual.app import App

from engine import EngineError, Experiment
from tui.actions.action import Action
from tui.drawing.colours.terminal import TRUECOLOR, TerminalColours, known_system
from tui.drawing.glyphs import Glyphs
from tui.drawing.palette import STANDARD, THEMES, palette_of, textual_theme
from tui.drawing.text_lines import DOT
from tui.lessons.course import Course
from tui.message_line import MessageLine
from tui.model.frame import Frame
from tui.model.key_hint_error import error_message
from tui.panes.base.look import Look
from tui.session.preferences import ViewPreferences
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
            one._replace(shown=glyphs.keys(one.shown), bar=glyphs.keys(one.bar)) for one in actions
        ]
        self._glyphs = glyphs
        self.shown_keys = {action.id: action.shown for action in self.actions}
        self.preferences = ViewPreferences()
        self.session = Session(experiment, preferences=self.preferences)
        spell_names(self.session, glyphs.ascii)
        self.draft = Draft(preferences=self.preferences)
        self.course = Course()
        self.clock = clock
        self.leaving = False  # whether the app is ending: nothing more is done or drawn
        self.message = ""  # what is said since the last key
        self._shorter: tuple[str, ...] = ()  # forms of it
        self.caption = ""  # what is said while there is no message
        self.look_for = ""  # a sentence on the experiment, if it is of the gallery; until esc
        self.theme_name, self.sign_colours = "dark", STANDARD
        forced = constants.COLOR_SYSTEM  # by a variable of the environment
        self.colour_system = TRUECOLOR if forced == "auto" else known_system(forced)
        self._prepare_colours()

    @property
    def look(self) -> Look:
        """How to draw, by the theme and the terminal."""
        palette = palette_of(self.theme_name, self.sign_colours, self.colour_system)
        return Look(palette, self._glyphs, not self.no_color, self.shown_keys)

    def use_theme(self, name: str) -> None:
        """Draw in the colours of a theme of THEMES."""
        self.theme_name = name
        self.theme = palette_of(name, STANDARD, self.colour_system).theme_id

    def use_sign_colours(self, name: str) -> None:
        """Choose the colours of − and +, of SIGN_COLOURS."""
        self.sign_colours = name
        self.show()

    async def run_async(self, *, headless: bool = False, **options: Any) -> None:
        """Run the app, in colours that the terminal has."""
        if not headless and self.colour_system == TRUECOLOR:
            self.colour_system = known_system(self.console.color_system)
            self._prepare_colours()
            self.use_theme(self.theme_name)
        await super().run_async(headless=headless, **options)

    def _prepare_colours(self) -> None:
        for theme in THEMES:
            self.register_theme(textual_theme(palette_of(theme, STANDARD, self.colour_system)))
        if self.colour_system != TRUECOLOR:
            self._filters.append(TerminalColours(self.colour_system))

    @property
    def way_up(self) -> str:
        """What esc does now, in the key bar; "" if nothing."""
        raise NotImplementedError

    def show_keys(self) -> None:
        """Show the keys of the present screen."""
        raise NotImplementedError

    def all_drawn(self, frame: Frame) -> None:
        """Called when all panes have drawn a frame."""
        raise NotImplementedError

    def show(self, at_once: bool = True) -> bool:
        """Draw the session as it is now, all of it at once or as time allows. Returns whether it
        does."""
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
            self.tell(error_message(error, self.shown_keys))

    # messages

    def tell(self, message: str, *shorter: str) -> None:
        """Show a message in place of the one before, until the next key: in the first of its forms
        that fits on one line."""
        self.message, self._shorter = message, shorter
        self.show_message()

    def tell_also(self, *forms: str) -> None:
        """Show a message after the present one, in the first of its forms that fits."""
        self.tell(*(DOT.join(filter(None, (self.message, form))) for form in forms))

    def notify(self, message: str, **options: Any) -> None:
        """Show a message of Textual's in the same place as the app's own."""
        self.tell(message)

    def show_message(self) -> None:
        """Draw the message on the uppermost screen, and on no other one."""
        said = (self.message, *self._shorter) if self.message else (self.caption,)
        for screen in self.screen_stack:
            forms = said if screen is self.screen else ("",)
            lines = [*screen.query(MessageLine)]
            if forms[0] and not lines:
                lines = [MessageLine()]
                screen.mount(lines[0])
            for line in lines:
                line.say(forms, self.look)
