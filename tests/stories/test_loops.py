"""Mail that programs write to each other ends: two desks, a desk and a responder, a desk and its own mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.addressing import return_address
from bot.channels.email.compose import compose, rendered
from bot.channels.email.translate import Envelope, translate
from bot.messages import EMAIL, InboundMessage, Outgoing, Trust
from bot.outbox import Limits
from bot.store import Store, open_store
from bot.tokens import Signer
from tests.desk import SUPPORT, Desk, Person
from tests.stories.cast import PRINTER, Cast

OTHER = "help@other.example"


def mail_of(sent: Outgoing, desk: Desk, address: str) -> bytes:
    """What a desk of that address sends."""
    return rendered(compose(sent, desk_name="Desk", desk_address=address, now=desk.now))


def taken(desk: Desk, raw: bytes, sender: str, to: str, **changes: Any) -> InboundMessage:
    """The mail as the desk's listener takes it, from a sender whose domain vouches for it."""
    message = translate(raw, received_at=desk.now, envelope=Envelope(sender, (to,)))
    return replace(message, **{"trust": Trust.PROVEN, **changes})


class Wire:
    """Two desks that write to each other: what one sends to the other's address arrives there."""

    def __init__(self, one: Desk, other: Desk) -> None:
        self.sides = ((one, SUPPORT, OTHER), (other, OTHER, SUPPORT))
        self._seen = {id(one): 0, id(other): 0}
        self.carried = 0

    async def carry(self, rounds: int = 30, *, strip: bool = False) -> int:
        """Carry mail until none is on its way; returns how many mails went. strip: a gateway drops what marks them."""
        before = self.carried
        for _ in range(rounds):
            moved = 0
            for desk, address, peer in self.sides:
                await desk.settle()
                sent = desk.posts[EMAIL].sent
                fresh, self._seen[id(desk)] = sent[self._seen[id(desk)] :], len(sent)
                for one in (one for one in fresh if one.to.address == peer):
                    raw = mail_of(one, desk, address)
                    if strip:
                        marks = (b"auto-submitted", b"x-", b"feedback-id", b"list-", b"precedence")
                        head, _, body = raw.partition(b"\r\n\r\n")
                        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(marks)]
                        raw = b"\r\n".join(kept) + b"\r\n\r\n" + body
                    target = self._peer_of(desk)
                    await target.stage.receive(taken(target, raw, return_address(address, one.token), peer))
                    moved += 1
            self.carried += moved
            if not moved:
                break
            for desk, _, _ in self.sides:
                await desk.advance(minutes=3)
        return self.carried - before

    def _peer_of(self, desk: Desk) -> Desk:
        return next(other for other, _, _ in self.sides if other is not desk)


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A second desk, at another company, with a database of its own."""
    path = tmp_path / "other.db"
    path.write_bytes(sqlite_template.read_bytes())
    store: Store = open_store(f"sqlite:///{path}")
    yield Desk(
        store, tmp_path / "other", signer=Signer({"k9": b"the other desk signs with this"}, "k9"), addresses=(OTHER,)
    )
    store.close_sync()


async def wired(desk: Desk, other: Desk) -> tuple[Wire, Cast, Cast]:
    """Each desk is a contact of the other; the first one's consultant writes to it."""
    here, there = Cast(desk), Cast(other)
    for place, cast, address in ((desk, here, OTHER), (other, there, SUPPORT)):
        line = f'contact add ACME "The other desk" {address}'
        assert (await place.do(cast.maria, line)).is_ok
    person = Person("The other desk", {EMAIL: OTHER})
    await desk.say(person, "Our printer is broken, please help.", subject="Printer")
    return Wire(desk, other), here, there


