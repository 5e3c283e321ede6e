"""The database's address in the forms people paste it in, made into the one form that the store takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

POSTGRESQL = ("postgres://", "postgresql://", "postgresql+psycopg://", "postgresql+psycopg2://")

FaultSink = Callable[[str, str, str, str], None]


def database_url(written: str, root: Path, fault: FaultSink) -> str:
    """sqlite:////absolute/path or postgresql://…, parameters kept. `fault` takes file, key, problem and remedy."""
    remedy = "Write sqlite:///var/holdline.db or postgresql://name@host/database"
    if written.startswith("sqlite:///"):
        path = written.removeprefix("sqlite:///")
        if not path or path == ":memory:" or "?" in path:
            fault("environment", "DATABASE_URL", "the desk keeps its database in a plain file", remedy)
        return f"sqlite:///{root / path}"
    for prefix in POSTGRESQL:
        if written.startswith(prefix):
            return "postgresql://" + written.removeprefix(prefix)
    # Only the scheme is repeated: the rest may hold a password.
    scheme = urlsplit(written).scheme or "it"
    fault("environment", "DATABASE_URL", f"{scheme} is no database that the desk can use", remedy)
    return f"sqlite:///{root / 'var/holdline.db'}"
