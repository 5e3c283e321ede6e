"""The desk's own addresses: plain ones, and reply addresses that carry a signed token (`support+r.TOKEN@desk`)."""

from __future__ import annotations

from collections.abc import Iterable

MARK = "+r."


def reply_address(desk_address: str, token: str) -> str:
    """Where an answer shall go, so that it finds its ticket. The token is lower case and address-safe already."""
    local, _, domain = desk_address.rpartition("@")
    return f"{local}{MARK}{token}@{domain}"


def token_of(address: str) -> str:
    """The token in a reply address, or "" where it is a plain one."""
    local = address.rpartition("@")[0]
    return local.partition(MARK)[2].lower()


def first_token(addresses: Iterable[str]) -> str:
    """The first token that any of these addresses carries."""
    return next((token for address in addresses if (token := token_of(address))), "")


def plain(address: str) -> str:
    """The address without its token or other "+" detail, in lower case."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()


def is_ours(address: str, desk_addresses: Iterable[str]) -> bool:
    """Does mail to this address belong to the desk?"""
    return plain(address) in {plain(own) for own in desk_addresses}
