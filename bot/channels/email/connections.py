"""Connections to relays that are kept open between two mails: a few, for a short while, and never one that is dead.

A connection is lent to one mail at a time. Before it is lent again the relay has to answer RSET, so that a line that
was cut in the meantime is found before a mail is on it, and never afterwards, when it could go out twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

import aiosmtplib

# Relays hang up after minutes; a desk that has nothing more to say goes first.
IDLE_SECONDS = 10.0
IDLE_MAX = 4
# Some relays take no more over one connection.
MAILS_MAX = 50
RESET_SECONDS = 5.0
QUIT_SECONDS = 5.0

Relay = TypeVar("Relay")


@dataclass(slots=True)
class _Kept:
    """An open connection that nobody uses, and what ends it."""

    client: aiosmtplib.SMTP
    mails: int
    ending: asyncio.TimerHandle


class Connections(Generic[Relay]):
    """The idle connections by relay. Belongs to one event loop."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._idle: dict[Relay, list[_Kept]] = {}
        # Mails that went over each connection that is lent.
        self._mails: dict[aiosmtplib.SMTP, int] = {}
        self._goodbyes: set[asyncio.Task[None]] = set()

    async def take(self, relay: Relay) -> aiosmtplib.SMTP | None:
        """An open connection that still answers, the one used last; None where there is none."""
        while kept := self._idle.get(relay):
            one = kept.pop()
            one.ending.cancel()
            if await _answers(one.client):
                self._mails[one.client] = one.mails
                return one.client
        return None

    def give_back(self, relay: Relay, client: aiosmtplib.SMTP) -> None:
        """Keep it for the next mail, or part from it: it has done enough, or enough others wait."""
        mails = self._mails.pop(client, 0) + 1
        kept = self._idle.setdefault(relay, [])
        if not client.is_connected or mails >= MAILS_MAX or len(kept) >= IDLE_MAX:
            self._part(client)
            return
        ending = asyncio.get_running_loop().call_later(self._idle_seconds, self._expire, relay, client)
        kept.append(_Kept(client, mails, ending))

    def drop(self, client: aiosmtplib.SMTP) -> None:
        """Nobody knows what was said last on it: it is cut, and never lent again."""
        self._mails.pop(client, None)
        client.close()

    async def close(self) -> None:
        """Part from all of them."""
        for relay in list(self._idle):
            for one in self._idle.pop(relay):
                one.ending.cancel()
                self._part(one.client)
        await asyncio.gather(*self._goodbyes)

    def _expire(self, relay: Relay, client: aiosmtplib.SMTP) -> None:
        self._idle[relay] = [one for one in self._idle.get(relay, []) if one.client is not client]
        self._part(client)

    def _part(self, client: aiosmtplib.SMTP) -> None:
        task = asyncio.get_running_loop().create_task(_quit(client))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)


async def _answers(client: aiosmtplib.SMTP) -> bool:
    """Whether the relay still listens; a connection where it does not, or that nobody waited for, is cut."""
    does = False
    try:
        await client.rset(timeout=RESET_SECONDS)
        does = True
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        if not does:
            client.close()
    return does


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit(timeout=QUIT_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        client.close()
