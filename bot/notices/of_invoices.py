"""What those who pay are told: an invoice, a credit note, a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages import Notice
from bot.notices.figures import day_in
from bot.notices.wording import Reader, lines, name_of, paragraphs, say
from bot.plain import one_line


def invoice_issued(
    reader: Reader, *, number: str, amount: str, due_on: date, lines: Sequence[str],
    totals: Sequence[tuple[str, str]] = (), left: str = "", is_settled: bool = False, payment: str = "",
    charge_id: int | None = None,
) -> Notice:  # fmt: skip
    """An invoice, with its document attached.

    left: where something was paid ahead, what is still to be paid. charge_id: one of its charges, to show how to
    dispute; None where it has none.
    """
    pay = say(reader, "invoice pay", number=number, how=f" {one_line(payment, 300)}" if payment else "")
    ahead = say(reader, "invoice settled") if is_settled else say(reader, "invoice left", left=left) if left else ""
    body = paragraphs(
        say(reader, "invoice", number=number, amount=amount, due=day_in(reader.language, due_on)),
        _listed(lines),
        "\n".join(f"{name}: {value}" for name, value in totals),
        ahead,
        "" if is_settled else pay,
        "" if charge_id is None else say(reader, "invoice dispute", charge=charge_id),
    )
    return Notice("invoice_issued", say(reader, "title invoice", number=number, amount=amount), body)


def credit_note_issued(reader: Reader, *, number: str, of_number: str, amount: str) -> Notice:
    """A credit note, with its document attached."""
    body = say(reader, "credit note", number=number, of=of_number, amount=amount)
    return Notice("credit_note_issued", say(reader, "title credit note", number=number), body)


def invoice_reminder(reader: Reader, *, number: str, left: str, due_on: date, count: int) -> Notice:
    """An invoice is overdue. count: how many reminders this one makes."""
    body = say(reader, "invoice reminder", number=number, left=left, due=day_in(reader.language, due_on))
    return Notice("invoice_reminder", say(reader, "title reminder", number=number, count=count), body)


def invoice_overdue(reader: Reader, *, number: str, client_name: str, left: str, due_on: date) -> Notice:
    """To a manager: reminders did not help."""
    body = say(
        reader,
        "invoice overdue",
        number=number,
        client=name_of(client_name),
        left=left,
        due=day_in(reader.language, due_on),
    )
    return Notice("invoice_overdue", say(reader, "title overdue", number=number), body)


def statement_sent(reader: Reader, *, month: str, text: str, charge_id: int | None) -> Notice:
    """A month's statement, line by line as the books state it. charge_id: one of its charges, None without any."""
    dispute = "" if charge_id is None else say(reader, "invoice dispute", charge=charge_id)
    body = paragraphs(say(reader, "statement"), text, dispute)
    return Notice("statement_sent", say(reader, "title statement", month=month), body)


def health_chart(reader: Reader, *, client_name: str) -> Notice:
    """The chart of a flat plan, to who asked; the picture goes with it."""
    name = name_of(client_name)
    return Notice(
        "health_chart", say(reader, "title health chart", client=name), say(reader, "health chart", client=name)
    )


def _listed(texts: Sequence[str]) -> str:
    shown = [f"- {one_line(text, 200)}" for text in texts[:20]]
    more = [f"- and {len(texts) - 20} more"] if len(texts) > 20 else []
    return lines(*shown, *more)
