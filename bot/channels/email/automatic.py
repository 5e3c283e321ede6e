"""Which mail no person wrote, and of what class: RFC 3834 and its relatives, and mail that follows none of them.

A class is given on evidence; one weak sign alone gives none. X-Auto-Response-Suppress alone says nothing: Exchange
sets it on ordinary mail too. Mail that carries signs of several classes gets the one that matters most to the desk:
complaint, bounce, mdn, auto-reply, auto-generated, list, bulk, in that order.
"""

from __future__ import annotations

import re

from bot.channels.email import courtesy, machine_words, machines, prefixes, receipts
from bot.channels.email.evidence import BODY_LOOK_MAX, Evidence, parts, went_well
from bot.channels.email.headers import Fields
from bot.channels.email.phrases import REPLY_PREFIXES

HEAD_LOOK_MAX = 600
# What stands behind "Auto reply" and the like where the subject of the mail that is answered follows.
TITLED = ("re:", "re ", "was ", "from ", "for ", "to ", "until ", "till ")
SUBJECT_LOOK_MAX = 300
REPLY_PREFIX = re.compile(
    r"(?:re|aw|sv|antw|ré|rif|res|odp|vs|回复|答复|返信)\s?(?:\[\d{1,3}\])?\s?[:：]\s*", re.IGNORECASE
)
TAG = re.compile(r"\[[^\]]{1,40}\]\s*")
CRON_SUBJECT = re.compile(
    r"(?:cron <|anacron job |output from your (?:cron )?job|logwatch for |\*\* ?(?:problem|recovery|acknowledgement)"
    r"|\[firing:\d|\[resolved\] |\[(?:success|warning|failed)\] .{0,80}(?:backup|replication|job))"
)
LIST_SENDER = re.compile(r"-(?:bounces|request|admin|owner|errors|return)[@+-]")
IS_AWAY = (" is out of the office", " is out of office", " is away from the office", " ist nicht im büro")
RECIPIENT_LINE = re.compile(r"^[ \t>*-]{0,12}<?[^\s<>@:]{1,64}@[^\s<>@]{3,200}>?:?[ \t\r]{0,9}$", re.MULTILINE)
NOT_WORD = re.compile(r"[^a-z0-9]+")
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


def classify(evidence: Evidence) -> str | None:
    """auto-reply, auto-generated, bounce, complaint, list, bulk, mdn, or None: a person wrote it."""
    kinds = {part.content_type for part in parts(evidence.root)}
    report = evidence.root.params.get("report-type", "").lower()
    if _is_complaint(evidence, kinds, report):
        return "complaint"
    has_status = not kinds.isdisjoint({"message/delivery-status", "message/global-delivery-status"})
    if report == "delivery-status" or (has_status and not _is_passed_on(evidence)):
        return "bounce" if not went_well(evidence) else "auto-generated"
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return "mdn"
    if _is_bounce(evidence, kinds, report):
        return "bounce"
    return _by_answer(evidence, kinds) or _by_header(evidence) or _by_weak_signs(evidence)


def _is_complaint(evidence: Evidence, kinds: set[str], report: str) -> bool:
    if report == "feedback-report" or "message/feedback-report" in kinds:
        return True
    subject, has_original = evidence.subject.lower(), "message/rfc822" in kinds
    if evidence.sender.lower().startswith(machines.COMPLAINT_SENDERS) or evidence.fields.has(
        "x-hmxmroriginalrecipient"
    ):
        return has_original or subject.startswith(machine_words.COMPLAINT_SUBJECTS)
    return has_original and subject.startswith(machine_words.COMPLAINT_SUBJECTS[:2])


def is_daemon(evidence: Evidence) -> bool:
    """Whether the sender is the kind of mailbox that mail systems write bounces from."""
    return local_letters(evidence.sender) in machines.DAEMONS or evidence.sender_name.lower().startswith(
        machines.DAEMON_NAMES
    )


def _is_bounce(evidence: Evidence, kinds: set[str], report: str) -> bool:
    """Bounces without a delivery status: by sender, subject, text and what they return, two of these at least."""
    fields = evidence.fields
    if fields.has("x-failed-recipients") or fields.has("x-ms-exchange-message-is-ndr"):
        return True
    subject = _bare_subject(evidence.subject)
    if subject.startswith(machine_words.ARRIVED_SUBJECTS):
        return False
    has_subject = subject.startswith(machine_words.BOUNCE_SUBJECTS)
    is_nameless, is_report = evidence.has_null_path(), evidence.root.content_type == "multipart/report"
    sender = is_daemon(evidence)
    if not (has_subject or is_nameless or is_report or sender):
        return False
    is_typical = subject in machine_words.BOUNCE_SUBJECTS_WHOLE
    if is_report or (is_typical and (sender or is_nameless)):
        return True
    if local_letters(evidence.sender) in machines.MAILER_DAEMONS and not _is_answer(evidence):
        return True
    said = sum(1 for _ in machine_words.BOUNCE_PHRASES.found(evidence.look))
    has_original = not kinds.isdisjoint(ORIGINALS)
    if sender or is_nameless:
        is_loud = has_subject or any(phrase in subject for phrase in machine_words.BOUNCE_SUBJECTS if len(phrase) > 12)
        if is_loud or said >= 2 or (said >= 1 and (has_original or (sender and not _is_answer(evidence)))):
            return True
        # In any language: a mail system writes, and an address stands on a line of its own.
        is_about_one = RECIPIENT_LINE.search(evidence.body_text[:BODY_LOOK_MAX]) is not None
        is_system = local_letters(evidence.sender) in machines.DAEMONS
        return is_about_one and is_system and not _is_answer(evidence) and len(evidence.body_text) <= BODY_LOOK_MAX
    is_machine_word = fields.word("auto-submitted") not in ("", "no") or fields.word("precedence") in ("bulk", "junk")
    if not is_machine_word and not has_original and courtesy.requests(evidence.body_text):
        return False
    return has_subject and (said >= 2 or (said >= 1 and (is_typical or has_original or is_machine_word)))


