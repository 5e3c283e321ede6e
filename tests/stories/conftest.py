"""Each story runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.store import Store
from tests.desk import Desk


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Logs are kept, not written: a traceback that is meant to be there costs a second to lay out."""
    with capture_logs():
        yield


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """A desk without people, on a Wednesday morning in New York."""
    return Desk(store, tmp_path)
