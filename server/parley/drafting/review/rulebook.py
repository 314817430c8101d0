"""What a reviewed claim must fulfil, said at once and in the curator's words.

The shapes judge the whole at the build; these are those of their rules that a decision can break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib.namespace import RDF

from parley.corpus import documents
from parley.drafting.review import proposals
from parley.errors import QuotationError, ReviewError
from parley.namespaces import PL

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from parley.corpus.documents import Document

_WEAK: Final = frozenset({PL.probable, PL.possible})
_SAME: Final = (PL.claimant, PL.content, PL.quote, PL.quotePrefix, PL.polarity)


def check(graph: Graph, document: Document, author: Node, claim: Node) -> None:
    """Check a claim that is to be reviewed.

    Raises:
        ReviewError: It would not conform; the message says what to change.
    """
    quote = str(graph.value(claim, PL.quote) or "")
    _check_quotation(graph, document, claim, quote)
    _check_voice(graph, author, claim)
    _check_words(graph, claim, quote)
    if (claim, PL.content, None) not in graph:
        raise ReviewError("The claim has no proposition: pick subject, relation and object.")
    _check_once(graph, claim)
    _check_frame(graph, claim)


def _check_quotation(graph: Graph, document: Document, claim: Node, quote: str) -> None:
    if proposals.place(graph, document, claim, quote) is not None:
        return
    try:
        documents.locate(document, quote)
    except QuotationError as error:
        raise ReviewError(error.message, remedy=error.remedy) from error
    raise ReviewError(
        "The words before or after the quotation are not those of the source.",
        remedy="Select the words in the text again.",
    )


def _check_voice(graph: Graph, author: Node, claim: Node) -> None:
    claimants = set(graph.objects(claim, PL.claimant))
    own = (claim, PL.attributionMode, PL.authorVoice) in graph
    if not claimants:
        raise ReviewError("Nobody is said to claim this: name who does.")
    if own and claimants != {author}:
        raise ReviewError(
            "Only the author of the document speaks in the author’s voice.",
            remedy="Choose another mode, or make the author the claimant.",
        )
    if not own and claimants == {author}:
        raise ReviewError("What the author claims there is in the author’s voice.")
    explicit = (claim, PL.attributionBasis, PL.explicit) in graph
    if explicit and not own and (claim, PL.cueText, None) not in graph:
        raise ReviewError("No word ascribes this to its claimant: edit the cue, or leave it empty.")


def _check_words(graph: Graph, claim: Node, quote: str) -> None:
    for prop, name in ((PL.cueText, "cue"), (PL.hedgeText, "hedge")):
        for words in graph.objects(claim, prop):
            if str(words) not in quote:
                raise ReviewError(
                    f"The {name} “{words}” does not stand in the quotation.",
                    remedy="Quote more words, or change it.",
                )
    weak = graph.value(claim, PL.certainty) in _WEAK
    content = graph.value(claim, PL.content, any=True)
    conditional = (content, RDF.type, PL.ConditionalProposition) in graph
    if weak and not conditional and (claim, PL.hedgeText, None) not in graph:
        raise ReviewError(
            "Nothing in the words makes the claim less than certain.",
            remedy="Give the hedging words, like “probably”, or make it certain.",
        )


def _check_once(graph: Graph, claim: Node) -> None:
    said = _values(graph, claim)
    for other in graph.subjects(PL.content, graph.value(claim, PL.content, any=True)):
        reviewed = (other, PL.status, PL.reviewed) in graph
        if other != claim and reviewed and _values(graph, other) == said:
            name = str(other).rpartition("/")[2]
            raise ReviewError(f"{name} claims the same with the same words: reject this one.")


def _check_frame(graph: Graph, claim: Node) -> None:
    for outer in sorted(graph.objects(claim, PL.withinClaim), key=str):
        if (outer, PL.status, PL.drafted) in graph:
            name = str(outer).rpartition("/")[2]
            raise ReviewError(
                f"This is said within {name}, which waits: alone, it would seem said outright.",
                remedy=f"Decide on {name} first.",
            )


def _values(graph: Graph, claim: Node) -> list[frozenset[Node]]:
    return [frozenset(graph.objects(claim, prop)) for prop in _SAME]
