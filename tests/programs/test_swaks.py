"""swaks at the desk's mail door: mail under TLS, through a load balancer, and by LMTP, each kept once."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.findings import kept
from tests.faults.people import a_mail
from tests.faults.running import RunningDesk
from tests.programs.servers import need

TLS = Path(__file__).parent.parent / "data" / "tls"
SENDER, SUPPORT = "anna@acme.example", "support@desk.example"
BALANCED = ("--proxy-version", "1", "--proxy-family", "TCP4", "--proxy-protocol", "STREAM", "--proxy-command", "PROXY")
CALLER = ("--proxy-source", "198.51.100.7", "--proxy-source-port", "40000")
DOOR = ("--proxy-dest", "192.0.2.1", "--proxy-dest-port", "25")


def sent(port: int, number: int, *options: str) -> str:
    """Send a mail; what was said on both sides, if it was taken."""
    need("swaks", "swaks")
    command = ["swaks", "--server", "127.0.0.1", "--port", str(port), "--from", SENDER, "--to", SUPPORT, "--data", "-"]
    done = subprocess.run([*command, *options], input=a_mail(number).raw, capture_output=True, timeout=30, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize(
    ("environ", "options", "word"),
    [
        ({"HOLDLINE_SMTP_CERTIFICATE_FILE": str(TLS / "localhost.pem")}, ("--tls",), "TLS started"),
        ({"HOLDLINE_SMTP_PROXY_NETWORKS": "127.0.0.0/8"}, (*BALANCED, *CALLER, *DOOR), "PROXY TCP4 198.51.100.7"),
        ({"HOLDLINE_SMTP_PROTOCOL": "lmtp"}, ("--protocol", "LMTP"), "LHLO"),
    ],
    ids=["tls", "proxy", "lmtp"],
)
async def test_mail_is_taken_once(
    desk: RunningDesk, environ: Mapping[str, str], options: tuple[str, ...], word: str
) -> None:
    desk.environ |= environ
    async with desk:
        await desk.start()
        said = await asyncio.to_thread(sent, desk.smtp_port, 1, *options)
        assert word in said
        assert kept(desk.environ["DATABASE_URL"], "email") == {1: 1}
        assert await desk.stop() == 0
        assert "Traceback" not in desk.log
