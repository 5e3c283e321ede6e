"""What programs put below or above a person's words: signature marks, footers, disclaimers, "Sent from my iPhone".

Each function says which rows of a stretch such a thing takes. Every rule asks for a place (after a blank row, near the
end) as well as for words, so that a sentence that merely holds such words stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.email import devicemarks, disclaimers, outside, phrases
from bot.channels.email.nameblocks import has_contact
from bot.channels.email.rows import SIGNATURE_DASHES, Row, follows_blank, in_one, paragraph_end

WEAK_DELIMITERS = frozenset({"--", "–", "—", "––", "——", "-- --", "__", "___", "-—", "– –", "- -"})
# Foxmail's own row above the sign-off.
FOXMAIL_RULE = "= = = = = = = = = ="
DELIMITED_ROWS_MAX = 20
DIVIDED_WORDS_MIN = 3
FOOTER_ROWS_MAX = 15
# "Our mails go out with this, please remove it:"
CITING_WORDS_MIN = 5
# Where none of them stands, nothing asks for the answer above a line.
LINE_WORDS = (
    *(
        "above",
        "below",
        "oberhalb",
        "über dieser",
        "dessus",
        "under this",
        "encima",
        "выше",
        "sopra",
        "boven",
        "acima",
        "ovanför",
    ),
    *("over denne", "powyżej", "nad t", "üzerine", "üstüne", "この行", "此行", "yläpuolelle", "##-"),
)
LINES = ("line", "zeile", "linie", "ligne", "línea", "linha", "linea", "riga", "lijn", "regel", "linje", "черт", "行")
ASKING_MARKS = frozenset({"--", "##", "==", "**", "~~", "__", "=-", "-=", "- ", "# ", "= ", "* "})
ASKING_ROW_LETTERS_MAX = 110
QUESTION_WORDS_MIN = 5
# A sentence about such a line says what it does.
SAYING = frozenset({"is", "are", "does", "doesn't", "appears", "shown"})
# "Unsubscribe does not work."
SAID_OF_LEAVING = (["does"], ["doesn't"], ["is"], ["fails"], ["works"], ["did"], ["link"])
# Nothing but a verb or two stands in front of what asks for the answer above a line.
ASKING_LETTERS_MAX = 30
# Old free mail: a long line, an advertisement, a link.
ADVERT_RULE_LETTERS_MIN, ADVERT_ROWS_MAX = 25, 3
# A disclaimer so long stands on a row of its own, whatever is right above it.
GLUED_LETTERS_MIN = 120
# Rows from a first to behind a last. `first` of the functions below is the row where the thing may begin: not at the
# top of a mail, where it would be all there is.
Span = tuple[int, int]


def is_machine_made(rows: Sequence[Row]) -> bool:
    """Whether a program, and no person, added all of these rows: nothing is lost if they are all cut."""
    words = [row for row in rows if not row.is_blank]
    if not words:
        return False
    return _is_delimiter(words[0]) or all(
        devicemarks.is_sent_from(row) or disclaimers.FOOTERS.match(row.plain) for row in words
    )


def _count(rows: Sequence[Row]) -> int:
    return sum(not row.is_blank for row in rows)


def _is_delimiter(row: Row) -> bool:
    if row.mark == SIGNATURE_DASHES:
        return True
    return not row.depth and (row.bare in WEAK_DELIMITERS or row.bare.startswith(FOXMAIL_RULE))


def delimiter(rows: list[Row], first: int) -> Span | None:
    """The "-- " of RFC 3676; also without its blank, and its cousins, if little follows."""
    divides: dict[str, bool] = {}
    for at, row in enumerate(rows):
        if not _is_delimiter(row) or _is_patch(rows, at):
            continue
        if row.mark != SIGNATURE_DASHES:
            if row.bare not in divides:
                divides[row.bare] = _divides(rows, at)
            if divides[row.bare]:
                continue
        limit = DELIMITED_ROWS_MAX if row.bare == "--" else FOOTER_ROWS_MAX
        if row.mark == SIGNATURE_DASHES or (_count(rows[at + 1 :]) <= limit and not any(map(_asks, rows[at + 1 :]))):
            return at, len(rows)
    return None


def _divides(rows: list[Row], at: int) -> bool:
    """Whether the same mark stands again below a sentence: it divides the parts of a letter, and nothing below the last
    one tells of a signature.
    """
    bare = rows[at].bare
    places = [place for place in range(at + 1, len(rows)) if rows[place].bare == bare]
    if not places:
        return False
    between, below = rows[at + 1 : places[0]], rows[places[-1] + 1 :]
    if any(map(has_contact, rows[at + 1 :])) or not any(_is_sentence(row) for row in between):
        return False
    return any(_is_sentence(row) for row in below)


def _is_sentence(row: Row) -> bool:
    return row.bare.endswith((".", "?", "!")) and row.bare.count(" ") >= DIVIDED_WORDS_MIN


def _asks(row: Row) -> bool:
    """A question outside of a saying: below a dash of one's own, it is one's own."""
    bare = row.bare
    return "?" in bare and bare.count(" ") >= 2 and not any(mark in bare for mark in '@"“”«»') and "http" not in bare


def _is_patch(rows: list[Row], at: int) -> bool:
    """In a diff, "-- " is a removed line that held a dash."""
    below = rows[at + 1].text if at + 1 < len(rows) else ""
    if below.startswith(("+++ ", "@@ ")):
        return True
    return below[:1] == "+" and at > 0 and rows[at - 1].text[:1] in ("+", "-", " ")


def answer_line(rows: list[Row], first: int) -> Span | None:
    """Where a help desk asked for the answer above a line: what is below is its own notice."""
    look = "\n".join(row.plain for row in rows)
    if not any(map(look.__contains__, LINE_WORDS)):
        return None
    found = next((at for at in range(first, len(rows)) if _asks_above(rows[at])), None)
    return None if found is None else (found, len(rows))


def footer(rows: list[Row], first: int) -> Span | None:
    """A footer of a list, a scanner or a service, with the rule above it."""
    for at in range(first, len(rows)):
        row = rows[at]
        if row.is_rule:
            if _is_list_footer(rows, at + 1) or _is_advert(rows, at):
                return at, len(rows)
            continue
        plain = row.plain
        if ".com/" in plain and any(link in plain for link in disclaimers.FOOTER_LINKS):
            return at, len(rows)
        if disclaimers.ANY_FOOTER.match(plain) and follows_blank(rows, at) and _is_footer(rows, at):
            return at, len(rows)
    return None


def _is_footer(rows: list[Row], at: int) -> bool:
    """Whether a row that begins like a footer is one, by what stands beside it."""
    row = rows[at]
    if disclaimers.FOOTERS.match(row.plain):
        # Whoever asks about such words puts the question below them, or a request beside them.
        return not any(map(_asks, _below_paragraph(rows, at))) and not _requests(rows, at)
    for starts, signs in disclaimers.PAIRED_FOOTERS:
        if starts.match(row.plain):
            look = in_one(rows[at : paragraph_end(rows, at)])
            is_asked = _requests(rows, at) or any(map(_asks, _below_paragraph(rows, at)))
            return any(map(look.__contains__, signs)) and not is_asked
    if disclaimers.UNSUBSCRIBE.match(row.plain):
        if row.plain.split(maxsplit=2)[1:2] in SAID_OF_LEAVING:
            return False
        if "?" in (words := row.bare.partition("http")[0]) and words.count(" ") >= QUESTION_WORDS_MIN:
            return False
        return _is_list_footer(rows, at)
    return _is_of_a_scanner(rows, at)


def _requests(rows: list[Row], at: int) -> bool:
    look = in_one(rows[at : paragraph_end(rows, at)])
    return any(map(look.__contains__, outside.REQUESTS))


def _is_of_a_scanner(rows: list[Row], at: int) -> bool:
    look = rows[at].plain[: disclaimers.SCANNED_LETTERS_MAX]
    if any(map(_asks, rows[at:])) or _count(rows[at:]) > FOOTER_ROWS_MAX:
        return False
    is_of_a_mail = disclaimers.SCANNED_MAILS.match(look) and any(map(look.__contains__, disclaimers.HARMS))
    return is_of_a_mail or any(map(look.__contains__, disclaimers.SCANNERS))


def _asks_above(row: Row) -> bool:
    """ "Please type your reply above this line", also between Zendesk's "##-"; a sentence about it is no such mark."""
    bare = row.bare
    if bare.startswith("##-"):
        return True
    if bare[:2] in ASKING_MARKS and not bare[-1].isalnum() and len(bare) <= ASKING_ROW_LETTERS_MAX:
        lower = row.plain
        return any(map(lower.__contains__, LINE_WORDS)) and any(map(lower.__contains__, LINES))
    if row.bare[:1].isalnum() and not SAYING.isdisjoint(row.plain.split()):
        return False
    place = next((row.plain.find(phrase) for phrase in phrases.REPLY_ABOVE if phrase in row.plain), -1)
    return 0 <= place <= ASKING_LETTERS_MAX or (place > 0 and not row.bare[:1].isalnum())


