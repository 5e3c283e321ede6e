"""The bot's own pace, held against the service's sliding windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.pacing import Pacer
from bot.clock import HandClock
from tests.doubles.telegram.rules import Rates

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
FOREVER = 10_000.0


def a_pacer() -> tuple[Pacer, HandClock]:
    clock = HandClock(START)
    return Pacer(clock), clock


def test_the_first_message_leaves_at_once() -> None:
    pacer, _ = a_pacer()
    assert pacer.book("7", at_most=0) == 0


def test_one_chat_gets_one_message_a_second() -> None:
    pacer, _ = a_pacer()
    waits = [round(pacer.book("7", at_most=FOREVER), 2) for _ in range(4)]
    assert waits == [0, 1.05, 2.1, 3.15]


def test_chats_do_not_wait_for_each_other_below_the_limit_of_all() -> None:
    pacer, _ = a_pacer()
    waits = [pacer.book(str(chat), at_most=FOREVER) for chat in range(29)]
    assert waits[:28] == [0.0] * 28
    assert round(waits[28], 2) == 1.05


def test_a_group_gets_fewer_than_twenty_a_minute() -> None:
    pacer, clock = a_pacer()
    waits = []
    for _ in range(20):
        waits.append(pacer.book("-5", at_most=2))
        clock.advance(timedelta(seconds=2))
    assert waits[:19] == [0.0] * 19
    # The 20th is asked for at 38 s, and the first leaves its window at 60.5 s.
    assert waits[19] == 22.5


def test_cards_leave_room_for_words() -> None:
    pacer, clock = a_pacer()
    for _ in range(14):
        assert pacer.book("-5", at_most=0, is_card=True) == 0
        clock.advance(timedelta(seconds=2))
    assert pacer.book("-5", at_most=0, is_card=True) > 0
    assert pacer.book("-5", at_most=0) == 0


def test_a_wait_that_is_too_long_books_nothing() -> None:
    pacer, clock = a_pacer()
    pacer.hold("7", 30)
    assert pacer.book("7", at_most=2) == 30
    clock.advance(timedelta(seconds=30))
    assert pacer.book("7", at_most=2) == 0


def test_being_asked_to_wait_holds_that_chat_alone() -> None:
    pacer, _ = a_pacer()
    pacer.hold("7", 5)
    assert pacer.book("8", at_most=2) == 0
    assert pacer.book("7", at_most=9) == 5


def test_thousands_of_chats_are_forgotten_again() -> None:
    pacer, clock = a_pacer()
    for chat in range(2500):
        pacer.book(str(chat), at_most=FOREVER)
        clock.advance(timedelta(seconds=1))
    assert len(pacer._chats) <= 2000


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["7", "8", "-5", "-6"]), st.floats(0, 3), st.booleans()), max_size=120))
def test_the_service_never_has_to_refuse(sends: list[tuple[str, float, bool]]) -> None:
    pacer, clock = a_pacer()
    booked = []
    for chat, gap, is_card in sends:
        clock.advance(timedelta(seconds=gap))
        wait = pacer.book(chat, at_most=2, is_card=is_card)
        if wait <= 2:
            booked.append((clock.monotonic() + wait, chat))
    now = [0.0]
    rates = Rates(lambda: now[0])
    for at, chat in sorted(booked):
        now[0] = at
        rates.count(int(chat))
