"""Deliveries and cards, against a Slack that refuses what the real one refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import Action, CardView, File, Handle, Notice, Outgoing, Place, RemoteRef
from tests.unit.slack_ground import Ground, a_ground, a_signer, no_pause

TEAM = "T0TEAM"


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    async with a_ground() as ground:
        yield ground


def a_delivery(
    person: str = "U0ANN", *, key: str = "k1", body: str = "Ann has claimed it.", **more: object
) -> Outgoing:
    outgoing = Outgoing(
        delivery_id=1,
        key=key,
        to=Handle("slack", f"{TEAM}:{person}"),
        notice=Notice("claimed", "Ticket 42: Printer", body),
        ticket_id=42,
    )
    return replace(outgoing, **more)  # type: ignore[arg-type]


def a_card(channel: str, *, version: int = 1, status: str = "yours until 14:30") -> CardView:
    return CardView(
        ticket_id=42,
        version=version,
        title="42 · Printer is on fire",
        fields=(("Client", "Acme"), ("Priority", "P1: unusable")),
        status=status,
        place=Place("slack", f"{TEAM}:{channel}"),
        actions=(Action("Claim", "claim 42", "primary"), Action("Pass", "pass 42")),
    )


async def test_a_direct_message_is_opened_and_posted(ground: Ground) -> None:
    ground.slack.person("ann")
    ref = await ground.sender.send(a_delivery())
    (post,) = ground.slack.posts("D0ANN")
    assert ref == RemoteRef(f"{TEAM}:D0ANN", post["ts"])
    assert post["blocks"][0]["text"]["text"] == "*Ticket 42: Printer*\nAnn has claimed it."


async def test_the_conversation_is_opened_once(ground: Ground) -> None:
    ground.slack.person("ann")
    await ground.sender.send(a_delivery())
    await ground.sender.send(a_delivery(key="k2"))
    assert [call.method for call in ground.slack.calls].count("conversations.open") == 1


async def test_a_delivery_goes_into_its_thread(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    acme = ground.slack.channel("acme", [ann])
    told = await ground.slack.says(ann, "Printer", in_channel=acme)
    ref = await ground.sender.send(a_delivery(place=Place("slack", f"{TEAM}:{acme}", told.ts)))
    (post,) = ground.slack.posts(acme)
    assert (post["thread_ts"], post["ts"]) == (told.ts, ref.message_id)


async def test_a_thread_that_is_gone_does_not_swallow_the_words(ground: Ground) -> None:
    acme = ground.slack.channel("acme")
    ref = await ground.sender.send(a_delivery(place=Place("slack", f"{TEAM}:{acme}", "1700000000.000009")))
    (post,) = ground.slack.posts(acme)
    assert "thread_ts" not in post
    assert post["ts"] == ref.message_id


async def test_a_repeat_folds_even_after_a_restart(ground: Ground) -> None:
    ground.slack.person("ann")
    first = await ground.sender.send(a_delivery())
    again = SlackSender(ground.service, signer=a_signer(), pace=Pace(ground.clock, no_pause))
    assert await again.send(a_delivery()) == first
    assert len(ground.slack.posts()) == 1


async def test_a_long_delivery_is_split_and_never_refused(ground: Ground) -> None:
    ground.slack.person("ann")
    body = "\n".join(f'{number}: <b>&"{{}}" of the log' for number in range(3_000))
    ref = await ground.sender.send(a_delivery(body=body))
    posts = ground.slack.posts()
    assert len(posts) > 3
    assert {post.get("thread_ts") for post in posts[1:]} == {ref.message_id}
    shown = "\n".join(block["text"]["text"] for post in posts for block in post["blocks"])
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").endswith(body)


async def test_a_second_try_goes_on_where_the_first_one_ended(ground: Ground) -> None:
    ground.slack.person("ann")
    body = "word " * 6_000
    ground.slack.api.planted["chat.postMessage"] = []
    sender = SlackSender(ground.service, signer=a_signer(), pace=Pace(ground.clock, no_pause))
    # The clock stands still, so the second post of the second is refused.
    with pytest.raises(DeliveryDelayed):
        await sender.send(a_delivery(body=body))
    assert len(ground.slack.posts()) == 1
    for _ in range(5):
        ground.clock.advance(timedelta(seconds=5))
        try:
            ref = await sender.send(a_delivery(body=body))
        except DeliveryDelayed:
            continue
        break
    assert ref.message_id == ground.slack.posts()[0]["ts"]
    said = " ".join(block["text"]["text"] for post in ground.slack.posts() for block in post["blocks"])
    assert said.count("word") == 6_000


async def test_posts_to_one_channel_keep_a_second_apart(ground: Ground) -> None:
    ground.slack.person("ann")
    begun = ground.clock.now()
    for number in range(3):
        await ground.sender.send(a_delivery(key=f"k{number}"))
    assert [call.answer["ok"] for call in ground.slack.calls] == [True] * 4
    assert (ground.clock.now() - begun).total_seconds() == pytest.approx(2.2)


async def test_a_queue_for_one_channel_is_given_back_and_others_go_on(ground: Ground) -> None:
    ground.slack.person("ann")
    ground.slack.person("bob")
    pace = Pace(ground.clock, no_pause)
    await pace.turn("D0ANN")
    await pace.turn("D0ANN")
    with pytest.raises(DeliveryDelayed) as error:
        await pace.turn("D0ANN")
    assert error.value.retry_after_seconds == pytest.approx(2.2)
    await pace.turn("D0BOB")


async def test_slacks_own_wait_is_passed_on_and_kept(ground: Ground) -> None:
    ground.slack.person("ann")
    ground.slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after=17)
    with pytest.raises(DeliveryDelayed) as error:
        await ground.sender.send(a_delivery())
    assert error.value.retry_after_seconds == 17
    with pytest.raises(DeliveryDelayed):
        await ground.sender.send(a_delivery())
    # The second one never went out.
    assert [call.method for call in ground.slack.calls].count("chat.postMessage") == 1
    ground.clock.advance(timedelta(seconds=17))
    await ground.sender.send(a_delivery())


@pytest.mark.parametrize(
    ("error", "is_address_dead"),
    [
        ("user_not_found", True),
        ("cannot_dm_bot", True),
        ("channel_not_found", True),
        ("is_archived", False),
        ("invalid_auth", False),
        ("token_revoked", False),
        ("account_inactive", False),
        ("missing_scope", False),
        ("msg_too_long", False),
    ],
)
async def test_a_refusal_says_whether_the_person_can_be_reached(
    ground: Ground, error: str, is_address_dead: bool
) -> None:
    ground.slack.person("ann")
    ground.slack.refuse("chat.postMessage", error)
    with pytest.raises(DeliveryRefused, match=error) as refused:
        await ground.sender.send(a_delivery())
    assert refused.value.is_address_dead is is_address_dead


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "never_heard_of_it"])
async def test_what_is_not_proven_permanent_is_tried_again(ground: Ground, error: str) -> None:
    ground.slack.person("ann")
    ground.slack.refuse("chat.postMessage", error, status=503)
    with pytest.raises(DeliveryDelayed):
        await ground.sender.send(a_delivery())


async def test_a_deactivated_person_is_a_dead_address(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.slack.workspace.people[ann]["deleted"] = True
    with pytest.raises(DeliveryRefused) as refused:
        await ground.sender.send(a_delivery())
    assert refused.value.is_address_dead


async def test_so_is_one_whose_own_thread_is_answered(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    told = ground.slack.workspace.direct(ann)
    ground.slack.workspace.people[ann]["deleted"] = True
    with pytest.raises(DeliveryRefused) as refused:
        await ground.sender.send(a_delivery(place=Place("slack", f"{TEAM}:{told}", "1.000001")))
    assert refused.value.is_address_dead


async def test_an_archived_channel_leaves_the_person_reachable(ground: Ground) -> None:
    acme = ground.slack.channel("acme")
    ground.slack.workspace.channels[acme].is_archived = True
    with pytest.raises(DeliveryRefused) as refused:
        await ground.sender.send(a_delivery(place=Place("slack", f"{TEAM}:{acme}")))
    assert (refused.value.is_address_dead, refused.value.is_place_closed) == (False, True)


async def test_what_is_refused_to_a_person_closes_no_conversation(ground: Ground) -> None:
    ground.slack.person("ann")
    for error in ("is_archived", "user_not_found", "invalid_auth"):
        ground.slack.refuse("chat.postMessage", error)
        with pytest.raises(DeliveryRefused) as refused:
            await ground.sender.send(a_delivery())
        assert not refused.value.is_place_closed, error


async def test_a_line_that_is_down_is_a_delay(ground: Ground) -> None:
    service = Service(replace(ground.config, api_url="http://127.0.0.1:9/api"))
    sender = SlackSender(service, signer=a_signer(), pace=Pace(ground.clock, no_pause))
    with pytest.raises(DeliveryDelayed):
        await sender.send(a_delivery())
    await sender.close()


async def test_a_chart_follows_in_the_thread(ground: Ground) -> None:
    ground.slack.person("ann")
    chart = File("day.png", "image/png", b"\x89PNG")
    ref = await ground.sender.send(a_delivery(files=(chart,)))
    (upload,) = ground.slack.uploads
    assert (upload.filename, upload.content, upload.channel) == ("day.png", b"\x89PNG", "D0ANN")
    assert upload.thread == ref.message_id


async def test_a_chart_that_slack_refuses_does_not_cost_the_words(ground: Ground) -> None:
    ground.slack.person("ann")
    ground.slack.refuse("files.getUploadURLExternal", "missing_scope")
    await ground.sender.send(a_delivery(files=(File("day.png", "image/png", b"\x89PNG"),)))
    words, missed = ground.slack.posts()
    assert (missed["thread_ts"], "day.png: this could not be sent here" in missed["text"]) == (words["ts"], True)


async def test_a_chart_that_failed_for_now_is_sent_later_without_the_words(ground: Ground) -> None:
    ground.slack.person("ann")
    ground.slack.refuse("files.completeUploadExternal", "internal_error", status=500)
    delivery = a_delivery(files=(File("day.png", "image/png", b"\x89PNG"),))
    with pytest.raises(DeliveryDelayed):
        await ground.sender.send(delivery)
    await ground.sender.send(delivery)
    assert len(ground.slack.posts()) == 1
    assert len(ground.slack.uploads) == 1


async def test_a_card_is_posted_once_and_edited_from_then_on(ground: Ground) -> None:
    desk = ground.slack.channel("desk", is_private=True)
    ref = await ground.sender.show(a_card(desk), None)
    assert await ground.sender.show(a_card(desk, version=2, status="claimed by Ann"), ref) == ref
    (post,) = ground.slack.posts(desk)
    assert "claimed by Ann" in post["text"]


async def test_a_card_that_somebody_deleted_is_posted_anew(ground: Ground) -> None:
    desk = ground.slack.channel("desk", is_private=True)
    ref = await ground.sender.show(a_card(desk), None)
    del ground.slack.workspace.messages[desk, ref.message_id]
    anew = await ground.sender.show(a_card(desk, version=2), ref)
    (post,) = ground.slack.posts(desk)
    assert post["ts"] == anew.message_id != ref.message_id


async def test_a_card_in_a_channel_that_is_gone_is_refused(ground: Ground) -> None:
    with pytest.raises(DeliveryRefused):
        await ground.sender.show(a_card("C0GONE"), RemoteRef(f"{TEAM}:C0GONE", "1.000001"))


async def test_a_page_takes_its_turn_where_others_are_given_back(ground: Ground) -> None:
    pace = Pace(ground.clock, no_pause)
    for _ in range(2):
        await pace.turn("D0ANN")
    with pytest.raises(DeliveryDelayed):
        await pace.turn("D0ANN")
    await pace.turn("D0ANN", is_page=True)
