"""The panels of a screen: that of the settings, and that of a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.screen import Screen
from textual.widget import Widget

from tui.panes.base.bars import StatusBar
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.screens.body import Body
from tui.session.settings_draft import Draft
from tui.session_app import SessionApp

if TYPE_CHECKING:
    from tui.dialogs.lesson_panel import LessonPanel
    from tui.dialogs.settings_panel import SettingsPanel
    from tui.screens.scene_band import SceneBand


class PanelHost(Screen[None], inherit_bindings=False):
    """A screen that has a panel beside its panes: of the settings, or else of a lesson."""

    app = getters.app(SessionApp)

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.composed = False  # whether the panes are there, to be drawn and acted on
        self._panel: SettingsPanel | None = None
        self._lesson_panel: LessonPanel | None = None
        self._band: SceneBand | None = None  # of a presentation
        self._focus_before: Widget | None = None  # before the settings panel had it

    @property
    def home(self) -> Pane | None:
        """The pane that has the focus when the screen opens."""
        raise NotImplementedError

    def _fit(self) -> None:
        """Lay out the panes, and draw."""
        raise NotImplementedError

    @property
    def draft(self) -> Draft:
        return self.app.draft

    @property
    def _panels(self) -> tuple[Widget | None, ...]:
        """The panels, as far as they are made."""
        return self._panel, self._lesson_panel

    @property
    def shown_panel(self) -> str:
        """The id of the panel that is shown; "" if none is."""
        if self.draft.shown:
            return "settings"
        course = self.app.course
        return "lesson" if course.is_shown and not course.stage else ""

    def _make_panel(self) -> None:
        """Make the panel that is to be shown, if it is not there yet."""
        if self.shown_panel == "settings":
            if (panel := self._settings()).view is None:
                self._draw_settings(panel)
        elif self.shown_panel == "lesson" and self._lesson_panel is None:
            from tui.dialogs.lesson_panel import LessonPanel

            self._lesson_panel = LessonPanel()
            self.query_one(Body).mount(self._lesson_panel)

    def show_lesson(self) -> None:
        """Show the panel of the lesson as it is now, or none."""
        if self.composed:
            had_focus = self.focused is self._lesson_panel
            self._fit()
            if had_focus and self.shown_panel != "lesson":
                self.set_focus(self.home)

    def say_scene(self, most_rows: int) -> bool:
        """Show the words of a scene of a presentation as they are now, on at most so many rows, or
        none; whether they take other rows from the panes than before."""
        before, stage = self.band_rows, self.app.course.stage
        is_shown = stage is not None and not stage.by_clock
        if is_shown and self._band is None:
            from tui.screens.scene_band import SceneBand

            self._band = SceneBand()
            self.mount(self._band, before=self.query_one(Body))
        if self._band:
            rows = most_rows if is_shown else 0
            self._band.say(self.app.course, self.app.look, self.size.width, rows)
        return self.band_rows != before

    def scene_word(self, action: str, word: str, playing: bool) -> str:
        """What a key for scenes does now, in the key bar."""
        course, stage = self.app.course, self.app.course.stage
        if stage is None or (stage.by_clock and action != "scene_pause"):
            return word
        if action == "scene_on" and stage.waits:
            return "answer" if course.asks else "show it"
        if action == "scene_on" and stage.way is not None:
            return "to its end"
        if action == "scene_pause" and stage.way is None and not stage.by_clock:
            return "pause" if playing else "play"
        if action == "scene_pause" and stage.paused:
            return "go on"
        is_idle = course.is_last if action == "scene_on" else not course.number
        return "" if is_idle and action != "scene_pause" else word

    @property
    def band_rows(self) -> int:
        """The rows that the words of a scene take from the panes."""
        return self._band.rows if self._band else 0

    def draw_lesson(self, look: Look) -> None:
        """Draw the panel of the lesson again, with what was measured."""
        panel = self._lesson_panel
        if panel is not None and panel.view is not None and panel.display:
            panel.show(panel.view, look)

    def toggle_settings(self) -> None:
        """Open the settings panel, or go back to it; from within close it, after a question about
        pending changes."""
        if self.draft.shown:
            panel = self._settings()
            if self.focused is panel:
                panel.action_close()
            elif panel.view is None:  # made on this screen now, and opened on another one
                self._draw_settings(panel)
            self.set_focus(panel)
        else:
            self.show_settings(True)

    def show_settings(self, shown: bool) -> None:
        """Show the settings panel and focus it, or hide it and focus the pane before."""
        self.draft.shown = shown
        if not self.composed:
            return  # ``_fit`` will show it
        panel = self._settings()
        had_focus = self.focused is panel
        if shown:
            self._focus_before = self.focused
        self._fit()
        if shown:
            self._draw_settings(panel)
            self.set_focus(panel)  # at once: what is typed next is for the panel
        elif had_focus:
            self.set_focus(self._focus_before or self.home)

    def _draw_settings(self, panel: SettingsPanel) -> None:
        """Draw the settings panel before it is typed into, also where nothing is drawn so far."""
        frame = self.query_one(StatusBar).view or self.app.session.frame(self.name or "explore")
        panel.show(frame, self.app.look)

    def _settings(self) -> SettingsPanel:
        """The settings panel, made on first use."""
        if self._panel is None:
            from tui.dialogs.settings_panel import SettingsPanel

            self._panel = SettingsPanel(self.draft)
            self.query_one(Body).mount(self._panel)
        return self._panel
