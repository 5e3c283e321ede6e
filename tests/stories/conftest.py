"""Each story runs on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import Store
from tests.desk import Desk


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """A desk without people, on a Wednesday morning in New York."""
    return Desk(store, tmp_path)
