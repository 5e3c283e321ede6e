"""What polling and webhook have in common: who the bot is, a pause that ends when we stop, and a state to show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram import menu
from bot.channels.telegram.client import BotClient, is_token_refused
from bot.channels.telegram.config import TelegramConfig, bad_token
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.wire import MethodMissing
from bot.errors import ConfigError

log = structlog.get_logger(__name__)

# How long a start waits for Telegram before it goes on without: the desk's other listeners are not to wait.
HELLO_SECONDS, HELLO_AGAIN_SECONDS = 1.5, 10.0
# How often a name that nobody tells is asked for before the work begins without it.
GREETINGS = 3
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
STOP_SECONDS = 8.0


class Connection:
    """A bot's standing with Telegram. `state` is a line for people: "off", "polling", "waiting: …", "off: …"."""

    def __init__(
        self, client: BotClient, intake: Intake, config: TelegramConfig, *, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self.client, self.intake, self.config = client, intake, config
        self.state = "off"
        self.fault: ConfigError | None = None
        self.stopping = asyncio.Event()
        self._pauses = pauses

    async def greet(self, *, seconds: float = HELLO_SECONDS, is_quiet: bool = False) -> bool:
        """Learn the bot's own name. False when Telegram cannot be reached; raises ConfigError for a refused token.

        is_quiet: a failure does not become the state, for other work goes on.
        """
        try:
            me = await asyncio.wait_for(self.client.call("getMe"), seconds)
        except TimeoutError:
            self._fails("Telegram does not answer", is_quiet)
            return False
        except MethodMissing as error:
            # Without its name the bot does not know itself mentioned; all else works.
            log.warning("telegram_name_unknown", reason=str(error))
            return True
        except TelegramError as error:
            if is_token_refused(error):
                raise self.refused() from error
            self._fails(str(error), is_quiet)
            return False
        me = me if isinstance(me, dict) else {}
        account, username = me.get("id"), str(me.get("username") or "")
        bot_id = self.config.bot_id or (account if isinstance(account, int) else 0)
        self.intake.reading = replace(self.intake.reading, bot_id=bot_id, username=username)
        self._compare_privacy(me.get("can_read_all_group_messages"))
        return True

    def _compare_privacy(self, is_off: object) -> None:
        """Say where one of the two switches that let a group be read is set, and the other is not."""
        wanted = self.config.read_all_in_groups
        if is_off is False and wanted:
            log.warning("telegram_privacy_mode_is_on", reason="/setprivacy at BotFather, then add the bot anew")
        elif is_off is True and not wanted:
            log.info("telegram_privacy_mode_is_off", reason="telegram.read_all_in_groups is false: only what names us")

    async def greet_first(self) -> bool:
        """Greet at a start. A configuration that cannot work ends this listener, so its connections go as well."""
        try:
            self.config.check()
            return await self.greet()
        except ConfigError as fault:
            self.fault = fault
            await self.client.close_connections()
            raise

    async def greet_again(self, tries: int = GREETINGS) -> bool:
        """Greet some more times. False where it never worked; raises ConfigError for a refused token."""
        for number in range(tries):
            await self.pause(number)
            if self.stopping.is_set() or await self.greet(seconds=HELLO_AGAIN_SECONDS):
                return not self.stopping.is_set()
        # All but its name can be had without: what else does not answer will say so by itself.
        log.warning("telegram_name_unknown", reason=self.state)
        return False

    async def greet_beside(self) -> None:
        """Greet until it works, beside the work that does without; a refused token shows there too."""
        with suppress(ConfigError):
            while not self.stopping.is_set() and not await self.greet(seconds=HELLO_AGAIN_SECONDS, is_quiet=True):
                await self.pause(len(self._pauses))

    async def publish_menu(self) -> None:
        await menu.publish(self.client, self.config.staff_chat)

    def refused(self) -> ConfigError:
        """The token is not, or no longer, good: this listener is off, the others live."""
        self.fault = bad_token("Telegram refuses it")
        self.say("off: Telegram refuses the token")
        return self.fault

    def _fails(self, reason: str, is_quiet: bool) -> None:
        if not is_quiet:
            self.say(f"waiting: {reason}")

    def say(self, state: str) -> None:
        """Set the state, and log it once while it lasts."""
        if state != self.state:
            self.state = state
            log.info("telegram_state", state=state)

    async def pause(self, tries: int, error: Exception | None = None) -> None:
        """Wait before the next try, longer each time, at most 30 s or what Telegram asks for; ends when we stop."""
        seconds = self._pauses[min(tries, len(self._pauses) - 1)]
        if isinstance(error, RetryAfter):
            seconds = max(seconds, retry_after_seconds(error))
        await wait_for_any(seconds, self.stopping)


async def wait_for_any(seconds: float | None, *events: asyncio.Event) -> None:
    """Wait until one of the events is set, or the time is over."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def retry_after_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait. The library is changing the public attribute's type; it is read once, here."""
    return float(error._retry_after.total_seconds())


async def end(task: asyncio.Task[None] | None, stopping: Callable[[], None]) -> None:
    """Ask a task to end, and end it after a while if it does not."""
    stopping()
    if task is None:
        return
    _, late = await asyncio.wait([task], timeout=STOP_SECONDS)
    for each in late:
        each.cancel()
    await asyncio.gather(task, return_exceptions=True)
