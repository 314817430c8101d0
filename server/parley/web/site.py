"""What the pages of one application share: the endpoint, the views, and the pages kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import flask

if TYPE_CHECKING:
    from pathlib import Path

    from parley.endpoint.service import Service
    from parley.home import Home
    from parley.web.metrics import Metrics
    from parley.web.views import Views

_KEPT_BYTES: Final = 16_777_216


@dataclass
class PageCache:
    """Whole pages kept by address, language and state of the data, bounded in bytes."""

    entries: OrderedDict[tuple[str, ...], tuple[bytes, list[tuple[str, str]]]] = field(
        default_factory=OrderedDict
    )
    used_bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[str, ...]) -> tuple[bytes, list[tuple[str, str]]] | None:
        """Return the body and headers kept under a key, or None."""
        with self.lock:
            if key in self.entries:
                self.entries.move_to_end(key)
            return self.entries.get(key)

    def clear(self) -> None:
        """Drop all pages."""
        with self.lock:
            self.entries.clear()
            self.used_bytes = 0

    def put(self, key: tuple[str, ...], body: bytes, headers: list[tuple[str, str]]) -> None:
        """Keep a page unless it is very large, and drop old ones until all fit."""
        if len(body) > _KEPT_BYTES // 4:
            return
        with self.lock:
            if key not in self.entries:
                self.entries[key] = body, headers
                self.used_bytes += len(body)
            while self.used_bytes > _KEPT_BYTES:
                self.used_bytes -= len(self.entries.popitem(last=False)[1][0])


@dataclass(frozen=True)
class Site:
    """What the pages of one application share."""

    service: Service
    views: Views
    metrics: Metrics
    home: Home | None
    store: Path | None = None
    pages: PageCache = field(default_factory=PageCache)


def site() -> Site:
    """Return what the pages of the application that is answering share."""
    found: Site = flask.current_app.extensions["parley"]
    return found
