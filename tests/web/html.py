"""Just enough of an HTML reader to ask a page what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


@dataclass
class Element:
    """An element: tag, attributes, children in order; text is a child of type str."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within, white space made single."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """All text within as it stands."""
        return "".join(c if isinstance(c, str) else c.raw for c in self.children)

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list[Element]:
        """Return the elements within that have a tag, a class and attributes."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child.fits(tag, css, attributes):
                    found.append(child)
                found += child.all(tag, css, **attributes)
        return found

    def one(self, tag: str = "", css: str = "", **attributes: str) -> Element:
        """Return the only element that fits."""
        [found] = self.all(tag, css, **attributes)
        return found

    def fits(self, tag: str, css: str, attributes: dict[str, str]) -> bool:
        """Say whether this element has the tag, the class and the attributes."""
        classes = self.attributes.get("class", "").split()
        return (
            tag in ("", self.tag)
            and (not css or css in classes)
            and all(self.attributes.get(name) == value for name, value in attributes.items())
        )

    def without(self, tag: str) -> Element:
        """Return a copy that lacks the elements of a tag."""
        kept = [
            child.without(tag) if isinstance(child, Element) else child
            for child in self.children
            if isinstance(child, str) or child.tag != tag
        ]
        return Element(self.tag, self.attributes, kept)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(text: str) -> Element:
    """Read a page; every element must be closed in its place."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == [reader.root], [element.tag for element in reader.open]
    return reader.root
