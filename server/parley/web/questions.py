"""The questions: queries in plain language, with forms for their parameters and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import flask
from rdflib import XSD, URIRef

from parley.corpus import queries
from parley.corpus.queries import expand, read_value
from parley.engine.results import HTML, JSON, SELECT_FORMATS, negotiate
from parley.engine.types import Query
from parley.errors import NotFoundError
from parley.namespaces import PLID
from parley.web import charts, edtf, rendering, tables
from parley.web.reuse import Reuse
from parley.web.views import read_rows

if TYPE_CHECKING:
    from parley.corpus.queries import Parameter
    from parley.web.views import Value

blueprint = flask.Blueprint("questions", __name__)
blueprint.add_app_template_filter(tables.is_date)
blueprint.add_app_template_filter(tables.breakable)
blueprint.add_app_template_filter(edtf.words, "in_words")

#: Things that a drop-down offers; more are asked for by a field.
OFFERED: Final = 300
_FOLDERS: Final = ("competency", "examples")
#: Questions that call other endpoints: shown, and run by whoever asks.
_FEDERATION: Final = "federation"
#: The endpoint of Parley as those questions name it.
_WRITTEN_ADDRESS: Final = "http://127.0.0.1:7878/sparql"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a form shows it: its value, and the things to choose from if they are few."""

    parameter: Parameter
    value: str
    options: tuple[tuple[str, Value], ...]

    @property
    def is_number(self) -> bool:
        """Whether a whole number is asked for."""
        return "integer" in self.parameter.type.lower()


@blueprint.route("/questions")
@rendering.kept
def show_questions() -> str:
    """Show all questions: on the article, on anything one chooses, and patterns of argument."""
    found = {folder: load_folder(folder) for folder in _FOLDERS}
    groups = [
        ("On this article", "competency", found["competency"]),
        ("On whom or what you choose", "chosen", [q for q in found["examples"] if q.parameters]),
        ("On the argument", "argument", [q for q in found["examples"] if not q.parameters]),
        ("With Wikidata, in your own engine", "federation", load_folder(_FEDERATION)),
    ]
    return rendering.render("questions.html", groups=groups)


@blueprint.route("/questions/<name>.rq")
@rendering.kept
def show_text(name: str) -> flask.Response:
    """Hand out the text of a question; where it calls Parley, it calls this server."""
    text = _find(name, (*_FOLDERS, _FEDERATION)).text
    own = rendering.site().service.sparql_url
    body = text.replace(f"<{_WRITTEN_ADDRESS}>", f"<{own}>")
    return flask.Response(body, content_type="text/plain; charset=utf-8")


@blueprint.route("/questions/<name>")
@rendering.kept
def show_question(name: str) -> flask.Response | str:
    """Answer one question, as a page or as data by Accept or ``?format=``."""
    query = _find(name)
    values = {p.name: flask.request.args.get(p.name, _default(p)) for p in query.parameters}
    terms = {p.name: read_value(p, values[p.name]) for p in query.parameters if values[p.name]}
    text = queries.bind(query, terms) if terms else query.text
    accept = flask.request.headers.get("Accept", "")
    wanted = flask.request.args.get("format") or None
    media_type = negotiate(accept, (HTML, *SELECT_FORMATS), wanted)
    if media_type != HTML:
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        return flask.Response(_ask(text, media_type), content_type=media_type + charset)
    return rendering.render(
        "question.html",
        query=query,
        fields=[_field(parameter, values[parameter.name]) for parameter in query.parameters],
        reuse=_reuse(text),
        sparql=f"/sparql?{urlencode({'query': text})}",
        formats=[(name, rendering.here(format=name)) for name in ("csv", "json", "tsv", "xml")],
        **_answer(text),
    )


def _reuse(text: str) -> Reuse:
    table = rendering.absolute(rendering.here(format="csv", sort=None, page=None))
    return Reuse(
        data=table,
        table=table,
        endpoint=rendering.site().service.sparql_url,
        query=text,
        permalink=rendering.permalink(),
        cited=("query", text),
    )


def _answer(text: str) -> dict[str, Any]:
    body = _ask(text, JSON)
    rows = read_rows(body)
    variables = flask.json.loads(body)["head"]["vars"]
    table = tables.make(variables, rows, terse=True)
    drawn = [column.name for column in table.columns]
    return {"table": table, "picture": charts.of_rows(drawn, rows, text, table.labels)}


def _ask(text: str, media_type: str) -> bytes:
    service = rendering.site().service
    union = service.settings.default_graph == "union"
    query = Query(text, "SELECT", media_type, service.sparql_url, union_default_graph=union)
    return service.engine.evaluate(query, timeout_s=service.settings.timeout_s).body


def load_folder(folder: str) -> list[queries.Query]:
    """Return the questions of a folder of queries."""
    home = rendering.site().home
    return queries.load(home, folder) if home else []


def _find(name: str, folders: tuple[str, ...] = _FOLDERS) -> queries.Query:
    for folder in folders:
        for query in load_folder(folder):
            if query.name == name:
                return query
    raise NotFoundError(f"There is no question {name[:80]}.", remedy="All are at /questions.")


def _field(parameter: Parameter, value: str) -> Field:
    return Field(parameter, value, _options(parameter))


def _options(parameter: Parameter) -> tuple[tuple[str, Value], ...]:
    """Return the things of a parameter's class by name; none when there are too many."""
    cls = expand(parameter.type)
    if not cls or cls.startswith(str(XSD)):
        return ()
    rows = rendering.site().views.select("things", {"class": URIRef(cls)})
    iris = [row["thing"].text for row in rows]
    if len(iris) > OFFERED:
        return ()
    labels = rendering.labels_of(iris)
    named = [(iri.removeprefix(str(PLID)), labels[iri]) for iri in iris]
    return tuple(sorted(named, key=lambda option: option[1].text.casefold()))


def _default(parameter: Parameter) -> str:
    return parameter.default.removeprefix("plid:")
