"""A last block without a closing formula above it: a name with contact data, or whatever stands for one.

Works on the rows of one stretch of a person's own text. Evidence is wanted: the author's own name, or contact data
below something that looks like a name and is spoken of nowhere above.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, normalize

from bot.channels.email.rows import Row, follows_blank
from bot.channels.email.wordlist import words

BLOCK_ROWS_MAX = 14
BLOCK_LETTERS_MAX = 100
SHORT_BLOCK_ROWS_MAX = 6
BARS = re.compile(r" (?:\||//|·|•|–|—|/) ")
PHONE = re.compile(r"(?:\+|\b)\(?\d(?:[\s().\-/–]{0,3}\d){6,14}\b")
CONTACT = re.compile(
    r"(?:\b(?:tel|phone|mobile|cell|fax|office|direct|mob|ph|e-?mail|web|website|skype|tél|téléphone|telefon|handy|mobil"
    r"|telefax|telefono|teléfono|móvil|cellulare|telefone|puh|gsm)\b\.? ?(?:[:：|+(\d]|\.(?=.)))|https?://|\bwww\."
    r"|^[tmfeph]\s?[:.|]\s|^(?:電話|携帯|電子郵件|电话|手机|邮箱|传真|전화|휴대폰|팩스) ?[:：]",
    re.IGNORECASE,
)
COLUMNS = re.compile(r"\S(?: {2,}|\t|\s?\|\s?)\S")
# "Please call my colleague", right above somebody's name and number.
POINTING = re.compile(
    r"\b(?:call|contact|reach|phone|ring|ask|speak (?:to|with)|get in touch with)\b(?! (?:me|us)\b)"
    r"|\bcolleague|\bsuccessor|\bkolleg|\bansprechpartner|\bnachfolger|\bcollègue|\bcompañer[oa]\b|\bcollega\b",
    re.IGNORECASE,
)
SENTENCE_END = (".", "?", "!", "。", "？", "！", ":", ";")
DASH_NAME = re.compile(r"[-–—~/]{1,2} ?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}$")
DAY = re.compile(r"\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)")
DAY_LETTERS_MAX = 12
LONE_NAME_LETTERS_MAX = 40
INITIALS_MAX = 4
TITLES = frozenset(words("dr|prof|mr|mrs|ms|ing|dipl|mag|herr|frau|phd|msc|bsc|mba|dott|ssa|sig|mgr|inż|lic"))
JOINTS = dict.fromkeys(map(ord, "-'’"))
CLOSED = (".", "!", "?", "…", "。", "！", "？", ")")
AUTHOR_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that end no sentence.
UNFINISHED = frozenset(
    words("""
    to|for|is|are|was|of|from|at|by|with|the|in|on|and|or|as|an|für|von|vom|mit|bei|ist|sind|und|oder|lautet|
    lauten|nach|zu|zum|zur|der|die|das|à|de|du|pour|chez|est|sont|avec|sur|le|la|y|en|con|por|es|son|per|di|da|
    below|follows|following|like|namely|folgt|folgende|folgenden|unten|ci-dessous|suivant|suivante|abajo|siguiente|
    sotto|seguente|hieronder|nedan|nedenfor|poniżej|níže|è|e|il|om|voor|van|met|naar|na|av|på|til|för|från|med|do|za|u
""")
)
POINTING_DOWN = frozenset(words("below|unten|ci-dessous|abajo|sotto|hieronder|nedan|nedenfor|poniżej|níže|ниже"))
PARTICLES = frozenset({"de", "van", "von", "der", "den", "bin", "da", "del", "di", "la", "le", "zu", "y", "e"})


def is_name(text: str, author: str) -> bool:
    """A name of up to four words, or the author's."""
    words = text.strip(" .,!-–—*").split()
    if not words:
        return True
    return len(words) <= 4 and all(word[:1].isupper() or word in PARTICLES for word in words)


def fits_block(row: Row) -> bool:
    """A row of a name block is short and is no sentence."""
    bare = row.bare
    if len(bare) > BLOCK_LETTERS_MAX:
        return has_contact(row)
    return not (bare.endswith(SENTENCE_END) and len(bare.split()) > 6 and not has_contact(row))


def has_contact(row: Row) -> bool:
    return "@" in row.bare or " | " in row.bare or bool(PHONE.search(row.bare) or CONTACT.search(row.bare))


