"""Several workspaces: each installs the app itself, brings its own token, and takes it away again."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.installing import INSTALL_PATH, REDIRECT_PATH, SCOPES, InstallPages
from bot.channels.slack.intake import Intake
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.slack.workspaces import Workspaces
from bot.clock import HandClock
from bot.errors import DeliveryDelayed
from bot.installations import StoredInstallations
from bot.messages import Handle, Notice, Outgoing
from bot.sealing import Seal
from bot.settings import SigningKeys
from bot.store import Query, Store
from tests.doubles.slack.workspace import SCOPES as GRANTED
from tests.unit.slack_ground import NOW, RecordingDesk, a_signer

Sent = dict[str, Any]
KEPT = Query("SELECT bot_token, refresh_token FROM slack_installation")
PLANTED = Query("UPDATE slack_installation SET bot_token = 'xoxb-planted'")
SECRET = SigningKeys({"aa": b"the secret of this desk"}, "aa")
OTHER_SECRET = SigningKeys({"bb": b"the secret of another one"}, "bb")


def a_seal(secret: SigningKeys = SECRET) -> Seal:
    return Seal(secret)


@dataclass
class Ground:
    pages: InstallPages
    workspaces: Workspaces
    service: Service
    sender: SlackSender
    clock: HandClock
    posts: list[tuple[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refreshes: dict[str, dict[str, Any]] = field(default_factory=dict)
    exchanged: list[str] = field(default_factory=list)

    async def get(self, path: str, query: str = "", cookie: str = "") -> tuple[int, dict[str, str], str]:
        """Open a page: status, headers, words."""
        sent: list[Sent] = []

        async def send(message: Any) -> None:
            sent.append(dict(message))

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        headers = [(b"cookie", cookie.encode())] if cookie else []
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
        await self.pages(scope, receive, send)
        shown = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], shown, html.unescape(sent[1]["body"].decode())

    async def installs(self, team: str, name: str) -> tuple[int, str]:
        """Somebody of a workspace goes through both pages and Slack's own between them."""
        self.codes[team] = {"team": {"id": team, "name": name}, "access_token": f"xoxb-{team}", "app_id": "A1"}
        _, headers, _ = await self.get(INSTALL_PATH)
        state = parse_qs(urlsplit(headers["location"]).query)["state"][0]
        cookie = headers["set-cookie"].partition(";")[0]
        status, _, words = await self.get(REDIRECT_PATH, f"code={team}&state={state}", cookie)
        return status, words


@pytest.fixture
async def ground(store: Store) -> AsyncIterator[Ground]:
    async with a_ground(store) as found:
        yield found


