"""The one place in the email channel that imports late, by name.

Most mails need none of these libraries, and together they cost half a second of start. Everything else in this
package imports at the top of its module; the layer test allows `importlib` here and nowhere else.
"""

from __future__ import annotations

from importlib import import_module
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
    "flufl.bounce": "bounces that carry no delivery status",
    "publicsuffix2": "organisational domains, for DMARC alignment",
    "spf": "senders' networks, for mail we receive as the MX",
}


def library(name: str) -> ModuleType:
    """One of LIBRARIES, imported on its first use; later calls find it in `sys.modules`."""
    assert name in LIBRARIES, name
    return import_module(name)
