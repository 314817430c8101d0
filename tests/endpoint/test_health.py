"""What ``/health`` says of the build that is served and of the network of the processes."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from parley.build import generations
from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.engine.remote import RemoteEngine
from parley.engine.workers import PoolEngine
from parley.errors import NotConformingError
from parley.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from parley.engine.types import Engine
    from parley.home import Home

TRIPLE = b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"


def health(engine: Engine, settings: Settings, store: Path | None = None) -> dict[str, Any]:
    """Ask an application for its health."""
    answer = create_app(engine, settings, None, store).test_client().get("/health")
    found: dict[str, Any] = json.loads(answer.data)
    return found


def fail(out: Path) -> None:
    """Have a build fail."""
    with pytest.raises(NotConformingError), generations.noting_failure(out):
        raise NotConformingError("A shape is violated.")


def test_a_build_that_failed_shows_until_one_succeeds(tmp_path: Path) -> None:
    """Which build is served, since when, and whether a later one failed; why is not for all."""
    generation = generations.publish(tmp_path, TRIPLE, b"", {"fingerprint": "x"})
    with PoolEngine(tmp_path, Settings()) as engine:
        good = health(engine, Settings(), tmp_path)["build"]
        fail(tmp_path)
        old = health(engine, Settings(), tmp_path)
        why = (tmp_path / "failed" / "why.txt").read_text(encoding="utf-8")
        with generations.noting_failure(tmp_path):
            generations.publish(tmp_path, TRIPLE * 2, b"", {"fingerprint": "y"})
        new = health(engine, Settings(), tmp_path)["build"]

    assert (good["id"], good["is_last_good"], good["failed"]) == (generation.id, False, None)
    assert (old["status"], old["build"]["is_last_good"]) == ("ok", True)
    assert old["build"]["failed"] >= old["build"]["built"]
    assert "violated" in why
    assert "violated" not in json.dumps(old)
    assert (new["id"] != generation.id, new["is_last_good"]) == (True, False)


def test_a_real_build_that_fails_is_noted(tmp_path: Path, home: Home) -> None:
    """Whatever is wrong with the home, the pipeline leaves the note."""
    from parley.build import pipeline
    from parley.errors import ParleyError

    for folder in ("ontology", "data", "queries"):
        (tmp_path / "home" / folder).mkdir(parents=True)
    (tmp_path / "home/ontology/parley.ttl").write_text("no Turtle", encoding="utf-8")
    broken = dataclasses.replace(home, root=tmp_path / "home")

    with pytest.raises(ParleyError):
        pipeline.build(broken, tmp_path / "out")

    assert generations.failed_at(tmp_path / "out") is not None


def test_processes_without_allowed_targets_have_no_network(tmp_path: Path) -> None:
    """Readers and writer are counted, and a sentence says what it means."""
    settings = Settings(writable=True)
    with LiveEngine.temporary(settings) as engine:
        found = health(engine, settings)

    assert (found["network"]["processes_with"], found["network"]["allowed_targets"]) == (0, 0)
    assert found["network"]["processes_without"] >= 2
    assert found["network"]["note"].startswith("No process")
    assert found["build"] is None


def test_processes_that_may_call_keep_the_network() -> None:
    """With an allowed target, all can reach it; the sentence says what stands in between."""
    settings = Settings(writable=True, service_allow=("http://e.example/sparql",))
    with LiveEngine.temporary(settings) as engine:
        found = health(engine, settings)

    assert (found["network"]["processes_without"], found["network"]["allowed_targets"]) == (0, 1)
    assert found["network"]["processes_with"] >= 2
    assert "e.example" not in json.dumps(found)


def test_a_system_without_a_way_to_take_the_network_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not passed over in silence."""
    with LiveEngine.temporary(Settings()) as engine:
        figures = engine.statistics() | {"without_network": 0}
        monkeypatch.setattr(engine, "statistics", lambda: figures)
        found = health(engine, Settings())

    assert "no way to take the network away" in found["network"]["note"]


def test_an_engine_that_does_not_answer_is_failing() -> None:
    """A remote engine that is down: 503, no build, and the network is its own."""
    settings = Settings(engine="http://127.0.0.1:1/", timeout_s=1.0)
    with RemoteEngine(settings.engine, settings) as engine:
        answer = create_app(engine, settings).test_client().get("/health")

    found = answer.get_json()
    assert (answer.status_code, found["status"], found["build"]) == (503, "failing", None)
    assert found["network"] == {
        "note": "Queries are evaluated by a remote engine, in its own network."
    }
