"""The staff's commands are answered in the language of who gives them: each verb on tickets and time, right and wrong.

English that is left over is found as in the story of the contacts.
"""

from __future__ import annotations

from pathlib import Path

from bot.commands.grammar import Entry
from bot.commands.parsing import GROUPS
from bot.pricelist import load
from bot.store import Store
from tests.desk import CONFIG, NIGHT, Desk
from tests.stories.cast import Cast
from tests.stories.test_contacts_language import WRONG, Ears

WORK, BOOKS = ("Tickets", "Appointments", "Time", "Yourself"), ("Money", "Pay", "People", "Staff", "The desk")
# Said in English for everybody: a payout's statement as it was kept, and what is read anew.
TABLES = {"payout", "requeue", "stop", "start", "link"}


def entries_of(*titles: str) -> list[Entry]:
    return [entry for title, entries in GROUPS for entry in entries if title in titles and entry.verb not in TABLES]


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
    for entry in entries_of(*WORK):
        if entry.is_for("manager") and entry.verb != "language":
            await ears.hear(cast.maria, entry.example, *(entry.verb + tail for tail in WRONG), f"help {entry.verb}")
    await ears.hear(cast.maria, "help", "start")
    await desk.until(NIGHT)
    await ears.hear(
        cast.tom, "log 1 20m", "log 1 22:00-22:20", "log 1 22:10-22:30", "log 1 mon 10:00-10:20", "correct 1 30m"
    )
    assert [f"{line}: {left}: {told}" for line, told, left in ears.english] == []


async def test_german_managers_read_no_english_about_money_and_people(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast, ears = Cast(desk, language="de"), Ears(desk)
    for person in (cast.tom, cast.maria):
        await desk.do(person, "language de")
    await desk.say(cast.anna, "Der Drucker druckt nur leere Seiten.")
    for line in ("claim 1", "log 1 50m travel", "log 1 20m"):
        await desk.do(cast.tom, line)
    await desk.do(cast.anna, "dispute 1 Es war kürzer")
    await ears.hear(cast.maria, *BOOKS_LINES.strip().replace("\n", "|").split("|"))
    await ears.hear(
        cast.tom, "lead confirm", "lead confirm NORD", "lead decline", "quote ACME Minor Pages", "payouts", "balance"
    )
    await ears.hear(cast.tom, "payout arrived PAY-C-1-9", "earnings Maria", "quote NORD Minor Pages", "statement ACME")
    for entry in entries_of(*BOOKS):
        if entry.is_for("manager"):
            await ears.hear(cast.maria, entry.example, *(entry.verb + tail for tail in WRONG), f"help {entry.verb}")
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
BOOKS_LINES = """
grant ACME 12h|grant ACME 12h gift -- Dank|grant ACME 40h 3 units|grant ACME 12h lapses 2020-01-01
decide 1 part 4 -- halb|decide 1 uphold|decide 99 waive|waive charge 2|waive charge 2|waive 1
waive charge 1 unpaid|invoice ACME|invoice ACME|invoices|received INV-2026-0001 10|received INV-2026-0001 5000
received INV-2026-0001 1|received ACME 500 credit R-1|received ACME 500 credit R-1
received ACME 60 subscription 2026-11-01..2026-12-01 R-2|apply 50 ACME to INV-2026-0001|apply INV-2026-0001
apply INV-2026-0099|unapply INV-2026-0001|unapply 5000 from INV-2026-0001|refund R-1 100 R-3|refund R-9 1 R-4
refund R-1 9000 R-5|credit note INV-2026-0001 all -- Kulanz|credit note INV-2026-0001 9000 -- Kulanz
write off INV-2026-0001|close-month 2026-11|close-month 2026-10|plan start ACME managed fee 450|plan ACME
plan start ACME flat from 2020-01-01|plan end ACME|refund credit ACME 2 units|refund credit ACME 999 units
refund credit ACME|quote ACME Minor Pages -- Seite|quotes ACME|quote ACME xyzzy|bank read|bank lines
bank match 9 INV-2026-0001|bank aside 9 -- Zinsen|payouts|payout file|payout PAY-C-1-1|payout C-1
payout C-1 to 2026-12-31|tax form C-1 W-9|tax form C-1 W-9|client add NORD "Nord AG"|client add NORD "Nord AG"
client set NORD hours="Mon-Fri 09:00-17:00" zone=Europe/Berlin|client set NORD hold=1m|client set NORD plan=gold
client list|contact add NORD "Nina N" nina@nord.example|contact add NORD "Nina N" nina@nord.example
contact set nina@nord.example role=owner|handle add nina@nord.example slack T012AB:U034CD
handle add C-1 console tom|handle add C-1 email tom2@desk.example|lead C-1 for NORD|lead C-9 for NORD
hold 2h for NORD|place NORD slack C0123ABC|place list|place nobody slack C0123ABC|place nobody slack C0123ABC
consultant add C-7 "Ute U" ute@desk.example expertise=web|consultant add C-7 "Ute U" ute7@desk.example
consultant list|consultant set C-7 status=suspended|consultant set C-7 pay=200%|consultant set C-7 wage=x
introduce C-7 to nina@nord.example by phone|introduce C-7 to nina@nord.example|introduce C-7 to xyz@nord.example
membership list|membership invite 3 as 1042|membership decline 3|handle troubles|handle lift nina@nord.example
handle lift nobody@nord.example|confirm clock|health NORD|waive 99|statement ACME send
invoice ACME ticket 1|accept 1|accept quote 1|close-month 2026-13|away until|back
"""
