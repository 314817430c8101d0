"""Canonical Turtle: one text for one graph, and nothing lost on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from difflib import ndiff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF, RDFS, XSD

from parley.corpus.canonical import format_graph, format_turtle
from parley.corpus.canonical.read import read_turtle
from parley.corpus.canonical.same import same_graph
from parley.errors import FormatError, TurtleSyntaxError

if TYPE_CHECKING:
    import random

    from rdflib.term import Node

CASES = Path(__file__).parent / "cases" / "canonical"
EXPECTED = (CASES / "messy.expected.ttl").read_text(encoding="utf-8")
PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pl: <https://w3id.org/parley/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def body(text: str) -> str:
    """Return the canonical form of statements, without the prefix lines."""
    written = format_turtle(PREFIXES + text)
    return "\n".join(line for line in written.splitlines() if not line.startswith("@prefix"))


def test_a_hand_written_file_is_written_in_sections_and_fixed_order() -> None:
    """Header, properties, classes, individuals and general axioms, with our prefixes."""
    messy = (CASES / "messy.ttl").read_text(encoding="utf-8")

    assert format_turtle(messy) == EXPECTED


def test_formatting_twice_is_formatting_once() -> None:
    """A canonical text is its own canonical form."""
    assert format_turtle(EXPECTED) == EXPECTED


@pytest.mark.parametrize("writer", ["turtle", "longturtle", "nt", "xml"])
def test_the_writer_leaves_no_trace(writer: str) -> None:
    """Whatever serialiser wrote the graph, the canonical text is the same."""
    graph = read_turtle(EXPECTED)
    graph.remove((None, OWL.versionInfo, None))  # rdflib rewrites the numbers in it
    written = graph.serialize(format=writer)
    if writer == "xml":
        written = Graph().parse(data=written, format="xml").serialize(format="nt")

    assert format_turtle(written) == format_turtle(graph.serialize(format="nt"))


@given(st.randoms(use_true_random=False))
def test_order_and_blank_node_labels_leave_no_trace(shuffler: random.Random) -> None:
    """Triples in any order, with any labels, give the same text."""
    graph = read_turtle(EXPECTED)
    nodes = sorted({term for triple in graph for term in triple if isinstance(term, BNode)})
    shuffler.shuffle(nodes)
    labels: dict[Node, str] = {node: f"_:b{n}" for n, node in enumerate(nodes)}
    lines = [" ".join(labels.get(t) or t.n3() for t in triple) + " ." for triple in graph]
    shuffler.shuffle(lines)

    assert format_turtle("\n".join(lines)) == EXPECTED


def test_the_hash_seed_leaves_no_trace() -> None:
    """Two processes with other hash seeds write the same text."""
    program = (
        "import sys; from parley.corpus.canonical import format_turtle;"
        "sys.stdout.write(format_turtle(sys.stdin.read()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=(CASES / "messy.ttl").read_text(encoding="utf-8"),
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert outputs == {EXPECTED}


def test_other_parsers_read_the_same_graph() -> None:
    """Pyoxigraph, a strict parser, reads from the text what rdflib reads."""
    import pyoxigraph

    triples = pyoxigraph.parse(EXPECTED.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    nt = pyoxigraph.serialize(
        [quad.triple for quad in triples], format=pyoxigraph.RdfFormat.N_TRIPLES
    )

    assert isomorphic(Graph().parse(data=nt, format="nt"), read_turtle(EXPECTED))


@pytest.mark.parametrize(
    "added",
    [
        'pl:A rdfs:label "A"@en .',
        "pl:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:p ; owl:hasSelf true ] .",
        "pl:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:aVeryLongPropertyName ;"
        " owl:allValuesFrom [ a owl:Class ; owl:unionOf ( pl:LongName pl:AnotherLongName ) ] ] .",
        "pl:AB a owl:Class .",
        "pl:q a owl:ObjectProperty .",
        "[] a owl:AllDisjointClasses ; owl:members ( pl:A pl:C ) .",
    ],
    ids=["label", "restriction", "long restriction", "class", "property", "axiom"],
)
def test_an_addition_changes_only_its_own_lines(added: str) -> None:
    """The difference to the file before is added lines, and no other line."""
    before = (
        "pl:A a owl:Class ; rdfs:subClassOf pl:B , [ a owl:Restriction ; owl:onProperty pl:p ;"
        " owl:someValuesFrom pl:C ] . pl:B a owl:Class . pl:C a owl:Class ."
        " pl:p a owl:ObjectProperty . [] a owl:AllDisjointClasses ; owl:members ( pl:A pl:B ) ."
    )

    marks = {line[0] for line in ndiff(body(before).split("\n"), body(before + added).split("\n"))}
    assert marks == {" ", "+"}


def test_unordered_lists_are_sorted_by_what_their_members_say() -> None:
    """Blank members of a union are ordered by structure, not by their place in the file."""
    first = "pl:A owl:unionOf ( [ owl:complementOf pl:Y ] pl:B [ owl:complementOf pl:X ] ) ."
    second = "pl:A owl:unionOf ( pl:B [ owl:complementOf pl:X ] [ owl:complementOf pl:Y ] ) ."

    assert body(first) == body(second)


@pytest.mark.parametrize(
    "statement",
    ["pl:p owl:propertyChainAxiom ( pl:z pl:a ) .", "pl:s sh:in ( pl:z pl:a ) ."],
    ids=["property chain", "sh:in"],
)
def test_ordered_lists_keep_their_order(statement: str) -> None:
    """The order of a property chain and of a SHACL list means something."""
    assert "( pl:z pl:a )" in body(statement)


@pytest.mark.parametrize(
    "predicate",
    ["equivalentClass", "equivalentProperty", "disjointWith", "inverseOf", "sameAs"],
)
def test_symmetric_axioms_have_one_direction(predicate: str) -> None:
    """Tools put either side first; here the smaller IRI is."""
    turned = body(f"pl:b owl:{predicate} pl:a .")

    assert turned == body(f"pl:a owl:{predicate} pl:b .")
    assert f"pl:a\n    owl:{predicate} pl:b ;" in turned


def test_an_axiom_turns_together_with_its_annotation() -> None:
    """An annotated symmetric axiom would otherwise lose its annotation."""
    written = body(
        "pl:b owl:inverseOf pl:a . [] a owl:Axiom ; owl:annotatedSource pl:b ;"
        ' owl:annotatedProperty owl:inverseOf ; owl:annotatedTarget pl:a ; rdfs:comment "x" .'
    )

    assert "owl:annotatedSource pl:a ;" in written
    assert "owl:annotatedTarget pl:b ;" in written


def test_an_inverse_expression_stays_where_it_is() -> None:
    """``[ owl:inverseOf p ]`` is a term, not a symmetric axiom."""
    statement = "pl:q rdfs:subPropertyOf [ owl:inverseOf pl:p ] ."

    assert "rdfs:subPropertyOf [ owl:inverseOf pl:p ] ;" in body(statement)


def test_built_in_datatypes_are_not_declared() -> None:
    """The OWL API declares ``xsd:date``; own datatypes keep their declaration."""
    written = body("xsd:date a rdfs:Datatype . pl:code a rdfs:Datatype .")

    assert "xsd:date" not in written
    assert "pl:code\n    a rdfs:Datatype ;" in written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("pl:a a owl:NamedIndividual , pl:B .", False),
        ("pl:a a owl:NamedIndividual . pl:b pl:p pl:a .", False),
        ("pl:a a owl:NamedIndividual .", True),
        ('pl:a a owl:NamedIndividual ; rdfs:label "a" .', True),
    ],
    ids=["typed", "an object", "nothing else", "labelled"],
)
def test_individuals_are_declared_only_where_nothing_else_tells(text: str, *, kept: bool) -> None:
    """The OWL API declares every individual mentioned; one without a type keeps it."""
    assert ("a owl:NamedIndividual ;" in body(text)) is kept


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        ('"1.50"^^xsd:decimal', "1.50"),
        ("1.50", "1.50"),
        ('"01"^^xsd:integer', '"01"^^xsd:integer'),
        ("01", '"01"^^xsd:integer'),
        ("+1", '"+1"^^xsd:integer'),
        ("-7", "-7"),
        ("1e3", '"1e3"^^xsd:double'),
        ("1.E3", '"1.E3"^^xsd:double'),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ("true", "true"),
        ('"1999"^^xsd:gYear', '"1999"^^xsd:gYear'),
        ('"x"^^xsd:string', '"x"'),
        ('"colour"@en-GB', '"colour"@en-gb'),
        ("'it''s'", None),
        ("'''say \"it\"'''", r'"say \"it\""'),
        (r'"tab\t, back\\slash"', r'"tab\t, back\\slash"'),
        ('"می‌خواهد"@fa', '"می‌خواهد"@fa'),
        (r'"\u202Eturned\u0007"', r'"\u202Eturned\u0007"'),
        (r'"two\nlines"', '"""two\nlines"""'),
        (r'"\"\"\"\nends in \""', r'"""\"\"\"' + "\n" + r'ends in \""""'),
        (r'"return\r\n"', '"""return\\r\n"""'),
        ('"# no comment"', '"# no comment"'),
        ('"12 . 13"', '"12 . 13"'),
    ],
)
def test_literals_keep_their_lexical_form(literal: str, written: str | None) -> None:
    """Numbers are not normalised, and only what must be escaped is."""
    text = f"pl:a rdfs:comment {literal} ."
    if written is None:
        with pytest.raises(TurtleSyntaxError):
            body(text)
        return

    assert f"    rdfs:comment {written} ;" in body(text)