@asynccontextmanager
async def a_ground(store: Store) -> AsyncIterator[Ground]:
    clock = HandClock(NOW)

    async def method(request: web.Request) -> web.Response:
        name, token = request.match_info["method"], request.headers.get("Authorization", "").removeprefix("Bearer ")
        if name == "oauth.v2.access":
            form = {**request.query, **await request.post()}
            assert "Bearer" not in request.headers.get("Authorization", "")
            if form.get("grant_type") == "refresh_token":
                found.exchanged.append(str(form.get("refresh_token")))
                new = found.refreshes.pop(str(form.get("refresh_token")), None)
                return web.json_response(
                    {"ok": True, **new} if new else {"ok": False, "error": "invalid_refresh_token"}
                )
            granted = found.codes.pop(str(form.get("code")), None)
            return web.json_response({"ok": True, **granted} if granted else {"ok": False, "error": "invalid_code"})
        if name == "conversations.open":
            return web.json_response({"ok": True, "channel": {"id": "D1"}})
        found.posts.append((name, token))
        return web.json_response({"ok": bool(token), "error": "not_authed", "ts": "1.1"})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", method)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    workspaces = Workspaces(StoredInstallations(store, clock, a_seal()), clock)
    config = SlackConfig("", signing_secret="s" * 20, api_url=api_url, client_id="1.2", client_secret="a secret")
    service = Service(config, workspaces)
    pages = InstallPages(
        client_id="1.2",
        authorize_url="https://slack.com/oauth/v2/authorize",
        redirect_url="https://desk.example/slack/oauth_redirect",
        workspaces=workspaces,
        service=service,
        signer=a_signer(),
        clock=clock,
    )

    async def pause(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    sender = SlackSender(service, signer=a_signer(), pace=Pace(clock, pause))
    found = Ground(pages, workspaces, service, sender, clock)
    try:
        yield found
    finally:
        await service.close()
        await runner.cleanup()


def a_delivery(team: str) -> Outgoing:
    return Outgoing(1, f"k-{team}", Handle("slack", f"{team}:U1"), Notice("claimed", "", "Tom has it."))


def test_it_asks_for_what_the_manifest_asks_for() -> None:
    assert set(SCOPES) == set(GRANTED)


async def test_each_workspace_is_written_to_with_its_own_token(ground: Ground) -> None:
    assert await ground.installs("T1", "Acme") == (
        200,
        _said("Holdline is installed in Acme. Write `help` to it there."),
    )
    await ground.installs("T2", "<b>Nord & Co</b>")
    for team in ("T1", "T2", "T1"):
        await ground.sender.send(a_delivery(team))
    assert [token for name, token in ground.posts if name == "chat.postMessage"] == ["xoxb-T1", "xoxb-T2", "xoxb-T1"]


def _said(words: str) -> str:
    return f"<!doctype html><meta charset=utf-8><title>Holdline</title><p>{words}"


async def test_the_page_leads_to_slack_with_what_it_needs(ground: Ground) -> None:
    status, headers, _ = await ground.get(INSTALL_PATH)
    asked = parse_qs(urlsplit(headers["location"]).query)
    assert status == 302
    assert headers["location"].startswith("https://slack.com/oauth/v2/authorize?")
    assert asked["client_id"] == ["1.2"]
    assert asked["redirect_uri"] == ["https://desk.example/slack/oauth_redirect"]
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(headers["set-cookie"].split("; "))


@pytest.mark.parametrize("case", ["no cookie", "another cookie", "forged", "late", "no state", "refused"])
async def test_what_was_not_begun_here_installs_nothing(ground: Ground, case: str) -> None:
    ground.codes["T9"] = {"team": {"id": "T9"}, "access_token": "xoxb-T9"}
    _, headers, _ = await ground.get(INSTALL_PATH)
    state = parse_qs(urlsplit(headers["location"]).query)["state"][0]
    cookie = headers["set-cookie"].partition(";")[0]
    if case == "late":
        ground.clock.advance(timedelta(minutes=11))
    query = {
        "forged": f"code=T9&state={state[:-1]}{'a' if state[-1] != 'a' else 'b'}",
        "no state": "code=T9",
        "refused": f"error=access_denied&state={state}",
    }.get(case, f"code=T9&state={state}")
    given = {"no cookie": "", "another cookie": "holdline-slack-install=elsewhere"}.get(case, cookie)
    status, _, _ = await ground.get(REDIRECT_PATH, query, given)
    assert status == 400
    assert await ground.workspaces.token("T9") == ""


async def test_a_code_that_slack_does_not_know_installs_nothing(ground: Ground) -> None:
    _, headers, _ = await ground.get(INSTALL_PATH)
    state = parse_qs(urlsplit(headers["location"]).query)["state"][0]
    query = f"code=elsewhere&state={state}"
    status, _, _ = await ground.get(REDIRECT_PATH, query, headers["set-cookie"].partition(";")[0])
    assert status == 502


async def test_a_workspace_that_puts_us_out_is_written_to_no_more(ground: Ground) -> None:
    await ground.installs("T1", "Acme")
    desk = RecordingDesk()
    config = SlackConfig("", client_id="1.2", client_secret="a secret")
    intake = Intake(config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)
    event = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "app_uninstalled"}}
    assert (await intake.take(event)).status == 200
    assert await ground.workspaces.token("T1") == ""


async def test_installations_outlive_the_process(ground: Ground, store: Store) -> None:
    await ground.installs("T1", "Acme")
    again = Workspaces(StoredInstallations(store, ground.clock, a_seal()), ground.clock)
    assert await again.token("T1") == "xoxb-T1"
    assert await again.token("T2") == ""


