"""Every class of attack by an update or an upload, at three sizes, with the outcome stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.web.app import create_app

from .conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    Make = Callable[[int], str]

DONE, BAD, LARGE, STOPPED = 204, 400, 413, 503
TTL, NT, XML = "text/turtle", "application/n-triples", "application/rdf+xml"
JSON_LD: Final = "application/ld+json"
RDF: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    "%s</rdf:RDF>"
)
OWN: Final = "http://e/own"
#: What ends by itself has all the time a busy machine takes; the rest is stopped soon.
PATIENT, HASTY = 60.0, 0.6


def node(text: str) -> str:
    """Return RDF/XML of one literal."""
    return RDF % f'<rdf:Description rdf:about="a:a"><e:p>{text}</e:p></rdf:Description>'


def laugh(n: int) -> str:
    """Return RDF/XML with entities of ten entities of ten entities."""
    names = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(n))
    return f'<!DOCTYPE r [<!ENTITY a0 "xxxxxxxxxx">{names}]>' + node(f"&a{n};")


def square(n: int) -> str:
    """Return RDF/XML with an entity of n letters, n times."""
    return f'<!DOCTYPE r [<!ENTITY a "{"x" * n}">]>' + node("&a;" * n)


def nest(opening: str, closing: str, *, before: str = "", after: str = "") -> Make:
    """Nest brackets n deep."""
    return lambda n: f"{before}{opening * n}1{closing * n}{after}"


def blow_up(n: int) -> str:
    """Replace each letter of a string by eight, n times, and store the result."""
    steps = (f'BIND(REPLACE(?x{i}, "x", "xxxxxxxx") AS ?x{i + 1})' for i in range(n))
    strings = f'BIND("xxxxxxxx" AS ?x0) {" ".join(steps)}'
    return f"INSERT {{ GRAPH <{OWN}> {{ <a:a> <a:b> ?x{n} }} }} WHERE {{ {strings} }}"


def cross(n: int) -> str:
    """Join n times everything with everything, and store that."""
    patterns = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(n))
    return f"INSERT {{ GRAPH <{OWN}> {{ ?a0 ?b0 ?c0 }} }} WHERE {{ {patterns} }}"


def delete_cross(n: int) -> str:
    """Delete what is there, found n times over."""
    return cross(n).replace("INSERT", "DELETE").replace(f"GRAPH <{OWN}>", f"GRAPH <{OWN}/no>")


def insert(inside: str) -> str:
    """Return an update that adds triples to a graph of its own."""
    return f"INSERT DATA {{ GRAPH <{OWN}> {{ {inside} }} }}"


SUBJECT: Final = "<a:a> <a:b> "
UPDATES: Final[list[tuple[str, Make, dict[int, int]]]] = [
    (
        "literal",
        lambda n: insert(f"{SUBJECT}'{'x' * n}'"),
        {50: DONE, 2**20: DONE, 2 * 10**7: LARGE},
    ),
    ("iri", lambda n: insert(f"{SUBJECT}<a:{'x' * n}>"), {50: DONE, 2**20: DONE, 2 * 10**7: LARGE}),
    ("comment", lambda n: "CLEAR ALL #" + "x" * n, {50: DONE, 2**20: DONE, 2 * 10**7: LARGE}),
    (
        "data",
        lambda n: insert("".join(f"<a:{i}> <a:b> {i} ." for i in range(n))),
        {10: DONE, 5_000: DONE, 10**6: LARGE},
    ),
    (
        "operations",
        lambda n: ";".join([f"CREATE SILENT GRAPH <{OWN}>"] * n),
        {10: DONE, 2_000: DONE, 10**6: LARGE},
    ),
    (
        "groups",
        lambda n: f"INSERT {{ <a:a> <a:c> 1 }} WHERE {'{' * n}{'}' * n}",
        {1: DONE, 60: DONE, 20_000: BAD},
    ),
    (
        "blank nodes",
        lambda n: insert(nest("[<a:b> ", "]", before=SUBJECT)(n)),
        {10: DONE, 60: DONE, 20_000: BAD},
    ),
    (
        "collection",
        lambda n: insert(f"{SUBJECT}({'1 ' * n})"),
        {10: DONE, 5_000: DONE, 10**7: LARGE},
    ),
    (
        "operators",
        lambda n: f"INSERT {{ <a:a> <a:c> ?x }} WHERE {{ BIND(1{'+1' * n} AS ?x) }}",
        {10: DONE, 500: DONE, 20_000: BAD},
    ),
    ("insert all", cross, {1: DONE, 4: STOPPED, 8: STOPPED}),
    ("delete all", delete_cross, {1: DONE, 4: STOPPED, 8: STOPPED}),
    ("replace", blow_up, {1: DONE, 4: DONE, 12: STOPPED}),
    (
        "loads",
        lambda n: ";".join(["LOAD <http://127.0.0.1:9/>"] * n),
        {1: BAD, 10: BAD, 1_000: BAD},
    ),
    (
        "services",
        lambda n: f"INSERT {{}} WHERE {{ {'SERVICE <http://127.0.0.1:9/> {}' * n} }}",
        {1: BAD, 10: BAD, 1_000: BAD},
    ),
]
UPLOADS: Final[list[tuple[str, str, Make, dict[int, int]]]] = [
    (
        "literal",
        TTL,
        lambda n: f"{SUBJECT}'{'x' * n}' .",
        {50: DONE, 2**20: DONE, 2 * 10**7: LARGE},
    ),
    ("iri", TTL, lambda n: f"<a:{'x' * n}> <a:b> 1 .", {50: DONE, 2**20: DONE, 2 * 10**7: LARGE}),
    ("line", NT, lambda n: f'{SUBJECT}"{"x" * n}" .', {50: DONE, 2**20: DONE, 2 * 10**7: LARGE}),
    ("element", XML, lambda n: node("x" * n), {50: DONE, 2**20: DONE, 2 * 10**7: LARGE}),
    (
        "member",
        JSON_LD,
        lambda n: f'{{"@id": "a:a", "a:b": "{"x" * n}"}}',
        {50: DONE, 2**20: DONE, 2 * 10**7: LARGE},
    ),
    (
        "blank nodes",
        TTL,
        nest("[<a:b> ", "]", before=SUBJECT, after="."),
        {10: DONE, 1_000: DONE, 10**7: LARGE},
    ),
    (
        "lists",
        TTL,
        nest("(", ")", before=SUBJECT, after="."),
        {10: DONE, 1_000: DONE, 10**7: LARGE},
    ),
    (
        "triple terms",
        TTL,
        nest("<<(<a:a> <a:b> ", ")>>", before=SUBJECT, after="."),
        {10: DONE, 1_000: DONE, 10**6: LARGE},
    ),
    ("objects", JSON_LD, nest('{"a:b":', "}"), {10: DONE, 1_000: DONE, 50_000: STOPPED}),
    (
        "arrays",
        JSON_LD,
        nest("[", "]", before='{"a:b":', after="}"),
        {10: DONE, 1_000: DONE, 100_000: BAD},
    ),
    (
        "nodes",
        XML,
        lambda n: RDF % ("<rdf:Description><e:p>" * n + "</e:p></rdf:Description>" * n),
        {10: DONE, 1_000: DONE, 200_000: STOPPED},
    ),
    ("laughs", XML, laugh, {0: DONE, 2: BAD, 9: BAD}),
    ("long entity", XML, square, {10: DONE, 500: DONE, 20_000: BAD}),
    (
        "prefixes",
        TTL,
        lambda n: "".join(f"@prefix p{i}: <a:{i}> .\n" for i in range(n)),
        {10: DONE, 1_000: DONE, 10**6: LARGE},
    ),
    (
        "exponents",
        TTL,
        lambda n: f"{SUBJECT}'1e{n}'^^<http://www.w3.org/2001/XMLSchema#decimal> .",
        {2: DONE, 1_000: DONE, 999_999_999: DONE},
    ),
    ("digits", TTL, lambda n: f"{SUBJECT}{'9' * n} .", {5: DONE, 1_000: DONE, 2 * 10**7: LARGE}),
    (
        "values",
        TTL,
        lambda n: SUBJECT + ",".join(map(str, range(n))) + " .",
        {5: DONE, 5_000: DONE, 3 * 10**6: LARGE},
    ),
]


@pytest.fixture(scope="module")
def patient() -> Iterator[FlaskClient]:
    """A client of an endpoint that gives a write all the time it needs."""
    yield from serve(PATIENT)


@pytest.fixture(scope="module")
def hasty() -> Iterator[FlaskClient]:
    """A client of an endpoint that stops a write soon."""
    yield from serve(HASTY)


def serve(update_timeout_s: float) -> Iterator[FlaskClient]:
    """Serve 200 triples for writing."""
    settings = Settings(
        writable=True,
        token=TOKEN,
        validate_writes=False,
        update_timeout_s=update_timeout_s,
        client_engine_s=1e6,
    )
    with LiveEngine.temporary(settings) as engine:
        client = create_app(engine, settings).test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
        refill(client)
        yield client


def refill(client: FlaskClient) -> None:
    """Put the 200 triples back."""
    triples = " . ".join(f"<a:s{i}> <a:p{i % 7}> {i}" for i in range(200))
    response = client.put("/store?default", data=triples + " .", content_type=TTL)
    assert response.status_code in {201, 204}, response.get_data(as_text=True)


@pytest.fixture
def client(outcome: int, request: pytest.FixtureRequest) -> FlaskClient:
    """The endpoint that fits what is to come."""
    found: FlaskClient = request.getfixturevalue("hasty" if outcome == STOPPED else "patient")
    return found


def cases(table: list[Any]) -> list[Any]:
    """Return one parameter set for each attack and size."""
    return [
        pytest.param(*rest, size, outcome, id=f"{name}-{size}")
        for name, *rest, outcomes in table
        for size, outcome in outcomes.items()
    ]


@pytest.mark.parametrize(("make", "size", "outcome"), cases(UPDATES))
def test_an_attack_by_update_has_its_outcome(
    client: FlaskClient, make: Make, size: int, outcome: int
) -> None:
    """Done or refused with the right status; what is refused has written nothing."""
    before = client.get("/health").get_json()["version"]

    response = client.post("/sparql", data=make(size), content_type="application/sparql-update")

    assert response.status_code == outcome, response.get_data(as_text=True)[:300]
    check_after(client, before, outcome)


@pytest.mark.parametrize(("media_type", "make", "size", "outcome"), cases(UPLOADS))
def test_an_attack_by_upload_has_its_outcome(
    client: FlaskClient, media_type: str, make: Make, size: int, outcome: int
) -> None:
    """The same for a document, in each format that has the weakness."""
    before = client.get("/health").get_json()["version"]

    response = client.put(f"/store?graph={OWN}", data=make(size), content_type=media_type)

    status = DONE if response.status_code == 201 else response.status_code
    assert status == outcome, response.get_data(as_text=True)[:300]
    check_after(client, before, outcome)


def check_after(client: FlaskClient, before: str, outcome: int) -> None:
    """Hold that queries are answered and writes are done, and that a refusal changed nothing."""
    health = client.get("/health").get_json()
    assert health["status"] == "ok"
    assert (health["version"] != before) == (outcome == DONE)
    client.delete(f"/store?graph={OWN}")
    refill(client)


def test_every_class_of_attack_is_tried_at_three_sizes() -> None:
    """No attack has a size less, and each size its own outcome."""
    for table in (UPDATES, UPLOADS):
        assert {len(row[-1]) for row in table} == {3}
        assert len({row[0] for row in table}) == len(table)
