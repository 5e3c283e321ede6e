"""The tree of settings: each key with its default, its reader and its name in the environment.

Frozen and without effects. What each key means, its unit and its source stand beside it in config/holdline.toml,
whose values a test holds equal to the defaults here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from bot import readers as r
from bot.settings.incoming import Imap, Smtp
from bot.settings.outgoing import BackupRelay, Dkim, Relay
from bot.settings.retention import Retention
from bot.settings.setting import setting

VAR = Path("var")
MORNING = time(7, 30)


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the desk writes; nothing is written elsewhere."""

    var: Path = setting(VAR, r.path)  # noqa: RUF009

    @property
    def blobs(self) -> Path:
        return self.var / "blobs"

    @property
    def outgoing(self) -> Path:
        """The Maildir that takes outgoing mail while no relay is set."""
        return self.var / "outgoing"

    @property
    def console_socket(self) -> Path:
        return self.var / "console.sock"

    @property
    def console_log(self) -> Path:
        return self.var / "console.log"

    @property
    def secret_key(self) -> Path:
        return self.var / "secret.key"


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Who the desk is, and when it is open."""

    name: str = setting("Holdline Desk", r.text(may_be_empty=False, length_max=80))
    addresses: tuple[str, ...] = setting(("support@desk.example",), r.many(r.address))
    zone: str = setting("America/New_York", r.zone)
    hours: str = setting("Mon-Fri 09:00-17:00", r.open_hours)
    language: str = setting("en", r.one_of("en", "de", "es", "fr", "pt"))
    currency: str = setting("USD", r.one_of("USD", "EUR", "GBP"))
    manager: str = setting("", r.text(length_max=40))
    digest_time: time = setting(MORNING, r.clock_time)  # noqa: RUF009
    direct_number: str = setting("", r.text(length_max=40))
    postal_address: str = setting("", r.text(length_max=300))
    tax_number: str = setting("", r.text(length_max=60))
    payment_details: str = setting("", r.text(length_max=300))
    logo: str = setting("", r.text(length_max=300))
    country: str = setting("", r.text(length_max=2))
    electronic_invoices: str = setting("none", r.one_of("none", "factur-x"))

    @property
    def domain(self) -> str:
        """The host of the desk's first address: names in Message-IDs and reply addresses."""
        return self.addresses[0].partition("@")[2]


@dataclass(frozen=True, slots=True)
class Web:
    """Health, metrics and webhooks."""

    is_on: bool = setting(True, r.yes_no)
    host: str = setting("127.0.0.1", r.text(may_be_empty=False))
    port: int = setting(8080, r.whole(0, 65535), env="PORT")
    public_url: str = setting("", r.url("https", "http"))
    metrics_token: str = setting("", r.secret(length_min=16), is_secret=True)
    body_bytes_max: int = setting(1_048_576, r.whole(16_384, 104_857_600))


@dataclass(frozen=True, slots=True)
class Slack:
    """Tokens, and where cards of tickets stand."""

    bot_token: str = setting("", r.token("xoxb-"), env="SLACK_BOT_TOKEN", is_secret=True)
    app_token: str = setting("", r.token("xapp-"), env="SLACK_APP_TOKEN", is_secret=True)
    signing_secret: str = setting("", r.secret(length_min=4), env="SLACK_SIGNING_SECRET", is_secret=True)
    client_id: str = setting("", r.text(length_max=80), env="SLACK_CLIENT_ID")
    client_secret: str = setting("", r.secret(length_min=8), env="SLACK_CLIENT_SECRET", is_secret=True)
    desk_channel: str = setting("", r.slack_channel)
    emoji: str = setting("ticket", r.slack_emoji)
    commands: str = setting("", r.slack_commands)
    api_url: str = setting("https://slack.com/api", r.url("https", "http"), env="SLACK_API_URL")

    @property
    def is_installed_by_oauth(self) -> bool:
        """Workspaces may install the app themselves, at /slack/install."""
        return bool(self.client_id and self.client_secret)

    @property
    def mode(self) -> str:
        """ "socket" (app token), "http" (signing secret) or "" (off)."""
        if not self.bot_token and not self.is_installed_by_oauth:
            return ""
        return "socket" if self.app_token else "http" if self.signing_secret else ""


