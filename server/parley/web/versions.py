"""Links to an answer name the data it was computed on: never silently a different answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from parley.errors import NotFoundError

if TYPE_CHECKING:
    from parley.endpoint.messages import Request
    from parley.engine.types import Engine

#: The parameter of an address that names the version of the data.
PARAMETER = "version"


def check(request: Request, engine: Engine) -> None:
    """Refuse a request of a program for data that is not served any more.

    The engine is asked for its version only by a request that names one.

    Raises:
        NotFoundError: The address names another version than the one served.
    """
    if b"version=" not in request.query_string:
        return
    given = parse_qs(request.query_string.decode("ascii", "replace")).get(PARAMETER, [])
    if given and given[0] != (served := engine.version):
        raise refusal(given[0], served)


def refusal(asked: str, served: str) -> NotFoundError:
    """Return the error that says what is wrong, and what can be done."""
    return NotFoundError(
        f"Data version {asked[:80]} is not served here; it is version {served}.",
        remedy="Leave version out of the address to ask what is served.",
    )
