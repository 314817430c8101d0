"""Propose links from a table somebody supplies: SSSOM rows for a person to accept or strike out.

A table has one thing a line: its ``id`` (an IRI, or what becomes one behind a namespace) and
``label``, and as far as it knows ``aliases`` (``|`` between them), ``type`` and ``dates``.
"""

from __future__ import annotations

import csv
import io
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SKOS, Graph

from parley.corpus import ontology
from parley.corpus.matching import MEASURE, Candidate, Kinds, Name, Thing, read_years
from parley.errors import LinkError, Place, TermError, reason
from parley.namespaces import PL, PLID
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rdflib.term import Node

    from parley.home import Home

#: What a table may call its columns, in lower case.
_COLUMNS: Final = {
    "id": ("id", "iri", "uri", "item", "identifier"),
    "label": ("label", "name", "itemlabel", "title"),
    "aliases": ("aliases", "alias", "altlabel", "itemaltlabel", "also known as"),
    "type": ("type", "kind", "class", "typelabel"),
    "dates": ("dates", "date", "years", "period"),
}
#: Columns of the proposals, as SSSOM names them.
FIELDS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "mapping_date", "confidence", "subject_match_field",
    "object_match_field", "match_string", "similarity_score", "similarity_measure", "comment",
)  # fmt: skip
_KINDS: Final = ("actor", "place", "occurrence", "topic")
_LIFE: Final = re.compile(r"\((?:\d{4}\s*[–-]\s*(?:\d{4})?|[^()]*\d{4})\)")
_HTTP: Final = re.compile(r"https?://[^/?#]+")


