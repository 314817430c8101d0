"""``parley format``: files are replaced whole or not at all, and the exit status tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from parley.cli import cli
from parley.home import find_home

if TYPE_CHECKING:
    from pathlib import Path

MESSY = "@prefix ex: <http://example.org/> .\nex:b a ex:C . ex:a a ex:C .\n"
CANONICAL = """\
# Individuals

<http://example.org/a>
    a <http://example.org/C> ;
.

<http://example.org/b>
    a <http://example.org/C> ;
.
"""


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run ``parley format``."""
    return CliRunner().invoke(cli, ["format", *map(str, arguments)], input=given)


def test_a_file_is_written_in_canonical_form(tmp_path: Path) -> None:
    """The file is replaced, named, and nothing else is left in its folder."""
    path = tmp_path / "a.ttl"
    path.write_text(MESSY, encoding="utf-8")
    path.chmod(0o640)
    result = run(path)

    assert (result.exit_code, result.stdout) == (0, f"formatted {path}\n")
    assert path.read_text(encoding="utf-8") == CANONICAL
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_canonical_file_is_not_touched(tmp_path: Path) -> None:
    """Nothing is printed, and the file keeps its time."""
    path = tmp_path / "a.ttl"
    path.write_text(CANONICAL, encoding="utf-8")
    before = path.stat().st_mtime_ns
    result = run(path)

    assert (result.exit_code, result.output) == (0, "")
    assert path.stat().st_mtime_ns == before


def test_check_writes_nothing_and_fails(tmp_path: Path) -> None:
    """``--check`` names the file, exits 1 and leaves it as it is."""
    path = tmp_path / "a.ttl"
    path.write_text(MESSY, encoding="utf-8")
    result = run("--check", path)

    assert (result.exit_code, result.stdout) == (1, f"not canonical {path}\n")
    assert "run parley format" in result.stderr
    assert path.read_text(encoding="utf-8") == MESSY


def test_check_passes_on_canonical_files(tmp_path: Path) -> None:
    """``--check`` exits 0 when there is nothing to do."""
    path = tmp_path / "a.ttl"
    path.write_text(CANONICAL, encoding="utf-8")

    assert run("--check", path).exit_code == 0


def test_diff_shows_what_would_change(tmp_path: Path) -> None:
    """``--diff`` prints a unified diff and writes nothing."""
    path = tmp_path / "a.ttl"
    path.write_text(CANONICAL.replace("    a", "  a"), encoding="utf-8")
    result = run("--diff", path)

    assert result.exit_code == 1
    assert "-  a <http://example.org/C> ;\n+    a <http://example.org/C> ;\n" in result.stdout


def test_a_folder_stands_for_its_turtle_files(tmp_path: Path) -> None:
    """Every .ttl file below a folder is formatted, once, and no other file."""
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "a.ttl"
    path.write_text(MESSY, encoding="utf-8")
    (tmp_path / "deep" / "a.txt").write_text(MESSY, encoding="utf-8")

    assert run(tmp_path, path).stdout == f"formatted {path}\n"


def test_input_goes_to_output() -> None:
    """``-`` formats standard input, for editors."""
    assert run("-", given=MESSY).stdout == CANONICAL


def test_an_error_in_one_file_does_not_stop_the_others(tmp_path: Path) -> None:
    """The good file is formatted, the bad one is left alone and named with its line."""
    bad = tmp_path / "a.ttl"
    good = tmp_path / "b.ttl"
    bad.write_text("<http://e.org/a> a\n", encoding="utf-8")
    good.write_text(MESSY, encoding="utf-8")
    result = run(bad, good)

    assert result.exit_code == 1
    assert f"error {bad}:" in result.stderr
    assert bad.read_text(encoding="utf-8") == "<http://e.org/a> a\n"
    assert good.read_text(encoding="utf-8") == CANONICAL


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<http://e.org/a> a \xff .", "not UTF-8 text: byte 19 is 0xff"),
        (b"<?xml version='1.0'?><rdf:RDF/>", "XML (RDF/XML or OWL/XML), not Turtle"),
        (b"# a thought\n", "'# a thought' would be lost"),
        (None, "No such file"),
    ],
    ids=["not UTF-8", "RDF/XML", "comment", "missing"],
)
def test_bad_files_are_left_alone(tmp_path: Path, content: bytes | None, message: str) -> None:
    """Each gets a message that names it, and keeps every byte."""
    path = tmp_path / "a.ttl"
    if content is not None:
        path.write_bytes(content)
    result = run(path)

    assert result.exit_code == 1
    assert message in result.stderr
    assert content is None or path.read_bytes() == content


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full the file is what it was, and no part of the new one is left."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.ttl"
    path.write_text(MESSY, encoding="utf-8")
    monkeypatch.setattr("os.fsync", fail)
    result = run(path)

    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert path.read_text(encoding="utf-8") == MESSY
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Formatting through a symbolic link replaces the file it points at."""
    path = tmp_path / "a.ttl"
    path.write_text(MESSY, encoding="utf-8")
    link = tmp_path / "link.ttl"
    link.symlink_to(path)
    run(link)

    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == CANONICAL


def test_the_home_is_canonical() -> None:
    """Without FILE the home's Turtle files are taken; all are canonical already."""
    result = run("--check", "--home", find_home().root)

    assert (result.exit_code, result.output) == (0, "")
