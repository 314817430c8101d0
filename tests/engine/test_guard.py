"""The pre-check: it finds every call to another server, counts brackets, and lets the rest in."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from parley.engine import wire
from parley.engine.guard import Limits, check_query, check_update
from parley.engine.inspection import inspect
from parley.errors import (
    ParleyError,
    PayloadTooLargeError,
    Place,
    QueryRefusedError,
    QuerySyntaxError,
)

from .conftest import ask_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.engine.process import Child

LIMITS = Limits()
TARGET = "http://127.0.0.1:7999/"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("select?x{}", "SELECT"),
        ("SELECTDISTINCT?xWHERE{}", "SELECT"),
        ("# ASK\nPREFIX ask: <http://e/ASK>\nBASE <http://e/>\nCONSTRUCT {} WHERE {}", "CONSTRUCT"),
        ("DESCRIBE <http://e/a>", "DESCRIBE"),
        ('VERSION "1.2" ASK { ?s ?p "SELECT" }', "ASK"),
        ("INSERT DATA {}", None),
        ("", None),
    ],
)
def test_the_query_form_is_found(text: str, form: str | None) -> None:
    """Comments, prefixes and missing spaces do not hide it."""
    assert inspect(text).form == form


def test_an_update_is_told_from_a_query() -> None:
    """Each is refused at the other's door, and the message says which it is."""
    with pytest.raises(QuerySyntaxError, match="This is an update"):
        check_query("PREFIX e: <http://e/> INSERT { ?s e:p 1 } WHERE { SELECT * {} }", LIMITS)
    with pytest.raises(QuerySyntaxError, match="There is no SELECT"):
        check_query("PREFIX e: <http://e/>", LIMITS)
    with pytest.raises(QuerySyntaxError, match=r"This is a query \(ASK\)"):
        check_update("ASK {}", LIMITS)


# Ways to write a call, each valid for the engine.
SPELLINGS = [
    f"SERVICE <{TARGET}> {{}}",
    f"service<{TARGET}>{{}}",
    f"SeRvIcE # > \n <{TARGET}>{{}}",
    "SERVICE ex:x {}",
    "SERVICEex:x{}",
    "SERVICE\t<http://127.0.0.1:799\\u0039/>{}",
    f"BIND(<{TARGET}> AS ?v) SERVICE ?v {{}}",
    "SERVICE?v#>\n{}",
    "SERVICE $v {}",
]
# Contexts that a reader less exact than the engine could take the call for a part of.
CONTEXTS = [
    "{}",
    "FILTER(1=1){}",
    "FILTER(?a<1){}",
    "FILTER(?a<1){}#>",
    "FILTER(?a<?b){} FILTER(?c>?d)",
    "FILTER ex:f(?a<1){}#>",
    "FILTERex:f(?a<1){}#>",
    "FILTER<http://e/f>(?a<1){}#>",
    'FILTER(?a<1#>"""\n){}#"""\n',
    "FILTER(?a<1#>'\n){}#'\n",
    "FILTER(EXISTS{{}}<1){}#>",
    "FILTER NOT EXISTS {{ {} }}",
    "BIND(1<2 AS ?x){}#>",
    "?s ?p (1 2){}",
    "?s <http://e/p#{{}}> 1 .{}",
    "?s ?p 'it\\'s'.{}",
    "?s ?p '''a'b\\'''''.{}",
    '?s ?p "\\"".{}#"',
    "?s ?p true{}",
    "?s ?p 1.{}",
    "?s ?p 1.0.{}",
    "?s ?p <http://e/#> .{}",
    "?s ?p ex:a\\# .{}",
    "VALUES ?x {{ <http://e/#a> 1 }} {}",
    "VALUES (?x ?y) {{ (<http://e/#a> <http://e/#b>) }} {}",
    "{{ SELECT (?a<1 AS ?b) {{ {} }} }}",
    "{{ SELECT ?a (?a<1#>\n AS ?b) {{ {} }} }}",
    "{{ SELECT ?a {{}} GROUP BY ?a (?a<1#>\n AS ?b) HAVING(?a<1#>\n) }} {}",
    "{{ SELECT * {{}} ORDER BY (?a<1#>\n) <http://e/f>(?a<1#>\n) }} {}",
    "GRAPH ?g {{ {} }}",
    "OPTIONAL {{ {} }}",
    "{{}} UNION {{ {} }}",
    "MINUS {{ {} }}",
    "LATERAL {{ {} }}",
    "FILTER(<<(<http://e/a> <http://e/#b> 1)>> = 1){}",
    "<<?s ?p 1>> ?q 2 .{}",
    "?s ?p ?o {{| ?q <http://e/#x> |}} .{}",
    "[ ?p [ ?q <http://e/#x> ] ] .{}",
    "?s <http://e/a>/(<http://e/#b>|^<http://e/#c>)* ?o .{}",
    "?s !(<http://e/#b>|^<http://e/#c>) ?o .{}",
]


