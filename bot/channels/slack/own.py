"""What people set for themselves in the home tab: choices that carry their command line, and fields to type in. Pure.

A choice is signed like a button. A field needs no signature: what is typed in it is a command as if it were typed
anywhere, with the person's own rights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.channels.slack.orders import BUTTON, TYPED
from bot.notices.catalogues import LANGUAGES
from bot.notices.texts import text_of
from bot.tokens import Signer

Block = dict[str, Any]
_SPANS = ("18:00-08:00", "20:00-07:00", "22:00-07:00")
# The key of each field's label, and an example.
_FIELDS: Mapping[str, tuple[str, str]] = {
    "quiet": ("own other quiet", "22:00-07:00"),
    "zone": ("own zone", "Europe/Berlin"),
    "hours": ("own hours", "Mon-Fri 09:00-17:00"),
}


def settings_blocks(signer: Signer, language: str, *, is_staff: bool) -> list[Block]:
    """The choices in one row, and below them the fields, each sent by Enter."""
    elements = [_select(words, options, signer) for words, options in _choices(language, is_staff=is_staff)]
    names = _FIELDS if is_staff else ("quiet",)
    return [{"type": "actions", "elements": elements}, *(_field(name, language) for name in names)]


def _choices(language: str, *, is_staff: bool) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """What is asked, and each answer's words and command line."""

    def say(key: str, **values: str) -> str:
        return text_of(language, f"own {key}").format_map(values)

    yield say("language"), [(name, f"language {code}") for code, name in LANGUAGES.items()]
    spans = [(span, *span.split("-")) for span in _SPANS]
    quiet = [(say("span", begin=begin, end=end), f"quiet {span}") for span, begin, end in spans]
    yield say("quiet"), [(say("no quiet"), "quiet off"), *quiet]
    channels = [("Slack", "channels slack"), ("Telegram", "channels telegram"), (say("email"), "channels email")]
    yield say("first"), channels
    if is_staff:
        away = [(say("away tomorrow"), "away until tomorrow 09:00"), (say("away monday"), "away until mon 09:00")]
        yield say("absence"), [(say("here"), "back"), *away]


def _select(words: str, options: Sequence[tuple[str, str]], signer: Signer) -> Block:
    return {
        "type": "static_select",
        "action_id": f"choose:{options[0][1].partition(' ')[0]}",
        "placeholder": _plain(words),
        "options": [{"text": _plain(label), "value": signer.sign(BUTTON, f"0 {line}")} for label, line in options],
    }


def _field(verb: str, language: str) -> Block:
    label, example = _FIELDS[verb]
    return {
        "type": "input",
        "dispatch_action": True,
        "optional": True,
        "block_id": f"type:{verb}",
        "label": _plain(text_of(language, label)),
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
