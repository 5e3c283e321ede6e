"""What is wrong with settings only in the company of another key, such as a webhook without the desk's address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import Fault
from bot.settings.retention import retention_faults
from bot.settings.tree import Settings

ENVIRONMENT = "environment"
TELEGRAM_ITSELF = "https://api.telegram.org"
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
# Its number, or the name of a public group.
GROUP = re.compile(r"-?[0-9]{1,20}|@[A-Za-z0-9_]{4,32}")


def faults_together(settings: Settings, file: str) -> Iterator[Fault]:
    """The faults. file: where the keys stand that no variable gave."""
    slack, telegram, relay = settings.slack, settings.telegram, settings.relay
    if slack.bot_token and not slack.mode:
        remedy = "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        yield Fault(ENVIRONMENT, "SLACK_BOT_TOKEN", "it is set alone", remedy)
    if slack.is_installed_by_oauth and not settings.web.public_url:
        remedy = "Set HOLDLINE_WEB_PUBLIC_URL, or take SLACK_CLIENT_ID and SLACK_CLIENT_SECRET out"
        yield Fault(ENVIRONMENT, "SLACK_CLIENT_ID", "installing by OAuth needs the desk's address", remedy)
    if bool(slack.client_id) != bool(slack.client_secret):
        remedy = "Set both, from the app's page at Slack, Basic Information, or neither"
        yield Fault(ENVIRONMENT, "SLACK_CLIENT_ID", "it and SLACK_CLIENT_SECRET go together", remedy)
    if (slack.app_token or slack.signing_secret) and not slack.bot_token and not slack.is_installed_by_oauth:
        yield Fault(ENVIRONMENT, "SLACK_BOT_TOKEN", "it is missing", "Set it: it begins with xoxb-")
    if telegram.webhook_secret and not settings.web.public_url:
        remedy = "Set HOLDLINE_WEB_PUBLIC_URL, or take HOLDLINE_TELEGRAM_WEBHOOK_SECRET out to poll instead"
        yield Fault(ENVIRONMENT, "HOLDLINE_TELEGRAM_WEBHOOK_SECRET", "a webhook needs the desk's address", remedy)
    if telegram.mode and telegram.api_url.rstrip("/") == TELEGRAM_ITSELF:
        yield from _telegram_faults(settings)
    if relay.user and not relay.password:
        yield Fault(ENVIRONMENT, "HOLDLINE_RELAY_PASSWORD", "relay.user is set and this is not", "Set it")
    if settings.backup_relays and not relay.host:
        yield Fault(file, "relay.host", "there are backup relays, and no first one", "Write the first here")
    if not settings.desk.addresses:
        yield Fault(file, "desk.addresses", "the desk has no address", "Write at least one email address")
    yield from retention_faults(settings.retention, settings.times, file)


def _telegram_faults(settings: Settings) -> Iterator[Fault]:
    """What Telegram's own servers refuse, or nothing would ever be found by."""
    telegram, url = settings.telegram, settings.web.public_url
    if telegram.webhook_secret and not WEBHOOK_SECRET.fullmatch(telegram.webhook_secret):
        problem, remedy = "Telegram takes letters, digits, _ and - as a secret, up to 256", "Choose another one"
        yield Fault(ENVIRONMENT, "HOLDLINE_TELEGRAM_WEBHOOK_SECRET", problem, remedy)
    if telegram.webhook_secret and url and not url.startswith("https://"):
        remedy = "Write it with https, or take HOLDLINE_TELEGRAM_WEBHOOK_SECRET out to poll instead"
        yield Fault(ENVIRONMENT, "HOLDLINE_WEB_PUBLIC_URL", "Telegram calls no address but https", remedy)
    if telegram.desk_chat and not GROUP.fullmatch(telegram.desk_chat):
        remedy = "Write it like -1001234567890 (docs/telegram.md)"
        yield Fault(ENVIRONMENT, "HOLDLINE_TELEGRAM_DESK_CHAT", "it is no number of a group", remedy)
