"""Claims: quotations become passages, a changed source is noticed, drafts stand apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD

from parley.build import assemble
from parley.corpus import claims, documents
from parley.errors import DocumentError, QuotationError, SourceChangedError
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from parley.home import Home

    Edit = Callable[[str, str, str], Path]

HEAD = """\
@prefix pl: <https://w3id.org/parley/ns#> .
@prefix : <https://w3id.org/parley/id/claim/text/> .
@prefix p: <https://w3id.org/parley/id/proposition/> .
@prefix a: <https://w3id.org/parley/id/argument/text/> .
"""
TEXT = "Some say yes. Others say no. Some say maybe."
SECOND = "data/documents/second-document"


def parse(turtle: str) -> Graph:
    """Return the graph of a piece of claims.ttl."""
    return Graph(bind_namespaces="none").parse(data=HEAD + turtle, format="turtle")


def anchored(turtle: str) -> dict[str, list[str]]:
    """Return the passages that each subject has as evidence, by local names."""
    graph = claims.anchor(parse(turtle), documents.from_text(TEXT))
    found: dict[str, list[str]] = {}
    for subject, passage in sorted(graph.subject_objects(PL.hasEvidence), key=str):
        found.setdefault(str(subject).rpartition("/")[2], []).append(
            str(passage).rpartition("/")[2]
        )
    return {name: sorted(passages) for name, passages in found.items()}


def names(graph: Graph) -> set[str]:
    """Return the local names of a graph's subjects."""
    return {str(subject).rpartition("/")[2] for subject in graph.subjects()}


def test_a_quotation_becomes_a_passage_with_everything_computed() -> None:
    """Offsets, sentence, words and context come from the source; the curator wrote the words."""
    graph = claims.anchor(parse(':1a pl:quote "Others say no" .'), documents.from_text(TEXT))
    passage = URIRef("https://w3id.org/parley/id/passage/text/14-27")

    def number(value: str) -> Literal:
        return Literal(value, datatype=XSD.integer)

    assert dict(graph.predicate_objects(passage)) == {
        RDF.type: PL.Passage,
        PL.passageOf: URIRef("https://w3id.org/parley/id/document/text"),
        PL.sentenceNumber: number("2"),
        PL.startOffset: number("14"),
        PL.endOffset: number("27"),
        PL.exactText: Literal("Others say no"),
        PL.prefixText: Literal("Some say yes. "),
        PL.suffixText: Literal(". Some say maybe."),
    }
    assert (URIRef("https://w3id.org/parley/id/claim/text/1a"), PL.hasEvidence, passage) in graph


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        (':1a pl:quote "Others" . a:1 pl:quote "Others" .', {"1": ["14-20"], "1a": ["14-20"]}),
        (':1a pl:quote "Some" ; pl:quoteSuffix " say m" .', {"1a": ["29-33"]}),
        (':1a pl:quote "Some" ; pl:quotePrefix "no. " .', {"1a": ["29-33"]}),
        (':1a pl:quote "no", "Some" ; pl:quoteSuffix " say y" .', {"1a": ["0-4", "25-27"]}),
        (':1a pl:quote "yes", "no" .', {"1a": ["25-27", "9-12"]}),
    ],
    ids=["link too", "suffix", "prefix", "suffix of one of two", "two"],
)
def test_the_context_chooses_and_a_claim_may_have_several_quotations(
    turtle: str, expected: dict[str, list[str]]
) -> None:
    """A context that belongs to one of several quotations does not hinder the others."""
    assert anchored(turtle) == expected


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (':1a pl:quote "Some" .', "claim/text/1a: 'Some' stands 2 times: sentence 1 (0–4)"),
        (':1a pl:quote "Nobody" .', "claim/text/1a: 'Nobody' does not stand"),
        (':1a pl:quote "no" ; pl:quotePrefix "say yes" .', "but not between 'say yes' and ''"),
        (':1a pl:quote "Some", "no" .', "'Some' stands 2 times"),
    ],
)
def test_a_quotation_without_one_place_names_its_claim(turtle: str, message: str) -> None:
    """The curator sees which claim to mend."""
    with pytest.raises(QuotationError) as caught:
        anchored(turtle)

    assert message in caught.value.message


def test_a_quotation_error_has_the_file_and_line(editable: Home, edit: Edit) -> None:
    """Of the claim, not of the source: there the words have to be mended."""
    path = edit(f"{SECOND}/claims.ttl", 'quote "Tajikistan did not', 'quote "Uzbekistan did not')
    line = path.read_text(encoding="utf-8").partition("Uzbekistan")[0].count("\n") + 1
    with pytest.raises(QuotationError) as caught:
        assemble.assemble(editable)

    assert caught.value.place
    assert (caught.value.place.source, caught.value.place.line) == (str(path), line)


