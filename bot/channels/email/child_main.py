"""The child process that `child` keeps: reads one mail after the other from its standard input until that closes.

Frame, both ways: length of a JSON head, length of what follows, the head, the rest. Limits are set before the first
mail is seen: memory by the kernel, processor time by a timer whose signal ends the process, the size of a file that it
lays into the staging folder, no core dump.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from bot.channels.email.child import FRAME, GROWTH_BYTES_MAX, packed
from bot.channels.email.headers import Unreadable
from bot.channels.email.laying import FILE_BYTES_MAX, Laying
from bot.channels.email.translate import Envelope, translate

PAGE_BYTES = resource.getpagesize()


def main(limits: dict[str, float]) -> int:
    """Serve until the pipe closes; returns the exit code."""
    requests = sys.stdin.buffer
    # Nothing that a library prints may get between two frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _set_limits(int(limits["memory_bytes"]), int(limits["file_bytes"]))
    base = _resident_bytes()
    while True:
        frame = requests.read(FRAME.size)
        if len(frame) < FRAME.size:
            return 0
        head_size, raw_size = FRAME.unpack(frame)
        order = json.loads(requests.read(head_size))
        raw = requests.read(raw_size)
        signal.setitimer(signal.ITIMER_PROF, limits["cpu_seconds"])
        answer, blobs, is_spent = _read(order, raw)
        signal.setitimer(signal.ITIMER_PROF, 0)
        del raw
        is_leaving = is_spent or _resident_bytes() > base + GROWTH_BYTES_MAX
        _answer(answers, {**answer, "is_leaving": is_leaving, "blob_sizes": [len(blob) for blob in blobs]}, blobs)
        if is_leaving:
            return 0


def _set_limits(memory_bytes: int, file_bytes: int) -> None:
    with open("/proc/self/statm", "rb") as statm:
        in_use = int(statm.read().split()[0]) * PAGE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (in_use + memory_bytes, in_use + memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _resident_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[1]) * PAGE_BYTES


def _read(order: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes], bool]:
    """The answer, the contents of the attachments, and whether this process should not read another mail."""
    envelope = order["envelope"]
    laying = Laying(Path(order["staging"][0]), order["staging"][1]) if "staging" in order else None
    try:
        message = translate(
            raw,
            received_at=datetime.fromisoformat(order["received_at"]),
            authserv_ids=order["authserv_ids"],
            envelope=Envelope(envelope[0], tuple(envelope[1]), *envelope[2:]) if envelope is not None else None,
            is_guarded=True,
            keep=laying.keep if laying is not None else None,
        )
        answer, blobs = packed(message)
        if laying is not None:
            answer["staged"] = sorted({file.sha256 for file in message.attachments if file.sha256})
            laying.leave(answer["staged"])
    except Unreadable as refusal:
        return {"error": str(refusal)}, [], False
    except MemoryError:
        return {"error": "Reading the mail took more memory than it may."}, [], True
    except OSError as fault:
        if fault.errno == errno.EFBIG:
            return {"error": f"A file in the mail is over {FILE_BYTES_MAX // 1024 // 1024} MB."}, [], False
        return {"away": f"a file of the mail: {fault.strerror}", "staged": []}, [], False
    return answer, blobs, False


def _answer(answers: BinaryIO, head: dict[str, Any], blobs: list[bytes]) -> None:
    content = json.dumps(head).encode()
    answers.write(FRAME.pack(len(content), sum(map(len, blobs))) + content)
    for blob in blobs:
        answers.write(blob)
    answers.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(json.loads(sys.argv[1])))
    except BrokenPipeError:
        os._exit(0)
