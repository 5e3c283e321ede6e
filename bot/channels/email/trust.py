"""Does a mail prove that its From is true? SPF, DKIM and DMARC, checked here, where we are the server.

Proven: DKIM or SPF passed for the domain in From or its organisation. Failed: the domain publishes DMARC, asks that
others be refused, and every check that was made contradicts the sender. Everything else is unproven: a name server
that is down, a signature with `l=` (anybody can add text below it), several From fields. Behind a gateway of ours the
gateway's own verdict counts instead (`gateway`). Blocks on the network: call it off the loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.email import arc
from bot.channels.email.addresses import parse as parse_addresses
from bot.channels.email.gateway import Verdict, aligned, organisational
from bot.channels.email.headers import read_block
from bot.channels.email.late import dkim_with_ed25519, library
from bot.channels.email.mime import prepared
from bot.channels.email.resolver import DnsDown, Resolver, SystemResolver
from bot.channels.email.translate import Envelope
from bot.clock import SystemClock
from bot.messages import Trust

SIGNATURES_MAX = 5
KEY_BITS_MIN = 1024
# By the algorithm that a signature names: the kind of key that has to stand in the DNS (RFC 8301, RFC 8463). SHA-1 is
# not among them: two texts of one sum can be made.
KEY_KINDS = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}
MAIL_BYTES_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What one method found. domain: the one that passed, "" for none. was_down: the DNS did not answer."""

    domain: str = ""
    was_down: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A domain's DMARC record. is_strict_…: the exact domain is wanted, not one of the same organisation."""

    action: str
    is_strict_dkim: bool = False
    is_strict_spf: bool = False


def check(
    raw: bytes,
    *,
    envelope: Envelope | None = None,
    resolver: Resolver | None = None,
    forwarders: frozenset[str] = frozenset(),
) -> Verdict:
    """How well a mail that we received ourselves proves its sender. Never raises for what the mail or the DNS says.

    envelope: what SMTP said; without its client_ip SPF is left out. resolver: None: the machine's own name servers.
    forwarders: domains whose ARC seals we believe.
    """
    resolver = resolver or SystemResolver(SystemClock())
    content = prepared(raw[:MAIL_BYTES_MAX])
    fields, _ = read_block(content, 0, len(content))
    senders = [address for value in fields.all("from") for address in parse_addresses(value) if "@" in address.address]
    if len(fields.all("from")) != 1 or len(senders) != 1:
        return Verdict(Trust.UNPROVEN, "the mail names no sender, or several")
    domain = senders[0].address.rpartition("@")[2]
    verdict = _judge(domain, _dkim(content, resolver), _spf(envelope, resolver), resolver)
    if verdict.trust is Trust.PROVEN:
        return verdict
    forwarded = arc.verdict(content, domain, forwarders, _Keys(resolver).fetch)
    return forwarded if forwarded.trust is Trust.PROVEN else verdict


def _judge(domain: str, signed: Sequence[Finding], sent: Finding, resolver: Resolver) -> Verdict:
    was_down = sent.was_down or any(finding.was_down for finding in signed)
    try:
        policy = dmarc_policy(domain, resolver)
    except DnsDown:
        policy, was_down = None, True
    strict_dkim = policy is not None and policy.is_strict_dkim
    strict_spf = policy is not None and policy.is_strict_spf
    for finding in signed:
        if _speaks_for(finding.domain, domain, is_strict=strict_dkim):
            return Verdict(Trust.PROVEN, f"DKIM pass for {finding.domain}")
    if _speaks_for(sent.domain, domain, is_strict=strict_spf):
        return Verdict(Trust.PROVEN, f"SPF pass for {sent.domain}")
    if was_down:
        return Verdict(Trust.UNPROVEN, "the DNS did not answer, so nothing is proved")
    details = "; ".join(finding.detail for finding in (*signed, sent) if finding.detail) or "no signature"
    if policy is not None and policy.action in ("reject", "quarantine"):
        return Verdict(Trust.FAILED, f"DMARC of {domain} asks to {policy.action} this mail: {details}")
    return Verdict(Trust.UNPROVEN, f"nothing that passed speaks for {domain}: {details}")


def _speaks_for(proved: str, domain: str, *, is_strict: bool) -> bool:
    return bool(proved) and (proved == domain if is_strict else aligned(proved, domain))


