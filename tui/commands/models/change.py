"""Changing the session's model by a function of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session


def change_model(app: BaseApp, change: Callable[[Session], None], pause: bool = True) -> None:
    """Change the session's model by a function of it."""
    app.do(lambda: change(app.session), pause)
