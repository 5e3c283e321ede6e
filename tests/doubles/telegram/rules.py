"""What Telegram refuses, apart from who is known to it: lengths, HTML, keyboards, rates."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

TAGS = frozenset(
    "b strong i em u ins s strike del a code pre blockquote tg-spoiler span tg-emoji".split()  # noqa: SIM905
)
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Refusal(Exception):
    """The service says no: status, description, parameters."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def units(text: str) -> int:
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def resolve(text: object, parse_mode: object, limit: int, too_long: str) -> str:
    """The text without its formatting. Refused: empty, too long, unreadable."""
    if not isinstance(text, str):
        raise bad("message text is empty")
    if parse_mode not in (None, "HTML"):
        raise bad("unsupported parse_mode")
    shown = _Html.read(text) if parse_mode == "HTML" else text
    if not shown.strip() and limit == 4096:
        raise bad("message text is empty")
    if units(shown) > limit:
        raise bad(too_long)
    return shown.strip()


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.open: list[str] = []

    @classmethod
    def read(cls, text: str) -> str:
        stray = re.sub(r"</?[a-z-]+(?: [a-z-]+=\"[^\"]*\")*>", "", ENTITY.sub("", text))
        if any(char in stray for char in "<>&"):
            raise bad("can't parse entities: an unescaped character")
        reader = cls()
        reader.feed(text)
        reader.close()
        if reader.open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {reader.open[-1]}")
        return "".join(reader.shown)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad("can't parse entities: Unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def check_keyboard(markup: Any) -> None:
    """Refuses an inline keyboard that Telegram would not show."""
    if markup is None:
        return
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise bad("inline keyboard button text is empty")
            data = button.get("callback_data")
            if data is None and "url" not in button:
                raise bad("text buttons are unallowed in the inline keyboard")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")


def check_commands(commands: Any) -> None:
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("can't parse commands list")
    for command in commands:
        if not COMMAND.fullmatch(command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


class Rates:
    """Sliding windows over the messages that went out."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._windows: dict[tuple[str, float], deque[float]] = {}

    def count(self, chat_id: int) -> None:
        """One more message to this chat. Raises a 429 with the seconds to wait."""
        now = self._now()
        limits = [("all", 1.0, 30), (str(chat_id), 1.0, 1)]
        if chat_id < 0:
            limits.append((str(chat_id), 60.0, 20))
        for name, seconds, allowed in limits:
            window = self._windows.setdefault((name, seconds), deque())
            while window and window[0] <= now - seconds:
                window.popleft()
            if len(window) >= allowed:
                wait = max(1, round(window[-allowed] + seconds - now + 0.5))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        for name, seconds, _ in limits:
            self._windows[(name, seconds)].append(now)
