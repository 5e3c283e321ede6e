"""Who wrote what follows: "On … wrote:" in many languages and styles, over one to four rows.

Each function looks at a bounded number of rows from a given one and says how many of them belong to the finding, so
the reader above stays linear. Evidence is wanted (a date, an address, several labels): a person's own sentence with
"wrote" in it is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.email import phrases
from bot.channels.email.rows import Row
from bot.channels.email.wordlist import words

WRAP_ROWS_MAX = 5
LETTERS_MAX = 600
VERB_LETTERS_MAX = 20
# Each way of writing one begins with its first digit, so that letters are passed over at once: 3/2/2024, 2024, 10:30,
# 2024年, 3月, ٢٠٢٤/. No number gives its digits back: what follows a part of it is another digit.
DATE = re.compile(
    r"\d(?:\d{0,3}+\s?+[./-]\s?+\d{1,2}+\s?+[./-]\s?+\d{2}"
    r"|(?:(?<=\b1)9|(?<=\b2)0)\d\d\b"
    r"|(?<=\b\d)\d?+[:.h]\d{2}\b"
    r"|\d{3}\s?+[年년]|\d?+\s?+[月월]|(?<=[٠-٩۰-۹])[٠-٩۰-۹]{0,3}+[/٫:.-])"
)
DATE_LETTERS_MAX = 20
# A row ends with one of these behind a word, and not an abbreviation, of five letters at least.
SENTENCE_ENDS = frozenset(".!?。！？")
ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
OPENER = re.compile("|".join(sorted((re.escape(word) for word in phrases.OPENERS), key=len, reverse=True)))
VERB = re.compile("|".join(sorted((re.escape(verb) for verb in phrases.VERBS), key=len, reverse=True)))
ENDS = ":：*_ \u00bb\"'”“…."
# Yahoo's apps put the older text behind the colon: "On …, Ann <ann@x> wrote:   Is it on?"
RUN_ON_START = ("on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "w dniu ")
RUN_ON_LETTERS_MAX = 250
RUN_ON_END = re.compile(
    r"<[^\s<>@]{1,64}@[^\s<>@]{1,255}> ?(?:"
    + "|".join(sorted((re.escape(verb) for verb in phrases.VERBS if verb.isalpha()), key=len, reverse=True))
    + r"|a écrit|ha scritto) ?: \S"
)
# "2025-03-03 10:00:00", "Mar 3 10:00:00", "[03/Mar/2025:10:00:00".
DIGIT = re.compile(r"\d")
LOG_START_LETTERS, LOG_DIGITS_MIN = 15, 6
DASHES = "-=_—–‐‑‒―~*#>< ·•─━"
# GroupWise: ">>> Ann <ann@x> 01/01/24 10:00 >>>"; supercite: ">>>>> "HD" == Help Desk writes:".
GROUPWISE = re.compile(r">>> ?[^>].{0,300}\d.{0,40}>>>$")
SUPERCITE = re.compile(r">{3,6} (?:.{0,200} == .{0,300}|On .{0,300} (?:said|wrote|writes)):$")
# Neither a piece of an address on the net nor of a longer number.
FULL_DATE = re.compile(r"(?<![\d.])\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?![\d.])")
TAIL_WORDS = frozenset(
    words("the|following|in|to|back|on|at|via|von|van|de|der|het|volgende|folgendes|ce|qui|suit|lo|que|segue|du")
)
NAME_PARTICLES = frozenset(words("de|van|von|der|den|via|has|hat|la|del|di|bin|al"))
ARTICLES = frozenset(
    words(
        "the|this|that|it|a|an|my|our|your|der|die|das|le|la|les|un|une|el|los|il|lo|de|het|he|she|we|they|er|sie|wir|il|elle|nous|who|what"
    )
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What begins at a row.

    kind: attribution, header (labels), original (a line that says so), forward. rows: how many it takes.
    """

    kind: str
    rows: int


def find_marked(rows: Sequence[Row], at: int) -> Finding | None:
    """An attribution that itself bears quote marks, as GroupWise and supercite write it."""
    text = rows[at].text.strip()[:600]
    return Finding("attribution", 1) if GROUPWISE.match(text) or SUPERCITE.match(text) else None


