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
    if kind == "input":
        return _question(block)
    if kind == "header":
        return f"# {block['text']['text']}"
    if kind == "divider":
        return "----"
    lines = [block["text"]["text"]] if "text" in block else []
    return "\n".join(lines + ["| " + field["text"].replace("\n", ": ") for field in block.get("fields", ())])


def modal(view: Mapping[str, Any]) -> str:
    """A whole view: its title, its blocks, its buttons."""
    ends = [f"[{view[name]['text']}]" for name in ("submit", "close") if name in view]
    return "\n".join([f"== {view['title']['text']} ==", picture(view["blocks"]), " ".join(ends)])


def _question(block: Mapping[str, Any]) -> str:
    element, mark = block["element"], "" if block["optional"] else " (needed)"
    if element["type"] == "static_select":
        shown = " / ".join(option["text"]["text"] for option in element["options"])
    else:
        shown = element.get("placeholder", {}).get("text", "")
        shown = f"____{' (lines)' if element.get('multiline') else ''} {shown}".rstrip()
    return f"? {block['label']['text']}{mark}: {shown}"


def _button(button: Mapping[str, Any]) -> str:
    if button["type"] == "static_select":
        options = " / ".join(option["text"]["text"] for option in button["options"])
        return f"<{button['placeholder']['text']}: {options}>"
    mark = {"primary": "*", "danger": "!"}.get(button.get("style", ""), "")
    return f"[{mark}{button['text']['text']}]"
