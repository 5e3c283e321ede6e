"""Resident memory: of mail alone, of every channel, of the child that reads heavy mail, and its growth over mails."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure
from bench.mail import mail_desk
from bench.mails import half_replies, mail
from bench.processes import folder, probe, running
from bench.smtp_load import send

EARLY, LATE, FEW = 2_000, 12_000, 300
MAIL_MAX, ALL_MAX, CHILD_MAX, GROWTH_MAX = 90.0, 150.0, 45.0, 5.0
HEAVY_BYTES = 300_000


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        api = probe("chat_api", home=home)
        address = f"http://127.0.0.1:{api.first_line()}"
        every = mail_desk(
            home / "every",
            SLACK_BOT_TOKEN="xoxb-bench",
            SLACK_SIGNING_SECRET="bench-signing-secret",
            HOLDLINE_SLACK_API_URL=address,
            TELEGRAM_BOT_TOKEN="123456:bench",
            HOLDLINE_TELEGRAM_WEBHOOK_SECRET="bench-webhook-secret",
            HOLDLINE_TELEGRAM_API_URL=address,
            HOLDLINE_WEB_PUBLIC_URL="https://desk.example",
        )
        with running(api, every.child):
            send(every.port, half_replies(FEW, "every"), connections=10)
            yield Figure("every channel, resident", [every.child.resident_mib()], "MiB", ALL_MAX)
        alone = mail_desk(home / "mail", "mail")
        with running(alone.child):
            send(alone.port, half_replies(EARLY, "early"), connections=10)
            early = alone.child.resident_mib()
            yield Figure(f"mail alone after {EARLY:,} mails, resident", [early], "MiB", MAIL_MAX)
            send(alone.port, half_replies(LATE - EARLY, "late"), connections=10)
            growth = alone.child.resident_mib() - early
            yield Figure(f"growth from {EARLY:,} to {LATE:,} mails", [growth], "MiB", GROWTH_MAX)
            heavy = mail(0, "heavy") + b"\r\n" + b"x" * 70 + b"\r\n" * (HEAVY_BYTES // 2)
            send(alone.port, [heavy], connections=1)
            yield Figure("the child that reads heavy mail, resident", [alone.child.children_mib()], "MiB", CHILD_MAX)
