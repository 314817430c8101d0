"""Requests and expected responses as the protocol manifests describe them."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from .suite import MF, RDFS, UT, Case, Manifest

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
#: Status codes and their classes, as the manifests name them.
STATUSES = {
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
}


@dataclass(frozen=True)
class Exchange:
    """A request to send and what is expected of the response."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[range, ...]
    boolean: str
    format: str
    location: str
    media_type: str
    text: str

    def allows(self, status: int) -> bool:
        """Say whether a status is one of those expected."""
        return any(status in statuses for statuses in self.statuses)


def exchanges(case: Case) -> list[Exchange]:
    """Return a test's requests in their order."""
    manifest = case.manifest
    assert manifest is not None
    action = manifest.value(case.node, f"{MF}action")
    requests = manifest.items(manifest.value(action, f"{HT}requests"))
    return [_read(manifest, node) for node in requests]


def graph_data(case: Case) -> list[tuple[str, str]]:
    """Return the files a protocol test wants loaded, with their graph names."""
    manifest = case.manifest
    assert manifest is not None
    nodes = manifest.values(case.node, f"{UT}graphData")
    return [
        (manifest.string(node, f"{RDFS}label"), manifest.string(node, f"{UT}graph"))
        for node in nodes
    ]


def _read(manifest: Manifest, node: object) -> Exchange:
    response = manifest.value(node, f"{HT}resp")
    statuses = manifest.values(response, f"{MF}expectedStatus")
    return Exchange(
        method=manifest.string(node, f"{HT}methodName"),
        path=manifest.string(node, f"{HT}absolutePath"),
        headers=_headers(manifest, node),
        body=_body(manifest, node),
        statuses=tuple(STATUSES[status.value.rpartition("#")[2]] for status in statuses),
        boolean=manifest.string(response, f"{MF}expectedBoolean"),
        format=manifest.string(response, f"{MF}expectedFormat"),
        location=manifest.string(response, f"{MF}expectedLocation"),
        media_type=_headers(manifest, response).get("content-type", "").partition(";")[0],
        text=(_body(manifest, response) or b"").decode("utf-8"),
    )


def _headers(manifest: Manifest, node: object) -> dict[str, str]:
    nodes = manifest.items(manifest.value(node, f"{HT}headers"))
    return {
        manifest.string(header, f"{HT}fieldName").lower(): manifest.string(
            header, f"{HT}fieldValue"
        )
        for header in nodes
    }


def _body(manifest: Manifest, node: object) -> bytes | None:
    body = manifest.value(node, f"{HT}body")
    if not isinstance(body, ox.BlankNode):
        return None
    encoding = manifest.string(body, f"{CNT}characterEncoding") or "UTF-8"
    return manifest.string(body, f"{CNT}chars").encode(encoding)
