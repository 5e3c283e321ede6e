"""The second DKIM signature: the vectors of RFC 8032, and mail that another program's arithmetic finds well signed."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import dkim
import pytest

from bot.channels.email import ed25519
from bot.channels.email.signing import Ed25519Key, load_ed25519_key, load_key, sign_all
from bot.errors import ConfigError

TLS = Path(__file__).parent.parent / "data" / "tls"
# RFC 8032, 7.1: seed, public key, message, signature. The first is also the key of RFC 8463, A.2.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
]
MAIL = (
    b"From: Desk <desk@desk.example>\r\nTo: ann@client.example\r\nSubject: [#1] Your  printer\r\n"
    b"Date: Mon, 05 Feb 2024 10:00:00 +0000\r\nMessage-ID: <d.1@desk.example>\r\nX-Other: not signed\r\n\r\n"
    b"It works  again. \r\n\r\nTom\r\n\r\n"
)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_signatures_are_those_of_the_standard(seed: str, public: str, message: str, signature: str) -> None:
    key = ed25519.key_of(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).signature.hex() == signature


def a_key(tmp_path: Path) -> Ed25519Key:
    """The key of RFC 8463, A.2, in the form that openssl writes."""
    content = bytes.fromhex("302e020100300506032b657004220420" + VECTORS[0][0])
    path = tmp_path / "ed.pem"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(content).decode()}\n-----END PRIVATE KEY-----\n")
    return load_ed25519_key(path, domain="desk.example", selector="ed", place="dkim.ed25519_key_file")


def test_record_is_that_of_the_standard(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    assert key.record_name == "ed._domainkey.desk.example"
    assert key.record == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def canonical(mail: bytes) -> tuple[bytes, bytes, bytes]:
    """What the topmost signature of a mail covers, by RFC 6376, 3.4 and 3.7: (header, body, the signature in it)."""
    head, _, body = mail.partition(b"\r\n\r\n")
    fields = []
    for line in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        fields.append((name.lower(), re.sub(rb"[ \t]+", b" ", value).strip()))
    own = fields.pop(0)[1]
    tags = dict(tag.strip().split(b"=", 1) for tag in own.split(b";"))
    left, covered = list(fields), []
    for name in re.sub(rb"\s", b"", tags[b"h"]).lower().split(b":"):
        place = next((at for at in range(len(left) - 1, -1, -1) if left[at][0] == name), None)
        if place is not None:
            covered.append(b":".join(left.pop(place)) + b"\r\n")
    unsigned = re.sub(rb"(b=)[^;]*$", rb"\1", own)
    covered.append(b"dkim-signature:" + unsigned)
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n") + b"\r\n"
    assert base64.b64decode(tags[b"bh"]) == hashlib.sha256(text).digest()
    return b"".join(covered), text, base64.b64decode(re.sub(rb"\s", b"", tags[b"b"]))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_another_program_finds_the_mail_well_signed(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    header, _, signature = canonical(sign_all(MAIL, [key]))
    public = bytes.fromhex("302a300506032b6570032100") + key.key.public
    (tmp_path / "public.der").write_bytes(public)
    (tmp_path / "signature").write_bytes(signature)
    (tmp_path / "hash").write_bytes(hashlib.sha256(header).digest())
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in hash -sigfile signature"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rsa_signature_holds_beside_the_second_one(tmp_path: Path) -> None:
    rsa = load_key(TLS / "dkim.pem", domain="desk.example", selector="s1", place="dkim.key_file")
    signed = sign_all(MAIL, [rsa, a_key(tmp_path)])
    assert signed.count(b"DKIM-Signature: ") == 2 and b"a=ed25519-sha256" in signed and signed.endswith(MAIL)

    def record(name: bytes, timeout: int = 5) -> bytes:
        return rsa.record.encode() if name == b"s1._domainkey.desk.example." else b""

    assert dkim.verify(signed, dnsfunc=record)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n"])
def test_file_without_such_a_key_is_told_with_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ed.pem"
    path.write_text(content)
    with pytest.raises(ConfigError) as wrong:
        load_ed25519_key(path, domain="desk.example", selector="ed", place="dkim.ed25519_key_file")
    assert "openssl genpkey -algorithm ed25519" in str(wrong.value)
    with pytest.raises(ConfigError):
        load_ed25519_key(TLS / "dkim.pem", domain="desk.example", selector="ed", place="dkim.ed25519_key_file")
