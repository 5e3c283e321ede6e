"""What crosses the border between a channel and the desk. Plain values: no sockets, no rows.

Inbound: an adapter's `translate` turns a payload into one `InboundMessage`, or into one `Order` (a command given by
a button, a slash command or a typed line). Outbound: the courier hands a sender one `Outgoing`, or one `CardView`.
Text in a `Notice` is plain text that may quote strangers: each sender escapes it for its own service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.invitations import Invitation

EMAIL, SLACK, TELEGRAM, CONSOLE = "email", "slack", "telegram", "console"
ANSWER = "answer"  # the kind of notice that answers a command


class Trust(StrEnum):
    """How well a message proves who sent it."""

    PROVEN = "proven"  # the channel or DKIM/SPF/DMARC vouches for the sender
    UNPROVEN = "unproven"  # nothing vouches; the message may still open a ticket
    FAILED = "failed"  # a check was made and contradicts the sender


@dataclass(frozen=True, slots=True)
class Handle:
    """A person on one channel.

    address: normalised. email: lower case; slack: "TEAM:USER"; telegram: the numeric user id; console: a name.
    language: as the service tells it ("pt-BR"), "" where it does not.
    """

    channel: str
    address: str
    display_name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation on one channel, and the thread in it.

    email: conversation is the desk address written to, thread the Message-ID; slack: "TEAM:CHANNEL" and thread_ts;
    telegram: chat id, and topic or message id that starts the reply chain; console: the name, no thread.
    """

    channel: str
    conversation: str
    thread: str = ""
    is_shared: bool = field(default=False, compare=False)  # others read along, as far as the channel told


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. `content` is None when the channel left it in the blob store already, under `sha256`.

    is_folded: a signature's image: kept, and told by number instead of by name.
    """

    filename: str
    content_type: str
    size_bytes: int
    content: bytes | None = None
    sha256: str = ""
    content_id: str = ""
    is_inline: bool = False
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a mail of ours did not reach. status: RFC 3463, "" where unknown; detail: the server's words.

    is_address_dead: nobody will ever be reached there. is_passing: a full mailbox, a server away: later it may go.
    """

    address: str
    status: str = ""
    detail: str = ""
    is_address_dead: bool = False
    is_passing: bool = False


