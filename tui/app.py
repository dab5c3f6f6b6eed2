"""The app: turns key presses and messages of the panes into actions of the Session."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.errors import NoWidget
from textual.screen import Screen

from engine import Experiment
from tui.actions.screen_keys import TITLES
from tui.base_app import BaseApp
from tui.commands import data, predicting, training
from tui.commands.keys import ACTIONS
from tui.commands.lessons.panel import end_scenes
from tui.commands.screens import level
from tui.custom_keys import Bindings, keys_of, rebound
from tui.drawing.colours.terminal import COLOURS_16
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import STANDARD
from tui.panes.base.messages import FrameMessage
from tui.panes.base.pane import Pane
from tui.session.play.speed import MAX
from tui.system.clock import CLOCK, Clock
from tui.system.environment import is_linux_console
from tui.ticker import FRAME_RATE, Ticker

if TYPE_CHECKING:
    from tui.dialogs.settings_panel import SettingsPanel
    from tui.intro import Intro
    from tui.panes.explore.loss import LossPane
    from tui.panes.explore.network import NetworkPane
    from tui.panes.explore.output import OutputPane

HINT = "press {play} to train, {on} to step, {back} back"

NO_BRAILLE = "plots garbled? nn-explore --ascii"


def _collect_from_now() -> None:
    """Start garbage collection, if it was off until the first paint.

    What has been loaded so far is left out, since a collection over all of it would delay a key.
    """
    if not gc.isenabled():  # else apps that were closed before would be left out too
        gc.freeze()
        gc.enable()


USUAL_KEYS = keys_of(ACTIONS)  # unless the user has others


class NNExplore(BaseApp):
    """The laboratory. ``NNExplore(experiment).run()`` opens it."""

    CSS_PATH = "nn-explore.tcss"
    TITLE = "nn-explore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False) for key in USUAL_KEYS
    ]

    def __init__(
        self,
        experiment: Experiment | None = None,
        ascii: bool = False,
        theme: str = "dark",
        colours: str = STANDARD,
        demo: bool = False,
        predict: bool = False,
        details: bool = True,
        intro: bool = False,
        keys: Bindings | None = None,
        frame_rate: float = FRAME_RATE,
        speed: float | None = MAX,
        clock: Clock = CLOCK,
        at_start: Callable[[NNExplore], object] = lambda app: None,
    ) -> None:
        actions = rebound(keys) if keys else ACTIONS
        super().__init__(
            experiment or Experiment(),
            ASCII if ascii else UNICODE,
            actions,
            Ticker(frame_rate, clock),
        )
        self._at_start = at_start
        if keys:  # the usual ones are bound for all apps
            for key in keys_of(self.actions):
                if key not in USUAL_KEYS:
                    self.bind(key, f"press('{key}')", show=False)
        self.preferences.predicting, self.preferences.speed = predict, speed
        self.preferences.details = details
        self.use_theme(theme)
        self.sign_colours = colours
        self._begins_demo = demo
        self._shows_intro = intro  # when it has started
        self._intro: Intro | None = None
        self.caption = "" if intro else HINT.format_map(self.shown_keys)  # until the first key

    def on_mount(self) -> None:
        self.set_class(self._glyphs is ASCII, "ascii")
        self.app_resume_signal.subscribe(self, lambda _: self.back_from_shell())
        self.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.show_screen("explore")
        self._keep_ticking()
        self.call_after_refresh(_collect_from_now)
        if self._begins_demo:
            self.begin_demo()
        self.show_notes()
        if self.colour_system == COLOURS_16 and self._glyphs is UNICODE and is_linux_console():
            self.tell_also(NO_BRAILLE)
        self._at_start(self)
        if self._shows_intro:
            self.call_after_refresh(self.begin_intro)

    def after_start(self, act: Callable[[], object]) -> None:
        """Do something when the app has drawn its first screen."""
        begin = self._at_start

        def begin_both(app: NNExplore) -> None:
            begin(app)
            app.end_demo()
            app.call_after_refresh(app.attempt, act)

        self._at_start = begin_both

    def begin_intro(self) -> None:
        """Show the introduction from its beginning."""
        from tui.intro import Intro

        self._intro = Intro(self)
        self._intro.show()

    def acted(self, action_id: str) -> None:
        super().acted(action_id)
        if self._intro:
            self._intro.acted(action_id)

    @property
    def has_hint(self) -> bool:
        return super().has_hint or bool(self._intro and self._intro.lesson)

    def close_hint(self) -> None:
        intro, self._intro = self._intro, None
        if intro and intro.lesson:
            intro.end()
        else:
            super().close_hint()

    def on_unmount(self) -> None:
        self.session.counter.cancel()

    def begin_demo(self) -> None:
        """Show the demo, which goes on by itself."""
        from tui.commands.lessons.scenes import demo

        self.caption = ""
        self.attempt(lambda: demo(self))

    @property
    def way_up(self) -> str:
        present = level(self)
        return present.word if present else ""

    def seek(self, step: int) -> None:
        """Go to a step of the run, back or forward."""
        training.seek(self, step)

    def tick(self) -> None:
        """Train or count a little: see ``Ticker``."""
        if not self.leaving:
            screen = self.frame_screen
            counts = screen is not None and screen.COUNTS
            self.ticker.tick(self.session, counts, self.characters_sent, self.show, self.tell)
            if screen and self.course.look(self.session.trainer, self.clock.now()):
                screen.draw_lesson(self.look)
            if screen and self.course.stage:
                from tui.commands.lessons import scenes

                scenes.tick(self)

    def _keep_ticking(self) -> None:
        """Tick, and again after a pause. Were the ticks at a fixed interval, one that a drawing
        delays would skip the next."""
        if not self.message_queue_size:  # else a key may wait
            self.tick()
        self.clock.after(self, self.ticker.pause(self.session), self._keep_ticking)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent) and (self.leaving or not self.screen_stack):
            return  # typed while the app was ending
        if isinstance(event, events.MouseEvent) and self._is_on_removed_widget(event):
            return
        user_acts = isinstance(event, events.Key | events.MouseDown)
        if user_acts and (self.message or self.caption):
            self.message = self.caption = ""
            self.call_later(self.show_message)
        if user_acts and self.course.stage and not self._is_of_stage(event):
            self.end_demo()
        if isinstance(event, events.Key) and not event.is_forwarded and self._takes_keys:
            # at once: on its way up from the pane a later key could overtake it
            done = await self._check_bindings(event.key)
            if done:
                return
        await super().on_event(event)

    def _is_of_stage(self, event: events.Event) -> bool:
        """Whether it is a key for the scenes that are shown."""
        screen = self.frame_screen
        if not isinstance(event, events.Key) or screen is None:
            return False
        action = self.action_of(event.key, screen)
        return action is not None and action.on_stage

    @property
    def _takes_keys(self) -> bool:
        """Whether keys are those of the screen, not typed into a dialog or a field of it."""
        focused = self.focused
        in_pane = isinstance(focused, Pane) and not focused.TAKES_LETTERS
        return self.screen is self.frame_screen and (focused is None or in_pane)

    def _is_on_removed_widget(self, event: events.MouseEvent) -> bool:
        """Whether the mouse is on a widget that has been removed but is still drawn. Textual does
        not check this."""
        try:
            widget, _ = self.get_widget_at(*event.screen_offset)
        except NoWidget:
            return False
        return not widget.is_attached

    def end_demo(self) -> None:
        """End the demo, and remove the hint for the first key."""
        self.caption = ""
        if self.course.stage and self.course.stage.by_clock:
            end_scenes(self)

    # dialogs

    def action_command_palette(self) -> None:
        from tui.commands.offers.palette import palette_offers
        from tui.dialogs.offers.palette import Palette

        if isinstance(self.screen, Palette):
            self.screen.dismiss(None)
        elif self.screen is self.frame_screen:  # over no question
            self.ask(Palette(palette_offers(self), self.look), lambda offer: offer.run())

    def show_keys(self) -> None:
        from tui.commands.offers.actions import keys_of_screen
        from tui.dialogs.offers.key_list import KeyList

        screen = self.frame_screen
        if screen and not isinstance(self.screen, KeyList):
            keys = KeyList(keys_of_screen(self), TITLES[screen.NAME], self.look)
            self.ask(keys, lambda offer: offer.run())

    # messages of the panes; the session clamps numbers that are out of range

    def is_current(self, message: FrameMessage) -> bool:
        """Whether what the message refers to is still the same; a key may have changed it since."""
        frame, session = message.frame, self.session
        if frame is None:
            return False
        unchanged = {
            "network": frame.network.sizes == session.trainer.network.sizes,
            "view": frame.view is session.selection.view,
            "data": frame.data is session.prepared.dataset,
        }
        return all(unchanged[part] for part in message.REFERS_TO)

    def on_pane_unit_selected(self, message: Pane.UnitSelected) -> None:
        if self.is_current(message):
            self.select(lambda: self.session.select_unit(message.layer, message.unit))

    def on_pane_cursor_moved(self, message: Pane.CursorMoved) -> None:
        if self.is_current(message):
            self.select(lambda: self.session.selection.move_cursor(message.position))

    def on_pane_component_moved(self, message: Pane.ComponentMoved) -> None:
        self.select(lambda: self.session.move_component(message.dx, message.dy))

    def on_pane_micro_step_selected(self, message: Pane.MicroStepSelected) -> None:
        self.do(lambda: self.session.go_to_microstep(message.at), pause=True)

    def on_pane_example_selected(self, message: Pane.ExampleSelected) -> None:
        self.select(lambda: self.session.selection.select_example(message.row))

    def on_network_pane_weight_selected(self, message: NetworkPane.WeightSelected) -> None:
        if self.is_current(message):
            self.select(lambda: self.session.select_weight(*message.weight))

    def on_pointing_asked(self) -> None:
        self.action_act("explain")

    def on_pointing_turned(self, message: Pane.Turned) -> None:
        training.step(self, message.by)

    def on_loss_pane_step_selected(self, message: LossPane.StepSelected) -> None:
        self.seek(message.step)

    def on_output_pane_example_placed(self, message: OutputPane.ExamplePlaced) -> None:
        if self.is_current(message):
            self.attempt(lambda: data.add_example(self, message.point))

    def on_output_pane_example_moved(self, message: OutputPane.ExampleMoved) -> None:
        if self.is_current(message):
            self.attempt(lambda: data.move_example(self, message.row, message.point))

    # messages of the settings panel

    def change(self, **settings: Any) -> None:
        """Change settings of the training."""
        training.change(self, **settings)

    def on_settings_panel_chosen(self, message: SettingsPanel.Chosen) -> None:
        self.change(**message.changes)

    def on_settings_panel_restart(self, message: SettingsPanel.Restart) -> None:
        self.attempt(lambda: self.begin(message.experiment))

    def on_settings_panel_flipped(self, message: SettingsPanel.Flipped) -> None:
        preferences = self.preferences
        match message.flag:
            case "predict":
                predicting.toggle(self)
            case "show_test":
                preferences.shows_test = not preferences.shows_test
            case "discretise":
                preferences.discretised = not preferences.discretised
            case "bias_node":
                preferences.shows_bias = not preferences.shows_bias
        self.show()

    def on_settings_panel_closed(self, message: SettingsPanel.Closed) -> None:
        if self.frame_screen:
            self.frame_screen.show_settings(False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers, as Textual has it."""
        from tui.commands.offers.palette import palette_offers

        return [SystemCommand(one.title, one.note, one.run) for one in palette_offers(self)]
