"""A picture as a file of its own: its colours in it, its links absolute, light."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

_STYLE_SHEET: Final = Path(__file__).parent.parent / "static" / "app.css"
_COLOUR: Final = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)")
_SVG: Final = "http://www.w3.org/2000/svg"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
_KINDS: Final = ("actor", "contact", "objective", "stance", "statement")


def make(picture: str, *, base: str) -> str:
    """Return a picture that needs neither the style sheet nor the page it was drawn for.

    Colours are attributes, so that no viewer's rules on styles stand in their way.

    Args:
        picture: A picture as drawn for a page.
        base: The address of the server, against which links are resolved.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(picture)  # noqa: S314 - our own output
    root.set("font-family", _FONT)
    colours = palette()
    ground = ET.Element(
        f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": colours["paper"]}
    )
    root.insert(2, ground)
    _dress(root, colours, "context")
    for anchor in root.iter(f"{{{_SVG}}}a"):
        anchor.set("href", urljoin(base, anchor.get("href", "")))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


@cache
def palette() -> dict[str, str]:
    """Return the light colours of the style sheet by name."""
    text = _STYLE_SHEET.read_text(encoding="utf-8")
    return {name: light for name, light, _ in _COLOUR.findall(text)}


def _dress(element: ET.Element, colours: dict[str, str], kind: str) -> None:
    """Give an element and all in it the attributes that its classes have in the style sheet."""
    for child in element:
        classes = child.get("class", "").split()
        inner = next((c for c in classes if c in _KINDS), "statement" if "bar" in classes else kind)
        for name, value in _attributes(child.tag.partition("}")[2], classes, inner, colours):
            child.set(name, value)
        boxed = "node" in classes
        _dress(child, colours, f"box {inner}" if boxed else inner)


def _attributes(
    tag: str, classes: list[str], kind: str, colours: dict[str, str]
) -> list[tuple[str, str]]:
    own = colours[f"c-{kind.removeprefix('box ')}"]
    if "mark" in classes:
        if kind.startswith("box "):
            return [("fill", colours["sheet"]), ("stroke", own), ("stroke-width", "1.4")]
        return [("fill", own)]
    if tag == "text":
        quiet = {"lane", "year", "word"} & set(classes)
        middle = [("text-anchor", "middle")] if {"year", "word"} & set(classes) else []
        return [("fill", colours["quiet" if quiet else "ink"]), *middle]
    named = {
        "band": [("fill", colours["band"])],
        "veil": [("fill", colours["band"])],
        "tick": [("stroke", colours["rule"])],
        "line": [("fill", "none"), ("stroke", colours["line"]), ("stroke-width", "1.1")],
        "hit": [("fill", "none")],
    }
    return next((named[c] for c in classes if c in named), [])