def name_block(rows: list[Row], author: str, *, is_whole: bool = False) -> int | None:
    """A last paragraph without a formula above it: a name, then contact data. is_whole: it may be all there is."""
    start = len(rows)
    while start > 0 and not rows[start - 1].is_blank:
        start -= 1
    block = [row for row in rows[start:] if not row.is_rule]
    if start and len(block) == 1 and _names_author_and_more(block[0], author):
        return start
    if (
        (start == 0 and not is_whole)
        or not 2 <= len(block) <= BLOCK_ROWS_MAX
        or not all(fits_block(row) for row in block)
    ):
        return None
    contacts = sum(map(has_contact, block[1:]))
    if _names_author(block[0], author):
        if start == 0:
            return 0 if contacts else None
        if _above(rows, start).bare.endswith((":", "：")) and not _is_author(block[0].bare, author):
            return None  # "Our new address is:", and a company with the person's name
        return start if (contacts or len(block) <= 5) and not _is_unfinished(_above(rows, start)) else None
    wanted = 2 if author else 1
    if start == 0 or not _looks_like_name(block[0]) or contacts < min(wanted, len(block) - 1):
        return None
    return None if _is_spoken_of(rows, start, author) else start


def _is_spoken_of(rows: list[Row], start: int, author: str) -> bool:
    """Whether a block is about somebody else: announced, named in the text, or one of several such blocks."""
    above = _above(rows, start)
    last = above.bare.rstrip(".").rpartition(" ")[2].lower()
    is_led_to = above.bare.endswith((":", "：")) or last in POINTING_DOWN or _is_unfinished(above)
    if is_led_to or POINTING.search(above.bare):
        return True
    if not author:
        return False
    names = {word for word in AUTHOR_WORD.findall(rows[start].bare) if word[0].isupper()}
    spoken = (AUTHOR_WORD.findall(row.bare) for row in rows[:start])
    return has_contact(above) or any(not names.isdisjoint(words) for words in spoken)


def _above(rows: list[Row], at: int) -> Row:
    """The nearest row with words above a row; that row itself where there is none."""
    return next((row for row in reversed(rows[:at]) if not row.is_blank), rows[at])


def _is_unfinished(row: Row) -> bool:
    """ "Please ship it to": what is below belongs to the sentence."""
    return row.bare.rpartition(" ")[2].lower() in UNFINISHED


def boxed(rows: list[Row]) -> int | None:
    """A last block with contacts under a rule, closed by another rule or alone, as it is written in Japan."""
    start = next((at for at in range(len(rows) - 2, -1, -1) if rows[at].is_rule), None)
    if start is None or start == 0 or len(rows) - start > BLOCK_ROWS_MAX:
        return None
    if rows[start - 1].bare.endswith((":", "：")):
        return None  # a heading, underlined
    if COLUMNS.search(rows[start - 1].text.strip()):
        return None  # the head of a table
    block = [row for row in rows[start + 1 :] if not (row.is_blank or row.is_rule)]
    is_closed = rows[-1].is_rule
    if len(block) < 2 or not all(map(fits_block, block)):
        return None
    # A frame around a piece of a log holds links, too.
    is_reached = any("@" in row.bare or PHONE.search(row.bare) for row in block)
    return start if is_reached and sum(map(has_contact, block)) >= (1 if is_closed else 2) else None


def ruled_name(rows: list[Row], author: str) -> int | None:
    """A rule with the author's full name right below it and little below that: Roundcube's "---" and the like."""
    if not author:
        return None
    for at in range(len(rows) - 2, max(len(rows) - BLOCK_ROWS_MAX, 0), -1):
        if rows[at].is_rule and follows_blank(rows, at) and _is_author(rows[at + 1].bare, author):
            return at if all(map(fits_block, rows[at + 1 :])) else None
    return None


def dated_name(rows: list[Row], author: str) -> int | None:
    """A date alone on a row and the author's name below it, at the end, as letters close in China."""
    if not author or len(rows) < SHORT_BLOCK_ROWS_MAX // 2 or len(rows[-1].bare) > BLOCK_LETTERS_MAX:
        return None
    nearest = range(len(rows) - 2, max(len(rows) - SHORT_BLOCK_ROWS_MAX, 0), -1)
    at = next((at for at in nearest if not rows[at].is_blank), 0)
    day, name = rows[at].bare, rows[-1].bare
    if not at or not day[:1].isdigit() or len(day) > DAY_LETTERS_MAX or DAY.fullmatch(day) is None:
        return None
    return at if _is_author(name, author) or name.lower() == author.lower() else None


def lone_name(rows: list[Row], author: str) -> int | None:
    """The author's first name, whole name or initials alone on the last row, below a sentence."""
    if not author or len(rows) < 2 or len(rows[-1].bare) > LONE_NAME_LETTERS_MAX or not _signs(rows[-1].bare, author):
        return None
    above = _above(rows, len(rows) - 1)
    if above.is_rule and above is rows[-2]:
        return len(rows) - 1 if len(rows) > 2 and follows_blank(rows, len(rows) - 2) else None
    if above.bare.endswith((":", "：", ",")) or _is_unfinished(above):
        return None
    is_sentence = above.bare.endswith(CLOSED) and " " in above.bare
    if follows_blank(rows, len(rows) - 1):
        # A heading is written with a capital, and stands over a first name sooner than over a whole one.
        is_whole = _is_author(rows[-1].bare, author) and (" " in above.bare or above.bare[:1].islower())
        is_sentence = is_sentence or is_whole or above.bare.count(" ") >= 3 or above.bare.endswith(CLOSED)
    return len(rows) - 1 if is_sentence else None


