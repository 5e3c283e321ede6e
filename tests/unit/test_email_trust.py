"""Who a mail proves to be from: by our gateway's word, or by SPF, DKIM and DMARC checked here."""

from __future__ import annotations

import dkim
import pytest

from bot.channels.email import gateway
from bot.channels.email.headers import read_block
from bot.channels.email.resolver import DnsDown, SystemResolver
from bot.channels.email.translate import Envelope
from bot.channels.email.trust import check
from bot.clock import SystemClock
from bot.messages import Trust
from tests.doubles.dns import PRIVATE_KEY, PUBLIC_KEY, TableDns

PROVEN, UNPROVEN, FAILED = Trust.PROVEN, Trust.UNPROVEN, Trust.FAILED
MAIL = b"From: Ann <ann@client.example>\r\nTo: support@desk.example\r\nSubject: Printer\r\n\r\nIt burns.\r\n"
KEY = {"s1._domainkey.client.example TXT": [f"v=DKIM1; k=rsa; p={PUBLIC_KEY}"]}
REJECT = {"_dmarc.client.example TXT": ["v=DMARC1; p=reject"]}
SPF = {"client.example TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]}
ENVELOPE = Envelope("ann@client.example", client_ip="192.0.2.7", helo="mx.client.example")


def signed(mail: bytes = MAIL, *, domain: bytes = b"client.example", **options: object) -> bytes:
    signature: bytes = dkim.sign(mail, b"s1", domain, PRIVATE_KEY, include_headers=[b"from", b"subject"], **options)
    return signature + mail


@pytest.mark.parametrize(
    ("raw", "records", "expected"),
    [
        (signed(), KEY, PROVEN),
        (signed(), {**KEY, **REJECT}, PROVEN),
        (b"Received: x\r\n" + signed(), KEY, PROVEN),
        (signed().replace(b"It burns", b"Pay me"), KEY, UNPROVEN),  # the body was changed
        (signed().replace(b"It burns", b"Pay me"), {**KEY, **REJECT}, FAILED),
        (signed(length=True), KEY, UNPROVEN),  # l=: anybody can add text below
        (signed(length=True) + b"Pay me", {**KEY, **REJECT}, FAILED),
        (signed(), {}, UNPROVEN),  # no such key
        (signed(), {"s1._domainkey.client.example TXT": None}, UNPROVEN),
        (signed(), {"s1._domainkey.client.example TXT": None, **REJECT}, UNPROVEN),  # the DNS is down: never failed
        (MAIL, {"_dmarc.client.example TXT": None}, UNPROVEN),
        (MAIL, REJECT, FAILED),
        (MAIL, {"_dmarc.client.example TXT": ["v=DMARC1; p=none"]}, UNPROVEN),
        (MAIL, {}, UNPROVEN),
        (b"From: other@evil.example\r\n" + signed(), KEY, UNPROVEN),  # a second From
        (b"Subject: x\r\n\r\nno From", {}, UNPROVEN),
    ],
    ids=range(16),
)
def test_signature_proves_its_domain(raw: bytes, records: dict[str, list[str] | None], expected: Trust) -> None:
    assert check(raw, resolver=TableDns(records)).trust is expected


@pytest.mark.parametrize(
    ("domain", "sender", "policy", "expected"),
    [
        (b"mail.client.example", b"client.example", None, PROVEN),  # same organisation
        (b"client.example", b"mail.client.example", None, PROVEN),
        (b"mail.client.example", b"client.example", "v=DMARC1; p=none; adkim=s", UNPROVEN),  # strict alignment
        (b"evil.example", b"client.example", None, UNPROVEN),
        (b"example", b"client.example", None, UNPROVEN),
        (b"a.co.uk", b"b.co.uk", None, UNPROVEN),  # a public suffix is no organisation
    ],
)
def test_signature_speaks_for_its_organisation_only(
    domain: bytes, sender: bytes, policy: str | None, expected: Trust
) -> None:
    raw = signed(MAIL.replace(b"client.example", sender), domain=domain)
    records: dict[str, list[str] | None] = {f"s1._domainkey.{domain.decode()} TXT": [f"v=DKIM1; p={PUBLIC_KEY}"]}
    if policy is not None:
        records[f"_dmarc.{sender.decode()} TXT"] = [policy]
    assert check(raw, resolver=TableDns(records)).trust is expected


@pytest.mark.parametrize(
    ("envelope", "records", "expected"),
    [
        (ENVELOPE, SPF, PROVEN),
        (ENVELOPE, {**SPF, **REJECT}, PROVEN),
        (Envelope("ann@client.example", client_ip="198.51.100.1", helo="x.example"), SPF, UNPROVEN),
        (Envelope("ann@client.example", client_ip="198.51.100.1", helo="x.example"), {**SPF, **REJECT}, FAILED),
        (Envelope("ann@evil.example", client_ip="192.0.2.7", helo="x.example"), SPF, UNPROVEN),  # another path
        (ENVELOPE, {"client.example TXT": None, **REJECT}, UNPROVEN),
        (Envelope("ann@client.example"), SPF, UNPROVEN),  # over IMAP no address of the client is known
        (
            ENVELOPE,
            {"client.example TXT": ["v=spf1 mx -all"], "client.example MX": ["10 m.x"], "m.x A": ["192.0.2.7"]},
            PROVEN,
        ),
        (ENVELOPE, {"client.example TXT": ["v=spf1 include:client.example"]}, UNPROVEN),
    ],
)
def test_network_proves_its_domain(envelope: Envelope, records: dict[str, list[str] | None], expected: Trust) -> None:
    assert check(MAIL, envelope=envelope, resolver=TableDns(records)).trust is expected


def test_policy_of_the_organisation_holds_below_it() -> None:
    raw = MAIL.replace(b"client.example", b"mail.client.example")
    dns = TableDns({"_dmarc.client.example TXT": ["v=DMARC1; p=none; sp=quarantine"]})
    assert check(raw, resolver=dns).trust is FAILED


def test_slow_name_servers_do_not_hold_a_mail_up() -> None:
    with pytest.raises(DnsDown):
        SystemResolver(SystemClock(), total_seconds=0).lookup("client.example", "TXT")


def sealed(forwarder: bytes) -> bytes:
    """A mail that a forwarder changed after it had checked and before it sealed it."""
    passed = b"dkim=pass header.d=client.example; dmarc=pass header.from=client.example"
    results = b"Authentication-Results: mx.list.example; " + passed + b"\r\n"
    changed = results + MAIL.replace(b"It burns.", b"It burns. -- a list")
    seal = dkim.arc_sign(
        changed, b"s1", forwarder, PRIVATE_KEY, b"mx.list.example", include_headers=[b"from", b"subject"]
    )
    return b"".join(seal) + changed


@pytest.mark.parametrize(
    ("forwarders", "expected"),
    [(frozenset({"list.example"}), PROVEN), (frozenset(), UNPROVEN), (frozenset({"a.b"}), UNPROVEN)],
)
def test_seal_of_a_named_forwarder_is_believed(forwarders: frozenset[str], expected: Trust) -> None:
    records: dict[str, list[str] | None] = {"s1._domainkey.list.example TXT": [f"v=DKIM1; p={PUBLIC_KEY}"]}
    raw = sealed(b"list.example")
    assert check(raw, resolver=TableDns(records), forwarders=forwarders).trust is expected
    forged = raw.replace(b"a list", b"a lie!")
    assert check(forged, resolver=TableDns(records), forwarders=forwarders).trust is UNPROVEN


# --- behind a gateway

HOP = "Received: from outside by mx.desk.example; Tue, 2 Jan 2024 09:00:00 +0000\n"
PASS = "Authentication-Results: mx.desk.example; dmarc=pass header.from=client.example\n"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (PASS + HOP, PROVEN),
        (HOP + PASS, PROVEN),
        (HOP + HOP + HOP + PASS, UNPROVEN),  # below our own hops: it came with the mail
        (PASS.replace("pass", "fail") + HOP + PASS, FAILED),  # the topmost counts
        (PASS.replace("mx.desk.example", "mx.evil.example") + HOP, UNPROVEN),
        (PASS.replace("header.from=client.example", "header.from=evil.example") + HOP, UNPROVEN),
        ("Authentication-Results: mx.desk.example; dkim=pass header.d=mail.client.example\n", PROVEN),
        ("Authentication-Results: mx.desk.example; dkim=pass header.i=@client.example\n", PROVEN),
        ("Authentication-Results: mx.desk.example; dkim=pass header.d=evil.example\n", UNPROVEN),
        ("Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=ann@client.example\n", PROVEN),
        ("Authentication-Results: mx.desk.example; spf=softfail smtp.mailfrom=ann@client.example\n", UNPROVEN),
        ("Authentication-Results: mx.desk.example; none\n", UNPROVEN),
        ("Authentication-Results: mx.desk.example; dmarc=pa ss (((\n", UNPROVEN),
        (HOP, UNPROVEN),
    ],
)
def test_gateway_is_believed_where_it_wrote_itself(header: str, expected: Trust) -> None:
    raw = (header + "From: Ann <ann@client.example>\n\n").encode()
    fields, _ = read_block(raw, 0, len(raw))
    assert gateway.verdict(fields, "ann@client.example", ("mx.other.example", "MX.desk.example")).trust is expected
    assert gateway.verdict(fields, "ann@client.example", ()).trust is UNPROVEN
