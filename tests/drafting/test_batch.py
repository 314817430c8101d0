"""Batches: resumable, the same bytes in processes and on a cluster, errors told and passed by."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from parley.cli.bench.batch import batch as batch_bench
from parley.cli.draft import draft
from parley.drafting import batch, merging, model
from parley.errors import DraftError
from parley.home import find_home

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


def test_batch_says_what_documents_share(articles: Path, tmp_path: Path) -> None:
    """Beside each draft stands what its claims may share with those of the home."""
    text = "Tajikistan mediated between Russia and the Taliban. Russia met the Taliban.\n"
    (articles / "contacts.txt").write_text(text, encoding="utf-8")
    tasks, _ = batch.plan(articles, tmp_path / "out", find_home())
    list(batch.run(tasks))

    (merge, *_) = merging.read(tmp_path / "out" / "contacts")
    assert (merge.documents, merge.effect) == ("iras-3036", merging.AGREEMENT)
    assert "merges.tsv" not in {p.name for p in (tmp_path / "out" / "more-city").iterdir()}


@pytest.mark.slow
def test_processes_give_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    """Two processes write what one writes."""
    for name, jobs in (("one", 1), ("two", 2)):
        tasks, _ = batch.plan(articles, tmp_path / name)
        list(batch.run(tasks, jobs=jobs))

    assert contents(tmp_path / "two") == contents(tmp_path / "one")


@pytest.mark.slow
def test_source_that_kills_its_process_is_refused_alone(articles: Path, tmp_path: Path) -> None:
    """A process that dies costs the one source; the others are drafted."""

    class Killer:
        """Ends the process that receives it."""

        def __reduce__(self) -> tuple[object, tuple[int]]:
            return os._exit, (3,)

    tasks, _ = batch.plan(articles, tmp_path / "out")
    poison = batch.Task("poison.txt", "poison", str(tmp_path), home=cast("str", Killer()))
    outcomes = {Path(o.path).name: o.error for o in batch.run([tasks[1], poison, tasks[2]], jobs=2)}

    assert sorted(outcomes) == ["army.txt", "city.txt", "poison.txt"]
    assert "Its process ended" in outcomes.pop("poison.txt")
    assert set(outcomes.values()) == {""}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["more-army", "more-city"]


@pytest.mark.slow
def test_killed_batch_goes_on_with_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    """A batch that is killed leaves whole folders, and the next run drafts only the others."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "parley", "draft", "--batch", str(articles), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(2)]  # the empty one, and the first folder
        process.kill()
    before = contents(out)
    result = CliRunner().invoke(draft, command[4:])
    tasks, _ = batch.plan(articles, tmp_path / "whole", find_home())
    list(batch.run(tasks))

    assert [line[:4] for line in lines] == ["1/5 ", "2/5 "]
    done = len({Path(name).parent.name for name in before if not name.startswith(".")})
    assert done >= 1
    assert f"{done} documents are drafted already." in result.output
    assert f"{4 - done} documents drafted, 1 refused." in result.output
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_cluster_gives_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    """A Dask cluster, asked by the command, writes what one process writes."""
    distributed = pytest.importorskip("distributed")
    tasks, _ = batch.plan(articles, tmp_path / "one", find_home())
    list(batch.run(tasks))
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        arguments = ["--batch", str(articles), "--out", str(tmp_path / "cluster")]
        result = CliRunner().invoke(draft, [*arguments, "--cluster", cluster.scheduler_address])
        again = CliRunner().invoke(draft, [*arguments, "--cluster", cluster.scheduler_address])

    assert "4 documents drafted, 1 refused." in result.output
    assert "4 documents are drafted already." in again.output
    assert contents(tmp_path / "cluster") == contents(tmp_path / "one")


@pytest.mark.filterwarnings("ignore")
def test_cluster_that_is_not_there_is_named(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address where no scheduler answers is an error."""
    pytest.importorskip("distributed")
    tasks, _ = batch.plan(articles, tmp_path)
    monkeypatch.setattr(batch, "CLUSTER_TIMEOUT_S", 0.5)

    with pytest.raises(DraftError, match="No Dask scheduler answers"):
        list(batch.run_on_cluster(tasks, "tcp://127.0.0.1:1"))


def test_cluster_without_dask_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the way to install it is told."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(DraftError, match="needs Dask"):
        list(batch.run_on_cluster([], "tcp://127.0.0.1:1"))


def test_table_says_what_the_articles_do_not(articles: Path, tmp_path: Path) -> None:
    """Dates and authors of about.tsv enter the documents; who has no date is named."""
    (articles / "about.tsv").write_text(
        "file\tissued\tauthor\nmore/army.txt\t2017-02-23\tJane Roe\n", encoding="utf-8"
    )
    result = CliRunner().invoke(draft, ["--batch", str(articles), "--out", str(tmp_path / "out")])
    metadata = (tmp_path / "out" / "more-army" / "document.ttl").read_text(encoding="utf-8")

    assert 'dcterms:issued "2017-02-23"^^xsd:date' in metadata
    assert "pl:hasAuthor actor:jane-roe" in metadata
    assert "3 documents do not say when they were published" in result.stderr


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("file\tissued\nnone.txt\t2017-02-23\n", "names 'none.txt', which is no article"),
        ("file\tday\nmore/army.txt\t2017-02-23\n", "has the columns file, day"),
    ],
)
def test_wrong_table_is_refused(articles: Path, tmp_path: Path, table: str, message: str) -> None:
    """A row of no article, or a column of no meaning, stops the batch before it begins."""
    (articles / "about.tsv").write_text(table, encoding="utf-8")

    with pytest.raises(DraftError, match=message):
        batch.plan(articles, tmp_path)


def test_bar_is_shown_on_a_terminal(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal a bar takes the place of the lines."""
    monkeypatch.setattr("parley.cli.draft._shows_bar", lambda: True)
    result = CliRunner().invoke(draft, ["--batch", str(articles), "--out", str(tmp_path / "out")])

    assert "Drafting" in result.stderr
    assert "1/5" not in result.stderr


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


@pytest.mark.slow
def test_benchmark_makes_articles_and_drafts_them() -> None:
    """The benchmark tells its speed, and that a second run would have nothing to do."""
    arguments = ["--documents", "3", "--jobs", "1", "--size", "600"]
    result = CliRunner().invoke(batch_bench, arguments, catch_exceptions=False)

    assert "3 documents of 600 code points" in result.stdout
    assert "0 refused" in result.stdout
    assert "a second run finds 3 done and 0 to do" in result.stdout
