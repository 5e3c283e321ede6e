"""Address lists: From, Sender, Reply-To, To, Cc, as RFC 5322 allows them and as they really come.

Groups, comments, routes, quoted local parts, encoded words with commas in them, missing brackets, semicolons for
commas. One pass over the letters, no backtracking, never raises. Names are decoded after the structure was read, for
a decoded name may hold commas and brackets of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.email.words import decode_words, tidy, unfold

ADDRESSES_MAX = 5000
WORD_LETTERS_MAX = 1000
ANGLE_LETTERS_MAX = 400
# Brackets that are never closed cost a look to the end of the field each.
UNCLOSED_MAX = 5
NAME_SEAMS = re.compile(r"[._-]")
SPELT_OUT = re.compile(r"([\w.+-]{1,64}) (?:at|AT|\(at\)|\[at\]) ([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
SCHEMES = ("mailto:", "smtp:")
# Letters without width, and marks of direction, that come with an address when it is copied.
INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: the name shown, and the address with its domain in lower case ("" where there was none)."""

    name: str
    address: str

    @property
    def author(self) -> str:
        """The name shown; where there is none, the words of an address that is made of a name's: "ann.client@…"."""
        if self.name and "@" not in self.name:
            return self.name
        words = NAME_SEAMS.split(self.address.partition("@")[0])
        return " ".join(words) if len(words) > 1 and all(map(str.isalpha, words)) else self.name


@dataclass(slots=True)
class _Item:
    """What was read of one mailbox so far."""

    plain: list[str]
    quoted: list[str]
    angles: list[str]
    comments: list[str]

    def is_empty(self) -> bool:
        return not (self.quoted or self.angles or self.comments or "".join(self.plain).strip())


def parse(value: bytes, *, hint: str = "") -> list[Address]:
    """The mailboxes of an address field, groups flattened, in order; at most ADDRESSES_MAX."""
    text = unfold(value, hint=hint)
    found = _parse_text(text)
    if any("@" in address.address for address in found):
        return found
    if "=?" in text:
        # Some senders encode the whole field, address and all.
        found = _parse_text(decode_words(text)) or found
    if "@" not in text and (spelt := SPELT_OUT.search(text)) is not None:
        # Archives of lists write "ann at client.example (Ann)" against harvesters.
        found = _parse_text(f"{text[: spelt.start()]}{spelt[1]}@{spelt[2]}{text[spelt.end() :]}")
    return found


def _parse_text(text: str) -> list[Address]:
    found: list[Address] = []
    item = _Item([], [], [], [])
    at = unclosed = 0
    while at < len(text) and len(found) < ADDRESSES_MAX:
        letter = text[at]
        if letter == '"':
            content, at = _until(text, at + 1, '"')
            # A quoted string is part of the address in `"john doe"@example.org`, else part of the name.
            if text[at : at + 1] == "@":
                item.plain.append('"' + content + '"')
            else:
                item.quoted.append(content)
                item.plain.append(" \0 ")
        elif letter == "(" and unclosed < UNCLOSED_MAX:
            content, end = _comment(text, at)
            if end > len(text):
                # Never closed: a bracket that somebody forgot, and the address stands behind it.
                unclosed, at = unclosed + 1, at + 1
                continue
            at = end
            item.comments.append(content)
            item.plain.append(" ")
        elif letter == "<":
            content, at = _angle(text, at + 1)
            item.angles.append(content)
            item.plain.append(" ")
        elif letter in ",;":
            _close(item, found)
            item, at = _Item([], [], [], []), at + 1
        elif letter == ":" and _is_group_name(item):
            item, at = _Item([], [], [], []), at + 1
        elif letter == "[" and not "".join(item.plain).endswith("@"):
            at += 1
        else:
            end = _run_end(text, at)
            item.plain.append(text[at:end])
            at = end
    _close(item, found)
    return found


def _run_end(text: str, at: int) -> int:
    """The end of a run of ordinary letters; an encoded word is taken whole, whatever stands in it."""
    if text.startswith("=?", at):
        mark = at + 2
        for _ in range(2):
            mark = text.find("?", mark, at + WORD_LETTERS_MAX) + 1
            if not mark:
                break
        end = text.find("?=", mark, at + WORD_LETTERS_MAX) if mark else -1
        if end >= 0:
            return end + 2
    at += 1
    while at < len(text) and text[at] not in '"(<,;:' and not text.startswith("=?", at):
        at += 1
    return at


