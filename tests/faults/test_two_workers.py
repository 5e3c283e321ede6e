"""Two processes on one PostgreSQL share the work: nothing is done twice, each race has one winner, one poller polls."""

from __future__ import annotations

import asyncio
import mailbox
import re
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.faults.busy import Busy, a_busy_desk, channels
from tests.faults.findings import change, connected, half_written, kept, pass_time, rows
from tests.faults.people import FIRST_CHAT, RAJ, a_mail, invite
from tests.faults.running import RunningDesk, until
from tests.faults.writers import MailWriters, TelegramWriter

RACES = 1_000
URGENT, CALM = 20, 40


@pytest.fixture
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.make()


@asynccontextmanager
async def two_desks(
    url: str, folder: Path, *roles: str, **environ: str
) -> AsyncIterator[tuple[RunningDesk, RunningDesk]]:
    """Two processes that share a database and the key they sign with, each with a folder and ports of its own."""
    shared = {"DATABASE_URL": url, "HOLDLINE_SECRET_KEY": "a-key-that-all-processes-of-one-desk-share", **environ}
    async with (
        RunningDesk(folder / "first", shared) as first,
        RunningDesk(folder / "second", shared) as second,
    ):
        yield first, second


# ---------------------------------------------------------------- steps, charges, digests, deliveries


def shut(url: str) -> None:
    """Give the client that has no lead hours which are over, so that what is urgent there is an off-hours contact."""
    now = datetime.now(UTC)
    opens, closes = now + timedelta(hours=5), now + timedelta(hours=6)
    hours = f"Mon-Sun {opens:%H}:00-{closes:%H}:00" if opens.hour < closes.hour else "Mon-Sun 12:00-13:00"
    assert change(url, f"UPDATE client SET hours = '{hours}' WHERE code = 'OPEN'") == 1