@dataclass(frozen=True, slots=True)
class Telegram:
    """Token, and where cards of tickets stand."""

    bot_token: str = setting("", r.secret(length_min=3), env="TELEGRAM_BOT_TOKEN", is_secret=True)
    webhook_secret: str = setting("", r.secret(length_min=16), is_secret=True)
    desk_chat: str = setting("", r.text(length_max=40))
    read_all_in_groups: bool = setting(False, r.yes_no)
    api_url: str = setting("https://api.telegram.org", r.url("https", "http"), env="TELEGRAM_API_URL")
    file_url: str = setting("", r.url("https", "http"))

    @property
    def mode(self) -> str:
        """ "webhook" (a webhook secret is set), "polling" or "" (off)."""
        if not self.bot_token:
            return ""
        return "webhook" if self.webhook_secret else "polling"


@dataclass(frozen=True, slots=True)
class Sending:
    """How much leaves the house: design, "What we send is bounded"."""

    stranger_per_thread_hour: int = setting(1, r.whole(0, 100))
    stranger_per_day: int = setting(20, r.whole(0, 10_000))
    contact_per_thread_day: int = setting(12, r.whole(1, 1000))
    coalesce_seconds: int = setting(120, r.whole(0, 3600))
    breaker_per_hour: int = setting(1000, r.whole(1, 1_000_000))


@dataclass(frozen=True, slots=True)
class Times:
    """Spans and rhythms; each key's name carries its unit."""

    grace_minutes: int = setting(10, r.whole(0, 120))
    reopen_days: int = setting(14, r.whole(0, 365))
    close_days: int = setting(7, r.whole(1, 365))
    tick_seconds: int = setting(2, r.whole(1, 60))
    clock_jump_hours: int = setting(6, r.whole(1, 72))
    stop_seconds: int = setting(10, r.whole(1, 20))


@dataclass(frozen=True, slots=True)
class Log:
    """How much is logged, and in which form."""

    level: str = setting("info", r.one_of("debug", "info", "warning", "error"), env="LOG_LEVEL")
    format: str = setting("auto", r.one_of("auto", "json", "text"))


@dataclass(frozen=True, slots=True)
class Database:
    """Where the rows are."""

    url: str = setting("sqlite:///var/holdline.db", r.text(may_be_empty=False), env="DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Secret:
    """Signs reply addresses, buttons and codes; the previous key stays good for what was sent under it."""

    key: str = setting("", r.secret(length_min=32), is_secret=True)
    key_previous: str = setting("", r.secret(length_min=32), is_secret=True)


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole tree. Paths and the SQLite address are absolute."""

    home: Path
    config_folder: Path
    database: Database = Database()
    folders: Folders = Folders()
    desk: DeskSettings = DeskSettings()
    smtp: Smtp = field(default_factory=Smtp)
    imap: tuple[Imap, ...] = ()
    relay: Relay = field(default_factory=Relay)
    backup_relays: tuple[BackupRelay, ...] = ()
    dkim: Dkim = field(default_factory=Dkim)
    web: Web = Web()
    slack: Slack = Slack()
    telegram: Telegram = Telegram()
    sending: Sending = Sending()
    times: Times = Times()
    retention: Retention = field(default_factory=Retention)
    log: Log = Log()
    secret: Secret = Secret()

    @property
    def database_url(self) -> str:
        return self.database.url

    @property
    def is_sqlite(self) -> bool:
        return self.database.url.startswith("sqlite:")

    @property
    def database_file(self) -> Path:
        """The SQLite file. Only where `is_sqlite`."""
        assert self.is_sqlite
        return Path(self.database.url.removeprefix("sqlite:///"))


SECTIONS: Mapping[str, type] = {
    "database": Database,
    "folders": Folders,
    "desk": DeskSettings,
    "smtp": Smtp,
    "relay": Relay,
    "dkim": Dkim,
    "web": Web,
    "slack": Slack,
    "telegram": Telegram,
    "sending": Sending,
    "times": Times,
    "retention": Retention,
    "log": Log,
    "secret": Secret,
}
