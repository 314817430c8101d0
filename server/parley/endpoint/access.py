"""Who may write: nobody unless writing is on, then a bearer token, never a foreign web page."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from parley.errors import ForbiddenError, LengthRequiredError, SettingError, UnauthorizedError

if TYPE_CHECKING:
    from parley.config import Settings
    from parley.endpoint.messages import Request

_LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Say whether an address to listen on can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_exposure(settings: Settings) -> None:
    """Refuse to offer writing to a network without a token.

    Raises:
        SettingError: Writing is on, there is no token, and the address is not loopback.
    """
    if settings.writable and not settings.token and not is_loopback(settings.host):
        raise SettingError(
            f"Anybody who reaches {settings.host} could write.",
            remedy="Set PARLEY_TOKEN to a secret, or listen on 127.0.0.1.",
        )


def check_write(request: Request, settings: Settings, base_url: str) -> None:
    """Let a write pass when it may.

    A request that carries the token is trusted whatever page sent it, for no page can make a
    browser send one. Without a token set, a request that names a foreign origin is a web page
    that uses the visitor's browser to reach this machine (CSRF), and is refused.

    A write in chunks is refused: the HTTP server ends a body alike where its last chunk has come
    and where the connection broke, and a part of a graph would be written for the whole.

    Raises:
        ForbiddenError: Writing is off, or the request comes from a foreign web page.
        UnauthorizedError: The token is missing or wrong.
        LengthRequiredError: The request does not say how long it is.
    """
    if not settings.writable:
        raise ForbiddenError(
            "This endpoint is read-only.", remedy="Start it with --writable to change the data."
        )
    _check_writer(request, settings, base_url)
    if request.header("transfer-encoding"):
        raise LengthRequiredError(
            "A write in chunks that breaks off looks like a whole one.",
            remedy="Send a Content-Length.",
        )


def own_origins(base_url: str) -> frozenset[str]:
    """Return the origins of our own pages; the Host header has no say in this."""
    parts = urlsplit(base_url)
    own = f"{parts.scheme}://{parts.netloc}"
    if not is_loopback(parts.hostname or ""):
        return frozenset({own})
    port = f":{parts.port}" if parts.port else ""
    return frozenset({own, *(f"{parts.scheme}://{name}{port}" for name in _LOOPBACK_NAMES)})


def _check_writer(request: Request, settings: Settings, base_url: str) -> None:
    if settings.token:
        _check_token(request.header("authorization"), settings.token)
        return
    origin = request.header("origin")
    if origin and origin not in own_origins(base_url):
        raise ForbiddenError(
            f"A page of {origin[:200]} tried to write.",
            remedy="Set PARLEY_TOKEN and send it as a bearer token.",
        )
    if request.header("sec-fetch-site") == "cross-site":
        raise ForbiddenError("A page of another site tried to write.")


def _check_token(authorization: str, token: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise UnauthorizedError(
            "A write needs a token.", remedy="Send the header Authorization: Bearer <token>."
        )
    if not hmac.compare_digest(given.strip().encode("utf-8"), token.encode("utf-8")):
        raise UnauthorizedError("The token is wrong.", remedy="It is the value of PARLEY_TOKEN.")