def test_a_source_changed_after_curation_is_refused(editable: Home, edit: Edit) -> None:
    """One letter is enough; line ends count as well."""
    edit(f"{SECOND}/source.txt", "Moscow", "Minsk")
    with pytest.raises(SourceChangedError, match=r"document\.ttl says sha256:") as caught:
        claims.read_files(documents.read(editable.root / SECOND))

    assert caught.value.place
    assert caught.value.place.line


def test_a_document_says_its_digest(editable: Home, edit: Edit) -> None:
    """The remedy gives the value to write."""
    edit(f"{SECOND}/document.ttl", "pl:textDigest", "pl:sentenceCount")
    document = documents.read(editable.root / SECOND)
    with pytest.raises(DocumentError, match="says no textDigest") as caught:
        claims.read_files(document)

    assert document.digest in caught.value.remedy


def test_a_folder_without_metadata_is_refused(editable: Home) -> None:
    """A document needs at least its title, author and digest."""
    folder = editable.root / SECOND
    (folder / "document.ttl").unlink()
    with pytest.raises(DocumentError, match=r"has no document\.ttl"):
        claims.read_files(documents.read(folder))


def test_a_document_may_have_no_claims_yet(editable: Home) -> None:
    """Then only its metadata are read; what is in memory only has no files."""
    folder = editable.root / SECOND
    (folder / "claims.ttl").unlink()

    assert list(claims.read_files(documents.read(folder))) == [folder / "document.ttl"]
    assert claims.read_files(documents.from_text(TEXT)) == {}


def test_claims_are_read_with_claimants_status_and_passages() -> None:
    """In the order of their IRIs; evidence in other documents is left out."""
    document = documents.from_text(TEXT)
    graph = parse(
        ':1b a pl:Claim . :1a a pl:Claim ; pl:quote "yes" ; pl:claimant p:z, p:y ; '
        "pl:status pl:reviewed ; pl:hasEvidence p:elsewhere ."
    )
    graph += claims.anchor(graph, document)
    first, second = claims.claims_of(graph, document)

    assert (first.iri[-2:], first.status) == ("1a", "reviewed")
    assert [claimant[-1] for claimant in first.claimants] == ["y", "z"]
    assert [(p.start, p.end) for p in first.passages] == [(9, 12)]
    assert (second.iri[-2:], second.status, second.passages) == ("1b", "", ())


def test_drafts_take_with_them_what_only_drafts_speak_of() -> None:
    """A proposition, passage or argument link that a reviewed claim uses as well stays."""
    graph = parse(
        ":1a a pl:Claim ; pl:status pl:drafted ; pl:content p:own, p:shared ."
        ":1b a pl:Claim ; pl:status pl:reviewed ; pl:content p:shared ."
        "p:own a pl:Proposition ; pl:antecedent p:inner . p:inner a pl:Proposition ."
        "p:shared a pl:Proposition ."
        "a:1 a pl:ArgumentLink ; pl:argumentFrom :1a ; pl:argumentTo :1b ."
        "a:2 a pl:ArgumentLink ; pl:argumentFrom :1b ; pl:argumentTo :1b ."
    )

    assert names(claims.drafted(graph)) == {"1a", "own", "inner", "1"}


def test_a_document_of_drafts_only_is_no_draft_itself() -> None:
    """Its metadata and its author stay, though only drafts speak of them."""
    drafts = parse(
        ":1a a pl:Claim ; pl:status pl:drafted ; pl:claimant p:author ; pl:content p:x ;"
        " pl:hasEvidence p:passage ."
        "p:x a pl:Proposition . p:passage a pl:Passage ; pl:passageOf p:document ."
        "p:document a pl:SourceDocument ; pl:hasAuthor p:author . p:author a pl:Person ."
    )

    assert names(claims.drafted(drafts)) == {"1a", "x", "passage"}


def test_what_points_at_a_draft_waits_with_it() -> None:
    """A reviewed claim within a drafted one says so only among the drafts."""
    graph = parse(
        ":1a a pl:Claim ; pl:status pl:drafted ."
        ":1b a pl:Claim ; pl:status pl:reviewed ; pl:withinClaim :1a ."
    )
    [(_, pointed)] = claims.drafted(graph).subject_objects(PL.withinClaim)

    assert str(pointed).endswith("1a")
    assert names(claims.drafted(graph)) == {"1a", "1b"}
