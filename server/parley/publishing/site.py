"""The whole site as files for any file host: crawled from the pages a server would show.

A first run writes what the server answers into a folder beside the wanted one, with a journal; a
run that was broken off goes on there. Then links are made relative, and the complete folder takes
the place of the old one. Nothing in the wanted folder changes before that.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import deque
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from parley.errors import ExportError, Place
from parley.publishing.rewriting import Page, file_of, link_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

#: What is in a folder that an export wrote, so that the next one may replace it.
MARK: Final = "parley-site.json"
SEARCH_INDEX: Final = "/search.json"
_SEARCH_SCRIPT: Final = "search-index.js"
_FIXED: Final = (
    "/", "/documents", "/timeline", "/network", "/stances", "/questions", "/validation",
    "/validation.ttl", "/ns", "/sparql", "/search", SEARCH_INDEX, "/context.jsonld",
    "/.well-known/void", "/dump.nq", "/dump.trig", "/dump.ttl", "/dump.jsonld", "/dump.sha256",
    "/static/folder.js",
)  # fmt: skip
#: Parameters with which an address is a page of its own; with any other it needs a server.
_PARAMETERS: Final = frozenset({"format", "iri", "page", "severity", "show", "v"})
#: Addresses that only a server can answer.
_SERVER_ONLY: Final = ("/sparql", "/store", "/health", "/metrics", "/openapi.json", "/vocab.json")
_REWRITTEN: Final = ("text/html", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answers to an address."""

    status: int
    content_type: str = ""
    location: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote, and links of pages that led nowhere."""

    folder: Path
    files: int
    bytes: int
    dead: tuple[str, ...]


@dataclass
class Crawl:
    """The addresses of a site: what each became, noted in a journal as it is written.

    Args:
        folder: Where the answers are kept as they are.
        fetch: Asks the server for an address.
    """

    folder: Path
    fetch: Callable[[str], Fetched]
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {e["file"].casefold(): a for a, e in self.kept.items() if "file" in e}

    def run(self, seeds: Iterable[str], tell: Callable[[int, int], None]) -> None:
        """Fetch every page that can be reached, but for those an earlier run has."""
        waiting = deque(dict.fromkeys([*_FIXED, *seeds]))
        seen = set(waiting)
        with (self.folder / "journal").open("a", encoding="utf-8") as journal:
            while waiting:
                address = waiting.popleft()
                if address not in self.kept:
                    self.kept[address] = self._take(address)
                    journal.write(json.dumps({"address": address, **self.kept[address]}) + "\n")
                    journal.flush()
                found = dict.fromkeys(map(_plain, self.kept[address]["links"]))
                fresh = [a for a in found if a not in seen and is_file(a)]
                seen.update(fresh)
                waiting.extend(fresh)
                tell(len(seen) - len(waiting), len(seen))

    def _take(self, address: str) -> dict[str, Any]:
        answer = self.fetch(address)
        if 300 <= answer.status < 400:
            return {"location": answer.location, "links": [answer.location]}
        if answer.status in {400, 404}:
            return {"missing": answer.status, "links": []}
        if answer.status != 200:
            raise ExportError(
                f"The server answers {answer.status} at {address}.",
                remedy="Mend the page; the next run goes on here.",
            )
        kind = answer.content_type.partition(";")[0]
        file = self._name(address, kind)
        write(self.folder / "raw" / file, answer.body)
        links = []
        if kind in _REWRITTEN:
            page = Page(address, lambda link: link)
            page.rewrite(answer.body.decode("utf-8"))
            links = list(dict.fromkeys(page.links))
        digest = hashlib.sha256(answer.body).hexdigest()
        return {"file": file, "kind": kind, "links": links, "digest": digest}

    def _name(self, address: str, kind: str) -> str:
        """Return a file that no other address became, also where case does not count."""
        file = file_of(address, kind)
        if self._names.setdefault(file.casefold(), address) == address:
            return file
        stem, dot, ending = file.rpartition(".")
        return f"{stem}-{hashlib.sha256(address.encode()).hexdigest()[:12]}{dot}{ending}"

    def resolve(self, link: str, source: str) -> str | None:
        """Return the link from a file to what an address of the server became, or None."""
        address, mark, fragment = link.partition("#")
        entry = self.kept.get(_plain(link), {})
        if "location" in entry:
            return self.resolve(entry["location"], source)
        if "file" not in entry:
            return None
        query = urlsplit(address).query if address.startswith("/static/") else ""
        return link_to(entry["file"], source) + (f"?{query}" if query else "") + mark + fragment


def write_site(
    folder: Path,
    fetch: Callable[[str], Fetched],
    seeds: Iterable[str],
    *,
    about: dict[str, str],
    server: str = "",
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Written:
    """Write a site into a folder that is not there, is empty, or holds an earlier export.

    Args:
        folder: Where the site will be.
        fetch: Asks a server for an address without a fragment.
        seeds: Addresses to begin with, besides the fixed ones.
        about: What the export is of (versions); a broken-off run of the same goes on.
        server: Address of a running server, for what files cannot do.
        progress: Called with the number of addresses done and known.

    Raises:
        ExportError: The folder holds something else, or cannot be written, or a page fails.
    """
    folder = folder.absolute()
    _check_target(folder)
    work = folder.parent / f".{folder.name}.parley-site"
    try:
        crawl = Crawl(work, fetch, dict(_resume(work, about)))
        crawl.run(seeds, progress)
        written = _assemble(crawl, work / "site", about, server)
        _swap(work, folder)
    except OSError as error:
        raise ExportError(
            f"{error.filename or folder}: {error.strerror or error}.",
            remedy=f"Make room and run again: it goes on with what is in {work}.",
            place=Place(str(folder)),
        ) from error
    return Written(folder, *written)


def is_file(address: str) -> bool:
    """Say whether an address of the server becomes a file."""
    parts = urlsplit(address)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if parts.path in {"/sparql", "/search"}:
        return not names
    return not parts.path.startswith(_SERVER_ONLY) and names <= _PARAMETERS


def write(path: Path, content: bytes) -> None:
    """Write a file whole: under another name first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)


