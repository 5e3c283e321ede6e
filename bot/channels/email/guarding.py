"""What protects the mail door from its callers: TLS, who may speak for a load balancer, and how much one peer may do.

Everything here is per process and forgotten at its end. A peer of the desk's own machine (loopback) is not counted.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

MINUTE_SECONDS = 60.0
# Peers that are remembered; one that is forgotten begins anew.
PEERS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Guard:
    """How the door is kept. certificate_file "": no TLS. proxy_networks: who must announce each caller (PROXY)."""

    connections_max: int = 200
    connections_per_peer_max: int = 50
    mails_per_minute_per_peer: int = 600
    session_seconds_max: float = 600.0
    certificate_file: str = ""
    key_file: str = ""
    is_tls_required: bool = False
    proxy_networks: tuple[str, ...] = ()
    is_lmtp: bool = False

    def is_balancer(self, address: str) -> bool:
        """Whether connections from there begin with the PROXY line of a load balancer of ours."""
        found = _address(address)
        return found is not None and any(found in ipaddress.ip_network(network) for network in self.proxy_networks)


class Certificate:
    """The TLS context, made anew when the certificate's file was renewed."""

    def __init__(self, certificate_file: str, key_file: str) -> None:
        self._files = (Path(certificate_file), Path(key_file or certificate_file))
        self._changed_at: tuple[int, ...] = ()
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """Raises OSError (and ssl.SSLError, which is one) if the files cannot be used and never could."""
        try:
            changed_at = tuple(path.stat().st_mtime_ns for path in self._files)
            if self._context is None or changed_at != self._changed_at:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(*self._files)
                self._context, self._changed_at = context, changed_at
        except OSError:
            # In the middle of a renewal the old certificate is still good.
            if self._context is None:
                raise
        return self._context


@dataclass(slots=True)
class _Peer:
    connections: int = 0
    # When it sent each mail of the last minute, in seconds of the loop's clock.
    mails_at: deque[float] = field(default_factory=deque)


class Peers:
    """Who is connected, and how much each sent in the last minute."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._peers: dict[str, _Peer] = {}

    def joins(self, peer: str) -> bool:
        """Count a connection; False if the peer has too many already (it is counted all the same)."""
        known = self._known(peer)
        known.connections += 1
        return is_local(peer) or known.connections <= self._guard.connections_per_peer_max

    def leaves(self, peer: str) -> None:
        known = self._peers.get(peer)
        if known is not None:
            known.connections -= 1
            if known.connections <= 0 and not known.mails_at:
                del self._peers[peer]

    def may_send(self, peer: str, now: float) -> bool:
        """Whether the peer may send one more mail now, which is then counted. now: seconds of one clock."""
        if is_local(peer):
            return True
        mails_at = self._known(peer).mails_at
        while mails_at and mails_at[0] <= now - MINUTE_SECONDS:
            mails_at.popleft()
        if len(mails_at) >= self._guard.mails_per_minute_per_peer:
            return False
        mails_at.append(now)
        return True

    def _known(self, peer: str) -> _Peer:
        if peer not in self._peers and len(self._peers) >= PEERS_MAX:
            self._peers = {name: known for name, known in self._peers.items() if known.connections > 0}
        return self._peers.setdefault(peer, _Peer())


def is_local(peer: str) -> bool:
    """Whether the peer is this machine itself."""
    found = _address(peer)
    return found is not None and found.is_loopback


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped if mapped is not None else found
