"""Values that tests begin with; name only what the fact is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.tickets import State, Ticket
from bot.triage.priority import Priority

NOW = datetime(2026, 11, 18, 22, 10, tzinfo=UTC)  # Wednesday, 23:10 in Berlin
MORNING = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


def a_ticket(**changes: object) -> Ticket:
    """A P2 ticket of client 1, held for consultant 7 for two hours."""
    ticket = Ticket(
        id=42,
        client_id=1,
        contact_id=2,
        handle_id=3,
        channel="email",
        conversation="support@desk.example",
        thread="",
        subject="Printer is down",
        state=State.HELD,
        priority=Priority.P2,
        priced_priority=Priority.P2,
        rule="severely-impaired",
        why=("“printer is down”: a device is severely impaired",),
        expertise=("printing", "network"),
        lead_id=7,
        claimant_id=None,
        opened_at=NOW,
        hold_until_at=NOW + timedelta(minutes=120),
        step=0,
        step_at=NOW + timedelta(minutes=120),
        respond_by=MORNING + timedelta(hours=4),
        promise_at=MORNING + timedelta(hours=4),
        responded_at=None,
        claimed_at=None,
        resolved_at=None,
        closed_at=None,
        close_at=None,
        remind_at=None,
        is_booked=False,
        is_billing_on_hold=False,
        chasers=0,
        version=1,
    )
    return replace(ticket, **changes)  # type: ignore[arg-type]
