"""Questions to the DNS, for checking senders where we are the server that takes the mail in.

One object serves one mail: it keeps what it heard and a total time, so that no domain with slow name servers holds
the mail up. A name server that does not answer is `DnsDown`, never an empty answer.
"""

from __future__ import annotations

from typing import Protocol

from bot.channels.email.late import library
from bot.clock import Clock
from bot.errors import TemporaryError

QUERY_SECONDS = 3.0
TOTAL_SECONDS = 10.0
QUERIES_MAX = 60


class DnsDown(TemporaryError):
    """No answer came in time, or the name servers failed: nothing is proved and nothing disproved."""


class Resolver(Protocol):
    """Answers by name and type (A, AAAA, MX, PTR, TXT)."""

    def lookup(self, name: str, kind: str) -> list[str]:
        """The values; [] where there are none. MX: "10 host". TXT: strings joined. Raises DnsDown."""


class SystemResolver:
    """The machine's own name servers."""

    def __init__(
        self, clock: Clock, *, query_seconds: float = QUERY_SECONDS, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._clock = clock
        self._query_seconds = query_seconds
        self._ends = clock.monotonic() + total_seconds
        self._known: dict[tuple[str, str], list[str]] = {}

    def lookup(self, name: str, kind: str) -> list[str]:
        question = (name.lower().rstrip("."), kind)
        if question not in self._known:
            self._known[question] = self._ask(*question)
        return self._known[question]

    def _ask(self, name: str, kind: str) -> list[str]:
        left = self._ends - self._clock.monotonic()
        if left <= 0 or len(self._known) >= QUERIES_MAX:
            raise DnsDown("the time for questions about this sender is used up")
        dns = library("dns.resolver")
        try:
            answer = dns.resolve(name, kind, lifetime=min(self._query_seconds, left), search=False)
        except (dns.NoAnswer, dns.NXDOMAIN):
            return []
        except dns.YXDOMAIN:
            return []
        except library("dns.exception").DNSException as fault:
            raise DnsDown(f"no answer for {name} ({type(fault).__name__})") from fault
        return [_text(record, kind) for record in answer]


def _text(record: object, kind: str) -> str:
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    return str(getattr(record, "to_text")()).rstrip(".")  # noqa: B009
