"""The site as files: complete, relative, resumable, swapped in whole, and honest about servers."""

from __future__ import annotations

import json
import posixpath
import re
import zlib
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from parley.build import generations
from parley.cli.export import export
from parley.errors import ExportError
from parley.publishing.rewriting import Page, file_of, link_to
from parley.publishing.site import MARK, Fetched, write_site

from .test_dumps import small_disk

if TYPE_CHECKING:
    from collections.abc import Callable

ABOUT = {"dataset": "1"}
HTML = "text/html; charset=utf-8"
PAGES = {
    "/": '<a href="/id/actor/a">A</a> <a href="/documents/d/5a">5a</a> <a href="/?sort=x">S</a>',
    "/id/actor/a": '<link href="/id/actor/a.ttl"><a href="?show=for">for</a> <a href="/none">x</a>',
    "/id/actor/a?show=for": '<a href="/id/actor/a#top">up</a>',
    "/documents/d": '<p id="c-5a">5a</p>',
    "/sparql": '<head></head><form action="/sparql"><b>ask</b></form>after',
    "/search": '<head></head><form action="/search"><input data-results="r"></form>',
}


class Server:
    """A small site, which counts what it is asked and can fail."""

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[str] = []
        self.fails_at = fails_at

    def __call__(self, address: str) -> Fetched:
        """Answer like a server."""
        self.asked.append(address)
        if address == self.fails_at:
            return Fetched(500)
        if address == "/documents/d/5a":
            return Fetched(303, location="/documents/d#c-5a")
        if address == "/id/actor/a.ttl":
            return Fetched(200, "text/turtle; charset=utf-8", body=b"<a> <b> <c> .")
        if address in PAGES:
            return Fetched(200, HTML, body=PAGES[address].encode())
        return Fetched(404)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a site goes."""
    return tmp_path / "out" / "site"


def test_links_become_relative_and_follow_redirects(target: Path) -> None:
    """A link to a thing leads to its file, one to a claim to its place in the article."""
    write_site(target, Server(), (), about=ABOUT)

    assert (target / "index.html").read_text("utf-8") == (
        '<a href="id/actor/a.html">A</a> <a href="documents/d.html#c-5a">5a</a> <a>S</a>'
    )
    assert (
        (target / "id/actor/a.html")
        .read_text("utf-8")
        .startswith('<link href="a.ttl"><a href="a.show-for.html">for</a>')
    )
    assert (target / "id/actor/a.show-for.html").read_text("utf-8") == '<a href="a.html#top">up</a>'
    assert (target / "id/actor/a.ttl").read_bytes() == b"<a> <b> <c> ."


def test_a_link_to_nothing_is_told(target: Path) -> None:
    """The page loses the link, and the one who exports learns of it."""
    done = write_site(target, Server(), (), about=ABOUT)

    assert done.dead == ("/none",)
    assert "<a>x</a>" in (target / "id/actor/a.html").read_text("utf-8")


def test_what_needs_a_server_says_so(target: Path) -> None:
    """The form goes, and a sentence stands in its place; the search stays."""
    write_site(target, Server(), (), about=ABOUT)
    page = (target / "sparql.html").read_text("utf-8")

    assert "<form" not in page
    assert "ask" not in page
    assert "needs a running server" in page
    assert page.endswith("after")
    assert '<form action="search.html"><input></form>' in (target / "search.html").read_text()


def test_a_known_server_is_linked(target: Path) -> None:
    """Where one runs, what files cannot do leads there."""
    write_site(target, Server(), (), about=ABOUT, server="https://e.org/p")

    assert '"https://e.org/p/?sort=x"' in (target / "index.html").read_text("utf-8")
    assert 'href="https://e.org/p/sparql"' in (target / "sparql.html").read_text("utf-8")


def test_a_run_that_broke_off_goes_on(target: Path) -> None:
    """What was fetched is not asked again, and nothing is in the folder until all is."""
    with pytest.raises(ExportError, match="500 at /id/actor/a"):
        write_site(target, Server(fails_at="/id/actor/a?show=for"), (), about=ABOUT)
    assert not target.exists()
    server = Server()
    write_site(target, server, (), about=ABOUT)

    assert server.asked[0] == "/id/actor/a?show=for"
    assert "/" not in server.asked
    assert (target / "id/actor/a.show-for.html").is_file()
    assert list(target.parent.iterdir()) == [target]


def test_a_run_on_other_data_begins_anew(target: Path) -> None:
    """Pages of two states of the data are never mixed."""
    with pytest.raises(ExportError):
        write_site(target, Server(fails_at="/id/actor/a"), (), about=ABOUT)
    server = Server()
    write_site(target, server, (), about={"dataset": "2"})

    assert "/" in server.asked


def test_a_half_written_answer_is_asked_again(target: Path) -> None:
    """A page on the disk counts only when it is as its journal says, and so does the journal."""
    with pytest.raises(ExportError):
        write_site(target, Server(fails_at="/id/actor/a"), (), about=ABOUT)
    work = target.parent / ".site.parley-site"
    (work / "raw" / "index.html").write_bytes(b"<a hre")
    with (work / "journal").open("ab") as journal:
        journal.write(b'{"address": "/half')
    server = Server()
    write_site(target, server, (), about=ABOUT)

    assert "/" in server.asked
    assert "id/actor/a.html" in (target / "index.html").read_text("utf-8")


def test_an_earlier_export_is_replaced(target: Path) -> None:
    """The old files go with the old folder."""
    write_site(target, Server(), (), about=ABOUT)
    gone = target / "gone.html"
    gone.write_text("old")
    known = json.loads((target / MARK).read_text("utf-8"))
    (target / MARK).write_text(json.dumps(known | {"files": [*known["files"], "gone.html"]}))
    write_site(target, Server(), (), about={"dataset": "2"})

    assert not gone.exists()
    assert json.loads((target / MARK).read_text("utf-8"))["dataset"] == "2"


@pytest.mark.parametrize("mark", [None, b"{", b"[]", b'{"files": ["index.html"]}'])
def test_a_folder_with_other_files_is_refused(target: Path, mark: bytes | None) -> None:
    """Whatever no export wrote there stays, and is named."""
    target.mkdir(parents=True)
    (target / "thesis.doc").write_bytes(b"years of work")
    if mark is not None:
        (target / MARK).write_bytes(mark)
    with pytest.raises(ExportError, match="no export of a site wrote"):
        write_site(target, Server(), (), about=ABOUT)

    assert (target / "thesis.doc").read_bytes() == b"years of work"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """It is not replaced."""
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(ExportError, match="is no folder"):
        write_site(tmp_path / "x", Server(), (), about=ABOUT)


def test_a_full_disk_leaves_the_old_site(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays as it was, and a run with more room goes on."""
    write_site(target, Server(), (), about=ABOUT)
    before = {p: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    monkeypatch.setitem(PAGES, "/documents/d", "x" * 5_000)
    with small_disk(), pytest.raises(ExportError, match="File too large") as caught:
        write_site(target, Server(), (), about={"dataset": "2"})
    after = {p: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    write_site(target, Server(), (), about={"dataset": "2"})

    assert after == before
    assert "Make room" in caught.value.remedy
    assert (target / "documents/d.html").stat().st_size == 5_000


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/id/actor/russia", "id/actor/russia.html"),
        ("/tool/rdflib/7.6.0", "tool/rdflib/7.6.0.html"),
        ("/file/ontology/parley.ttl", "file/ontology/parley.ttl.html"),
        ("/browse/claims?page=2", "browse/claims.page-2.html"),
        ("/about?iri=http%3A%2F%2Fe.org%2Fa%23b", "about/e.org/a/b.html"),
        ("/id/actor/caf%C3%A9", "id/actor/café.html"),
    ],
)
def test_each_address_has_its_file(address: str, file: str) -> None:
    """Pages end in .html, whatever they are called."""
    assert file_of(address) == file


