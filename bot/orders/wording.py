"""Sentences that several use cases share: times in the giver's zone, names, lists of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.notices import Reader, moment
from bot.people import Actor
from bot.plain import one_line
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.tickets import AlreadyClaimed
from bot.views import TicketLine


def reader_of(scene: Scene, actor: Actor) -> Reader:
    """The giver of a command as a reader: own zone and language, today's times without the day."""
    return Reader(actor.zone, actor.language, scene.now)


def clock_time(at: datetime, scene: Scene, actor: Actor) -> str:
    """An instant as the giver of a command reads it."""
    return moment(at, reader_of(scene, actor))


def consultant_name(scene: Scene, consultant_id: int | None) -> str:
    """The consultant's name; "the desk" for nobody."""
    if consultant_id is None:
        return sentence("the desk")
    row = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    return str(row.name) if row is not None else sentence("the desk")


def claimed_by(scene: Scene, actor: Actor, refusal: AlreadyClaimed) -> str:
    """What the loser of a claim is told: who has it, and since when."""
    name = consultant_name(scene, refusal.claimant_id)
    at = clock_time(refusal.claimed_at, scene, actor)
    return sentence("claim first", name=name, id=refusal.ticket_id, at=at)


def ticket_list(lines: Sequence[TicketLine], scene: Scene, actor: Actor, *, empty: str) -> str:
    """One line a ticket: number, priority, client, state, when it is due, subject."""
    if not lines:
        return empty
    return joined("\n", [_ticket_line(line, scene, actor) for line in lines])


def _ticket_line(line: TicketLine, scene: Scene, actor: Actor) -> str:
    state = sentence(f"state {line.state}")
    who = line.claimant_name or (sentence("offered to you") if line.is_mine_to_claim else state)
    row = f"{line.priority} {line.client_code or ''}".rstrip()
    subject = one_line(line.subject, 100)
    # How long the lead has it alone is the desk's business; a client waits for the answer it was promised.
    due_at = line.due_at if actor.consultant_id is not None else line.promise_at
    if due_at is None:
        return sentence("answer line", id=line.ticket_id, row=row, state=who, subject=subject)
    at = clock_time(due_at, scene, actor)
    return sentence("answer line due", id=line.ticket_id, row=row, state=who, at=at, subject=subject)
