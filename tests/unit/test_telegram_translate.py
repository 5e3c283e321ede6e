"""Updates of Telegram as messages, orders, or nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.content import Unreadable, safe_name
from bot.channels.telegram.markup import PURPOSE
from bot.channels.telegram.translate import (
    VERBS,
    Ignored,
    Incoming,
    Migrated,
    Reading,
    Translated,
    translate,
)
from bot.channels.telegram.updates import album_of, lane_of
from bot.commands import ENTRIES
from bot.messages import TELEGRAM, Handle, Order, Place, Trust
from bot.tokens import Signer

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SIGNER = Signer({"a": b"a key for tests"}, "a")
BOT = 123456
READING = Reading(BOT, "HoldlineBot", SIGNER, staff_chat="-100900")
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "username": "ann"}
OUR_BOT = {"id": BOT, "is_bot": True, "first_name": "Holdline", "username": "HoldlineBot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Acme"}
FORUM = {"id": -100600, "type": "supergroup", "title": "Acme", "is_forum": True}
STAFF = {"id": -100900, "type": "supergroup", "title": "Desk"}


def an_update(*, kind: str = "message", **message: Any) -> dict[str, Any]:
    base = {"message_id": 40, "date": 1772459900, "chat": PRIVATE, "from": ANN}
    return {"update_id": 900, kind: base | message}


def read(
    *, reading: Reading = READING, album_root: int | None = None, kind: str = "message", **fields: Any
) -> Translated:
    return translate(an_update(kind=kind, **fields), reading, NOW, album_root=album_root)


def incoming(**fields: Any) -> Incoming:
    found = read(**fields)
    assert isinstance(found, Incoming), found
    return found


def order(**fields: Any) -> Order:
    found = read(**fields)
    assert isinstance(found, Order), found
    return found


# ---------------------------------------------------------------- private chats


def test_a_private_message_is_a_proven_message_without_a_thread() -> None:
    message = incoming(text="The printer is on fire").message
    assert message.key == "123456:900:1772459900:0f5bd8fe374f"
    assert message.channel == TELEGRAM
    assert message.sender == Handle(TELEGRAM, "7", "Ann Lee")
    assert message.place == Place(TELEGRAM, "7")
    assert message.message_id == "7:40"
    assert message.references == ()
    assert message.is_addressed
    assert message.text == message.body_text == "The printer is on fire"
    assert message.trust is Trust.PROVEN
    assert message.received_at == NOW
    assert not message.urgent_button
    assert not message.opens_new


def test_an_answer_to_our_message_names_it() -> None:
    message = incoming(text="Still on fire", reply_to_message={"message_id": 38, "from": OUR_BOT}).message
    assert message.references == ("7:38",)
    assert message.place.thread == "7:38"


def test_a_command_given_as_an_answer_stands_in_that_thread() -> None:
    assert order(text="/claim", reply_to_message={"message_id": 38, "from": OUR_BOT}).place.thread == "7:38"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/claim 42", "claim 42"),
        ("/claim@HoldlineBot 42", "claim 42"),
        ("/CLAIM@holdlinebot   42 ", "claim 42"),
        ("/status", "status"),
        ("/stop", "stop"),
        ("/start", "start"),
        ("/start K7Q2-9M", "link K7Q2-9M"),
        ("/new", "help"),
        ("/client_add ACME Acme Ltd", "client add ACME Acme Ltd"),
        ("/reply 42 Dear Ann,\nit is done.", "reply 42 Dear Ann,\nit is done."),
        # Telegram knows no such verb, and neither do we: the grammar answers with what was meant.
        ("/frobnicate", "frobnicate"),
    ],
)
def test_a_command_is_an_order(text: str, line: str) -> None:
    found = order(text=text, entities=[{"type": "bot_command", "offset": 0, "length": 3}])
    assert found.text == line
    # Of chat, message and words: a server may number two updates alike.
    words = "\0".join(("7", "40", text))
    digest = hashlib.sha256(words.encode()).hexdigest()
    assert found.key == f"123456:900:1772459900:{digest[:12]}"
    assert found.sender.address == "7"
    assert found.place == Place(TELEGRAM, "7")
    assert found.wants_delivery
    assert found.trust is Trust.PROVEN


def test_a_path_is_no_command() -> None:
    assert incoming(text="/usr/bin is full").message.text == "/usr/bin is full"


def test_new_opens_a_ticket_of_its_own_even_as_an_answer() -> None:
    message = incoming(
        text="/new The scanner too\nIt smokes.", reply_to_message={"message_id": 38, "from": OUR_BOT}
    ).message
    assert message.text == "The scanner too\nIt smokes."
    assert message.opens_new
    assert message.references == ()
    assert message.place.thread == "7:40"


def test_urgent_presses_the_urgent_button() -> None:
    message = incoming(text="/urgent the shop is down").message
    assert message.urgent_button
    assert message.text == "the shop is down"


def test_urgent_without_words_still_counts() -> None:
    message = incoming(text="/urgent", reply_to_message={"message_id": 38, "from": OUR_BOT}).message
    assert message.urgent_button
    assert message.text == "/urgent"
    assert message.references == ("7:38",)


# ---------------------------------------------------------------- edits, forwards, stand-ins


def test_an_edit_is_a_new_message_on_the_ticket_of_the_old_one() -> None:
    message = incoming(kind="edited_message", text="The printer is on ice", edit_date=1772459999).message
    assert message.key == "123456:900:1772459999:1151554d96a4"
    assert message.text == "[edited] The printer is on ice"
    assert message.references == ("7:40",)
    assert message.message_id == "7:40"
    assert not message.is_addressed


def test_an_edited_new_changes_its_ticket_and_opens_none() -> None:
    message = incoming(kind="edited_message", text="/new The scanner as well").message
    assert message.text == "[edited] The scanner as well"
    assert message.references == ("7:40",)
    assert not message.opens_new


def test_an_edited_command_is_not_obeyed_twice() -> None:
    assert read(kind="edited_message", text="/log 42 50m") == Ignored("edited command")


def test_a_live_location_that_moves_is_no_message() -> None:
    assert isinstance(read(kind="edited_message", location={"latitude": 1.0, "longitude": 2.0}), Ignored)


def test_a_forwarded_command_is_somebody_elses_words() -> None:
    message = incoming(text="/grant ACME 40h", forward_origin={"type": "user", "sender_user": ANN | {"id": 8}}).message
    assert message.text == "[forwarded from Ann Lee]\n/grant ACME 40h"


def test_an_anonymous_administrator_proves_nothing() -> None:
    group_anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    message = incoming(
        chat=GROUP,
        sender_chat=GROUP,
        text="@HoldlineBot help us",
        **{"from": group_anonymous},
        entities=[{"type": "mention", "offset": 0, "length": 12}],
    ).message
    assert message.sender == Handle(TELEGRAM, "-100500", "Acme")
    assert message.trust is Trust.UNPROVEN
    assert order(chat=GROUP, sender_chat=GROUP, text="/claim 42").trust is Trust.UNPROVEN


@pytest.mark.parametrize(
    "fields",
    [
        {"from": OUR_BOT, "text": "our own words"},
        {"from": ANN | {"is_bot": True, "id": 99}, "text": "another bot"},
        {"chat": {"id": -100700, "type": "channel", "title": "News"}, "text": "a post"},
        {"chat": GROUP, "is_automatic_forward": True, "sender_chat": GROUP, "text": "a post"},
        {"new_chat_members": [ANN]},
        {"pinned_message": {"message_id": 3}},
        {"from": None, "chat": GROUP, "text": "nobody"},
    ],
)
def test_what_no_person_wrote_to_us_is_ignored(fields: dict[str, Any]) -> None:
    assert isinstance(read(**fields), Ignored)


def test_other_kinds_of_update_are_ignored() -> None:
    for kind in ("channel_post", "chat_member", "poll", "inline_query"):
        assert translate({"update_id": 1, kind: {"id": 1}}, READING, NOW) == Ignored(f"kind {kind}")


# ---------------------------------------------------------------- groups


def a_mention(text: str, name: str = "@HoldlineBot") -> list[dict[str, Any]]:
    start = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return [{"type": "mention", "offset": start, "length": len(name)}]


def test_talk_in_a_group_is_not_ours() -> None:
    assert isinstance(read(chat=GROUP, text="Lunch?"), Ignored)


def test_a_group_is_read_whole_where_so_configured() -> None:
    reads_all = Reading(BOT, "HoldlineBot", SIGNER, reads_all_in_groups=True)
    message = incoming(chat=GROUP, text="The shop is down", reading=reads_all).message
    assert message.text == "The shop is down"
    assert message.place.thread == "-100500:40"
    assert not message.is_addressed
    assert incoming(chat=GROUP, text="/new The shop is down", reading=reads_all).message.is_addressed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@HoldlineBot the shop is down", "the shop is down"),
        ("@holdlinebot: the shop is down", "the shop is down"),
        ("The shop is down @HoldlineBot", "The shop is down @HoldlineBot"),
        # Offsets count in UTF-16 units: the flame is two.
        ("🔥🔥 @HoldlineBot help", "🔥🔥 @HoldlineBot help"),
    ],
)
def test_a_mention_addresses_the_desk(text: str, words: str) -> None:
    name = "@holdlinebot" if "@holdlinebot" in text else "@HoldlineBot"
    assert incoming(chat=GROUP, text=text, entities=a_mention(text, name)).message.text == words


def test_a_mention_of_a_longer_name_is_not_ours() -> None:
    text = "@HoldlineBotFan hello"
    assert isinstance(read(chat=GROUP, text=text, entities=a_mention(text, "@HoldlineBotFan")), Ignored)


def test_a_mention_in_a_caption_counts() -> None:
    photo = [{"file_id": "f", "width": 10, "height": 10}]
    caption = "@HoldlineBot look"
    found = incoming(chat=GROUP, photo=photo, caption=caption, caption_entities=a_mention(caption))
    assert found.message.text == "look"
    assert [file.filename for file in found.files] == ["photo-40.jpg"]


def test_an_answer_to_the_bot_addresses_it() -> None:
    message = incoming(chat=GROUP, text="yes", reply_to_message={"message_id": 12, "from": OUR_BOT}).message
    assert message.references == ("-100500:12",)


def test_a_reply_chain_in_a_supergroup_has_its_root() -> None:
    message = incoming(
        chat=GROUP, text="yes", message_thread_id=5, reply_to_message={"message_id": 12, "from": OUR_BOT}
    ).message
    assert message.references == ("-100500:12", "-100500:5")
    assert message.place == Place(TELEGRAM, "-100500", "-100500:5")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("/claim@OtherBot 42", False),
        ("/weather", False),
        ("/weather@HoldlineBot", True),
        ("/status", True),
        ("/client_add ACME", True),
    ],
)
def test_a_group_may_hold_other_bots(text: str, taken: bool) -> None:
    assert isinstance(read(chat=GROUP, text=text), Order) is taken


def test_the_desks_own_group_is_told_of_a_mistyped_command() -> None:
    assert order(chat=STAFF, text="/cliam 42").text == "cliam 42"


def test_every_verb_of_the_grammar_is_ours_in_a_group() -> None:
    assert {entry.verb.split()[0] for entry in ENTRIES} <= VERBS


def test_a_topic_is_a_thread() -> None:
    opened = {"message_id": 3, "from": OUR_BOT, "forum_topic_created": {"name": "Printer"}}
    reads_all = Reading(BOT, "HoldlineBot", SIGNER, reads_all_in_groups=True)
    message = incoming(
        chat=FORUM, text="and?", message_thread_id=3, is_topic_message=True, reply_to_message=opened, reading=reads_all
    ).message
    assert message.place == Place(TELEGRAM, "-100600", "-100600:topic:3")
    # What comes later in the topic refers to the topic.
    assert message.message_id == "-100600:topic:3"
    assert message.references == ("-100600:topic:3",)


def test_an_answer_in_a_topic_names_both() -> None:
    answered = {"message_id": 12, "from": OUR_BOT}
    topic = {"chat": FORUM, "message_thread_id": 3, "is_topic_message": True}
    message = incoming(text="yes", reply_to_message=answered, **topic).message
    assert message.references == ("-100600:12", "-100600:topic:3")


def test_a_topic_that_the_bot_opened_does_not_make_every_message_an_answer_to_it() -> None:
    # Telegram names the message that opened the topic in every message of it.
    opened = {"message_id": 3, "from": OUR_BOT, "forum_topic_created": {"name": "Printer"}}
    topic = {"chat": FORUM, "message_thread_id": 3, "is_topic_message": True}
    assert isinstance(read(text="between us", reply_to_message=opened, **topic), Ignored)
    assert isinstance(read(text="between us", reply_to_message={"message_id": 3, "from": OUR_BOT}, **topic), Ignored)


def test_new_in_a_topic_is_a_thread_of_its_own_in_that_topic() -> None:
    message = incoming(chat=FORUM, text="/new other thing", message_thread_id=3, is_topic_message=True).message
    assert message.place.thread == "-100600:topic:3:40"
    assert message.message_id == "-100600:40"
    assert message.references == ()


def test_a_group_that_becomes_a_supergroup_moves() -> None:
    old, new = {"id": -5, "type": "group"}, {"id": -1005, "type": "supergroup"}
    assert read(chat=old, migrate_to_chat_id=-1005) == Migrated("-5", "-1005")
    assert read(chat=new, migrate_from_chat_id=-5) == Migrated("-5", "-1005")


# ---------------------------------------------------------------- files, albums, places


PDF = {"file_id": "f", "file_name": "a.pdf", "mime_type": "application/pdf"}
MP4 = {"file_id": "f", "file_name": "x.mp4", "mime_type": "video/mp4"}
UNKNOWN = "application/octet-stream"


@pytest.mark.parametrize(
    ("fields", "filename", "content_type", "text"),
    [
        ({"document": PDF}, "a.pdf", "application/pdf", ""),
        ({"document": {"file_id": "f", "file_name": "../../etc/passwd"}}, "_.._etc_passwd", UNKNOWN, ""),
        ({"voice": {"file_id": "f", "duration": 72}}, "voice.ogg", "audio/ogg", "[voice message, 1:12]"),
        ({"video": {"file_id": "f", "mime_type": "video/mp4"}, "caption": "see"}, "video.mp4", "video/mp4", "see"),
        ({"video_note": {"file_id": "f"}}, "video.mp4", "video/mp4", ""),
        # An animation comes a second time as a document.
        ({"animation": {"file_id": "f"}, "document": MP4}, "x.mp4", "video/mp4", ""),
    ],
)
def test_files_come_with_name_and_type(fields: dict[str, Any], filename: str, content_type: str, text: str) -> None:
    found = incoming(**fields)
    assert [(file.filename, file.content_type) for file in found.files] == [(filename, content_type)]
    assert found.message.text == text


def test_the_largest_size_of_a_photo_is_taken() -> None:
    photo = [{"file_id": size, "width": width, "height": width} for size, width in (("s", 90), ("l", 1280), ("m", 320))]
    assert incoming(photo=photo).files[0].file_id == "l"


def test_every_picture_of_an_album_joins_the_first() -> None:
    photo = [{"file_id": "f", "width": 1, "height": 1}]
    first = incoming(photo=photo, caption="before and after", media_group_id="g9")
    assert first.album == "7:g9"
    assert first.number == 40
    second = incoming(photo=photo, message_id=41, media_group_id="g9", album_root=40)
    assert second.message.references == ("7:40",)
    assert second.message.place.thread == "7:40"
    assert second.message.message_id == "7:41"


def test_the_rest_of_an_album_that_addressed_us_is_ours_too() -> None:
    photo = [{"file_id": "f", "width": 1, "height": 1}]
    assert isinstance(read(chat=GROUP, photo=photo, media_group_id="g9"), Ignored)
    assert incoming(chat=GROUP, photo=photo, media_group_id="g9", album_root=39).message.references == ("-100500:39",)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"location": {"latitude": 52.5, "longitude": 13.4}}, "[location 52.500000, 13.400000]"),
        (
            {"venue": {"title": "Acme", "address": "Main St 1", "location": {"latitude": 52.5, "longitude": 13.4}},
             "location": {"latitude": 52.5, "longitude": 13.4}},
            "[Acme, Main St 1, location 52.500000, 13.400000]",
        ),
        ({"contact": {"first_name": "Bo", "phone_number": "+1 555"}}, "[contact Bo: +1 555]"),
        ({"sticker": {"emoji": "👍", "file_id": "f"}}, "[sticker 👍]"),
        (
            {"poll": {"question": "Reboot?", "options": [{"text": "Now"}, {"text": "Tonight"}]}},
            "[poll: Reboot?; Now; Tonight]",
        ),
        ({"story": {"id": 1, "chat": PRIVATE}}, "[story]"),
        (
            {"checklist": {"title": "Office", "tasks": [{"id": 1, "text": "Fix the server"}, {"text": "Ink"}]}},
            "[checklist: Office; Fix the server; Ink]",
        ),
        ({"game": {"title": "Chess"}}, "[game: Chess]"),
        ({"invoice": {"title": "Hosting"}}, "[invoice: Hosting]"),
        ({"giveaway": {"winner_count": 1}}, "[giveaway]"),
        ({"giveaway_winners": {"winner_count": 1}}, "[giveaway]"),
        ({"paid_media": {"star_count": 5, "paid_media": [{"type": "preview"}]}}, "[paid media]"),
        # What Telegram has thought of since.
        ({"hologram": {"file_id": "x"}}, "[hologram: the desk cannot read this kind of message]"),
    ],
)  # fmt: skip
def test_what_has_no_words_says_what_it_is(fields: dict[str, Any], text: str) -> None:
    assert incoming(**fields).message.text == text


@pytest.mark.parametrize("media", [{"type": "photo", "photo": [{"file_id": "p", "width": 9, "height": 9}]},
                                   {"type": "video", "video": {"file_id": "p"}},
                                   {"type": "live_photo", "live_photo": {"file_id": "p"}}])  # fmt: skip
def test_paid_media_that_is_handed_over_is_a_file(media: dict[str, Any]) -> None:
    assert [file.file_id for file in incoming(paid_media={"paid_media": [media]}).files] == ["p"]


def test_a_live_photo_is_a_picture_and_a_film() -> None:
    still = [{"file_id": "p", "width": 9, "height": 9}]
    assert [file.file_id for file in incoming(live_photo={"file_id": "v", "photo": still}).files] == ["p", "v"]
    # Telegram repeats the picture beside it.
    assert [file.file_id for file in incoming(live_photo={"file_id": "v"}, photo=still).files] == ["p", "v"]


@pytest.mark.parametrize(
    "fields",
    [
        {"pinned_message": {"message_id": 1, "date": 0, "chat": PRIVATE}},
        {"new_chat_members": [OUR_BOT]},
        {"left_chat_member": ANN},
        {"forum_topic_created": {"name": "Printer", "icon_color": 1}},
        {"checklist_tasks_done": {"marked_as_done_task_ids": [1]}},
        {"new_chat_title": "Acme"},
        {"delete_chat_photo": True},
        {"video_chat_started": {}},
        {"text": ""},
    ],
)
def test_what_nobody_wrote_is_no_message(fields: dict[str, Any]) -> None:
    assert read(**fields) == Ignored("service message")


def test_a_name_is_cut_before_its_ending() -> None:
    assert safe_name("x" * 300 + ".pdf") == "x" * 116 + ".pdf"  # 116 + 4 = 120


# ---------------------------------------------------------------- buttons


def a_press(data: str, **fields: Any) -> Translated:
    message = {"message_id": 55, "chat": GROUP, "message_thread_id": 3, "is_topic_message": True, "from": OUR_BOT}
    query = {"id": "8001", "from": ANN, "data": data, "message": message} | fields
    return translate({"update_id": 901, "callback_query": query}, READING, NOW)


def test_a_button_gives_the_line_we_signed() -> None:
    found = a_press(SIGNER.sign(PURPOSE, "claim 42"))
    assert isinstance(found, Order)
    assert found.text == "claim 42"
    assert found.key == "123456:button:8001:e29c8f7bf126"
    assert found.sender.address == "7"
    assert found.place == Place(TELEGRAM, "-100500", "-100500:topic:3")


@pytest.mark.parametrize("data", ["claim 42", "", "claim 42.abbbbbbbbbbbbbbbbb", SIGNER.sign("reply", "claim 42")])
def test_a_button_that_we_did_not_sign_is_nothing(data: str) -> None:
    assert isinstance(a_press(data), Ignored)


def test_a_button_on_a_message_that_is_gone_still_works() -> None:
    found = a_press(SIGNER.sign(PURPOSE, "claim 42"), message=None)
    assert isinstance(found, Order)
    assert found.place == Place(TELEGRAM, "7")


# ---------------------------------------------------------------- broken and hostile input


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        {"message": {}},
        {"update_id": "nine"},
        {"update_id": "9" * 30},
        {"update_id": True},
        {"update_id": 1, "message": "text"},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": "ann"}}},
        an_update(text=["not", "text"]),
        an_update(photo="p"),
        an_update(photo=[1]),
        an_update(document={"file_name": "no id"}),
        an_update(location={"latitude": "north"}),
        an_update(chat=GROUP, text="@x", entities=["no entity"]),
        {"update_id": 1, "callback_query": {"data": SIGNER.sign(PURPOSE, "claim 42")}},
    ],
)
def test_a_payload_of_the_wrong_shape_is_unreadable(update: Any) -> None:
    with pytest.raises(Unreadable):
        translate(update, READING, NOW)


def test_what_no_database_takes_is_taken_out() -> None:
    message = incoming(text="a\x00b\ud83dc", **{"from": ANN | {"first_name": "A\x00nn\udc00"}}).message
    assert message.text == "ab\ufffdc"
    message.sender.display_name.encode()
    assert "\x00" not in message.sender.display_name


MEMBERS = """message edited_message callback_query chat from id type text caption entities photo document voice location
    reply_to_message message_id message_thread_id is_topic_message offset length user file_id data forward_origin
    sender_user media_group_id migrate_to_chat_id sender_chat first_name venue sticker contact""".split()  # noqa: SIM905
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["message", "edited_message", "callback_query"]), JSON), JSON)
def test_any_json_is_translated_or_unreadable_and_never_anything_else(update: dict[str, Any], field: Any) -> None:
    for each in (update | {"update_id": 3}, an_update(text=field), an_update(text="hi", reply_to_message=field), field):
        lane_of(each), album_of(each)
        try:
            found = translate(each, READING, NOW)
        except Unreadable:
            continue
        if isinstance(found, Incoming):
            json.dumps(found.message.text).encode()
            found.message.text.encode()
