"""Signatures, sign-offs, "Sent from my iPhone", disclaimers, list footers: what stands below a person's words.

Works on the rows of one stretch of a person's own text. Every rule asks for a place (near the end, after a blank
row) as well as for words, so that a sentence that merely holds such words stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import farewells, phrases
from bot.channels.email.rows import SIGNATURE_DASHES, Row

WEAK_DELIMITERS = frozenset({"--", "—", "––", "——", "-- --", "__", "___", "-—", "– –", "- -", "---"})
LONG_RULE = re.compile(r"[-_=*~#+—–─━ ]{4,}$")
TAIL_ROWS_MAX = 200
DELIMITED_ROWS_MAX = 20
FOOTER_ROWS_MAX = 15
BLOCK_ROWS_MAX = 14
BLOCK_LETTERS_MAX = 100
DECORATION = "*_-–—=#> |[("
PHONE = re.compile(r"(?:\+|\b)\(?\d(?:[\s().\-/–]{0,3}\d){6,14}\b")
CONTACT = re.compile(
    r"(?:\b(?:tel|phone|mobile|cell|fax|office|direct|mob|ph|e-?mail|web|website|skype|tél|téléphone|telefon|handy|mobil"
    r"|telefax|telefono|teléfono|móvil|cellulare|telefone|puh|gsm)\b\.? ?[:.|+(\d])|https?://|\bwww\.|^[tmfeph]\s?[:.|]\s",
    re.IGNORECASE,
)
SENTENCE_END = (".", "?", "!", "。", "？", "！", ":", ";")
DASH_NAME = re.compile(r"[-–—~/]{1,2} ?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}$")
POSTSCRIPT = re.compile(r"p\.?\s?p?\.?\s?s\.?\s?[:.\-–) ]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?:\[cid:[^\]\s]{1,200}\]|<image\d{1,4}\.\w{3,4}>|\[image: image\.\w{3,4}\]) ?$")
AUTHOR_WORD = re.compile(r"[^\W\d_]{2,}")
PARTICLES = frozenset({"de", "van", "von", "der", "den", "bin", "da", "del", "di", "la", "le", "zu", "y", "e"})
LINE_WORDS = re.compile(r"\bline\b|dieser|ligne|línea|строки|this")
CLAUSE_END = re.compile(r"[,.;–(]| - ")

Rows = Sequence[Row]
Span = tuple[int, int]


def trim(rows: Rows, *, author: str = "") -> list[Row]:
    """The rows without what stands below the person's words; may be empty if nothing else was there.

    author: the sender's display name, if known; a last block that begins with it is a signature.
    """
    kept = _without_banner(_stripped(rows))
    # What stands below a text stands near its end; so the time for it does not grow with the text.
    above, kept = kept[:-TAIL_ROWS_MAX], kept[-TAIL_ROWS_MAX:]
    for rule in (_delimiter, _footer, _sent_from, _disclaimer):
        found = rule(kept)
        if found is not None:
            kept = _without(kept, *found)
    for at in (_farewell(kept, author), _name_block(kept, author), _dash_name(kept)):
        if at is not None and at < len(kept):
            kept = _without(kept, at, len(kept))
    return [*above, *kept] if above else kept


def is_machine_made(rows: Rows) -> bool:
    """Whether a program, and no person, added all of these rows: nothing is lost if they are all cut."""
    words = [row for row in rows if not row.is_blank]
    if not words:
        return False
    return _is_delimiter(words[0]) or all(_is_sent_from(row) or farewells.FOOTERS.match(_plain(row)) for row in words)


def _without(rows: list[Row], start: int, end: int) -> list[Row]:
    """The rows without a span, and without the rule that divided it from what is above; a postscript in it stays."""
    kept = _stripped(rows[:start])
    while kept and LONG_RULE.match(kept[-1].bare):
        kept = _stripped(kept[:-1])
    rest = [*_postscript(rows[start:end]), *rows[end:]]
    return _stripped([*kept, Row("", 0, ""), *rest]) if rest else kept


def _stripped(rows: Rows) -> list[Row]:
    start, end = 0, len(rows)
    while start < end and rows[start].is_blank:
        start += 1
    while end > start and (rows[end - 1].is_blank or PLACEHOLDER.match(rows[end - 1].bare)):
        end -= 1
    return list(rows[start:end])


def _plain(row: Row) -> str:
    """The row in lower case, without what decorates its beginning."""
    return row.bare.lower().lstrip(DECORATION)


def _count(rows: Rows) -> int:
    return sum(not row.is_blank for row in rows)


def _follows_blank(rows: Rows, at: int) -> bool:
    return at == 0 or rows[at - 1].is_blank or bool(LONG_RULE.match(rows[at - 1].bare))


def _is_delimiter(row: Row) -> bool:
    return row.mark == SIGNATURE_DASHES or (not row.depth and row.bare in WEAK_DELIMITERS)


def _delimiter(rows: list[Row]) -> Span | None:
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
    following = rows[at + 1 : at + 2]
    return (
        bool(following) and following[0].text[:1] in ("+", "@") and at > 0 and rows[at - 1].text[:1] in ("+", "-", " ")
    )


def _footer(rows: list[Row]) -> Span | None:
    """A footer of a list, a scanner or a service, with the rule above it."""
    for at, row in enumerate(rows):
        if at and LONG_RULE.match(row.bare):
            if _is_list_footer(rows, at + 1):
                return at, len(rows)
            continue
        plain = _plain(row)
        if at and farewells.FOOTERS.match(plain) and _follows_blank(rows, at):
            return at, len(rows)
        if at and farewells.UNSUBSCRIBE.match(plain) and _follows_blank(rows, at) and _is_list_footer(rows, at):
            return at, len(rows)
        if LINE_WORDS.search(plain) and any(phrase in plain for phrase in phrases.REPLY_ABOVE):
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
    begins = farewells.SENT_FROM.match(plain)
    if not begins and not (len(plain) <= 60 and plain.endswith(farewells.SENT_FROM_ENDINGS)):
        return False
    clause = CLAUSE_END.split(plain, maxsplit=1)[0]
    is_named = any(device in clause for device in farewells.SENT_FROM_DEVICES)
    if not begins:
        return is_named
    words = len(plain.split())
    return words <= 5 or (is_named and (words <= 9 or "http" in plain or "excuse" in plain or len(clause) < 40))


def _sent_from(rows: list[Row]) -> Span | None:
    """The mark of a device and what is below it; above a person's text, the mark alone."""
    for at, row in enumerate(rows):
        if not row.is_blank and _is_sent_from(row) and (_follows_blank(rows, at) or _count(rows[at:]) <= 3):
            return at, (len(rows) if _count(rows[at + 1 :]) <= 5 else at + 1)
    return None


