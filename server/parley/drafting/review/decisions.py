"""Decisions on the claims of a file: pure, from a graph to the graph it becomes.

The graph that is given is never changed. What only a rejected claim, or a replaced proposition,
spoke of goes with it, unless another file names it and has no description of its own.
"""

from __future__ import annotations

import hashlib
import string
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF, RDFS, SKOS, XSD

from parley.corpus import claims, quotations
from parley.drafting.review import minting, proposals
from parley.drafting.review.rulebook import check
from parley.errors import ReviewError, TermError
from parley.namespaces import PL, PLID
from parley.terms import slugify

if TYPE_CHECKING:
    from collections.abc import Collection

    from rdflib.term import Node

    from parley.corpus.documents import Document
    from parley.drafting.review.changes import Change
    from parley.drafting.review.minting import Desk

_CONTEXT: Final = 32
_READABLE: Final = 60
_FACETS: Final = {
    "mode": PL.attributionMode,
    "certainty": PL.certainty,
    "polarity": PL.polarity,
    "temporality": PL.temporality,
}
_TEXTS: Final[dict[str, tuple[URIRef, str | None]]] = {
    "cue": (PL.cueText, None),
    "hedge": (PL.hedgeText, None),
    "label": (RDFS.label, "en"),
}


def accept(graph: Graph, desk: Desk, claim: URIRef) -> Graph:
    """Return the graph with a claim reviewed as it is.

    Raises:
        ReviewError: There is no such claim, or as it is it would not conform.
    """
    made = _copy(graph, claim)
    _review(made, desk, claim)
    check(made, desk.document, desk.author, claim)
    return made


def edit(graph: Graph, desk: Desk, claim: URIRef, change: Change) -> tuple[Graph, URIRef]:
    """Return the graph with a claim changed and reviewed, and what it is called now.

    A draft whose words now begin in another sentence is named after that one.

    Raises:
        ReviewError: There is no such claim, or it would not conform.
    """
    made = _copy(graph, claim)
    is_draft = (claim, PL.status, PL.drafted) in made
    before, had = set(made.objects(claim)), claims.framed(made, [claim])
    _change(made, desk, claim, change)
    _review(made, desk, claim)
    check(made, desk.document, desk.author, claim)
    _unframe(made, had)
    _sweep(made, before, desk.known.borrowed)
    name = _named_after_sentence(made, desk, claim) if is_draft else claim
    return (made if name == claim else _renamed(made, claim, name)), name


def add(graph: Graph, desk: Desk, change: Change) -> tuple[Graph, URIRef]:
    """Return the graph with a claim that the draft has missed, and what it is called.

    Raises:
        ReviewError: Something is missing, or it would not conform.
    """
    if change.span is None or change.content is None or not change.claimants:
        raise ReviewError("A new claim needs its words, who claims it, and its proposition.")
    made = _copied(graph)
    claim = _free_name(made, desk, change.span[0])
    made.add((claim, RDF.type, PL.Claim))
    for prop, value in (
        (PL.attributionMode, PL.communication),
        (PL.certainty, PL.certain),
        (PL.polarity, PL.positive),
        (PL.temporality, PL.present),
    ):
        made.add((claim, prop, value))
    _change(made, desk, claim, change)
    _review(made, desk, claim)
    check(made, desk.document, desk.author, claim)
    return made, claim


def reject(graph: Graph, claim: URIRef, borrowed: Collection[Node]) -> Graph:
    """Return the graph without a claim and without what only this claim spoke of.

    What other files name and do not describe, ``borrowed``, stays.

    Raises:
        ReviewError: There is no such claim.
    """
    made = _copy(graph, claim)
    spoken, had = set(made.objects(claim)), claims.framed(made, [claim])
    links = {*made.subjects(PL.argumentFrom, claim), *made.subjects(PL.argumentTo, claim)}
    for node in (claim, *links):
        made.remove((node, None, None))
    made.remove((None, None, claim))
    _unframe(made, had)
    _sweep(made, spoken, borrowed)
    return made


def forget(
    graph: Graph, document: Document, keys: Collection[str], borrowed: Collection[Node]
) -> Graph:
    """Return the graph of a draft without the proposals that were rejected before."""
    if keys:
        for proposal in proposals.read(graph, document):
            if proposals.key_of(proposal, document) in keys:
                graph = reject(graph, URIRef(proposal.claim), borrowed)
    return graph


