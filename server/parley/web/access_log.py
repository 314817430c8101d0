"""Structured logs: one JSON object a line, for people with grep and for machines."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from parley.endpoint.messages import Request, Response

ACCESS: Final = logging.getLogger("parley.access")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; line breaks inside are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's time, level, logger, message and fields."""
        members: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "members", {}),
        }
        if record.exc_info:
            members["exception"] = self.formatException(record.exc_info)
        return json.dumps(members, ensure_ascii=False)


def start_logging(*, requests: bool) -> None:
    """Write logs to standard error; requests that go well are logged only when asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("parley")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False
    ACCESS.setLevel(logging.INFO if requests else logging.WARNING)


def log_request(request: Request, response: Response, seconds: float) -> None:
    """Log one request; our own errors at a level that is always written."""
    level = logging.WARNING if response.status >= 500 else logging.INFO
    if not ACCESS.isEnabledFor(level):
        return
    members = {
        "client": request.client,
        "method": request.method,
        "path": request.path,
        "query": request.query_string.decode("latin-1")[:500],
        "status": response.status,
        "bytes": len(response.body),
        "ms": round(seconds * 1000, 2),
    }
    ACCESS.log(level, "request", extra={"members": members})
