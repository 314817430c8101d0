"""Every class of attack on the query door, at three sizes, with the outcome stated."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import box, wire
from parley.engine.process import Child, ChildOptions
from parley.engine.types import Query, Update
from parley.engine.workers import PoolEngine
from parley.errors import ParleyError, RequestError

from .conftest import JSON, make_ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Ask, Listener

OK, BAD, LARGE, STOPPED = 200, 400, 413, 503
#: Enough for any query that ends by itself, on a machine that has much else to do.
PATIENT_S = 60.0


def wrap(
    opening: str, closing: str, *, inside: str = "", around: str = "{}"
) -> Callable[[int], str]:
    """Nest brackets n deep."""
    return lambda n: "ASK {" + around.format(opening * n + inside + closing * n) + "}"


def repeat(first: str, again: str, *, around: str = "{}") -> Callable[[int], str]:
    """Repeat an operator n times."""
    return lambda n: "ASK {" + around.format(first + again * n) + "}"


def cross(select: str, *, after: str = "") -> Callable[[int], str]:
    """Join n times everything with everything."""
    return lambda n: (
        f"SELECT {select} {{" + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(n)) + "}" + after
    )


def double(n: int) -> str:
    """Double a string n times."""
    steps = (f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(n))
    return f'SELECT (STRLEN(?x{n}) AS ?n) {{ BIND("xxxxxxxx" AS ?x0) {" ".join(steps)} }}'


def blow_up(n: int) -> str:
    """Replace each letter of a string by eight, n times."""
    steps = (f'BIND(REPLACE(?x{i}, "x", "xxxxxxxx") AS ?x{i + 1})' for i in range(n))
    return f'SELECT (STRLEN(?x{n}) AS ?n) {{ BIND("xxxxxxxx" AS ?x0) {" ".join(steps)} }}'


def blow_up_nested(n: int) -> str:
    """Nest n replacements, each of every letter by four copies of what it matched."""
    nested = "REPLACE(" * n + 'CONCAT("xx", "xx")' + ',".","$0$0$0$0")' * n
    return f"SELECT (STRLEN({nested}) AS ?n) {{}}"


def gather(n: int) -> str:
    """Put 10 to the power of n texts into one."""
    tens = " ".join(f"VALUES ?v{i} {{ 0 1 2 3 4 5 6 7 8 9 }}" for i in range(n))
    word = "x" * 64
    return f'SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) {{ {tens} BIND("{word}" AS ?x) }}'


def invent(n: int) -> str:
    """Make 10 to the power of n values that nobody has."""
    tens = " ".join(f"VALUES ?v{i} {{ 0 1 2 3 4 5 6 7 8 9 }}" for i in range(n))
    return f"SELECT ?u {{ {tens} BIND(SHA512(STR(UUID())) AS ?u) }}"


def walk(n: int) -> str:
    """Join n paths that go along every predicate, both ways, any number of times."""
    return (
        "SELECT (COUNT(*) AS ?n) {"
        + " ".join(f"?a{i} (!<a:>|^!<a:>)* ?b{i} ." for i in range(n))
        + "}"
    )


def chain(n: int) -> str:
    """Join n patterns in a chain."""
    return "ASK {" + " ".join(f"?v{i} ?p{i} ?v{i + 1} ." for i in range(n)) + "}"


BRACKETS = {
    "parentheses": wrap("(", ")", inside="1", around="FILTER({})"),
    "negations": wrap("!", "", inside="true", around="FILTER({})"),
    "groups": wrap("{", "}"),
    "optional": wrap("OPTIONAL {", "}"),
    "sub-select": wrap("{ SELECT * {", "}}"),
    "not exists": wrap("FILTER NOT EXISTS {", "}"),
    "if": wrap("IF(1,", ",1)", inside="1", around="FILTER({})"),
    "list": wrap("(", ")", inside="1", around="?s ?p {}"),
    "blank nodes": wrap("[ ?p ", "]", inside="1", around="?s ?p {}"),
    "triple terms": wrap("<<(<a:a> <a:b> ", ")>>", inside="1", around="?s ?p {}"),
    "path": wrap("(", ")", inside="<a:b>", around="?s {} ?o"),
}
CHAINS = {
    "plus": repeat("1", "+1", around="FILTER({})"),
    "and": repeat("true", "&&true", around="FILTER({})"),
    "or": repeat("false", "||false", around="FILTER({})"),
    "union": repeat("{}", "UNION{}"),
    "flat optional": repeat("?a ?b ?c ", "OPTIONAL { ?a ?c ?d }"),
    "path steps": repeat("<a:b>", "/<a:b>", around="?s {} ?o"),
    "path branches": repeat("<a:b>", "|<a:b>", around="?s {} ?o"),
    "collection": repeat("", "1 ", around="?s ?p ({})"),
    "patterns": chain,
}
#: Clauses that cost next to nothing each, however many a text of the greatest length holds.
CLAUSES = {
    "exists": repeat("?s ?p ?o", " FILTER EXISTS { ?s ?p ?o }"),
    "binds": lambda n: "ASK {" + " ".join(f"BIND({i} AS ?v{i})" for i in range(n)) + "}",
    "prefixes": lambda n: "".join(f"PREFIX p{i}: <a:{i}>\n" for i in range(n)) + "ASK {}",
    "variables": lambda n: "SELECT " + " ".join(f"?v{i}" for i in range(n)) + " {}",
    "sort keys": lambda n: "SELECT * { <http://e/s1> ?p ?o } ORDER BY" + " STR(?o)" * n,
    "group keys": lambda n: (
        "SELECT (COUNT(*) AS ?n) { <http://e/s1> ?p ?o } GROUP BY "
        + " ".join(f"(STR(?o) AS ?g{i})" for i in range(n))
    ),
    "datasets": lambda n: "ASK" + "".join(f" FROM <a:{i}>" for i in range(n)) + " {}",
    "described": lambda n: "DESCRIBE" + "".join(f" <a:{i}>" for i in range(n)),
}
#: Terms as long as a text can be, and longer.
TERMS = {
    "literal": lambda n: 'ASK { ?s ?p "' + "x" * n + '" }',
    "iri": lambda n: "ASK { <a:" + "x" * n + "> ?p ?o }",
    "variable": lambda n: "ASK { ?" + "x" * n + " ?p ?o }",
    "word": lambda n: "ASK { FILTER(REGEX('a', '" + "a" * n + "')) }",
    "comment": lambda n: "ASK {} #" + "x" * n,
}
#: Calls of other servers, few and many: none is made.
CALLED = {
    "services": lambda n: "ASK {" + "SERVICE <http://127.0.0.1:9/> {}" * n + "}",
    "silent services": lambda n: "ASK {" + "SERVICE SILENT <http://127.0.0.1:9/> {}" * n + "}",
    "variable services": lambda n: "ASK {" + "SERVICE ?s {}" * n + "}",
    "loads": lambda n: ";".join(["LOAD <http://127.0.0.1:9/>"] * n),
}
ATTACKS: list[tuple[str, Callable[[int], str], dict[int, set[int]]]] = [
    *((name, make, {5: {OK}, 50: {OK}, 1_000: {OK}}) for name, make in CLAUSES.items()),
    *((name, make, {50: {OK}, 60_000: {OK}, 20_000_000: {LARGE}}) for name, make in TERMS.items()),
    *((name, make, {1: {BAD}, 10: {BAD}, 1_000: {BAD}}) for name, make in CALLED.items()),
    ("replace", blow_up, {1: {OK}, 4: {OK}, 12: {STOPPED}}),
    ("nested replace", blow_up_nested, {1: {OK}, 6: {OK}, 25: {STOPPED}}),
    ("gathered texts", gather, {1: {OK}, 4: {OK}, 8: {STOPPED}}),
    ("invented values", invent, {1: {OK}, 3: {OK}, 7: {LARGE, STOPPED}}),
    ("walks", walk, {1: {OK, STOPPED}, 3: {STOPPED}, 6: {STOPPED}}),
    *((name, make, {5: {OK}, 60: {OK, BAD}, 2000: {BAD}}) for name, make in BRACKETS.items()),
    *((name, make, {5: {OK}, 50: {OK}, 2000: {BAD}}) for name, make in CHAINS.items()),
    (
        "values",
        repeat("", "1 ", around="VALUES ?x {{{}}}"),
        {5: {OK}, 20_000: {OK}, 1_000_000: {LARGE}},
    ),
    (
        "in",
        repeat("2", ",2", around="FILTER(1 IN ({}))"),
        {5: {OK}, 20_000: {OK, STOPPED}, 200_000: {LARGE}},
    ),
    ("doubling", double, {2: {OK}, 16: {OK}, 40: {STOPPED}}),
    ("count", cross("(COUNT(*) AS ?n)"), {1: {OK}, 3: {STOPPED}, 5: {STOPPED}}),
    ("order", cross("*", after="ORDER BY ?c0"), {1: {OK}, 2: {STOPPED, LARGE}, 5: {STOPPED}}),
    ("distinct", cross("DISTINCT *"), {1: {OK}, 2: {LARGE, STOPPED}, 5: {LARGE, STOPPED}}),
    ("rows", cross("*"), {1: {OK}, 2: {LARGE}, 5: {LARGE}}),
    (
        "regex",
        lambda n: 'ASK { FILTER(REGEX("' + "a" * n + '!", "(a+)+$")) }',
        {5: {OK}, 50: {OK}, 5000: {OK}},
    ),
    (
        "counted regex",
        lambda n: f'ASK {{ FILTER(REGEX("aaaaaaaaaaaaaaaaaaaa!", "^(a{{1,{n}}}){{1,{n}}}$")) }}',
        {5: {OK}, 50: {OK}, 1_000: {OK}},
    ),
    (
        "exponents",
        lambda n: f'ASK {{ FILTER("1e{n}"^^<http://www.w3.org/2001/XMLSchema#decimal> > 1) }}',
        {3: {OK}, 1_000: {OK}, 999_999_999: {OK}},
    ),
    ("digits", lambda n: "ASK { FILTER(" + "9" * n + " > 1) }", {5: {OK}, 50: {OK}, 5_000: {OK}}),
]
CASES = [
    pytest.param(make(size), outcome, id=f"{name}-{size}")
    for name, make, outcomes in ATTACKS
    for size, outcome in outcomes.items()
]


@pytest.mark.parametrize(("text", "outcomes"), CASES)
def test_attacks_have_a_stated_outcome(engine: PoolEngine, text: str, outcomes: set[int]) -> None:
    """Answered, or refused with the right status; the next query is answered.

    What may be stopped is stopped soon; what may not has all the time a busy machine takes.
    """
    limit_s = 0.6 if STOPPED in outcomes else PATIENT_S
    media_type = "application/n-triples" if text.startswith("DESCRIBE") else JSON
    try:
        engine.evaluate(Query(text, "SELECT", media_type), timeout_s=limit_s)
        status = OK
    except ParleyError as error:
        status = error.status
    count = "SELECT (COUNT(*) AS ?n) { <http://e/s1> ?p ?o }"
    after = engine.evaluate(Query(count, "SELECT", JSON), timeout_s=PATIENT_S)

    assert status in outcomes
    assert b'"10"' in after.body


def test_every_class_of_attack_is_tried_at_three_sizes() -> None:
    """No attack has a size less, and each size its own outcome."""
    assert {len(outcomes) for _, _, outcomes in ATTACKS} == {3}
    assert len({name for name, _, _ in ATTACKS}) == len(ATTACKS)


def test_sixteen_at_once_do_not_delay_small_queries(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Small queries are answered rightly and soon while sixteen heavy ones come again and again."""
    heavy = [cross("(COUNT(*) AS ?n)")(3), cross("*", after="ORDER BY ?c0 ?c1")(2), double(40)]
    done = threading.Event()
    unexpected: list[int] = []

    def attack(pool: PoolEngine, number: int) -> None:
        while not done.is_set():
            try:
                make_ask(pool)(heavy[number % 3] + f" # {number}")
            except ParleyError as error:
                if error.status not in {STOPPED, LARGE}:
                    unexpected.append(error.status)

    with PoolEngine(built, Settings(timeout_s=1.0, queue_timeout_s=PATIENT_S)) as pool:
        attackers = [threading.Thread(target=attack, args=(pool, n)) for n in range(16)]
        for attacker in attackers:
            attacker.start()
        times = []
        wrong = 0
        for number in range(60):
            started = time.monotonic()
            small = f"SELECT ?o {{ <http://e/s{number}> <http://e/p1> ?o }}"
            answer = pool.evaluate(Query(small, "SELECT", JSON), timeout_s=PATIENT_S)
            times.append(time.monotonic() - started)
            rows = json.loads(answer.body)["results"]["bindings"]
            wrong += [row["o"]["value"] for row in rows] != [f"value {number} 1"]
            time.sleep(0.05)
        resident = pool.statistics()["resident_bytes"]
        done.set()
        for attacker in attackers:
            attacker.join()
    times.sort()
    with capsys.disabled():
        sys.stdout.write(f"\nsmall: p50 {times[30]:.3f} s, p95 {times[56]:.3f} s, ")
        sys.stdout.write(f"processes: {resident / 1e6:.0f} MB\n")
    assert wrong == 0
    assert unexpected == []
    assert resident < 1_000_000_000


