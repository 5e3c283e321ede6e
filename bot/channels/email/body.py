"""What a mail holds: its text in the best form, and its files. Built from the tree of parts.

Walks the tree once. Of alternatives the plain text is the text and the HTML is kept beside it; in a mixed mail the
inline texts follow one another; everything else is a file, listed and never lost. Mail inside mail is a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.channels.email import filenames, markup, smime, tnef, transfer
from bot.channels.email.charsets import decode, newlines
from bot.channels.email.headers import read_block, unfold_id
from bot.channels.email.mime import Part, parse, prepared
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
TEXT_REPEATS = frozenset({"text/x-amp-html", "text/watch-html", "text/x-watch-html"})
META_CHARSET = re.compile(rb"""charset=["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
HTML_START = re.compile(r"\s*<(?:!doctype html|html[\s>])", re.IGNORECASE)
BLANK = re.compile("[\\s\u00a0\u200b\u200c\u200d\ufeff\u00ad\u034f]*")
TAG = re.compile(r"<[^<>]*>")
OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
INNER_MAILS_MAX = 3
SAME_LETTERS = 600


@dataclass(slots=True)
class Piece:
    """One stretch of the body, in one or both forms."""

    plain: str = ""
    html: str = ""
    _lines: list[markup.Line] | None = None

    def is_html_only(self) -> bool:
        return bool(self.html) and is_blank(self.plain)

    def lines(self) -> list[markup.Line]:
        """The lines of the HTML, read once."""
        if self._lines is None:
            self._lines = markup.lines(self.html) if self.html else []
        return self._lines

    def text(self) -> str:
        """The stretch as plain text; HTML is turned to text only where there is no other."""
        return markup.join(self.lines()) if self.is_html_only() else self.plain


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


def is_blank(text: str) -> bool:
    """Whether a text shows nothing at all."""
    match = BLANK.match(text[:100_000])
    return match is not None and match.end() == len(text)


def read(raw: bytes, root: Part) -> Body:
    """The body and the files of a mail, from its `prepared` bytes and their tree."""
    reader = _Reader(raw, Body(), hint=charset_hint(root))
    pieces = reader.walk(root, is_root=True)
    body = reader.body
    if not pieces and body.spare is not None:
        index, piece = body.spare
        pieces = [piece]
        del body.attachments[index], body.named[index]
    if body.wrapped and all(is_blank(piece.plain) and not piece.html for piece in pieces):
        pieces = body.wrapped
    body.pieces = _without_repeats(pieces)
    return body


def _without_repeats(pieces: list[Piece]) -> list[Piece]:
    """Some programs send text and HTML one after the other that should be alternatives: one piece, not two."""
    kept: list[Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if last is not None and piece.is_html_only() and last.plain and not last.html and _is_same(last, piece):
            kept[-1] = Piece(last.plain, piece.html)
        else:
            kept.append(piece)
    return kept


def _is_same(plain: Piece, html: Piece) -> bool:
    """Whether the letters are the same, as far as a look at the first of them tells."""
    first, second = ("".join(filter(str.isalnum, piece.text()[:SAME_LETTERS])) for piece in (plain, html))
    size = min(len(first), len(second), SAME_LETTERS // 3)
    return size >= 3 and first[:size] == second[:size]


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

    def __init__(self, raw: bytes, body: Body, *, hint: str, inner: int = 0) -> None:
        self.raw = raw
        self.body = body
        self.hint = hint
        self.inner = inner

    def walk(self, part: Part, *, is_root: bool = False) -> list[Piece]:
        if not part.children:
            return self._leaf(part, is_root=is_root)
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
            pieces = self.walk(child)
            if is_blank(plain):
                plain = "\n\n".join(piece.plain for piece in pieces if piece.plain)
            html = "\n".join(piece.html for piece in pieces if piece.html) or html
        return [Piece(plain, html)] if plain or html else []

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
        if part.content_type in OPAQUE and (pieces := self._opaque(part)) is not None:
            return pieces
        is_tnef = part.content_type in tnef.TYPES or filenames.given(part).lower() in ("winmail.dat", "win.dat")
        if is_tnef and self._tnef(part):
            return []
        if not _is_text(part):
            if part.start < part.end or not is_root:
                self._attach(part)
            return []
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
        content = transfer.content(self.raw, part)
        charset = part.params.get("charset", "")
        if part.content_type == "text/html" and not charset:
            declared = META_CHARSET.search(content[:4096])
            charset = declared[1].decode("ascii") if declared else ""
        text = newlines(decode(content, charset, hint=self.hint))
        if part.content_type == "text/html" or HTML_START.match(text[:200]):
            return Piece(html=text)
        if part.content_type in ("text/enriched", "text/richtext"):
            return Piece(plain=TAG.sub("", text.replace("<<", "&lt;")).replace("&lt;", "<"))
        if part.params.get("format", "").lower() == "flowed":
            text = transfer.unflowed(text, is_delsp=part.params.get("delsp", "").lower() == "yes")
        text, files = transfer.split_uuencoded(text)
        if keeps_files:
            for file in files:
                self._add(filenames.safe(file.filename), "application/octet-stream", file.content)
        return Piece(plain=text)

    def _attach(self, part: Part) -> None:
        content = transfer.content(self.raw, part)
        name = filenames.given(part)
        inner = None
        if not name and part.content_type in ("message/rfc822", "message/global"):
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
        self.body.attachments.append(
            Attachment(name, kind, len(content), content, content_id=content_id, is_inline=is_inline)
        )
        self.body.named.append(is_named and bool(name))

    def _opaque(self, part: Part) -> list[Piece] | None:
        """A signature around the mail: read the mail, keep the signature. None where it cannot be opened."""
        content = smime.content(transfer.content(self.raw, part)) if self.inner < INNER_MAILS_MAX else None
        if not content:
            return None
        raw = prepared(content)
        reader = _Reader(raw, self.body, hint=self.hint, inner=self.inner + 1)
        pieces = reader.walk(parse(raw), is_root=True)
        self._attach(part)
        return pieces

    def _tnef(self, part: Part) -> bool:
        """Unpack a winmail.dat; False where there is nothing in it to be read."""
        parcel = tnef.unpack(transfer.content(self.raw, part))
        if parcel is None or not (parcel.files or parcel.text or parcel.html):
            return False
        for file in parcel.files:
            kind = file.content_type or "application/octet-stream"
            self._add(file.name or filenames.found(kind), kind, file.content, content_id=file.content_id.strip("<>"))
        if parcel.text or parcel.html:
            self.body.wrapped.append(Piece(newlines(parcel.text), parcel.html))
        return True


def _is_text(part: Part) -> bool:
    if part.content_type.startswith("multipart/"):
        return True
    return part.content_type.startswith("text/") and part.content_type not in TEXT_FILES


def _content_id(part: Part) -> str:
    return unfold_id(part.fields.raw("content-id"))
