"""Commands about clients, contacts, their lead and hold, and handles.

People are named as the desk shows them: clients by code, consultants by member number, contacts by an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from bot.commands import settable
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import NAME_MAX, Line, Word
from bot.commands.settable import HOLD_MINUTES_MAX, HOLD_MINUTES_MIN, HOLD_RANGE, Settings
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM
from bot.plain import one_line
from bot.readers import ADDRESS
from bot.sentences import sentence

# The shape of an address on each channel, and an example of it.
_ADDRESSES = {
    EMAIL: (ADDRESS, "maria@acme.example"),
    SLACK: (re.compile(r"[A-Z0-9_]{1,20}:[A-Z0-9_]{1,20}"), "T012AB:U034CD"),
    TELEGRAM: (re.compile(r"[0-9]{1,15}"), "123456789"),
    CONSOLE: (re.compile(r"[A-Za-z0-9._-]{1,60}"), "maria"),
    "phone": (re.compile(r"\+?[0-9]{5,15}"), "+4930123456"),
}


@dataclass(frozen=True, slots=True)
class ClientAdd(Command):
    code: str
    name: str
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class ClientSet(Command):
    code: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class ClientList(Command):
    pass


@dataclass(frozen=True, slots=True)
class ContactAdd(Command):
    """client: "" for the giver's own. address: an email address, lower case."""

    client: str
    name: str
    address: str
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class ContactSet(Command):
    address: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class HandleAdd(Command):
    """person: a contact's email address or a consultant's member number. address: normalised for the channel."""

    person: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class NameLead(Command):
    """An owner names the lead by member number alone. client: "" for the owner's own."""

    member_number: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmLead(Command):
    """The consultant who was named says yes, or no. client: "" where only one waits for the answer."""

    client: str = ""
    is_yes: bool = True


@dataclass(frozen=True, slots=True)
class SetHold(Command):
    """minutes: 30 to 1440. client: "" for the owner's own."""

    minutes: int
    client: str = ""


# ---------------------------------------------------------------- reading


def _client_add(line: Line) -> Command:
    code = line.client()
    return ClientAdd(code, line.name("client"), settable.read_settings(line, settable.CLIENT))


def _client_set(line: Line) -> Command:
    return ClientSet(line.client(), settable.read_settings(line, settable.CLIENT, is_needed=True))


def _contact_add(line: Line) -> Command:
    client = line.client_if_any()
    name = line.name("contact")
    return ContactAdd(client, name, line.email("contact"), settable.read_settings(line, settable.CONTACT))


def _contact_set(line: Line) -> Command:
    address = line.email("contact")
    return ContactSet(address, settable.read_settings(line, settable.CONTACT, is_needed=True))


def _person(line: Line) -> str:
    """A contact by address, or a consultant by member number."""
    word = line.peek()
    return line.email("person") if word is not None and "@" in word.value else line.member_number()


def _handle_add(line: Line) -> Command:
    person = _person(line)
    return HandleAdd(person, *read_address(line))


def read_address(line: Line, *, default: str = "") -> tuple[str, str]:
    """A channel and an address on it. default: the channel where none is written."""
    channel = line.take_if(*_ADDRESSES) or default
    if not channel:
        raise line.bad(sentence("bad which channel", what=", ".join(_ADDRESSES)))
    return channel, _address(line, channel, line.take())


def _address(line: Line, channel: str, word: Word | None) -> str:
    pattern, example = _ADDRESSES[channel]
    value = word.value if word is not None else ""
    value = value.upper() if channel == SLACK else value.lower() if channel in (EMAIL, CONSOLE) else value
    if len(value) > 254 or not pattern.fullmatch(value):
        raise line.bad(sentence("bad address", channel=channel, usage=example))
    return value


