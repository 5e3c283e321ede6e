"""What our own mail gateway found out about a sender, as it wrote it into Authentication-Results (RFC 8601).

Only fields that bear the configured gateway's name count, and of those only the topmost, which stands above whatever
came from outside: a stranger can write the same name further down. No network is used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.email.headers import Fields
from bot.channels.email.late import library
from bot.channels.email.words import unfold
from bot.messages import Trust


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a mail proves its sender, and the sentence that says why."""

    trust: Trust
    reason: str


NOT_ASKED = Verdict(Trust.UNPROVEN, "no gateway is configured, and the sender was not checked")


def verdict(fields: Fields, sender: str, authserv_ids: Sequence[str]) -> Verdict:
    """The gateway's result for the address in From.

    authserv_ids: the names our gateways sign their results with; none: not behind a gateway.
    """
    if not authserv_ids:
        return NOT_ASKED
    value = _own_results(fields, frozenset(name.lower() for name in authserv_ids))
    if value is None:
        return Verdict(Trust.UNPROVEN, f"{' or '.join(authserv_ids)} left no result on this mail")
    return judge(value, sender.rpartition("@")[2].lower(), _name_in(value))


def judge(value: str, domain: str, authority: str) -> Verdict:
    """What one field of results says of the domain in From. authority: who is quoted in the reason."""
    authres = library("authres")
    try:
        results = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}").results
    except (authres.SyntaxError, ValueError):
        return Verdict(Trust.UNPROVEN, f"the result of {authority} cannot be read")
    return _judge(results, domain, authority)


def _name_in(value: str) -> str:
    """Whose results a field holds, lower case."""
    return value.partition(";")[0].strip().partition(" ")[0].lower()


def _own_results(fields: Fields, authserv_ids: frozenset[str]) -> str | None:
    """The topmost field that bears the name of one of our gateways, if it stands above every hop but our own.

    Our gateway adds its results when it takes the mail in: below them stands the Received line it wrote itself, and
    anything of that name below a second Received line came with the mail.
    """
    hops = 0
    for name, value in fields.pairs:
        if name == "received":
            hops += 1
        if name == "authentication-results":
            text = unfold(value)
            if _name_in(text) in authserv_ids:
                return text if hops <= 2 else None
    return None


def _judge(results: Any, domain: str, authserv_id: str) -> Verdict:
    found: dict[str, list[Any]] = {}
    for result in results or ():
        found.setdefault(result.method.lower(), []).append(result)
    dmarc = found.get("dmarc", [])
    if dmarc:
        value = str(dmarc[0].result).lower()
        of = _property(dmarc[0], "header", "from")
        if value == "pass" and (not of or of == domain):
            return Verdict(Trust.PROVEN, f"{authserv_id}: DMARC pass for {domain}")
        if value == "fail":
            return Verdict(Trust.FAILED, f"{authserv_id}: DMARC fail for {domain}")
    for result in found.get("dkim", []):
        signer = _property(result, "header", "d") or _property(result, "header", "i").rpartition("@")[2]
        if str(result.result).lower() == "pass" and aligned(signer, domain):
            return Verdict(Trust.PROVEN, f"{authserv_id}: DKIM pass for {signer}")
    for result in found.get("spf", []):
        path = _property(result, "smtp", "mailfrom").rpartition("@")[2]
        if str(result.result).lower() == "pass" and path and aligned(path, domain):
            return Verdict(Trust.PROVEN, f"{authserv_id}: SPF pass for {path}")
    return Verdict(Trust.UNPROVEN, f"{authserv_id}: nothing that passed speaks for {domain}")


def _property(result: Any, kind: str, name: str) -> str:
    for item in getattr(result, "properties", ()):
        if item.type == kind and item.name == name:
            return str(item.value or "").strip().lower().rstrip(".")
    return ""


def aligned(signer: str, domain: str) -> bool:
    """Whether what was proved is the domain in From, or shares its organisation (relaxed alignment of RFC 7489)."""
    if not signer or not domain:
        return False
    return signer == domain or organisational(signer) == organisational(domain)


def organisational(domain: str) -> str:
    """The domain that an organisation registered: "mail.example.co.uk" → "example.co.uk".

    A suffix that the public list does not know counts as one label, as the list's own default rule says.
    """
    found = str(library("publicsuffix2").get_sld(domain, strict=False) or "").lower()
    return found if "." in found else ".".join(domain.split(".")[-2:])
