"""Bounces without a delivery status, told by sender, subject, text and what they return: two of these at least."""

from __future__ import annotations

import re

from bot.channels.email import bounce_words, courtesy, machine_words, machines
from bot.channels.email.evidence import BODY_LOOK_MAX, Evidence
from bot.channels.email.subjects import bare_subject, is_answer, is_passed_on

# What mail systems draw above their first words.
OPENING_MARKS = " \t\n\r*-=_#+"
RECIPIENT_LINE = re.compile(r"^[ \t>*-]{0,12}<?[^\s<>@:]{1,64}@[^\s<>@]{3,200}>?:?[ \t\r]{0,9}$", re.MULTILINE)
NOT_WORD = re.compile(r"[^a-z0-9]+")
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


def is_daemon(evidence: Evidence) -> bool:
    """Whether the sender is the kind of mailbox that mail systems write bounces from, or none at all: "<>"."""
    if not evidence.sender and evidence.fields.raw("from").rstrip().endswith(b"<>"):
        return True
    return local_letters(evidence.sender) in machines.DAEMONS or evidence.sender_name.lower().startswith(
        machines.DAEMON_NAMES
    )


def is_bounce(evidence: Evidence, kinds: set[str], report: str) -> bool:
    """Bounces without a delivery status: by sender, subject, text and what they return, two of these at least."""
    fields = evidence.fields
    if fields.has("x-failed-recipients") or fields.has("x-ms-exchange-message-is-ndr"):
        return True
    subject = bare_subject(evidence.subject)
    if subject.startswith(bounce_words.ARRIVED_SUBJECTS) or subject.endswith(bounce_words.ARRIVED_ENDINGS):
        return False
    if bounce_words.BOUNCE_OPENINGS.match(evidence.look.text.lstrip(OPENING_MARKS)):
        if bounce_words.ARRIVED_PHRASE in evidence.look.text or machine_words.CHALLENGES.any_in(evidence.look):
            return False
        return is_daemon(evidence) or not is_passed_on(evidence, answers=False)
    has_subject = subject.startswith(bounce_words.BOUNCE_SUBJECTS)
    is_nameless = evidence.has_null_path()
    is_report = evidence.root.content_type == "multipart/report" and report in ("", "delivery-status")
    sender = is_daemon(evidence)
    if not (has_subject or is_nameless or is_report or sender):
        return False
    look = evidence.look.text
    if bounce_words.OWN_MAILBOX in look and not any(words in look for words in bounce_words.OWN_MESSAGES):
        return False
    is_typical = subject in bounce_words.BOUNCE_SUBJECTS_WHOLE
    if is_report or (is_typical and (sender or is_nameless)):
        return True
    local = local_letters(evidence.sender)
    if local in machines.MAILER_DAEMONS and not subject.startswith(machine_words.AUTO_REPLY_SUBJECTS):
        return True
    said = sum(1 for _ in bounce_words.BOUNCE_PHRASES.found(evidence.look))
    has_original = not kinds.isdisjoint(ORIGINALS)
    if sender or is_nameless:
        is_loud = has_subject or any(phrase in subject for phrase in bounce_words.BOUNCE_SUBJECTS if len(phrase) > 12)
        if is_loud or said >= 2 or (said >= 1 and (has_original or (sender and not is_answer(evidence)))):
            return True
        # In any language: a mail system writes, and an address stands on a line of its own.
        is_about_one = RECIPIENT_LINE.search(evidence.body_text[:BODY_LOOK_MAX]) is not None
        return (
            is_about_one
            and local in machines.DAEMONS
            and not is_answer(evidence)
            and len(evidence.body_text) <= BODY_LOOK_MAX
        )
    is_machine_word = fields.word("auto-submitted") not in ("", "no") or fields.word("precedence") in ("bulk", "junk")
    if not is_machine_word and not has_original and courtesy.asks(evidence.body_text):
        return False
    if has_subject and fields.word("auto-submitted").startswith("auto-replied"):
        return True
    is_marked = is_typical or has_original or is_machine_word or local in machines.SYSTEMS
    return has_subject and (said >= 2 or (said >= 1 and is_marked))


def is_of_a_system(evidence: Evidence) -> bool:
    """Whether a mail that holds a delivery status is one itself: people attach them too, with a word of their own."""
    if evidence.root.content_type in ("multipart/report", "message/delivery-status") or is_daemon(evidence):
        return True
    is_silent = not evidence.body_text.strip()
    return is_silent or evidence.has_null_path() or bounce_words.BOUNCE_PHRASES.any_in(evidence.look)


def local_letters(address: str) -> str:
    """The local part in lower case, letters and digits only: "Mailer-Daemon@x" → "mailerdaemon"."""
    return NOT_WORD.sub("", address.partition("@")[0].lower())
