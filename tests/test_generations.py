"""Generations: published whole or not at all, one builder at a time, three kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from parley.build import generations
from parley.engine import store
from parley.errors import StoreError, StoreLockedError
from parley.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Holds the lock of a directory until its standard input ends.
HOLD: Final = """
import sys, pathlib
from parley.build import generations
with generations.lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def quads(name: str) -> bytes:
    """Return a dataset of one quad."""
    return f"<urn:{name}> <urn:p> <urn:o> <urn:g> .\n".encode()


def publish(out: Path, name: str, fingerprint: str = "f") -> generations.Generation:
    """Publish a dataset as a build does."""
    with generations.lock(out):
        return generations.publish(out, quads(name), b"# report\n", {"fingerprint": fingerprint})


def tree(folder: Path) -> set[str]:
    """Return the names of what a folder holds, stores left out."""
    return {path.name for path in folder.iterdir()}


def test_a_generation_is_published_with_all_its_files(tmp_path: Path) -> None:
    """Dataset, report, manifest and a store that answers; links at the top lead to them."""
    out = tmp_path / "deep" / "out"
    generation = publish(out, "a")
    opened = store.open_read_only(generation.store)

    assert tree(generation.directory) == {"dataset.nq", "report.ttl", "manifest.json", "store"}
    assert generation.dataset.read_bytes() == (out / "dataset.nq").read_bytes() == quads("a")
    assert generation.report.read_bytes() == (out / "report.ttl").read_bytes() == b"# report\n"
    assert len(opened) == 1
    assert generations.current(out) == generation
    assert (out / "current").readlink().as_posix() == f"generations/{generation.id}"
    assert tree(out) == {".lock", "current", "dataset.nq", "generations", "report.ttl"}


def test_the_same_dataset_is_the_same_generation(tmp_path: Path) -> None:
    """Its store is kept; only the manifest is new."""
    first = publish(tmp_path, "a", "old")
    inode = first.dataset.stat().st_ino
    second = publish(tmp_path, "a", "new")

    assert (second.id, second.dataset.stat().st_ino) == (first.id, inode)
    assert generations.current(tmp_path) == second
    assert second.fingerprint == "new"


@pytest.mark.parametrize("broken", ["dataset.nq", "manifest.json", "store/CURRENT"])
def test_a_damaged_generation_is_made_again(tmp_path: Path, broken: str) -> None:
    """The same home built again mends it."""
    generation = publish(tmp_path, "a")
    (generation.directory / broken).unlink()
    again = publish(tmp_path, "a")

    assert again.dataset.read_bytes() == quads("a")
    assert len(store.open_read_only(again.store)) == 1
    assert tree(tmp_path / "generations") == {again.id}


def test_three_generations_are_kept(tmp_path: Path) -> None:
    """The newest three, the current one among them."""
    ids = [publish(tmp_path, name).id for name in "abcde"]

    assert tree(tmp_path / "generations") == set(ids[2:])
    assert publish(tmp_path, "c").id in tree(tmp_path / "generations")


def test_nothing_published_is_no_generation(tmp_path: Path) -> None:
    """Nor is a link that leads nowhere, or a manifest that is no JSON object."""
    assert generations.current(tmp_path / "nothing") is None
    generation = publish(tmp_path, "a")
    for content in (b"{", b"[]", b"\xff"):
        (generation.directory / "manifest.json").write_bytes(content)
        assert generations.current(tmp_path) is None
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("generations/gone")

    assert generations.current(tmp_path) is None


def test_an_unreadable_store_directory_is_an_error(tmp_path: Path) -> None:
    """It is not taken for an empty one, which would build over it."""
    generation = publish(tmp_path, "a")
    (generation.directory / "manifest.json").unlink()
    (generation.directory / "manifest.json").mkdir()
    with pytest.raises(StoreError, match="Is a directory"):
        generations.current(tmp_path)


