"""A client's statement as text and as a document: hours and money, opening to closing, line by line, and the work.

The answer to a command is in English; what is mailed is in the client's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bot import books, letterhead
from bot.documents import labels
from bot.ledger.statements import Figures, Line, Statement, hours_at_p4
from bot.notices.figures import day_in, money_in, number_in
from bot.notices.paper import words, work_in
from bot.plain import one_line
from bot.policy import Policy
from bot.store import Row, Tx
from bot.zones import zone_named

OPENING, CLOSING, PART = "opening", "closing", "part"
# What each line of a statement is called; "tax" and "paid" have other names on invoices.
_NAMES = {Line.TAX: "taxes", Line.PAID: "paid in"}

# Its kind (opening, closing, part, or "" for any other), its name, its amount.
StatedRow = tuple[str, str, str]


def month_of(on: date) -> tuple[date, date]:
    """First and last day of the month that a date lies in."""
    first_on = on.replace(day=1)
    return first_on, (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def statement_text(tx: Tx, client: Row, *, first_on: date, last_on: date, currency: str, language: str = "en") -> str:
    """The statement of a period. Raises LedgerError if it does not foot: nothing is shown then."""
    stated = books.statement(tx, client.id, first_on=first_on, last_on=last_on)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    span = words(language, "span", first=day_in(language, first_on), last=day_in(language, last_on))
    parts = [f"{client.name} ({client.code}), {span}"]
    for title, rows in _sections(stated, currency, language):
        shown = [(f"{'  ' * (kind == PART)}{name}", amount) for kind, name, amount in rows]
        wide = max(len(name) for name, _ in shown)
        parts.append("\n".join([title, *(f"  {name.ljust(wide)}  {amount}" for name, amount in shown)]))
    if charges:
        work = [f"  {_work_line(row, currency, language)}" for row in charges[: books.CHARGES_MAX]]
        if len(charges) > books.CHARGES_MAX:
            work.append(f"  {words(language, 'more work', count=books.CHARGES_MAX)}")
        parts.append("\n".join([words(language, "work"), *work]))
    parts.extend(stated.notes)
    return "\n\n".join(parts)


def statement_document(
    tx: Tx, client: Row, *, first_on: date, last_on: date, policy: Policy, now: datetime
) -> Mapping[str, object]:
    """What the statement's PDF shows, as texts in the client's language. Raises LedgerError if it does not foot."""
    stated = books.statement(tx, client.id, first_on=first_on, last_on=last_on)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    language = client.language
    money, said, day = partial(money_in, language, currency=policy.currency), partial(words, language), partial(
        day_in, language
    )  # fmt: skip
    issued_on = now.astimezone(zone_named(client.zone)).date()
    hours = number_in(language, hours_at_p4(stated.credit_units.closing))
    return {
        "title": said("statement"),
        "number": f"{client.code} {first_on.isoformat()[:7]}",
        "issued_on": issued_on.isoformat(),
        "about": said("about credit"),
        "seller": letterhead.seller(policy),
        "buyer": letterhead.buyer(client.name, client.billing_address),
        "words": labels(language),
        "strong": [said("due")],
        "facts": [
            (said("client"), client.code),
            (said("from"), day(first_on)),
            (said("until"), day(last_on)),
            (said("date"), day(issued_on)),
            (said("credit left"), said("hours left", hours=hours)),
            (said("due"), money(stated.owed_cents.closing)),
        ],
        "sections": [{"title": title, "rows": rows} for title, rows in _sections(stated, policy.currency, language)],
        "tables": [_work_table(charges, policy.currency, language)] if charges else [],
    }


def _work_table(charges: Sequence[Row], currency: str, language: str) -> Mapping[str, object]:
    """The work of the period, each line with the number of its charge."""
    said = partial(words, language)
    rows = [
        {
            "on": day_in(language, row.work_on),
            "text": said("line ticket", id=row.ticket_id, subject=one_line(row.subject, 120)),
            "detail": f"{said('line charge', charge=row.id)}; {_work_of(row, language)}",
            "figures": [str(row.units), money_in(language, row.due_cents, currency) if row.due_cents else ""],
        }
        for row in charges[: books.CHARGES_MAX]
    ]
    if len(charges) > books.CHARGES_MAX:
        rows.append({"on": "", "text": said("more work", count=books.CHARGES_MAX), "detail": "", "figures": ["", ""]})
    return {"title": said("work"), "heads": [said("date"), said("what"), said("units"), said("per use")], "rows": rows}


def _sections(stated: Statement, currency: str, language: str) -> list[tuple[str, list[StatedRow]]]:
    money = partial(money_in, language, currency=currency)
    due = _rows(stated.owed_cents, money, language)
    if stated.ahead_cents:
        # What of the closing balance waits, paid ahead, for an invoice.
        due.append((PART, words(language, "ahead"), money(-stated.ahead_cents)))
    return [
        (words(language, "credit"), _rows(stated.credit_units, partial(_hours, language), language)),
        (words(language, "due"), due),
    ]


def _rows(figures: Figures, shown: Callable[[int], str], language: str) -> list[StatedRow]:
    rows = [(OPENING, words(language, "opening"), shown(figures.opening))]
    for line, amount in figures.lines.items():
        if not amount:
            continue
        rows.append(("", words(language, _NAMES.get(line, str(line))), shown(amount)))
        if line is Line.USED:
            rows.extend(
                (PART, words(language, "on ticket", id=number), shown(used))
                for number, used in sorted(figures.used_by_ticket.items())
            )
    return [*rows, (CLOSING, words(language, "closing"), shown(figures.closing))]


def _hours(language: str, units: int) -> str:
    return words(language, "hours", hours=number_in(language, hours_at_p4(units)), count=units)


def _work_line(row: Row, currency: str, language: str) -> str:
    said = partial(words, language)
    parts = [
        said("work line", on=day_in(language, row.work_on), charge=row.id, id=row.ticket_id,
             work=_work_of(row, language), count=row.units)
    ]  # fmt: skip
    parts += [said("work per use", amount=money_in(language, row.due_cents, currency))] if row.due_cents else []
    parts += [said("given up", count=row.waived_units)] if row.waived_units else []
    return ", ".join(parts)


def _work_of(row: Row, language: str) -> str:
    # Without work of its own it brings a day in line, of which something was taken back.
    kind = work_in(language, "correction" if row.kind is None else "contact" if row.is_contact else row.kind)
    return words(language, "line work", work=kind, count=row.minutes) if row.minutes else kind
