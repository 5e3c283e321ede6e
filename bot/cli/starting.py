"""The work of `holdline run`."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence

from bot.settings import chosen_roles, load


def start(names: Sequence[str]) -> int:
    """Run the desk in the roles named, all of them if none is; returns once it has stopped."""
    # Nothing that a start makes is garbage, and looking for some costs a tenth of it. Once it is up, the desk looks.
    gc.disable()
    settings = load()
    roles = chosen_roles(names)
    _import_structlog_alone()
    from bot import wiring

    return wiring.run(settings, roles)


def _import_structlog_alone() -> None:
    """Import structlog without rich, which it would load to colour tracebacks: 0.1 s and 7 MB that nobody sees."""
    if "rich" in sys.modules:
        importlib.import_module("structlog")
        return
    # None in this place makes an import fail as if rich were not installed; structlog then does without.
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("structlog")
    finally:
        del sys.modules["rich"]
