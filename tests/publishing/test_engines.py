"""Publishing to two real servers and back, by Graph Store and by updates, and serving from them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from parley.engine.convert import canonical
from parley.engine.transport import Credentials
from parley.engine.types import Update
from parley.errors import RemoteRefusedError
from parley.publishing.push import LEDGER, TEMPORARY, pull, push, split

from . import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engines import Address

SMALL = (
    b'<http://e/s> <http://e/p> "caf\xc3\xa9 \\\\u0041 \\"\\n\\t"@en '
    b"<https://w3id.org/parley/graph/a> .\n"
    b"<http://e/s> <http://e/p> _:b <https://w3id.org/parley/graph/b> .\n"
    b'_:b <http://e/p> "2017"^^<http://www.w3.org/2001/XMLSchema#gYear> '
    b"<https://w3id.org/parley/graph/b> .\n"
    b'_:b <http://e/q> "\xd8\xa7\xd9\x84\xd9\x81"@fa <https://w3id.org/parley/graph/b> .\n'
    b'_:b <http://e/q> "2020-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> '
    b"<https://w3id.org/parley/graph/b> .\n"
    b'_:b <http://e/r> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> '
    b"<https://w3id.org/parley/graph/b> .\n"
)
OTHER = "http://somebody.example/graph"
WAYS = pytest.mark.parametrize("by_update", [False, True], ids=["by-store", "by-update"])


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """Each server in turn, running for all tests of this module."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "virtuoso" and shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso is not installed (Debian's virtuoso-opensource-7-bin)")
    with getattr(engines, request.param)(folder) as found:
        yield found


@pytest.fixture(autouse=True)
def emptied(address: Address) -> Iterator[None]:
    """Leave no publication behind."""
    yield
    push(address.open(by_update=True), b"")


@WAYS
def test_the_built_dataset_comes_back_the_same(
    address: Address, nquads: bytes, plain_nquads: bytes, by_update: bool
) -> None:
    """Back from the server, the dataset has the same canonical N-Quads, literal by literal."""
    engine = address.open(by_update=by_update)
    push(engine, nquads, version="v1")

    assert engine.published() == tuple(split(nquads))
    assert canonical(pull(engine)) in {canonical(nquads), canonical(plain_nquads)}


@WAYS
def test_what_the_formats_find_hard_comes_back_the_same(address: Address, by_update: bool) -> None:
    """Escapes, Persian, blank nodes shared by triples, years and moments come back unaltered."""
    engine = address.open(by_update=by_update)
    push(engine, SMALL)

    assert canonical(pull(engine)) == canonical(SMALL)


@WAYS
def test_only_what_changed_is_sent_and_what_left_is_removed(
    address: Address, by_update: bool
) -> None:
    """A changed graph is replaced, one that left the dataset goes, another's stays."""
    engine = address.open(by_update=by_update)
    engine.update(Update(f"INSERT DATA {{ GRAPH <{OTHER}> {{ <http://e/s> <http://e/p> 1 }} }}"))
    push(engine, SMALL)
    changed = b"<http://e/s> <http://e/p> <http://e/o> <https://w3id.org/parley/graph/a> .\n"
    done = {pushed.graph[-1]: pushed.state for pushed in push(engine, changed)}

    assert done == {"a": "sent", "b": "removed"}
    assert canonical(pull(engine)) == canonical(changed)
    assert engine.has_graph(OTHER)
    assert {pushed.state for pushed in push(engine, changed)} == {"unchanged"}
    assert not any(engine.has_graph(name) for name in (LEDGER, f"{TEMPORARY}a"))


@pytest.mark.parametrize("address", ["virtuoso"], indirect=True)
def test_a_wrong_password_is_said_and_nothing_is_written(address: Address) -> None:
    """Virtuoso asks who writes, Oxigraph nobody; a wrong answer is an error with its remedy."""
    wrong = engines.Address(
        "wrong", address.query, address.update, address.store,
        Credentials(user="dba", password="no"),  # noqa: S106
    )  # fmt: skip
    for by_update in (False, True):
        with pytest.raises(RemoteRefusedError, match="PARLEY_PASSWORD"):
            push(wrong.open(by_update=by_update), SMALL)

    assert pull(address.open()) == b""
