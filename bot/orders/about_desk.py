"""Use cases of the desk itself: lists, one's own standing, linking a chat account, absence."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot import books, diary, digests, linking, notices, people, views
from bot.adopting import adopt_tickets
from bot.commands import (
    Accounts,
    Away,
    Back,
    DigestNow,
    Help,
    Link,
    Mine,
    Queue,
    Start,
    Status,
    Stop,
    WhoAmI,
    earliest,
    help_text,
    usage,
)
from bot.commands.about_desk import ConfirmClock
from bot.errors import UserError
from bot.laddering import climb_holds_of
from bot.messages import Answer, Handle, Trust
from bot.orders.cutting import rest, with_rest
from bot.orders.usecase import UseCases, ticket_for
from bot.orders.wording import clock_time, reader_of, ticket_list
from bot.outbox import SendClass
from bot.people import Actor
from bot.queries import clockwork
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.telling import tell_handle
from bot.zones import zone_named


def queue(scene: Scene, actor: Actor, command: Queue) -> Answer:
    client_id = people.client_by_code(scene.tx, command.client).id if command.client else None
    lines = views.queue(scene.tx, consultant_id=actor.consultant_id, client_id=client_id)
    listed = ticket_list(lines, scene, actor, empty=sentence("list none"))
    of_state = Counter(line.state for line in lines)
    if max(of_state.values(), default=0) < views.LIST_MAX:
        return Answer(listed)
    return Answer(joined("\n", [listed, sentence("list more", count=len(lines))]))


def mine(scene: Scene, actor: Actor, command: Mine) -> Answer:
    assert actor.consultant_id is not None
    lines = views.mine(scene.tx, actor.consultant_id)
    listed = ticket_list(lines, scene, actor, empty=sentence("mine none"))
    reader = reader_of(scene, actor)
    rows = diary.coming(scene.tx, actor.consultant_id, scene.now)
    booked = [
        sentence(
            "mine appointment",
            at=notices.span_text((row.starts_at, row.ends_at), reader),
            id=row.ticket_id,
            kind=row.kind,
        )
        for row in rows[: diary.COMING_MAX]
    ]
    return Answer(joined("\n", [listed, *booked, *rest(rows, diary.COMING_MAX)]))


def accounts(scene: Scene, actor: Actor, command: Accounts) -> Answer:
    """The lead's own clients in one list."""
    assert actor.consultant_id is not None
    lines = views.accounts(scene.tx, actor.consultant_id)
    if not lines:
        return Answer(sentence("accounts none"))
    return Answer(joined("\n", [_account(scene, line) for line in lines]))


def _account(scene: Scene, line: views.AccountLine) -> str:
    return sentence(
        "accounts line",
        code=line.code,
        name=line.name,
        count=line.open_tickets,
        length=notices.lasting(line.hold_minutes),
        account=books.balance_line(scene.tx, line.client_id, now=scene.now, currency=scene.policy.currency),
    )


def status(scene: Scene, actor: Actor, command: Status) -> Answer:
    """A contact's own open tickets; an approver's or owner's whole client."""
    if command.ticket_id is not None:
        ticket = ticket_for(scene, actor, command.ticket_id)
        state = sentence(f"state {ticket.state}")
        told = sentence("answer status", id=ticket.id, state=state, row=ticket.priority, subject=ticket.subject)
        return Answer(told, ticket_id=ticket.id)
    if not actor.is_contact:
        return Answer(sentence("status staff"))
    own = None if actor.may_approve else actor.contact_id
    lines = views.tickets_of_contact(scene.tx, contact_id=own, client_id=actor.client_id)
    listed = ticket_list(lines[: views.LIST_MAX], scene, actor, empty=sentence("answer nothing open"))
    return Answer(with_rest(listed, lines, views.LIST_MAX))


def who_am_i(scene: Scene, actor: Actor, command: WhoAmI) -> Answer:
    if actor.consultant_id is not None:
        row = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=actor.consultant_id)
        assert row is not None
        role = sentence(f"role {row.role}")
        text = sentence("whoami staff", name=row.name, role=role, number=row.member_number, zone=row.zone)
    elif actor.client_id is not None:
        client = people.client(scene.tx, actor.client_id)
        role = sentence(f"role {actor.contact_role}")
        text = sentence("answer whoami", name=actor.name, role=role, client=client.name, zone=client.zone)
    else:
        return Answer(sentence("answer stranger"))
    return Answer(text if actor.is_proven else joined(" ", [text, sentence("whoami unproven")]))


