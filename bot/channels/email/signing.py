"""DKIM (RFC 6376): what the desk sends is signed for its own domain, so that others may believe it.

The header fields that matter to a reader are signed, those that a mail may have once are signed once more than they
stand there: a second Subject, put before ours on the way, breaks the signature. Keys are RSA, and beside it Ed25519
(RFC 8463), whose signature those who do not know it ignore; both in PEM.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.email.late import dkim_with_ed25519, library
from bot.errors import ConfigError, Fault

BITS_MIN = 1024
SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "x-holdline-delivery",
)  # fmt: skip
# What stands before the seed of an Ed25519 key: RFC 8410, 7.
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
SEED_BYTES = 32
# Signed once more than they stand in the mail, whether they do or not.
GUARDED = ("from", "to", "cc", "subject", "date", "reply-to", "content-type", "mime-version")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key with where its public half stands: `selector._domainkey.domain`. bits: of the modulus."""

    domain: str
    selector: str
    pem: bytes = field(repr=False)
    bits: int
    public: str

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What has to stand in the DNS as TXT under `record_name`."""
        return f"v=DKIM1; k=rsa; p={self.public}"


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A private key of the second kind, with where its public half stands. seed, public: in base 64."""

    domain: str
    selector: str
    seed: bytes = field(repr=False)
    public: str

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What has to stand in the DNS as TXT under `record_name`."""
        return f"v=DKIM1; k=ed25519; p={self.public}"


def load_key(path: Path, *, domain: str, selector: str, place: str) -> DkimKey:
    """The key in a file. place: where the settings name it, for the fault. Raises ConfigError."""
    try:
        pem = path.read_bytes()
        found = library("dkim.crypto").parse_pem_private_key(pem)
        modulus, exponent = int(found["modulus"]), int(found["publicExponent"])
    except OSError as error:
        raise _fault(place, f"{path} cannot be read ({error.strerror})", "Make it readable to the desk") from error
    except (ValueError, LookupError, TypeError, library("dkim.crypto").UnparsableKeyError) as error:
        remedy = "Make one: openssl genrsa -traditional -out dkim.pem 2048"
        raise _fault(place, f"{path} holds no RSA key in PEM ({type(error).__name__})", remedy) from error
    bits = modulus.bit_length()
    if bits < BITS_MIN:
        remedy = "Make one of 2048 bits: openssl genrsa -traditional -out dkim.pem 2048"
        raise _fault(place, f"the key has {bits} bits, and others believe no less than {BITS_MIN}", remedy)
    return DkimKey(domain, selector, pem, bits, base64.b64encode(_public(modulus, exponent)).decode("ascii"))


def load_ed25519_key(path: Path, *, domain: str, selector: str, place: str) -> Ed25519Key:
    """The key in a file, as `openssl genpkey` writes it (PKCS #8, RFC 8410). Raises ConfigError; place: as above."""
    try:
        lines = path.read_text("ascii").split("-----")
        content = base64.b64decode("".join(lines[2].split()), validate=True) if len(lines) == 5 else b""
    except OSError as error:
        raise _fault(place, f"{path} cannot be read ({error.strerror})", "Make it readable to the desk") from error
    except ValueError:
        content = b""
    if len(content) != len(PKCS8_ED25519) + SEED_BYTES or not content.startswith(PKCS8_ED25519):
        remedy = "Make one: openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem"
        raise _fault(place, f"{path} holds no Ed25519 key in PEM", remedy)
    seed = content[len(PKCS8_ED25519) :]
    public = bytes(library("nacl.signing").SigningKey(seed).verify_key)
    return Ed25519Key(domain, selector, base64.b64encode(seed), base64.b64encode(public).decode("ascii"))


def sign_all(mail: bytes, keys: Sequence[DkimKey | Ed25519Key]) -> bytes:
    """The mail with a signature of each key before it; none covers another."""
    signatures = [sign(mail, key)[: -len(mail)] for key in keys]
    return b"".join(signatures) + mail


def sign(mail: bytes, key: DkimKey | Ed25519Key) -> bytes:
    """The mail, lines ending with CR LF, with its signature before it."""
    is_second = isinstance(key, Ed25519Key)
    dkim = dkim_with_ed25519() if is_second else library("dkim")
    signature: bytes = dkim.sign(
        mail,
        key.selector.encode(),
        key.domain.encode(),
        key.seed if isinstance(key, Ed25519Key) else key.pem,
        signature_algorithm=b"ed25519-sha256" if is_second else b"rsa-sha256",
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in (*SIGNED, *GUARDED)],
    )
    return signature + mail


def _fault(place: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError([Fault("config/holdline.toml", place, problem, remedy)])


def _public(modulus: int, exponent: int) -> bytes:
    """The public key as DER: SubjectPublicKeyInfo of RFC 5280 around the RSAPublicKey of RFC 8017."""
    numbers = _sequence(_integer(modulus) + _integer(exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return _sequence(algorithm + _tagged(3, b"\0" + numbers))


def _integer(number: int) -> bytes:
    return _tagged(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
