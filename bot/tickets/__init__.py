"""A ticket's lawful life, as pure transitions: a ticket and a decision in, the new ticket and its events out.

    unverified ──adopt──▶ held ──pass / lapse──▶ offered ──claim──▶ claimed ◀──▶ waiting
                           │ claim                  ▲ release          │ resolve
                           └───────────────────────────────────────────▼
                                     reopen ◀── resolved ──close──▶ closed

Refusals are errors named by the fact, with the sentence that a person is shown. Nothing is stored here, and nobody is
told: `desk` keeps what comes out, `telling` says it. Source: mission, "From message to work", Rules "Hold", "Who may
claim".
"""

from bot.tickets.claiming import claim, climb, hold, offer, pass_, release
from bot.tickets.course import (
    adopt,
    answer,
    close,
    confirm_price,
    hear,
    may_reopen,
    miss_promise,
    remind,
    reopen,
    resolve,
    set_priority,
    unanswer,
    wait,
)
from bot.tickets.model import OPEN, TAKEN, UNCLAIMED, Change, Claimer, Event, State, Ticket
from bot.tickets.parting import is_joinable, join, part
from bot.tickets.refusals import AlreadyClaimed, NotOffered, StillHeld, WrongState, must_be_taken

__all__ = [
    "OPEN",
    "TAKEN",
    "UNCLAIMED",
    "AlreadyClaimed",
    "Change",
    "Claimer",
    "Event",
    "NotOffered",
    "State",
    "StillHeld",
    "Ticket",
    "WrongState",
    "adopt",
    "answer",
    "claim",
    "climb",
    "close",
    "confirm_price",
    "hear",
    "hold",
    "is_joinable",
    "join",
    "may_reopen",
    "miss_promise",
    "must_be_taken",
    "offer",
    "part",
    "pass_",
    "release",
    "remind",
    "reopen",
    "resolve",
    "set_priority",
    "unanswer",
    "wait",
]
