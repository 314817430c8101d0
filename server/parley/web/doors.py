"""Doors for machines: dumps, their checksums and description, the JSON-LD context, citations."""

from __future__ import annotations

import functools
import hashlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

import flask
from rdflib import URIRef

from parley.build import generations
from parley.corpus.vocabulary import shorten
from parley.engine.convert import canonical, serialise, to_nquads
from parley.engine.results import GRAPH_FORMATS, HTML, JSON_LD, N_TRIPLES, TURTLE, negotiate
from parley.errors import NotFoundError, RequestError
from parley.namespaces import PREFIXES
from parley.publishing import citations, dumps, files, void
from parley.terms import check_iri
from parley.web import names
from parley.web.site import site

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.engine.types import Engine

blueprint = flask.Blueprint("publishing", __name__)

_TURTLE: Final = "text/turtle; charset=utf-8"
_CITED: Final = f"There are {', '.join(citations.FORMATS)}."
#: Who is cited for what no article says.
_AUTHORS: Final = ("The Parley authors",)
_PLAIN: Final = "text/plain; charset=utf-8"


@dataclass
class _Shelf:
    """The dumps of one state of the data, made when they are first asked for."""

    version: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def take(self, engine: Engine, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a body of the current state of the data; one thread makes it, the others wait."""
        with self.lock:
            if self.version != engine.version:
                self.bodies.clear()
                self.version = engine.version
            if name not in self.bodies:
                self.bodies[name] = make()
            return self.bodies[name]


@blueprint.route("/dump.<ending>")
def show_dump(ending: str) -> flask.Response:
    """Answer with the whole dataset in the format of the ending, or with the checksums."""
    if ending == "sha256":
        return _answer(files.checksums(_plain_dumps()), _PLAIN)
    for dump in dumps.DUMPS:
        if dump.ending == ending:
            charset = "; charset=utf-8" if dump.media_type.startswith("text/") else ""
            answer = _answer(_dump(dump), dump.media_type + charset)
            answer.headers["Link"] = '</.well-known/void>; rel="describedby"'
            return answer
    offered = ", ".join(f"/dump.{dump.ending}" for dump in dumps.DUMPS)
    raise NotFoundError(f"There is no dump.{ending[:20]}.", remedy=f"There are {offered}.")


@blueprint.route("/.well-known/void")
def show_description() -> flask.Response:
    """Describe the dataset in VoID and DCAT 3, as Turtle or another RDF format."""
    request = flask.request
    accept = request.headers.get("Accept", "")
    media_type = negotiate(accept, GRAPH_FORMATS[:4], request.args.get("format") or None)
    body = _taken(f"void {media_type}", functools.partial(_describe, media_type))
    answer = _answer(body, _TURTLE if media_type == TURTLE else media_type)
    answer.headers["Link"] = f'<{void.DATASET}>; rel="describes"'
    answer.vary.add("Accept")
    return answer


@blueprint.route("/dataset")
@blueprint.route("/linkset/<name>")
def show_dataset(name: str = "") -> flask.Response:
    """Send who asks for the dataset, or its links to another, to what describes it."""
    iri = f"{void.DATASET.removesuffix('dataset')}linkset/{name}" if name else str(void.DATASET)
    if f"<{iri}>".encode() not in _taken(f"void {N_TRIPLES}", lambda: _describe(N_TRIPLES)):
        raise NotFoundError(f"There is no <{iri[:200]}>.", remedy="Look at /.well-known/void.")
    request = flask.request
    asked = request.args.get("format", "")
    accept = request.headers.get("Accept", "")
    media_type = negotiate(accept, (HTML, *GRAPH_FORMATS[:4]), asked or None)
    described = f"/.well-known/void?{urlencode({'format': media_type})}"
    answer = flask.redirect("/" if media_type == HTML else described, 303)
    answer.headers["Vary"] = "Accept"
    return flask.make_response(answer)


@blueprint.route("/context.jsonld")
def show_context() -> flask.Response:
    """Answer with the JSON-LD context under which a claim reads like a record."""
    home = site().home
    if home is None:
        raise NotFoundError("There is no context: this server has no home.")
    return _answer((home.ontology / "context.jsonld").read_bytes(), JSON_LD)


@blueprint.route("/cite")
def show_citation() -> flask.Response:
    """Answer with the citation of a thing, or of a query's answer, in the version served now."""
    name = flask.request.args.get("format", "bibtex")
    if name not in citations.FORMATS:
        raise RequestError(f"There is no citation format {name[:20]!r}.", remedy=_CITED)
    query = flask.request.args.get("query", "")
    work = _cite_answer(query) if query else _cite_page_or_thing()
    content_type, write = citations.FORMATS[name]
    return _answer(write(work).encode("utf-8"), content_type)


def _cite_page_or_thing() -> citations.Work:
    page = flask.request.args.get("page", "")
    return _cite_page(page) if page else _cite_thing(flask.request.args.get("iri", ""))


def _cite_page(page: str) -> citations.Work:
    """Cite a page that is about no one thing, as it is now."""
    shared = site()
    path, _, given = page[:2_000].partition("?")
    if not path.startswith("/") or path.startswith("//"):
        raise RequestError("A page is named by its path.", remedy="Give page=/timeline.")
    version = shared.service.engine.version
    kept = [pair for pair in parse_qsl(given) if pair[0] != "version"]
    name = path.strip("/").replace("/", ", ").replace("-", " ") or "the articles"
    return citations.Work(
        iri=f"page-{path}-{version}",
        title=f"Parley: {name}",
        authors=_AUTHORS,
        address=f"{shared.service.base_url}{path}?{urlencode([*kept, ('version', version)])}",
        version=version,
        container=void.TITLE,
    )


def _cite_thing(iri: str) -> citations.Work:
    shared = site()
    rows = shared.views.select("citation", {"work": URIRef(check_iri(iri))})
    if not rows:
        raise NotFoundError(f"Nothing is known of {iri[:200]}.", remedy="Give the iri of a thing.")
    first = {column: value.text for column, value in rows[0].items()}
    authors = dict.fromkeys(row["author"].text for row in rows if "author" in row)
    path = names.path_of(iri)
    address = shared.service.base_url + path if path.startswith("/") else iri
    is_article = names.kind_of(iri) == "document"
    return citations.Work(
        iri=iri,
        title=first.get("title") or shorten(iri),
        authors=tuple(authors) or _AUTHORS,
        issued=first.get("issued", ""),
        publisher=first.get("publisher", ""),
        address=address,
        version=shared.service.engine.version,
        container="" if is_article else void.TITLE,
    )


def _cite_answer(query: str) -> citations.Work:
    """Cite an answer by its query and the version of the data; dates are the data's affair."""
    shared = site()
    version = shared.service.engine.version
    address = f"{shared.service.base_url}/sparql?{urlencode({'query': query, 'version': version})}"
    title = f"Answer from the Parley dataset, version {version}"
    digest = hashlib.sha256(f"{version} {query}".encode()).hexdigest()[:16]
    return citations.Work(
        iri=f"answer-{digest}",
        title=title,
        authors=_AUTHORS,
        address=address,
        version=version,
        container=void.TITLE,
    )


def _describe(media_type: str) -> bytes:
    if media_type != TURTLE:
        quads = canonical(to_nquads(_taken(f"void {TURTLE}", lambda: _describe(TURTLE)), TURTLE))
        return serialise(quads, media_type, PREFIXES)
    service = site().service
    graph = void.describe(
        _nquads(),
        base_url=service.base_url,
        version=service.engine.version,
        files=_plain_dumps(),
    )
    return void.to_turtle(graph)


def _plain_dumps() -> dict[str, bytes]:
    return {f"dump.{dump.ending}": _dump(dump) for dump in dumps.DUMPS}


def _dump(dump: dumps.Dump) -> bytes:
    nquads = _nquads()
    return _taken(dump.ending, functools.partial(dumps.make, nquads, dump.media_type))


def _nquads() -> bytes:
    return _taken("dataset", _read_dataset)


def _read_dataset() -> bytes:
    """Read the file of the build that is served; ask the engine where there is none.

    The file keeps each literal as it was written; a store may fold equal numbers into one type.
    """
    shared = site()
    found = generations.current(shared.store) if shared.store else None
    if found is not None and found.id == shared.service.engine.version:
        return found.dataset.read_bytes()
    return dumps.fetch(shared.service.engine)


def _taken(name: str, make: Callable[[], bytes]) -> bytes:
    shelf: _Shelf = flask.current_app.extensions.setdefault("parley-dumps", _Shelf())
    return shelf.take(site().service.engine, name, make)


def _answer(body: bytes, content_type: str) -> flask.Response:
    """Return a body that a client may keep while the data stays as it is."""
    response = flask.Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    tag = response.get_etag()[0] or ""
    known = flask.request.if_none_match
    if tag in known or f"{tag}-gzip" in known:
        return flask.Response(status=304, headers={"ETag": f'"{tag}"'})
    return response
