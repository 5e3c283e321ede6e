"""Hostile mail for `translate`: `python -m bench.fuzzing [MINUTES]`, part of `make fuzz`.

With atheris, where it is installed, the mails are led by which code they reach; without it they are spliced from the
corpus at random. Either way a mail must be read or refused (`Unreadable`), within SECONDS_MAX of processor time, to
values that are JSON, twice the same, and with every byte of it kept. The first mail that is not is written to a file.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from bot.channels.email.child import packed
from bot.channels.email.headers import Unreadable
from bot.channels.email.inspect import report
from bot.channels.email.translate import translate

CORPUS = Path(__file__).parent.parent / "tests" / "data" / "mail"
RECEIVED_AT = datetime(2024, 2, 5, 10, 0, tzinfo=UTC)
SECONDS_MAX = 2.0
BYTES_MAX = 32 * 1024
TOKENS = (
    b"\r\n", b"\n", b"\r", b"\0", b"\n\n", b"--b\n", b"--b--\n", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"charset=utf-16", b"charset=utf-7",
    b"=?utf-8?B?", b"?=", b"=?", b"filename*0*=", b"''%", b"begin 644 x\n", b"=ybegin name=x\n", b"=yend\n", b"> ",
    b"On 1/1/2024 10:00 A <a@b.c> wrote:\n", b"From: ", b"\x1b$B", b"~{", b"\xff\xfe", b"\x78\x9f\x3e\x22", b"<div>",
    b"<blockquote type=cite>", b"<!--", b"&#x110000;", b"(", b'"', b"<", b";", b"\xed\xa0\xbd", b"\xc3", b"-- \n",
)  # fmt: skip


class Hang(AssertionError):
    """Reading one mail took over SECONDS_MAX."""


def one(raw: bytes) -> None:
    """Read a mail and hold the reading against what must be true of any."""
    raw = bytes(raw)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_MAX)
    try:
        message = translate(raw, received_at=RECEIVED_AT)
    except Unreadable:
        return
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    assert message.raw == raw, "a byte was lost"
    head, blobs = packed(message)
    json.dumps(head).encode()
    assert sum(map(len, blobs)) == sum(file.size_bytes for file in message.attachments)
    assert translate(raw, received_at=RECEIVED_AT) == message, "read twice, read differently"
    json.dumps(report(raw), ensure_ascii=False).encode()


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """Two mails of the corpus spliced, with tokens put in, bytes changed and stretches repeated."""
    first, second = chance.choice(seeds), chance.choice(seeds)
    raw = bytearray(first[: chance.randint(0, len(first))] + second[chance.randint(0, len(second)) :])
    for _ in range(chance.randint(0, 12)):
        at = chance.randint(0, len(raw))
        match chance.randint(0, 3):
            case 0:
                raw[at:at] = chance.choice(TOKENS)
            case 1:
                raw[at : at + 1] = bytes([chance.randint(0, 255)])
            case 2:
                del raw[at : at + chance.randint(1, 40)]
            case _:
                piece = bytes(raw[at : at + chance.randint(1, 60)])
                raw[at:at] = piece * chance.randint(1, 200)
    return bytes(raw[:BYTES_MAX])


def main(minutes: float) -> int:
    """Fuzz for so long; 1 if a mail broke its reader."""
    signal.signal(signal.SIGPROF, _hang)
    seeds = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    if importlib.util.find_spec("atheris") is None:
        return _by_chance(seeds, minutes)
    atheris = importlib.import_module("atheris")
    arguments = [f"-max_total_time={int(minutes * 60)}", f"-max_len={BYTES_MAX}", "-timeout=20", "-print_final_stats=1"]
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments, str(CORPUS)], one)
    atheris.Fuzz()
    return 0


def _by_chance(seeds: list[bytes], minutes: float) -> int:
    chance, count = random.Random(os.environ.get("HOLDLINE_FUZZ_SEED", "1")), 0
    ends = time.monotonic() + minutes * 60
    while time.monotonic() < ends:
        raw, count = mutated(seeds, chance), count + 1
        try:
            one(raw)
        except Exception:
            Path("fuzzed.eml").write_bytes(raw)
            print(f"after {count:,} mails one broke its reader: fuzzed.eml")
            raise
    print(f"{count:,} mails spliced from {len(seeds)}, each read or refused within {SECONDS_MAX:g} s")
    return 0


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang(f"over {SECONDS_MAX:g} s")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0))