# ---------------------------------------------------------------- tokens that end

HOURS_12 = 12 * 3600


def a_rotated(number: int, *, expires_in: object = HOURS_12) -> dict[str, Any]:
    return {"access_token": f"xoxe.xoxb-{number}", "refresh_token": f"xoxe-{number}", "expires_in": expires_in}


async def installed_with_rotation(ground: Ground) -> None:
    _, headers, _ = await ground.get(INSTALL_PATH)
    state = parse_qs(urlsplit(headers["location"]).query)["state"][0]
    ground.codes["T1"] = {"team": {"id": "T1", "name": "Acme"}, **a_rotated(1)}
    await ground.get(REDIRECT_PATH, f"code=T1&state={state}", headers["set-cookie"].partition(";")[0])


async def test_a_token_that_ends_is_exchanged_before(ground: Ground, store: Store) -> None:
    await installed_with_rotation(ground)
    ground.refreshes["xoxe-1"] = a_rotated(2, expires_in=str(HOURS_12))
    ground.clock.advance(timedelta(hours=9))
    assert await ground.workspaces.token("T1") == "xoxe.xoxb-1"
    assert ground.exchanged == []
    ground.clock.advance(timedelta(hours=2))
    await ground.sender.send(a_delivery("T1"))
    assert ground.posts[-1] == ("chat.postMessage", "xoxe.xoxb-2")
    assert ground.exchanged == ["xoxe-1"]
    # Kept, with what the next one is exchanged for.
    again = Workspaces(StoredInstallations(store, ground.clock, a_seal()), ground.clock)
    assert await again.token("T1") == "xoxe.xoxb-2"
    ground.refreshes["xoxe-2"] = a_rotated(3)
    ground.clock.advance(timedelta(hours=11))
    assert await ground.workspaces.token("T1") == "xoxe.xoxb-3"


async def test_of_two_processes_one_exchanges_and_the_other_uses_it(ground: Ground, store: Store) -> None:
    await installed_with_rotation(ground)
    ground.refreshes["xoxe-1"] = a_rotated(2)
    ground.clock.advance(timedelta(hours=11))
    other = Workspaces(StoredInstallations(store, ground.clock, a_seal()), ground.clock)
    other.exchange = ground.workspaces.exchange
    assert set(await asyncio.gather(ground.workspaces.token("T1"), other.token("T1"))) <= {"xoxe.xoxb-1", "xoxe.xoxb-2"}
    ground.clock.advance(timedelta(minutes=2))
    assert await ground.workspaces.token("T1") == await other.token("T1") == "xoxe.xoxb-2"


async def test_a_token_that_cannot_be_exchanged_now_is_used_and_asked_for_again(ground: Ground) -> None:
    await installed_with_rotation(ground)
    ground.clock.advance(timedelta(hours=11))
    assert await ground.workspaces.token("T1") == "xoxe.xoxb-1"
    ground.refreshes["xoxe-1"] = {"access_token": "xoxe.xoxb-2", "refresh_token": "xoxe-2", "expires_in": "soon"}
    ground.clock.advance(timedelta(minutes=2))
    assert await ground.workspaces.token("T1") == "xoxe.xoxb-1"
    ground.refreshes["xoxe-1"] = a_rotated(2)
    ground.clock.advance(timedelta(minutes=2))
    assert await ground.workspaces.token("T1") == "xoxe.xoxb-2"
    assert ground.exchanged == ["xoxe-1"] * 3


async def test_a_token_that_does_not_end_is_never_exchanged(ground: Ground) -> None:
    await ground.installs("T1", "Acme")
    ground.clock.advance(timedelta(days=400))
    assert await ground.workspaces.token("T1") == "xoxb-T1"
    assert ground.exchanged == []


# ---------------------------------------------------------------- tokens at rest


