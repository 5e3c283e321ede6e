"""What a manager's morning digest says: the local day before, and what stands this morning. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot import books
from bot.ledger.statements import hours_at_p4
from bot.messages import Notice
from bot.money import format_cents
from bot.notices import Reader, lasting
from bot.notices.answers import in_language
from bot.notices.catalogues import ENGLISH, known_language
from bot.notices.wording import day_of
from bot.plain import one_line
from bot.queries import digests as queries
from bot.sentences import joined, sentence
from bot.store import Tx
from bot.zones import midnight

TREND_DAYS = 14
LOW_SHARE = 0.2  # mission: a balance is low at 20 %
LAPSE_SOON = timedelta(days=30)
COUNTED = ("opened", "claimed", "resolved", "escalated", "promise missed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket nobody has claimed."""

    ticket_id: int
    priority: str
    subject: str
    age_minutes: int


@dataclass(frozen=True, slots=True)
class Trend:
    """How many tickets were opened and resolved on each local day, oldest first."""

    days: tuple[date, ...]
    opened: tuple[int, ...]
    resolved: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A digest in numbers. waiting: the most severe of the unclaimed, which are so many."""

    on: date
    counts: dict[str, int]
    waiting: tuple[Waiting, ...]
    unclaimed: int
    lapsed_by_lead: tuple[tuple[str, int], ...]
    contacts_billed: int
    contact_units: int
    contact_due_cents: int
    hours: tuple[tuple[str, int, int], ...]  # client, minutes, of them billable
    balances: tuple[str, ...]
    commissions: tuple[tuple[str, int], ...]
    trend: Trend
    estimates: tuple[str, ...] = ()  # of quotes done that day: estimated against taken, by component


def figures(tx: Tx, *, zone: str, on: date, now: datetime) -> Figures:
    """The digest of one local day in a manager's zone. now: as of when balances and waiting tickets are told."""
    from_at, to_at = midnight(zone, on), midnight(zone, on + timedelta(days=1))
    contacts = tx.one(queries.CONTACTS_BILLED, from_at=from_at, to_at=to_at)
    assert contacts is not None
    lapsed = tx.all(queries.EVENTS_OF_KIND, kind="hold lapsed", from_at=from_at, to_at=to_at)
    hours = tx.all(queries.HOURS_BY_CLIENT, from_at=from_at, to_at=to_at)
    waiting, unclaimed = _waiting(tx, now)
    return Figures(
        on=on,
        counts={kind: _count(tx, kind, from_at, to_at) for kind in COUNTED},
        waiting=waiting,
        unclaimed=unclaimed,
        lapsed_by_lead=tuple((row.consultant_name or "nobody", int(row.many)) for row in lapsed),
        contacts_billed=int(contacts.many),
        contact_units=int(contacts.units),
        contact_due_cents=int(contacts.due_cents),
        hours=tuple((row.code, int(row.minutes), int(row.billable)) for row in hours),
        balances=_balances(tx, on),
        commissions=tuple((row.name, int(row.cents)) for row in tx.all(queries.COMMISSIONS)),
        trend=_trend(tx, zone, on),
        estimates=tuple(books.compared_lines(books.compared(tx, from_at=from_at, to_at=to_at))),
    )


def _count(tx: Tx, kind: str, from_at: datetime, to_at: datetime) -> int:
    return sum(int(row.many) for row in tx.all(queries.EVENTS_OF_KIND, kind=kind, from_at=from_at, to_at=to_at))


