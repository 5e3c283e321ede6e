"""The command `holdline`, also `python -m bot`.

`--help` and `--version` are answered from texts made beforehand, and `run` and `inspect` without options go straight to
their work: parsing a command line with typer costs 0.25 s and 15 MB, which nobody should wait for or carry along
(docs/decisions/command-line.md). A test regenerates the texts and compares.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 refused, 2 wrongly called or configured, 75 try again."""
    args = list(sys.argv[1:] if argv is None else argv)
    if "_HOLDLINE_COMPLETE" in os.environ:
        # A shell asks what could come next.
        from bot.cli.app import run

        return run(args)
    if args in ([], ["--help"], ["-h"]):
        from bot.cli.help_text import HELP

        return _say(HELP)
    if args == ["--version"]:
        from bot import __version__

        return _say(f"holdline {__version__}\n")
    from bot.cli.faults import guarded

    # Clients' words lie in what any command may write: only the desk's own account reads it.
    os.umask(os.umask(0o077) | 0o077)
    has_options = any(arg.startswith("-") and arg != "-" for arg in args)
    if args[0] == "run" and not has_options:
        from bot.cli.starting import start

        return guarded(lambda: start(args[1:]))
    if args[0] == "inspect" and not has_options and len(args) > 1:
        from bot.cli.inspecting import INSPECTIONS

        if args[1] in INSPECTIONS and (len(args) > 2) == (args[1] == "mail"):
            return guarded(lambda: INSPECTIONS[args[1]](args[2:]))
    from bot.cli.app import run

    return run(args)


def _say(text: str) -> int:
    from bot.cli.faults import guarded

    return guarded(lambda: sys.stdout.write(text) * 0)


if __name__ == "__main__":
    sys.exit(main())
