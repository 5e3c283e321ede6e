"""Plain texts that are not the mail: they say that the mail is in HTML, or on a web page.

Such a text is short, says so in words of its own, and stands beside an HTML that holds more. Tables only, lower case.
"""

from __future__ import annotations

from bot.channels.email.wordlist import words

STAND_IN_LETTERS_MAX = 600
LOOK_LETTERS_MAX = 800
# Phrases that nobody writes in a mail of his own.
PHRASES = words("""
    html capable|html-capable|html compatible|html-compatible|html enabled|html-enabled|html format|in html|
    html mail|html e-mail|html email|html message|html version|html part|support html|supports html|display html|
    displaying html|read html|reading html|view html|viewing html|supporte pas le html|html-fähig|
    contains html|consists of html|html-nachricht|html-mail|html-format|format html|formato html|au format html|
    your email client cannot|your e-mail client cannot|your mail client cannot|your email client does not|
    your mail client does not|your email program does not|your mail program does not|your email software does not|
    your mail reader does not|your email reader does not|mail reader that supports|email client that supports|
    does not support multipart|this is a multi-part message|this is a multipart message|
    cannot see this message|can't see this message|cannot view this message|having trouble viewing|
    having trouble reading|trouble viewing this|problems viewing this|unable to view this|unable to see this|
    to view this email|to view this message|to view the message|to read this email|to read this message|
    view this email in your browser|view this message in your browser|view in browser|view online|
    view it online|web version of this|falls diese nachricht|falls sie diese|wenn sie diese e-mail nicht|
    si ce message ne s'affiche|si vous ne visualisez pas|si no puede ver|si no visualiza|se non visualizzi|
    se non riesci a visualizzare|caso não consiga visualizar|als u deze|请使用支持html|不支持html|
    このメールはhtml
""")


def points_elsewhere(plain: str) -> bool:
    """Whether a plain text says that the mail is not in it."""
    if len(plain.strip()) > STAND_IN_LETTERS_MAX:
        return False
    look = " ".join(plain[:LOOK_LETTERS_MAX].lower().split())
    return any(phrase in look for phrase in PHRASES) and _sentences(look) <= 4


def _sentences(look: str) -> int:
    return sum(look.count(mark) for mark in (". ", "! ", "? ", "。"))
