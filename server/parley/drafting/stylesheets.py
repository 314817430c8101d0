"""Which elements the style sheets of a page hide, as far as plain selectors tell.

Read are elements, classes, identifiers and descent; a selector that depends on a state, an
attribute or a place among others is passed over. A page whose very body is hidden is one that
shows itself by script: what holds more than half of a page's words is never held to be hidden.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What takes an element out of sight. An opacity of nought does not: it is how things fade in.
HIDING: Final = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|em|%)?(?:;|!|$)"
    r"|(?<![\w-])(?:text-indent|left|top):-\d{3,}|margin-left:-\d{4,}"
)
_SHOWING: Final = re.compile(r"display:(?!none)|visibility:visible")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SCREEN: Final = re.compile(r"@(?:media\s+(?:only\s+)?(?:screen|all)\b[^{]*|layer\b[^{;]*)$")
_COMPOUND: Final = re.compile(r"(?:[a-z][\w-]*|\*)?(?:[.#][\w-]+)*", re.IGNORECASE)
_PART: Final = re.compile(r"[.#]?[\w*-]+")
#: Text and rules of style sheets that are read, and steps through the page that are taken.
_MOST_TEXT: Final = 2_000_000
_MOST_RULES: Final = 20_000
_MOST_STEPS: Final = 8_000_000


def text_of(page: Any) -> str:
    """Return the text of all style sheets that stand in a page."""
    return "\n".join(text for style in page.iter("style") for text in style.itertext())


def hidden(page: Any, sheets: str) -> list[Any]:
    """Return the elements of a parsed page that style sheets hide."""
    found: dict[Any, None] = {}
    flat, deep = _costs(page)
    left = _MOST_STEPS
    for selector, block in _rules(sheets[:_MOST_TEXT]):
        hides = HIDING.search(block) is not None
        path = _path(selector) if hides or (found and _SHOWING.search(block)) else ""
        if not path:
            continue
        left -= deep if "::" in path else flat
        if left < 0:
            break
        for element in page.xpath(path):
            if hides:
                found[element] = None
            else:
                found.pop(element, None)
    most = _size(page) / 2
    return [element for element in found if _size(element) <= most]


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """Yield each selector with its declarations, blanks left out; of a medium only the screen's."""
    rules = itertools.islice(_for_screens(_COMMENT.sub(" ", sheets)), _MOST_RULES)
    for selectors, declarations in rules:
        plain = "".join(declarations.lower().split())
        for selector in selectors.split(","):
            yield selector.strip(), plain


def _for_screens(text: str) -> Iterator[tuple[str, str]]:
    for prelude, block in _blocks(text):
        if not prelude.startswith("@"):
            yield prelude, block
        elif _SCREEN.match(prelude.lower()):
            yield from _blocks(block)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and within each pair of outermost braces."""
    start, depth, opened = 0, 0, 0
    for match in re.finditer(r"[{};]", text):
        at, sign = match.start(), match.group()
        if sign == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
            if depth == 0:
                yield text[start:opened].strip(), text[opened + 1 : at]
                start = at + 1
        elif depth == 0:
            start = at + 1


def _path(selector: str) -> str:
    """Return the XPath of a plain selector; nothing for one that is not plain."""
    path, axis = "", ""
    for word in selector.replace(">", " > ").split():
        if word == ">":
            axis = "parent::"
            continue
        if not _COMPOUND.fullmatch(word):
            return ""
        path = f"{_step(word)}[{axis}{path}]" if path else _step(word)
        axis = "ancestor::"
    return f"//{path}" if path else ""


def _step(compound: str) -> str:
    tag, tests = "*", ""
    for part in _PART.findall(compound):
        if part.startswith("."):
            tests += f"[contains(concat(' ', normalize-space(@class), ' '), ' {part[1:]} ')]"
        elif part.startswith("#"):
            tests += f"[@id='{part[1:]}']"
        else:
            tag = part.lower()
    return tag + tests


def _costs(page: Any) -> tuple[int, int]:
    """Return how many elements a page has, and how many ancestors they have together."""
    from lxml import etree  # type: ignore[import-untyped]

    count, depth, ancestors = 0, 0, 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        ancestors += depth if event == "start" else 0
    return count, ancestors


def _size(element: Any) -> int:
    """Return how many characters the text of an element has."""
    return sum(len(text) for text in element.xpath("descendant::text()"))
