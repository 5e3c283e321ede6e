"""The web app: health, readiness, metrics, mounts and what it refuses; over real sockets where the server matters."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import migrate
from bot.counts import CountedDesk, CountedSender, Counts
from bot.errors import ConfigError, DeliveryDelayed, DeliveryRefused, TemporaryError
from bot.health import Check, Lag, lag, readiness
from bot.messages import Answer, CardView, Handle, InboundMessage, Notice, Order, Outgoing, Place, Receipt, RemoteRef
from bot.settings import RoleStatus
from bot.store import Store, Tx
from bot.web.app import App, Probes, WebApp, status_page
from bot.web.metrics import page
from bot.web.server import WebServer

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ROLES = [
    RoleStatus("web", True, "http://127.0.0.1:8080/"),
    RoleStatus("slack", False, "no <token>", "set SLACK_BOT_TOKEN"),
]


def an_app(
    checks: Sequence[Check] = (), mounts: dict[str, App] | None = None, *, token: str = "", body_bytes_max: int = 1000
) -> WebApp:
    async def readiness() -> Sequence[Check]:
        return checks

    async def metrics() -> bytes:
        return page(Counts(), writer_waiting=0, lag=None, roles_on={})

    return WebApp(Probes(lambda: ROLES, readiness, metrics, token), mounts, body_bytes_max=body_bytes_max)


def client(app: WebApp, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 40000))
    return httpx.AsyncClient(transport=transport, base_url="http://desk.example")


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def served() -> AsyncIterator[tuple[WebServer, httpx.AsyncClient]]:
    server = WebServer(an_app(mounts={"/slack/events": echo}), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as http:
        yield server, http
    await server.stop()


async def test_alive_ready_and_status_answer() -> None:
    async with client(an_app([Check("database", True, "answers")])) as http:
        assert (await http.get("/healthz")).text == "alive\n"
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["is_ready"]) == (200, True)
        assert (await http.get("/nowhere")).status_code == 404
        assert (await http.head("/healthz")).content == b""


async def test_one_failed_check_is_503_and_named() -> None:
    app = an_app([Check("database", True, "answers"), Check("revision", False, "at 0001, this code needs 0002")])
    async with client(app) as http:
        ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["revision"] == {"is_ok": False, "detail": "at 0001, this code needs 0002"}


async def test_what_is_configured_is_shown_at_this_machine_only() -> None:
    async with client(an_app()) as http:
        here = (await http.get("/")).text
    async with client(an_app(), "203.0.113.9") as http:
        abroad = (await http.get("/")).text
    assert "SLACK_BOT_TOKEN" in here
    assert "no &lt;token&gt;" in here
    assert "SLACK" not in abroad
    assert "The desk is running" in abroad


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("DELETE", "/metrics"), ("PUT", "/healthz")])
async def test_pages_take_get_only(method: str, path: str) -> None:
    async with client(an_app()) as http:
        refused = await http.request(method, path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


async def test_mount_gets_its_exact_path_and_a_capped_body() -> None:
    async with client(an_app(mounts={"/slack/events": echo})) as http:
        assert (await http.post("/slack/events", content=b"x" * 1000)).content == b"x" * 1000
        assert (await http.post("/slack/events", content=b"x" * 1001)).status_code == 413
        assert (await http.post("/slack/events/", content=b"x")).status_code == 404


async def test_mount_by_the_first_part_gets_everything_below_it_and_nothing_beside() -> None:
    async with client(an_app(mounts={"/slack": echo})) as http:
        answers = [(await http.post(path, content=b"x")).status_code for path in ("/slack/events", "/slack", "/slacks")]
    assert answers == [200, 200, 404]


async def test_body_without_a_stated_length_is_capped_too(served: tuple[WebServer, httpx.AsyncClient]) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 100

    _, http = served
    assert len((await http.post("/slack/events", content=pieces(10))).content) == 1000
    over = await http.post("/slack/events", content=pieces(11))
    assert over.status_code == 500  # the mounted handler saw its sender go


async def test_stopping_desk_sends_webhooks_away_and_is_not_ready() -> None:
    app = an_app(mounts={"/slack/events": echo})
    app.is_stopping = True
    async with client(app) as http:
        away = await http.post("/slack/events", content=b"x")
        assert (away.status_code, away.headers["retry-after"]) == (503, "10")
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/healthz")).status_code == 200


async def test_every_answer_carries_security_headers_and_no_server_name(
    served: tuple[WebServer, httpx.AsyncClient],
) -> None:
    _, http = served
    for answer in (await http.get("/"), await http.post("/slack/events", content=b"x"), await http.get("/nowhere")):
        assert "server" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_serving_leaves_the_signal_handlers_alone(served: tuple[WebServer, httpx.AsyncClient]) -> None:
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


async def test_stopping_ends_what_is_under_way_first() -> None:
    gate, is_in = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        is_in.set()
        await gate.wait()
        await echo(scope, receive, send)

    server = WebServer(an_app(mounts={"/slack/events": slow}), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as http:
        request = asyncio.create_task(http.post("/slack/events", content=b"late"))
        await is_in.wait()
        stopping = asyncio.create_task(server.stop())
        gate.set()
        assert (await request).content == b"late"
        await stopping
        with pytest.raises(httpx.ConnectError):
            await http.get("/healthz")


async def test_a_port_in_use_is_a_fault_with_a_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = WebServer(an_app(), "127.0.0.1", taken.getsockname()[1])
        with pytest.raises(ConfigError, match="HOLDLINE_WEB_PORT"):
            await server.start()


async def test_metrics_may_ask_for_a_token() -> None:
    async with client(an_app(token="t" * 16)) as http:
        assert (await http.get("/metrics")).status_code == 401
        assert (await http.get("/metrics", headers={"authorization": "Bearer no"})).status_code == 401
        assert (await http.get("/metrics", headers={"authorization": f"Bearer {'t' * 16}"})).status_code == 200


def test_metrics_page_is_what_prometheus_reads() -> None:
    counts = Counts()
    counts.inbound["email", "opened"] = 3
    counts.deliveries['we"ird\\\n', "sent"] = 2
    text = page(counts, writer_waiting=5, lag=Lag(7, 1.5, 0), roles_on={"web": True, "slack": False}).decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    (inbound,) = families["holdline_inbound"].samples
    assert (inbound.labels, inbound.value) == ({"channel": "email", "outcome": "opened"}, 3)
    (delivery,) = families["holdline_deliveries"].samples
    assert delivery.labels["channel"] == 'we"ird\\\n'
    assert [(one.labels["of"], one.value) for one in families["holdline_due_lag_seconds"].samples] == [
        ("delivery", 1.5),
        ("step", 0),
    ]
    assert [one.value for one in families["holdline_role"].samples] == [1, 0]
    assert families["process_resident_memory_bytes"].samples[0].value > 1_000_000


def test_status_page_without_rows_has_no_table() -> None:
    assert "<table>" not in status_page(())


async def test_a_migrated_store_is_ready_and_another_revision_is_not(store: Store) -> None:
    assert all(check.is_ok for check in await readiness(store, head=migrate.head()))
    checks = {check.name: check.is_ok for check in await readiness(store, head="9999")}
    assert checks == {"database": True, "revision": False, "writer": True}
    swamped = {check.name: check.is_ok for check in await readiness(store, head=migrate.head(), waiting_max=-1)}
    assert not swamped["writer"]


def test_lag_counts_from_the_oldest_due_row(store: Store) -> None:
    assert store.read_sync(lambda tx: lag(tx, NOW)) == Lag(0, 0, 0)

    def unit(tx: Tx) -> None:
        for minutes in (5, 2, -3):
            due = NOW - timedelta(minutes=minutes)
            tx.insert("delivery", key=f"k{minutes}", due_at=due, created_at=NOW)
        tx.insert("delivery", key="sent", due_at=None, created_at=NOW)
        tx.insert("ticket", step_at=NOW - timedelta(seconds=30), opened_at=NOW)

    store.run_sync(unit)
    # 3 wait, the oldest for 5 minutes.
    assert store.read_sync(lambda tx: lag(tx, NOW)) == Lag(3, 300, 30)


class BorderDesk:
    """Answers as told, at the border that channels see."""

    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome

    async def receive(self, message: InboundMessage) -> Receipt:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Receipt(*self.outcome)

    async def obey(self, order: Order) -> Answer:
        return Answer("", is_ok=bool(self.outcome))

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        return Receipt("quarantined", 1)

    async def requeue(self, number: int) -> Receipt:
        return Receipt("opened", number)

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        return None

    async def hear_of(self, news: object) -> None:
        return None

    async def accepts(self, address: str) -> bool:
        return True


ANNA = Handle("email", "anna@acme-dental.example")
MESSAGE = InboundMessage("email", "k", ANNA, NOW, "x", Place("email", "desk"))
ORDER = Order("slack", "k", ANNA, "queue", NOW, Place("slack", "T:C"))


async def test_messages_and_commands_are_counted_by_outcome() -> None:
    counts = Counts()
    for outcome in [("opened", 1), ("opened", 2), ("opened", 1, None, True)]:
        await CountedDesk(BorderDesk(outcome), counts).receive(MESSAGE)
    with pytest.raises(TemporaryError):
        await CountedDesk(BorderDesk(TemporaryError("locked")), counts).receive(MESSAGE)
    await CountedDesk(BorderDesk(True), counts).obey(ORDER)
    await CountedDesk(BorderDesk(False), counts).obey(ORDER)
    await CountedDesk(BorderDesk(None), counts).quarantine("email", b"", "poison")
    assert counts.inbound == {
        ("email", "opened"): 2,
        ("email", "replayed"): 1,
        ("email", "delayed"): 1,
        ("email", "quarantined"): 1,
    }
    assert counts.commands == {("slack", "done"): 1, ("slack", "refused"): 1}


class BorderSender:
    channel = "email"

    def __init__(self, fault: Exception | None) -> None:
        self.fault = fault

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        if self.fault:
            raise self.fault
        return RemoteRef("c", "m")

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        return await self.send(Outgoing(1, "k", ANNA, Notice("x", "", "")))

    async def close(self) -> None: ...


async def test_sends_are_counted_by_what_became_of_them() -> None:
    counts = Counts()
    outgoing = Outgoing(1, "k", ANNA, Notice("x", "", ""))
    card = CardView(1, 1, "", (), "", Place("email", "x"))
    await CountedSender(BorderSender(None), counts).send(outgoing)
    await CountedSender(BorderSender(None), counts).show(card, None)
    for fault in (DeliveryDelayed("later"), DeliveryRefused("never")):
        with pytest.raises(type(fault)):
            await CountedSender(BorderSender(fault), counts).send(outgoing)
    assert counts.deliveries == {
        ("email", "sent"): 1,
        ("email", "card shown"): 1,
        ("email", "delayed"): 1,
        ("email", "refused"): 1,
    }
