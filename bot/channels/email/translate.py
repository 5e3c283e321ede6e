"""One mail's bytes to one InboundMessage: pure, and the same bytes always give the same message.

Says what the mail says; who is believed is judged in `trust`, and what the desk does with it elsewhere. Refuses only
what is past the caps (`Unreadable`): everything else is read as far as it can be.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.email import (
    absence,
    body,
    bounces,
    coloured,
    gateway,
    initialled,
    logos,
    marked,
    markup,
    prefixes,
    reply,
)
from bot.channels.email.addresses import Address
from bot.channels.email.addresses import parse as parse_addresses
from bot.channels.email.automatic import classify, is_challenge
from bot.channels.email.evidence import Evidence, status_blocks
from bot.channels.email.headers import Fields
from bot.channels.email.ids import message_ids, own_id
from bot.channels.email.mime import Part, parse, prepared
from bot.channels.email.phrases import REPLY_PREFIXES
from bot.messages import EMAIL, Attachment, Handle, InboundMessage, Place

REPLY_TOKEN = re.compile(r"\+r\.([A-Za-z0-9._-]{4,200})@")
RETURN_TOKEN = re.compile(r"\+b\.([A-Za-z0-9._-]{4,200})@")
DIGEST_TOKEN = re.compile(r"\+u\.([A-Za-z0-9._-]{4,200})@")
OWN_TOKEN_LENGTH_MAX = 120
SENDER_FIELDS = ("from", "sender", "reply-to", "resent-from", "x-sender", "return-path", "errors-to")
RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "to", "cc", "resent-to", "bcc")
REFERENCES_MAX = 200
# A bounce of fewer letters says nothing: what was cut belongs to it.
NOTICE_LETTERS_MIN = 40
PIECE_BYTES = 1024 * 1024
# A chain of older mail is found by the HTML's structure alone where its language or style is unknown to us.
STRUCTURE_HINTS = (
    "blockquote",
    "divRplyFwdMsg",
    "yahoo_quoted",
    "OutlookMessageHeader",
    "border-top:solid",
    "protonmail_quote",
    "stopSpelling",
    "reference-message",
    "zwchr",
    "appendonsend",
    "ntes-mailmaster-quote",
    "isReplyContent",
    "zmail_extra",
    "OLK_SRC_BODY_SECTION",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What SMTP said beside the mail. sender: "" for the null return path; client_ip: "" where unknown."""

    sender: str
    recipients: tuple[str, ...] = ()
    client_ip: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail read, before it is a message: what `inspect` and `translate` both tell from."""

    root: Part
    body: body.Body
    sender: Address
    subject: str
    body_text: str
    text: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    automatic: str | None
    evidence: Evidence


def translate(
    raw: bytes,
    *,
    received_at: datetime,
    authserv_ids: Sequence[str] = (),
    envelope: Envelope | None = None,
    is_guarded: bool = False,
    keep: body.Keep | None = None,
) -> InboundMessage:
    """The message that a mail is.

    authserv_ids: the names of our gateways in Authentication-Results; none: nothing vouches for the sender here.
    envelope: what SMTP said, where we are the server. is_guarded: in a process that may be killed over this mail.
    keep: takes the bytes of large files, for their SHA-256 alone.
    Raises Unreadable past the caps.
    """
    reading = read(raw, envelope=envelope, keep=keep)
    fields = reading.root.fields
    verdict = gateway.verdict(fields, reading.sender.address, authserv_ids)
    recipients = recipients_of(fields, envelope)
    return_token = _token_in(recipients, RETURN_TOKEN)
    automatic = _returned_as(reading, return_token)
    return InboundMessage(
        channel=EMAIL,
        key=key_of(raw, reading.root),
        sender=Handle(EMAIL, reading.sender.address.lower(), reading.sender.name),
        received_at=received_at,
        text=reading.text,
        place=Place(EMAIL, recipients[0] if recipients else "", reading.message_id),
        subject=reading.subject,
        body_text=reading.body_text,
        attachments=_with_logos_folded(reading),
        message_id=reading.message_id,
        references=nearest_first(reading),
        reply_token=_token_in(recipients, REPLY_TOKEN),
        return_token=return_token,
        digest_token=_token_in(recipients, DIGEST_TOKEN),
        own_token=fields.text("x-holdline-delivery")[:OWN_TOKEN_LENGTH_MAX].lower(),
        automatic=automatic,
        report=bounces.report(reading.evidence, automatic, is_guarded=is_guarded),
        away_until_on=absence.return_on(reading.text, on=received_at.date()) if automatic == "auto-reply" else None,
        is_challenge=automatic == "auto-reply" and is_challenge(reading.evidence),
        trust=verdict.trust,
        trust_reason=verdict.reason,
        raw=raw,
    )


def _with_logos_folded(reading: Reading) -> tuple[Attachment, ...]:
    if not reading.body.attachments:
        return ()
    is_forward = prefixes.is_forward(reading.subject, reading.body_text)
    found, pieces = reading.body.attachments, reading.body.pieces
    return logos.folded(found, pieces, is_forward=is_forward, author=reading.sender.author)


def _token_in(recipients: list[str], mark: re.Pattern[str]) -> str:
    """The first token behind this mark in the desk's own addresses among the recipients."""
    return next((match[1].lower() for to in recipients if (match := mark.search(to))), "")


