"""What an entry of the grammar is, and who may use it.

A verb is one entry: its names, how it is written, what it does in one line, an example, who may, and the function
that reads the rest of the line into the verb's frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.commands.line import Line


class Command:
    """A line that was understood; each verb derives one frozen dataclass from it."""

    __slots__ = ()


class Who(StrEnum):
    """The least standing that a verb asks for. Source: mission, Rules, "Rights at a client"."""

    ANYONE = "anyone"
    CONTACT = "contact"
    APPROVER = "approver"
    OWNER = "owner"
    CONSULTANT = "consultant"
    MANAGER = "manager"


# Standings as the tables name them. An assistant acts for a manager; whether it was introduced, the desk decides.
_STANDINGS: dict[str, frozenset[Who]] = {
    "": frozenset({Who.ANYONE}),
    "requester": frozenset({Who.ANYONE, Who.CONTACT}),
    "approver": frozenset({Who.ANYONE, Who.CONTACT, Who.APPROVER}),
    "owner": frozenset({Who.ANYONE, Who.CONTACT, Who.APPROVER, Who.OWNER}),
    "consultant": frozenset({Who.ANYONE, Who.CONSULTANT}),
    "assistant": frozenset({Who.ANYONE, Who.CONSULTANT, Who.MANAGER}),
    "manager": frozenset({Who.ANYONE, Who.CONSULTANT, Who.MANAGER}),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One verb of the grammar.

    verb:       one or two words, lower case. aliases: other names of it.
    gives:      the dataclass that `read` returns. gives_too: another one, where the line asks for that.
    takes_text: free text with line breaks may follow (reply, note).
    """

    verb: str
    gives: type[Command]
    read: Callable[[Line], Command]
    usage: str
    summary: str
    example: str
    who: tuple[Who, ...]
    aliases: tuple[str, ...] = ()
    takes_text: bool = False
    gives_too: type[Command] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.verb, *self.aliases)

    @property
    def is_private(self) -> bool:
        """Whether what it answers is not for every contact: what approvers see of money, and the staff of everybody."""
        return {Who.ANYONE, Who.CONTACT}.isdisjoint(self.who)

    def is_of(self, command: Command) -> bool:
        """Whether a line of this verb gave the command."""
        return type(command) in (self.gives, self.gives_too)

    def is_for(self, role: str) -> bool:
        """Whether a person of that role ("" for a stranger) may use the verb at all."""
        return not _STANDINGS.get(role, _STANDINGS[""]).isdisjoint(self.who)
