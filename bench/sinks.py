"""Bare SMTP servers, the floor that the desk is held against: `python -m bench.sinks sqlite FOLDER`.

Each reads a mail with the standard library, finds the ticket it answers, and has a ticket and a message row on the
disk (`synchronous=FULL`) before it says 250. `sqlite` commits each mail, `group` those together that wait together.
"""

from __future__ import annotations

import asyncio
import email
import sqlite3
import sys
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

SCHEMA = """
CREATE TABLE ticket (id INTEGER PRIMARY KEY, queue_id INT NOT NULL, subject TEXT NOT NULL, requester TEXT NOT NULL,
  status TEXT NOT NULL, priority INT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, due_at TEXT);
CREATE INDEX ticket_status_due ON ticket (status, due_at);
CREATE INDEX ticket_requester ON ticket (requester);
CREATE TABLE message (id INTEGER PRIMARY KEY, ticket_id INT NOT NULL REFERENCES ticket (id),
  message_id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, body TEXT NOT NULL, received_at TEXT NOT NULL);
CREATE INDEX message_ticket ON message (ticket_id);
"""
NOW = "2026-01-05T09:00:00+00:00"


def keep(database: sqlite3.Connection, raw: bytes) -> None:
    """A ticket, or a message on the ticket that the mail answers."""
    mail = email.message_from_bytes(raw)
    found = None
    if parent := mail["in-reply-to"]:
        found = database.execute("SELECT ticket_id FROM message WHERE message_id = ?", (parent,)).fetchone()
    ticket_id = found[0] if found else None
    if ticket_id is None:
        ticket_id = database.execute(
            "INSERT INTO ticket (queue_id, subject, requester, status, priority, created_at, updated_at, due_at)"
            " VALUES (1, ?, ?, 'open', 3, ?, ?, ?)",
            (str(mail["subject"]), str(mail["from"]), NOW, NOW, NOW),
        ).lastrowid
    database.execute(
        "INSERT OR IGNORE INTO message (ticket_id, message_id, sender, body, received_at) VALUES (?, ?, ?, ?, ?)",
        (ticket_id, str(mail["message-id"]), str(mail["from"]), _text_of(mail), NOW),
    )


def _text_of(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode(part.get_content_charset() or "utf-8", "replace")
    return ""


class Sink:
    """Keeps what comes; one object for all connections."""

    def __init__(self, database: sqlite3.Connection, *, is_grouped: bool) -> None:
        self._database, self._is_grouped = database, is_grouped
        self._waiting: asyncio.Queue[tuple[bytes, asyncio.Future[None]]] = asyncio.Queue()

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        raw = envelope.original_content
        if self._is_grouped:
            kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.put_nowait((raw, kept))
            await kept
        else:
            self._database.execute("BEGIN IMMEDIATE")
            keep(self._database, raw)
            self._database.execute("COMMIT")
        return "250 OK"

    async def commit_groups(self) -> None:
        """Commit what waits together, for ever."""
        while True:
            group = [await self._waiting.get()]
            await asyncio.sleep(0)
            while not self._waiting.empty() and len(group) < 200:
                group.append(self._waiting.get_nowait())
            self._database.execute("BEGIN IMMEDIATE")
            for raw, _ in group:
                keep(self._database, raw)
            self._database.execute("COMMIT")
            for _, kept in group:
                kept.set_result(None)


async def _serve(kind: str, folder: Path) -> None:
    database = sqlite3.connect(folder / "sink.db", isolation_level=None)
    database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {SCHEMA}")
    sink = Sink(database, is_grouped=kind == "group")
    committing = asyncio.create_task(sink.commit_groups())
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="bench"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
    committing.cancel()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], Path(sys.argv[2])))
