"""The tree of parts of a mail, by offsets into its bytes. Nothing is decoded and nothing is copied.

One pass over the delimiter lines with a stack of open multiparts, so the time is linear whatever the nesting. Caps
are checked as the tree grows: past PARTS_MAX parts or DEPTH_MAX levels the mail is refused whole (`Unreadable`).
Multiparts whose boundary is missing, misspelt or never closed are read as far as they can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.channels.email import sun
from bot.channels.email.headers import Fields, Unreadable, read_block, split_value

PARTS_MAX = 10_000
DEPTH_MAX = 100
REPAIRS_MAX = 100
DELIMITER = re.compile(rb"\n--")
DELIMITER_AFTER_CR = re.compile(rb"[\r\n]--")
# What a delimiter looks like where the header does not say: dashes and a word, then a content field.
LIKELY_DELIMITER = re.compile(rb"[\r\n]--([!-~]{0,200})[ \t]*\r{0,2}\n(?=content-[a-z-]{2,40}:)", re.IGNORECASE)
GUESS_BYTES_MAX = 65_536
TOKEN = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
# How Apple's Mail keeps a mail in a file: its length, the mail, and a list of properties in XML.
APPLE_FILE = re.compile(rb"(\d{1,9})[ \t]*\r?\n")
MISSPELT = {"plain/text": "text/plain", "html/text": "text/html", "text/htm": "text/html"}
BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(slots=True)
class Part:
    """One part: its fields, its type, and where its body lies in the mail's bytes.

    content_type: "text/plain" and so on, lower case, never empty. depth: 0 for the mail itself.
    """

    fields: Fields
    content_type: str
    params: dict[str, str]
    start: int
    end: int
    depth: int = 0
    children: list[Part] = field(default_factory=list)
    disposition: str = ""
    disposition_params: dict[str, str] = field(default_factory=dict)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


def prepared(raw: bytes) -> bytes:
    """The bytes as the parser takes them: no byte-order mark or empty lines on top, LF where there are only CRs."""
    codec = BOMS.get(raw[:2])
    if codec is not None and b"\0" in raw[:64]:
        raw = raw[2:].decode(codec, "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw[:1].isdigit() and (kept := APPLE_FILE.match(raw)) is not None:
        end = kept.end() + int(kept[1])
        raw = raw[kept.end() : end] if raw[end : end + 64].lstrip().startswith(b"<?xml") else raw
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if raw[:1] in (b"\n", b"\r", b" ", b"\t", b"\0"):
        stripped = raw.lstrip(b"\r\n \t\0")
        # Without a field on top the empty line is the end of an empty header, and the text below it is the body.
        if re.match(rb"[!-9;-~]+[ \t]*:|>?From ", stripped):
            return stripped
    return raw


def parse(raw: bytes) -> Part:
    """The tree of a mail, from `prepared` bytes. Raises Unreadable past a cap."""
    root, _ = _begin(raw, 0, len(raw), depth=0)
    if not root.content_type.startswith("multipart/"):
        return root
    tree = _Tree(raw)
    boundary = root.params.get("boundary", "").strip().encode("utf-8", "replace")
    if boundary:
        tree.grow(root, boundary)
    else:
        tree.childless.append(root)
    for _ in range(REPAIRS_MAX):
        if not tree.childless:
            break
        tree.repair(tree.childless.pop())
    return root


def _begin(raw: bytes, start: int, end: int, *, depth: int, default: str = "text/plain") -> tuple[Part, int]:
    """A part whose header begins at `start`; its body is taken to reach to `end` for now."""
    fields, at = read_block(raw, start, end)
    content_type, params = _type_of(fields, default)
    part = Part(fields, content_type, params, at, end, depth)
    disposition = fields.raw("content-disposition")
    if disposition:
        part.disposition, part.disposition_params = split_value(disposition)
    return part, at


def _type_of(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    value = fields.raw("content-type")
    if not value:
        return sun.type_of(fields) or (default, {})
    content_type, params = split_value(value)
    if content_type == sun.TYPE:
        return "multipart/mixed", {"boundary": sun.BOUNDARY}
    if TOKEN.fullmatch(content_type):
        return MISSPELT.get(content_type, content_type), params
    if content_type in ("text", "multipart") and params:
        return {"text": "text/plain", "multipart": "multipart/mixed"}[content_type], params
    if content_type == "html":
        return "text/html", params
    match = TOKEN.match(content_type)
    return (match[0] if match else "text/plain"), params


class _Tree:
    """The multiparts that are open while the delimiter lines go by."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.pattern = DELIMITER_AFTER_CR if b"\r--" in raw else DELIMITER
        self.open: list[tuple[Part, bytes]] = []
        self.by_boundary: dict[bytes, list[int]] = {}
        self.ended: set[int] = set()
        self.childless: list[Part] = []
        self.parts = 1

    def grow(self, root: Part, boundary: bytes) -> None:
        """Find the parts of `root` and of every multipart in it, between its start and its end."""
        raw, stop = self.raw, root.end
        self._push(root, boundary)
        # The leaf that the text belongs to, until the next delimiter line.
        leaf: Part | None = None
        for match in self.pattern.finditer(raw, max(root.start - 1, 0), stop):
            line_end = raw.find(b"\n", match.end(), stop)
            line_end = stop if line_end < 0 else line_end
            level, is_closing = self._level(raw[match.end() : line_end].rstrip(b" \t\r\0"))
            if level < 0:
                continue
            body_end = _body_end(raw, match.start())
            if leaf is not None:
                leaf.end = max(leaf.start, body_end)
            self._pop_to(level + 1, body_end)
            leaf = None
            if is_closing:
                self.ended.add(level)
                part = self.open[level][0]
                if not part.children:
                    part.end = max(part.start, body_end)
            else:
                self.ended.discard(level)
                leaf = self._child(level, min(line_end + 1, stop), stop)
        self._pop_to(0, stop)

    def repair(self, part: Part) -> None:
        """A multipart without parts: its boundary was left out or misspelt, so take the one the text shows."""
        match = LIKELY_DELIMITER.search(self.raw, max(part.start - 1, 0), min(part.end, part.start + GUESS_BYTES_MAX))
        if match is not None:
            self.grow(part, match[1])

    def _child(self, level: int, start: int, stop: int) -> Part | None:
        """Add the part behind a delimiter line; a multipart is opened, a leaf returned."""
        parent = self.open[level][0]
        default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
        part, _ = _begin(self.raw, start, stop, depth=parent.depth + 1, default=default)
        self.parts += 1
        if self.parts > PARTS_MAX:
            raise Unreadable(f"The mail has over {PARTS_MAX:,} parts.")
        parent.children.append(part)
        if part.content_type.startswith("multipart/"):
            boundary = part.params.get("boundary", "").strip().encode("utf-8", "replace")
            if boundary:
                self._push(part, boundary)
                return None
            self.childless.append(part)
        return part

    def _push(self, part: Part, boundary: bytes) -> None:
        if part.depth >= DEPTH_MAX:
            raise Unreadable(f"The mail nests its parts over {DEPTH_MAX} levels deep.")
        self.by_boundary.setdefault(boundary, []).append(len(self.open))
        self.open.append((part, boundary))

    def _pop_to(self, size: int, at: int) -> None:
        """Close every multipart above `size`; what they hold ends at `at`."""
        while len(self.open) > size:
            part, boundary = self.open.pop()
            self.by_boundary[boundary].pop()
            self.ended.discard(len(self.open))
            part.end = max(part.start, min(part.end, at))
            if part.children:
                part.children[-1].end = min(part.children[-1].end, part.end)
            else:
                self.childless.append(part)

    def _level(self, line: bytes) -> tuple[int, bool]:
        """Which open multipart a delimiter line belongs to (-1: none), and whether it closes it."""
        levels = self.by_boundary.get(line)
        if levels:
            # Where an inner multipart bears the boundary of an outer one, an ended inner one yields.
            return next((level for level in reversed(levels) if level not in self.ended), levels[-1]), False
        if line.endswith(b"--"):
            levels = self.by_boundary.get(line[:-2].rstrip(b" \t"), [])
            return next((level for level in reversed(levels) if level not in self.ended), -1), True
        return -1, False


def _body_end(raw: bytes, delimiter: int) -> int:
    """Where the body before a delimiter ends: the line end in front of the dashes belongs to the delimiter."""
    if raw[delimiter : delimiter + 1] == b"\n" and raw[max(delimiter - 1, 0) : delimiter] == b"\r":
        return delimiter - 1
    return delimiter
