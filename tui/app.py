"""The app: turns key presses and what its panes say into actions of the Session."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.errors import NoWidget
from textual.screen import Screen

from engine import Experiment
from tui.base_app import BaseApp
from tui.commands.palette import commands
from tui.commands.table import ACTIONS
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import THEMES, textual_theme
from tui.keymap import Bindings, keys_of, rebound
from tui.panes.base.pane import OfFrame, Pane
from tui.system.clock import CLOCK, Clock
from tui.ticker import FRAME_RATE, TICK, Pulse

if TYPE_CHECKING:
    from tui.dialogs.settings_panel import SettingsPanel
    from tui.panes.explore.loss import LossPane
    from tui.panes.explore.output import OutputPane
    from tui.tour import Scene

HINT = "press {play} to train, {on} and {back} to step on and back, {help} for help"


def _scenes() -> Iterator[Scene]:
    """The tour, which is not imported before it is wanted."""
    from tui.tour import tour

    return iter(tour())


def _collect_from_now() -> None:
    """Garbage is collected (not before the first paint), but modules are not looked through.

    A collection over all of them would delay a key.
    """
    gc.freeze()
    gc.enable()


class NNExplore(BaseApp):
    """The laboratory. ``NNExplore(experiment).run()`` opens it."""

    CSS_PATH = "nn-explore.tcss"
    TITLE = "nn-explore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False) for key in keys_of(ACTIONS)
    ]

    def __init__(
        self,
        experiment: Experiment | None = None,
        ascii: bool = False,
        theme: str = "dark",
        demo: bool = False,
        predict: bool = False,
        keys: Bindings | None = None,
        frame_rate: float = FRAME_RATE,
        clock: Clock = CLOCK,
        at_start: Callable[[NNExplore], object] = lambda app: None,
    ) -> None:
        actions = rebound(keys) if keys else ACTIONS
        super().__init__(
            experiment or Experiment(),
            ASCII if ascii else UNICODE,
            actions,
            Pulse(frame_rate, clock),
        )
        self._at_start = at_start
        for key in keys_of(self.actions):
            self.bind(key, f"press('{key}')", show=False)
        self.preferences.predicting = predict
        for palette in THEMES.values():
            self.register_theme(textual_theme(palette))
        self.use_theme(theme)
        self._tour = _scenes() if demo else iter(())
        self.caption = self._glyphs.prose(HINT.format_map(self.shown_keys))  # until the first key

    def on_mount(self) -> None:
        self.set_class(self._glyphs is ASCII, "ascii")
        self.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.show_screen("explore")
        self.clock.every(self, TICK, self.tick)
        self.call_after_refresh(_collect_from_now)
        self.next_scene()
        self.say_notes()
        self._at_start(self)

    def on_unmount(self) -> None:
        self.session.counter.cancel()

    def next_scene(self) -> None:
        """Go on with the tour, unless a key has ended it."""
        scene = None if self.leaving else next(self._tour, None)
        if scene is not None:
            self.caption = self._glyphs.text(scene.caption)
            self.call_later(scene.act, self)
            self.clock.after(self, scene.seconds, self.next_scene)

    def tick(self) -> None:
        """Go on a little with what goes on by itself."""
        if not self.leaving:
            screen = self.frame_screen
            counts = screen is not None and screen.COUNTS
            self.pulse.tick(self.session, counts, self.show, self.notify)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent) and (self.leaving or not self.screen_stack):
            return  # typed on while the app was ending
        if isinstance(event, events.MouseEvent) and self._is_on_what_is_gone(event):
            return
        if isinstance(event, events.Key | events.MouseDown):
            self._heard = True
            if self.caption:
                self.act_quietly()
                self.call_later(self.show)
        await super().on_event(event)

    def _is_on_what_is_gone(self, event: events.MouseEvent) -> bool:
        """Whether the mouse is on a widget that has been removed, though it is still drawn: Textual
        takes it for one that is there."""
        try:
            widget, _ = self.get_widget_at(*event.screen_offset)
        except NoWidget:
            return False
        return not widget.is_attached

    def act_quietly(self) -> None:
        """End the tour, and take the hint away."""
        self.caption, self._tour = "", iter(())

    # dialogs

    def action_command_palette(self) -> None:
        from tui.dialogs.command_palette import Commands

        if not isinstance(self.screen, Commands):
            self.push_screen(Commands())

    # messages of the panes: when they are heard, keys may have changed what they are of

    def is_in_view(self, message: OfFrame) -> bool:
        """Whether its pane shows what is still looked at, so that its coordinates mean the same."""
        return message.frame is not None and message.frame.view is self.session.selection.view

    def on_pane_unit_selected(self, message: Pane.UnitSelected) -> None:
        frame = message.frame
        if frame and frame.network.sizes == self.session.trainer.network.sizes:
            self.do(lambda: self.session.select_unit(message.layer, message.unit))

    def on_pane_cursor_moved(self, message: Pane.CursorMoved) -> None:
        if self.is_in_view(message):
            self.do(lambda: self.session.selection.move_cursor(message.position))

    def on_pane_component_moved(self, message: Pane.ComponentMoved) -> None:
        self.do(lambda: self.session.move_component(message.dx, message.dy))

    def on_pane_micro_step_selected(self, message: Pane.MicroStepSelected) -> None:
        self.do(lambda: self.session.go_to_microstep(message.at), pause=True)

    def on_pane_example_selected(self, message: Pane.ExampleSelected) -> None:
        self.do(lambda: self.session.selection.select_example(message.row))

    def on_loss_pane_step_selected(self, message: LossPane.StepSelected) -> None:
        self.seek(message.step)

    def on_output_pane_example_placed(self, message: OutputPane.ExamplePlaced) -> None:
        from tui.commands import data as data_editing

        if self.is_in_view(message):
            self.attempt(lambda: data_editing.place(self, message.point))

    def on_output_pane_example_moved(self, message: OutputPane.ExampleMoved) -> None:
        from tui.commands import data as data_editing

        frame = message.frame
        if self.is_in_view(message) and frame and frame.data is self.session.prepared.dataset:
            self.attempt(lambda: data_editing.move(self, message.row, message.point))

    # messages of the settings panel

    def on_settings_panel_chosen(self, message: SettingsPanel.Chosen) -> None:
        self.change(**message.changes)

    def on_settings_panel_restart(self, message: SettingsPanel.Restart) -> None:
        self.attempt(lambda: self.begin(message.experiment))

    def on_settings_panel_flipped(self, message: SettingsPanel.Flipped) -> None:
        preferences = self.preferences
        match message.flag:
            case "predict":
                from tui.commands import predicting

                predicting.toggle(self)
            case "show_test":
                preferences.shows_test = not preferences.shows_test
            case "discretise":
                preferences.discretised = not preferences.discretised
        self.show()

    def on_settings_panel_closed(self, message: SettingsPanel.Closed) -> None:
        if self.frame_screen:
            self.frame_screen.show_settings(False)

    # commands and themes

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """All actions and settings, for the command palette."""
        return commands(self)
