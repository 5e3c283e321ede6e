"""The servers that the tests with real programs share, one set for each worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.faults.people import invite
from tests.faults.running import RunningDesk
from tests.programs.servers import DESK_DOMAIN, PASSWORD, Dovecot, Post, running_dovecot, running_post


@pytest.fixture(scope="session")
def post() -> Iterator[Post]:
    """Postfix between the desk and everybody's mailbox."""
    with running_post() as post:
        yield post


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A mail server of the test's own, to stop and to spoil."""
    with running_dovecot() as dovecot:
        yield dovecot


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> RunningDesk:
    """A desk with people, which is not started yet."""
    invite(sqlite_url, tmp_path)
    return RunningDesk(tmp_path, {"DATABASE_URL": sqlite_url, "HOLDLINE_SMTP_IS_CHECKING_SENDERS": "false"})


@pytest.fixture
async def relayed(desk: RunningDesk, post: Post) -> AsyncIterator[RunningDesk]:
    """The desk, running, with Postfix as its relay."""
    desk.smtp_port = post.desk_port
    desk.environ |= {
        "HOLDLINE_SMTP_PORT": str(post.desk_port),
        "HOLDLINE_RELAY_HOST": "127.0.0.1",
        "HOLDLINE_RELAY_PORT": str(post.postfix.port),
        "HOLDLINE_RELAY_TLS": "none",
        "HOLDLINE_SENDING_COALESCE_SECONDS": "0",
    }
    async with desk:
        await desk.start()
        yield desk
        assert await desk.stop() == 0
        assert "Traceback" not in desk.whole_log


def mailbox_settings(dovecot: Dovecot, **changes: str) -> dict[str, str]:
    """What a desk is told in the environment to read its mailbox there."""
    return {
        "HOLDLINE_SMTP_IS_ON": "false",
        "HOLDLINE_IMAP_HOST": "127.0.0.1",
        "HOLDLINE_IMAP_PORT": str(dovecot.imap_port),
        "HOLDLINE_IMAP_TLS": "none",
        "HOLDLINE_IMAP_USER": f"support@{DESK_DOMAIN}",
        "HOLDLINE_IMAP_PASSWORD": PASSWORD,
        **changes,
    }
