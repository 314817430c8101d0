"""Every setting is shown where people look for it: the README, `/health`, the description."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import RDF, Graph

from parley.config import SettingRow, Settings, setting_rows
from parley.endpoint.description import LIMITS, WORKINGS
from parley.namespaces import SCHEMA

from .conftest import ROOT

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ROWS: Final = {row.name: row for row in setting_rows()}
#: What a stranger is not told: addresses, secrets, and what is said elsewhere; with the reason.
UNSHOWN: Final = {
    "host": "an address",
    "port": "an address",
    "base_url": "every document says it",
    "engine": "an address, which may hold a name",
    "service_allow": "addresses; how many there are is said",
    "writable": "a member of its own in /health, and SPARQL 1.1 Update in the description",
    "token": "a secret",
    "draft_model_url": "of drafting, not of the server",
    "draft_model": "of drafting, not of the server",
    "draft_model_key": "a secret",
    "draft_model_timeout_s": "of drafting, not of the server",
}
#: Words for the unit at the end of a name.
UNITS: Final = {"s": "econds", "bytes": "bytes", "rows": "Solutions"}


def test_each_setting_is_a_limit_a_working_or_unshown_for_a_reason() -> None:
    """A new setting belongs to one of the three, or this fails."""
    kinds = [*LIMITS, *WORKINGS, *UNSHOWN]

    assert sorted(kinds) == sorted(ROWS)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_the_readme_has_name_default_and_meaning_in_one_row(row: SettingRow) -> None:
    """The whole row, as the code has it."""
    value = "empty" if row.default in ("", ()) else f"`{row.default}`"
    text = (ROOT / "server" / "README.md").read_text(encoding="utf-8")

    assert f"| `{row.variable}` | {value} | {row.help} |" in text


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_a_number_has_its_unit_or_counts_something(row: SettingRow) -> None:
    """The end of the name is the unit, and the help says it in words; a whole number counts."""
    if not isinstance(row.default, int | float) or isinstance(row.default, bool):
        return
    ending = row.name.rpartition("_")[2]

    assert UNITS.get(ending, "") in row.help
    assert isinstance(row.default, int) or ending == "s"


@pytest.mark.parametrize("name", [*LIMITS, *WORKINGS])
def test_health_shows_the_value_that_holds(client: FlaskClient, name: str) -> None:
    """Name and value, as set and not as by default."""
    settings = client.application.extensions["parley"].service.settings

    assert client.get("/health").get_json()["limits"][name] == getattr(settings, name)


def test_health_shows_no_more_settings_than_that(client: FlaskClient) -> None:
    """Neither secrets nor addresses."""
    health = client.get("/health")

    assert set(health.get_json()["limits"]) == {*LIMITS, *WORKINGS}
    assert client.application.extensions["parley"].service.settings.token not in health.text


def test_the_description_has_each_limit_with_value_and_meaning(client: FlaskClient) -> None:
    """A client reads in RDF what it may ask for."""
    body = client.get("/sparql", headers={"Accept": "text/turtle"}).data
    graph = Graph().parse(data=body, format="turtle")
    found = {
        str(graph.value(node, SCHEMA.name)): (
            graph.value(node, SCHEMA.value).toPython(),  # type: ignore[union-attr]
            str(graph.value(node, SCHEMA.description)),
        )
        for node in graph.subjects(RDF.type, SCHEMA.PropertyValue)
    }
    settings = client.application.extensions["parley"].service.settings

    assert found == {name: (getattr(settings, name), ROWS[name].help) for name in LIMITS}


def test_what_an_error_calls_a_limit_is_its_value() -> None:
    """The help of every setting is one sentence, and no two are alike."""
    helps = [row.help for row in ROWS.values()]

    assert len(set(helps)) == len(helps) == len(dataclasses.fields(Settings))
    assert all(re.fullmatch(r"[A-Z][^\n]*\.", text) for text in helps)