def _disclaimer(rows: list[Row]) -> Span | None:
    """A paragraph of a company's server and all below it; the first paragraph of a mail is never one."""
    for at in range(1, len(rows)):
        if not rows[at].is_blank and _follows_blank(rows, at) and _is_disclaimer(rows, at):
            return at, len(rows)
    return None


def _is_disclaimer(rows: list[Row], at: int) -> bool:
    plain = _plain(rows[at])
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


def _without_banner(rows: list[Row]) -> list[Row]:
    """Without the warning that a company's server puts on top of mail from outside, if text follows it."""
    for at, row in enumerate(rows[:4]):
        if not row.is_blank and farewells.BANNERS.match(row.bare.lower().lstrip("*_ ")):
            end = at
            while end < len(rows) and not rows[end].is_blank:
                end += 1
            rest = _stripped(rows[end:])
            while rest and LONG_RULE.match(rest[0].bare):
                rest = _stripped(rest[1:])
            above = [] if all(LONG_RULE.match(row.bare) for row in rows[:at]) else rows[:at]
            return _stripped([*above, *rest]) if rest else rows
    return rows


def _is_closing(row: Row, table: frozenset[str], author: str) -> bool:
    """Whether a row is a formula that closes a letter: alone, two in one, or with a name behind a comma."""
    bare = row.bare.strip(" *_~-–—")
    if len(bare) > 70 or not bare:
        return False
    lower = bare.lower()
    if _bare_words(lower) in table:
        return True
    for separator in ("/", " - ", ","):
        head, found, rest = lower.partition(separator)
        if found and _bare_words(head) in table:
            return (
                _bare_words(rest) in table or separator == "/" or _is_name(bare[len(head) + len(separator) :], author)
            )
    head, _, last = lower.rpartition(" ")
    return bool(author) and _bare_words(head) in table and last.strip(".") in author.lower().split()