def test_claims_of_the_files_document_have_short_names() -> None:
    """In a document's own file ``claim:5a`` is its claim; elsewhere the IRI is written out."""
    claim = "https://w3id.org/parley/id/claim/iras-3036/5a"
    document = "<https://w3id.org/parley/data/documents/iras-3036/claims> a owl:Ontology ."
    statement = f"<{claim}> a pl:Claim ."

    assert "\nclaim:5a\n" in format_turtle(PREFIXES + document + statement)
    assert f"\n<{claim}>\n" in format_turtle(PREFIXES + statement)


def test_claims_stand_in_reading_order() -> None:
    """Numbers inside an IRI count as numbers: claim 9 stands before claim 10."""
    written = body("ex:c10a a pl:Claim . ex:c9b a pl:Claim . ex:c9a a pl:Claim .")

    assert written.index("c9a") < written.index("c9b") < written.index("c10a")


def test_a_shared_blank_node_gets_a_label_from_what_it_says() -> None:
    """An annotated axiom shares its anonymous class with the annotation, and keeps doing so."""
    text = (
        "pl:A rdfs:subClassOf _:r . _:r a owl:Restriction ; owl:onProperty pl:p ;"
        " owl:hasSelf true . [] a owl:Axiom ; owl:annotatedSource pl:A ;"
        ' owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget _:r ; rdfs:comment "c" .'
    )

    written = format_turtle(PREFIXES + text)
    assert isomorphic(read_turtle(written), read_turtle(PREFIXES + text))
    assert written == format_turtle(PREFIXES + text.replace("_:r", "_:other"))


