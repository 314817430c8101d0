"""The outline of a query: one reading for all queries that differ in their values only."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.engine.guard import Limits, check_query
from parley.engine.inspection import inspect
from parley.engine.lexer import Lexer
from parley.engine.outline import _VALUE, KEPT, OutlineMemory, leaves_out_tokens, outline_of
from parley.errors import ParleyError, QueryRefusedError

if TYPE_CHECKING:
    import re

FIRST = "SELECT * { <http://e/1> ?p \"a\" . ?s ?q 'b' } LIMIT 10 # one"
ALIKE = "SELECT * { <http://e/2#x> ?p \"# { <b>\" . ?s ?q '''c\nd''' } LIMIT 2 # two <x>"


def test_values_are_left_out() -> None:
    """IRIs, strings, numbers and comments of a query do not count; their places do."""
    assert outline_of(FIRST) == outline_of(ALIKE)
    assert outline_of(FIRST) != outline_of(FIRST.replace('"a"', "?a"))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("PREFIX e: <http://e/> ASK {}", "PREFIX e: <http://f/> ASK {}"),
        ("SELECT * FROM <http://e/> {}", "SELECT * FROM <http://f/> {}"),
        ('ASK { ?s ?p "a" }', "ASK { ?s ?p 'a' }"),
        ("ASK { ?s ?p 1 }", 'ASK { ?s ?p "1" }'),
        ("ASK { ?s1 ?p ?o }", "ASK { ?s2 ?p ?o }"),
        ("ASK { ?s :p1 ?o }", "ASK { ?s :p2 ?o }"),
        ("ASK { ?s ?p 1 }", "ASK { ?s ?p 1.5 }"),
    ],
)
def test_what_is_no_value_is_kept(text: str, other: str) -> None:
    """The prologue, the dataset, names, variables and the kinds of values tell texts apart."""
    assert outline_of(text) != outline_of(other)


@pytest.mark.parametrize(
    ("text", "is_trusted"),
    [
        (FIRST, True),
        (ALIKE, True),
        ("ASK { FILTER(?a<1&&?b>2) }", False),
        ("ASK { FILTER(?a<1)SERVICE?v#>\n{} }", False),
        ("ASK { FILTER(?a < 1 && ?b > 2) }", True),
        ("SELECT ('{' AS ?x) { ?s ?p \"it's\" }", False),
        ("ASK { :a\\'b ?p 'c' }", False),
        ("ASK { ?s ?p :a\\#b }", False),
        ("ASK # {it's\n{ ?s ?p 'a' }", True),
        ("ASK # {it's Ann's\n{ ?s ?p 'a' }", False),
    ],
)
def test_an_outline_is_trusted_where_it_leaves_out_tokens(text: str, *, is_trusted: bool) -> None:
    """What looks like a value and is none to the lexer spoils the outline."""
    assert leaves_out_tokens(text) is is_trusted


def test_a_memory_trusts_what_comes_again() -> None:
    """The first time an outline is noted, the second time it is looked at, then it is known."""
    memory: OutlineMemory[str] = OutlineMemory()

    memory.keep(FIRST, "found")
    once = memory.recall(ALIKE)
    memory.keep(FIRST, "found")

    assert (once, memory.recall(ALIKE)) == (None, "found")


def test_a_memory_does_not_trust_what_looks_like_values() -> None:
    """Nor does it remember long texts."""
    memory: OutlineMemory[str] = OutlineMemory()
    for text in ("ASK { FILTER(?a<1&&?b>2) }", "ASK {} #" + "x" * 9_000, "ASK { ?s ?p '\0' }"):
        for _ in range(3):
            memory.keep(text, "found")

        assert memory.recall(text) is None


def test_a_memory_is_bounded() -> None:
    """The outline that came first is forgotten first."""
    memory: OutlineMemory[int] = OutlineMemory()
    for number in range(KEPT + 1):
        for _ in range(2):
            memory.keep(f"ASK {{ ?s{number} ?p ?o }}", number)

    assert memory.recall("ASK { ?s0 ?p ?o }") is None
    assert memory.recall(f"ASK {{ ?s{KEPT} ?p ?o }}") == KEPT


PIECES = (
    *("<a:a>", "<a", "b>", "?x", "a:b", ":c", "1", "2.5", "-3", "e4", "_:n", "\\'", "\\#", "\\"),
    *('"', "'", '""', "'''", '"s"', "'t'", "#", "# u", "\n", " ", " ", ".", ";", ",", "a"),
    *("{", "}", "(", ")", "[", "]", "<<", ">>", "<", ">", "=", "&&", "!", "^", "/", "*", "@en"),
    *("FILTER", "SERVICE", "VALUES", "SELECT", "BIND", "NOW", "%41", "$y", "\\u0041"),
)
BEGINNINGS = ("ASK {", "ASK { FILTER(", "SELECT (", "ASK { VALUES ?x {", "CONSTRUCT {")
texts = st.builds(
    "".join, st.tuples(st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(PIECES)).map("".join))
)


def kinds(text: str) -> list[tuple[str, int]]:
    """Return what the lexer makes of a text, without the values, up to the first fault."""
    found = []
    lexer = Lexer(text)
    with contextlib.suppress(ParleyError):
        for token in lexer.tokens():
            is_value = token.type in {"iri", "string", "number"}
            found.append((token.type if is_value else token.text, len(lexer.stack)))
    return found


def swap(text: str) -> str:
    """Put other values of the same kind in the place of those that the outline leaves out."""
    others = {"iri": "<a:other{}>", "string": "{}", "number": "{}7", "comment": "#{} <c> 'd"}
    head, brace, rest = text.partition("{")

    def other(value: re.Match[str]) -> str:
        if value.lastgroup == "string":
            quote = value[0][0] * (3 if value[0].startswith(value[0][0] * 3) else 1)
            return f"{quote}other <d> # {quote}"
        return others[str(value.lastgroup)].replace("{}", "")

    return head + brace + _VALUE.sub(other, rest)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_texts_of_a_trusted_outline_read_alike(text: str) -> None:
    """Whatever the values, the lexer finds the same tokens in the same brackets."""
    other = swap(text)
    with contextlib.suppress(ParleyError):
        if outline_of(other) == outline_of(text) and leaves_out_tokens(text):
            assert kinds(other) == kinds(text)


@pytest.mark.parametrize(
    ("friend", "enemy"),
    [
        ("ASK { FILTER(?a < 1) }", "ASK { FILTER(?a <1)SERVICE?v#>\n{} }"),
        ("ASK { ?s ?p <http://e/a> }", "ASK { SERVICE <http://e/a> {} }"),
        ("ASK { ?s ?p '' . ?a ?b '' }", "ASK { ?s ?p ''' . SERVICE?v{} ?a ?b ''' SERVICE?v{} }"),
        ("ASK { ?s ?p 1 } #a", "ASK { ?s ?p 1 SERVICE?v{} } #a"),
        ("ASK { ?s ?p 'a' }", "ASK { ?s ?p 'a\\'' SERVICE ?v {} #' }\n}"),
    ],
)
def test_no_call_hides_behind_a_known_outline(friend: str, enemy: str) -> None:
    """However often its like was let in, a query that calls another server is refused."""
    for _ in range(3):
        check_query(friend, Limits())

    for _ in range(3):
        with pytest.raises(ParleyError):
            check_query(enemy, Limits())


def test_an_allowed_call_does_not_open_the_door_to_others() -> None:
    """The address of a call is a value, so queries that call are read each time."""
    limits = Limits(allowed_calls=frozenset({"http://e/good"}))
    for _ in range(3):
        check_query("ASK { SERVICE <http://e/good> {} }", limits)

    with pytest.raises(QueryRefusedError, match="may not call"):
        check_query("ASK { SERVICE <http://e/evil> {} }", limits)


def test_limits_are_those_of_the_server() -> None:
    """An outline that one server lets in is measured anew by another with other limits."""
    text = "ASK { ?a ?b ?c . ?d ?e ?f }"
    for _ in range(3):
        check_query(text, Limits())

    with pytest.raises(QueryRefusedError, match="2 patterns"):
        check_query(text, Limits(max_patterns=1))


@pytest.mark.parametrize(
    ("text", "is_volatile"),
    [
        ("SELECT (NOW() AS ?n) {}", True),
        ("SELECT (struuid() AS ?n) {}", True),
        ("ASK { FILTER(?x = 1 && RAND() < 1) }", True),
        ("ASK { SERVICE ?s {} }", True),
        ('ASK { FILTER(CONTAINS(?x, "now")) }', False),
        ("ASK { ?now <http://e/rand> ?uuid }", False),
    ],
)
def test_what_answers_differently_each_time_is_seen(text: str, *, is_volatile: bool) -> None:
    """Functions of time and chance count, words in strings and names do not."""
    assert inspect(text).is_volatile is is_volatile
