"""The documentation names what exists: settings, commands, folders and their README files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parley.cli import COMMANDS
from parley.cli.bench import BENCHES
from parley.config import SettingRow, setting_rows

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


@pytest.mark.parametrize("row", setting_rows(), ids=lambda row: row.name)
def test_every_setting_is_documented(row: SettingRow) -> None:
    """server/README.md says each setting's variable and help, word for word."""
    text = (ROOT / "server" / "README.md").read_text(encoding="utf-8")

    assert f"| `{row.variable}` |" in text
    assert f"| {row.help} |" in text


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    """README.md names each command."""
    assert f"`parley {name}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(BENCHES))
def test_every_benchmark_is_documented(name: str) -> None:
    """README.md names each benchmark."""
    assert f"`parley bench {name}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["ontology", "data", "queries", "server"])
def test_every_folder_explains_itself(folder: str) -> None:
    """Each of the four folders has a README with dated decisions."""
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")

    assert re.search(r"\*\*20\d\d-\d\d-\d\d", text)


@pytest.mark.parametrize("path", ["README.md", "ontology", "data", "queries", "server"])
def test_links_in_the_documentation_lead_somewhere(path: str) -> None:
    """A relative link in a README points to a file that exists."""
    readme = ROOT / path if path.endswith(".md") else ROOT / path / "README.md"
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", readme.read_text(encoding="utf-8"))

    assert [t for t in targets if not (readme.parent / t).exists()] == []