def read_contact(line: Line) -> tuple[str, str, str]:
    """A channel and an address on it; or "", a client's code or "", and a name: ACME "Maria Lopez", Maria Lopez.

    A name goes on until "by" or a dash.
    """
    words = list(takewhile(lambda word: word.is_quoted or not (word.is_mark or word.lower == "by"), line.words()))
    if not words:
        raise line.bad(sentence("bad which contact"))
    first = words[0]
    if "@" in first.value and not first.is_quoted:
        return EMAIL, "", line.email("contact")
    if first.lower in _ADDRESSES and not first.is_quoted and len(words) > 1:
        channel, address = read_address(line)
        return channel, "", address
    has_code = len(words) > 1 and not first.is_quoted and (words[1].is_quoted or first.value.isupper())
    client = line.client_if_any() if has_code else ""
    name = words[1:] if client else words
    if name[0].is_quoted:
        return "", client, line.name("contact")
    if line.is_strict:
        raise line.bad(sentence("bad which contact"))
    line.skip(len(name))
    return "", client, one_line(" ".join(word.value for word in name), NAME_MAX)


def _lead(line: Line) -> Command:
    number = line.member_number()
    line.take_if("for")
    return NameLead(number, line.client_if_any())


def _hold(line: Line) -> Command:
    minutes = line.length(has_days=True)
    if minutes is None:
        raise line.bad(sentence("answer how long", what=HOLD_RANGE))
    if not HOLD_MINUTES_MIN <= minutes <= HOLD_MINUTES_MAX:
        raise line.bad(HOLD_RANGE)
    line.take_if("for")
    return SetHold(minutes, line.client_if_any())


ENTRIES = (
    Entry(
        "client add", ClientAdd, _client_add, 'client add CODE "NAME" [zone=… hours="…" hold=… plan=… lead=… …]',
        "Add a client.", 'client add ACME "Acme Ltd" zone=Europe/Berlin hours="Mon-Fri 09:00-17:00" hold=2h',
        (Who.MANAGER,),
    ),
    Entry(
        "client set", ClientSet, _client_set, "client set CODE KEY=VALUE …", "Change a client.",
        "client set ACME plan=per-use cap=500", (Who.MANAGER,),
    ),
    Entry(
        "client list", ClientList, lambda line: ClientList(), "client list", "See every client with its code.",
        "client list", (Who.MANAGER,), ("clients",),
    ),
    Entry(
        "contact add", ContactAdd, _contact_add, 'contact add [CODE] "NAME" ADDRESS [role=requester|approver|owner]',
        "Add a person who may ask for work.", 'contact add ACME "Maria Lopez" maria@acme.example role=approver',
        (Who.OWNER, Who.MANAGER),
    ),
    Entry(
        "contact set", ContactSet, _contact_set, "contact set ADDRESS KEY=VALUE …", "Change a contact.",
        "contact set maria@acme.example role=owner", (Who.OWNER, Who.MANAGER),
    ),
    Entry(
        "handle add", HandleAdd, _handle_add, "handle add PERSON CHANNEL ADDRESS",
        "Note that somebody known also writes from another address.",
        "handle add maria@acme.example slack T012AB:U034CD", (Who.MANAGER,),
    ),
    Entry(
        "lead", NameLead, _lead, "lead NUMBER [for CODE]", "Name your lead consultant, by member number.",
        "lead 1042", (Who.OWNER, Who.MANAGER),
    ),
    Entry(
        "lead confirm", ConfirmLead, lambda line: ConfirmLead(line.client_if_any()), "lead confirm [CODE]",
        "Say yes to being a client's lead.", "lead confirm ACME", (Who.CONSULTANT,),
    ),
    Entry(
        "lead decline", ConfirmLead, lambda line: ConfirmLead(line.client_if_any(), is_yes=False),
        "lead decline [CODE]", "Say no to being a client's lead.", "lead decline ACME", (Who.CONSULTANT,),
    ),
    Entry(
        "hold", SetHold, _hold, "hold TIME [for CODE]",
        "Set how long a new ticket is your lead's alone: 30 minutes to 24 hours.", "hold 2h",
        (Who.OWNER, Who.MANAGER),
    ),
)  # fmt: skip
