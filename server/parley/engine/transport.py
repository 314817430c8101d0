"""Requests to another server: to the address given and no other, within a time and a size."""

from __future__ import annotations

import base64
import hashlib
import http.client
import secrets
import time
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.request import parse_http_list, parse_keqv_list

from parley.engine.process import remaining
from parley.errors import (
    RemoteDeadlineError,
    RemoteEngineError,
    ResultTooLargeError,
    SettingError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHUNK: Final = 65_536
_HASHES: Final = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a server is told about who asks: a bearer token, or a user's name and password.

    A token is sent with every request. A name and password answer the server's challenge, Digest
    or Basic (https://www.rfc-editor.org/rfc/rfc7616, https://www.rfc-editor.org/rfc/rfc7617).
    """

    token: str = ""
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; header names are in lower case."""

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str]


class Transport:
    """Sends requests to one server, each on a connection of its own; redirects are not followed.

    Args:
        max_bytes: Size of an answer above which it is given up.
        credentials: Who asks.
    """

    def __init__(self, *, max_bytes: int, credentials: Credentials | None = None) -> None:
        self._max_bytes = max_bytes
        self._credentials = credentials or Credentials()
        self._challenge = ""
        self._used = 0
        #: How many requests were made, and how many of them had no answer.
        self.requests = 0
        self.failures = 0

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> Reply:
        """Return the server's answer, whatever its status; a challenge is answered once.

        Raises:
            RemoteDeadlineError: It took too long.
            RemoteEngineError: Nobody answers at the address, or the answer breaks off.
            ResultTooLargeError: The answer is over the limit.
        """
        deadline = time.monotonic() + timeout_s
        self.requests += 1
        try:
            signed = {**headers, **self._sign(method, url)}
            reply = self._exchange(method, url, signed, body, deadline)
            challenge = reply.headers.get("www-authenticate", "")
            if reply.status == 401 and self._credentials.user and challenge:
                self._challenge, self._used = challenge, 0
                signed = {**headers, **self._sign(method, url)}
                reply = self._exchange(method, url, signed, body, deadline)
        except TimeoutError as error:
            self.failures += 1
            raise RemoteDeadlineError(
                f"The remote engine did not answer within {timeout_s:g} seconds.",
                remedy="Give it more time, or ask for less.",
            ) from error
        except (OSError, http.client.HTTPException) as error:
            self.failures += 1
            raise RemoteEngineError(
                f"The remote engine at {_without_query(url)} failed: {str(error) or 'no answer'}.",
                remedy="Check that it runs, and its address.",
            ) from error
        return reply

    def _sign(self, method: str, url: str) -> dict[str, str]:
        who = self._credentials
        if who.token:
            return {"Authorization": f"Bearer {who.token}"}
        scheme, _, rest = self._challenge.partition(" ")
        if scheme.lower() == "basic":
            pair = base64.b64encode(f"{who.user}:{who.password}".encode()).decode("ascii")
            return {"Authorization": f"Basic {pair}"}
        if scheme.lower() == "digest":
            self._used += 1
            parameters = parse_keqv_list(parse_http_list(rest))
            return {"Authorization": _digest(who, parameters, method, _target(url), self._used)}
        return {}

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
    ) -> Reply:
        parts = urllib.parse.urlsplit(url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        timeout_s = remaining(deadline)
        if timeout_s <= 0:
            raise TimeoutError
        connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
        try:
            connection.request(method, _target(url), body, dict(headers))
            response = connection.getresponse()
            content = self._read(connection, response, deadline)
            found = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, response.headers.get_content_type(), content, found)
        finally:
            connection.close()

    def _read(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        deadline: float,
    ) -> bytes:
        chunks, size = [], 0
        while True:
            if remaining(deadline) <= 0:
                raise TimeoutError
            if connection.sock is not None:
                connection.sock.settimeout(remaining(deadline))
            chunk = response.read1(_CHUNK)
            if not chunk:
                break
            size += len(chunk)
            if size > self._max_bytes:
                raise ResultTooLargeError(
                    f"The complete answer has more than {self._max_bytes} bytes.",
                    remedy="Use LIMIT.",
                )
            chunks.append(chunk)
        if response.length:
            raise http.client.IncompleteRead(b"".join(chunks[-1:]), response.length)
        return b"".join(chunks)


def check_address(address: str) -> None:
    """Let an address of a server in, or say why not; none at all is let in.

    Raises:
        SettingError: It is no http or https address of a host.
    """
    parts = urllib.parse.urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SettingError(
            f"{address!r} is not the address of an engine.", remedy="Give an http or https URL."
        )


def _target(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def _digest(
    who: Credentials, parameters: Mapping[str, str], method: str, target: str, count: int
) -> str:
    """Return the answer to a Digest challenge; the ``count``-th with the same nonce."""
    algorithm = parameters.get("algorithm", "MD5")
    name = _HASHES.get(algorithm.upper(), "md5")

    def hashed(*parts: str) -> str:
        text = ":".join(parts).encode("utf-8")
        return hashlib.new(name, text, usedforsecurity=False).hexdigest()

    realm, nonce = parameters.get("realm", ""), parameters.get("nonce", "")
    secret = hashed(who.user, realm, who.password)
    action = hashed(method, target)
    fields = {"username": who.user, "realm": realm, "nonce": nonce, "uri": target}
    bare = {"algorithm": algorithm}
    if "auth" in parameters.get("qop", "").replace(" ", "").split(","):
        number, mine = f"{count:08x}", secrets.token_hex(8)
        fields["cnonce"] = mine
        fields["response"] = hashed(secret, nonce, number, mine, "auth", action)
        bare |= {"qop": "auth", "nc": number}
    else:
        fields["response"] = hashed(secret, nonce, action)
    if "opaque" in parameters:
        fields["opaque"] = parameters["opaque"]
    quoted = [f'{key}="{value}"' for key, value in fields.items()]
    return "Digest " + ", ".join([*quoted, *(f"{key}={value}" for key, value in bare.items())])
