"""The dataset: which triple stands in which graph, and the same bytes in every run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, SKOS, XSD

from parley.build import assemble, rules, summary
from parley.errors import DocumentError, QueryFileError
from parley.namespaces import GRAPH, PL, PLID

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.engine.store import MemoryStore
    from parley.home import Home

    Edit = Callable[[str, str, str], Path]

RULE = """\
# # A rule
#
# **Problem:** A test.
# **Target:** {target}
# **Fixpoint:** {fixpoint}

CONSTRUCT {{ {head} }}
WHERE {{ {body} }}
"""


def graph_of(*triples: tuple[str, str, str]) -> Graph:
    """Return a graph of IRIs given by their last words."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        s, p, o = (URIRef(f"urn:{word}") for word in triple)
        graph.add((s, p, o))
    return graph


def write_rules(home: Home, **texts: str) -> None:
    """Replace the rules of a home."""
    folder = home.queries / "rules"
    for path in folder.glob("*.rq"):
        path.unlink()
    for name, text in texts.items():
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")


def test_a_triple_stands_in_the_first_graph_that_has_it() -> None:
    """So that a count over the union is right."""
    dataset = assemble.Dataset()

    assert dataset.add("urn:one", graph_of(("a", "b", "c"))) == 1
    assert dataset.add("urn:two", graph_of(("a", "b", "c"), ("a", "b", "d"))) == 1
    assert len(dataset) == 2
    assert len(dataset.graphs["urn:two"]) == 1
    assert len(dataset.union(without=("urn:t",))) == 1
    assert len(dataset.union()) == 2


def test_no_triple_of_the_built_dataset_stands_in_two_graphs(dataset: bytes) -> None:
    """Whatever derived it."""
    triples = Counter(line.rsplit(b" ", 2)[0] for line in dataset.splitlines())

    assert [triple for triple, count in triples.items() if count > 1] == []


def test_the_built_dataset_has_the_graphs_it_promises(store: MemoryStore) -> None:
    """The ontology, the entities, the document and its view, links, derived, provenance."""
    found = store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")

    assert {row["g"].value.removeprefix(str(GRAPH)) for row in found} == {
        "ontology",
        "entities",
        "document/iras-3036",
        "links",
        "inferred",
        "view/iras-3036",
        "provenance",
    }


def test_a_second_document_needs_no_change_of_code(editable: Home) -> None:
    """It gets its own graph, and disagrees with the first on a proposition they share."""
    parts = assemble.assemble(editable)
    graph = parts.dataset.graphs[assemble.document_graph("second-document")]
    shared = PLID["proposition/tajikistan-mediates-contacts"]

    assert [part.document.slug for part in parts.documents] == ["iras-3036", "second-document"]
    assert (PLID["claim/second-document/3a"], PL.content, shared) in graph
    assert (shared, RDF.type, PL.AtomicProposition) not in graph
    assert (PLID["document/second-document"], PL.sentenceCount, None) in graph
    assert (PLID["passage/second-document/58-139"], PL.sentenceNumber, None) in graph


def test_drafts_stand_in_a_graph_of_their_own(editable: Home, edit: Edit) -> None:
    """No rule looks at them, and no shape; they are in the dataset for who asks for them."""
    edit("data/documents/second-document/claims.ttl", "pl:reviewed", "pl:drafted")
    parts = assemble.assemble(editable)
    drafts = parts.dataset.graphs[assemble.drafts_graph("second-document")]
    claim = PLID["claim/second-document/3a"]
    rules.derive(parts.dataset, editable, [part.document for part in parts.documents])

    assert (claim, PL.status, PL.drafted) in drafts
    assert [summary.cover(part).drafted for part in parts.documents] == [0, 1]
    assert not any(
        (claim, None, None) in graph
        for name, graph in parts.dataset.graphs.items()
        if "/drafts/" not in name
    )


def test_a_reviewed_claim_within_a_draft_is_named_with_its_place(
    editable: Home, edit: Edit
) -> None:
    """Without the frame that waits it would be read as said outright."""
    path = edit(
        "data/documents/second-document/claims.ttl",
        "claim:3a\n    a pl:Claim ;",
        "claim:3a\n    a pl:Claim ;\n    pl:withinClaim claim:3b ;",
    )
    frame = "\nclaim:3b a pl:Claim ; pl:status pl:drafted .\n"
    path.write_text(path.read_text(encoding="utf-8") + frame, encoding="utf-8")
    with pytest.raises(DocumentError, match="3a is reviewed, but 3b") as told:
        assemble.assemble(editable)

    assert told.value.place is not None
    assert Path(told.value.place.source).name == "claims.ttl"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[(told.value.place.line or 0) - 1] == "claim:3a"


