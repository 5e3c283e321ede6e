"""What Slack is answered, and what it shows of that to the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack import render
from bot.notices.catalogues import translated
from bot.notices.texts_of_chat import CHAT

TRY_AGAIN, OUR_FAULT = CHAT["chat busy"], CHAT["chat fault"]
NO_FORM, OPENED, KEPT = CHAT["form not opened"], CHAT["chat opened"], CHAT["chat kept"]
NOTHING_FOUND = CHAT["chat nothing found"]


@dataclass(frozen=True, slots=True)
class Ack:
    """What Slack is answered: 200 for done, 503 for "send it again"; a word, a JSON object, or nothing."""

    status: int = 200
    body: Mapping[str, Any] | str = ""


DONE = Ack()
LATER = Ack(503)


def said(sentence: str, language: str = "", **values: object) -> Ack:
    """An acknowledgement that shows one of the sentences above to the person alone."""
    return Ack(body=render.ephemeral(render.plain(worded(sentence, language, **values))))


def worded(sentence: str, language: str, **values: object) -> str:
    """One of the sentences above, in the language."""
    return translated(language, sentence).format_map(values)