def _waiting(tx: Tx, now: datetime) -> tuple[tuple[Waiting, ...], int]:
    found = [tx.all(queries.UNCLAIMED, state=state) for state in ("unverified", "held", "offered")]
    rows = sorted((row for one in found for row in one), key=lambda row: (row.priority, row.opened_at))
    shown = tuple(
        Waiting(row.id, row.priority, row.subject, int((now - row.opened_at).total_seconds() // 60)) for row in rows
    )
    return shown, sum(int(one[0].many) for one in found if one)


def _balances(tx: Tx, on: date) -> tuple[str, ...]:
    """Credit that is low or lapses soon, a line each."""
    lines = []
    for row in tx.all(queries.GRANTS):
        hours = hours_at_p4(row.balance_units)
        if row.lapses_on is not None and row.lapses_on - on <= LAPSE_SOON:
            lines.append(
                sentence("digest lapse", code=row.code, hours=hours, tier=row.tier, on=row.lapses_on.isoformat())
            )
        elif row.balance_units <= LOW_SHARE * row.units:
            lines.append(sentence("digest low", code=row.code, hours=hours, tier=row.tier))
    lines += [sentence("digest no credit", code=row.code) for row in tx.all(queries.WITHOUT_CREDIT)]
    return tuple(lines)


def _trend(tx: Tx, zone: str, on: date) -> Trend:
    days = tuple(on - timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1))
    edges = [midnight(zone, day) for day in (*days, on + timedelta(days=1))]
    spans = list(pairwise(edges))
    return Trend(
        days,
        tuple(_count(tx, "opened", from_at, to_at) for from_at, to_at in spans),
        tuple(_count(tx, "resolved", from_at, to_at) for from_at, to_at in spans),
    )


# ---------------------------------------------------------------- in words


def notice(told: Figures, reader: Reader, *, currency: str) -> Notice:
    """The digest as a notice. Says plainly where there was nothing."""
    day = f"{told.on:%A} {told.on.day} {told.on:%B %Y}"
    if known_language(reader.language) not in ("", ENGLISH):
        day = f"{day_of(told.on, reader)} {told.on.year}"
    parts = [sentence("digest day", on=day), _summary(told), _waiting_text(told.waiting, told.unclaimed)]
    if told.lapsed_by_lead:
        lapsed = [f"{name}: {many}" for name, many in told.lapsed_by_lead]
        parts.append(_list(sentence("digest lapsed"), lapsed))
    parts.append(_money(told, currency))
    parts.append(_list(sentence("digest credit"), told.balances) if told.balances else sentence("digest credit fine"))
    if told.commissions:
        owed = [joined(": ", [name, format_cents(cents, currency)]) for name, cents in told.commissions]
        parts.append(_list(sentence("digest commissions"), owed))
    if told.estimates:
        parts.append(_list(sentence("digest estimates"), told.estimates))
    title = in_language(reader.language, sentence("digest title", on=day))
    return Notice("digest", title, in_language(reader.language, joined("\n\n", parts)))


def _summary(told: Figures) -> str:
    counts = told.counts
    done = sentence("digest counts", opened=counts["opened"], claimed=counts["claimed"], resolved=counts["resolved"])
    late = sentence("digest late", escalated=counts["escalated"], missed=counts["promise missed"])
    return joined("\n", [done, late])


def _waiting_text(waiting: Sequence[Waiting], unclaimed: int) -> str:
    if not waiting:
        return sentence("list none")
    lines = [
        joined("", [f"#{one.ticket_id} {one.priority}, ", lasting(one.age_minutes), f": {one_line(one.subject, 80)}"])
        for one in waiting
    ]
    if unclaimed > len(waiting):
        return _list(
            sentence("digest unclaimed", count=unclaimed),
            [*lines, sentence("digest more", count=unclaimed - len(waiting))],
        )
    return _list(sentence("digest unclaimed", count=unclaimed), lines)


def _money(told: Figures, currency: str) -> str:
    lines = [
        sentence("digest time", code=code, length=lasting(minutes))
        if billable == minutes
        else sentence("digest time billable", code=code, length=lasting(minutes), billable=lasting(billable))
        for code, minutes, billable in told.hours
        if minutes
    ]
    hours = _list(sentence("digest hours"), lines) if lines else sentence("digest no hours")
    if not told.contacts_billed:
        return joined("\n", [hours, sentence("digest no contact")])
    due, units = format_cents(told.contact_due_cents, currency), told.contact_units
    return joined("\n", [hours, sentence("digest contacts", count=told.contacts_billed, units=units, amount=due)])


def _list(title: str, lines: Sequence[str]) -> str:
    return joined("\n  ", [title, *lines])
