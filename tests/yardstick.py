"""How dear work is beside a fixed piece of work in the same run: what a slow or busy machine adds, it adds to both."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_WORD = re.compile(r"[\w.@-]+|[<>\"'=]")
_LINE = '<p class="x{0}">On {0} May Ann Client &lt;ann@client.example&gt; wrote:</p>'
_PAGE = [_LINE.format(number) for number in range(900)]
TRIES = 3


def rods(work: Callable[[], object], most: float) -> float:
    """The processor time of `work`, in times of the fixed piece, which takes about 1/60 of a second.

    The least of a few tries, for other work on the machine only ever adds; the first that is below `most` will do.
    """
    least = float("inf")
    for _ in range(TRIES):
        before, seconds, after = _seconds(_measure), _seconds(work), _seconds(_measure)
        least = min(least, seconds / max(before, after))
        if least < most:
            break
    return least


def rods_of(seconds: float) -> float:
    """A time that was measured just now, in times of the fixed piece."""
    return seconds / max(_seconds(_measure) for _ in range(3))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _measure() -> int:
    """What reading does: matching, slicing, and objects that are small and many."""
    found: dict[str, int] = {}
    for line in _PAGE:
        for match in _WORD.finditer(line):
            word = match[0].lower()
            found[word] = found.get(word, 0) + len(line[match.start() : match.end()].strip("<>"))
    return len(found)
