"""A mailbox that takes no password: access tokens by command and by endpoint, and the login with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient.exceptions import LoginError

from bot.channels.email.mailbox import Grant, Mailbox
from bot.channels.email.oauth import TokenDenied, Tokens
from bot.channels.email.poller import MailPoller
from bot.clock import HandClock
from bot.errors import ConfigError
from bot.pollers import StoredBookmarks
from bot.sealing import Seal
from bot.settings import SigningKeys
from bot.store import Query, Store
from tests.doubles.oauth import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, Provider, running_imap, running_provider

USER = "support@desk.example"
KEPT = Query("SELECT position_json FROM poller WHERE name = :name")


def a_seal() -> Seal:
    return Seal(SigningKeys({"aa": b"the secret of this desk"}, "aa"))


def another_seal() -> Seal:
    return Seal(SigningKeys({"bb": b"the secret of another one"}, "bb"))


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2024, 2, 5, 10, 0, tzinfo=UTC))


def by_refresh(provider: Provider, refresh_token: str = REFRESH_TOKEN) -> Grant:
    return Grant(token_url=provider.url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, refresh_token=refresh_token)


def printing(tmp_path: Path, *lines: str) -> Grant:
    """A command of the operator's."""
    script = tmp_path / "token.py"
    script.write_text("\n".join(("import pathlib, sys", *lines)))
    return Grant(command=f"{sys.executable} {script}")


def test_token_is_kept_until_a_minute_before_its_end(provider: Provider, clock: HandClock) -> None:
    tokens = Tokens(by_refresh(provider), clock)
    assert [tokens.token(), tokens.token()] == ["access-1", "access-1"]
    clock.advance(timedelta(seconds=3539))
    assert tokens.token() == "access-1"
    clock.advance(timedelta(seconds=1))
    assert tokens.token() == "access-2"


def test_rotated_refresh_token_is_used_from_then_on(provider: Provider, clock: HandClock) -> None:
    provider.is_rotating = True
    tokens = Tokens(by_refresh(provider), clock)
    for number in (1, 2, 3):
        assert tokens.token() == f"access-{number}"
        tokens.forget()
    assert [form["refresh_token"] for form in provider.asked] == ["refresh-0", "refresh-1", "refresh-2"]


def test_application_itself_is_let_in_where_there_is_no_refresh_token(provider: Provider, clock: HandClock) -> None:
    grant = Grant(
        token_url=provider.url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, scope="https://mail.example/.default"
    )
    assert Tokens(grant, clock).token() == "access-1"
    assert provider.asked[0]["grant_type"] == "client_credentials"


def test_refusal_is_told_by_its_code_and_tells_no_secret(provider: Provider, clock: HandClock) -> None:
    with pytest.raises(TokenDenied, match=r"^the token endpoint answered 400 invalid_grant$"):
        Tokens(by_refresh(provider, "stolen"), clock).token()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_endpoint_in_trouble_may_be_asked_again(provider: Provider, clock: HandClock, status: int) -> None:
    provider.fails_with = status
    tokens = Tokens(by_refresh(provider), clock)
    with pytest.raises(OSError, match=str(status)):
        tokens.token()
    provider.fails_with = 0
    assert tokens.token() == "access-1"


def test_endpoint_that_is_away_may_be_asked_again(clock: HandClock) -> None:
    with pytest.raises(OSError, match="refused"):
        Tokens(Grant(token_url="http://127.0.0.1:9/token", client_id="x"), clock).token()


@pytest.mark.parametrize(
    ("line", "token"),
    [("print('abc')", "abc"), ("""print('{"access_token": "abc", "expires_in": "3600"}')""", "abc")],
)
def test_command_prints_a_token_or_json(tmp_path: Path, clock: HandClock, line: str, token: str) -> None:
    assert Tokens(printing(tmp_path, line), clock).token() == token


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("sys.exit(3)", "the command ended with 3"),
        ("print('')", "no access token"),
        ("print('two words')", "no access token"),
        ("print('abc\\x01auth=x')", "no access token"),
        ("print('{broken')", "no JSON"),
        ("print('x' * 20_000)", "no access token"),
    ],
)
def test_command_that_gives_no_token_is_said_to(tmp_path: Path, clock: HandClock, line: str, why: str) -> None:
    with pytest.raises(TokenDenied, match=why):
        Tokens(printing(tmp_path, line), clock).token()


def test_command_that_is_not_there_is_said_to(clock: HandClock) -> None:
    for command in ("/nowhere/token", "'unclosed"):
        with pytest.raises(TokenDenied, match="cannot be run"):
            Tokens(Grant(command=command), clock).token()


def poller(port: int, grant: Grant, clock: HandClock) -> MailPoller:
    box = Mailbox("support", "127.0.0.1", port, "none", USER, grant=grant)
    return MailPoller(None, None, None, box, clock=clock)  # type: ignore[arg-type]


def test_mailbox_is_entered_with_a_token(provider: Provider, clock: HandClock) -> None:
    with running_imap(USER, {"access-1"}) as (port, shown):
        poller(port, by_refresh(provider), clock)._connect().logout()
        assert shown == ["access-1"]


def test_withdrawn_token_is_replaced_once(provider: Provider, clock: HandClock) -> None:
    with running_imap(USER, {"access-2"}) as (port, shown):
        poller(port, by_refresh(provider), clock)._connect().logout()
        assert shown == ["access-1", "access-2"]


