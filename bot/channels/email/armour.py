"""Text that PGP signed in the text itself (RFC 9580, 7): the words without the lines that the program put there."""

from __future__ import annotations

BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
END = "-----END PGP SIGNATURE-----"


def without_armour(text: str) -> str:
    """The text inside a PGP signature made in the text itself; any other text as it is."""
    start = text.find(BEGIN)
    if start < 0 or text[:start].strip():
        return text
    body = text.find("\n\n", start)
    stop = text.find(SIGNATURE, start)
    if body < 0 or stop < body:
        return text
    end = text.find(END, stop)
    after = text[end + len(END) :] if end >= 0 else ""
    signed = [line.removeprefix("- ") for line in text[body + 2 : stop].split("\n")]
    return "\n".join(signed) + after
