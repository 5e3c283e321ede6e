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
        parts = [problem]
        if meant:
            parts.append(sentence("answer meant", verb=meant))
        if usage:
            parts.append(sentence("answer usage", usage=usage))
        if example and example not in (meant, usage):
            parts.append(sentence("answer example", usage=example))
        super().__init__(joined("\n", parts))
