"""The work of `holdline run`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import chosen_roles, load


def start(names: Sequence[str]) -> int:
    """Run the desk in the roles named, all of them if none is; returns once it has stopped."""
    settings = load()
    roles = chosen_roles(names)
    from bot import wiring

    return wiring.run(settings, roles)
