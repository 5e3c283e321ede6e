"""Everything that a contact may type is answered in the contact's language: each verb, right, wrong and half said.

English that is left over is found by its words: those that the desk's English sentences have and its German ones, and
the commands, have not. So a sentence that was never translated is found too, whoever forgot it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import settable
from bot.commands.parsing import ENTRIES, GROUPS
from bot.ledger.kinds import Kind
from bot.messages import CONSOLE
from bot.notices.catalogues import translated
from bot.pricelist import load
from bot.sentences import SENTENCES
from bot.store import Store
from tests.desk import CONFIG, NIGHT, Desk, Person
from tests.stories.cast import Cast

OWNER, REQUESTER, STRANGER = "owner", "requester", ""
TYPED = [entry for entry in ENTRIES if any(map(entry.is_for, (OWNER, REQUESTER, STRANGER)))]
# Said of a verb when nothing, nonsense or too much follows it.
WRONG = ("", " 99", " xyzzy", " 1 xyzzy", " 1 2 3", " 0", " --", " tomorrow", " 25:00")


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[a-zäöüß']{2,}", text.lower()))


def commands() -> Iterator[str]:
    """What is typed, which is English in every language."""
    for entry in ENTRIES:
        # What stands in capitals is to be replaced by something.
        yield from (re.sub(r"\b[A-Z]{2,}\b", "", entry.usage), entry.verb, *entry.aliases)
    yield from (*Kind, "P1 P2 P3 P4 requester approver owner per-use flat managed subscription yes no true false")
    # Days of the commands' own notation, channels, and catalogues of components.
    yield "mon tue wed thu fri sat sun today tomorrow email slack telegram console website helpdesk Minor Pages"
    yield from (*settable.CLIENT, *settable.CONTACT, *settable.CONSULTANT)
    # Fields of expertise, as people wrote them; Thursday.
    yield "network backup backups printers servers websites Do"


def bare(sentence: str) -> str:
    """A sentence without what it is filled with."""
    return re.sub(r"\{\w+\}", "", sentence)


ENGLISH = [*SENTENCES.values(), *(entry.summary for entry in ENTRIES), *(title for title, _ in GROUPS)]
GERMAN = [bare(translated("de", sentence)) for sentence in ENGLISH]
FOREIGN = words_in(" ".join(map(bare, ENGLISH))) - words_in(" ".join(GERMAN)) - words_in(" ".join(commands()))


def english_in(text: str) -> set[str]:
    """Words of an answer that only English sentences have; what stands in quotes or is to be typed is none."""
    written = {typed for entry in ENTRIES for typed in (entry.usage, entry.example) if " " in typed}
    for typed in sorted(written, key=len, reverse=True):
        text = text.replace(typed, "")
    return words_in(re.sub(r"`[^`\n]*`|“[^”\n]*”|'[^'\n]*'|\S+@\S+", " ", text)) & FOREIGN


@pytest.mark.parametrize("key", SENTENCES)
def test_english_that_is_left_over_would_be_found(key: str) -> None:
    """Of every sentence, but for those that read alike, or of which no word is left beside commands and values."""
    words = bare(SENTENCES[key])
    if translated("de", SENTENCES[key]) != SENTENCES[key] and len(words_in(re.sub("`[^`]*`|“[^”]*”", "", words))) > 4:
        assert english_in(words), words


class Ears:
    """Gives lines and keeps those whose answer has English left in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.english, self.verbs = desk, list[tuple[str, str, set[str]]](), set[str]()

    async def hear(self, person: Person, *lines: str) -> None:
        for line in lines:
            told = (await self.desk.do(person, line)).text
            if left := english_in(told):
                self.english.append((line, told, left))

    async def hear_every_verb(self, person: Person, role: str) -> None:
        """Each verb in turn: as its example has it, by its other names, and wrong."""
        for entry in ENTRIES:
            if entry.verb in ("language", "stop", "link"):
                continue
            if entry.is_for(role) or role == OWNER:
                await self.hear(person, entry.example, *(entry.verb + tail for tail in WRONG), *entry.aliases)
            if entry.is_for(role):
                self.verbs.add(entry.verb)
                await self.hear(person, f"help {entry.verb}")


