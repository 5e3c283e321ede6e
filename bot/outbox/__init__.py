"""Everything that goes out is a row here first, written in the transaction of its cause and sent by the courier.

This module writes rows, leases them and settles them; it knows the limits on what we send, and nothing of sockets.
Order is kept per ticket, person and lane by the row's id: the rows of one ticket are written under that ticket's lock.
"""

from bot.outbox.cards import CardLease, delay_card, lease_cards, settle_card, touch_cards, want_card
from bot.outbox.leasing import (
    BACKOFF_SECONDS,
    GIVE_UP_AFTER,
    LEASE_SECONDS,
    PAGE_PATIENCE,
    Lease,
    delay,
    lease_due,
    renew,
    settle_dead,
    settle_sent,
    should_page_elsewhere,
    withdraw_offers,
)
from bot.outbox.posting import (
    BREAKER,
    QUIET,
    Draft,
    Lane,
    Limits,
    Recipient,
    SendClass,
    notice_from_json,
    notice_to_json,
    post,
    release_held,
)

__all__ = [
    "BACKOFF_SECONDS",
    "BREAKER",
    "GIVE_UP_AFTER",
    "LEASE_SECONDS",
    "PAGE_PATIENCE",
    "QUIET",
    "CardLease",
    "Draft",
    "Lane",
    "Lease",
    "Limits",
    "Recipient",
    "SendClass",
    "delay",
    "delay_card",
    "lease_cards",
    "lease_due",
    "notice_from_json",
    "notice_to_json",
    "post",
    "release_held",
    "renew",
    "settle_card",
    "settle_dead",
    "settle_sent",
    "should_page_elsewhere",
    "touch_cards",
    "want_card",
    "withdraw_offers",
]
