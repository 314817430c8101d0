"""From a template to a response: what every page shares, and pages kept while the data stays."""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import flask
from rdflib import URIRef

from parley.engine.results import CSV, GRAPH_FORMATS, HTML, negotiate
from parley.web import languages, names, structured
from parley.web.reuse import Reuse
from parley.web.site import site as site
from parley.web.views import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from parley.web.views import Row, Slice, Terms

#: Ending of an address to the format it stands for.
SUFFIXES: Final = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".csv": CSV,
}
#: The endings as a route has them.
ENDINGS: Final = ", ".join(repr(ending) for ending in SUFFIXES)
#: What the links to the same as data are called.
FORMAT_NAMES: Final = {
    ".ttl": "Turtle",
    ".nt": "N-Triples",
    ".jsonld": "JSON-LD",
    ".rdf": "RDF/XML",
    ".csv": "CSV",
}
FRAGMENT_HEADER: Final = "X-Parley-Fragment"
LANGUAGE_COOKIE: Final = "parley-language"
#: Longest address of a query that a page links to.
_LONGEST_LINK: Final = 8_000
#: What an answer depends on; that it may be packed is said where it is.
_VARY: Final = "Accept, Accept-Language, Cookie"
_YEAR_S: Final = 31_536_000


def kept(view: Callable[..., flask.Response | str]) -> Callable[..., flask.Response]:
    """Keep the pages of a view while the data stays as it is, and answer 304 where it can."""

    @functools.wraps(view)
    def answer(**arguments: str) -> flask.Response:
        cache = site().pages
        key = _page_key()
        found = cache.get(key)
        if found is None:
            made = flask.make_response(view(**arguments))
            if made.status_code != 200:
                return made
            body = made.get_data()
            made.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
            found = body, [(n, v) for n, v in made.headers if n.lower() != "content-length"]
            cache.put(key, *found)
        return _respond(*found)

    return answer


def render(template: str, *, behind: tuple[str, Terms] | None = None, **values: Any) -> str:
    """Render a template; ``behind`` is the view whose query the page's foot links to."""
    link = query_link(*behind) if behind else ""
    iri = _subject(values)
    fetched = values.pop("fetched", behind)
    if "reuse" not in values:
        values["reuse"] = _reuse(values.get("twins"), iri, fetched, link)
    return flask.render_template(
        template,
        query_behind=link,
        structured=structured.describe(site().views, iri, absolute(names.path_of(iri)))
        if iri
        else "",
        **values,
    )


def render_twinned(template: str, path: str, **values: Any) -> flask.Response:
    """Render a page that has twins as data, and say so in its Link header.

    ``fetched`` is the view that its twin as a table holds, when it is not the thing's own facts.
    """
    twins = [(twin(path, ending), SUFFIXES[ending], name) for ending, name in FORMAT_NAMES.items()]
    iri = _subject(values)
    values.setdefault("fetched", ("entity-facts", {"this": URIRef(iri)}))
    page = render(template, twins=twins, **values)
    response = flask.Response(page, content_type="text/html; charset=utf-8")
    response.headers["Link"] = _links(path, HTML, iri)
    return response


def render_data(body: bytes, media_type: str, path: str = "", iri: str = "") -> flask.Response:
    """Return RDF as a response; its Link header leads to the page at a path, about an IRI."""
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = flask.Response(body, content_type=media_type + charset)
    if path:
        response.headers["Link"] = _links(path, media_type, iri)
    return response


def absolute(path: str) -> str:
    """Return the whole address of a path of this server; other addresses stay."""
    return f"{site().service.base_url}{path}" if path.startswith("/") else path


def permalink() -> str:
    """Return this address with the version of the data in it."""
    return here(version=site().service.engine.version)


def _subject(values: Mapping[str, Any]) -> str:
    """Return the IRI that a page is about, or nothing."""
    return str(values["head"].iri if "head" in values else values.get("iri", ""))


def _reuse(
    twins: Iterable[tuple[str, str, str]] | None,
    iri: str,
    behind: tuple[str, Terms] | None,
    link: str,
) -> Reuse:
    """Return how to fetch and cite a page: by its twins, else by the query behind it."""
    addresses = {media_type: absolute(address) for address, media_type, _ in twins or ()}
    table = addresses.get(CSV, absolute(f"{link}&format=csv") if link else "")
    return Reuse(
        data=addresses.get("text/turtle", table or absolute("/dump.nq")),
        table=table,
        endpoint=site().service.sparql_url,
        query=site().views.text_of(*behind) if behind and site().home else "",
        permalink=permalink(),
        cited=("iri", iri) if iri else ("page", here()),
    )


def twin(path: str, ending: str) -> str:
    """Return the address of what is at a path in the format of an ending."""
    return f"{path}&format={ending[1:]}" if "?" in path else f"{path}{ending}"


