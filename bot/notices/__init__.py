"""Event and audience → what is told to whom: each function makes one Notice, in the reader's zone and language.

Pure wording: nothing is looked up, decided or sent here. The sentences themselves stand in `texts`. Subjects, names and
words of others are quoted as plain text, capped, without control characters; they are never interpreted.
"""

from __future__ import annotations

from bot.notices.cards import card
from bot.notices.of_money import (
    agreement_needed,
    charged,
    contact_charged,
    credit_lapses,
    credit_low,
    credit_ran_out,
    credit_wanted,
    price_told,
    waived,
)
from bot.notices.to_people import (
    answer,
    approval_needed,
    introduced,
    invited,
    lead_answered,
    lead_ended,
    lead_proposed,
    link_code,
    membership_asked,
)
from bot.notices.to_requester import (
    claimed,
    closed,
    price_confirmed,
    priority_changed,
    received,
    reopened_for_you,
    replied,
    resolved,
    widened,
)
from bot.notices.to_staff import (
    asked_again,
    chased,
    clock_jumped,
    disputed,
    hold_lapsed,
    message_added,
    offered,
    promise_missed,
    put_back,
    quarantined,
    reopened,
    step_failed,
    taken,
    undeliverable,
    unverified,
)
from bot.notices.wording import Reader, lasting, moment

__all__ = [
    "Reader",
    "agreement_needed",
    "answer",
    "approval_needed",
    "asked_again",
    "card",
    "charged",
    "chased",
    "claimed",
    "clock_jumped",
    "closed",
    "contact_charged",
    "credit_lapses",
    "credit_low",
    "credit_ran_out",
    "credit_wanted",
    "disputed",
    "hold_lapsed",
    "introduced",
    "invited",
    "lasting",
    "lead_answered",
    "lead_ended",
    "lead_proposed",
    "link_code",
    "membership_asked",
    "message_added",
    "moment",
    "offered",
    "price_confirmed",
    "price_told",
    "priority_changed",
    "promise_missed",
    "put_back",
    "quarantined",
    "received",
    "reopened",
    "reopened_for_you",
    "replied",
    "resolved",
    "step_failed",
    "taken",
    "undeliverable",
    "unverified",
    "waived",
    "widened",
]
