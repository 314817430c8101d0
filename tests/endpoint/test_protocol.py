"""Reading SPARQL Protocol requests, as plain data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.endpoint.messages import Request
from parley.endpoint.protocol import (
    FORM,
    QUERY,
    UPDATE,
    DescribeOperation,
    Operation,
    OptionsOperation,
    QueryOperation,
    UpdateOperation,
    read_operation,
)
from parley.errors import (
    MethodNotAllowedError,
    ParleyError,
    PayloadTooLargeError,
    RequestError,
    TermError,
    UnsupportedMediaTypeError,
)


def read(
    method: str = "GET", query: bytes = b"", body: bytes = b"", media_type: str = "", **more: str
) -> Operation:
    """Read a request within small limits."""
    headers = {"content-type": media_type, **more}
    request = Request(method, "/sparql", query, headers, body)
    return read_operation(request, max_query_bytes=100, max_update_bytes=200)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (lambda: read(query=b"query=ASK%20%7B%7D"), QueryOperation("ASK {}")),
        (lambda: read(query=b"query=ASK+%7B%7D"), QueryOperation("ASK {}")),
        (lambda: read("HEAD", b"query=ASK%7B%7D"), QueryOperation("ASK{}")),
        (lambda: read("POST", body=b"ASK {}", media_type=QUERY), QueryOperation("ASK {}")),
        (lambda: read("QUERY", body=b"ASK {}", media_type=QUERY), QueryOperation("ASK {}")),
        (lambda: read("POST", body=b"query=ASK{}", media_type=FORM), QueryOperation("ASK{}")),
        (
            lambda: read("POST", body=b"ASK {}", media_type=f"{QUERY}; charset=UTF-8"),
            QueryOperation("ASK {}"),
        ),
        (
            lambda: read("POST", body=b"update=CLEAR+ALL", media_type=FORM),
            UpdateOperation("CLEAR ALL", is_form=True),
        ),
        (
            lambda: read("POST", b"using-graph-uri=http://g", b"CLEAR ALL", UPDATE),
            UpdateOperation("CLEAR ALL", using_graphs=("http://g",)),
        ),
        (
            lambda: read(
                query=b"query=ASK{}&default-graph-uri=http://a&default-graph-uri=http://b"
                b"&named-graph-uri=http://c&format=JSON&timeout=2.5",
                accept="*/*",
            ),
            QueryOperation(
                "ASK{}", ("http://a", "http://b"), ("http://c",), "*/*", "json", 2.5
            ),
        ),
        (
            lambda: read("POST", b"default-graph-uri=http://a", b"query=ASK{}", FORM),
            QueryOperation("ASK{}", ("http://a",)),
        ),
        (lambda: read(accept="text/turtle"), DescribeOperation("text/turtle")),
        (lambda: read("OPTIONS"), OptionsOperation()),
    ],
)  # fmt: skip
def test_a_request_is_read_as_what_it_asks(operation, expected) -> None:  # type: ignore[no-untyped-def]
    """Each way the protocol allows leads to the same plain operation."""
    assert operation() == expected


@pytest.mark.parametrize(
    ("request_of", "error"),
    [
        (lambda: read("PUT", b"query=ASK{}"), MethodNotAllowedError),
        (lambda: read("TRACE", b"query=ASK{}"), MethodNotAllowedError),
        (lambda: read(query=b"query=ASK{}&query=ASK{}"), RequestError),
        (lambda: read("POST", b"query=ASK{}", b"query=ASK{}", FORM), RequestError),
        (lambda: read("POST", b"query=ASK{}", b"ASK{}", QUERY), RequestError),
        (lambda: read("POST", body=b"update=A&update=B", media_type=FORM), RequestError),
        (lambda: read("POST", body=b"update=A&query=B", media_type=FORM), RequestError),
        (lambda: read("POST", body=b"", media_type=FORM), RequestError),
        (lambda: read(query=b"update=CLEAR+ALL"), RequestError),
        (lambda: read("QUERY", body=b"CLEAR ALL", media_type=UPDATE), RequestError),
        (lambda: read("POST", body=b"ASK{}"), UnsupportedMediaTypeError),
        (lambda: read("POST", body=b"ASK{}", media_type="text/plain"), UnsupportedMediaTypeError),
        (
            lambda: read("POST", body=b"\xff\xfeA\0", media_type=f"{QUERY};charset=UTF-16"),
            UnsupportedMediaTypeError,
        ),
        (lambda: read("POST", body=b"ASK{'\xff'}", media_type=QUERY), RequestError),
        (lambda: read(query=b"query=%FF"), RequestError),
        (lambda: read(query=b"query=%ED%A0%80"), RequestError),
        (lambda: read(query=b"query=%C0%AF"), RequestError),
        (lambda: read(query=b"query=ASK{}&default-graph-uri=relative"), TermError),
        (lambda: read(query=b"query=ASK{}&default-graph-uri="), TermError),
        (lambda: read(query=b"query=ASK{}&using-graph-uri=http://g"), RequestError),
        (lambda: read(query=b"query=ASK{}&timeout=-1"), RequestError),
        (lambda: read(query=b"query=ASK{}&timeout=inf"), RequestError),
        (lambda: read(query=b"query=ASK{}&format=json&format=xml"), RequestError),
        (lambda: read(query=b"query=" + b"A" * 101), PayloadTooLargeError),
        (lambda: read(query=b"query=" + "\u00e9".encode() * 51), PayloadTooLargeError),
        (lambda: read("POST", body=b"A" * 201, media_type=UPDATE), PayloadTooLargeError),
        (lambda: read(query=b"&".join([b"a=b"] * 1001)), RequestError),
    ],
)  # fmt: skip
def test_what_the_protocol_forbids_is_refused(request_of, error) -> None:  # type: ignore[no-untyped-def]
    """A request outside the protocol is the client's error, with its own status."""
    with pytest.raises(error):
        request_of()


def test_escapes_are_decoded_once() -> None:
    """A percent sign that was itself escaped stays in the text."""
    operation = read(query=b"query=%2541%252B")

    assert operation == QueryOperation("%41%2B")


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from([FORM, QUERY, UPDATE, ""]))
def test_any_bytes_are_read_or_refused(query: bytes, body: bytes, media_type: str) -> None:
    """Whatever bytes arrive, the outcome is an operation or an error with a 4xx status."""
    outcome: Operation | int
    try:
        outcome = read("POST", query, body, media_type)
    except ParleyError as error:
        outcome = error.status

    assert outcome in range(400, 500) or isinstance(outcome, Operation)
