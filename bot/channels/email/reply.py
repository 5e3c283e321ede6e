"""What the person wrote: a mail's text without the older mails in it, without signature and footers.

A line classifier and one walk from top to bottom; nothing backtracks, so the time is linear in the text whatever the
text is. Answers between quotes keep their order. A forward that is the message is kept whole. The original is always
kept elsewhere: when in doubt, a line stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.email import armour, footers, markup, odd_marks, older, phrases, signature, structure
from bot.channels.email.attribution import Finding, find_marked
from bot.channels.email.rows import Row, of_lines, of_text, single_spaced

# A person's own words are shorter; a log that is longer needs no judging line by line.
ROWS_MAX = 10_000
CONSOLE_DEPTH = 3
ARMOUR_LOOK_LINES = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """text: what the person wrote. was_cut: older mail was found and left out. is_forward: kept whole as one."""

    text: str
    was_cut: bool
    is_forward: bool = False


def written(text: str, *, is_forward: bool = False, author: str = "") -> str:
    """What the person wrote in a plain text.

    is_forward: the subject says so. author: the sender's display name, by which a signature is known.
    """
    return cut_text(text, is_forward=is_forward, author=author).text


def written_from_html(html: str, *, is_forward: bool = False, author: str = "") -> str:
    """What the person wrote in an HTML mail, by its structure and by its words."""
    return cut_lines(markup.lines(html), is_forward=is_forward, author=author).text


def cut_text(text: str, *, is_forward: bool = False, author: str = "") -> Cut:
    text = armour.without_armour(text)
    lines = (single_spaced(text) if "\n\n\n\n" in text else text).split("\n", ROWS_MAX)
    rest = lines.pop() if len(lines) > ROWS_MAX else ""
    return _with_rest(of_text("\n".join(lines)), rest, is_forward=is_forward, author=author)


def cut_lines(
    lines: Sequence[markup.Line], *, is_forward: bool = False, is_answer: bool = False, author: str = ""
) -> Cut:
    """The cut of an HTML mail. is_answer: the subject says so; what the HTML marks as older is no forward then, though
    nothing stands above it.
    """
    if any(line.text == armour.BEGIN for line in lines[:ARMOUR_LOOK_LINES]):
        return cut_text("\n".join(line.text for line in lines), is_forward=is_forward, author=author)
    rest = "\n".join(line.text for line in lines[ROWS_MAX:])
    rows = of_lines(lines[:ROWS_MAX])
    return _with_rest(rows, rest, is_forward=is_forward, is_answer=is_answer, author=author)


def _with_rest(rows: Sequence[Row], rest: str, *, is_forward: bool, is_answer: bool = False, author: str) -> Cut:
    """The cut of the rows; what is below them is kept as it came, unless older mail had begun above."""
    if not rest:
        return _cut(rows, is_forward=is_forward, is_answer=is_answer, author=author)
    above = _cut(rows, is_forward=is_forward, is_answer=is_answer, author="")
    last = next((row.text for row in reversed(rows) if not row.is_blank), "")
    return replace(above, text=f"{above.text}\n{rest}".strip()) if above.text.endswith(last) else above


class _Walk:
    """One pass over the rows: stretches of the person's own words, and why each other row was left out."""

    def __init__(self, rows: Sequence[Row], *, is_forward: bool, is_answer: bool) -> None:
        self.rows = rows
        self.may_begin = older.beginnings(rows)
        self.is_forward_subject = is_forward
        self.is_answer = is_answer
        # ">>> RCPT TO:<ann@client.example>", ">>> import os": nothing is quoted once or twice.
        self.is_console = not any(row.depth and row.depth != CONSOLE_DEPTH for row in rows)
        self.own: list[list[Row]] = [[]]
        # The first stretch with words, once it was found, and how many stretches in front of it have none.
        self.worded: int | None = None
        self.wordless = 0
        self.was_cut = False
        self.kept_whole_from: int | None = None
        # Set by an attribution whose quote bears another mark than ">": " |" of s-nail, "AB>" of supercite.
        self.mark = ""
        # Whether the marks in front of rows compare, and quote nothing; None: nobody looked yet.
        self.is_compared: bool | None = None

    def run(self) -> None:
        at = 0
        while at < len(self.rows):
            at = self._step(at)

    def _step(self, at: int) -> int:
        row = self.rows[at]
        if row.mark == structure.SIGNATURE:
            return at + 1
        if row.mark in structure.BEGINNINGS:
            return self._history(at)
        if row.mark == structure.MAYBE and not self.was_cut:
            return self._maybe(at)
        if row.depth >= 3:
            if (skip := find_marked(self.rows, at)) is not None:
                return self._older(at, skip)
            if self.is_console and row.depth == CONSOLE_DEPTH:
                self.own[-1].append(Row(row.text, 0, row.bare, row.mark))
                return at + 1
        if row.depth == 1 and not self.was_cut and not row.mark and self._compares():
            self.own[-1].append(Row(row.text, 0, row.bare, row.mark))
            return at + 1
        if row.depth == 1 and odd_marks.is_escaped(self.rows, at):
            self.own[-1].append(row.unmarked())
            return at + 1
        if (row.depth and not row.bare.endswith("<<<")) or (self.mark and row.text.lstrip(" ").startswith(self.mark)):
            return self._quoted(at)
        if odd_marks.is_torn_off(self.rows, at) or (
            at and self.rows[at - 1].depth and row.bare.lower() in phrases.SNIPS
        ):
            return at + 1
        found = older.find(self.rows, at) if self.may_begin[at] else None
        if found is None:
            if row.mark == structure.ATTRIBUTION:
                self._leave_out()
            else:
                self.own[-1].append(row)
            return at + 1
        if found.kind == "forward":
            self.kept_whole_from = at
            return len(self.rows)
        return self._older(at, found)

    def _maybe(self, at: int) -> int:
        """An indented block: the person's own, as far as nothing in it says that older mail follows."""
        found = older.find(self.rows, at) if self.may_begin[at] else None
        if found is None:
            self.own[-1].append(self.rows[at])
            return at + 1
        if found.kind == "forward" or (found.kind != "attribution" and self._is_bare_forward()):
            self.kept_whole_from = at
            return len(self.rows)
        self._leave_out()
        while at < len(self.rows) and self.rows[at].mark == structure.MAYBE:
            at += 1
        return at

    def _compares(self) -> bool:
        if self.is_compared is None:
            self.is_compared = odd_marks.compare(self.rows)
        return self.is_compared

    def _leave_out(self) -> None:
        self.was_cut = True
        # A line drawn over the older mail belongs to it.
        stretch = self.own[-1]
        end = len(stretch) - (1 if stretch and stretch[-1].is_blank else 0)
        if end and stretch[end - 1].is_rule and not signature.ends_table(stretch[max(end - 2, 0) : end]):
            del stretch[end - 1 :]
        if self.own[-1]:
            self.own.append([])

    def _has_words(self) -> bool:
        return self.has_words_before(len(self.own))

    def has_words_before(self, order: int) -> bool:
        """Whether a stretch before that one holds words."""
        while self.worded is None and self.wordless < min(order, len(self.own)):
            if any(not row.is_blank for row in self.own[self.wordless]):
                self.worded = self.wordless
            elif self.wordless == len(self.own) - 1:
                break  # the last stretch may grow yet
            else:
                self.wordless += 1
        return self.worded is not None and self.worded < order

    def _quoted(self, at: int) -> int:
        row = self.rows[at]
        # Apple Mail quotes what it forwards: the marker is the first row of the quote, and nobody "wrote" it.
        is_first = at == 0 or not (self.rows[at - 1].depth or self.was_cut)
        if is_first and older.is_forward_line(row.bare) and row.bare.endswith((":", "-", "：")):
            self.kept_whole_from = at
            return len(self.rows)
        self._leave_out()
        at += 1
        # The rest of a plain quote needs no look at each of its rows.
        while at < len(self.rows) and self.rows[at].depth in (1, 2) and not self.rows[at].mark:
            if self.rows[at].bare[-3:] == "<<<":
                break
            at += 1
        return at

    def _history(self, at: int) -> int:
        """The HTML says that everything below is older."""
        below = next((row for row in range(at + 1, len(self.rows)) if not self.rows[row].is_blank), None)
        if below is None:
            return len(self.rows)
        found = older.find(self.rows, below)
        if found is None and self.rows[at].mark == structure.RULED and not older.tells_whence(self.rows, below):
            return at + 1  # a line that the person drew
        if found is None and not self._has_words() and not older.tells_whence(self.rows, below):
            return at + 1  # nothing is above, and nothing below is of another mail
        is_empty_answer = self.is_answer and self.rows[at].mark == structure.HISTORY
        if (found is not None and found.kind == "forward") or (not is_empty_answer and self._is_bare_forward()):
            self.kept_whole_from = below
        else:
            self._leave_out()
        return len(self.rows)

    def _is_bare_forward(self) -> bool:
        """Below is a header block without a word that it is a forward: the subject says so, or nothing is above."""
        return self.is_forward_subject or not self._has_words()

    def _older(self, at: int, found: Finding) -> int:
        """An attribution, a header block or a separator: what is below is older, quoted or not."""
        if found.kind == "attribution" and (words := older.shared_words(self.rows[at])) is not None:
            self.own[-1].append(words)
        below = at + found.rows
        while below < len(self.rows) and self.rows[below].is_blank and not self.rows[below].mark:
            below += 1
        if found.kind == "original" and below < len(self.rows):
            # "-----Original Message-----", and below it the header block or the attribution.
            more = older.find(self.rows, below)
            if more is not None and more.kind in ("header", "attribution"):
                kind = "header" if more.kind == "header" else "separated"
                end = self._older(below, Finding(kind, more.rows))
                if self.kept_whole_from == below:
                    self.kept_whole_from = at
                return end
        if below < len(self.rows) and self.rows[below].depth == 0 and found.kind == "attribution":
            self.mark = older.foreign_mark(self.rows, below)
        is_quoted = below < len(self.rows) and (self.rows[below].depth > 0 or bool(self.mark))
        if is_quoted:
            self._leave_out()
            return at + found.rows
        if found.kind != "attribution" and self._is_bare_forward():
            self.kept_whole_from = at
            return len(self.rows)
        if below >= len(self.rows) and found.kind == "attribution" and not self._has_words():
            self.own[-1].extend(self.rows[at:below])
            return below
        if found.kind == "header":
            self.own[-1] = signature.without_address(self.own[-1])
        if not self._has_words() and found.kind == "attribution":
            # Nothing above and nothing marked below: the answer must be in there, so all of it is kept.
            self.own[-1].extend(self.rows[at:])
            return len(self.rows)
        self._leave_out()
        return len(self.rows)


