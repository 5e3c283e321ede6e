"""The staff's conversation gets another id, or another is named in the settings: cards of open tickets stand there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.cards import POST_GAP
from bot.messages import SLACK, TELEGRAM, CardView, Place
from bot.store import Query, Store
from tests.desk import Desk
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast

OLD, NEW = Place(SLACK, "C0OLD"), Place(SLACK, "C0NEW")
CARDS = Query("SELECT ticket_id, conversation, due_at FROM card ORDER BY ticket_id, conversation", scans="tests")


def shown(desk: Desk, place: Place) -> list[int]:
    """The tickets whose cards were posted or edited in a conversation, one after the other."""
    views: list[CardView] = desk.posts[place.channel].shown
    return [view.ticket_id for view in views if view.place.conversation == place.conversation]


def desk_in(store: Store, folder: Path, place: Place, *, before: Desk | None = None) -> Desk:
    now = {"now": before.now} if before is not None else {}
    return Desk(store, folder, staff_places=(place,), **now)


async def opened(desk: Desk) -> Cast:
    """Tickets 1 (P4), 2 (P3), 3 (P1), and 4, which is resolved."""
    cast = Cast(desk)
    for text in (HOURS, PRINTER, SERVER, HOURS):
        await desk.say(cast.anna, text)
    for line in ("claim 4", "resolve 4"):
        await desk.do(cast.tom, line)
    return cast


# ---------------------------------------------------------------- the settings name another


async def test_cards_of_open_tickets_are_posted_where_the_staff_is_now_most_urgent_first(
    store: Store, tmp_path: Path
) -> None:
    before = desk_in(store, tmp_path, OLD)
    await opened(before)
    desk = desk_in(store, tmp_path, NEW, before=before)
    await desk.stage.courier.prepare()
    await desk.advance(minutes=1)
    assert shown(desk, NEW) == [3, 2, 1]
    assert shown(desk, OLD) == []


async def test_the_old_cards_are_followed_no_more(store: Store, tmp_path: Path) -> None:
    before = desk_in(store, tmp_path, OLD)
    cast = await opened(before)
    desk = desk_in(store, tmp_path, NEW, before=before)
    await desk.stage.courier.prepare()
    await desk.advance(minutes=1)
    await desk.do(cast.tom, "claim 2")
    assert (shown(desk, NEW)[-1], shown(desk, OLD)) == (2, [])


async def test_a_start_in_the_same_place_posts_nothing(store: Store, tmp_path: Path) -> None:
    before = desk_in(store, tmp_path, OLD)
    await opened(before)
    # With its workspace or without: it is the same channel.
    for place in (OLD, Place(SLACK, "T1:C0OLD")):
        desk = desk_in(store, tmp_path, place, before=before)
        await desk.stage.courier.prepare()
        await desk.advance(minutes=1)
        assert shown(desk, place) == []


async def test_a_channel_of_the_staff_that_is_named_later_gets_the_open_tickets(store: Store, tmp_path: Path) -> None:
    before = Desk(store, tmp_path)
    await opened(before)
    desk = desk_in(store, tmp_path, NEW, before=before)
    await desk.stage.courier.prepare()
    await desk.advance(minutes=1)
    assert shown(desk, NEW) == [3, 2, 1]


async def test_of_many_open_tickets_a_new_one_and_one_that_changes_do_not_wait_behind(
    store: Store, tmp_path: Path
) -> None:
    before = Desk(store, tmp_path)
    cast = Cast(before)
    for _ in range(30):
        await before.say(cast.anna, HOURS)
    desk = desk_in(store, tmp_path, NEW, before=before)
    await desk.stage.courier.prepare()
    await desk.settle()
    assert shown(desk, NEW) == [1]
    new = (await desk.say(cast.anna, PRINTER, key="later", message_id="<later@acme.example>")).ticket_id
    await desk.do(cast.tom, "claim 30")
    assert shown(desk, NEW) == [1, new, 30]
    await desk.advance(seconds=27 * POST_GAP.total_seconds())
    assert len(shown(desk, NEW)) == len(set(shown(desk, NEW))) == 30
    await desk.advance(minutes=1)
    assert sorted(shown(desk, NEW)) == list(range(1, 32)), "each once"


# ---------------------------------------------------------------- the service gives it another id


async def test_a_group_that_moved_gets_the_cards_of_open_tickets_at_once(store: Store, tmp_path: Path) -> None:
    old, new = Place(TELEGRAM, "-7"), Place(TELEGRAM, "-1007")
    desk = desk_in(store, tmp_path, old)
    await opened(desk)
    await desk.reception.conversation_moved(TELEGRAM, "-7", "-1007")
    await desk.advance(minutes=1)
    assert shown(desk, new) == [3, 2, 1]


async def test_a_start_after_a_move_posts_nothing_whichever_id_the_settings_name(store: Store, tmp_path: Path) -> None:
    before = desk_in(store, tmp_path, Place(TELEGRAM, "-7"))
    cast = await opened(before)
    await before.reception.conversation_moved(TELEGRAM, "-7", "-1007")
    await before.advance(minutes=1)
    await before.say(cast.anna, HOURS)
    for name in ("-7", "-1007"):
        desk = desk_in(store, tmp_path, Place(TELEGRAM, name), before=before)
        await desk.stage.courier.prepare()
        await desk.advance(minutes=1)
        assert desk.posts[TELEGRAM].shown == [], name


async def test_cards_are_apart_by_so_much_that_a_group_takes_them_beside_words() -> None:
    assert timedelta(minutes=1) / POST_GAP <= 14