def _signs(text: str, author: str) -> bool:
    """Whether a row is nothing but names of the author: whole, short ("Max" of Maximilian), or their first letters."""
    bare = text.strip(" .,!*")
    # Nearly every row: no name in it begins like one of the author's.
    if len(bare) > 2 * INITIALS_MAX and author.isascii() and bare.rpartition(" ")[2][:3].lower() not in author.lower():
        return False
    names = _author_names(author)
    if len(bare) == 1 and bare.isupper():
        return bool(names) and names[0][0] == bare.lower()
    letters = bare.replace(".", "")
    if bare.isupper() and letters.isalpha() and 2 <= len(letters) <= INITIALS_MAX:
        parts = (names, author.lower().replace("'", " ").replace("-", " ").split())
        if any(sorted(letters.lower()) == sorted(name[0] for name in part) for part in parts):
            return True
    signed = bare.replace(".", " ").split()
    if not 1 <= len(signed) <= 4 or not all(map(str.isalpha, (word.translate(JOINTS) for word in signed))):
        return False
    words = [word for word in _words(bare) if word not in TITLES]
    return bool(words) and all(
        any(word == name or (len(word) >= 3 and name.startswith(word)) for name in names) for word in words
    )


def _names_author(row: Row, author: str) -> bool:
    if "@" in row.bare or ":" in row.bare or CONTACT.search(row.bare):
        return False
    words = _words(row.bare)
    return not _author_words(author).isdisjoint(words) and len(words) <= 5 and not row.bare.endswith(SENTENCE_END[1:])


def _names_author_and_more(row: Row, author: str) -> bool:
    """ "Ann Client | CEO | Client Ltd | +44 20 7946 0000": all of it in one row."""
    name, *rest = BARS.split(row.bare)
    if rest and _is_author(name, author):
        return True
    if len(rest) < 2:
        return False
    # Where nobody is named as author, the one who can be reached in two ways.
    return (
        not author and _looks_like_name(Row(name, 0, name)) and sum(has_contact(Row(way, 0, way)) for way in rest) >= 2
    )


def _is_author(text: str, author: str) -> bool:
    names = _words(text)
    return len(names) >= 2 and _author_words(author).issuperset(names)


@lru_cache(maxsize=256)
def _author_words(author: str) -> frozenset[str]:
    return frozenset(_words(author))


@lru_cache(maxsize=256)
def _author_names(author: str) -> tuple[str, ...]:
    return tuple(_words(author))


def _words(text: str) -> list[str]:
    """The words of a name in lower case and without accents, which a header often lacks."""
    lower = text.lower()
    if not lower.isascii():
        lower = "".join(letter for letter in normalize("NFKD", lower) if not combining(letter))
    return AUTHOR_WORD.findall(lower)


def author_line(rows: list[Row], author: str, *, is_whole: bool = False) -> int | None:
    """The author's full name alone on a row; below it, over several paragraphs, only a block with contacts, or few
    rows with nothing of a sentence in them."""
    if not author:
        return None
    below: list[Row] = []
    for at in range(len(rows) - 1, -1 if is_whole else 0, -1):
        row = rows[at]
        if row.is_blank or row.is_rule:
            continue
        is_short = len(below) <= SHORT_BLOCK_ROWS_MAX
        if is_short and row.bare.endswith(">") and _is_author(row.bare.partition(" <")[0], author):
            return at if follows_blank(rows, at) else None
        if row.bare.count(" ") < 4 and _is_author(row.bare, author):
            is_contact = any(map(has_contact, below))
            if not follows_blank(rows, at):
                return at if is_contact and rows[at - 1].bare.endswith((".", "!", "?")) else None
            is_label = 1 <= len(below) <= SHORT_BLOCK_ROWS_MAX and not any(line.bare[:1].islower() for line in below)
            if len(below) == 1:
                # One row alone says little: it must tell where or of whom, and nothing may lead to the name.
                is_label = "," in below[0].bare and not _above(rows, at).bare.endswith((":", "："))
            return at if is_contact or (is_label and not _is_unfinished(_above(rows, at))) else None
        if not fits_block(row) or len(below) >= BLOCK_ROWS_MAX:
            return None
        below.append(row)
    return None


def _looks_like_name(row: Row) -> bool:
    words = row.bare.replace(",", " ").split()
    return (
        ":" not in row.bare and 2 <= len(words) <= 5 and all(word[:1].isupper() or word in PARTICLES for word in words)
    )


def dash_name(rows: list[Row], author: str) -> int | None:
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
