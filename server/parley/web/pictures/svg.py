"""The few SVG parts all pictures are made of, with text measured without fonts.

Elements are built as a tree and serialised at the end, so every label is escaped; colours come
from the page's style sheet by class, so that dark mode and printing apply.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from parley.web.pictures import script
from parley.web.pictures.script import clean

_WIDE: Final = frozenset("MWmw@%—")
_NARROW: Final = frozenset("iljtfrI1.,;:'’|!()[] ")
#: Marks of direction, which take no room.
_MARKS: Final = frozenset((script.ISOLATE, script.POP))
_LINKED: Final = frozenset({"", "http", "https"})

LINE_HEIGHT: Final = 1.25


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in user units (CSS pixels at scale 1), y growing downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """The y of the horizontal middle line."""
        return self.y + self.height / 2


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is at a font size, both in user units; never too small."""
    ems = sum(
        0.98 if c in _WIDE else 0.38 if c in _NARROW else 0.72 if c.isupper() else 0.63
        for c in text
        if c not in _MARKS
    )
    return ems * size


def wrap(text: str, width: float, size: float, *, lines: int = 4) -> list[str]:
    """Break a text at spaces into at most so many lines; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    words = clean(text).split()
    while words and len(rows) < lines:
        row = words.pop(0)
        while words and text_width(f"{row} {words[0]}", size) <= width:
            row = f"{row} {words.pop(0)}"
        rows.append(row)
    if words:
        rows[-1] = f"{rows[-1]} {words[0]}…"
    return script.close([_shorten(row, width, size) for row in rows]) or [""]


def _shorten(row: str, width: float, size: float) -> str:
    if text_width(row, size) <= width:
        return row
    while len(row) > 1 and text_width(f"{row}…", size) > width:
        row = row[:-1]
    return f"{row.rstrip('… ')}…"


def picture(width: float, height: float, *, title: str, description: str, name: str) -> ET.Element:
    """Start a picture that screen readers announce by title and enter for its links."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"picture {name}",
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": number(width),
            "height": number(height),
            "role": "group",
            "aria-labelledby": f"{name}-title {name}-description",
        },
    )
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = clean(title)
    ET.SubElement(root, "desc", {"id": f"{name}-description"}).text = clean(description)
    return root


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def add(parent: ET.Element, tag: str, css: str = "", **attributes: float | str) -> ET.Element:
    """Append an element; attribute names have ``_`` for ``-``, numbers are written short."""
    given = {
        name.replace("_", "-"): value if isinstance(value, str) else number(value)
        for name, value in attributes.items()
    }
    return ET.SubElement(parent, tag, {"class": css, **given} if css else given)


def text(
    parent: ET.Element, rows: list[str], x: float, y: float, *, css: str = "", size: float = 13
) -> ET.Element:
    """Append text, one line per row; (x, y) is the baseline of the first."""
    element = add(parent, "text", css, x=x, y=y, font_size=size)
    for index, row in enumerate(rows):
        line = add(element, "tspan", x=x, dy=size * LINE_HEIGHT if index else 0)
        plain = clean(row)
        line.text = plain if script.ISOLATE in plain else script.isolate(plain)
    return element


def link(parent: ET.Element, href: str, *, label: str, css: str = "") -> ET.Element:
    """Append a link with a tooltip; an address neither http(s) nor local becomes a plain group."""
    safe = urlsplit(href).scheme in _LINKED and href
    element = add(parent, "a", css, href=href) if safe else add(parent, "g", css)
    ET.SubElement(element, "title").text = clean(label)
    return element


def to_string(root: ET.Element) -> str:
    """Serialise a finished picture."""
    return ET.tostring(root, encoding="unicode")
