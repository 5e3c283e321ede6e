"""Files that lie at Slack, brought over before the desk records their message. Only Slack is shown our token."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp
import structlog

from bot.channels.slack import hurry
from bot.channels.slack.payloads import RemoteFile, part, string
from bot.channels.slack.service import FETCH_SECONDS_MAX, Service
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import Attachment

log = structlog.get_logger(__name__)

FETCH_BYTES_MAX = 20 * 1_048_576


async def fetch(service: Service, files: Sequence[RemoteFile]) -> list[Attachment | None]:
    """The files' contents, in order; None for one that is too large, too slow or not ours to read."""
    room = FETCH_BYTES_MAX
    wanted: list[RemoteFile | None] = []
    for file in files:
        room -= file.size_bytes
        wanted.append(file if room >= 0 else None)
    return list(await asyncio.gather(*(_fetched(service, file) for file in wanted)))


async def _fetched(service: Service, file: RemoteFile | None) -> Attachment | None:
    if file is None:
        return None
    try:
        async with hurry.within(FETCH_SECONDS_MAX):
            url = file.url or await _private_url(service, file.file_id)
            content = await _content(service, url) if service.is_slack(url) else None
    except (aiohttp.ClientError, DeliveryDelayed, DeliveryRefused, TimeoutError, OSError, ValueError) as error:
        log.warning("slack_file_not_fetched", file=file.file_id, error=type(error).__name__)
        return None
    if content is None:
        return None
    return Attachment(file.filename, file.content_type, len(content), content)


async def _private_url(service: Service, file_id: str) -> str:
    """Files of shared channels come without an address."""
    file = part(await service.read("files.info", {"file": file_id}), "file")
    return string(file, "url_private_download") or string(file, "url_private")


async def _content(service: Service, url: str) -> bytes | None:
    headers = {"Authorization": f"Bearer {service.token}"}
    # No redirects: without the right scope Slack leads to its sign-in page.
    async with service.open_session().get(url, headers=headers, allow_redirects=False) as response:
        if response.status != 200:
            return None
        content = bytearray()
        async for piece in response.content.iter_chunked(65_536):
            content += piece
            if len(content) > FETCH_BYTES_MAX:
                return None
        return bytes(content)