def _is_advert(rows: list[Row], at: int) -> bool:
    bare = rows[at].bare
    if len(bare) < ADVERT_RULE_LETTERS_MIN or bare.strip("_"):
        return False
    below = [row.bare for row in rows[at + 1 :] if not row.is_blank]
    return 1 <= len(below) <= ADVERT_ROWS_MAX and any("http://" in bare or "https://" in bare for bare in below)


def _is_list_footer(rows: list[Row], at: int) -> bool:
    """ "foo mailing list" or "to unsubscribe" beside an address or a link, within four rows, with little below."""
    looks = " ".join(row.bare for row in rows[at : at + 4]).lower()
    if "@" not in looks and "http" not in looks and "click here" not in looks:
        return False
    return ("mailing list" in looks or "unsubscribe" in looks) and _count(rows[at:]) <= FOOTER_ROWS_MAX


def sent_from(rows: list[Row], first: int) -> Span | None:
    """The mark of a device and what is below it; above a person's text, the mark alone."""
    # "Sent from Outlook my mails arrive twice.", and more below.
    is_sentence = 0 < first < len(rows) and rows[0].bare.endswith(".") and rows[0].bare.count(" ") > 5
    for at, row in enumerate(rows):
        if is_sentence and not at:
            continue
        if not row.is_blank and devicemarks.is_sent_from(row) and (follows_blank(rows, at) or _count(rows[at:]) <= 3):
            is_on_top = first > 0 and at == 0  # BlackBerry's, and what follows is the letter
            return at, (len(rows) if _count(rows[at + 1 :]) <= 5 and not is_on_top else at + 1)
    return None