def _bare_words(text: str) -> str:
    return text.strip(" .,!;:…-–—~*)(☺🙂")


def _is_name(text: str, author: str) -> bool:
    """A name of up to four words, or the author's."""
    words = text.strip(" .,!-–—*").split()
    if not words:
        return True
    return len(words) <= 4 and all(word[:1].isupper() or word in PARTICLES for word in words)


def _farewell(rows: list[Row], author: str) -> int | None:
    """Where the last closing formula stands below which only a name block is; thanks count above one with contacts."""
    below: list[Row] = []
    misfits = 0
    found: int | None = None
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row.is_blank:
            continue
        if _is_closing(row, farewells.CLOSINGS, author):
            if misfits <= (2 if below and _is_name(below[-1].bare, author) else 1):
                found = at
        elif _is_closing(row, farewells.THANKS, author):
            if found is not None and found - at == 1:
                return at
            if found is None and misfits <= 1 and len(below) >= 2 and any(map(_has_contact, below)):
                return at
        elif found is not None:
            return found
        elif not _fits_block(row) and not POSTSCRIPT.match(row.bare):
            misfits += 1
        below.append(row)
        if len(below) > BLOCK_ROWS_MAX or misfits > 2:
            return found
    return found


def _fits_block(row: Row) -> bool:
    """A row of a name block is short and is no sentence."""
    bare = row.bare
    if len(bare) > BLOCK_LETTERS_MAX:
        return _has_contact(row)
    return not (bare.endswith(SENTENCE_END) and len(bare.split()) > 6 and not _has_contact(row))


def _has_contact(row: Row) -> bool:
    return "@" in row.bare or " | " in row.bare or bool(PHONE.search(row.bare) or CONTACT.search(row.bare))


def _name_block(rows: list[Row], author: str) -> int | None:
    """A last paragraph without a formula above it: a name, then contact data."""
    start = len(rows)
    while start > 0 and not rows[start - 1].is_blank:
        start -= 1
    block = rows[start:]
    if start == 0 or not 2 <= len(block) <= BLOCK_ROWS_MAX or not all(_fits_block(row) for row in block):
        return None
    contacts = sum(map(_has_contact, block[1:]))
    if _names_author(block[0], author):
        return start if contacts or len(block) <= 5 else None
    wanted = 2 if author else 1
    return start if _looks_like_name(block[0]) and contacts >= min(wanted, len(block) - 1) else None


def _names_author(row: Row, author: str) -> bool:
    names = set(AUTHOR_WORD.findall(author.lower()))
    words = AUTHOR_WORD.findall(row.bare.lower())
    return bool(names & set(words)) and len(words) <= 5 and not row.bare.endswith(SENTENCE_END[1:])


def _looks_like_name(row: Row) -> bool:
    words = row.bare.replace(",", " ").split()
    return 2 <= len(words) <= 5 and all(word[:1].isupper() or word in PARTICLES for word in words)


def _dash_name(rows: list[Row]) -> int | None:
    """ "- Ann" or "/Ann" as the last row, below a blank one, where no list is."""
    if len(rows) < 2 or not DASH_NAME.match(rows[-1].bare) or not rows[-2].is_blank:
        return None
    above = next((row for row in reversed(rows[:-1]) if not row.is_blank), None)
    if above is None or above.bare[:1] in "-–*•" or not rows[-1].bare.lstrip("-–—~/ ")[:1].isupper():
        return None
    return len(rows) - 1


def _postscript(cut: Rows) -> list[Row]:
    """A postscript below a signature is still the person's own."""
    for at, row in enumerate(cut):
        if at and POSTSCRIPT.match(row.bare) and _follows_blank(cut, at):
            end = at
            while end < len(cut) and not cut[end].is_blank:
                end += 1
            return list(cut[at:end])
    return []
