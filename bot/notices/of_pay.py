"""What a consultant is told of their pay."""

from __future__ import annotations

from bot.messages import Action, Notice
from bot.notices.wording import Reader, paragraphs, say


def paid_out(reader: Reader, *, number: str, amount: str, statement: str) -> Notice:
    """A period is closed and paid; statement: the whole account, kept as it stands here."""
    body = paragraphs(say(reader, "paid out", number=number, amount=amount), statement, say(reader, "paid out how"))
    actions = (Action(say(reader, "button arrived"), f"payout arrived {number}", "primary"),)
    return Notice("paid_out", say(reader, "title paid out", number=number, amount=amount), body, actions)
