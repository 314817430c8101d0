"""The pages: the front page, a page for every entity, and the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import flask
from rdflib import URIRef

from parley.corpus import queries
from parley.engine.results import GRAPH_FORMATS, HTML, negotiate
from parley.errors import NotFoundError
from parley.namespaces import BASE, PREFIXES

if TYPE_CHECKING:
    from parley.web.app import Site
    from parley.web.views import Row

blueprint = flask.Blueprint("pages", __name__)

#: Ending of an address to the format it stands for.
SUFFIXES: Final = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".rdf": "application/rdf+xml",
}
#: Schemes of IRIs that a page may link to.
_LINKED_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"


@blueprint.route("/")
def show_home() -> str:
    """Show what the dataset holds, and questions to begin with."""
    site = _site()
    counts = next(iter(site.views.select("counts")), {})
    return flask.render_template(
        "home.html",
        counts={name: int(value.text) for name, value in counts.items()},
        documents=site.views.select("documents"),
        questions=_questions(site),
    )


@blueprint.route("/<any(id, relation, scheme, graph):space>/<path:name>")
def show_entity(space: str, name: str) -> flask.Response:
    """Show an entity as a page or as data, by Accept, ``?format=`` or the address's ending."""
    name, suffix = _split_suffix(name)
    iri = f"{BASE}{space}/{quote(name, safe='/:@!$&*+,;=~-._')}"
    path = flask.url_for(".show_entity", space=space, name=name)
    return _show_resource(iri, path, suffix)


@blueprint.route("/ns")
@blueprint.route("/ns<any('.ttl', '.nt', '.jsonld', '.json', '.rdf'):suffix>")
def show_ontology(suffix: str = "") -> flask.Response:
    """Show the ontology as a page or as data."""
    site = _site()
    media_type = _negotiate(suffix)
    if media_type != HTML:
        return _data(site.views.fetch("ontology", "CONSTRUCT", media_type), media_type)
    terms = site.views.select("ontology-terms")
    return _page("ontology.html", "/ns", terms=terms)


@blueprint.app_template_filter("path_of")
def path_of(iri: str) -> str:
    """Return where a page about an IRI is: here for our own, outside for web addresses, or none."""
    if iri.startswith(BASE):
        return f"/{iri.removeprefix(BASE)}"
    return iri if urlsplit(iri).scheme in _LINKED_SCHEMES else ""


@blueprint.app_template_filter("curie_of")
def curie_of(iri: str) -> str:
    """Return an IRI with its prefix when it has one of ours, the IRI otherwise."""
    spaces = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
    for prefix, namespace in spaces:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _show_resource(iri: str, path: str, suffix: str) -> flask.Response:
    site = _site()
    terms = {"this": URIRef(iri)}
    media_type = _negotiate(suffix)
    if not site.views.is_used(iri):
        raise NotFoundError(f"The dataset says nothing about <{iri}>.")
    if media_type != HTML:
        return _data(site.views.fetch("entity", "CONSTRUCT", media_type, terms), media_type)
    statements = site.views.select("entity-statements", terms)
    return _page(
        "entity.html",
        path,
        iri=iri,
        label=_label_of(statements) or curie_of(iri),
        statements=statements,
        mentions=site.views.select("entity-mentions", terms),
    )


def _page(template: str, path: str, **values: object) -> flask.Response:
    """Render a page that has twins as data, and say so in its Link header."""
    twins = [(f"{path}{s}", media_type) for s, media_type in SUFFIXES.items() if s != ".json"]
    page = flask.render_template(template, twins=twins, **values)
    response = flask.Response(page, content_type="text/html; charset=utf-8")
    links = [f'<{twin}>; rel="alternate"; type="{media_type}"' for twin, media_type in twins]
    response.headers["Link"] = ", ".join(links)
    return response


def _data(body: bytes, media_type: str) -> flask.Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return flask.Response(body, content_type=media_type + charset)


def _negotiate(suffix: str) -> str:
    if suffix:
        return SUFFIXES[suffix]
    accept = flask.request.headers.get("Accept", "")
    wanted = flask.request.args.get("format") or None
    return negotiate(accept, (HTML, *GRAPH_FORMATS), wanted)


def _split_suffix(name: str) -> tuple[str, str]:
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""


def _label_of(statements: list[Row]) -> str:
    labels = [row["value"] for row in statements if row["property"].text == _LABEL]
    english = [label.text for label in labels if label.language.startswith("en")]
    return (english or [label.text for label in labels] or [""])[0]


def _questions(site: Site) -> list[queries.Query]:
    if site.home is None:
        return []
    found = [*queries.load(site.home, "competency"), *queries.load(site.home, "examples")]
    return [query for query in found if not query.parameters]


def _site() -> Site:
    site: Site = flask.current_app.extensions["parley"]
    return site
