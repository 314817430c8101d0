"""What ``/health`` says: whether queries are answered, from which build, within which limits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from parley.build import generations
from parley.endpoint.description import LIMITS, WORKINGS
from parley.engine.results import JSON
from parley.engine.types import Query
from parley.errors import EngineError, StoreError

if TYPE_CHECKING:
    from parley.config import Settings
    from parley.engine.types import Engine
    from parley.web.site import Site


def examine(site: Site) -> dict[str, Any]:
    """Ask the engine something, and gather what an operator wants to know."""
    engine, settings = site.service.engine, site.service.settings
    started = time.perf_counter()
    is_well = answers(engine)
    seconds = round(time.perf_counter() - started, 4)
    figures = engine.statistics()
    return {
        "status": "ok" if is_well else "failing",
        "version": engine.version if is_well else "",
        "writable": settings.writable,
        "seconds": seconds,
        "build": _describe_build(site) if is_well else None,
        "network": _describe_network(settings, figures),
        "limits": {name: getattr(settings, name) for name in (*LIMITS, *WORKINGS)},
        "engine": figures,
    }


def answers(engine: Engine) -> bool:
    """Say whether the engine answers at all."""
    try:
        engine.evaluate(Query("ASK {}", "ASK", JSON), timeout_s=5.0)
    except EngineError:
        return False
    return True


def _describe_build(site: Site) -> dict[str, Any] | None:
    """Say which build is served and whether a later one failed; None for data that is no build."""
    if site.store is None:
        return None
    try:
        served = generations.current(site.store)
    except StoreError:
        return None
    if served is None or served.id != site.service.engine.version:
        return None
    failed = generations.failed_at(site.store)
    return {
        "id": served.id,
        "built": f"{served.built:%Y-%m-%dT%H:%M:%SZ}",
        "is_last_good": failed is not None,
        "failed": f"{failed:%Y-%m-%dT%H:%M:%SZ}" if failed else None,
    }


def _describe_network(settings: Settings, figures: dict[str, float]) -> dict[str, Any]:
    """Say how many processes that evaluate queries and updates can reach a network, and why."""
    if "processes" not in figures:
        return {"note": "Queries are evaluated by a remote engine, in its own network."}
    cut_off = figures["without_network"] + figures.get("writers_without_network", 0)
    connected = figures["processes"] + figures.get("writers", 0) - cut_off
    if not connected:
        note = "No process that evaluates queries can reach a network."
    elif settings.service_allow:
        note = "SERVICE and LOAD may call what is allowed; the check of the text refuses the rest."
    else:
        note = (
            "This system has no way to take the network away; the check of the text refuses calls."
        )
    return {
        "allowed_targets": len(settings.service_allow),
        "processes_with": int(connected),
        "processes_without": int(cut_off),
        "note": note,
    }
