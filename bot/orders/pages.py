"""A ticket as text: its page, and the decisions made on it with the command that takes each back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import diary, views
from bot.notices import Reader, moment, span_text
from bot.orders.wording import consultant_name, reader_of
from bot.people import Actor
from bot.plain import one_line
from bot.scene import Scene
from bot.tickets import State, Ticket
from bot.zones import zone_named

TEXT_LENGTH_MAX = 1_500
# Decisions that only the staff's own affairs hang on.
STAFF_ONLY = frozenset(
    (
        "offered",
        "passed",
        "hold lapsed",
        "escalated",
        "noted",
        "unreachable",
        "undeliverable",
        "bounced",
        "bounced for now",
        "bounced again",
        "delivery delayed",
        "complaint",
        "own mail came back",
        "may belong together",
        "loop suspected",
        "not joined",
    )
)
# What something cost: the books' side of a ticket.
MONEY = frozenset(
    {"logged", "taken back", "waived", "disputed", "dispute decided", "billed", "contact billed", "invoiced"}
)
# Decisions that name whom they were about.
ABOUT_SOMEBODY = frozenset({"offered", "passed", "hold lapsed", "lead named", "unreachable"})


def why_text(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    """Every decision on a ticket, oldest first: when, what, by whom, why, and how to reverse it."""
    reader = reader_of(scene, actor)
    found = views.decisions(scene.tx, ticket.id)
    shown = [one for one in found if actor.is_staff or one.kind not in STAFF_ONLY]
    if not _may_read(actor, ticket):
        # Before a claim nobody else learns who wrote, nor what.
        shown = [replace(one, by="the requester", reason="") if one.is_by_client else one for one in shown]
        # Nor, at any time, what their client pays.
        shown = [replace(one, reason="") if one.kind in MONEY else one for one in shown]
    head = f"Ticket {ticket.id} is {ticket.priority} by the rule “{ticket.rule}”:"
    reasons = [f"  {reason}" for reason in ticket.why]
    return "\n".join([head, *reasons, *(_decision(one, reader, actor) for one in shown)])


def _decision(one: views.Decision, reader: Reader, actor: Actor) -> str:
    about = f" {one.about}" if one.kind in ABOUT_SOMEBODY and one.about and one.about != one.by else ""
    by = f", by {one.by}" if one.by != "desk" else ""
    reason = f": {one_line(one.reason, 300)}" if one.reason not in ("", f"by {one.by}") else ""
    undo = f" [to reverse: {one.reversal}]" if one.reversal and actor.is_staff else ""
    return f"{moment(one.at, reader)}  {one.kind}{about}{by}{reason}{undo}"


def show_text(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    """A ticket's page. Before a claim, consultants other than the lead see no contact data and no words of the client.

    Source: mission, Rules, "Who may claim".
    """
    reader = reader_of(scene, actor)
    lines = [
        f"Ticket {ticket.id}: {one_line(ticket.subject, 200)}",
        f"{ticket.priority}, {ticket.state}{_whose(scene, ticket)}, opened {moment(ticket.opened_at, reader)}",
    ]
    if ticket.hold_until_at is not None:
        lines.append(f"held for {consultant_name(scene, ticket.lead_id)} until {moment(ticket.hold_until_at, reader)}")
    if ticket.promise_at is not None:
        lines.append(f"answer due {moment(ticket.promise_at, reader)}")
    before = views.past(scene.tx, ticket.id, on=scene.now.astimezone(zone_named(reader.zone)).date())
    if ticket.joined_to_id is not None:
        lines.append(f"part of ticket {ticket.joined_to_id}, where everything stands")
    if before.refers_to is not None:
        lines.append(f"goes on from ticket {before.refers_to}")
    appointment = diary.standing(scene.tx, ticket.id)
    if appointment is not None:
        when = span_text((appointment.starts_at, appointment.ends_at), reader)
        told = "appointment" if appointment.state == "booked" else "asked for"
        lines.append(f"{told}: {when} ({appointment.kind})")
    if ticket.is_billing_on_hold:
        lines.append("billing waits for an approver's yes")
    if not _may_read(actor, ticket):
        expertise = ", ".join(ticket.expertise) or "none named"
        return "\n".join([*lines, f"expertise: {expertise}", _who_may_read(scene, ticket)])
    lines.extend(_away(name, until) for name, until in before.away)
    lines.extend(_said(one, reader) for one in views.conversation(scene.tx, ticket.id, with_notes=actor.is_staff))
    if actor.is_staff:
        lines.extend(_trouble(one, reader) for one in views.troubles(scene.tx, ticket.id))
    return "\n".join(lines)


def _away(name: str, until: date) -> str:
    return f"{one_line(name, 80)} is away until {until:%a} {until.day} {until:%b}, as their mail program answered"


def _trouble(one: views.Trouble, reader: Reader) -> str:
    again = f"; it is sent again {moment(one.again_at, reader)}" if one.again_at is not None else ""
    return f"! {one.kind} by {one.channel} was not delivered ({one.state}): {one.reason}{again}"


def _who_may_read(scene: Scene, ticket: Ticket) -> str:
    if ticket.claimant_id is None:
        return "Claim it to see who wrote, and what."
    return f"Who wrote, and what, is for {consultant_name(scene, ticket.claimant_id)}, the lead and managers."


def _whose(scene: Scene, ticket: Ticket) -> str:
    if ticket.claimant_id is None or ticket.state in (State.HELD, State.OFFERED, State.UNVERIFIED):
        return ""
    return f" by {consultant_name(scene, ticket.claimant_id)}"


def _may_read(actor: Actor, ticket: Ticket) -> bool:
    if not actor.is_staff or actor.is_manager or actor.staff_role == "assistant":
        return True
    return actor.consultant_id in (ticket.claimant_id, ticket.lead_id)


def _folded(images: int) -> str:
    return f"{images} signature image{'s' if images > 1 else ''} folded"


def _said(one: views.Said, reader: Reader) -> str:
    mark = {"in": "→", "out": "←", "note": "·"}[one.direction]
    told = [*one.files, *([_folded(one.folded)] if one.folded else [])]
    files = f" [{', '.join(told)}]" if told else ""
    text = one.text.strip()
    text = text if len(text) <= TEXT_LENGTH_MAX else text[:TEXT_LENGTH_MAX] + " …"
    indented = text.replace("\n", "\n    ")
    automatic = f", by a program ({one.automatic})" if one.automatic else ""
    doubt = ", nothing proves the sender" if one.is_doubtful and not one.automatic else ""
    head = f"{mark} {one_line(one.author, 80)}, {moment(one.at, reader)}, {one.channel}{automatic}{doubt}{files}"
    return f"{head}\n    {indented}"
