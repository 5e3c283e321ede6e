"""The door to the outside: leases what is due in the outbox, sends it, settles it. The only caller of senders.

No network call happens inside a transaction. A crash between sending and settling sends again with the same key, so
that the channel folds the repeat: at least once, never lost. Errors nobody named are taken as temporary.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import structlog

from bot import outbox, settling
from bot.blobs import BlobMissing, Blobs
from bot.cards import stand
from bot.channels.port import Sender
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused, TemporaryError
from bot.messages import RemoteRef
from bot.outbox import Lane, Lease
from bot.parcels import CardParcel, Parcel, pack, pack_card
from bot.policy import Policy
from bot.side_by_side import SideBySide
from bot.spells import Spell
from bot.store import Store, Tx

log = structlog.get_logger()
BATCH = 40
IDLE_SECONDS = 1.0
# What is written within a moment leaves together: a look at the outbox costs as much as a command.
GATHER_SECONDS = 0.02
# Whoever writes to us goes first: so many moments are waited for one in which nothing comes.
MOMENTS_PAGE_MAX, MOMENTS_MAX = 5, 12
# Of what is no page, on each channel: whoever writes to us meanwhile shares the processor with what we send.
AT_ONCE_MAX = 10
# So long one channel waits for another; then what hangs goes on by itself.
PATIENCE_SECONDS = 1.0


class Courier:
    """Sends what the outbox holds. `senders`: by channel name; a channel without one keeps its rows waiting."""

    def __init__(
        self, store: Store, clock: Clock, senders: Mapping[str, Sender], blobs: Blobs, *, policy: Policy
    ) -> None:
        self._store, self._clock, self._senders = store, clock, dict(senders)
        self._blobs, self._policy = blobs, policy
        self._pages, self._rest = SideBySide(self._senders), SideBySide(self._senders)
        self._wakes_heard = 0
        self._at_once = {channel: asyncio.Semaphore(AT_ONCE_MAX) for channel in self._senders}
        self._is_stopping = False
        # What is in hand for so long is leased anew: a slow relay, a large file, or forty before it.
        self.renew_seconds = outbox.LEASE_SECONDS / 3

    def wake(self) -> None:
        """Something was written to the outbox: do not wait for the next look."""
        self._wakes_heard += 1
        for lane in (self._pages, self._rest):
            lane.wake.set()

    async def run(self) -> None:
        """Deliver until stopped. Pages go on by themselves, and each channel, so that nothing slow is before them."""
        pages, rest = partial(self._deliver_pages, PATIENCE_SECONDS), partial(self._deliver_rest, PATIENCE_SECONDS)
        try:
            await asyncio.gather(
                self._prepare(),
                self._keep_on(pages, self._pages.wake, MOMENTS_PAGE_MAX),
                self._keep_on(rest, self._rest.wake, MOMENTS_MAX),
            )
            await asyncio.gather(self._pages.finish(), self._rest.finish())
        finally:
            self._pages.end()
            self._rest.end()

    async def prepare(self) -> None:
        """At a start: the staff's conversation may be another one than before. Raises what the store raises."""
        await self._store.run(lambda tx: stand(tx, self._policy.staff_places, self._clock.now()))

    async def _prepare(self) -> None:
        """Beside the deliveries, and again where the database is away: nobody does it later."""
        is_done = False
        while not (is_done or self._is_stopping):
            try:
                await self.prepare()
                is_done = True
            except TemporaryError:
                await asyncio.sleep(IDLE_SECONDS)
            except Exception:
                log.exception("cards not prepared")
                is_done = True

    def stop(self) -> None:
        """Finish the batch in hand, then end. Leases that are left run out by themselves."""
        self._is_stopping = True
        self.wake()

    async def deliver_once(self) -> int:
        """One round over both lanes and the cards, to its end; returns how many things were tried."""
        return await self._deliver_pages(None) + await self._deliver_rest(None)

    async def _keep_on(self, look: Callable[[], Awaitable[int]], wake: asyncio.Event, moments_max: int) -> None:
        spell = Spell("courier")
        while not self._is_stopping:
            wake.clear()
            heard = self._wakes_heard
            try:
                tried = await look()
                spell.over()
            except TemporaryError as error:
                spell.met(error)
                tried = 0
            except Exception:
                log.exception("courier failed")
                tried = 0
            if not tried and not self._is_stopping:
                try:
                    await asyncio.wait_for(wake.wait(), IDLE_SECONDS)
                except TimeoutError:
                    continue
            if self._wakes_heard != heard:
                await self._let_doors_go_first(moments_max)

    async def _let_doors_go_first(self, moments_max: int) -> None:
        for _ in range(moments_max):
            heard = self._wakes_heard
            await asyncio.sleep(GATHER_SECONDS)
            if self._wakes_heard == heard or self._is_stopping:
                return

    async def _deliver_pages(self, seconds: float | None) -> int:
        now, lane = self._clock.now(), self._pages
        parcels = await self._store.run(lambda tx: self._lease(tx, lane=Lane.PAGE, now=now, channels=lane.free))
        await lane.carry(parcels, self._deliver_all, seconds=seconds)
        return len(parcels)

    async def _deliver_rest(self, seconds: float | None) -> int:
        now, lane = self._clock.now(), self._rest
        parcels = await self._store.run(lambda tx: self._lease(tx, lane=Lane.CONVERSATION, now=now, channels=lane.free))
        await lane.carry(parcels, self._deliver_in_turn, seconds=seconds)
        cards = await self._store.run(lambda tx: self._lease_cards(tx, now, lane.free))
        await lane.carry(cards, self._show_in_turn, seconds=seconds)
        return len(parcels) + len(cards)

    async def _deliver_all(self, parcels: Sequence[Parcel]) -> None:
        async with self._in_hand(parcels):
            await asyncio.gather(*map(self._deliver, parcels))

    async def _deliver_in_turn(self, parcels: Sequence[Parcel]) -> None:
        async with self._in_hand(parcels):
            await asyncio.gather(*(self._in_turn(parcel.channel, self._deliver(parcel)) for parcel in parcels))

    async def _show_in_turn(self, cards: Sequence[CardParcel]) -> None:
        await asyncio.gather(*(self._in_turn(card.channel, self._show(card)) for card in cards))

    async def _in_turn(self, channel: str, work: Awaitable[None]) -> None:
        async with self._at_once[channel]:
            await work

    @asynccontextmanager
    async def _in_hand(self, parcels: Sequence[Parcel]) -> AsyncIterator[None]:
        """Nobody else gets what is leased here, however long sending takes."""
        renewing = asyncio.create_task(self._renew([parcel.lease for parcel in parcels]))
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, leases: Sequence[Lease]) -> None:
        while leases:
            await asyncio.sleep(self.renew_seconds)
            try:
                await self._store.run(lambda tx: outbox.renew(tx, leases, self._clock.now()))
            except TemporaryError:
                log.warning("leases not renewed", exc_info=True)

    # ------------------------------------------------------------ leasing, in a transaction

    def _lease(self, tx: Tx, *, lane: Lane, now: datetime, channels: Sequence[str]) -> list[Parcel]:
        token = secrets.token_hex(8)
        leases = outbox.lease_due(tx, lane=lane, token=token, now=now, limit=BATCH, channels=channels)
        parcels = []
        for lease in leases:
            try:
                parcels.append(pack(tx, lease, policy=self._policy, blobs=self._blobs))
            except BlobMissing as missing:
                # It will never be complete, and must not keep the others back.
                reason = f"a file that belongs to it is not there any more ({str(missing)[:12]})"
                settling.refused(tx, lease, reason, policy=self._policy, now=now)
        return parcels

    def _lease_cards(self, tx: Tx, now: datetime, channels: Sequence[str]) -> list[CardParcel]:
        token = secrets.token_hex(8)
        leases = outbox.lease_cards(tx, token=token, now=now, limit=BATCH, channels=channels)
        return [pack_card(tx, lease, policy=self._policy, now=now) for lease in leases]

    # ------------------------------------------------------------ sending, outside of any

    async def _deliver(self, parcel: Parcel) -> None:
        sender = self._senders[parcel.channel]
        try:
            ref = await sender.send(parcel.outgoing)
        except DeliveryRefused as refused:
            await self._give_up(parcel, refused)
        except DeliveryDelayed as delayed:
            await self._delay(parcel, str(delayed), delayed.retry_after_seconds)
        except Exception as unknown:
            log.exception("send failed", delivery=parcel.outgoing.delivery_id, channel=parcel.channel)
            await self._delay(parcel, f"{type(unknown).__name__}", None)
        else:
            await self._settle(parcel, ref)

    async def _settle(self, parcel: Parcel, ref: RemoteRef) -> None:
        now = self._clock.now()
        await self._store.run(lambda tx: settling.sent(tx, parcel.lease, ref, policy=self._policy, now=now))

    async def _delay(self, parcel: Parcel, reason: str, retry_after_seconds: float | None) -> None:
        now = self._clock.now()
        await self._store.run(
            lambda tx: settling.delayed(tx, parcel.lease, reason, retry_after_seconds, policy=self._policy, now=now)
        )

    async def _give_up(self, parcel: Parcel, refused: DeliveryRefused) -> None:
        now, why = self._clock.now(), str(refused)
        facts = {"is_address_dead": refused.is_address_dead, "is_place_closed": refused.is_place_closed}
        await self._store.run(lambda tx: settling.refused(tx, parcel.lease, why, policy=self._policy, now=now, **facts))

    async def _show(self, parcel: CardParcel) -> None:
        sender = self._senders[parcel.channel]
        try:
            ref = await sender.show(parcel.view, parcel.lease.ref)
        except (DeliveryRefused, DeliveryDelayed) as failed:
            wait = getattr(failed, "retry_after_seconds", None)
            await self._delay_card(parcel, str(failed), wait)
        except Exception as unknown:
            log.exception("card failed", ticket=parcel.lease.ticket_id, channel=parcel.channel)
            await self._delay_card(parcel, type(unknown).__name__, None)
        else:
            now = self._clock.now()
            await self._store.run(lambda tx: settling.shown(tx, parcel.lease, parcel.view, ref=ref, now=now))

    async def _delay_card(self, parcel: CardParcel, reason: str, retry_after_seconds: float | None) -> None:
        now = self._clock.now()
        await self._store.run(
            lambda tx: outbox.delay_card(tx, parcel.lease, reason, retry_after_seconds=retry_after_seconds, now=now)
        )
