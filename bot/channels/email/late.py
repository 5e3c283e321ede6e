"""The one place in the email channel that imports late, by name.

Most mails need none of these libraries, and together they cost half a second of start. Everything else in this
package imports at the top of its module; the layer test allows `importlib` here and nowhere else.
"""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Lock
from types import ModuleType

# Why each is here: what it reads, and so which mails pay for it.
LIBRARIES = {
    "authres": "Authentication-Results, for mail behind a configured gateway",
    "charset_normalizer": "text whose own charset is missing or wrong",
    "dkim": "signatures, for mail we receive as the MX, and for what we send where a key is set",
    "dkim.canonicalization": "what of a mail a signature covers",
    "dkim.crypto": "the key that what we send is signed with",
    "dns.exception": "keys and policies, for mail we receive as the MX",
    "dns.resolver": "keys and policies, for mail we receive as the MX",
    "nacl.encoding": "the keys of Ed25519 signatures, as they are written",
    "nacl.signing": "Ed25519 signatures (RFC 8463), on mail we receive as the MX and on what we send",
    "flufl.bounce": "bounces that carry no delivery status",
    "publicsuffix2": "organisational domains, for DMARC alignment",
    "spf": "senders' networks, for mail we receive as the MX",
}


_DKIM = Lock()


def library(name: str) -> ModuleType:
    """One of LIBRARIES, imported on its first use; later calls find it in `sys.modules`."""
    assert name in LIBRARIES, name
    if name.startswith("dkim") and "dkim" not in sys.modules:
        _load_dkim()
    return import_module(name)


def dkim_with_ed25519() -> ModuleType:
    """dkimpy with what it needs for Ed25519 too, which costs a megabyte: only where there is such a signature."""
    dkim = library("dkim")
    if not hasattr(dkim, "nacl"):
        library("nacl.encoding")
        library("nacl.signing")
        # What dkimpy's own `import nacl.signing` would have bound.
        vars(dkim)["nacl"] = sys.modules["nacl"]
    return dkim


def _load_dkim() -> None:
    """Import dkimpy as if PyNaCl were not installed, unless it is loaded already. Its import of it is tolerant."""
    with _DKIM:
        is_hidden = "nacl.signing" not in sys.modules
        if is_hidden:
            sys.modules["nacl.signing"] = None  # type: ignore[assignment]
        try:
            import_module("dkim")
        finally:
            if is_hidden:
                del sys.modules["nacl.signing"]
