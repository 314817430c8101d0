"""Each class of attack on a SPARQL server that is known has a test, by name; the last ones here."""

from __future__ import annotations

import importlib
import signal
import socket
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest

from . import test_attacks
from .conftest import ROOT, start
from .test_bodies import UNFINISHED
from .test_server import children_of, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from flask.testing import FlaskClient

#: Attacks of a table, at three sizes each, or tests.
QUERY, UPDATE, UPLOAD = "query", "update", "upload"
CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "SERVICE, also silent, in EXISTS, bound by a variable": (
        "query services", "query silent services", "query variable services", "update services",
        "tests/engine/test_hostile.py test_no_query_makes_the_server_call",
        "tests/engine/test_hostile.py test_a_process_cannot_call_even_without_the_pre_check",
        "tests/endpoint/test_called.py test_what_a_service_does_wrong_is_502_with_its_name",
    ),
    "FROM and FROM NAMED of an address or a file": (
        "query datasets", "tests/engine/test_hostile.py test_no_query_makes_the_server_call",
    ),
    "LOAD of an address or a file": (
        "query loads", "update loads",
        "tests/engine/test_live_graphs.py test_no_update_makes_the_server_call",
    ),
    "nesting": (
        "query *BRACKETS",
        "update groups", "update blank nodes",
        *(f"upload {name}" for name in ("blank nodes", "lists", "triple terms", "objects",
                                        "arrays", "nodes")),
    ),
    "long flat expressions, unions, paths, patterns": (
        "query *CHAINS", "update operators",
    ),
    "patterns that take the planner long": ("query patterns",),
    "many values": (
        "query values", "query in", "update data", "update collection", "update operations",
        "upload values",
    ),
    "many clauses": ("query *CLAUSES",),
    "strings that grow": (
        "query doubling", "query replace", "query nested replace", "query gathered texts",
        "update replace",
    ),
    "joins of everything with everything": (
        "query count", "query order", "query distinct", "query rows", "query walks",
        "query invented values", "update insert all", "update delete all",
    ),
    "terms of 20 MB": (
        "query *TERMS",
        "update literal", "update iri", "update comment",
        *(f"upload {name}" for name in ("literal", "iri", "line", "element", "member")),
        "tests/endpoint/test_called.py "
        "test_what_a_loaded_document_does_wrong_is_502_and_nothing_is_written",
    ),
    "regular expressions": ("query regex", "query counted regex"),
    "numbers that are long when written out": (
        "query exponents", "query digits", "upload exponents", "upload digits",
    ),
    "entities that multiply": (
        "upload laughs", "upload long entity",
        "tests/engine/test_live_graphs.py test_hostile_uploads_do_no_harm",
    ),
    "many prefixes": ("query prefixes", "upload prefixes"),
    "a limit of memory that is reached": (
        "tests/engine/test_pool.py test_memory_is_limited",
        "tests/engine/test_pool.py test_address_space_is_limited",
    ),
    "a worker that dies": (
        "tests/engine/test_pool.py test_two_hundred_kills_lose_no_answer",
        "tests/endpoint/test_neighbours.py "
        "test_workers_that_are_killed_under_load_cost_no_wrong_answer",
    ),
    "sixteen of them at once": (
        "tests/engine/test_hostile.py test_sixteen_at_once_do_not_delay_small_queries",
        "tests/endpoint/test_neighbours.py "
        "test_sixteen_hostile_clients_leave_the_small_one_its_answers",
    ),
    "Ctrl-C and SIGTERM during a query": (
        "tests/endpoint/test_attack_classes.py "
        "test_a_server_that_is_busy_ends_when_it_is_told_to",
        "tests/endpoint/test_attack_classes.py "
        "test_a_body_that_never_comes_does_not_keep_a_server_from_ending",
    ),
    "values put into the text of a query": (
        "tests/engine/test_store.py test_values_enter_by_substitution",
    ),
    "formulas in CSV": (
        "tests/endpoint/test_attack_classes.py test_a_formula_is_sent_as_a_file_of_data",
    ),
    "characters beyond 16 bits": (
        "tests/endpoint/test_attack_classes.py test_characters_beyond_16_bits_count_once",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> Iterator[ModuleType]:
    """The attacks by query, which lie in another folder of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tests"))
        yield importlib.import_module("engine.test_hostile")


def attacks(hostile: ModuleType) -> set[str]:
    """Return the names of all attacks that are tried at three sizes."""
    return {
        *(f"{QUERY} {name}" for name, *_ in hostile.ATTACKS),
        *(f"{UPDATE} {name}" for name, *_ in test_attacks.UPDATES),
        *(f"{UPLOAD} {name}" for name, *_ in test_attacks.UPLOADS),
    }


def expand(name: str, hostile: ModuleType) -> list[str]:
    """Return the names that one in the table stands for: a group's, or itself."""
    kind, star, group = name.partition(" *")
    return [f"{kind} {member}" for member in getattr(hostile, group)] if star else [name]


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_of_attack_has_its_tests(hostile: ModuleType, kind: str) -> None:
    """What the table names is there."""
    for name in (each for given in CLASSES[kind] for each in expand(given, hostile)):
        file, _, function = name.partition(" ")
        if file.endswith(".py"):
            text = (ROOT / file).read_text(encoding="utf-8")
            assert f"\ndef {function}(" in text, name
        else:
            assert name in attacks(hostile)


def test_each_attack_belongs_to_a_class(hostile: ModuleType) -> None:
    """A new attack gets its place in the table, or this fails."""
    given = [name for names in CLASSES.values() for name in names]

    assert attacks(hostile) <= {name for each in given for name in expand(each, hostile)}


@pytest.mark.skipif(sys.platform != "linux", reason="optional: reads /proc")
@pytest.mark.parametrize("told_by", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_busy_ends_when_it_is_told_to(tmp_path: Path, told_by: int) -> None:
    """It waits for a query no longer than the query may take, and leaves no process behind."""
    server = start(tmp_path / "log", "--empty", "--writable", "--timeout", "2")
    triples = " . ".join(f"<a:{n}> <a:b> {n}" for n in range(300))
    form = {"Content-Type": "application/sparql-update"}
    assert server.send("POST", "/sparql", f"INSERT DATA {{ {triples} }}".encode(), form)[0] == 204
    children = children_of(server.process.pid)
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")

    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        server.send("GET", "/sparql?query=ASK%7B%7D")
        server.process.send_signal(told_by)
        status = server.process.wait(30)
    assert server.process.stdout is not None
    server.process.stdout.close()

    assert status == 0
    assert children
    assert wait_until_gone(children, 5) == []


@pytest.mark.skipif(sys.platform != "linux", reason="optional: reads /proc")
def test_a_body_that_never_comes_does_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    """Who waits for it is waited for as long as for a query."""
    server = start(tmp_path / "log", "--empty", "--writable", "--timeout", "1")
    children = children_of(server.process.pid)

    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(UNFINISHED)
        server.send("GET", "/sparql?query=ASK%7B%7D")
        status = server.stop()

    assert status == 0
    assert wait_until_gone(children, 5) == []
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_a_formula_is_sent_as_a_file_of_data(client: FlaskClient, value: str) -> None:
    """The value is what the standard says, letter by letter; no browser runs or shows it."""
    quoted = value.replace("\t", "\\t")
    query = f'SELECT ("{quoted}" AS ?x) {{}}'

    answer = client.get("/sparql", query_string={"query": query, "format": "csv"})

    assert answer.text == f"x\r\n{value}\r\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="result.csv"'


@pytest.mark.parametrize("count", [1, 100, 7_000])
def test_characters_beyond_16_bits_count_once(client: FlaskClient, count: int) -> None:
    """STRLEN and SUBSTR count characters, as offsets of quotations do."""
    text = "𝄞" * count
    query = f'SELECT (STRLEN("{text}") AS ?n) (STRLEN(SUBSTR("a{text}", 2, 1)) AS ?m) {{}}'

    answer = client.post(
        "/sparql?format=csv", data=query.encode(), content_type="application/sparql-query"
    )

    assert answer.text == f"n,m\r\n{count},1\r\n"
