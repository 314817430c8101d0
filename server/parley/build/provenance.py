"""Say in PROV-O how a dataset came to be: from which files, by which tools. No clock is read."""

from __future__ import annotations

import hashlib
from importlib import metadata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

from parley.namespaces import BASE, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from parley.home import Home

#: Packages whose version decides what a build says.
TOOLS: Final = ("parley-claims", "owlready2", "pyoxigraph", "pyshacl", "rdflib")


def describe(home: Home, graph_names: Iterable[str], *, reasoned: bool) -> Graph:
    """Return the activity that generated the graphs, the files it used, and the tools.

    The activity's IRI is made of the digests of the files, so the same home has the same one.
    """
    files = {path.relative_to(home.root).as_posix(): _digest(path) for path in input_files(home)}
    versions = {tool: metadata.version(tool) for tool in TOOLS if reasoned or tool != "owlready2"}
    parts = sorted([*files.items(), *versions.items()])
    name = hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16]
    activity = URIRef(f"{BASE}build/{name}")
    graph = Graph(bind_namespaces="none")
    graph.add((activity, RDF.type, PROV.Activity))
    graph.add((activity, RDFS.label, Literal("build of the dataset", lang="en")))
    for path, digest in files.items():
        _add_file(graph, activity, path, digest)
    for tool, version in versions.items():
        _add_tool(graph, activity, tool, version)
    for graph_name in graph_names:
        graph.add((URIRef(graph_name), RDF.type, PROV.Entity))
        graph.add((URIRef(graph_name), PROV.wasGeneratedBy, activity))
    return graph


def input_files(home: Home) -> list[Path]:
    """Return the files whose content enters the dataset, or decides it, sorted."""
    patterns = {
        home.ontology: ("*.ttl", "*/*.ttl"),
        home.data: ("*.ttl", "documents/*/*.ttl", "documents/*/source.txt", "links/*.sssom.tsv"),
        home.queries: ("rules/*.rq",),
    }
    return sorted(
        path for folder, globs in patterns.items() for glob in globs for path in folder.glob(glob)
    )


def _add_file(graph: Graph, activity: URIRef, path: str, digest: str) -> None:
    entity = URIRef(f"{BASE}file/{quote(path)}")
    graph.add((activity, PROV.used, entity))
    graph.add((entity, RDF.type, PROV.Entity))
    graph.add((entity, RDFS.label, Literal(path)))
    graph.add((entity, SCHEMA.sha256, Literal(digest)))


def _add_tool(graph: Graph, activity: URIRef, tool: str, version: str) -> None:
    agent = URIRef(f"{BASE}tool/{tool}/{quote(version)}")
    graph.add((activity, PROV.wasAssociatedWith, agent))
    graph.add((agent, RDF.type, PROV.SoftwareAgent))
    graph.add((agent, RDFS.label, Literal(f"{tool} {version}")))
    graph.add((agent, DCTERMS.hasVersion, Literal(version)))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
