"""Output as text: all that is printed, whatever it holds and wherever it goes.

Names and cells come from files of others. What a terminal would obey or hide in them is printed
as an escape, such as ``\\x1b``.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

from engine.atomic_files import reason

FAILED, REFUSED = 1, 2  # exit statuses: what was asked for cannot be printed; a mistake in asking
LONGEST = 1500  # characters of a message
SLOW = 1.0  # seconds of silence before a line says what takes so long
CUT_OFF = 128 + 13  # whoever read the output has stopped: as a shell tells of SIGPIPE

# control characters but the line feed, what turns the direction of writing or ends a line, and
# halves of pairs of UTF-16, which no encoding knows
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
                    "\ud800-\udfff]")  # fmt: skip


def visible(text: str) -> str:
    """A text in which control characters and the like are seen: ``\\x1b``, ``\\u202e``."""
    return UNSEEN.sub(lambda found: _escape(found[0], 2 if ord(found[0]) < 256 else 4), text)


def one_line(text: str) -> str:
    """The same of a text that is to stay on its line."""
    return visible(text).replace("\n", r"\n")


def visible_json(text: str) -> str:
    """The same of JSON, which keeps its meaning."""
    return UNSEEN.sub(lambda found: _escape(found[0], 4), text)


def _escape(character: str, digits: int) -> str:
    return f"\\{'x' if digits == 2 else 'u'}{ord(character):0{digits}x}"


def write(text: str) -> None:
    """Print a text on stdout. Where that fails, end the process: in silence where nobody reads on,
    else with a line on stderr."""
    if sys.stdout is None:
        _cannot("the output is closed")
    try:
        _print(sys.stdout, text)
    except BrokenPipeError:
        _abandon(sys.stdout)
        raise SystemExit(CUT_OFF) from None
    except (OSError, ValueError) as error:
        _abandon(sys.stdout)
        _cannot(f"the output cannot be written: {reason(error)}")


def tell(message: str) -> None:
    """Print a message as one line on stderr, if that can be."""
    if sys.stderr is not None:
        line = visible(" ".join(message.split()))
        try:
            _print(
                sys.stderr, f"nn-explore: {line if len(line) <= LONGEST else line[:LONGEST] + '…'}"
            )
        except (OSError, ValueError):
            _abandon(sys.stderr)


@contextmanager
def told_if_slow(what: str) -> Iterator[None]:
    """Say on stderr what is being done if it takes longer than ``SLOW``, and how to end it; to
    somebody at a terminal alone."""
    from threading import Timer  # most commands are over before it is needed

    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    timer = Timer(SLOW, tell, [f"{what} ... (ctrl+c ends it)"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def fail(message: str) -> NoReturn:
    """One line on stderr, exit status 2."""
    tell(message)
    raise SystemExit(REFUSED)


def _cannot(message: str) -> NoReturn:
    tell(message)
    raise SystemExit(FAILED)


def _print(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    known = visible(text).encode(encoding, "replace").decode(encoding)
    stream.write(f"{known}\n")
    stream.flush()


def _abandon(stream: TextIO) -> None:
    """Let nothing more be written to a stream: Python would try again at its end, and say so."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