def _returned_as(reading: Reading, return_token: str) -> str | None:
    """The mail's class. What a server sends without a return path to one of ours is a bounce, in whatever words."""
    is_returned = return_token and reading.automatic in (None, "auto-generated") and reading.evidence.has_null_path()
    return "bounce" if is_returned and not any(status_blocks(reading.evidence)) else reading.automatic


def read(raw: bytes, *, envelope: Envelope | None = None, keep: body.Keep | None = None) -> Reading:
    """Everything that a mail says by itself. Raises Unreadable past the caps."""
    content = prepared(raw)
    root = parse(content)
    fields = root.fields
    held = body.read(content, root, keep=keep)
    hint = body.charset_hint(root)
    sender = sender_of(fields, envelope, hint=hint)
    if not sender.address:
        envelope_line = mbox_sender(content)
        sender = envelope_line if envelope_line.address else sender
    subject = fields.text("subject", hint=hint)
    body_text = held.text()
    cut = _written(held, body_text, subject, sender.author)
    if cut.was_cut and (
        answers := coloured.answers(cut.text, held.pieces) or _initialled(cut, body_text, sender.author)
    ):
        cut = replace(cut, text=f"{cut.text}\n\n{answers}")
    evidence = Evidence(
        content=content,
        fields=fields,
        root=root,
        subject=subject,
        sender=sender.address,
        sender_name=sender.name,
        has_link=any("http" in piece.plain or "http" in piece.html for piece in held.pieces),
        body_text=body_text,
        envelope_sender=envelope.sender if envelope else None,
        written=cut.text,
        has_older=cut.was_cut or cut.is_forward,
    )
    automatic = classify(evidence)
    # A receipt shows the header of what was read, which is no older mail; and no system signs what it writes.
    is_little = not cut.was_cut or len(cut.text) < NOTICE_LETTERS_MIN
    is_whole = automatic == "mdn" or (automatic == "bounce" and is_little)
    return Reading(
        root=root,
        body=held,
        sender=sender,
        subject=subject,
        body_text=body_text,
        text=body_text.strip() if is_whole else cut.text,
        message_id=own_id(fields.raw("message-id")),
        in_reply_to=tuple(message_ids(fields.raw("in-reply-to"))),
        references=tuple(message_ids(fields.raw("references")))[-REFERENCES_MAX:],
        automatic=automatic,
        evidence=evidence,
    )


