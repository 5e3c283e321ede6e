"""What happened, as a person would tell it: who wrote, what the desk decided and why, who was told what.

Times are those of the desk's own zone; inside notices, of each reader's. Nothing is printed that is made anew in each
run: no random ids, no wall time, no keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from bot.messages import Action, Answer, Notice, Outgoing
from bot.notices import Reader, moment
from bot.queries import rehearsal as queries
from bot.rehearsal.stage import Stage
from bot.store import Row
from bot.zones import zone_named

MARGIN = " " * 7
DIGEST = "digest"


class Transcript:
    """Collects lines; reads from the stage what happened since it last looked."""

    def __init__(self, stage: Stage) -> None:
        self.lines: list[str] = []
        self.digests: list[Outgoing] = []
        self._stage = stage
        self._zone = zone_named(stage.policy.zone)
        self._event_id = 0
        self._told = dict.fromkeys(stage.senders, (0, 0))
        self._day = ""
        self._clock = ""
        self._answer = ""

    def headline(self, text: str) -> None:
        """A remark of whoever wrote the day."""
        self.lines += ["", "", f"── {text}"]
        self._clock = ""

    def wrote(self, name: str, channel: str, subject: str, text: str) -> None:
        """Somebody wrote to the desk."""
        self._say(f"{name} writes by {channel}{f': {subject}' if subject else ''}")
        self._quote(text)

    def commanded(self, name: str, channel: str, line: str) -> None:
        """Somebody gave a command."""
        first, _, rest = line.partition("\n")
        self._say(f"{name} by {channel}: {first}")
        if rest:
            self._quote(rest)

    def answered(self, answer: Answer) -> None:
        """What the giver of a command was answered; a decision that only repeats it is left out."""
        self._answer = answer.text
        first, *rest = answer.text.splitlines() or [""]
        self._say(f"{'✓' if answer.is_ok else '✗'} {first}")
        for line in rest:
            self._say(f"  {line}")

    def note(self, text: str) -> None:
        """A line of the rehearsal's own."""
        self._say(text)

    def skip(self) -> None:
        """Leave out what happened since the last look."""
        kept = self.lines[:], self._clock, self._day
        self.look()
        self.lines, self._clock, self._day = kept

    def look(self) -> None:
        """Tell what was decided and who was told since the last look."""
        after_id = self._event_id
        for row in self._stage.store.read_sync(lambda tx: tx.all(queries.EVENTS_AFTER, after_id=after_id)):
            self._event_id = row.id
            if not row.reason or row.reason not in self._answer:
                self._say(self._decision(row))
        self._answer = ""
        self._tell(self._new())

    # ------------------------------------------------------------ lines under a time

    def _say(self, text: str) -> None:
        local = self._stage.clock.now().astimezone(self._zone)
        day = f"{local:%A} {local.day} {local:%B %Y}, {self._zone.key}"
        if day != self._day:
            self._day, self._clock = day, ""
            self.lines += ["", day]
        clock = f"{local:%H:%M:%S}".removesuffix(":00")
        if clock != self._clock:
            self.lines.append("")
            self.lines.append(f"{clock:<7}{text}" if len(clock) < 6 else f"{clock} {text}")
            self._clock = clock
        else:
            self.lines.append(f"{MARGIN}{text}")

    def _quote(self, text: str) -> None:
        self.lines += [f"{MARGIN}  │ {line}".rstrip() for line in text.strip().splitlines()]

    # ------------------------------------------------------------ decisions

    def _decision(self, row: Row) -> str:
        detail = json.loads(row.detail_json)
        subject = f"#{row.ticket_id}" if row.ticket_id is not None else (row.client_code or "desk")
        about = f" ({row.consultant_name})" if row.consultant_name else ""
        reason = f": {row.reason}" if row.reason else ""
        return f"{subject} {row.kind}{about}{self._facts(row.kind, detail)}{reason}"

    def _facts(self, kind: str, detail: dict[str, object]) -> str:
        """What stands beside a decision: the rule of a verdict, the end of a hold or rung."""
        facts = ""
        if kind == "triaged":
            facts = f" {detail['is']} by {detail['rule']}"
        elif kind.startswith("priority "):
            facts = f" from {detail['was']} to {detail['is']} by {detail['rule']}"
        if until := detail.get("until"):
            reader = Reader(self._zone.key, now=self._stage.clock.now())
            facts += f" until {moment(datetime.fromisoformat(str(until)), reader)}"
        return facts

    # ------------------------------------------------------------ who was told

    def _new(self) -> list[Outgoing]:
        """What was sent since the last look, in the order in which it was written."""
        fresh: list[Outgoing] = []
        for channel, sender in self._stage.senders.items():
            sent, shown = self._told[channel]
            fresh += sender.sent[sent:]
            for card in sender.shown[shown:]:
                self._say(f"▢ {card.place.channel} {card.place.conversation}: {card.title} · {card.status}")
            self._told[channel] = len(sender.sent), len(sender.shown)
        return sorted(fresh, key=lambda one: one.delivery_id)

    def _tell(self, fresh: Sequence[Outgoing]) -> None:
        named = [(self.name_of(one.to.channel, one.to.address), one) for one in fresh]
        for (name, notice), alike in groupby(named, key=lambda pair: (pair[0], pair[1].notice)):
            sent = [one for _, one in alike]
            self._say(f"→ {name} by {_listed(one.to.channel for one in sent)}: {notice.subject}{_files(sent[0])}")
            if notice.kind == DIGEST:
                self.digests.append(sent[0])
                self._quote("(in full at the end)")
            else:
                self._quote("\n".join(_body(notice)))

    def name_of(self, channel: str, address: str) -> str:
        """The name of whoever writes from an address, or the address."""
        row = self._stage.store.read_sync(lambda tx: tx.one(queries.NAME_AT, channel=channel, address=address))
        return str(row.name) if row is not None and row.name else address


def _body(notice: Notice) -> Iterator[str]:
    yield from (line for line in notice.body.splitlines() if line.strip())
    if notice.actions:
        yield " ".join(_button(action) for action in notice.actions)


def _button(action: Action) -> str:
    return f"[{action.label}]"


def _files(outgoing: Outgoing) -> str:
    names = [file.filename for file in outgoing.files]
    return f", with {', '.join(names)}" if names else ""


def _listed(words: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(words))
