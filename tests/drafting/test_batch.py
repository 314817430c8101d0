"""Batches: resumable, the same bytes in processes and on a cluster, errors told and passed by."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

from parley.cli.draft import draft
from parley.drafting import batch, model
from parley.errors import DraftError

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

WORDS = ("talks", "treaty", "army", "city")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of four articles, one of them empty, in a tree."""
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    for word in WORDS:
        text = f"The minister said that the {word} had failed. The envoy hoped to save it.\n"
        (folder / "more" / f"{word}.txt").write_text(text, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "note.md").write_text("not an article", encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_batch_drafts_what_it_can(articles: Path, tmp_path: Path) -> None:
    """Each article has its folder; the empty one is an outcome with its reason."""
    tasks, done = batch.plan(articles, tmp_path / "out")
    outcomes = list(batch.run(tasks))

    assert (len(tasks), done) == (5, 0)
    assert [Path(o.path).name for o in outcomes if o.error] == ["empty.txt"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(
        f"more-{word}" for word in WORDS
    )


def test_broken_off_batch_goes_on(articles: Path, tmp_path: Path) -> None:
    """What is there is not drafted again."""
    tasks, _ = batch.plan(articles, tmp_path / "out")
    list(batch.run(tasks[:3]))
    before = contents(tmp_path / "out")
    rest, done = batch.plan(articles, tmp_path / "out")
    list(batch.run(rest))

    assert (len(rest), done) == (3, 2)
    assert contents(tmp_path / "out").items() >= before.items()


@pytest.mark.slow
def test_processes_give_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    """Two processes write what one writes."""
    for name, jobs in (("one", 1), ("two", 2)):
        tasks, _ = batch.plan(articles, tmp_path / name)
        list(batch.run(tasks, jobs=jobs))

    assert contents(tmp_path / "two") == contents(tmp_path / "one")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_cluster_gives_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    """A Dask cluster writes what one process writes."""
    distributed = pytest.importorskip("distributed")
    tasks, _ = batch.plan(articles, tmp_path / "one")
    list(batch.run(tasks))
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
    ):
        warnings.simplefilter("ignore")
        spread, _ = batch.plan(articles, tmp_path / "cluster")
        outcomes = list(batch.run_on_cluster(spread, cluster.scheduler_address))

    assert len(outcomes) == 5
    assert contents(tmp_path / "cluster") == contents(tmp_path / "one")


def test_two_sources_of_one_name_are_refused(articles: Path, tmp_path: Path) -> None:
    """Two sources that would have the same folder are named."""
    (articles / "more-city.txt").write_text("text", encoding="utf-8")

    with pytest.raises(DraftError, match="would both be more-city"):
        batch.plan(articles, tmp_path / "out")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is an error."""
    with pytest.raises(DraftError, match="is no folder"):
        batch.plan(tmp_path / "nowhere", tmp_path)


def test_command_drafts_a_folder(articles: Path, tmp_path: Path) -> None:
    """The command says how far it is, names what it refused and exits 1 for it."""
    out = tmp_path / "out"
    result = CliRunner().invoke(draft, ["--batch", str(articles), "--out", str(out)])

    assert result.exit_code == 1
    assert "4 documents drafted, 1 refused." in result.output
    assert "empty.txt is empty" in result.output


def test_command_goes_on(articles: Path, tmp_path: Path) -> None:
    """The second run finds everything done but the empty source."""
    arguments = ["--batch", str(articles), "--out", str(tmp_path / "out")]
    CliRunner().invoke(draft, arguments)

    assert "4 documents are drafted already." in CliRunner().invoke(draft, arguments).output
