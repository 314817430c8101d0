"""The Java-free profile check: each rule finds its mistake, and the home has none."""

from __future__ import annotations

import pytest
from rdflib import Graph

from parley.corpus import ontology
from parley.corpus.profile import RULES, find_violations, require_profile
from parley.errors import OntologyError
from parley.home import find_home

LIBRARY = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#"
PREFIXES = (
    f"@prefix lib: <{LIBRARY}> ."
    + """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pl: <https://w3id.org/parley/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
pl:Claim a owl:Class . pl:Actor a owl:Class . pl:claimant a owl:ObjectProperty .
pl:partOf a owl:ObjectProperty , owl:TransitiveProperty .
pl:hasPart a owl:ObjectProperty ; owl:inverseOf pl:partOf .
pl:within a owl:ObjectProperty . pl:partOf rdfs:subPropertyOf pl:within .
pl:year a owl:DatatypeProperty . lib:python_module a owl:AnnotationProperty .
"""
)
MISTAKES = [
    ("pl:x a pl:Rumour .", "undeclared class", "pl:Rumour"),
    ("pl:Claim rdfs:subClassOf pl:Rumour .", "undeclared class", "pl:Rumour"),
    ("pl:Claim owl:disjointUnionOf ( pl:Actor pl:Old ) .", "undeclared class", "pl:Old"),
    ("pl:x pl:says pl:y .", "undeclared property", "pl:says"),
    ("[] owl:onProperty pl:says .", "undeclared property", "pl:says"),
    ("pl:year owl:propertyChainAxiom ( pl:says pl:year ) .", "undeclared property", "pl:says"),
    ("pl:claimant a owl:DatatypeProperty .", "punning", "pl:claimant"),
    ("pl:claimant a owl:AnnotationProperty .", "punning", "pl:claimant"),
    ("pl:Claim a rdfs:Datatype .", "punning", "pl:Claim"),
    ("pl:partOf a owl:FunctionalProperty .", "non-simple property", "pl:partOf"),
    ("pl:hasPart a owl:IrreflexiveProperty .", "non-simple property", "pl:hasPart"),
    ("pl:within a owl:AsymmetricProperty .", "non-simple property", "pl:within"),
    (
        "pl:Claim rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:within ;"
        ' owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
        "non-simple property",
        "pl:within",
    ),
    ("pl:claimant owl:propertyDisjointWith pl:partOf .", "non-simple property", "pl:partOf"),
    (
        "pl:claimant owl:propertyChainAxiom ( pl:within pl:hasPart ) ; a owl:FunctionalProperty .",
        "non-simple property",
        "pl:claimant",
    ),
    (
        "pl:claimant owl:propertyChainAxiom ( pl:within pl:hasPart ) ."
        " pl:within owl:propertyChainAxiom ( pl:hasPart pl:claimant ) .",
        "irregular chain",
        "pl:claimant",
    ),
    (
        "pl:within owl:propertyChainAxiom ( pl:within pl:claimant pl:within ) .",
        "irregular chain",
        "pl:within",
    ),
    ("pl:year rdfs:range xsd:gYear .", "datatype", "pl:year"),
    ('pl:x pl:year "1996"^^xsd:gYear .', "datatype", "pl:year"),
    ('[] owl:hasValue "1996-01-01"^^xsd:date .', "datatype", "owl:hasValue"),
    ('pl:x pl:claimant "Lebed" .', "value", "pl:claimant"),
    ("pl:x pl:year pl:y .", "value", "pl:year"),
    ('rdfs:label rdfs:comment "mine" .', "reserved vocabulary", "rdfs:label"),
    ("pl:x a owl:Klass .", "reserved vocabulary", "owl:Klass"),
    ("pl:x owl:sameAs [] .", "anonymous individual", "a blank node"),
    ("pl:Claim owl:equivalentClass [ owl:oneOf ( [] ) ] .", "anonymous individual", "a blank node"),
    ('pl:x lib:python_module "os" .', "code", f"<{LIBRARY}python_module>"),
]


def graph_of(text: str) -> Graph:
    """Return a sound little ontology with one addition."""
    return Graph().parse(data=PREFIXES + text, format="turtle")


@pytest.mark.parametrize(("text", "rule", "term"), MISTAKES)
def test_a_mistake_is_found_and_named(text: str, rule: str, term: str) -> None:
    """The violation names the rule and the term and says what to do."""
    found = find_violations(graph_of(text))

    assert (rule, term) in {(v.rule, v.term) for v in found}
    assert all(v.message.endswith(".") and v.remedy.endswith(".") for v in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xsd:date a rdfs:Datatype .",
        "pl:code a rdfs:Datatype . pl:year rdfs:range pl:code .",
        "pl:Claim a pl:Actor .",
        "pl:within owl:propertyChainAxiom ( pl:within pl:claimant ) .",
        "pl:within owl:propertyChainAxiom ( pl:claimant pl:within ) , ( pl:within pl:within ) .",
        'pl:x pl:year "1996-01-01T00:00:00Z"^^xsd:dateTime , "1.5"^^xsd:decimal , "a" .',
        'pl:x rdfs:label "1996"^^xsd:gYear .',
        "pl:Claim rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:partOf ;"
        " owl:someValuesFrom owl:Thing ] .",
        "pl:Claim owl:disjointWith [ a owl:Class ; owl:complementOf pl:Actor ] .",
    ],
)
def test_what_owl_2_dl_allows_is_not_found(text: str) -> None:
    """Metamodelling, own datatypes, left-recursive chains and free annotations are allowed."""
    assert find_violations(graph_of(text)) == []


def test_every_rule_is_tried() -> None:
    """Each rule has a mistake above that it alone finds."""
    tried = {rule for rule in RULES for text, *_ in MISTAKES if list(rule(graph_of(text)))}

    assert tried == set(RULES)


def test_all_violations_come_in_one_message() -> None:
    """The error lists them with their remedies, and HermiT is never started."""
    graph = graph_of('pl:x a pl:Rumour ; pl:year "1996"^^xsd:gYear .')
    with pytest.raises(OntologyError) as caught:
        require_profile(graph)

    assert "2 violations" in caught.value.message
    assert "pl:Rumour is used as a class and not declared. Declare it" in caught.value.message
    assert "'1996' of datatype xsd:gYear" in caught.value.message


def test_a_sound_graph_passes() -> None:
    """Nothing is raised."""
    require_profile(graph_of(""))


def test_the_ontology_is_in_the_profile() -> None:
    """Core, schemes and alignments have no violation."""
    assert find_violations(ontology.load(find_home())) == []