def _links(path: str, shown: str, iri: str) -> str:
    """Return a Link header: the other forms of a thing, its IRI, what describes the dataset."""
    others = [(twin(path, ending), SUFFIXES[ending]) for ending in FORMAT_NAMES]
    links = [
        f'<{address}>; rel="alternate"; type="{media_type}"'
        for address, media_type in [(path, HTML), *others]
        if media_type != shown
    ]
    if iri.isascii() and names.is_linked(iri):
        links.append(f'<{iri}>; rel="canonical"')
    described = twin(path, ".ttl") if shown == HTML else "/.well-known/void"
    return ", ".join([*links, f'<{described}>; rel="describedby"'])


def wanted_media_type(suffix: str) -> str:
    """Return whether a page or which RDF format is wanted: by ending, ``?format=`` or Accept."""
    if suffix:
        return SUFFIXES[suffix]
    accept = flask.request.headers.get("Accept", "")
    return negotiate(accept, (HTML, *GRAPH_FORMATS, CSV), flask.request.args.get("format") or None)


def split_suffix(name: str) -> tuple[str, str]:
    """Divide an address into its name and the ending that stands for a format."""
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""


def is_fragment() -> bool:
    """Say whether only the part that changes is wanted, by our own script."""
    return flask.request.headers.get(FRAGMENT_HEADER) == "1"


def query_link(name: str, terms: Terms | None = None, *, part: Slice | None = None) -> str:
    """Return the address that opens a view's query in the editor; nothing when it is too long."""
    if site().home is None:
        return ""
    query = site().views.text_of(name, terms, part=part)
    link = f"/sparql?{urlencode({'query': query})}"
    return link if len(link) <= _LONGEST_LINK else ""


def page_number() -> int:
    """Return which page of a list is wanted, from 1; nonsense is the first."""
    text = flask.request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def here(**changes: object) -> str:
    """Return this address with some of its parameters changed; None leaves one out."""
    given: dict[str, object] = dict(flask.request.args)
    given.update(changes)
    left = {name: value for name, value in given.items() if value not in (None, "", 1)}
    left.pop("lang", None) if "lang" not in changes else None
    return f"{flask.request.path}?{urlencode(left)}" if left else flask.request.path


def offered_languages() -> list[str]:
    """Return the languages that labels of the data are in, English always among them."""
    rows = site().views.select("languages")
    return sorted({languages.DEFAULT, *(row["language"].text for row in rows)})


def language() -> str:
    """Return the language in which this reader sees labels."""
    if "language" not in flask.g:
        request = flask.request
        wanted = (request.args.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
        accept = request.headers.get("Accept-Language", "")
        flask.g.language = languages.choose(filter(None, wanted), accept, offered_languages())
    found: str = flask.g.language
    return found


def labels_of(iris: Iterable[str]) -> dict[str, Value]:
    """Return what each thing is called in the reader's language, in words whatever happens."""
    found = site().views.labels(iris)
    return {iri: _label(iri, labels) for iri, labels in found.items()}


def pick(rows: Iterable[Row], name: str) -> Value | None:
    """Return the value of a column that is in the reader's language, or the next best."""
    texts = {row[name].language: row[name].text for row in rows if name in row}
    tag, text = languages.best(texts, language())
    return Value(text, language=tag) if texts else None


def remember_language(response: flask.Response) -> None:
    """Keep a language that was asked for by name, for the next pages."""
    asked = flask.request.args.get("lang")
    if asked and response.status_code == 200:
        response.set_cookie(LANGUAGE_COOKIE, language(), max_age=_YEAR_S, samesite="Lax")


def context() -> dict[str, Any]:
    """Return what every template may use."""
    return {
        "path_of": names.path_of,
        "here": here,
        "reader_language": language,
        "offered_languages": offered_languages,
        "language_name": languages.own_name,
        "software_version": version("parley-claims"),
        "data_version": site().service.engine.version,
    }


def register(app: flask.Flask) -> None:
    """Give the templates of an application what every page shares."""
    app.context_processor(context)
    app.add_template_filter(names.path_of)
    app.add_template_filter(names.curie_of)
    app.add_template_filter(names.is_linked)
    app.add_template_filter(names.kind_of)
    app.add_template_filter(names.words_of)
    app.add_template_filter(names.claim_key)
    app.add_template_filter(names.claim_path)
    app.add_template_filter(names.span_of)
    app.add_template_filter(names.document_slug)
    app.add_template_filter(names.local_name)
    app.add_template_filter(languages.direction)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _label(iri: str, labels: Mapping[str, str]) -> Value:
    tag, text = languages.best(labels, language())
    return Value(text, language=tag) if text.strip() else Value(names.words_of(iri))


def _page_key() -> tuple[str, ...]:
    request = flask.request
    accept = request.headers.get("Accept", "")[:200]
    address = request.full_path
    return (site().service.engine.version, address, accept, language(), str(is_fragment()))


def _respond(body: bytes, headers: list[tuple[str, str]]) -> flask.Response:
    response = flask.Response(body, headers=headers)
    response.headers["Vary"] = _VARY
    tag = response.get_etag()[0] or ""
    known = flask.request.if_none_match
    if tag in known or f"{tag}-gzip" in known:
        return flask.Response(status=304, headers={"ETag": f'"{tag}"', "Vary": _VARY})
    remember_language(response)
    return response
