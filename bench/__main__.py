"""`python -m bench [--rounds N] [--json FILE] [NAME…]`: run the named benchmarks; all without a name."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import Figure

# Each name: the module whose `measure(rounds)` yields figures, and what it costs.
BENCHMARKS = {
    "mail": "durable mail to ticket against a bare sink; group commit",
    "reading": "light mail read against the bare splitting of it",
    "grown": "mail to ticket with 100,000 tickets in the database",
    "commits": "units of the store alone, one and 50 waiting",
    "ledger": "balance, statement and trial balance of large books",
    "closing": "the close of a month of 1,000 clients, killed on the way",
    "slash": "a signed slash command over HTTP against the bare check of its signature",
    "telegram": "Telegram updates to tickets against a handler that does nothing",
    "chat": "Slack commands and Telegram updates for a minute, none lost; a minute and a half a round",
    "sweep": "what is due among 1,000,000 tickets; takes ten minutes",
    "memory": "resident memory, and its growth over 12,000 mails",
    "start": "the second start and --help",
}


def main() -> int:
    """Returns 1 if a figure missed its limit."""
    options = _options()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}", flush=True)
    missed = 0
    for name in options.names or BENCHMARKS:
        print(f"\n{name}: {BENCHMARKS[name]}", flush=True)
        measure: Callable[[int], Iterator[Figure]] = importlib.import_module(f"bench.{name}").measure
        for figure in measure(options.rounds):
            print(f"  {figure}", flush=True)
            missed += not figure.is_met
            if options.json is not None:
                with options.json.open("a") as lines:
                    lines.write(figure.as_json() + "\n")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    names = "\n".join(f"  {name:9} {what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser("python -m bench", epilog=names, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHMARKS, []])
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, 21), metavar="N", help="default 5")
    parser.add_argument("--json", type=Path, metavar="FILE", help="append the figures as JSON lines")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