@pytest.mark.parametrize(
    "text",
    [
        "pl:a rdf:rest ( 1 2 ) .",
        "_:l rdf:first 1 ; rdf:rest _:m . _:m rdf:first 2 ; rdf:rest () . pl:a pl:p _:l , _:m .",
        "[] rdf:first 1 ; rdf:rest () .",
        "pl:a pl:p [ rdf:first 1 , 2 ; rdf:rest () ] .",
        "pl:a pl:p [ rdf:first 1 ; rdf:rest pl:b ] .",
        "pl:a pl:p () ; pl:q ( () ( 1 ) ) .",
        "( 1 2 ) pl:p pl:a .",
        "pl:a pl:p [] , [] .",
        "[] pl:p [ pl:q [ ] ] .",
        "pl:a pl:p ( 1 ) ; pl:q [ rdf:first 1 ; rdf:rest () ; a rdf:List ] .",
    ],
)
def test_odd_lists_and_blank_nodes_are_kept(text: str) -> None:
    """Lists with a shared tail, two heads or no end are written as the triples they are."""
    given_graph = read_turtle(PREFIXES + text)
    given_graph.remove((None, RDF.type, RDF.List))
    written = format_turtle(PREFIXES + text)

    assert isomorphic(read_turtle(written), given_graph)
    assert format_turtle(written) == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# why\npl:a a pl:B .", "'# why' would be lost"),
        ("pl:a a pl:B . # why", "'# why' would be lost"),
        ("pl:a a pl:B ; #why\n pl:p 1 .", "'#why' would be lost"),
        ("<a> a pl:B .", "<a> is relative"),
        ("_:a pl:p _:b . _:b pl:p _:a .", "2 blank nodes form a circle"),
        ("_:a pl:p _:a .", "1 blank nodes form a circle"),
        ("pl:a pl:p _:x , _:y . pl:b pl:p _:x , _:y .", "cannot be told apart"),
    ],
)
def test_what_would_be_lost_is_refused(text: str, message: str) -> None:
    """Comments, relative IRIs and circles are refused, with the reason."""
    with pytest.raises(FormatError, match=message):
        format_turtle(PREFIXES + text)


