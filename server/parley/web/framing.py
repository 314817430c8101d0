"""What HTTP/1.1 asks of every request and the server library does not see to (RFC 9110, 9112)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from parley.errors import ExpectationFailedError, RequestError, UnknownCodingError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

#: A name or an address, and a port; not two of them, as the library joins two headers.
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


def check(environ: WSGIEnvironment) -> None:
    """Let a request in whose headers say one thing only.

    Raises:
        RequestError: There is no Host, or more than one, or it is none; HTTP/1.0 may go without.
        ExpectationFailedError: It expects more than to be told to go on.
        UnknownCodingError: Its body is coded by more than chunks.
    """
    host = environ.get("HTTP_HOST", "")
    if not _HOST.fullmatch(host) and (host or environ["SERVER_PROTOCOL"] == "HTTP/1.1"):
        raise RequestError(
            f"The Host is {host[:80]!r}.", remedy="Send one Host header: a name, and a port."
        )
    expected = environ.get("HTTP_EXPECT", "")
    if expected and expected.strip().lower() != "100-continue":
        raise ExpectationFailedError(
            f"Nothing is known of Expect: {expected[:80]}.",
            remedy="Send it without, or 100-continue.",
        )
    coding = environ.get("HTTP_TRANSFER_ENCODING", "")
    if coding and coding.strip().lower() != "chunked":
        raise UnknownCodingError(
            f"Bodies are not read in the coding {coding[:80]}.", remedy="Send a Content-Length."
        )
