"""From a delivery to the bytes of a mail: readable in a terminal and on a phone, threaded, and marked as automatic.

Nothing from outside reaches a header but the subject, and that through the header encoder with line breaks removed.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from urllib.parse import quote

from bot.addressing import reply_address
from bot.messages import Action, Outgoing
from bot.tokens import Signer

REFERENCES_MAX = 12
SUBJECT_LENGTH_MAX = 180


def compose(outgoing: Outgoing, *, desk_name: str, desk_address: str, signer: Signer, now: datetime) -> EmailMessage:
    """The whole mail. Its Message-ID comes from the delivery's key alone, so a repeated send folds."""
    name = message_name(outgoing.key, signer)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(desk_name, addr_spec=desk_address)
    mail["To"] = outgoing.to.address
    mail["Subject"] = subject_line(outgoing)
    mail["Date"] = now
    mail["Message-ID"] = f"<{name}@{desk_address.rpartition('@')[2]}>"
    _thread(mail, outgoing)
    reply_to = reply_address(desk_address, outgoing.reply_token) if outgoing.reply_token else desk_address
    mail["Reply-To"] = Address(desk_name, addr_spec=reply_to)
    if outgoing.is_automatic:
        # RFC 3834; the second header is what Exchange looks at.
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Holdline-Delivery"] = name
    mail.set_content(_text(outgoing), cte="quoted-printable")
    mail.add_alternative(_html(outgoing, reply_to), subtype="html", cte="quoted-printable")
    _attach(mail, outgoing)
    return mail


def message_name(key: str, signer: Signer) -> str:
    """The local part of a Message-ID: the same at every attempt, and not to be guessed, since it joins a thread."""
    return hashlib.sha256(signer.sign("message-id", key).encode()).hexdigest()[:32]


def subject_line(outgoing: Outgoing) -> str:
    """One line, with the ticket's number once."""
    subject = " ".join(outgoing.notice.subject.split())
    mark = f"[#{outgoing.ticket_id}]"
    if outgoing.ticket_id is not None and mark not in subject:
        subject = f"{mark} {subject}"
    return subject[:SUBJECT_LENGTH_MAX]


def _thread(mail: EmailMessage, outgoing: Outgoing) -> None:
    known = [ref for ref in outgoing.references if ref.startswith("<") and not set(ref) & set("\r\n ")]
    # The first message and the newest ones, as RFC 5322 readers need the root to thread.
    kept = known if len(known) <= REFERENCES_MAX else [known[0], *known[1 - REFERENCES_MAX :]]
    if kept:
        mail["In-Reply-To"] = kept[-1]
        mail["References"] = " ".join(kept)


def _text(outgoing: Outgoing) -> str:
    body = outgoing.notice.body.rstrip()
    # Most notices say in their own words what to answer.
    unsaid = [action for action in outgoing.notice.actions if action.command not in body]
    hints = [f"  {action.label}: answer with “{action.command}”" for action in unsaid]
    parts = [body]
    if hints:
        parts.append("\n".join(hints))
    return "\n\n".join(parts) + "\n"


def _html(outgoing: Outgoing, reply_to: str) -> str:
    pictures = "".join(
        f'<p><img src="cid:{escape(file.content_id)}" alt="{escape(file.filename)}" style="max-width:100%"></p>'
        for file in outgoing.files
        if file.content_id
    )
    paragraphs = "".join(
        f'<p style="margin:0 0 12px">{escape(paragraph).replace(chr(10), "<br>")}</p>'
        for paragraph in outgoing.notice.body.strip().split("\n\n")
    )
    buttons = " ".join(_button(action, reply_to, outgoing) for action in outgoing.notice.actions)
    row = f'<p style="margin:16px 0">{buttons}</p>' if buttons else ""
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"></head>'
        '<body style="margin:0;padding:16px;font:16px/1.5 -apple-system,Roboto,Arial,sans-serif;color:#1d2330">'
        f'<div style="max-width:600px">{paragraphs}{row}{pictures}</div></body></html>'
    )


def _button(action: Action, reply_to: str, outgoing: Outgoing) -> str:
    link = f"mailto:{quote(reply_to, safe='@+.')}?subject={quote('Re: ' + subject_line(outgoing))}"
    colour = {"primary": "#0b5cad", "danger": "#a3261d"}.get(action.style, "#5b6475")
    return (
        f'<a href="{escape(link + "&body=" + quote(action.command))}" style="display:inline-block;padding:8px 16px;'
        f'margin:0 8px 8px 0;border-radius:6px;background:{colour};color:#fff;text-decoration:none">'
        f"{escape(action.label)}</a>"
    )


def _attach(mail: EmailMessage, outgoing: Outgoing) -> None:
    for file in outgoing.files:
        kind, _, subtype = file.content_type.partition("/")
        if file.content_id:
            html = mail.get_payload(1)
            assert isinstance(html, EmailMessage)
            html.add_related(file.content, kind, subtype, cid=f"<{file.content_id}>", filename=file.filename)
        else:
            mail.add_attachment(file.content, kind, subtype, filename=file.filename)
