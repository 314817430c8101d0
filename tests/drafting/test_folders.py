"""Document folders: canonical, complete, conforming; never over what a person has written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF

from parley.corpus import claims, documents
from parley.corpus.canonical import format_turtle
from parley.corpus.ontology import parse
from parley.drafting import drafts, entities, folders, model
from parley.drafting.sources import Source
from parley.drafting.values import Draft
from parley.errors import DraftError
from parley.home import Home, find_home
from parley.namespaces import PL, PLID, PLR

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

TEXT = """The talks of the year

Mullah Omar told a Russian envoy in 1995 that the crew might be released. The Kremlin insisted
that the Taliban said that the crew was well. The Taliban did not approve of the treaty.
The envoy said no. The envoy said no. No agreement was seen as possible. The crew was tired.
The objectives of Russia are as follows:
1. Freeing the crew.
2. Gaining influence in Kabul.
"""
ABOUT = folders.About(slug="talks", author="Jane Roe", issued="2017-02-23", publisher="The Paper")


@pytest.fixture(scope="module")
def made() -> Draft:
    """The draft of the text."""
    return drafts.draft(Source("talks.txt", TEXT, "text/plain"))


@pytest.fixture(scope="module")
def folder(made: Draft, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the draft."""
    return folders.write(made, tmp_path_factory.mktemp("drafted"), about=ABOUT)


def test_folder_is_named_and_whole(folder: Path) -> None:
    """The folder has its slug and the four files, and nothing is left beside it."""
    assert folder.name == "talks"
    assert sorted(p.name for p in folder.iterdir()) == [
        "catalog-v001.xml",
        "claims.ttl",
        "document.ttl",
        "source.txt",
    ]
    assert [p.name for p in folder.parent.iterdir()] == ["talks"]


def test_turtle_is_canonical(folder: Path) -> None:
    """Formatting the files changes nothing."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("claims.ttl", "document.ttl")]

    assert [format_turtle(text) for text in texts] == texts


def test_every_claim_is_drafted_and_anchored(folder: Path) -> None:
    """All claims have the status drafted, and each quotation stands in the source once."""
    document = documents.read(folder)
    graph = claims.read_files(document)[folder / "claims.ttl"]
    anchored = claims.anchor(graph, document)
    drafted = set(graph.subjects(PL.status, PL.drafted))

    assert drafted == set(graph.subjects(RDF.type, PL.Claim))
    assert drafted == set(anchored.subjects(PL.hasEvidence))


def test_nested_claim_is_linked(folder: Path) -> None:
    """What the Taliban said is within what the Kremlin insisted."""
    graph = parse(folder / "claims.ttl")

    ((inner, outer),) = graph.subject_objects(PL.withinClaim)
    assert "crew was well" in str(graph.value(inner, PL.quote))
    assert "insisted" in str(graph.value(outer, PL.quote))


def test_repeated_words_are_told_apart(folder: Path) -> None:
    """A quotation that stands twice has its context."""
    graph = parse(folder / "claims.ttl")
    repeated = [s for s, q in graph.subject_objects(PL.quote) if str(q) == "said no"]

    assert len(repeated) == 2
    assert all(graph.value(s, PL.quotePrefix) is not None for s in repeated)


def test_existing_folder_is_never_overwritten(made: Draft, folder: Path) -> None:
    """A folder that is there is left as it is."""
    with pytest.raises(DraftError, match="exists"):
        folders.write(made, folder.parent, about=ABOUT)


@pytest.mark.parametrize(
    ("words", "polarity", "relation"),
    [
        ("denied that the talks had failed", "negative", "states"),
        ("did not deny that the talks had failed", "positive", "states"),
        ("did not believe that the talks had failed", "negative", "states"),
        ("doubted that the talks had failed", "negative", "states"),
        ("said that the talks had failed", "positive", "states"),
        ("did not approve of the treaty", "negative", "approves"),
        ("opposed the treaty", "positive", "opposes"),
    ],
    ids=lambda value: value,
)
def test_what_somebody_denies_is_no_claim_of_it(
    tmp_path: Path, words: str, polarity: str, relation: str
) -> None:
    """A denial is a negative claim of what is denied, whether the verb denies or is denied."""
    text = f"The talks of the year\n\nThe minister {words}.\n"
    made = drafts.draft(Source("talks.txt", text, "text/plain"))
    graph = parse(folders.write(made, tmp_path, about=ABOUT) / "claims.ttl")
    [claim] = graph.subjects(PL.cueText)
    content = graph.value(claim, PL.content)

    assert graph.value(claim, PL.polarity) == PL[polarity]
    assert graph.value(content, PL.relation) == PLR[relation]


def test_same_draft_gives_the_same_bytes(made: Draft, folder: Path, tmp_path: Path) -> None:
    """Writing a draft twice gives the same files."""
    again = folders.write(made, tmp_path, about=ABOUT)

    assert {p.name: p.read_bytes() for p in again.iterdir()} == {
        p.name: p.read_bytes() for p in folder.iterdir()
    }


@pytest.mark.parametrize(
    ("title", "name", "slug"),
    [
        ("On the Talks!", "x.txt", "on-the-talks"),
        ("", "My File.html", "my-file"),
        ("…", "—.txt", "document"),
    ],
)
def test_slug_comes_from_title_or_name(title: str, name: str, slug: str, tmp_path: Path) -> None:
    """The title names the folder, else the file, else nothing in particular."""
    made = Draft(Source(name, "Some words.\n", "text/plain", title=title))

    assert folders.write(made, tmp_path).name == slug


def test_actors_of_the_home_are_used(made: Draft, tmp_path: Path) -> None:
    """An actor that the home knows is pointed at, not minted again."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    known = "https://w3id.org/parley/id/actor/mullah-omar"
    (home / "data" / "actors.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f'<{known}> a <https://w3id.org/parley/ns#Person> ; rdfs:label "Mullah Omar"@en .\n',
        encoding="utf-8",
    )
    names = entities.read(Home(home))
    folder = folders.write(made, tmp_path, about=ABOUT, names=names)
    graph = parse(folder / "claims.ttl")

    assert URIRef(known) in set(graph.objects(None, PL.claimant))
    assert (URIRef(known), RDF.type, None) not in graph


