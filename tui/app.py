"""The app: turns key presses into actions of the Session, and its Frames into screens."""

import gc
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from engine import DATASETS, EngineError, Experiment
from engine.optimizers import OPTIMIZERS
from tui.actions import ACTIONS, BY_ID
from tui.demo import tour
from tui.glyphs import ASCII, UNICODE
from tui.library import built_in
from tui.palette import DARK, LIGHT, textual_theme
from tui.panes.pane import Look, Pane
from tui.screens.dialogs import Ask, Commands, Help
from tui.screens.explore import ExploreScreen
from tui.session import Session

HINT = "press space to train, → and ← to step on and back, F1 for help"
TICK = 1.0 / 110.0  # seconds between looks at the clock while training plays
TRAINING = 0.007  # seconds of each tick that training may take: the rest is for keys and drawing
PERIOD = 0.125  # seconds between frames while training plays, at the least
RAMP_TICKS = 11  # while play begins, its pace doubles every so many ticks
FASTEST = 1 << 40  # steps a tick: as good as no limit

AHEAD = 20_000  # steps that "go to step" may train on
PENALTIES = (0.0, 0.001, 0.01)  # offered for L1 and L2
THEMES = {"dark": DARK, "light": LIGHT}


class NNExplore(App[None]):
    """The laboratory. ``NNExplore(experiment).run()`` opens it."""

    CSS_PATH = "nn-explore.tcss"
    TITLE = "nn-explore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"act('{action.id}')", action.help, show=False)
        for action in ACTIONS
        for key in action.keys
    ]

    def __init__(
        self,
        experiment: Experiment | None = None,
        ascii: bool = False,
        theme: str = "dark",
        demo: bool = False,
    ) -> None:
        super().__init__()
        self._glyphs = ASCII if ascii else UNICODE
        self.session = Session(experiment or Experiment(), self._glyphs)
        for palette in THEMES.values():
            self.register_theme(textual_theme(palette))
        self.use_theme(theme)
        self._pace = 1.0  # steps a tick
        self._next_frame = 0.0  # when the next frame is due while training plays
        self._tour = iter(tour(built_in)) if demo else iter(())
        self._message = HINT  # until the first key

    @property
    def look(self) -> Look:
        """How to draw, by the theme and the terminal."""
        palette = LIGHT if self.theme == LIGHT.name else DARK
        return Look(palette, self._glyphs, colour=not self.no_color)

    def on_mount(self) -> None:
        self.set_class(self._glyphs is ASCII, "ascii")
        self.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.push_screen(ExploreScreen())
        self.clock = self.set_interval(TICK, self.tick)
        self.call_after_refresh(gc.freeze)  # a collection over all modules would delay a key
        self.next_scene()
        data = self.session.prepared.dataset
        for note in data.notes if data.name not in DATASETS else ():
            self.notify(note, markup=False)

    def show(self, at_once: bool = True) -> None:
        """Draw the present moment; not at once: as time allows, while training plays."""
        for screen in self.screen_stack:
            if isinstance(screen, ExploreScreen) and (at_once or not screen.busy):
                screen.show(self.session.frame(), self.look, self._message, at_once)
        self._next_frame = perf_counter() + PERIOD

    def open(self, experiment: Experiment) -> None:
        """Begin another experiment in place of this one."""
        self.session = Session(experiment, self._glyphs)
        self.show()

    def next_scene(self) -> None:
        """Go on with the tour, unless a key has ended it."""
        scene = next(self._tour, None)
        if scene is not None:
            self._message = self._glyphs.text(scene.caption)
            self.call_later(scene.act, self)
            self.set_timer(scene.seconds, self.next_scene)

    # playing

    def tick(self) -> None:
        """While training plays: train a little, and now and then draw."""
        if not self.session.playing:
            return
        # The first second goes slowly enough to be watched
        self.session.train_for(TRAINING, int(self._pace))
        self._pace = min(FASTEST, self._pace * 2.0 ** (1.0 / RAMP_TICKS))
        if self.session.trainer.divergence:
            self.session.playing = False
        if not self.session.playing:
            self.show()
        elif perf_counter() >= self._next_frame:
            self.show(at_once=False)

    # actions: see ``actions.py`` for their keys

    def action_act(self, action_id: str) -> None:
        """Do one of the table's actions; a mistake becomes a message, never a traceback."""
        try:
            BY_ID[action_id].run(self)
        except EngineError as error:
            self.notify(str(error), severity="error")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown) and self._message:
            self.act_quietly()
            self.call_later(self.show)
        await super().on_event(event)

    def act_quietly(self) -> None:
        """End the tour, and take the hint away."""
        self._message, self._tour = "", iter(())

    def _do(self, change: Callable[[], object]) -> None:
        """Pause, change something in the session, and draw."""
        self.session.playing = False
        change()
        self.show()

    def toggle_play(self) -> None:
        if self.session.trainer.divergence:
            self.notify(str(self.session.trainer.divergence), severity="warning")
            return
        self.session.playing = not self.session.playing
        self._pace = 1.0
        self.show()

    def step(self, n: int) -> None:
        self._do(lambda: self.session.step(n))

    def step_epoch(self, n: int) -> None:
        self._do(lambda: self.session.step_epoch(n))

    def seek(self, step: int) -> None:
        self._do(lambda: self.session.seek(step))

    def seek_end(self) -> None:
        self._do(self.session.seek_end)

    def restart(self, other_start: bool) -> None:
        self._do(lambda: self.session.restart(other_start))

    def change_learning_rate(self, factor: float) -> None:
        self.session.change(learning_rate=self.session.experiment.learning_rate * factor)
        self.show()

    def change(self, **settings: Any) -> None:
        self.session.change(**settings)
        self.show()

    def undo(self) -> None:
        label = ""

        def take_back() -> None:
            nonlocal label
            label = self.session.undo()

        self._do(take_back)
        self.notify(f"undone: {label}" if label else "there is no event to undo")

    def next_example(self, n: int) -> None:
        self.session.select_example(self.session.example + n)
        self.show()

    def toggle_batch_mode(self) -> None:
        self.session.batch_mode = not self.session.batch_mode
        self.show()

    def next_plane(self) -> None:
        self.session.next_plane()
        self.show()

    def ask_example(self) -> None:
        n = len(self.session.prepared.dataset.X)

        def go(number: int | None) -> None:
            if number is not None:
                self.session.select_example(number - 1)
                self.show()

        self.push_screen(Ask("Go to example", 1, n), go)

    def ask_step(self) -> None:
        def go(number: int | None) -> None:
            if number is not None:
                self.seek(number)

        self.session.playing = False
        most = self.session.trainer.history.latest_step + AHEAD
        self.push_screen(Ask("Go to step", 0, most), go)

    def move_focus(self, pane: str) -> None:
        self.screen.query_one(f"#{pane}").focus()

    def move(self, dx: int, dy: int) -> None:
        if isinstance(self.focused, Pane):
            self.focused.move(dx, dy)

    def toggle_zoom(self) -> None:
        if isinstance(self.screen, ExploreScreen):
            self.screen.toggle_zoom()

    def show_help(self) -> None:
        self.push_screen(Help(self.focused if isinstance(self.focused, Pane) else None))

    def picture(self) -> None:
        """Save the screen as SVG under a name that says what it shows, never over another."""
        experiment = self.session.experiment
        stem = f"nn-explore-{Path(experiment.dataset).stem}-step-{self.session.trainer.step_count}"
        path, number = Path(f"{stem}.svg"), 2
        while path.exists():
            path, number = Path(f"{stem}-{number}.svg"), number + 1
        try:
            path.write_text(self.export_screenshot(), encoding="utf-8")
        except OSError as error:
            self.notify(f"no screenshot: {path}: {error.strerror}", severity="error")
        else:
            self.notify(f"saved {path}")

    # messages of the panes

    def on_pane_unit_selected(self, message: Pane.UnitSelected) -> None:
        self.session.select_unit(message.layer, message.unit)
        self.show()

    def on_pane_cursor_moved(self, message: Pane.CursorMoved) -> None:
        self.session.move_cursor(message.position)
        self.show()

    def on_pane_example_selected(self, message: Pane.ExampleSelected) -> None:
        self.session.select_example(message.row)
        self.show()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """All actions and settings, for the command palette."""
        for action in ACTIONS:
            if action.id != "commands":
                title = f"{action.help}  ({action.shown})"
                yield SystemCommand(title, action.id, partial(self.action_act, action.id))
        n = len(self.session.prepared.dataset.train)
        sizes = sorted({1, min(10, n), n})
        changes: list[tuple[str, dict[str, Any]]] = [
            *((f"optimizer: {name}", {"optimizer": name}) for name in OPTIMIZERS),
            *((f"batch size: {size}", {"batch_size": size}) for size in sizes),
            *((f"L1: {value:g}", {"l1": value}) for value in PENALTIES),
            *((f"L2: {value:g}", {"l2": value}) for value in PENALTIES),
        ]
        for title, settings in changes:
            yield SystemCommand(title, "from the next step on", partial(self.change, **settings))
        for name in THEMES:
            yield SystemCommand(f"theme: {name}", "colours", partial(self.use_theme, name))

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, Commands):
            self.push_screen(Commands())

    def use_theme(self, name: str) -> None:
        self.theme = THEMES[name].name
