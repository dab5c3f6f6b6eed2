"""Drawing and closing a lesson: its panel, or its scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.lessons.course import Course

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def close(app: BaseApp) -> None:
    """Close the panel; the lesson stays at its step."""
    app.course.is_shown = False
    show(app)


def show(app: BaseApp) -> None:
    """Draw the lesson as it is now, or the screen without it."""
    if app.frame_screen:
        app.frame_screen.show_lesson()
    app.show()


def end_scenes(app: BaseApp) -> None:
    """End a presentation or a demo, and its movement. The app stays as it is."""
    if app.course.stage:
        if app.session.time.way:
            app.session.time.playing = False
        leave_stage(app)
        close(app)


def leave_stage(app: BaseApp) -> None:
    """Show no more scenes. The lesson of a presentation stays at its step; a demo is no lesson
    that could be gone on with."""
    course, stage = app.course, app.course.stage
    if stage is None:
        return
    course.stage = None
    stage.remove_caption()
    screen = app.frame_screen
    if stage.by_clock:
        app.course = Course()
        if screen and screen.is_zoomed:
            screen.toggle_zoom()
        if screen and screen.is_on_map:  # which the user has not asked for
            screen.focus_home()
    else:
        course.lesson = stage.lesson
