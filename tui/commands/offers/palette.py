"""All that the palette offers: actions, settings, experiments, planes, colours; sorted by use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tui.actions.offer import Offer
from tui.commands.files import open_entry
from tui.commands.offers.actions import most_used, others
from tui.commands.offers.settings import settings
from tui.drawing.palette import PLAYGROUND, STANDARD, THEMES
from tui.experiments.library import gallery

if TYPE_CHECKING:
    from tui.base_app import BaseApp

THEME_NOTES = {"contrast": "black and white, text at least 7:1"}
SIGN_NOTES = {
    STANDARD: "blue is negative, orange positive",
    PLAYGROUND: "orange is negative, blue positive, as in TensorFlow Playground",
}


def palette_offers(app: BaseApp) -> list[Offer]:
    """What this screen does, then settings, then the rest."""
    offers = [*most_used(app), *settings(app), *others(app)]
    return [*offers, *_lessons(app), *_planes(app), *_gallery(app), *_colours(app)]


def _lessons(app: BaseApp) -> Iterator[Offer]:
    from tui.commands.lessons.steps import known, open_built_in
    from tui.lessons import library

    for name in library.NAMES:
        lesson = library.built_in(name, known(app.actions))
        run = partial(open_built_in, app, name)
        yield Offer(f"lesson: {lesson.title}", lesson.about, run, group="lessons")


def _planes(app: BaseApp) -> Iterator[Offer]:
    planes = app.session.selection.planes
    for index, plane in enumerate(planes if len(planes) > 1 else ()):
        show = partial(_show_plane, app, index)
        yield Offer(f"plane: {plane.name}", "shown on the maps", show, group="planes")


def _show_plane(app: BaseApp, index: int) -> None:
    app.do(lambda: app.session.selection.look_at_plane(index))


def _gallery(app: BaseApp) -> Iterator[Offer]:
    for entry in gallery():
        run = partial(open_entry, app, entry)
        yield Offer(f"open: {entry.title}", entry.look_for, run, group="gallery")


def _colours(app: BaseApp) -> Iterator[Offer]:
    for name in THEMES:
        note = THEME_NOTES.get(name, "the colours of the app")
        yield Offer(f"theme: {name}", note, partial(app.use_theme, name), group="colours")
    for name, note in SIGN_NOTES.items():
        run = partial(app.use_sign_colours, name)
        yield Offer(f"colours: {name}", note, run, group="colours")
