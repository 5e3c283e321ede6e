"""Long polling against the strict double: confirmed after the commit, in order, whatever arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from bot.channels.telegram.files import SIZE_BYTES_MAX
from bot.errors import ConfigError, UserError
from bot.messages import Answer, Order
from bot.notices.catalogues import LANGUAGES
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import SIGNER, polling

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(limits=False) as double:
        double.add_person(7, "Ann Lee")
        double.add_person(8, "Bo")
        double.add_group(-5, "Acme")
        yield double


@pytest.fixture
def desk() -> DeskInMemory:
    return DeskInMemory()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what happens beside the test; fails after a while."""

    async def watch() -> None:
        while not is_so():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(watch(), 5)


# ---------------------------------------------------------------- the stream


async def test_what_waited_is_received_and_confirmed(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.says(7, "one")
    telegram.says(7, "two")
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["one", "two"]


async def test_what_comes_later_is_received_at_once(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk) as poller:
        telegram.says(7, "one")
        await telegram.settled()
        telegram.says(7, "/status")
        await telegram.settled()
        assert poller.state == "polling"
    assert desk.texts == ["one"]
    assert desk.lines == ["status"]


async def test_hundreds_of_updates_keep_the_order_of_each_chat(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    for number in range(250):
        telegram.says(7 + number % 2, f"{number}")
    async with polling(telegram, desk):
        await telegram.settled()
    for person in ("7", "8"):
        texts = [int(message.text) for message in desk.messages if message.sender.address == person]
        assert len(texts) == 125
        assert texts == sorted(texts)


async def test_nothing_is_confirmed_while_the_desk_is_busy(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    desk.is_busy = True
    telegram.says(7, "one")
    async with polling(telegram, desk) as poller:
        await until(lambda: poller.state == "waiting: the desk is busy")
        assert len(telegram.pending) == 1
        desk.is_busy = False
        await telegram.settled()
        await until(lambda: poller.state == "polling")
    assert desk.texts == ["one"]
    assert desk.replays == 0


async def test_a_busy_chat_does_not_hold_the_others_and_keeps_its_order(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    desk.busy_chats.add("7")
    for text in ("one", "two"):
        telegram.says(7, text)
        telegram.says(8, text)
    async with polling(telegram, desk):
        await until(lambda: len(desk.messages) == 2)
        # Bo's are in, but not confirmed: an offset cannot pass over Ann's.
        assert [message.sender.address for message in desk.messages] == ["8", "8"]
        assert len(telegram.pending) == 4
        desk.busy_chats.clear()
        await telegram.settled()
    assert [message.text for message in desk.messages if message.sender.address == "7"] == ["one", "two"]
    assert len(desk.messages) == 4


async def test_a_restart_before_the_confirmation_changes_nothing(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.says(7, "one")
    unconfirmed = list(telegram.pending)
    async with polling(telegram, desk):
        await telegram.settled()
    telegram.pending[:] = unconfirmed
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["one"]
    assert desk.replays == 1


async def test_stopping_confirms_what_was_taken(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk) as poller:
        telegram.says(7, "one")
        await until(lambda: desk.texts == ["one"])
    assert telegram.pending == []
    assert poller.state == "off"


# ---------------------------------------------------------------- poison


async def test_poison_goes_to_quarantine_and_blocks_nobody(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.says(7, "before")
    telegram.inject({"message": {"message_id": "x", "chat": {"id": 7, "type": "private"}, "text": "secret"}})
    telegram.inject({"message": "no object"})
    telegram.inject({"callback_query": {"id": 3}})
    telegram.says(7, "after")
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["before", "after"]
    assert len(desk.quarantined) == 2
    assert b"secret" in desk.quarantined[0][0]


async def test_a_fault_of_our_own_goes_to_quarantine_too(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    desk.breaks_on = "boom"
    telegram.says(7, "boom")
    telegram.says(7, "after")
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["after"]
    assert "ZeroDivisionError" in desk.quarantined[0][1]


async def test_what_lay_in_quarantine_can_be_read_again(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    desk.breaks_on = "boom"
    telegram.sends_file(7, "document", b"%PDF", filename="a.pdf", caption="boom")
    async with polling(telegram, desk) as poller:
        await telegram.settled()
        message = await poller.reread(desk.quarantined[0][0], NOW)
        for raw in (b"{", b'{"update_id": 1, "poll": {}}', b'{"update_id": 1, "message": "no object"}'):
            with pytest.raises(UserError):
                await poller.reread(raw, NOW)
    assert message.text == "boom"
    assert message.received_at == NOW
    assert message.attachments[0].content == b"%PDF"


async def test_an_update_without_an_id_is_put_aside_once(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.inject({"message": {}}, has_id=False)
    async with polling(telegram, desk):
        await until(lambda: len(desk.quarantined) == 1)
        telegram.says(7, "after")
        await until(lambda: desk.texts == ["after"])
    assert len(desk.quarantined) == 1


async def test_an_answer_that_is_no_json_is_waited_out(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.fail("getUpdates", 200, garble=True)
    telegram.says(7, "one")
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["one"]


# ---------------------------------------------------------------- standing with Telegram


@pytest.mark.parametrize(("status", "description"), [(502, "Bad Gateway"), (500, "Internal Server Error")])
async def test_a_failure_of_the_service_is_waited_out(
    telegram: TelegramDouble, desk: DeskInMemory, status: int, description: str
) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates"):
        telegram.fail(method, status, description)
    telegram.fail("getUpdates", cut=True)
    telegram.says(7, "one")
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["one"]


async def test_a_bad_token_is_a_fault_of_the_configuration(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
        async with polling(telegram, desk, token="123456:another"):
            pass


async def test_a_token_of_the_wrong_shape_is_seen_without_asking_anybody(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
        async with polling(telegram, desk, token="xoxb-1", api_url="https://api.telegram.org"):
            pass
    assert telegram.calls == []


async def test_a_token_that_is_revoked_turns_the_listener_off(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk, poll_seconds=0) as poller:
        await until(lambda: poller.state == "polling")
        telegram.revoke_token()
        await until(lambda: poller.fault is not None)
        assert poller.state == "off: Telegram refuses the token"


async def test_a_webhook_that_was_set_is_taken_away(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.webhook = {"url": "https://old.example/hook"}
    telegram.says(7, "one")
    async with polling(telegram, desk):
        await telegram.settled()
        telegram.webhook = {"url": "https://old.example/hook"}
        telegram.says(7, "two")
        await telegram.settled()
    assert desk.texts == ["one", "two"]


async def test_the_menu_is_published_beside_the_stream(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk):
        await until(lambda: len(telegram.commands) == 3 * len(LANGUAGES))


async def test_a_server_that_does_not_wait_is_not_asked_without_end(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    async with polling(telegram, desk, poll_seconds=0) as poller:
        await until(lambda: poller.state == "polling")
        telegram.says(7, "one")
        await telegram.settled()
        telegram.says(7, "two")
        await telegram.settled()
    assert len([call for call in telegram.calls if call.method == "getUpdates"]) < 12


async def test_only_the_kinds_we_read_are_asked_for(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk):
        await until(lambda: any(call.method == "getUpdates" for call in telegram.calls))
    asked = next(call for call in telegram.calls if call.method == "getUpdates")
    assert asked.fields["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


# ---------------------------------------------------------------- one poller a token


class Lease:
    """A lease that two pollers of one test share."""

    def __init__(self) -> None:
        self.holder: object = None
        self.is_lost = False

    def of(self, name: str) -> HeldBy:
        return HeldBy(self, name)


class Failing(Lease):
    """A lease whose every second taking fails for a reason that nobody foresaw."""

    takings = 0

    def of(self, name: str) -> HeldBy:
        lease = self

        class Odd(HeldBy):
            async def take(self, name: str) -> bool:
                lease.takings += 1
                if lease.takings % 2 == 0:
                    raise RuntimeError("unforeseen")
                return await super().take(name)

        return Odd(lease, name)


class HeldBy:
    def __init__(self, lease: Lease, holder: str) -> None:
        self._lease, self._holder = lease, holder

    async def take(self, name: str) -> bool:
        assert name == "telegram:123456"
        if self._lease.is_lost or self._lease.holder not in (None, self._holder):
            return False
        self._lease.holder = self._holder
        return True

    async def give_back(self, name: str) -> None:
        if self._lease.holder == self._holder:
            self._lease.holder = None

    async def position(self, name: str) -> dict[str, int | str]:
        return {}

    async def save(self, name: str, position: dict[str, int | str]) -> None:
        return


async def test_without_a_lease_two_pollers_fight_and_say_so(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with polling(telegram, desk) as one, polling(telegram, desk) as two:
        await until(lambda: any("somebody else polls" in poller.state for poller in (one, two)))
        telegram.says(7, "one")
        await telegram.settled()
    assert desk.texts == ["one"]


async def test_who_was_cut_off_by_another_poller_waits_longer_each_time(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=4)
    async with polling(telegram, desk, poll_seconds=5):
        telegram.says(7, "one")
        await telegram.settled()
    # An empty poll in between, which nobody has the time to cut off, would begin the waits anew.
    polls = [call.fields.get("timeout") for call in telegram.calls if call.method == "getUpdates"]
    assert [int(seconds or 0) for seconds in polls[:5]] == [5, 5, 5, 5, 5]


async def test_with_a_lease_the_second_poller_waits_its_turn(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    lease = Lease()
    async with polling(telegram, desk, bookmarks=lease.of("one")):
        await until(lambda: lease.holder == "one")
        async with polling(telegram, desk, bookmarks=lease.of("two")) as two:
            await until(lambda: two.state == "waiting: another worker polls with this token")
            telegram.says(7, "one")
            await telegram.settled()
            assert not [call for call in telegram.calls if call.error]
    assert lease.holder is None


async def test_a_second_poller_takes_over(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    lease = Lease()
    async with polling(telegram, desk, bookmarks=lease.of("one")) as one:
        await until(lambda: lease.holder == "one")
        async with polling(telegram, desk, bookmarks=lease.of("two")) as two:
            await one.stop()
            await until(lambda: lease.holder == "two" and two.state == "polling")
            telegram.says(7, "one")
            await telegram.settled()
    assert desk.texts == ["one"]


async def test_a_poller_that_cannot_keep_its_lease_takes_it_anew(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    lease = Failing()
    async with polling(telegram, desk, bookmarks=lease.of("one"), renew_seconds=0.01):
        # Taken, failed to keep, taken once more, and so on; what is said meanwhile comes through.
        await until(lambda: lease.takings >= 5)
        telegram.says(7, "one")
        await until(lambda: desk.texts == ["one"])


async def test_a_lost_lease_ends_the_poll(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    lease = Lease()
    async with polling(telegram, desk, bookmarks=lease.of("one"), renew_seconds=0.01) as poller:
        await until(lambda: poller.state == "polling")
        lease.is_lost = True
        await until(lambda: poller.state.startswith("waiting"))
        lease.is_lost, lease.holder = False, None
        await until(lambda: poller.state == "polling")


# ---------------------------------------------------------------- buttons


async def test_a_button_is_obeyed_and_answered(telegram: TelegramDouble) -> None:
    desk = DeskInMemory(lambda order: Answer("Ticket 42 is yours. " + "x" * 300))
    card = await a_card(telegram, "claim 42")
    query = telegram.presses(7, card, "Claim")
    async with polling(telegram, desk):
        await until(lambda: query in telegram.answers)
    assert desk.lines == ["claim 42"]
    assert desk.orders[0].wants_delivery
    answer = telegram.answers[query]
    assert answer["text"].startswith("Ticket 42 is yours.")
    assert len(answer["text"]) == 200
    assert answer["show_alert"] is False


async def test_a_refused_button_is_answered_with_an_alert(telegram: TelegramDouble) -> None:
    def refuse(order: Order) -> Answer:
        return Answer("Bo claimed it at 14:03.", is_ok=False)

    query = telegram.presses(7, await a_card(telegram, "claim 42"), "Claim")
    async with polling(telegram, DeskInMemory(refuse)):
        await until(lambda: query in telegram.answers)
    assert telegram.answers[query]["show_alert"] is True


async def test_a_forged_button_is_not_obeyed(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    query = telegram.presses_data(7, await a_card(telegram, "claim 42"), "grant ACME 40h.a0000000000000000")
    async with polling(telegram, desk):
        await until(lambda: query in telegram.answers)
    assert desk.lines == []
    assert "no longer valid" in telegram.answers[query]["text"]


async def test_a_button_that_cannot_be_answered_any_more_is_still_obeyed(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    query = telegram.presses(7, await a_card(telegram, "claim 42"), "Claim")
    telegram.queries[query] = -1000.0
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.lines == ["claim 42"]
    assert telegram.answers == {}


async def a_card(telegram: TelegramDouble, command: str) -> dict[str, object]:
    button = {"text": "Claim", "callback_data": SIGNER.sign("telegram", command)}
    markup = {"inline_keyboard": [[button]]}
    return telegram.keep(telegram.chats[7], telegram.bot_user(), {"text": "42", "reply_markup": markup})


# ---------------------------------------------------------------- files, albums, moves


async def test_files_are_brought_over_before_the_desk_records_the_message(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.sends_file(7, "document", b"%PDF", filename="räport 1.pdf", caption="see")
    telegram.sends_file(7, "photo", b"\xff\xd8")
    async with polling(telegram, desk):
        await telegram.settled()
    attachments = [file for message in desk.messages for file in message.attachments]
    assert [(file.filename, file.content, file.size_bytes) for file in attachments] == [
        ("räport 1.pdf", b"%PDF", 4),
        ("photo-102.jpg", b"\xff\xd8", 2),
    ]


async def test_a_file_that_is_too_large_leaves_a_note(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.sends_file(7, "video", bytes(SIZE_BYTES_MAX + 1), filename="film.mp4", caption="look")
    async with polling(telegram, desk):
        await telegram.settled()
    (message,) = desk.messages
    assert message.text == (
        "look\n[film.mp4: 20 MB, too large for Telegram to hand over (20 MB); please send it by email]"
    )
    assert message.attachments[0].content is None
    assert message.attachments[0].size_bytes == SIZE_BYTES_MAX + 1


async def test_a_file_that_fails_for_a_moment_is_fetched_in_the_end(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.sends_file(7, "document", b"%PDF", filename="a.pdf")
    telegram.fail("getFile", 502, "Bad Gateway", times=2)
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.messages[0].attachments[0].content == b"%PDF"


@pytest.mark.parametrize("description", ["Bad Request: wrong file_id", "Bad Gateway"])
async def test_a_file_that_cannot_be_had_never_loses_the_message(
    telegram: TelegramDouble, desk: DeskInMemory, description: str
) -> None:
    telegram.sends_file(7, "document", b"%PDF", filename="a.pdf", caption="see")
    telegram.fail("getFile", 400 if description.startswith("Bad Request") else 502, description, times=20)
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["see\n[a.pdf: the file could not be fetched from Telegram]"]


async def test_an_album_is_one_thread(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    for caption in ("before and after", "", ""):
        telegram.sends_file(7, "photo", b"\xff\xd8", caption=caption, media_group_id="g1")
    async with polling(telegram, desk):
        await telegram.settled()
    first, *others = desk.messages
    assert [message.references for message in others] == [(first.message_id,)] * 2


async def test_a_group_that_moves_is_told_to_the_desk(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.migrate(-5, -1005)
    async with polling(telegram, desk):
        await telegram.settled()
    assert set(desk.moves) == {("telegram", "-5", "-1005")}


async def test_the_bots_name_is_learnt_before_a_group_is_read(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    telegram.says(7, "Lunch?", chat=-5)
    telegram.says(7, "@HoldlineBot the shop is down", chat=-5)
    telegram.says(7, "/status@HoldlineBot", chat=-5)
    async with polling(telegram, desk):
        await telegram.settled()
    assert desk.texts == ["the shop is down"]
    assert desk.lines == ["status"]
