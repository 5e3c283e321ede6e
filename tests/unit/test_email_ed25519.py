"""Ed25519 signatures (RFC 8463): the standard's own mail is believed, ours are those of the standard."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import dkim
import pytest

from bot.channels.email.signing import Ed25519Key, load_ed25519_key, load_key, sign, sign_all
from bot.channels.email.trust import check
from bot.errors import ConfigError
from bot.messages import Trust
from tests.doubles.dns import PRIVATE_KEY, PUBLIC_KEY, TableDns

TLS = Path(__file__).parent.parent / "data" / "tls"
# RFC 8463, A.1 and A.2: the key of RFC 8032, 7.1, first test.
SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
# RFC 8463, A.3, with its second signature alone: who does not know Ed25519 finds this mail unsigned.
STANDARD = (
    b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    b" d=football.example.com; i=@football.example.com;\r\n"
    b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    b" subject : date : message-id : from : subject : date;\r\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    b" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
    b"From: Joe SixPack <joe@football.example.com>\r\n"
    b"To: Suzie Q <suzie@shopping.example.net>\r\n"
    b"Subject: Is dinner ready?\r\n"
    b"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    b"\r\n"
    b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
)
NAME = "brisbane._domainkey.football.example.com TXT"
RECORD: dict[str, list[str] | None] = {NAME: [f"v=DKIM1; k=ed25519; p={PUBLIC}"]}
MAIL = (
    b"From: Desk <desk@desk.example>\r\nTo: ann@client.example\r\nSubject: [#1] Your  printer\r\n"
    b"Date: Mon, 05 Feb 2024 10:00:00 +0000\r\nMessage-ID: <d.1@desk.example>\r\nX-Other: not signed\r\n\r\n"
    b"It works  again. \r\n\r\nTom\r\n\r\n"
)


def a_key(tmp_path: Path) -> Ed25519Key:
    """The standard's key, in the form that openssl writes."""
    content = bytes.fromhex("302e020100300506032b657004220420" + SEED)
    path = tmp_path / "ed.pem"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(content).decode()}\n-----END PRIVATE KEY-----\n")
    return load_ed25519_key(path, domain="desk.example", selector="ed", place="dkim.ed25519_key_file")


def test_mail_of_the_standard_is_proven() -> None:
    verdict = check(STANDARD, resolver=TableDns(RECORD))
    assert verdict.trust is Trust.PROVEN, verdict
    assert "football.example.com" in verdict.reason


