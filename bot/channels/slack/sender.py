"""Slack, outgoing: deliveries and cards, as messages that Slack takes. One try a call; the outbox does the rest.

A long delivery is several posts. What was posted of it is remembered, so that a second try goes on where the first
one ended; beyond a restart the stable `client_msg_id` lets Slack fold the repeat.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.channels.slack.faults import LOST_CARD, LOST_THREAD, SlackDelayed, SlackMissing, SlackRefused, SlackSilent
from bot.channels.slack.pace import Pace
from bot.channels.slack.payloads import OURS, SOME_TEAM, Payload, part, string
from bot.channels.slack.render import Page, card_page, notice_pages, plain
from bot.channels.slack.service import Service
from bot.errors import DeliveryDelayed
from bot.messages import SLACK, CardView, File, Outgoing, RemoteRef
from bot.silences import Silence
from bot.tokens import Signer

log = structlog.get_logger(__name__)

REMEMBERED_MAX = 1_000
_KEYS = uuid.UUID("6f1d2b0e-5f0c-4d54-9d5f-3f9b0c6f3f55")


@dataclass(frozen=True, slots=True)
class _Progress:
    """How much of a delivery Slack has taken, and where its first post lies."""

    posts: int = 0
    first_id: str = ""


class SlackSender:
    """The outgoing half. Called by the courier alone."""

    channel = SLACK

    def __init__(self, service: Service, *, signer: Signer, pace: Pace) -> None:
        self._service = service
        self._signer = signer
        self._pace = pace
        self._silence = Silence(pace.clock, "Slack")
        self._progress: OrderedDict[str, _Progress] = OrderedDict()
        self._team = ""
        self._direct: OrderedDict[str, str] = OrderedDict()

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        """Post one delivery, in its thread or as a direct message; returns where its first part lies."""
        self._silence.check()
        lies_in = outgoing.place.conversation if outgoing.place is not None else outgoing.to.address
        await self._service.enter(lies_in.rpartition(":")[0])
        team, conversation = await self._conversation(outgoing)
        # A conversation of two that is lost is a lost person; D is what Slack calls them.
        is_direct = outgoing.place is None or conversation.startswith("D")
        thread = outgoing.place.thread if outgoing.place is not None else ""
        progress = self._progress.get(outgoing.key, _Progress())
        pages = notice_pages(outgoing.notice, outgoing.ticket_id, self._signer)
        for number, page in enumerate(pages[progress.posts :], start=progress.posts):
            posted_id = await self._post(
                conversation,
                page,
                thread=thread or progress.first_id,
                key=f"{outgoing.key}/{number}",
                is_direct=is_direct,
                is_page=outgoing.is_page,
            )
            progress = _Progress(number + 1, progress.first_id or posted_id)
            self._remember(outgoing.key, progress)
        if outgoing.files:
            await self._upload(conversation, thread or progress.first_id, outgoing.files, key=outgoing.key)
        self._progress.pop(outgoing.key, None)
        return RemoteRef(f"{team}:{conversation}", progress.first_id)

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        """Post a card, or edit the one at `ref`; one that is gone is posted anew."""
        self._silence.check()
        page = card_page(card, self._signer)
        await self._service.enter(card.place.conversation.rpartition(":")[0])
        if ref is not None and ref.message_id:
            try:
                await self._edit(ref, page)
                return ref
            except SlackMissing as error:
                log.warning("slack_card_not_edited", ticket=card.ticket_id, code=error.code)
            except SlackRefused as error:
                if error.code not in LOST_CARD:
                    raise
                log.info("slack_card_lost", ticket=card.ticket_id, code=error.code)
        team, _, conversation = card.place.conversation.rpartition(":")
        # Configured without its workspace: what is written there comes in with it.
        team = team or await self._home()
        lost = ref.message_id if ref is not None else ""
        posted_id = await self._post(
            conversation, page, thread=card.place.thread, key=f"card/{card.ticket_id}/{card.version}/{lost}"
        )
        return RemoteRef(f"{team}:{conversation}", posted_id)

    async def close(self) -> None:
        """Let connections go."""
        await self._service.close()

    async def _home(self) -> str:
        """The workspace that the bot lives in, asked until it is known; a card does not wait for that."""
        if not self._team:
            try:
                self._team = self._service.me.team or (await self._service.identity()).team or SOME_TEAM
            except DeliveryDelayed as error:
                log.warning("slack_identity_unknown", error=str(error))
        return self._team or SOME_TEAM

    async def _conversation(self, outgoing: Outgoing) -> tuple[str, str]:
        """The workspace, and the channel to post in; a direct message is opened first."""
        if outgoing.place is not None:
            team, _, conversation = outgoing.place.conversation.rpartition(":")
            return team, conversation
        team, _, person = outgoing.to.address.rpartition(":")
        if person not in self._direct:
            # A post to a person's own id lands in the same conversation.
            self._direct[person] = await self._service.direct_channel(person) or person
            if len(self._direct) > REMEMBERED_MAX:
                self._direct.popitem(last=False)
        return team, self._direct[person]

    async def _post(
        self, conversation: str, page: Page, *, thread: str, key: str, is_direct: bool = False, is_page: bool = False
    ) -> str:
        """One message; returns its ts. In a thread that is gone, it is posted beside it."""

        async def post(thread: str) -> str:
            # No previews of links that strangers wrote.
            posted = await self._paced(
                conversation,
                lambda: self._service.post(
                    channel=conversation,
                    text=page.text,
                    blocks=list(page.blocks),
                    thread_ts=thread or None,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata={"event_type": OURS, "event_payload": {"key": key}},
                    client_msg_id=str(uuid.uuid5(_KEYS, key)),
                    is_direct=is_direct,
                ),
                is_page=is_page,
            )
            # It is posted, whatever the answer leaves out: to post it again would double it.
            return string(posted, "ts") or string(part(posted, "message"), "ts")

        try:
            return await post(thread)
        except SlackRefused as error:
            if not thread or error.code not in LOST_THREAD:
                raise
            log.info("slack_thread_lost", code=error.code)
            return await post("")

    async def _edit(self, ref: RemoteRef, page: Page) -> None:
        channel, blocks = _last(ref.conversation), list(page.blocks)
        edit = self._service.client.chat_update(channel=channel, ts=ref.message_id, text=page.text, blocks=blocks)
        await self._answered(self._service.asked(edit))

    async def _upload(self, conversation: str, thread: str, files: Sequence[File], *, key: str) -> None:
        """The files, into the delivery's thread. Refused for good, they are named as missed: the words arrived."""
        uploads = [{"filename": file.filename, "content": file.content, "title": file.filename} for file in files]
        try:
            await self._paced(
                conversation,
                lambda: self._service.asked(
                    self._service.client.files_upload_v2(
                        channel=conversation, thread_ts=thread or None, file_uploads=uploads
                    )
                ),
            )
        except (SlackMissing, SlackRefused) as error:
            log.error("slack_files_refused", code=error.code, files=len(files))
            names = ", ".join(file.filename for file in files)
            told = plain(f"[{names}: this could not be sent here; ask the desk for it by email]")
            await self._post(conversation, told, thread=thread, key=f"{key}/files")

    async def _paced(
        self, conversation: str, call: Callable[[], Awaitable[Payload]], *, is_page: bool = False
    ) -> Payload:
        """One call when it is its turn in the channel; where Slack asks to wait, nobody posts there meanwhile."""
        await self._pace.turn(conversation, is_page=is_page)
        try:
            return await self._answered(call())
        except SlackDelayed as error:
            if error.retry_after_seconds is not None:
                self._pace.hold(conversation, error.retry_after_seconds)
            raise

    async def _answered(self, call: Awaitable[Payload]) -> Payload:
        """What a call gives; a service that gives nothing is left alone for a while, and others are served."""
        try:
            answer = await call
        except SlackSilent:
            self._silence.begin()
            raise
        except (SlackDelayed, SlackRefused):
            self._silence.end()
            raise
        self._silence.end()
        return answer

    def _remember(self, key: str, progress: _Progress) -> None:
        self._progress[key] = progress
        if len(self._progress) > REMEMBERED_MAX:
            self._progress.popitem(last=False)


def _last(conversation: str) -> str:
    """The channel in "TEAM:CHANNEL"."""
    return conversation.rpartition(":")[2]
