"""nn-explore without a subcommand: makes the app that the arguments ask for."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine import DATASETS, EngineError, Experiment
from engine.storage.file_kind import Kind, kind_of
from engine.training.fields import FIELDS, SWITCH, Field, read_typed
from tui.cli.parse import Parser, Version, parsed
from tui.cli.subcommands import RESERVED, SUBCOMMANDS, epilog
from tui.experiments.library import built_in, entry
from tui.session.limits import check_limits
from tui.storage.opening import experiment_of
from tui.system.environment import remove_invalid_variables
from tui.system.output import fail, report_if_slow, write
from tui.system.paths import typed_path

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.autosave import Autosave


def opened_app(arguments: Sequence[str]) -> "tuple[NNExplore, Autosave] | None":
    """The app that the arguments ask for, and what stores its session; None if they only ask for a
    printed line."""
    options = parser().parse_args(arguments)
    what = options.file or ("the session that was left" if options.recover else "")
    with report_if_slow(f"opening {what}") if what else nullcontext():
        return make(options)


def make(
    options: argparse.Namespace, shows_first: bool = True
) -> "tuple[NNExplore, Autosave] | None":
    """The same for parsed arguments. ``shows_first``: the first start shows the introduction."""
    try:
        experiment = None if is_session(options) else experiment_for(options)
        if options.share and experiment:
            from tui.storage.sharing import code_of

            write(code_of(experiment))
            return None
        check_terminal()
        remove_invalid_variables()
        from tui.app import (
            NNExplore,  # after the arguments, so that a mistake in them is reported at once
        )
        from tui.cli.startup import StartingSession
        from tui.config import LAST, load

        preferences = load()
        ascii = preferences.ascii or options.ascii
        start = StartingSession(
            options.file, experiment, options.recover, preferences.layout == LAST
        )
        app = NNExplore(
            start.experiment,
            ascii=ascii,
            theme=options.theme or preferences.theme,
            colours=options.colours or preferences.colours,
            demo=options.file == "demo",
            keys=preferences.keys,
            frame_rate=preferences.frame_rate,
            speed=preferences.speed,
            predict=options.predict,
            details=start.details if preferences.layout == LAST else preferences.layout == "full",
            intro=options.intro or (shows_first and is_bare(options) and start.is_first()),
            at_start=start.begin,
        )
        if options.experiment and not changes_of(options):
            app.look_for = entry(options.experiment).look_for
    except EngineError as error:
        fail(str(error))
    return app, start.autosave


def parser() -> Parser:
    """The parser, with one option for each setting that has a flag."""
    p = Parser(
        prog="nn-explore",
        description="See how linear regression becomes a deep network, step by step, both ways.",
        epilog=epilog(),
    )
    add_experiment(p, "FILE", "data, experiment, session, share code, Playground link")
    add = p.add_argument
    add("--share", action="store_true", help="print one line that opens these settings elsewhere")
    add("--recover", action="store_true", help="reopen the latest session left by a crash")
    add("--ascii", action="store_true", help="draw with ASCII characters only")
    add("--theme", choices=("dark", "light", "contrast"))
    add("--colours", choices=("standard", "playground"),
        help="playground: orange is negative, blue positive, as in that program")  # fmt: skip
    add("--predict", action="store_true",
        help="on screen Backprop hide each result until you have guessed it")  # fmt: skip
    add("--intro", action="store_true", help="show the introduction of the first start again")
    add("--version", action=Version, nargs=0, help="print the version")
    return p


def add_experiment(p: Parser, metavar: str, help: str) -> None:
    """Add what chooses the experiment: a file, a name, and one flag for each setting."""
    p.add_argument("file", metavar=metavar, nargs="?", help=help)
    p.add_argument("--experiment", metavar="NAME", help="a gallery experiment (ctrl+g lists them)")
    for name, field in FIELDS.items():
        add_setting(p, name, field)


def add_setting(p: Parser, name: str, field: Field) -> None:
    """Add the flag of a setting; its help lists the names that the setting can have."""
    flag = f"--{flag_of(name)}"
    if field.value_kind == SWITCH:
        if field.flag.startswith("no-"):
            p.add_argument(
                flag, dest=name, action="store_const", const=False, help=f"not: {field.help}"
            )
        else:
            both = argparse.BooleanOptionalAction
            p.add_argument(flag, dest=name, action=both, help=field.help)
        return
    names = f" ({', '.join(field.names)})" if field.names else ""
    p.add_argument(
        flag,
        dest=name,
        metavar=field.example,
        type=parsed(lambda text: read_typed(field, text), field.value_kind),
        help=f"{field.help}{names}",
    )


def flag_of(name: str) -> str:
    """The flag of a setting, without the dashes."""
    return FIELDS[name].flag or name.replace("_", "-")


def experiment_for(options: argparse.Namespace) -> Experiment:
    """The experiment that the options describe."""
    file = None if options.file == "demo" else options.file
    if options.file == "demo" and options.dataset:
        fail("demo uses data of its own; leave out --dataset")
    if file and options.dataset:
        fail(f"give a file or --dataset, not both: {file}, {options.dataset}")
    if file in SUBCOMMANDS:
        fail(f"{file} comes first: nn-explore {file}; a file of that name is ./{file}")
    if file in RESERVED:
        fail(f"there is no command {file!r} yet; a file of that name is ./{file}")
    if options.experiment and (file or options.dataset):
        fail(f"give --experiment or {file or '--dataset'}, not both")
    start = (
        entry(options.experiment).experiment
        if options.experiment
        else opened(file, options.dataset)
    )
    changes = changes_of(options)
    if "loss" in changes and "output" not in changes:
        changes["output"] = None  # the output that goes with the loss
    check_limits(start, changes)
    return replace(start, **changes)


def changes_of(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that the options give, by name."""
    given = {name: getattr(options, name) for name in FIELDS if name != "dataset"}
    return {name: value for name, value in given.items() if value is not None}


