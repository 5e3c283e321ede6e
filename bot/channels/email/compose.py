"""From a delivery to a mail: readable in a terminal and on a phone, threaded, and marked as automatic.

Nothing from outside reaches a header but the recipient's address, the subject and the names of files, each as one
line and through the header's own encoder. Where a mail comes from a program it says so (RFC 3834), a digest says how
to end it (RFC 2369, 8058), and every mail of ours bears the token by which the desk knows it again.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import cache
from typing import Any

from bot.addressing import LOCAL_LENGTH_MAX, digest_address, message_id_of, reply_address
from bot.channels.email.bodies import attach, html_of, invite, subject_line, text_of
from bot.errors import DeliveryRefused
from bot.messages import Outgoing
from bot.readers import DOMAIN
from bot.subjects import topic

REFERENCES_MAX, REFERENCE_LENGTH_MAX = 12, 250
# RFC 5322, 2.1.1: a line has at most 998 characters.
HEADER_LINE_MAX = 990
# RFC 2045, 6.7: of quoted-printable at most 76.
BODY_LINE_MAX = 76

# Fields whose values are ours, or checked by us, and are written as they are.
PLAIN_FIELDS = frozenset(
    ("Message-ID", "In-Reply-To", "References", "Thread-Index", "Auto-Submitted", "X-Auto-Response-Suppress")
) | {"Feedback-ID", "X-Holdline-Delivery", "List-Unsubscribe", "List-Unsubscribe-Post"}


class _Fields(HeaderRegistry):
    """The library's, which makes a new class for each field of each mail; one does for all fields of a name."""

    @cache  # noqa: B019 (one registry for ever, and names that are all our own)
    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name)


