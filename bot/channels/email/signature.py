"""The sign-off and the name block below a person's words, and everything else that stands there (see `footers`).

Works on the rows of one stretch of a person's own text. A formula that closes a letter is cut with what follows it;
a block without a formula only if it begins with a name and holds contact data. Bare thanks stay: they are meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import afterthoughts, banners, companynotices, farewells, footers, wishes
from bot.channels.email.nameblocks import (
    BLOCK_ROWS_MAX,
    SENTENCE_END,
    author_line,
    boxed,
    dash_name,
    dated_name,
    fits_block,
    has_contact,
    is_name,
    lone_name,
    name_block,
    ruled_name,
)
from bot.channels.email.rows import Row, follows_blank, stripped

TAIL_ROWS_MAX = 200
ROW_LETTERS_MAX, FORMULA_LETTERS_MAX = 75, 200
MISFITS_TOO_MANY = 3
UNCASED_NAME_LETTERS_MAX, TEAM_WORDS_MAX = 24, 4
# "Tel 0113 496 0000"; with more words it is said.
CONTACT_WORDS_MAX = 1
RULES = (
    *(footers.answer_line, footers.delimiter, footers.footer, footers.sent_from, footers.disclaimer),
    companynotices.notices,
)
CONJUNCTION = re.compile(r" (?:and|und|&|\+|y|et|e|en|og|och|ja|i|a|и) ")
ADDRESS = re.compile(r"[^\s@:<>]{1,64}@[^\s@:<>]{1,190}\.[a-z]{2,12}")
# "Viele Grüße aus Berlin".
FROM_PLACE = re.compile(r" (?:aus|vom|from|de|from the|dal|uit|från|fra|z|из) (?:\w+ ?){1,3}$")


def trim(rows: Sequence[Row], *, author: str = "", is_later: bool = False, is_last: bool = True) -> list[Row]:
    """The rows without what stands below the person's words; may be empty if nothing else was there.

    author: the sender's display name, if known; a last block that begins with it is a signature.
    is_later: the stretch is not the mail's first, and may be a footer as a whole. is_last: nor do others follow it, so
    it may be a name block; between two quotes that would be an answer.
    """
    kept = banners.without_banner(stripped(rows))
    # What stands below a text stands near its end; so the time for it does not grow with the text.
    above, kept = kept[:-TAIL_ROWS_MAX], kept[-TAIL_ROWS_MAX:]
    for rule in RULES:
        found = rule(kept, 0 if above or is_later else 1)
        if found is None or (rule is footers.disclaimer and not above and _only_greets(kept[: found[0]])):
            continue
        kept = _without(kept, *found)
    is_whole = is_later and is_last
    for at in (
        _farewell(kept, author),
        boxed(kept),
        ruled_name(kept, author),
        _first(name_block(kept, author, is_whole=is_whole), author_line(kept, author, is_whole=is_whole)),
        dash_name(kept, author),
        dated_name(kept, author),
        _lone_name(kept, author),
    ):
        if at is not None:
            kept = _without(kept, at, len(kept))
            # "Ann" above the block with the whole name.
            if (lone := _lone_name(kept, author)) is not None:
                kept = _without(kept, lone, len(kept))
            break
    return [*above, *kept] if above else kept


def without_address(rows: list[Row]) -> list[Row]:
    """The rows above a quoted header without a mail address alone at their end: how Foxmail signs."""
    kept = stripped(rows)
    if len(kept) < 3 or not kept[-2].is_blank or ADDRESS.fullmatch(kept[-1].bare) is None:
        return rows
    kept = stripped(kept[:-1])
    return rows if kept[-1].bare.endswith((":", "：", ",")) else kept


def _lone_name(rows: list[Row], author: str) -> int | None:
    """The author's name alone at the end; below thanks it stays with them."""
    at = lone_name(rows, author)
    above = next((row for row in reversed(rows[:at]) if not row.is_blank), None) if at is not None else None
    return None if above is None or _is_closing(above, farewells.THANKS, author) else at


def _first(*places: int | None) -> int | None:
    """The topmost of the places that were found."""
    return min((at for at in places if at is not None), default=None)


