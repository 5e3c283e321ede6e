"""What people set for themselves in the home tab: choices that carry their command line, and fields to type in. Pure.

A choice is signed like a button. A field needs no signature: what is typed in it is a command as if it were typed
anywhere, with the person's own rights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.slack.orders import BUTTON, TYPED
from bot.notices.catalogues import LANGUAGES
from bot.tokens import Signer

Block = dict[str, Any]
# What is asked, and each answer's words and command line.
_CHOICES: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("Language", [(name, f"language {code}") for code, name in LANGUAGES.items()]),
    (
        "Quiet hours",
        [
            ("No quiet hours", "quiet off"),
            ("18:00 to 08:00", "quiet 18:00-08:00"),
            ("20:00 to 07:00", "quiet 20:00-07:00"),
            ("22:00 to 07:00", "quiet 22:00-07:00"),
        ],
    ),
    (
        "Tell me first by",
        [("Slack", "channels slack"), ("Telegram", "channels telegram"), ("Email", "channels email")],
    ),
)
_ABSENCE = (
    "I am",
    [
        ("here", "back"),
        ("away until tomorrow 09:00", "away until tomorrow 09:00"),
        ("away until Monday 09:00", "away until mon 09:00"),
    ],
)
_FIELDS: Mapping[str, tuple[str, str]] = {
    "quiet": ("Other quiet hours", "22:00-07:00"),
    "zone": ("My time zone", "Europe/Berlin"),
    "hours": ("My working hours", "Mon-Fri 09:00-17:00"),
}


def settings_blocks(signer: Signer, *, is_staff: bool) -> list[Block]:
    """The choices in one row, and below them the fields, each sent by Enter."""
    choices = [*_CHOICES, _ABSENCE] if is_staff else _CHOICES
    row = {"type": "actions", "elements": [_select(words, options, signer) for words, options in choices]}
    names = _FIELDS if is_staff else ("quiet",)
    return [row, *(_field(name) for name in names)]


def _select(words: str, options: Sequence[tuple[str, str]], signer: Signer) -> Block:
    return {
        "type": "static_select",
        "action_id": f"choose:{options[0][1].partition(' ')[0]}",
        "placeholder": _plain(words),
        "options": [{"text": _plain(label), "value": signer.sign(BUTTON, f"0 {line}")} for label, line in options],
    }


def _field(verb: str) -> Block:
    label, example = _FIELDS[verb]
    return {
        "type": "input",
        "dispatch_action": True,
        "optional": True,
        "block_id": f"type:{verb}",
        "label": _plain(label),
        "element": {
            "type": "plain_text_input",
            "action_id": f"{TYPED}{verb}",
            "placeholder": _plain(example),
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            "max_length": 100,
        },
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}
