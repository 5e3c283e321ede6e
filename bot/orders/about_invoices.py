"""Use cases of invoices: issued, listed, paid, credited, refunded, written off; and the close of a month."""

from __future__ import annotations

from datetime import date

from bot import books, people
from bot.books.payments import PaidInvoice
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
from bot.orders.crediting import tell_usable
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
        raise UserError(sentence("invoice nothing", client=client.name))
    return Answer(told_of(scene, actor, client, issued))


def told_of(scene: Scene, actor: Actor, client: Row, issued: books.Issued) -> str:
    """Record an invoice, and say what it comes to."""
    amount = format_cents(issued.gross_cents, scene.policy.currency)
    scene.record("invoiced", client_id=client.id, actor=actor.label, reason=issued.number, amount=amount)
    made = sentence("invoice made", number=issued.number, client=client.name, amount=amount, on=issued.due_on)
    if issued.applied_cents:
        made = sentence(
            "invoice made ahead",
            number=issued.number,
            client=client.name,
            amount=amount,
            ahead=format_cents(issued.applied_cents, scene.policy.currency),
            on=issued.due_on,
        )
    return joined(" ", [made, *ahead_offer(scene, client.id)])


def ahead_offer(scene: Scene, client_id: int) -> list[str]:
    """What can be done with what a client paid ahead, while an invoice of it is open; [] where nothing can."""
    waits = books.ahead_cents(scene.tx, client_id)
    first = next(iter(books.open_invoices(scene.tx, client_id, limit=1)), None) if waits else None
    if first is None:
        return []
    left, amount = (format_cents(cents, scene.policy.currency) for cents in (books.open_cents(first), waits))
    return [sentence("ahead offer", amount=amount, left=left, number=first.number)]


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
        lines += [
            joined(" ", [f"{client.code}:", *offer]) for client in clients if (offer := ahead_offer(scene, client.id))
        ]
    return Answer(joined("\n", lines) if lines else sentence("answer no invoices"))


def _line(scene: Scene, client: Row, row: Row) -> str:
    amount = format_cents(row.net_cents + row.tax_cents, scene.policy.currency)
    left = books.open_cents(row)
    standing = sentence("invoice settled already")
    if row.kind != "invoice":
        standing = sentence("invoice credit note")
    elif left > 0:
        standing = sentence("invoice open", amount=format_cents(left, scene.policy.currency), on=row.due_on)
    return sentence(
        "invoice line", number=row.number, code=client.code, on=row.issued_on, amount=amount, standing=standing
    )


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
    told = [paid_line(paid, row.number, amount, currency)]
    return Answer(joined(" ", [*told, *_usable(scene, client.id, paid.granted), *ahead_offer(scene, client.id)]))


def paid_line(paid: PaidInvoice, number: str, amount: str, currency: str) -> str:
    """What a payment for an invoice leaves of it, and what is over."""
    left = left_of(paid.open_cents, currency)
    if not paid.ahead_cents:
        return sentence("paid for", amount=amount, number=number, left=left)
    ahead = format_cents(paid.ahead_cents, currency)
    return sentence("paid for more", amount=amount, number=number, left=left, ahead=ahead)


def left_of(open_cents: int, currency: str) -> str:
    return sentence("paid left", amount=format_cents(open_cents, currency)) if open_cents else sentence("paid settled")


def _usable(scene: Scene, client_id: int, tier: str) -> list[str]:
    """What a payment made usable, which the client hears too."""
    if not tier:
        return []
    tell_usable(scene, client_id)
    return [sentence("credit usable", tier=tier)]


def apply(scene: Scene, actor: Actor, command: Apply) -> Answer:
    """Move what a client paid ahead to an open invoice."""
    row = books.invoice_numbered(scene.tx, command.number)
    client = people.client(scene.tx, row.client_id)
    if command.client and people.client_by_code(scene.tx, command.client).id != client.id:
        raise UserError(sentence("invoice of another", number=row.number, code=client.code, client=command.client))
    applied = books.apply_ahead(
        scene.tx, row.number, command.cents, key=f"apply:{scene.cause}", now=scene.now,
        currency=scene.policy.currency, prices=scene.policy.prices,
    )  # fmt: skip
    return Answer(
        joined(" ", [_moved(scene, actor, applied, is_taken_off=False), *_usable(scene, client.id, applied.granted)])
    )


def unapply(scene: Scene, actor: Actor, command: Unapply) -> Answer:
    """Take off an invoice again what was applied to it."""
    taken = books.take_off(
        scene.tx, command.number, command.cents, key=f"unapply:{scene.cause}", reason=command.reason, now=scene.now,
        currency=scene.policy.currency,
    )  # fmt: skip
    return Answer(_moved(scene, actor, taken, is_taken_off=True))


def _moved(scene: Scene, actor: Actor, applied: books.Applied, *, is_taken_off: bool) -> str:
    currency, number = scene.policy.currency, applied.number
    amount, left = format_cents(applied.cents, currency), left_of(applied.open_cents, currency)
    if applied.ahead_cents:
        ahead = format_cents(applied.ahead_cents, currency)
        told = sentence(
            "unapply done more" if is_taken_off else "apply done more",
            amount=amount,
            number=number,
            left=left,
            ahead=ahead,
        )
    else:
        told = sentence("unapply done" if is_taken_off else "apply done", amount=amount, number=number, left=left)
    scene.record("applied", client_id=applied.client_id, actor=actor.label, reason=told)
    return told


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
    told = sentence("credit note done", number=note.number, client=client.name, amount=amount, invoice=row.number)
    off = [sentence("credit order off", tier=credited.taken_back)] if credited.taken_back else []
    return Answer(joined(" ", [told, *(off or _usable(scene, client.id, credited.granted))]))


def write_off(scene: Scene, actor: Actor, command: WriteOff) -> Answer:
    row = books.invoice_numbered(scene.tx, command.number)
    cents = books.write_off(scene.tx, command.number, reason=command.reason, now=scene.now)
    amount = format_cents(cents, scene.policy.currency)
    scene.record("written off", client_id=row.client_id, actor=actor.label, reason=command.reason, number=row.number)
    return Answer(sentence("write off done", amount=amount, number=row.number))


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
    told = [sentence("refund done", amount=amount, reference=command.of_reference, own=command.reference)]
    if paid.commission_cents:
        back = format_cents(-paid.commission_cents, scene.policy.currency)
        told.append(sentence("refund commission", amount=back))
    return Answer(joined(" ", told))


def close_month(scene: Scene, actor: Actor, command: CloseMonth) -> Answer:
    """Invoice what is dated in the month or before, and lock it: of one client, or of all."""
    if command.client:
        clients = [people.client_by_code(scene.tx, command.client)]
    else:
        clients = scene.tx.all(people_queries.CLIENTS)
    early = [client.code for client in clients if not books.is_over(client, command.month, now=scene.now)]
    if early:
        raise UserError(sentence("month early", month=f"{command.month:%Y-%m}", what=", ".join(early)))
    lines = []
    # Whoever waits for one of them has taken no number yet, and nobody who has waits for one of them.
    books.lock_clients(scene.tx, (client.id for client in clients))
    for client in clients:
        closed = books.close_month(scene.tx, client.id, command.month, now=scene.now)
        if closed.issued is not None:
            lines.append(told_of(scene, actor, client, closed.issued))
    scene.record("month closed", actor=actor.label, reason=f"{command.month:%Y-%m}")
    many, month = len(clients), f"{command.month:%Y-%m}"
    closed_for = sentence("month closed one" if many == 1 else "month closed", month=month, count=many)
    return Answer(joined("\n", [closed_for, *lines]))


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
