"""What a subject is about: without "Re:", "Fwd:" in any language, tags of lists and the mark of a ticket.

Two subjects with one topic belong to one thread; who writes another topic into an old thread, and no "Re:" before it,
begins something new.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

LENGTH_MAX = 300
# Above this, in per cent, two topics are one that was typed twice, or shortened by a mail program.
LIKE_MIN = 80
_PREFIXES = """
re aw sv ré réf ref rif r res odp vá ynt yt antw bls
回复 回覆 答复 返信 답장 회신 atb на отв σχετ ics bvs vs fw fwd wg tr rv i vb vl
enc doorst pd továbbítás ytt ilt fs 转发 轉寄 転送 전달 prosl prosl. trs inoltra пересл переслать пд προωθ tlk
"""
PREFIXES = frozenset(_PREFIXES.split())
_HEAD = re.compile(r"\s{0,20}(?:\[[^\]]{0,80}\]|(?P<word>[^\W\d_]{1,12}\.?)\s?(?:[\[(]\d{1,3}[\])])?\s?[:：])")
_TAGS = re.compile(r"^(?:\s{0,20}\[[^\]]{0,80}\]){1,5}")
_MARK = re.compile(r"\[#(\d{1,12})\]")


def topic(subject: str) -> str:
    """The subject without prefixes and tags, on one line; "" where nothing else stands in it."""
    left = subject[:LENGTH_MAX]
    while (head := _HEAD.match(left)) is not None:
        if head["word"] is not None and head["word"].lower() not in PREFIXES:
            break
        left = left[head.end() :]
    return " ".join(left.split())


def is_answer(subject: str) -> bool:
    """Whether "Re:" or its like stands before it, as mail programs write it: something new has a subject of its own."""
    head = _HEAD.match(_TAGS.sub("", subject[:LENGTH_MAX]))
    return head is not None and head["word"] is not None and head["word"].lower() in PREFIXES


def ticket_marks(subject: str) -> tuple[int, ...]:
    """The numbers of tickets that stand in a subject as the desk writes them: [#42]."""
    return tuple(int(number) for number in _MARK.findall(subject[:LENGTH_MAX]))


def is_same_topic(one: str, other: str) -> bool:
    """Whether two subjects speak of the same: alike, or one of them with a few words more ("… - solved")."""
    first, second = topic(one).casefold(), topic(other).casefold()
    if not first or not second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if shorter in longer and 2 * len(shorter) >= len(longer):
        return True
    return fuzz.ratio(first, second) >= LIKE_MIN
