"""Ed25519 (RFC 8032, 5.1): signatures with the standard library alone, for DKIM's second signature.

The time it takes depends on the key, as with any arithmetic on Python's integers: it runs in a thread behind a queue,
where nobody outside can time it, and must not be put where they can.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
# Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
Point = tuple[int, int, int, int]
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)
NEUTRAL: Point = (0, 1, 1, 0)
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """The 64 bytes that say so."""

    signature: bytes


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. scalar, prefix: what the seed is spread into; public: the 32 bytes that all may know."""

    scalar: int = field(repr=False)
    prefix: bytes = field(repr=False)
    public: bytes

    def sign(self, message: bytes) -> Signature:
        """Deterministic: the same message always gets the same signature."""
        nonce = _number(self.prefix + message)
        commitment = _encoded(_times(nonce, BASE))
        challenge = _number(commitment + self.public + message)
        answer = (nonce + challenge * self.scalar) % ORDER
        return Signature(commitment + answer.to_bytes(32, "little"))


def key_of(seed: bytes) -> SigningKey:
    """The key that a seed of 32 random bytes stands for. Raises ValueError for another length."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes")
    spread = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(spread[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    return SigningKey(scalar, spread[32:], _encoded(_times(scalar, BASE)))


def _number(content: bytes) -> int:
    return int.from_bytes(hashlib.sha512(content).digest(), "little") % ORDER


def _sum(first: Point, second: Point) -> Point:
    """The unified addition of RFC 8032, 5.1.4, good for doubling too."""
    a = (first[1] - first[0]) * (second[1] - second[0]) % P
    b = (first[1] + first[0]) * (second[1] + second[0]) % P
    c = 2 * first[3] * second[3] * D % P
    d = 2 * first[2] * second[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        scalar >>= 1
    return total


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")
