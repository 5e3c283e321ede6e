"""What stands in a mail of ours: the subject, the text, the same as HTML with buttons, and its files."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

from bot.channels.email.calendars import calendar_of, method_of
from bot.messages import Action, File, Outgoing
from bot.plain import one_line

SUBJECT_LENGTH_MAX = 180
FILE_NAME_LENGTH_MAX = 120
CONTENT_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]{0,60})/([a-z0-9][a-z0-9!#$&^_.+-]{0,60})", re.IGNORECASE)
# What may not lie in a mail as a plain run of bytes: it would be read as a mail or as parts of this one.
STRUCTURED = frozenset({"message", "multipart"})


def subject_line(outgoing: Outgoing) -> str:
    """One line, with the ticket's number once."""
    subject = one_line(outgoing.notice.subject, SUBJECT_LENGTH_MAX)
    mark = f"[#{outgoing.ticket_id}]"
    if outgoing.ticket_id is not None and mark not in subject:
        subject = f"{mark} {subject}"
    return subject[:SUBJECT_LENGTH_MAX]


def text_of(outgoing: Outgoing) -> str:
    """The plain text, with what to answer for each button that the text does not speak of."""
    body = outgoing.notice.body.rstrip()
    # Most notices say in their own words what to answer.
    unsaid = [action for action in outgoing.notice.actions if action.command not in body]
    hints = [f"  {action.label}: answer with “{action.command}”" for action in unsaid]
    parts = [body]
    if hints:
        parts.append("\n".join(hints))
    return "\n\n".join(parts) + "\n"


def html_of(outgoing: Outgoing, reply_to: str) -> str:
    """The same as HTML, its pictures and buttons after the words. A button writes a mail to `reply_to`."""
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


def invite(mail: EmailMessage, outgoing: Outgoing, *, organizer: tuple[str, str]) -> None:
    """Put an appointment into the mail, as calendars want it: once beside the text, and once as a file."""
    invitation = outgoing.notice.invitation
    if invitation is None:
        return
    calendar = calendar_of(invitation, organizer=organizer, attendee=outgoing.to.address)
    method = method_of(invitation)
    mail.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
    mail.add_attachment(calendar.encode(), "application", "ics", filename="invite.ics")


def attach(mail: EmailMessage, outgoing: Outgoing) -> None:
    """Put the files into the mail: pictures of the HTML beside it, the others behind."""
    for file in sorted(outgoing.files, key=lambda file: not file.content_id):
        kind, subtype = _type_of(file)
        name = one_line(file.filename, FILE_NAME_LENGTH_MAX)
        if file.content_id:
            html = mail.get_payload(1)
            assert isinstance(html, EmailMessage)
            html.add_related(file.content, kind, subtype, cid=f"<{file.content_id}>", filename=name)
        else:
            mail.add_attachment(file.content, kind, subtype, filename=name)


def _type_of(file: File) -> tuple[str, str]:
    found = CONTENT_TYPE.fullmatch(file.content_type.strip())
    if found is None or found[1].lower() in STRUCTURED:
        return "application", "octet-stream"
    return found[1].lower(), found[2].lower()
