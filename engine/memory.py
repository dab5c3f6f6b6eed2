"""How much memory there is, and how much is written."""

import os
import sys
from contextlib import suppress

UNKNOWN = 8 << 30  # where the system does not say


def physical_memory() -> int:
    """Bytes of memory that this machine has."""
    pages = size = 0
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return pages * size if pages > 0 and size > 0 else UNKNOWN


def gigabytes(number: float) -> str:
    """Bytes to two figures: ``3.5 GB``, ``12 MB``."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if number >= 0.95 * size:
            share = number / size
            return f"{share:.1f} {unit}" if share < 9.95 else f"{share:,.0f} {unit}"
    return f"{number / 1e3:.1g} kB" if number < 9500 else f"{number / 1e3:.0f} kB"
