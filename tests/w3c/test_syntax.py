"""W3C: queries and updates that parse, and those that must not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .suite import Case, of_kind, text_of

if TYPE_CHECKING:
    from .client import Answer, Endpoint

#: What the engine says of a text that it has read, but cannot do for another reason: it calls a
#: function we do not have, clears a graph that is not there, loads from where nobody answers.
UNDERSTOOD = re.compile(
    rb"custom function <[^>]*> is not supported|graph <[^>]*> does not exist|already exists"
    rb"|The store failed: |problem/remote-engine"
)


@pytest.mark.parametrize(
    "case",
    of_kind(
        "PositiveSyntaxTest",
        "PositiveSyntaxTest11",
        "PositiveUpdateSyntaxTest",
        "PositiveUpdateSyntaxTest11",
    ),
    ids=lambda case: case.label,
)
def test_what_is_well_formed_is_accepted(case: Case, endpoint: Endpoint) -> None:
    """A query is answered and an update applied, unless it fails for another reason."""
    answer = send(case, endpoint)

    assert answer.status in {200, 204} or UNDERSTOOD.search(answer.body), answer.body


@pytest.mark.parametrize(
    "case",
    of_kind(
        "NegativeSyntaxTest",
        "NegativeSyntaxTest11",
        "NegativeUpdateSyntaxTest",
        "NegativeUpdateSyntaxTest11",
    ),
    ids=lambda case: case.label,
)
def test_what_is_malformed_is_refused(case: Case, endpoint: Endpoint) -> None:
    """A text that does not parse is answered 400."""
    assert send(case, endpoint).status == 400


def send(case: Case, endpoint: Endpoint) -> Answer:
    """Send a test's text as what its file's ending says it is."""
    if "Update" in case.kind or case.request.endswith(".ru"):
        return endpoint.apply(text_of(case.request))
    return endpoint.query(text_of(case.request))