async def test_the_table_lets_nobody_write_as_the_app(ground: Ground, store: Store) -> None:
    await installed_with_rotation(ground)
    kept = await store.read(lambda tx: tx.one(KEPT))
    assert "xox" not in kept.bot_token + kept.refresh_token
    ground.refreshes["xoxe-1"] = a_rotated(2)
    ground.clock.advance(timedelta(hours=11))
    await ground.workspaces.token("T1")
    exchanged = await store.read(lambda tx: tx.one(KEPT))
    assert exchanged.bot_token != kept.bot_token and "xox" not in exchanged.bot_token + exchanged.refresh_token


async def test_under_another_secret_what_goes_out_waits_and_says_what_to_do(ground: Ground, store: Store) -> None:
    await ground.installs("T1", "Acme")
    other = Workspaces(StoredInstallations(store, ground.clock, a_seal(OTHER_SECRET)), ground.clock)
    ground.service._workspaces = other
    with pytest.raises(DeliveryDelayed, match=r"HOLDLINE_SECRET_KEY or var/secret\.key"):
        await ground.sender.send(a_delivery("T1"))
    assert [name for name, _ in ground.posts if name == "chat.postMessage"] == []
    # The workspace installs the app again, and all is well.
    await other.install({"team": {"id": "T1"}, "access_token": "xoxb-anew"})
    await ground.sender.send(a_delivery("T1"))
    assert ground.posts[-1] == ("chat.postMessage", "xoxb-anew")


async def test_under_another_secret_what_comes_in_is_heard(ground: Ground, store: Store) -> None:
    await ground.installs("T1", "Acme")
    ground.service._workspaces = Workspaces(
        StoredInstallations(store, ground.clock, a_seal(OTHER_SECRET)), ground.clock
    )
    desk = RecordingDesk()
    config = SlackConfig("", client_id="1.2", client_secret="a secret")
    intake = Intake(config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "It burns.", "ts": "1.2"}
    payload = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    assert (await intake.take({**payload, "authorizations": [{"team_id": "T1", "user_id": "UB"}]})).status == 200
    assert [message.text for message in desk.messages.values()] == ["It burns."]


async def test_secret_that_was_changed_on_purpose_still_opens(ground: Ground, store: Store) -> None:
    await ground.installs("T1", "Acme")
    both = SigningKeys({**SECRET.keys, **OTHER_SECRET.keys}, OTHER_SECRET.current)
    changed = Workspaces(StoredInstallations(store, ground.clock, a_seal(both)), ground.clock)
    assert await changed.token("T1") == "xoxb-T1"


async def test_token_that_somebody_planted_in_plain_is_not_used(ground: Ground, store: Store) -> None:
    await ground.installs("T1", "Acme")
    await store.run(lambda tx: tx.run(PLANTED))
    again = Workspaces(StoredInstallations(store, ground.clock, a_seal()), ground.clock)
    with pytest.raises(DeliveryDelayed, match="not sealed"):
        await again.token("T1")


# ---------------------------------------------------------------- a whole organisation (Enterprise Grid)

GRID = {"enterprise_id": "E1", "is_enterprise_install": True}


async def installed_by_organisation(ground: Ground, **rotation: Any) -> None:
    _, headers, _ = await ground.get(INSTALL_PATH)
    state = parse_qs(urlsplit(headers["location"]).query)["state"][0]
    whole = {"team": None, "enterprise": {"id": "E1", "name": "Acme Group"}, "is_enterprise_install": True}
    ground.codes["E1"] = {**whole, "access_token": "xoxb-E1", **rotation}
    status, _, words = await ground.get(
        REDIRECT_PATH, f"code=E1&state={state}", headers["set-cookie"].partition(";")[0]
    )
    assert (status, "Acme Group" in words) == (200, True)


def said_in(team: str, ts: str, **more: Any) -> dict[str, Any]:
    """A message in one of the organisation's workspaces, by somebody whose own workspace is another."""
    event = {"type": "message", "channel": "C1", "user": "U7", "text": "It burns.", "ts": ts, "team": "T2", **more}
    bot = {"team_id": None, "user_id": "UB", "is_bot": True, **GRID}
    return {"type": "event_callback", "team_id": team, "event_id": f"Ev{ts}", "event": event, "authorizations": [bot]}


