"""Claims: what people wrote about a document, and the passages its quotations stand for."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD

from parley.corpus import documents, ontology, quotations
from parley.errors import DocumentError, Place, SourceChangedError
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

    from parley.corpus.documents import Document, Passage

DOCUMENT_FILE: Final = "document.ttl"
CLAIMS_FILE: Final = "claims.ttl"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as its document's file has it, with the passages that make it."""

    iri: str
    claimants: tuple[str, ...]
    status: str
    passages: tuple[Passage, ...]


def read_files(document: Document) -> dict[Path, Graph]:
    """Read document.ttl and claims.ttl of a document's folder; a missing claims.ttl is no claims.

    Raises:
        DocumentError: There is no document.ttl, or it does not describe this document.
        SourceChangedError: The source is not the one that was curated.
        TurtleSyntaxError: A file does not parse.
    """
    if document.folder is None:
        return {}
    path = document.folder / DOCUMENT_FILE
    if not path.is_file():
        raise DocumentError(
            f"{document.folder} has no {DOCUMENT_FILE}.",
            remedy="Say its title, author and textDigest there.",
            place=Place(str(path)),
        )
    graphs = {path: ontology.parse(path)}
    verify_source(graphs[path], document, path)
    claims_path = document.folder / CLAIMS_FILE
    if claims_path.is_file():
        graphs[claims_path] = ontology.parse(claims_path)
    return graphs


def verify_source(metadata: Graph, document: Document, path: Path) -> None:
    """Check that a document's metadata is about this source, byte for byte.

    Raises:
        DocumentError: Nothing is said of the document, or its textDigest is missing.
        SourceChangedError: The textDigest is another than the source's.
    """
    digests = [str(d) for d in metadata.objects(URIRef(document.iri), PL.textDigest)]
    if not digests:
        raise DocumentError(
            f"{path.name} says no textDigest of <{document.iri}>.",
            remedy=f'Write pl:textDigest "{document.digest}" on it.',
            place=Place(str(path)),
        )
    if digests != [document.digest]:
        raise SourceChangedError(
            f"source.txt has the digest {document.digest}, but {path.name} says {digests[0]}.",
            remedy="Restore the source, or check every quotation again and write the new digest.",
            place=Place(str(path), ontology.line_of(path, PL.textDigest)),
        )


def anchor(graph: Graph, document: Document, path: Path | None = None) -> Graph:
    """Return the passages that a graph's quotations stand for, and hasEvidence to each.

    Only the new triples are returned. A quotation belongs to the claim or argument link that has
    it; its quotePrefix and quoteSuffix choose between several places.

    Raises:
        QuotationError: A quotation does not stand in the source exactly once.
    """
    anchored = Graph(bind_namespaces="none")
    for subject, quote in sorted(graph.subject_objects(PL.quote)):
        passage = _locate(graph, document, subject, str(quote), path)
        anchored.add((subject, PL.hasEvidence, URIRef(passage.iri)))
        _describe(anchored, passage)
    return anchored


def claims_of(graph: Graph, document: Document) -> list[Claim]:
    """Return the claims of an anchored graph, by IRI."""
    passages = _passages(graph, document)
    return [
        Claim(
            iri=str(claim),
            claimants=tuple(sorted(str(c) for c in graph.objects(claim, PL.claimant))),
            status=str(graph.value(claim, PL.status, any=True) or "").removeprefix(str(PL)),
            passages=tuple(
                passages[p]
                for p in sorted(graph.objects(claim, PL.hasEvidence), key=str)
                if p in passages
            ),
        )
        for claim in sorted(graph.subjects(RDF.type, PL.Claim, unique=True), key=str)
    ]


def drafted(graph: Graph) -> Graph:
    """Return the part of a document's graph that is still a draft.

    That is each claim of status drafted, whatever points at one, and what is spoken of by drafts
    alone, what a contact or objective has from drafts alone too. What is known of the document
    itself is no draft.
    """
    claims = set(graph.subjects(PL.status, PL.drafted))
    drafts = claims | {link for d in claims for link in graph.subjects(PL.argumentFrom, d)}
    drafts |= {link for d in claims for link in graph.subjects(PL.argumentTo, d)}
    others = set(graph.subjects(RDF.type, PL.Claim)) - claims
    loose = framed(graph, claims) - framed(graph, others)
    waiting = list(drafts)
    while waiting:
        for candidate in set(graph.objects(waiting.pop())) - drafts:
            if _only_drafts_mention(graph, candidate, drafts, loose):
                drafts.add(candidate)
                waiting.append(candidate)
    part = Graph(bind_namespaces="none")
    for triple in itertools.chain(
        *(graph.triples((draft, None, None)) for draft in drafts),
        *(graph.triples((None, None, claim)) for claim in claims),
        loose,
    ):
        part.add(triple)
    return part


