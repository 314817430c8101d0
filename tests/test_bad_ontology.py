"""Mistakes made while editing in Protégé: each gets a clear message, and nothing is harmed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from parley.build import pipeline
from parley.errors import InputError
from parley.home import Home, find_home

if TYPE_CHECKING:
    from pathlib import Path

ACTORS = """\
@prefix actor: <https://w3id.org/parley/id/actor/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pl: <https://w3id.org/parley/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/parley/data/actors> a owl:Ontology ; dcterms:title "Actors"@en ;
  owl:imports <https://w3id.org/parley/ns> .
actor:iran a pl:State ; rdfs:label "Iran"@en ; skos:definition "country as an actor"@en .
"""
PYTHON_MODULE = (
    "<http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module>"
)
CORE = "ontology/parley.ttl"
DATA = "data/actors.ttl"
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"""
OWL_XML = '<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    + "]><rdf:RDF>&a39;</rdf:RDF>"
)
NON_SIMPLE = """
pl:Actor rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:factionOf ;
  owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the real ontology and one actor."""
    real = find_home()
    for folder in ("ontology", "queries"):
        shutil.copytree(real.root / folder, tmp_path / folder)
    (tmp_path / "data").mkdir()
    shutil.copy(real.data / "catalog-v001.xml", tmp_path / "data")
    (tmp_path / DATA).write_text(ACTORS, encoding="utf-8")
    return Home(tmp_path)


def test_the_home_is_sound_before_it_is_broken(home: Home) -> None:
    """Without a mistake the home is read and found in the profile."""
    assert pipeline.examine(home, reasoned=False).dataset


@pytest.mark.parametrize(
    ("file", "added", "message", "remedy"),
    [
        (DATA, "actor:x a pl:Country .", "pl:Country", ""),
        (CORE, NON_SIMPLE, "pl:factionOf is transitive", "a shape can count instead"),
        (CORE, "pl:edtf rdfs:range xsd:gYear .", "xsd:gYear, which OWL 2 does not", "xsd:dateTime"),
        (CORE, 'pl:edtf owl:hasValue "x"^^xsd:gYear .', "datatype xsd:gYear", "in a shape"),
        (
            CORE,
            f'{PYTHON_MODULE} a owl:AnnotationProperty . pl:Claim {PYTHON_MODULE} "os" .',
            "would make a library import Python code",
            "Delete the annotation",
        ),
        (
            CORE,
            "<https://w3id.org/parley/ns> owl:imports <http://example.org/other> .",
            "http://example.org/other",
            "catalog",
        ),
    ],
    ids=["undeclared class", "non-simple", "range gYear", "value gYear", "code", "web import"],
)
def test_a_statement_added_by_mistake_is_named(
    home: Home, file: str, added: str, message: str, remedy: str
) -> None:
    """The message says which term is wrong and what to do; the reasoner is not started."""
    path = home.root / file
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pipeline.examine(home)

    assert message in str(caught.value)
    assert remedy in str(caught.value)


def test_a_class_deleted_that_the_data_uses_is_named(home: Home) -> None:
    """Deleting pl:State is noticed where an actor is a state, with file and line."""
    path = home.root / CORE
    text = path.read_text(encoding="utf-8")
    start = text.index("\npl:State\n")
    path.write_text(text[:start] + text[text.index("\n.\n", start) + 3 :], encoding="utf-8")
    with pytest.raises(InputError, match="State"):
        pipeline.examine(home)


@pytest.mark.parametrize("content", [RDF_XML, OWL_XML, BOMB], ids=["RDF/XML", "OWL/XML", "bomb"])
@pytest.mark.parametrize("file", [CORE, DATA])
def test_a_file_saved_in_another_syntax_is_refused(home: Home, file: str, content: str) -> None:
    """XML under a Turtle name is never parsed, so that no entity can grow; the file is named."""
    (home.root / file).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="XML") as caught:
        pipeline.examine(home)

    assert str(home.root / file) in str(caught.value)
    assert (home.root / file).read_text(encoding="utf-8") == content
