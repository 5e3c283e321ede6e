"""What a chat message says survives its time in quarantine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot import legible
from bot.messages import Attachment, Handle, InboundMessage, Place, Trust

words = st.text(max_size=40)
messages = st.builds(
    InboundMessage,
    channel=st.just("slack"),
    key=words,
    sender=st.builds(Handle, st.just("slack"), words, words),
    received_at=st.datetimes(timezones=st.just(UTC)),
    text=words,
    place=st.builds(Place, st.just("slack"), words, words),
    subject=words,
    body_text=words,
    references=st.lists(words, max_size=3).map(tuple),
    automatic=st.none() | words,
    trust=st.sampled_from(Trust),
    urgent_button=st.booleans(),
    is_addressed=st.booleans(),
)


@given(messages)
def test_a_message_comes_back_as_it_was(message: InboundMessage) -> None:
    assert legible.from_bytes(legible.to_bytes(message)) == message


def test_files_come_back_by_the_name_of_their_bytes() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    file = Attachment("a.txt", "text/plain", 3, b"abc")
    message = InboundMessage("slack", "k", Handle("slack", "T:U"), now, "x", Place("slack", "T:C"), attachments=(file,))
    again = legible.from_bytes(legible.to_bytes(message))
    assert again == replace(message, attachments=(replace(file, content=None, sha256=sha256(b"abc").hexdigest()),))


def test_other_bytes_are_no_message() -> None:
    assert legible.from_bytes(b'{"update_id": 5}') is None
    assert legible.from_bytes(b"From: a@b") is None
