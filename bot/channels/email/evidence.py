"""What a mail gives to judge it by: who wrote it and whether it is a bounce are told from these, not from its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.channels.email.headers import Fields, read_block
from bot.channels.email.mime import Part
from bot.channels.email.transfer import content as content_of
from bot.channels.email.transfer import encoding_of
from bot.channels.email.wordlist import Look

# A program says what it is near the beginning.
BODY_LOOK_MAX = 3000
# … or at the very end.
ENDING_LOOK_MAX = 1000
SAME_LETTERS = 40
DONE_WELL = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the class is told from. envelope_sender: the return path as SMTP gave it, None where unknown.

    written: what its writer wrote of the text; has_older: older mail stands in it. look: the beginning of the text, for
    looking phrases up in it.
    """

    content: bytes
    fields: Fields
    root: Part
    subject: str
    sender: str
    sender_name: str
    body_text: str
    has_link: bool = False
    envelope_sender: str | None = None
    written: str = ""
    has_older: bool = False
    look: Look = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "look", Look(self.body_text[:BODY_LOOK_MAX]))

    @property
    def note(self) -> str:
        """The text without the older mail in it."""
        return self.written if self.has_older else self.body_text

    def beginnings(self) -> tuple[Look, ...]:
        """Where the text begins, and where the writer's words do, if they stand below what they answer."""
        if not self.has_older or self.body_text.startswith(self.written[:SAME_LETTERS]):
            return (self.look,)
        return self.look, Look(self.written[:BODY_LOOK_MAX])

    def ends(self) -> tuple[Look, ...]:
        """The beginning of the text, and the end of one that is longer, unless older mail stands in it."""
        if len(self.body_text) <= BODY_LOOK_MAX or self.has_older:
            return (self.look,)
        return self.look, Look(self.body_text[-ENDING_LOOK_MAX:])

    def has_null_path(self) -> bool:
        """RFC 3834: automatic mail has no return path; here as the envelope or as the server noted it."""
        if self.envelope_sender is not None:
            return self.envelope_sender == ""
        paths = self.fields.all("return-path")
        if not paths:
            # How a mailbox writes it down.
            return self.content.startswith(b"From MAILER-DAEMON ")
        path = paths[0].replace(b" ", b"").strip(b"<>\r\n\t").lower()
        return not path or path.startswith(b"mailer-daemon")


def parts(root: Part) -> Iterator[Part]:
    """Every part of the mail, itself first, in order."""
    stack = [root]
    while stack:
        part = stack.pop()
        yield part
        stack.extend(reversed(part.children))


def went_well(evidence: Evidence) -> bool:
    """A delivery status that only reports success."""
    actions = {fields.word("action").split()[0] for fields in status_blocks(evidence) if fields.word("action")}
    return bool(actions) and actions <= DONE_WELL


def status_blocks(evidence: Evidence) -> Iterator[Fields]:
    """The blocks of a delivery status: first the one about the message, then one for each recipient."""
    for part in parts(evidence.root):
        if part.content_type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        content, at, end = evidence.content, part.start, part.end
        if encoding_of(part):
            content, at = content_of(content, part), 0
            end = len(content)
        for _ in range(1000):
            if at >= end:
                break
            fields, after = read_block(content, at, end)
            if fields.pairs:
                yield fields
            at = max(after, at + 1)