class _Policy(EmailPolicy):
    """The library's, which parses every field that is set; a plain word in a field of our own it takes as it is."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        # No line break is printable, so none of them gets into a field this way.
        if name in PLAIN_FIELDS and isinstance(value, str) and value.isascii() and value.isprintable():
            return name, value
        return super().header_store_parse(name, value)


POLICY = _Policy(linesep="\r\n", max_line_length=BODY_LINE_MAX, header_factory=_Fields())
POLICY_UTF8 = POLICY.clone(utf8=True)
# Windows counts tenths of microseconds from here; Outlook's Thread-Index keeps the upper part of that.
FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def compose(
    outgoing: Outgoing,
    *,
    desk_name: str,
    desk_address: str,
    now: datetime,
    digest_link: Callable[[str], str] | None = None,
) -> EmailMessage:
    """The whole mail. Its Message-ID comes from the delivery alone, so that a repeated send folds.

    digest_link: makes the address on the web at which a digest's token ends it; None where the desk has none.
    Raises DeliveryRefused for an address to which no mail can be written.
    """
    to = recipient(outgoing.to.address)
    mail = EmailMessage(policy=POLICY if to.addr_spec.isascii() else POLICY_UTF8)
    mail["From"] = Address(desk_name, addr_spec=desk_address)
    mail["To"] = to
    mail["Subject"] = subject_line(outgoing)
    mail["Date"] = now
    mail["Message-ID"] = message_id_of(outgoing.token, desk_address)
    _thread(mail, outgoing, desk_address, now)
    reply_to = reply_address(desk_address, outgoing.reply_token) if outgoing.reply_token else desk_address
    mail["Reply-To"] = Address(desk_name, addr_spec=reply_to)
    if outgoing.is_automatic:
        # RFC 3834; the second header is what Exchange looks at.
        mail["Auto-Submitted"] = "auto-replied" if outgoing.is_response else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        # Only here: elsewhere it is read as the mark of mail to many, which words of a person are not.
        mail["Feedback-ID"] = f"{outgoing.notice.kind}:{desk_address.rpartition('@')[2]}:notice:holdline"
    if outgoing.digest_token:
        _say_how_to_end(mail, outgoing.digest_token, desk_address, digest_link)
    mail["X-Holdline-Delivery"] = outgoing.token
    mail.set_content(text_of(outgoing), cte="quoted-printable")
    # No encoded text holds "=_", so no text can hold the boundary; the library would look for one that it does not.
    mail.make_alternative(boundary=f"=_{hashlib.sha256(outgoing.token.encode()).hexdigest()[:24]}")
    mail.add_alternative(html_of(outgoing, reply_to), subtype="html", cte="quoted-printable")
    invite(mail, outgoing, organizer=(desk_name, desk_address))
    attach(mail, outgoing)
    return mail


def rendered(mail: EmailMessage) -> bytes:
    """The bytes of a mail, its lines ending with CR LF.

    Header fields stay on long lines: folded, a Message-ID or link of over 70 letters would be written as encoded words,
    which no program takes for one.
    """
    return mail.as_bytes(policy=mail.policy.clone(max_line_length=HEADER_LINE_MAX))


def recipient(address: str) -> Address:
    """The address for a header, its domain in ASCII (RFC 5890). Raises DeliveryRefused where it is none."""
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        ascii_domain = ""
    is_clean = local.isprintable() and not any(letter.isspace() for letter in local)
    if not (0 < len(local) <= LOCAL_LENGTH_MAX and is_clean and DOMAIN.fullmatch(ascii_domain)):
        raise DeliveryRefused("this is no address that mail can go to", is_address_dead=True)
    return Address(username=local, domain=ascii_domain)


def _thread(mail: EmailMessage, outgoing: Outgoing, desk_address: str, now: datetime) -> None:
    """In-Reply-To and References for everybody, Thread-Topic and Thread-Index for Outlook."""
    known = [ref for ref in outgoing.references if _is_message_id(ref)]
    # The first message and the newest ones, as RFC 5322 readers need the root to thread.
    kept = known if len(known) <= REFERENCES_MAX else [known[0], *known[1 - REFERENCES_MAX :]]
    if kept:
        mail["In-Reply-To"] = kept[-1]
        mail["References"] = " ".join(kept)
    if outgoing.ticket_id is not None and outgoing.opened_at is not None:
        mail["Thread-Topic"] = topic(subject_line(outgoing)) or f"#{outgoing.ticket_id}"
        mail["Thread-Index"] = thread_index(f"{outgoing.ticket_id} {desk_address}", outgoing.opened_at, now)


def _is_message_id(ref: str) -> bool:
    is_plain = ref.isascii() and ref.isprintable() and " " not in ref and len(ref) <= REFERENCE_LENGTH_MAX
    return is_plain and ref.startswith("<") and ref.endswith(">")


def thread_index(thread: str, opened_at: datetime, at: datetime) -> str:
    """Outlook's name of a conversation, and of this mail's place in it.

    The conversation: six bytes of the time it began and a GUID, both the same in all mails on one ticket; then five
    bytes of a child block: the time since. Source: [MS-OXOMSG] 2.2.1.3, PidTagConversationIndex.
    """
    began = _filetime(opened_at)
    guid = hashlib.sha256(f"thread {thread} {opened_at.isoformat()}".encode()).digest()[:16]
    # The difference without its 18 lowest bits, 31 bits of it, under a flag of 0: it is below 1.7 years.
    since = min(max(0, _filetime(at) - began) >> 18, 2**31 - 1)
    child = since.to_bytes(4, "big") + b"\x00"
    return base64.b64encode(began.to_bytes(8, "big")[:6] + guid + child).decode("ascii")


def _filetime(at: datetime) -> int:
    since = at - FILETIME_EPOCH
    return (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10


def _say_how_to_end(
    mail: EmailMessage, token: str, desk_address: str, digest_link: Callable[[str], str] | None
) -> None:
    """List-Unsubscribe by mail, and by one click where the desk is reached on the web."""
    by_mail = f"<mailto:{digest_address(desk_address, token)}?subject=unsubscribe>"
    if digest_link is None:
        mail["List-Unsubscribe"] = by_mail
    else:
        mail["List-Unsubscribe"] = f"<{digest_link(token)}>, {by_mail}"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
