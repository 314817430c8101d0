"""OASIS XML catalogs: which file holds which ontology, so that no import needs the network.

Protégé reads ``catalog-v001.xml`` in the folder of the file it opens; Parley looks there and then
in the folders above, up to the home. A data file of the home needs no entry: its ontology is
named after its path (``https://w3id.org/parley/data/actors`` is ``data/actors.ttl``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from parley.errors import OntologyError, Place, reason
from parley.namespaces import BASE

if TYPE_CHECKING:
    from pathlib import Path

    from parley.home import Home

CATALOG: Final = "catalog-v001.xml"
_DATA: Final = f"{BASE}data/"
_SHAPES: Final = f"{BASE}shapes"
_URI: Final = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri"
_DECLARATION: Final = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(iri: str, importer: Path, root: Path) -> Path:
    """Return the file that an import names, by the nearest catalog at or above the importer.

    Args:
        iri: The imported ontology.
        importer: The file that imports it.
        root: The home; files outside it are refused, and folders above it not looked into.

    Raises:
        OntologyError: No catalog maps the IRI, a catalog is malformed, or it names no such file.
    """
    for folder in _folders(importer, root):
        path = folder / CATALOG
        if path.is_file() and (target := read_catalog(path).get(iri)):
            return _inside(target, path, root)
    if (own := _own_file(iri, root)) is not None:
        return own
    raise OntologyError(
        f"{importer.name} imports <{iri}>, which no {CATALOG} maps to a file.",
        remedy="Add a uri entry for it; imports are never fetched from the network.",
        place=Place(str(importer)),
    )


def find(iri: str, home: Home) -> tuple[Path, ...]:
    """Return the files of the ontology that an IRI, or the IRI of a version, names; none if none.

    The shapes are one ontology in several files, each of which has an IRI too.

    Raises:
        OntologyError: A catalog is malformed.
    """
    shapes = home.ontology / "shapes"
    if iri == _SHAPES:
        return tuple(sorted(shapes.glob("*.ttl")))
    for catalog in (home.ontology / CATALOG, home.data / CATALOG):
        target = read_catalog(catalog).get(iri) if catalog.is_file() else None
        if target is not None and target.is_file() and home.root.resolve() in target.parents:
            return (target,)
    own = _own_file(iri, home.root) or _file_below(shapes, iri.removeprefix(f"{_SHAPES}/"))
    return (own,) if own is not None else ()


def read_catalog(path: Path) -> dict[str, Path]:
    """Return the files of a catalog by ontology IRI; document types and entities are refused.

    Raises:
        OntologyError: It is not plain UTF-8 XML, or maps to an address instead of a file.
    """
    place = Place(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OntologyError(f"{path.name} cannot be read: {reason(error)}.", place=place) from error
    if _DECLARATION.search(text):
        raise OntologyError(
            f"{path} declares a document type or entities.",
            remedy="A catalog needs neither: remove the declaration.",
            place=place,
        )
    try:
        tree = ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314
    except ElementTree.ParseError as error:
        line, column = error.position
        raise OntologyError(
            f"{path} is not well-formed XML: {error}.", place=Place(str(path), line, column + 1)
        ) from error
    entries = [(node.get("name", ""), node.get("uri", "")) for node in tree.iter(_URI)]
    return {name: _local(path, name, uri) for name, uri in entries}


def _own_file(iri: str, root: Path) -> Path | None:
    if not iri.startswith(_DATA):
        return None
    return _file_below(root / "data", iri.removeprefix(_DATA))


def _file_below(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / f"{name}.ttl").resolve()
        return path if folder.resolve() in path.parents and path.is_file() else None
    except (OSError, ValueError):
        return None


def _folders(importer: Path, root: Path) -> list[Path]:
    top = root.resolve()
    folders = list(importer.resolve().parents)
    return [folder for folder in folders if folder == top or top in folder.parents]


def _local(catalog: Path, name: str, uri: str) -> Path:
    if not uri or _SCHEME.match(uri) or uri.startswith("//"):
        raise OntologyError(
            f"{catalog} maps <{name}> to {uri!r}, which is no relative file.",
            remedy="Keep a copy in the home and name it relative to the catalog.",
            place=Place(str(catalog)),
        )
    return (catalog.parent / uri).resolve()


def _inside(target: Path, catalog: Path, root: Path) -> Path:
    if root.resolve() in target.parents and target.is_file():
        return target
    raise OntologyError(
        f"{catalog} names {target}, which is no file of this home.", place=Place(str(catalog))
    )