@pytest.mark.parametrize(
    "address", ["/id/actor/..%2F..%2Fetc", "/id/%2e%2e/x", "/about?iri=file:///../../etc/passwd",
                "/id/" + "x" * 5_000, "/id/a%00b", "/id/con:", "/id/.hidden", '/id/a"b<c>']
)  # fmt: skip
def test_no_name_leaves_the_folder(address: str) -> None:
    """Whatever an IRI holds, its file is below the folder and can be written anywhere."""
    parts = file_of(address).split("/")

    assert all(part and not part.startswith(".") and len(part) < 150 for part in parts)
    assert not re.search(r'[\x00<>:"\\|?*]', "".join(parts))


def test_a_name_is_quoted_in_its_link() -> None:
    """A percent sign of a file's name does not begin an escape."""
    assert link_to("a/50%.html", "index.html") == "a/50%25.html"


def test_scripts_and_comments_are_copied() -> None:
    """What looks like a link in them is none."""
    text = '<script type="x">{"a": "<a href=\\"/x\\">"}</script><!-- <a href="/x"> --><svg/>'

    assert Page("/", lambda _: None).rewrite(text) == text


def test_the_command_asks_for_every_thing(
    store: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins with the addresses of the dataset's own IRIs, and the application answers."""
    seen: dict[str, object] = {}

    def note(folder: Path, fetch: Callable[[str], Fetched], seeds: object, **more: object) -> None:
        seen.update(seeds=list(seeds), page=fetch("/id/actor/russia"), **more)  # type: ignore[call-overload]
        raise ExportError("Enough.")

    monkeypatch.setattr("parley.publishing.site.write_site", note)
    generation = generations.current(store)
    monkeypatch.setattr("parley.cli.export.current_generation", lambda *_: generation)
    CliRunner().invoke(export, ["site", str(target), "--base-url", "https://e.org/p"])

    assert {"/id/actor/russia", "/id/claim/iras-3036/5a", "/relation/mediates"} <= set(
        seen["seeds"]
    )  # type: ignore[call-overload]
    assert b"<h1>" in seen["page"].body  # type: ignore[attr-defined]
    assert seen["about"]["base_url"] == "https://e.org/p"  # type: ignore[index]


@pytest.fixture(scope="module")
def exported(app: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site with one in sixteen of its things, as if there were no others."""
    folder = tmp_path_factory.mktemp("site") / "sub" / "folder"
    write_site(folder, asking(app), (), about=ABOUT)
    return folder


def asking(app: object) -> Callable[[str], Fetched]:
    """Return a function that asks the application."""
    client = app.test_client()  # type: ignore[attr-defined]

    def fetch(address: str) -> Fetched:
        if address.startswith(("/id/", "/about?")) and zlib.crc32(address.encode()) % 16:
            return Fetched(404)
        answer = client.get(address, headers={"Accept": "text/html, */*;q=0.5"})
        kind = answer.content_type or ""
        return Fetched(answer.status_code, kind, answer.headers.get("Location", ""), answer.data)

    return fetch


def test_every_link_of_the_own_site_resolves(exported: Path) -> None:
    """From every page to a file, and to its anchor, without a leading slash anywhere."""
    pages = {p: p.read_text("utf-8") for p in exported.rglob("*") if p.suffix in {".html", ".svg"}}
    broken = [
        (str(page.relative_to(exported)), link)
        for page, text in pages.items()
        for link in re.findall(r'\s(?:xlink:href|href|src|action)="([^"]*)"', text)
        if not leads_somewhere(page, unescape(link), pages)
    ]

    assert len(pages) > 100
    assert broken == []


def leads_somewhere(page: Path, link: str, pages: dict[Path, str]) -> bool:
    """Say whether a link leads to a file, and to an anchor in it."""
    if re.match(r"\w+:", link):
        return True
    path, _, anchor = link.partition("#")
    name = unquote(path.partition("?")[0])
    target = Path(posixpath.normpath(page.parent / name)) if name else page
    if not target.is_file() or link.startswith("/"):
        return False
    return not anchor or target not in pages or f'id="{unquote(anchor)}"' in pages[target]
