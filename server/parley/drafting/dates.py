"""Times in words as Extended Date/Time Format, with the words kept.

Follows EDTF (https://www.loc.gov/standards/datetime/), levels 0 and 1: ``1995``, ``200X``,
``2017-02-23``, ``XXXX-09-11``, seasons ``1979-22``, ranges ``1978/1980``, ``1955/..``.
What names no point in the calendar (``recent years``, ``now``) has no value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.drafting import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?"
)
_MONTH: Final = {
    name[:3].lower(): number
    for number, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        start=1,
    )
}
_YEAR: Final = r"(?:1[0-9]|20)\d\d"
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_TO: Final = " ?(?:–|—|-|to|until|and|/) ?"
_SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_PATTERNS: Final = (
    ("range", rf"\b(?:from |between )?(?P<y1>{_YEAR}){_TO}(?P<y2>{_YEAR})\b"),
    ("day", rf"\b(?P<m>{_NAMES}) (?P<d>{_DAY}),? (?P<y>{_YEAR})\b"),
    ("day", rf"\b(?P<d>{_DAY}) (?:of )?(?P<m>{_NAMES}),? (?P<y>{_YEAR})\b"),
    ("iso", rf"\b(?P<y>{_YEAR})-(?P<mm>0[1-9]|1[0-2])(?:-(?P<dd>0[1-9]|[12]\d|3[01]))?\b"),
    ("month", rf"\b(?P<m>{_NAMES})(?: of)?,? (?P<y>{_YEAR})\b"),
    ("season", rf"\b(?P<s>(?i:{'|'.join(_SEASONS)})) (?:of |in )?(?P<y>{_YEAR})\b"),
    ("decade", r"\b(?P<c>(?:1[0-9]|20)\d)0[’']?s\b"),
    ("century", r"\b(?P<n>[12]\d)(?:st|nd|rd|th)[ -]century\b"),
    ("since", rf"\b[Ss]ince (?P<y>{_YEAR})\b"),
    ("about", rf"\b(?:[Ee]arly|[Mm]id|[Ll]ate|[Aa]bout|[Cc]irca|[Aa]round)[- ](?P<y>{_YEAR})\b"),
    ("yearless", rf"\b(?P<m>{_NAMES}) (?P<d>{_DAY})\b(?!,? \d)"),
    ("year", rf"(?<![\d,.$€£-])(?P<y>{_YEAR})\b(?![,.]\d|%| (?:{{count}}))"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Time:
    """A time in words, where it stands, and its EDTF value."""

    start: int
    end: int
    text: str
    edtf: str


def find(text: str) -> list[Time]:
    """Return the times of a text that have a value, in order, none overlapping."""
    found: list[Time] = []
    for kind, pattern in _compiled():
        for match in pattern.finditer(text):
            if any(t.start < match.end() and match.start() < t.end for t in found):
                continue
            found.append(Time(*match.span(), match.group(), _value(kind, match)))
    return sorted(found, key=lambda t: t.start)


def _compiled() -> Iterator[tuple[str, re.Pattern[str]]]:
    counted = "|".join(sorted(tables.words("counted.tsv")))
    for kind, pattern in _PATTERNS:
        yield kind, re.compile(pattern.replace("{count}", counted))


def _value(kind: str, match: re.Match[str]) -> str:
    part = {name: value or "" for name, value in match.groupdict().items()}
    year = part.get("y", "")
    if kind in {"day", "month", "yearless"}:
        month = f"{_MONTH[part['m'][:3].lower()]:02}"
        day = f"-{int(re.sub('[a-z]', '', part['d'])):02}" if "d" in part else ""
        return f"{year or 'XXXX'}-{month}{day}"
    return {
        "range": f"{part.get('y1')}/{part.get('y2')}",
        "iso": match.group(),
        "season": f"{year}-{_SEASONS.get(part.get('s', '').lower())}",
        "decade": f"{part.get('c')}X",
        "century": f"{int(part.get('n', '0')) - 1}XX",
        "since": f"{year}/..",
        "about": f"{year}~",
        "year": year,
    }[kind]