def _without(rows: list[Row], start: int, end: int) -> list[Row]:
    """The rows without a span, and without the rule that divided it from what is above; a postscript in it stays."""
    kept = stripped(rows[:start])
    while kept and kept[-1].is_rule and not ends_table(kept):
        kept = stripped(kept[:-1])
    rest = [*_postscript(rows[start:end]), *rows[end:]]
    return stripped([*kept, Row("", 0, ""), *rest]) if rest else kept


def ends_table(rows: Sequence[Row]) -> bool:
    """Whether the last row is the lower edge of a table drawn in letters."""
    return len(rows) > 1 and rows[-1].bare[:2] in ("+-", "+=") and rows[-2].bare[:1] == "|"


def _only_greets(rows: Sequence[Row]) -> bool:
    """ "Hi," alone: what follows is the letter, even if it speaks like a disclaimer."""
    words = [row for row in rows if not row.is_blank]
    return bool(words) and all(row.bare.endswith(",") or farewells.greets(row.bare) for row in words)


def _may_close(row: Row) -> bool:
    """One quick look at a row, and never False where it closes a letter; nearly every row ends here."""
    bare = row.bare
    if len(bare) > ROW_LETTERS_MAX:
        return len(bare) <= FORMULA_LETTERS_MAX
    if not bare.isascii():
        return True
    formula = _bare_words(bare.strip(" *_~-–—").lower())
    return farewells.ANY_START.match(formula) or formula.rpartition(" ")[2] in wishes.LAST_WORDS


def _is_closing(row: Row, table: frozenset[str], author: str) -> bool:
    """Whether a row is a formula that closes a letter: alone, two in one, or with a name behind a comma."""
    if len(row.bare) > ROW_LETTERS_MAX:
        if table is not farewells.CLOSINGS or len(row.bare) > FORMULA_LETTERS_MAX:
            return False
        lower = row.bare.lower().replace("’", "'")
        return lower.startswith(farewells.FORMULAS) or any(map(lower.__contains__, farewells.FORMULAS_WITHIN))
    bare = row.bare.strip(" *_~-–—")
    if not bare:
        return False
    lower = bare.lower()
    if table is farewells.CLOSINGS and lower.startswith(farewells.FORMULAS):
        return any(map(lower.__contains__, farewells.GREETED))
    if not lower.isascii():
        lower = lower.replace("i\u0307", "i").replace(
            "’", "'"
        )  # the Turkish capital, which Python lowers to two letters
    words = _bare_words(lower)
    if words in table or (table is farewells.CLOSINGS and wishes.is_composed(words)):
        return True
    if not farewells.FAREWELLS.match(words):
        # Nearly every row: whatever closes a letter begins with a formula, or ends as the Korean ones do.
        return lower.endswith(farewells.CLOSING_ENDS) and lower.count(" ") <= 2
    for separator in ("/", " - ", ",", "|"):
        head, found, rest = lower.partition(separator)
        if found and table is farewells.CLOSINGS and _bare_words(rest) in table and _closes(head):
            return True
        if found and _bare_words(head) in table:
            if separator == "/" or _bare_words(rest) in table:
                return True
            signer = bare[len(head) + len(separator) :]
            return is_name(signer, author) or signer.split()[0].lower() in author.lower().split()
    if lower.count(" ") <= 6 and (place := FROM_PLACE.search(lower.rstrip(","))) is not None:
        # Behind a comma the place must be a name: "Best regards from the whole team," is cited.
        is_place = not lower.endswith(",") or bare.rstrip(" ,").rpartition(" ")[2][:1].isupper()
        if is_place and _bare_words(lower[: place.start()]) in table:
            return True
    parts = CONJUNCTION.split(lower)
    if len(parts) == 2 and table is farewells.CLOSINGS and _closes(parts[0]):
        # "Viele Grüße und einen schönen Tag"; one word alone says too little.
        return _closes(parts[1]) or (" " in parts[0] and parts[0] in table and parts[1].count(" ") <= 3)
    if lower.endswith(farewells.CLOSING_ENDS) and lower.count(" ") <= 2:
        return True
    if not author or lower.rpartition(" ")[2].strip(".") not in author.lower():
        return False
    return _is_signed(lower, table, author)


def _is_signed(lower: str, table: frozenset[str], author: str) -> bool:
    """ "Gruß Ann", "S pozdravem Ann Client": a formula and, with nothing between, up to three words of the author's."""
    names = author.lower().split()
    words = lower.split()
    for count in range(1, min(4, len(words))):
        if words[-count].strip(".") not in names:
            return False
        if _bare_words(" ".join(words[:-count])) in table:
            return True
    return False


