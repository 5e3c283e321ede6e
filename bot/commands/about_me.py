"""What people set for themselves: language, quiet hours, which channel first, zone and hours, watched tickets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.commands.settable import CONSULTANT, refused
from bot.errors import UserError
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM
from bot.notices.catalogues import LANGUAGES, known_language
from bot.quiet import read_quiet
from bot.readers import Wrong
from bot.sentences import sentence

CHANNELS = (EMAIL, SLACK, TELEGRAM, CONSOLE)


@dataclass(frozen=True, slots=True)
class MySettings(Command):
    """What the giver has set."""


@dataclass(frozen=True, slots=True)
class Language(Command):
    """code: one of the desk's languages."""

    code: str


@dataclass(frozen=True, slots=True)
class QuietHours(Command):
    """hours: "22:00-07:00", or "" for none."""

    hours: str


@dataclass(frozen=True, slots=True)
class Channels(Command):
    """channels: which are tried first, in this order."""

    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MyZone(Command):
    zone: str


@dataclass(frozen=True, slots=True)
class MyHours(Command):
    hours: str


@dataclass(frozen=True, slots=True)
class WatchTicket(Command):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Unwatch(Command):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Watching(Command):
    """The tickets that the giver watches."""


def _rest(line: Line) -> str:
    """Every word up to the end of the line."""
    words = []
    while (word := line.take()) is not None:
        words.append(word.value)
    return " ".join(words)


_IN_ENGLISH = {"german": "de", "spanish": "es", "french": "fr", "portuguese": "pt"}


def _language(line: Line) -> Command:
    said = _rest(line)
    named = next((code for code, name in LANGUAGES.items() if name.casefold() == said.casefold()), "")
    named = named or _IN_ENGLISH.get(said.casefold(), "")
    code = named or known_language(said)
    if not code:
        there = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise line.bad(sentence("answer which language", what=there))
    return Language(code)


def _quiet(line: Line) -> Command:
    said = _rest(line)
    if not said:
        raise line.bad(sentence("answer quiet from"))
    try:
        return QuietHours(read_quiet(said))
    except UserError as error:
        raise line.bad(str(error)) from None


def _channels(line: Line) -> Command:
    said = [word.strip(",") for word in _rest(line).lower().replace(",", " ").split()]
    named = tuple(dict.fromkeys(word for word in said if word != "first"))
    strange = [word for word in named if word not in CHANNELS]
    if strange or not named:
        raise line.bad(sentence("answer which channel", what=", ".join(CHANNELS)))
    return Channels(named)


def _own(key: str, make: Callable[[str], Command]) -> Callable[[Line], Command]:
    """A setting that a manager can set too, read in the same way."""

    def read(line: Line) -> Command:
        said = _rest(line)
        if not said:
            raise line.bad(sentence(f"own which {key}"))
        try:
            return make(str(CONSULTANT[key].read(said)))
        except Wrong as wrong:
            raise line.bad(refused(wrong)) from None

    return read


ENTRIES = (
    Entry(
        "settings", MySettings, lambda line: MySettings(), "settings", "See what you have set for yourself.",
        "settings", (Who.ANYONE,), ("my settings", "preferences"),
    ),
    Entry(
        "language", Language, _language, "language de|en|es|fr|pt",
        "Choose the language that the desk writes to you in.", "language de", (Who.ANYONE,), ("lang",),
    ),
    Entry(
        "quiet", QuietHours, _quiet, "quiet HH:MM-HH:MM | off",
        "Set quiet hours: notices that can wait, wait. Pages, prices and words of a person pass.",
        "quiet 22:00-07:00", (Who.CONTACT, Who.CONSULTANT), ("quiet hours",),
    ),
    Entry(
        "channels", Channels, _channels, "channels CHANNEL [CHANNEL …]", "Choose the channel that is tried first.",
        "channels telegram email", (Who.CONTACT, Who.CONSULTANT), ("channel",),
    ),
    Entry(
        "zone", MyZone, _own("zone", MyZone), "zone ZONE", "Set the time zone you work in.", "zone Europe/Berlin",
        (Who.CONSULTANT,), ("my zone",),
    ),
    Entry(
        "hours", MyHours, _own("hours", MyHours), "hours DAYS TIMES", "Set your working hours.",
        "hours Mon-Fri 09:00-17:00", (Who.CONSULTANT,), ("my hours",),
    ),
    Entry(
        "watch", WatchTicket, lambda line: WatchTicket(line.ticket()), "watch NUMBER",
        "Hear how a ticket goes on.", "watch 42", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "unwatch", Unwatch, lambda line: Unwatch(line.ticket()), "unwatch NUMBER", "Hear no more of a ticket.",
        "unwatch 42", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "watching", Watching, lambda line: Watching(), "watching", "See the tickets you watch.", "watching",
        (Who.CONTACT, Who.CONSULTANT),
    ),
)  # fmt: skip
