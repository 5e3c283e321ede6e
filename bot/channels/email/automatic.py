"""Which mail no person wrote, and of what class: RFC 3834 and its relatives, and mail that follows none of them.

A class is given on evidence; one weak sign alone gives none. X-Auto-Response-Suppress alone says nothing: Exchange
sets it on ordinary mail too. Mail that carries signs of several classes gets the one that matters most to the desk:
complaint, bounce, mdn, auto-reply, auto-generated, list, bulk, in that order.
"""

from __future__ import annotations

import re

from bot.channels.email import courtesy, lists, machine_words, machines, receipts, transactions
from bot.channels.email.evidence import BODY_LOOK_MAX, Evidence, parts, went_well
from bot.channels.email.headers import Fields
from bot.channels.email.nondelivery import NOT_WORD, is_bounce, is_daemon, is_of_a_system, local_letters
from bot.channels.email.phrases import REPLY_PREFIXES
from bot.channels.email.subjects import REPLY_PREFIX, bare_subject, is_answer, is_passed_on
from bot.channels.email.wordlist import Look

HEAD_LOOK_MAX = 600
# What stands behind "Auto reply" and the like where the subject of the mail that is answered follows.
TITLED = (
    *(
        "re:",
        "re ",
        "was ",
        "from ",
        "for ",
        "to ",
        "until ",
        "till ",
        "bis ",
        "vom ",
        "du ",
        "jusqu",
        "hasta ",
        "del ",
    ),
    *("fino ", "dal ", "até ", "tot ", "t/m ", "tom ", "till ", "til ", "do ", "od ", "до ", "с "),
)
# "X-Yahoo-Autoresponder", "X-Acme-Auto-Reply"; but not "X-Auto-Response-Suppress", which stands on ordinary mail.
AUTO_REPLY_NAME = re.compile(r"\bx-\S{0,40}auto-?(?:respond|reply)")
IS_AWAY = re.compile(
    r" (?:is (?:out of|away from) (?:the )?office|ist nicht im büro)(?= *(?:$|[.(,:!-]|until|from|till|bis|vom))"
)
PERSONS_NAME = re.compile(r"[A-ZÀ-Ý][\w'-]+(?: [A-ZÀ-Ý]\.?[\w'-]*){1,3}")
SYSTEMS_NAME = re.compile(
    r"mail|system|post ?master|deliver|admin|server|daemon|exchange"
    r"|virus|service|agent|gateway|smtp|microsoft|outlook|domino|notes|robot|charlie root|super-?user"
)
TAG_IN_FRONT = re.compile(r"\s*[\[(【]([^\])】]{2,40})[\])】]")
TAGS_OF_PROGRAMS = frozenset(machine_words.AUTO_REPLY_SUBJECTS) - {"absent", "ausente", "assente", "afwezig", "poissa"}
CITING = frozenset("\"“„«'>")


def classify(evidence: Evidence) -> str | None:
    """auto-reply, auto-generated, bounce, complaint, list, bulk, mdn, or None: a person wrote it."""
    kinds = {part.content_type for part in parts(evidence.root)}
    report = evidence.root.params.get("report-type", "").lower()
    if _is_complaint(evidence, kinds, report):
        return "complaint"
    has_status = not kinds.isdisjoint({"message/delivery-status", "message/global-delivery-status"})
    if report == "delivery-status" or (has_status and not is_passed_on(evidence) and is_of_a_system(evidence)):
        return "bounce" if not went_well(evidence) else "auto-generated"
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return "mdn"
    if is_bounce(evidence, kinds, report):
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
    if subject.startswith(machine_words.COMPLAINT_TITLES):
        return True
    is_desk = local_letters(evidence.sender) in machines.COMPLAINT_DESKS
    return has_original and subject.startswith(machine_words.COMPLAINT_SUBJECTS[: None if is_desk else 2])


