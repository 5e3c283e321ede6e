"""Signatures, sign-offs, "Sent from my iPhone", disclaimers, list footers: what stands below a person's words.

Works on the rows of one stretch of a person's own text. Every rule asks for a place (near the end, after a blank
row) as well as for words, so that a sentence that merely holds such words stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import phrases
from bot.channels.email.rows import Row

WEAK_DELIMITERS = frozenset({"--", "—", "––", "——", "-- --", "__", "___", "-—", "– –", "- -"})
LONG_RULE = re.compile(r"[-_=*~#+—–─━ ]{4,}$")
DELIMITED_ROWS_MAX = 15
BLOCK_ROWS_MAX = 14
BLOCK_LETTERS_MAX = 100
FAREWELL_WORDS_MAX = 7
PHONE = re.compile(r"(?:\+|\b)\(?\d(?:[\s().\-/–]{0,3}\d){6,14}\b")
CONTACT_WORDS = re.compile(
    r"\b(?:tel|phone|mobile|cell|fax|office|direct|mob|ph|e-?mail|web|website|skype|tél|téléphone|telefon|handy|mobil|"
    r"telefax|telefono|teléfono|móvil|cellulare|telefone|puh|gsm|www|http|https)\b\.?:?|^[tmfeph]\s?[:.|]\s",
    re.IGNORECASE,
)
SENTENCE_END = (".", "?", "!", "。", "？", "！", ":", ";")
DASH_NAME = re.compile(r"[-–—~/]{1,2} ?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}$")
POSTSCRIPT = re.compile(r"p\.?\s?p?\.?\s?s\.?\s?[:.\-–) ]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?:\[cid:[^\]\s]{1,200}\]|\[image: [^\]]{0,200}\]|<image\d{1,4}\.\w{3,4}>|\[inline image[^\]]{0,100}\])+$")
AUTHOR_WORD = re.compile(r"[^\W\d_]{2,}")


def trim(rows: Sequence[Row], *, author: str = "") -> list[Row]:
    """The rows without what stands below the person's words; may be empty if nothing else was there.

    author: the sender's display name, if known; a last block that begins with it is a signature.
    """
    kept = _without_banner(_stripped(rows))
    for rule in (_delimiter, _footer, _sent_from, _disclaimer, _farewell, _name_block, _dash_name):
        at = rule(kept, author)
        if at is not None:
            kept = _stripped([*kept[:at], *_postscript(kept[at:])])
            kept = _without_rule_at_end(kept)
    return kept


def is_machine_made(rows: Sequence[Row]) -> bool:
    """Whether a program, and no person, added all of these rows: nothing is lost if they are all cut."""
    words = [row for row in rows if not row.is_blank]
    return bool(words) and (
        _is_delimiter(words[0], is_strong_only=False) or all(_is_sent_from(row) or _starts(row, phrases.FOOTERS) for row in words)
    )


def _stripped(rows: Sequence[Row]) -> list[Row]:
    start, end = 0, len(rows)
    while start < end and rows[start].is_blank:
        start += 1
    while end > start and (rows[end - 1].is_blank or PLACEHOLDER.match(rows[end - 1].bare)):
        end -= 1
    return list(rows[start:end])


def _without_rule_at_end(rows: list[Row]) -> list[Row]:
    """A line of dashes or underscores divides two things; with the lower one cut, it goes too."""
    while rows and LONG_RULE.match(rows[-1].bare):
        rows = _stripped(rows[:-1])
    return rows


def _starts(row: Row, table: tuple[str, ...]) -> bool:
    return row.bare.lower().lstrip("*_-–—=#> |[(").startswith(table)


def _words_after(rows: Sequence[Row], at: int) -> list[Row]:
    return [row for row in rows[at:] if not row.is_blank]


def _follows_blank(rows: Sequence[Row], at: int) -> bool:
    return at == 0 or rows[at - 1].is_blank or bool(LONG_RULE.match(rows[at - 1].bare))


def _is_delimiter(row: Row, *, is_strong_only: bool) -> bool:
    if row.depth:
        return False
    if row.mark == "" and row.bare == "--":
        return not is_strong_only
    return not is_strong_only and row.bare in WEAK_DELIMITERS


def _delimiter(rows: list[Row], author: str) -> int | None:
    """The "-- " of RFC 3676, also where its blank was lost, and its cousins if little follows."""
    for at, row in enumerate(rows):
        if not _is_delimiter(row, is_strong_only=False) or _is_patch(rows, at):
            continue
        if row.bare == "--" or len(_words_after(rows, at + 1)) <= DELIMITED_ROWS_MAX:
            return at
    return None


def _is_patch(rows: list[Row], at: int) -> bool:
    """In a diff, "-- " is a removed line that held a dash."""
    following = rows[at + 1 : at + 2]
    return bool(following) and following[0].text[:1] in ("+", "@") and at > 0 and rows[at - 1].text[:1] in ("+", "-", " ")


def _footer(rows: list[Row], author: str) -> int | None:
    """A footer of a list, a scanner or a service, with the rule above it."""
    for at, row in enumerate(rows):
        if at and _starts(row, phrases.FOOTERS) and (_follows_blank(rows, at) or _is_list_footer(rows, at)):
            return _with_rule_above(rows, at)
        if at and LONG_RULE.match(row.bare) and _is_list_footer(rows, at + 1):
            return at
        if any(phrase in row.bare.lower() for phrase in phrases.REPLY_ABOVE):
            return at
    return None


def _is_list_footer(rows: list[Row], at: int) -> bool:
    """"foo mailing list", an address or a link to the list's page, "To unsubscribe": within four rows."""
    looks = " ".join(row.bare for row in rows[at : at + 4]).lower()
    if "mailing list" in looks and ("@" in looks or "http" in looks):
        return True
    return "unsubscribe" in looks and ("http" in looks or "@" in looks) and len(_words_after(rows, at)) <= DELIMITED_ROWS_MAX


