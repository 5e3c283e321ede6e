"""`python -m bot.rendering charts|invoices|statements PARENT`: draws what each line asks for, until there are no more.

Ends at once where the desk that asked ends.

A desk that is killed can end no child any more, and loading a drawing library takes seconds on a busy machine.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys

from bot.rendering import SIZE_BYTES

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Let the kernel end this process with its parent (on Linux; elsewhere it ends once it has drawn)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It ended before that was set.
        sys.exit(1)


def main() -> None:
    what, parent = sys.argv[1:]
    end_with(int(parent))
    draw = importlib.import_module(f"bot.rendering.{what}").draw
    for line in sys.stdin.buffer:
        drawn = draw(json.loads(line))
        sys.stdout.buffer.write(len(drawn).to_bytes(SIZE_BYTES, "big") + drawn)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
