"""Work as it was done, cut into pieces that are each billed at one row.

Billed priority of a piece = the most severe of: the ticket's priority in force when the work started; the kind's row;
P1 for closed time, if the work was asked for. Booked work drops the ticket's severity and the closed-time rule; an
overrun of up to 30 minutes stays booked. Closed time by the consultant's own choice is billed as open time. Source:
mission, "Billed priority of a piece of work".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.hours import Calendar, split
from bot.ledger.days import Rounding
from bot.ledger.kinds import ROW_OF_KIND, Kind
from bot.ledger.plans import Plan
from bot.ledger.rates import STANDARD, RateCard
from bot.ledger.units import DEAREST_FIRST
from bot.triage.priority import Priority

OVERRUN_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What a client agreed to, as far as it decides a bill.

    minimum_units:       what a ticket's day costs at least, once anything of it is billed.
    onsite_seconds_left: what is left of the term's included on-site time, of a flat plan.
    """

    calendar: Calendar
    plan: Plan
    rounding: Rounding = Rounding.DAY
    card: RateCard = STANDARD
    minimum_units: int = 0
    onsite_seconds_left: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One stretch of work on one ticket.

    priority:     the ticket's, in force when the work started.
    minutes:      real minutes, >= 0, counted from `started_at` (aware).
    was_asked:    a managed contact asked for closed-time work; False = the consultant's own choice.
    booked_until: the end of the booked slot; None = the slot covers all of it.
    """

    priority: Priority
    kind: Kind
    started_at: datetime
    minutes: int
    was_asked: bool = False
    is_booked: bool = False
    is_billable: bool = True
    booked_until: datetime | None = None

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class GradedPiece:
    """A stretch of one work item that is billed at one row, or covered by the plan, and why."""

    start: datetime
    end: datetime
    is_open: bool
    row: Priority
    rule: str
    is_covered: bool

    @property
    def seconds(self) -> int:
        return (self.end - self.start) // timedelta(seconds=1)


def grade(terms: Terms, work: Work) -> list[GradedPiece]:
    """Cut a work item where open time begins or ends, or where its booking runs out, and find the row of each piece."""
    booked_to = work.started_at
    if work.is_booked:
        booked_to = work.ended_at
    if work.is_booked and work.booked_until is not None:
        # Up to half an hour of overrun stays booked; what comes after it is as if nobody had booked it.
        limit = work.booked_until + timedelta(minutes=OVERRUN_MINUTES)
        booked_to = min(max(limit, work.started_at), work.ended_at)
    graded: list[GradedPiece] = []
    included = timedelta(seconds=terms.onsite_seconds_left if work.kind is Kind.ONSITE else 0)
    for is_booked, start, end in ((True, work.started_at, booked_to), (False, booked_to, work.ended_at)):
        for piece in split(terms.calendar, start, end):
            # By the consultant's own choice, or booked, closed time counts as open time: for the row and for cover.
            is_closed = not piece.is_open and work.was_asked and not is_booked
            row, rule = _row(work, is_closed=is_closed, is_booked=is_booked)
            is_covered = terms.plan.is_covering(work.kind, is_closed=is_closed)
            # Included on-site hours come first, then rows; closed time that was asked for is no part of them.
            free = min(included, piece.end - piece.start)
            if free and (terms.plan.is_round_the_clock or not is_closed):
                included -= free
                free_to = piece.start + free
                graded.append(GradedPiece(piece.start, free_to, piece.is_open, row, "included on-site hours", True))
                if free_to == piece.end:
                    continue
                piece = replace(piece, start=free_to)
            graded.append(GradedPiece(piece.start, piece.end, piece.is_open, row, rule, is_covered))
    return graded


def _row(work: Work, *, is_closed: bool, is_booked: bool) -> tuple[Priority, str]:
    """The most severe of the rows that apply, and the name of the rule that made it."""
    rows = [(ROW_OF_KIND[work.kind], f"kind {work.kind}")]
    if not is_booked:
        rows.append((work.priority, "ticket priority"))
    if is_closed:
        rows.append((Priority.P1, "asked for in closed time"))
    return min(rows, key=lambda row: DEAREST_FIRST.index(row[0]))
