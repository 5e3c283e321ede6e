"""What the fault tests share: how many rounds, and the desk's mark on each of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `number` is one round; it is repeated HOLDLINE_SOAK_ROUNDS times."""
    if "number" in metafunc.fixturenames:
        metafunc.parametrize("number", range(int(os.environ.get("HOLDLINE_SOAK_ROUNDS") or 3)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("faults")
