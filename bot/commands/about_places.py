"""Commands about conversations that belong to a client: `place ACME slack C0123ABC`, `place list`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.messages import SLACK, TELEGRAM
from bot.sentences import sentence

# The shape of a conversation of several people on each channel, and an example of it.
CONVERSATIONS = {
    SLACK: (re.compile(r"(?:[TE][A-Z0-9]{1,20}:)?[CG](?=[A-Z_]*[0-9])[A-Z0-9_]{1,20}"), "C0123ABC"),
    TELEGRAM: (re.compile(r"-[0-9]{1,20}"), "-1001234567890"),
}
# As Slack writes a channel into a command: <#C0123ABC|acme-requests>.
_MENTION = re.compile(r"<#([A-Z0-9_]{2,21})(?:\|[^>]{0,100})?>")


@dataclass(frozen=True, slots=True)
class GivePlace(Command):
    """client: "" for nobody. channel, conversation: "" for the conversation that it is written in."""

    client: str
    channel: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class PlaceList(Command):
    pass


def _either(words: Iterable[str]) -> str:
    first, *others = words
    return sentence("either", one=first, other=_either(others)) if others else first


def _place(line: Line) -> Command:
    client = "" if line.take_if("nobody", "none") else line.client()
    if line.peek() is None:
        return GivePlace(client)
    channel = line.take_if(*CONVERSATIONS)
    if not channel:
        raise line.bad(sentence("bad which place", what=_either(CONVERSATIONS)))
    pattern, example = CONVERSATIONS[channel]
    word = line.take()
    value = word.value if word is not None else ""
    mention = _MENTION.fullmatch(value)
    value = mention[1] if mention is not None else value.upper()
    if not pattern.fullmatch(value):
        raise line.bad(sentence("bad place", channel=channel, usage=example))
    return GivePlace(client, channel, value)


ENTRIES = (
    Entry(
        "place", GivePlace, _place, "place CODE|nobody [slack|telegram CONVERSATION]",
        "Make a channel or group a client's own, so that all that is written there counts; without more, this one.",
        "place ACME slack C0123ABC", (Who.MANAGER,),
    ),
    Entry(
        "place list", PlaceList, lambda line: PlaceList(), "place list", "See the clients' own channels and groups.",
        "place list", (Who.MANAGER,), ("places",),
    ),
)  # fmt: skip
