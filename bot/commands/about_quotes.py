"""Quotes: an estimate that is sent to a client, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.plain import one_line
from bot.sentences import sentence

TEXT_MAX, TITLE_MAX = 2_000, 120


@dataclass(frozen=True, slots=True)
class Quote(Command):
    """text: components as for `estimate`. title: "" for one made of the components."""

    client: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class QuoteList(Command):
    """client: "" for the giver's own."""

    client: str = ""


@dataclass(frozen=True, slots=True)
class QuoteAnswer(Command):
    """words: the line as it was written; they are kept with the answer."""

    quote_id: int
    is_yes: bool
    words: str


def _quote(line: Line) -> Command:
    client = line.client()
    text, _, title = line.rest().partition(" -- ")
    if not text.strip():
        raise line.bad(sentence("bad components"))
    return Quote(client, text.strip()[:TEXT_MAX], one_line(title, TITLE_MAX))


def _answer(line: Line, *, is_yes: bool) -> Command:
    words = one_line(line.said, 500)
    return QuoteAnswer(
        line.number(sentence("answer which quote")), is_yes, f"{words} {line.free_text(needs_mark=True)}".strip()
    )


ENTRIES = (
    Entry(
        "quote", Quote, _quote, 'quote CODE COMPONENTS [-- TITLE]', "Send a client an estimate that it can accept.",
        'quote ACME website "Standard Pages" x4, "Secure Login" -- New website', (Who.CONSULTANT,),
    ),
    Entry(
        "quotes", QuoteList, lambda line: QuoteList(line.client_if_any()), "quotes [CODE]",
        "See quotes, their answers, and what of their budgets is used.", "quotes ACME", (Who.APPROVER, Who.CONSULTANT),
    ),
    Entry(
        "accept quote", QuoteAnswer, lambda line: _answer(line, is_yes=True), "accept quote NUMBER",
        "Accept a quote: it becomes a ticket with that budget.", "accept quote 3", (Who.APPROVER,),
    ),
    Entry(
        "decline quote", QuoteAnswer, lambda line: _answer(line, is_yes=False), "decline quote NUMBER [-- REASON]",
        "Decline a quote.", "decline quote 3 -- too dear", (Who.APPROVER,),
    ),
)  # fmt: skip
