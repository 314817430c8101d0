"""Links: reviewed SSSOM tables, strictly read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import URIRef

from parley.corpus import links
from parley.errors import LinkError
from parley.namespaces import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "subject_id\tpredicate_id\tobject_id\tmapping_justification\treviewer_label\tcomment"
ROW = (
    "plid:actor/russia\tschema:sameAs\twd:Q159\tsemapv:ManualMappingCuration\tA. Reader\tthe state"
)


def write(tmp_path: Path, text: str) -> Path:
    """Write a table and return its path."""
    path = tmp_path / "links.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table with one good row."""
    curies = "# mapping_set_id: x\n# curie_map:\n#   wd: http://www.wikidata.org/entity/\n"
    more = "#   semapv: https://w3id.org/semapv/vocab/\n# license: https://example.org/l\n"
    return write(tmp_path, f"{curies}{more}{HEADER}\n{ROW}\n\n")


def test_a_row_is_a_triple(table: Path) -> None:
    """CURIEs are expanded by the table's own map, then by ours."""
    mappings = links.read(table)

    assert [m.row for m in mappings] == [7]
    assert mappings[0].justification == "https://w3id.org/semapv/vocab/ManualMappingCuration"
    assert set(links.to_graph(mappings)) == {
        (
            URIRef("https://w3id.org/parley/id/actor/russia"),
            SCHEMA.sameAs,
            URIRef("http://www.wikidata.org/entity/Q159"),
        )
    }


@pytest.mark.parametrize("text", ["", "# only: comments\n"])
def test_an_empty_table_links_nothing(tmp_path: Path, text: str) -> None:
    """Not even a header is needed."""
    assert links.read(write(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("wd:Q159", "", 3, "column object_id is empty"),
        ("wd:Q159", "wx:Q159", 3, "no http or https IRI"),
        ("wd:Q159", "Q159", 3, "not an absolute IRI"),
        ("wd:Q159", "http://a b/", 3, "not an absolute IRI"),
        ("wd:Q159", "javascript:alert(1)", 3, "no http or https IRI"),
        ("wd:Q159", "file:///etc/passwd", 3, "no http or https IRI"),
        ("schema:sameAs", "owl:sameAs", 2, "cannot be owl:sameAs"),
        ("schema:sameAs", "rdf:type", 2, "cannot be <http"),
        (
            "\tsemapv:ManualMappingCuration\tA. Reader\tthe state",
            "",
            4,
            "mapping_justification is empty",
        ),
        ("A. Reader", "", 5, "Nobody has reviewed"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    table: Path, old: str, new: str, column: int, message: str
) -> None:
    """Both counted from 1, as an editor shows them."""
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(f"{old}", new), encoding="utf-8")
    with pytest.raises(LinkError) as caught:
        links.read(table)

    assert message in caught.value.message
    assert caught.value.place
    assert (caught.value.place.line, caught.value.place.column) == (7, column)


def test_a_missing_column_is_named(table: Path) -> None:
    """With the columns a table needs."""
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("object_id", "object"), encoding="utf-8")
    with pytest.raises(LinkError, match="no column object_id"):
        links.read(table)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """As is one that is not there."""
    path = tmp_path / "x.sssom.tsv"
    with pytest.raises(LinkError, match="cannot be read"):
        links.read(path)
    path.write_bytes(b"\xff")
    with pytest.raises(LinkError, match="cannot be read"):
        links.read(path)


def test_a_table_without_reviewers_counts_for_nothing(table: Path) -> None:
    """Proposals have no such column, so a copied file of them stops the build."""
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("reviewer_label", "x"), encoding="utf-8")
    with pytest.raises(LinkError, match="Nobody has reviewed"):
        links.read(table)