def _copy(graph: Graph, claim: URIRef) -> Graph:
    if (claim, RDF.type, PL.Claim) not in graph:
        raise ReviewError(f"There is no claim {claim.rpartition('/')[2]} in the file.")
    return _copied(graph)


def _copied(graph: Graph) -> Graph:
    made = Graph(bind_namespaces="none")
    for triple in graph:
        made.add(triple)
    return made


def _review(graph: Graph, desk: Desk, claim: URIRef) -> None:
    """Mark a claim as reviewed, by whom and when; who proposed it stays named too."""
    for note in [*graph.objects(claim, SKOS.editorialNote)]:
        if str(note).startswith("confidence "):
            graph.remove((claim, SKOS.editorialNote, note))
    at = Literal(desk.at, datatype=XSD.dateTime)
    activity, curator = _curation(desk)
    graph.set((claim, PL.status, PL.reviewed))
    graph.set((claim, PROV.generatedAtTime, at))
    graph.add((claim, PROV.wasGeneratedBy, activity))
    if (activity, RDF.type, None) not in graph:
        label = f"review of the document {desk.document.slug} by {desk.curator}"
        graph.add((activity, RDF.type, PROV.Activity))
        graph.add((activity, RDFS.label, Literal(label, lang="en")))
        graph.add((activity, PROV.wasAssociatedWith, curator))
        graph.add((activity, PROV.startedAtTime, at))
    graph.set((activity, PROV.endedAtTime, at))
    _label(graph, desk, claim)
    if (curator, RDF.type, None) not in graph:
        graph.add((curator, RDF.type, PROV.Agent))
        graph.add((curator, RDFS.label, Literal(desk.curator, lang="en")))


def _label(graph: Graph, desk: Desk, claim: URIRef) -> None:
    """Word a claim that has no words of its own yet as its proposition."""
    content = graph.value(claim, PL.content, any=True)
    if content is None or (claim, RDFS.label, None) in graph:
        return
    _reword(graph, desk, content)
    known = desk.known.labels.get(str(content), "")
    words = str(graph.value(content, RDFS.label, any=True) or known)
    if (claim, PL.polarity, PL.negative) in graph:
        words = f"denied: {words}"
    graph.add((claim, RDFS.label, Literal(words, lang="en")))


def _reword(graph: Graph, desk: Desk, proposition: Node) -> None:
    """Word a proposition of entities by their labels, when the draft only had their names."""
    name = str(proposition).rpartition("/")[2].rpartition("-")[0].replace("-", " ")
    drafted = Literal(name, lang="en")
    things = sorted(graph.objects(proposition, PL.object), key=str)
    if not things or (proposition, RDFS.label, drafted) not in graph:
        return
    parts = [graph.value(proposition, part, any=True) for part in (PL.subject, PL.relation)]
    words = [minting.label_of(graph, desk, str(part)) for part in (*parts, *things)]
    graph.set((proposition, RDFS.label, Literal(" ".join(words), lang="en")))


def _curation(desk: Desk) -> tuple[URIRef, URIRef]:
    """Return the activity of a curator on one day, and the curator."""
    try:
        who = slugify(desk.curator)
    except TermError:
        who = hashlib.sha256(desk.curator.encode("utf-8")).hexdigest()[:8]
    day = desk.at[:10]
    return (
        URIRef(f"{PLID}curation/{desk.document.slug}-{who}-{day}"),
        URIRef(f"{PLID}curator/{who}"),
    )


def _change(graph: Graph, desk: Desk, claim: URIRef, change: Change) -> None:
    if change.span is not None:
        _quote(graph, desk.document, claim, change.span)
    if change.claimants is not None:
        picked = [minting.pick(graph, desk, pick) for pick in change.claimants]
        graph.remove((claim, PL.claimant, None))
        graph += [(claim, PL.claimant, actor) for actor in picked]
    for name, prop in _FACETS.items():
        if (value := getattr(change, name)) is not None:
            graph.set((claim, prop, PL[value]))
    for name, (prop, language) in _TEXTS.items():
        _write(graph, claim, prop, getattr(change, name), language)
    if change.content is not None:
        graph.set((claim, PL.content, minting.content(graph, desk, change.content)))
    for other in change.contrasts:
        graph.add((claim, PL.contrastsWith, URIRef(other)))
    _attribute(graph, desk, claim)


