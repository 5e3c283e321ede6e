"""Logs: one event a line, with ids; never a body, an address or a token.

Text on a terminal, JSON elsewhere. Other libraries log through the standard library: from `warning` up, through the
same mask, because some of them put a token into a URL. Keys that could hold what people wrote are struck out even
where a caller forgets. What steers a terminal or would begin a line is shown as an escape.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import Processor

from bot.settings.tree import Log

STRUCK = "…"
PRIVATE = frozenset(
    {
        "address",
        "addresses",
        "authorization",
        "body",
        "body_text",
        "code",
        "cookie",
        "email",
        "from_address",
        "html",
        "headers",
        "password",
        "payload",
        "phone",
        "raw",
        "secret",
        "sender",
        "subject",
        "text",
        "text_written",
        "to_address",
        "token",
        "tokens",
    }
)
# Linear: each alternative begins with a literal or a bounded class, and nothing is nested.
_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|\d{6,12}:[\w-]{30,60}|(?i:bearer) [\w.~+/-]{8,}=*|[\w.+-]{1,64}@[\w.-]{1,253}"
    r"|(?<=://)[^\s/@]{1,200}@"
)
# What steers a terminal, turns the writing direction or ends a line where JSON does not say it.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class _StandardError(io.TextIOBase):
    """Standard error as it is when a line is written: loggers outlive whoever has it swapped for a while."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()


def configure(chosen: Log, stream: TextIO | None = None) -> None:
    """Set up logging for the process, on standard error unless told. `auto` is text where the stream is a terminal."""
    out = stream or cast(TextIO, _StandardError())
    is_json = chosen.format == "json" or (chosen.format == "auto" and not out.isatty())
    number = logging.getLevelNamesMapping()[chosen.level.upper()]
    # JSON says itself where a line ends.
    shown: list[Processor] = [] if is_json else [_on_one_line]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_traceback,
        struck,
        *shown,
        # After the mask: both are our own.
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(serializer=_as_json)
        if is_json
        else structlog.dev.ConsoleRenderer(colors=out.isatty(), sort_keys=False, exception_formatter=_plain_traceback)
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


def struck(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Strike out private keys, and secrets and addresses wherever they stand."""
    for key, value in event.items():
        # A number is a count or a reply code, and no person's words.
        if key in PRIVATE and not isinstance(value, int | float | None):
            event[key] = STRUCK
        elif isinstance(value, str):
            event[key] = _harmless(value)
        elif isinstance(value, BaseException):
            event[key] = _harmless(f"{type(value).__name__}: {value}")
    return event


def _harmless(text: str) -> str:
    if text.isalnum():
        return text
    text = _SECRET.sub(STRUCK, text)
    return text if text.isprintable() else _STEERING.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _on_one_line(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """For text: words from outside begin no line of the log. A traceback has lines of its own."""
    for key, value in event.items():
        if key != "exception" and isinstance(value, str) and "\n" in value:
            event[key] = value.replace("\n", "\\n")
    return event


# Made once: a renderer of its own would make an encoder for each line.
_encode = json.JSONEncoder(default=str, ensure_ascii=False).encode


def _as_json(event: Mapping[str, Any], **_: Any) -> str:
    return _encode(event)


_with_traceback = structlog.processors.ExceptionRenderer()


def _plain_traceback(stream: TextIO, exc_info: Any) -> None:
    structlog.dev.plain_traceback(stream, exc_info)
