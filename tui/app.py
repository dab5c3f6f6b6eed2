"""The app: turns key presses into actions of the Session, and its Frames into screens."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from engine import DATASETS, EngineError, Experiment
from tui import microscope
from tui.actions import ACTIONS, BY_ID, action_of, help_text
from tui.commands import THEMES, commands
from tui.drafting import Draft, apply_at_once, same_data
from tui.glyphs import ASCII, UNICODE
from tui.keymap import Bindings, keys_of, rebound
from tui.palette import DARK, LIGHT, textual_theme
from tui.panes.pane import Look, Pane
from tui.place import Place, place_of
from tui.screens.frame_screen import FrameScreen
from tui.session import Session

if TYPE_CHECKING:
    from tui.demo import Scene
    from tui.library import Entry
    from tui.panes.loss import LossPane
    from tui.panes.output import OutputPane
    from tui.panes.settings_panel import SettingsPanel

HINT = "press {play} to train, {on} and {back} to step on and back, {help} for help"
TICK = 1.0 / 110.0  # seconds between looks at the clock
TRAINING = 0.007  # seconds of each tick that work may take: the rest is for keys and drawing
FRAME_RATE = 8.0  # frames a second while something goes on, at the most
LOOKING_BACK = 0.01  # seconds a frame, while training plays, for counts at earlier steps
RAMP_TICKS = 11  # while play begins, its pace doubles every so many ticks
FASTEST = 1 << 40  # steps a tick: as good as no limit


def _scenes() -> Iterator[Scene]:
    """The tour, which is not imported before it is wanted."""
    from tui.demo import tour

    return iter(tour())


def _collect_from_now() -> None:
    """Garbage is collected (not before the first paint), but modules are not looked through.

    A collection over all of them would delay a key.
    """
    gc.freeze()
    gc.enable()


class NNExplore(App[None]):
    """The laboratory. ``NNExplore(experiment).run()`` opens it."""

    CSS_PATH = "nn-explore.tcss"
    TITLE = "nn-explore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False) for key in keys_of(ACTIONS)
    ]
    session: Session

    def __init__(
        self,
        experiment: Experiment | None = None,
        ascii: bool = False,
        theme: str = "dark",
        demo: bool = False,
        predict: bool = False,
        keys: Bindings | None = None,
        frame_rate: float = FRAME_RATE,
        at_start: Callable[[NNExplore], object] = lambda app: None,
    ) -> None:
        super().__init__()
        self._at_start = at_start
        self.actions = rebound(keys) if keys else ACTIONS
        for key in keys_of(self.actions):
            self.bind(key, f"press('{key}')", show=False)
        self._period = 1.0 / frame_rate
        self._glyphs = ASCII if ascii else UNICODE
        self.session = Session(experiment or Experiment(), self._glyphs)
        self._before: Session | None = None  # which this one took the place of
        self.session.microscope.predicting = predict
        self.draft = Draft()
        for palette in THEMES.values():
            self.register_theme(textual_theme(palette))
        self.use_theme(theme)
        self._pace = 1.0  # steps a tick
        self._next_frame = 0.0  # when the next frame is due while something goes on
        self._stale = False  # whether there is more to show than the last frame
        self._caught_up = False  # whether nothing is left to count since then
        self._tour = _scenes() if demo else iter(())
        self.shown_keys = {action.id: action.shown for action in self.actions}
        self._message = self._glyphs.text(HINT.format_map(self.shown_keys))  # until the first key
        self._heard = False  # whether the user has done something since the last words
        self.place: Place = {}  # of the last look at it, or of the end

    @property
    def look(self) -> Look:
        """How to draw, by the theme and the terminal."""
        palette = LIGHT if self.theme == LIGHT.name else DARK
        return Look(palette, self._glyphs, colour=not self.no_color)

    def on_mount(self) -> None:
        self.set_class(self._glyphs is ASCII, "ascii")
        self.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.show_screen("explore")
        self.clock = self.set_interval(TICK, self.tick)
        self.call_after_refresh(_collect_from_now)
        self.next_scene()
        data = self.session.prepared.dataset
        for note in data.notes if data.name not in DATASETS else ():
            self.notify(note, markup=False)
        self._at_start(self)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the app; where the user was is kept, for then there are no screens any more."""
        self.place = place_of(self)
        super().exit(*arguments, **options)

    def on_unmount(self) -> None:
        self.session.cancel_count()

    def show(self, at_once: bool = True) -> None:
        """Draw the present moment; not at once: as time allows, while training plays."""
        screen = self.frame_screen
        session = self.session
        self.draft.flags = {
            "predict": session.microscope.predicting,
            "show_test": session.shows_test,
            "discretise": session.discretised,
        }
        if screen and (at_once or not screen.busy):
            screen.show(self.session.frame(screen.NAME), self.look, self._message, at_once)
        self._next_frame = perf_counter() + self._period
        self._stale = self._caught_up = False

    def open(self, experiment: Experiment) -> None:
        """Begin another experiment in place of this one."""
        session = Session(experiment, self._glyphs)
        session.microscope.predicting = self.session.microscope.predicting
        session.shows_test, session.discretised = self.session.shows_test, self.session.discretised
        session.together = self.session.together
        self.use(session)
        self.show()
        if self.way_back:
            self.notify(self.way_back, markup=False)

    def use(self, session: Session) -> None:
        """Put a session in the place of this one, which ``return_to_session`` brings back."""
        self.session.cancel_count()
        self.session.playing = False
        self._before, self.session = self.session, session
        self.draft.discard()

    @property
    def way_back(self) -> str:
        """How to come back to the session before this one; "" where nothing was done in it."""
        if self._before is None or not self._before.trainer.history.latest_step:
            return ""
        key = self.shown_keys["session_before"]
        return f"{key} returns to the session before"

    def return_to_session(self) -> None:
        """Go back to the session that another one has taken the place of; again: forth."""
        if self._before is None:
            raise EngineError("no other session has been opened since the start")
        together = self.session.together
        self.use(self._before)
        if self.session.together != together:
            self.session.compare(together)
        self.show()
        self.notify("back in the session before", markup=False)

    def begin(self, experiment: Experiment) -> None:
        """Begin a new run, on the same data beside the ghost of the one before."""
        if not same_data(experiment, self.session.experiment):
            self.open(experiment)
            return
        self.session.begin(experiment)
        self.draft.discard()
        self.do(lambda: None, pause=True)

    def next_scene(self) -> None:
        """Go on with the tour, unless a key has ended it."""
        scene = next(self._tour, None)
        if scene is not None:
            self._message = self._glyphs.text(scene.caption)
            self.call_later(scene.act, self)
            self.set_timer(scene.seconds, self.next_scene)

    # what goes on by itself

    def tick(self) -> None:
        """While training plays: train a little, and now and then draw; else count a little."""
        session, screen, due = self.session, self.frame_screen, perf_counter() >= self._next_frame
        counts = screen is not None and screen.COUNTS
        if session.playing:
            # The first second goes slowly enough to be watched
            session.play_on(TRAINING, int(self._pace))
            self._pace = min(FASTEST, self._pace * 2.0 ** (1.0 / RAMP_TICKS))
            if not session.playing:
                self.show()
                if session.stopped:
                    self.notify(session.stopped, markup=False)
            elif due:
                if counts:
                    session.look_back(LOOKING_BACK)
                self.show(at_once=False)
            return
        if counts and not self._caught_up:
            self._caught_up = not session.look_back(TRAINING)
            self._stale |= not self._caught_up
        if due and (self._stale or session.counter.news):
            self.show()

    # actions: see ``actions.py`` for their keys

    def action_press(self, key: str) -> None:
        """Do what a key does on the present screen, if anything."""
        screen = self.frame_screen
        action = action_of(key, screen.name if screen else None, self.actions)
        if action:
            self.action_act(action.id)

    def action_act(self, action_id: str) -> None:
        """Do one of the table's actions, on the screens it is for."""
        if self.frame_screen and BY_ID[action_id].is_for(self.frame_screen.name):
            self.attempt(lambda: BY_ID[action_id].run(self))

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something; a mistake becomes a message, never a traceback."""
        try:
            act()
        except EngineError as error:
            self.notify(str(error), severity="error", markup=False)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something for a while; what a key brings about takes the place of earlier words."""
        if self._heard:
            self._heard = False
            self.clear_notifications()
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return  # typed on while the app was ending
        if isinstance(event, events.Key | events.MouseDown):
            self._heard = True
            if self._message:
                self.act_quietly()
                self.call_later(self.show)
        await super().on_event(event)

    def act_quietly(self) -> None:
        """End the tour, and take the hint away."""
        self._message, self._tour = "", iter(())

    def do(self, change: Callable[[], object], pause: bool = False) -> None:
        """Change something in the session, and draw."""
        if pause:
            self.session.playing = False
        change()
        self.show()

    def toggle_play(self, backwards: bool = False) -> None:
        """Play in this direction; or pause, for which space will do whatever the direction."""
        session = self.session
        going = session.playing and (session.backwards or not backwards)
        if session.trainer.divergence and not backwards and not going:
            self.notify(str(session.trainer.divergence), severity="warning")
            return
        session.playing, session.backwards = not going, backwards
        self._pace = 1.0
        self.show()

    def step(self, n: int) -> None:
        self.do(lambda: self.session.step(n), pause=True)

    def microstep(self, n: int) -> None:
        self.do(lambda: microscope.go_on(self.session, n), pause=True)

    def seek(self, step: int) -> None:
        self.do(lambda: self.session.seek(step), pause=True)

    def seek_end(self) -> None:
        self.do(self.session.seek_end, pause=True)

    def restart(self, other_start: bool) -> None:
        self.do(lambda: self.session.restart(other_start), pause=True)

    def change(self, **settings: Any) -> None:
        self.do(lambda: self.session.change(**settings))

    def undo(self) -> None:
        label = self.session.undo()
        self.do(lambda: None, pause=True)
        from tui.editing import tell  # not before it is wanted

        tell(self, f"undone: {label}" if label else "there is no event to undo")

    # screens and panes

    @property
    def frame_screen(self) -> FrameScreen | None:
        """The screen of panes, perhaps below a dialog."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, FrameScreen)), None)

    def show_screen(self, name: str) -> FrameScreen:
        """Go to a screen, and return it; the one left keeps its focus and its zoom."""
        if not self.is_screen_installed(name):
            module = import_module(f"tui.screens.{name}")  # not before it is wanted
            self.install_screen(getattr(module, f"{name.capitalize()}Screen")(), name)
        if self.session.together != (name == "compare"):
            self.session.compare(name == "compare")
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
        self.attempt(lambda: self.do(lambda: self.session.look_at_plane(index)))

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

    def open_gallery(self) -> None:
        """Choose an experiment of the gallery, in place of this one."""
        from tui.screens.gallery import GalleryScreen  # not before it is wanted

        def begin(chosen: Entry | None) -> None:
            if chosen:
                self.attempt(lambda: self.open(chosen.experiment))

        self.session.playing = False
        self.clear_notifications()  # they would cover the list
        self.push_screen(GalleryScreen(self.look), begin)

    def show_help(self) -> None:
        from tui.screens.dialogs import Help  # not before it is wanted

        screen = self.frame_screen
        pane = self.focused
        of_pane = f"{pane.help(self.shown_keys)}\n\n" if isinstance(pane, Pane) else ""
        self.push_screen(Help(of_pane + help_text(screen.name if screen else None, self.actions)))

    # messages of the panes

    def on_pane_unit_selected(self, message: Pane.UnitSelected) -> None:
        self.do(lambda: self.session.select_unit(message.layer, message.unit))

    def on_pane_cursor_moved(self, message: Pane.CursorMoved) -> None:
        self.do(lambda: self.session.move_cursor(message.position))

    def on_pane_component_moved(self, message: Pane.ComponentMoved) -> None:
        self.do(lambda: microscope.move_component(self.session, message.dx, message.dy))

    def on_pane_micro_step_selected(self, message: Pane.MicroStepSelected) -> None:
        self.do(lambda: microscope.go_to(self.session, message.at), pause=True)

    def on_pane_example_selected(self, message: Pane.ExampleSelected) -> None:
        self.do(lambda: self.session.select_example(message.row))

    def on_loss_pane_step_selected(self, message: LossPane.StepSelected) -> None:
        self.seek(message.step)

    def on_output_pane_example_placed(self, message: OutputPane.ExamplePlaced) -> None:
        from tui import data_editing  # not before it is wanted

        self.attempt(lambda: data_editing.place(self, message.point))

    def on_output_pane_example_moved(self, message: OutputPane.ExampleMoved) -> None:
        from tui import data_editing

        self.attempt(lambda: data_editing.move(self, message.row, message.point))

    # messages of the settings panel

    def on_settings_panel_chosen(self, message: SettingsPanel.Chosen) -> None:
        self.attempt(lambda: self.do(lambda: apply_at_once(self.session, message.changes)))

    def on_settings_panel_restart(self, message: SettingsPanel.Restart) -> None:
        self.attempt(lambda: self.begin(message.experiment))

    def on_settings_panel_flipped(self, message: SettingsPanel.Flipped) -> None:
        session = self.session
        match message.flag:
            case "predict":
                from tui import predicting

                predicting.toggle(self)
            case "show_test":
                session.shows_test = not session.shows_test
            case "discretise":
                session.discretised = not session.discretised
        self.show()

    def on_settings_panel_closed(self, message: SettingsPanel.Closed) -> None:
        if self.frame_screen:
            self.frame_screen.show_settings(False)

    # commands and themes

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """All actions and settings, for the command palette."""
        return commands(self)

    def action_command_palette(self) -> None:
        from tui.screens.dialogs import Commands  # not before it is wanted

        if not isinstance(self.screen, Commands):
            self.push_screen(Commands())

    def use_theme(self, name: str) -> None:
        self.theme = THEMES[name].name
