"""nn-explore present: shows a lesson on a projector, scene by scene."""

from __future__ import annotations

from collections.abc import Sequence

from engine import EngineError
from tui.cli.lesson import add_looks, checked_step, fail_with_all, lesson_named, open_with
from tui.cli.parse import Parser
from tui.commands.lessons.scenes import present
from tui.lessons import library


def main(arguments: Sequence[str]) -> None:
    """Do what the arguments after ``present`` ask for."""
    options = parser().parse_args(arguments)
    try:
        lesson = lesson_named(options.name)
        number = checked_step(options.step, lesson)
    except EngineError as error:
        fail_with_all(error)
    open_with(options, lambda app: present(app, lesson, number))


def parser() -> Parser:
    """The parser of the arguments after ``present``."""
    p = Parser(
        prog="nn-explore present",
        description="Show a lesson on a projector: one pane large, the words above it. → shows the "
        "answer or the movement, then the next scene; ← the one before; space pauses; esc ends it.",
        allow_abbrev=False,
    )
    names = ", ".join(library.NAMES)
    p.add_argument("name", metavar="NAME|FILE", help=f"a lesson ({names}), or a file of yours")
    p.add_argument("--step", metavar="N", type=int, default=1, help="the step to begin with")
    add_looks(p)
    return p
