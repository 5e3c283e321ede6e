"""The lines of a mail as the reply reader sees them: what is shown, how deep it is quoted, what it is compared by.

Each line is looked at once and only its first LOOK_LETTERS_MAX letters, so that everything built on rows stays
linear in the length of the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.channels.email import phrases
from bot.channels.email.markup import Line

LOOK_LETTERS_MAX = 400
# The mark of a row that is "-- " to the letter, as RFC 3676 writes it.
SIGNATURE_DASHES = "signature-dashes"
# A long run of marks is decoration or an attack, not a depth.
DEPTH_MAX = 50
LABEL_LETTERS_MAX = 31
PARAGRAPH_LETTERS_MAX = 2000
DOUBLED_LINES_MIN = 6
KINDS = {label: kind for kind, labels in phrases.LABELS.items() for label in labels}
# Lotus Notes writes its labels into a table, each in a cell of its own and without a colon.
LONELY_LABELS = {
    word: (kind, "")
    for kind, found in (
        ("to", "To An À Para A Aan"),
        ("cc", "cc Kopie"),
        ("subject", "Subject Thema Objet Asunto Oggetto"),
    )
    for word in found.split()
}
VERB_WORDS = frozenset(phrases.VERBS)
CLOSING_MARKS = " *_\"'”»\u200f…-"
QUOTE_MARKS = re.compile(r"[ \t]{0,4}(?:[>＞][ \t]?){1,50}")
INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad")
)
# Joiners of mathematics, and the dot by which a program for tracking marks its place.
INVISIBLE |= dict.fromkeys(map(ord, "\u2060\u2061\u2062\u2063\u2064\u1427"))
DECORATION = "*_-–—=#> |[("
RULE_LETTERS = frozenset("-_=*~#+—–─━＝－＊◆◇■□●○★☆・…‥∞≡┏┗┌└＋")
NEXT_MARKS, EMPHASIS = frozenset({">", " ", ""}), frozenset({"*", "_", ""})
# Blanks and emphasis.
ENDS_ROUGH = frozenset(" \r\v\f\x1c\x1d\x1e\x1f*_")
UNASKED = ("", "")
RULE = re.compile(
    r"[-_=*~#+—–─━＝－＊◆◇■□●○★☆・…‥∞≡┏┗┌└＋][-_=*~#+—–─━＝－＊◆◇■□●○★☆・…‥∞≡┏┓┗┛┌┐└┘＋ ]*"
    r"[-_=*~#+—–─━＝－＊◆◇■□●○★☆・…‥∞≡┓┛┐┘＋]{2}$"
)
PLACEHOLDER = re.compile(r"(?:\[cid:[^\]\s]{1,200}\]|<image\d{1,4}\.\w{3,4}>|\[image: image\.\w{3,4}\]) ?$")
BLANKS = re.compile(r"[\s\u00a0\u3000]+")


class Row:
    """One line of a mail.

    text: as it came, without blanks at its end. depth: quote marks in front. bare: without marks, emphasis and
    invisible letters, blanks as single spaces, for comparing. mark: what the HTML said (see `structure`), or "".
    """

    # Found when first asked for: of a quoted row mostly nobody asks.
    __slots__ = ("_label", "_plain", "bare", "begins", "dated", "depth", "mark", "text")

    def __init__(self, text: str, depth: int, bare: str, mark: str = "") -> None:
        self.text, self.depth, self.bare, self.mark = text, depth, bare, mark
        # Whether it looks by itself like the start of an attribution, and a date is in it; None: nobody looked yet.
        self.begins: bool | None = None
        self.dated: bool | None = None
        self._plain: str | None = None
        self._label: tuple[str, str] | None = UNASKED

    @property
    def is_blank(self) -> bool:
        return not self.bare

    @property
    def plain(self) -> str:
        """The bare row in lower case, without what decorates its beginning."""
        if self._plain is None:
            self._plain = self.bare.lower().lstrip(DECORATION)
        return self._plain

    @property
    def is_rule(self) -> bool:
        """Whether it is a line of dashes or the like."""
        if self.bare[:1] == "|":
            return not self.bare.strip("| ")  # what is left of an empty table
        return self.bare[:1] in RULE_LETTERS and RULE.match(self.bare) is not None

    @property
    def ends(self) -> bool:
        """Whether it ends as the last row of "On … wrote:" may end."""
        return _ends(self.bare)

    @property
    def label(self) -> tuple[str, str] | None:
        """The kind and value of "From: …", or None."""
        if self._label is UNASKED:
            bare = self.bare
            self._label = _label(bare) if ":" in bare or "：" in bare else LONELY_LABELS.get(bare)
        return self._label

    def unmarked(self) -> Row:
        """The row without the one quote mark in front of it."""
        return Row(self.text[1:], 0, self.bare, self.mark)


def stripped(rows: Sequence[Row]) -> list[Row]:
    """The rows without blank ones, and without places of lost images, at both ends."""
    start, end = 0, len(rows)
    while start < end and rows[start].is_blank:
        start += 1
    while end > start and (rows[end - 1].is_blank or PLACEHOLDER.match(rows[end - 1].bare)):
        end -= 1
    return list(rows[start:end])


def follows_blank(rows: Sequence[Row], at: int) -> bool:
    """Whether a row begins a paragraph: it is the first, or below a blank row or a rule."""
    return at == 0 or rows[at - 1].is_blank or rows[at - 1].is_rule


def paragraph_end(rows: Sequence[Row], at: int) -> int:
    """The place of the next blank row."""
    while at < len(rows) and rows[at].bare:
        at += 1
    return at


def in_one(rows: Sequence[Row]) -> str:
    """The rows as one, in lower case."""
    return " ".join(row.bare for row in rows)[:PARAGRAPH_LETTERS_MAX].lower()


def of_text(text: str) -> list[Row]:
    """The rows of a plain text with "\\n" line ends."""
    return [_row(line) for line in text.split("\n")]


def single_spaced(text: str) -> str:
    """A text with a blank line put behind every line of it, without them; any other text as it is."""
    lines = text.strip("\n").split("\n")
    between = lines[1::2]
    # A line end that became two: of the even lines all are blank, and of the odd ones those between paragraphs.
    is_doubled = len(between) >= DOUBLED_LINES_MIN and not any(map(str.strip, between))
    return "\n".join(lines[::2]) if is_doubled else text


def of_lines(lines: Iterable[Line]) -> list[Row]:
    """The rows of an HTML text; what the markup quotes is quoted whether or not it bears marks."""
    rows: list[Row] = []
    for line in lines:
        row = _row(line.text)
        row.depth = max(row.depth, line.depth)
        row.mark = line.mark or row.mark
        # Elements end one in another, each with a blank line of its own.
        if row.text or row.mark or not rows or rows[-1].text or rows[-1].depth != row.depth:
            rows.append(row)
    return rows


def _row(line: str) -> Row:
    # Nearly every quoted line, by the shortest way.
    if line[:2] == "> " and line[2:3] not in NEXT_MARKS and line.isascii() and "  " not in line and "\t" not in line:
        bare = line[2:LOOK_LETTERS_MAX].rstrip(" ")
        if bare[:1] not in EMPHASIS and bare[-1:] not in EMPHASIS:
            return Row(line.rstrip(), 1, bare)
    elif line == ">":
        return Row(line, 1, "")
    # Nearly every line of a person's own.
    elif (
        line[:1].isalnum() and line.isascii() and "  " not in line and "\t" not in line and line[-1:] not in ENDS_ROUGH
    ):
        return Row(line, 0, line[:LOOK_LETTERS_MAX].rstrip(" "))
    return _any_row(line)


def _any_row(line: str) -> Row:
    look = line[:LOOK_LETTERS_MAX]
    if not look.isascii():
        look = look.translate(INVISIBLE)
    depth = 0
    head = look[:6].lstrip(" \t")[:1]
    if head in (">", "＞"):
        match = QUOTE_MARKS.match(look)
        if match is not None:
            depth = min(match[0].count(">") + match[0].count("＞"), DEPTH_MAX)
            look = look[match.end() :]
    bare = look.strip(" ")
    if "  " in bare or "\t" in bare or not bare.isascii():
        bare = BLANKS.sub(" ", bare).strip(" ")
    if bare[:1] in ("*", "_") or bare[-1:] in ("*", "_"):
        bare = _without_emphasis(bare)
    if not bare:
        return Row(line.rstrip(), depth, bare)
    return Row(line.rstrip(), depth, bare, SIGNATURE_DASHES if line == "-- " else "")


def _ends(bare: str) -> bool:
    last = bare[-1:]
    if not last:
        return False
    if last.isalpha():
        return bare.rpartition(" ")[2].lower() in VERB_WORDS
    if last == "." and bare.endswith("..."):
        return bare[:-3].rpartition(" ")[2].lower() in VERB_WORDS
    return bare.rstrip(CLOSING_MARKS)[-1:] in (":", "：", ">")


def _label(bare: str) -> tuple[str, str] | None:
    """The kind of label a row begins with (see `phrases.LABELS`), and what follows it."""
    look = bare[:LABEL_LETTERS_MAX]
    colon = look.find(":")
    if "：" in look and (colon < 0 or look.find("：") < colon):
        colon = look.find("：")
    if colon <= 0:
        return None
    kind = KINDS.get(look[:colon].strip(" *_|\t").lower())
    return (kind, bare[colon + 1 :].strip(" *")) if kind else None


def _without_emphasis(bare: str) -> str:
    """ "*From:* John" → "From: John", "**Regards**" → "Regards"; rules made of such marks stay."""
    inner = bare.strip("*_ ")
    # "_____ Original Message _____" is no emphasis.
    if not inner or bare.startswith("___"):
        return bare
    return inner.replace(":*", ":").replace("*:", ":").replace(":_", ":")
