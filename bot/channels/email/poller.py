"""Mail by IMAP: reads what is new, waits in IDLE, and marks or moves a mail only after it was committed.

Nothing is lost and nothing comes twice: the place in the mailbox (UIDVALIDITY and UID) is saved after each commit, and
a mail that is met again has the same key. A changed UIDVALIDITY starts over at the unread mails, and at those that
came since the desk's first look, for somebody may have read them meanwhile. The library blocks, so every call runs in
a thread of the poller's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from bot.channels.email.mailbox import Mailbox
from bot.channels.email.oauth import TokenDenied, Tokens
from bot.channels.email.oldmail import OldMail
from bot.channels.email.reading import MailReader
from bot.channels.port import Bookmarks, Desk, Seal
from bot.clock import Clock
from bot.errors import ConfigError, TemporaryError, UserError

log = structlog.get_logger()
T = TypeVar("T")
# Servers and routers drop a silent connection after about 29 minutes; the lease wants a renewal much sooner.
IDLE_SECONDS = 20
TIMEOUT_SECONDS = 60
BACKOFF_SECONDS_MIN, BACKOFF_SECONDS_MAX = 1.0, 60.0
BATCH = 50


class MailPoller:
    """Reads one mailbox for as long as it holds the lease."""

    def __init__(
        self,
        desk: Desk,
        reader: MailReader,
        bookmarks: Bookmarks,
        mailbox: Mailbox,
        *,
        clock: Clock,
        open_seal: Callable[[], Seal] | None = None,
    ) -> None:
        self.name = f"imap:{mailbox.name or mailbox.user}"
        self._token_name = f"{self.name}:token"
        self._desk, self._reader, self._bookmarks, self._mailbox = desk, reader, bookmarks, mailbox
        self._clock = clock
        self._tokens = Tokens(mailbox.grant, clock, open_seal, name=self.name) if mailbox.grant is not None else None
        self._past = OldMail(desk, reader, bookmarks, name=self.name, go_back=mailbox.go_back)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="imap")
        self._task: asyncio.Task[None] | None = None
        self._client: IMAPClient | None = None
        self._wait_seconds = BACKOFF_SECONDS_MIN
        self._is_stopping = False

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        self._is_stopping = True
        if self._client is not None:
            # The thread may wait in IDLE for a while yet; a line that is cut wakes it.
            with contextlib.suppress(OSError):
                self._client.socket().shutdown(socket.SHUT_RDWR)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        with contextlib.suppress(TemporaryError):
            await self._bookmarks.give_back(self.name)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        while not self._is_stopping:
            try:
                if await self._bookmarks.take(self.name):
                    await self._read_mailbox()
            except LoginError:
                what = "password" if self._tokens is None else "access token"
                log.error(f"mailbox refuses the {what}", mailbox=self.name)
                self._wait_seconds = BACKOFF_SECONDS_MAX
            except TokenDenied as denied:
                log.error("mailbox gets no access token", mailbox=self.name, cause=str(denied))
                self._wait_seconds = BACKOFF_SECONDS_MAX
            except ConfigError as sealed:
                # The configured token is tried next.
                log.error("mailbox token cannot be opened", mailbox=self.name, cause=str(sealed))
            except (IMAPClientError, OSError, TemporaryError) as cause:
                again_in = self._wait_seconds
                log.warning("mailbox away", mailbox=self.name, cause=type(cause).__name__, again_in_seconds=again_in)
            except Exception:
                log.exception("mailbox poller failed", mailbox=self.name)
            finally:
                await self._drop_connection()
            await asyncio.sleep(self._wait_seconds)
            self._wait_seconds = min(self._wait_seconds * 2, BACKOFF_SECONDS_MAX)

    async def _read_mailbox(self) -> None:
        """Connect, then read and wait in turns until the lease or the connection is lost."""
        client = await self._enter()
        await self._past.read(client, self._call, self._clock.now())
        while await self._bookmarks.take(self.name):
            while await self._read_batch(client):
                await self._bookmarks.take(self.name)
            self._wait_seconds = BACKOFF_SECONDS_MIN
            await self._wait(client)

    async def _enter(self) -> IMAPClient:
        """Connect; a refresh token that the provider changed on the way is kept, for the old one will end."""
        if self._tokens is None:
            return await self._call(self._connect)
        kept = await self._bookmarks.position(self._token_name)
        self._tokens.resume(kept)
        try:
            return await self._call(self._connect)
        finally:
            changed = self._tokens.to_keep
            if changed and changed != kept and await self._bookmarks.take(self._token_name):
                await self._bookmarks.save(self._token_name, changed)
                await self._bookmarks.give_back(self._token_name)

    async def _read_batch(self, client: IMAPClient) -> int:
        """Receive up to a batch of new mails; returns 0 where there was nothing left to look at."""
        position = await self._bookmarks.position(self.name)
        chosen = await self._call(lambda: client.select_folder(self._mailbox.folder))
        validity = int(chosen[b"UIDVALIDITY"])
        if position.get("uidvalidity") != validity:
            since = str(position.get("since", ""))
            await self._first_look(client, validity, int(chosen[b"UIDNEXT"]) - 1, since=since)
            if "went_back" in position:
                later = await self._bookmarks.position(self.name)
                await self._bookmarks.save(self.name, {**later, "went_back": position["went_back"]})
            await self._past.read(client, self._call, self._clock.now())
            # Look again: what came meanwhile was told in answer to other commands, and IDLE will not tell it twice.
            return 1
        last_uid = int(position["uid"])
        found = await self._call(lambda: client.search(["UID", f"{last_uid + 1}:*"]))
        # "N:*" names the last mail even when its UID is below N.
        uids = sorted(uid for uid in found if uid > last_uid)[:BATCH]
        for uid in uids:
            await self._receive(client, uid)
            await self._bookmarks.save(self.name, {**position, "uid": uid})
        return len(uids)

    async def _first_look(self, client: IMAPClient, validity: int, newest_uid: int, *, since: str) -> None:
        """Start with what nobody has read yet; what was read before the desk came stays where it is.

        since: the instant of the very first look at this mailbox, "" if this is it.
        """
        first_at = datetime.fromisoformat(since) if since else None
        now = self._clock.now()
        if first_at is None and not await self._past.may_read_unread(client, self._call, validity):
            await self._bookmarks.save(
                self.name,
                {"uidvalidity": validity, "uid": newest_uid, "since": now.isoformat(), "past_uid": newest_uid},
            )
            return
        if not since:
            # Kept before anything is read: a stop in the middle is no second first look, which would pass over what
            # somebody reads meanwhile.
            since = now.isoformat()
            await self._bookmarks.save(self.name, {"since": since})
        for uid in await self._call(lambda: _unread(client, first_at)):
            await self._receive(client, uid)
            await self._bookmarks.take(self.name)
        position: dict[str, int | str] = {"uidvalidity": validity, "uid": newest_uid, "since": since}
        await self._bookmarks.save(self.name, position)

    async def _receive(self, client: IMAPClient, uid: int) -> None:
        fetched = await self._call(lambda: client.fetch([uid], ["BODY.PEEK[]"]))
        raw = fetched.get(uid, {}).get(b"BODY[]")
        if raw is None:
            return  # another client moved or deleted it meanwhile
        try:
            message = await self._reader.read(raw)
            await self._desk.receive(message)
        except UserError as unreadable:
            await self._desk.quarantine("email", raw, str(unreadable))
        except TemporaryError:
            raise
        except Exception as fault:
            # Unknown, so of our own making: kept until it is mended, and not in the way of the mails behind it.
            log.exception("mail not read", mailbox=self.name)
            await self._desk.quarantine("email", raw, type(fault).__name__)
        await self._call(lambda: self._finish(client, uid))

    def _finish(self, client: IMAPClient, uid: int) -> None:
        if self._mailbox.after == "move":
            if not client.folder_exists(self._mailbox.move_to):
                client.create_folder(self._mailbox.move_to)
            if client.has_capability("MOVE"):
                client.move([uid], self._mailbox.move_to)
            else:
                client.copy([uid], self._mailbox.move_to)
                client.delete_messages([uid])
                client.expunge([uid])
        else:
            client.add_flags([uid], [b"\\Seen"])

    def _connect(self) -> IMAPClient:
        box = self._mailbox
        context = ssl.create_default_context() if box.tls != "none" else None
        client = IMAPClient(box.host, box.port, ssl=box.tls == "implicit", ssl_context=context, timeout=TIMEOUT_SECONDS)
        self._client = client
        client.normalise_times = False
        if box.tls == "starttls":
            client.starttls(context)
        self._log_in(client)
        client.select_folder(box.folder)
        return client

    def _log_in(self, client: IMAPClient) -> None:
        user = self._mailbox.user
        if self._tokens is None:
            client.login(user, self._mailbox.password)
            return
        try:
            client.oauth2_login(user, self._tokens.token())
        except LoginError:
            # It may have been withdrawn before its time; one anew, and then the refusal is meant.
            self._tokens.forget()
            client.oauth2_login(user, self._tokens.token())

    async def _wait(self, client: IMAPClient) -> None:
        """Until there is news, or until it is time to look again; the lease is renewed by the caller in time."""
        if await self._call(lambda: client.has_capability("IDLE")):
            await self._call(lambda: self._idle(client))
            return
        left = self._mailbox.poll_seconds
        while left > 0 and await self._bookmarks.take(self.name):
            await asyncio.sleep(min(left, IDLE_SECONDS))
            left -= IDLE_SECONDS
        await self._call(client.noop)

    def _idle(self, client: IMAPClient) -> None:
        # A mail that came while the last command ran was told with its answer, after SELECT's own count; IDLE does not
        # tell it twice.
        if len(client._imap.untagged_responses.get("EXISTS", ())) > 1:
            return
        client.idle()
        try:
            if not _is_told(client):
                client.idle_check(timeout=IDLE_SECONDS)
        finally:
            client.idle_done()

    async def _drop_connection(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(IMAPClientError, OSError, RuntimeError):
                await self._call(client.shutdown)

    async def _call(self, blocking: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, blocking)


def _is_told(client: IMAPClient) -> bool:
    """Whether the server's next line was read ahead with the last one: waiting at the socket would not see it."""
    connection = client.socket()
    patience = connection.gettimeout()
    connection.settimeout(0)
    try:
        return bool(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(patience)


def _unread(client: IMAPClient, since: datetime | None) -> list[int]:
    """The mails nobody has read, and those that came since then, which folds what is known already."""
    if since is None:
        return sorted(client.search(["UNSEEN"]))
    unseen = set(client.search(["UNSEEN"]))
    # Servers compare days, and each in its own zone.
    came = client.fetch(client.search(["SINCE", (since - timedelta(days=1)).date()]), ["INTERNALDATE"])
    # They keep whole seconds.
    first_at = since.replace(microsecond=0)
    return sorted(unseen | {uid for uid, found in came.items() if found[b"INTERNALDATE"] >= first_at})
