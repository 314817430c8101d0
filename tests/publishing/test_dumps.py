"""Dumps say the same in every format, are read by others, and are written whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyld import jsonld

from parley.config import Settings
from parley.engine.convert import canonical, to_nquads
from parley.engine.workers import PoolEngine
from parley.errors import ExportError, NotFoundError
from parley.publishing import dumps, files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

WITH_GRAPHS = [dump for dump in dumps.DUMPS if dump.ending != "ttl"]
SMALL = b'<http://e/s> <http://e/p> "a \\"b\\"\\n"@en <http://e/g> .\n'


@pytest.mark.parametrize("dump", WITH_GRAPHS, ids=lambda dump: dump.ending)
def test_formats_with_graphs_hold_the_same_dataset(nquads: bytes, dump: dumps.Dump) -> None:
    """N-Quads, TriG and JSON-LD read back give the same canonical quads."""
    body = dumps.make(nquads, dump.media_type)

    assert canonical(to_nquads(body, dump.media_type)) == canonical(nquads)


def test_turtle_holds_the_union_of_the_graphs(nquads: bytes, dataset: rdflib.Graph) -> None:
    """The Turtle dump, read by rdflib, has every triple of the dataset once."""
    union = rdflib.Graph().parse(data=dumps.make(nquads, "text/turtle"), format="turtle")

    assert len(union) == len(dataset)


def test_a_json_ld_processor_reads_the_same_quads(nquads: bytes) -> None:
    """PyLD agrees with the engine on the dataset, and on a small one with escapes."""
    for quads in (SMALL, nquads):
        body = json.loads(dumps.make(quads, "application/ld+json"))
        found = jsonld.to_rdf(body, {"format": "application/n-quads"}).encode()

        assert canonical(found) == canonical(quads)


@pytest.mark.parametrize(
    ("ending", "parser"), [("nq", "nquads"), ("ttl", "turtle"), ("trig", "trig")]
)
def test_an_outside_parser_reads_every_dump(
    nquads: bytes, tmp_path: Path, ending: str, parser: str
) -> None:
    """Raptor reads each dump without complaint and finds as many triples."""
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not installed (Debian's raptor2-utils)")
    dumps.write(nquads, tmp_path)
    path = tmp_path / f"dataset.{ending}"
    done = subprocess.run(
        [rapper, "-c", "-i", parser, str(path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert f"returned {len(nquads.splitlines())} triples" in done.stderr


def test_the_same_dataset_gives_the_same_bytes(nquads: bytes) -> None:
    """Two runs write identical dumps, packed ones too."""
    assert dumps.make_all(nquads) == dumps.make_all(nquads)


def test_a_dump_uses_the_project_s_prefixes(nquads: bytes) -> None:
    """Turtle is shortened by the one prefix map."""
    text = dumps.make(nquads, "text/turtle").decode("utf-8")

    assert "@prefix pl: <https://w3id.org/parley/ns#> ." in text
    assert "pl:claimant actor:russia" in text


def test_checksums_hold(nquads: bytes, tmp_path: Path) -> None:
    """Each line of SHA256SUMS is the digest of the file it names, and names every file."""
    names = dumps.write(nquads, tmp_path)
    lines = (tmp_path / files.CHECKSUMS).read_text(encoding="utf-8").splitlines()
    found = {line[66:]: line[:64] for line in lines}

    assert found == {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names
    }


def test_packed_dumps_unpack_to_the_plain_ones(nquads: bytes, tmp_path: Path) -> None:
    """Each .gz holds the bytes of the file it is named after."""
    dumps.write(nquads, tmp_path)

    for dump in dumps.DUMPS:
        plain = tmp_path / f"dataset.{dump.ending}"
        assert gzip.decompress((tmp_path / f"{plain.name}.gz").read_bytes()) == plain.read_bytes()


@contextlib.contextmanager
def small_disk() -> Iterator[None]:
    """Let no file grow over 1,000 bytes, as a full disk does; the test runner's log is one too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_the_old_files(tmp_path: Path) -> None:
    """When a later file does not fit, the old ones stay and none of the new is there."""
    files.write_all(tmp_path, {"a": b"old", "b": b"old"})

    with small_disk(), pytest.raises(ExportError, match="File too large"):
        files.write_all(tmp_path, {"a": b"new", "b": b"x" * 5_000})

    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a", "b"]


def test_what_an_earlier_run_left_is_swept(tmp_path: Path) -> None:
    """The half-written folder of a run that was killed goes with the next run."""
    left = tmp_path / f".parley-export-{os.getpid() + 1}"
    left.mkdir()
    (left / "dataset.nq").write_bytes(b"half")
    files.write_all(tmp_path, {"a": b"new"})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a"]


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    """A folder that cannot be made is an error with the place."""
    (tmp_path / "taken").write_bytes(b"")

    with pytest.raises(ExportError, match="taken"):
        files.write_all(tmp_path / "taken", {"a": b""})


@pytest.mark.parametrize("dump", WITH_GRAPHS, ids=lambda dump: dump.ending)
def test_the_server_gives_the_built_dataset(
    client: FlaskClient, nquads: bytes, dump: dumps.Dump
) -> None:
    """What /dump gives is the dataset that was built."""
    answer = client.get(f"/dump.{dump.ending}")

    assert answer.status_code == 200
    assert answer.mimetype == dump.media_type
    assert canonical(to_nquads(answer.data, dump.media_type)) == canonical(nquads)


def test_the_server_packs_a_dump_for_who_reads_gzip(client: FlaskClient) -> None:
    """By Accept-Encoding the same bytes come packed, under another ETag."""
    plain = client.get("/dump.ttl")
    packed = client.get("/dump.ttl", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_the_server_says_when_nothing_has_changed(client: FlaskClient) -> None:
    """A dump that the client has already is 304."""
    tag = client.get("/dump.nq").headers["ETag"]

    assert client.get("/dump.nq", headers={"If-None-Match": tag}).status_code == 304


def test_the_server_s_checksums_are_those_of_its_dumps(client: FlaskClient) -> None:
    """Every line of /dump.sha256 is the digest of the dump it names."""
    lines = client.get("/dump.sha256").text.splitlines()

    assert {line[66:]: line[:64] for line in lines} == {
        f"dump.{dump.ending}": hashlib.sha256(client.get(f"/dump.{dump.ending}").data).hexdigest()
        for dump in dumps.DUMPS
    }


def test_an_unknown_ending_is_not_found(client: FlaskClient) -> None:
    """Another ending is 404, with what there is."""
    answer = client.get("/dump.xls")

    assert answer.status_code == NotFoundError.status
    assert "/dump.nq" in answer.text


def test_a_dump_of_an_engine_without_a_file_says_the_same(store: Path, plain_nquads: bytes) -> None:
    """Asked graph by graph, the engine gives the dataset, literal by literal."""
    with PoolEngine(store, Settings(workers=1)) as engine:
        fetched = dumps.fetch(engine)

    assert canonical(fetched) == canonical(plain_nquads)
