"""A manager ends the digests of one account: by the link in it, by a mail to the address in it, or by a word."""

from __future__ import annotations

import httpx

from bot.addressing import digest_address
from bot.channels.email.translate import Envelope, translate
from bot.messages import CONSOLE, EMAIL, Outgoing
from bot.web.app import Probes, WebApp
from bot.web.unsubscribe import DigestEnd
from tests.desk import SUPPORT, Desk
from tests.stories.cast import Cast


async def a_digest(desk: Desk) -> tuple[Cast, Outgoing]:
    cast = Cast(desk, staff_on=(EMAIL, CONSOLE))
    await desk.advance(hours=24)
    (digest,) = [one for one in desk.sent_to(cast.maria, channel=EMAIL) if one.notice.kind == "digest"]
    return cast, digest


async def digests_of_tomorrow(desk: Desk, cast: Cast) -> list[str]:
    before = len(desk.sent_to(cast.maria))
    await desk.advance(hours=24)
    return [one.to.channel for one in desk.sent_to(cast.maria)[before:] if one.notice.kind == "digest"]


def browser(desk: Desk) -> httpx.AsyncClient:
    """The web role over this desk's doors."""
    probes = Probes(lambda: (), None, None)  # type: ignore[arg-type]
    signer = desk.policy.signer
    ending = DigestEnd(desk.reception.end_digests, lambda token: signer.verify("digest", token) is not None)
    app = WebApp(probes, {"/unsubscribe": ending}, body_bytes_max=1000)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk.example")


async def test_one_click_ends_digests_there_and_looking_at_the_link_does_not(desk: Desk) -> None:
    cast, digest = await a_digest(desk)
    async with browser(desk) as web:
        page = await web.get(f"/unsubscribe/{digest.digest_token}")
        assert page.status_code == 200 and "<form method=post>" in page.text
        assert await digests_of_tomorrow(desk, cast) == [EMAIL, CONSOLE]
        ended = await web.post(f"/unsubscribe/{digest.digest_token}", data={"List-Unsubscribe": "One-Click"})
        assert ended.status_code == 200 and "digest on" in ended.text
        assert (await web.post(f"/unsubscribe/{digest.digest_token}")).status_code == 200, "twice is the same"
        assert (await web.post(f"/unsubscribe/9{digest.digest_token}")).status_code == 404
        assert (await web.put(f"/unsubscribe/{digest.digest_token}")).status_code == 405
    assert await digests_of_tomorrow(desk, cast) == [CONSOLE]
    assert desk.events().count("digests ended") == 1


async def test_mail_to_the_address_in_it_ends_digests_and_opens_no_ticket(desk: Desk) -> None:
    cast, digest = await a_digest(desk)
    to = digest_address(SUPPORT, digest.digest_token)
    raw = f"From: {cast.maria.email}\r\nTo: {to}\r\nSubject: unsubscribe\r\n\r\n".encode()
    receipt = await desk.stage.receive(translate(raw, received_at=desk.now, envelope=Envelope("", (to,))))
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", None)
    assert await digests_of_tomorrow(desk, cast) == [CONSOLE]


async def test_word_ends_digests_on_the_account_it_is_written_from_and_brings_them_back(desk: Desk) -> None:
    cast, _ = await a_digest(desk)
    await desk.do(cast.maria, "digest off", channel=CONSOLE)
    assert await digests_of_tomorrow(desk, cast) == [EMAIL]
    await desk.do(cast.maria, "digest on", channel=CONSOLE)
    assert await digests_of_tomorrow(desk, cast) == [EMAIL, CONSOLE]
