"""Every sentence of the answers is said by somebody: a day of the desk, in which people type all that has an answer.

In English an answer is the sentences that it is made of, so that their keys can be read off it. What nobody says any
more has to go; what is said without its key is no sentence, and would be English in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.messages import CONSOLE, EMAIL, Place, Trust
from bot.pricelist import load
from bot.sentences import Joined, Sentence
from bot.store import Store
from bot.texts_of_answers import ANSWERS
from bot.views import LIST_MAX
from tests.desk import CONFIG, NIGHT, Desk, Person
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast
from tests.stories.test_answers_by_role import ANNAS, RITAS

# Said only where a day gives back of what was billed (tests/unit/test_ledger_wording.py).
ELSEWHERE = {"cost back"}


def keys_in(told: object) -> Iterator[str]:
    """The keys of all the sentences that a text is made of."""
    if isinstance(told, Joined):
        for part in told.parts:
            yield from keys_in(part)
    if isinstance(told, Sentence):
        yield told.key
        for value in told.values.values():
            yield from keys_in(value)


class Ears:
    """Gives the lines of a scene, each of which has to be answered in sentences, and keeps what was heard."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.heard = desk, set[str]()

    async def hear(self, person: Person, *lines: str, trust: Trust = Trust.PROVEN, place: Place | None = None) -> None:
        where = {"place": place} if place is not None else {}
        for line in lines:
            told = (await self.desk.do(person, line, trust=trust, **where)).text
            keys = set(keys_in(told))
            assert keys, (line, told)
            self.heard |= keys


async def test_every_sentence_is_said_by_somebody(store: Store, tmp_path: Path) -> None:
    # What has ended is not taken up again the same night.
    desk = Desk(store, tmp_path, prices=load(CONFIG), reopen_days=0)
    cast, ears = Cast(desk), Ears(desk)
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    await desk.say(cast.anna, PRINTER)  # ticket 1; an appointment makes ticket 2
    await ears.hear(cast.anna, *(line for line in ANNAS.strip().replace("\n", "|").split("|")))
    await ears.hear(rita, *RITAS.split("|"), 'contact add "Xi X" x@acme.example', "status")
    await ears.hear(cast.tom, "later 1")
    await ears.hear(cast.tom, "status 1", trust=Trust.UNPROVEN)
    await _linking(desk, cast, ears)
    await _states(desk, cast, ears, rita)
    await _money(desk, cast, ears)
    await _nights(desk, cast, ears, rita)
    assert sorted(set(ANSWERS) - ears.heard - ELSEWHERE) == []


async def _linking(desk: Desk, cast: Cast, ears: Ears) -> None:
    stranger = desk.a_stranger(channel=CONSOLE)
    await ears.hear(stranger, "start", "status", f"link {cast.anna.email}")
    for person in (cast.anna, cast.tom):
        await ears.hear(person, "start")
    # Where others read along.
    room = Place(CONSOLE, "a room", is_shared=True)
    await ears.hear(cast.anna, "start", "stop", "start", place=room)
    await ears.hear(stranger, f"link {cast.anna.email}", trust=Trust.UNPROVEN)
    code = re.search("[A-Z2-9]{10}", desk.told(cast.anna, "link_code")[-1].body)
    assert code is not None
    await ears.hear(stranger, f"link {code[0]}", "channels console email")
    await ears.hear(desk.a_stranger("Theo Thief", CONSOLE), *["link anna@acme.example"] * 6)


async def _states(desk: Desk, cast: Cast, ears: Ears, rita: Person) -> None:
    await desk.say(rita, PRINTER)  # ticket 3
    await ears.hear(rita, "watch 3", "book please")
    await desk.do(cast.tom, "pass 3")
    await ears.hear(rita, "status 3")
    for line in ("claim 3", "wait 3 for a part", "resolve 3", "close 3"):
        await desk.do(cast.ines, line)
        await ears.hear(rita, "status 3")
    await ears.hear(rita, "book 3 tomorrow 14:00")
    await desk.say(desk.a_stranger("Uma Unknown"), "My mouse does not move.")  # ticket 4
    await ears.hear(cast.maria, "queue", 'contact add ACME "Uma Unknown" uma@elsewhere.example')
    await desk.do(cast.maria, "join 4 to 1")
    await ears.hear(cast.maria, "reopen 4")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "book 1 tomorrow 14:00")
    await ears.hear(cast.anna, "book 1 friday 10:00")
    await desk.do(cast.maria, "consultant set C-5 status=suspended")
    await ears.hear(cast.anna, "lead C-5")


