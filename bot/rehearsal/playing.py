"""Plays the lines of a script on a stage: moves the clock, lets people write and command, keeps the transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot import digests, people
from bot.books import buy_credit
from bot.errors import ConfigError, Fault
from bot.importing import EXAMPLE, import_file
from bot.messages import CONSOLE, EMAIL, Answer, Handle, InboundMessage, Order, Place, Trust
from bot.notices import Reader
from bot.queries import rehearsal as queries
from bot.rehearsal.bills import bills
from bot.rehearsal.script import Act, Do, Expect, Import, Line, Remark, Say
from bot.rehearsal.stage import Stage
from bot.rehearsal.transcript import Transcript
from bot.store import Tx
from bot.zones import zone_named


@dataclass(slots=True)
class Played:
    """A day that was played. missed: expectations that were not met, with their lines."""

    text: str
    missed: list[str] = field(default_factory=list)


class Player:
    """Plays one script."""

    def __init__(self, stage: Stage, config_folder: Path, script_name: str) -> None:
        self._stage, self._config_folder, self._script = stage, config_folder, script_name
        self._transcript = Transcript(stage)
        self._missed: list[str] = []
        self._mark = 0
        self._headline = ""
        self._has_people = False

    async def play(self, lines: list[Line]) -> Played:
        """Do every line, in order. Raises ConfigError where a line names nobody, or nothing it could answer."""
        for line in lines:
            await self._line(line)
        transcript = self._transcript
        told = self._stage.store.read_sync(lambda tx: list(self._ending(tx)))
        return Played("\n".join([*transcript.lines, *told]).strip("\n") + "\n", self._missed)

    async def _line(self, line: Line) -> None:
        if not isinstance(line.act, Expect | Remark):
            self._mark = len(self._transcript.lines)
        if line.act is None:
            self._put_headline()
        if line.at is not None:
            await self._stage.move_to(line.at, stopped=self._transcript.look)
        if not isinstance(line.act, Remark | Expect):
            # What fell due before somebody acted still belongs above the headline.
            self._put_headline()
        if not self._has_people and not isinstance(line.act, Import | Remark | None):
            self._import(Import(self._config_folder / EXAMPLE))
        if line.act is not None:
            await self._act(line, line.act)

    def _put_headline(self) -> None:
        if self._headline:
            self._transcript.headline(self._headline)
            self._headline = ""

    async def _act(self, line: Line, act: Act) -> None:
        match act:
            case Import():
                self._import(act)
            case Say():
                await self._say(line, act)
            case Do():
                await self._do(line, act)
            case Remark():
                self._headline = act.text
            case Expect():
                if act.text not in "\n".join(self._transcript.lines[self._mark :]):
                    self._missed.append(f"{self._script}, line {line.number}: “{act.text}” did not happen")
        self._transcript.look()

    # ------------------------------------------------------------ the acts

    def _import(self, act: Import) -> None:
        self._has_people = True
        now, digest_time = self._stage.clock.now(), self._stage.policy.digest_time
        import_file(
            self._stage.store, act.source, now=now, is_applied=True, buy_credit=buy_credit, digest_time=digest_time
        )
        self._transcript.note(f"people of {act.source.name}")
        # What an import wrote is no part of the day.
        self._transcript.skip()

    async def _say(self, line: Line, act: Say) -> None:
        stage = self._stage
        sender = Handle(act.channel, act.sender, act.name)
        token, references = self._answers(line, act)
        home = stage.policy.addresses[0] if act.channel == EMAIL else act.sender
        message = InboundMessage(
            channel=act.channel,
            key=f"line-{line.number}",
            sender=sender,
            received_at=stage.clock.now(),
            text=act.text,
            body_text=act.text,
            subject=act.subject,
            place=Place(act.channel, act.conversation or home),
            message_id=f"<line-{line.number}@rehearsal>",
            references=references,
            reply_token=token,
            automatic=act.automatic,
            trust=Trust.PROVEN if act.is_proven else Trust.UNPROVEN,
            urgent_button=act.is_urgent,
        )
        name = act.name or self._transcript.name_of(act.channel, act.sender)
        proof = "" if act.is_proven else " (unproven)"
        self._transcript.wrote(f"{name}{proof}", act.channel, act.subject, act.text)
        receipt = await stage.receive(message)
        if receipt.answer is not None:
            self._transcript.answered(receipt.answer)

    def _answers(self, line: Line, act: Say) -> tuple[str, tuple[str, ...]]:
        """Reply token and reference of what the sender was last told about a ticket."""
        if act.ticket_id is None:
            return "", ()
        sender = self._stage.senders[act.channel]
        told = sender.last_to(act.sender, act.ticket_id)
        if told is None:
            raise self._wrong(line, "ticket", f"{act.sender} was told nothing of ticket {act.ticket_id} by then")
        return (told.reply_token if act.channel == EMAIL else ""), (sender.ref_of(told).message_id,)

    async def _do(self, line: Line, act: Do) -> None:
        handle = self._handle(line, act)
        order = Order(
            channel=handle.channel,
            key=f"line-{line.number}",
            sender=handle,
            text=act.line,
            given_at=self._stage.clock.now(),
            place=Place(handle.channel, handle.address),
            ticket_id=act.ticket_id,
        )
        name = self._transcript.name_of(handle.channel, handle.address)
        self._transcript.commanded(name, handle.channel, act.line)
        answer: Answer = await self._stage.obey(order)
        self._transcript.answered(answer)

    def _handle(self, line: Line, act: Do) -> Handle:
        """Whose command it is: a member number's first handle, else an address or console name."""
        store, number = self._stage.store, act.who.upper()
        row = store.read_sync(lambda tx: tx.one(queries.FIRST_HANDLE, member_number=number, channel=act.channel))
        if row is not None:
            return Handle(row.channel, row.address)
        channel = act.channel or (EMAIL if "@" in act.who else CONSOLE)
        if channel not in self._stage.senders:
            raise self._wrong(line, "channel", f"there is no channel {channel}")
        return Handle(channel, act.who)

    def _wrong(self, line: Line, key: str, problem: str) -> ConfigError:
        return ConfigError([Fault(f"{self._script}, line {line.number}", key, problem, "Change this line")])

    # ------------------------------------------------------------ the ending

    def _ending(self, tx: Tx) -> Iterator[str]:
        currency = self._stage.policy.currency
        yield from ("", "── Bills", "", *bills(tx, currency=currency), "", "── Digest")
        sent = [one.notice.body for one in self._transcript.digests]
        for body in sent or [self._digest_so_far(tx)]:
            yield from ("", body)

    def _digest_so_far(self, tx: Tx) -> str:
        """What the digest of the running day would say, where none fell due."""
        now = self._stage.clock.now()
        manager = next(iter(people.managers(tx)), None)
        zone = manager.zone if manager is not None else self._stage.policy.zone
        on = now.astimezone(zone_named(zone)).date()
        figures = digests.figures(tx, zone=zone, on=on, now=now)
        return digests.notice(figures, Reader(zone, now=now), currency=self._stage.policy.currency).body
