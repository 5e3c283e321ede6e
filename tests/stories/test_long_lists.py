"""Lists that are cut: what is asked for is never hidden behind what is not."""

from __future__ import annotations

from bot.views import LIST_MAX
from tests.desk import Desk
from tests.stories.cast import HOURS, SERVER, Cast


async def test_queue_of_a_client_is_not_hidden_behind_more_urgent_tickets_of_another(desk: Desk) -> None:
    cast = Cast(desk)
    other = desk.a_contact(desk.a_client("NORD", lead=cast.tom), "Jonas Weber")
    for number in range(LIST_MAX):
        await desk.say(other, SERVER, subject=f"Server {number}")
    receipt = await desk.say(cast.anna, HOURS)
    answer = await desk.do(cast.maria, "queue ACME")
    assert answer.text.startswith(f"#{receipt.ticket_id} P4 ACME") and "NORD" not in answer.text
    assert "There may be more" not in answer.text
    whole = (await desk.do(cast.maria, "queue")).text
    assert whole.endswith(f"There may be more than these {LIST_MAX}: `queue CODE` lists those of one client.")


async def test_digest_counts_what_it_does_not_list(desk: Desk) -> None:
    cast = Cast(desk)
    for number in range(52):
        await desk.say(cast.anna, HOURS, subject=f"Hours {number}")
    text = (await desk.do(cast.maria, "digest")).text
    assert "Unclaimed (52):" in text
    assert "  and 2 more: `queue CODE` lists a client's\n" in text


async def test_open_ticket_of_a_contact_is_not_hidden_behind_newer_ones_that_are_closed(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    for number in range(2, LIST_MAX + 2):
        await desk.say(cast.anna, HOURS, subject=f"Hours {number}")
        assert (await desk.do(cast.maria, f"close {number}")).is_ok
    assert (await desk.do(cast.anna, "status")).text.startswith("#1 ")


async def test_open_ticket_is_never_too_old_for_a_list(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    desk.sleep(days=400)
    assert (await desk.do(cast.anna, "status")).text.startswith("#1 ")
    assert "1 open" in (await desk.do(cast.tom, "accounts")).text
