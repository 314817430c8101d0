"""The Turtle files of a home: parsed strictly, imported offline, with known terms only."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
import rdflib.plugins.sparql
from rdflib import BNode, Graph, Literal, URIRef

from parley.build import assemble
from parley.corpus import catalogs, ontology, vocabulary
from parley.errors import OntologyError, TurtleSyntaxError, VocabularyError
from parley.home import Home
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[str, str, str], Path]

CATALOG = '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">{}</catalog>'
PREFIX = "@prefix x: <http://example.org/> .\n"


def write(folder: Path, content: str | bytes, name: str = "file.ttl") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_lexical_forms_stay_as_written() -> None:
    """A decimal of thirty bytes would otherwise be written out to a gigabyte."""
    assert rdflib.NORMALIZE_LITERALS is False
    assert str(Literal("1e9", datatype=rdflib.XSD.decimal)) == "1e9"


def test_the_sparql_engine_of_rdflib_reads_no_files(tmp_path: Path) -> None:
    """FROM <file:…> finds nothing."""
    secret = write(tmp_path, f"{PREFIX}x:a x:b x:c .")
    text = "SELECT * FROM <FILE> WHERE { ?s ?p ?o }".replace("FILE", secret.as_uri())
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        found = list(rdflib.Dataset().query(text))

    assert rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS is False
    assert found == []


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (f"{PREFIX}x:a x:b x:c .\nx:a x:b x:c x:d .", 3, "expected '.'"),
        ("y:a y:b y:c .", 1, 'Prefix "y:" not bound'),
        (f'{PREFIX}\nx:a x:b "open .', 3, "does not parse"),
        (f"{PREFIX}x:a x:b <rel> .", 2, "<rel> is a relative IRI"),
        (f"{PREFIX}x:a x:b <http://a b> .", 2, "not an absolute IRI"),
        (f'{PREFIX}x:a x:b 1, "x"^^<http://www.w3.org/2001/XMLSchema#integer> .', 2, "'x' is not"),
        (b"# caf\xe9\n", 1, "not UTF-8"),
        (f"{PREFIX}x:a x:b {'(' * 5000}", None, "nests too deep"),
    ],
    ids=["stop", "prefix", "string", "relative", "IRI", "datatype", "bytes", "deep"],
)
def test_a_syntax_error_has_file_and_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str | bytes, line: int, message: str
) -> None:
    """What is wrong stands in the message, and nowhere else: nothing is logged."""
    path = write(tmp_path, content)
    with caplog.at_level(logging.DEBUG), pytest.raises(TurtleSyntaxError) as caught:
        ontology.parse(path)

    assert message in caught.value.message
    assert caught.value.place
    assert (caught.value.place.source, caught.value.place.line) == (str(path), line)
    assert [record.name for record in caplog.records] == []


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        ('<?xml version="1.0"?><rdf:RDF/>', "XML"),
        ("\ufeff<!DOCTYPE rdf:RDF [ ]>", "XML"),
        ('<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "XML"),
        ("Prefix(:=<http://example.org/>)", "functional"),
        ("Prefix: x: <http://example.org/>", "Manchester"),
        ('[{"@id": "http://example.org/"}]', "JSON-LD"),
    ],
)
def test_another_syntax_under_a_turtle_name_is_refused(
    tmp_path: Path, content: str, syntax: str
) -> None:
    """Protégé saves what the file was before; the remedy says how to save Turtle."""
    with pytest.raises(OntologyError, match=syntax) as caught:
        ontology.parse(write(tmp_path, content))

    assert "Turtle" in caught.value.remedy


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder in the place of the file, for one."""
    with pytest.raises(OntologyError, match=r"Is a directory") as caught:
        ontology.parse(tmp_path)

    assert caught.value.place


def test_blank_nodes_are_named_after_the_file_and_their_order(tmp_path: Path) -> None:
    """The same bytes give the same labels in every run."""
    content = f"{PREFIX}x:a x:b [ x:c ( 1 2 ) ], _:q ."
    first, second = (ontology.parse(write(tmp_path, content, "x/f.ttl")) for _ in range(2))
    labels = {str(node) for node in first.all_nodes() if isinstance(node, BNode)}

    assert set(first) == set(second)
    assert labels == {"x-f-1", "x-f-2", "x-f-3", "x-f-4"}


def test_the_ontology_is_read_with_all_it_imports(home: Home) -> None:
    """The core, the schemes and the alignments, offline."""
    graph = ontology.load(home)

    assert (PL.Claim, rdflib.RDF.type, rdflib.OWL.Class) in graph
    assert len(set(graph.subjects(rdflib.RDF.type, rdflib.OWL.Ontology))) > 10
    assert ontology.labels(graph)[str(PL.Claim)] == "claim"


def test_the_core_stands_alone(tmp_path: Path) -> None:
    """Without parley-all.ttl the core is the ontology; without both there is none."""
    home = Home(tmp_path)
    with pytest.raises(OntologyError, match=r"neither parley-all\.ttl nor parley\.ttl"):
        ontology.load(home)
    write(home.ontology, f"{PREFIX}x:a x:b x:c .", "parley.ttl")

    assert len(ontology.load(home)) == 1


def test_an_import_that_no_catalog_maps_is_refused(editable: Home, edit: Edit) -> None:
    """The message names it; the network is not asked."""
    edit("ontology/parley-all.ttl", "imports <https://w3id.org/parley/ns>", "imports <urn:x:y>")
    with pytest.raises(OntologyError, match=r"<urn:x:y>, which no catalog-v001\.xml"):
        ontology.load(editable)


