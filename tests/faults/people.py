"""Who is at the desk in these tests, and their mails: written with a number, so that each can be looked for."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from bot.books import buy_credit
from bot.clock import SystemClock
from bot.importing.door import import_file
from bot.store import open_store
from tests.faults.running import DESK, GATEWAY

SLACK_PEOPLE, TELEGRAM_PEOPLE = 20, 20
FIRST_CHAT = 7000
TOM, INES, RAJ = "T0TEAM:U0TOM", "7901", "raj@network.example"

# The last client has a lead with the first right, for half an hour; everybody who chats is a contact of it.
_STAFF = f"""
[[consultant]]
member_number = "M-1"
name = "Maria Rossi"
role = "manager"
zone = "UTC"
email = "maria@desk.example"

[[consultant]]
member_number = "C-101"
name = "Tom Becker"
zone = "UTC"
expertise = ["printers"]
slack = "{TOM}"

[[consultant]]
member_number = "C-102"
name = "Ines Duarte"
zone = "UTC"
expertise = ["printers"]
telegram = "{INES}"

[[consultant]]
member_number = "C-103"
name = "Raj Patel"
zone = "UTC"
expertise = ["printers"]
email = "{RAJ}"

[[client]]
code = "HELD"
name = "Held Dental"
zone = "UTC"
hours = "Mon-Sun 00:00-24:00"
lead = "C-103"
hold_minutes = 30
manager = "M-1"
plan = "per-use"
domains = ["held.example"]

[[client.contact]]
name = "Anna Kim"
role = "owner"
email = "anna@held.example"
"""
# All three are asked at once, and may race.
_NOBODYS = """
[[client]]
code = "OPEN"
name = "Open Water"
zone = "UTC"
hours = "Mon-Sun 00:00-24:00"
manager = "M-1"
plan = "per-use"
domains = ["open.example"]

[[client.contact]]
name = "Ole Berg"
role = "owner"
email = "ole@open.example"
"""


def people_toml() -> str:
    """The desk's people as `holdline import` reads them."""
    chats = [
        f'\n[[client.contact]]\nname = "Chat {number}"\nrole = "requester"\ntelegram = "{FIRST_CHAT + number}"\n'
        for number in range(TELEGRAM_PEOPLE)
    ]
    slack = [
        f'\n[[client.contact]]\nname = "Slack {number}"\nrole = "requester"\nslack = "T0TEAM:U0S{number}"\n'
        for number in range(SLACK_PEOPLE)
    ]
    return _STAFF + "".join(chats + slack) + _NOBODYS


def invite(database_url: str, folder: Path) -> None:
    """Put them into a migrated database."""
    file = folder / "people.toml"
    file.write_text(people_toml())
    store = open_store(database_url)
    try:
        import_file(
            store, file, now=SystemClock().now(), is_applied=True, buy_credit=buy_credit, digest_time=time(7, 30)
        )
    finally:
        store.close_sync()


@dataclass(frozen=True)
class Mail:
    """One mail as a sender keeps it until it is acknowledged."""

    number: int
    sender: str
    raw: bytes
    files: int = 0


def a_mail(
    number: int, *, rng: random.Random | None = None, sender: str = "", subject: str = "", body: str = ""
) -> Mail:
    """A mail of that number: from a contact or a stranger, some with a file, some with one too large for a row."""
    rng = rng or random.Random(number)
    senders = ["anna@held.example", "ole@open.example", f"stranger{number}@elsewhere.example"]
    sender = sender or rng.choices(senders, [12, 1, 7])[0]
    files = [size for size in (rng.choice([0, 0, 0, 0, 0, 0, 2_000, 2_000, 2_000, 100_000]),) if size]
    lines = [
        f"Authentication-Results: {GATEWAY}; dmarc=pass header.from={sender.partition('@')[2]}",
        f"From: Somebody <{sender}>",
        f"To: {DESK}",
        f"Subject: {subject or f'Mail number {number}: the printer jams'}",
        f"Message-ID: <{number}@writer.example>",
        "Date: Sun, 22 Nov 2026 10:00:00 +0000",
        "MIME-Version: 1.0",
    ]
    text = body or subject or f"Mail number {number}. The printer in the front office jams on every page."
    if files:
        content = base64.encodebytes(rng.randbytes(files[0])).decode()
        lines += ['Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", text, "--b"]
        lines += ["Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"]
        lines += [f'Content-Disposition: attachment; filename="file-{number}.bin"', "", content, "--b--"]
    else:
        lines += ["Content-Type: text/plain; charset=utf-8", "", text]
    raw = "\r\n".join("\n".join(lines).split("\n")).encode() + b"\r\n"
    return Mail(number, sender, raw, len(files))
