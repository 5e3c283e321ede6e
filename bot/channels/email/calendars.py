"""Appointments as calendars read them: one event in iCalendar (RFC 5545), an invitation or its end (RFC 5546).

Pure. Nobody is asked for an answer (RSVP=FALSE): whoever cannot come writes to the desk, as always.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.invitations import Invitation

LINE_BYTES_MAX = 75
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def method_of(invitation: Invitation) -> str:
    return "CANCEL" if invitation.is_cancelled else "REQUEST"


def calendar_of(invitation: Invitation, *, organizer: tuple[str, str], attendee: str) -> str:
    """The calendar file, lines ended by CRLF. organizer: name and address of the desk. attendee: who is invited."""
    name, address = organizer
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Holdline//Support desk//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method_of(invitation)}",
        "BEGIN:VEVENT",
        f"UID:{_text(invitation.uid)}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{_instant(invitation.stamped_at)}",
        f"DTSTART:{_instant(invitation.starts_at)}",
        f"DTEND:{_instant(invitation.ends_at)}",
        f"SUMMARY:{_text(invitation.summary)}",
        *([f"DESCRIPTION:{_text(invitation.description)}"] if invitation.description else []),
        f"ORGANIZER;CN={_parameter(name)}:mailto:{_address(address)}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{_address(attendee)}",
        f"STATUS:{'CANCELLED' if invitation.is_cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    plain = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _parameter(value: str) -> str:
    """A quoted parameter: it may hold no quotation mark and no line break (RFC 5545, 3.2)."""
    return '"' + _CONTROL.sub("", value).replace('"', "'").replace("\n", " ").replace("\t", " ") + '"'


def _address(value: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f]", "", value)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, none of which cuts a letter in two (RFC 5545, 3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > LINE_BYTES_MAX:
            pieces.append(piece)
            # What goes on begins with a blank, which counts.
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return "\r\n".join([*pieces, piece])