@pytest.mark.parametrize(
    ("catalog", "message"),
    [
        ("<!DOCTYPE catalog><catalog/>", "document type or entities"),
        ('<!ENTITY x "y"><catalog/>', "document type or entities"),
        ("<catalog>", "not well-formed"),
        (b"<catalog>\xff</catalog>", "cannot be read"),
        ('<uri name="urn:a" uri="http://example.org/a"/>', "no relative file"),
        ('<uri name="urn:a" uri="../../a.ttl"/>', "no file of this home"),
        ('<uri name="urn:a" uri="gone.ttl"/>', "no file of this home"),
        ('<uri name="urn:b" uri="b.ttl"/>', "which no catalog"),
    ],
)
def test_a_catalog_maps_imports_to_files_of_the_home_only(
    tmp_path: Path, catalog: str | bytes, message: str
) -> None:
    """No entities, no addresses, nothing outside."""
    if isinstance(catalog, str) and catalog.startswith("<uri"):
        catalog = (
            f'<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">{catalog}</catalog>'
        )
    write(tmp_path, "", "a.ttl")
    write(tmp_path / "home", catalog, "catalog-v001.xml")
    importer = write(tmp_path / "home", "", "importer.ttl")
    with pytest.raises(OntologyError, match=message):
        catalogs.resolve("urn:a", importer, tmp_path / "home")


def test_the_nearest_catalog_decides(tmp_path: Path) -> None:
    """First the folder of the importing file, as in Protégé, then those above."""
    entry = CATALOG.format('<uri name="{}" uri="{}"/>')
    near, far = write(tmp_path / "data", "", "near.ttl"), write(tmp_path, "", "far.ttl")
    write(tmp_path / "data", entry.format("urn:a", "near.ttl"), "catalog-v001.xml")
    write(tmp_path, entry.format("urn:b", "far.ttl"), "catalog-v001.xml")

    assert catalogs.resolve("urn:a", near, tmp_path) == near
    assert catalogs.resolve("urn:b", near, tmp_path) == far


def test_a_data_file_is_found_by_its_name(tmp_path: Path) -> None:
    """A document that is dropped in needs no catalog; nothing outside data/ is found so."""
    path = write(tmp_path / "data" / "documents" / "x", "", "document.ttl")
    write(tmp_path / "ontology", "", "parley.ttl")
    base = "https://w3id.org/parley/data/"

    assert catalogs.resolve(f"{base}documents/x/document", path, tmp_path) == path
    with pytest.raises(OntologyError):
        catalogs.resolve(f"{base}gone", path, tmp_path)


@pytest.mark.parametrize(
    ("added", "message", "remedy"),
    [
        ("actor:x pl:claimnt actor:russia .", "property pl:claimnt", "pl:claimant"),
        ("actor:x a pl:Stat .", "class pl:Stat", "pl:State"),
        ("actor:russia pl:actsFor actor:rusia .", "actor actor:rusia", "actor:russia"),
        ("actor:russia pl:status pl:reviwed .", "term pl:reviwed", "pl:reviewed"),
        ("actor:russia pl:relation plr:mediate .", "relation type plr:mediate", "plr:mediates"),
        ("actor:russia pl:zzzzzz actor:russia .", "property pl:zzzzzz", "Declare or define"),
    ],
    ids=["property", "class", "actor", "facet", "relation", "nothing near"],
)
def test_an_unknown_term_is_named_with_its_neighbours(
    editable: Home, added: str, message: str, remedy: str
) -> None:
    """File, line, and what was perhaps meant."""
    path = editable.data / "actors.ttl"
    head = "@prefix plr: <https://w3id.org/parley/relation/> .\n"
    path.write_text(f"{head}{path.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    with pytest.raises(VocabularyError) as caught:
        assemble.assemble(editable)

    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert caught.value.place
    assert caught.value.place.line == len(path.read_text(encoding="utf-8").splitlines())


def test_terms_of_other_vocabularies_need_a_declaration_too(home: Home) -> None:
    """A property that nobody declared is none of OWL 2 DL."""
    words = vocabulary.of_ontology(ontology.load(home))
    graph = Graph()
    graph.add((URIRef("http://example.org/a"), URIRef("http://example.org/b"), Literal("c")))
    with pytest.raises(VocabularyError, match=r"property <http://example\.org/b> is unknown"):
        vocabulary.check(graph, Path("nowhere.ttl"), words)


def test_labels_prefer_the_language_then_none(tmp_path: Path) -> None:
    """A preferred label loses to a label; the first by alphabet wins."""
    graph = ontology.parse(
        write(
            tmp_path,
            "@prefix r: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            '<urn:a> r:label "b"@en, "a"@en, "c"@ru, "d" . '
            '<urn:b> r:label "d" . <urn:c> r:label "e"@ru .',
        )
    )

    assert ontology.labels(graph) == {"urn:a": "a", "urn:b": "d"}
    assert ontology.labels(graph, "ru") == {"urn:a": "c", "urn:b": "d", "urn:c": "e"}


def test_superclasses_are_named_and_include_the_class(home: Home) -> None:
    """Anonymous ones are left out."""
    parents = ontology.subclasses(ontology.load(home))

    assert {PL.Government, PL.Organization, PL.Collective, PL.Actor} <= parents[PL.Government]


@pytest.mark.parametrize(
    ("text", "line"), [('say "hi"', 2), ("two\nlines", 3), ("nothing", None), ("back\\slash", 4)]
)
def test_a_string_is_found_in_its_file(tmp_path: Path, text: str, line: int | None) -> None:
    """As it stands, or with Turtle's escapes."""
    path = write(tmp_path, '"a" .\n"say \\"hi\\"" .\n"""two\nlines""", "back\\\\slash"')

    assert ontology.line_of_text(path, text) == line
