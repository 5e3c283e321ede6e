"""The roles a process can take, whether the settings turn each on, why, and what to set to turn it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.readers import nearest
from bot.settings.tree import Settings

ROLES = ("console", "web", "mail", "slack", "telegram", "scheduler", "courier")
# `holdline run worker` is what a second process runs beside `web` and `mail`.
GROUPS = {"worker": ("slack", "telegram", "scheduler", "courier"), "all": ROLES}


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """One line of the start table."""

    name: str
    is_on: bool
    why: str
    to_turn_on: str = ""


def chosen_roles(names: Sequence[str]) -> tuple[str, ...]:
    """The roles that `run NAME…` means, in the order of ROLES; no name means all.

    Raises UserError for a name that is none.
    """
    wanted: set[str] = set()
    for name in names or ("all",):
        if name not in ROLES and name not in GROUPS:
            near = nearest(name, [*ROLES, *GROUPS])
            hint = f"Did you mean {near}?" if near else f"Roles are {', '.join([*ROLES, *GROUPS])}."
            raise UserError(f"There is no role {name}. {hint}")
        wanted.update(GROUPS.get(name, (name,)))
    return tuple(role for role in ROLES if role in wanted)


def roles(settings: Settings, chosen: Sequence[str] = ROLES) -> list[RoleStatus]:
    """Every role, on or off in this process, and why."""
    lines = [_console(settings), _web(settings), _mail(settings), _slack(settings), _telegram(settings)]
    lines.append(RoleStatus("scheduler", True, f"looks for what has fallen due every {settings.times.tick_seconds} s"))
    lines.append(_courier(settings))
    return [_here(line, settings, chosen) for line in lines]


def _here(line: RoleStatus, settings: Settings, chosen: Sequence[str]) -> RoleStatus:
    """The line as it is in a process that takes these roles: webhooks come in where the web is served."""
    hooked = {"slack": settings.slack.mode == "http", "telegram": settings.telegram.mode == "webhook"}
    if hooked.get(line.name):
        if "web" in chosen and settings.web.is_on:
            return line
        return RoleStatus(line.name, False, f"{line.why}: it comes in by the web role", "holdline run web")
    if line.name in chosen:
        return line
    return RoleStatus(line.name, False, "not asked for here", f"holdline run {line.name}")


def warnings(settings: Settings) -> list[str]:
    """What works, and will surprise later."""
    found = []
    if not settings.is_sqlite and not settings.secret.key:
        found.append(
            "HOLDLINE_SECRET_KEY is not set: processes on other machines, or after the folder var is lost, "
            "will not know the reply addresses and buttons signed here."
        )
    if not settings.relay.host and not settings.is_sqlite:
        found.append("HOLDLINE_RELAY_HOST is not set: mail goes into a Maildir and reaches nobody.")
    return found


def _console(settings: Settings) -> RoleStatus:
    return RoleStatus("console", True, "takes `holdline say` and `holdline do`")


def _web(settings: Settings) -> RoleStatus:
    web = settings.web
    if not web.is_on:
        return RoleStatus("web", False, "web.is_on is false", "set HOLDLINE_WEB_IS_ON=true")
    return RoleStatus("web", True, f"http://{web.host}:{web.port}/ (/healthz, /readyz, /metrics)")


def _mail(settings: Settings) -> RoleStatus:
    ways = []
    if settings.smtp.is_on:
        ways.append(f"SMTP on {settings.smtp.host}:{settings.smtp.port} for {', '.join(settings.desk.addresses)}")
    ways.extend(f"IMAP {box.name} at {box.host}" for box in settings.imap)
    more = "" if settings.imap else "set HOLDLINE_IMAP_HOST, _USER and _PASSWORD to read a mailbox too"
    if not ways:
        remedy = "set HOLDLINE_SMTP_IS_ON=true or add [[imap]]"
        return RoleStatus("mail", False, "SMTP is off and no mailbox is set", remedy)
    return RoleStatus("mail", True, "; ".join(ways), more)


def _slack(settings: Settings) -> RoleStatus:
    ways = {
        "socket": "Socket Mode",
        "http": "signed HTTP at /slack/events, /slack/commands and /slack/actions",
    }
    if settings.slack.mode:
        return RoleStatus("slack", True, ways[settings.slack.mode])
    remedy = "set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
    return RoleStatus("slack", False, "no token is set", remedy)


def _telegram(settings: Settings) -> RoleStatus:
    ways = {"polling": "long polling", "webhook": f"webhook at {settings.web.public_url}/telegram/webhook"}
    if settings.telegram.mode:
        return RoleStatus("telegram", True, ways[settings.telegram.mode])
    return RoleStatus("telegram", False, "no token is set", "set TELEGRAM_BOT_TOKEN, which @BotFather gives")


def _courier(settings: Settings) -> RoleStatus:
    relay = settings.relay
    if relay.host:
        return RoleStatus("courier", True, f"mail goes out through {relay.host}:{relay.port}")
    remedy = "set HOLDLINE_RELAY_HOST, _USER and _PASSWORD to send it"
    return RoleStatus("courier", True, f"mail is kept as a Maildir in {settings.folders.outgoing}", remedy)
