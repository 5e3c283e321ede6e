"""What those who pay are told: an invoice, a credit note, a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages import Notice
from bot.notices.wording import Reader, lines, name_of, paragraphs, say
from bot.plain import one_line


def invoice_issued(
    reader: Reader, *, number: str, amount: str, due_on: date, lines: Sequence[str], payment: str
) -> Notice:
    """An invoice, with its document attached."""
    body = paragraphs(
        say(reader, "invoice", number=number, amount=amount, due=due_on),
        _listed(lines),
        say(reader, "invoice pay", number=number, how=f" {one_line(payment, 300)}" if payment else ""),
        say(reader, "invoice dispute"),
    )
    return Notice("invoice_issued", say(reader, "title invoice", number=number, amount=amount), body)


def credit_note_issued(reader: Reader, *, number: str, of_number: str, amount: str) -> Notice:
    """A credit note, with its document attached."""
    body = say(reader, "credit note", number=number, of=of_number, amount=amount)
    return Notice("credit_note_issued", say(reader, "title credit note", number=number), body)


def invoice_reminder(reader: Reader, *, number: str, left: str, due_on: date, count: int) -> Notice:
    """An invoice is overdue. count: how many reminders this one makes."""
    body = say(reader, "invoice reminder", number=number, left=left, due=due_on)
    return Notice("invoice_reminder", say(reader, "title reminder", number=number, count=count), body)


def invoice_overdue(reader: Reader, *, number: str, client_name: str, left: str, due_on: date) -> Notice:
    """To a manager: reminders did not help."""
    body = say(reader, "invoice overdue", number=number, client=name_of(client_name), left=left, due=due_on)
    return Notice("invoice_overdue", say(reader, "title overdue", number=number), body)


def statement_sent(reader: Reader, *, month: str, text: str) -> Notice:
    """A month's statement, line by line as the books state it."""
    body = paragraphs(say(reader, "statement"), text, say(reader, "invoice dispute"))
    return Notice("statement_sent", say(reader, "title statement", month=month), body)


def _listed(texts: Sequence[str]) -> str:
    shown = [f"- {one_line(text, 200)}" for text in texts[:20]]
    more = [f"- and {len(texts) - 20} more"] if len(texts) > 20 else []
    return lines(*shown, *more)