def local_letters(address: str) -> str:
    """The local part in lower case, letters and digits only: "Mailer-Daemon@x" → "mailerdaemon"."""
    return NOT_WORD.sub("", address.partition("@")[0].lower())


def _is_passed_on(evidence: Evidence, *, answers: bool = True) -> bool:
    """A person forwards (or answers): what is attached or quoted is none of his own."""
    is_report = evidence.root.content_type == "multipart/report"
    if is_report:
        return False
    if answers and evidence.subject.lower().startswith(REPLY_PREFIXES):
        return True
    return prefixes.is_forward(evidence.subject, evidence.body_text)


def _is_answer(evidence: Evidence) -> bool:
    return bool(REPLY_PREFIX.match(evidence.subject))


def _bare_subject(subject: str) -> str:
    """The subject in lower case, without tags in brackets in front."""
    subject = subject[:SUBJECT_LOOK_MAX].lower()
    while (tag := TAG.match(subject)) is not None and tag.end() < len(subject) and not subject.startswith("[auto"):
        subject = subject[tag.end() :]
    return subject.strip()


def _by_answer(evidence: Evidence, kinds: set[str]) -> str | None:
    """Answers that a program gave: vacation, acknowledgement, challenge, receipt."""
    fields = evidence.fields
    submitted = fields.word("auto-submitted")
    names = {name for name, _ in fields.pairs}
    if submitted.startswith(("auto-replied", "auto-notified", "auto-reply")):
        return "auto-reply"
    subject = _bare_subject(evidence.subject)
    if subject.startswith(machine_words.READ_SUBJECTS) and receipts.is_receipt(evidence, kinds):
        return "mdn"
    if not names.isdisjoint(machines.AUTO_REPLY_FIELDS) or _is_auto_precedence(fields):
        return "auto-reply"
    is_responder = fields.word("x-post-messageclass").startswith("9; autoresponder")
    if is_responder or fields.word("delivered-to") == "autoresponder":
        return "auto-reply"
    if _is_titled(evidence, subject):
        return "auto-reply"
    return "auto-reply" if _reads_like_auto_reply(evidence, subject, submitted) else None


def _is_titled(evidence: Evidence, subject: str) -> bool:
    """Whether the subject says that a program answers: alone, or before a colon; "Out of office printer" does not."""
    if any(said in subject for said in (*courtesy.AWAY, *IS_AWAY)):
        return not _is_answer(evidence)
    if not subject.startswith(machine_words.AUTO_REPLY_SUBJECTS):
        return False
    phrase = max((word for word in machine_words.AUTO_REPLY_SUBJECTS if subject.startswith(word)), key=len)
    rest = subject[len(phrase) :].lstrip(" -")
    is_closed = not phrase[-1].isalnum() or not phrase.isascii()
    if is_closed or not rest or not rest[0].isalnum() or rest.startswith(TITLED):
        return True
    head = evidence.body_text[:HEAD_LOOK_MAX].lower()
    if courtesy.requests(head):
        return False
    if any(said in head for said in courtesy.AWAY):
        return True
    return machine_words.AUTO_REPLY_PHRASES.any_in(evidence.look, HEAD_LOOK_MAX)


def _is_auto_precedence(fields: Fields) -> bool:
    words = (fields.word("precedence"), fields.word("x-precedence"), fields.word("preference"))
    return (
        any(word.replace("_", "-").startswith("auto-reply") for word in words)
        or fields.word("x-autogenerated") == "reply"
    )