async def test_what_falls_due_is_done_once(url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(invite, url, tmp_path)
    shut(url)
    async with two_desks(url, tmp_path, HOLDLINE_TIMES_GRACE_MINUTES="0") as desks:
        await asyncio.gather(*(desk.start() for desk in desks))
        await write_to_both(desks)
        held = [ticket for (ticket,) in rows(url, "SELECT id FROM ticket WHERE state = 'held'")]
        told = "SELECT ticket_id FROM contact_charge WHERE notified_at IS NOT NULL ORDER BY id"
        await until(lambda: len(rows(url, told)) == URGENT, 30, "every price is told")

        # All at once: the holds run out, a person takes what is urgent, a digest falls due.
        pass_time(url, "ticket.step_at", where="state = 'held'")
        pass_time(url, "consultant.digest_at")
        claims = [a_mail(5000 + ticket, sender=RAJ, body=f"claim {ticket}") for (ticket,) in rows(url, told)]
        # The same mail reaches both at the same moment, as from a sender that was impatient.
        await asyncio.gather(*(MailWriters(desk.smtp_port, deque(claims), 5).write_all() for desk in desks))
        await until(lambda: not rows(url, "SELECT 1 FROM contact_charge WHERE outcome = ''"), 40, "all are billed")
        await until(lambda: not rows(url, "SELECT 1 FROM ticket WHERE step_at < '2026-02-01'"), 40, "all have climbed")
        await until(lambda: _sent(tmp_path, "image/png"), 40, "the digest is sent")
        await asyncio.gather(*(desk.stop() for desk in desks))
        for desk in desks:
            assert "Traceback" not in desk.whole_log

    assert half_written(url, tmp_path / "none") == []
    lapsed = Counter(ticket for (ticket,) in rows(url, "SELECT ticket_id FROM event WHERE kind = 'hold lapsed'"))
    assert lapsed == Counter(held)
    assert rows(url, "SELECT count(*), sum(units) FROM charge") == [(URGENT, URGENT * 5)]
    assert rows(url, "SELECT outcome, count(*) FROM contact_charge GROUP BY 1") == [("billed", URGENT)]
    assert rows(url, "SELECT count(*) FROM delivery WHERE kind = 'contact_charged'") == [(URGENT,)]
    assert rows(url, "SELECT count(*) FROM event WHERE kind = 'claimed'") == [(URGENT,)]
    assert rows(url, "SELECT count(*) FROM digest") == [(1,)]
    sent = _sent(tmp_path)
    assert max(sent.values()) == 1, "a mail was sent twice"


async def write_to_both(desks: tuple[RunningDesk, RunningDesk]) -> None:
    urgent = [
        a_mail(number, sender="ole@open.example", subject=f"URGENT: server {number} is down, need help within the hour")
        for number in range(URGENT)
    ]
    calm = [a_mail(100 + number, sender="anna@held.example") for number in range(CALM)]
    for desk, mails in zip(desks, (urgent[::2] + calm[::2], urgent[1::2] + calm[1::2]), strict=True):
        await MailWriters(desk.smtp_port, deque(mails)).write_all()


def _sent(folder: Path, word: str = "") -> Counter[str]:
    """The names of the mails that both sent, with how often each was."""
    found: Counter[str] = Counter()
    for maildir in folder.glob("*/var/outgoing"):
        found.update(str(mail["Message-ID"]) for mail in mailbox.Maildir(maildir, create=False) if word in str(mail))
    return found


# ---------------------------------------------------------------- races


async def test_each_of_a_thousand_races_has_one_winner(url: str, tmp_path: Path) -> None:
    async with a_busy_desk(url, tmp_path) as busy, RunningDesk(tmp_path / "second") as second:
        first = busy.desk
        second.environ |= channels(second, busy.slack, busy.telegram, is_webhook=False) | {"DATABASE_URL": url}
        first.roles = second.roles = ("web",)
        await asyncio.gather(first.start(), second.start())
        busy.slack.person("una")
        make_races(url)
        tickets = deque(ticket for (ticket,) in rows(url, "SELECT id FROM ticket ORDER BY id"))
        outcomes: dict[int, tuple[str, str]] = {}
        wins = [0, 0]

        async def race_all() -> None:
            while tickets:
                ticket = tickets.popleft()
                lead = wins[0] - wins[1]
                outcomes[ticket] = await asyncio.gather(
                    claim(busy, first, "U0TOM", ticket, head_start(lead)),
                    claim(busy, second, "U0UNA", ticket, head_start(-lead)),
                )
                wins[_winner(ticket, outcomes[ticket])] += 1

        await asyncio.wait_for(asyncio.gather(*(race_all() for _ in range(8))), 240)
        assert await asyncio.gather(first.stop(), second.stop()) == [0, 0]

    assert len(outcomes) == RACES
    winners: Counter[str] = Counter()
    for ticket, answers in outcomes.items():
        won = _winner(ticket, answers)
        # The loser is told who, and when.
        winner, loser = ("Tom Becker", "Una Storm")[won], answers[1 - won]
        assert winner in loser and re.search(r"\d\d:\d\d", loser), loser
        winners[winner] += 1
    assert rows(url, "SELECT count(*), count(DISTINCT ticket_id) FROM event WHERE kind = 'claimed'") == [(RACES, RACES)]
    assert rows(url, "SELECT count(*) FROM ticket WHERE state = 'claimed' AND version = 3") == [(RACES,)]
    assert rows(url, "SELECT count(*) FROM delivery WHERE kind = 'claimed'") == [(RACES,)]
    # It was a race: neither process was always first.
    assert min(winners.values()) > RACES // 50, winners


def head_start(lead: int) -> float:
    """Seconds that a process waits for the other: a slower one would lose every race before it began."""
    return max(0, lead) / 2_000


def _winner(ticket: int, answers: tuple[str, str]) -> int:
    is_won = [f"Ticket {ticket} is yours:" in answer for answer in answers]
    assert is_won.count(True) == 1, answers
    return is_won.index(True)


def make_races(url: str) -> None:
    """Tickets that both may claim, and nobody else wants."""
    with connected(url) as opened:
        opened.execute(
            "INSERT INTO consultant (member_number, name, role, zone, hours, expertise, status, pay_basis_points,"
            " language, failures, created_at, version) SELECT 'C-104', 'Una Storm', role, zone, hours, expertise,"
            " status, pay_basis_points, language, 0, now(), 1 FROM consultant WHERE member_number = 'C-101'"
        )
        opened.execute(
            "INSERT INTO handle (channel, address, display_name, consultant_id, verified_at, rank, is_dead, created_at)"
            " SELECT 'slack', 'T0TEAM:U0UNA', '', id, now(), 1, false, now() FROM consultant"
            " WHERE member_number = 'C-104'"
        )
    columns = _ticket_columns(url)
    given = {
        "client_id": "c.id",
        "contact_id": "h.contact_id",
        "handle_id": "h.id",
        "channel": "'email'",
        "conversation": "'support@desk.example'",
        "thread": "''",
        "subject": "'A race'",
        "state": "'offered'",
        "rule": "'a test'",
        "expertise": "'printers'",
        "opened_at": "now()",
        "step": "1",
        "step_at": "now() + interval '1 hour'",
        "version": "2",
    }
    assert set(given) <= columns
    with connected(url) as opened:
        opened.execute(
            f"INSERT INTO ticket ({', '.join([*given, *_NEEDED])})"
            f" SELECT {', '.join([*given.values(), *_NEEDED.values()])} FROM client c, handle h,"
            f" generate_series(1, {RACES}) WHERE c.code = 'OPEN' AND h.address = 'ole@open.example'"
        )
        opened.execute(
            "INSERT INTO offer (ticket_id, consultant_id, step, offered_at, answer) SELECT t.id, s.id, 1, now(), ''"
            " FROM ticket t, consultant s WHERE s.member_number IN ('C-101', 'C-104')"
        )


_NEEDED = {
    "priority": "'P3'",
    "priced_priority": "'P3'",
    "why_json": "'[]'",
    "is_booked": "false",
    "is_direct": "false",
    "is_billing_on_hold": "false",
    "chasers": "0",
    "sequence": "0",
    "failures": "0",
}


def _ticket_columns(url: str) -> set[str]:
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = 'ticket'"
    return {name for (name,) in rows(url, sql)}


async def claim(busy: Busy, desk: RunningDesk, person: str, ticket: int, wait: float) -> str:
    """Type the command at one of the two, `wait` seconds from now; returns what the person reads."""
    await asyncio.sleep(wait)
    workspace = busy.slack.workspace
    form = {
        "team_id": "T0TEAM",
        "channel_id": workspace.direct(person),
        "user_id": person,
        "command": "/claim",
        "text": str(ticket),
        "trigger_id": workspace.new_trigger(),
        "response_url": f"{busy.slack.api.base_url}/response/1",
    }
    attempt = await busy.slack.requests.deliver(f"{desk.web}/slack/commands", "command", form, 0)
    assert attempt.status == 200, attempt
    return attempt.body


# ---------------------------------------------------------------- pollers


async def test_two_pollers_take_turns(url: str, tmp_path: Path) -> None:
    async with a_busy_desk(url, tmp_path) as busy, RunningDesk(tmp_path / "second") as second:
        first = busy.desk
        second.environ |= channels(second, busy.slack, busy.telegram, is_webhook=False) | {"DATABASE_URL": url}
        first.roles = second.roles = ("telegram",)
        await first.start()
        await second.start()
        telegram = TelegramWriter(busy.telegram)
        telegram.say(range(20))
        await asyncio.wait_for(telegram.write_all(is_webhook=False), 20)
        await until(lambda: "another worker polls" in second.log, 20, "the second waits")

        # The first ends and gives the lease back: the second goes on at once, without a word lost.
        assert await first.stop() == 0
        telegram.say(range(20, 40))
        await asyncio.wait_for(telegram.write_all(is_webhook=False), 30)

        # The second is killed and gives nothing back: its lease runs out, and the first takes it.
        await second.kill()
        await first.start()
        telegram.say(range(40, 60))
        await until(lambda: "another worker polls" in first.log, 20, "the first waits")
        assert len(busy.telegram.pending) == 20
        pass_time(url, "poller.lease_until_at")
        await asyncio.wait_for(telegram.write_all(is_webhook=False), 30)
        assert await first.stop() == 0

        assert kept(url, "telegram") == Counter(range(60))
        conflicts = [call for call in busy.telegram.calls if "Conflict" in (call.error or "")]
        assert conflicts == [], "two polled at the same time"
        assert busy.telegram.chats[FIRST_CHAT] is not None
