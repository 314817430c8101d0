"""The wheel holds what people edit, and every way of installing finds its home."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ontology", "data", "queries")


def tracked_files() -> set[str]:
    """Return the files of the three folders that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in listed.stdout.splitlines() if (ROOT / line).exists()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel through the sdist, as an index would."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_wheel_holds_exactly_the_tracked_files(wheel: Path) -> None:
    """Nothing of ontology/, data/, queries/ is missing, and no ignored file slips in."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name.removeprefix("parley/_files/")
            for name in archive.namelist()
            if name.startswith("parley/_files/")
        }

    assert packed == tracked_files()


def test_wheel_has_one_top_level_package(wheel: Path) -> None:
    """Installing adds ``parley`` and its metadata, nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}

    assert {name for name in top if not name.endswith(".dist-info")} == {"parley"}


def test_installed_package_finds_its_own_home(wheel: Path, tmp_path: Path) -> None:
    """A wheel unpacked into another environment uses the files it brought."""
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)

    assert where(target, cwd=tmp_path) == f"{target / 'parley' / '_files'} (installed package)"


def test_checkout_finds_its_own_home(tmp_path: Path) -> None:
    """A checkout, editable or bare on the path, uses its own three folders."""
    assert where(ROOT / "server", cwd=tmp_path) == f"{ROOT} (checkout)"


@pytest.mark.parametrize("below", [".", "ontology", "data/documents"])
def test_the_home_one_works_in_comes_before_the_installed_copy(below: str, tmp_path: Path) -> None:
    """What is edited is what is checked and served, wherever in the home one stands."""
    for folder in ("ontology", "data/documents", "queries"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "ontology" / "parley-all.ttl").touch()

    assert where(ROOT / "server", cwd=tmp_path / below) == f"{tmp_path} (current folder)"


def test_three_folders_of_another_project_are_no_home(tmp_path: Path) -> None:
    """A home that nobody named is known by its ontology."""
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()

    assert where(ROOT / "server", cwd=tmp_path) == f"{ROOT} (checkout)"


def test_home_variable_wins_over_both(tmp_path: Path) -> None:
    """PARLEY_HOME names another home for a checkout."""
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()

    found = where(ROOT / "server", cwd=tmp_path, PARLEY_HOME=str(tmp_path))

    assert found == f"{tmp_path} (PARLEY_HOME)"


def test_editable_install_is_one_plain_path(tmp_path: Path) -> None:
    """An editable install puts server/ on the path and copies nothing."""
    code = f"import hatchling.build; print(hatchling.build.build_editable({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        paths = {n: archive.read(n).decode() for n in archive.namelist() if "dist-info" not in n}

    assert list(paths.values()) == [str(ROOT / "server")]


def where(path: Path, *, cwd: Path, **environ: str) -> str:
    """Run ``parley where`` with a package path first, and return its home line."""
    rest = [p for p in sys.path if "site-packages" in p]
    done = subprocess.run(
        [sys.executable, "-S", "-m", "parley", "where"],
        cwd=cwd,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(cwd),
            "PYTHONPATH": os.pathsep.join([str(path), *rest]),
            **environ,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    return lines["home"]