class _Keys:
    """Public keys as dkimpy asks for them; remembers whether the DNS failed to answer."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.was_down = False

    def fetch(self, name: bytes | str, timeout: int = 5) -> bytes | None:
        asked = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        try:
            found = self._resolver.lookup(asked.rstrip("."), "TXT")
        except DnsDown:
            self.was_down = True
            return None
        return found[0].encode() if found else None


def _dkim(content: bytes, resolver: Resolver) -> list[Finding]:
    dkim = library("dkim")
    try:
        verifier = dkim.DKIM(content, minkey=KEY_BITS_MIN)
    except dkim.DKIMException as fault:
        return [Finding(detail=f"DKIM cannot be read ({fault})")]
    signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"][:SIGNATURES_MAX]
    if any(b"ed25519" in value for value in signatures):
        dkim_with_ed25519()
    return [_signature(verifier, index, resolver) for index in range(len(signatures))]


def _signature(verifier: object, index: int, resolver: Resolver) -> Finding:
    dkim = library("dkim")
    keys = _Keys(resolver)
    try:
        passed = verifier.verify(index, dnsfunc=keys.fetch)  # type: ignore[attr-defined]
    except (dkim.DKIMException, ValueError, TypeError, KeyError, IndexError, AttributeError, UnicodeError) as fault:
        return Finding(was_down=keys.was_down, detail=f"DKIM fails ({type(fault).__name__})")
    tags = verifier.signature_fields  # type: ignore[attr-defined]
    signer = tags.get(b"d", b"").decode("ascii", "replace").lower()
    if not passed:
        return Finding(was_down=keys.was_down, detail=f"DKIM of {signer} fails")
    if KEY_KINDS.get(tags.get(b"a", b"")) != verifier.ktag:  # type: ignore[attr-defined]
        return Finding(detail=f"DKIM of {signer} is signed by an algorithm that proves nothing")
    if b"l" in tags:
        return Finding(detail=f"DKIM of {signer} leaves the end of the mail unsigned")
    if b"from" not in verifier.include_headers:  # type: ignore[attr-defined]
        return Finding(detail=f"DKIM of {signer} does not sign From")
    return Finding(domain=signer, detail=f"DKIM pass for {signer}")


def _spf(envelope: Envelope | None, resolver: Resolver) -> Finding:
    if envelope is None or not envelope.client_ip:
        return Finding()
    spf = library("spf")
    query = _query_class(spf, resolver)(
        i=envelope.client_ip,
        s=envelope.sender or f"postmaster@{envelope.helo}",
        h=envelope.helo,
        timeout=5,
        querytime=20,
    )
    domain = (envelope.sender.rpartition("@")[2] or envelope.helo).lower()
    try:
        result = query.check()[0]
    except (spf.TempError, spf.PermError, spf.AmbiguityWarning, ValueError, IndexError, UnicodeError) as fault:
        return Finding(was_down=isinstance(fault, spf.TempError), detail=f"SPF of {domain} cannot be read")
    if result == "pass":
        return Finding(domain=domain, detail=f"SPF pass for {domain}")
    return Finding(was_down=result == "temperror", detail=f"SPF {result} for {domain}")


def _query_class(spf: object, resolver: Resolver) -> type:
    """pyspf's evaluation over our resolver: it knows only one, for the whole process."""

    class Query(spf.query):  # type: ignore[name-defined, misc]
        def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[object]:
            try:
                found = resolver.lookup(str(name), qtype) if name and qtype != "SPF" else []
            except DnsDown as down:
                raise spf.TempError(str(down)) from down  # type: ignore[attr-defined]
            if not found and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:  # type: ignore[attr-defined]
                    raise spf.PermError("too many names that do not exist")  # type: ignore[attr-defined]
            return [_as_pyspf(value, qtype) for value in found]

    return Query


def _as_pyspf(value: str, kind: str) -> object:
    if kind == "TXT":
        return (value.encode("utf-8", "replace"),)
    if kind == "MX":
        preference, _, host = value.partition(" ")
        return int(preference) if preference.isdigit() else 0, host.rstrip(".")
    return value


def dmarc_policy(domain: str, resolver: Resolver) -> Policy | None:
    """What the domain, or else its organisation, asks of receivers (RFC 7489). Raises DnsDown."""
    from_domain = _record(domain, resolver)
    if from_domain is not None:
        return _policy(from_domain, "p")
    organisation = organisational(domain)
    if organisation == domain:
        return None
    above = _record(organisation, resolver)
    return _policy(above, "sp" if "sp" in above else "p") if above is not None else None


def _record(domain: str, resolver: Resolver) -> dict[str, str] | None:
    records = [text for text in resolver.lookup(f"_dmarc.{domain}", "TXT") if text.strip().startswith("v=DMARC1")]
    if len(records) != 1:
        return None
    pairs = (part.partition("=") for part in records[0].split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _policy(record: dict[str, str], name: str) -> Policy:
    return Policy(record.get(name, "none"), record.get("adkim") == "s", record.get("aspf") == "s")
