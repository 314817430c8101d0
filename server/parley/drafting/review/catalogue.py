"""What a curator may pick from: the entities of a home, its relation types, its propositions.

Propositions come from the claims of every document, with who affirms and who denies them, so that
a claim on the same matter is put on the same proposition and agreement and contradiction show.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from parley.corpus import claims, documents, ontology
from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from rdflib.term import Node

    from parley.home import Home

#: What tells one proposition from another.
PARTS: Final = (
    PL.subject, PL.relation, PL.object, PL.value, PL.frame, PL.instrument, PL.beneficiary,
    PL.inPlace, PL.regarding, PL.comparedWith, PL.negated, PL.antecedent, PL.consequent,
)  # fmt: skip
#: Classes of which a curator may make a new entity, and the kind that stands in its IRI.
MAKEABLE: Final[Mapping[URIRef, str]] = {
    PL.Person: "actor", PL.State: "actor", PL.Government: "actor", PL.Alliance: "actor",
    PL.Party: "actor", PL.ResearchInstitute: "actor", PL.Organization: "actor",
    PL.ArmedGroup: "actor", PL.PoliticalGrouping: "actor", PL.Population: "actor",
    PL.UnnamedSource: "actor", PL.Place: "place", PL.Contact: "occurrence",
    PL.ArmedConflict: "occurrence", PL.Attack: "occurrence", PL.Cooperation: "occurrence",
    PL.Announcement: "occurrence", PL.Objective: "objective", PL.Topic: "topic",
    PL.Quality: "quality", PL.Role: "quality",
}  # fmt: skip
#: Kinds of IRI that may stand in a proposition.
_PICKED: Final = (
    "actor", "place", "objective", "occurrence", "topic", "quality", "list", "period",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity or relation type: what it is called, its other names, its classes, in words too.

    It is shared when it stands in a file of the home that belongs to no document.
    """

    iri: str
    kind: str
    label: str
    others: tuple[str, ...] = ()
    note: str = ""
    classes: tuple[str, ...] = ()
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Stand:
    """A reviewed claim on a proposition: which, of which document, by whom, for or against."""

    claim: str
    document: str
    claimants: tuple[str, ...]
    polarity: str


@dataclass(frozen=True, slots=True)
class Known:
    """A proposition that some document has, its parts, and the claims on it."""

    iri: str
    label: str
    parts: tuple[tuple[str, str], ...]
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that can be picked, what it is called, and what other files refer to."""

    things: tuple[Thing, ...] = ()
    relations: tuple[Thing, ...] = ()
    classes: tuple[Thing, ...] = ()
    propositions: tuple[Known, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    #: IRIs that a file other than the document's own claims.ttl names.
    elsewhere: frozenset[Node] = frozenset()
    #: Those of them that the document's own file has to describe: no other does, or it is named
    #: in the document's metadata, which must not hang on another document's claims.
    borrowed: frozenset[Node] = frozenset()

    def thing(self, iri: str) -> Thing | None:
        """Return the entity of an IRI, or None when there is none to pick."""
        return next((thing for thing in self.things if thing.iri == iri), None)


class Shelf:
    """The files of a home beside one document's claims.ttl, read again only when they change."""

    def __init__(self, home: Home, slug: str) -> None:
        self._home = home
        self._slug = slug
        self._own = home.documents / slug / claims.CLAIMS_FILE
        self._terms: Graph | None = None
        self._parsed: dict[Path, tuple[tuple[int, int], Graph]] = {}
        self._read: tuple[tuple[object, ...], Catalogue] | None = None

    def read(self) -> Catalogue:
        """Return what can be picked from all files but the document's own claims.

        Raises:
            ParleyError: A file of the home does not parse.
        """
        stamps = {path: _stamp(path) for path in _files(self._home) if path != self._own}
        now = tuple(stamps.items())
        if self._read is None or self._read[0] != now:
            if self._terms is None:
                self._terms = ontology.load(self._home)
            for path, stamp in stamps.items():
                if path not in self._parsed or self._parsed[path][0] != stamp:
                    self._parsed[path] = stamp, ontology.parse(path)
            graphs = {path: self._parsed[path][1] for path in stamps}
            self._read = now, _catalogue(self._home, self._slug, self._terms, graphs)
        return self._read[1]


def with_own(known: Catalogue, graph: Graph) -> Catalogue:
    """Return a catalogue with what the document's own claims describe as well."""
    labels = {**known.labels, **ontology.labels(graph)}
    there = {thing.iri for thing in known.things}
    own = [thing for thing in _things(graph, labels, ()) if thing.iri not in there]
    stands = {p.iri: p for p in _propositions(graph, labels)}
    shared = [_joined(p, stands.pop(p.iri, None)) for p in known.propositions]
    return replace(
        known,
        things=tuple(sorted((*known.things, *own), key=_by_label)),
        propositions=(*shared, *stands.values()),
        labels=labels,
    )


def parts_of(graph: Graph, proposition: Node) -> tuple[tuple[str, str], ...]:
    """Return the parts of a proposition as pairs of local name and IRI or text, sorted."""
    return tuple(
        sorted(
            (str(prop).removeprefix(str(PL)), str(value))
            for prop in PARTS
            for value in graph.objects(proposition, prop)
        )
    )


