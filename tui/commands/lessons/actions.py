"""The keys of lessons. What they do is imported with the first lesson."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from tui.actions.action import Action

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def _steps() -> ModuleType:
    from tui.commands.lessons import steps

    return steps


def _scenes() -> ModuleType:
    from tui.commands.lessons import scenes

    return scenes


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "lesson",
        ("t",),
        "t",
        "lessons: open them where you were; then the next step, or answer its question",
        lambda app: _steps().open_lessons(app),
        "lesson",
        name="lessons: the next step",
    ),
    Action(
        "lesson_back",
        ("ctrl+t",),
        "ctrl+t",
        "the step of the lesson before",
        lambda app: _steps().go_back(app),
        name="the step of a lesson before",
    ),
    Action(
        "scene_on",
        ("right",),
        "→",
        "in a presentation: show the answer, or do what is asked; then the next scene",
        lambda app: _scenes().go_on(app),
        "next scene",
        on_stage=True,
        name="the next scene",
    ),
    Action(
        "scene_before",
        ("left",),
        "←",
        "in a presentation: the scene before",
        lambda app: _scenes().go_back(app),
        "scene before",
        on_stage=True,
        name="the scene before",
    ),
    Action(
        "scene_pause",
        ("space",),
        "space",
        "in a presentation: pause what moves, and go on",
        lambda app: _scenes().pause(app),
        "pause",
        on_stage=True,
        name="pause the scene, go on",
    ),
)
