"""Who the desk is on paper: what stands on the head of each document that it sends."""

from __future__ import annotations

from bot.policy import Policy


def seller(policy: Policy) -> dict[str, object]:
    """The desk's own name, address, email and tax number, as documents show them."""
    return {
        "name": policy.desk_name,
        "address": parts_of(policy.postal_address),
        "email": policy.addresses[0],
        "tax_number": policy.tax_number,
    }


def parts_of(text: str) -> list[str]:
    """The lines of an address or of how to pay, which are parted by ";" in settings."""
    return [part.strip() for part in text.split(";") if part.strip()]
