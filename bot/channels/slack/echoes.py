"""What we posted lately, so that it is known as ours where a service hands it back as if a person had written it.

Slack marks what an app wrote by the bot's id. What stands in for it may hand back words, place and time alone, under a
user of whom nobody ever told us; and an answer to our own words would go on for ever.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.slack.mrkdwn import readable
from bot.channels.slack.payloads import Payload, part, string

# Words, and times of the same words.
KEPT_MAX, TIMES_MAX = 1_000, 100


class Echoes:
    """The words under way, and those that were posted. user: who wrote them, as far as the service has shown it.

    is_marked: the service is Slack itself, which marks what is ours; there a person may say at any time what we say.
    """

    def __init__(self, *, is_marked: bool) -> None:
        self.user, self._is_marked = "", is_marked
        self._under_way: list[str] = []
        # By words: the times that they were given; "" where the service gave none.
        self._posted: OrderedDict[str, deque[str]] = OrderedDict()

    @contextmanager
    def posting(self, text: str) -> Iterator[None]:
        """While a post is on its way, its echo may overtake the answer to it."""
        words = _words(text)
        self._under_way.append(words)
        try:
            yield
        finally:
            self._under_way.remove(words)

    def posted(self, text: str, answer: Payload) -> None:
        """It was taken; the answer may say when, and under whose name."""
        words, message = _words(text), part(answer, "message")
        times = self._posted.setdefault(words, deque(maxlen=TIMES_MAX))
        times.append(string(answer, "ts") or string(message, "ts"))
        self._posted.move_to_end(words)
        if len(self._posted) > KEPT_MAX:
            self._posted.popitem(last=False)
        self.user = self.user or string(message, "user")

    def is_own(self, event: Payload) -> bool:
        """Are these our own words? Then whoever is said to have written them is us."""
        words = _words(string(event, "text"))
        if self._is_marked or not words:
            return False
        times = self._posted.get(words, ())
        is_ours = string(event, "ts") in times
        if is_ours:
            self.user = self.user or string(event, "user")
        return is_ours or "" in times or words in self._under_way


def _words(text: str) -> str:
    return " ".join(readable(text).split())
