"""OpenDKIM finds what the desk sends well signed, by RSA and by Ed25519, and not once a word of it was changed."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from bot.channels.email.sender import MailSender
from bot.channels.email.signing import DkimKey, Ed25519Key, load_ed25519_key, load_key
from bot.clock import SystemClock
from bot.messages import EMAIL, Action, Handle, Notice, Outgoing
from tests.programs.servers import need

TLS = Path(__file__).parent.parent / "data" / "tls"
# RFC 8410, 10.3: the key of its example.
ED25519 = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
RSA_PASSES, ED25519_PASSES = "header.a=rsa-sha256 header.s=s1", "header.a=ed25519-sha256 header.s=ed"
NOTICE = Notice(
    "claimed", "Drucker – Tür 3", "Tom hat Ihr Ticket übernommen.\n\n. und ein Punkt  \n", (Action("Show", "show 1"),)
)


def the_keys(tmp_path: Path) -> list[DkimKey | Ed25519Key]:
    path = tmp_path / "ed.pem"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{ED25519}\n-----END PRIVATE KEY-----\n")
    assert len(base64.b64decode(ED25519)) == 48
    return [
        load_key(TLS / "dkim.pem", domain="desk.example", selector="s1", place="dkim.key_file"),
        load_ed25519_key(path, domain="desk.example", selector="ed", place="dkim.ed25519_key_file"),
    ]


async def a_sent_mail(tmp_path: Path, keys: list[DkimKey | Ed25519Key]) -> bytes:
    """A notice as the desk's sender finishes it, with the line ends it has on the wire."""
    folder = tmp_path / "outgoing"
    sender = MailSender(SystemClock(), desk_name="Büro", desk_address="support@desk.example", maildir=folder, keys=keys)
    await sender.send(
        Outgoing(7, "k7", Handle(EMAIL, "anna@acme.example", "Änna"), NOTICE, ticket_id=1, token="7.ab0123456789abcdef")
    )
    (kept,) = (folder / "new").iterdir()
    return kept.read_bytes().partition(b"\n")[2].replace(b"\n", b"\r\n")


def verdict(tmp_path: Path, mail: bytes, keys: list[DkimKey | Ed25519Key]) -> str:
    """The Authentication-Results that OpenDKIM would add; the records come from a file, and no DNS is asked."""
    need("opendkim", "opendkim")
    records = tmp_path / "records"
    records.write_text("".join(f"{key.record_name} {key.record}\n" for key in keys))
    (tmp_path / "conf").write_text(f"Mode v\nTestDNSData file:{records}\nSyslog no\nInternalHosts 192.0.2.1\n")
    (tmp_path / "mail").write_bytes(mail)
    done = subprocess.run(
        ["opendkim", "-x", "conf", "-v", "-v", "-t", "mail"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Authentication-Results" in told, told
    return told


async def test_both_signatures_pass(tmp_path: Path) -> None:
    keys = the_keys(tmp_path)
    told = verdict(tmp_path, await a_sent_mail(tmp_path, keys), keys)
    passed = [line for line in told.splitlines() if "dkim=pass" in line]
    assert len(passed) == 2 and RSA_PASSES in told and ED25519_PASSES in told


@pytest.mark.parametrize(
    "change", [(b"Tom", b"Eve"), (b"Subject: ", b"Subject: not "), (b"To: ", b"Subject: another\r\nTo: ")]
)
async def test_neither_passes_once_a_reader_would_be_fooled(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    keys = the_keys(tmp_path)
    mail = await a_sent_mail(tmp_path, keys)
    forged = mail.replace(change[0], change[1], 1) if change[0] in mail else mail + b"more\r\n"
    assert "dkim=pass" not in verdict(tmp_path, forged, keys)
