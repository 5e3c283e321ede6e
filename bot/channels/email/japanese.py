"""ISO-2022-JP as mail programs write it: with letters of Windows that the standard does not have.

Python's own codec refuses such text as a whole; this one reads each run between two escapes by itself. Never raises.
"""

from __future__ import annotations

import re

ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI]|\$\(D)")
TWO_BYTES = frozenset({b"$@", b"$B"})
KATAKANA = b"(I"


def decode_jis(content: bytes) -> str:
    """The text of ISO-2022-JP bytes; what cannot be read is marked."""
    out: list[str] = []
    kind, at = b"(B", 0
    for match in ESCAPE.finditer(content):
        out.append(_run(content[at : match.start()], kind))
        kind, at = match[1], match.end()
    out.append(_run(content[at:], kind))
    return "".join(out)


def _run(run: bytes, kind: bytes) -> str:
    if kind in TWO_BYTES:
        # A line end inside the run ends it, escape or no escape.
        double, newline, rest = run.partition(b"\n")
        pairs = (_as_shift_jis(double[at], double[at + 1]) for at in range(0, len(double) - 1, 2))
        return b"".join(pairs).decode("cp932", "replace") + (newline + rest).decode("ascii", "replace")
    if kind == KATAKANA:
        return bytes(byte | 0x80 for byte in run).decode("cp932", "replace")
    return run.decode("ascii", "replace")


def _as_shift_jis(first: int, second: int) -> bytes:
    """The two bytes of a JIS letter as Shift-JIS writes them; a question mark for what is none."""
    if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
        return b"?"
    lead = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
    trail = second + 0x7E if first % 2 == 0 else second + (0x1F if second < 0x60 else 0x20)
    return bytes((lead, trail))