def _plain(link: str) -> str:
    """Return an address without its fragment, and a static file's without its version."""
    address = link.partition("#")[0]
    return address.partition("?")[0] if address.startswith("/static/") else address


def _check_target(folder: Path) -> None:
    """Refuse a folder that holds anything an export did not write."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportError(f"{folder} is no folder.", place=Place(str(folder)))
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    try:
        known = {MARK, *json.loads((folder / MARK).read_bytes())["files"]} if present else set()
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    if foreign := sorted(present - known):
        raise ExportError(
            f"{folder} holds {foreign[0]}, which no export of a site wrote there.",
            remedy="Name an empty or a new folder.",
            place=Place(str(folder)),
        )


def _resume(work: Path, about: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what an earlier run of the same export fetched; begin anew otherwise."""
    head = work / "about.json"
    if not head.is_file() or head.read_bytes() != _json(about):
        shutil.rmtree(work, ignore_errors=True)
        write(head, _json(about))
        return
    shutil.rmtree(work / "site", ignore_errors=True)
    journal = work / "journal"
    lines = journal.read_bytes().splitlines(keepends=True) if journal.is_file() else []
    whole = [line for line in lines if line.endswith(b"\n")]
    journal.write_bytes(b"".join(whole))
    for line in whole:
        entry = json.loads(line)
        path = work / "raw" / entry.get("file", "")
        is_kept = "file" not in entry or (
            path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry["digest"]
        )
        if is_kept:
            yield entry.pop("address"), entry


def _assemble(
    crawl: Crawl, site: Path, about: dict[str, str], server: str
) -> tuple[int, int, tuple[str, ...]]:
    """Make the folder that is published; return its files, their bytes and the dead links."""
    sizes: dict[str, int] = {}
    dead: set[str] = set()
    for address, entry in sorted(crawl.kept.items()):
        if "file" not in entry:
            continue
        body = (crawl.folder / "raw" / entry["file"]).read_bytes()
        if entry["kind"] in _REWRITTEN:
            body = _rewrite(crawl, address, body, server).encode("utf-8")
            dead |= {
                link for link in entry["links"] if "missing" in crawl.kept.get(_plain(link), {})
            }
        write(site / entry["file"], body)
        sizes[entry["file"]] = len(body)
    sizes |= _add_search(crawl, site)
    write(site / ".nojekyll", b"")
    files = sorted([*sizes, ".nojekyll"])
    write(site / MARK, _json({**about, "files": files}))
    os.sync()
    return len(files), sum(sizes.values()), tuple(sorted(dead))


def _rewrite(crawl: Crawl, address: str, body: bytes, server: str) -> str:
    file = crawl.kept[address]["file"]

    def resolve(link: str) -> str | None:
        path, _, query = link.partition("?")
        if path == "/sparql" and query:
            return server + link if server else f"{link_to('sparql.html', file)}?{query}"
        target = crawl.resolve(link, file)
        return server + link if server and target is None else target

    head = ""
    if address in {"/search", "/sparql"}:
        names = (_SEARCH_SCRIPT, "static/folder.js")
        head = "".join(f'<script src="{link_to(n, file)}" defer></script>\n' for n in names)
    return Page(address, resolve, _notice(server, address), head).rewrite(body.decode("utf-8"))


def _notice(server: str, address: str) -> str:
    """Return what stands where a form stood that only a server answers."""
    where = f' <a href="{escape(server + address)}">It can be used here.</a>' if server else ""
    return (
        '<p class="needs-server" role="note">This part needs a running server, and these pages are '
        f"files: with the data at hand, <code>parley serve</code> starts one.{where}</p>"
    )


def _add_search(crawl: Crawl, site: Path) -> dict[str, int]:
    """Write the search index as a script, which works from a disk as well; its links lead here."""
    entry = crawl.kept.get(SEARCH_INDEX, {})
    if "file" not in entry:
        return {}
    index = json.loads((crawl.folder / "raw" / entry["file"]).read_bytes())
    for thing in index["things"]:
        thing["address"] = crawl.resolve(thing["address"], "search.html") or ""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    body = f"globalThis.parleyIndex={text};\n".encode()
    write(site / _SEARCH_SCRIPT, body)
    return {_SEARCH_SCRIPT: len(body)}


def _swap(work: Path, folder: Path) -> None:
    """Put the complete site in the place of the old one."""
    old = work / "old"
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    (work / "site").rename(folder)
    shutil.rmtree(work)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
