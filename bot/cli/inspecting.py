"""The work of `holdline inspect`: JSON lines in, one JSON line out each, at once.

A line that cannot be read is answered with its error and the next one is taken. Opens no database, reads no secrets.
"""

from __future__ import annotations

import json
import math
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import BotError, UserError

Reply = Callable[[dict[str, Any]], dict[str, Any]]


def bill(_: Sequence[str] = ()) -> None:
    """Answer bill cases from standard input."""
    from bot.ledger.cases import answer

    _answer_each(_input(), answer)


def triage(_: Sequence[str] = ()) -> None:
    """Answer triage cases from standard input."""
    from bot.triage.cases import answer

    _answer_each(_input(), answer)


def mail(files: Sequence[str]) -> None:
    """Report on mail files; "-" reads their names from standard input."""
    from bot.channels.email.inspect import report

    for name in _names(files):
        try:
            raw = Path(name).read_bytes()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            _put({**report(b""), "error": f"{name}: {reason}"})
            continue
        _put(_guarded(report, raw))


INSPECTIONS: dict[str, Callable[[Sequence[str]], None]] = {"bill": bill, "triage": triage, "mail": mail}


def _answer_each(lines: Iterable[bytes], answer: Reply) -> None:
    for line in lines:
        if line.strip():
            _put(_guarded(_answered, line, answer))


def _answered(line: bytes, answer: Reply) -> dict[str, Any]:
    try:
        case = json.loads(line, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        return {"error": f"this line is not JSON: {error}"}
    if not isinstance(case, dict):
        return {"error": 'this line is not a JSON object: write {"op": …}'}
    return answer(case)


def _no_constant(name: str) -> float:
    """Python would read NaN and Infinity, and write them again where an answer repeats them: no reader takes those."""
    raise ValueError(f"it has no number {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_constant(digits)


def _guarded(make: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """The answer, or its error: one case must not silence those behind it."""
    try:
        return make(*given)
    except BotError as error:
        return {"error": str(error)}
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return {"error": f"{type(error).__name__}: {error}"}


def _input() -> BinaryIO:
    # A program started with its input closed (`<&-`) has no stream at all.
    if sys.stdin is None:
        raise UserError("The standard input is closed. Send the lines to it: holdline inspect … < FILE.")
    return sys.stdin.buffer


def _names(files: Iterable[str]) -> Iterator[str]:
    for name in files:
        if name != "-":
            yield name
            continue
        for line in _input():
            # File names are bytes; surrogates carry those that are no UTF-8.
            if line.rstrip(b"\r\n"):
                yield line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")


def _put(answer: dict[str, Any]) -> None:
    try:
        line = json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8; escaped it is still JSON.
        line = json.dumps(answer).encode()
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
