"""The real desk with a clock moved by hand and senders in memory; between acts the clock stops at all that falls due.

The doors, rules, rooms and storage are those of the running desk. What a running desk does every two seconds is done
here at the very instant at which it is due, in one order, so that a day takes a moment and is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from bot.blobs import open_blobs
from bot.clock import HandClock
from bot.courier import Courier
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM, Answer, InboundMessage, Order, Receipt
from bot.morning import Draw, Morning
from bot.paperwork import Paperwork, Render
from bot.policy import Policy
from bot.queries import rehearsal as queries
from bot.reception import Reception
from bot.rehearsal.recorder import Recorder
from bot.stating import Stating
from bot.store import Store
from bot.tick import Tick

CHANNELS = (EMAIL, SLACK, TELEGRAM, CONSOLE)


class Stage:
    """One desk on a database, from `now` on.

    senders: by channel; recorders for all where none are given. clock: one that is moved by hand in a way of its own.
    """

    def __init__(
        self,
        store: Store,
        policy: Policy,
        *,
        now: datetime,
        folder: Path,
        draw: Draw,
        render: Render,
        render_statement: Render | None = None,
        draw_picture: Render | None = None,
        senders: Mapping[str, Recorder] | None = None,
        clock: HandClock | None = None,
    ) -> None:
        self.store, self.policy = store, policy
        self.clock = clock or HandClock(now)
        self.senders = dict(senders or {channel: Recorder(channel) for channel in CHANNELS})
        self.blobs = blobs = open_blobs(store, folder / "blobs", self.clock)
        self.reception = Reception(store, self.clock, blobs, policy)
        morning = Morning(store, self.clock, blobs, policy, draw=draw)
        paperwork = Paperwork(store, self.clock, blobs, policy, drawing=lambda: nullcontext(render))
        stating = Stating(
            store, self.clock, blobs, policy, render=render_statement or render, draw=draw_picture or render
        )
        self.tick = Tick(store, self.clock, policy)
        self.rounds = (morning, paperwork, stating)
        self.courier = Courier(store, self.clock, self.senders, blobs, policy=policy)

    async def receive(self, message: InboundMessage) -> Receipt:
        """A message comes in, and all that follows at this instant happens."""
        receipt = await self.reception.receive(message)
        await self.settle()
        return receipt

    async def obey(self, order: Order) -> Answer:
        """A command is given, and all that follows at this instant happens."""
        answer = await self.reception.obey(order)
        await self.settle()
        return answer

    async def settle(self) -> None:
        """Do and deliver what is due now, until nothing more is."""
        done = 1
        while done:
            done = sum([await one.run_once() for one in (self.tick, *self.rounds)]) + await self.courier.deliver_once()

    async def move_to(self, instant: datetime, *, stopped: Callable[[], None] = lambda: None) -> None:
        """Move the clock on, through every instant at which something falls due. stopped: called at each of them."""
        while (due_at := self.next_due()) is not None and due_at <= instant:
            self.clock.move_to(due_at)
            await self.settle()
            stopped()
        self.clock.move_to(instant)
        await self.settle()
        stopped()

    def next_due(self) -> datetime | None:
        """The next instant, later than now, at which something falls due."""
        now = self.clock.now()
        rows = self.store.read_sync(lambda tx: [tx.one(query, now=now) for query in queries.NEXT_DUE])
        return min((row.due_at for row in rows if row is not None), default=None)
