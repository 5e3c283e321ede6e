"""Payloads in their odder shapes, read without a listener. The plain ones are in test_slack_intake."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.config import SlackConfig, commands_named
from bot.channels.slack.events import written
from bot.channels.slack.orders import BUTTON
from bot.channels.slack.payloads import Given, Heard, Ignored, Refused, Translation, Unreadable
from bot.channels.slack.translate import translate
from tests.unit.slack_ground import NOW, a_signer

CONFIG = SlackConfig("xoxb-1")
MESSAGE = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "hello"}


def read(payload: dict[str, Any]) -> Translation:
    return translate(payload, CONFIG, a_signer(), NOW)


def read_event(event: dict[str, Any], **more: Any) -> Translation:
    return read({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event} | more)


def heard(event: dict[str, Any], **more: Any) -> Heard:
    found = read_event(event, **more)
    assert isinstance(found, Heard)
    return found


def test_a_guest_of_a_shared_channel_keeps_the_home_workspace() -> None:
    message = heard(MESSAGE | {"user_team": "T9", "team": "T1"}).message
    assert message.sender.address == "T9:U1"
    assert message.place.conversation == "T1:C1"


def test_a_name_comes_along_where_slack_sends_it() -> None:
    profile = {"real_name": "Ann Archer", "display_name": "ann"}
    assert heard(MESSAGE | {"user_profile": profile}).message.sender.display_name == "Ann Archer"


def test_a_broadcast_reply_is_a_reply() -> None:
    message = heard(MESSAGE | {"subtype": "thread_broadcast", "thread_ts": "1699999999.000001"}).message
    assert message.place.thread == "1699999999.000001"


def test_a_passed_on_message_is_read_too() -> None:
    shared = {"is_share": True, "text": "it &lt;fails&gt;"}
    message = heard(MESSAGE | {"text": "see below", "attachments": [shared, {"text": "a preview"}]}).message
    assert message.text == "see below"
    assert message.body_text == "see below\n\nit <fails>"


def test_the_bots_name_is_dropped_only_where_it_calls() -> None:
    bots = {"authorizations": [{"user_id": "UBOT"}]}
    said = heard(MESSAGE | {"text": "<@UBOT>: ask <@UBOT> or <@U2|bob>"}, **bots).message
    assert said.text == "ask @UBOT or @bob"
    assert said.is_addressed
    other = heard(MESSAGE | {"text": "<@U2> look"}, **bots).message
    assert (other.text, other.is_addressed) == ("@U2 look", False)


def test_without_an_event_id_the_message_is_its_place_and_time() -> None:
    assert heard(MESSAGE, event_id="").message.key == "T1:C1:1700000000.000100"


def test_a_thread_root_that_was_deleted_is_a_deletion() -> None:
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "ts": "1700000001.000100",
        "message": {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."},
        "previous_message": MESSAGE,
    }
    message = heard(changed).message
    assert (message.text, message.sender.address) == ("(deleted the message of 22:13 UTC in Slack)", "T1:U1")


def test_a_preview_that_slack_adds_is_no_edit() -> None:
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.000100"}
    assert isinstance(read_event(changed | {"message": MESSAGE, "previous_message": MESSAGE}), Ignored)


def test_a_bots_own_edit_is_left() -> None:
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.000100"}
    ours = MESSAGE | {"bot_id": "B1", "text": "new"}
    assert isinstance(read_event(changed | {"message": ours, "previous_message": MESSAGE}), Ignored)


def test_a_file_of_a_shared_channel_has_no_address_yet() -> None:
    files = [{"id": "F1", "file_access": "check_file_info"}, {"id": "F2", "mode": "tombstone"}]
    found = heard(MESSAGE | {"subtype": "file_share", "files": files}).files
    assert [(file.file_id, file.filename, file.url) for file in found] == [("F1", "F1", "")]


def test_a_press_on_a_message_in_a_thread_is_given_in_that_thread() -> None:
    value = a_signer().sign(BUTTON, "42 claim 42")
    found = read(
        {
            "type": "block_actions",
            "user": {"id": "U1", "team_id": "T1", "username": "ann"},
            "team": {"id": "T1"},
            "container": {"type": "message", "message_ts": "2.000200", "channel_id": "C1"},
            "message": {"ts": "2.000200", "thread_ts": "1.000100"},
            "actions": [{"value": value, "action_id": "claim:0"}],
            "trigger_id": "9",
        }
    )
    assert isinstance(found, Given)
    assert (found.order.place.conversation, found.order.place.thread) == ("T1:C1", "1.000100")
    assert (found.order.text, found.order.ticket_id, found.order.key != "") == ("claim 42", 42, True)


@pytest.mark.parametrize("value", ["42 claim 42", "42 claim 42.", "42 claim 42.aqqqqqqqqqqqqqqqq", "."])
def test_a_line_that_the_desk_did_not_sign_is_refused(value: str) -> None:
    press = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [{"value": value}]}
    assert isinstance(read(press), Refused)


def test_a_line_signed_for_something_else_is_refused() -> None:
    value = a_signer().sign("reply-address", "42 claim 42")
    press = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [{"value": value}]}
    assert isinstance(read(press), Refused)


@pytest.mark.parametrize("kind", ["view_closed", "shortcut", "block_suggestion"])
def test_what_the_desk_does_not_offer_is_left(kind: str) -> None:
    assert isinstance(read({"type": kind}), Ignored)


@pytest.mark.parametrize(
    ("field", "line"),
    [("type:zone", "zone Europe/Berlin"), ("type:claim", None), ("zone", None), ("type:", None)],
)
def test_a_field_of_the_home_tab_writes_only_the_verbs_it_is_for(field: str, line: str | None) -> None:
    action = {"type": "plain_text_input", "action_id": field, "value": "Europe/Berlin"}
    press = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [action]}
    found = translate(press, CONFIG, a_signer(), NOW)
    assert (found.order.text if isinstance(found, Given) else None) == line


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
EVENT_KEYS = ["type", "subtype", "user", "channel", "ts", "text", "thread_ts", "files", "message", "item", "reaction"]
EVENT_KINDS = ["message", "app_mention", "reaction_added", "message_changed", "message_deleted", "file_share", "ticket"]
HOSTILE_EVENT = st.dictionaries(st.sampled_from(EVENT_KEYS), JSON | st.sampled_from(EVENT_KINDS))
KEYS = ["type", "team_id", "event", "command", "actions", "user", "team", "channel", "message", "authorizations"]
KINDS = ["event_callback", "block_actions", "message_action", "url_verification"]


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JSON | st.sampled_from(KINDS) | HOSTILE_EVENT))
def test_no_shape_of_payload_raises_anything_but_unreadable(payload: dict[str, Any]) -> None:
    try:
        read(payload)
    except Unreadable:
        return


@settings(deadline=None, max_examples=200)
@given(HOSTILE_EVENT)
def test_no_shape_of_a_fetched_message_does_either(message: dict[str, Any]) -> None:
    try:
        written(message, team="T1", channel="C1", now=NOW)
    except Unreadable:
        return


def test_a_renamed_shortcut_stands_for_what_the_operator_says() -> None:
    config = SlackConfig("xoxb-1", commands=commands_named("claim=/nehmen ticket=/desk"))

    def line(command: str, text: str) -> str:
        form = {"command": command, "text": text, "team_id": "T1", "channel_id": "C1", "user_id": "U1"}
        found = translate(form, config, a_signer(), NOW)
        assert isinstance(found, Given)
        return found.order.text

    assert line("/nehmen", "42") == line("/claim", "42") == line("/desk", "claim 42") == "claim 42"
    assert line("/anything", "claim 42") == "claim 42"


@pytest.mark.parametrize(
    ("ts", "read_as"),
    [
        (1700000000.0001, "1700000000.000100"),
        (1700000000.5, "1700000000.500000"),
        (1700000000, "1700000000"),
        ("1700000000.000100", "1700000000.000100"),
    ],
)
def test_a_time_that_is_a_number_names_the_same_message(ts: object, read_as: str) -> None:
    message = heard(MESSAGE | {"ts": ts, "thread_ts": ts}).message
    assert (message.message_id, message.place.thread) == (read_as, read_as)


# What others leave out, send as null, or add.
LEFT_OUT = [
    {"authorizations": None},
    {"authorizations": [{"team_id": None, "user_id": None}]},
    {"authorizations": [{}]},
    {"authorizations": ["UBOT"]},
    {"team_id": None},
    {"enterprise_id": None, "is_ext_shared_channel": "no", "event_context": 7, "api_app_id": None},
    {"event_time": "soon", "context_team_id": None, "context_enterprise_id": None, "unknown": {"a": [1]}},
]
OF_THE_EVENT = [
    {"blocks": None, "files": None, "attachments": None, "user_profile": None, "metadata": None},
    {"blocks": [7], "files": ["F1"], "attachments": [None], "edited": None, "client_msg_id": None},
    {"channel_type": None, "team": None, "user_team": None, "source_team": None, "thread_ts": None, "subtype": None},
    {"bot_id": None, "app_id": None, "event_ts": 1700000000.0001, "reactions": {}},
]


@pytest.mark.parametrize("more", LEFT_OUT, ids=range(len(LEFT_OUT)))
@pytest.mark.parametrize("odd", OF_THE_EVENT, ids=range(len(OF_THE_EVENT)))
def test_a_message_is_heard_whatever_stands_beside_it(more: dict[str, Any], odd: dict[str, Any]) -> None:
    message = heard(MESSAGE | odd, **more).message
    assert (message.text, message.place.thread) == ("hello", "1700000000.000100")
    assert message.sender.address.endswith(":U1")