def test_publisher_is_not_made_up(made: Draft, tmp_path: Path) -> None:
    """A document whose publisher nobody names has none; a page's own name is one."""
    unsaid = folders.write(made, tmp_path, about=folders.About(slug="unsaid"))
    page = replace(made, source=replace(made.source, publisher="The Paper", made="2017-02-23"))
    said = parse(folders.write(page, tmp_path, about=folders.About(slug="said")) / "document.ttl")

    assert "dcterms:publisher" not in (unsaid / "document.ttl").read_text(encoding="utf-8")
    assert [str(p) for p in said.objects(None, DCTERMS.publisher)] == [str(PLID["actor/the-paper"])]
    assert [str(day) for day in said.objects(None, DCTERMS.issued)] == ["2017-02-23"]


def test_folder_that_cannot_be_written_is_named(made: Draft, tmp_path: Path) -> None:
    """A place where nothing can be written is an error, and nothing is left there."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(DraftError, match="cannot be written"):
        folders.write(made, tmp_path / "file", about=ABOUT)


def test_leftovers_of_a_killed_process_are_no_hindrance(made: Draft, tmp_path: Path) -> None:
    """What a process that was killed had begun is removed and done again."""
    (tmp_path / ".draft-talks").mkdir()
    (tmp_path / ".draft-talks" / "source.txt").write_text("half", encoding="utf-8")
    folders.write(made, tmp_path, about=ABOUT)

    assert [p.name for p in tmp_path.iterdir()] == ["talks"]


@pytest.mark.slow
def test_folder_builds(made: Draft, tmp_path: Path) -> None:
    """A home of this one document conforms to the shapes, even if nobody names a publisher."""
    from parley.build import pipeline

    real = find_home()
    for name in ("ontology", "queries"):
        shutil.copytree(getattr(real, name), tmp_path / "home" / name)
    folders.write(
        made, tmp_path / "home" / "data" / "documents", about=replace(ABOUT, publisher="")
    )

    result = pipeline.build(Home(tmp_path / "home"), tmp_path / "store", reasoned=False)

    assert result.report.conforms
