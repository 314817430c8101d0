"""The pre-check against the engine: what passes neither crashes it nor makes it call."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.engine import wire
from parley.engine.guard import Limits, check_query
from parley.engine.process import Child, ChildOptions
from parley.errors import (
    ParleyError,
    QueryRefusedError,
    WorkerDiedError,
)

from .conftest import ask_child

LIMITS = Limits()
TARGET = "http://127.0.0.1:7999/"


FRAGMENTS = st.sampled_from(
    (
        *("SELECT", "ASK", "WHERE", "FILTER", "BIND", "AS", "OPTIONAL", "UNION", "MINUS", "GRAPH"),
        *("VALUES", "UNDEF", "EXISTS", "NOT", "IN", "IF", "COUNT", "DISTINCT", "GROUP", "BY"),
        *("ORDER", "HAVING", "LIMIT", "STRLEN", "CONCAT", "REGEX", "SERVICE", "SILENT", "a"),
        *("{", "}", "(", ")", "[", "]", "<<", ">>", "<<(", ")>>", "{|", "|}", "true", "false"),
        *("1", "2.5", "1e3", "'a'", '"b"', "'''c'd'''", "@en", "^^<a:b>", "<a:b>", "<a:#c>"),
        *("ex:a", "ex:b_c", "_:x", "?x", "?y", "$z", "+", "-", "*", "/", "|", "^", "!", "?", "="),
        *("<", ">", "<=", ">=", "!=", "&&", "||", ".", ";", ",", "#comment\n", "#>\n"),
    )
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(FRAGMENTS, max_size=40),
    st.sampled_from(["ASK {", "SELECT * {", "ASK { FILTER(", "SELECT (", "ASK { ?s ?p "]),
    st.sampled_from([" ", "", "\n"]),
)
def test_what_passes_neither_crashes_the_engine_nor_calls(
    child: Child, fragments: list[str], start: str, joint: str
) -> None:
    """Soup of tokens: let in, it is answered or refused; it never calls and never crashes."""
    body = joint.join(fragments)
    closers = {"{": "}", "(": ")", "[": "]"}
    open_brackets = [closers[c] for c in start + body if c in closers]
    text = f"PREFIX ex: <{TARGET}> {start}{body} {''.join(reversed(open_brackets))}"
    for candidate in (text, f"PREFIX ex: <{TARGET}> {start}{body}"):
        try:
            check_query(candidate, LIMITS)
        except ParleyError:
            continue
        code, message = ask_child(child, candidate)
        assert code in {wire.DONE, wire.SYNTAX, wire.REFUSED, wire.TOO_LARGE}
        assert b"service" not in message


SHAPES = st.recursive(
    st.sampled_from(["?s ?p ?o", "?s <a:b>/<a:c>* ?o", "FILTER(?s < 1)", "VALUES ?v { 1 2 }"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" . ".join),
        inner.map("OPTIONAL {{ {} }}".format),
        inner.map("{{ {} }}".format),
        inner.map("{{ SELECT * {{ {} }} }}".format),
        inner.map("FILTER NOT EXISTS {{ {} }}".format),
        inner.map("MINUS {{ {} }}".format),
        st.tuples(inner, inner).map(lambda pair: f"{{ {pair[0]} }} UNION {{ {pair[1]} }}"),
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SHAPES)
def test_ordinary_queries_are_let_in_and_answered(child: Child, shape: str) -> None:
    """Valid queries of moderate size pass the pre-check, and the engine agrees they are valid."""
    text = f"SELECT * {{ {shape} }}".replace("} . ", "} ").replace(") . ", ") ")
    try:
        check_query(text, LIMITS)
    except QueryRefusedError as error:
        assert "patterns" in error.message or "levels" in error.message  # noqa: PT017
        return
    assert ask_child(child, text)[0] == wire.DONE


def test_the_greatest_texts_let_in_do_not_crash_the_engine(child: Child) -> None:
    """At the limits of nesting and width at once, and beyond them for the stack alone."""
    deep = "FILTER NOT EXISTS { ?s ?p ?o . OPTIONAL {" * 31 + "}}" * 31
    wide = " OPTIONAL { ?s ?p ?o }" * 60 + " FILTER(1" + "+1" * 499 + ")"
    check_query(f"ASK {{ {wide} }}", LIMITS)

    assert ask_child(child, f"ASK {{ {deep} }}")[0] == wire.DONE
    assert ask_child(child, f"ASK {{ {wide} }}")[0] == wire.DONE
    assert ask_child(child, f"ASK {{ FILTER({'!' * 5000} true) }}")[0] == wire.DONE


def test_long_prefixes_are_read_whole() -> None:
    """A name is one token however long its prefix, with dots and letters of any script."""
    prefix = "ä" + ".SERVICE-x" * 100
    text = f"PREFIX {prefix}: <http://e/> ASK {{ ?s {prefix}:p.q%20\\# true. ?s {prefix}: ?o }}"

    assert check_query(text, LIMITS).prefixes == ((prefix, "http://e/"),)


def test_an_engine_without_pre_check_does_crash() -> None:
    """The pre-check is needed: this text ends a process with an ordinary stack."""
    options = ChildOptions(memory_bytes=500_000_000, stack_bytes=1 << 20)
    process = Child("parley.engine.worker", options)
    try:
        with pytest.raises(WorkerDiedError, match="signal SIG"):
            ask_child(process, f"ASK {'{' * 20_000}{'}' * 20_000}")
    finally:
        process.close()