def _with_rule_above(rows: list[Row], at: int) -> int:
    while at > 0 and (rows[at - 1].is_blank or LONG_RULE.match(rows[at - 1].bare)):
        at -= 1
    return at


def _is_sent_from(row: Row) -> bool:
    """"Sent from my iPhone", "Get Outlook for iOS", in many languages: a short row that names a device or program."""
    bare = row.bare.lower().strip("*_-–— []()<>")
    if len(bare) > 160 or row.depth:
        return False
    named = any(device in bare for device in phrases.SENT_FROM_DEVICES)
    if bare.startswith(phrases.SENT_FROM):
        return named or len(bare.split()) <= 6
    return named and len(bare) <= 60 and bare.endswith(phrases.SENT_FROM_ENDINGS)


def _sent_from(rows: list[Row], author: str) -> int | None:
    for at, row in enumerate(rows):
        if _is_sent_from(row) and (at == 0 or _follows_blank(rows, at) or len(_words_after(rows, at)) <= 3):
            return at
    return None


def _disclaimer(rows: list[Row], author: str) -> int | None:
    """A paragraph of a company's server at the end; the first paragraph of a mail is never one."""
    for at, row in enumerate(rows):
        if at == 0 or not _follows_blank(rows, at) or row.is_blank:
            continue
        if _is_disclaimer(rows, at):
            return _with_rule_above(rows, at)
    return None


def _is_disclaimer(rows: list[Row], at: int) -> bool:
    lower = rows[at].bare.lower().lstrip("*_-–—=#> |[(")
    paragraph = []
    for row in rows[at : at + 12]:
        if row.is_blank:
            break
        paragraph.append(row.bare)
    whole = " ".join(paragraph).lower()
    if lower.startswith(phrases.DISCLAIMER_HEADINGS):
        return len(whole) <= 40 or any(word in whole for word in phrases.DISCLAIMER_WORDS)
    if not lower.startswith(phrases.DISCLAIMERS) or len(whole) < 60:
        return False
    return sum(word in whole for word in phrases.DISCLAIMER_WORDS) >= (1 if len(whole) > 150 else 2)


