"""From a line to a command: finds the verb, reads the rest, and says what was meant where it cannot.

The same line means the same in every channel. `parse` is for a line that was given as a command; `command_in` is for
a message that may just as well be a sentence, and takes only what the grammar accepts wholly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from bot.commands import (
    about_bank,
    about_charges,
    about_desk,
    about_diary,
    about_health,
    about_invoices,
    about_mail,
    about_me,
    about_money,
    about_pay,
    about_people,
    about_places,
    about_plans,
    about_quotes,
    about_staff,
    about_tickets,
    about_time,
    about_work,
)
from bot.commands.about_desk import Help
from bot.commands.about_tickets import Show
from bot.commands.grammar import Command, Entry
from bot.commands.line import Line, nearest
from bot.commands.refusal import BadCommand
from bot.plain import many_lines, one_line, shortened
from bot.sentences import Phrase, joined, sentence

LINE_MAX = 8_000
TEXT_MAX = about_tickets.TEXT_MAX

GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("Tickets", (*about_tickets.ENTRIES, *about_mail.TICKETS)),
    ("Appointments", about_diary.ENTRIES),
    ("Time", (*about_work.ENTRIES, *about_time.ENTRIES)),
    (
        "Money",
        (
            *about_money.ENTRIES,
            *about_charges.ENTRIES,
            *about_invoices.ENTRIES,
            *about_plans.ENTRIES,
            *about_quotes.ENTRIES,
            *about_bank.ENTRIES,
            *about_health.ENTRIES,
        ),
    ),
    ("Pay", about_pay.ENTRIES),
    ("People", (*about_people.ENTRIES, *about_places.ENTRIES)),
    ("Staff", (*about_staff.ENTRIES, *about_mail.ADDRESSES)),
    ("Yourself", about_me.ENTRIES),
    ("The desk", about_desk.ENTRIES),
)
ENTRIES: tuple[Entry, ...] = tuple(entry for _, entries in GROUPS for entry in entries)
_BY_NAME: Mapping[str, Entry] = {name: entry for entry in ENTRIES for name in entry.names}
# "client" begins only names of two words: "client what?"
_FIRST_WORDS: Mapping[str, tuple[str, ...]] = {
    first: tuple(names)
    for first, names in groupby(sorted(n for n in _BY_NAME if " " in n), key=lambda name: name.split()[0])
}

_ANY_QUOTE = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_MENTION = re.compile(r"(?:<@[A-Za-z0-9|._-]{1,80}>|@[A-Za-z0-9._-]{1,64})[:,]?\s+")
_SLASH = re.compile(r"/\s?(?=[A-Za-z?#0-9])")
_PREFIX = re.compile(r"(?:ticket|holdline)(?:@[A-Za-z0-9._-]{1,64})?(?:[:,]?\s+|$)", re.IGNORECASE)
_VERB = re.compile(r"(?P<verb>[A-Za-z?-]{1,40})(?P<bot>@[A-Za-z0-9._-]{1,64})?(?P<colon>:?)(?=\s|$)")
_NEXT = re.compile(r"[^\S\n]+(?P<word>[A-Za-z-]{1,40})(?P<colon>:?)(?=\s|$)")
_NUMBER = re.compile(r"[#tT]?(?P<number>[0-9]{1,12})[:,]?(?:\s+|$)")


def parse(line: str, *, ticket_id: int | None = None) -> Command:
    """The command that a line gives.

    line: as typed anywhere; "/", "/ticket", "@bot" before the verb, case and extra blanks do not matter.
    ticket_id: the ticket at hand (thread, card, reply), whose number may then be left out.
    Raises BadCommand, and nothing else whatever the text, with what was meant and how to write it.
    """
    return _parse(line, ticket_id=ticket_id, is_strict=False)


def command_in(text: str, *, ticket_id: int | None = None, role: str | None = None) -> str | None:
    """The command that a message begins with, to be parsed; None where it is a message to somebody.

    Only the first line is looked at, but for `reply` and `note`, whose text may go on below.
    ticket_id: the ticket it answers, if the caller knows it; without, a number may be left out all the same.
    role: where given, verbs that this role may not use make no command ("" for a stranger).
    """
    text = text.strip()
    head = text[:LINE_MAX].partition("\n")[0].strip()
    found = _verb_of(_unprefixed(head)) if head else None
    if found is None or (role is not None and not found[0].is_for(role)):
        return None
    whole = text if found[0].takes_text else head
    try:
        # Who puts a slash before it means a command, and no sentence.
        _parse(whole, ticket_id=ticket_id or 0, is_strict=_SLASH.match(text) is None)
    except BadCommand:
        return None
    return whole


def entry_of(command: Command) -> Entry:
    """The grammar's entry of a command, for rights and help."""
    return next(entry for entry in ENTRIES if entry.is_of(command))


