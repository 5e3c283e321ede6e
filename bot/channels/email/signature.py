"""The sign-off and the name block below a person's words, and everything else that stands there (see `footers`).

Works on the rows of one stretch of a person's own text. A formula that closes a letter is cut with what follows it;
a block without a formula only if it begins with a name and holds contact data. Bare thanks stay: they are meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import farewells, footers
from bot.channels.email.rows import Row, follows_blank, stripped

TAIL_ROWS_MAX = 200
BLOCK_ROWS_MAX = 14
BLOCK_LETTERS_MAX = 100
FORMULA_LETTERS_MAX = 200
BARS = re.compile(r" (?:\||//|·|•|–|—|/) ")
PHONE = re.compile(r"(?:\+|\b)\(?\d(?:[\s().\-/–]{0,3}\d){6,14}\b")
CONTACT = re.compile(
    r"(?:\b(?:tel|phone|mobile|cell|fax|office|direct|mob|ph|e-?mail|web|website|skype|tél|téléphone|telefon|handy|mobil"
    r"|telefax|telefono|teléfono|móvil|cellulare|telefone|puh|gsm)\b\.? ?[:：.|+(\d])|https?://|\bwww\."
    r"|^[tmfeph]\s?[:.|]\s|^(?:電話|携帯|電子郵件|电话|手机|邮箱|传真|전화|휴대폰|팩스) ?[:：]",
    re.IGNORECASE,
)
SENTENCE_END = (".", "?", "!", "。", "？", "！", ":", ";")
DASH_NAME = re.compile(r"[-–—~/]{1,2} ?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}$")
POSTSCRIPT = re.compile(r"p\.?\s?p?\.?\s?s\.?\s?[:.\-–) ]", re.IGNORECASE)
AUTHOR_WORD = re.compile(r"[^\W\d_]{2,}")
CONJUNCTION = re.compile(r" (?:and|und|&|\+|y|et|e|en|og|och|ja|i|a|и) ")
# "Viele Grüße aus Berlin".
FROM_PLACE = re.compile(r" (?:aus|vom|from|de|from the|dal|uit|från|fra|z|из) (?:\w+ ?){1,3}$")
PARTICLES = frozenset({"de", "van", "von", "der", "den", "bin", "da", "del", "di", "la", "le", "zu", "y", "e"})


def trim(rows: Sequence[Row], *, author: str = "", is_later: bool = False) -> list[Row]:
    """The rows without what stands below the person's words; may be empty if nothing else was there.

    author: the sender's display name, if known; a last block that begins with it is a signature.
    is_later: the stretch is not the mail's first, and may be a footer as a whole.
    """
    kept = footers.without_banner(stripped(rows))
    # What stands below a text stands near its end; so the time for it does not grow with the text.
    above, kept = kept[:-TAIL_ROWS_MAX], kept[-TAIL_ROWS_MAX:]
    for rule in (footers.delimiter, footers.footer, footers.sent_from, footers.disclaimer):
        found = rule(kept, 0 if above or is_later else 1)
        if found is None or (rule is footers.disclaimer and not above and _only_greets(kept[: found[0]])):
            continue
        kept = _without(kept, *found)
    for at in (
        _farewell(kept, author),
        _boxed(kept),
        _name_block(kept, author),
        _author_line(kept, author),
        _dash_name(kept, author),
    ):
        if at is not None:
            kept = _without(kept, at, len(kept))
            break
    return [*above, *kept] if above else kept


def _without(rows: list[Row], start: int, end: int) -> list[Row]:
    """The rows without a span, and without the rule that divided it from what is above; a postscript in it stays."""
    kept = stripped(rows[:start])
    while kept and kept[-1].is_rule:
        kept = stripped(kept[:-1])
    rest = [*_postscript(rows[start:end]), *rows[end:]]
    return stripped([*kept, Row("", 0, ""), *rest]) if rest else kept


def _only_greets(rows: Sequence[Row]) -> bool:
    """ "Hi," alone: what follows is the letter, even if it speaks like a disclaimer."""
    words = [row for row in rows if not row.is_blank]
    return bool(words) and all(row.bare.endswith(",") for row in words)


def _is_closing(row: Row, table: frozenset[str], author: str) -> bool:
    """Whether a row is a formula that closes a letter: alone, two in one, or with a name behind a comma."""
    if len(row.bare) > 75:
        is_formula = table is farewells.CLOSINGS and len(row.bare) <= FORMULA_LETTERS_MAX
        return is_formula and row.bare.lower().replace("’", "'").startswith(farewells.FORMULAS)
    bare = row.bare.strip(" *_~-–—")
    if not bare:
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
    if (
        lower.count(" ") <= 6
        and (place := FROM_PLACE.search(lower)) is not None
        and _bare_words(lower[: place.start()]) in table
    ):
        return True
    parts = CONJUNCTION.split(lower)
    if len(parts) == 2 and table is farewells.CLOSINGS and all(map(_closes, parts)):
        return True
    head, _, last = lower.rpartition(" ")
    return bool(author) and _bare_words(head) in table and last.strip(".") in author.lower().split()


def _closes(part: str) -> bool:
    words = _bare_words(part)
    return words in farewells.CLOSINGS or words in farewells.THANKS


def _bare_words(text: str) -> str:
    return text.strip(" .,!;:…-–—~*)(☺🙂。！")


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
    block = [row for row in rows[start:] if not row.is_rule]
    if start and len(block) == 1 and _names_author_and_more(block[0], author):
        return start
    if start == 0 or not 2 <= len(block) <= BLOCK_ROWS_MAX or not all(_fits_block(row) for row in block):
        return None
    contacts = sum(map(_has_contact, block[1:]))
    if _names_author(block[0], author):
        return start if contacts or len(block) <= 5 else None
    above = next((row for row in reversed(rows[:start]) if not row.is_blank), None)
    if above is not None and above.bare.endswith((":", "：")):
        return None  # somebody else, whom the person speaks of
    wanted = 2 if author else 1
    return start if _looks_like_name(block[0]) and contacts >= min(wanted, len(block) - 1) else None


def _boxed(rows: list[Row]) -> int | None:
    """A last block with contacts under a rule, closed by another rule or alone, as it is written in Japan."""
    start = next((at for at in range(len(rows) - 2, -1, -1) if rows[at].is_rule), None)
    if start is None or start == 0 or len(rows) - start > BLOCK_ROWS_MAX:
        return None
    block = [row for row in rows[start + 1 :] if not (row.is_blank or row.is_rule)]
    is_closed = rows[-1].is_rule
    if len(block) < 2 or not all(map(_fits_block, block)):
        return None
    # A frame around a piece of a log holds links, too.
    is_reached = any("@" in row.bare or PHONE.search(row.bare) for row in block)
    return start if is_reached and sum(map(_has_contact, block)) >= (1 if is_closed else 2) else None


def _names_author(row: Row, author: str) -> bool:
    names = set(AUTHOR_WORD.findall(author.lower()))
    words = AUTHOR_WORD.findall(row.bare.lower())
    return bool(names & set(words)) and len(words) <= 5 and not row.bare.endswith(SENTENCE_END[1:])


def _names_author_and_more(row: Row, author: str) -> bool:
    """ "Ann Client | CEO | Client Ltd | +44 20 7946 0000": all of it in one row."""
    name, *rest = BARS.split(row.bare)
    return len(rest) >= 2 and _is_author(name, author)


def _is_author(text: str, author: str) -> bool:
    names = AUTHOR_WORD.findall(text.lower())
    return len(names) >= 2 and set(names) <= set(AUTHOR_WORD.findall(author.lower()))


def _author_line(rows: list[Row], author: str) -> int | None:
    """The author's full name alone on a row; below it, over several paragraphs, only a block with contacts."""
    if not author:
        return None
    below: list[Row] = []
    for at in range(len(rows) - 1, 0, -1):
        row = rows[at]
        if row.is_blank or row.is_rule:
            continue
        if _is_author(row.bare, author) and follows_blank(rows, at) and len(row.bare.split()) <= 4:
            return at if any(map(_has_contact, below)) else None
        if not _fits_block(row) or len(below) >= BLOCK_ROWS_MAX:
            return None
        below.append(row)
    return None


