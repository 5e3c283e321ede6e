"""What the desk says, in the form Telegram takes: escaped HTML, cut to its limits, with signed buttons. Pure.

Lengths are UTF-16 units, as Telegram counts them. Telegram counts after it has read the entities; here the escaped
text counts, so that a part fits either way. Text from outside is always escaped: it can neither format nor link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.messages import ANSWER, Action, CardView, Notice
from bot.tokens import Signer

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024
ANSWER_UNITS_MAX = 200
CALLBACK_BYTES_MAX = 64
TITLE_UNITS_MAX = 256
BUTTONS_PER_ROW, ROW_UNITS_MAX = 3, 30
PURPOSE = "telegram"

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """The same text without what no store or service takes: NUL and halves of surrogate pairs."""
    if text.isascii():
        return text.replace("\0", "")
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")


def escape(text: str) -> str:
    """Text as HTML that shows exactly itself."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, units_max: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if units(text) <= units_max:
        return text
    return _head(text, units_max - 1).rstrip() + "…"


def split(text: str, *, first_max: int = TEXT_UNITS_MAX, rest_max: int = TEXT_UNITS_MAX) -> list[str]:
    """Cut plain text into parts that fit once escaped, between lines or words where there are any.

    first_max, rest_max: units of the escaped form, for the first part (which may share its message with a title)
    and for the others. Nothing is lost but the white space at the cuts. Returns [] for blank text.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        part = _part(rest, rest_max if parts else first_max)
        parts.append(part.rstrip())
        rest = rest[len(part) :].lstrip()
    return parts


def _part(text: str, units_max: int) -> str:
    """The longest good beginning: up to a blank line, a line, a space, or the limit, in this order."""
    head = _head(text, units_max)
    if len(head) == len(text):
        return text
    for mark in ("\n\n", "\n", " "):
        cut = head.rfind(mark)
        # A cut in the first half would make many small parts.
        if cut > len(head) // 2:
            return head[:cut]
    return head


def _head(text: str, units_max: int) -> str:
    """As many whole characters as fit into so many units of escaped text; at least one."""
    used = 0
    for index, char in enumerate(text):
        used += len(ESCAPES[char]) if char in ESCAPES else 1 + (ord(char) > 0xFFFF)
        if used > units_max:
            return text[: max(index, 1)]
    return text


def notice_parts(notice: Notice) -> list[str]:
    """A notice as messages: the subject in bold above the body. Always at least one, never an empty one.

    The answer to a command stands below it, and needs no title, as a mail does.
    """
    title = shorten(" ".join(clean(notice.subject).split()), TITLE_UNITS_MAX)
    body = clean(notice.body).strip()
    if title and (body == title or body.startswith(f"{title}\n")):
        body = body[len(title) :].strip()
    head = f"<b>{escape(title)}</b>" if title and notice.kind != ANSWER else ""
    parts = split(body, first_max=TEXT_UNITS_MAX - units(head) - 2)
    if not parts:
        return [head or escape(title) or "…"]
    first = f"{head}\n\n{escape(parts[0])}" if head else escape(parts[0])
    return [first, *(escape(part) for part in parts[1:])]


def card_text(card: CardView) -> str:
    """A card as one message; the fields that no longer fit are left out, from the last."""
    title = f"<b>{escape(shorten(clean(card.title), TITLE_UNITS_MAX))}</b>"
    status = f"<i>{escape(shorten(clean(card.status), TITLE_UNITS_MAX))}</i>" if card.status else ""
    room = TEXT_UNITS_MAX - units(title) - units(status) - 2
    lines = list(_fitting(_field_lines(card.fields), room))
    return "\n".join(part for part in (title, *lines, status) if part)


def _field_lines(fields: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in fields:
        yield f"<b>{escape(clean(name))}:</b> {escape(shorten(clean(value), 1000))}"


def _fitting(lines: Iterator[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= units(line) + 1
        if room < 0:
            return
        yield line


def plain(html: str) -> str:
    """What our own HTML shows, for a server that would not read it."""
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        html = html.replace(tag, "")
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def keyboard(actions: Sequence[Action], signer: Signer) -> dict[str, Any] | None:
    """An inline keyboard whose buttons carry signed command lines; None when no button is left.

    A command too long for Telegram's 64 bytes gives no button: the text says how to write it.
    """
    rows: list[list[dict[str, str]]] = []
    room = 0
    for action in actions:
        signed = signer.sign(PURPOSE, action.command)
        if len(signed.encode()) > CALLBACK_BYTES_MAX:
            continue
        label = shorten(clean(action.label), 60) or "…"
        button = {"text": label, "callback_data": signed}
        if action.style:
            button["style"] = action.style
        if not rows or len(rows[-1]) == BUTTONS_PER_ROW or units(label) > room:
            rows.append([])
            room = ROW_UNITS_MAX
        rows[-1].append(button)
        room -= units(label)
    return {"inline_keyboard": rows} if rows else None
