"""Linear regions: the plane they are shown in, which of them are shown, a walk, their count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.actions.action import Action
from tui.model.regions.result import Unknown
from tui.model.regions.source import why_curved

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def ask_plane(app: BaseApp) -> None:
    """Ask for three examples, and show the plane through them. EngineError if there is one
    input."""
    from tui.dialogs.base import Ask

    session = app.session
    if session.prepared.dataset.columns.shape[1] < 2:
        raise EngineError("a plane needs two inputs; here there is one")
    prompt = "the numbers of three examples, such as 1 20 35"
    question = Ask("Plane through three examples", prompt, session.selection.plane_through)
    app.ask(question, lambda view: app.do(lambda: session.selection.look_at(view)))


def ask_filter(app: BaseApp) -> None:
    """Ask which regions to show; an empty answer means all."""
    from tui.dialogs.base import Ask
    from tui.model.regions.filter import ALLOWED, Filter, FilterError, parse

    session = app.session

    def read(text: str) -> Filter:
        try:
            return parse(text, sizes=session.prepared.network.sizes)
        except FilterError as error:  # what there is stands above the line that is typed
            raise EngineError(str(error).partition(";")[0]) from error

    prompt = f"any of {ALLOWED}; nothing for all regions"
    question = Ask("Show only regions with", prompt, read, session.selection.region_filter)
    app.ask(question, lambda chosen: app.do(lambda: session.selection.filter_regions(chosen)))


def show_all(app: BaseApp) -> None:
    """Empty the filter."""
    from tui.model.regions.filter import parse

    session = app.session
    shown = parse("", sizes=session.prepared.network.sizes)
    app.do(lambda: session.selection.filter_regions(shown))
    app.tell("all regions are shown again")


def toggle_walk(app: BaseApp) -> None:
    """Start or end a walk over the map. EngineError if there are no borders to cross."""
    session = app.session
    if not session.selection.is_walking:
        if session.trainer.divergence:
            raise EngineError(f"no walk: {session.trainer.divergence}")
        if curved := why_curved(session.prepared.network, session.prepared.dataset):
            by_layer = curved is Unknown.CURVED
            what = "a curved network has" if by_layer else "with curved features there are"
            raise EngineError(f"no walk: {what} no borders to cross")
    app.do(session.selection.toggle_walk)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "plane",
        ("p",),
        "p",
        "show the next plane, where there are more than two inputs",
        lambda app: app.do(app.session.selection.next_plane),
        "plane",
        name="the next plane",
    ),
    Action(
        "plane_typed",
        ("P",),
        "P",
        "the plane through three examples (typed)",
        ask_plane,
        name="a plane (typed)",
    ),
    Action(
        "colour",
        ("c",),
        "c",
        "colour by output, region, slope, layer",
        lambda app: app.do(app.session.selection.next_colouring),
        "colour by",
        screens=("regions",),
        name="the next colouring",
    ),
    Action(
        "filter",
        ("slash",),
        "/",
        "show only some regions (typed)",
        ask_filter,
        "filter",
        screens=("regions",),
        name="filter the regions (typed)",
    ),
    Action(
        "walk",
        ("w",),
        "w",
        "walk straight from here to the cursor; end the walk",
        toggle_walk,
        "walk",
        screens=("regions",),
        name="walk to the cursor",
    ),
    Action(
        "count",
        ("C",),
        "C",
        "count the regions once, without a limit",
        lambda app: app.do(app.session.count_once),
        name="count all regions",
    ),
)