def _looks_like_name(row: Row) -> bool:
    words = row.bare.replace(",", " ").split()
    return (
        ":" not in row.bare and 2 <= len(words) <= 5 and all(word[:1].isupper() or word in PARTICLES for word in words)
    )


def _dash_name(rows: list[Row], author: str) -> int | None:
    """ "- Ann" or "/Ann" as the last row, below a blank one; below a list only the author's."""
    if len(rows) < 2 or not DASH_NAME.match(rows[-1].bare):
        return None
    if not (rows[-2].is_blank or rows[-1].bare[0] == "/"):
        return None
    above = next((row for row in reversed(rows[:-1]) if not row.is_blank), None)
    is_author = rows[-1].bare.lstrip("-–—~/ ").lower() in author.lower().split()
    if (
        above is None
        or (above.bare[:1] in "-–*•" and not is_author)
        or not rows[-1].bare.lstrip("-–—~/ ")[:1].isupper()
    ):
        return None
    return len(rows) - 1


def _postscript(cut: Sequence[Row]) -> list[Row]:
    """A postscript below a signature is still the person's own."""
    for at, row in enumerate(cut):
        if at and POSTSCRIPT.match(row.bare) and follows_blank(cut, at):
            end = at
            while end < len(cut) and not cut[end].is_blank:
                end += 1
            return list(cut[at:end])
    return []
