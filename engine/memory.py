"""The memory of this machine, and numbers of bytes as text."""

import os
import sys
from contextlib import suppress

ASSUMED = 8 << 30  # bytes, if the system does not report its memory


def physical_memory() -> int:
    """The size of this machine's memory in bytes."""
    pages = size = 0
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return pages * size if pages > 0 and size > 0 else ASSUMED


def gigabytes(number: float) -> str:
    """A number of bytes with two significant digits: ``3.5 GB``, ``12 MB``."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if number >= 0.95 * size:
            value = number / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    return f"{number / 1e3:.1g} kB" if number < 9500 else f"{number / 1e3:.0f} kB"
