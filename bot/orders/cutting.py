"""Lists that are cut, and say so. A query that may be cut finds one row more than is shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sentences import joined, sentence


def rest(rows: Sequence[object], most: int) -> list[str]:
    """What stands below the first `most` of them: nothing, or that there are more."""
    return [sentence("list cut", count=most)] if len(rows) > most else []


def with_rest(listed: str, rows: Sequence[object], most: int) -> str:
    """A list of the first `most` of these rows, and that there are more."""
    return joined("\n", [listed, *rest(rows, most)]) if len(rows) > most else listed
