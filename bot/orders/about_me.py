"""Use cases of what people set for themselves."""

from __future__ import annotations

from bot.commands.about_me import (
    Channels,
    Language,
    MyHours,
    MySettings,
    MyZone,
    QuietHours,
    Unwatch,
    Watching,
    WatchTicket,
)
from bot.errors import UserError
from bot.messages import Answer
from bot.notices.catalogues import LANGUAGES
from bot.notices.texts import text_of
from bot.orders.usecase import UseCases, ticket_for
from bot.people import Actor, preferences
from bot.queries import own as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row


def my_settings(scene: Scene, actor: Actor, command: MySettings) -> Answer:
    """Each line names the command that changes it."""
    chosen = preferences.of_handle(scene.tx, actor.handle_id)
    language = LANGUAGES.get(chosen.language, LANGUAGES["en"])
    lines: list[str] = [sentence("answer my language", what=language)]
    if not actor.is_proven:
        return Answer(joined("\n", lines))
    handles = preferences.handles_of(scene.tx, contact_id=actor.contact_id, consultant_id=actor.consultant_id)
    order = ", ".join(dict.fromkeys(row.channel for row in handles if not row.is_dead and row.verified_at is not None))
    lines.append(sentence("answer my channels", what=order))
    quiet = sentence("answer my quiet", what=chosen.quiet_hours) if chosen.quiet_hours else None
    lines.append(quiet or sentence("answer my quiet none"))
    if actor.consultant_id is not None:
        row = scene.tx.one(queries.CONSULTANT, consultant_id=actor.consultant_id)
        assert row is not None
        lines += [sentence("my zone", zone=row.zone), sentence("my hours", hours=row.hours)]
    return Answer(joined("\n", lines))


def language(scene: Scene, actor: Actor, command: Language) -> Answer:
    """Said in that language, so that whoever chose wrongly sees it at once."""
    if actor.consultant_id is not None and actor.is_proven:
        scene.tx.run(queries.CONSULTANT_LANGUAGE, consultant_id=actor.consultant_id, language=command.code)
    elif actor.contact_id is not None and actor.is_proven:
        scene.tx.run(queries.CONTACT_LANGUAGE, contact_id=actor.contact_id, language=command.code)
    else:
        scene.tx.run(queries.HANDLE_LANGUAGE, handle_id=actor.handle_id, language=command.code)
    scene.record("language set", client_id=actor.client_id, actor=actor.label, reason=command.code)
    return Answer(text_of(command.code, "language set"))


def quiet(scene: Scene, actor: Actor, command: QuietHours) -> Answer:
    if actor.consultant_id is not None:
        scene.tx.run(queries.CONSULTANT_QUIET, consultant_id=actor.consultant_id, hours=command.hours)
    else:
        scene.tx.run(queries.CONTACT_QUIET, contact_id=actor.contact_id, hours=command.hours)
    scene.record("quiet hours set", client_id=actor.client_id, actor=actor.label, reason=command.hours or "none")
    if not command.hours:
        return Answer(sentence("answer quiet off"))
    begin, _, end = command.hours.partition("-")
    return Answer(sentence("answer quiet", begin=begin, end=end, zone=actor.zone))


def channels(scene: Scene, actor: Actor, command: Channels) -> Answer:
    handles = preferences.handles_of(scene.tx, contact_id=actor.contact_id, consultant_id=actor.consultant_id)
    preferences.order_channels(scene.tx, handles, command.channels)
    scene.record("channels ordered", client_id=actor.client_id, actor=actor.label, reason=", ".join(command.channels))
    return Answer(sentence("answer channels", what=_one_after_another(command.channels)))


def _one_after_another(channels: tuple[str, ...]) -> str:
    first, *others = channels
    return sentence("then", one=first, other=_one_after_another(tuple(others))) if others else first


def zone(scene: Scene, actor: Actor, command: MyZone) -> Answer:
    scene.tx.run(queries.CONSULTANT_ZONE, consultant_id=actor.consultant_id, zone=command.zone)
    scene.record("consultant changed", actor=actor.label, consultant_id=actor.consultant_id, reason="zone")
    return Answer(sentence("own zone set", zone=command.zone))


def hours(scene: Scene, actor: Actor, command: MyHours) -> Answer:
    scene.tx.run(queries.CONSULTANT_HOURS, consultant_id=actor.consultant_id, hours=command.hours)
    scene.record("consultant changed", actor=actor.label, consultant_id=actor.consultant_id, reason="hours")
    return Answer(sentence("own hours set", hours=command.hours))


# ---------------------------------------------------------------- watching


def watch(scene: Scene, actor: Actor, command: WatchTicket) -> Answer:
    ticket = ticket_for(scene, actor, command.ticket_id)
    if actor.contact_id is not None and not actor.may_approve:
        raise UserError(sentence("answer watch own"))
    scene.tx.run(
        queries.WATCH,
        ticket_id=ticket.id,
        contact_id=actor.contact_id if actor.consultant_id is None else None,
        consultant_id=actor.consultant_id,
        now=scene.now,
    )
    scene.record("watched", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label)
    return Answer(sentence("answer watch", id=ticket.id), ticket_id=ticket.id)


def unwatch(scene: Scene, actor: Actor, command: Unwatch) -> Answer:
    ended = scene.tx.run(
        queries.UNWATCH,
        ticket_id=command.ticket_id,
        contact_id=actor.contact_id or 0,
        consultant_id=actor.consultant_id or 0,
    )
    if not ended:
        raise UserError(sentence("answer not watched", id=command.ticket_id))
    return Answer(sentence("answer unwatch", id=command.ticket_id), ticket_id=command.ticket_id)


def watching(scene: Scene, actor: Actor, command: Watching) -> Answer:
    rows = scene.tx.all(queries.WATCHED, contact_id=actor.contact_id or 0, consultant_id=actor.consultant_id or 0)
    if not rows:
        return Answer(sentence("answer watch none"))
    return Answer(joined("\n", map(_watched, rows)))


def _watched(row: Row) -> str:
    state = sentence(f"state {row.state}")
    return sentence("answer watched line", id=row.id, row=row.priority, state=state, subject=row.subject)


USE_CASES: UseCases = {
    MySettings: my_settings,
    Language: language,
    QuietHours: quiet,
    Channels: channels,
    MyZone: zone,
    MyHours: hours,
    WatchTicket: watch,
    Unwatch: unwatch,
    Watching: watching,
}
