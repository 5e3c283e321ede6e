"""Reads what is inside an opaque S/MIME message (RFC 8551) without checking the signature.

Enough of BER to walk from ContentInfo to the signed or compressed content; nothing else is looked at, and nothing is
believed because of it: who signed is not asked here. Encrypted content stays closed. Never raises.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

SIGNED = bytes.fromhex("2a864886f70d010702")
COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
PLAIN_BYTES_MAX = 32 * 1024 * 1024
PIECES_MAX = 100_000
NESTING_MAX = 12
OID, OCTETS, SEQUENCE = 0x06, 0x04, 0x30


@dataclass(frozen=True, slots=True)
class _Node:
    """One value: its tag, where its content lies, and where the next value begins. is_open: no length was given."""

    tag: int
    start: int
    end: int
    after: int
    is_open: bool


def content(der: bytes) -> bytes | None:
    """The mail inside; None where there is none to be read (encrypted, broken, certificates only)."""
    try:
        return _content(der) or None
    except (IndexError, ValueError, zlib.error):
        return None


def _content(der: bytes) -> bytes | None:
    outer = _children(der, _node(der, 0))
    kind = _oid(der, outer[0])
    if kind not in (SIGNED, COMPRESSED):
        return None
    inner = _children(der, _children(der, outer[1])[0])
    # SignedData and CompressedData: version, algorithms, then the ContentInfo that holds the mail.
    fits = [node for node in inner if node.tag == SEQUENCE and _begins_with_oid(der, node)]
    holder = inner[2] if kind == COMPRESSED else fits[0]
    held = _children(der, holder)
    if len(held) < 2:
        return None
    octets = _octets(der, _children(der, held[1])[0], depth=0)
    if kind == COMPRESSED:
        return zlib.decompressobj().decompress(octets, PLAIN_BYTES_MAX)
    return octets


def _node(der: bytes, at: int) -> _Node:
    tag, first = der[at], der[at + 1]
    if tag & 0x1F == 0x1F:
        raise ValueError("long tags do not occur here")
    start = at + 2
    if first == 0x80:
        return _Node(tag, start, len(der), len(der), is_open=True)
    length = first
    if first > 0x80:
        size = first & 0x7F
        if size > 8:
            raise ValueError("no such length")
        length = int.from_bytes(der[start : start + size], "big")
        start += size
    end = min(start + length, len(der))
    return _Node(tag, start, end, end, is_open=False)


def _children(der: bytes, node: _Node) -> list[_Node]:
    """The values in a constructed one. Those of open length are walked to their end marks."""
    found: list[_Node] = []
    at = node.start
    while at < node.end - 1 and len(found) < PIECES_MAX:
        if node.is_open and der[at : at + 2] == b"\0\0":
            break
        child = _node(der, at)
        if child.is_open:
            end = _open_end(der, child, depth=0)
            child = _Node(child.tag, child.start, end - 2, end, is_open=False)
        found.append(child)
        at = child.after
    return found


def _open_end(der: bytes, node: _Node, *, depth: int) -> int:
    """Behind the end mark of a value of open length."""
    if depth > NESTING_MAX:
        raise ValueError("nested too deep")
    at = node.start
    while der[at : at + 2] != b"\0\0":
        child = _node(der, at)
        at = _open_end(der, child, depth=depth + 1) if child.is_open else child.after
        if at >= len(der):
            raise ValueError("no end mark")
    return at + 2


def _oid(der: bytes, node: _Node) -> bytes:
    return der[node.start : node.end] if node.tag == OID else b""


def _begins_with_oid(der: bytes, node: _Node) -> bool:
    children = _children(der, node)
    return bool(children) and children[0].tag == OID


def _octets(der: bytes, node: _Node, *, depth: int) -> bytes:
    """An octet string, put together if it comes in pieces."""
    if node.tag == OCTETS:
        return der[node.start : node.end]
    if depth > NESTING_MAX:
        raise ValueError("nested too deep")
    return b"".join(_octets(der, child, depth=depth + 1) for child in _children(der, node))
