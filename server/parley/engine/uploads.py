"""Uploaded documents: XML entities that multiply are refused; what does not parse is placed."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from parley.engine.results import RDF_XML
from parley.errors import Place, QueryRefusedError, QuerySyntaxError

#: Bytes that all entity references of a document may stand for.
MAX_EXPANSION_BYTES: Final = 1_000_000

_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%?)\s*([^\s%\"'>]+)\s+([^>]*+)>")
#: What a parser's message quotes of the document, or begins with.
_QUOTED: Final = re.compile(r"'([^']+)'|(@\w+)|prefix (\w+:)|^(.+?) is not a valid ")
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


def place_error(body: bytes, media_type: str, error: QuerySyntaxError) -> QuerySyntaxError:
    """Say where a document does not parse, when the engine's parser does not say it.

    XML that is not well-formed is placed exactly; else what the message quotes, when it stands in
    the document once.
    """
    if error.place is not None:
        return error
    said = error.message.removeprefix("The text does not parse: ")
    if media_type == RDF_XML and (ill := _find_ill_formed(body)):
        return ill
    if "LoadDocumentCallback" in said:
        return QuerySyntaxError(
            "The document's context is at another address, and nothing is fetched.",
            remedy="Write the context into the document.",
            place=_find_quoted(body, "'@context'"),
        )
    where = _find_quoted(body, said)
    return QuerySyntaxError(f"The document does not parse: {said}", place=where)


def _find_ill_formed(body: bytes) -> QuerySyntaxError | None:
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        where = Place("document", error.lineno, error.offset + 1)
        return QuerySyntaxError(f"The document is not well-formed XML: {said}.", place=where)
    return None


def _find_quoted(body: bytes, message: str) -> Place | None:
    match = _QUOTED.search(message)
    quoted = match[match.lastindex or 0].encode("utf-8") if match else b""
    if not quoted or body.count(quoted) != 1:
        return None
    before = body[: body.index(quoted)]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return Place("document", line, column)