def attribution(rows: Sequence[Row], at: int) -> Finding | None:
    """ "On … wrote:" over one to four rows; the shortest run that is complete, and none that hides a later start."""
    if _runs_on(rows[at].bare):
        return Finding("attribution", 1)
    if not any(row.ends for row in rows[at : at + WRAP_ROWS_MAX]) or not _can_begin(rows[at].bare):
        return Finding("attribution", 1) if _is_quoting(rows, at) else None
    joined, is_dated = "", False
    for count in range(1, WRAP_ROWS_MAX + 1):
        place = at + count - 1
        # Polymail leaves a blank row before an address on rows of its own; others do so before the verb.
        if place + 1 < len(rows) and rows[place].is_blank and _goes_on(rows[place + 1]):
            continue
        if place >= len(rows) or rows[place].is_blank:
            return None
        row = rows[place]
        if count > 1:
            # Only the verb may have slipped behind a quote mark; and a fresh start belongs to itself.
            if row.depth > rows[at].depth and len(row.bare) > 40:
                return None
            above = rows[place - 1].bare
            if above[-1:] in SENTENCE_ENDS and above[-6:-1].isalpha():
                return None
            if row.begins is None:
                row.begins = _begins_strictly(row)
            if row.begins:
                return None
        seam = len(joined)
        joined = f"{joined} {row.bare}" if joined else row.bare
        if len(joined) > LETTERS_MAX:
            return None
        is_dated = is_dated or _is_dated(row) or (seam > 0 and _is_dated_at(joined, seam))
        is_quote_next = _is_quote_next(rows, place + 1, rows[at].depth)
        if says_who(joined, is_quote_next=is_quote_next, has_date=is_dated):
            # A row that says when, who and "wrote" needs none of those above it.
            is_whole = count > 1 and "@" in row.bare and _is_dated(row)
            if is_whole and says_who(row.bare, is_quote_next=is_quote_next):
                return None
            if _is_logged(rows, at):
                return None
            return Finding("attribution", count)
    return None


def _is_logged(rows: Sequence[Row], at: int) -> bool:
    """Whether a row is one of a log: that right above or below it begins with a time of the same form."""
    start = DIGIT.sub("0", rows[at].bare[:LOG_START_LETTERS])
    if start.count("0") < LOG_DIGITS_MIN:
        return False
    above = next((row for row in reversed(rows[max(at - 2, 0) : at]) if not row.is_blank), None)
    below = next((row for row in rows[at + 1 : at + 3] if not row.is_blank), None)
    beside = [row for row in (above, below) if row is not None and row.depth == rows[at].depth]
    return any(DIGIT.sub("0", row.bare[:LOG_START_LETTERS]) == start for row in beside)


def _goes_on(row: Row) -> bool:
    return row.text.startswith("<") or (0 < len(row.bare) <= VERB_LETTERS_MAX and row.ends and not row.depth)


def _is_quoting(rows: Sequence[Row], at: int) -> bool:
    """ "Quoting Ann Client (2025-03-03 10:00)" or "In your message of …", right above a quote and without a colon."""
    is_known = phrases.QUOTING.match(rows[at].bare.lower())
    return is_known and _is_dated(rows[at]) and _is_quote_next(rows, at + 1, rows[at].depth)


def _is_dated(row: Row) -> bool:
    """Whether a date stands in the row; looked for once, for a row may be the part of several runs."""
    if row.dated is None:
        row.dated = DATE.search(row.bare.lower()) is not None
    return row.dated


def _is_dated_at(joined: str, seam: int) -> bool:
    """Whether a date stands across the place where a row was joined to those before it."""
    found = DATE.search(joined.lower(), max(0, seam - DATE_LETTERS_MAX), seam + DATE_LETTERS_MAX)
    return found is not None and found.start() < seam < found.end()


def _runs_on(bare: str) -> bool:
    """Whether a row says when and who, and the quoted text follows in it."""
    address = bare.find("<", 0, RUN_ON_LETTERS_MAX)
    if address < 0 or "> " not in bare:
        return False
    lower = bare.lower()
    return (
        lower.startswith(RUN_ON_START)
        and any(letter.isdigit() for letter in lower[:address])
        and RUN_ON_END.match(lower, lower.find("<")) is not None
    )


def _is_quote_next(rows: Sequence[Row], at: int, depth: int) -> bool:
    """Whether the next row with words in it, at most two blank ones later, is quoted deeper."""
    for row in rows[at : at + 3]:
        if not row.is_blank or row.depth > depth:
            return row.depth > depth or row.text[:2] in (" |", "| ", "|") or row.text[:1] == "\t"
    return False


