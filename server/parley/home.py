"""A home: the directory that holds ontology/, data/ and queries/."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from parley.errors import HomeNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE: Final = Path(__file__).resolve().parent
FOLDERS: Final = ("ontology", "data", "queries")

#: The file that tells a home from any other folder with three such names in it.
MARK: Final = Path("ontology", "parley-all.ttl")

Origin = Literal["given", "PARLEY_HOME", "current folder", "installed package", "checkout"]


@dataclass(frozen=True, slots=True)
class Home:
    """A directory with the three folders that people edit, and how it was found."""

    root: Path
    origin: Origin = "given"

    @property
    def ontology(self) -> Path:
        """The folder of parley.ttl, the alignments, the shapes and the catalog."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The folder of documents, shared entities and links."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """The folder of competency questions, examples, checks, rules and views."""
        return self.root / "queries"

    @property
    def documents(self) -> Path:
        """The folder with one folder per document."""
        return self.data / "documents"


def find_home(given: Path | None = None, environ: Mapping[str, str] | None = None) -> Home:
    """Find the home: given, else ``PARLEY_HOME``, else around the current folder, else ours.

    A home that is named (given or by the variable) must be one. Otherwise the current folder
    and those above it are looked at: whoever edits a home works in it. Ours is the wheel's copy,
    else the checkout.

    Raises:
        HomeNotFoundError: No candidate holds all three folders; the message names them.
    """
    candidates = _candidates(given, os.environ if environ is None else environ)
    for home in candidates:
        if all((home.root / folder).is_dir() for folder in FOLDERS):
            return home
    tried = ", ".join(str(home.root) for home in candidates)
    raise HomeNotFoundError(
        f"No home at {tried}: a home holds {', '.join(FOLDERS)}.",
        remedy="Name one with --home or PARLEY_HOME.",
    )


def _candidates(given: Path | None, environ: Mapping[str, str]) -> list[Home]:
    if given is not None:
        return [Home(given.resolve(), "given")]
    if named := environ.get("PARLEY_HOME"):
        return [Home(Path(named).resolve(), "PARLEY_HOME")]
    return [
        *(Home(folder, "current folder") for folder in _around() if (folder / MARK).is_file()),
        Home(PACKAGE / "_files", "installed package"),
        Home(PACKAGE.parents[1], "checkout"),
    ]


def _around() -> tuple[Path, ...]:
    """Return the current folder and those above it; nothing when it has been deleted."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return ()
    return (here, *here.parents)
