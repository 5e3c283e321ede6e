"""Warnings that a company's server puts on top of mail from outside: which rows they take.

A person who cites such a warning says so above it; and there is no warning where no text follows it.
"""

from __future__ import annotations

from bot.channels.email import outside
from bot.channels.email.disclaimers import BANNERS
from bot.channels.email.farewells import greets
from bot.channels.email.rows import Row, in_one, paragraph_end, stripped
from bot.channels.email.wordlist import words

# Proofpoint marks what it writes on top.
BANNER_END = "ZjQcmQRYFpfptBannerEnd"
# How Outlook ends its tip on a sender who is new.
LEARN_WHY = words("""
    learn why this is important|warum dies wichtig ist|pourquoi cela est important|pourquoi ceci est important|
    por qué esto es importante|perché è importante|por que isso é importante|waarom dit belangrijk is
""")
# What stands in such a warning, and in no person's sentence about mail from outside.
SIGNS = words("""
    @|http|<mailto|bannerstart|learn why|safe senders|trusted sender|organization|organisation|outside of the company|
    outside the company|outside of our|outside our|outside your|outside of your|from outside of|recognize the sender|
    recognise the sender|warum dies|pourquoi ce|por qué es|perché è|por que isso|waarom dit|unternehmen|entreprise|
    empresa|azienda|organizacji|organizzazione|organisatie|organisaatio|unknown sender|suspicious
""")
LABEL_WORDS_MAX, LABEL_LETTERS_MAX = 4, 60
BRACKETS = {"[": "]", "<": ">", "(": ")", "{": "}", "【": "】"}
SENTENCE_ENDS = (".", "!", "?")
BANNER_ROWS_MAX, CLOSED_BANNER_LETTERS_MIN = 4, 60
BANNERS_MAX = 3


def without_banner(rows: list[Row], budget: int = BANNERS_MAX) -> list[Row]:
    """Without the warnings that companies' servers put on top of mail from outside, if text follows them; of two that
    stand in a row both go. budget: how many of them may.
    """
    for at, row in enumerate(rows[:BANNER_ROWS_MAX]):
        if row.is_blank or (at and not rows[at - 1].is_blank and not rows[at - 1].is_rule):
            continue
        end = _banner_end(rows, at)
        if end is None:
            continue
        rest = stripped(rows[end:])
        while rest and (rest[0].is_rule or outside.CONTINUED.match(rest[0].plain)):
            rest = stripped(rest[1 if rest[0].is_rule else paragraph_end(rest, 0) :])
        above = [] if all(row.is_rule for row in rows[:at]) else rows[:at]
        if not rest:
            return rows
        # A second server writes its own.
        return without_banner(rest, budget - 1) if budget > 1 and not above else stripped([*above, *rest])
    return rows


def _warns(paragraph: list[Row]) -> bool:
    """Whether a paragraph that begins like a warning is one: a label, or it says whence the mail comes or what to do;
    "External mail does not arrive." is a person's.
    """
    bare = paragraph[0].bare
    if bare.endswith("]") or bare.startswith("<") or bare.count(" ") < LABEL_WORDS_MAX:
        return bare[-1:] not in SENTENCE_ENDS or bare.count(" ") < 2
    look = in_one(paragraph)
    return any(map(look.__contains__, SIGNS)) or any(map(look.__contains__, outside.COMMANDS))


def _is_label(bare: str) -> bool:
    """ "[CAUTION - EXTERNAL SENDER]", in brackets of whatever kind."""
    if BRACKETS.get(bare[:1]) != bare[-1:] or len(bare) > LABEL_LETTERS_MAX:
        return False
    return bare.count(" ") <= LABEL_WORDS_MAX and "extern" in bare.lower()


def _banner_end(rows: list[Row], at: int) -> int | None:
    """Where the warning that begins at a row ends; None where none begins. What divides nothing from the person's words
    leaves them: its first row alone is the warning then.
    """
    row = rows[at]
    is_typical = BANNERS.match(row.bare.lower().lstrip("*_ ")) or _is_label(row.bare)
    # Nearly every text: its first paragraph is looked at, and no other.
    if not is_typical and at and any(not above.is_rule for above in rows[:at]):
        return None
    end = paragraph_end(rows, at)
    if is_typical and not _warns(rows[at:end]):
        return None
    if not is_typical and not outside.is_warning(in_one(rows[at:end])):
        return None
    if not is_typical and end - at > 1 and outside.is_warning(in_one(rows[end - 1 : end])):
        return None  # it stands right below the person's words
    last = next((place for place in range(at, end) if rows[place].bare == BANNER_END), None)
    if last is not None:
        return last + 1
    # A person's own lines above tell of the warning that they cite.
    above = next((line.bare for line in reversed(rows[:at]) if not line.is_blank), "")
    below = next((line.bare for line in rows[end:] if not line.is_blank), "")
    if above.endswith((":", "：")) or "?" in above or (above and below[:1].islower()):
        return None
    greeting = next((place for place in range(at + 1, end) if greets(rows[place].bare)), None)
    if greeting is not None:
        return greeting
    is_closed = len(row.bare) > CLOSED_BANNER_LETTERS_MIN or row.bare.endswith((".", "]"))
    if end - at > 1 and is_closed and not stripped(rows[end:]):
        return at + 1
    is_whole = (
        row.bare.endswith("]")
        or row.plain.rstrip(". ").endswith(LEARN_WHY)
        or (row.bare.endswith((".", "!")) and outside.is_warning(row.bare.lower()))
    )
    if end - at > 1 and is_whole:
        return at + 1 + sum(outside.CONTINUED.match(below.plain) for below in rows[at + 1 : at + 2])
    return end
