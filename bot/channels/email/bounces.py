"""What a bounce or a complaint says: whose address failed, how, and which of our mails it is about.

First the delivery status of RFC 3464, then the header fields of programs that write none, then the text, with a
library's rules for the many systems that only write prose. A notice of delay is no failure. Never raises.
"""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.email.addresses import parse as parse_addresses
from bot.channels.email.evidence import Evidence, parts, status_blocks
from bot.channels.email.headers import Fields, read_block
from bot.channels.email.ids import message_ids
from bot.channels.email.late import library
from bot.channels.email.transfer import content as content_of
from bot.messages import Failure, MailReport

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY_CODE = re.compile(r"\b([45])\d\d[ \-]")
ADDRESS = re.compile(r"[A-Za-z0-9._%+'=/-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
IDS_IN_TEXT = re.compile(r"^[> ]{0,4}message-id: {0,4}(<[^<>\s]{3,200}>)", re.IGNORECASE | re.MULTILINE)
TEXT_LOOK_MAX = 20_000
LIBRARY_BYTES_MAX = 256 * 1024
RECIPIENTS_MAX, ADDRESSES_MAX = 100, 10
NOBODYS = ("postmaster@", "mailer-daemon@")
TOKEN_LENGTH_MAX = 120
RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"})
# Status codes of failures that lie in the address itself (RFC 3463): nobody will ever be reached there.
DEAD_STATUS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1", "5.4.4", "5.4.310"})
# A full mailbox; servers call it permanent, and yet people empty theirs.
FULL_STATUS = "5.2.2"
DEAD_WORDS = (
    "user unknown",
    "unknown user",
    "no such user",
    "does not exist",
    "doesn't exist",
    "doesn't have",
    "mailbox not found",
    "no mailbox here",
    "address not found",
    "couldn't be found",
    "could not be found",
    "not listed in",
    "invalid recipient",
    "recipient unknown",
    "unknown recipient",
    "unrouteable address",
    "account has been disabled",
    "account is disabled",
    "mailbox unavailable",
    "host unknown",
    "unknown host",
    "no such domain",
)
SOFT_WORDS = ("mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "try again later")
DELAY_WORDS = (
    "has not yet been delivered",
    "will continue to try",
    "delivery attempts will continue",
    "still being retried",
    "warning only",
    "delayed",
    "could not send message for past",
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """is_permanent: the mail will not arrive. is_delay: it is only late, and nothing failed yet.

    message_ids: of our mail that came back, as far as the bounce shows it. At least one failure, perhaps of "".
    """

    failures: tuple[Failure, ...]
    message_ids: tuple[str, ...]
    is_permanent: bool
    is_delay: bool


def report(evidence: Evidence, automatic: str | None, *, is_guarded: bool = True) -> MailReport | None:
    """What a mail system reports with a mail of this class; None for classes that report nothing.

    is_guarded: the process may be killed over this mail, so that a library's patterns, which have no linear bound, may
    look at its prose; else every address in the text is told, and the one that was written to counts.
    """
    if automatic == "complaint":
        return MailReport("complaint", _complained(evidence), _originals(evidence, ""), _tokens(evidence))
    if automatic != "bounce":
        return None
    bounce = read(evidence, is_guarded=is_guarded)
    what = "delayed" if bounce.is_delay else "failed"
    return MailReport(what, bounce.failures, bounce.message_ids, _tokens(evidence))


def is_vague(told: MailReport) -> bool:
    """Whether of a failure neither a code nor a known word says how and where."""
    known = (one.status or one.is_address_dead or one.is_passing for one in told.failures)
    return told.what == "failed" and not any(known)


def read(evidence: Evidence, *, is_guarded: bool = True) -> Bounce:
    """What a mail of the class "bounce" says, once it was read (`translate.Reading.evidence`)."""
    failures, actions = _by_status(evidence)
    text = evidence.body_text[:TEXT_LOOK_MAX]
    if not failures:
        failures = _by_header(evidence, text) or (is_guarded and _by_library(evidence, text)) or []
        failures = failures or _by_text(evidence, text, count_max=1 if is_guarded else ADDRESSES_MAX)
    is_delay = actions == {"delayed"} if actions else _reads_like_delay(evidence, text)
    is_permanent = not is_delay and not all(failure.status.startswith("4") for failure in failures)
    return Bounce(tuple(failures[:RECIPIENTS_MAX]), _originals(evidence, text), is_permanent, is_delay)


def _by_status(evidence: Evidence) -> tuple[list[Failure], set[str]]:
    failures, actions = [], set()
    for fields in status_blocks(evidence):
        recipient = fields.text("final-recipient") or fields.text("original-recipient")
        if not recipient:
            continue
        original = fields.text("original-recipient") or recipient
        action = fields.word("action").partition(" ")[0]
        actions.add(action)
        if action in ("delivered", "relayed", "expanded"):
            continue
        status = STATUS.search(fields.text("status"))
        detail = fields.text("diagnostic-code").partition(";")[2].strip()[:500]
        address = _address(original) or _address(recipient)
        failures.append(_failure(address, status[0] if status else "", detail))
    return failures, actions


def _address(value: str) -> str:
    """The address of "rfc822; ann@client.example"."""
    return next((found.address.lower() for found in parse_addresses(value.rpartition(";")[2].encode())), "")


def _failure(address: str, status: str, detail: str) -> Failure:
    lower = detail.lower()
    if not status or status in ("5.0.0", "4.0.0"):
        inner = STATUS.search(detail)
        code = REPLY_CODE.search(detail)
        status = inner[0] if inner else status or (f"{code[1]}.0.0" if code else "")
    is_soft = any(word in lower for word in SOFT_WORDS) or status.startswith("4")
    is_soft = is_soft or status == FULL_STATUS
    is_dead = not is_soft and (status in DEAD_STATUS or any(word in lower for word in DEAD_WORDS))
    return Failure(address, status, detail, is_dead, is_soft)


def _by_header(evidence: Evidence, text: str) -> list[Failure]:
    """Exim and Gmail name the addresses in a field of their own."""
    found = [
        address.address.lower()
        for value in evidence.fields.all("x-failed-recipients")
        for address in parse_addresses(value)
        if "@" in address.address
    ]
    return [_failure(address, _status_near(address, text), _near(address, text)) for address in dict.fromkeys(found)]


def _by_library(evidence: Evidence, text: str) -> list[Failure]:
    """Prose of systems that write no report."""
    if len(evidence.content) > LIBRARY_BYTES_MAX:
        return []
    try:
        mail = email.message_from_bytes(evidence.content)
        scanning = library("flufl.bounce")
        # It logs each of its own faults with the mail's words.
        logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)
        temporary, permanent = scanning.all_failures(mail)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
    found = []
    for addresses, kind in ((permanent, "5"), (temporary, "4")):
        for raw in sorted(addresses):
            address = raw.decode("ascii", "replace").lower()
            found.append(_failure(address, _status_near(address, text) or f"{kind}.0.0", _near(address, text)))
    return found


def _by_text(evidence: Evidence, text: str, *, count_max: int) -> list[Failure]:
    """The first addresses in the text that are neither the sender's own nor a mail system's."""
    top = text[: _copy_start(text)]
    status = STATUS.search(top)
    found: dict[str, Failure] = {}
    for match in ADDRESS.finditer(top):
        address = match[0].lower()
        if address in found or address == evidence.sender.lower() or address.startswith(NOBODYS):
            continue
        found[address] = _failure(address, status[0] if status else "", _near(address, top))
        if len(found) == count_max:
            break
    return list(found.values()) or [_failure("", status[0] if status else "", " ".join(top.split())[:300])]


def _copy_start(text: str) -> int:
    """Where the copy of our own mail begins, as far as the text says so."""
    starts = [
        text.find(mark)
        for mark in ("--- Below this line", "------ This is a copy", "----- Original message", "Received:")
    ]
    return min((start for start in starts if start > 0), default=len(text))


def _near(address: str, text: str) -> str:
    """What the text says right after an address: mostly the server's answer."""
    at = text.lower().find(address)
    return " ".join(text[at + len(address) : at + len(address) + 400].split())[:300] if at >= 0 else ""


def _status_near(address: str, text: str) -> str:
    match = STATUS.search(_near(address, text))
    return match[0] if match else ""


def _reads_like_delay(evidence: Evidence, text: str) -> bool:
    look = f"{evidence.subject} {text[:1500]}".lower()
    return any(word in look for word in DELAY_WORDS) and "permanent" not in look and "returned" not in look


def _originals(evidence: Evidence, text: str) -> tuple[str, ...]:
    """The ids of our mail: from the copy that is attached or quoted, and from what the bounce says it answers."""
    found: list[str] = []
    for fields in _returned(evidence):
        found.extend(message_ids(fields.raw("message-id")))
    found.extend(IDS_IN_TEXT.findall(text))
    found.extend(message_ids(evidence.fields.raw("in-reply-to")))
    found.extend(reversed(message_ids(evidence.fields.raw("references"))))
    return tuple(dict.fromkeys(found))


def _returned(evidence: Evidence) -> Iterator[Fields]:
    """The header of each mail that was sent back to us with the report."""
    for part in parts(evidence.root):
        if part.content_type in RETURNED:
            inner = content_of(evidence.content, part)
            fields, _ = read_block(inner, 0, min(len(inner), 65_536))
            yield fields


def _tokens(evidence: Evidence) -> tuple[str, ...]:
    """What may be our own token: the envelope's id (RFC 3461), or our header field in what came back."""
    found = [fields.text("original-envelope-id") for fields in (*status_blocks(evidence), *_feedback(evidence))]
    found.extend(fields.text("x-holdline-delivery") for fields in _returned(evidence))
    return tuple(dict.fromkeys(token.lower() for token in found if 0 < len(token) <= TOKEN_LENGTH_MAX))


def _complained(evidence: Evidence) -> tuple[Failure, ...]:
    """Who complained: named by the feedback report (RFC 5965), else whom our mail was for."""
    found = [
        _address(value.decode("utf-8", "replace"))
        for fields in _feedback(evidence)
        for name in ("original-rcpt-to", "removal-recipient")
        for value in fields.all(name)
    ]
    if not any(found):
        found = [_address(fields.text("to")) for fields in _returned(evidence)]
    kinds = [fields.word("feedback-type") for fields in _feedback(evidence)]
    kind = next(filter(None, kinds), "abuse")[:40]
    return tuple(Failure(address, detail=kind) for address in dict.fromkeys(found) if address) or (
        Failure("", "", kind),
    )


def _feedback(evidence: Evidence) -> Iterator[Fields]:
    for part in parts(evidence.root):
        if part.content_type == "message/feedback-report":
            content = content_of(evidence.content, part)
            fields, _ = read_block(content, 0, len(content))
            yield fields
