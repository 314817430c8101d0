"""Who may use a review: this machine, by the address that was printed, from its own page only.

The token stands in the fragment of that address, which no browser sends; the page trades it once
for a cookie that no script can read. The name of the host is checked, so that no foreign name
can be pointed at this server, and what changes anything needs a header that other sites' pages
cannot send.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parley.errors import ForbiddenError, UnauthorizedError, UnsupportedMediaTypeError

if TYPE_CHECKING:
    import flask

HEADER: Final = "X-Parley-Review"
_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_SAME: Final = frozenset({"", "none", "same-origin"})
HEADERS: Final = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run: the token of the address and the value of the cookie."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    seal: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def cookie(self) -> str:
        """The name of the cookie; ports share cookies, so it has the port in it."""
        return f"parley-review-{self.port}"


def check_host(keys: Keys, request: flask.Request) -> None:
    """Check that the request came to this machine by one of its own names.

    Raises:
        ForbiddenError: It came by another name.
    """
    if request.host not in {f"{name}:{keys.port}" for name in _NAMES}:
        raise ForbiddenError("A review answers only to the address of this machine.")


def check_change(request: flask.Request) -> None:
    """Check that what changes something was sent by the review's own page.

    Raises:
        ForbiddenError: Another site's page may have sent it.
        UnsupportedMediaTypeError: It is not JSON, which forms cannot send.
    """
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    own = origin in {"", f"http://{request.host}"}
    if not own or site not in _SAME or request.headers.get(HEADER) != "1":
        raise ForbiddenError("Only the review's own page may change something.")
    if request.mimetype != "application/json":
        raise UnsupportedMediaTypeError("Decisions are sent as application/json.")


def check_cookie(keys: Keys, request: flask.Request) -> None:
    """Check that the page was opened by the printed address.

    Raises:
        UnauthorizedError: It has no cookie, or one of another run.
    """
    given = request.cookies.get(keys.cookie, "")
    if not secrets.compare_digest(given.encode("utf-8"), keys.seal.encode("utf-8")):
        raise UnauthorizedError(
            "This page was opened without its key.",
            remedy="Open the address that parley review has printed.",
        )


def trade(keys: Keys, token: object) -> None:
    """Check the token that is traded for the cookie.

    Raises:
        UnauthorizedError: It is another one.
    """
    given = token if isinstance(token, str) else ""
    if not secrets.compare_digest(given.encode("utf-8"), keys.token.encode("utf-8")):
        raise UnauthorizedError(
            "The key of this address is not that of the running review.",
            remedy="Open the address that parley review has printed last.",
        )