def disclaimer(rows: list[Row], first: int) -> Span | None:
    """A paragraph of a company's server and all below it."""
    for at in range(first, len(rows)):
        row = rows[at]
        if row.is_blank or not (follows_blank(rows, at) or len(row.bare) >= GLUED_LETTERS_MIN):
            continue
        if _is_disclaimer(rows, at):
            return None if _is_cited(rows, at) else (at, len(rows))
    return None


def _below_paragraph(rows: list[Row], at: int) -> list[Row]:
    """The rows below the paragraph that a row stands in."""
    return rows[paragraph_end(rows, at) :]


def _is_cited(rows: list[Row], at: int) -> bool:
    """ "Please put this below our mails:", the words of a disclaimer, and then something else."""
    above = next((row for row in reversed(rows[:at]) if not row.is_blank), None)
    if above is None or not above.bare.endswith(":"):
        return False
    rest = " ".join(row.bare for row in _below_paragraph(rows, at)).lower()
    if not rest:
        return above.bare.count(" ") >= CITING_WORDS_MIN
    return not any(word in rest for word in disclaimers.DISCLAIMER_WORDS)


def _is_disclaimer(rows: list[Row], at: int) -> bool:
    plain = rows[at].plain
    plain = next((plain.removeprefix(signal) for signal in disclaimers.SIGNALS if plain.startswith(signal)), plain)
    is_heading = disclaimers.DISCLAIMER_HEADINGS.match(plain)
    is_typical = disclaimers.DISCLAIMERS.match(plain)
    if not (is_heading or is_typical or disclaimers.DISCLAIMERS_GENERIC.match(plain)):
        return False
    paragraph: list[str] = []
    for row in rows[at : at + 14]:
        if row.is_blank and sum(len(line) for line in paragraph) > 60:
            break
        paragraph.append(row.bare)
    whole = " ".join(paragraph).lower()
    signs = sum(map(whole.__contains__, disclaimers.DISCLAIMER_WORDS))
    if is_heading:
        return signs >= 1 or len(plain) <= 30
    return signs >= (2 if is_typical else 3)
