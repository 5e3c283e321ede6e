"""What one key of the settings is: its default, how it is read, and the names it answers to."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from bot import readers as r


def setting(default: Any, reader: r.Reader, *, env: str = "", is_secret: bool = False) -> Any:
    """One key: its default, how it is read, and the name people expect it under in the environment.

    Every key answers to HOLDLINE_SECTION_KEY as well. A secret is refused in a file and hidden in `repr`.
    """
    metadata = {"reader": reader, "env": env, "is_secret": is_secret}
    return field(default=default, repr=not is_secret, metadata=metadata)
