"""A file that OWLAPI 4.5.22, Protégé's library, has saved comes back as it was.

The goldens are what OWLAPI made of ``sample.ttl``, untouched or edited as a person would edit
it. The tests marked ``owlapi`` make them anew, and open the real ontology and data, where the
jars are (``fetch_jars.py``); with ``PARLEY_OWLAPI_JARS`` set, missing jars are a failure.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from difflib import unified_diff
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from parley.corpus.canonical import format_turtle
from parley.home import find_home

HERE = Path(__file__).parent
GOLDENS = HERE / "goldens"
SAMPLE = (HERE / "sample.ttl").read_text(encoding="utf-8")
EDITS = sorted(path.stem for path in GOLDENS.glob("*.diff"))
HOME = find_home()
#: What Protégé opens: the ontology, its alignments and the data; shapes are no ontology.
OPENED = [
    path
    for path in (*sorted(HOME.ontology.rglob("*.ttl")), *sorted(HOME.data.rglob("*.ttl")))
    if "shapes" not in path.parts
]


def canonical(saved: Path) -> str:
    """Return the canonical text of a file that OWLAPI saved."""
    text = saved.read_text(encoding="utf-8")
    if saved.suffix == ".rdf":
        text = Graph().parse(data=text, format="xml").serialize(format="nt")
    return format_turtle(text, source=str(saved))


@pytest.mark.parametrize("extension", ["ttl", "rdf"])
def test_a_saved_file_is_formatted_back(extension: str) -> None:
    """Saved as Turtle or RDF/XML and formatted, the sample is byte for byte what it was."""
    assert canonical(GOLDENS / f"saved.{extension}") == SAMPLE


def test_the_other_turtle_writer_loses_only_zeros() -> None:
    """OWLAPI's second Turtle writer shortens decimals as it saves; everything else is kept."""
    short = SAMPLE.replace("xsd:maxInclusive 1.00 ", "xsd:maxInclusive 1.0 ")
    short = short.replace("confidence 0.90 ", "confidence 0.9 ")
    short = short.replace('confidence "01.5"^^xsd:decimal ', "confidence 1.5 ")

    assert canonical(GOLDENS / "saved.rio.ttl") == short


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_only_its_own_lines(edit: str) -> None:
    """After an edit in Protégé the difference is the edit, and nothing is lost."""
    edited = canonical(GOLDENS / f"{edit}.ttl")
    lines = unified_diff(SAMPLE.splitlines(keepends=True), edited.splitlines(keepends=True), n=0)

    assert "".join(lines) == (GOLDENS / f"{edit}.diff").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def jars() -> Path:
    """The folder of OWLAPI's jars."""
    tools: dict[str, Any] = runpy.run_path(str(HERE / "fetch_jars.py"))
    folder: Path = tools["jar_folder"]()
    if tools["find_jars"]() and find_spec("jpype"):
        return folder
    message = f"needs JPype1 and the jars in {folder}: python tests/owlapi/fetch_jars.py"
    if "PARLEY_OWLAPI_JARS" in os.environ:
        pytest.fail(message)
    pytest.skip(message)


def ask(jars: Path, out: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """Run OWLAPI on files and return what it says of each."""
    program = [sys.executable, HERE / "oracle.py", jars, HOME.root, out, *arguments]
    done = subprocess.run(program, capture_output=True, encoding="utf-8", timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def opened(jars: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, dict[str, Any]]:
    """Every file of the home as OWLAPI found it and as it saved it."""
    out = tmp_path_factory.mktemp("opened")
    reports = ask(jars, out, *OPENED)
    return {
        path: report | {"saved": out / str(number)}
        for number, (path, report) in enumerate(zip(OPENED, reports, strict=True))
    }


@pytest.mark.owlapi
def test_the_goldens_are_what_owlapi_writes(jars: Path, tmp_path: Path) -> None:
    """Made anew, each golden is the same byte for byte."""
    ask(jars, tmp_path, HERE / "sample.ttl")
    ask(jars, tmp_path, "--edit", HERE / "sample.ttl")
    made = {path.name.replace("0.", "saved."): path.read_bytes() for path in tmp_path.iterdir()}

    assert made == {p.name: p.read_bytes() for p in GOLDENS.iterdir() if p.suffix != ".diff"}


@pytest.mark.owlapi
@pytest.mark.parametrize("path", OPENED, ids=lambda path: str(path.relative_to(HOME.root)))
def test_the_home_is_in_owl_2_dl(path: Path, opened: dict[Path, dict[str, Any]]) -> None:
    """OWLAPI's profile check finds nothing in any file with its imports."""
    assert opened[path]["violations"] == []


@pytest.mark.owlapi
@pytest.mark.parametrize("extension", ["ttl", "rio.ttl", "rdf"])
@pytest.mark.parametrize("path", OPENED, ids=lambda path: str(path.relative_to(HOME.root)))
def test_the_home_survives_protege(
    path: Path, extension: str, opened: dict[Path, dict[str, Any]]
) -> None:
    """Opened, saved and formatted, each file of the home is what it was."""
    saved = opened[path]["saved"].with_suffix(f".{extension}")

    assert canonical(saved) == format_turtle(path.read_text(encoding="utf-8"))


@pytest.mark.owlapi
def test_the_file_to_open_brings_all_ontologies(opened: dict[Path, dict[str, Any]]) -> None:
    """Opening parley-all.ttl loads the ontology, the schemes and every alignment, offline."""
    alignments = list((HOME.ontology / "alignments").glob("*.ttl"))

    assert opened[HOME.ontology / "parley-all.ttl"]["ontologies"] == len(alignments) + 3
