"""What a consultant is told of their pay."""

from __future__ import annotations

from bot.messages import Action, Notice
from bot.notices.wording import Reader, name_of, paragraphs, say


def paid_out(reader: Reader, *, number: str, amount: str, statement: str) -> Notice:
    """A period is closed and paid; statement: the whole account, as the document beside it shows it."""
    body = paragraphs(say(reader, "paid out", number=number, amount=amount), statement, say(reader, "paid out how"))
    actions = (Action(say(reader, "button arrived"), f"payout arrived {number}", "primary"),)
    return Notice("paid_out", say(reader, "title paid out", number=number, amount=amount), body, actions)


def payout_arrived(reader: Reader, *, number: str, amount: str, name: str) -> Notice:
    """The consultant's receipt, which goes with it: to the consultant, and to those who paid."""
    body = say(reader, "paid out receipt", name=name_of(name), number=number, amount=amount)
    return Notice("payout_arrived", say(reader, "title paid out receipt", number=number), body)


def earnings_sent(reader: Reader, *, month: str, text: str) -> Notice:
    """A consultant's month, line by line, with the same as a document."""
    body = paragraphs(say(reader, "earnings sent"), text)
    return Notice("earnings_sent", say(reader, "title earnings sent", month=month), body)