@dataclass(frozen=True, slots=True)
class MailReport:
    """What a mail system tells of a mail of ours. what: "failed", "delayed" (only late so far) or "complaint".

    message_ids: of our mail, as far as the report shows them. tokens: in what it returns of our mail (`addressing`).
    """

    what: str
    failures: tuple[Failure, ...]
    message_ids: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from outside, whatever the channel.

    key:         identity of the message on its channel; a replay has the same key and changes nothing.
    text:        what the person wrote, without quotes and signature; body_text: all of it.
    message_id:  its own name on the channel, by which an answer will refer to it.
    references:  message_ids it answers, nearest first.
    reply_token: the signed token of the address it was sent to, without the address around it.
    is_addressed: False for what was said in a shared channel without naming the desk, and for edits and deletions: it
                 joins the ticket of its thread, and opens one only in a conversation that belongs to a client.
    return_token: the signed token of the return path it was sent to: that names the delivery it follows.
    own_token:   the token in a mail that the desk itself once sent; digest_token: that of a wish to get no digests.
    automatic:   None, or auto-reply, auto-generated, bounce, complaint, list, bulk, mdn.
    report:      what a bounce or a complaint says. away_until_on: when the sender of an auto-reply is back, if said.
    urgent_button: the sender chose "urgent" (a fact for triage, not a verdict). opens_new: asks for a new ticket.
    is_past:     it came before the desk did: kept on a closed ticket, and nobody is told.
    is_challenge: a filter's automatic reply that wants somebody to prove that a person wrote.
    raw:         the bytes as they came, kept as a blob; b"" where the channel has none.
    """

    channel: str
    key: str
    sender: Handle
    received_at: datetime
    text: str
    place: Place
    subject: str = ""
    body_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    references: tuple[str, ...] = ()
    reply_token: str = ""
    return_token: str = ""
    own_token: str = ""
    digest_token: str = ""
    automatic: str | None = None
    report: MailReport | None = None
    away_until_on: date | None = None
    trust: Trust = Trust.UNPROVEN
    trust_reason: str = ""
    urgent_button: bool = False
    opens_new: bool = False
    is_addressed: bool = True
    is_past: bool = False
    is_challenge: bool = False
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Order:
    """A command line given on a channel by somebody who wants an answer.

    key: identity of the giving (Slack trigger, Telegram update, action token); a replay returns the first answer.
    place: where it was given. `wants_delivery`: the answer goes through the outbox (Telegram, email) and not back
    in the same breath (Slack acknowledgement, console, web).
    ticket_id: the ticket whose card or thread it was given in, for commands that leave the number out.
    """

    channel: str
    key: str
    sender: Handle
    text: str
    given_at: datetime
    place: Place
    ticket_id: int | None = None
    trust: Trust = Trust.PROVEN
    wants_delivery: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it says, and the command line that pressing it gives."""

    label: str
    command: str
    style: str = ""  # "", "primary" or "danger"


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes out, such as a chart."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told: kind (a word for logs and limits), subject, plain-text body, buttons."""

    kind: str
    subject: str
    body: str
    actions: tuple[Action, ...] = ()
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers its giver. language: theirs, "" if unknown. is_private: not all contacts may read it."""

    text: str
    is_ok: bool = True
    ticket_id: int | None = None
    actions: tuple[Action, ...] = ()
    language: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an inbound message.

    outcome: opened, joined, obeyed, recorded (automatic mail kept without a ticket), quarantined.
    is_replay: the message was known; nothing changed and this is the first outcome.
    """

    outcome: str
    inbound_id: int
    ticket_id: int | None = None
    is_replay: bool = False
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a channel learned of itself. what: "gone" (a person left), "closed" (a conversation), "cut off" (we were),
    "asks" (how far back in an old mailbox we shall go).

    key: identity of the news; a repeat tells nobody again.
    """

    channel: str
    key: str
    what: str
    reason: str
    handle: Handle | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """Where a sent message lies on its service, so that it can be edited or answered.

    thread: the thread that was made for it, where the sender made one (a card's forum topic on Telegram).
    """

    conversation: str
    message_id: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery, as the courier hands it to a sender.

    key:        stable over retries, so that a repeat folds (Slack client_msg_id).
    token:      signed, names this delivery to the desk itself: in Message-ID and return path, so it folds too.
    to:         the person; place: the conversation and thread to post in, or None for a direct message to `to`.
    references: channel message_ids of the ticket's thread, oldest first. opened_at: when the ticket was opened.
    is_response: a program's answer to one message, which RFC 3834 calls auto-replied; is_bounce_wanted: False where
                 a failure concerns nobody. digest_token: how the reader ends digests, where this is one.
    is_page: it wakes somebody, so it never gives its turn in a conversation to others.
    role: the reader's at a client (requester, approver, owner); "" for anybody else.
    """

    delivery_id: int
    key: str
    to: Handle
    notice: Notice
    place: Place | None = None
    ticket_id: int | None = None
    references: tuple[str, ...] = ()
    reply_token: str = ""
    is_automatic: bool = True
    files: tuple[File, ...] = ()
    token: str = ""
    opened_at: datetime | None = None
    is_response: bool = False
    is_bounce_wanted: bool = True
    digest_token: str = ""
    is_page: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """What a ticket's card shows now. is_done: nothing is to be done on the ticket, until it is opened again."""

    ticket_id: int
    version: int
    title: str
    fields: tuple[tuple[str, str], ...]
    status: str
    place: Place
    actions: tuple[Action, ...] = field(default=())
    is_done: bool = False
