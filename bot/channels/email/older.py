"""Where the older mail begins: an attribution, From/Sent/To/Subject, "-----Original Message-----", a forward.

Each function looks at a bounded number of rows from a given one and says how many of them belong to the finding, so
the reader above stays linear. Evidence is wanted (a date, an address, several labels): a person's own list of "From"
and "To" is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import lotus, phrases
from bot.channels.email.attribution import DASHES, DATE, WRAP_ROWS_MAX, Finding, attribution, says_who
from bot.channels.email.rows import KINDS, LOOK_LETTERS_MAX, Row

HEADER_ROWS_MAX = 40
PASTED_ROWS_MAX = 12
WRAPPED_VALUE_ROWS_MAX = 8
SEPARATOR_LETTERS_MAX = 160
WRAPPED_END_LETTERS_MAX = 60
YANDEX_ROWS_MAX = 6
WHENCE_LOOK_ROWS = 8
# What no mail program quotes, and who pastes a mail's header does.
TRANSPORT = (
    *("received: from ", "received: by ", "return-path:", "delivered-to:", "dkim-signature:"),
    *("authentication-results:", "x-", "arc-"),
)
SHARED = re.compile(r"\w[.!?] ?(?=(?:On|Am|Le|El|Il|Op|Em|Den) [^.!?]{0,30}\d)")
SEPARATOR_STARTS = frozenset(DASHES + "[(|")
YEAR = re.compile(r"\b20\d\d\b")
RULE = re.compile(r"[-=_—–‐‑‒―─━*~]{5,}$")


def find(rows: Sequence[Row], at: int) -> Finding | None:
    """What begins at row `at`, if anything; blank rows begin nothing."""
    bare = rows[at].bare
    if not bare:
        return None
    if "---" in bare and (shown := lotus.shown_beginning(rows, at)):
        below = _header(rows, at + shown) if at + shown < len(rows) else None
        return Finding("header", shown + (below.rows if below is not None else 0))
    return _separator(rows, at) or _header(rows, at) or lotus.header(rows, at) or attribution(rows, at)


def beginnings(rows: Sequence[Row]) -> list[bool]:
    """For each row whether something may begin there: one quick pass, and never False where `find` finds something."""
    may_begin = [False] * len(rows)
    label_at = end_at = len(rows) + HEADER_ROWS_MAX
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        bare = row.bare
        if not bare:
            continue
        # Quoted rows are skipped in runs, so most of them are not worth a look of their own.
        if row.depth or row.label is not None:
            label_at = at
        if row.depth or row.ends:
            end_at = at
        may_begin[at] = (
            label_at - at < lotus.ROWS_MAX
            or end_at - at < WRAP_ROWS_MAX
            or bare[0] in SEPARATOR_STARTS
            or bare[-1] in ":："
            or "> " in bare
            or "---" in bare
            or row.text.startswith(lotus.INDENT)
        )
    return may_begin


def tells_whence(rows: Sequence[Row], at: int) -> bool:
    """Whether anything of a header stands in the first rows from here on, in whatever language: a colon or a date."""
    words = [row for row in rows[at : at + WHENCE_LOOK_ROWS] if not row.is_blank]
    return any(":" in row.bare or "：" in row.bare or "@" in row.bare or DATE.search(row.bare) for row in words)


def is_forward_line(bare: str) -> bool:
    """Whether a row says that a forwarded mail follows."""
    return _phrase(bare) in phrases.FORWARD or phrases.FORWARD_STARTS.match(_phrase(bare))


def _phrase(bare: str) -> str:
    # QQ writes "&nbsp;" into plain text.
    return bare.replace("&nbsp;", " ").strip(DASHES + ":：[]()|").lower()


def _separator(rows: Sequence[Row], at: int) -> Finding | None:
    bare = rows[at].bare
    if len(bare) > SEPARATOR_LETTERS_MAX or not (bare[0] in SEPARATOR_STARTS or bare[-1] in ":："):
        return None
    phrase = _phrase(bare)
    is_dashed = (bare[:2] != phrase[:2].lower() and bare[0] in DASHES + "[") or rows[at].text.startswith("___")
    if phrase in phrases.FORWARD and (is_dashed or bare.endswith((":", "："))):
        return Finding("forward", 1)
    if not is_dashed:
        return None
    if phrases.FORWARD_STARTS.match(phrase):
        return Finding("forward", 1)
    if phrase in phrases.ORIGINAL or phrase.startswith(("original message from ", "original message processed by")):
        return Finding("original", 1)
    if any(part.strip() in phrases.ORIGINAL for part in phrase.split("/")):
        return Finding("original", 1)
    if phrase and bare[:4] == bare[0] * 4 == bare[-4:] and (found := _over_header(rows, at)) is not None:
        return found
    # Lotus and Zoho: "-----Ann wrote: -----", "---- On Mon, 1 Jan 2018 10:00:00 +0000 Ann wrote ----".
    if (bare.count("-") >= 6 or bare.count("=") >= 6) and says_who(bare.strip(DASHES + ":") + ":", is_quote_next=True):
        return Finding("attribution", 1)
    if RULE.match(bare):
        return _below_rule(rows, at)
    # The same, wrapped by a program.
    below = rows[at + 1].bare if bare[:3] == "---" and at + 1 < len(rows) else ""
    if below[-3:] == "---" and len(below) <= WRAPPED_END_LETTERS_MAX:
        joined = f"{bare} {below}".strip(DASHES + ":") + ":"
        return Finding("attribution", 2) if says_who(joined, is_quote_next=True) else None
    return None


def foreign_mark(rows: Sequence[Row], at: int) -> str:
    """The mark in front of the first quoted row, if it is one that some mail programs use."""
    text = rows[at].text
    if text.startswith("\t"):
        return "\t"  # s-nail, and mail since Berkeley
    stripped = text.lstrip(" ")
    if stripped.startswith("|") and not stripped.startswith("||"):
        return "|"
    letters = stripped[:8].partition(">")[0]
    if letters and letters != stripped[:8] and letters.isalpha() and len(letters) <= 5:
        return letters + ">"
    # Old news readers: ": text" and "} text", on more rows than one.
    first, below = stripped[:1], rows[at + 1 : at + 2]
    is_repeated = bool(below) and below[0].text.lstrip(" ").startswith(first)
    return first if first in (":", "}") and is_repeated else ""


def shared_words(row: Row) -> Row | None:
    """The person's own words of "Yes it is. On Mon, 3 Mar 2025, Ann wrote:", where a program has joined their last row
    and the attribution.
    """
    match = SHARED.search(row.text[:LOOK_LETTERS_MAX])
    if match is None:
        return None
    words = row.text[: match.end()].rstrip()
    return Row(words, row.depth, words)


def _over_header(rows: Sequence[Row], at: int) -> Finding | None:
    """ "-------- Words --------" in whatever language belongs to the header block right below it."""
    below = at + 1
    while below < min(len(rows), at + 3) and rows[below].is_blank:
        below += 1
    if below >= len(rows) or rows[below].depth != rows[at].depth:
        return None
    found = _header(rows, below, is_below_rule=True)
    return Finding("header", found.rows + below - at) if found else None


def _below_rule(rows: Sequence[Row], at: int) -> Finding | None:
    """A line of underscores or dashes belongs to the header block or attribution right below it."""
    below = at + 1
    while below < min(len(rows), at + 3) and rows[below].is_blank:
        below += 1
    if below >= len(rows) or rows[below].depth != rows[at].depth:
        return None
    found = _header(rows, below, is_below_rule=True) or attribution(rows, below) or _labelled(rows, below)
    return Finding(found.kind, found.rows + below - at) if found else None


def _labelled(rows: Sequence[Row], at: int) -> Finding | None:
    """Yandex: "To: …", "Subject: …", and then the attribution."""
    end = at
    while (
        end < min(len(rows), at + YANDEX_ROWS_MAX)
        and (label := rows[end].label)
        and label[0] in ("to", "cc", "subject")
    ):
        end += 1
    found = attribution(rows, end) if at < end < len(rows) else None
    return Finding(found.kind, found.rows + end - at) if found else None


def _header(rows: Sequence[Row], at: int, *, is_below_rule: bool = False) -> Finding | None:
    """From/Sent/To/Subject in any order and language: three kinds of label, one of them the sender."""
    first = rows[at].label
    if first is None or first[0] in ("other", "cc"):
        return None
    if first[0] in ("from", "sent", "date") and first[1].count(":") >= 2 and _is_in_one_row(*first):
        return Finding("header", 1)
    kinds: dict[str, str] = {}
    last, loose = at, 0
    for place in range(at, min(len(rows), at + HEADER_ROWS_MAX)):
        row = rows[place]
        if row.depth != rows[at].depth:
            break
        label = row.label
        if label is not None:
            kinds.setdefault(*label)
            last, loose = place, 0
        elif row.is_blank:
            # HTML turned to text may put a blank row between two labels.
            following = rows[place + 1] if place + 1 < len(rows) else None
            if following is None or following.label is None or "subject" in kinds:
                break
        else:
            loose += 1
            if loose > WRAPPED_VALUE_ROWS_MAX:
                break
    if not _is_enough(kinds, is_below_rule=is_below_rule) or _is_shown(rows, at, kinds):
        return None
    if rows[at].bare[0].islower() and not any("@" in value or DATE.search(value) for value in kinds.values()):
        return None  # settings of a program; no mail program writes its labels so
    if "from" not in kinds and rows[at].text[:2].isspace():
        return None  # a receipt or a bounce shows what it is about
    if "to" not in kinds and "cc" not in kinds and all(row.is_blank for row in rows[last + 1 :]):
        return None  # of a mail that somebody misses; one that is quoted has a text
    return Finding("header", _with_wrapped_value(rows, at, last) - at)


def _is_in_one_row(kind: str, value: str) -> bool:
    """ "From: Ann <ann@x> Sent: Monday To: Desk Subject: Printer": HTML whose line ends got lost."""
    kinds = {kind}
    for piece in value.split(":")[:-1]:
        words = piece.lower().split()
        kinds.update(KINDS[label] for label in (" ".join(words[-2:]), " ".join(words[-1:])) if label in KINDS)
    return "from" in kinds and len(kinds & {"sent", "date", "to", "subject"}) >= 2


def _is_enough(kinds: dict[str, str], *, is_below_rule: bool) -> bool:
    when = "sent" in kinds or "date" in kinds
    about = sum((when, "to" in kinds, "subject" in kinds, "cc" in kinds))
    if "from" not in kinds:
        return when and "to" in kinds and ("subject" in kinds or _is_dated(kinds, "to"))
    if about >= 2 and ("subject" in kinds or "sent" in kinds):
        return True
    when_sent = kinds.get("sent") or kinds.get("date") or ""
    evidence = any("@" in value for value in kinds.values()) or DATE.search(when_sent) is not None
    if not is_below_rule and "subject" not in kinds and "@" not in kinds["from"] and ":" not in when_sent:
        return False  # a journey: "From: Berlin", "To: Paris", "Date: 4 March 2025"
    if (about >= (1 if is_below_rule else 2) and evidence) or (when and _is_dated(kinds, "from")):
        return True
    # "Sent" is no word of a person's own list, if a whole date with its time follows.
    return ":" in kinds.get("sent", "") and YEAR.search(kinds["sent"]) is not None


def _is_shown(rows: Sequence[Row], at: int, kinds: dict[str, str]) -> bool:
    """Whether the person wrote or pasted the block: a caller, a span of days, a mail's whole header, or lines without a
    day below a row that announces them.
    """
    sender = kinds.get("from", "")
    if sender[:1] in "+(0123456789" and sender and not any(map(str.isalpha, sender)):
        return True  # a telephone's
    for row in reversed(rows[max(at - PASTED_ROWS_MAX, 0) : at + 1]):
        if row.is_blank:
            break
        if row.bare.lower().startswith(TRANSPORT):
            return True
    if sender[:1].isdigit() and "@" not in sender and DATE.search(sender + " " + kinds.get("to", "")):
        return True
    if "sent" in kinds or "date" in kinds:
        return False
    above = next((row for row in reversed(rows[max(at - 3, 0) : at]) if not row.is_blank), None)
    return above is not None and above.bare.endswith((":", "："))


def _is_dated(kinds: dict[str, str], person: str) -> bool:
    """Two labels alone are enough if one holds an address and the other a date with a year and a time."""
    date = kinds.get("sent") or kinds.get("date") or ""
    return "@" in kinds.get(person, "") and ":" in date and DATE.search(date) is not None


def _with_wrapped_value(rows: Sequence[Row], at: int, last: int) -> int:
    """The row behind the block: the last label's value may be wrapped, until a blank row."""
    end = last + 1
    if last > at and end < len(rows) and not rows[end].is_blank and rows[end].text[:1] in " \t":
        end += 1
    return end