CALLS = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}> AS ?v) SERVICE ?v {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?v {{ <{0}> }} SERVICE SILENT ?v {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "PREFIX x: <{0}> SELECT * {{ service#\n x: {{ ?s ?p ?o }} }}",
    "PREFIX x: <{0}> SELECT * {{ SERVICESILENTx:{{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}> AS ?v) FILTER(?a<1)SERVICE?v#>\n{{}} }}",
    "SELECT * {{ {{ SELECT * {{ MINUS {{ SERVICE <{0}> {{}} }} }} }} }}",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "LOAD <{0}>",
]


@pytest.mark.parametrize("text", CALLS)
def test_no_query_makes_the_server_call(ask: Ask, listener: Listener, text: str) -> None:
    """Refused, or answered without a call: nothing reaches the listener, nothing is read."""
    try:
        assert ask(text.format(listener.address)).rows == 0
    except RequestError as error:
        assert error.status == BAD  # noqa: PT017 - either is right, the listener decides
    assert listener.hits == 0


@pytest.mark.parametrize("text", CALLS)
def test_a_process_cannot_call_even_without_the_pre_check(listener: Listener, text: str) -> None:
    """The process itself has no network: the second wall behind the first."""
    child = Child("parley.engine.worker", ChildOptions(memory_bytes=10**9, stack_bytes=1 << 24))
    try:
        limits = wire.LIMITS.pack(True, False, False, 10**6, 10**4)
        form = [text.format(listener.address).encode(), JSON.encode(), b"", b"", b"", b"", limits]
        code, _ = child.ask(wire.QUERY, form, timeout_s=5.0)
    finally:
        child.close()

    assert child.network_closed_by in {"seccomp", "namespace"}
    assert code in {wire.DONE, wire.SYNTAX, wire.REFUSED, wire.STORE_FAILED}
    assert listener.hits == 0


def test_an_allowed_address_is_called(built: Path, listener: Listener) -> None:
    """The operator may allow an address; then exactly it is called, and no other."""
    allowed = Settings(service_allow=(listener.address,), timeout_s=2.0)
    with PoolEngine(built, allowed) as pool:
        with pytest.raises(ParleyError):
            make_ask(pool)(f"SELECT * {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}")
        assert listener.hits == 1
        with pytest.raises(ParleyError, match="may not call"):
            make_ask(pool)(f"SELECT * {{ SERVICE <{listener.address}x> {{ ?s ?p ?o }} }}")
        assert listener.hits == 1


def test_the_filter_knows_its_machine() -> None:
    """The calls refused are those of the machine; a machine it does not know has no filter."""
    lines = box._filter_program(*box._REFUSED_CALLS["x86_64"])

    assert lines[5:9] == [(0x15, 4, 0, 41), (0x15, 3, 0, 59), (0x15, 2, 0, 322), (0x15, 1, 0, 425)]
    assert lines[4][1] == len(lines) - 1 - 5
    assert not box._refuse_calls("riscv64")


def test_updates_are_no_queries(ask: Ask, engine: PoolEngine) -> None:
    """The query door takes no update, whatever it does."""
    for text in ("DROP ALL", "INSERT DATA { <a:a> <a:b> 1 }", "CLEAR DEFAULT"):
        with pytest.raises(RequestError):
            ask(text)
        with pytest.raises(RequestError):
            engine.update(Update(text))
    assert engine.evaluate(Query("SELECT * { ?s ?p ?o }", "SELECT", JSON)).rows == 3000
