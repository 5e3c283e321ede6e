"""The language of a person in a chat, for what the chat says by itself, where the desk is not asked anything.

It is the one in which the desk last answered them; before the first answer, the one that their account is in.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.messages import Answer, Handle

KEPT_MAX = 5_000


class Tongues:
    """Languages by person."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()

    def note(self, person: Handle, answer: Answer) -> str:
        """Keep the language of an answer; returns the person's."""
        if answer.language:
            self._kept[person.address] = answer.language
            self._kept.move_to_end(person.address)
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return self.of(person)

    def of(self, person: Handle) -> str:
        """The person's language; "" where nothing says one."""
        return self._kept.get(person.address) or person.language
