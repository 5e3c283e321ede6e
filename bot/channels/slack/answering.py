"""How a person is answered beside an acknowledgement.

At a response_url, in a view, or, where a service gives neither, by a post that only they see.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.channels.slack import acks, forms, render
from bot.channels.slack.acks import worded
from bot.channels.slack.beside import Beside
from bot.channels.slack.payloads import Given
from bot.channels.slack.service import Service
from bot.commands.forms import Form
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import Order
from bot.tokens import Signer

log = structlog.get_logger(__name__)

# A response_url takes five posts in 30 minutes.
RESPONSES_MAX = 5


@dataclass(frozen=True, slots=True)
class Asker:
    """Where an answer may go. url: the response_url, "" for none; person and channel: Slack's own ids, "" unknown."""

    url: str = ""
    person: str = ""
    channel: str = ""


def asker_of(order: Order, url: str) -> Asker:
    """Who gave an order."""
    return Asker(url, order.sender.address.rpartition(":")[2], order.place.conversation.rpartition(":")[2])


class Answering:
    """Answers that nobody waits for: each is begun here, and goes on after the acknowledgement."""

    def __init__(self, service: Service, signer: Signer, beside: Beside) -> None:
        self._service, self._signer, self._beside = service, signer, beside

    def tell(self, asker: Asker, pages: list[render.Page]) -> None:
        """Pages for the one who asked, in order."""
        if pages and (asker.url or asker.person):
            self._beside.begin(self._tell_all(asker, pages[:RESPONSES_MAX]))

    def show(self, given: Given, pages: list[render.Page], language: str) -> None:
        """Pages in a view of their own, for a press that has no other place to be answered in."""
        self._beside.begin(self._show(given, pages, language))

    def open_form(self, given: Given, form: Form, ticket_id: int, language: str) -> None:
        """A form; where it cannot open, the line to type instead."""
        self._beside.begin(self._open_form(given, form, ticket_id, language))

    async def _show(self, given: Given, pages: list[render.Page], language: str) -> None:
        view = forms.text_view("Holdline", pages, language)
        if not await self._service.open_view(given.trigger_id, view):
            await self._tell_all(asker_of(given.order, given.reply_url), pages[:RESPONSES_MAX])

    async def _open_form(self, given: Given, form: Form, ticket_id: int, language: str) -> None:
        view = forms.form_view(form, given.order, ticket_id, self._signer, language=language)
        if not await self._service.open_view(given.trigger_id, view):
            told = worded(acks.NO_FORM, language, example=f"{form.verb} {ticket_id} {form.example}")
            await self._tell_all(asker_of(given.order, given.reply_url), [render.plain(told)])

    async def _tell_all(self, asker: Asker, pages: list[render.Page]) -> None:
        for page in pages:
            if asker.url:
                await self._service.respond(asker.url, render.ephemeral(page))
            else:
                await self._tell_alone(asker, page)

    async def _tell_alone(self, asker: Asker, page: render.Page) -> None:
        """Slack always gives an address for answers; what stands in for it may not."""
        text, blocks = page.text, list(page.blocks) or None
        channel, person, client = asker.channel or asker.person, asker.person, self._service.client
        try:
            await self._service.asked(client.chat_postEphemeral(channel=channel, user=person, text=text, blocks=blocks))
        except (DeliveryDelayed, DeliveryRefused) as error:
            log.info("slack_answer_posted", error=str(error))
        else:
            return
        try:
            await self._service.post(channel=person, text=text, blocks=blocks)
        except (DeliveryDelayed, DeliveryRefused) as error:
            log.warning("slack_answer_not_shown", error=str(error))