def framed(graph: Graph, claims: Iterable[Node]) -> set[tuple[Node, Node, Node]]:
    """Return what contacts and objectives have from claims: who takes part, who holds it, when."""
    found = set()
    for claim in claims:
        times = set(graph.objects(claim, PL.holdsDuring))
        for content in graph.objects(claim, PL.content):
            said = times.union(*(graph.objects(content, p) for p in (PL.subject, PL.object)))
            for frame in graph.objects(content, PL.frame):
                found |= {(frame, p, v) for v in said for p in graph.predicates(frame, v)}
    return found


def check_nesting(graph: Graph, path: Path) -> None:
    """Check that no reviewed claim is said within one that is still a draft.

    Raises:
        DocumentError: One is; without the other it would be read as said outright.
    """
    for claim, outer in sorted(graph.subject_objects(PL.withinClaim), key=str):
        reviewed = (claim, PL.status, PL.reviewed) in graph
        if reviewed and (outer, PL.status, PL.drafted) in graph:
            inside, around = (str(node).rpartition("/")[2] for node in (claim, outer))
            raise DocumentError(
                f"The claim {inside} is reviewed, but {around}, within which it is said, is not.",
                remedy=f"Decide on {around} as well.",
                place=Place(str(path), ontology.line_of(path, claim)),
            )


def claimless(graph: Graph, document: Document) -> frozenset[int]:
    """Return the numbers of the sentences that the document's metadata says hold no claim."""
    numbers = graph.objects(URIRef(document.iri), PL.claimlessSentence)
    return frozenset(int(str(number)) for number in numbers)


def _only_drafts_mention(
    graph: Graph, node: Node, drafts: set[Node], loose: set[tuple[Node, Node, Node]]
) -> bool:
    if (node, None, None) not in graph or (node, RDF.type, PL.SourceDocument) in graph:
        return False
    mentions = graph.triples((None, None, node))
    return all(mention[0] in drafts or mention in loose for mention in mentions)


def _locate(
    graph: Graph, document: Document, subject: Node, quote: str, path: Path | None
) -> Passage:
    prefixes = sorted(map(str, graph.objects(subject, PL.quotePrefix))) or [""]
    suffixes = sorted(map(str, graph.objects(subject, PL.quoteSuffix))) or [""]
    spans = {
        span
        for prefix, suffix in itertools.product(prefixes, suffixes)
        for span in quotations.find(document.text, quote, prefix=prefix, suffix=suffix)
    }
    several = len(set(graph.objects(subject, PL.quote))) > 1
    if not spans and several:  # the contexts may be those of another quotation
        spans = set(quotations.find(document.text, quote))
    if len(spans) == 1:
        return documents.passage_at(document, *spans.pop())
    error = quotations.explain(
        document, quote, prefix=prefixes[0], suffix=suffixes[0], spans=sorted(spans)
    )
    error.message = f"{str(subject).rpartition('/id/')[2]}: {error.message}"
    if path:
        error.place = Place(str(path), ontology.line_of_text(path, quote))
    raise error


def _describe(graph: Graph, passage: Passage) -> None:
    node = URIRef(passage.iri)
    numbers = {
        PL.sentenceNumber: passage.sentence,
        PL.startOffset: passage.start,
        PL.endOffset: passage.end,
    }
    texts = {
        PL.exactText: passage.exact,
        PL.prefixText: passage.prefix,
        PL.suffixText: passage.suffix,
    }
    graph.add((node, RDF.type, PL.Passage))
    graph.add((node, PL.passageOf, URIRef(passage.document)))
    for prop, number in numbers.items():
        graph.add((node, prop, Literal(str(number), datatype=XSD.integer)))
    for prop, text in texts.items():
        graph.add((node, prop, Literal(text)))


def _passages(graph: Graph, document: Document) -> dict[Node, Passage]:
    found: dict[Node, Passage] = {}
    for node in graph.subjects(RDF.type, PL.Passage, unique=True):
        start, end = (int(str(graph.value(node, p))) for p in (PL.startOffset, PL.endOffset))
        found[node] = documents.passage_at(document, start, end)
    return found
