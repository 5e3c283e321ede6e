"""What a real relay and a real mailbox send back: a bounce of Postfix, a vacation of Sieve, and no loop from either."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

from bot.clock import SystemClock
from tests.faults.findings import rows
from tests.faults.running import GATEWAY, RunningDesk, until
from tests.programs.servers import Post

SUPPORT = "support@desk.example"
BACK_ON = (SystemClock().now() + timedelta(days=10)).date()
VACATION = f"""
require ["vacation"];
vacation :days 1 :addresses ["anna@held.example"] :subject "Out of office"
  "I am away and back on {BACK_ON.isoformat()}.";
"""


def write(desk: RunningDesk, sender: str, subject: str, text: str = "The printer hums.") -> None:
    """A mail to the desk by SMTP, whose sender the gateway vouches for."""
    domain = sender.partition("@")[2]
    head = [
        f"Authentication-Results: {GATEWAY}; dmarc=pass header.from={domain}",
        f"From: {sender}",
        f"To: {SUPPORT}",
        f"Subject: {subject}",
        f"Message-ID: <{abs(hash((sender, subject)))}@{domain}>",
        "Date: Wed, 18 Nov 2026 10:00:00 +0000",
    ]
    with smtplib.SMTP("127.0.0.1", desk.smtp_port) as smtp:
        smtp.sendmail(sender, [SUPPORT], "\r\n".join([*head, "", text, ""]).encode())


def found(desk: RunningDesk, sql: str) -> list[tuple[Any, ...]]:
    return rows(desk.environ["DATABASE_URL"], sql)


async def test_bounce_of_postfix_names_its_delivery_and_marks_the_address(relayed: RunningDesk, post: Post) -> None:
    """Nobody has this mailbox: Dovecot refuses it, and Postfix sends the report to the delivery's return path."""
    write(relayed, "gone@held.example", "Printer")
    dead = "SELECT trouble FROM handle WHERE address = 'gone@held.example' AND is_dead"
    await until(lambda: found(relayed, dead), 30, "the address is marked")
    assert "5.1.1" in found(relayed, dead)[0][0]
    await post.is_quiet()
    assert found(relayed, "SELECT COUNT(*) FROM ticket") == [(1,)], "a bounce opens no ticket"
    assert found(relayed, "SELECT COUNT(*) FROM event WHERE kind = 'bounced' AND ticket_id = 1") == [(1,)]
    (told,) = await post.dovecot.arrives("maria@desk.example", word="gone@held.example")
    assert "writes there no more" in str(told)
    assert told["Return-Path"].startswith("<support+b."), "and that one has a return path of its own"


async def test_vacation_is_kept_with_its_date_and_answered_by_nobody(relayed: RunningDesk, post: Post) -> None:
    """Sieve answers no mail that says it is a program's: the notices get none, the words of a person do."""
    post.dovecot.write_sieve("anna@held.example", VACATION)
    try:
        write(relayed, "anna@held.example", "Vacation and printer")
        (received,) = await post.dovecot.arrives("anna@held.example", word="Vacation and printer")
        assert received["Auto-Submitted"] == "auto-replied" and received["Thread-Topic"] == "Vacation and printer"
        write(relayed, "maria@desk.example", "A command", "reply 1 Which model is it?")
        away = "SELECT detail_json, ticket_id FROM event WHERE kind = 'away'"
        await until(lambda: found(relayed, away), 30, "the desk knows that she is away")
        assert f'"{BACK_ON.isoformat()}"' in found(relayed, away)[0][0] and found(relayed, away)[0][1] == 1
        await post.is_quiet()
        assert found(relayed, "SELECT COUNT(*) FROM ticket") == [(1,)]
        told = [mail for mail in post.dovecot.mails("anna@held.example") if "Vacation" in mail["Subject"]]
        assert len(told) == 2, "the vacation itself got no answer"
    finally:
        post.dovecot.write_sieve("anna@held.example", "keep;")
