"""The catalogue of queries: headers read, parameters understood, faults named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.corpus import queries
from parley.corpus.queries import Parameter
from parley.errors import QueryFileError
from parley.home import Home

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
# # Claims on an actor
#
# **Question:** What is claimed about an actor,
#   and by whom?
# **Parameters:**
#   actor (pl:Actor): about whom = plid:actor/taliban
#   number: how many
# **Target:** view

# not part of the header
PREFIX pl: <https://w3id.org/parley/ns#>
prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT * WHERE { ?actor a pl:Actor }
"""


def write(tmp_path: Path, text: str | bytes, name: str = "on-an-actor") -> Path:
    """Write a query file and return its path."""
    path = tmp_path / "queries" / "examples" / f"{name}.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def test_the_header_is_the_documentation(tmp_path: Path) -> None:
    """Title, question, parameters with type and default, and any other field."""
    query = queries.read(write(tmp_path, TEXT))

    assert (query.name, query.title) == ("on-an-actor", "Claims on an actor")
    assert query.question == "What is claimed about an actor,\nand by whom?"
    assert query.parameters == (
        Parameter("actor", "pl:Actor", "about whom", "plid:actor/taliban"),
        Parameter("number", "", "how many", ""),
    )
    assert query.field("target") == "view"
    assert query.field("nothing", "otherwise") == "otherwise"
    assert query.text == TEXT
    assert query.prefixes == {
        "pl": "https://w3id.org/parley/ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }


def test_a_folder_is_read_by_file_name(tmp_path: Path) -> None:
    """A folder that is not there holds none."""
    for name in ("b", "a"):
        write(tmp_path, TEXT, name)

    assert [query.name for query in queries.load(Home(tmp_path), "examples")] == ["a", "b"]
    assert queries.load(Home(tmp_path), "rules") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "does not say what it asks"),
        ("# # Title\nSELECT * {}", "does not say what it asks"),
        ("# **Question:** Why?\nSELECT * {}", "does not say what it asks"),
        ("# # T\n# **Problem:** P\n# **Parameters:**\n#   (x)\n", "'(x)' is no parameter"),
        (b"# # caf\xe9", "cannot be read"),
    ],
)
def test_a_file_that_does_not_say_what_it_asks_is_refused(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    """A query without words is of no use to a reader."""
    with pytest.raises(QueryFileError) as caught:
        queries.read(write(tmp_path, text))

    assert message in caught.value.message


def test_every_query_of_the_home_can_be_read(home: Home) -> None:
    """Competency questions, examples, joins with others, rules, checks and views."""
    folders = ("competency", "examples", "federation", "rules", "checks", "views")
    found = {folder: queries.load(home, folder) for folder in folders}

    assert all(found.values())
