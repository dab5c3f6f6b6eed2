"""The actions as offers: those of the present screen, and those that are on another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tui.actions.action import Action, actions_on
from tui.actions.offer import Offer
from tui.actions.other_screens import listed
from tui.actions.screen_keys import BARS, TITLES, VISITED
from tui.commands.keys import GROUPS
from tui.commands.screens import visit

if TYPE_CHECKING:
    from tui.base_app import BaseApp

GROUP_OF = {action.id: group for group, actions in GROUPS.items() for action in actions}
SEVERAL = 2


def keys_of_screen(app: BaseApp) -> list[Offer]:
    """The actions of the present screen in their groups: first those in which several are for few
    screens. On Explore time comes first."""
    here = _here(app)
    special = Counter(GROUP_OF[action.id] for action in here if action.screens)
    order = [*GROUPS]
    if app.frame_screen and app.frame_screen.NAME == "explore":
        special[order[0]] = SEVERAL
    offers = [_offer(app, action) for action in here if action.id != "keys"]
    return sorted(offers, key=lambda o: (special[o.group] < SEVERAL, order.index(o.group)))


def most_used(app: BaseApp) -> list[Offer]:
    """The actions that are only for some screens, among them the present one, and those of its key
    bar, which come first."""
    return [_offer(app, action) for action in _by_use(app) if _is_special(app, action)]


def others(app: BaseApp) -> Iterator[Offer]:
    """The other actions of the present screen, then those of other screens."""
    here = _by_use(app)
    yield from (_offer(app, action) for action in here if not _is_special(app, action))
    ids = {action.id for action in here}
    for action in app.actions:
        if action.id not in ids and action.screens:
            yield _offer_elsewhere(app, action)


def _here(app: BaseApp) -> tuple[Action[BaseApp], ...]:
    screen = app.frame_screen
    on_stage = app.course.stage is not None
    return actions_on(screen.NAME, app.actions, on_stage) if screen else ()


def _by_use(app: BaseApp) -> list[Action[BaseApp]]:
    bar = _bar(app)
    actions = [action for action in _here(app) if action.id != "commands"]
    return sorted(actions, key=lambda a: bar.index(a.id) if a.id in bar else len(bar))


def _bar(app: BaseApp) -> list[str]:
    screen = app.frame_screen
    return BARS[screen.NAME].replace("/", " ").split() if screen else []


def _is_special(app: BaseApp, action: Action[BaseApp]) -> bool:
    return bool(action.screens) or action.id in _bar(app)


def _offer(app: BaseApp, action: Action[BaseApp]) -> Offer:
    run = partial(app.action_act, action.id)
    return Offer(action.title, action.note, run, action.shown, GROUP_OF[action.id])


def _offer_elsewhere(app: BaseApp, action: Action[BaseApp]) -> Offer:
    """An action of other screens: it goes to the first of them."""
    keys = app.shown_keys
    places = listed(f"{keys[name]} {TITLES[name]}" for name in action.screens)
    note = f"on {places}: {action.note}"
    run = partial(_act_elsewhere, app, action)
    return Offer(action.title, note, run, action.shown, GROUP_OF[action.id])


def _act_elsewhere(app: BaseApp, action: Action[BaseApp]) -> None:
    name = action.screens[0]
    if name in VISITED:
        visit(app, name)
    else:
        app.show_screen(name)
    app.get_screen(name).call_later(app.action_act, action.id)