def disguises() -> Iterator[str]:
    """Yield every spelling of a call in every context."""
    for context, spelling in itertools.product(CONTEXTS, SPELLINGS):
        yield f"PREFIX ex: <{TARGET}> ASK {{ {context.format(spelling)}\n}}"


def test_no_disguise_hides_a_call() -> None:
    """Each text holds a call, so each is refused, whatever it is dressed up as."""
    for text in disguises():
        with pytest.raises((QueryRefusedError, QuerySyntaxError)):
            check_query(text, LIMITS)


def test_the_engine_calls_nobody_the_pre_check_overlooks(child: Child) -> None:
    """What the engine would call, in any of the disguises or without them, the lexer saw."""
    called = []
    for text in disguises():
        code, message = ask_child(child, text)
        if code != wire.SYNTAX and (b"Permission denied" in message or b"service" in message):
            called.append(text)

    # The disguises are real: many of them make the engine call, though the store is empty.
    assert len(called) > 100
    for text in called:
        with pytest.raises((QueryRefusedError, QuerySyntaxError)):
            check_query(text, LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        'ASK { ?s ?p "SERVICE <http://e/> {}" }',
        "ASK { ?s ?p '''SERVICE <http://e/> {}''' }",
        "ASK { ?s <http://e/SERVICE> ?o } # SERVICE <http://e/> {}",
        "PREFIX service: <http://e/> ASK { ?s service:endpoint service:LOAD }",
        "PREFIX service: <http://e/> ASK { GRAPH service:g { ?SERVICE ?p _:SERVICE } }",
        "ASK { FILTER(?a<?b && ?SERVICE>?d) }",
        "ASK { ?s ?p 'load'@en }",
    ],
)
def test_words_that_only_look_like_a_call_pass(text: str) -> None:
    """SERVICE inside strings, IRIs, names, variables and comments calls nobody."""
    assert check_query(text, LIMITS).calls == ()


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://e/>",
        "load silent<http://e/>INTO GRAPH <http://e/g>",
        "PREFIX ex: <http://e/> LOAD ex:x",
        "PREFIX ex: <http://e/> PREFIX LOADex: <http://e/> LOADex:x",
        "INSERT DATA { <a:a> <a:b> 'x' } ; LOAD <http://e/>",
        "DELETE WHERE { ?s ?p ?o FILTER(?o<1) };LOAD<http://e/>#>",
        "INSERT { ?s ?p 1 } WHERE { SERVICE <http://e/> {} }",
    ],
)
def test_updates_may_not_call_either(text: str) -> None:
    """LOAD and SERVICE are found anywhere in a request."""
    with pytest.raises(QueryRefusedError, match="may not call"):
        check_update(text, LIMITS)


def test_only_the_exact_address_is_allowed() -> None:
    """An address that is allowed does not allow others like it, nor variables."""
    limits = Limits(allowed_calls=frozenset({TARGET}))

    assert check_query(f"ASK {{ SERVICE SILENT <{TARGET}> {{}} }}", limits).form == "ASK"
    assert check_query(f"PREFIX e: <{TARGET}> ASK {{ SERVICE e: {{}} }}", limits).form == "ASK"
    for target in (f"<{TARGET}x>", f"<{TARGET[:-1]}>", "?v", "<rel>"):
        with pytest.raises(QueryRefusedError):
            check_query(f"BASE <{TARGET}> ASK {{ SERVICE {target} {{}} }}", limits)