def _catalogue(home: Home, slug: str, terms: Graph, files: Mapping[Path, Graph]) -> Catalogue:
    whole = Graph(bind_namespaces="none")
    for graph in files.values():
        for triple in graph:
            whole.add(triple)
    labels = ontology.labels(terms) | ontology.labels(whole)
    shared = {s for p, g in files.items() if p.parent == home.data for s in g.subjects()}
    bound = _bound_to_others(home, slug)
    return Catalogue(
        things=tuple(t for t in _things(whole, labels, shared) if not bound(t.iri)),
        relations=tuple(_relations(terms, labels)),
        classes=tuple(
            Thing(str(cls), kind, labels.get(str(cls), str(cls))) for cls, kind in MAKEABLE.items()
        ),
        propositions=tuple(
            known
            for known in _propositions(whole, labels)
            if not any(bound(value) for _, value in known.parts)
        ),
        labels=labels,
        elsewhere=frozenset(term for triple in whole for term in triple[::2]),
        borrowed=_borrowed(whole, files.get(home.documents / slug / claims.DOCUMENT_FILE, whole)),
    )


def _borrowed(whole: Graph, metadata: Graph) -> frozenset[Node]:
    named = {o for o in whole.objects() if (o, RDF.type, None) not in whole}
    return frozenset(named | set(metadata.objects()))


def _joined(known: Known, own: Known | None) -> Known:
    return known if own is None else replace(known, stands=(*known.stands, *own.stands))


def _by_label(thing: Thing) -> tuple[str, str]:
    return thing.label.lower(), thing.iri


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _files(home: Home) -> list[Path]:
    shared = sorted(home.data.glob("*.ttl"))
    folders = documents.list_documents(home)
    own = [folder / n for folder in folders for n in (claims.DOCUMENT_FILE, claims.CLAIMS_FILE)]
    return [path for path in (*shared, *own) if path.is_file()]


def _bound_to_others(home: Home, slug: str) -> Callable[[str], bool]:
    """Return what says whether an entity belongs to another document alone."""
    others = [f.name for f in documents.list_documents(home) if f.name != slug]
    marks = tuple(f"{name}-" for name in others if not slug.startswith(f"{name}-"))
    return lambda iri: iri.startswith(str(PLID)) and iri.rpartition("/")[2].startswith(marks)


def _names(graph: Graph) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for prop in (RDFS.label, SKOS.altLabel):
        for subject, name in sorted(graph.subject_objects(prop), key=str):
            if getattr(name, "language", None) in {None, "en"}:
                found.setdefault(str(subject), []).append(str(name))
    return {iri: tuple(dict.fromkeys(names)) for iri, names in found.items()}


def _things(graph: Graph, labels: Mapping[str, str], shared: Collection[Node]) -> list[Thing]:
    names = _names(graph)
    found = []
    for subject in sorted(set(graph.subjects(RDF.type)), key=str):
        kind = str(subject).removeprefix(str(PLID)).partition("/")[0]
        if not str(subject).startswith(str(PLID)) or kind not in _PICKED:
            continue
        types = sorted(map(str, graph.objects(subject, RDF.type)))
        classes = tuple(cls for cls in types if cls.startswith(str(PL)))
        label = labels.get(str(subject), str(subject).rpartition("/")[2].replace("-", " "))
        thing = Thing(
            iri=str(subject),
            kind=kind,
            label=label,
            others=tuple(n for n in names.get(str(subject), ()) if n != label),
            note=", ".join(labels.get(cls, "") for cls in classes),
            classes=classes,
            shared=subject in shared,
        )
        found.append(thing)
    return sorted(found, key=_by_label)


def _relations(terms: Graph, labels: Mapping[str, str]) -> list[Thing]:
    found = [
        Thing(
            str(relation),
            "relation",
            labels.get(str(relation), str(relation).rpartition("/")[2].replace("-", " ")),
            tuple(sorted(str(alt) for alt in terms.objects(relation, SKOS.altLabel))),
            str(terms.value(relation, SKOS.definition, any=True) or ""),
        )
        for relation in set(terms.subjects(RDF.type, PL.RelationType))
    ]
    return sorted(found, key=_by_label)


def _propositions(graph: Graph, labels: Mapping[str, str]) -> list[Known]:
    stands: dict[Node, list[Stand]] = {}
    for claim, content in sorted(graph.subject_objects(PL.content), key=str):
        if (claim, PL.status, PL.reviewed) in graph:
            stands.setdefault(content, []).append(_stand(graph, claim))
    return [
        Known(str(node), labels.get(str(node), ""), parts_of(graph, node), tuple(found))
        for node, found in sorted(stands.items(), key=lambda item: str(item[0]))
    ]


def _stand(graph: Graph, claim: Node) -> Stand:
    return Stand(
        str(claim),
        str(claim).removeprefix(f"{PLID}claim/").partition("/")[0],
        tuple(sorted(str(actor) for actor in graph.objects(claim, PL.claimant))),
        str(graph.value(claim, PL.polarity, any=True) or "").removeprefix(str(PL)),
    )