def _closes(part: str) -> bool:
    words = _bare_words(part)
    return words in farewells.CLOSINGS or words in farewells.THANKS


def _bare_words(text: str) -> str:
    return text.strip(" .,!;:…-–—~*)(☺🙂。！，、،")


def _farewell(rows: list[Row], author: str) -> int | None:
    """Where the last closing formula stands below which only a name block is; thanks count above one with contacts."""
    below: list[Row] = []
    misfits = 0
    found: int | None = None
    goes_on = False
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row.is_blank:
            continue
        may_close = _may_close(row)
        if may_close and _is_closing(row, farewells.CLOSINGS, author) and (not below or _may_sign(row, below, author)):
            if goes_on and _above_ends_in_colon(rows, at):
                return found
            if misfits <= (2 if below and is_name(below[-1].bare, author) else 1):
                found = at
        elif may_close and _is_closing(row, farewells.THANKS, author):
            if found is not None and found - at == 1:
                return at
            is_signed = found is None and misfits <= 1 and len(below) >= 2 and any(map(has_contact, below))
            if is_signed and _begins_block(below[-1], author):
                return at
        elif found is not None:
            return found
        elif follows_blank(rows, at) and afterthoughts.begins(row):
            misfits = 0
        elif _asks(row):
            misfits = MISFITS_TOO_MANY
        elif not fits_block(row):
            misfits += 1
        goes_on = goes_on or (row.bare[:1].islower() and row.bare.endswith((".", "?", "!")))
        below.append(row)
        if len(below) > BLOCK_ROWS_MAX or misfits > 2:
            return found
    return found


def _above_ends_in_colon(rows: Sequence[Row], at: int) -> bool:
    """ "Please change the signature to:", above a formula that is cited."""
    above = next((row.bare for row in reversed(rows[:at]) if not row.is_blank), "")
    return above.endswith((":", "："))


def _may_sign(row: Row, below: Sequence[Row], author: str) -> bool:
    """Whether what is right below a formula may be a name: "Best" above "of the three?" closes no letter.

    below: the rows with words below it, the nearest last.
    """
    nearest = below[-1].bare
    if row.bare.endswith((",", "，", "、", "،")):
        is_wish = _bare_words(row.bare.lower()) in wishes.WISHES
        return not is_wish or is_name(nearest, author) or nearest.lower() in author.lower()
    words = nearest.split()
    if len(words) > 2 and words[0][:1].islower() and not has_contact(below[-1]) and nearest == nearest.lower():
        return False
    is_word = _bare_words(row.bare.lower()) in farewells.ALSO_WORDS
    return not is_word or is_name(nearest, author) or nearest.lower() in author.lower()


def _begins_block(row: Row, author: str) -> bool:
    """Whether a row below thanks is a name, of somebody or of a firm, or bare contact data; "My number is 0113 49600."
    is said.
    """
    if not set(author.lower().split()).isdisjoint(row.bare.lower().split()):
        return True
    is_closed = row.bare.endswith((*SENTENCE_END, ",")) or ":" in row.bare
    if is_name(row.bare, author):
        return not is_closed
    words = row.bare.lower().split()
    if len(words) <= TEAM_WORDS_MAX and not is_closed and not wishes.TEAMS.isdisjoint(words):
        return True
    if row.bare.lower() == row.bare.upper() and not any(map(str.isdigit, row.bare)):
        # A script without capitals.
        return not is_closed and len(row.bare) <= UNCASED_NAME_LETTERS_MAX
    spoken = [
        word
        for word in row.bare.split()
        if word[:1].isalpha() and "@" not in word and not word.startswith(("www.", "http"))
    ]
    return has_contact(row) and len(spoken) <= CONTACT_WORDS_MAX


def _asks(row: Row) -> bool:
    """A question is the person's own, and no signature goes on with one; "Questions? Call us at …" may."""
    return "?" in row.bare and row.bare.count(" ") >= 3 and not has_contact(row)


def _postscript(cut: Sequence[Row]) -> list[Row]:
    """A postscript below a signature is still the person's own."""
    for at, row in enumerate(cut):
        if at and follows_blank(cut, at) and afterthoughts.begins(row):
            end = at
            while end < len(cut) and not cut[end].is_blank:
                end += 1
            return list(cut[at:end])
    return []
