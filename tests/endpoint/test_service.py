"""The service over an engine that fails, waits or counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.endpoint.description import NamedGraph, describe
from parley.endpoint.messages import Request, Response
from parley.endpoint.service import Service
from parley.engine.types import Answer, Query, Update, Upload
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    ParleyError,
    ResultTooLargeError,
    TooManyRequestsError,
    WorkerDiedError,
)
from parley.namespaces import SD
from parley.web import problems

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Stub:
    """An engine that answers true, or fails, and notes what it was asked."""

    error: ParleyError | None = None
    version: str = "1"
    writable: bool = True
    engine_s: float = 0.0
    asked: list[tuple[Query, float | None]] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)

    def evaluate(self, query: Query, *, timeout_s: float | None = None) -> Answer:
        """Note the query and answer it."""
        self.asked.append((query, timeout_s))
        if self.error:
            raise self.error
        return Answer(b"{}", query.media_type, 1, self.engine_s, self.version)

    def update(self, update: Update) -> None:
        """Note the update."""
        self.updates.append(update)

    def statistics(self) -> dict[str, float]:
        """Return nothing."""
        return {}

    def close(self) -> None:
        """Do nothing."""

    def has_graph(self, graph_iri: str | None) -> bool:
        """Say that every graph is there."""
        del graph_iri
        return True

    def get_graph(self, graph_iri: str | None, media_type: str) -> Answer:
        """Return an empty graph."""
        del graph_iri
        return Answer(b"", media_type, 0, 0.0, self.version)

    def put_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Say that the graph is new."""
        del graph_iri, upload
        return True

    def post_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Say that the graph is new."""
        del graph_iri, upload
        return True

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Do nothing."""
        del graph_iri, if_version

    def parse(self, body: bytes, media_type: str, *, base_iri: str | None = None) -> bytes:
        """Return the body."""
        del media_type, base_iri
        return body


def ask(service: Service, query: str = "ASK {}", more: str = "") -> Response:
    """Ask a query of a service, as one client."""
    text = query.replace(" ", "+")
    request = Request("GET", "/sparql", f"query={text}{more}".encode(), client="192.0.2.1")
    return problems.guard(service.answer_sparql, request)


def make(engine: Stub, **settings: object) -> Service:
    """Return a service with these settings."""
    values = {"writable": True, **settings}
    return Service(engine, Settings(**values), "http://127.0.0.1:7878")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        (DeadlineExceededError, 503, "30"),
        (WorkerDiedError, 503, "30"),
        (EngineBusyError, 503, "2"),
        (ResultTooLargeError, 413, ""),
    ],
)
def test_a_query_that_fails_has_an_honest_status(
    kind: Callable[[str], ParleyError], status: int, retry_after: str
) -> None:
    """Never 200; the client is told when to come back where that can help."""
    response = ask(make(Stub(kind("too much"))))

    assert (response.status, response.header("retry-after")) == (status, retry_after)
    assert response.header("content-type") == "application/problem+json"


def test_a_query_that_was_stopped_is_paid_for() -> None:
    """The seconds until the deadline count as used."""
    service = make(Stub(DeadlineExceededError("too long")), timeout_s=10, client_engine_s=5)

    first, second = ask(service), ask(service)

    assert (first.status, second.status) == (503, 429)
    assert int(second.header("retry-after")) >= 1


def test_answers_from_the_cache_cost_nothing() -> None:
    """The engine is asked once; the client's share does not shrink again."""
    engine = Stub(engine_s=4)
    service = make(engine, client_engine_s=5)

    statuses = [ask(service).status for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert len(engine.asked) == 1


def test_a_new_state_of_the_data_is_asked_anew() -> None:
    """What was kept for one version is not served for another."""
    engine = Stub()
    service = make(engine)
    ask(service)

    engine.version = "2"
    ask(service)

    assert len(engine.asked) == 2


@pytest.mark.parametrize(("asked", "given"), [("", 10.0), ("3", 3.0), ("99", 10.0)])
def test_a_client_may_shorten_its_time_but_not_lengthen_it(asked: str, given: float) -> None:
    """timeout= is bounded by the server's own."""
    engine = Stub()

    ask(make(engine), more=f"&timeout={asked}" if asked else "")

    assert engine.asked[0][1] == given


def test_dataset_parameters_reach_the_engine() -> None:
    """The dataset of the request is that of the query, with the endpoint as base."""
    engine = Stub()

    ask(make(engine), more="&default-graph-uri=http://a&named-graph-uri=http://b")

    query = engine.asked[0][0]
    assert query.default_graph_iris == ("http://a",)
    assert query.named_graph_iris == ("http://b",)
    assert query.base_iri == "http://127.0.0.1:7878/sparql"


def test_queries_on_the_update_door_and_updates_on_the_query_door_are_refused() -> None:
    """An update that is sent as a query does nothing, and says why."""
    engine = Stub()

    response = ask(make(engine), "CLEAR ALL")

    assert response.status == 400
    assert engine.updates == []


def test_a_refused_client_is_told_so_before_the_engine_hears_of_it() -> None:
    """429 costs the engine nothing."""
    engine = Stub(engine_s=100)
    service = make(engine, client_engine_s=1, result_cache_bytes=0)
    ask(service)

    with pytest.raises(TooManyRequestsError), service.fair_use.admit("192.0.2.1"):
        pass
    ask(service)

    assert len(engine.asked) == 1


def test_only_a_union_of_all_graphs_is_called_so() -> None:
    """Where drafts stand apart, the default graph is not the union of the named ones."""
    here = "http://127.0.0.1:7878/sparql"
    document = NamedGraph("https://w3id.org/parley/graph/document/a", 3)
    drafts = NamedGraph("https://w3id.org/parley/graph/drafts/b", 2)
    whole = describe(Settings(), here, graphs=(document,))
    apart = describe(Settings(), here, graphs=(document, drafts))

    assert (None, SD.feature, SD.UnionDefaultGraph) in whole
    assert (None, SD.feature, SD.UnionDefaultGraph) not in apart
    assert len([*apart.subjects(SD.name, None)]) == 2
