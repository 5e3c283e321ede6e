"""The one error of the grammar: what is wrong with a line, what was probably meant, and how to write it."""

from __future__ import annotations

from bot.errors import UserError
from bot.sentences import joined, sentence


class BadCommand(UserError):
    """A line that is no command, or not a whole one.

    problem: what is wrong, as a sentence. meant: the line that was probably meant, ready to be given.
    usage, example: how the command is written; "" where no verb was found.
    """

    def __init__(self, problem: str, *, meant: str = "", usage: str = "", example: str = "") -> None:
        self.problem = problem
        self.meant = meant
        self.usage = usage
        self.example = example
        super().__init__(problem)

    def __str__(self) -> str:
        # Made where somebody reads it: most mail that begins like a command is none, and is told nothing.
        parts = [self.problem]
        if self.meant:
            parts.append(sentence("answer meant", verb=self.meant))
        if self.usage:
            parts.append(sentence("answer usage", usage=self.usage))
        if self.example and self.example not in (self.meant, self.usage):
            parts.append(sentence("answer example", usage=self.example))
        return joined("\n", parts)
