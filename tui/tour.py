"""The tour: the main features, shown in a minute. Any key ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.commands.training import seek, seek_end, toggle_play
from tui.experiments.library import built_in

if TYPE_CHECKING:
    from tui.base_app import BaseApp


@dataclass(frozen=True)
class Scene:
    """What is done, the caption that explains it, with ``{id}`` for the key of an action, and how
    long it is shown."""

    seconds: float
    caption: str
    act: Callable[[BaseApp], object] = lambda app: None


def tour() -> tuple[Scene, ...]:
    """The scenes, a minute in all."""

    def open_set(name: str, screen: str = "explore") -> Callable[[BaseApp], None]:
        def act(app: BaseApp) -> None:
            app.show_screen(screen)
            app.open(built_in(name))
            app.tell("")  # a message would cover the caption

        return act

    def show_regions(app: BaseApp) -> None:
        app.show_screen("regions")
        seek(app, 3000)

    return (
        Scene(5, "A network before its first step: left its layers, right its output ŷ.",
              open_set("circle")),
        Scene(5, "It trains: − is {negative_fill}, + {positive_fill}, the line is ŷ = 0.",
              toggle_play),
        Scene(6, "Its loss C falls below what least squares (OLS) can reach with one plane."),
        Scene(6, "Time runs both ways, exactly: {play_back} plays backwards …",
              lambda app: toggle_play(app, backwards=True)),
        Scene(4, "… {first} is the first step …", lambda app: seek(app, 0)),
        Scene(4, "… and {latest} the latest, the same to the last bit.", seek_end),
        Scene(5, "relu cuts the plane into regions, each linear, and counted exactly.",
              show_regions),
        Scene(6, "Of one input it is a chain of straight pieces; its knots are counted.",
              open_set("sine", "regions")),
        Scene(6, "It learns where to bend.", toggle_play),
        Scene(5, "Nothing hidden: a network is a regression …", open_set("line", "linear")),
        Scene(4, "… and descent arrives at the OLS line.", lambda app: seek(app, 400)),
        Scene(5, "Your own data: nn-explore mtcars.csv --target mpg. Now press {play}, or {keys}.",
              open_set("mtcars")),
    )  # fmt: skip
