"""A home with a drafted document, to be reviewed."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from parley.drafting.review.catalogue import Shelf
from parley.drafting.review.reviews import Review
from parley.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).resolve().parents[2]
DRAFTED: Final = ROOT / "tests" / "cases" / "review" / "who-spoke"
SLUG: Final = DRAFTED.name
CLAIM: Final = f"https://w3id.org/parley/id/claim/{SLUG}/"
NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the checkout with the drafted document; read only."""
    root = tmp_path_factory.mktemp("drafted")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(DRAFTED, root / "data" / "documents" / SLUG)
    return root


@pytest.fixture(scope="session")
def others(shelf: Path) -> Shelf:
    """What the other files of the home hold, read once."""
    return Shelf(Home(shelf), SLUG)


@pytest.fixture
def drafted(shelf: Path, tmp_path: Path) -> Home:
    """A home whose data may be changed."""
    for folder in ("ontology", "queries"):
        shutil.copytree(shelf / folder, tmp_path / folder, copy_function=os.link)
    shutil.copytree(shelf / "data", tmp_path / "data")
    return Home(tmp_path)


@pytest.fixture
def claims_ttl(drafted: Home) -> Path:
    """The file under review."""
    return drafted.documents / SLUG / "claims.ttl"


@pytest.fixture
def start(drafted: Home, others: Shelf) -> Callable[..., Review]:
    """A function that begins a review; its clock goes on a second each time it is looked at."""
    ticks = iter(range(10_000))
    return lambda curator="Jane Roe": Review(
        drafted, SLUG, curator, now=lambda: NOON + timedelta(seconds=next(ticks)), shelf=others
    )


@pytest.fixture
def review(start: Callable[..., Review]) -> Review:
    """A review that has just begun."""
    return start()
