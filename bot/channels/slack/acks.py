"""What Slack is answered, and what it shows of that to the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TRY_AGAIN = "The desk is busy just now and did nothing. Please try again in a minute."
OUR_FAULT = "That failed, and the fault is ours. Nothing was changed; the log says why. Please try again later."
NO_FORM = "The form could not be opened. Press again, or write the command, for example: {example}"
OPENED = "That is ticket {} now."
KEPT = "The desk has your words."
NOTHING_FOUND = "There is no message of a person there that could become a ticket."


@dataclass(frozen=True, slots=True)
class Ack:
    """What Slack is answered: 200 for done, 503 for "send it again"; a word, a JSON object, or nothing."""

    status: int = 200
    body: Mapping[str, Any] | str = ""


DONE = Ack()
LATER = Ack(503)
