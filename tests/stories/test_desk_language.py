"""A desk that works in German: what many read together, and what nobody has chosen a language for, is German."""

from __future__ import annotations

from pathlib import Path

from bot.messages import CONSOLE, SLACK, Place
from bot.queries import people as people_queries
from bot.store import Store
from tests.desk import Desk
from tests.stories.cast import PRINTER, Cast


async def test_a_card_in_a_shared_channel_is_in_the_desks_language(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, language="de", staff_places=(Place(SLACK, "T1:CSTAFF"),))
    cast = Cast(desk)
    desk.a_grant(cast.acme)
    await desk.say(cast.anna, PRINTER, subject="Printer")
    await desk.say(desk.a_stranger(), "Who is there?")
    known, stranger = desk.posts[SLACK].shown[-2:]
    assert known.status == "Vorrang für Tom Becker bis Mi 18. Nov., 12:00 EST"
    fields = dict(known.fields)
    assert fields["Restguthaben"] == "12 h zu P4 übrig; 720,00 $ offen"
    assert dict(stranger.fields)["Kunde"] == "unbekannt"
    assert [action.label for action in known.actions][:2] == ["Übernehmen", "Weitergeben"]


async def test_whoever_is_new_and_chose_none_is_written_to_in_the_desks_language(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, language="de")
    cast = Cast(desk)
    for line in (
        'client add BETA "Beta AG"',
        'client add GAMMA "Gamma SA" language=fr',
        'consultant add C-9 "Nele Neu" nele@desk.example',
    ):
        assert (await desk.do(cast.maria, line)).is_ok, line
    clients = {row.code: row.language for row in store.read_sync(lambda tx: tx.all(people_queries.CLIENTS))}
    assert (clients["BETA"], clients["GAMMA"]) == ("de", "fr")
    people = {row.member_number: row.language for row in store.read_sync(lambda tx: tx.all(people_queries.CONSULTANTS))}
    assert people["C-9"] == "de"

    stranger = desk.a_stranger(channel=CONSOLE)
    assert (await desk.do(stranger, "status")).text.startswith("Ich kenne Sie")
