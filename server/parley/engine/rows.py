"""How many solutions a serialised result holds, found without parsing it.

Imported by the engine processes, so it stays light.
"""

from __future__ import annotations

import re

_JSON_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"')
_BINDINGS = b'"bindings":['
#: A row without a binding, or a string that holds what stands between rows.
_UNCLEAR = re.compile(rb'\},\{(?:"[,}]|[^"])')
_CSV_STRING = re.compile(rb'"[^"]*+"')


def count_rows(body: bytes, media_type: str) -> int:
    """Count the solutions in a serialised result, exactly, without parsing it."""
    if media_type == "application/sparql-results+json":
        return _count_json_rows(body)
    if media_type == "application/sparql-results+xml":
        return body.count(b"<result>")
    if media_type == "text/csv" and b'"' in body:
        return _CSV_STRING.sub(b"", body).count(b"\n") - 1
    return body.count(b"\n") - 1


def _count_json_rows(body: bytes) -> int:
    """Count ``},{``, which stands between rows; in a string it could stand too.

    Strings are left out only where one may hold it: two passes over the bytes, 2 ms for 10,000
    rows, instead of the 30 ms it takes to find every string.
    """
    first = body.find(_BINDINGS) + len(_BINDINGS)
    if body.startswith(b"]", first):
        return 0
    if body.startswith(b"{}", first) or _UNCLEAR.search(body, first):
        body = _JSON_STRING.sub(b"", body)
    return body.count(b"},{") + 1