def _write(
    graph: Graph, claim: URIRef, prop: URIRef, words: str | None, language: str | None
) -> None:
    """Set a text of a claim; an empty one takes it away, None leaves it."""
    if words is not None:
        graph.remove((claim, prop, None))
    if words:
        graph.add((claim, prop, Literal(words, lang=language)))


def _attribute(graph: Graph, desk: Desk, claim: URIRef) -> None:
    """Make mode, basis, cue and hedge agree with each other, as far as there is no choice."""
    if set(graph.objects(claim, PL.claimant)) == {desk.author}:
        graph.set((claim, PL.attributionMode, PL.authorVoice))
    own = (claim, PL.attributionMode, PL.authorVoice) in graph
    if own:
        graph.remove((claim, PL.cueText, None))
    said = own or (claim, PL.cueText, None) in graph
    graph.set((claim, PL.attributionBasis, PL.explicit if said else PL.implicit))
    if graph.value(claim, PL.certainty) in {PL.certain, PL.unspecified}:
        graph.remove((claim, PL.hedgeText, None))


def _quote(graph: Graph, document: Document, claim: URIRef, span: tuple[int, int]) -> None:
    """Write the words of a span as the claim's quotation, with context where they stand twice."""
    start, end = span
    words = document.text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    end = start + len(words)
    if not words:
        raise ReviewError("The words to quote are empty: select some in the text.")
    for prop in (PL.quote, PL.quotePrefix, PL.quoteSuffix):
        graph.remove((claim, prop, None))
    graph.add((claim, PL.quote, Literal(words)))
    prefix, suffix = _context(document.text, words, start, end)
    if prefix:
        graph.add((claim, PL.quotePrefix, Literal(prefix)))
    if suffix:
        graph.add((claim, PL.quoteSuffix, Literal(suffix)))


def _context(text: str, words: str, start: int, end: int) -> tuple[str, str]:
    """Return as much of the words before and after as tells this place from all others."""
    if len(quotations.find(text, words)) == 1:
        return "", ""
    width = _CONTEXT
    while True:
        prefix, suffix = text[max(0, start - width) : start], text[end : end + width]
        found = quotations.find(text, words, prefix=prefix, suffix=suffix)
        if len(found) == 1 or width > len(text):
            return prefix, suffix
        width *= 2


def _unframe(graph: Graph, had: Collection[tuple[Node, Node, Node]]) -> None:
    """Take from contacts and objectives what they had from a claim and have from none now."""
    if had:
        kept = claims.framed(graph, graph.subjects(RDF.type, PL.Claim))
        for triple in set(had) - kept:
            graph.remove(triple)


def _sweep(graph: Graph, candidates: set[Node], borrowed: Collection[Node]) -> None:
    """Remove what the document speaks of no more, and in turn what only that spoke of."""
    waiting = [node for node in candidates if str(node).startswith(str(PLID))]
    while waiting:
        node = waiting.pop()
        if node in borrowed or (None, None, node) in graph or (node, None, None) not in graph:
            continue
        waiting += [o for o in graph.objects(node) if str(o).startswith(str(PLID))]
        graph.remove((node, None, None))


def _named_after_sentence(graph: Graph, desk: Desk, claim: URIRef) -> URIRef:
    quote = str(graph.value(claim, PL.quote) or "")
    span = proposals.place(graph, desk.document, claim, quote)
    assert span is not None  # noqa: S101 - the quotation has been checked
    number = desk.document.sentence_at(span[0]).number
    if claim.rpartition("/")[2].rstrip(string.ascii_lowercase) == str(number):
        return claim
    return _free_name(graph, desk, span[0])


def _free_name(graph: Graph, desk: Desk, start: int) -> URIRef:
    """Return the next name for a claim of the sentence at an offset; no name is used again."""
    if start >= len(desk.document.text.rstrip()):
        raise ReviewError("The words to quote stand after the end of the text.")
    number = desk.document.sentence_at(start).number
    index = 0
    while True:
        name = proposals.iri_of(desk.document.slug, f"{number}{_letters(index)}")
        if (name, None, None) not in graph and str(name) not in desk.taken:
            return name
        index += 1


def _letters(index: int) -> str:
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = string.ascii_lowercase[rest] + name
    return name


def _renamed(graph: Graph, old: URIRef, new: URIRef) -> Graph:
    made = Graph(bind_namespaces="none")
    for s, p, o in graph:
        made.add((new if s == old else s, p, new if o == old else o))
    return made
