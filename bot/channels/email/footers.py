"""What programs put below or above a person's words: signature marks, footers, disclaimers, "Sent from my iPhone".

Each function says which rows of a stretch such a thing takes. Every rule asks for a place (after a blank row, near the
end) as well as for words, so that a sentence that merely holds such words stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import farewells, phrases
from bot.channels.email.rows import SIGNATURE_DASHES, Row, follows_blank, stripped

WEAK_DELIMITERS = frozenset({"--", "—", "––", "——", "-- --", "__", "___", "-—", "– –", "- -"})
DELIMITED_ROWS_MAX = 20
FOOTER_ROWS_MAX = 15
LINE_WORDS = re.compile(r"above|below|oberhalb|dessus|encima|выше")
# "Outlook für Android beziehen", "Outlook for iOS<https://aka.ms/o0ukef>"; with a verb in front it is in the table.
OUTLOOK_OFFER = re.compile(
    r"outlook [^\s<]+ (?:ios|android|mac)(?: (?:beziehen|herunterladen|downloaden))?[<(\[ ]{0,2}(?:https?://\S{0,200})?$"
)
CLAUSE_END = re.compile(r"[,.;–(]| - ")

# Rows from a first to behind a last. `first` of the functions below is the row where the thing may begin: not at the
# top of a mail, where it would be all there is.
Span = tuple[int, int]


def is_machine_made(rows: Sequence[Row]) -> bool:
    """Whether a program, and no person, added all of these rows: nothing is lost if they are all cut."""
    words = [row for row in rows if not row.is_blank]
    if not words:
        return False
    return _is_delimiter(words[0]) or all(_is_sent_from(row) or farewells.FOOTERS.match(row.plain) for row in words)


def _count(rows: Sequence[Row]) -> int:
    return sum(not row.is_blank for row in rows)


def _is_delimiter(row: Row) -> bool:
    return row.mark == SIGNATURE_DASHES or (not row.depth and row.bare in WEAK_DELIMITERS)


def delimiter(rows: list[Row], first: int) -> Span | None:
    """The "-- " of RFC 3676; also without its blank, and its cousins, if little follows."""
    for at, row in enumerate(rows):
        if not _is_delimiter(row) or _is_patch(rows, at):
            continue
        limit = DELIMITED_ROWS_MAX if row.bare == "--" else FOOTER_ROWS_MAX
        if row.mark == SIGNATURE_DASHES or _count(rows[at + 1 :]) <= limit:
            return at, len(rows)
    return None


def _is_patch(rows: list[Row], at: int) -> bool:
    """In a diff, "-- " is a removed line that held a dash."""
    below = rows[at + 1].text if at + 1 < len(rows) else ""
    if below.startswith(("+++ ", "@@ ")):
        return True
    return below[:1] == "+" and at > 0 and rows[at - 1].text[:1] in ("+", "-", " ")


def footer(rows: list[Row], first: int) -> Span | None:
    """A footer of a list, a scanner or a service, with the rule above it."""
    may_say_above = LINE_WORDS.search("\n".join(row.plain for row in rows)) is not None
    for at in range(first, len(rows)):
        row = rows[at]
        if row.is_rule:
            if _is_list_footer(rows, at + 1):
                return at, len(rows)
            continue
        plain = row.plain
        if farewells.FOOTERS.match(plain) and follows_blank(rows, at):
            return at, len(rows)
        if ".com/" in plain and any(link in plain for link in farewells.FOOTER_LINKS):
            return at, len(rows)
        if farewells.UNSUBSCRIBE.match(plain) and follows_blank(rows, at) and _is_list_footer(rows, at):
            return at, len(rows)
        if may_say_above and any(phrase in plain for phrase in phrases.REPLY_ABOVE):
            return at, len(rows)
    return None


def _is_list_footer(rows: list[Row], at: int) -> bool:
    """ "foo mailing list" or "to unsubscribe" beside an address or a link, within four rows, with little below."""
    looks = " ".join(row.bare for row in rows[at : at + 4]).lower()
    if "@" not in looks and "http" not in looks and "click here" not in looks:
        return False
    return ("mailing list" in looks or "unsubscribe" in looks) and _count(rows[at:]) <= FOOTER_ROWS_MAX


def _is_sent_from(row: Row) -> bool:
    """ "Sent from my iPhone", "Get Outlook for iOS", in many languages: a short row that names a device or program."""
    if row.depth or len(row.bare) > 160:
        return False
    plain = row.bare.lower().strip("*_-–— []()<>")
    if "outlook" in plain and OUTLOOK_OFFER.match(plain):
        return True
    begins = farewells.SENT_FROM.match(plain)
    if not begins and not (len(plain) <= 60 and plain.endswith(farewells.SENT_FROM_ENDINGS)):
        return False
    clause = CLAUSE_END.split(plain, maxsplit=1)[0]
    is_named = any(device in clause for device in farewells.SENT_FROM_DEVICES)
    if not begins:
        return is_named
    words = len(plain.split())
    return words <= 5 or (is_named and (words <= 9 or "http" in plain or "excuse" in plain or len(clause) < 40))


def sent_from(rows: list[Row], first: int) -> Span | None:
    """The mark of a device and what is below it; above a person's text, the mark alone."""
    for at, row in enumerate(rows):
        if not row.is_blank and _is_sent_from(row) and (follows_blank(rows, at) or _count(rows[at:]) <= 3):
            return at, (len(rows) if _count(rows[at + 1 :]) <= 5 else at + 1)
    return None


def disclaimer(rows: list[Row], first: int) -> Span | None:
    """A paragraph of a company's server and all below it."""
    for at in range(first, len(rows)):
        if not rows[at].is_blank and follows_blank(rows, at) and _is_disclaimer(rows, at):
            return at, len(rows)
    return None


def _is_disclaimer(rows: list[Row], at: int) -> bool:
    plain = rows[at].plain
    is_heading = farewells.DISCLAIMER_HEADINGS.match(plain)
    is_typical = farewells.DISCLAIMERS.match(plain)
    if not (is_heading or is_typical or farewells.DISCLAIMERS_GENERIC.match(plain)):
        return False
    paragraph: list[str] = []
    for row in rows[at : at + 14]:
        if row.is_blank and sum(len(line) for line in paragraph) > 60:
            break
        paragraph.append(row.bare)
    whole = " ".join(paragraph).lower()
    signs = sum(word in whole for word in farewells.DISCLAIMER_WORDS)
    if is_heading:
        return signs >= 1 or len(plain) <= 30
    return signs >= (2 if is_typical else 3)


def without_banner(rows: list[Row]) -> list[Row]:
    """Without the warning that a company's server puts on top of mail from outside, if text follows it."""
    for at, row in enumerate(rows[:4]):
        if not row.is_blank and farewells.BANNERS.match(row.bare.lower().lstrip("*_ ")):
            end = at
            while end < len(rows) and not rows[end].is_blank:
                end += 1
            rest = stripped(rows[end:])
            while rest and rest[0].is_rule:
                rest = stripped(rest[1:])
            above = [] if all(row.is_rule for row in rows[:at]) else rows[:at]
            return stripped([*above, *rest]) if rest else rows
    return rows
