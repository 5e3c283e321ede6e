"""Did Slack send this request? Signature and age are checked over the bytes, before anything is read of them.

A repeat of a signed request within its five minutes is answered as the first was, since every message and order has
a key; it is not refused, for a proxy on the way may repeat one in good faith.
"""

from __future__ import annotations

import hmac

SKEW_SECONDS_MAX = 300
_TIMESTAMP_LENGTH_MAX = 12


def is_slacks(secret: bytes, timestamp: bytes, signature: bytes, body: bytes, *, now_seconds: float) -> bool:
    """True for a body that was signed with `secret` at `timestamp` (seconds, as text), at most 5 minutes ago.

    Source: Slack, "Verifying requests from Slack"; scheme v0.
    """
    # Only plain digits: int() would also take "1_0", "+1" and digits of other scripts.
    if len(timestamp) > _TIMESTAMP_LENGTH_MAX or not timestamp.isdigit():
        return False
    if abs(now_seconds - int(timestamp)) > SKEW_SECONDS_MAX:
        return False
    return hmac.compare_digest(signed(secret, timestamp, body), signature)


def signed(secret: bytes, timestamp: bytes, body: bytes) -> bytes:
    """The signature that Slack would send with `body`."""
    return b"v0=" + hmac.digest(secret, b"v0:" + timestamp + b":" + body, "sha256").hex().encode()
