"""Counters for operators: requests, their time, the cache and the engine, in Prometheus form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.endpoint.service import Service

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS_S: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Metrics:
    """The counters of one server, in a registry of their own."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "parley_requests", "Requests answered.", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "parley_request_seconds",
            "Time to answer a request, in seconds.",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        #: Looked up for every request, so kept; there are few routes and statuses.
        self._requests_of = cache(lambda route, status: self._requests.labels(route, str(status)))
        self._seconds_of = cache(self._seconds.labels)
        self.registry.register(_EngineFigures(service))

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests_of(route, status).inc()
        self._seconds_of(route).observe(seconds)

    def render(self) -> bytes:
        """Return all figures as text."""
        return generate_latest(self.registry)


class _EngineFigures:
    """Reads the figures of the engine and of the cache when somebody asks."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return one gauge for each figure."""
        cache = self._service.cache.figures
        figures = {
            "cache_hits": cache.hits,
            "cache_misses": cache.misses,
            "cache_bytes": cache.used_bytes,
            **{
                f"engine_{name}": value for name, value in self._service.engine.statistics().items()
            },
        }
        for name, value in figures.items():
            yield GaugeMetricFamily(f"parley_{name}", f"{name.replace('_', ' ')}.", value=value)
