"""Links to other datasets: reviewed SSSOM tables, and the triples they stand for.

See https://mapping-commons.github.io/sssom/: tab-separated, with ``#`` lines of YAML metadata
before the header. Of the metadata only ``curie_map`` is read. A row counts when a person has
looked at it: it names the reviewer.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from parley.errors import LinkError, Place, TermError, reason
from parley.namespaces import PREFIXES, SCHEMA
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Columns without which a row links nothing.
REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: Columns of which one says who looked at a row.
REVIEWERS: Final = ("reviewer_label", "reviewer_id")
#: What a link may say; never identity in OWL's sense: a state and its land share an identifier.
PREDICATES: Final = frozenset(
    {
        SCHEMA.sameAs,
        SKOS.exactMatch,
        SKOS.closeMatch,
        SKOS.broadMatch,
        SKOS.narrowMatch,
        SKOS.relatedMatch,
        RDFS.seeAlso,
    }
)
_HTTP: Final = re.compile(r"https?://[^/?#]+")
_CURIE_ROW: Final = re.compile(r"#\s+\"?([A-Za-z][\w.-]*)\"?\s*:\s*\"?(\S+?)\"?\s*$")
_TOP_KEY: Final = re.compile(r"#\s?[A-Za-z_]+\s*:")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a link table: subject, predicate, object, and why it is held to be true."""

    subject: str
    predicate: str
    object: str
    justification: str
    row: int


def read(path: Path) -> list[Mapping]:
    """Read a table of links; rows count the lines of the file from 1.

    Raises:
        LinkError: A column is missing, a value is no absolute http(s) IRI or no CURIE of the
            table's map, or the predicate is none that a link may have.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(
            f"{path.name} cannot be read: {reason(error)}.", place=Place(str(path))
        ) from error
    comments = [line for line in lines if line.startswith("#")]
    first = next((n for n, line in enumerate(lines, 1) if line and not line.startswith("#")), 0)
    if not first:
        return []
    prefixes = PREFIXES | _curie_map(comments)
    header = lines[first - 1].split("\t")
    _check_header(header, path, first)
    rows = [
        (number, next(csv.reader([line], delimiter="\t")))
        for number, line in enumerate(lines[first:], first + 1)
        if line.strip()
    ]
    return [
        _mapping(dict(zip(header, cells, strict=False)), header, prefixes, Place(str(path), number))
        for number, cells in rows
    ]


def to_graph(mappings: Iterable[Mapping]) -> Graph:
    """Return the triple of each mapping."""
    graph = Graph(bind_namespaces="none")
    for mapping in mappings:
        graph.add((URIRef(mapping.subject), URIRef(mapping.predicate), URIRef(mapping.object)))
    return graph


def _check_header(header: list[str], path: Path, line: int) -> None:
    for name in REQUIRED:
        if name not in header:
            raise LinkError(
                f"{path.name} has no column {name}.",
                remedy=f"A link table has the columns {', '.join(REQUIRED)}, tabs between them.",
                place=Place(str(path), line),
            )


def _mapping(
    row: dict[str, str], header: list[str], prefixes: dict[str, str], place: Place
) -> Mapping:
    cells = {}
    for name in REQUIRED:
        at = Place(place.source, place.line, header.index(name) + 1)
        value = row.get(name, "").strip()
        if not value:
            raise LinkError(f"The column {name} is empty.", place=at)
        cells[name] = _expand(value, prefixes, at)
    if URIRef(cells["predicate_id"]) not in PREDICATES:
        iri = cells["predicate_id"]
        raise LinkError(
            f"A link cannot be {'owl:sameAs' if iri == str(OWL.sameAs) else f'<{iri}>'}.",
            remedy="Use schema:sameAs, or a SKOS match between concepts.",
            place=Place(place.source, place.line, header.index("predicate_id") + 1),
        )
    if not any(row.get(name, "").strip() for name in REVIEWERS):
        raise LinkError(
            "Nobody has reviewed this link.",
            remedy=f"Look at it, and put yourself into the column {REVIEWERS[0]}.",
            place=Place(place.source, place.line, _column(header, REVIEWERS[0])),
        )
    subject, predicate, target, justification = (cells[name] for name in REQUIRED)
    return Mapping(subject, predicate, target, justification, place.line or 0)


def _column(header: list[str], name: str) -> int | None:
    return header.index(name) + 1 if name in header else None


def _expand(value: str, prefixes: dict[str, str], place: Place) -> str:
    prefix, colon, name = value.partition(":")
    iri = prefixes[prefix] + name if colon and prefix in prefixes else value
    try:
        check_iri(iri)
    except TermError as error:
        raise LinkError(error.message, remedy=error.remedy, place=place) from error
    if not _HTTP.match(iri):
        raise LinkError(
            f"{value!r} is no http or https IRI, nor a CURIE of the table's curie_map.",
            remedy="Write the whole IRI, or add the prefix to curie_map.",
            place=place,
        )
    return iri


def _curie_map(comments: list[str]) -> dict[str, str]:
    prefixes = {}
    inside = False
    for line in comments:
        if _TOP_KEY.match(line) and not re.match(r"#\s{2,}", line):
            inside = "curie_map" in line
        elif inside and (match := _CURIE_ROW.match(line)):
            prefixes[match[1]] = match[2]
    return prefixes