def link(scene: Scene, actor: Actor, command: Link) -> Answer:
    """Tie a chat account to a person: first the address, then the code that was sent there.

    A group is no account: linked, it would be told what is for one person alone.
    """
    if scene.is_nameless:
        raise UserError(sentence("answer link nameless"))
    if command.code:
        name = linking.use_link_code(scene.tx, actor, command.code, scene.now)
        scene.record("linked", actor=actor.label, reason=f"{actor.channel} account by a one-time code")
        known = people.identify(scene.tx, Handle(actor.channel, actor.address), Trust.PROVEN, scene.now)
        if known.contact_id is not None and known.client_id is not None:
            adopt_tickets(scene, known.handle_id, known.contact_id, people.client(scene.tx, known.client_id))
        return Answer(sentence("answer linked", name=name))
    offer = linking.make_link_code(scene.tx, actor, command.address, scene.now)
    if offer is not None:
        reader = reader_of(scene, actor)
        notice = notices.link_code(reader, code=offer.code, minutes=linking.LINK_CODE_MINUTES)
        tell_handle(scene, offer.to, notice, ticket_id=None, send_class=SendClass.TYPED, place=None)
    return Answer(sentence("answer link sent", address=command.address, count=linking.LINK_CODE_MINUTES))


def away(scene: Scene, actor: Actor, command: Away) -> Answer:
    """Absence passes holds on at once."""
    assert actor.consultant_id is not None
    until_at = earliest(command.until, actor.zone, after=scene.now)
    if until_at <= scene.now:
        raise UserError(sentence("away over"))
    scene.tx.run(people_queries.CONSULTANT_AWAY, consultant_id=actor.consultant_id, away_until_at=until_at)
    passed = climb_holds_of(scene, actor.consultant_id)
    told = [sentence("away done", at=clock_time(until_at, scene, actor))]
    if passed:
        told.append(sentence("away held one") if len(passed) == 1 else sentence("away held", count=len(passed)))
    return Answer(joined(" ", [*told, sentence("away back")]))


def back(scene: Scene, actor: Actor, command: Back) -> Answer:
    assert actor.consultant_id is not None
    scene.tx.run(people_queries.CONSULTANT_AWAY, consultant_id=actor.consultant_id, away_until_at=None)
    return Answer(sentence("back done"))


def confirm_clock(scene: Scene, actor: Actor, command: ConfirmClock) -> Answer:
    """After a jump of the clock a manager says that it is right: charges and lapses go on."""
    if not scene.tx.run(clockwork.UNSET, name=clockwork.HALTED):
        return Answer(sentence("clock fine"))
    scene.record("clock confirmed", actor=actor.label, reason="charges and lapses go on")
    return Answer(sentence("clock confirmed"))


def stop(scene: Scene, actor: Actor, command: Stop) -> Answer:
    """No more notices to this account. Who has another one is told there; answers and prices still come here."""
    scene.tx.run(people_queries.HANDLE_STOPPED, handle_id=actor.handle_id, is_stopped=True)
    scene.record("stopped", actor=actor.label, reason=f"no more notices by {actor.channel}")
    if _is_overheard(scene):
        return Answer(sentence("answer stopped shared", name=actor.name, channel=actor.channel))
    return Answer(sentence("answer stopped"))


def start(scene: Scene, actor: Actor, command: Start) -> Answer:
    """Notices again; or, where they had not stopped, the first press in a chat: who this is, and how to begin."""
    if scene.tx.run(people_queries.HANDLE_STARTED, handle_id=actor.handle_id):
        scene.record("started", actor=actor.label, reason=f"notices by {actor.channel} again")
        if _is_overheard(scene):
            return Answer(sentence("answer started shared", name=actor.name, channel=actor.channel))
        return Answer(sentence("answer started"))
    role = "staff" if actor.is_staff else "contact" if actor.is_contact else "stranger"
    if _is_overheard(scene) and not actor.is_staff:
        role = "shared"
    return Answer(joined("\n\n", [who_am_i(scene, actor, WhoAmI()).text, sentence(f"welcome {role}")]))


def _is_overheard(scene: Scene) -> bool:
    """Was the command given where others read along?"""
    return scene.place is not None and scene.place.is_shared and not scene.policy.is_staff_place(scene.place)


def digest_now(scene: Scene, actor: Actor, command: DigestNow) -> Answer:
    """How a day went, in the manager's own zone; yesterday where none is said."""
    on = command.on or scene.now.astimezone(zone_named(actor.zone)).date() - timedelta(days=1)
    told = digests.figures(scene.tx, zone=actor.zone, on=on, now=scene.now)
    return Answer(digests.notice(told, reader_of(scene, actor), currency=scene.policy.currency).body)


def help_(scene: Scene, actor: Actor, command: Help) -> Answer:
    role = (actor.staff_role or actor.contact_role) if actor.is_proven else ""
    if command.verb:
        return Answer(usage(command.verb, role))
    return Answer(help_text(role))


USE_CASES: UseCases = {
    Queue: queue,
    Mine: mine,
    Accounts: accounts,
    Status: status,
    WhoAmI: who_am_i,
    Link: link,
    Away: away,
    Back: back,
    ConfirmClock: confirm_clock,
    Stop: stop,
    Start: start,
    DigestNow: digest_now,
    Help: help_,
}
