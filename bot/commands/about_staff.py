"""Commands about consultants and assistants, and about becoming one. Source: mission, People (A, C)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands import about_mail, settable
from bot.commands.about_people import read_contact
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.commands.settable import Settings
from bot.messages import EMAIL
from bot.sentences import sentence


@dataclass(frozen=True, slots=True)
class ConsultantAdd(Command):
    member_number: str
    name: str
    address: str
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class ConsultantSet(Command):
    member_number: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class ConsultantList(Command):
    pass


@dataclass(frozen=True, slots=True)
class Introduce(Command):
    """An assistant was introduced to a contact: `how` says by what means.

    contact: an address on `channel`; where that is "", a name at the client of that code, or of the assistant's own.
    """

    assistant: str
    contact: str
    how: str = ""
    channel: str = EMAIL
    client: str = ""


@dataclass(frozen=True, slots=True)
class Join(Command):
    """Somebody asks to become a consultant."""

    name: str
    address: str
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class Invite(Command):
    """A manager has validated the expertise of a request and gives it a member number."""

    request_id: int
    member_number: str


@dataclass(frozen=True, slots=True)
class DeclineJoin(Command):
    request_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MembershipList(Command):
    pass


# ---------------------------------------------------------------- reading


def _consultant_add(line: Line) -> Command:
    number = line.member_number()
    name = line.name("consultant")
    address = line.email("consultant")
    return ConsultantAdd(number, name, address, settable.read_settings(line, settable.CONSULTANT))


def _consultant_set(line: Line) -> Command:
    return ConsultantSet(line.member_number(), settable.read_settings(line, settable.CONSULTANT, is_needed=True))


def _introduce(line: Line) -> Command:
    assistant = line.member_number()
    line.take_if("to")
    channel, client, contact = read_contact(line)
    has_by = bool(line.take_if("by"))
    how = line.free_text(200, needs_mark=True, was_marked=has_by) if line.peek() is not None else ""
    return Introduce(assistant, contact, how, channel, client)


def _join(line: Line) -> Command:
    if about_mail.is_about_tickets(line):
        return about_mail.read_join(line)
    name = line.name("own")
    return Join(name, line.email("own"), settable.read_settings(line, settable.APPLICANT, is_needed=True))


def _request(line: Line) -> int:
    word = line.take()
    if word is None or not re.fullmatch(r"#?[0-9]{1,9}", word.value):
        raise line.bad(sentence("bad which request"))
    return int(word.value.lstrip("#"))


def _invite(line: Line) -> Command:
    request_id = _request(line)
    line.take_if("as")
    return Invite(request_id, line.member_number())


def _decline_join(line: Line) -> Command:
    request_id = _request(line)
    return DeclineJoin(request_id, line.free_text(needs_mark=True))


ENTRIES = (
    Entry(
        "consultant add", ConsultantAdd, _consultant_add,
        'consultant add NUMBER "NAME" ADDRESS [expertise=… zone=… hours="…" role=…]', "Add a consultant.",
        'consultant add 1042 "Jo Diaz" jo@desk.example expertise=network,backup zone=Europe/Madrid', (Who.MANAGER,),
    ),
    Entry(
        "consultant set", ConsultantSet, _consultant_set, "consultant set NUMBER KEY=VALUE …", "Change a consultant.",
        "consultant set 1042 status=suspended", (Who.MANAGER,),
    ),
    Entry(
        "consultant list", ConsultantList, lambda line: ConsultantList(), "consultant list",
        "See every consultant with member number.", "consultant list", (Who.MANAGER,), ("consultants",),
    ),
    Entry(
        "introduce", Introduce, _introduce, "introduce NUMBER to CONTACT [by HOW]",
        "Note that an assistant was introduced to a contact.", "introduce 1043 to maria@acme.example by phone",
        (Who.MANAGER,),
    ),
    Entry(
        "join", Join, _join, 'join "NAME" ADDRESS expertise=…', "Ask to become a consultant of this desk.",
        'join "Jo Diaz" jo@work.example expertise=network,backup', (Who.ANYONE,), ("membership request",),
    ),
    Entry(
        "membership invite", Invite, _invite, "membership invite REQUEST as NUMBER",
        "Invite somebody whose expertise you validated, under a member number.", "membership invite 3 as 1042",
        (Who.MANAGER,), ("invite",),
    ),
    Entry(
        "membership decline", DeclineJoin, _decline_join, "membership decline REQUEST [-- REASON]",
        "Decline a request to join.", "membership decline 3 -- no capacity", (Who.MANAGER,),
    ),
    Entry(
        "membership list", MembershipList, lambda line: MembershipList(), "membership list",
        "See who asked to join.", "membership list", (Who.MANAGER,), ("memberships",),
    ),
)  # fmt: skip