def _reads_like_auto_reply(evidence: Evidence, subject: str, submitted: str) -> bool:
    """No header says so: the words must, and something beside them."""
    fields = evidence.fields
    look = evidence.look
    inner = REPLY_PREFIX.sub("", subject)
    is_marked = fields.has("x-auto-response-suppress") or fields.word("precedence") in ("junk", "bulk")
    is_marked = is_marked or evidence.has_null_path() or submitted.startswith("auto-generated")
    is_absent = machine_words.ABSENCE_PHRASES.any_in(look, HEAD_LOOK_MAX)
    if inner != subject and inner.startswith(machine_words.AUTO_REPLY_SUBJECTS):
        return is_marked or is_absent
    if machine_words.AUTO_REPLY_PHRASES.any_in(look, HEAD_LOOK_MAX) and not fields.has("list-id"):
        return True
    if is_challenge(evidence):
        return True
    if fields.has("list-id") or fields.has("list-post") or _is_passed_on(evidence, answers=False):
        return False
    # Such notes answer; a person who is away and has a request writes it first, and under a subject of its own.
    answers = bool(fields.raw("in-reply-to")) or evidence.subject.lower().startswith((*REPLY_PREFIXES, "vs:"))
    if answers and courtesy.reads_like_absence(evidence.body_text):
        return True
    is_role = local_letters(evidence.sender) in machines.ROLES and not submitted and not fields.has("list-unsubscribe")
    if (is_role or is_marked) and courtesy.reads_like_acknowledgement(evidence.body_text):
        return True
    return is_absent and is_marked


def is_challenge(evidence: Evidence) -> bool:
    """A filter that wants the sender to prove himself, by its own words; not where somebody quotes them."""
    subject = _bare_subject(evidence.subject)
    if subject.startswith(machine_words.CHALLENGE_SUBJECTS) or "[spamarrest]" in subject:
        return machine_words.CHALLENGE_PHRASES.any_in(evidence.look)
    said = min(map(evidence.look.text.find, machine_words.CHALLENGES.found(evidence.look)), default=-1)
    if said < 0:
        return False
    look = evidence.look.text
    shows_how = b"http" in evidence.content[evidence.root.start :] or "reply" in look or "empty message" in look
    return shows_how and not _is_passed_on(evidence, answers=False) and "\n>" not in look[:said]


def _by_header(evidence: Evidence) -> str | None:
    """Generated, list and bulk, where a header says so."""
    fields = evidence.fields
    submitted = fields.word("auto-submitted")
    names = {name for name, _ in fields.pairs}
    if submitted and not submitted.startswith("no"):
        return "auto-generated"
    precedence = fields.word("precedence") or fields.word("x-precedence")
    if fields.word("x-list-administrivia") == "yes":
        return "auto-generated"
    is_list = _is_discussion(fields, names, precedence)
    is_made = not names.isdisjoint(machines.AUTO_GENERATED_FIELDS)
    if not is_list and (is_made or any(name.startswith(machines.TRACKER_FIELDS) for name in names)):
        return "auto-generated"
    if is_list:
        return "list"
    if fields.has("list-unsubscribe") or fields.has("list-id"):
        return "bulk"
    if any(name.startswith(machines.CAMPAIGN_FIELDS) for name in names):
        return "auto-generated" if is_robot(evidence.sender) else "bulk"
    if precedence in ("bulk", "junk"):
        return "auto-generated" if is_robot(evidence.sender) else "bulk"
    return None


def _is_discussion(fields: Fields, names: set[str], precedence: str) -> bool:
    """A list on which people write, and no newsletter: one may post to it, or a list manager left its mark."""
    post = fields.word("list-post")
    if post and not post.startswith("no"):
        return True
    if not names.isdisjoint(machines.LIST_FIELDS):
        return True
    is_mailer = any(name.startswith((*machines.MAILER_FIELDS, *machines.CAMPAIGN_FIELDS)) for name in names)
    if precedence == "list":
        return not is_mailer or not fields.has("list-unsubscribe")
    if is_mailer:
        return False
    if fields.has("list-id") and (
        names & {"list-archive", "list-subscribe", "list-owner"} or not fields.has("list-unsubscribe")
    ):
        return True
    sender = fields.word("sender")
    if precedence == "bulk" and ("owner-" in sender or LIST_SENDER.search(sender)):
        return True
    return bool(names & {"list-archive", "list-subscribe", "list-owner"}) and not fields.has("list-unsubscribe-post")


def is_robot(sender: str) -> bool:
    """Whether the address is one that nobody reads: noreply@, notifications@, cron@."""
    local = sender.partition("@")[0].lower()
    words = NOT_WORD.split(local.partition("+")[0])
    joined = "".join(words)
    if len(words) > 1 and words[-1] in machines.ROBOT_ENDS:
        return True
    return joined in machines.ROBOTS or joined.startswith(machines.ROBOT_STARTS) or joined.endswith("noreply")


def _by_weak_signs(evidence: Evidence) -> str | None:
    """Signs that prove little alone: the kind of address, what the text says of itself, a null return path."""
    is_answer = bool(evidence.fields.raw("in-reply-to")) or _is_answer(evidence)
    if is_robot(evidence.sender):
        return "auto-generated"
    if CRON_SUBJECT.match(evidence.subject.lower()):
        return "auto-generated"
    ending = evidence.body_text[-BODY_LOOK_MAX:].lower()
    is_newsletter = local_letters(evidence.sender) in machines.NEWSLETTERS
    if is_newsletter and not is_answer and any(word in ending for word in machine_words.LEAVING):
        return "bulk"
    if evidence.has_null_path():
        return "auto-reply" if is_answer else "auto-generated"
    if is_daemon(evidence) and not is_answer:
        return "auto-generated"
    if not is_answer and machine_words.GENERATED_PHRASES.any_in(evidence.look):
        return "auto-generated"
    return None
