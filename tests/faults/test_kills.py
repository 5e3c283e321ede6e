"""`kill -9` at random while mails, Slack events and Telegram updates arrive: nothing acknowledged is lost or doubled.

The senders try again what was not acknowledged, as real ones do. Three consultants race for the tickets meanwhile, and
some holds run out while the desk is dead. Each round: two kills at random, then the books are read.
"""

from __future__ import annotations

import asyncio
import mailbox
import random
import re
import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.busy import Busy, a_busy_desk
from tests.faults.findings import change, half_written, kept, pass_time, rows
from tests.faults.people import INES, RAJ, a_mail
from tests.faults.running import RunningDesk, is_running, until
from tests.faults.writers import MailWriters, SlackWriter, TelegramWriter

MAILS, EVENTS, UPDATES = 500, 200, 200
KILLS = 2
LAPSES = 10
CLAIMS_MAX = 20
IS_YOURS = re.compile(r"Ticket (\d+) is yours:")


@dataclass
class Round:
    """One desk under load, and what was seen of it."""

    busy: Busy
    is_webhook: bool
    rng: random.Random
    mail: MailWriters
    slack: SlackWriter
    telegram: TelegramWriter
    lapsed: set[int] = field(default_factory=set)
    told_on_slack: list[int] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    in_flight: set[str] = field(default_factory=set)
    is_over: bool = False

    @property
    def taken(self) -> dict[str, set[int]]:
        return {
            "email": self.mail.acknowledged,
            "slack": self.slack.acknowledged,
            "telegram": self.telegram.acknowledged,
        }

    @property
    def count(self) -> int:
        return sum(map(len, self.taken.values()))

    async def write_all(self) -> None:
        await asyncio.gather(
            self.mail.write_all(),
            self.slack.write_all(range(EVENTS)),
            self.telegram.write_all(is_webhook=self.is_webhook),
        )

    # ------------------------------------------------------------ races for tickets

    async def claim_all(self) -> None:
        """Tom on Slack, Ines on Telegram and Raj by mail each claim whatever goes on offer, at the same moment."""
        while not self.is_over and len(self.claimed) < CLAIMS_MAX:
            found = rows(
                self.busy.database_url,
                "SELECT t.id FROM ticket t JOIN client c ON c.id = t.client_id"
                " WHERE c.code = 'OPEN' AND t.state = 'offered' ORDER BY t.id",
            )
            fresh = [ticket for (ticket,) in found if ticket not in self.claimed][:3]
            self.claimed.update(fresh)
            await asyncio.gather(*(self._race(ticket) for ticket in fresh))
            await asyncio.sleep(0.1)

    async def _race(self, ticket: int) -> None:
        self.busy.telegram.says(int(INES), f"/claim {ticket}")
        mail = a_mail(MAILS + ticket, sender=RAJ, body=f"claim {ticket}")
        raj = MailWriters(self.busy.desk.smtp_port, deque([mail]), connections=1)
        await asyncio.gather(raj.write_all(), self._claim_on_slack(ticket))

    async def _claim_on_slack(self, ticket: int) -> None:
        while not self.is_over:
            # Slack does not repeat a command; Tom types it again until he hears something.
            answer = await self.busy.slack.commands("U0TOM", f"/claim {ticket}")
            if answer.status == 200 and "busy just now" not in str(answer.body):
                self.told_on_slack += {int(each) for each in IS_YOURS.findall(str(answer.body))}
                return
            await asyncio.sleep(0.1)

    # ------------------------------------------------------------ the kill

    async def kill(self) -> None:
        """Kill it, look at what it left, let holds run out meanwhile, and start it again."""
        taken = {channel: set(numbers) for channel, numbers in self.taken.items()}
        below = await self.busy.desk.kill()
        url = self.busy.database_url
        for channel, numbers in taken.items():
            found = kept(url, channel)
            assert not numbers - set(found), f"acknowledged and lost on {channel}"
            assert max(found.values(), default=1) == 1, f"doubled on {channel}"
        assert half_written(url, self.busy.blobs) == []
        self.in_flight |= {key for (key,) in rows(url, "SELECT key FROM delivery WHERE state = 'leased'")}
        # A lease lasts a minute, which nobody shall wait for here.
        pass_time(url, "delivery.due_at", where="state = 'leased'")
        change(url, "UPDATE poller SET lease_until_at = NULL, holder = ''")
        held = rows(url, "SELECT id FROM ticket WHERE state = 'held' ORDER BY id")
        due = {ticket for (ticket,) in self.rng.sample(held, min(LAPSES, len(held)))} - self.lapsed
        if due:
            # Both, as time does: a chaser that comes first looks at the hold to set the step anew.
            for column in ("ticket.hold_until_at", "ticket.step_at"):
                pass_time(url, column, where=f"id IN ({', '.join(map(str, due))})")
            self.lapsed |= due
        await until(lambda: not any(map(is_running, below)), 5, "the dead desk's children end")
        await self.busy.desk.start()