def test_a_comments_line_is_named() -> None:
    """The place of a comment that would be lost is its line and column."""
    with pytest.raises(FormatError) as caught:
        format_turtle("<http://e.org/a> a\n  1 . # note\n", source="f.ttl")

    assert str(caught.value.place) == "f.ttl:2:7"


def test_banners_of_tools_are_dropped() -> None:
    """What the OWL API and parley format write as comments carries nothing."""
    banners = (
        "#################################################################\n"
        "#    Object Properties\n# Classes\n# #\n# #    Data properties\n"
        "### https://w3id.org/parley/ns#Claim\n# https://w3id.org/parley/ns#Claim\n"
        "###  Generated by the OWL API (version 4.5.22) https://github.com/owlcs/owlapi\n"
    )

    assert body(banners + "pl:a a pl:B .") == body("pl:a a pl:B .")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<?xml version="1.0"?>\n<rdf:RDF/>', "XML"),
        ('<!DOCTYPE a [<!ENTITY b "&c;&c;">]><rdf:RDF>&b;</rdf:RDF>', "XML"),
        ("<Ontology xmlns='http://www.w3.org/2002/07/owl#'/>", "XML"),
        ("Prefix(:=<http://example.org/>)", "functional"),
        ("Prefix: ex: <http://example.org/>\nOntology: <x>", "Manchester"),
        ('[ {"@id": "x"} ]', "JSON-LD"),
        ("format-version: 1.2", "OBO"),
    ],
)
def test_another_syntax_is_named_with_the_way_back(text: str, name: str) -> None:
    """A file saved in RDF/XML by mistake is not read, and the remedy says how to save it."""
    with pytest.raises(FormatError, match=name) as caught:
        format_turtle(text)

    assert "Turtle Syntax" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("pl:a a pl:B .", "f.ttl:1:1", 'Prefix "pl:" not bound'),
        ('<http://e/a> <http://e/b> "x" .\n<http://e/a> "x', "f.ttl:2:14", "never closed"),
        ("<http://e/a> <http://e/p> 01 ;;; <http://e/p> é .", "f.ttl:1", "objectList expected"),
        ("<http://e/a> => <http://e/b> .", "f.ttl:1:14", "Turtle mode"),
    ],
)
def test_syntax_errors_have_a_place(text: str, place: str, message: str) -> None:
    """Line and column are those of the file, not of what the parser was given."""
    with pytest.raises(TurtleSyntaxError, match=message) as caught:
        format_turtle(text, source="f.ttl")

    assert str(caught.value.place).startswith(place)


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    """Ten thousand nested blank nodes end in a message."""
    deep = "pl:a pl:p " + "[ pl:p " * 10_000 + "1" + " ]" * 10_000 + " ."
    chain = "".join(f"_:n{i} pl:p _:n{i + 1} . " for i in range(10_000))

    with pytest.raises(TurtleSyntaxError):
        format_turtle(PREFIXES + deep)
    with pytest.raises(FormatError, match="too deep"):
        format_turtle(PREFIXES + chain)


def test_a_long_list_is_no_deep_nesting() -> None:
    """A list of three thousand members is written and read."""
    numbers = " ".join(str(n) for n in range(3000))

    assert body(f"pl:a pl:p ( {numbers} ) .").count("\n        ") == 3000


def test_line_ends_and_byte_order_mark_are_normalised() -> None:
    r"""A file saved on Windows has ``\n`` and no byte order mark afterwards."""
    text = "\ufeff" + (PREFIXES + 'pl:a rdfs:comment """a\nb""" .').replace("\n", "\r\n")

    assert 'rdfs:comment """a\nb""" ;' in format_turtle(text)
    assert "\r" not in format_turtle(text)


