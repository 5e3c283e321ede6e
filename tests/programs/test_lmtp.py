"""Postfix hands the desk its mail by LMTP: each recipient is answered for, and a mail to several is one mail."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.findings import rows
from tests.faults.running import RunningDesk, until
from tests.programs.servers import Post, running_post

ANNA = "anna@held.example"
MAIL = f"""\
From: Anna <{ANNA}>
To: support@desk.example, support+printers@desk.example, nobody@desk.example
Subject: Label printer
Message-ID: <lmtp.1@held.example>
Date: Wed, 18 Nov 2026 10:00:00 +0000

The label printer hums.
"""


@pytest.fixture
def handing_over() -> Iterator[Post]:
    """Postfix that speaks LMTP to the desk."""
    with running_post("lmtp") as post:
        yield post


def found(desk: RunningDesk, sql: str) -> list[tuple[Any, ...]]:
    return rows(desk.environ["DATABASE_URL"], sql)


async def test_each_recipient_is_answered_for_and_the_mail_is_kept_once(desk: RunningDesk, handing_over: Post) -> None:
    desk.smtp_port = handing_over.desk_port
    desk.environ |= {"HOLDLINE_SMTP_PORT": str(handing_over.desk_port), "HOLDLINE_SMTP_PROTOCOL": "lmtp"}
    async with desk:
        await desk.start()
        recipients = ["support@desk.example", "support+printers@desk.example", "nobody@desk.example"]
        with smtplib.SMTP("127.0.0.1", handing_over.postfix.port) as smtp:
            assert smtp.sendmail(ANNA, recipients, MAIL.encode()) == {}
        await until(lambda: found(desk, "SELECT id FROM ticket"), 30, "the mail has opened a ticket")
        (report,) = await handing_over.dovecot.arrives(ANNA, word="nobody@desk.example")
        assert "Undelivered" in report["Subject"], "the recipient that is none alone came back"
        await handing_over.is_quiet()
        assert found(desk, "SELECT COUNT(*) FROM ticket") == [(1,)]
        assert found(desk, "SELECT COUNT(*) FROM message WHERE direction = 'in'") == [(1,)]
        assert await desk.stop() == 0
        assert "Traceback" not in desk.whole_log
