"""What is refused of an uploaded document before a parser sees it: XML entities that multiply."""

from __future__ import annotations

import re
from typing import Final

from parley.errors import QueryRefusedError

#: Bytes that all entity references of a document may stand for.
MAX_EXPANSION_BYTES: Final = 1_000_000

_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%?)\s*([^\s%\"'>]+)\s+([^>]*+)>")
_VALUE: Final = re.compile(rb"\s*(?:\"([^\"]*)\"|'([^']*)')\s*")


def check_xml(body: bytes) -> None:
    """Let RDF/XML through whose entities are short texts, as ontology editors write them.

    Raises:
        QueryRefusedError: An entity names another entity or a file, or the references to
            entities stand for too much text.
    """
    total = 0
    for parameter, name, declared in _ENTITY.findall(body):
        value = _VALUE.fullmatch(declared)
        text = (value[1] or value[2] or b"") if value else b"&"
        if parameter or b"&" in text:
            raise QueryRefusedError(
                f"The entity {name[:80].decode('utf-8', 'replace')} is more than a short text.",
                remedy="Write the document without entities that name others or files.",
            )
        total += len(text) * body.count(b"&" + name + b";")
    if total > MAX_EXPANSION_BYTES:
        raise QueryRefusedError(
            f"The document's entities stand for {total} bytes; {MAX_EXPANSION_BYTES} are allowed.",
            remedy="Write the document without entities.",
        )