def _by_answer(evidence: Evidence, kinds: set[str]) -> str | None:
    """Answers that a program gave: vacation, acknowledgement, challenge, receipt."""
    fields = evidence.fields
    submitted = fields.word("auto-submitted")
    names = {name for name, _ in fields.pairs}
    if fields.word("x-list-administrivia") == "yes":
        return "auto-generated"
    if submitted.startswith(("auto-replied", "auto-reply")):
        return "auto-reply"
    subject = bare_subject(evidence.subject)
    if receipts.is_receipt(evidence, kinds, subject):
        return "mdn"
    joined = " ".join(names)
    if not names.isdisjoint(machines.AUTO_REPLY_FIELDS) or ("auto" in joined and AUTO_REPLY_NAME.search(joined)):
        return "auto-reply"
    if _is_auto_precedence(fields):
        return "auto-reply"
    is_responder = fields.word("x-post-messageclass").startswith("9; autoresponder")
    if is_responder or fields.word("delivered-to") == "autoresponder":
        return "auto-reply"
    if _is_titled(evidence, subject) or "vacation" in fields.word("x-mailer"):
        return "auto-reply"
    return "auto-reply" if _reads_like_auto_reply(evidence, subject, submitted) else None


def _is_titled(evidence: Evidence, subject: str) -> bool:
    """Whether the subject says that a program answers: alone, or before a colon; "Out of office printer" does not."""
    head = evidence.body_text[:HEAD_LOOK_MAX].lower()
    if any(map(subject.__contains__, courtesy.AWAY)) or IS_AWAY.search(subject):
        return not is_answer(evidence) and not courtesy.requests(head)
    if subject.endswith(machine_words.AUTO_REPLY_ENDINGS) or "(out of office)" in subject:
        return True
    if (tag := TAG_IN_FRONT.match(evidence.subject)) and tag[1].strip().lower() in TAGS_OF_PROGRAMS:
        return not courtesy.asks(head)
    if subject.rstrip(".").endswith(courtesy.AWAY_TITLES):
        return any(map(head.__contains__, courtesy.ANY_AWAY))
    if not subject.startswith(machine_words.AUTO_REPLY_SUBJECTS):
        return False
    phrase = max((word for word in machine_words.AUTO_REPLY_SUBJECTS if subject.startswith(word)), key=len)
    rest = subject[len(phrase) :].lstrip(" -")
    is_closed = not phrase[-1].isalnum() or not phrase[-1].isascii()
    is_away = any(map(head.__contains__, courtesy.AWAY))
    if not is_closed and not rest and (courtesy.requests(head) or (not is_away and courtesy.questions(head))):
        return False
    if is_closed or not rest or not rest[0].isalnum() or rest.startswith(TITLED):
        return True
    if courtesy.requests(head):
        return False
    is_said = is_away or machine_words.AUTO_REPLY_PHRASES.any_in(evidence.look, HEAD_LOOK_MAX)
    is_cited = any(map(CITING.__contains__, head))
    return is_said or (not is_cited and courtesy.reads_like_acknowledgement(head, phrases_min=2))


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
    if inner != subject and inner.startswith(machine_words.AUTO_REPLY_SUBJECTS):
        is_asking = "?" in evidence.note[:HEAD_LOOK_MAX]
        return is_marked or (not is_asking and machine_words.ABSENCE_PHRASES.any_in(look, HEAD_LOOK_MAX))
    beginnings = evidence.beginnings()
    is_said = any(machine_words.AUTO_REPLY_PHRASES.any_in(beginning, HEAD_LOOK_MAX) for beginning in beginnings)
    if is_said and not fields.has("list-id"):
        return True
    if is_challenge(evidence):
        return True
    if fields.has("list-id") or fields.has("list-post") or is_passed_on(evidence, answers=False):
        return False
    # Such notes answer; a person who is away and has a request writes it first, and under a subject of its own.
    answers = bool(fields.raw("in-reply-to")) or evidence.subject.lower().startswith((*REPLY_PREFIXES, "vs:"))
    answers = answers or (courtesy.is_away_subject(subject) and not courtesy.requests(evidence.note))
    if answers and courtesy.reads_like_absence(evidence.note, is_cut=evidence.has_older):
        return True
    is_role = local_letters(evidence.sender) in machines.ROLES and not submitted and not fields.has("list-unsubscribe")
    if is_role or is_marked:
        # One that says of itself that a program wrote it need not say as much more.
        is_told = _says_it_is_generated(evidence)
        wanted = courtesy.RECEIVED_MIN - is_told
        is_asking = not (is_told or is_marked) and courtesy.questions(evidence.note)
        if not is_asking and courtesy.reads_like_acknowledgement(evidence.note, phrases_min=wanted):
            return True
    return is_marked and machine_words.ABSENCE_PHRASES.any_in(look, HEAD_LOOK_MAX)


