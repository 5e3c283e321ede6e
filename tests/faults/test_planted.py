"""A planted fault inside a batch harms only the guilty unit, through the real doors of a real process.

The faults are planted where no desk could plant them for itself: as triggers in its database, which wake at a word.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from pathlib import Path
from typing import Any

import pytest

from tests.faults.busy import Busy, a_busy_desk
from tests.faults.findings import connected, half_written, kept, rows
from tests.faults.people import FIRST_CHAT, a_mail
from tests.faults.writers import MailWriters, SlackWriter, TelegramWriter

INNOCENT = 40
_TRIGGER = {
    "sqlite": "CREATE TRIGGER {name} BEFORE INSERT ON ticket WHEN NEW.subject LIKE '%{word}%' BEGIN {does}; END",
    "postgresql": (
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.subject LIKE '%{word}%' THEN {does}; END IF; RETURN NEW; END $$;"
        " CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON ticket {when} FOR EACH ROW EXECUTE FUNCTION {name}()"
    ),
}
AT_ONCE, AT_COMMIT = "", "DEFERRABLE INITIALLY DEFERRED"
# What each word sets off: a constraint, an error nobody expects, and a constraint that fails only at the COMMIT.
QUARANTINED = {
    "sqlite": {
        "rude": ("SELECT RAISE(ABORT, 'planted')", AT_ONCE),
        "odd": ("SELECT json('{')", AT_ONCE),
        "late": ("INSERT INTO planted_child VALUES (1)", AT_COMMIT),
    },
    "postgresql": {
        "rude": ("RAISE EXCEPTION 'planted' USING ERRCODE = '23514'", AT_ONCE),
        "odd": ("RAISE EXCEPTION 'planted'", AT_ONCE),
        "late": ("RAISE EXCEPTION 'planted' USING ERRCODE = '23514'", AT_COMMIT),
    },
}
# What passes: a disk that is full once, and a server that goes away in the middle of a COMMIT, once.
PUT_OFF = {
    "full": ("RAISE EXCEPTION 'planted' USING ERRCODE = '53100'", AT_ONCE),
    "lost": ("PERFORM pg_terminate_backend(pg_backend_pid())", AT_COMMIT),
}


def plant(database_url: str, word: str, does: str, when: str) -> None:
    """Make a word dangerous."""
    dialect = database_url.partition(":")[0]
    with connected(database_url) as opened:
        if dialect == "sqlite":
            opened.executescript(
                "CREATE TABLE IF NOT EXISTS planted_parent (id INTEGER PRIMARY KEY);"
                "CREATE TABLE IF NOT EXISTS planted_child"
                " (parent_id INT REFERENCES planted_parent (id) DEFERRABLE INITIALLY DEFERRED);"
            )
        opened.execute(_TRIGGER[dialect].format(name=f"planted_{word}", word=word, does=does, when=when))


def uproot(database_url: str, word: str) -> None:
    """Make it harmless again."""
    with connected(database_url) as opened:
        on = "" if database_url.startswith("sqlite") else " ON ticket"
        opened.execute(f"DROP TRIGGER planted_{word}{on}")


async def write_to_all(busy: Busy, words: list[str]) -> MailWriters:
    """Many mails at once with the guilty among them, and a guilty message of each kind on the other channels."""
    mails = [a_mail(number) for number in range(INNOCENT)]
    for place, word in enumerate(words):
        mails.insert(INNOCENT // 2, a_mail(1000 + place, sender="anna@held.example", subject=f"A {word} guest"))
    mail = MailWriters(busy.desk.smtp_port, deque(mails), connections=20)
    slack, telegram = SlackWriter(busy.slack), TelegramWriter(busy.telegram)
    for place, word in enumerate(words):
        telegram.say(range(place * 2, place * 2 + 1))
        # Each in a chat of its own, for what follows in the same chat joins the ticket there.
        busy.telegram.says(FIRST_CHAT + 10 + place, f"A {word} guest on Telegram")
    guests = [slack.tell(place, f"A {word} guest on Slack") for place, word in enumerate(words)]
    await asyncio.wait_for(
        asyncio.gather(mail.write_all(), slack.write_all(range(10, 20)), telegram.write_all(is_webhook=False), *guests),
        90,
    )
    assert kept(busy.database_url, "email") == Counter(range(INNOCENT))
    assert kept(busy.database_url, "slack") == Counter(range(10, 20))
    assert set(kept(busy.database_url, "telegram")) == {place * 2 for place, _ in enumerate(words)}
    return mail


async def test_a_guilty_unit_goes_to_quarantine_and_harms_no_other(fresh_url: str, tmp_path: Path) -> None:
    dialect = fresh_url.partition(":")[0]
    words = QUARANTINED[dialect]
    async with a_busy_desk(fresh_url, tmp_path) as busy:
        for word, (does, when) in words.items():
            plant(fresh_url, word, does, when)
        await busy.desk.start()
        mail = await write_to_all(busy, list(words))
        assert not mail.put_off
        caught = rows(fresh_url, "SELECT id, channel, error_id, reason FROM inbound WHERE outcome = 'quarantined'")
        assert Counter(channel for _, channel, *_ in caught) == {"email": 3, "slack": 3, "telegram": 3}
        assert all(error_id and reason for *_, error_id, reason in caught)
        assert rows(fresh_url, "SELECT count(*) FROM delivery WHERE kind = 'quarantined'") == [(9,)]
        assert half_written(fresh_url, busy.blobs) == []

        # Once the fault is mended, each of them can still become a ticket.
        for word in words:
            uproot(fresh_url, word)
        for number, *_ in caught:
            assert (await _requeued(busy, number)).get("outcome") == "opened"
        assert _guests(fresh_url) == 9
        assert half_written(fresh_url, busy.blobs) == []
        assert await busy.desk.stop() == 0


async def _requeued(busy: Busy, number: int) -> dict[str, Any]:
    """The reply to `requeue`, asked again as the desk says where a cause was in the way that passes."""
    reply = await busy.desk.console(op="requeue", number=number)
    for _ in range(5):
        if not reply.get("is_temporary"):
            break
        reply = await busy.desk.console(op="requeue", number=number)
    assert "outcome" in reply, reply
    return reply


def _guests(database_url: str) -> int:
    return int(rows(database_url, "SELECT count(*) FROM ticket WHERE subject LIKE 'A % guest%'")[0][0])


@pytest.mark.parametrize("word", PUT_OFF)
async def test_a_unit_that_meets_a_passing_fault_comes_again(word: str, postgres_server, tmp_path: Path) -> None:
    url = postgres_server.make()
    async with a_busy_desk(url, tmp_path) as busy:
        # A sequence counts also what is rolled back: each channel's message fails twice.
        with connected(url) as opened:
            opened.execute("CREATE SEQUENCE planted_count")
        does, when = PUT_OFF[word]
        plant(url, word, f"IF nextval('planted_count') <= 6 THEN {does}; END IF", when)
        await busy.desk.start()
        await write_to_all(busy, [word])
        assert rows(url, "SELECT count(*) FROM inbound WHERE outcome = 'quarantined'") == [(0,)]
        assert Counter(rows(url, "SELECT channel FROM ticket WHERE subject LIKE 'A % guest%'")) == Counter(
            [("email",), ("slack",), ("telegram",)]
        )
        assert half_written(url, busy.blobs) == []
        assert await busy.desk.stop() == 0
