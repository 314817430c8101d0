"""Times as the sources give them: Extended Date/Time Format, levels 0 and 1, for pictures.

Follows EDTF (https://www.loc.gov/standards/datetime/): ``1995``, ``199X``, ``1995-06``,
``2017-02-23``, ``1978/1980``, ``2001-09-11/..``. What is no date has no place on a scale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from parley.web.pictures.timeline import Precision

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.Z+-]+)?)?)?[~?%]?")
_DECADE: Final = re.compile(r"(\d{3})X[~?%]?")
_CENTURY: Final = re.compile(r"(\d{2})XX[~?%]?")
_OPEN: Final = frozenset({"", ".."})
_DAYS: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in decimal years, end-exclusive; None where it is open."""

    begin: float | None
    end: float | None
    precision: Precision


def read(text: str) -> Span | None:
    """Return the stretch that a date names, or None when it names none."""
    first, slash, last = text.strip().partition("/")
    if not slash:
        return _read_point(first)
    begin = None if first in _OPEN else _read_point(first)
    end = None if last in _OPEN else _read_point(last)
    if begin is None and end is None:
        return None
    if begin is None or end is None:
        return Span(begin.begin if begin else None, end.end if end else None, "open")
    decade = "decade" in {begin.precision, end.precision}
    return Span(begin.begin, end.end, "decade" if decade else "year")


def words(text: str) -> str:
    """Return a date as one says it: ``199X`` is the 1990s, ``2001-09-11/..`` since 2001-09-11."""
    first, slash, last = text.strip().partition("/")
    if not slash:
        decade = _DECADE.fullmatch(first)
        return f"the {decade[1]}0s" if decade else first
    if last in _OPEN:
        return f"since {words(first)}"
    if first in _OPEN:
        return f"until {words(last)}"
    return f"{words(first)} to {words(last)}"


def _read_point(text: str) -> Span | None:
    if match := _DATE.fullmatch(text):
        return _read_date(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    if match := _DECADE.fullmatch(text):
        return Span(int(match[1]) * 10.0, int(match[1]) * 10.0 + 10, "decade")
    if match := _CENTURY.fullmatch(text):
        return Span(int(match[1]) * 100.0, int(match[1]) * 100.0 + 100, "decade")
    return None


def _read_date(year: int, month: int, day: int) -> Span | None:
    if not month:
        return Span(float(year), year + 1.0, "year")
    if 21 <= month <= 24:
        return Span(year + (month - 21) / 4, year + (month - 20) / 4, "month")
    if month > 12 or day > 31:
        return None
    before = _DAYS[month - 1]
    if not day:
        return Span(year + before / 365, year + _DAYS[month] / 365, "month")
    return Span(year + (before + day - 1) / 365, year + (before + day) / 365, "day")