def test_mailbox_that_takes_no_token_refuses(provider: Provider, clock: HandClock) -> None:
    with running_imap(USER, set()) as (port, shown):
        with pytest.raises(LoginError):
            poller(port, by_refresh(provider), clock)._connect()
        assert shown == ["access-1", "access-2"]


class Bookmark:
    """The one poller's place, kept in memory; it holds the lease so often, and then no longer."""

    def __init__(self, leases: int) -> None:
        self.leases, self.kept = leases, dict[str, int | str]()

    async def take(self, name: str) -> bool:
        self.leases -= 1
        return self.leases >= 0

    async def give_back(self, name: str) -> None:
        return None

    async def position(self, name: str) -> dict[str, int | str]:
        return self.kept

    async def save(self, name: str, position: dict[str, int | str]) -> None:
        self.kept = position


async def test_server_without_idle_is_asked_at_intervals_and_not_without_end(
    provider: Provider, clock: HandClock
) -> None:
    said: list[str] = []
    with running_imap(USER, {"access-1"}, said=said) as (port, _):
        box = Mailbox("support", "127.0.0.1", port, "none", USER, grant=by_refresh(provider), poll_seconds=0.2)
        begun = time.monotonic()
        reading = MailPoller(None, None, Bookmark(12), box, clock=clock)  # type: ignore[arg-type]
        await reading._read_mailbox()
        seconds = time.monotonic() - begun
        await reading.stop()
    looks = said.count("NOOP")
    assert 2 <= looks <= 12 and seconds >= 0.2 * (looks - 1)


async def entered(
    provider: Provider,
    clock: HandClock,
    store: Store,
    refresh_token: str = REFRESH_TOKEN,
    open_seal: Callable[[], Seal] = a_seal,
) -> None:
    """A poller of a process of its own enters the mailbox and ends."""
    with running_imap(USER, {f"access-{number}" for number in range(9)}) as (port, _):
        box = Mailbox("support", "127.0.0.1", port, "none", USER, grant=by_refresh(provider, refresh_token))
        reading = MailPoller(None, None, StoredBookmarks(store, clock), box, clock=clock, open_seal=open_seal)  # type: ignore[arg-type]
        try:
            client = await reading._enter()
            client.logout()
        finally:
            await reading.stop()


async def test_rotated_refresh_token_survives_a_restart(provider: Provider, clock: HandClock, store: Store) -> None:
    provider.is_rotating = True
    for _ in range(3):
        await entered(provider, clock, store)
    assert [form["refresh_token"] for form in provider.asked] == ["refresh-0", "refresh-1", "refresh-2"]


async def test_newly_configured_token_replaces_the_kept_one(provider: Provider, clock: HandClock, store: Store) -> None:
    provider.is_rotating = True
    await entered(provider, clock, store)
    provider.refresh_token = "granted-anew"
    await entered(provider, clock, store, "granted-anew")
    assert provider.asked[-1]["refresh_token"] == "granted-anew"


async def test_kept_token_that_ended_gives_way_to_the_configured_one(
    provider: Provider, clock: HandClock, store: Store
) -> None:
    provider.is_rotating = True
    await entered(provider, clock, store)
    provider.refresh_token, provider.is_rotating = REFRESH_TOKEN, False
    with running_imap(USER, {f"access-{number}" for number in range(9)}) as (port, _):
        box = Mailbox("support", "127.0.0.1", port, "none", USER, grant=by_refresh(provider))
        reading = MailPoller(None, None, StoredBookmarks(store, clock), box, clock=clock, open_seal=a_seal)  # type: ignore[arg-type]
        with pytest.raises(TokenDenied, match="invalid_grant"):
            await reading._enter()
        (await reading._enter()).logout()
        await reading.stop()
    assert [form["refresh_token"] for form in provider.asked] == ["refresh-0", "refresh-1", "refresh-0"]


async def test_refresh_token_is_sealed_at_rest(provider: Provider, clock: HandClock, store: Store) -> None:
    provider.is_rotating = True
    await entered(provider, clock, store)
    kept = await store.read(lambda tx: tx.one(KEPT, name="imap:support:token"))
    assert "sealed1." in kept.position_json and "refresh-1" not in kept.position_json


async def test_under_another_secret_the_configured_token_is_tried(
    provider: Provider, clock: HandClock, store: Store
) -> None:
    provider.is_rotating = True
    await entered(provider, clock, store)
    with running_imap(USER, {f"access-{number}" for number in range(9)}) as (port, _):
        box = Mailbox("support", "127.0.0.1", port, "none", USER, grant=by_refresh(provider))
        reading = MailPoller(None, None, StoredBookmarks(store, clock), box, clock=clock, open_seal=another_seal)  # type: ignore[arg-type]
        with pytest.raises(ConfigError, match="HOLDLINE_SECRET_KEY"):
            await reading._enter()
        provider.refresh_token = REFRESH_TOKEN
        (await reading._enter()).logout()
        await reading.stop()
    # What was kept then is sealed under the secret that the desk has now.
    await entered(provider, clock, store, open_seal=another_seal)
    assert [form["refresh_token"] for form in provider.asked] == ["refresh-0", "refresh-0", "refresh-2"]
