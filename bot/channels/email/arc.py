"""Mail that a known forwarder passed on: its ARC seal (RFC 8617) vouches for what it saw before it changed the mail.

Only forwarders that the configuration names count: anybody can seal. The whole chain must hold, and the last seal
must be the named forwarder's; then its results are read as a gateway's would be.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.email.gateway import NOT_ASKED, Verdict, judge
from bot.channels.email.late import library
from bot.channels.email.words import unfold
from bot.messages import Trust

Key = Callable[..., bytes | None]


def verdict(content: bytes, domain: str, forwarders: frozenset[str], key: Key) -> Verdict:
    """What the last forwarder says of the domain in From; unproven where none of ours sealed the mail.

    content: the mail. key: a function from a name to its TXT record, as dkimpy asks for it.
    """
    if not forwarders or b"ARC-Seal" not in content[:65_536]:
        return NOT_ASKED
    dkim = library("dkim")
    try:
        result, chain, _ = dkim.ARC(content).verify(dnsfunc=key)
    except (dkim.DKIMException, ValueError, TypeError, KeyError, IndexError, AttributeError, UnicodeError):
        return NOT_ASKED
    if result != dkim.CV_Pass or not chain:
        return NOT_ASKED
    last = max(chain, key=lambda found: found["instance"])
    sealer = last.get("as-domain", b"").decode("ascii", "replace").lower()
    if sealer not in forwarders:
        return NOT_ASKED
    _, _, results = unfold(last["aar-value"]).partition(";")
    found = judge(results.strip(), domain, f"ARC seal of {sealer}")
    return found if found.trust is Trust.PROVEN else NOT_ASKED
