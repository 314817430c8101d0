"""A plain HTTP client for the endpoint under test: one connection, no cleverness."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from .results import RDF_FORMATS
from .suite import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Answer:
    """A response with its body read."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def problem(self) -> str:
        """The name of the problem that a problem document states."""
        if self.media_type != "application/problem+json":
            return ""
        return str(json.loads(self.body)["type"]).rpartition("/")[2]


def to_ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Write triples as N-Triples."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


@dataclass
class Endpoint:
    """The addresses of a server under test."""

    sparql: str
    update: str
    store: str
    #: Files that the store holds, with their graphs; None when that is not known.
    _holds: tuple[tuple[str | None, str], ...] | None = None
    _connections: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request; a connection the server closed is opened again, once."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if "sparql-query" not in sent.get("content-type", "") and method not in {"GET", "HEAD"}:
            self._holds = None
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            return self._send(parts.netloc, method, target, body, headers or {})
        except (http.client.HTTPException, ConnectionError):
            self._connections.pop(parts.netloc).close()
            return self._send(parts.netloc, method, target, body, headers or {})

    def _send(
        self, host: str, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        connection = self._connections.get(host)
        if connection is None:
            connection = http.client.HTTPConnection(host, timeout=60)
            self._connections[host] = connection
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections.values():
            connection.close()

    def query(self, text: str, accept: str = "*/*") -> Answer:
        """Ask a query by POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", self.sparql, text.encode("utf-8"), headers)

    def apply(self, text: str) -> Answer:
        """Apply an update by POST."""
        headers = {"Content-Type": "application/sparql-update"}
        return self.send("POST", self.update, text.encode("utf-8"), headers)

    def clear(self) -> None:
        """Remove every graph."""
        assert self.apply("DROP ALL").status < 300
        self._holds = ()

    def hold(self, *files: tuple[str | None, str]) -> None:
        """Let the store hold these files, each in a graph, and nothing else."""
        if self._holds == files:
            return
        if self._holds != ():
            self.clear()
        for graph, iri in files:
            self.load(iri, graph)
        self._holds = files

    def load(self, iri: str, graph: str | None = None) -> None:
        """Load a file of the suites into the default graph or a named one."""
        path = path_of(iri)
        if path.suffix == ".trig":
            self._load_dataset(iri)
            return
        body, media_type = path.read_bytes(), "text/turtle"
        if path.suffix == ".rdf":
            triples = (
                q.triple for q in ox.parse(input=body, format=RDF_FORMATS[".rdf"], base_iri=iri)
            )
            body, media_type = to_ntriples(triples), "application/n-triples"
        elif path.suffix == ".ttl":
            body = f"@base <{iri}> .\n".encode() + body
        target = f"?graph={quote(graph, safe='')}" if graph else "?default"
        answer = self.send("POST", self.store + target, body, {"Content-Type": media_type})
        assert answer.status < 300, (iri, answer)

    def _load_dataset(self, iri: str) -> None:
        """Load TriG in one update, so that its graphs share blank nodes."""
        graphs: dict[object, list[ox.Triple]] = {}
        for quad in ox.parse(
            input=path_of(iri).read_bytes(), format=ox.RdfFormat.TRIG, base_iri=iri
        ):
            graphs.setdefault(quad.graph_name, []).append(quad.triple)
        blocks = []
        for name, triples in graphs.items():
            text = to_ntriples(triples).decode("utf-8")
            named = isinstance(name, ox.NamedNode)
            blocks.append(f"GRAPH {name} {{ {text} }}" if named else text)
        answer = self.apply(f"INSERT DATA {{ {' '.join(blocks)} }}")
        assert answer.status < 300, (iri, answer)

    def dataset(self) -> ox.Dataset:
        """Return all that the store holds, blank nodes shared among its graphs."""
        everything = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        answer = self.query(everything, "application/sparql-results+json")
        rows = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(rows, ox.QuerySolutions)
        return ox.Dataset(ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows)
