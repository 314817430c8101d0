"""Fair use, the cache of answers, and who may write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.config import Settings
from parley.endpoint.access import check_exposure, check_write, is_loopback
from parley.endpoint.cache import AnswerCache
from parley.endpoint.limits import MAX_CLIENTS, FairUse, network_of
from parley.endpoint.messages import Request, Response
from parley.errors import ForbiddenError, SettingError, TooManyRequestsError, UnauthorizedError

BASE = "http://127.0.0.1:7878"


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def spend(fair_use: FairUse, client: str, seconds: float) -> None:
    """Run one query of a length."""
    with fair_use.admit(client) as ticket:
        ticket.engine_s = seconds


def test_a_client_has_so_many_places(clock: Clock) -> None:
    """One more than allowed at a time is refused, and a place that is left can be taken."""
    fair_use = FairUse(1, 60, clock)

    with fair_use.admit("a"), pytest.raises(TooManyRequestsError), fair_use.admit("a"):
        pass
    with fair_use.admit("a"):
        pass


def test_engine_seconds_run_out_and_come_back(clock: Clock) -> None:
    """A client that used its share waits as long as it is told, and is let in then."""
    fair_use = FairUse(1, 60, clock)
    spend(fair_use, "a", 65)

    with pytest.raises(TooManyRequestsError) as refused, fair_use.admit("a"):
        pass
    assert refused.value.retry_after_s == 6
    clock.now = 6
    spend(fair_use, "a", 0)


def test_clients_do_not_pay_for_each_other(clock: Clock) -> None:
    """What one uses up is not missing to another."""
    fair_use = FairUse(1, 60, clock)
    spend(fair_use, "a", 600)

    spend(fair_use, "b", 1)


def test_unused_seconds_do_not_add_up(clock: Clock) -> None:
    """After an hour of silence a client has a minute's share, not an hour's."""
    fair_use = FairUse(1, 60, clock)
    spend(fair_use, "a", 0)
    clock.now = 3600
    spend(fair_use, "a", 61)

    with pytest.raises(TooManyRequestsError), fair_use.admit("a"):
        pass


def test_the_clients_remembered_are_bounded(clock: Clock) -> None:
    """A flood of addresses does not fill the memory."""
    fair_use = FairUse(1, 60, clock)

    for number in range(MAX_CLIENTS + 10):
        spend(fair_use, f"client {number}", 0)

    assert len(fair_use._shares) == MAX_CLIENTS


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("somewhere", "somewhere"),
    ],
)
def test_a_network_is_one_client(client: str, network: str) -> None:
    """An IPv6 user has a whole /64 to choose addresses from, so that counts as one."""
    assert network_of(client) == network


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 15_000)), max_size=60))
def test_the_cache_never_holds_more_than_it_may(entries: list[tuple[str, int]]) -> None:
    """Whatever is put in, the bytes stay below the limit, and what is found is what was put."""
    cache = AnswerCache(100_000)

    for key, size in entries:
        cache.put(key, Response(200, b"x" * size))
        assert cache.figures.used_bytes <= 100_000


def test_the_cache_forgets_what_was_not_asked_for_longest() -> None:
    """An answer that was asked for again outlives one that was not."""
    cache = AnswerCache(8_000)
    for key in "abcdefgh":
        cache.put(key, Response(200))
    assert cache.get("a")

    cache.put("i", Response(200))

    assert [cache.get(key) is not None for key in "abi"] == [True, False, True]


def write(settings: Settings, **headers: str) -> None:
    """Ask whether a request with these headers may write."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    check_write(Request("POST", "/sparql", headers=named), settings, BASE)


OPEN = Settings(writable=True)
CLOSED = Settings(writable=True, token="secret")  # noqa: S106


def test_nobody_writes_to_a_server_that_is_not_writable() -> None:
    """Not even with a token."""
    with pytest.raises(ForbiddenError):
        write(Settings(token="secret"), authorization="Bearer secret")  # noqa: S106


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", "Basic secret", "Bearer secret2", "secret"]
)
def test_a_write_needs_the_token(authorization: str) -> None:
    """Without the token, or with another, a write is refused."""
    with pytest.raises(UnauthorizedError):
        write(CLOSED, authorization=authorization)


def test_the_token_lets_a_write_pass() -> None:
    """The scheme's case does not matter, and neither does the page it comes from."""
    write(CLOSED, authorization="bearer secret", origin="https://elsewhere.example")


@pytest.mark.parametrize("headers", [{}, {"origin": BASE}, {"origin": "http://localhost:7878"}])
def test_on_loopback_without_a_token_tools_and_own_pages_write(headers: dict[str, str]) -> None:
    """A command-line tool names no origin; our own pages name ours."""
    write(OPEN, **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://evil.example:7878", "host": "evil.example:7878"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_a_foreign_page_cannot_write_through_a_visitors_browser(headers: dict[str, str]) -> None:
    """Neither a form of another site nor one that rebinds its name to our address."""
    with pytest.raises(ForbiddenError):
        write(OPEN, **headers)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("127.9.9.9", True),
     ("0.0.0.0", False), ("192.168.1.2", False), ("example.org", False)],  # noqa: S104
)  # fmt: skip
def test_loopback_is_told_from_a_network(host: str, *, loopback: bool) -> None:
    """Only an address of this machine alone is loopback."""
    assert is_loopback(host) is loopback


def test_a_network_is_not_offered_writing_without_a_token() -> None:
    """Everybody who reaches the server could write."""
    with pytest.raises(SettingError):
        check_exposure(Settings(writable=True, host="0.0.0.0"))  # noqa: S104


@pytest.mark.parametrize(
    "settings",
    [
        Settings(host="0.0.0.0"),  # noqa: S104
        Settings(host="0.0.0.0", writable=True, token="secret"),  # noqa: S104, S106
        Settings(writable=True),
    ],
)
def test_reading_a_token_or_loopback_make_it_safe(settings: Settings) -> None:
    """A server that nobody unknown can write to is started."""
    check_exposure(settings)