@pytest.mark.parametrize(
    "base", ["BASE <http://evil/>", "base<http://evil/>", "B\\u0041SE <http://evil/>"]
)
def test_a_base_does_not_move_an_allowed_address(base: str) -> None:
    """A relative address that is allowed means one on this server, whatever the text declares."""
    limits = Limits(allowed_calls=frozenset({"remote"}))

    check_update("LOAD <remote>", limits)
    check_query("ASK { SERVICE <remote> {} }", limits)
    with pytest.raises((QueryRefusedError, QuerySyntaxError)):
        check_update(f"{base} LOAD <remote>", limits)
    with pytest.raises((QueryRefusedError, QuerySyntaxError)):
        check_query(f"{base} ASK {{ SERVICE <remote> {{}} }}", limits)


def test_a_call_is_placed() -> None:
    """The error says where, from 1, in characters."""
    with pytest.raises(QueryRefusedError) as caught:
        check_query("ASK {\n  ?š ?p ?o . SERVICE <http://e/> {}\n}", LIMITS)
    assert caught.value.place == Place("query", 2, 14)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("ASK { ?s ?p ?o", "This { is never closed", 1, 5),
        ("ASK {\n (1 }", "This } does not close the ( of line 2, column 2", 2, 5),
        ("ASK {} }", "This } closes nothing", 1, 8),
        ("ASK { ?s ?p 'x }", "The string that begins with ' here is never closed", 1, 13),
        ('ASK { ?s ?p "x\n" }', 'The string that begins with " here is never closed', 1, 13),
        ("ASK { ?s ?p % }", "The character '%' cannot stand here", 1, 13),
        ("\ufeffASK {}", "The character '\\ufeff' cannot stand here", 1, 1),
        ("ASK { ?s ex:p ?o }", "The prefix ex: is not declared", 1, 10),
        ("ASK { ?s : ?o }", "The prefix : is not declared", 1, 10),
    ],
)
def test_syntax_errors_are_placed_and_readable(
    text: str, message: str, line: int, column: int
) -> None:
    """The commonest mistakes are said in words, with their place."""
    with pytest.raises(QuerySyntaxError) as caught:
        check_query(text, LIMITS)
    assert message in caught.value.message
    assert caught.value.place == Place("query", line, column)


def test_a_well_known_prefix_is_offered() -> None:
    """The remedy is the line to add."""
    with pytest.raises(QuerySyntaxError) as caught:
        check_query("ASK { ?s prov:wasDerivedFrom ?o }", LIMITS)
    assert caught.value.remedy == "Add PREFIX prov: <http://www.w3.org/ns/prov#>"


def test_declared_prefixes_are_returned() -> None:
    """Names and namespaces come out in order, escapes decoded."""
    found = inspect("PREFIX a: <http://e/\\u0061#> prefix : <http://e/> ASK { a:b :c 1 }")

    assert found.prefixes == (("a", "http://e/a#"), ("", "http://e/"))
    assert found.undeclared is None


def test_the_dataset_of_a_text_is_noticed() -> None:
    """FROM, USING and WITH are found; a variable or name like them is not one."""
    assert inspect("SELECT * FROM <http://e/> {}").has_dataset
    assert inspect("SELECT*FROM NAMED<http://e/>{}").has_dataset
    assert not inspect(
        "PREFIX from: <http://e/> SELECT ?FROM { ?FROM from:from 'FROM' }"
    ).has_dataset
    assert inspect("DELETE {} USING <http://e/> WHERE {}").has_dataset
    assert inspect("WITH <http://e/> DELETE {} WHERE {}").has_with
    assert not inspect("INSERT DATA {}").has_with


NESTS = {
    "group": ("{", "}"),
    "optional": ("OPTIONAL {", "}"),
    "sub-select": ("{ SELECT * {", "}}"),
    "not exists": ("FILTER NOT EXISTS {", "}"),
    "parentheses": ("FILTER(" + "(" * 1, "1))"),
    "collection": ("?s ?p (1) . {", "}"),
}


