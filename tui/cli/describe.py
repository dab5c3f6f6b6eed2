"""nn-explore describe: prints the state of a run as plain sentences, or its numbers as JSON."""

import argparse
import json
from collections.abc import Sequence

import numpy as np

from engine import DATASETS, EngineError
from tui.actions.screen_keys import SCREENS
from tui.cli.open_app import add_experiment, experiment_for, is_session
from tui.cli.parse import Parser, parsed
from tui.drawing.glyphs import ASCII, UNICODE
from tui.experiments.library import gallery
from tui.session.session import Session
from tui.system.output import fail, report_if_slow, visible_json, write
from tui.system.paths import typed_path

WHAT = (
    "a gallery experiment, a built-in data set, or what nn-explore opens: data (.csv, .tsv), an "
    "experiment (.toml), a session (.npz), a share code, a Playground link"
)


def main(arguments: Sequence[str]) -> None:
    """Print what the arguments after ``describe`` ask for."""
    options = parser().parse_args(arguments)
    _read_name(options)
    try:
        what = options.file or options.experiment or options.dataset or "circle"
        with report_if_slow(f"training {what}"), np.errstate(all="ignore"):
            text = described(options)
    except EngineError as error:
        fail(str(error))
    write(visible_json(text) if options.json else text)


def parser() -> Parser:
    """The parser of the arguments after ``describe``."""
    p = Parser(
        prog="nn-explore describe",
        description="Print the state of a run as plain sentences, one a line.",
        allow_abbrev=False,
    )
    add_experiment(p, "EXPERIMENT", WHAT)
    add = p.add_argument
    add("--step", metavar="N", type=_step, help="train to this step (else the one it opens at)")
    add("--screen", choices=(*SCREENS,), help="the screen whose contents are described")
    add("--json", action="store_true", help="the same facts as numbers, with all their digits")
    add("--ascii", action="store_true", help="print ASCII characters only")
    p.set_defaults(share=False, recover=False)
    return p


def _read_name(options: argparse.Namespace) -> None:
    """Take a name without an ending for the gallery experiment or the data set of that name."""
    name = options.file
    if name is None or options.experiment or options.dataset:
        return
    if name in {entry.name for entry in gallery()}:
        options.file, options.experiment = None, name
    elif name in DATASETS:
        options.file, options.dataset = None, name


def described(options: argparse.Namespace) -> str:
    """The run that the options ask for, as sentences or as JSON."""
    from tui.commands.keys import SHOWN
    from tui.explain.description.facts import facts_of, numbers
    from tui.explain.description.sentences import sentences

    session, screen = session_for(options)
    if options.step is not None:
        session.time.seek(options.step)
    session.advance(screen)
    session.counter.wait()
    session.advance(screen)
    frame = session.snapshot(screen)
    facts = facts_of(frame)
    if options.json:
        plain = {"screen": screen, **numbers(facts)}
        return json.dumps(plain, ensure_ascii=options.ascii, allow_nan=False, indent=1)
    glyphs = ASCII if options.ascii else UNICODE
    return glyphs.prose("\n".join(sentences(frame, facts, screen, SHOWN)))


def session_for(options: argparse.Namespace) -> tuple[Session, str]:
    """The session, and the screen to describe: the one asked for, or where it was saved."""
    if not is_session(options):
        return Session(experiment_for(options)), options.screen or "explore"
    from tui.storage.saving import read_session

    opened = read_session(typed_path(options.file))
    saved = opened.place.get("screen", "")
    return opened.session, options.screen or (saved if saved in SCREENS else "explore")


def _whole(text: str) -> int:
    value = int(text.replace("_", ""))
    if value < 0:
        raise ValueError
    return value


_step = parsed(_whole, "a whole number, 0 or more")
