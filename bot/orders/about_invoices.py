"""Use cases of invoices: issued, listed, paid, credited, refunded, written off; and the close of a month."""

from __future__ import annotations

from datetime import date

from bot import books, people
from bot.calendars import calendar_of
from bot.commands.about_invoices import (
    Apply,
    CloseMonth,
    CreditNote,
    InvoiceList,
    InvoiceWork,
    ReceivedFor,
    Refund,
    Unapply,
    WriteOff,
)
from bot.errors import UserError
from bot.hours import local_day
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.about_people import client_of
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.queries import invoices as queries
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row


def invoice(scene: Scene, actor: Actor, command: InvoiceWork) -> Answer:
    """Put on an invoice what waits to be paid per use; disputed charges stay off."""
    client = people.client_by_code(scene.tx, command.client)
    issued = books.invoice_work(
        scene.tx, client.id, key=f"invoice:{scene.cause}", now=scene.now, ticket_id=command.ticket_id
    )
    if issued is None:
        raise UserError(f"Nothing of {client.name} waits to be invoiced.")
    return Answer(told_of(scene, actor, client, issued))


def told_of(scene: Scene, actor: Actor, client: Row, issued: books.Issued) -> str:
    """Record an invoice, and say what it comes to."""
    amount = format_cents(issued.gross_cents, scene.policy.currency)
    scene.record("invoiced", client_id=client.id, actor=actor.label, reason=issued.number, amount=amount)
    ahead = f", {format_cents(issued.applied_cents, scene.policy.currency)} of it paid ahead"
    return (
        f"Invoice {issued.number} to {client.name}: {amount}{ahead * bool(issued.applied_cents)},"
        f" due {issued.due_on}. It goes out by email.{ahead_offer(scene, client.id)}"
    )


def ahead_offer(scene: Scene, client_id: int) -> str:
    """What can be done with what a client paid ahead, while an invoice of it is open; "" where nothing can."""
    waits = books.ahead_cents(scene.tx, client_id)
    first = next(iter(books.open_invoices(scene.tx, client_id, limit=1)), None) if waits else None
    if first is None:
        return ""
    left = format_cents(books.open_cents(first), scene.policy.currency)
    return (
        f" {format_cents(waits, scene.policy.currency)} that were paid ahead wait, and {left} are open of"
        f" {first.number}: `apply {first.number}` settles as much of it."
    )


def invoices(scene: Scene, actor: Actor, command: InvoiceList) -> Answer:
    """A client's invoices; for a manager every client's open ones."""
    if actor.client_id is None and not command.client:
        clients, is_open_only = scene.tx.all(people_queries.CLIENTS), True
    else:
        clients, is_open_only = [client_of(scene, actor, command.client)], False
    lines = [
        _line(scene, client, row)
        for client in clients
        for row in scene.tx.all(queries.OF_CLIENT, client_id=client.id)
        if row.state == "open" or not is_open_only
    ]
    if actor.is_manager:
        lines += [f"{client.code}:{offer}" for client in clients if (offer := ahead_offer(scene, client.id))]
    return Answer(joined("\n", lines) if lines else sentence("answer no invoices"))


def _line(scene: Scene, client: Row, row: Row) -> str:
    amount = format_cents(row.net_cents + row.tax_cents, scene.policy.currency)
    left = books.open_cents(row)
    standing = sentence("invoice settled already")
    if row.kind != "invoice":
        standing = sentence("invoice credit note")
    elif left > 0:
        standing = sentence("invoice open", amount=format_cents(left, scene.policy.currency), on=row.due_on)
    return joined("", [f"{row.number} {client.code} {row.issued_on} {amount}: ", standing])


def received_for(scene: Scene, actor: Actor, command: ReceivedFor) -> Answer:
    """Book a payment for an invoice: a part, all, or more than it is open."""
    row = books.invoice_numbered(scene.tx, command.number)
    client = people.client(scene.tx, row.client_id)
    paid = books.pay_invoice(
        scene.tx,
        command.number,
        command.cents,
        reference=command.reference or f"{row.number}/{scene.cause}",
        received_on=command.received_on or _today(scene, client),
        now=scene.now,
        prices=scene.policy.prices,
    )
    currency = scene.policy.currency
    amount = format_cents(command.cents, currency)
    scene.record("payment received", client_id=client.id, actor=actor.label, reason=row.number, amount=amount)
    left = f"{format_cents(paid.open_cents, currency)} of it are open" if paid.open_cents else "it is settled"
    ahead = f", {format_cents(paid.ahead_cents, currency)} more wait for the next one" if paid.ahead_cents else ""
    usable = f" The {paid.granted} credit is usable now." if paid.granted else ""
    return Answer(f"{amount} booked for {row.number}: {left}{ahead}.{usable}{ahead_offer(scene, client.id)}")


