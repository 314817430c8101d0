"""Conditional requests on graphs, and uploads in parts: nothing is lost, nothing half done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.endpoint.conditions import matches, write_conditionally
from parley.endpoint.messages import Request
from parley.engine.live import LiveEngine
from parley.engine.remote import RemoteEngine
from parley.engine.types import Update, Upload
from parley.errors import (
    PreconditionFailedError,
    RequestError,
    StateChangedError,
    UnsupportedMediaTypeError,
)
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

SETTINGS = Settings(writable=True, client_concurrency=100, validate_writes=False)
TURTLE = {"Content-Type": "text/turtle"}
GRAPH = "/store?graph=http://e/g"
OTHER = "/store?graph=http://e/other"
#: A second part that is not Turtle, after one that is.
PARTS = (
    b"--x\r\nContent-Type: text/turtle\r\n\r\n<http://e/a> <http://e/p> _:b .\r\n"
    b"--x\r\nContent-Type: %s\r\n\r\n%s\r\n--x--\r\n"
)
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture(scope="module")
def live() -> Iterator[LiveEngine]:
    """An empty live store."""
    with LiveEngine.temporary(SETTINGS) as engine:
        yield engine


@pytest.fixture
def client(live: LiveEngine) -> FlaskClient:
    """A client of a store that holds one graph of one triple, and another."""
    live.update(Update("DROP ALL"))
    live.put_graph("http://e/g", Upload(b"<http://e/a> <http://e/p> 1 .", "text/turtle"))
    live.put_graph("http://e/other", Upload(b"<http://e/a> <http://e/p> 2 .", "text/turtle"))
    return create_app(live, SETTINGS).test_client()


def put(client: FlaskClient, path: str, value: int, **conditions: str) -> int:
    """Put a graph of one triple; return the status."""
    headers = TURTLE | {name.replace("_", "-"): tag for name, tag in conditions.items()}
    body = f"<http://e/a> <http://e/p> {value} ."
    return client.put(path, data=body, headers=headers).status_code


def triples(client: FlaskClient, path: str) -> int:
    """Return how many triples a graph holds; -1 when it is not there."""
    response = client.get(path, headers={"Accept": "application/n-triples"})
    return response.data.count(b"\n") if response.status_code == 200 else -1


def test_of_two_who_change_a_graph_the_second_is_told(client: FlaskClient) -> None:
    """Both read, both write: the second write names a state that is gone, and does nothing."""
    tag = client.get(GRAPH).headers["ETag"]

    statuses = [put(client, GRAPH, 10, If_Match=tag), put(client, GRAPH, 20, If_Match=tag)]

    assert statuses == [204, 412]
    assert b" 10 " in client.get(GRAPH).data


def test_a_write_to_another_graph_does_not_change_a_tag(client: FlaskClient) -> None:
    """The tag stands for the graph's triples, not for the whole dataset."""
    tag = client.get(GRAPH).headers["ETag"]

    put(client, OTHER, 3)

    assert client.head(GRAPH).headers["ETag"] == tag
    assert put(client, GRAPH, 10, If_Match=tag) == 204


def test_a_tag_in_any_format_will_do(client: FlaskClient) -> None:
    """Each format has a tag of its own, and each names the state of the graph."""
    tags = {
        format_: client.get(f"{GRAPH}&format={format_}").headers["ETag"]
        for format_ in ("ttl", "nt", "rdf", "jsonld")
    }

    assert len(set(tags.values())) == 4
    assert put(client, GRAPH, 1, If_Match=f'"nonsense", {tags["jsonld"]}') == 204


@pytest.mark.parametrize(
    ("path", "header", "tag", "status"),
    [
        ("/store?graph=http://e/new", "If_None_Match", "*", 201),
        (GRAPH, "If_None_Match", "*", 412),
        (GRAPH, "If_Match", "*", 204),
        ("/store?graph=http://e/new", "If_Match", "*", 412),
        (GRAPH, "If_Match", '"nonsense"', 412),
        (GRAPH, "If_Match", "nonsense", 412),
        (GRAPH, "If_None_Match", '"nonsense"', 204),
        ("/store?default", "If_None_Match", "*", 412),
    ],
)
def test_a_write_happens_only_as_its_conditions_say(
    client: FlaskClient, path: str, header: str, tag: str, status: int
) -> None:
    """Create only, replace only, replace this only."""
    before = triples(client, path)

    assert put(client, path, 7, **{header: tag}) == status
    assert triples(client, path) == (before if status == 412 else 1)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_every_write_can_have_conditions(client: FlaskClient, method: str) -> None:
    """Merging and deleting too; a weak tag does not do for a write."""
    tag = client.get(GRAPH).headers["ETag"]
    body = "<http://e/a> <http://e/p> 5 ."

    statuses = [
        client.open(
            GRAPH, method=method, data=body, headers=TURTLE | {"If-Match": given}
        ).status_code
        for given in (f"W/{tag}", '"x"', tag, tag)
    ]

    assert statuses == [412, 412, 204, 412 if method == "POST" else 404]


