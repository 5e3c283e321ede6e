"""Who the desk is on paper: what stands on the head of each document that it sends, and the logo's file.

A logo is a PNG or a JPEG. SVG is refused: it may name other files and addresses, which a document must not fetch.
"""

from __future__ import annotations

import struct
from pathlib import Path

from bot.errors import ConfigError, Fault
from bot.policy import Policy

LOGO_BYTES_MAX = 1_000_000
LOGO_SIDE_MAX = 4_000  # pixels
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_MEGABYTE = 1_000_000


def seller(policy: Policy) -> dict[str, object]:
    """The desk's own name, logo (a file, or ""), address, email and tax number, as documents show them."""
    return {
        "name": policy.desk_name,
        "address": parts_of(policy.postal_address),
        "email": policy.addresses[0],
        "tax_number": policy.tax_number,
        "logo": policy.logo,
    }


def buyer(name: str, address: str) -> dict[str, object]:
    """Whom a document is addressed to; an address that begins with the name says it once."""
    parts = parts_of(address)
    return {"name": name, "address": parts[1:] if parts and parts[0].casefold() == name.casefold() else parts}


def parts_of(text: str) -> list[str]:
    """The lines of an address or of how to pay, which are parted by ";" in settings."""
    return [part.strip() for part in text.split(";") if part.strip()]


# ---------------------------------------------------------------- the logo


def checked_logo(name: str, folder: Path) -> str:
    """The path of the logo that the settings name, or "" for none. folder: that of the settings.

    Raises ConfigError where the file is missing, too large, or no picture that a document can show.
    """
    if not name:
        return ""
    path = folder / name  # a whole path stays what it is
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LOGO_BYTES_MAX else b""
    except OSError as error:
        problem = "there is no such file" if isinstance(error, FileNotFoundError) else f"it cannot be read ({error})"
        raise _fault(path, problem, "Write the path of a PNG or JPEG file, or leave it empty") from error
    if size > LOGO_BYTES_MAX:
        problem = f"it has {size / _MEGABYTE:.1f} MB, and {LOGO_BYTES_MAX / _MEGABYTE:g} MB are the most"
        raise _fault(path, problem, "Save it smaller: it is printed 6 cm wide")
    sides = _sides(content)
    if sides is None:
        what = "an SVG" if b"<svg" in content[:2_000] else "no PNG or JPEG, or only a part of one"
        raise _fault(path, f"it is {what}", "Save it as a PNG or JPEG file")
    if max(sides) > LOGO_SIDE_MAX:
        problem = f"it is {sides[0]} × {sides[1]} pixels, and {LOGO_SIDE_MAX} a side are the most"
        raise _fault(path, problem, "Save it smaller: it is printed 6 cm wide")
    return str(path.resolve())


def _fault(path: Path, problem: str, remedy: str) -> ConfigError:
    return ConfigError([Fault("config/holdline.toml", "desk.logo", f"{path}: {problem}", remedy)])


def _sides(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, from the head of a picture that is whole; None for anything else."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and b"IEND" in content[-16:]:
        width, height = struct.unpack(">II", content[16:24])
    elif content.startswith(_JPEG) and b"\xff\xd9" in content[-64:]:
        found = _frame(content)
        if found is None:
            return None
        height, width = found
    else:
        return None
    return (width, height) if width and height else None


def _frame(content: bytes) -> tuple[int, int] | None:
    """Height and width, from the segment of a JPEG that begins its frame (SOF; ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return height, width
        at += 2 + max(2, length)
    return None