def test_nquads_are_sorted_and_say_the_same_as_the_graphs() -> None:
    """Each line once; every character that needs it escaped."""
    graph = Graph(bind_namespaces="none")
    node = BNode("b1")
    graph.add(
        (URIRef("urn:a"), RDFS.label, Literal('tab\t "quote" \\ line\r\n\b\f é 🕊', lang="en"))
    )
    graph.add((URIRef("urn:a"), SKOS.note, node))
    graph.add((node, RDF.value, Literal("01", datatype=XSD.integer)))
    graph.add((node, RDFS.comment, Literal("plain")))
    dataset = assemble.Dataset({"urn:g": graph})
    content = assemble.to_nquads(dataset)
    ntriples = assemble.to_ntriples(graph)

    assert content.splitlines() == sorted(content.splitlines())
    assert ntriples.replace(b" .\n", b" <urn:g> .\n") == content
    assert isomorphic(Graph().parse(data=ntriples, format="nt"), graph)


def test_something_that_is_no_term_is_refused() -> None:
    """A formula or a variable has no N-Triples."""
    with pytest.raises(TypeError, match="is no RDF term"):
        assemble.n3(Variable("x"))


def test_a_rule_sees_what_the_rules_before_it_derived(editable: Home) -> None:
    """In the order of the file names; nothing known is derived again."""
    write_rules(
        editable,
        **{
            "20-second": RULE.format(
                target="inferred", fixpoint="no", head="?s <urn:q> ?o", body="?s <urn:p2> ?o"
            ),
            "10-first": RULE.format(
                target="inferred", fixpoint="no", head="?s <urn:p2> ?o", body="?s <urn:p> ?o"
            ),
        },
    )
    dataset = assemble.Dataset(
        {"urn:g": graph_of(("a", "p", "b"), ("c", "p", "d"), ("a", "q", "b"))}
    )

    assert rules.derive(dataset, editable, []) == {"10-first": 2, "20-second": 1}
    assert len(dataset.graphs[assemble.INFERRED]) == 3


def test_a_rule_with_a_fixpoint_is_run_until_it_adds_nothing(editable: Home) -> None:
    """A chain of four is closed in more than one round."""
    step = "?a <urn:p> ?c"
    body = "?a <urn:p> ?b . ?b <urn:p> ?c"
    chain = graph_of(("a", "p", "b"), ("b", "p", "c"), ("c", "p", "d"), ("d", "p", "e"))
    found = {}
    for fixpoint in ("no", "yes"):
        text = RULE.format(target="inferred", fixpoint=fixpoint, head=step, body=body)
        write_rules(editable, rule=text)
        found[fixpoint] = rules.derive(assemble.Dataset({"urn:g": chain}), editable, [])["rule"]

    assert found == {"no": 3, "yes": 6}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RULE.format(target="x", fixpoint="no", head="?a ?b ?c", body="?a ?b ?c"), "target 'x'"),
        (RULE.format(target="inferred", fixpoint="no", head="?a ?b", body=""), r"rule\.rq: "),
        (
            RULE.format(
                target="inferred",
                fixpoint="yes",
                head="?a <urn:p> ?d",
                body="?a <urn:p> ?c BIND (IRI(CONCAT(STR(?c), 'x')) AS ?d)",
            ),
            "still adds triples after 50 rounds",
        ),
    ],
    ids=["target", "syntax", "endless"],
)
def test_a_rule_that_cannot_be_run_is_named(editable: Home, text: str, message: str) -> None:
    """With its file."""
    write_rules(editable, rule=text)
    dataset = assemble.Dataset({"urn:g": graph_of(("a", "p", "b"))})
    with pytest.raises(QueryFileError, match=message) as caught:
        rules.derive(dataset, editable, [])

    assert str(caught.value.place).endswith("rule.rq")


def test_what_is_seen_of_a_document_stands_in_its_own_graph(editable: Home) -> None:
    """A view rule is run for each document, which stands for ?document."""
    parts = assemble.assemble(editable)
    added = rules.derive(parts.dataset, editable, [part.document for part in parts.documents])
    first = parts.dataset.graphs[assemble.view_graph("iras-3036")]
    second = parts.dataset.graphs[assemble.view_graph("second-document")]

    assert added["90-view"] == len(first) + len(second)
    assert len(first) > 20
    assert len(second) == 0
