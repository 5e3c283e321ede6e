"""Logs hold ids, and neither words of clients nor addresses nor tokens."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure
from bot.settings.tree import Log


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_its_ids(stream: io.StringIO) -> None:
    configure(Log("info", "auto"), stream)
    structlog.get_logger().info("claimed", ticket=42, by=7)
    structlog.get_logger().debug("too fine")
    (line,) = lines(stream)
    assert (line["event"], line["ticket"], line["by"], line["level"]) == ("claimed", 42, 7, "info")
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "My password is hunter2"},
        {"body": b"hunter2"},
        {"reason": "could not reach hunter2@acme-dental.example"},
        {"url": "https://api.telegram.org/bot123456789:hunter2hunter2hunter2hunter2hunter2/getMe"},
        {"reason": "token xoxb-1-hunter2"},
        {"reason": "Authorization: Bearer hunter2.hunter2"},
        {"url": "postgresql://me:hunter2@host/desk"},
        {"error": ValueError("from hunter2@x.example")},
    ],
)
def test_words_addresses_and_tokens_are_struck_out(stream: io.StringIO, fields: dict[str, object]) -> None:
    configure(Log("info", "json"), stream)
    structlog.get_logger().info("something", **fields)
    assert "hunter2" not in stream.getvalue()
    assert "…" in stream.getvalue()


def test_a_reply_code_is_no_secret(stream: io.StringIO) -> None:
    configure(Log("info", "json"), stream)
    structlog.get_logger().info("refused", code=451)
    assert lines(stream)[0]["code"] == 451


def test_other_libraries_speak_from_warning_up_and_through_the_same_mask(stream: io.StringIO) -> None:
    configure(Log("debug", "json"), stream)
    logging.getLogger("httpx").info("GET https://api.telegram.org/bot1/getMe")
    logging.getLogger("httpx").warning("failed for %s", "hunter2@x.example")
    (line,) = lines(stream)
    assert line["event"] == "failed for …"


@pytest.mark.parametrize("form", ["json", "text"])
def test_words_from_outside_forge_no_line_and_steer_no_terminal(stream: io.StringIO, form: str) -> None:
    configure(Log("info", form), stream)
    structlog.get_logger().info("refused", reason="no\x1b[2J\n2026-11-22 claimed\x9b31m\u202e\u2028", by="a\x1b[31m")
    logging.getLogger("imapclient").warning("server says %s", "BYE\r\n2026-11-22 [info] claimed")
    said = stream.getvalue()
    assert len(said.splitlines()) == 2
    assert not set(said) & {"\x1b", "\x9b", "\u202e", "\u2028"}
    assert "31m" in said and "claimed" in said


def test_a_traceback_keeps_its_lines(stream: io.StringIO) -> None:
    configure(Log("info", "text"), stream)
    try:
        raise ValueError("row of \x1b[31m")
    except ValueError:
        structlog.get_logger().exception("unit failed", ticket=1)
    assert len(stream.getvalue().splitlines()) > 3
    assert "\x1b" not in stream.getvalue()


def test_a_traceback_is_logged_without_addresses(stream: io.StringIO) -> None:
    configure(Log("info", "json"), stream)
    try:
        raise ValueError("row of hunter2@x.example")
    except ValueError:
        structlog.get_logger().exception("unit failed", ticket=1)
    (line,) = lines(stream)
    assert "test_logs.py" in str(line["exception"])
    assert "hunter2" not in stream.getvalue()


def test_a_terminal_gets_text(stream: io.StringIO) -> None:
    stream.isatty = lambda: True  # type: ignore[method-assign]
    configure(Log("info", "auto"), stream)
    structlog.get_logger().info("claimed", ticket=42)
    assert "claimed" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_a_logger_outlives_the_stream_that_it_was_made_with(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log = structlog.get_logger()
    with contextlib.redirect_stderr(stream):
        configure(Log("info", "json"))
        log.info("before")
    stream_said = lines(stream)
    stream.close()
    log.info("after")
    assert [line["event"] for line in stream_said] == ["before"]
    assert json.loads(capsys.readouterr().err)["event"] == "after"
