"""Heavy and hostile mail is read in a child process, so that no mail can hang, starve or fell the desk.

One warm child, started on first use. The kernel holds it to a limit of memory and kills it after CPU_SECONDS of work
on one mail; its mail is then `Unreadable` and goes to quarantine, and the next one gets a new child. It ends by itself
when its pipe closes, also if the parent was killed. What it sends back is data in a fixed frame, never code.

Light mail is read in the calling process: a child would cost more than the mail.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import struct
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.channels.email.bounces import is_vague
from bot.channels.email.headers import Unreadable
from bot.channels.email.laying import FILE_BYTES_MAX
from bot.channels.email.translate import Envelope, translate
from bot.channels.port import Staging
from bot.errors import TemporaryError
from bot.messages import Attachment, Failure, Handle, InboundMessage, MailReport, Place, Trust

LIGHT_BYTES_MAX = 64 * 1024
LIGHT_DELIMITERS_MAX = 100
LIGHT_MULTIPARTS_MAX = 10
CPU_SECONDS = 2.0
WALL_SECONDS = 30.0
GRACE_SECONDS = 0.5
MEMORY_BYTES = 200 * 1024 * 1024
# A child that has grown this much since its start leaves after its answer.
GROWTH_BYTES_MAX = 24 * 1024 * 1024
FRAME = struct.Struct(">IQ")
PIECE_BYTES = 256 * 1024
REPLY_BYTES_MAX = 512 * 1024 * 1024
TOKENS = ("reply_token", "return_token", "own_token", "digest_token")


def is_heavy(raw: bytes) -> bool:
    """Whether a mail is large, has many parts, nests deep or may unfold; counted on the bytes, before any reading."""
    if len(raw) > LIGHT_BYTES_MAX or raw.count(b"\n--") > LIGHT_DELIMITERS_MAX:
        return True
    lower = raw.lower()
    return lower.count(b"multipart/") > LIGHT_MULTIPARTS_MAX or b"pkcs7-mime" in lower


class Reader:
    """Reads mail, heavy mail in its child. One mail at a time goes to the child; the others wait."""

    def __init__(
        self, *, memory_bytes: int = MEMORY_BYTES, cpu_seconds: float = CPU_SECONDS, staging: Staging | None = None
    ) -> None:
        """staging: where the child lays large files, which otherwise come back through the pipe."""
        self._limits = {"memory_bytes": memory_bytes, "cpu_seconds": cpu_seconds}
        self._staging, self._is_laying = staging, False
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def read(
        self, raw: bytes, *, received_at: datetime, authserv_ids: Sequence[str] = (), envelope: Envelope | None = None
    ) -> InboundMessage:
        """The message that a mail is, as `translate` gives it; of large files the SHA-256 alone.

        Raises Unreadable past the caps or the limits, TemporaryError where there is no room for its files.
        """
        light = None
        if not is_heavy(raw):
            light = translate(raw, received_at=received_at, authserv_ids=authserv_ids, envelope=envelope)
            if light.report is None or not is_vague(light.report):
                return light
            # Prose of a mail system that we do not know: a library knows many, and has no bound on its time.
        order = {
            "authserv_ids": list(authserv_ids),
            "envelope": _packed_envelope(envelope),
            "received_at": received_at.isoformat(),
        }
        try:
            answer, blobs = await self._laid(order, raw)
        except Unreadable:
            if light is None:
                raise
            return light
        return _message(answer, blobs, raw=raw, received_at=received_at)

    async def _laid(self, order: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """The child's answer, once the files that it laid are the blob store's; of a refused mail none stay."""
        folder = self._staging.open_staging() if self._staging is not None else None
        token, names = secrets.token_hex(8), None
        self._is_laying = folder is not None
        if folder is not None:
            order = {**order, "staging": [str(folder), token]}
        try:
            async with self._turn:
                answer, blobs = await self._ask(order, raw)
            names = answer.pop("staged", ())
        finally:
            if self._staging is not None and folder is not None and (names is None or names):
                await self._staging.adopt(token, names or ())
        if "away" in answer:
            raise TemporaryError(answer["away"])
        if "error" in answer:
            raise Unreadable(answer["error"])
        return answer, blobs

    async def close(self) -> None:
        """End the child, if there is one."""
        async with self._turn:
            await self._end()

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one, for health checks and tests."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def _ask(self, order: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
        child = await self._living()
        try:
            async with asyncio.timeout(WALL_SECONDS):
                return await self._exchange(child, order, raw)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as fault:
            await self._end()
            seconds = self._limits["cpu_seconds"]
            raise Unreadable(f"Reading the mail took over {seconds:g} s or more memory than it may.") from fault
        except asyncio.CancelledError:
            # In the middle of an exchange: what the pipe holds belongs to nobody.
            await self._end()
            raise

    async def _exchange(
        self, child: asyncio.subprocess.Process, order: dict[str, Any], raw: bytes
    ) -> tuple[dict[str, Any], list[bytes]]:
        assert child.stdin is not None and child.stdout is not None
        head = json.dumps(order).encode()
        child.stdin.write(FRAME.pack(len(head), len(raw)) + head)
        # In pieces: what does not fit into the pipe at once is copied into a buffer.
        whole = memoryview(raw)
        for start in range(0, len(raw), PIECE_BYTES):
            child.stdin.write(whole[start : start + PIECE_BYTES])
            await child.stdin.drain()
        head_size, blob_size = FRAME.unpack(await child.stdout.readexactly(FRAME.size))
        if head_size + blob_size > REPLY_BYTES_MAX:
            raise ConnectionError("the answer is larger than any mail")
        answer = json.loads(await child.stdout.readexactly(head_size))
        blobs = [await child.stdout.readexactly(size) for size in answer.pop("blob_sizes", ())]
        if answer.pop("is_leaving", False):
            await self._end()
        return answer, blobs

    async def _living(self) -> asyncio.subprocess.Process:
        if self._child is not None and self._child.returncode is None:
            return self._child
        root = str(Path(__file__).resolve().parents[3])
        paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.channels.email.child_main",
            json.dumps({**self._limits, "file_bytes": FILE_BYTES_MAX if self._is_laying else 0}),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )
        return self._child

    async def _end(self) -> None:
        """Let the child go: it ends by itself when its pipe closes; one that is still at work is killed."""
        child, self._child = self._child, None
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), GRACE_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()


def _packed_envelope(envelope: Envelope | None) -> list[Any] | None:
    if envelope is None:
        return None
    return [envelope.sender, list(envelope.recipients), envelope.client_ip, envelope.helo]


def packed(message: InboundMessage) -> tuple[dict[str, Any], list[bytes]]:
    """A message as plain values and the contents of its attachments; `raw` and the time the asker has."""
    answer = {
        "key": message.key,
        "sender": [message.sender.address, message.sender.display_name],
        "place": [message.place.conversation, message.place.thread],
        "trust": message.trust.value,
        "references": list(message.references),
        "report": asdict(message.report) if message.report is not None else None,
        "away_until_on": message.away_until_on.isoformat() if message.away_until_on is not None else None,
        "attachments": [
            [
                file.filename, file.content_type, file.size_bytes, file.sha256,
                file.content_id, file.is_inline, file.is_folded,
            ]
            for file in message.attachments
        ],
        **{name: getattr(message, name) for name in PLAIN_FIELDS},
    }  # fmt: skip
    return answer, [file.content or b"" for file in message.attachments]


PLAIN_FIELDS = ("text", "subject", "body_text", "message_id", "automatic", "trust_reason", "is_challenge", *TOKENS)


def _report(fields: dict[str, Any] | None) -> MailReport | None:
    if fields is None:
        return None
    failures = tuple(Failure(**failure) for failure in fields["failures"])
    return MailReport(fields["what"], failures, tuple(fields["message_ids"]), tuple(fields["tokens"]))


def _message(answer: dict[str, Any], blobs: list[bytes], *, raw: bytes, received_at: datetime) -> InboundMessage:
    attachments = tuple(
        Attachment(name, kind, size, None if sha256 else content, sha256, content_id, is_inline, is_folded)
        for (name, kind, size, sha256, content_id, is_inline, is_folded), content in zip(
            answer["attachments"], blobs, strict=True
        )
    )
    return InboundMessage(
        channel="email",
        key=answer["key"],
        sender=Handle("email", *answer["sender"]),
        received_at=received_at,
        place=Place("email", *answer["place"]),
        trust=Trust(answer["trust"]),
        references=tuple(answer["references"]),
        report=_report(answer["report"]),
        away_until_on=date.fromisoformat(answer["away_until_on"]) if answer["away_until_on"] else None,
        attachments=attachments,
        raw=raw,
        **{name: answer[name] for name in PLAIN_FIELDS},
    )