async def test_nothing_acknowledged_is_lost_or_doubled(number: int, fresh_url: str, tmp_path: Path) -> None:
    seed = secrets.randbelow(10**9)
    print(f"seed {seed}")
    is_webhook = number % 2 == 1
    async with a_busy_desk(fresh_url, tmp_path, is_webhook=is_webhook) as busy:
        await busy.desk.start()
        round_ = a_round(busy, random.Random(seed), is_webhook)
        round_.telegram.say(range(UPDATES))
        writing = asyncio.create_task(round_.write_all())
        claiming = asyncio.create_task(round_.claim_all())
        total = MAILS + EVENTS + UPDATES
        for after in sorted(round_.rng.randrange(20, total - 20) for _ in range(KILLS)):
            await until(lambda after=after: round_.count >= after or writing.done(), 120, f"{after} of {total} arrive")
            await asyncio.sleep(round_.rng.random() / 20)
            await round_.kill()
        await asyncio.wait_for(writing, 120)
        await settle(round_)
        round_.is_over = True
        await claiming
        await assert_sound(round_)
        assert await busy.desk.stop() == 0
        assert "Traceback" not in busy.desk.whole_log


def a_round(busy: Busy, rng: random.Random, is_webhook: bool) -> Round:
    mails = deque(a_mail(each, rng=rng) for each in range(MAILS))
    return Round(
        busy,
        is_webhook,
        rng,
        MailWriters(busy.desk.smtp_port, mails),
        SlackWriter(busy.slack),
        TelegramWriter(busy.telegram),
    )


async def settle(round_: Round) -> None:
    """Return once everything that has fallen due was done."""
    url = round_.busy.database_url
    await until(lambda: not rows(url, "SELECT id FROM ticket WHERE step_at < '2026-02-01'"), 60, "what is due is done")


async def assert_sound(round_: Round) -> None:
    url = round_.busy.database_url
    for channel, expected in (("email", MAILS), ("slack", EVENTS), ("telegram", UPDATES)):
        found = kept(url, channel)
        assert found == Counter(range(expected)), channel
    assert half_written(url, round_.busy.blobs) == []
    lapsed = {ticket for (ticket,) in rows(url, "SELECT ticket_id FROM event WHERE kind = 'hold lapsed'")}
    assert lapsed == round_.lapsed, "each hold that ran out lapsed, and no other"
    for ticket, claimant in rows(url, "SELECT id, claimant_id FROM ticket WHERE state = 'claimed'"):
        told = told_of(round_, ticket)
        assert set(told) <= {claimant}, f"ticket {ticket} is {claimant}'s"
        assert sum(told.values()) <= 1, f"told twice of ticket {ticket}"


def told_of(round_: Round, ticket: int) -> Counter[int]:
    """By consultant: how often each was told that this claim was theirs."""
    ids = dict(rows(round_.busy.database_url, "SELECT member_number, id FROM consultant"))
    told: Counter[int] = Counter()
    told[ids["C-101"]] = round_.told_on_slack.count(ticket)
    texts = round_.busy.telegram.texts(int(INES))
    told[ids["C-102"]] = sum(ticket == int(each) for text in texts for each in IS_YOURS.findall(text))
    told[ids["C-103"]] = sum(ticket == each for each in told_by_mail(round_.busy.outgoing))
    return +told


def told_by_mail(maildir: Path) -> list[int]:
    """The tickets that mails say are somebody's; a mail that was sent again has the same name, and folds."""
    if not maildir.exists():
        return []
    texts: dict[str, str] = {}
    for mail in mailbox.Maildir(maildir):
        part = mail.get_payload(0) if mail.is_multipart() else mail
        texts[str(mail["Message-ID"])] = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
    return [int(each) for text in texts.values() for each in IS_YOURS.findall(text)]


async def test_killed_in_its_first_start_it_starts_all_the_same(number: int, tmp_path: Path) -> None:
    async with RunningDesk(tmp_path / "home") as desk:
        for _ in range(2):
            desk.launch()
            # Over the whole of a start: keys made, tables migrated, example people written, doors opened.
            await asyncio.sleep(random.random() * 2.5)
            await desk.kill()
        await desk.start()
        writers = MailWriters(desk.smtp_port, deque([a_mail(1)]))
        await asyncio.wait_for(writers.write_all(), 20)
        url = f"sqlite:///{desk.home}/var/holdline.db"
        assert kept(url, "email") == Counter([1])
        assert rows(url, "SELECT count(*) FROM client") == [(2,)]
        assert half_written(url, desk.home / "var/blobs") == []
