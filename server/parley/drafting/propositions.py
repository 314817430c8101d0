"""The propositions of a home's documents: what each says, and which claims affirm or deny it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import Graph
from rdflib.namespace import OWL, RDF, RDFS

from parley.corpus import claims, documents, ontology
from parley.drafting import actors, entities, wording
from parley.namespaces import PL, PLR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from parley.drafting.actors import Gazetteer
    from parley.drafting.wording import Weights
    from parley.home import Home

#: Roles that make a proposition say more than its subject, relation and object.
_ROLES: Final = (
    PL.instrument, PL.beneficiary, PL.inPlace, PL.regarding, PL.comparedWith, PL.frame,
    PL.antecedent, PL.consequent,
)  # fmt: skip
_SILENT: Final = frozenset({PL.rejected, PL.superseded})
_SPOKEN: Final = PLR.states

Key = tuple[str, str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A proposition with the documents that claim it, and the polarities they claim it with."""

    iri: str
    words: str
    tokens: frozenset[str] = field(repr=False)
    documents: tuple[str, ...]
    polarities: frozenset[str]
    #: Subject, relation and objects; None where words stand instead of objects.
    key: Key | None
    #: Whether it says more than its key.
    has_roles: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the documents of a home claim, to compare a draft with."""

    said: Mapping[str, Said]
    weights: Weights = field(repr=False)
    names: Gazetteer = field(repr=False)
    symmetric: frozenset[str]
    #: Every actor that acts for another, with that other.
    principals: Mapping[str, str]
    by_token: Mapping[str, frozenset[str]] = field(repr=False)
    by_position: Mapping[Key, tuple[str, ...]] = field(repr=False)

    def position(self, key: Key) -> Key:
        """Return a key with each actor replaced by the one for whom it acts in the end."""
        return _position(key, self.principals)

    def sharing(self, tokens: Iterable[str]) -> frozenset[str]:
        """Return the propositions that share a token with others than names."""
        found = [self.by_token.get(t, frozenset()) for t in tokens if not t.startswith("@")]
        return frozenset().union(*found)


def read(home: Home, *, without: str = "", reviewed: bool = False) -> Known:
    """Read what a home's documents claim; rejected and superseded claims do not count.

    Args:
        home: The home.
        without: The slug of a document that is left out.
        reviewed: Whether claims that are still drafts are left out too.

    Raises:
        TurtleSyntaxError: A file does not parse.
    """
    names = actors.gazetteer(entities.read(home).affiliations)
    shared = Graph(bind_namespaces="none")
    for path in [*sorted(home.data.glob("*.ttl")), *sorted(home.ontology.glob("*.ttl"))]:
        shared += ontology.parse(path)
    whole = Graph(bind_namespaces="none")
    contents: dict[Node, list[tuple[str, str]]] = defaultdict(list)
    for folder in documents.list_documents(home):
        path = folder / claims.CLAIMS_FILE
        if folder.name == without or not path.is_file():
            continue
        graph = ontology.parse(path)
        for content, polarity in claimed(graph, reviewed=reviewed):
            contents[content].append((folder.name, polarity))
        whole += graph
    symmetric, principals = _symmetric(shared), _principals(shared)
    found = [describe(whole, content, uses, names, symmetric) for content, uses in contents.items()]
    return Known(
        said={said.iri: said for said in found},
        weights=wording.weigh(said.tokens for said in found),
        names=names,
        symmetric=symmetric,
        principals=principals,
        by_token=_by_token(found),
        by_position=_by_position(found, principals),
    )


def claimed(graph: Graph, *, reviewed: bool = False) -> Iterator[tuple[Node, str]]:
    """Yield the content and the polarity of each claim that stands, in the order of claims."""
    silent = _SILENT | {PL.drafted} if reviewed else _SILENT
    for claim in sorted(graph.subjects(RDF.type, PL.Claim), key=str):
        content = graph.value(claim, PL.content)
        if content is not None and graph.value(claim, PL.status) not in silent:
            yield content, str(graph.value(claim, PL.polarity)).removeprefix(str(PL))


def describe(
    graph: Graph,
    proposition: Node,
    uses: list[tuple[str, str]],
    names: Gazetteer,
    symmetric: frozenset[str],
) -> Said:
    """Return what a graph says of a proposition; uses are documents and polarities."""
    words = wording_of(graph, proposition)
    return Said(
        iri=str(proposition),
        words=words,
        tokens=wording.tokens(words, names),
        documents=tuple(sorted({document for document, _ in uses})),
        polarities=frozenset(polarity for _, polarity in uses),
        key=_key(graph, proposition, symmetric),
        has_roles=any((proposition, role, None) in graph for role in _ROLES),
    )


def wording_of(graph: Graph, proposition: Node) -> str:
    """Return a proposition in words: those that it states, else its label."""
    value = graph.value(proposition, PL.value)
    if value is not None and graph.value(proposition, PL.relation) == _SPOKEN:
        return str(value)
    labels = sorted(
        graph.objects(proposition, RDFS.label), key=lambda it: getattr(it, "language", "") != "en"
    )
    label = str(labels[0]) if labels else ""
    if value is None or str(value) in label:
        return label
    return f"{label} {value}"


def _key(graph: Graph, proposition: Node, symmetric: frozenset[str]) -> Key | None:
    subject, relation = (graph.value(proposition, p) for p in (PL.subject, PL.relation))
    objects = frozenset(map(str, graph.objects(proposition, PL.object)))
    if subject is None or relation is None or not objects or (proposition, PL.value, None) in graph:
        return None
    if str(relation) in symmetric and len(objects) == 1:
        return "", str(relation), objects | {str(subject)}
    return str(subject), str(relation), objects


def _symmetric(ontology_graph: Graph) -> frozenset[str]:
    """Return the relation types whose direct property is symmetric."""
    pairs = ontology_graph.subject_objects(PL.viewProperty)
    return frozenset(
        str(relation)
        for relation, prop in pairs
        if (prop, RDF.type, OWL.SymmetricProperty) in ontology_graph
    )


def _principals(graph: Graph) -> dict[str, str]:
    return {str(agent): str(principal) for agent, principal in graph.subject_objects(PL.actsFor)}


def _by_token(said: Iterable[Said]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in said:
        for token in one.tokens:
            found[token].add(one.iri)
    return {token: frozenset(iris) for token, iris in found.items()}


def _by_position(said: Iterable[Said], principals: Mapping[str, str]) -> dict[Key, tuple[str, ...]]:
    found: dict[Key, list[str]] = defaultdict(list)
    for one in said:
        if one.key is not None:
            found[_position(one.key, principals)].append(one.iri)
    return {key: tuple(sorted(iris)) for key, iris in found.items()}


def _position(key: Key, principals: Mapping[str, str]) -> Key:
    subject, relation, objects = key
    whose = frozenset(_last(actor, principals) for actor in objects)
    return _last(subject, principals), relation, whose


def _last(actor: str, principals: Mapping[str, str]) -> str:
    seen = {actor}
    while (principal := principals.get(actor)) is not None and principal not in seen:
        actor = principal
        seen.add(actor)
    return actor