def test_a_graph_the_client_has_is_304(client: FlaskClient) -> None:
    """Until it is changed; a GET with If-Match of another state is 412."""
    tag = client.get(GRAPH).headers["ETag"]

    same = client.get(GRAPH, headers={"If-None-Match": f'"x", W/{tag}'})
    other = client.get(GRAPH, headers={"If-Match": '"x"'})
    put(client, GRAPH, 99)
    changed = client.get(GRAPH, headers={"If-None-Match": tag})

    assert [r.status_code for r in (same, other, changed)] == [304, 412, 200]
    assert (same.data, same.headers["ETag"]) == (b"", tag)


def test_a_write_in_between_is_noticed(client: FlaskClient, live: LiveEngine) -> None:
    """What holds when it is looked at and not when it is written is looked at again."""
    del client
    seen: list[str | None] = []

    def write(version: str | None) -> bool:
        seen.append(version)
        if len(seen) == 1:
            live.update(Update("INSERT DATA { <http://e/x> <http://e/p> 1 }"))
        return live.put_graph("http://e/new", Upload(b"", "text/turtle", if_version=version))

    request = Request("PUT", "/store", headers={"if-none-match": "*"})

    assert write_conditionally(live, request, "http://e/new", write)
    assert len(seen) == 2
    with pytest.raises(PreconditionFailedError):
        write_conditionally(live, request, "http://e/new", write)


def test_writes_that_always_come_in_between_are_given_up(live: LiveEngine) -> None:
    """After some attempts the client is told to come back; nothing was written."""

    def write(version: str | None) -> bool:
        live.update(Update("INSERT DATA { <http://e/x> <http://e/p> 1 }"))
        return live.put_graph("http://e/never", Upload(b"", "text/turtle", if_version=version))

    request = Request("PUT", "/store", headers={"if-none-match": "*"})

    with pytest.raises(StateChangedError):
        write_conditionally(live, request, "http://e/never", write)
    assert not live.has_graph("http://e/never")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_upload_in_parts_is_one_write(client: FlaskClient, method: str) -> None:
    """A part that does not parse keeps all the others out, and is named with its line."""
    bad = PARTS % (b"text/turtle", b"\n<http://e/a> oops .")

    refused = client.open(GRAPH, method=method, data=bad, headers=MULTIPART)

    problem = refused.get_json(force=True)
    assert (refused.status_code, problem["line"], problem["column"]) == (400, 2, 14)
    assert problem["detail"].startswith("Part 2: ")
    assert triples(client, GRAPH) == 1


def test_the_parts_of_an_upload_are_merged(client: FlaskClient, live: LiveEngine) -> None:
    """In any of the formats; a blank node of one part is none of another's; one new state."""
    good = PARTS % (b"application/n-triples", b"<http://e/a> <http://e/p> _:b .")
    before = live.version

    status = client.put(GRAPH, data=good, headers=MULTIPART).status_code

    assert (status, triples(client, GRAPH)) == (204, 2)
    assert int(live.version.partition("-")[0]) == int(before.partition("-")[0]) + 1


def test_a_remote_engine_cannot_promise_either() -> None:
    """It takes one document at a time and knows no states; half a write would be worse."""
    engine = RemoteEngine("http://127.0.0.1:1/sparql", SETTINGS, store_url="http://127.0.0.1:1/s")

    with pytest.raises(UnsupportedMediaTypeError):
        engine.parse(b"", "text/turtle")
    for write in (
        lambda: engine.put_graph(None, Upload(b"", "text/turtle", if_version="1")),
        lambda: engine.post_graph(None, Upload(b"", "text/turtle", if_version="1")),
        lambda: engine.delete_graph(None, if_version="1"),
    ):
        with pytest.raises(RequestError):
            write()


@pytest.mark.parametrize(
    ("header", "weak", "found"),
    [
        ('"a"', False, True),
        ('"a-gzip"', False, True),
        ('W/"a"', False, False),
        ('W/"a"', True, True),
        ("*", False, True),
        ("a", True, False),
        ('"b", "a"', False, True),
        ("", True, False),
    ],
)
def test_tags_are_compared_as_http_says(header: str, *, weak: bool, found: bool) -> None:
    """A compressed answer's tag stands for the same graph."""
    assert matches(header, "a", weak=weak) is found