def usage(verb: str, role: str | None = None) -> str:
    """How a verb is written, what it does, an example; and what else begins with that word, for that role.

    Raises BadCommand for a verb that is none.
    """
    name = one_line(verb, 60).lower().removeprefix("/")
    entry = _BY_NAME.get(name)
    others = [
        other
        for other in ENTRIES
        if other is not entry
        and (role is None or other.is_for(role))
        and any(text.startswith(f"{name} ") for text in (other.verb, other.usage.lower()))
    ]
    if entry is None and not others:
        raise _unknown(verb, ticket_id=None)
    lines: list[str] = []
    if entry is not None:
        lines = [entry.usage, Phrase(entry.summary), sentence("answer example", usage=entry.example)]
        lines += [sentence("help also", what=", ".join(entry.aliases))] if entry.aliases else []
    if others:
        lines += ["", sentence("help more")] if lines else []
        lines += [joined(" ", [_help_line(other), sentence("answer example", usage=other.example)]) for other in others]
    return joined("\n", lines)


def _help_line(entry: Entry) -> str:
    return joined("", ["  ", entry.usage, ": ", Phrase(entry.summary)])


@lru_cache(maxsize=16)
def help_text(role: str) -> str:
    """Every verb that a role ("requester", "manager", … "" for a stranger) may use, a line each."""
    parts: list[str] = [sentence("help head")]
    for title, entries in GROUPS:
        lines = [_help_line(entry) for entry in entries if entry.is_for(role)]
        if lines:
            parts.append(joined("\n", [joined("", [Phrase(title), ":"]), *lines]))
    parts.append(sentence("help end"))
    return joined("\n\n", parts)


# ---------------------------------------------------------------- reading a line


def _parse(line: str, *, ticket_id: int | None, is_strict: bool) -> Command:
    if len(line) > TEXT_MAX + 200:
        raise BadCommand(sentence("bad too long", count=len(line), most=TEXT_MAX))
    said = many_lines(line, TEXT_MAX + 200)
    text = _unprefixed(said)
    if not text:
        if said and not is_strict:
            return Help()
        raise BadCommand(sentence("bad nothing"))
    if not is_strict and (number := _NUMBER.match(text)) is not None and int(number["number"]) > 0:
        # "42" shows the ticket, and "42 claim" is the way some people think.
        ticket_id, text = int(number["number"]), text[number.end() :]
        if not text:
            return Show(ticket_id)
    found = _verb_of(text)
    if found is None:
        raise _unknown(text, ticket_id=ticket_id)
    entry, rest = found
    if not entry.takes_text:
        if len(rest) > LINE_MAX:
            raise BadCommand(sentence("bad line too long", most=LINE_MAX), usage=entry.usage)
        rest = rest.translate(_ANY_QUOTE)
    reader = Line(rest, said, entry.usage, entry.example, ticket_id, is_strict)
    command = entry.read(reader)
    reader.end()
    if is_strict and isinstance(command, Help) and command.verb and command.verb not in _BY_NAME:
        raise _unknown(command.verb, ticket_id=None)
    return command


def _unprefixed(text: str) -> str:
    """The line from its verb on: without mention of the bot, slash and the word "ticket"."""
    text = text.lstrip()
    for pattern in (_MENTION, _SLASH, _PREFIX, _SLASH):
        found = pattern.match(text)
        text = text[found.end() :] if found else text
    return text


def _verb_of(text: str) -> tuple[Entry, str] | None:
    """The entry whose name of up to three words begins the text, longest first, and what follows it."""
    first = _VERB.match(text)
    if first is None:
        return None
    name, end = first["verb"].lower(), first.end()
    best = (_BY_NAME[name], _after(text, end, first["colon"])) if name in _BY_NAME else None
    colon = first["colon"]
    while not colon and (following := _NEXT.match(text, end)) is not None and name.count(" ") < 2:
        name, end, colon = f"{name} {following['word'].lower()}", following.end(), following["colon"]
        if name in _BY_NAME:
            best = _BY_NAME[name], _after(text, end, colon)
    return best


def _after(text: str, end: int, colon: str) -> str:
    """The rest of the line; a colon right after the verb is kept as the mark that a text begins."""
    return f": {text[end:]}" if colon else text[end:]


# ---------------------------------------------------------------- what was meant


def _unknown(text: str, *, ticket_id: int | None) -> BadCommand:
    words = one_line(text, 400).split(" ")
    first = words[0].lower().rstrip(":")
    if first in _FIRST_WORDS:
        names = _FIRST_WORDS[first]
        seconds = [name.split(" ", 1)[1] for name in names]
        second = nearest(words[1], seconds, length_min=2) if len(words) > 1 else ""
        meant = _completed(f"{first} {second}", words[2:], ticket_id) if second else ""
        return BadCommand(sentence("answer verb what", verb=first, what=", ".join(names)), meant=meant)
    near = nearest(first, tuple(_BY_NAME))
    verb = shortened(first, 40)
    if not near:
        return BadCommand(sentence("answer unknown verb help", verb=verb))
    entry = _BY_NAME[near]
    problem = sentence("answer unknown verb", verb=verb)
    return BadCommand(problem, meant=_completed(near, words[1:], ticket_id), usage=entry.usage, example=entry.example)


def _completed(verb: str, rest: list[str], ticket_id: int | None) -> str:
    """The line as it was probably meant: with the person's own words if the grammar takes them, else an example."""
    line = " ".join([verb, *rest])
    try:
        _parse(line, ticket_id=ticket_id, is_strict=False)
    except BadCommand:
        return _BY_NAME[verb].example
    return shortened(line, 200)
