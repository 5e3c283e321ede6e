"""Mails to send: about 5 KB each, the same for the same number, and a fifth of them with a file.

Of 20, 11 are text and HTML, 5 text alone (one of them ISO-8859-1) and 4 carry a small attachment. A reply names its
parent in In-Reply-To and References and quotes text; nothing else tells its ticket.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

DESK_ADDRESS = "support@desk.example"
PERSONS = 200
CLIENTS = 10
_WORDS = re.findall(
    r"\w+",
    "invoice printer login password refund order delivery shipment broken error screen account update upgrade license "
    "server email network payment billing contract customer support urgent please help cannot since yesterday after "
    "the with and our your we they this that attached report details number device charge monthly annual plan cancel "
    "renew question",
)
_NAMES = (
    "Ana",
    "Björn",
    "Chloé",
    "Dmitri",
    "Eve",
    "Fátima",
    "Gül",
    "Hana",
    "Ivan",
    "José",
    "Kim",
    "Léa",
    "Olga",
    "Pál",
)
_FIRST_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def address_of(person: int) -> str:
    """The address of one of the PERSONS who write."""
    return f"person{person:04d}@customer.example"


def message_id(number: int, series: str, *, is_reply: bool = False) -> str:
    return f"<{'r' if is_reply else 'm'}-{series}-{number:08d}@customer.example>"


def mail(number: int, series: str, *, is_reply: bool = False, is_known: bool = True) -> bytes:
    """Mail `number` of a series, or a reply to it; a series has names of its own. is_known: from a person above."""
    chance = random.Random(f"{series}/{number}/{is_reply}")
    person = number % PERSONS
    built = EmailMessage()
    sender = address_of(person) if is_known else address_of(person).replace("customer", "stranger")
    built["From"] = f'"{_NAMES[person % len(_NAMES)]} Customer" <{sender}>'
    built["To"] = DESK_ADDRESS
    subject = f"{' '.join(chance.choices(_WORDS, k=3))} {series} {number:06d}"
    subject += " – Überprüfung nötig" if number % 11 == 0 else ""
    if is_reply:
        built["In-Reply-To"] = built["References"] = message_id(number, series)
    built["Subject"] = f"Re: {subject}" if is_reply else subject
    built["Message-ID"] = message_id(number, series, is_reply=is_reply)
    built["Date"] = format_datetime(_FIRST_AT + timedelta(seconds=37 * number))
    for hop in range(3):
        built["Received"] = (
            f"from mx{hop}.customer.example (mx{hop}.customer.example [192.0.2.{hop + 1}]) by in{hop}.desk.example"
            f" with ESMTPS id {chance.getrandbits(60):015x}; Mon, 05 Jan 2026 09:00:0{hop} +0000"
        )
    _fill(built, chance, number % 20, _quoted(chance) if is_reply else "")
    for order, part in enumerate(part for part in built.walk() if part.is_multipart()):
        part.set_boundary(f"=_{series}{number:08d}_{order}")
    return built.as_bytes()


def half_replies(count: int, series: str, *, is_known: bool = True) -> list[bytes]:
    """`count` mails: first the new ones, then as many replies to them."""
    new = count - count // 2
    opening = [mail(number, series, is_known=is_known) for number in range(new)]
    return opening + [mail(number, series, is_reply=True, is_known=is_known) for number in range(count - new)]


def people_file() -> str:
    """The persons as contacts of ten clients whose hours never end, for `holdline import`."""
    lines = []
    for client in range(CLIENTS):
        lines += ["[[client]]", f'code = "BENCH-{client}"', f'name = "Client {client}"', 'zone = "Europe/Berlin"']
        lines += ['hours = "Mon-Sun 00:00-24:00"', f'lead = "C-10{client % 3 + 1}"', 'manager = "M-1"']
        lines += ["hold_minutes = 60", 'plan = "per-use"']
        for person in range(client, PERSONS, CLIENTS):
            lines += ["[[client.contact]]", f'name = "Person {person}"', f'role = "{_role(person)}"']
            lines.append(f'email = "{address_of(person)}"')
    return "\n".join(lines) + "\n"


def _role(person: int) -> str:
    return "owner" if person < CLIENTS else "requester"


def _fill(built: EmailMessage, chance: random.Random, kind: int, quoted: str) -> None:
    if kind < 4:
        built.set_content(_text(chance, 1300) + quoted, cte="quoted-printable")
        content = chance.randbytes(1500)
        built.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"capture-{kind}.bin")
    elif kind < 9:
        charset = "iso-8859-1" if kind == 4 else "utf-8"
        built.set_content(f"Grüße aus Köln,\n{_text(chance, 3500)}{quoted}", charset=charset, cte="quoted-printable")
    else:
        text = _text(chance, 1500)
        built.set_content(text + quoted)
        paragraphs = "".join(f"<p style='margin:0'>{line}</p>\n" for line in text.splitlines())
        built.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")


def _text(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    line = ""
    while sum(map(len, lines)) + len(line) < size:
        line += chance.choice(_WORDS) + " "
        if len(line) > 66:
            lines.append(line.rstrip())
            line = ""
    return "\n".join([*lines, line.rstrip() + "."])


def _quoted(chance: random.Random) -> str:
    older = "\n".join(f"> {line}" for line in _text(chance, 600).splitlines())
    return f"\n\nOn Mon, 5 Jan 2026, Support wrote:\n{older}"
