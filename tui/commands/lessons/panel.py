"""Drawing and closing the panel of a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def close(app: BaseApp) -> None:
    """Close the panel; the lesson stays at its step."""
    app.course.is_shown = False
    show(app)


def show(app: BaseApp) -> None:
    """Draw the panel as it is now, or the screen without it."""
    if app.frame_screen:
        app.frame_screen.show_lesson()
    app.show()
