"""Ask a language model at an address that a person has given: one question, one answer.

The address speaks the protocol of OpenAI's chat completions, as many servers do. No default
address exists, no proxy is used, no redirect followed; an answer has a size and a deadline.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from parley.errors import ModelError, SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.config import Settings

MAX_BYTES: Final = 2_000_000
_CHUNK: Final = 65_536
_ATTEMPTS: Final = 3
_LONGEST_WAIT_S: Final = 10.0
_OK: Final = 200
_TOO_MANY: Final = 429
_ROUTE: Final = "/chat/completions"
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked, which one, and how long an answer may take."""

    host: str
    port: int | None
    path: str
    secure: bool
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = 120.0
    pause_s: float = 1.0

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"http{'s' if self.secure else ''}://{self.host}{port}{self.path}"


class _AgainError(ModelError):
    """An answer that another attempt may better."""

    wait_s: float = 0.0


def endpoint(settings: Settings) -> Endpoint | None:
    """Return the endpoint that the settings name; None when they name none.

    Raises:
        SettingError: The address or the model is missing or wrong, or a key would travel readable.
    """
    if not settings.draft_model_url:
        return None
    if not settings.draft_model.strip():
        raise SettingError("draft_model is empty.", remedy="Name the model to ask.")
    parts = _split(settings.draft_model_url)
    host = parts.hostname or ""
    if settings.draft_model_key and parts.scheme == "http" and not _is_local(host):
        raise SettingError(
            "draft_model_key would travel unencrypted.", remedy="Use an https address."
        )
    base = parts.path.rstrip("/")
    return Endpoint(
        host=host,
        port=parts.port,
        path=base if base.endswith(_ROUTE) else base + _ROUTE,
        secure=parts.scheme == "https",
        model=settings.draft_model.strip(),
        key=settings.draft_model_key,
        timeout_s=settings.draft_model_timeout_s,
    )


def ask(place: Endpoint, instruction: str, text: str) -> str:
    """Return the model's answer to an instruction about a text.

    An answer that is broken off, and a server that is busy or fails, are asked again, twice.

    Raises:
        ModelError: There is no answer, or none that can be used.
    """
    body = json.dumps(
        {
            "model": place.model,
            "messages": [
                {"role": "system", "content": instruction},
                {"role": "user", "content": text},
            ],
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "stream": False,
        }
    ).encode("utf-8")
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _content(_post(place, body))
        except _AgainError as error:
            if attempt == _ATTEMPTS:
                raise ModelError(error.message, remedy=error.remedy) from error
            time.sleep(min(max(error.wait_s, place.pause_s), _LONGEST_WAIT_S))
    raise AssertionError("the last attempt returns or raises")


def _split(address: str) -> SplitResult:
    """Return the parts of a plain http(s) address without credentials.

    Raises:
        SettingError: It is none.
    """
    try:
        parts = urlsplit(address)
        sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        parts, sound = SplitResult("", "", "", "", ""), False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if not (sound and plain and parts.scheme in {"http", "https"}):
        raise SettingError(
            f"draft_model_url is {address!r}.",
            remedy="Give an address such as http://127.0.0.1:8080/v1; the key is a setting.",
        )
    return parts


def _post(place: Endpoint, body: bytes) -> bytes:
    kind = http.client.HTTPSConnection if place.secure else http.client.HTTPConnection
    connection = kind(place.host, place.port, timeout=place.timeout_s)
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if place.key:
        headers["Authorization"] = f"Bearer {place.key}"
    expired = threading.Event()
    try:
        connection.connect()
        with _deadline(connection.sock, place.timeout_s, expired):
            connection.request("POST", place.path, body, headers)
            with connection.getresponse() as response:
                _check(place, response)
                return _read(response)
    except (OSError, http.client.HTTPException) as error:
        if expired.is_set() or isinstance(error, TimeoutError):
            raise ModelError(
                f"{place} gave no answer in {place.timeout_s:g} seconds.",
                remedy="Raise draft_model_timeout_s, or ask a quicker model.",
            ) from error
        raise _AgainError(
            f"{place} broke off: {type(error).__name__}.", remedy="See whether it runs."
        ) from error
    finally:
        connection.close()


@contextmanager
def _deadline(sock: socket.socket, seconds: float, expired: threading.Event) -> Iterator[None]:
    """Shut a connection down when the time is up, however slowly its bytes may trickle."""

    def end() -> None:
        expired.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
        if expired.is_set():
            raise TimeoutError
    finally:
        timer.cancel()
        timer.join()


def _check(place: Endpoint, response: http.client.HTTPResponse) -> None:
    """Refuse every answer but plain JSON with status 200."""
    status = response.status
    if 300 <= status < 400:
        target = (response.getheader("Location") or "")[:_SHOWN]
        raise ModelError(
            f"{place} sends us to {target!r}, where nobody told us to go.",
            remedy="Give that address itself, if you trust it.",
        )
    if status == _TOO_MANY or status >= 500:
        error = _AgainError(f"{place} answers {status}.", remedy="Try again later.")
        error.wait_s = _seconds(response.getheader("Retry-After"))
        raise error
    if status != _OK:
        raise ModelError(
            f"{place} answers {status}.", remedy="Check the address, the model and the key."
        )
    media_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json" or response.getheader("Content-Encoding") not in {
        None,
        "identity",
    }:
        raise ModelError(
            f"{place} answers with {media_type[:_SHOWN] or 'no media type'!r}, not with JSON.",
            remedy="Give the address of a chat completions endpoint, such as …/v1.",
        )


def _read(response: http.client.HTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise ModelError(
                f"The model's answer is larger than {MAX_BYTES} bytes.", remedy="Ask another model."
            )
    return b"".join(parts)


def _content(body: bytes) -> str:
    try:
        answer: Any = json.loads(body)
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise _AgainError(
            "The model's answer is no chat completion.", remedy="Check the address."
        ) from error
    if not isinstance(content, str):
        raise _AgainError("The model's answer holds no text.", remedy="Ask another model.")
    return content


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