def test_a_base_resolves_relative_iris() -> None:
    """With a base given, or in the file, relative IRIs are absolute afterwards."""
    assert "<http://e.org/x>" in format_turtle("<x> a <y> .", base="http://e.org/")
    assert "<http://e.org/x>" in format_turtle("@base <http://e.org/> . <x> a <y> .")


def test_an_empty_file_stays_empty() -> None:
    """No triple, no text."""
    assert format_turtle("") == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("pl:a pl:p 1 .", "pl:a pl:p 2 ."),
        ("pl:a pl:p [] .", "pl:a pl:p [] , [] ."),
        ("pl:a pl:p [ pl:q 1 ] .", "pl:a pl:p [ pl:q 2 ] ."),
        ("pl:a pl:p _:x . pl:b pl:p _:x .", "pl:a pl:p [] . pl:b pl:p [] ."),
        ("pl:a pl:p ( 1 2 ) .", "pl:a pl:p ( 2 1 ) ."),
        ("pl:a owl:oneOf ( 1 2 ) .", "pl:a owl:oneOf ( 1 2 2 ) ."),
        ('pl:a pl:p "1"^^xsd:decimal .', 'pl:a pl:p "1.0"^^xsd:decimal .'),
    ],
)
def test_different_graphs_are_told_apart(first: str, second: str) -> None:
    """The guard sees a changed value, a missing node, a split node and a changed order."""
    assert not same_graph(read_turtle(PREFIXES + first), read_turtle(PREFIXES + second))
    assert same_graph(read_turtle(PREFIXES + first), read_turtle(PREFIXES + first))


def test_nothing_is_returned_when_the_guard_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that loses a triple is caught by reading its text back."""
    monkeypatch.setattr("parley.corpus.canonical.write", lambda *_, **__: "")

    with pytest.raises(FormatError, match="does not hold the same graph"):
        format_turtle(PREFIXES + "pl:a a pl:B .")


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
terms = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text: Literal(text, lang="fa"), texts),
    st.builds(lambda n: Literal(str(n), datatype=XSD.decimal), st.decimals(allow_nan=False)),
    st.sampled_from(
        [URIRef("https://w3id.org/parley/ns#A"), URIRef("http://e.org/é/b"), OWL.Class]
    ),
    st.integers(0, 5).map(lambda n: BNode(f"n{n}")),
)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([RDFS.label, OWL.oneOf]), terms)))
def test_any_graph_is_kept(rows: list[tuple[int, URIRef, Literal | URIRef | BNode]]) -> None:
    """Whatever the texts and blank nodes, the canonical text holds the same graph or is refused."""
    graph = Graph()
    for n, predicate, term in rows:
        subject = BNode(f"n{n}") if n else URIRef("https://w3id.org/parley/id/actor/a")
        graph.add((subject, predicate, term))
    try:
        written = format_turtle(graph.serialize(format="nt"))
    except FormatError:
        return

    assert isomorphic(read_turtle(written), graph)


def test_a_large_file_loses_nothing() -> None:
    """Four thousand triples, many of them in blank nodes that look alike."""
    restriction = "[ a owl:Restriction ; owl:onProperty pl:p{0} ; owl:someValuesFrom pl:C{1} ]"
    classes = "".join(
        f'pl:C{i} a owl:Class ; rdfs:label "c {i}" ; rdfs:subClassOf '
        f"{restriction.format(i, i + 1)} , {restriction.format(i + 1, i)} .\n"
        for i in range(400)
    )
    text = PREFIXES + classes
    written = format_turtle(text)

    assert len(read_turtle(written)) == 4000


def test_a_graph_is_written_as_its_text_is() -> None:
    """A graph that was never text has the canonical form of its text."""
    graph = Graph(bind_namespaces="none")
    graph.bind("ex", "http://example.org/")
    for words in ("b", 'line one\nline “two” \\ "three"', "10"):
        graph.add((URIRef("http://example.org/s"), RDFS.label, Literal(words, lang="en")))
    graph.add((URIRef("http://example.org/s"), RDF.value, Literal("7", datatype=XSD.integer)))

    assert format_graph(graph) == format_turtle(graph.serialize(format="turtle"))