async def test_a_german_contact_reads_no_english(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast, ears = Cast(desk, language="de"), Ears(desk)
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    await _a_day(desk, cast)
    await ears.hear(cast.anna, *LINES.strip().replace("\n", "|").split("|"))
    await ears.hear_every_verb(rita, REQUESTER)
    await ears.hear_every_verb(cast.anna, OWNER)
    await ears.hear(cast.anna, "language de", "stop", "start", "help")
    await desk.until(NIGHT)
    number = (await desk.say(cast.anna, "Der Server ist ausgefallen, niemand kann arbeiten, bitte sofort!")).ticket_id
    await ears.hear(
        cast.anna, f"now {number}", f"later {number}", f"show {number}", f"why {number}", f"status {number}"
    )
    await desk.advance(minutes=30)
    await desk.do(cast.tom, f"claim {number}")
    await desk.advance(minutes=30)
    await ears.hear(
        cast.anna, f"why {number}", *(f"why charge {charge}" for charge in range(1, 6)), "balance", "invoices"
    )
    assert [f"{line}: {left}: {told}" for line, told, left in ears.english] == []
    assert {entry.verb for entry in TYPED if entry.is_for(OWNER)} - ears.verbs <= {"language", "stop", "link"}


async def test_a_persons_word_stays_though_the_desk_says_it_too(desk: Desk) -> None:
    cast = Cast(desk, language="de")
    await desk.say(cast.anna, "Der Drucker druckt nur leere Seiten.")
    await desk.do(cast.anna, "close 1 -- later")
    assert "geschlossen, von Anna Kim: later" in (await desk.do(cast.anna, "why 1")).text


async def test_a_german_stranger_reads_no_english(desk: Desk) -> None:
    Cast(desk)
    sam, ears = desk.a_stranger("Samuel Stein", CONSOLE), Ears(desk)
    await desk.do(sam, "language de")
    await ears.hear(sam, "help", "settings", "whoami", "link", "link abc", "link a@b@c", "link ABCDE23456", "status")
    await ears.hear(sam, "link samuel@stein.example", "claim 1", "stop", "start", "xyzzy", "help xyzzy")
    await ears.hear_every_verb(sam, STRANGER)
    assert ears.english == []


async def _a_day(desk: Desk, cast: Cast) -> None:
    """Tickets with all that their pages tell: an appointment, files, money, a join, a dispute, an invoice, a quote."""
    await desk.say(cast.anna, "Der Drucker druckt nur leere Seiten.", files=(("seite.txt", b"leer"),))
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 Wir sehen es uns an.")
    await desk.say(cast.anna, "Danke!", answers=1)
    await desk.do(cast.tom, "book 1 tomorrow 14:00 1h onsite")
    await desk.do(cast.tom, "log 1 50m travel")
    await desk.do(cast.tom, "log 1 20m free Kulanz")
    await desk.do(cast.tom, "priority 1 P2 -- Viele warten")
    await desk.do(cast.maria, "grant ACME 12h gift -- Dank")
    await desk.do(cast.tom, "log 1 30m")
    await desk.do(cast.anna, "dispute 1 Es war kürzer")
    await desk.do(cast.maria, "decide 1 part 4 -- Kulanz")
    await desk.say(cast.anna, "Die Webseite braucht neue Öffnungszeiten.")
    await desk.do(cast.tom, "pass 2")
    await desk.do(cast.ines, "claim 2")
    await desk.do(cast.ines, "wait 2")
    await desk.say(cast.anna, "Hier sind sie: neun bis zwölf.", answers=2)
    await desk.do(cast.ines, "resolve 2 30m Erledigt")
    await desk.do(cast.anna, "reopen 2")
    await desk.do(cast.ines, "resolve 2")
    await desk.do(cast.maria, "invoice ACME")
    await desk.do(cast.maria, "plan start ACME managed fee 450")
    await desk.do(cast.maria, "client set ACME cap=500 minimum=30m renews=12h")
    for title in ("Seite", "Anmeldung", "Shop"):
        await desk.do(cast.maria, f"quote ACME website Minor Pages -- {title}")
    await desk.do(cast.anna, "accept quote 1")
    await desk.do(cast.anna, "decline quote 2")


LINES = """
show 1|why 1|show 2|why 2|show 3|why 3|status 1|status|balance|invoices|quotes|plan|statement|statement 2026-11
statement send|why charge 1|why charge 2|why charge 3|dispute 3|estimate "Secure Login"
estimate website "Minor Pages" x4|estimate nothing like it|estimate xyzzy Login|estimate|estimate Login x0
settings|watch 1|watching|hold 2h|hold 90 m|contact set anna@acme.example role=king
contact set anna@acme.example colour=red|contact set anna@acme.example rle=owner
contact set anna@acme.example active=perhaps|contact set anna@acme.example language=x1
contact set anna@acme.example|contact set anna@acme.example name=
contact set anna@acme.example role=owner role=owner|contact set anna|contact add|contact add "Zoe"
contact add "Zoe Z" zoe|contact add "Rita Zwei" rita@acme.example|hold 10|hold 1:30|hold 0m
contact add "Ute U" ute@acme.example role=owner|hold 2s|hold -1h|hold 1h70|hold 1.33m|book 1 2026-02-30 10:00
book 1 2900-01-01 10:00|book 1 tomorrow 10:00-10:00|book 1 tomorrow 10:00 20h|book 1 tomorrow 15:00
book 3 friday 9am|book 1 tomorrow 13pm|cancel 1|cancel 1|later 1|accept 1|accept|buy|buy 12|buy 40|buy stop
buy per-use|quiet|channels|log 1|claim 1|resolve 1|queue|client add ACME|join|join "Ida Ix"
join "Ida Ix" ida@ix.example|42|42 show|/|join "Ida Ix" ida@ix.example zone=Mars/Base
join "Ida Ix" ida@ix.example expertise=web|statement 2026-13|balance NORD
"""
