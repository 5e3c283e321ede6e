"""Answers that a person writes into the older mail below behind the own name: "[Ann] It is the second one."

Only where the words above announce answers in the text, and only behind the sender's own name or initials in square
brackets, for older mail holds such answers of others.
"""

from __future__ import annotations

import re

from bot.channels.email.wordlist import words

ANNOUNCED_LETTERS_MAX, LINES_MAX = 1500, 2000
ANNOUNCED = words("""
    inline|in-line|my answers|my comments|my replies|answers in|comments in|answers below|comments below|
    meine antworten|meine kommentare|antworten unten|antworten im text|mes réponses|réponses ci-dessous|
    mis respuestas|le mie risposte|mijn antwoorden|mina svar|mine svar|moje odpowiedzi|in brackets|in klammern
""")
MARKED = re.compile(r"[>\s]{0,12}\[{1,2}([^\W\d_][\w .'-]{0,30}?):?\]{1,2}:?[ \t]{1,4}\S")
# A line so long was wrapped, and goes on in the next.
WRAPPED_LETTERS_MIN = 60


def answers(written: str, whole: str, author: str) -> str:
    """The lines of the whole text that begin so and are not among the written ones; "" where nothing is announced.

    author: the sender's display name.
    """
    if not author or len(written) > ANNOUNCED_LETTERS_MAX or not any(map(written.lower().__contains__, ANNOUNCED)):
        return ""
    names = author.lower().replace(",", " ").split()
    initials = "".join(name[0] for name in names)
    found: list[str] = []
    lines = whole.split("\n", LINES_MAX)[:LINES_MAX]
    for at, line in enumerate(lines):
        match = MARKED.match(line)
        if match is None or not _is_author(match[1].lower(), names, initials):
            continue
        answer = line.lstrip("> \t")
        if answer in written:
            continue
        below = lines[at + 1].lstrip("> \t") if at + 1 < len(lines) else ""
        goes_on = len(line) >= WRAPPED_LETTERS_MIN and below[:1].islower()
        found.append(f"{answer}\n{below}" if goes_on else answer)
    return "\n".join(found)


def _is_author(marked: str, names: list[str], initials: str) -> bool:
    parts = marked.replace(".", "").split()
    return set(parts).issubset(names) or (len(initials) >= 2 and parts == [initials])
