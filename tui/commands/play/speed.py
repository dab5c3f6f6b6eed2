"""The speed of play: half of it, double."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.wording import plural
from tui.actions.action import Action
from tui.session.play.speed import MAX, faster, slower

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def change_speed(app: BaseApp, next_level: Callable[[float], float]) -> None:
    """Play at the next level of speed, from now on."""
    speed = next_level(app.ticker.speed(app.session))
    app.preferences.speed = speed
    app.show()
    if not app.session.time.playing:
        if speed == MAX:
            app.tell("play is set to be as fast as possible")
        else:
            app.tell(f"play is set to {plural(int(speed), 'step')} a second")


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "slower",
        ("left_parenthesis",),
        "(",
        "play at half the speed",
        lambda app: change_speed(app, slower),
        "speed",
        name="play at half the speed",
    ),
    Action(
        "faster",
        ("right_parenthesis",),
        ")",
        "play at double the speed, at last as fast as possible",
        lambda app: change_speed(app, faster),
        "speed",
        name="play at double the speed",
    ),
)