def _without_banner(rows: list[Row]) -> list[Row]:
    """The warning that a company's server puts on top of mail from outside, if text follows it."""
    for at, row in enumerate(rows[:4]):
        if not row.is_blank and _starts(row, phrases.BANNERS):
            end = at
            while end < len(rows) and not rows[end].is_blank:
                end += 1
            rest = _stripped(rows[end:])
            while rest and LONG_RULE.match(rest[0].bare):
                rest = _stripped(rest[1:])
            return _stripped([*rows[:at], *rest]) if rest else rows
    return rows


def _closing(row: Row, table: tuple[str, ...]) -> bool:
    """Whether a row is one of the words that close a letter, alone or with a name behind a comma."""
    bare = row.bare.lower().strip(" *_~-–—")
    if len(bare) > 70:
        return False
    for part in (bare, bare.partition("/")[0], bare.partition(",")[0], bare.partition(" - ")[0]):
        if part.strip(" .,!;:…-–—~*)(☺🙂") in table:
            return len(bare.split()) <= FAREWELL_WORDS_MAX
    return False


def _farewell(rows: list[Row], author: str) -> int | None:
    """The last closing formula below which only a name block stands; thanks count if a whole block follows."""
    words_below = 0
    found = None
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row.is_blank:
            continue
        if _closing(row, phrases.CLOSINGS):
            found = at
        elif _closing(row, phrases.THANKS):
            if found is not None and found - at <= 2:
                found = at
            elif words_below >= 2 and _has_contact(rows[at:]):
                found = at
        elif POSTSCRIPT.match(row.bare):
            pass
        elif found is not None or not _fits_block(row):
            break
        words_below += 1
        if words_below > BLOCK_ROWS_MAX:
            break
    return found


def _fits_block(row: Row) -> bool:
    """A row of a name block is short and is no sentence."""
    bare = row.bare
    if len(bare) > BLOCK_LETTERS_MAX:
        return bool(CONTACT_WORDS.search(bare) or "|" in bare)
    return not (bare.endswith(SENTENCE_END) and len(bare.split()) > 6 and not CONTACT_WORDS.search(bare))


def _has_contact(rows: Sequence[Row]) -> bool:
    return any(PHONE.search(row.bare) or CONTACT_WORDS.search(row.bare) or "@" in row.bare or "|" in row.bare for row in rows)


def _name_block(rows: list[Row], author: str) -> int | None:
    """A last paragraph without a formula above it: a name, then at least one row of contact data."""
    start = len(rows)
    while start > 0 and not rows[start - 1].is_blank:
        start -= 1
    block = rows[start:]
    if start == 0 or not 2 <= len(block) <= BLOCK_ROWS_MAX or not all(_fits_block(row) for row in block):
        return None
    is_author = _names_author(block[0], author)
    if not (is_author or _looks_like_name(block[0])):
        return None
    return start if _has_contact(block[1:]) or (is_author and len(block) >= 2) else None


def _names_author(row: Row, author: str) -> bool:
    names = set(AUTHOR_WORD.findall(author.lower()))
    words = set(AUTHOR_WORD.findall(row.bare.lower()))
    return bool(names & words) and len(row.bare.split()) <= 5 and not row.bare.endswith(("?", "!"))


def _looks_like_name(row: Row) -> bool:
    words = row.bare.replace(",", " ").split()
    return 2 <= len(words) <= 5 and all(word[:1].isupper() or word in ("de", "van", "von", "der", "den", "bin", "da") for word in words)


def _dash_name(rows: list[Row], author: str) -> int | None:
    """"- Ann" or "/Ann" as the last row, below a blank one, where no list is."""
    if len(rows) < 2 or not DASH_NAME.match(rows[-1].bare) or not rows[-2].is_blank:
        return None
    above = next((row for row in reversed(rows[:-1]) if not row.is_blank), None)
    if above is None or above.bare[:1] in "-–*•" or not rows[-1].bare.lstrip("-–—~/ ")[:1].isupper():
        return None
    return len(rows) - 1


def _postscript(cut: list[Row]) -> list[Row]:
    """A postscript below a signature is still the person's own."""
    for at, row in enumerate(cut):
        if at and POSTSCRIPT.match(row.bare) and _follows_blank(cut, at):
            end = at
            while end < len(cut) and not cut[end].is_blank:
                end += 1
            return [Row("", 0, ""), *cut[at:end]]
    return []
