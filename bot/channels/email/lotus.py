"""The header of the older mail as Lotus Notes writes it: in rows without labels, in columns, and in frames.

Each function looks at a bounded number of rows from a given one and says how many of them belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email.attribution import DATE, Finding
from bot.channels.email.rows import KINDS, Row

ROWS_MAX = 10
COLUMN_ROWS_MAX = 24
BLANK_ROWS_MAX = 3
DATED_WITHIN = 3
INDENT = "      "
SENTENCE_END = (".", "?", "!", "。", "？", "！")
# "Ann Client/ACME", "Ann <ann@x>", "ann@x on 01/01/2000", "Sent by: Ann".
NAME = re.compile(r"\w/[A-Z]{2}|@|^[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){1,3}\b")
# "Help Desk ---02/05/2012 09:58:02 AM---Hello Ann, which", behind words for a picture that opens the older mail.
SHOWN_BEGINNING = re.compile(r".{1,300}? ---\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4} \d{1,2}[:.]\d\d.{0,12}---")
# A label in a column of its own: with its colon, or at the end of the row.
IN_COLUMN = re.compile(
    r"(?<=  )(To|cc|bcc|Subject|An|Kopie|Thema|Pour|Objet|Para|Asunto|Oggetto|Aan|Onderwerp|Til|Emne)(?::(?= |$)|$)"
)


def header(rows: Sequence[Row], at: int) -> Finding | None:
    """The header in whatever of its forms begins at a row."""
    bare = rows[at].bare
    if bare[:2] == "|-" and bare[-1] == ">":
        return _framed(rows, at)
    if rows[at].text.startswith(INDENT) and (at == 0 or rows[at - 1].is_blank):
        return _in_columns(rows, at) or _in_rows(rows, at)
    return _in_rows(rows, at)


def shown_beginning(rows: Sequence[Row], at: int) -> int:
    """How many rows say who wrote when and how the older mail begins, with the blank ones below; 0 where none does."""
    if SHOWN_BEGINNING.match(rows[at].bare) is None:
        return 0
    end = at + 1
    while end < min(len(rows), at + BLANK_ROWS_MAX) and rows[end].is_blank:
        end += 1
    return end - at


def _in_rows(rows: Sequence[Row], at: int) -> Finding | None:
    """The writer on a row of his own, then the date, then To, cc and Subject."""
    # Most rows have no label near them, and nothing more is looked at.
    label = next((row.label for row in rows[at : at + ROWS_MAX] if row.label is not None), None)
    if label is None or label[0] not in ("to", "sent", "other"):
        return None
    place, words = at, []
    while place < min(len(rows), at + ROWS_MAX) and (rows[place].label is None or _is_sent_by(rows[place])):
        if rows[place].depth != rows[at].depth:
            return None
        if not rows[place].is_blank:
            words.append(rows[place].bare)
        place += 1
    label = rows[place].label if place < len(rows) else None
    if not words or label is None or label[0] not in ("to", "sent"):
        return None
    if any(len(bare) > 100 or bare.endswith(SENTENCE_END) for bare in words):
        return None
    if not DATE.search(" ".join(words[:DATED_WITHIN])) or not NAME.search(words[0]):
        return None
    kinds = {row.label[0]: place + count for count, row in enumerate(rows[place : place + 8]) if row.label is not None}
    if not {"to", "subject"} <= kinds.keys():
        return None
    end = max(kinds.values())
    return Finding("header", end + (1 if rows[end].label != ("subject", "") else 2) - at)


def _is_sent_by(row: Row) -> bool:
    return row.plain.startswith(("sent by:", "gesendet von:", "envoyé par", "enviado por", "inviato da"))


def _in_columns(rows: Sequence[Row], at: int) -> Finding | None:
    """The writer and the date on the left, To, cc and Subject on the right, all of it indented."""
    kinds: set[str] = set()
    words: list[str] = []
    place, last, blank = at, at, 0
    while place < min(len(rows), at + COLUMN_ROWS_MAX) and blank <= BLANK_ROWS_MAX:
        row = rows[place]
        if row.is_blank:
            blank += 1
        elif row.depth or not row.text.startswith(INDENT):
            break
        else:
            last, blank = place, 0
            words.append(row.bare)
            kinds.update(KINDS.get(label[1].lower(), "") for label in IN_COLUMN.finditer(row.text[:200]))
        place += 1
    if not {"to", "subject"} <= kinds or not DATE.search(" ".join(words)):
        return None
    return Finding("header", last + 1 - at)


def _framed(rows: Sequence[Row], at: int) -> Finding | None:
    """The same in frames of dashes and bars."""
    end = at
    while end < min(len(rows), at + 2 * COLUMN_ROWS_MAX) and rows[end].text.lstrip(" ")[:2] in ("|-", "| ", "|", ">-"):
        end += 1
    look = " ".join(row.bare for row in rows[at:end])
    return Finding("header", end - at) if DATE.search(look) and look.count(": ") >= 2 else None