def is_challenge(evidence: Evidence) -> bool:
    """A filter that wants the sender to prove himself, by its own words; not where somebody quotes them."""
    subject = bare_subject(evidence.subject)
    if subject.startswith(machine_words.CHALLENGE_SUBJECTS) or "[spamarrest]" in subject:
        return machine_words.CHALLENGE_PHRASES.any_in(evidence.look)
    found = next((look for look in evidence.ends() if machine_words.CHALLENGES.any_in(look)), None)
    if found is None:
        return False
    look = found.text
    said = min(map(look.find, machine_words.CHALLENGES.found(found)))
    shows_how = evidence.has_link or "reply" in look or "empty message" in look
    return shows_how and not is_passed_on(evidence, answers=False) and "\n>" not in look[:said]


def _by_header(evidence: Evidence) -> str | None:
    """Generated, list and bulk, where a header says so."""
    fields = evidence.fields
    submitted = fields.word("auto-submitted")
    names = {name for name, _ in fields.pairs}
    if submitted and not submitted.startswith("no"):
        return "auto-generated"
    precedence = fields.word("precedence") or fields.word("x-precedence")
    is_list = lists.is_discussion(fields, names, precedence)
    is_made = not names.isdisjoint(machines.AUTO_GENERATED_FIELDS) or fields.word("x-mailer").startswith(
        machines.MAKERS
    )
    if not is_list and (is_made or any(name.startswith(machines.TRACKER_FIELDS) for name in names)):
        return "auto-generated"
    if is_list:
        return "list"
    if fields.raw("list-unsubscribe") or fields.raw("list-id"):
        return "bulk"
    if lists.is_campaign(fields, names):
        return "auto-generated" if is_robot(evidence.sender) else "bulk"
    if precedence in ("bulk", "junk"):
        return "auto-generated" if is_robot(evidence.sender) else "bulk"
    return None


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
    answers = bool(evidence.fields.raw("in-reply-to")) or is_answer(evidence)
    if is_robot(evidence.sender):
        return "auto-generated"
    if _is_titled_by_a_system(evidence.subject.lower()):
        return "auto-generated"
    ending = evidence.body_text[-BODY_LOOK_MAX:].lower()
    if not (answers or evidence.has_older) and any(map(ending.__contains__, machine_words.LEAVING)):
        is_newsletter = local_letters(evidence.sender) in machines.NEWSLETTERS
        if is_newsletter or (evidence.has_link and _is_sent_to_many(evidence, ending)):
            return "bulk"
    if evidence.has_null_path():
        return "auto-reply" if answers else "auto-generated"
    is_person = PERSONS_NAME.fullmatch(evidence.sender_name) and not SYSTEMS_NAME.search(evidence.sender_name.lower())
    is_machine = is_daemon(evidence) or local_letters(evidence.sender) in machines.OPERATORS
    if is_machine and not (answers or is_person or courtesy.requests(evidence.body_text)):
        return "auto-generated"
    if answers:
        return None
    is_transaction = transactions.tells_of_one(bare_subject(evidence.subject), evidence.look, evidence.note)
    return "auto-generated" if is_transaction or _says_it_is_generated(evidence) else None


def _is_titled_by_a_system(subject: str) -> bool:
    if machine_words.SYSTEM_SUBJECTS.match(subject) or machine_words.SYSTEM_SUBJECT.match(subject):
        return True
    return any(map(subject.__contains__, machine_words.SYSTEM_SUBJECT_PARTS)) and not REPLY_PREFIX.match(subject)


def _is_sent_to_many(evidence: Evidence, ending: str) -> bool:
    """Whether a text that says how to leave a list of readers says also why one is on it, or where else to read it."""
    if "mailing list" in ending or "groups" in ending or courtesy.asks(evidence.body_text):
        return False  # people write on lists
    beginning = evidence.look.text[:HEAD_LOOK_MAX]
    return any(word in ending or word in beginning for word in machine_words.TO_MANY)


def _says_it_is_generated(evidence: Evidence) -> bool:
    """Whether the text says so of itself, and cites nobody who does."""
    return any(_says_of_itself(look) for look in evidence.ends())


def _says_of_itself(look: Look) -> bool:
    first = min(map(look.text.find, machine_words.GENERATED_PHRASES.found(look)), default=-1)
    return first >= 0 and look.text[max(first - 1, 0)] not in CITING
