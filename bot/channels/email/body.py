"""What a mail holds: its text in the best form, and its files. Built from the tree of parts.

Walks the tree once. Of alternatives the plain text is the text and the HTML is kept beside it; in a mixed mail the
inline texts follow one another; everything else is a file, listed and never lost. Mail inside mail is a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.email import enriched, filenames, smime, textfiles, tnef, transfer
from bot.channels.email.charsets import decode, newlines
from bot.channels.email.headers import read_block, unfold_id
from bot.channels.email.laying import LARGE_BYTES_MIN
from bot.channels.email.mime import Part, parse, prepared
from bot.channels.email.pieces import Piece, is_blank, without_repeats
from bot.channels.email.standins import points_elsewhere
from bot.messages import Attachment

# Text parts that are files even without a name, and those that repeat the body for a special reader.
TEXT_FILES = frozenset(
    [
        "text/calendar",
        "text/csv",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/rfc822-headers",
        "text/xml",
        "text/css",
        "text/javascript",
        "text/rtf",
        "text/x-diff",
        "text/x-patch",
        "text/x-moz-deleted",
    ]
)
SHOWN_ALONE = frozenset({"text/csv", "text/xml", "text/css", "text/javascript", "text/x-diff", "text/x-patch"})
MAILS = frozenset({"message/rfc822", "message/global"})
TEXT_REPEATS = frozenset({"text/x-amp-html", "text/watch-html", "text/x-watch-html"})
META_CHARSET = re.compile(rb"""charset=["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
HTML_START = re.compile(r"\s*<(?:!doctype html|html[\s>])", re.IGNORECASE)
OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
INNER_MAILS_MAX = 3
# Takes a file's bytes and gives the SHA-256 that they are known by.
Keep = Callable[[bytes], str]


@dataclass(slots=True)
class Body:
    """pieces: the text, in order. attachments: the files; named: for each, whether the mail itself named it."""

    pieces: list[Piece] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    # What is the body only if there is no other: a text with a name (and its index among the attachments), and the
    # text inside a winmail.dat, which mostly repeats the body.
    spare: tuple[int, Piece] | None = None
    wrapped: list[Piece] = field(default_factory=list)

    def text(self) -> str:
        """All of the text, newlines as "\\n", at most what the mail itself spaces."""
        return "\n\n".join(text for piece in self.pieces if (text := piece.text().strip("\n")))


def read(raw: bytes, root: Part, *, keep: Keep | None = None) -> Body:
    """The body and the files of a mail, from its `prepared` bytes and their tree. keep: takes large files' bytes."""
    reader = _Reader(raw, Body(), hint=charset_hint(root), keep=keep)
    pieces = reader.walk(root, is_root=True)
    body = reader.body
    if not pieces and body.spare is not None:
        index, piece = body.spare
        pieces = [piece]
        del body.attachments[index], body.named[index]
    if body.wrapped and all(is_blank(piece.plain) and not piece.html for piece in pieces):
        pieces = body.wrapped
    body.pieces = without_repeats(pieces)
    return body


def charset_hint(part: Part) -> str:
    """The first charset that the mail names, for its raw headers."""
    stack = [part]
    while stack:
        part = stack.pop()
        if "charset" in part.params:
            return part.params["charset"]
        stack.extend(reversed(part.children))
    return ""


class _Reader:
    """The walk over one tree; mails inside an opaque signature get a reader of their own over the same body."""

    def __init__(self, raw: bytes, body: Body, *, hint: str, inner: int = 0, keep: Keep | None = None) -> None:
        self.raw = raw
        self.body = body
        self.hint = hint
        self.inner = inner
        self.keep = keep

    def inside(self, raw: bytes, body: Body) -> _Reader:
        """A reader of what this part wraps."""
        return _Reader(raw, body, hint=self.hint, inner=self.inner + 1, keep=self.keep)

    def walk(self, part: Part, *, is_root: bool = False, is_choice: bool = False) -> list[Piece]:
        """is_choice: the part is one of alternatives, and so no file because it has a name."""
        if not part.children:
            is_text = part.content_type in ("text/plain", "text/html")
            return self._leaf(part, is_root=is_root or (is_choice and is_text and part.disposition != "attachment"))
        kind = part.content_type.partition("/")[2]
        if kind == "alternative":
            return self._alternative(part)
        if kind == "related":
            return self._related(part)
        return [piece for child in part.children for piece in self.walk(child)]

    def _alternative(self, part: Part) -> list[Piece]:
        """The first plain form and the last HTML form, as one piece each way."""
        plain, html = "", ""
        for child in part.children:
            pieces = self.walk(child, is_choice=True)
            if is_blank(plain):
                plain = "\n\n".join(piece.plain for piece in pieces if piece.plain)
            html = "\n".join(piece.html for piece in pieces if piece.html) or html
        found = Piece(plain, html)
        if html and points_elsewhere(plain) and found.html_letters() > len(plain) // 4:
            found.plain = ""
        return [found] if plain or html else []

    def _related(self, part: Part) -> list[Piece]:
        """The root, named or first; what it refers to are files, except texts that nothing refers to."""
        start = part.params.get("start", "").strip("<> ")
        root = next((child for child in part.children if start and _content_id(child) == start), part.children[0])
        pieces = self.walk(root)
        for child in part.children:
            if child is root:
                continue
            if child.content_type in ("text/plain", "text/html") and (_content_id(child) or pieces):
                self._attach(child)
            else:
                pieces.extend(self.walk(child))
        return pieces

    def _leaf(self, part: Part, *, is_root: bool) -> list[Piece]:
        if part.content_type in TEXT_REPEATS and not filenames.given(part):
            return []
        named = filenames.given(part).lower()
        is_opaque = part.content_type in OPAQUE or named == "smime.p7m"
        if is_opaque and (pieces := self._opaque(part)) is not None:
            return pieces
        is_tnef = part.content_type in tnef.TYPES or named in ("winmail.dat", "win.dat")
        if is_tnef and self._tnef(part):
            return []
        if part.content_type.startswith("multipart/") and (pieces := self._encoded(part)) is not None:
            return pieces
        if not _is_text(part, is_root=is_root):
            if part.start < part.end or not is_root:
                self._attach(part)
            return self._mail_itself(part) if is_root else []
        name = filenames.given(part)
        if part.disposition == "attachment" and (name or not is_root):
            self._attach(part)
            return []
        if name and not is_root:
            if self.body.spare is None and part.content_type in ("text/plain", "text/html"):
                self.body.spare = (len(self.body.attachments), self._piece(part, keeps_files=False))
            self._attach(part)
            return []
        piece = self._piece(part)
        return [piece] if piece.plain or piece.html else []

    def _piece(self, part: Part, *, keeps_files: bool = True) -> Piece:
        content, files = textfiles.split_yenc(transfer.content(self.raw, part))
        charset = part.params.get("charset", "")
        if part.content_type == "text/html" and not charset:
            declared = META_CHARSET.search(content[:4096])
            charset = declared[1].decode("ascii") if declared else ""
        text = newlines(decode(content, charset, hint=self.hint))
        if part.content_type == "text/html" or HTML_START.match(text[:200]):
            return Piece(html=text)
        if part.content_type in enriched.TYPES:
            return Piece(plain=enriched.plain(text, part.content_type))
        if part.params.get("format", "").lower() == "flowed":
            text = transfer.unflowed(text, is_delsp=part.params.get("delsp", "").lower() == "yes")
        text, more_files = textfiles.split_uuencoded(text)
        if keeps_files:
            for file in (*files, *more_files):
                self._add(filenames.safe(file.filename), "application/octet-stream", file.content)
        return Piece(plain=text)

    def _attach(self, part: Part) -> None:
        content = transfer.content(self.raw, part)
        name = filenames.given(part)
        inner = None
        if not name and part.content_type in MAILS:
            inner, _ = read_block(content, 0, min(len(content), 65_536))
        self._add(
            name or filenames.found(part.content_type, inner),
            part.content_type,
            content,
            content_id=_content_id(part),
            is_inline=part.disposition == "inline" or (bool(_content_id(part)) and part.disposition != "attachment"),
            is_named=bool(name),
        )

    def _add(
        self,
        name: str,
        kind: str,
        content: bytes,
        *,
        content_id: str = "",
        is_inline: bool = False,
        is_named: bool = True,
    ) -> None:
        size, sha256 = len(content), ""
        held: bytes | None = content
        if self.keep is not None and size > LARGE_BYTES_MIN:
            sha256, held = self.keep(content), None
        self.body.attachments.append(
            Attachment(name, kind, size, held, sha256, content_id=content_id, is_inline=is_inline)
        )
        self.body.named.append(is_named and bool(name))

    def _opaque(self, part: Part) -> list[Piece] | None:
        """A signature around the mail: read the mail, keep the signature. None where it cannot be opened."""
        content = smime.content(transfer.content(self.raw, part)) if self.inner < INNER_MAILS_MAX else None
        if not content:
            return None
        raw = prepared(content)
        pieces = self.inside(raw, self.body).walk(parse(raw), is_root=True)
        self._attach(part)
        return pieces

    def _encoded(self, part: Part) -> list[Piece] | None:
        """A multipart that was encoded as a whole, which no RFC allows: None where it was not."""
        encoding = transfer.encoding_of(part)
        if not encoding or self.inner >= INNER_MAILS_MAX:
            return None
        raw = b"Content-Type: " + part.fields.raw("content-type") + b"\n\n" + transfer.content(self.raw, part)
        root = parse(raw)
        return self.inside(raw, self.body).walk(root) if root.children else None

    def _mail_itself(self, part: Part) -> list[Piece]:
        """A mail that is nothing but another mail: its text is shown, and it is kept as a file."""
        if part.content_type not in MAILS or self.inner >= INNER_MAILS_MAX:
            return []
        raw = prepared(transfer.content(self.raw, part))
        return _Reader(raw, Body(), hint=self.hint, inner=self.inner + 1).walk(parse(raw), is_root=True)

    def _tnef(self, part: Part) -> bool:
        """Unpack a winmail.dat; False where there is nothing in it to be read."""
        parcel = tnef.unpack(transfer.content(self.raw, part))
        if parcel is not None and not self.body.wrapped:
            parcel.read_rich()
        if parcel is None or not (parcel.files or parcel.text or parcel.html):
            return False
        for file in parcel.files:
            kind = file.content_type or "application/octet-stream"
            self._add(file.name or filenames.found(kind), kind, file.content, content_id=file.content_id.strip("<>"))
        if parcel.text or parcel.html:
            self.body.wrapped.append(Piece(newlines(parcel.text), parcel.html))
        return True


def _is_text(part: Part, *, is_root: bool) -> bool:
    if part.content_type.startswith("multipart/"):
        return True
    if part.content_type in TEXT_FILES:
        # A mail that is nothing but a patch or a table shows it.
        return is_root and part.content_type in SHOWN_ALONE
    return part.content_type.startswith("text/")


def _content_id(part: Part) -> str:
    return unfold_id(part.fields.raw("content-id"))
