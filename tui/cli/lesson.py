"""nn-explore lesson: opens a lesson, lists them, or prints one as a handout."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from engine import EngineError
from engine.wording import plural
from tui.actions.screen_keys import TITLES
from tui.cli.parse import Parser
from tui.commands.keys import ACTIONS
from tui.commands.lessons.steps import known, open_lesson
from tui.lessons import library, progress
from tui.lessons.lesson import Lesson, Step
from tui.system.output import FAILED, fail, report_if_slow, tell, write
from tui.system.paths import typed_path

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui.app import NNExplore
    from tui.lessons.handout import Outcome, Place

SIZE = (120, 40)  # of the screen on which a handout's claims are measured


def main(arguments: Sequence[str]) -> None:
    """Do what the arguments after ``lesson`` ask for."""
    options = parser().parse_args(arguments)
    try:
        if options.list or options.format:
            write(_listed() if options.list else _format())
            return
        lesson = lesson_named(options.name)
        number = _step(options, lesson)
        if options.markdown:
            with report_if_slow(f"measuring the claims of {lesson.title}"):
                text, failed = handout(lesson)
            write(text)
            if failed:
                tell(f"{plural(len(failed), 'step')} failed: {', '.join(map(str, failed))}")
                raise SystemExit(FAILED)
            return
    except EngineError as error:
        fail_with_all(error)
    open_with(options, lambda app: open_lesson(app, lesson, number))


def fail_with_all(error: EngineError) -> NoReturn:
    """End the process with a line for each mistake of a lesson."""
    *others, last = str(error).split("\n")
    for line in others:
        tell(line)
    fail(last)


def parser() -> Parser:
    """The parser of the arguments after ``lesson``."""
    p = Parser(
        prog="nn-explore lesson",
        description="Open a lesson beside the screens that it speaks of; t goes to the next step.",
        epilog="Exit status: 1 if a claim of a handout fails, 2 for a lesson with mistakes.",
        allow_abbrev=False,
    )
    add = p.add_argument
    names = ", ".join(library.NAMES)
    add("name", metavar="NAME|FILE", nargs="?", help=f"a lesson ({names}), or a file of yours")
    add("--step", metavar="N", type=int, help="the step to begin with (else where you were)")
    add("--list", action="store_true", help="print the lessons with the steps you are at")
    add("--markdown", action="store_true", help="print a handout, its claims measured now")
    add("--format", action="store_true", help="print how to write lessons of your own")
    add_looks(p)
    return p


def add_looks(p: Parser) -> None:
    """Add how the app looks, as without a subcommand."""
    p.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    p.add_argument("--theme", choices=("dark", "light", "contrast"))


def lesson_named(name: str | None) -> Lesson:
    """A lesson by its name or file; without one the lesson that was open last."""
    names = known(ACTIONS)
    if name is None:
        last = progress.progress().last
        is_there = last in library.NAMES or os.path.isfile(last)
        name = last if is_there else library.NAMES[0]
    if name in library.NAMES:
        return library.built_in(name, names)
    path = typed_path(name)
    if path.suffix != ".toml":
        raise EngineError(f"no lesson {name!r}; there are: {', '.join(library.NAMES)}, or a .toml")
    return library.lesson_at(path, names)


def _listed() -> str:
    steps, names = progress.progress().steps, known(ACTIONS)
    lines = []
    for name in library.NAMES:
        lesson = library.built_in(name, names)
        at = f"step {steps[name] + 1} of " if name in steps else ""
        lines.append(f"{name:<14} {lesson.title} ({at}{len(lesson.steps)})")
    return "\n".join(lines)


def _format() -> str:
    from tui.cli.pane_words import pane_words
    from tui.lessons.format import format_text

    return format_text(known(ACTIONS), pane_words())


def _step(options: argparse.Namespace, lesson: Lesson) -> int:
    """The step to open, from 0."""
    if options.step is None:
        return progress.progress().steps.get(progress.key_of(lesson), 0)
    return checked_step(options.step, lesson)


def checked_step(step: int, lesson: Lesson) -> int:
    """A step of a lesson, from 0, that was given from 1."""
    if not 1 <= step <= len(lesson.steps):
        raise EngineError(f"--step {step}: this lesson has steps 1 to {len(lesson.steps)}")
    return step - 1


def open_with(options: argparse.Namespace, begin: Callable[[NNExplore], object]) -> NoReturn:
    """Run the app, which begins with a lesson."""
    from tui.cli import open_app
    from tui.running import run

    flags = ["--ascii"] if options.ascii else []
    flags += ["--theme", options.theme] if options.theme else []

    made = open_app.make(open_app.parser().parse_args(flags), shows_first=False)
    assert made is not None
    app, autosave = made
    app.after_start(lambda: begin(app))
    raise SystemExit(run(app, autosave))


# the handout


def handout(lesson: Lesson) -> tuple[str, list[int]]:
    """The lesson as Markdown, its claims measured by the app, which no one sees; and the numbers of
    the steps, from 1, whose claims fail."""
    from tui.app import NNExplore
    from tui.lessons.handout import Words, markdown

    outcomes: list[Outcome] = []
    app = NNExplore(details=True)

    async def measure(pilot: Pilot[object]) -> None:
        outcomes.extend([await _outcome(app, pilot, lesson, at) for at in range(len(lesson.steps))])
        app.exit()

    app.run(headless=True, size=SIZE, auto_pilot=measure)
    words = Words(app.shown_keys, {action.id: action.title for action in app.actions})
    told = zip(lesson.steps, outcomes, strict=True)
    failed = [at for at, (step, outcome) in enumerate(told, start=1) if not outcome.holds(step)]
    return markdown(lesson, outcomes, words), failed


async def _outcome(app: NNExplore, pilot: Pilot[object], lesson: Lesson, at: int) -> Outcome:
    """Open a step, do what it asks, and measure its claim."""
    from engine.measures.check import check
    from engine.measures.moment import Moment
    from engine.measures.table import measured
    from tui.commands.lessons.steps import do_what_it_asks, open_lesson
    from tui.lessons.handout import Outcome, Place
    from tui.lessons.texts import number_text

    step, place = lesson.steps[at], Place()
    try:
        open_lesson(app, lesson, at, keeps=False)
        await pilot.pause()
        place = _place(app, lesson, step)
        do_what_it_asks(app, step)
        await pilot.pause()
        moment = Moment.of(app.session.trainer)
        checked = check(moment, step.claim.claim) if step.claim else None
        answer = step.prediction.answer if step.prediction else ""
        if step.prediction and step.prediction.measure:
            answer = number_text(measured(moment, step.prediction.measure))
    except EngineError as error:
        return Outcome(note=str(error), place=place)
    return Outcome(checked, answer=answer, place=place)


def _place(app: NNExplore, lesson: Lesson, step: Step) -> Place:
    """What a step shows, by its titles."""
    from tui.commands.lessons.steps import opened
    from tui.lessons.handout import Place
    from tui.panes.base.pane import Pane

    name, settings, pane = step.experiment, {}, ""
    if name:
        own = opened(name, {}, lesson.path.parent)
        new = opened(name, step.settings, lesson.path.parent)
        settings = {key: getattr(new, key) for key in step.settings}
        settings = {key: value for key, value in settings.items() if value != getattr(own, key)}
    if step.pane:
        pane = app.screen.query_one(f"#{step.pane}", Pane).name_in_help
    title = known(app.actions).experiments.get(name, name)
    return Place(title, settings, TITLES.get(step.screen, ""), pane)
