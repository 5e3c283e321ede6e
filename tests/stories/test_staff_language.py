"""The staff's commands are answered in the language of who gives them: each verb on tickets and time, right and wrong.

English that is left over is found as in the story of the contacts.
"""

from __future__ import annotations

from pathlib import Path

from bot.commands.parsing import GROUPS
from bot.pricelist import load
from bot.store import Store
from tests.desk import CONFIG, NIGHT, Desk
from tests.stories.cast import Cast
from tests.stories.test_contacts_language import WRONG, Ears

TITLES = {"Tickets", "Appointments", "Time", "Yourself"}
ENTRIES = [entry for title, entries in GROUPS for entry in entries if title in TITLES]


async def test_german_staff_read_no_english(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast, ears = Cast(desk, language="de"), Ears(desk)
    nils = desk.a_consultant("C-9", "Nils Holm", role="assistant")
    for person in (cast.tom, cast.ines, cast.raj, cast.maria, cast.leo, nils):
        await desk.do(person, "language de")
    await desk.say(cast.anna, "Der Drucker druckt nur leere Seiten.", files=(("seite.txt", b"leer"),))
    await desk.say(cast.anna, "Die Webseite braucht neue Öffnungszeiten.")
    await ears.hear(
        cast.raj, "claim 1", "show 1", "why 1", "mine", "queue", "accounts", "status", "whoami", "log 1 20m"
    )
    await ears.hear(
        cast.leo, "release 1", "resolve 1", "join 1 2", "balance", "balance ACME", "plan ACME", "quotes ACME"
    )
    await ears.hear(nils, "reply 1 Hallo", "claim 99", "offer 2 to C-4")
    await desk.do(cast.anna, "book 1 tomorrow 14:00")
    await ears.hear(cast.tom, *TOMS.strip().replace("\n", "|").split("|"))
    await ears.hear(
        cast.ines, "claim 1", "pass 1", "release 1", "start 1", "queue", "claim 2", "away until tomorrow 10:00"
    )
    await ears.hear(cast.ines, "claim 3", "back", "offer 1 to C-2", "book 2 tomorrow 14:00", "diary", "mine")
    await ears.hear(cast.tom, "show 1", "why 1", "show 2", "why 2", "queue", "mine")
    await ears.hear(cast.maria, *MARIAS.strip().replace("\n", "|").split("|"))
    for entry in ENTRIES:
        if entry.is_for("manager") and entry.verb != "language":
            await ears.hear(cast.maria, entry.example, *(entry.verb + tail for tail in WRONG), f"help {entry.verb}")
    await ears.hear(cast.maria, "help", "start")
    await desk.until(NIGHT)
    await ears.hear(
        cast.tom, "log 1 20m", "log 1 22:00-22:20", "log 1 22:10-22:30", "log 1 mon 10:00-10:20", "correct 1 30m"
    )
    assert [f"{line}: {left}: {told}" for line, told, left in ears.english] == []


async def test_a_claim_that_was_lost_is_told_in_the_losers_language(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.ines, "language de")
    await desk.say(cast.anna, "The printer prints blank pages.")
    await desk.do(cast.tom, "claim 1")
    told = (await desk.do(cast.ines, "claim 1")).text
    assert told == "Tom Becker hat Ticket 1 zuerst übernommen, um 16:00 CET."


TOMS = """
pass 1 Keine Zeit|claim 1|claim 1|pass 1|mine|diary|accounts|balance|show 1|why 1|reply 1 Wir sehen es uns an.
reply 1|note 1 Der Schlüssel liegt bei Jo.|wait 1|priority 1 P2 -- Viele warten|priority 1 P2|priority 1 P9
book 1|diary|book 1 friday 9am|book 1 tomorrow 14:00|cancel 1|cancel 1|start 1|start 1|stop 2|stop|stop
log 1 50m travel|log 1 20m free Kulanz|log 1 30 min|log 1 40|log 1|log 1 10:00-10:20|log 1 10:10-10:30
log 1 tomorrow 10:00-10:20|log 1 30h|log 1 20m remote bench|log 1 20m asked own|log 1 20m free|log 1 20m xyzzy
log 1 at 10:00|log 1 20m 30m|correct 1 30m|correct 1 30m|correct 99 10m|correct 1|reverse 2|reverse 2
why charge 1|why charge 3|files 1|files 1 1|files 1 9|files 2|join 2 1|join 1 1|split 2|split 2|offer 1 to C-4
close 2|reopen 2|resolve 1 20m Neue Walze|resolve 1|resolve 1 neu 20m|log 1 10m|reopen 1|reopen 1|close 9
contact ACME phone 10m -- Drucker|contact ACME onsite P1 20m asked -- Server steht|contact ACME
contact NORD phone 10m -- x|away until 2020-01-01|away until mon 09:00|back|zone Europe/Berlin|zone Mars
hours Mon-Fri 09:00-17:00|hours Mon|hours Mon 25:00-26:00|hours Foo-Fri 09:00-17:00|settings|watch 1|unwatch 1
watching|digest off|digest on|whoami|quiet 22:00-07:00|channels console|estimate "Secure Login"|invoices ACME
"""
MARIAS = """
release 1|offer 1 to C-4|offer 1 to Nobody|offer 1 to C-9|waive charge 1|reverse 1|reverse 99|confirm priority 1
balance|queue ACME|queue NORD|mine|accounts|book 1 tomorrow 14:00|cancel 1|join 3 1|split 3|split 1|close 1
close 1|reopen 1
"""
