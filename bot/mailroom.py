"""How the settings of incoming mail become what the email channel is built from. Imported late, with that channel."""

from __future__ import annotations

from bot.channels.email.guarding import Guard
from bot.channels.email.mailbox import Grant, Mailbox
from bot.settings.incoming import Imap, Smtp


def guard_of(smtp: Smtp) -> Guard:
    """How the mail door is kept."""
    return Guard(
        connections_max=smtp.connections_max,
        connections_per_peer_max=smtp.connections_per_peer_max,
        mails_per_minute_per_peer=smtp.mails_per_minute_per_peer,
        session_seconds_max=smtp.session_seconds_max,
        certificate_file=smtp.certificate_file,
        key_file=smtp.key_file,
        is_tls_required=smtp.is_tls_required,
        proxy_networks=smtp.proxy_networks,
        is_lmtp=smtp.protocol == "lmtp",
    )


def mailbox_of(box: Imap) -> Mailbox:
    """One mailbox, and how the desk logs in to it."""
    return Mailbox(
        name=box.name,
        host=box.host,
        port=box.port,
        tls=box.tls,
        user=box.user,
        password=box.password,
        folder=box.folder,
        after=box.after,
        move_to=box.move_to,
        go_back=box.go_back,
        poll_seconds=box.poll_seconds,
        grant=_grant_of(box) if box.is_oauth else None,
    )


def _grant_of(box: Imap) -> Grant:
    return Grant(
        command=box.oauth_command,
        token_url=box.oauth_token_url,
        client_id=box.oauth_client_id,
        client_secret=box.client_secret,
        refresh_token=box.password,
        scope=box.oauth_scope,
    )