@pytest.mark.parametrize(("opening", "closing"), NESTS.values(), ids=NESTS)
@pytest.mark.parametrize("levels", [20, 200, 2000])
def test_nesting_is_bounded(opening: str, closing: str, levels: int) -> None:
    """Twenty levels pass, two hundred do not, nor two thousand."""
    if opening.startswith("FILTER(") and closing == "1))":
        text = f"ASK {{ FILTER({'(' * levels}1{')' * levels}) }}"
    else:
        text = f"ASK {{ {opening * levels} {closing * levels} }}"
    if levels == 20:
        assert check_query(text, LIMITS).depth > 20
        return
    with pytest.raises(QueryRefusedError, match="levels of brackets"):
        check_query(text, LIMITS)


@pytest.mark.parametrize("chain", ["!", "-", "! - +", "!-"])
def test_chains_of_signs_count_as_nesting(chain: str) -> None:
    """Each sign is a level to the parser."""
    with pytest.raises(QueryRefusedError, match="levels of brackets"):
        check_query(f"ASK {{ FILTER({chain * 70} 1) }}", LIMITS)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ASK {" + "?s ?p ?o ." * 61 + "}", "patterns in a group"),
        ("ASK { ?s ?p " + "?o ," * 61 + "?o }", "patterns in a group"),
        ("ASK { ?s <a:b>" + "/<a:b>" * 61 + " ?o }", "patterns in a group"),
        ("ASK { ?s ?p (" + "1 " * 61 + ") }", "patterns in a group"),
        ("ASK { " + "{ ?s ?p ?o . ?o ?q 1 }" * 31 + " }", "patterns in a group"),
        ("ASK { FILTER(1" + "+1" * 501 + ") }", "times +"),
        ("ASK { FILTER(1" + "&&1" * 501 + ") }", "times &&"),
        ("ASK { {}" + "UNION{}" * 101 + " }", "branches"),
        ("ASK { " + "OPTIONAL{}" * 101 + " }", "branches"),
        ("ASK { " + "MINUS{}" * 101 + " }", "branches"),
    ],
)
def test_wide_queries_are_refused(text: str, what: str) -> None:
    """The planner and the parser have more than linear work with these."""
    with pytest.raises(QueryRefusedError) as caught:
        check_query(text, LIMITS)
    assert what in caught.value.message


def test_separate_branches_do_not_add_up() -> None:
    """Groups that are not joined have a count each."""
    branch = "{" + "?s ?p ?o ." * 40 + "}"
    text = f"ASK {{ ?a ?b ?c OPTIONAL {branch} MINUS {branch} FILTER EXISTS {branch} }}"

    assert check_query(text, LIMITS).patterns == 40


def test_data_is_not_counted_as_patterns() -> None:
    """An update may insert much data, and values may be many."""
    check_update("INSERT DATA {" + "<a:s> <a:p> <a:o> ." * 5000 + "}", LIMITS)
    check_query("ASK { VALUES ?x {" + "<a:o> " * 5000 + "} }", LIMITS)


def test_long_texts_are_too_large() -> None:
    """Bytes count, not characters; updates may be longer."""
    text = "ASK {} #" + "é" * 32_768

    with pytest.raises(PayloadTooLargeError, match="65544 bytes"):
        check_query(text, LIMITS)
    with pytest.raises(PayloadTooLargeError):
        check_update("#" * 100, Limits(max_update_bytes=99))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 65_000,
        '"' * 65_000,
        "'''" + "''a" * 20_000,
        "<" * 65_000,
        "ASK { FILTER(?a" + "<?a" * 20_000,
        "a:" * 30_000,
        "a." * 30_000,
        "\\u0041" * 10_000,
        "@a" + "-a" * 30_000,
        "#" * 65_000,
        "1." * 30_000,
        '"""' + "\\" * 60_000,
    ],
    ids=range(12),
)
def test_the_lexer_is_linear(text: str) -> None:
    """Texts made to make a backtracking reader slow are read, or refused, at once."""
    with pytest.raises(ParleyError):
        check_query(text, LIMITS)
