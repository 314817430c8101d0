"""Cite a claim, a document, a page or an answer: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_BIBTEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited: its title, who wrote it, when (ISO date), where, in which version of what."""

    iri: str
    title: str
    authors: tuple[str, ...] = ()
    issued: str = ""
    publisher: str = ""
    address: str = ""
    version: str = ""
    #: The dataset of which it is a part; nothing for a work that stands by itself.
    container: str = ""


def to_bibtex(work: Work) -> str:
    """Return a BibTeX entry; what BibTeX or TeX would read as a command is escaped."""
    fields = {
        "title": f"{{{_tex(work.title)}}}",
        "author": " and ".join(f"{{{_tex(author)}}}" for author in work.authors),
        "year": work.issued[:4],
        "publisher": _tex(work.publisher),
        "howpublished": _tex(work.container),
        "url": re.sub(r"[{}\\%\s]", lambda found: f"%{ord(found[0]):02X}", work.address),
        "version": _tex(work.version),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(work)},\n{lines}}}\n"


def to_ris(work: Work) -> str:
    """Return a RIS record; each value is on one line, so that no label can begin a field."""
    rows = [("TY", "GEN"), ("TI", work.title), *(("AU", author) for author in work.authors)]
    rows += [("PY", work.issued[:4]), ("DA", work.issued.replace("-", "/"))]
    rows += [
        ("T2", work.container),
        ("PB", work.publisher),
        ("UR", work.address),
        ("ET", work.version),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def to_csl(work: Work) -> str:
    """Return CSL-JSON with one item."""
    item: dict[str, object] = {"id": work.iri, "type": "webpage", "title": _line(work.title)}
    if work.authors:
        item["author"] = [{"literal": _line(author)} for author in work.authors]
    if work.issued:
        item["issued"] = {"date-parts": [[int(part) for part in work.issued.split("-")]]}
    others = {
        "container-title": work.container,
        "publisher": work.publisher,
        "URL": work.address,
        "version": work.version,
    }
    item.update({name: _line(value) for name, value in others.items() if value})
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


#: Format name to its media type and what writes it.
FORMATS: Final[dict[str, tuple[str, Callable[[Work], str]]]] = {
    "bibtex": ("application/x-bibtex; charset=utf-8", to_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", to_ris),
    "csl": ("application/vnd.citationstyles.csl+json", to_csl),
}


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _tex(text: str) -> str:
    return "".join(_BIBTEX.get(c, c) for c in _line(text))


def _key(work: Work) -> str:
    return "parley-" + (re.sub(r"[^a-z0-9]+", "-", work.iri.lower()).strip("-") or "work")[-60:]