async def test_two_desks_stop_after_one_exchange(desk: Desk, other: Desk) -> None:
    wire, here, _ = await wired(desk, other)
    # The acknowledgement of the first desk reaches the second, which opens nothing and answers nothing.
    assert await wire.carry() == 1
    assert [row.outcome for row in other.inbound() if row.reason] == ["recorded"]
    assert not [row for row in other.inbound() if row.outcome == "opened"]
    # Words of a person open a ticket there; its acknowledgement comes back, and that is all.
    await desk.do(here.tom, "claim 1")
    await desk.do(here.tom, "reply 1 Which printer is it?")
    assert await wire.carry() <= 4
    opened = [row for row in other.inbound() if row.outcome == "opened"]
    assert len(opened) == 1 and other.ticket(1).subject == "[#1] Printer"
    assert [row.outcome for row in desk.inbound()].count("opened") == 1
    await desk.advance(hours=2)
    await other.advance(hours=2)
    assert await wire.carry() <= 4
    assert [row.outcome for row in desk.inbound()].count("opened") == 1


async def test_two_desks_whose_marks_are_dropped_on_the_way_stop_within_their_limits(desk: Desk, other: Desk) -> None:
    wire, here, _ = await wired(desk, other)
    await desk.do(here.tom, "claim 1")
    await desk.do(here.tom, "reply 1 Which printer is it?")
    # Their mails name each other's nowhere: every one is fresh. Five are answered within an hour as those of a person,
    # then twenty a day as those of a stranger; with the words typed here that makes 26 each way.
    carried = await wire.carry(rounds=60, strip=True)
    assert carried <= 2 * 26
    assert await wire.carry(rounds=60, strip=True) == 0
    assert "loop suspected" in desk.events()


async def test_our_own_notice_that_is_sent_on_to_us_is_known_and_kept(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Printer")
    (sent,) = desk.sent_to(cast.anna)
    raw = mail_of(sent, desk, SUPPORT)
    before = len(desk.everything_sent())
    # Redirected as it is, redirected without its marks, and under the reader's own name.
    without = raw.replace(b"X-Holdline-Delivery", b"X-Other").replace(b"Auto-Submitted", b"X-Nothing")
    renamed = raw.replace(b"From: Desk <support@desk.example>", b"From: Anna Kim <anna@acme.example>")
    for number, one in enumerate((raw, without, renamed)):
        changed = one.replace(b"Thank you", f"Thank you ({number})".encode())
        receipt = await desk.stage.receive(taken(desk, changed, cast.anna.email, SUPPORT))
        assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    assert len(desk.everything_sent()) == before and desk.events(1).count("own mail came back") == 3


async def test_somebody_elses_mark_is_none_of_ours(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Printer")
    (sent,) = desk.sent_to(cast.anna)
    forged = replace(sent, token=f"{sent.token[:-2]}aa", is_automatic=False)
    raw = mail_of(forged, desk, SUPPORT).replace(b"support@desk.example>", b"anna@acme.example>", 1)
    receipt = await desk.stage.receive(taken(desk, raw, cast.anna.email, SUPPORT))
    assert receipt.outcome in ("joined", "opened")


async def test_responder_that_hides_what_it_is_gets_no_more_than_the_limits(desk: Desk, tmp_path: Path) -> None:
    strict = Desk(desk.store, tmp_path, limits=Limits())
    cast = Cast(strict)
    answered = 0
    await strict.say(cast.anna, PRINTER, subject="Printer")
    # Each of our mails is answered with a fresh one that refers to nothing and says nothing of a program.
    for number in range(60):
        sent = strict.sent_to(cast.anna)
        if len(sent) <= answered:
            await strict.advance(minutes=1)
            continue
        answered = len(sent)
        await strict.say(cast.anna, f"We have your message, ticket {number}.", subject=f"Your request {number}")
    assert len(strict.sent_to(cast.anna)) <= 30


async def test_thread_names_to_a_reader_only_what_went_to_them(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER, subject="Printer")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 Open the lid.")
    to_tom = {desk.posts[EMAIL].ref_of(one).message_id for one in desk.sent_to(cast.tom)}
    to_anna = [desk.posts[EMAIL].ref_of(one).message_id for one in desk.sent_to(cast.anna)]
    last = desk.sent_to(cast.anna)[-1]
    assert to_tom and not to_tom & set(last.references), (
        "who knows a delivery's name could speak of it as a mail system"
    )
    assert set(to_anna[:-1]) <= set(last.references) and "<message-1@email>" in last.references
