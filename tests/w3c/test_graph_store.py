"""W3C: the Graph Store HTTP Protocol, with direct and indirect graph names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from .http_cases import exchanges
from .results import differences, read_graph
from .suite import Case, of_kind

if TYPE_CHECKING:
    from .client import Endpoint


@pytest.mark.parametrize("case", of_kind("GraphStoreProtocolTest"), ids=lambda case: case.label)
def test_graph_store(case: Case, endpoint: Endpoint) -> None:
    """Each request of the test has a status it may have, and graphs come back as they went in."""
    endpoint.clear()
    location = ""

    for exchange in exchanges(case):
        path = exchange.path.replace("graph=$LOCATION$", f"graph={quote(location, safe='')}")
        url = path.replace("$LOCATION$", location)
        if not url.startswith("http"):
            url = url.replace("/gsp", endpoint.store, 1)
        answer = endpoint.send(exchange.method, url, exchange.body, exchange.headers)

        assert exchange.allows(answer.status), (exchange, answer)
        if exchange.location:
            location = answer.headers["location"]
        if exchange.media_type:
            assert answer.media_type == exchange.media_type
        if exchange.text:
            expected = read_graph(exchange.text.encode("utf-8"), ".ttl", url)
            found = read_graph(answer.body, ".ttl", url)
            assert differences(expected, found, ordered=False, lax=False) == ""