def is_bare(options: argparse.Namespace) -> bool:
    """Whether the options name nothing to open, and no settings."""
    others = (options.file, options.dataset, options.experiment, options.recover, options.predict)
    return not any(others) and not changes_of(options)


def is_session(options: argparse.Namespace) -> bool:
    """Whether the options ask for a saved session, whose settings cannot be changed here."""
    file = options.file or ""
    if not (options.recover or kind_of(file) is Kind.SESSION):
        return False
    if options.recover and file:
        fail(f"give --recover or a file, not both: {file}")
    what = file or "--recover"
    others = [name for name in ("dataset", "experiment", "share") if getattr(options, name)]
    for name in (*changes_of(options), *others):
        flag = flag_of(name) if name in FIELDS else name
        fail(f"{what} opens a session with its own settings; leave out --{flag}")
    return True


def opened(file: str | None, dataset: str | None) -> Experiment:
    """The experiment of a file, or the built-in one for a data set."""
    if file is None:
        return built_in(dataset or "circle")
    if kind_of(file) is Kind.DATA and not os.path.exists(path := typed_path(file)):
        if path.stem in DATASETS:
            fail(f"there is no file {file} here; the built-in set is --dataset {path.stem}")
        if not path.suffix:
            fail(
                f"no file {file}; FILE is .csv, .tsv, .toml or .npz; built-in sets: --dataset NAME"
            )
    return experiment_of(file)


def check_terminal() -> None:
    """End the process unless there is a terminal: Textual draws on stderr and reads stdin."""
    for stream, name in (
        (sys.stdin, "input"),
        (sys.stderr, "error output"),
        (sys.stdout, "output"),
    ):
        if stream is None or not stream.isatty():
            what = "is closed" if stream is None else "is a file or a pipe"
            fail(
                f"there is no terminal: its {name} {what}; "
                "run nn-explore in a terminal, without redirection"
            )
    if os.environ.get("TERM") == "dumb":
        fail("TERM=dumb: this terminal cannot place its cursor; nn-explore fit prints as text")
