"""Web Annotations as JSON-LD, alone, in collections, or as Hypothes.is exports them.

Only the terms of the Web Annotation vocabulary (https://www.w3.org/TR/annotation-vocab/) are
read, by their names: an @context is never fetched, and what it might mean by other names is not
followed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from parley.drafting import sources
from parley.drafting.anchoring import Selector
from parley.drafting.importing.marks import UNTAGGED, Annotations, Left, Mark, shorten
from parley.errors import DraftError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    Node = dict[str, Any]

#: Annotations in one file.
MOST: Final = 100_000
_LISTS: Final = ("rows", "annotations", "items", "@graph", "first")
_DEEPEST: Final = 8
_LABEL_PURPOSES: Final = frozenset({"tagging", "classifying", "identifying"})
_OA: Final = "http://www.w3.org/ns/oa#"
_LONG: Final = 200_000


def read(content: bytes, name: str) -> Annotations:
    """Read annotations from JSON.

    Raises:
        DraftError: It is no JSON, nests too deep, or holds no annotations or too many.
    """
    found = Annotations()
    items = list(_items(_parse(content, name), name))
    if not items:
        raise DraftError(
            f"{name} holds no annotations.",
            remedy="Give a W3C Web Annotation, a collection of them, or an export of Hypothes.is.",
        )
    for number, item in enumerate(items, start=1):
        _annotation(item, name, number, found)
    return found


def _parse(content: bytes, name: str) -> object:
    if len(content) > sources.MAX_BYTES:
        raise DraftError(
            f"{name} is larger than {sources.MAX_BYTES} bytes.", remedy="Split it into files."
        )
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=str)
    except json.JSONDecodeError as error:
        raise DraftError(
            f"{name} is no JSON: {error.msg}.",
            remedy="Export it again as JSON.",
            place=Place(name, error.lineno, error.colno),
        ) from error
    except (RecursionError, ValueError) as error:
        raise DraftError(
            f"{name} cannot be read: it nests too deep, or is not UTF-8, or holds absurd numbers.",
            remedy="Export it again as JSON.",
            place=Place(name),
        ) from error


def _items(data: object, name: str) -> Iterator[object]:
    """Yield annotations in the order of the file, out of lists and collections."""
    waiting: list[tuple[object, int]] = [(data, 0)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, list) and depth < _DEEPEST:
            waiting += [(item, depth + 1) for item in reversed(node)]
            continue
        if isinstance(node, dict) and "target" not in node and "oa:hasTarget" not in node:
            inner = [node[key] for key in _LISTS if isinstance(node.get(key), (list, dict))]
            if inner and depth < _DEEPEST:
                waiting += [(item, depth + 1) for item in reversed(inner)]
                continue
            if depth == 0:
                return
        count += 1
        if count > MOST:
            raise DraftError(f"{name} holds more than {MOST} annotations.", remedy="Split it.")
        yield node


def _annotation(item: object, name: str, number: int, found: Annotations) -> None:
    place = f"{name} #{number}"
    if not isinstance(item, dict):
        found.left.append(Left(place, f"is {type(item).__name__}, not an annotation."))
        return
    node = _plain(item)
    identifier = _text(node.get("id")) or str(number)
    place = f"{place} ({identifier[:60]})" if identifier != str(number) else place
    if node.get("references"):
        found.left.append(Left(place, "is a reply to another annotation."))
        return
    labels, notes = _bodies(node)
    targets = _list(node.get("target"))
    if not targets:
        found.left.append(Left(place, "has no target."))
    for index, target in enumerate(targets):
        selector = _selector(target)
        if selector is None:
            reason = "selects no words: it has neither a quotation nor a position."
            found.left.append(Left(place, reason))
            continue
        found.marks.append(
            Mark(
                id=f"{name}#{number}.{index}", place=place, labels=labels, selector=selector,
                note=shorten("; ".join(notes)),
            )
        )  # fmt: skip


def _bodies(node: Node) -> tuple[tuple[str, ...], list[str]]:
    """Return the labels of an annotation and its notes."""
    labels = [_text(tag) for tag in _list(node.get("tags"))]
    notes = [_text(node.get("text")), _text(node.get("bodyValue"))]
    motivation = {_last(_text(m)) for m in _list(node.get("motivation"))}
    for body in _list(node.get("body")):
        words, purpose = _body(body)
        is_label = _LABEL_PURPOSES & (purpose or motivation)
        (labels if is_label else notes).append(words)
    return tuple(filter(None, labels)) or (UNTAGGED,), [note for note in notes if note]


def _body(body: object) -> tuple[str, set[str]]:
    if not isinstance(body, dict):
        return _text(body), set()
    node = _plain(body)
    purposes = {_last(_text(p)) for p in _list(node.get("purpose"))}
    words = _text(node.get("value")) or _text(node.get("source")) or _text(node.get("id"))
    return words, purposes


def _selector(target: object) -> Selector | None:
    if not isinstance(target, dict):
        return None
    parts = dict[str, Any]()
    waiting = [(item, 0) for item in _list(_plain(target).get("selector"))]
    while waiting:
        item, depth = waiting.pop(0)
        if not isinstance(item, dict):
            continue
        node = _plain(item)
        kind = {_last(_text(t)) for t in _list(node.get("type"))}
        if "TextQuoteSelector" in kind:
            parts |= {k: _text(node.get(k)) for k in ("exact", "prefix", "suffix")}
        if "TextPositionSelector" in kind:
            parts |= {k: _number(node.get(k)) for k in ("start", "end")}
        if depth < _DEEPEST:
            waiting += [(inner, depth + 1) for inner in _list(node.get("refinedBy"))]
    return Selector(**parts) if parts.get("exact") or parts.get("start") is not None else None


def _plain(node: Node) -> Node:
    """Return a node with the vocabulary's own names shortened as its context does."""
    return {_key(str(key)): value for key, value in node.items()}


def _key(key: str) -> str:
    name = key.removeprefix("oa:").removeprefix(_OA).removeprefix("rdf:").removeprefix("@")
    if name.startswith("has") and name[3:4].isupper():
        name = name[3].lower() + name[4:]
    return {"motivatedBy": "motivation", "chars": "value"}.get(name, name)


def _last(text: str) -> str:
    return text.rpartition("#")[2].rpartition(":")[2] if "#" in text else text.rpartition(":")[2]


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    return sources.clean(value[:_LONG]) if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
