"""What lies in a mailbox from before the desk came: whether it is read at all, how far back, and then silently.

Up to UNREAD_MAX mails that nobody has read are taken as new. More are the past of a mailbox that was in use: the desk
leaves them, asks a manager once how far back to go, and reads that when `go_back` says so. Old mail is neither marked
nor moved. The place is saved after each batch, and a mail that is met again has the same key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from imapclient import IMAPClient

from bot.channels.email.reading import MailReader
from bot.channels.port import Bookmarks, Desk
from bot.errors import UserError
from bot.messages import EMAIL, News

log = structlog.get_logger()
UNREAD_MAX = 100
BATCH = 50
# Runs a blocking call in the poller's thread.
Call = Callable[[Callable[[], Any]], Awaitable[Any]]


class OldMail:
    """The past of one mailbox."""

    def __init__(self, desk: Desk, reader: MailReader, bookmarks: Bookmarks, *, name: str, go_back: str) -> None:
        self._desk, self._reader, self._bookmarks = desk, reader, bookmarks
        self._name, self._go_back = name, go_back

    async def may_read_unread(self, client: IMAPClient, call: Call, validity: int) -> bool:
        """At the very first look: whether what is unread is new. Where it is too much for that, a manager is asked."""
        if self._go_back != "ask":
            return False
        unread = len(await call(lambda: client.search(["UNSEEN"])))
        if unread <= UNREAD_MAX:
            return True
        held = len(await call(lambda: client.search(["ALL"])))
        reason = f"{self._name} holds {held:,} mails, {unread:,} of them unread"
        await self._desk.hear_of(News(EMAIL, f"asks:{self._name}:{validity}", "asks", reason))
        log.warning("mailbox with a past", mailbox=self._name, mails=held, unread=unread)
        return False

    async def read(self, client: IMAPClient, call: Call, now: datetime) -> None:
        """Read the past as far as `go_back` says, newest first, unless that was done. now: the present instant."""
        position = await self._bookmarks.position(self._name)
        if self._go_back in ("ask", "none") or not position or position.get("went_back") == self._go_back:
            return
        wanted = ["ALL"] if self._go_back == "all" else ["SINCE", _first_day(self._go_back, now)]
        # A search by days and one by numbers: servers answer both from their index.
        below = int(position.get("past_uid", position["uid"]))
        uids = [uid for uid in sorted(await call(lambda: client.search(wanted)), reverse=True) if uid <= below]
        for start in range(0, len(uids), BATCH):
            for uid in uids[start : start + BATCH]:
                await self._receive(client, call, uid)
            position = {**position, "past_uid": uids[start : start + BATCH][-1] - 1}
            await self._bookmarks.take(self._name)
            await self._bookmarks.save(self._name, position)
        done = {key: value for key, value in position.items() if key != "past_uid"}
        await self._bookmarks.save(self._name, {**done, "went_back": self._go_back})
        log.info("old mail read", mailbox=self._name, mails=len(uids))

    async def _receive(self, client: IMAPClient, call: Call, uid: int) -> None:
        fetched = (await call(lambda: client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE"]))).get(uid, {})
        raw = fetched.get(b"BODY[]")
        if raw is None:
            return  # another client moved or deleted it meanwhile
        try:
            message = await self._reader.reread(raw, fetched[b"INTERNALDATE"])
            await self._desk.receive(replace(message, is_past=True))
        except UserError as unreadable:
            # It lies in the mailbox as before, and nobody waits for an answer: no notice.
            log.info("old mail left unread", mailbox=self._name, uid=uid, cause=str(unreadable))


def _first_day(go_back: str, now: datetime) -> date:
    """The first day of "30d" or of a day written out."""
    if go_back.endswith("d"):
        return now.date() - timedelta(days=int(go_back[:-1]))
    return date.fromisoformat(go_back)
