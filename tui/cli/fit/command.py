"""nn-explore fit: prints a regression or generalised linear model of a file."""

import json
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from engine import DataError, EngineError, OlsFit
from engine.atomic_files import STDIN
from engine.data.reading.options import NA, ReadOptions
from engine.glm.families import FAMILY_NAMES
from tui.cli.fit.coefficients import LEVEL, coefficients_of
from tui.cli.fit.data import FitRequest, read_data
from tui.cli.fit.json_values import values
from tui.cli.fit.model import fit
from tui.cli.fit.report import report
from tui.cli.fit.tables import markdown, write_residuals
from tui.cli.parse import Parser, parsed
from tui.system.output import fail, report_if_slow, tell, visible_json, write

NO_MAXIMUM = 3  # exit status: the iterations did not converge, or the data are separated
ROBUST = ("hc0", "hc1", "hc2", "hc3")
EPILOG = (
    "DATA is a file (.csv, .tsv), - for the standard input, or a built-in set, such as longley or "
    "challenger. "
    "In --json a number that is not defined is null, an infinite one the text inf. "
    "Exit status: 0; 1 if the output cannot be written; 2 if the arguments or the data are wrong; "
    "3 if the fit did not converge or the data are separated: it is printed, with the reason."
)


def main(arguments: Sequence[str]) -> None:
    """Print the fit that the arguments after ``fit`` ask for."""
    options = parser().parse_args(arguments)
    if options.terms is not None and (options.features or options.degree):
        fail("give --terms, or --features and --degree")
    request = FitRequest(
        STDIN if options.data == "-" else options.data,
        options.target,
        None if options.features is None else tuple(options.features),
        options.family,
        options.link,
        options.trials,
        options.weights,
        options.intercept,
        options.degree,
        options.na,
        _read_options(options),
        options.terms,
    )
    try:
        from_stdin = request.data == STDIN  # the user may be typing
        slow = nullcontext() if from_stdin else report_if_slow(f"fitting {request.data}")
        with slow, np.errstate(all="ignore"):  # an overflow is printed as inf
            text, fault = _printed(request, options)
    except EngineError as error:
        fail(str(error))
    write(visible_json(text) if options.json else text)
    if fault:
        tell(fault)
        raise SystemExit(NO_MAXIMUM)


def _printed(request: FitRequest, options: Namespace) -> tuple[str, str]:
    """The requested fit as text, JSON or Markdown; and why it is no maximum, "" if it is."""
    data = read_data(request)
    result = fit(data, request)
    table = coefficients_of(result, options.level, options.robust)
    if options.residuals is not None:
        write_residuals(options.residuals, data, result)
    fault = "" if isinstance(result, OlsFit) or result.converged else result.warning
    if options.json:
        plain = values(data, result, table)
        return json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1), fault
    return markdown(table) if options.markdown else report(data, result, table), fault


def parser() -> Parser:
    """The parser of the arguments after ``fit``."""
    p = Parser(
        prog="nn-explore fit",
        description="Fit by least squares, or as a generalised linear model; print the summary.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    add = p.add_argument
    add("data", metavar="DATA", help="a file, - or the name of a built-in set")
    add("--target", metavar="NAME", help="target column, by name or position (else the last)")
    add(
        "--features",
        metavar="NAME,NAME",
        action="append",
        help="input columns (else all others); may be given several times",
    )
    add(
        "--terms",
        metavar="TEXT",
        help='in place of --features: terms such as "wt*hp + log(disp) + C(cyl) + wt^2"',
    )
    add(
        "--family",
        metavar="NAME",
        help=f"{', '.join(FAMILY_NAMES)} (else the one that the target suggests)",
    )
    add("--link", metavar="NAME", help="identity, logit, probit, cloglog, log, inverse")
    add(
        "--trials",
        metavar="COLUMN",
        help="the trials of each row; the target counts successes, or is their share",
    )
    add(
        "--weights",
        metavar="COLUMN",
        help="precision weights: a row's variance is σ²/weight; for shares: their trials",
    )
    add("--no-intercept", dest="intercept", action="store_false", help="fit through the origin")
    add("--degree", metavar="K", type=_degree, help="a polynomial of the one input")
    add("--robust", choices=ROBUST, help="standard errors that stay right where the spread changes")
    add(
        "--level",
        metavar="SHARE",
        type=_level,
        default=LEVEL,
        help=f"of the intervals, between 0 and 1 (else {LEVEL})",
    )
    add("--residuals", metavar="FILE", help="write a CSV file with y, ŷ and residuals")
    form = p.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all numbers, with all their digits")
    form.add_argument(
        "--markdown", action="store_true", help="the table of coefficients in Markdown"
    )
    _add_reading(add)
    return p


def _add_reading(add: Callable[..., Any]) -> None:
    """The flags on how a file is read."""
    add(
        "--na",
        choices=NA,
        default=NA[0],
        help="rows with missing cells: leave them out (the default), refuse them; level makes them "
        "a category, mean puts in the mean of the column",
    )
    add("--delimiter", metavar="CHAR", help="what separates cells: a character, tab or blanks")
    add("--decimal", choices=(".", ","), help="the decimal mark")
    add(
        "--header",
        action=BooleanOptionalAction,
        help="whether the first row holds names (else as it looks)",
    )
    add("--encoding", metavar="NAME", help="of the text, such as latin-1 (else as it looks)")


def _read_options(options: Namespace) -> ReadOptions:
    try:
        return ReadOptions(options.delimiter, options.decimal, options.header, options.encoding)
    except DataError as error:
        fail(str(error))


def _whole(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 30:
        raise ValueError
    return value


_degree = parsed(_whole, "a whole number from 1 to 30")


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 < value < 1.0:
        raise ValueError
    return value


_level = parsed(_share, "a number between 0 and 1, such as 0.9")
