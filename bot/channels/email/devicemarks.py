"""The marks that programs and devices put below a mail: "Sent from my iPhone", "Get Outlook for iOS".

A sentence about such a mark, or about such a program, is the person's own.
"""

from __future__ import annotations

import re

from bot.channels.email import farewells
from bot.channels.email.rows import Row

# "Outlook für Android beziehen", "Outlook for iOS<https://aka.ms/o0ukef>"; with a verb in front it is in the table.
OUTLOOK_OFFER = re.compile(
    r"outlook [^\s<]+ (?:ios|android|mac)(?: (?:beziehen|herunterladen|downloaden))?[<(\[ ]{0,2}(?:https?://\S{0,200})?$"
)
# "Get Outlook for iOS", "Download Outlook til Android".
OFFERED = frozenset({"for", "on", "til", "voor", "für", "pour", "para", "per"})
CLAUSE_END = re.compile(r"[,.;–(]| - ")


def is_sent_from(row: Row) -> bool:
    """ "Sent from my iPhone", "Get Outlook for iOS", in many languages: a short row that names a device or program."""
    if row.depth or len(row.bare) > 160:
        return False
    plain = row.bare.lower().strip("*_-–— []()<>.。")
    if "[outlook" in plain:
        plain = plain.replace("[outlook", "outlook")
    if "outlook" in plain and OUTLOOK_OFFER.match(plain):
        return True
    begins = farewells.SENT_FROM.match(plain)
    if not begins and not (len(plain) <= 60 and plain.endswith(farewells.SENT_FROM_ENDINGS)):
        return False
    if not farewells.NO_MARKS.isdisjoint(plain.split()):
        return False
    clause, *rest = CLAUSE_END.split(plain, maxsplit=1)
    if begins and _goes_on(row.bare, plain, rest):
        return False
    is_named = any(map(clause.replace("mails", "").__contains__, farewells.SENT_FROM_DEVICES))
    if not begins:
        return is_named
    words = len(plain.split())
    if words <= 5 or not is_named:
        return words <= 5 or (bool(rest) and len(clause.split()) <= 5 and _begs_pardon(rest[0]))
    if words <= 9 or (words <= 14 and plain.endswith(farewells.SENT_FROM_CLOSERS)):
        return True
    return any(word in plain for word in farewells.BREVITY)


def _goes_on(bare: str, plain: str, rest: list[str]) -> bool:
    """ "Sent from Outlook, mails arrive twice.", "Get Outlook working again": a sentence with other words in it."""
    words = plain.split(maxsplit=3)
    if words[:2] in farewells.OFFERS and len(words) > 2 and words[2] not in OFFERED and "http" not in plain:
        return True
    if not rest or "," not in plain or not bare.endswith("."):
        return False
    devices = set(rest[0].split()).intersection(farewells.SENT_FROM_DEVICES)
    return not devices and not _begs_pardon(rest[0]) and rest[0].count(" ") > 1


def _begs_pardon(rest: str) -> bool:
    return any(map(rest.__contains__, farewells.BREVITY))