@pytest.mark.parametrize("blocked", ["out", "out/generations", "out/.lock"])
def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path, blocked: str) -> None:
    """The remedy names the option."""
    path = tmp_path / blocked
    path.parent.mkdir(exist_ok=True)
    if blocked.endswith(".lock"):
        path.mkdir()
    else:
        path.write_bytes(b"")
    with pytest.raises(StoreError, match="out") as caught:
        publish(tmp_path / "out", "a")

    assert "--out" in caught.value.remedy


def test_a_failed_report_can_be_unwritable_too(tmp_path: Path) -> None:
    """The error is the same kind."""
    (tmp_path / "failed").write_bytes(b"")
    with pytest.raises(StoreError):
        generations.keep_failed_report(tmp_path, b"# report\n")


def test_a_second_builder_is_refused_at_once(tmp_path: Path) -> None:
    """With the number of the process that holds the lock; afterwards it may build."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreLockedError, match=f"Process {holder.pid} is building"):
            publish(tmp_path, "a")
        holder.communicate(b"\n", timeout=10)

    assert publish(tmp_path, "a").id


def test_a_dataset_that_is_no_nquads_leaves_nothing_behind(tmp_path: Path) -> None:
    """What was current stays current."""
    before = publish(tmp_path, "a")
    with generations.lock(tmp_path), pytest.raises(StoreError, match="not N-Quads"):
        generations.publish(tmp_path, b"nonsense\n", b"", {})

    assert generations.current(tmp_path) == before
    assert tree(tmp_path / "generations") == {before.id}


def test_what_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    """Half-written generations never pile up."""
    publish(tmp_path, "a")
    (tmp_path / "generations" / ".new-1").mkdir()
    (tmp_path / "generations" / ".new-1" / "dataset.nq").touch()
    generation = publish(tmp_path, "b")

    assert ".new-1" not in tree(tmp_path / "generations")
    assert generation.id in tree(tmp_path / "generations")


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home.data / "x.ttl").write_bytes(b"#"),
        lambda home: (home.queries / "README.md").unlink(),
        lambda home: (home.data / "actors.ttl").rename(home.data / "actor.ttl"),
        lambda home: (home.ontology / "parley.ttl").write_bytes(b""),
    ],
    ids=["added", "removed", "renamed", "changed"],
)
def test_every_change_of_a_home_changes_its_fingerprint(
    editable: Home, change: Callable[[Home], object]
) -> None:
    """Wherever a file lies below the three folders."""
    before = generations.fingerprint(editable)
    change(editable)

    assert generations.fingerprint(editable) != before


def test_times_and_the_place_of_a_home_do_not_count(editable: Home) -> None:
    """A file that is saved without a change is the same; so is a home that has moved."""
    before = generations.fingerprint(editable)
    os.utime(editable.data / "actors.ttl", (1, 1))
    moved = editable.root.rename(editable.root.with_name("elsewhere"))

    assert generations.fingerprint(Home(moved)) == before
    assert generations.fingerprint(Home(moved), reasoned=False) != before


def test_a_generation_is_up_to_date_until_the_home_changes(editable: Home, tmp_path: Path) -> None:
    """Then it has to be built again."""
    out = tmp_path / "out"
    assert generations.up_to_date(editable, out) is None
    generation = publish(out, "a", generations.fingerprint(editable))

    assert generations.up_to_date(editable, out) == generation
    (editable.data / "x.ttl").touch()
    assert generations.up_to_date(editable, out) is None


def test_a_manifest_is_readable(tmp_path: Path) -> None:
    """Sorted JSON with the letters as they are."""
    with generations.lock(tmp_path):
        generation = generations.publish(tmp_path, quads("a"), b"", {"b": "é", "a": 1})
    text = (generation.directory / "manifest.json").read_text(encoding="utf-8")

    assert text == '{\n  "a": 1,\n  "b": "é"\n}\n'
    assert json.loads(text) == generation.manifest