@pytest.mark.parametrize(
    ("mail", "records"),
    [
        (STANDARD.replace(b"hungry", b"angry"), RECORD),
        (STANDARD.replace(b"dinner", b"lunch"), RECORD),
        (STANDARD.replace(b"b=/gC", b"b=/gD"), RECORD),
        (STANDARD.replace(b"b=/gCrinpcQO", b"b="), RECORD),  # too short
        (STANDARD.replace(b"Q1Dw==", b""), RECORD),  # no base 64
        (STANDARD, {}),
        (STANDARD, {NAME: None}),  # the DNS is down
        (STANDARD, {NAME: ["v=DKIM1; k=ed25519; p="]}),  # withdrawn
        (STANDARD, {NAME: ["v=DKIM1; k=ed25519"]}),
        (STANDARD, {NAME: ["v=DKIM1; k=ed25519; p=!!!!"]}),
        (STANDARD, {NAME: ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg=="]}),  # half a key
        (STANDARD, {NAME: [f"v=DKIM1; k=rsa; p={PUBLIC_KEY}"]}),
        (STANDARD.replace(b"a=ed25519-sha256", b"a=rsa-sha256"), RECORD),
    ],
    ids=range(13),
)
def test_anything_else_is_not(mail: bytes, records: dict[str, list[str] | None]) -> None:
    assert check(mail, resolver=TableDns(records)).trust is Trust.UNPROVEN


def test_signature_that_leaves_the_end_of_the_mail_open_proves_nothing(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    signed = dkim.sign(  # type: ignore[no-untyped-call]
        MAIL, b"ed", b"desk.example", key.seed, signature_algorithm=b"ed25519-sha256", include_headers=[b"from"],
        length=True,
    ) + MAIL  # fmt: skip
    records: dict[str, list[str] | None] = {f"{key.record_name} TXT": [key.record]}
    verdict = check(signed + b"Pay me\r\n", resolver=TableDns(records))
    assert (verdict.trust, "unsigned" in verdict.reason) == (Trust.UNPROVEN, True)


@pytest.mark.parametrize(
    ("algorithm", "kind"), [(b"rsa-sha1", "rsa"), (b"ed25519-sha256", "rsa")], ids=["sha1", "another-kind-of-key"]
)
def test_algorithm_that_proves_nothing_is_told(algorithm: bytes, kind: str) -> None:
    sha1 = dkim.sign(  # type: ignore[no-untyped-call]
        MAIL, b"s1", b"desk.example", PRIVATE_KEY, signature_algorithm=b"rsa-sha1", include_headers=[b"from"]
    )
    raw = sha1.replace(b"rsa-sha1", algorithm) + MAIL
    records: dict[str, list[str] | None] = {"s1._domainkey.desk.example TXT": [f"v=DKIM1; k={kind}; p={PUBLIC_KEY}"]}
    verdict = check(raw, resolver=TableDns(records))
    assert verdict.trust is Trust.UNPROVEN
    assert algorithm != b"rsa-sha1" or "proves nothing" in verdict.reason


def test_record_is_that_of_the_standard(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    assert key.record_name == "ed._domainkey.desk.example"
    assert key.record == f"v=DKIM1; k=ed25519; p={PUBLIC}"
    assert key.seed.decode() not in repr(key)


def test_signed_mail_is_believed_by_itself(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    records: dict[str, list[str] | None] = {f"{key.record_name} TXT": [key.record]}
    assert check(sign(MAIL, key), resolver=TableDns(records)).trust is Trust.PROVEN
    changed = sign(MAIL, key).replace(b"Subject: ", b"Subject: x\r\nSubject: ")
    assert check(changed, resolver=TableDns(records)).trust is Trust.UNPROVEN


def test_rsa_signature_holds_beside_the_second_one(tmp_path: Path) -> None:
    rsa, second = (
        load_key(TLS / "dkim.pem", domain="desk.example", selector="s1", place="dkim.key_file"),
        a_key(tmp_path),
    )
    signed = sign_all(MAIL, [rsa, second])
    assert signed.count(b"DKIM-Signature: ") == 2 and b"a=ed25519-sha256" in signed and signed.endswith(MAIL)
    for key in (rsa, second):
        records: dict[str, list[str] | None] = {f"{key.record_name} TXT": [key.record]}
        assert check(signed, resolver=TableDns(records)).trust is Trust.PROVEN


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n"])
def test_file_without_such_a_key_is_told_with_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ed.pem"
    path.write_text(content)
    with pytest.raises(ConfigError) as wrong:
        load_ed25519_key(path, domain="desk.example", selector="ed", place="dkim.ed25519_key_file")
    assert "openssl genpkey -algorithm ed25519" in str(wrong.value)
    with pytest.raises(ConfigError):
        load_ed25519_key(TLS / "dkim.pem", domain="desk.example", selector="ed", place="dkim.ed25519_key_file")


def test_mail_without_such_a_signature_loads_nothing_for_it() -> None:
    words = """
import sys
from bot.channels.email.trust import check
from tests.doubles.dns import PUBLIC_KEY, TableDns
from tests.unit.test_email_ed25519 import RECORD, STANDARD
import bot.wiring
from bot.channels.email.late import library
for name in [name for name in sys.modules if name.split(".")[0] in ("dkim", "nacl")]:
    del sys.modules[name]
other = STANDARD.replace(b"a=ed25519-sha256", b"a=rsa-sha256")
assert check(other, resolver=TableDns(RECORD)).trust.name == "UNPROVEN"
assert "dkim" in sys.modules and "nacl.signing" not in sys.modules, "PyNaCl was loaded for a signature by RSA"
assert check(STANDARD, resolver=TableDns(RECORD)).trust.name == "PROVEN"
assert "nacl.signing" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
