"""Whether flat plans pay."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.grammar import Command, Entry, Who


@dataclass(frozen=True, slots=True)
class PlanHealth(Command):
    """client: "" for every client with a flat plan."""

    client: str = ""


ENTRIES = (
    Entry(
        "health", PlanHealth, lambda line: PlanHealth(line.client_if_any()), "health [CODE]",
        "See a flat plan's fee against the hours it takes, over twelve months.", "health ACME",
        (Who.MANAGER,), ("plan health",),
    ),
)  # fmt: skip
