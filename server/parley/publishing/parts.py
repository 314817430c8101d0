"""Cut a graph into parts that can be sent one after the other without tearing a blank node."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LABEL: Final = re.compile(rb"^(_:\S+) | (_:\S+) \.\s*$")
_ESCAPED_U: Final = re.compile(rb"(?<!\\)((?:\\\\)+)([uU])")


def units(triples: bytes) -> list[bytes]:
    """Return what must stay together: single lines, and lines joined by their blank nodes.

    Args:
        triples: N-Triples, one triple on a line.
    """
    leaders: dict[bytes, bytes] = {}
    lines = triples.splitlines(keepends=True)
    labels = [_labels(line) for line in lines]
    for found in labels:
        for label in found:
            leaders[_leader(leaders, label)] = _leader(leaders, found[0])
    joined: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line, found in zip(lines, labels, strict=True):
        joined[_leader(leaders, found[0]) if found else line].append(line)
    return [b"".join(group) for group in joined.values()]


def pack(pieces: Iterable[bytes], max_bytes: int) -> list[list[bytes]]:
    """Put pieces into parts of at most so many bytes; a larger piece has a part of its own."""
    parts: list[list[bytes]] = [[]]
    size = 0
    for piece in pieces:
        if parts[-1] and size + len(piece) > max_bytes:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += len(piece)
    return parts


def to_insert(name: str, triples: bytes) -> str:
    """Return the update that adds triples to a graph.

    Blank nodes stand in a template, because not every engine takes them as data. An escaped
    backslash before a ``u`` is no code point (https://www.w3.org/TR/sparql11-query/#codepointEscape).
    """
    text = _ESCAPED_U.sub(_spell_out, triples).decode("utf-8")
    if any(_labels(line) for line in triples.splitlines(keepends=True)):
        return f"INSERT {{ GRAPH <{name}> {{\n{text}}} }} WHERE {{}}"
    return f"INSERT DATA {{ GRAPH <{name}> {{\n{text}}} }}"


def _labels(line: bytes) -> list[bytes]:
    return [first or last for first, last in _LABEL.findall(line)]


def _leader(leaders: dict[bytes, bytes], label: bytes) -> bytes:
    while (above := leaders.setdefault(label, label)) != label:
        leaders[label] = leaders[above]
        label = above
    return label


def _spell_out(match: re.Match[bytes]) -> bytes:
    return match[1] + (b"\\u0075" if match[2] == b"u" else b"\\u0055")
