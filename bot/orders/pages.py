"""A ticket as text: its page, and the decisions made on it with the command that takes each back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot import diary, views
from bot.messages import EMAIL
from bot.notices import Reader, moment, span_text
from bot.notices.catalogues import ENGLISH, known_language
from bot.notices.wording import day_of, reason, reasons
from bot.orders.wording import consultant_name, reader_of
from bot.people import Actor
from bot.plain import one_line
from bot.scene import Scene
from bot.sentences import Joined, Sentence, joined, sentence
from bot.texts_of_pages import PAGES
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
        "conversation closed",
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


# Decisions whose reasons are those of triage, one after the other.
GRADED = frozenset({"triaged", "priority raised", "priority lowered"})
# Decisions that a person may give a reason for in own words.
TYPED = frozenset(
    (
        "passed",
        "released",
        "waiting",
        "resolved",
        "reopened",
        "closed",
        "priority raised",
        "priority lowered",
        "taken back",
        "waived",
        "disputed",
        "dispute decided",
        "appointment cancelled",
    )
)
# Reasons that the desk gives by itself, by their words, as decisions keep them.
REASONS = {text: key.removeprefix("reason ") for key, text in PAGES.items() if key.startswith("reason ")}


def why_text(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    """Every decision on a ticket, oldest first: when, what, by whom, why, and how to reverse it."""
    reader = reader_of(scene, actor)
    found = views.decisions(scene.tx, ticket.id)
    shown = [one for one in found if actor.is_staff or one.kind not in STAFF_ONLY]
    if not _may_read(actor, ticket):
        # Before a claim nobody else learns who wrote, nor what.
        hidden = sentence("the requester")
        shown = [replace(one, by=hidden, reason="", detail={}) if one.is_by_client else one for one in shown]
        # Nor, at any time, what their client pays.
        shown = [replace(one, reason="") if one.kind in MONEY else one for one in shown]
    head = sentence("why ticket", id=ticket.id, row=ticket.priority, rule=ticket.rule)
    reasons = [f"  {reason(each, reader)}" for each in ticket.why]
    return joined("\n", [head, *reasons, *(_decision(one, reader, actor) for one in shown)])


def _decision(one: views.Decision, reader: Reader, actor: Actor) -> str:
    kind = sentence(f"event {one.kind}") if f"event {one.kind}" in PAGES else one.kind
    parts = [moment(one.at, reader), "  ", kind]
    if one.kind in ABOUT_SOMEBODY and one.about and one.about != one.by:
        parts += [" ", one.about]
    if one.by != "desk":
        parts += [", ", sentence("why by", name=one.by)]
    if one.reason not in ("", f"by {one.by}"):
        parts += [": ", _reason(one, reader, actor)]
    if one.reversal and actor.is_staff:
        parts += [" ", sentence("why undo", usage=one.reversal)]
    return joined("", parts)


def _reason(one: views.Decision, reader: Reader, actor: Actor) -> str:
    """Why it was decided: a sentence of ours in the reader's language, words of others as they are."""
    if isinstance(one.reason, Sentence | Joined):
        return one.reason
    is_english = known_language(reader.language) in ("", ENGLISH)
    if one.kind == "opened" and "channel" in one.detail and not (actor.is_staff and is_english):
        return _opened(one.detail)
    if one.kind in GRADED:
        return one_line(reasons(one.reason, reader), 300)
    known = REASONS.get(one.reason)
    # A single word may as well be a person's own.
    is_ours = known is not None and (" " in one.reason or one.kind not in TYPED)
    return sentence(f"reason {known}") if is_ours else one_line(one.reason, 300)


def _opened(detail: Mapping[str, object]) -> str:
    """How a ticket came: by which channel, and whether the sender was proven. What proved it is kept in English."""
    parts: list[str] = [sentence("how opened", channel=detail["channel"])]
    if detail["channel"] == EMAIL and f"trust {detail.get('trust')}" in PAGES:
        parts.append(sentence("how sender", trust=sentence(f"trust {detail['trust']}")))
    if detail.get("refers_to") is not None:
        parts.append(sentence("how goes on", id=detail["refers_to"]))
    return joined(", ", parts)