def apply(scene: Scene, actor: Actor, command: Apply) -> Answer:
    """Move what a client paid ahead to an open invoice."""
    row = books.invoice_numbered(scene.tx, command.number)
    client = people.client(scene.tx, row.client_id)
    if command.client and people.client_by_code(scene.tx, command.client).id != client.id:
        raise UserError(f"{row.number} is an invoice of {client.code}, not of {command.client}.")
    applied = books.apply_ahead(
        scene.tx, row.number, command.cents, key=f"apply:{scene.cause}", now=scene.now,
        currency=scene.policy.currency, prices=scene.policy.prices,
    )  # fmt: skip
    usable = f" The {applied.granted} credit is usable now." if applied.granted else ""
    return Answer(_moved(scene, actor, applied, f"paid ahead now settle {row.number}") + usable)


def unapply(scene: Scene, actor: Actor, command: Unapply) -> Answer:
    """Take off an invoice again what was applied to it."""
    taken = books.take_off(
        scene.tx, command.number, command.cents, key=f"unapply:{scene.cause}", reason=command.reason, now=scene.now,
        currency=scene.policy.currency,
    )  # fmt: skip
    return Answer(_moved(scene, actor, taken, f"are taken off {taken.number} again"))


def _moved(scene: Scene, actor: Actor, applied: books.Applied, what: str) -> str:
    currency = scene.policy.currency
    amount = format_cents(applied.cents, currency)
    scene.record("applied", client_id=applied.client_id, actor=actor.label, reason=f"{amount} {what}")
    left = f"{format_cents(applied.open_cents, currency)} of it are open" if applied.open_cents else "it is settled"
    waits = f", {format_cents(applied.ahead_cents, currency)} paid ahead wait" if applied.ahead_cents else ""
    return f"{amount} {what}: {left}{waits}."


def credit_note(scene: Scene, actor: Actor, command: CreditNote) -> Answer:
    """Take an amount off an invoice as a gift; the work stays in sight."""
    row = books.invoice_numbered(scene.tx, command.number)
    client = people.client(scene.tx, row.client_id)
    credited = books.credit_invoice(
        scene.tx, row.number, command.cents, key=f"credit:{scene.cause}", reason=command.reason, now=scene.now,
        currency=scene.policy.currency, prices=scene.policy.prices,
    )  # fmt: skip
    note = credited.note
    amount = format_cents(-note.gross_cents, scene.policy.currency)
    scene.record("credited", client_id=client.id, actor=actor.label, reason=command.reason, number=note.number)
    ending = f" The {credited.granted} credit is usable now." if credited.granted else ""
    ending = f" The order of the {credited.taken_back} credit is off." if credited.taken_back else ending
    return Answer(f"Credit note {note.number} to {client.name}: {amount} off {row.number}.{ending}")


def write_off(scene: Scene, actor: Actor, command: WriteOff) -> Answer:
    row = books.invoice_numbered(scene.tx, command.number)
    cents = books.write_off(scene.tx, command.number, reason=command.reason, now=scene.now)
    amount = format_cents(cents, scene.policy.currency)
    scene.record("written off", client_id=row.client_id, actor=actor.label, reason=command.reason, number=row.number)
    return Answer(f"{amount} of {row.number} are written off.")


def refund(scene: Scene, actor: Actor, command: Refund) -> Answer:
    """Book cash that goes back; what it had settled is open again, and its commission goes back in proportion."""
    paid = books.refund_payment(
        scene.tx,
        of_reference=command.of_reference,
        cents=command.cents,
        reference=command.reference,
        received_on=command.received_on,
        now=scene.now,
        currency=scene.policy.currency,
    )
    amount = format_cents(command.cents, scene.policy.currency)
    scene.record("refunded", actor=actor.label, reason=command.reference, amount=amount)
    back = format_cents(-paid.commission_cents, scene.policy.currency)
    commission = f" Commission taken back: {back}." if paid.commission_cents else ""
    return Answer(f"{amount} of {command.of_reference} went back, booked under {command.reference}.{commission}")


def close_month(scene: Scene, actor: Actor, command: CloseMonth) -> Answer:
    """Invoice what is dated in the month or before, and lock it: of one client, or of all."""
    if command.client:
        clients = [people.client_by_code(scene.tx, command.client)]
    else:
        clients = scene.tx.all(people_queries.CLIENTS)
    early = [client.code for client in clients if not books.is_over(client, command.month, now=scene.now)]
    if early:
        raise UserError(f"{command.month:%Y-%m} is not over yet for {', '.join(early)}.")
    lines = []
    for client in clients:
        closed = books.close_month(scene.tx, client.id, command.month, now=scene.now)
        if closed.issued is not None:
            lines.append(told_of(scene, actor, client, closed.issued))
    scene.record("month closed", actor=actor.label, reason=f"{command.month:%Y-%m}")
    return Answer(
        "\n".join(
            [f"{command.month:%Y-%m} is closed for {len(clients)} client{'s' if len(clients) != 1 else ''}.", *lines]
        )
    )


def _today(scene: Scene, client: Row) -> date:
    return local_day(calendar_of(client, scene.now), scene.now)


USE_CASES: UseCases = {
    InvoiceWork: invoice,
    InvoiceList: invoices,
    ReceivedFor: received_for,
    CreditNote: credit_note,
    WriteOff: write_off,
    Refund: refund,
    Apply: apply,
    Unapply: unapply,
    CloseMonth: close_month,
}
