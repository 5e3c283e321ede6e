"""Long polling, written by ourselves: an update is confirmed to Telegram only after it is committed here.

The library's own updater confirms updates when it queues them, so a crash loses what was queued, and one malformed
update fails its whole batch. Here the offset of the next getUpdates call is the confirmation, and it moves only over
updates that the desk has settled. It is kept in memory alone: after a crash Telegram sends the unconfirmed updates
again, and the desk folds them by key. One poller may run per token: with a lease from `bookmarks`, a second process
waits its turn instead of fighting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any

import structlog
from telegram.error import BadRequest, Conflict, NetworkError, TelegramError, TimedOut

from bot.channels.port import Bookmarks
from bot.channels.telegram.client import BotClient, is_token_refused
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.listener import HELLO_AGAIN_SECONDS, PAUSES, Connection, end, wait_for_any
from bot.channels.telegram.translate import KINDS
from bot.channels.telegram.updates import Settled, id_of, in_order, lane_of
from bot.errors import ConfigError, TemporaryError
from bot.messages import InboundMessage

log = structlog.get_logger(__name__)

POLL_SECONDS = 25
BATCH_MAX = 100
RENEW_SECONDS = 20.0
GOODBYE_SECONDS, IDLE_SECONDS = 2.0, 0.2


class TelegramPoller:
    """Listens by getUpdates. `state` says how it stands; a refused token ends it and leaves `fault`."""

    name = "telegram"

    def __init__(
        self,
        client: BotClient,
        intake: Intake,
        config: TelegramConfig,
        *,
        bookmarks: Bookmarks | None = None,
        poll_seconds: int = POLL_SECONDS,
        pauses: tuple[float, ...] = PAUSES,
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._connection = Connection(client, intake, config, pauses=pauses)
        self._client, self._intake = client, intake
        self._bookmarks, self._stream = bookmarks, f"telegram:{config.bot_id}"
        self._poll_seconds, self._renew_seconds = poll_seconds, renew_seconds
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._offset: int | None = None
        self._confirmed: int | None = None
        self._settled = Settled()

    @property
    def state(self) -> str:
        return self._connection.state

    @property
    def fault(self) -> ConfigError | None:
        return self._connection.fault

    async def reread(self, raw: bytes, received_at: datetime) -> InboundMessage:
        """Read what lay in quarantine again; see `Intake.reread`."""
        return await self._intake.reread(raw, received_at)

    async def start(self) -> None:
        """Begin to poll. Raises ConfigError for a refused token; an unreachable Telegram is tried again behind."""
        is_known = await self._connection.greet_first()
        self._task = asyncio.create_task(self._run(is_known), name="telegram-poller")

    async def stop(self) -> None:
        """End the poll, let the updates under way be committed, and confirm them."""
        await end(self._task, self._connection.stopping.set)
        await self._intake.drain()
        await self._client.close_connections()
        if self.fault is None:
            self._connection.say("off")

    async def _run(self, is_known: bool) -> None:
        beside: list[asyncio.Task[None]] = []
        tries = 0
        try:
            while not self._connection.stopping.is_set():
                try:
                    if not beside:
                        if not is_known and not await self._connection.greet_again():
                            beside.append(asyncio.create_task(self._connection.greet_beside()))
                        beside.append(asyncio.create_task(self._connection.publish_menu()))
                    await self._without_webhook()
                    await self._poll_in_turn()
                    break
                except ConfigError as error:
                    log.error("telegram_off", fault=str(error))
                    break
                except Exception as error:
                    # Whatever it was, the next poll may be better; the offset stands where the last commit left it.
                    log.exception("telegram_poll_failed")
                    self._connection.say("waiting: it failed, see the log")
                    await self._connection.pause(tries, error)
                    tries += 1
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _without_webhook(self) -> None:
        """Telegram serves no getUpdates while a webhook is set. What waits there is kept."""
        try:
            await self._client.call("deleteWebhook", drop_pending_updates=False, read_seconds=HELLO_AGAIN_SECONDS)
        except TelegramError as error:
            log.warning("telegram_webhook_stays", reason=str(error))

    async def _poll_in_turn(self) -> None:
        tries = 0
        while not self._connection.stopping.is_set():
            if not await self._acquire():
                self._connection.say("waiting: another worker polls with this token")
                await self._connection.pause(min(tries + 3, 4))
                tries += 1
                continue
            tries = 0
            await self._poll_while_held()

    async def _acquire(self) -> bool:
        if self._bookmarks is None:
            return True
        try:
            return await self._bookmarks.take(self._stream)
        except TemporaryError:
            log.warning("telegram_lease_delayed", exc_info=True)
            return False

    async def _poll_while_held(self) -> None:
        self._lost.clear()
        keeper = asyncio.create_task(self._keep_lease())
        if self._bookmarks is not None:
            # Nobody polls on a lease that nobody keeps.
            keeper.add_done_callback(lambda ended: None if ended.cancelled() else self._lost.set())
        try:
            await self._poll()
        finally:
            keeper.cancel()
            (ended,) = await asyncio.gather(keeper, return_exceptions=True)
            await self._give_back()
        if isinstance(ended, Exception):
            raise ended

    async def _keep_lease(self) -> None:
        while self._bookmarks is not None:
            await asyncio.sleep(self._renew_seconds)
            try:
                is_held = await self._bookmarks.take(self._stream)
            except TemporaryError:
                # The lease outlives two failed renewals; if it is gone, the next one says so.
                log.warning("telegram_lease_not_renewed", exc_info=True)
                continue
            if not is_held:
                log.warning("telegram_lease_lost")
                return

    async def _give_back(self) -> None:
        if self._bookmarks is None or self._lost.is_set():
            return
        try:
            await self._bookmarks.give_back(self._stream)
        except TemporaryError:
            # It runs out by itself.
            log.warning("telegram_lease_not_released", exc_info=True)

    async def _poll(self) -> None:
        """Poll until we stop or the lease is lost. Every failure is waited out, but a refused token."""
        tries, failure = 0, Exception()
        self._connection.say("polling")
        while not self._is_over():
            try:
                # An empty answer at once, so that the state does not lag; another poller could not cut that one off.
                is_quick = tries and not isinstance(failure, Conflict)
                updates = await self._unless_over(self._updates(0 if is_quick else self._poll_seconds))
                if updates is None:
                    break
                self._connection.say("polling")
                before = self._offset
                await self._settle(updates)
                tries = 0
                if self._offset == before:
                    # A server that says "nothing", or the same again, without a wait must not be asked without end.
                    await wait_for_any(IDLE_SECONDS, self._connection.stopping, self._lost)
                continue
            except TemporaryError as error:
                self._connection.say("waiting: the desk is busy")
                failure = error
            except TelegramError as error:
                failure = await self._explain(error)
            await self._connection.pause(tries, failure)
            tries += 1
        await self._confirm()

    def _is_over(self) -> bool:
        return self._connection.stopping.is_set() or self._lost.is_set()

    async def _unless_over(self, work: Coroutine[Any, Any, list[Any]]) -> list[Any] | None:
        """The result of a poll; None, and the poll given up, when we stop or lose the lease first."""
        poll = asyncio.create_task(work)
        over = asyncio.create_task(wait_for_any(None, self._connection.stopping, self._lost))
        try:
            await asyncio.wait([poll, over], return_when=asyncio.FIRST_COMPLETED)
            return await poll if poll.done() else None
        finally:
            for task in (poll, over):
                task.cancel()
            await asyncio.gather(poll, over, return_exceptions=True)

    async def _updates(self, wait_seconds: int) -> list[Any]:
        self._confirmed = self._offset
        updates = await self._client.call(
            "getUpdates",
            # The read time-out must outlast the poll, or an idle poll looks like a broken connection.
            read_seconds=wait_seconds + 10,
            offset=self._offset,
            limit=BATCH_MAX,
            timeout=wait_seconds,
            allowed_updates=list(KINDS),
        )
        if updates is None:
            # A server that has nothing to tell and says it so.
            return []
        if not isinstance(updates, list):
            raise TypeError("getUpdates did not return a list")
        return updates

    async def _settle(self, updates: Sequence[Any]) -> None:
        """Settle a batch, and move the offset over what is settled. Raises TemporaryError for what is left."""
        # Another order would move the offset over one that is still to come again.
        updates = in_order(updates)
        lanes: dict[str, list[tuple[int, Any]]] = {}
        for index, update in enumerate(updates):
            lanes.setdefault(lane_of(update), []).append((index, update))
        unsettled = await asyncio.gather(*(self._take_lane(lane) for lane in lanes.values()))
        stuck = [failure for failure in unsettled if failure is not None]
        first_left = min((index for index, _ in stuck), default=len(updates))
        ids = [number for update in updates[:first_left] if (number := id_of(update)) is not None]
        if ids:
            self._offset = max(ids) + 1 if self._offset is None else max(self._offset, max(ids) + 1)
        if stuck:
            raise stuck[0][1]
        if updates and not ids:
            # Nothing in it can be confirmed: it would come again at once.
            raise TemporaryError("a batch without update ids")

    async def _take_lane(self, lane: Sequence[tuple[int, Any]]) -> tuple[int, TemporaryError] | None:
        """Settle the updates of one chat in order; stops at the first that must come again."""
        for index, update in lane:
            if self._offset is not None and (id_of(update) or 0) < self._offset and update in self._settled:
                # Confirmed, and given again all the same.
                continue
            try:
                await self._intake.take(update)
            except TemporaryError as error:
                return index, error
            self._settled.note(update)
        return None

    async def _explain(self, error: TelegramError) -> TelegramError:
        """Say what is wrong, and do what can be done. Raises ConfigError for a refused token."""
        if is_token_refused(error):
            raise self._connection.refused() from error
        if isinstance(error, Conflict):
            self._connection.say("waiting: somebody else polls with this token, or a webhook is set")
            if "webhook" in str(error).lower():
                log.warning(
                    "telegram_webhook_taken_away", reason="a webhook was set with this token: nothing is polled"
                )
                await self._without_webhook()
        else:
            if isinstance(error, NetworkError) and not isinstance(error, TimedOut | BadRequest):
                # A server that was away may count anew. What it had confirmed it does not give again, and what
                # comes twice is folded by its key.
                self._offset = None
            self._connection.say(f"waiting: {error}")
        return error

    async def _confirm(self) -> None:
        """Tell Telegram what was settled, so that the next start does not meet it again. Costs nothing if it fails."""
        if self._offset is None or self._offset == self._confirmed or self._lost.is_set():
            return
        goodbye = self._client.call("getUpdates", offset=self._offset, limit=1, timeout=0, read_seconds=GOODBYE_SECONDS)
        try:
            await asyncio.wait_for(goodbye, GOODBYE_SECONDS)
        except (TelegramError, TimeoutError) as error:
            log.info("telegram_goodbye_failed", reason=str(error))