async def _money(desk: Desk, cast: Cast, ears: Ears) -> None:
    await desk.say(cast.anna, HOURS)  # ticket 5
    await desk.do(cast.tom, "claim 5")
    await ears.hear(cast.anna, "buy per-use")
    # Three quarters; two minutes more that fit into them; what is not billed; credit of which a unit is left.
    await ears.hear(cast.tom, "log 5 40m", "log 5 2m", "log 5 10m free our own fault", "balance ACME")
    await ears.hear(cast.anna, "dispute 1 it was shorter", "dispute 1 still", "dispute 2 it was nothing")
    await desk.do(cast.maria, "grant ACME 12h gift 1 unit -- welcome")
    await ears.hear(cast.tom, "log 5 10m", "balance ACME")
    for line in ("accept quote 1", "decline quote 2"):
        await desk.do(cast.maria, "quote ACME website Minor Pages")
        await ears.hear(cast.anna, line, line)
    for charge in (1, 2, 4):
        await desk.do(cast.maria, f"waive charge {charge}")
    await ears.hear(cast.tom, "resolve 5")

    carla = desk.a_contact(desk.a_client("CRUX", lead=cast.tom), "Carla Cruz")
    await desk.do(cast.maria, "received CRUX 5000 credit B-1")
    await ears.hear(carla, "balance", "buy 12")
    number = (await desk.say(carla, HOURS)).ticket_id
    await desk.do(cast.tom, f"claim {number}")
    await desk.do(cast.maria, "plan start CRUX managed fee 450")
    await ears.hear(cast.tom, f"log {number} 5m", "balance CRUX")

    fred = desk.a_contact(desk.a_client("FLAT", lead=cast.tom, plan="flat"), "Fred Flat")
    number = (await desk.say(fred, HOURS)).ticket_id
    await desk.do(cast.tom, f"claim {number}")
    await ears.hear(cast.tom, f"log {number} 20m")


async def _nights(desk: Desk, cast: Cast, ears: Ears, rita: Person) -> None:
    """Urgent work in closed time: by who may agree to pay, by who may not, and by somebody nobody confirmed."""
    beta = desk.a_client("BETA", lead=cast.tom, plan="none", domains=("beta.example",))
    bob = desk.a_contact(beta, "Bob Ortiz", role="requester")
    olga = desk.a_contact(beta, "Olga Olsen")
    await desk.until(NIGHT)
    number = (await desk.say(cast.anna, SERVER)).ticket_id
    await ears.hear(cast.anna, f"now {number}", f"later {number}")
    number = (await desk.say(bob, SERVER)).ticket_id
    await ears.hear(bob, f"now {number}")
    await desk.advance(minutes=11)
    await ears.hear(bob, f"later {number}")
    nina = Person("Nina New", {EMAIL: "nina@beta.example"})
    for number in [(await desk.say(nina, words)).ticket_id for words in (HOURS, PRINTER)]:
        await desk.do(cast.tom, f"claim {number}")
        # The first waits for an agreement; the other, once there is one, for a yes to its sender.
        await ears.hear(cast.tom, f"log {number} 10m")
        await ears.hear(olga, f"accept {number}")
    await ears.hear(cast.anna, 'contact add "Zoe Z" zoe@beta.example')
    await ears.hear(rita, "reopen 3")
    for number in range(LIST_MAX + 1):
        await desk.say(rita, PRINTER, subject=f"Printer {number}")
    await ears.hear(rita, "status")


async def test_what_work_cost_is_told_in_the_clients_language(desk: Desk) -> None:
    """The books' words go through every room as the sentences that they are, up to the notice."""
    cast = Cast(desk, language="de")
    desk.a_grant(cast.acme, units=16)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "log 1 20m")  # 2 quarters at P3, 6 units
    await desk.do(cast.anna, "dispute 1 it was shorter")
    await desk.do(cast.maria, "decide 1 part 1 -- agreed")
    await desk.advance(minutes=20)
    await desk.do(cast.tom, "resolve 1 20m")  # with the other, 3 quarters
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 2")
    await desk.advance(minutes=30)
    await desk.do(cast.maria, "waive charge 3")
    told = {
        "dispute_decided": "1 Einheit davon",
        "resolved": "20 min → 3 Viertelstunden zu P3 insgesamt an diesem Ticket an dem Tag (remote) = 3 Einheiten"
        " aus dem 12-Stunden-Guthaben (22,50 $); 1 h übrig zu P4",
        "contact_charged": "5 Einheiten aus dem 12-Stunden-Guthaben (37,50 $)",
        "waived": "5 Einheiten",
    }
    for kind, words in told.items():
        assert words in desk.told(cast.anna, kind)[0].body, kind