def sender_of(fields: Fields, envelope: Envelope | None = None, *, hint: str = "") -> Address:
    """The first address of From; where there is none, of Sender and the others; else what the envelope says."""
    fallback = Address("", "")
    for name in SENDER_FIELDS:
        for value in fields.all(name):
            for found in parse_addresses(value, hint=hint):
                if "@" in found.address:
                    return found
                fallback = fallback if fallback.address or fallback.name else found
    if not fallback.address and envelope is not None and envelope.sender:
        return Address(fallback.name, envelope.sender)
    return fallback


def mbox_sender(raw: bytes) -> Address:
    """The address of a mailbox's "From " line on top of the mail; "" where there is none."""
    line = raw[:300].lstrip(b">\r\n").split(b"\n", 1)[0]
    words = line.split()
    return (
        parse_addresses(words[1])[0] if len(words) > 2 and words[0] == b"From" and b"@" in words[1] else Address("", "")
    )


def recipients_of(fields: Fields, envelope: Envelope | None) -> list[str]:
    """Whom the mail was for, the surest first: the envelope, then what servers noted, then To and Cc. Lower case."""
    found = [address.lower() for address in envelope.recipients] if envelope else []
    for name in RECIPIENT_FIELDS:
        for value in fields.all(name):
            found.extend(address.address.lower() for address in parse_addresses(value) if "@" in address.address)
    return list(dict.fromkeys(found))


def nearest_first(reading: Reading) -> tuple[str, ...]:
    """The message ids that the mail answers: In-Reply-To, then References from the end."""
    return tuple(dict.fromkeys([*reading.in_reply_to, *reversed(reading.references)]))


def key_of(raw: bytes, root: Part) -> str:
    """The identity of a mail, the same for a retry, a second recipient and the same mail over IMAP.

    A hash of From, Date, Message-ID, Subject and body; trace headers are out, line ends and blanks at the end too.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in ("from", "date", "message-id", "subject"):
        digest.update(b" ".join(root.fields.raw(name).split()) + b"\n")
    # In pieces, for a copy of a large mail without its CRs would double the memory it takes.
    content = memoryview(prepared(raw))[root.start :]
    end = len(content)
    while end and content[end - 1] in b"\r\n \t":
        end -= 1
    for start in range(0, end, PIECE_BYTES):
        digest.update(bytes(content[start : min(start + PIECE_BYTES, end)]).replace(b"\r", b""))
    return digest.hexdigest()


def _initialled(cut: reply.Cut, body_text: str, author: str) -> str:
    return initialled.answers(cut.text, body_text, author) if "]" in body_text else ""


def _written(held: body.Body, body_text: str, subject: str, author: str) -> reply.Cut:
    """What the person wrote, by the plain text, or by the HTML where its structure knows better."""
    is_forward = prefixes.is_forward(subject, body_text)
    if held.pieces and all(piece.is_html_only() for piece in held.pieces):
        is_answer = not is_forward and subject[:8].lstrip().lower().startswith(REPLY_PREFIXES)
        return reply.cut_lines(_all_lines(held), is_forward=is_forward, is_answer=is_answer, author=author)
    plain = reply.cut_text(body_text, is_forward=is_forward, author=author)
    if not plain.is_forward and any(marked.HINT in piece.html for piece in held.pieces):
        plain = replace(plain, text=marked.without_signature(plain.text, held.pieces))
    if (
        plain.was_cut
        or plain.is_forward
        or not any(hint in piece.html for piece in held.pieces for hint in STRUCTURE_HINTS)
    ):
        return plain
    by_markup = reply.cut_lines(_all_lines(held), is_forward=is_forward, author=author)
    is_shorter = len(by_markup.text) < 0.8 * len(plain.text)
    return by_markup if by_markup.was_cut and by_markup.text and is_shorter else plain


def _all_lines(held: body.Body) -> list[markup.Line]:
    return [line for piece in held.pieces for line in piece.lines()]
