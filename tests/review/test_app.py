"""The doors of a review: who is let in, what they answer, what other sites' pages cannot do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from parley.web.review.access import Keys
from parley.web.review.app import create_review_app

from .conftest import CLAIM, SLUG

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from parley.drafting.review.reviews import Review

KEYS = Keys(8123)
HOST = {"Host": "127.0.0.1:8123"}
OWN = {**HOST, "X-Parley-Review": "1", "Origin": "http://127.0.0.1:8123"}
HOME = f"/review/{SLUG}"


@pytest.fixture
def stranger(review: Review) -> FlaskClient:
    """A client without the cookie."""
    return create_review_app(review, KEYS).test_client()


@pytest.fixture
def client(stranger: FlaskClient) -> FlaskClient:
    """A client that has traded the token for the cookie."""
    answer = stranger.post("/review/key", json={"token": KEYS.token}, headers=OWN)
    assert answer.status_code == 204
    stranger.set_cookie(KEYS.cookie, KEYS.seal, domain="127.0.0.1")
    return stranger


def get(client: FlaskClient, path: str) -> Any:
    """Return what a door answers."""
    answer = client.get(path, headers=HOST, base_url="http://127.0.0.1:8123")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def post(client: FlaskClient, path: str, body: Any, **headers: str) -> TestResponse:
    """Send JSON to a door."""
    return client.post(path, json=body, headers={**OWN, **headers}, base_url=OWN["Origin"])


def test_the_page_holds_nothing_of_the_document(stranger: FlaskClient) -> None:
    """Without the key the page is an empty desk, and may be framed or cached by nobody."""
    answer = stranger.get(HOME, headers=HOST)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "Tajikistan" not in page
    assert KEYS.token not in page
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_sites(stranger: FlaskClient) -> None:
    """It is HttpOnly, SameSite=Strict, named after the port, and is not the token."""
    answer = post(stranger, "/review/key", {"token": KEYS.token})
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("parley-review-8123=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert KEYS.token not in cookie


@pytest.mark.parametrize("door", ["document", "state", "things"])
def test_nothing_is_read_without_the_cookie(stranger: FlaskClient, door: str) -> None:
    """The data answer 401 with the way in."""
    answer = stranger.get(f"{HOME}/{door}", headers=HOST)

    assert answer.status_code == 401
    assert "parley review has printed" in answer.get_json()["remedy"]


@pytest.mark.parametrize("token", ["", "x", None, 7, "…"], ids=repr)
def test_another_token_opens_nothing(stranger: FlaskClient, token: object) -> None:
    """Only the token of this run is traded."""
    assert post(stranger, "/review/key", {"token": token}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"X-Parley-Review": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1:9"}, 403),
    ],
    ids=lambda value: str(value),
)
def test_another_site_changes_nothing(
    client: FlaskClient, claims_ttl: Path, headers: dict[str, str], status: int
) -> None:
    """A request that our own page would not send is refused, cookie or not."""
    revision = get(client, f"{HOME}/state")["revision"]
    before = claims_ttl.read_bytes()
    body = json.dumps({"revision": revision, "act": "reject", "claim": f"{CLAIM}4a"})
    given = {**OWN, "Content-Type": "application/json", **headers}
    answer = client.post(
        f"{HOME}/decisions", data=body, headers=given, base_url="http://127.0.0.1:8123"
    )

    assert answer.status_code == status
    assert claims_ttl.read_bytes() == before


def test_a_decision_answers_with_the_new_state(client: FlaskClient) -> None:
    """Counts go on, the revision is another, and the decision can be undone."""
    before = get(client, f"{HOME}/state")
    body = {"revision": before["revision"], "act": "accept", "claim": f"{CLAIM}4a"}
    after = post(client, f"{HOME}/decisions", body).get_json()
    undone = post(client, f"{HOME}/undo", {"revision": after["revision"]}).get_json()

    assert (before["counts"]["done"], after["counts"]["done"]) == (0, 1)
    assert after["undo"] == "accepted 4a"
    assert undone["revision"] == before["revision"]
    assert undone["claims"] == before["claims"]


def test_a_stale_tab_gets_a_conflict_with_what_changed(client: FlaskClient) -> None:
    """409, and the changes in words."""
    old = get(client, f"{HOME}/state")["revision"]
    post(client, f"{HOME}/decisions", {"revision": old, "act": "reject", "claim": f"{CLAIM}3a"})
    answer = post(
        client, f"{HOME}/decisions", {"revision": old, "act": "accept", "claim": f"{CLAIM}4a"}
    )

    assert answer.status_code == 409
    assert answer.get_json()["changes"] == ["3a is gone"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({"revision": 1}, 400),
        ({"revision": "", "act": "accept"}, 409),
        ({"revision": "NOW", "act": "publish"}, 422),
        ({"revision": "NOW", "act": "accept", "claim": f"{CLAIM}99a"}, 422),
        ({"revision": "NOW", "act": "edit", "claim": f"{CLAIM}4a", "change": []}, 200),
        ({"revision": "NOW", "act": "edit", "claim": f"{CLAIM}4a", "change": [1]}, 422),
        ({"revision": "NOW", "act": "edit", "claim": f"{CLAIM}4a", "change": {"start": 1}}, 422),
    ],
    ids=repr,
)
def test_nonsense_is_the_senders_fault(client: FlaskClient, body: Any, status: int) -> None:
    """Whatever is sent, the answer is a problem of its sender, never an error of ours."""
    if isinstance(body, dict) and body.get("revision") == "NOW":
        body = {**body, "revision": get(client, f"{HOME}/state")["revision"]}

    assert post(client, f"{HOME}/decisions", body).status_code == status


def test_only_three_files_are_borrowed(client: FlaskClient) -> None:
    """The style sheet of the other pages is there; nothing beside what is used."""
    found = [client.get(f"/shared/{n}", headers=HOST).status_code for n in ("app.css", "page.js")]

    assert found == [200, 404]


def test_what_can_be_picked_has_claims_on_it(client: FlaskClient) -> None:
    """A known proposition comes with its parts and with who affirms it."""
    things = get(client, f"{HOME}/things")
    mediated = "https://w3id.org/parley/id/proposition/tajikistan-mediates-contacts"
    known = next(p for p in things["propositions"] if p["iri"] == mediated)
    relation = {"iri": "https://w3id.org/parley/relation/mediates", "label": "mediates"}

    assert known["stands"] == [
        {
            "claim": "https://w3id.org/parley/id/claim/iras-3036/11c",
            "key": "11c",
            "document": "iras-3036",
            "claimants": ["Alireza Nouri"],
            "polarity": "positive",
        }
    ]
    assert ["relation", relation] in known["parts"]


def test_an_error_of_the_home_is_shown_with_its_place(
    client: FlaskClient, claims_ttl: Path
) -> None:
    """A file that somebody has broken meanwhile is named with its line."""
    claims_ttl.write_text("claim:4a a pl:Claim", encoding="utf-8")
    answer = client.get(f"{HOME}/state", headers=HOST, base_url="http://127.0.0.1:8123")

    assert answer.status_code == 400
    assert "claims.ttl" in answer.get_json()["detail"]