def _until(text: str, at: int, stop: str) -> tuple[str, int]:
    """The content up to `stop` with its backslashes resolved, and the place behind it."""
    out = []
    while at < len(text) and text[at] != stop:
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        out.append(text[at])
        at += 1
    return "".join(out), at + 1


def _comment(text: str, at: int) -> tuple[str, int]:
    """The content of a comment, and the place behind it: one past the end of the text where it is never closed."""
    depth = 0
    out: list[str] = []
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text):
            at += 1
            letter = text[at]
        elif letter == "(":
            depth += 1
            letter = "" if depth == 1 else letter
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return "".join(out), at + 1
        out.append(letter)
        at += 1
    return "".join(out), len(text) + 1


def _angle(text: str, at: int) -> tuple[str, int]:
    """The content of an angle address without comments; an unclosed one ends at the next comma."""
    stop = min(len(text), at + ANGLE_LETTERS_MAX)
    end = text.find(">", at, stop)
    if end < 0:
        comma = text.find(",", at, stop)
        return (text[at:comma], comma) if comma >= 0 else (text[at:stop], stop)
    if '"' not in text[at:end] and "(" not in text[at:end]:
        inside = text[at:end].lstrip("< ")
        # Two addresses in one pair of brackets; a route has its commas in front of a colon.
        return (inside if ":" in inside else inside.partition(",")[0]), end + 1
    out: list[str] = []
    piece = text[:stop]
    while at < stop and text[at] != ">":
        if text[at] == '"':
            content, at = _until(piece, at + 1, '"')
            out.append(f'"{content}"')
        elif text[at] == "(":
            at = _comment(piece, at)[1]
        else:
            out.append(text[at])
            at += 1
    return "".join(out).lstrip("< "), at + 1


def _is_group_name(item: _Item) -> bool:
    plain = "".join(item.plain)
    return not item.angles and "@" not in plain and plain.strip().lower() != "mailto"


def _close(item: _Item, found: list[Address]) -> None:
    if item.is_empty():
        return
    plain = "".join(item.plain)
    quoted = iter(item.quoted)
    named = "".join(next(quoted, "") if letter == "\0" else letter for letter in plain) if "\0" in plain else plain
    angle = next((angle for angle in reversed(item.angles) if "@" in angle), "")
    if angle or (item.angles and not any("@" in word for word in (*item.quoted, plain))):
        # "<Saved by a browser>": words in brackets are no address.
        address, name = angle or ("" if " " in item.angles[-1].strip() else item.angles[-1]), named
    else:
        address, name = _bare(named)
    comment = " ".join(item.comments)
    name = tidy(decode_words(name)).strip().strip("'").strip()
    if len(address) > 1 and address.startswith("@") and ":" not in address:
        if not item.angles:
            return  # one step of an obsolete route, whose address follows behind a comma
        address = ""  # Courier's bounces come from a host, and from nobody there
    found.append(Address(name or tidy(decode_words(comment)), normal(address)))


def _bare(text: str) -> tuple[str, str]:
    """An address without brackets, and the words around it: `John john@example.org`."""
    text = text.strip()
    if "@" not in text:
        return (text, "") if " " not in text else ("", text)
    if text.startswith('"') and '"@' in text:
        local, _, domain = text.partition('"@')
        return f'{local}"@{domain}', ""
    words = text.replace(" @", "@").replace("@ ", "@").replace(" . ", ".").replace(" .", ".").split()
    address = next((word for word in words if "@" in word), "")
    name = " ".join(word for word in words if word is not address)
    return (address[1:-1] if address[0] == "[" and address[-1] == "]" else address), name


def normal(address: str) -> str:
    """An address as it is compared: without blanks, route, "mailto:" and brackets, its domain in lower case."""
    if '"' not in address:
        address = "".join(address.split())
    elif address[0] == address[-1] == '"' and "@" in address:
        address = address[1:-1]
    if "=?" in address and (decoded := decode_words(address)).isprintable() and " " not in decoded:
        address = decoded
    if not address.isascii():
        address = address.translate(INVISIBLE)
    address = address.strip("<>' \t")
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    for scheme in SCHEMES:
        if address[: len(scheme)].lower() == scheme:
            address = address[len(scheme) :]
    if address.endswith("]") and "[" not in address:
        address = address[:-1]  # "[mailto:ann@client.example]", whose bracket in front is gone already
    local, at_sign, domain = address.rpartition("@")
    if not at_sign or address == "@":
        return address.strip("@")
    return f"{local}@{domain.lower().rstrip('.')}"
