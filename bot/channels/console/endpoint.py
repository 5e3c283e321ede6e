"""Where the console's socket lies. Imported by the command line too, so it imports nothing heavy."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import ConfigError, Fault

LINE_BYTES_MAX = 4 * 1024 * 1024
# The kernel keeps 108 bytes for a Unix socket's path, with its end mark.
PATH_BYTES_MAX = 107


def socket_path(path: Path) -> str:
    """The path to bind or connect to: absolute, or relative where only that is short enough.

    Raises ConfigError when neither is.
    """
    for form in (str(path), os.path.relpath(path)):
        if len(os.fsencode(form)) <= PATH_BYTES_MAX:
            return form
    fault = Fault("environment", "HOLDLINE_FOLDERS_VAR", f"{path} is too long for a socket", "Use a shorter folder")
    raise ConfigError([fault])