def an_intake(ground: Ground, desk: RecordingDesk) -> Intake:
    config = SlackConfig("", client_id="1.2", client_secret="a secret")
    return Intake(config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)


async def test_an_organisations_token_speaks_in_each_of_its_workspaces(ground: Ground, store: Store) -> None:
    await installed_by_organisation(ground)
    desk = RecordingDesk()
    assert (await an_intake(ground, desk).take(said_in("T1", "1.1", user_team="T2", source_team="T2"))).status == 200
    (heard,) = desk.messages.values()
    assert (heard.sender.address, heard.place.conversation) == ("T2:U7", "T1:C1")
    await ground.sender.send(a_delivery("T1"))
    assert ground.posts[-1] == ("chat.postMessage", "xoxb-E1")
    # Kept: after a restart it is known before anybody writes again.
    again = Workspaces(StoredInstallations(store, ground.clock, a_seal()), ground.clock)
    assert (await again.token("T1"), await again.token("T9")) == ("xoxb-E1", "")


async def test_a_workspace_with_a_token_of_its_own_keeps_it(ground: Ground) -> None:
    await installed_by_organisation(ground)
    await ground.installs("T1", "Acme")
    await an_intake(ground, RecordingDesk()).take(said_in("T1", "1.1"))
    assert await ground.workspaces.token("T1") == "xoxb-T1"


async def test_a_workspace_that_is_not_said_to_be_the_organisations_gets_no_token(ground: Ground) -> None:
    await installed_by_organisation(ground)
    payload = said_in("T5", "1.1")
    payload["authorizations"] = [
        {"team_id": "T5", "user_id": "UB", "enterprise_id": "E1", "is_enterprise_install": False}
    ]
    await an_intake(ground, RecordingDesk()).take(payload)
    assert await ground.workspaces.token("T5") == ""


async def test_an_organisations_token_is_exchanged_once_for_all(ground: Ground) -> None:
    await installed_by_organisation(ground, **a_rotated(1))
    intake = an_intake(ground, RecordingDesk())
    for team, ts in (("T1", "1.1"), ("T2", "1.2")):
        await intake.take(said_in(team, ts))
    ground.refreshes["xoxe-1"] = a_rotated(2)
    ground.clock.advance(timedelta(hours=11))
    assert await ground.workspaces.token("T1") == await ground.workspaces.token("T2") == "xoxe.xoxb-2"
    assert ground.exchanged == ["xoxe-1"]


@pytest.mark.parametrize(
    "pressed",
    [
        {"type": "message_action", "callback_id": "make_ticket", "message": {"ts": "1.1", "user": "U7", "text": "Hi."}},
        {"type": "block_actions", "actions": [{"action_id": "show:0", "value": "forged"}]},
    ],
    ids=["shortcut", "button"],
)
async def test_a_press_that_names_no_workspace_is_its_persons(ground: Ground, pressed: dict[str, Any]) -> None:
    await installed_by_organisation(ground)
    desk = RecordingDesk()
    person = {"id": "U7", "team_id": "T1", "username": "ann"}
    whole = {"team": None, "enterprise": {"id": "E1", "name": "Acme Group"}, "is_enterprise_install": True}
    ack = await an_intake(ground, desk).take(
        {**pressed, **whole, "user": person, "channel": {"id": "C1"}, "trigger_id": "t"}
    )
    assert ack.status == 200 and desk.quarantined == []
    assert await ground.workspaces.token("T1") == "xoxb-E1"


async def test_an_organisation_that_puts_us_out_is_written_to_no_more(ground: Ground) -> None:
    await installed_by_organisation(ground)
    intake = an_intake(ground, RecordingDesk())
    await intake.take(said_in("T1", "1.1"))
    gone = {"type": "event_callback", "team_id": None, "event_id": "Ev9", "event": {"type": "app_uninstalled"}, **GRID}
    assert (await intake.take(gone)).status == 200
    ground.clock.advance(timedelta(minutes=2))
    assert (await ground.workspaces.token("T1"), await ground.workspaces.token("E1")) == ("", "")
