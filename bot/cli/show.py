"""What commands print: the start table and other columns, as plain text that also reads well in a log."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from bot.settings import RoleStatus


def role_table(statuses: Sequence[RoleStatus], *, width: int | None = None) -> str:
    """Each role, on or off, why, and what to set to turn it on."""
    rows = [(line.name, "on" if line.is_on else "off", line.why, line.to_turn_on) for line in statuses]
    return table(("role", "", "why", "to turn on"), rows, width=width)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None) -> str:
    """Left-aligned columns; the last two share what room is left and wrap."""
    wide = width or max(80, min(160, shutil.get_terminal_size((100, 24)).columns))
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    fixed = sum(widths[:-2]) + 2 * (len(heads) - 1)
    if fixed + sum(widths[-2:]) > wide:
        room = max(24, wide - fixed)
        last = min(widths[-1], room // 2)
        widths[-2:] = [room - last, last]
    lines = []
    for row in (heads, *rows):
        cells = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for index in range(max(len(cell) for cell in cells)):
            parts = [
                (cell[index] if index < len(cell) else "").ljust(size) for cell, size in zip(cells, widths, strict=True)
            ]
            lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)
