"""The desk reads its mailbox at a real Dovecot: no mail twice, none lost, whatever happens to the mailbox meanwhile."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient

from bot.channels.email.oldmail import UNREAD_MAX
from tests.faults.findings import half_written, kept, rows
from tests.faults.people import a_mail
from tests.faults.running import RunningDesk, until
from tests.faults.test_poison import nested
from tests.programs.conftest import mailbox_settings
from tests.programs.servers import MAIL_UID, PASSWORD, Dovecot

SUPPORT = "support@desk.example"
# Far less than the 20 s after which the desk looks without being told.
IDLE_SECONDS = 8.0


@contextmanager
def another_client(dovecot: Dovecot) -> Iterator[IMAPClient]:
    """Somebody else at the same mailbox."""
    client = IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False)
    client.login(SUPPORT, PASSWORD)
    client.select_folder("INBOX")
    yield client
    client.logout()


def drop(dovecot: Dovecot, *numbers: int) -> None:
    dovecot.drop(SUPPORT, *(a_mail(number).raw for number in numbers))


def seen(dovecot: Dovecot) -> list[bool]:
    """Which mails are marked as read, oldest first."""
    with another_client(dovecot) as client:
        flags = client.get_flags(client.search())
        return [b"\\Seen" in flags[uid] for uid in sorted(flags)]


async def has(desk: RunningDesk, *numbers: int, seconds: float = 20) -> None:
    """Wait until exactly these mails are on tickets, each once."""
    url = desk.environ["DATABASE_URL"]
    await until(lambda: set(kept(url, "email")) >= set(numbers), seconds, f"{numbers} are read")
    assert kept(url, "email") == Counter(numbers)


async def test_what_is_unread_is_read_then_marked_and_what_comes_comes_at_once(
    desk: RunningDesk, dovecot: Dovecot
) -> None:
    drop(dovecot, 1, 2)
    with another_client(dovecot) as client:
        # Read before the desk came: somebody has dealt with it.
        client.add_flags([1], [b"\\Seen"])
    desk.environ |= mailbox_settings(dovecot)
    async with desk:
        await desk.start()
        await has(desk, 2)
        await until(lambda: seen(dovecot) == [True, True], 10, "it is marked as read")

        begun = time.monotonic()
        drop(dovecot, 3)
        await has(desk, 2, 3, seconds=IDLE_SECONDS)
        assert time.monotonic() - begun < IDLE_SECONDS, "IDLE tells of a new mail"

        # Poison lies in the mailbox, and does not block what lies behind it.
        dovecot.drop(SUPPORT, nested(3_000).raw, a_mail(4).raw)
        await has(desk, 2, 3, 4)
        quarantined = "SELECT count(*) FROM inbound WHERE outcome = 'quarantined'"
        assert rows(desk.environ["DATABASE_URL"], quarantined) == [(1,)]
        await until(lambda: all(seen(dovecot)), 10, "everything is marked as read")

        # In the middle of IDLE a stop is as quick as any other.
        begun = time.monotonic()
        assert await desk.stop() == 0
        assert time.monotonic() - begun < IDLE_SECONDS
        assert "Traceback" not in desk.log


async def test_what_another_client_does_loses_and_doubles_nothing(desk: RunningDesk, dovecot: Dovecot) -> None:
    drop(dovecot, 1)
    desk.environ |= mailbox_settings(dovecot)
    async with desk:
        await desk.start()
        await has(desk, 1)
        await desk.stop()

        # While the desk is away somebody reads one mail, files another away, and brings an old one back.
        drop(dovecot, 2, 3, 4)
        with another_client(dovecot) as client:
            client.add_flags([2], [b"\\Seen"])
            client.create_folder("Elsewhere")
            client.move([3], "Elsewhere")
            client.copy([1], "Elsewhere")
            client.move([1], "Elsewhere")
            client.select_folder("Elsewhere")
            client.move(client.search(), "INBOX")
        await desk.start()
        await has(desk, 1, 2, 3, 4)

        # The mail server restarts, and later gives the mailbox other numbers, in the middle of everything.
        dovecot.stop()
        dovecot.start()
        drop(dovecot, 5)
        await has(desk, 1, 2, 3, 4, 5, seconds=40)
        dovecot.stop()
        dovecot.forget_uids(SUPPORT)
        drop_unseen(dovecot, 6)
        dovecot.start()
        drop(dovecot, 7)
        await has(desk, 1, 2, 3, 4, 5, 6, 7, seconds=40)
        assert await desk.stop() == 0
        assert half_written(desk.environ["DATABASE_URL"], desk.home / "var/blobs") == []


def drop_unseen(dovecot: Dovecot, number: int) -> None:
    """Put a mail into the Maildir while no server runs, and let somebody have read it already."""
    name = f"{time.time():.6f}.elsewhere:2,S"
    path = dovecot.maildir(SUPPORT) / "cur" / name
    path.write_bytes(a_mail(number).raw)
    shutil.chown(path, MAIL_UID, MAIL_UID)


async def test_mails_are_moved_once_they_are_committed(desk: RunningDesk, dovecot: Dovecot) -> None:
    drop(dovecot, 1, 2)
    desk.environ |= mailbox_settings(dovecot, HOLDLINE_IMAP_AFTER="move", HOLDLINE_IMAP_MOVE_TO="Done")
    async with desk:
        await desk.start()
        await has(desk, 1, 2)
        drop(dovecot, 3)
        await has(desk, 1, 2, 3)
        await until(lambda: len(dovecot.mails(SUPPORT, "Done")) == 3, 10, "they are moved")
        await until(lambda: dovecot.mails(SUPPORT) == [], 10, "none is left where they came")
        # Brought back by somebody, they are moved again and are no new tickets.
        with another_client(dovecot) as client:
            client.select_folder("Done")
            client.move(client.search(), "INBOX")
        drop(dovecot, 4)
        await until(lambda: len(dovecot.mails(SUPPORT, "Done")) == 4, 30, "they are moved again")
        await has(desk, 1, 2, 3, 4)
        assert await desk.stop() == 0


async def test_a_mailbox_with_a_past_is_asked_about_and_then_read_silently(desk: RunningDesk, dovecot: Dovecot) -> None:
    old = range(UNREAD_MAX + 1)
    drop(dovecot, *old)
    desk.environ |= mailbox_settings(dovecot)
    url = desk.environ["DATABASE_URL"]
    async with desk:
        await desk.start()
        asked = "SELECT count(*) FROM event WHERE kind = 'channel: asks'"
        await until(lambda: rows(url, asked) == [(1,)], 30, "a manager is asked how far back to go")
        drop(dovecot, 500)
        await has(desk, 500, seconds=30)
        assert seen(dovecot) == [*(False for _ in old), True]
        await desk.stop()

        told = rows(url, "SELECT count(*) FROM delivery")
        desk.environ["HOLDLINE_IMAP_GO_BACK"] = "3d"
        await desk.start()
        await has(desk, *old, 500, seconds=60)
        assert rows(url, "SELECT state, count(*) FROM ticket GROUP BY state ORDER BY 2 DESC")[0] == ("closed", len(old))
        assert rows(url, "SELECT count(*) FROM delivery") == told, "nobody is told of old mail"
        assert seen(dovecot) == [*(False for _ in old), True]
        await desk.stop()

        # Once is enough; and the mailbox goes on as any other.
        await desk.start()
        drop(dovecot, 501)
        await has(desk, *old, 500, 501, seconds=30)
        assert rows(url, asked) == [(1,)]
        assert await desk.stop() == 0


async def test_kills_in_the_middle_of_a_full_mailbox_lose_and_double_nothing(
    desk: RunningDesk, dovecot: Dovecot
) -> None:
    numbers = range(60)
    drop(dovecot, *numbers)
    desk.environ |= mailbox_settings(dovecot)
    url = desk.environ["DATABASE_URL"]
    async with desk:
        for part in (random.randrange(1, 25), random.randrange(25, 55)):
            await desk.start()
            await until(lambda part=part: len(kept(url, "email")) >= part, 30, f"{part} are read")
            await desk.kill()
            assert half_written(url, desk.home / "var/blobs") == []
        await desk.start()
        await has(desk, *numbers, seconds=40)
        await until(lambda: all(seen(dovecot)), 10, "everything is marked as read")
        assert await desk.stop() == 0


async def test_what_comes_after_a_broken_first_look_is_read_though_somebody_reads_it_first(
    desk: RunningDesk, dovecot: Dovecot
) -> None:
    numbers = range(60)
    drop(dovecot, *numbers)
    desk.environ |= mailbox_settings(dovecot)
    url = desk.environ["DATABASE_URL"]
    async with desk:
        await desk.start()
        await until(lambda: len(kept(url, "email")) >= 1, 30, "the first look is under way")
        await desk.kill()
        assert len(kept(url, "email")) < len(numbers)
        drop(dovecot, len(numbers))
        with another_client(dovecot) as client:
            client.add_flags([max(client.search())], [b"\\Seen"])
        await desk.start()
        await has(desk, *numbers, len(numbers), seconds=40)
        assert await desk.stop() == 0


async def test_a_wrong_password_stops_the_mailbox_alone(desk: RunningDesk, dovecot: Dovecot) -> None:
    desk.environ |= mailbox_settings(dovecot, HOLDLINE_IMAP_PASSWORD="wrong") | {"HOLDLINE_SMTP_IS_ON": "true"}
    async with desk:
        await desk.start()
        await until(lambda: "mailbox refuses the password" in desk.log, 20, "it is said")
        assert (await desk.get("/healthz"))[0] == 200
        begun = time.monotonic()
        assert await desk.stop() == 0
        assert time.monotonic() - begun < IDLE_SECONDS