def show_text(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    """A ticket's page. Before a claim, consultants other than the lead see no contact data and no words of the client.

    Source: mission, Rules, "Who may claim".
    """
    reader = reader_of(scene, actor)
    before = views.past(scene.tx, ticket.id, on=scene.now.astimezone(zone_named(reader.zone)).date())
    lines = [*_head(scene, ticket, reader), *_around(scene, ticket, reader, before)]
    if not _may_read(actor, ticket):
        expertise = ", ".join(ticket.expertise) or sentence("page no expertise")
        return joined("\n", [*lines, sentence("page expertise", what=expertise), _who_may_read(scene, ticket)])
    lines.extend(
        sentence("page away", name=one_line(name, 80), on=day_of(until, reader)) for name, until in before.away
    )
    lines.extend(_said(one, reader) for one in views.conversation(scene.tx, ticket.id, with_notes=actor.is_staff))
    if actor.is_staff:
        lines.extend(_trouble(one, reader) for one in views.troubles(scene.tx, ticket.id))
    return joined("\n", lines)


def _head(scene: Scene, ticket: Ticket, reader: Reader) -> Iterator[str]:
    yield sentence("page title", id=ticket.id, subject=one_line(ticket.subject, 200))
    state, opened_at = sentence(f"state {ticket.state}"), moment(ticket.opened_at, reader)
    if ticket.claimant_id is None or ticket.state in (State.HELD, State.OFFERED, State.UNVERIFIED):
        yield sentence("page standing", row=ticket.priority, state=state, at=opened_at)
    else:
        name = consultant_name(scene, ticket.claimant_id)
        yield sentence("page standing by", row=ticket.priority, state=state, name=name, at=opened_at)
    if ticket.hold_until_at is not None:
        name = consultant_name(scene, ticket.lead_id)
        yield sentence("page held", name=name, at=moment(ticket.hold_until_at, reader))
    if ticket.promise_at is not None:
        yield sentence("page due", at=moment(ticket.promise_at, reader))


def _around(scene: Scene, ticket: Ticket, reader: Reader, before: views.Past) -> Iterator[str]:
    """What belongs to the ticket: others, its appointment, what its bill waits for."""
    if ticket.joined_to_id is not None:
        yield sentence("page part", id=ticket.joined_to_id)
    if before.refers_to is not None:
        yield sentence("page before", id=before.refers_to)
    appointment = diary.standing(scene.tx, ticket.id)
    if appointment is not None:
        when, is_booked = span_text((appointment.starts_at, appointment.ends_at), reader), appointment.state == "booked"
        yield sentence("page appointment" if is_booked else "page asked for", at=when, kind=appointment.kind)
    if ticket.is_billing_on_hold:
        yield sentence("page billing")


def _trouble(one: views.Trouble, reader: Reader) -> str:
    told = sentence("page trouble", kind=one.kind, channel=one.channel, state=one.state, reason=one.reason)
    if one.again_at is None:
        return told
    return joined("", [told, sentence("page again", at=moment(one.again_at, reader))])


def _who_may_read(scene: Scene, ticket: Ticket) -> str:
    if ticket.claimant_id is None:
        return sentence("page claim to see")
    return sentence("page not yours", name=consultant_name(scene, ticket.claimant_id))


def _may_read(actor: Actor, ticket: Ticket) -> bool:
    if not actor.is_staff or actor.is_manager or actor.staff_role == "assistant":
        return True
    return actor.consultant_id in (ticket.claimant_id, ticket.lead_id)


def _said(one: views.Said, reader: Reader) -> str:
    mark = {"in": "→", "out": "←", "note": "·"}[one.direction]
    author = one.author if isinstance(one.author, Sentence) else one_line(one.author, 80)
    parts: list[str] = [f"{mark} ", author, f", {moment(one.at, reader)}, {one.channel}"]
    if one.automatic:
        parts += [", ", sentence("page program", kind=one.automatic)]
    elif one.is_doubtful:
        parts += [", ", sentence("page doubt")]
    files: list[str] = list(one.files)
    if one.folded:
        files.append(sentence("page folded one" if one.folded == 1 else "page folded", count=one.folded))
    if files:
        parts += [" [", joined(", ", files), "]"]
    if one.removed_at is not None:
        removed_on = one.removed_at.astimezone(zone_named(reader.zone)).date()
        gone = sentence("page removed", on=removed_on, count=one.removed_after_days)
        return joined("", [*parts, "\n    (", gone, ")"])
    text = one.text.strip()
    text = text if len(text) <= TEXT_LENGTH_MAX else text[:TEXT_LENGTH_MAX] + " …"
    indented = text.replace("\n", "\n    ")
    return joined("", [*parts, f"\n    {indented}"])
