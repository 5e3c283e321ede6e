"""What Slack says of blocks: the first faults found, or none. Limits from Slack's Block Kit reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

TOTAL_LENGTH_MAX = 13_200
Fault = str


def faults(blocks: object, *, blocks_max: int = 50) -> list[Fault]:
    """Why Slack would answer invalid_blocks."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["blocks is not a list of objects"]
    found = list(_count(blocks, blocks_max))
    names: list[str] = []
    for place, block in enumerate(blocks):
        found += [f"/blocks/{place}: {fault}" for fault in _block(block)]
        names += [element.get("action_id", "") for element in block.get("elements", ()) if "action_id" in element]
    if len(names) != len(set(names)):
        found.append("action_id already exists in this message")
    return found


def is_too_long(blocks: list[dict[str, Any]]) -> bool:
    """Why Slack would answer msg_blocks_too_long; it counts containers as well, measured by others."""
    return len(json.dumps(blocks, ensure_ascii=False)) > TOTAL_LENGTH_MAX


def _count(blocks: list[Any], blocks_max: int) -> Iterator[Fault]:
    if len(blocks) > blocks_max:
        yield f"no more than {blocks_max} items allowed"


def _block(block: dict[str, Any]) -> Iterator[Fault]:
    kind = block.get("type")
    if kind == "section":
        yield from _section(block)
    elif kind == "header":
        yield from _text(block.get("text"), 150, {"plain_text"})
    elif kind == "context":
        elements = block.get("elements", [])
        if not 1 <= len(elements) <= 10:
            yield "a context takes 1 to 10 elements"
        for element in elements:
            yield from _text(element, 3_000, {"mrkdwn", "plain_text"})
    elif kind == "actions":
        yield from _actions(block)
    elif kind == "input":
        yield from _text(block.get("label"), 2_000, {"plain_text"})
        yield from _element(block.get("element"))
    elif kind != "divider":
        yield f"unsupported type: {kind}"


def _section(block: dict[str, Any]) -> Iterator[Fault]:
    if "text" not in block and "fields" not in block:
        yield "a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], 3_000, {"mrkdwn", "plain_text"})
    fields = block.get("fields", [])
    if "fields" in block and not 1 <= len(fields) <= 10:
        yield "a section takes 1 to 10 fields"
    for field in fields:
        yield from _text(field, 2_000, {"mrkdwn", "plain_text"})


def _actions(block: dict[str, Any]) -> Iterator[Fault]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield "no more than 25 items allowed, and one at least"
    for element in elements:
        if element.get("type") == "static_select":
            yield from _element(element)
            continue
        if element.get("type") != "button":
            yield f"unsupported element: {element.get('type')}"
            continue
        yield from _text(element.get("text"), 75, {"plain_text"})
        if len(element.get("action_id", "")) > 255:
            yield "action_id is longer than 255"
        if len(element.get("value", "")) > 2_000:
            yield "value is longer than 2000"
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"unknown style {element.get('style')}"


def _element(element: object) -> Iterator[Fault]:
    """The element of an input."""
    if not isinstance(element, dict) or element.get("type") not in {"plain_text_input", "static_select"}:
        yield "an input needs an element that takes one"
        return
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, {"plain_text"})
    if element["type"] == "plain_text_input":
        if not 0 < element.get("max_length", 1) <= 3_000:
            yield "max_length must be 1 to 3000"
        return
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield "a select takes 1 to 100 options"
    for option in options:
        yield from _text(option.get("text"), 75, {"plain_text"})
        if not 1 <= len(option.get("value", "")) <= 75:
            yield "an option's value has 1 to 75 characters"


def _text(text: object, length_max: int, kinds: set[str]) -> Iterator[Fault]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"text must be one of {sorted(kinds)}"
        return
    said = text.get("text")
    if not isinstance(said, str) or not 1 <= len(said) <= length_max:
        yield f"must be 1 to {length_max} characters"
    if "verbatim" in text and text["type"] != "mrkdwn":
        yield "verbatim is for mrkdwn alone"
