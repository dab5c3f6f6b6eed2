"""Dates of the form 2021-03-04 or 2021/03/04, with or without a time of the day, as numbers."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

DATE = re.compile(
    r"(\d{4})([-/])(\d{2})\2(\d{2})"
    r"(?:[ T](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?(?:Z|\+00:00)?)?"
)
DAY = timedelta(days=1)


def is_date(cell: str) -> bool:
    """Whether a cell has the form of a date."""
    return DATE.fullmatch(cell) is not None


def days(cells: Collection[str]) -> tuple[dict[str, str], str] | None:
    """For each cell the days since the first date, as text; and the first date. None if one of the
    dates does not exist."""
    try:
        dates = {cell: _date(cell) for cell in cells}
    except ValueError:
        return None
    first = min(dates.values())
    start = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return {cell: _text(date - start) for cell, date in dates.items()}, start.date().isoformat()


def _date(cell: str) -> datetime:
    match = DATE.fullmatch(cell)
    if match is None:
        raise ValueError
    year, _, month, day, hour, minute, second = match.groups()
    whole, _, part = (second or "0").partition(".")
    micro = int(part.ljust(6, "0")) if part else 0
    return datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(whole), micro,
        tzinfo=UTC,
    )  # fmt: skip


def _text(since: timedelta) -> str:
    """Days as digits: whole ones without a point."""
    return str(since.days) if since % DAY == timedelta(0) else repr(since / DAY)
