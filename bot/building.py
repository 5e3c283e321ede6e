"""Builds the parts of each role from an opened desk, for wiring; a transport is imported as it is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.addressing import DIGEST_PATH
from bot.channels.port import Listener, Seal, Sender

if TYPE_CHECKING:
    from bot.channels.email.reading import MailReader
    from bot.channels.email.signing import DkimKey, Ed25519Key
    from bot.courier import Courier
    from bot.paperwork import Round
    from bot.scheduler import Scheduler
    from bot.settings import Settings
    from bot.settings.outgoing import BackupRelay, Relay
    from bot.wiring import Desk


@dataclass(slots=True)
class Parts:
    """Listeners in the order of their start, senders by channel, and ASGI applications by path for the web role."""

    listeners: list[Listener] = field(default_factory=list)
    senders: dict[str, Sender] = field(default_factory=dict)
    applications: dict[str, Any] = field(default_factory=dict)


def build_early(desk: Desk, names: Sequence[str]) -> Parts:
    """What answers within the first second: the console, and mail."""
    parts = Parts()
    if "console" in names:
        _console(desk, parts)
    if "mail" in names or "courier" in names:
        _mail(desk, parts, is_listening="mail" in names)
    return parts


def build_late(desk: Desk, names: Sequence[str]) -> Parts:
    """The chat channels, whose libraries take a second to import, and the web that serves their webhooks."""
    parts = Parts()
    has_listener = {name for name in ("slack", "telegram") if name in names or "web" in names}
    if desk.settings.slack.mode and (has_listener or "courier" in names):
        _slack(desk, parts, names)
    if desk.settings.telegram.mode and (has_listener or "courier" in names):
        _telegram(desk, parts, names)
    return parts


def web(desk: Desk, applications: Mapping[str, Any], names: Sequence[str]) -> Listener:
    """The web role, with the webhooks of the chat channels mounted."""
    from bot.web import ticket_link
    from bot.web.listener import WebListener
    from bot.web.unsubscribe import DigestEnd

    signer = desk.policy.signer
    ending = DigestEnd(desk.reception.end_digests, lambda token: signer.verify("digest", token.lower()) is not None)
    ours = {DIGEST_PATH: ending, ticket_link.PATH: ticket_link.ticket_link}
    applications = {**applications, **ours}
    return WebListener(desk, applications, chosen=names, counts=desk.counts)


def courier(desk: Desk, senders: Mapping[str, Sender]) -> Courier:
    """The courier over every sender of this process."""
    from bot.counts import CountedSender
    from bot.courier import Courier

    counted = {channel: CountedSender(sender, desk.counts) for channel, sender in senders.items()}
    return Courier(desk.store, desk.clock, counted, desk.blobs, policy=desk.policy)


def scheduler(desk: Desk, on_commit: Any) -> Scheduler:
    """The clockwork that calls the tick, and beside it the rounds that draw."""
    from bot.scheduler import Scheduler
    from bot.tick import Tick

    tick = Tick(desk.store, desk.clock, desk.policy)
    return Scheduler((tick, *rounds(desk)), desk.settings.times.tick_seconds, on_commit)


def rounds(desk: Desk) -> Sequence[Round]:
    """What is called beside the tick: digests, documents, statements, and at night what is to be removed."""
    from bot.morning import Morning
    from bot.paperwork import Paperwork
    from bot.rendering import draw_picture, draw_statement, draw_trend, drawing
    from bot.stating import Stating

    morning = Morning(desk.store, desk.clock, desk.blobs, desk.policy, draw=draw_trend)
    paperwork = Paperwork(desk.store, desk.clock, desk.blobs, desk.policy, drawing=partial(drawing, "invoices"))
    stating = Stating(desk.store, desk.clock, desk.blobs, desk.policy, render=draw_statement, draw=draw_picture)
    return morning, paperwork, stating, *_retention(desk)


def _retention(desk: Desk) -> Sequence[Round]:
    """The nightly round, where anything is to go at all."""
    if not desk.settings.retention.is_any:
        return ()
    from bot.retention.nightly import Nightly

    return (Nightly(desk.store, desk.clock, desk.blobs, desk.settings.retention, zone=desk.policy.zone),)


# ---------------------------------------------------------------- one channel each


def _console(desk: Desk, parts: Parts) -> None:
    from bot.channels.console.listener import ConsoleListener
    from bot.channels.console.sender import ConsoleSender, Sessions

    sessions, folders = Sessions(), desk.settings.folders
    parts.listeners.append(ConsoleListener(desk.reception, desk.clock, folders.console_socket, sessions))
    sender = ConsoleSender(folders.console_log, desk.clock, sessions)
    parts.senders[sender.channel] = sender


def _mail(desk: Desk, parts: Parts, *, is_listening: bool) -> None:
    from bot.channels.email.relays import RelayConfig
    from bot.channels.email.sender import MailSender

    settings, relay = desk.settings, desk.settings.relay
    chosen: list[Relay | BackupRelay] = [relay, *settings.backup_relays] if relay.host else []
    hostname = settings.smtp.hostname or settings.desk.domain
    public_url = settings.web.public_url
    sender = MailSender(
        desk.clock,
        desk_name=settings.desk.name,
        desk_address=settings.desk.addresses[0],
        relays=[
            RelayConfig(one.host, one.port, one.tls, one.user, one.password, hostname, one.ca_file) for one in chosen
        ],
        maildir=settings.folders.outgoing,
        keys=dkim_keys(settings),
        is_naming_deliveries=relay.return_path == "delivery",
        digest_link=(lambda token: f"{public_url}{DIGEST_PATH}/{token}") if public_url and settings.web.is_on else None,
        connections_max=relay.connections_max,
        connections_per_domain_max=relay.connections_per_domain_max,
    )
    parts.senders[sender.channel] = sender
    if is_listening:
        _mail_listeners(desk, parts)


def dkim_key(settings: Settings) -> DkimKey | None:
    """The key that outgoing mail is signed with; None where none is set. Raises ConfigError where it cannot be used."""
    if not settings.dkim.key_file:
        return None
    from bot.channels.email.signing import load_key

    path = settings.home / settings.dkim.key_file
    domain = settings.dkim.domain or settings.desk.domain
    return load_key(path, domain=domain, selector=settings.dkim.selector, place="dkim.key_file")


def dkim_keys(settings: Settings) -> list[DkimKey | Ed25519Key]:
    """All keys that outgoing mail is signed with. Raises ConfigError where one cannot be used."""
    keys: list[DkimKey | Ed25519Key] = []
    if (rsa := dkim_key(settings)) is not None:
        keys.append(rsa)
    if settings.dkim.ed25519_key_file:
        from bot.channels.email.signing import load_ed25519_key

        path = settings.home / settings.dkim.ed25519_key_file
        domain = settings.dkim.domain or settings.desk.domain
        place, selector = "dkim.ed25519_key_file", settings.dkim.ed25519_selector
        keys.append(load_ed25519_key(path, domain=domain, selector=selector, place=place))
    return keys


def mail_reader(desk: Desk) -> MailReader:
    """What reads mails, and reads them again for `requeue`."""
    from bot.channels.email.reading import MailReader

    smtp = desk.settings.smtp
    reader = MailReader(
        desk.clock,
        authserv_ids=smtp.trusted_authserv_ids,
        is_checking_senders=smtp.is_checking_senders,
        forwarders=smtp.arc_forwarders,
        staging=desk.blobs,
    )
    desk.rereaders["email"] = reader.reread
    return reader


def _seal(settings: Settings) -> Seal:
    """What seals the tokens that others gave the desk."""
    from bot import sealing
    from bot.settings import signing_keys

    return sealing.Seal(signing_keys(settings))


def _mail_listeners(desk: Desk, parts: Parts) -> None:
    from bot.channels.email.listener import MailListener
    from bot.mailroom import guard_of

    settings, smtp = desk.settings, desk.settings.smtp
    reader = mail_reader(desk)
    parts.listeners.append(reader)
    if smtp.is_on:
        parts.listeners.append(
            MailListener(
                desk.reception,
                reader,
                host=smtp.host,
                port=smtp.port,
                addresses=settings.desk.addresses,
                hostname=smtp.hostname or settings.desk.domain,
                size_bytes_max=smtp.size_bytes_max,
                guard=guard_of(smtp),
            )
        )
    if settings.imap:
        from bot.channels.email.poller import MailPoller
        from bot.mailroom import mailbox_of

        seal = partial(_seal, settings)
        for box in settings.imap:
            parts.listeners.append(
                MailPoller(desk.reception, reader, desk.bookmarks, mailbox_of(box), clock=desk.clock, open_seal=seal)
            )


def _slack(desk: Desk, parts: Parts, names: Sequence[str]) -> None:
    from bot.channels.slack.config import SlackConfig, commands_named
    from bot.channels.slack.pace import Pace
    from bot.channels.slack.sender import SlackSender
    from bot.channels.slack.service import Service

    slack = desk.settings.slack
    config = SlackConfig(
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        api_url=slack.api_url.rstrip("/") + "/",
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        commands=commands_named(slack.commands),
        emoji=slack.emoji,
        ticket_url=f"{desk.settings.web.public_url.rstrip('/')}/t/" if desk.settings.web.public_url else "",
        desk_channel=slack.desk_channel,
    )
    workspaces = None
    if slack.is_installed_by_oauth:
        from bot import installing

        workspaces = installing.workspaces(desk)
    service, signer = Service(config, workspaces), desk.policy.signer
    sender = SlackSender(service, signer=signer, pace=Pace(desk.clock))
    parts.senders[sender.channel] = sender
    if slack.mode == "socket" and "slack" in names:
        from bot.channels.slack.socket_listener import SocketListener

        parts.listeners.append(SocketListener(config, desk.reception, signer=signer, clock=desk.clock, service=service))
    if slack.signing_secret and "web" in names:
        from bot.channels.slack.http_listener import HttpListener

        listener = HttpListener(config, desk.reception, signer=signer, clock=desk.clock, service=service)
        parts.listeners.append(listener)
        parts.applications["/slack"] = listener
    if workspaces is not None and "web" in names:
        from bot import installing

        parts.applications |= installing.pages(desk, workspaces, service)


def _telegram(desk: Desk, parts: Parts, names: Sequence[str]) -> None:
    from bot.channels.telegram.config import TelegramConfig
    from bot.channels.telegram.opening import open_listener, open_sender
    from bot.channels.telegram.webhook import PATH

    telegram, web_settings = desk.settings.telegram, desk.settings.web
    config = TelegramConfig(
        telegram.bot_token,
        webhook_secret=telegram.webhook_secret or None,
        webhook_url=f"{web_settings.public_url.rstrip('/')}{PATH}" if web_settings.public_url else None,
        api_url=telegram.api_url,
        file_url=telegram.file_url,
        staff_chat=telegram.desk_chat or None,
        read_all_in_groups=telegram.read_all_in_groups,
    )
    moved = partial(desk.reception.conversation_moved, "telegram")
    sender = open_sender(config, desk.policy.signer, desk.clock, on_moved=moved)
    parts.senders[sender.channel] = sender
    needs = "web" if telegram.mode == "webhook" else "telegram"
    if needs in names:
        listener = open_listener(config, desk.reception, desk.policy.signer, desk.clock, bookmarks=desk.bookmarks)
        desk.rereaders["telegram"] = listener.reread
        parts.listeners.append(listener)
        if needs == "web":
            parts.applications[PATH] = listener