def _can_begin(bare: str) -> bool:
    lower = bare.lower()
    return bool(OPENER.match(lower) or lower[:1].isdigit() or "@" in bare or VERB.search(lower) or DATE.search(bare))


def _begins_strictly(row: Row) -> bool:
    """A row that by itself looks like the start of an attribution."""
    lower = row.bare.lower()
    match = OPENER.match(lower)
    if match is None or not lower[match.end() : match.end() + 1].isspace():
        return False
    return match[0] in phrases.STRICT_OPENERS and _is_dated(row)


def says_who(rows: str, *, is_quote_next: bool, has_date: bool | None = None) -> bool:
    """Whether these rows, joined, say who wrote what follows. has_date: whether one is in them, where that is known."""
    if len(rows) > LETTERS_MAX:
        return False
    joined = rows.lower()
    has_colon = joined.rstrip(" *_\"'”»\u200f").endswith((":", "："))
    if has_date is False and not has_colon and not joined.endswith("..."):
        return False
    verb = _last_verb(joined)
    if verb is None and not (has_colon or is_quote_next):
        return False
    if has_date is None:
        has_date = DATE.search(joined) is not None
    has_address = "@" in joined and ADDRESS.search(joined) is not None
    if verb is None:
        if has_colon and is_quote_next and phrases.QUOTING.match(joined):
            return True
        if has_colon and has_date and has_address:
            return is_quote_next or _starts_with_date(joined) or joined.startswith(phrases.DATED_QUOTING)
        if has_colon and has_address and is_quote_next:
            return joined.count(" ") <= 8
        if has_colon and has_date and is_quote_next:
            return _is_who_and_when(rows)
        return is_quote_next and has_date and has_address and _starts_with_date(joined) and joined.endswith(">")
    if not has_colon and joined.endswith("..."):
        return is_quote_next and joined[verb:].strip(ENDS) in phrases.VERBS and _is_named(rows[:verb])
    if not has_colon:
        return bool(has_date) and joined[verb:].strip(ENDS) in phrases.VERBS and (is_quote_next or _is_opened(joined))
    if not _is_tail(rows[verb:]):
        return False
    if is_quote_next:
        return has_date or has_address or _is_named(rows[:verb])
    if has_date and _is_opened(joined):
        return True
    return (has_address and (has_date or (verb > 0 and joined.count(" ") <= 8))) or (
        has_date and _is_named(rows[:verb])
    )


def _is_tail(rest: str) -> bool:
    """Whether what follows from the verb on is no sentence: nothing, a name, an address, a date, "the following"."""
    words = rest.strip(ENDS + " \u200f").split()[1:]
    match = VERB.match(rest.lower())
    if match is not None and " " in match[0]:
        words = words[match[0].count(" ") :]
    if not words or "@" in rest or DATE.search(rest):
        return len(words) <= 14
    if len(words) > 6:
        return False
    return all(not word[0].islower() or word in TAIL_WORDS for word in words)


def _is_who_and_when(rows: str) -> bool:
    """Whether only a name and a whole date stand there ("2025-03-03 10:00 Ann Client:"), and no sentence."""
    names = rows.split()
    if len(names) > 10 or names[0].lower() in ARTICLES or FULL_DATE.search(rows) is None:
        return False
    return all(not name[0].islower() or name in NAME_PARTICLES for name in names)


def _is_named(before: str) -> bool:
    """Whether only a name stands before the verb ("Ann Client wrote:"), and no sentence ("The log says:")."""
    names = before.replace('"', " ").split()
    if " ".join(names).lower() in ("you", "i"):
        return True
    if not 1 <= len(names) <= 6 or names[0].lower() in ARTICLES:
        return False
    return all(not name[0].islower() or name in NAME_PARTICLES for name in names)


def _last_verb(joined: str) -> int | None:
    found = None
    for match in VERB.finditer(joined):
        start, end = match.span()
        # "wrote" inside "underwrote" is no verb of ours; scripts without blanks and "<a@b>wrote:" are.
        if (joined[start - 1 : start].isalpha() or joined[end : end + 1].isalnum()) and match[0].isascii():
            continue
        found = start
    return found


def _is_opened(joined: str) -> bool:
    match = OPENER.match(joined)
    return bool(match and not joined[match.end() : match.end() + 1].isalnum()) or _starts_with_date(joined)


def _starts_with_date(joined: str) -> bool:
    match = DATE.search(joined[:60])
    return match is not None and match.start() <= 40