def read_table(path: Path, kinds: Kinds, *, namespace: str = "") -> list[Thing]:
    """Read the things of a table; tabs or commas are told apart by the header.

    Args:
        path: The table, in UTF-8.
        kinds: What the words of its type column may mean.
        namespace: Put before an id that is no IRI.

    Raises:
        LinkError: It cannot be read, or lacks a column or value (row, column).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(
            f"{path.name} cannot be read: {reason(error)}.", place=Place(str(path))
        ) from error
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in head else ",", strict=True)
    try:
        columns = _find_columns([cell.strip().lower() for cell in next(rows, [])], path)
        return [
            _read_thing(cells, columns, kinds, namespace, Place(str(path), rows.line_num))
            for cells in rows
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise LinkError(f"The row does not parse: {error}.", place=Place(str(path))) from error


def read_home(home: Home) -> tuple[list[Thing], Kinds]:
    """Return the things of a home that can be linked, and the kinds of its ontology.

    Raises:
        ParleyError: A file of the home does not parse.
    """
    terms = ontology.load(home)
    classes = [c for c in terms.subjects(RDF.type, OWL.Class) if str(c).startswith(str(PL))]
    names = {c: _english(terms, c) for c in classes}
    supers = {
        name: frozenset(
            names[s] for s in terms.transitive_objects(c, RDFS.subClassOf) if s in names
        )
        for c, name in names.items()
    }
    entities = Graph(bind_namespaces="none")
    for path in sorted(home.data.glob("*.ttl")):
        entities += ontology.parse(path)
    wanted = tuple(str(PLID[kind]) + "/" for kind in _KINDS)
    iris = sorted({s for s in entities.subjects(RDFS.label) if str(s).startswith(wanted)}, key=str)
    things = [_describe(entities, iri, names) for iri in iris]
    return things, Kinds(supers, frozenset(_disjoint(terms, names)))


def write_proposals(
    candidates: Iterable[Candidate], *, table: str, day: date, prefixes: Mapping[str, str]
) -> str:
    """Return proposals as an SSSOM table: nobody has reviewed them, and each row says so.

    Args:
        candidates: What is proposed.
        table: What the table is called, for the title.
        day: The day of the proposals.
        prefixes: Short names for the IRIs.
    """
    used: dict[str, str] = {}
    rows = [_row(candidate, day, prefixes, used) for candidate in candidates]
    out = io.StringIO()
    title = " ".join(table.split())
    out.write(
        "#mapping_set_id: https://w3id.org/parley/links/proposals\n"
        f'#mapping_set_title: "Proposals from {title.replace(chr(34), "")}"\n'
        "#license: https://creativecommons.org/licenses/by/4.0/\n"
        f"#mapping_tool: parley reconcile\n#mapping_tool_version: {version('parley-claims')}\n"
        "#curie_map:\n"
    )
    for prefix in sorted({**used, "semapv": "https://w3id.org/semapv/vocab/"}):
        out.write(f"#  {prefix}: {used.get(prefix, 'https://w3id.org/semapv/vocab/')}\n")
    writer = csv.DictWriter(out, FIELDS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _find_columns(header: Sequence[str], path: Path) -> dict[str, int]:
    found = {
        field: header.index(name)
        for field, names in _COLUMNS.items()
        for name in reversed(names)
        if name in header
    }
    for field in ("id", "label"):
        if field not in found:
            raise LinkError(
                f"{path.name} has no column {field}.",
                remedy=f"Name a column one of: {', '.join(_COLUMNS[field])}.",
                place=Place(str(path), 1),
            )
    return found


def _read_thing(
    cells: Sequence[str], columns: Mapping[str, int], kinds: Kinds, namespace: str, place: Place
) -> Thing:
    given = {field: cells[n].strip() for field, n in columns.items() if n < len(cells)}
    for field in ("id", "label"):
        if not given.get(field):
            at = Place(place.source, place.line, columns[field] + 1)
            raise LinkError(f"The column {field} is empty.", place=at)
    iri = given["id"] if _HTTP.match(given["id"]) else namespace + given["id"]
    try:
        check_iri(iri)
    except TermError as error:
        at = Place(place.source, place.line, columns["id"] + 1)
        remedy = "Write whole IRIs, or give --namespace."
        raise LinkError(error.message, remedy=remedy, place=at) from error
    aliases = [a.strip() for a in given.get("aliases", "").split("|") if a.strip()]
    names = [Name(given["label"], "label"), *(Name(alias, "aliases") for alias in aliases)]
    found = kinds.find(given.get("type", ""))
    return Thing(iri, tuple(names), found, read_years(given.get("dates", "")))


def _describe(entities: Graph, iri: Node, names: Mapping[Node, str]) -> Thing:
    labels = sorted(entities.objects(iri, RDFS.label), key=_english_first)
    aliases = sorted(entities.objects(iri, SKOS.altLabel), key=str)
    found = [Name(str(label), "rdfs:label") for label in labels]
    found += [Name(str(alias), "skos:altLabel") for alias in aliases]
    kinds = frozenset(names.get(c, "") for c in entities.objects(iri, RDF.type)) - {""}
    definition = str(entities.value(iri, SKOS.definition) or "")
    periods = [str(entities.value(p, PL.edtf)) for p in entities.objects(iri, PL.holdsDuring)]
    life = _LIFE.search(definition) if "person" in kinds else None
    return Thing(str(iri), tuple(found), kinds, read_years(" ".join(periods) or (life or [""])[0]))


def _english(graph: Graph, term: Node) -> str:
    labels = sorted(graph.objects(term, RDFS.label), key=_english_first)
    return str(labels[0]).casefold() if labels else ""


def _english_first(label: Node) -> tuple[bool, str, str]:
    language = getattr(label, "language", None) or ""
    return language != "en", language, str(label)


def _disjoint(terms: Graph, names: Mapping[Node, str]) -> Iterator[frozenset[str]]:
    """Yield the pairs of kinds that the ontology declares disjoint."""
    for a, b in terms.subject_objects(OWL.disjointWith):
        yield frozenset({names.get(a, ""), names.get(b, "")})
    for axiom in terms.subjects(RDF.type, OWL.AllDisjointClasses):
        members = list(terms.items(next(terms.objects(axiom, OWL.members))))
        for a in members:
            for b in members:
                if a != b:
                    yield frozenset({names.get(a, ""), names.get(b, "")})


def _row(
    candidate: Candidate, day: date, prefixes: Mapping[str, str], used: dict[str, str]
) -> dict[str, str]:
    kind = "LexicalMatching" if candidate.is_exact else "LexicalSimilarityThresholdMatching"
    values = (
        _shorten(candidate.subject.iri, prefixes, used),
        candidate.subject.label,
        _shorten("https://schema.org/sameAs", prefixes, used),
        _shorten(candidate.object.iri, prefixes, used),
        candidate.object.label,
        f"semapv:{kind}",
        day.isoformat(),
        f"{candidate.score:.3f}",
        candidate.subject_name.field,
        candidate.object_name.field,
        candidate.object_name.text,
        f"{candidate.similarity:.3f}",
        MEASURE,
        "; ".join(("not reviewed", *candidate.remarks)),
    )
    return dict(zip(FIELDS, (" ".join(value.split()) for value in values), strict=True))


def _shorten(iri: str, prefixes: Mapping[str, str], used: dict[str, str]) -> str:
    """Return a CURIE where a prefix leaves a name that reads as one; note the prefix."""
    for prefix, namespace in sorted(prefixes.items(), key=lambda item: -len(item[1])):
        name = iri.removeprefix(namespace)
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]+/?", name):
            used[prefix] = namespace
            return f"{prefix}:{name}"
    return iri
