"""BaseApp: shows one session at a time, on the screen the user has chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.notifications import SeverityLevel

from engine import EngineError, Experiment
from engine.data.source import File, source
from tui.drawing.glyphs import Glyphs
from tui.drawing.palette import DARK, LIGHT, THEMES
from tui.keys.action import Action, action_of
from tui.model.refusal import words_of
from tui.panes.base.pane import Look, Pane
from tui.screens.frame_screen import FrameScreen
from tui.session.draft import Draft, same_data
from tui.session.preferences import Preferences
from tui.session.session import Session
from tui.storage.session_codec import Place
from tui.system.terminal import lasting
from tui.ticker import Pulse

if TYPE_CHECKING:
    from textual.driver import Driver


class BaseApp(App[None]):
    """``actions`` have the user's own keys; ``caption`` takes the place of the key bar."""

    session: Session

    def __init__(
        self, experiment: Experiment, glyphs: Glyphs, actions: Sequence[Action], pulse: Pulse
    ) -> None:
        super().__init__()
        self.actions = [
            replace(one, shown=glyphs.keys(one.shown), bar=glyphs.keys(one.bar)) for one in actions
        ]
        self._glyphs = glyphs
        self.shown_keys = {action.id: action.shown for action in self.actions}
        self._action = {action.id: action for action in self.actions}
        self.preferences = Preferences()
        self.session = Session(experiment, preferences=self.preferences)
        self._before: Session | None = None  # which this one took the place of
        self.draft = Draft(preferences=self.preferences)
        self.pulse, self.clock = pulse, pulse.clock
        self.caption = ""
        self._heard = False  # whether the user has done something since the last words
        self.leaving = False  # whether the app is ending: nothing more is done or drawn
        self.place: Place = {}  # of the last look at it, or of the end

    def get_driver_class(self) -> type[Driver]:
        """A terminal may go at any moment."""
        return lasting(super().get_driver_class())

    # the end

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the app; where the user was is kept, for then there are no screens any more."""
        self._leave()
        super().exit(*arguments, **options)

    def _handle_exception(self, error: Exception) -> None:
        """End the app after a fault of ours. Textual calls it."""
        with suppress(Exception):
            self._leave()
        super()._handle_exception(error)

    def _leave(self) -> None:
        if not self.leaving:
            self.leaving = True
            self.place = self.present_place or self.place

    async def run_action(self, *arguments: Any, **options: Any) -> bool:
        """Do what a key or a command stands for; nothing more once the app is ending."""
        return True if self.leaving else await super().run_action(*arguments, **options)

    # drawing and doing

    @property
    def look(self) -> Look:
        """How to draw, by the theme and the terminal."""
        palette = LIGHT if self.theme == LIGHT.name else DARK
        return Look(palette, self._glyphs, not self.no_color, self.shown_keys)

    def show(self, at_once: bool = True) -> None:
        """Draw the present moment; not at once: as time allows, while training plays."""
        screen = self.frame_screen
        session = self.session
        self.draft.present = session.prepared
        if self.leaving:
            return
        if screen and screen.composed and (at_once or not screen.busy):
            session.advance(screen.NAME)
            screen.show(session.frame(screen.NAME), self.look, self.caption, at_once)
        self.pulse.drawn()

    def do(self, change: Callable[[], object], pause: bool = False) -> None:
        """Change something in the session, and draw."""
        if self.leaving:
            return
        if pause:
            self.session.time.playing = False
        change()
        self.show()

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something; a mistake becomes a message, never a traceback."""
        if self.leaving:
            return
        try:
            act()
        except EngineError as error:
            says = words_of(error, self.shown_keys)
            self.notify(says, severity="error")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something for a while; what a key brings about takes the place of earlier words.

        Not as markup, unless asked: "[l]" in a name would be lost.
        """
        if self._heard:
            self._heard = False
            self.clear_notifications()
        message = self._glyphs.prose(message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    # sessions

    def open(self, experiment: Experiment) -> None:
        """Begin another experiment in place of this one."""
        session = Session(experiment)
        session.runs.together = self.session.runs.together
        self.use(session)
        self.show()
        if self.way_back:
            self.notify(self.way_back)

    def use(self, session: Session) -> None:
        """Put a session in the place of this one, which ``return_to_session`` brings back."""
        self.session.counter.cancel()
        self.session.surface.cancel()
        self.session.time.playing = False
        session.preferences = self.preferences
        self._before, self.session = self.session, session
        self.draft.discard()

    def tell(self, message: str) -> None:
        """Say what was done, in place of what was said before."""
        self.clear_notifications()
        self.notify(message)

    def say_notes(self) -> None:
        """Say what is to be noted of data that have been read from a file."""
        data = self.session.prepared.dataset
        for note in data.notes if isinstance(source(data.name), File) else ():
            self.notify(note)

    @property
    def way_back(self) -> str:
        """How to come back to the session before this one; "" where nothing was done in it."""
        if self._before is None or not self._before.trainer.history.latest_step:
            return ""
        return f"{self.shown_keys['session_before']} returns to the session before"

    def return_to_session(self) -> None:
        """Go back to the session that another one has taken the place of; again: forth."""
        if self._before is None:
            raise EngineError("no other session has been opened since the start")
        together = self.session.runs.together
        self.use(self._before)
        if self.session.runs.together != together:
            self.session.time.compare(together)
        self.show()
        self.notify("back in the session before")

    def begin(self, experiment: Experiment) -> None:
        """Begin a new run, on the same data beside the ghost of the one before."""
        if not same_data(experiment, self.session.experiment):
            self.open(experiment)
            return
        self.session.begin(experiment)
        self.draft.discard()
        self.do(lambda: None, pause=True)

    # screens and panes

    @property
    def frame_screen(self) -> FrameScreen | None:
        """The screen of panes, perhaps below a dialog."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, FrameScreen)), None)

    @property
    def present_place(self) -> Place:
        """Where on the screen the user is. {}: there is no screen yet, or no longer."""
        return self.frame_screen.place if self.frame_screen else {}

    def show_screen(self, name: str) -> FrameScreen:
        """Go to a screen, and return it; the one left keeps its focus and its zoom."""
        if not self.is_screen_installed(name):
            module = import_module(f"tui.screens.{name}")
            self.install_screen(getattr(module, f"{name.capitalize()}Screen")(), name)
        if self.session.runs.together != (name == "compare"):
            self.session.time.compare(name == "compare")
        screen = self.get_screen(name, FrameScreen)
        if screen is not self.frame_screen:
            screen.enter()
        (self.switch_screen if self.frame_screen else self.push_screen)(name)
        return screen

    def visit(self, name: str) -> None:
        """Go to a screen that leads back to the present one; from itself, back."""
        here = self.frame_screen
        if here and name == here.NAME:
            self.show_screen(here.back)
        elif here:
            screen = self.show_screen(name)
            if here.back != name:  # else we are on the way back
                screen.back = here.NAME

    def leave(self) -> None:
        if self.frame_screen:
            self.frame_screen.leave()

    def show_plane(self, index: int) -> None:
        self.attempt(lambda: self.do(lambda: self.session.selection.look_at_plane(index)))

    def move(self, dx: int, dy: int) -> None:
        if isinstance(self.focused, Pane):
            self.focused.move(dx, dy)

    def next_pane(self, by: int) -> None:
        if self.frame_screen:
            self.frame_screen.next_pane(by)

    def toggle_zoom(self) -> None:
        if self.frame_screen:
            self.frame_screen.toggle_zoom()

    def toggle_settings(self) -> None:
        """Open the settings panel, or close it, after it has asked about what waits."""
        if self.frame_screen:
            self.clear_notifications()  # they would cover what the panel says
            self.frame_screen.toggle_settings()

    # actions

    def action_press(self, key: str) -> None:
        """Do what a key does on the present screen, if anything."""
        screen = self.frame_screen
        action = action_of(key, screen.name if screen else None, self.actions)
        if action:
            self.action_act(action.id)

    def action_act(self, action_id: str) -> None:
        """Do one of the table's actions, on the screens it is for."""
        screen = self.frame_screen
        if screen is None or not self._action[action_id].is_for(screen.name):
            return
        if screen.composed:
            self.attempt(lambda: self._action[action_id].run(self))
        else:  # it waits until the screen has its panes
            screen.call_later(self.action_act, action_id)

    # time and events

    def toggle_play(self, backwards: bool = False) -> None:
        """Play in this direction; or pause, for which space will do whatever the direction."""
        session = self.session
        going = session.time.playing and (session.time.backwards or not backwards)
        if session.trainer.divergence and not backwards and not going:
            self.notify(str(session.trainer.divergence), severity="warning")
            return
        session.time.playing, session.time.backwards = not going, backwards
        self.pulse.play_begins()
        self.show()

    def step(self, n: int) -> None:
        self.do(lambda: self.session.time.step(n), pause=True)

    def microstep(self, n: int) -> None:
        self.do(lambda: self.session.microstep(n), pause=True)

    def seek(self, step: int) -> None:
        self.do(lambda: self.session.time.seek(step), pause=True)

    def seek_end(self) -> None:
        self.do(self.session.time.seek_end, pause=True)

    def restart(self, other_start: bool) -> None:
        self.do(lambda: self.session.restart(other_start), pause=True)

    def change(self, **settings: Any) -> None:
        self.attempt(lambda: self.do(lambda: self.session.change(**settings)))

    def undo(self) -> None:
        label = self.session.undo()
        self.do(lambda: None, pause=True)
        self.tell(f"undone: {label}" if label else "there is no event to undo")

    # themes

    def use_theme(self, name: str) -> None:
        self.theme = THEMES[name].name
