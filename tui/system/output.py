"""Printing of text on stdout and stderr.

Names and cells come from files, which may be forged. Characters that a terminal would interpret or
hide are printed as escapes, such as ``\\x1b``.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

from engine.atomic_files import reason

FAILED, REFUSED = 1, 2  # exit statuses: the output cannot be written; wrong arguments
MAX_MESSAGE = 1500  # characters of a message
SLOW = 1.0  # seconds until a message says what takes so long
BROKEN_PIPE = 128 + 13  # exit status, as a shell reports SIGPIPE

# control characters except the line feed, characters that change the writing direction or end a
# line, and unpaired surrogates, which cannot be encoded
INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
                    "\ud800-\udfff]")  # fmt: skip


def visible(text: str) -> str:
    """A text with its invisible characters as escapes: ``\\x1b``, ``\\u202e``."""
    return INVISIBLE.sub(lambda match: _escape(match[0], 2 if ord(match[0]) < 256 else 4), text)


def one_line(text: str) -> str:
    """The same for a text that must stay on one line."""
    return visible(text).replace("\n", r"\n")


def visible_json(text: str) -> str:
    """The same for JSON, which keeps its meaning."""
    return INVISIBLE.sub(lambda match: _escape(match[0], 4), text)


def _escape(character: str, digits: int) -> str:
    return f"\\{'x' if digits == 2 else 'u'}{ord(character):0{digits}x}"


def write(text: str) -> None:
    """Print a text on stdout. If that fails, end the process: without a message if the reader has
    closed the pipe, else with a line on stderr."""
    if sys.stdout is None:
        _give_up("the output is closed")
    try:
        _print(sys.stdout, text)
    except BrokenPipeError:
        _discard(sys.stdout)
        raise SystemExit(BROKEN_PIPE) from None
    except (OSError, ValueError) as error:
        _discard(sys.stdout)
        _give_up(f"the output cannot be written: {reason(error)}")


def tell(message: str) -> None:
    """Print a message as one line on stderr, if possible."""
    if sys.stderr is not None:
        line = visible(" ".join(message.split()))
        line = line if len(line) <= MAX_MESSAGE else f"{line[:MAX_MESSAGE]}…"
        try:
            _print(sys.stderr, f"nn-explore: {line}")
        except (OSError, ValueError):
            _discard(sys.stderr)


@contextmanager
def report_if_slow(what: str) -> Iterator[None]:
    """Print what is being done and how to end it, if it takes longer than ``SLOW`` and stderr is a
    terminal."""
    from threading import Timer  # most commands end before it is needed

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
    """Print one line on stderr and end with exit status 2."""
    tell(message)
    raise SystemExit(REFUSED)


def _give_up(message: str) -> NoReturn:
    tell(message)
    raise SystemExit(FAILED)


def _print(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    printable = visible(text).encode(encoding, "replace").decode(encoding)
    stream.write(f"{printable}\n")
    stream.flush()


def _discard(stream: TextIO) -> None:
    """Discard the rest of a stream, which Python would try to write at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
