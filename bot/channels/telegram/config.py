"""What the Telegram channel must be told: the token, and how updates come in. Values only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.errors import ConfigError, Fault

API_URL = "https://api.telegram.org"
# Telegram's own rule for secret_token.
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,200}")
# Another server of the Bot API may give tokens of its own making.
FOREIGN_TOKEN = re.compile(r"[^\s/?#]{1,220}")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """One bot.

    webhook_secret:     None = long polling; else updates come to the web role under this secret.
    webhook_url:        the public address of the webhook; None = the operator sets the webhook by hand.
    api_url:            root of the Bot API server, without "/bot".
    file_url:           root of the files' server, without "/bot"; "" = "/file" below api_url, as Telegram has it.
    staff_chat:         chat id of the desk's own group, or None.
    read_all_in_groups: take every message of a group, not only those that address the bot.
    """

    token: str = field(repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    webhook_url: str | None = None
    api_url: str = API_URL
    file_url: str = ""
    staff_chat: str | None = None
    read_all_in_groups: bool = False

    @property
    def bot_id(self) -> int:
        """The bot's own account, which its token begins with; 0 for one that does not: then the server tells."""
        account, _, _ = self.token.partition(":")
        return int(account) if re.fullmatch(r"[0-9]{1,20}", account) else 0

    @property
    def root(self) -> str:
        """The API server's address without a trailing slash or "/bot", however it was written."""
        return self.api_url.rstrip("/").removesuffix("/bot").rstrip("/")

    @property
    def base_url(self) -> str:
        return f"{self.root}/bot"

    @property
    def file_root(self) -> str:
        return self.file_url.rstrip("/").removesuffix("/bot").rstrip("/") or f"{self.root}/file"

    @property
    def base_file_url(self) -> str:
        return f"{self.file_root}/bot"

    @property
    def is_on_this_machine(self) -> bool:
        return urlsplit(self.root).hostname in _THIS_MACHINE

    def check(self) -> None:
        """Raises ConfigError with every fault that would keep the channel off."""
        faults: list[Fault] = []
        if not (TOKEN if self.root == API_URL else FOREIGN_TOKEN).fullmatch(self.token):
            faults += bad_token("it does not look like 123456:ABC-DEF").faults
        if self.webhook_secret is not None and not SECRET.fullmatch(self.webhook_secret):
            problem = "Telegram takes 1 to 256 letters, digits, _ and - as a secret"
            faults.append(Fault("environment", "HOLDLINE_TELEGRAM_WEBHOOK_SECRET", problem, "Choose another one"))
        if faults:
            raise ConfigError(faults)


def bad_token(problem: str) -> ConfigError:
    """The fault of a token that Telegram does not know."""
    return ConfigError([Fault("environment", "TELEGRAM_BOT_TOKEN", problem, "Copy the token from BotFather again")])
