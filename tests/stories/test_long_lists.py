"""Lists that are cut: what is asked for is never hidden behind what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot import books
from bot.books import looking
from bot.diary import COMING_MAX
from bot.store import Tx
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


async def test_list_that_is_cut_says_so_to_whoever_asked(desk: Desk) -> None:
    cast = Cast(desk)
    more = f"There are more than these {LIST_MAX}; they are not listed."
    for number in range(LIST_MAX):
        await desk.say(cast.anna, HOURS, subject=f"Hours {number}")
    assert more not in (await desk.do(cast.anna, "status")).text
    await desk.say(cast.anna, HOURS, subject="One more")
    lines = (await desk.do(cast.anna, "status")).text.splitlines()
    assert (len(lines), lines[-1]) == (LIST_MAX + 1, more)


async def test_bank_lines_quotes_addresses_and_files_say_that_they_are_cut(desk: Desk) -> None:
    cast = Cast(desk)
    line = {"booked_on": date(2026, 11, 18), "cents": 100, "reason": "no invoice", "read_at": desk.now}
    address = {
        "channel": "email",
        "is_dead": True,
        "trouble": "unknown",
        "trouble_at": desk.now,
        "created_at": desk.now,
    }
    quote = {"client_id": cast.acme.id, "title": "Pages", "quarters": 4, "made_at": desk.now}
    await desk.say(cast.anna, HOURS, files=[(f"file-{number}.txt", b"%d" % number) for number in range(61)])
    await desk.do(cast.tom, "claim 1")
    wanted: list[tuple[str, str, int, Callable[[int], dict[str, Any]]]] = [
        ("bank lines", "bank_line", 200, lambda n: {**line, "key": f"line-{n}"}),
        ("handle troubles", "handle", 100, lambda n: {**address, "address": f"x{n}@gone.example"}),
        ("quotes ACME", "quote", 50, lambda n: quote),
    ]
    for command, table, most, row in wanted:
        told = f"There are more than these {most}; they are not listed."
        desk.store.run_sync(partial(_insert, table=table, rows=[row(n) for n in range(most)]))
        assert told not in (await desk.do(cast.maria, command)).text
        desk.store.run_sync(partial(_insert, table=table, rows=[row(most)]))
        assert told in (await desk.do(cast.maria, command)).text
    assert "There are more than these 60; they are not listed.\n" in (await desk.do(cast.tom, "files 1")).text


async def test_diary_that_is_cut_says_so(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    told = f"There are more than these {COMING_MAX}; they are not listed."
    for count, is_cut in ((COMING_MAX, False), (1, True)):
        starts_at = desk.now + timedelta(days=1)
        slot = {"ticket_id": 1, "consultant_id": cast.tom.id, "starts_at": starts_at, "created_at": desk.now}
        slots = [{**slot, "ends_at": starts_at + timedelta(hours=1)}] * count
        desk.store.run_sync(partial(_insert, table="appointment", rows=slots))
        for command in ("diary", "mine"):
            assert (await desk.do(cast.tom, command)).text.endswith(told) is is_cut


def _insert(tx: Tx, table: str, rows: list[dict[str, Any]]) -> None:
    tx.insert_many(table, rows)


async def test_statement_that_does_not_list_all_work_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    for module in (books, looking):
        monkeypatch.setattr(module, "CHARGES_MAX", 2)
    said = "There is more work than these 2 lines; the sums above hold all of it."
    for count in range(1, 4):
        assert (await desk.do(cast.tom, "log 1 60m")).is_ok
        text = (await desk.do(cast.anna, "statement 2026-11")).text
        assert text.count(" charge ") == min(count, 2) and (said in text) is (count == 3)
