"""The ontology and every other Turtle file of a home, read offline."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS
from rdflib.plugins.parsers.notation3 import BadSyntax

from parley.corpus import catalogs, syntaxes
from parley.errors import OntologyError, Place, TermError, TurtleSyntaxError
from parley.namespaces import BASE
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

    from parley.home import Home

#: The file that imports the whole ontology, and the core it stands on.
ALL: Final = "parley-all.ttl"
CORE: Final = "parley.ttl"

#: What a relative IRI is resolved against, so that it can be refused.
_NO_BASE: Final = f"{BASE}no-base/"
_PARSED_NODE: Final = re.compile(r"[nf][0-9a-f]{32}b(\d+)")


def parse(path: Path) -> Graph:
    """Read a Turtle file; its blank nodes are named after the file and their order in it.

    Raises:
        TurtleSyntaxError: It does not parse, or holds a relative or malformed IRI or a literal
            outside its datatype (file and line).
        OntologyError: It is RDF/XML, OWL/XML or another syntax under a Turtle name.
    """
    text = _read_text(path)
    if name := syntaxes.recognise(text):
        place = Place(str(path), 1)
        raise OntologyError(
            f"{path.name} is {name}, not Turtle.", remedy=syntaxes.REMEDY, place=place
        )
    graph = Graph(bind_namespaces="none")
    try:
        with _quiet():
            graph.parse(data=text, format="turtle", publicID=_NO_BASE)
    except BadSyntax as error:
        raise TurtleSyntaxError(
            f"{path.name} does not parse: {error._why}.",
            remedy=f"Look at {_line(text, error.lines + 1)!r}.",
            place=Place(str(path), error.lines + 1),
        ) from error
    except RecursionError as error:
        raise TurtleSyntaxError(f"{path.name} nests too deep.", place=Place(str(path))) from error
    except (AssertionError, IndexError, ValueError) as error:
        why, _, rest = str(error).partition(" at ^ in ")
        line = _find_line(text, rest.rpartition("^")[2]) if rest else None
        raise TurtleSyntaxError(
            f"{path.name} does not parse: {why[:200]}.", place=Place(str(path), line)
        ) from error
    return _checked(graph, path, text)


def load(home: Home) -> Graph:
    """Read the ontology with all it imports, by catalog, never from the network.

    Raises:
        TurtleSyntaxError: A file does not parse.
        OntologyError: There is no ontology, or an import that no catalog maps to a file.
    """
    start = home.ontology / ALL
    if not start.is_file():
        start = home.ontology / CORE
    if not start.is_file():
        raise OntologyError(
            f"{home.ontology} holds neither {ALL} nor {CORE}.",
            remedy="Name a home with an ontology.",
        )
    union = Graph(bind_namespaces="none")
    for graph in load_closure(start, home.root).values():
        union += graph
    return union


def load_closure(start: Path, root: Path) -> dict[Path, Graph]:
    """Return a file and all it imports, each with its graph, in the order they are met."""
    graphs: dict[Path, Graph] = {}
    waiting = [start.resolve()]
    while waiting:
        path = waiting.pop(0)
        if path not in graphs:
            graphs[path] = parse(path)
            waiting += imports(graphs[path], path, root)
    return graphs


def imports(graph: Graph, path: Path, root: Path) -> list[Path]:
    """Return the files that a graph imports, sorted by IRI.

    Raises:
        OntologyError: No catalog maps an import to a file of the home.
    """
    targets = sorted(str(target) for target in graph.objects(None, OWL.imports))
    return [catalogs.resolve(iri, path, root) for iri in targets]


def labels(graph: Graph, language: str = "en") -> dict[str, str]:
    """Return the label of each IRI, in the language or else without one; the first by alphabet."""
    found: dict[str, str] = {}
    for wanted in (None, language):
        for prop in (SKOS.prefLabel, RDFS.label):
            ordered = sorted(graph.subject_objects(prop), key=str, reverse=True)
            for subject, label in ordered:
                if isinstance(label, Literal) and label.language == wanted:
                    found[str(subject)] = str(label)
    return found


def subclasses(graph: Graph) -> dict[URIRef, frozenset[URIRef]]:
    """Return every named class with its named superclasses, itself and indirect ones included."""
    classes = [c for c in graph.subjects(RDF.type, OWL.Class, unique=True) if isinstance(c, URIRef)]
    return {
        cls: frozenset(
            parent
            for parent in graph.transitive_objects(cls, RDFS.subClassOf)
            if isinstance(parent, URIRef)
        )
        for cls in classes
    }


def line_of(path: Path, term: Node, *, begins: bool = False) -> int | None:
    """Return the first line of a file that writes a term, found by the end of its name.

    With ``begins``, the first line that begins with it: there a thing is described.
    """
    text = str(term)
    name = re.split(r"[#/:]", text)[-1] if isinstance(term, URIRef) else text
    if not name or not path.is_file():
        return None
    start = r"^\S*" if begins else ""
    pattern = re.compile(rf"{start}(?<![\w-]){re.escape(name)}(?![\w-])")
    with path.open(encoding="utf-8") as lines:
        return next((n for n, line in enumerate(lines, start=1) if pattern.search(line)), None)


def line_of_text(path: Path, text: str) -> int | None:
    """Return the line of a file on which a string begins, as it stands or with its escapes."""
    content = _read_text(path)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return _find_line(content, escaped) or _find_line(content, text)


def _read_text(path: Path) -> str:
    place = Place(str(path))
    try:
        return path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except OSError as error:
        raise OntologyError(f"{path} cannot be read: {error.strerror}.", place=place) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TurtleSyntaxError(
            f"{path.name} is not UTF-8 from byte {error.start} on.",
            remedy="Save it as UTF-8.",
            place=Place(str(path), line),
        ) from error


def _checked(parsed: Graph, path: Path, text: str) -> Graph:
    stem = re.sub(r"[^A-Za-z0-9]+", "-", "-".join((*path.parts[-2:-1], path.stem))).strip("-")
    terms = {term for triple in parsed for term in triple}
    checked = {term: _checked_term(term, path, text, stem) for term in terms}
    graph = Graph(bind_namespaces="none")
    for s, p, o in parsed:
        graph.add((checked[s], checked[p], checked[o]))
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging what is raised as an error with its place."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _checked_term(term: Node, path: Path, text: str, stem: str) -> Node:
    if isinstance(term, BNode):
        match = _PARSED_NODE.fullmatch(term)
        return BNode(f"{stem}-{match.group(1) if match else term}")
    if isinstance(term, URIRef):
        _check_iri(term, path, text)
    elif isinstance(term, Literal) and term.ill_typed:
        raise TurtleSyntaxError(
            f"{str(term)[:80]!r} is not a value of {term.datatype}.",
            place=Place(str(path), _find_line(text, f'"{term}')),
        )
    return term


def _check_iri(iri: URIRef, path: Path, text: str) -> None:
    if iri.startswith(_NO_BASE):
        name = iri.removeprefix(_NO_BASE)
        raise TurtleSyntaxError(
            f"<{name}> is a relative IRI.",
            remedy="Write it whole, or with a prefix.",
            place=Place(str(path), _find_line(text, f"<{name}>")),
        )
    try:
        check_iri(iri)
    except TermError as error:
        raise TurtleSyntaxError(
            error.message,
            remedy=error.remedy,
            place=Place(str(path), _find_line(text, str(iri))),
        ) from error


def _find_line(text: str, words: str) -> int | None:
    offset = text.find(words)
    return text.count("\n", 0, offset) + 1 if offset >= 0 else None


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip()[:80] if 0 < number <= len(lines) else ""
