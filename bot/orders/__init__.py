"""Use cases: what each command does, once its giver is known. The rights stand in the grammar and are checked here.

A use case takes (scene, actor, command) and returns an Answer, or raises a UserError that is the refusal. It may cross
rooms; it never commits. One module a group of commands, like the grammar's.
"""

from __future__ import annotations

from dataclasses import replace

from bot.commands import ENTRIES, Command, Who, entry_of
from bot.errors import NotAllowed, NotProven, UserError
from bot.messages import Answer
from bot.notices.answers import in_language
from bot.orders import (
    about_assistants,
    about_bank,
    about_charges,
    about_consent,
    about_desk,
    about_diary,
    about_estimates,
    about_files,
    about_health,
    about_invoices,
    about_mail,
    about_me,
    about_money,
    about_pay,
    about_people,
    about_places,
    about_plans,
    about_priority,
    about_quotes,
    about_staff,
    about_threads,
    about_tickets,
    about_time,
    about_work,
)
from bot.orders.usecase import UseCases
from bot.orders.wording import claimed_by
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import sentence
from bot.tickets import AlreadyClaimed

USE_CASES: UseCases = {
    **about_tickets.USE_CASES,
    **about_consent.USE_CASES,
    **about_diary.USE_CASES,
    **about_places.USE_CASES,
    **about_priority.USE_CASES,
    **about_work.USE_CASES,
    **about_money.USE_CASES,
    **about_charges.USE_CASES,
    **about_invoices.USE_CASES,
    **about_estimates.USE_CASES,
    **about_pay.USE_CASES,
    **about_bank.USE_CASES,
    **about_health.USE_CASES,
    **about_plans.USE_CASES,
    **about_quotes.USE_CASES,
    **about_people.USE_CASES,
    **about_staff.USE_CASES,
    **about_assistants.USE_CASES,
    **about_me.USE_CASES,
    **about_desk.USE_CASES,
    **about_mail.USE_CASES,
    **about_files.USE_CASES,
    **about_threads.USE_CASES,
    **about_time.USE_CASES,
}


# What reads or writes a month, or everybody's work.
_LONG = ("close month", "close-month", "statement", "digest", "earnings", "payout")


def may_take_long(line: str) -> bool:
    """Whether a command may take longer than other people should wait behind it."""
    return line.lstrip("/ ").lower().startswith(_LONG)


def carry_out(scene: Scene, actor: Actor, command: Command) -> Answer:
    """Check the giver's right and do it. Raises UserError with the sentence that says what to do instead."""
    _authorise(actor, command)
    entry, use_case = entry_of(command), USE_CASES.get(type(command))
    if use_case is None:
        raise UserError(f"`{entry.verb}` cannot be done here yet.")
    answer = use_case(scene, actor, command)
    text = in_language(actor.language, answer.text)
    return replace(answer, text=text, language=actor.language, is_private=entry.is_private)


def role_of(actor: Actor) -> str:
    """The standing by which the grammar tells what somebody may write; "" for a stranger or an unproven message."""
    if not actor.is_proven:
        return ""
    return actor.staff_role or actor.contact_role


def explain(scene: Scene, actor: Actor, refusal: UserError) -> str:
    """The sentence of a refusal; one that lost a race says who won, and when, in the reader's own zone."""
    if isinstance(refusal, AlreadyClaimed):
        return in_language(actor.language, claimed_by(scene, actor, refusal))
    return in_language(actor.language, str(refusal))


def _authorise(actor: Actor, command: Command) -> None:
    entry = entry_of(command)
    if Who.ANYONE in entry.who or entry.is_for(role_of(actor)):
        return
    if not actor.is_proven and (actor.contact_id is not None or actor.consultant_id is not None):
        raise NotProven(sentence("answer unproven"))
    if not actor.is_proven:
        raise NotProven(sentence("answer stranger"))
    raise NotAllowed(_is_for(command, _among(entry.who)))


def _is_for(command: Command, who: str) -> str:
    """Whose command it is, by the verbs that it may have been typed as: "`now` and `later` are for a contact"."""
    verb, *others = (entry.verb for entry in ENTRIES if entry.is_of(command))
    if others:
        return sentence("answer rights", verb=verb, other="` and `".join(others), who=who)
    return sentence("answer right", verb=verb, who=who)


def _among(who: tuple[Who, ...]) -> str:
    first, *others = who
    one = sentence(f"who {first}")
    return sentence("either", one=one, other=_among(tuple(others))) if others else one