def _cut(rows: Sequence[Row], *, is_forward: bool, is_answer: bool, author: str) -> Cut:
    walk = _Walk(rows, is_forward=is_forward, is_answer=is_answer)
    walk.run()
    if walk.kept_whole_from is not None:
        kept = signature.trim([row for stretch in walk.own for row in stretch], author=author)
        if kept:
            kept.append(Row("", 0, ""))
        return Cut(_joined([[*kept, *rows[walk.kept_whole_from :]]]), walk.was_cut, is_forward=True)
    last = max((order for order, stretch in enumerate(walk.own) if any(not row.is_blank for row in stretch)), default=0)
    trimmed = [
        signature.trim(
            stretch, author=author, is_later=order > 0 and walk.has_words_before(order), is_last=order == last
        )
        for order, stretch in enumerate(walk.own)
    ]
    text = _joined(trimmed)
    if not text:
        text = _rescued(walk, rows)
    return Cut(text, walk.was_cut)


def _rescued(walk: _Walk, rows: Sequence[Row]) -> str:
    """Nothing is left: a signature of a program alone is nothing; a sign-off or a bare quote is what was sent."""
    own = [stretch for stretch in walk.own if any(not row.is_blank for row in stretch)]
    if own:
        return "" if all(footers.is_machine_made(stretch) for stretch in own) else _joined(own)
    has_attribution = any(not row.depth and not row.is_blank for row in rows)
    return "" if has_attribution else _joined([rows])


def _joined(stretches: Sequence[Sequence[Row]]) -> str:
    """Stretches one blank line apart, none at the ends, at most two in a row inside."""
    out: list[str] = []
    for stretch in stretches:
        if not any(not row.is_blank for row in stretch):
            continue
        if out:
            out.append("")
        for row in stretch:
            if row.depth or not row.is_blank:
                out.append(row.text)
            elif out and (out[-1] or (len(out) > 1 and out[-2])):
                out.append("")
    return "\n".join(out).strip()
