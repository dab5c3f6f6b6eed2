"""BaseApp: shows one session at a time, on the screen the user has chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen

from engine import EngineError, Experiment
from engine.data.source import File, source
from tui.actions.action import Action, action_of
from tui.actions.other_screens import places_of
from tui.drawing.glyphs import Glyphs
from tui.screens.frame_screen import FrameScreen, current_frame_screen
from tui.session.frames.last_frame import LastFrame, kept
from tui.session.session import Session
from tui.session.settings_draft import same_data
from tui.session.spell_names import spell_names
from tui.session_app import SessionApp
from tui.storage.session_codec import Place
from tui.system.changed_cells import ChangedCells
from tui.system.terminal import can_suspend, lasting
from tui.ticker import Ticker

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.model.frame import Frame

LATEST = 0.3  # seconds from one frame of play to the next, however many keys come

Answer = TypeVar("Answer")


class BaseApp(SessionApp):
    """Shows the session, and opens others."""

    def __init__(
        self,
        experiment: Experiment,
        glyphs: Glyphs,
        actions: Sequence[Action[BaseApp]],
        ticker: Ticker,
    ) -> None:
        self._cells = ChangedCells()  # of the driver, which is made next
        super().__init__(experiment, glyphs, actions, ticker.clock)
        self._action = {action.id: action for action in self.actions}
        self._previous_session: Session | None = None
        self.opened: Session | None = None  # the last one that the user has opened
        self.ticker = ticker
        self._last: LastFrame | None = None  # that all panes have drawn
        self._next: LastFrame | None = None  # that they draw
        self._drawn_at = 0.0  # when they had drawn the last one
        self.last_goal = ""  # that was typed to train until
        self.keep_layout: Callable[[bool], object] = lambda details: None  # for the next start
        self._draws_soon = False  # whether what was selected has still to be drawn
        self.place: Place = {}  # where on the screen the user was, when last stored or at the end

    def get_driver_class(self) -> type[Driver]:
        """A driver for a terminal that may close at any time."""
        return lasting(super().get_driver_class(), self._cells)

    @property
    def characters_sent(self) -> int:
        """To the terminal, so far."""
        return self._cells.sent

    def on_resize(self) -> None:
        """Send everything again: a terminal may move what it shows when it is resized."""
        self._cells.forget()

    def back_from_shell(self) -> None:
        """Send everything again after the shell has had the terminal."""
        self._cells.forget()
        self.screen.refresh(layout=True)

    def on_app_focus(self) -> None:
        """Send everything again: another program may have written to the terminal."""
        self._cells.forget()
        self.screen.refresh()

    @property
    def can_suspend(self) -> bool:
        """Whether there is a shell below that may take the terminal for a while."""
        return can_suspend(self._driver)

    # the end

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the app. The place on the screen is stored first, since then the screens go."""
        self._leave()
        super().exit(*arguments, **options)

    def _handle_exception(self, error: Exception) -> None:
        """End the app after a fault of the program. Textual calls it."""
        with suppress(Exception):
            self._leave()
        super()._handle_exception(error)

    def _leave(self) -> None:
        if not self.leaving:
            self.leaving = True
            self.place = self.present_place or self.place

    async def run_action(self, *arguments: Any, **options: Any) -> bool:
        """Do what a key or a command stands for, unless the app is ending."""
        return True if self.leaving else await super().run_action(*arguments, **options)

    # drawing, and dialogs

    def show(self, at_once: bool = True) -> bool:
        """Draw the session as it is now, all of it at once or as time allows. Returns whether it
        does: not while panes still draw the frame before."""
        screen = self.frame_screen
        self.draft.present = self.session.prepared
        if self.leaving:
            return False
        draws = screen is not None and screen.composed and (at_once or not screen.busy)
        frame = self._frame_again(screen) if screen and draws and at_once else None
        if frame is None:
            self.ticker.frame_drawn()
        if screen and draws:
            screen.show(frame or self._next_frame(screen.NAME), self.look, at_once)
            self.show_message()
        self._draws_soon &= not draws
        return draws

    def _next_frame(self, screen: str) -> Frame:
        self.session.advance(screen)
        frame = self.session.frame(screen)
        self._next = kept(self.session, screen, frame)
        return frame

    def all_drawn(self, frame: Frame) -> None:
        if self._last is None or self._last.frame.moment is not frame.moment:
            self._last, self._drawn_at = self._next, self.clock.now()

    def _frame_again(self, screen: FrameScreen) -> Frame | None:
        """The last frame that all panes have drawn, with what is selected now; None if it cannot be
        shown again. A newer one that they are drawing is drawn later, unless it is long due."""
        if screen.busy and self.clock.now() - self._drawn_at < LATEST:
            self.ticker.frame_lost()
        elif screen.busy:
            self._last, self._drawn_at = self._next, self.clock.now()
        return self._last_again(screen)

    def _last_again(self, screen: FrameScreen) -> Frame | None:
        return self._last.again(self.session, screen.NAME) if self._last else None

    def select(self, change: Callable[[], object]) -> None:
        """Change what is selected. The panes go on from it at once; it is drawn when all that has
        been typed meanwhile is done."""
        screen = self.frame_screen
        if self.leaving or screen is None:
            return
        change()
        screen.take(self._last_again(screen) or self.session.frame(screen.NAME))
        if not self._draws_soon:
            self._draws_soon = True
            self.call_later(self._draw_selected)

    def _draw_selected(self) -> None:
        if self._draws_soon:
            self.show()

    def ask(self, dialog: Screen[Answer], act: Callable[[Answer], object]) -> None:
        """Open a dialog, and act on the answer, if there is one."""

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self.attempt(lambda: act(answer))

        self.push_screen(dialog, answered)

    # sessions

    def open(self, experiment: Experiment) -> None:
        """Begin another experiment in place of this one."""
        session = Session(experiment)
        session.runs.together = self.session.runs.together
        self.use(session)
        self.opened = session
        self.show()
        if self.return_hint:
            self.tell(self.return_hint)

    def use(self, session: Session) -> None:
        """Replace the session. ``return_to_session`` brings the old one back."""
        self.session.counter.cancel()
        self.session.surface.cancel()
        self.session.approximation.cancel()
        self.session.time.playing = False
        session.preferences = self.preferences
        spell_names(session, self._glyphs.ascii)
        self._previous_session, self.session = self.session, session
        self.draft.discard()
        self.look_for = ""

    def show_notes(self) -> None:
        """Show the notes on data that were read from a file."""
        data = self.session.prepared.dataset
        for note in data.notes if isinstance(source(data.name), File) else ():
            self.tell_also(note)

    @property
    def return_hint(self) -> str:
        """Which key returns to the previous session; "" if nothing was done in it."""
        previous = self._previous_session
        if previous is None or not previous.trainer.history.latest_step:
            return ""
        return f"{self.shown_keys['session_before']} returns to the session before"

    def return_to_session(self) -> None:
        """Exchange the session and the previous one."""
        if self._previous_session is None:
            raise EngineError("no other session has been opened since the start")
        together = self.session.runs.together
        self.use(self._previous_session)
        if self.session.runs.together != together:
            self.session.time.compare(together)
        self.show()
        self.tell("back in the session before")

    def undo_opening(self) -> bool:
        """Return to the session before the one that the user has opened; whether this is that."""
        return self.session is self.opened and self._exchange_sessions("undone")

    def redo_opening(self) -> bool:
        """Return to the session that ``undo_opening`` has left; whether there is one."""
        is_left = self.opened is not None and self._previous_session is self.opened
        return is_left and self._exchange_sessions("redone")

    def _exchange_sessions(self, done: str) -> bool:
        self.return_to_session()
        assert self.opened is not None
        self.tell(f"{done}: {source(self.opened.experiment.dataset).stem} opened")
        return True

    def begin(self, experiment: Experiment) -> None:
        """Begin a new run. On the same data the old run stays as a ghost."""
        if not same_data(experiment, self.session.experiment):
            self.open(experiment)
            return
        self.draft.discard()
        self.restart(lambda: self.session.begin(experiment))

    def restart(self, begin: Callable[[], object]) -> None:
        """Begin a new run in place of the present one, and say what brings that back."""
        replaced = self.session.trainer.history
        self.do(begin, pause=True)
        if replaced.latest_step or replaced.events:
            self.tell(f"a new run; {self.shown_keys['undo']} brings back the one before")

    # screens

    @property
    def frame_screen(self) -> FrameScreen | None:
        """The screen of panes, perhaps below a dialog."""
        return current_frame_screen(self)

    @property
    def present_place(self) -> Place:
        """Where on the screen the user is. {} if there is no screen."""
        return self.frame_screen.place if self.frame_screen else {}

    def show_screen(self, name: str) -> FrameScreen:
        """Go to a screen, and return it. The screen that is left keeps its focus and its zoom."""
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

    # actions

    def acted(self, action_id: str) -> None:
        """Called after one of the actions of the table was done."""
        self.course.acted(action_id)

    @property
    def has_hint(self) -> bool:
        """Whether something on the screen explains it until esc: a callout, what to look for."""
        return bool(self.look_for)

    def close_hint(self) -> None:
        """Remove what explains the screen."""
        self.look_for = ""
        self.show()

    def _run(self, action_id: str) -> None:
        self._action[action_id].run(self)
        self.acted(action_id)

    def action_of(self, key: str, screen: FrameScreen) -> Action[BaseApp] | None:
        """What a key does now on a screen, if anything."""
        on_stage = self.course.stage is not None
        return action_of(key, screen.name, self.actions, screen.is_on_map, on_stage)

    def action_press(self, key: str) -> None:
        """Do what a key does on the present screen, or say on which other screens it does
        something."""
        screen = self.frame_screen
        if screen is None:
            return
        action = self.action_of(key, screen)
        if action:
            self.action_act(action.id)
        elif elsewhere := places_of(key, self.actions):
            self.tell(*elsewhere)

    def action_act(self, action_id: str) -> None:
        """Do one of the actions of the table, if it is for the present screen."""
        screen = self.frame_screen
        if screen is None or not self._action[action_id].is_for(screen.name):
            return
        if screen.composed:
            self.attempt(lambda: self._run(action_id))
        else:  # wait until the screen has its panes
            screen.call_later(self.action_act, action_id)
