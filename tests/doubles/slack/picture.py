"""Block Kit as a person would see it, in plain characters, for snapshot tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def picture(blocks: Iterable[Mapping[str, Any]]) -> str:
    """One line a text, fields in a column, `[Label]` a button (`[*…]` primary, `[!…]` danger)."""
    return "\n".join(_block(block) for block in blocks)


def _block(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    if kind == "actions":
        return " ".join(_button(button) for button in block["elements"])
    if kind == "context":
        return "~ " + " ".join(element["text"] for element in block["elements"])
    if kind == "divider":
        return "----"
    lines = [block["text"]["text"]] if "text" in block else []
    return "\n".join(lines + ["| " + field["text"].replace("\n", ": ") for field in block.get("fields", ())])


def _button(button: Mapping[str, Any]) -> str:
    mark = {"primary": "*", "danger": "!"}.get(button.get("style", ""), "")
    return f"[{mark}{button['text']['text']}]"
