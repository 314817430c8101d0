"""The crowd that ``parley bench pages`` measures: its document can be read, page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from click.testing import CliRunner

from parley.build.pipeline import build
from parley.cli.bench import bench, crowd, pages

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_words_of_the_crowd_stand_where_its_passages_say(tmp_path: Path) -> None:
    """The reading view would refuse to show them otherwise."""
    crowd.write(tmp_path / "crowd.nq", tmp_path / "source.txt", claims=50, documents=3)
    text = (tmp_path / "source.txt").read_text(encoding="utf-8")
    quads = (tmp_path / "crowd.nq").read_text(encoding="utf-8")
    quoted = re.findall(r'/crowd-0/(\d+)-(\d+)> <[^>]+#exactText> "([^"]*)"', quads)

    assert len(quoted) == 50
    assert [text[int(start) : int(end)] for start, end, _ in quoted] == [q for *_, q in quoted]
    assert len(text.splitlines()) > 10


def test_the_crowd_is_the_same_on_every_run(tmp_path: Path) -> None:
    """A figure can be compared with the one before."""
    for name in ("one", "two"):
        crowd.write(tmp_path / name, tmp_path / f"{name}.txt", claims=20, documents=2)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_bench_measures_the_pages_of_the_shipped_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page with its CPU and size, and what the front page weighs in all."""
    monkeypatch.setattr(pages, "REAL", ("/", "/questions", "/id/actor/nobody"))
    monkeypatch.setattr(pages, "_build", lambda home, out: build(home, out, reasoned=False))
    shown = CliRunner().invoke(bench, ["pages", "--rounds", "1", "--no-big"])
    lines = {line.split()[0]: line for line in shown.output.splitlines() if line.startswith("/")}
    weight = int(shown.output.rsplit("in all: ", 1)[1].split()[0].replace(",", ""))

    assert shown.exit_code == 0
    assert set(lines) == {"/", "/questions", "/id/actor/nobody"}
    assert "404" in lines["/id/actor/nobody"]
    assert weight < 150_000
