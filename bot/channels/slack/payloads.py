"""What a payload of Slack's can turn out to be, and how its parts are read without trusting its shape."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bot.commands.forms import Form
from bot.messages import Handle, InboundMessage, News, Order

Payload = Mapping[str, Any]
FORM_FIELDS_MAX = 100
# NUL and lone surrogates pass JSON, but no database and no encoder takes them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable(ValueError):
    """The payload is not what Slack documents; the message names the part."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace: its id, the bot's user id, and the bot's id in the posts it wrote; "" unknown."""

    team: str = ""
    user: str = ""
    bot: str = ""


NOBODY = Identity()
# Marks what we post, so that it is known as ours wherever it comes back from.
OURS = "holdline_delivery"
# Where a listener puts what names the request that brought a payload; nobody outside can write it.
REQUEST = "holdline request"
# Stands for the workspace where nothing that Slack sends or answers names it.
SOME_TEAM = "T0"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that lies at Slack; `url` asks for the bot's token, `permalink` is for people."""

    file_id: str
    filename: str
    content_type: str
    size_bytes: int
    url: str
    permalink: str

    @property
    def mention(self) -> str:
        """What is said of it where it could not be kept, so that nobody misses it silently."""
        return f"[File not fetched: {self.filename}, {self.size_bytes} bytes, {self.permalink or 'in Slack'}]"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message for the desk, and the files that still have to be fetched.

    is_command: it was typed as `/ticket new …`, which Slack never repeats and answers in the acknowledgement.
    """

    message: InboundMessage
    files: tuple[RemoteFile, ...] = ()
    is_command: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A command. Its answer goes into the acknowledgement (slash command, form) or to `reply_url` (button).

    trigger_id: opens a view within three seconds; "" where there is none. form: what it was written in.
    """

    order: Order
    reply_url: str
    is_button: bool = False
    trigger_id: str = ""
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Pointed:
    """Somebody pointed at a message, by shortcut or reaction: it and its thread become a ticket.

    found: the message itself where Slack sent it along, else None. person: who waits for an answer, by Slack's id; ""
    for nobody.
    """

    team: str
    channel: str
    message_id: str
    reply_url: str = ""
    found: Payload | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A press or a form that cannot be carried out; the sentence goes to the one who gave it, by Slack's id."""

    text: str
    reply_url: str
    is_form: bool = False
    person: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Slack checks that the address is ours: answer with this word."""

    word: str


@dataclass(frozen=True, slots=True)
class Ignored:
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """News of Slack itself, for a manager; team: the workspace that it is of."""

    news: News
    team: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody opened the app's home tab."""

    person: Handle
    key: str


@dataclass(frozen=True, slots=True)
class Links:
    """Somebody wrote links to tickets.

    tickets: address → number. where: as chat.unfurl takes it.
    """

    person: Handle
    conversation: str
    tickets: Mapping[str, int]
    where: Mapping[str, str]
    key: str


Translation = Heard | Given | Pointed | Refused | Challenge | Ignored | Told | HomeOpened | Links


def is_complete(payload: Payload) -> bool:
    """Does it say which workspace it is about and, if it is an event, who the bot is?"""
    if "event" not in payload:
        return bool(payload.get("team_id") or payload.get("team")) or not payload.keys() & {
            "command",
            "user",
            "actions",
        }
    return bool(payload.get("team_id") and payload.get("authorizations"))


def team_of(payload: Payload) -> str:
    """The workspace whose token a payload is about: that of the installation which it was sent to; "" if unsaid."""
    sent_to = next((row.get("team_id") for row in parts(payload, "authorizations")), "")
    team, person = payload.get("team"), payload.get("user")
    named = team.get("id") if isinstance(team, Mapping) else ""
    home = person.get("team_id") if isinstance(person, Mapping) else ""
    words = (sent_to, payload.get("team_id"), named, home, enterprise_of(payload))
    return next((word for word in words if word and isinstance(word, str)), "")


def enterprise_of(payload: Payload) -> str:
    """The organisation that installed the app for all of its workspaces; "" where each workspace installs it itself."""
    rows = [payload, *parts(payload, "authorizations")]
    # A form says it in words.
    if not any(row.get("is_enterprise_install") in (True, "true") for row in rows):
        return ""
    whole = payload.get("enterprise")
    named = [whole.get("id") if isinstance(whole, Mapping) else "", *(row.get("enterprise_id") for row in rows)]
    return next((word for word in named if word and isinstance(word, str)), "")


def completed(payload: Payload, me: Identity) -> Payload:
    """The payload with what it leaves out of the workspace and the bot, as we know them from elsewhere."""
    if is_complete(payload):
        return payload
    event, team = part(payload, "event"), me.team or SOME_TEAM
    said = next((string(row, "team_id") for row in parts(payload, "authorizations")), "")
    missing: dict[str, Any] = {}
    if not payload.get("team_id"):
        person = payload.get("user")
        home = string(person, "team_id") if isinstance(person, Mapping) else ""
        missing["team_id"] = said or string(event, "team") or home or enterprise_of(payload) or team
    if not payload.get("team"):
        missing["team"] = {"id": payload.get("team_id") or missing.get("team_id")}
    if event and not payload.get("authorizations") and me.user:
        missing["authorizations"] = [{"team_id": me.team, "user_id": me.user}]
    return {**payload, **missing}


def is_ours(message: Payload, bot_user: str) -> bool:
    """Did we write this message? Slack says so by a bot's id; others by our user alone, or by our own mark on it."""
    author = string(message, "user")
    return bool(bot_user and author == bot_user) or string(part(message, "metadata"), "event_type") == OURS


def string(payload: Payload, key: str, *, is_needed: bool = False) -> str:
    """A string of the payload, "" where it is missing. Raises Unreadable where it is needed, or is no string."""
    value = payload.get(key)
    if isinstance(value, str) and value:
        return value if value.isascii() and "\0" not in value else storable(value)
    if value is None or value == "":
        if is_needed:
            raise Unreadable(f"{key} is missing")
        return ""
    if isinstance(value, float):
        # A message's time, which names it, with its six places.
        return f"{value:.6f}"
    if isinstance(value, int):
        return str(value)
    raise Unreadable(f"{key} is not text")


def part(payload: Payload, key: str, *, is_needed: bool = False) -> Payload:
    """An object within the payload, empty where it is missing. Raises Unreadable as `string` does."""
    value = payload.get(key)
    if isinstance(value, Mapping):
        return value
    if value is None and not is_needed:
        return {}
    raise Unreadable(f"{key} is missing" if value is None else f"{key} is not an object")


def parts(payload: Payload, key: str) -> list[Payload]:
    """The objects of a list in the payload; what is no object is left out."""
    value = payload.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def storable(value: str) -> str:
    """Without the characters that no database takes."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def digest(*pieces: str) -> str:
    """A key for what Slack gives no id of its own: the same pieces, the same key."""
    return hashlib.sha256("\0".join(pieces).encode()).hexdigest()[:40]


def read_body(content_type: bytes, body: bytes) -> dict[str, Any]:
    """The payload in a request's body: JSON, a form, or JSON in the form's field `payload`. Raises ValueError."""
    # Slack says which of the two it is; what stands in for it may not.
    if content_type.lower().startswith(b"application/json") or body.lstrip().startswith(b"{"):
        payload = _object(body)
    else:
        form = _form(body.decode())
        payload = _object(form["payload"]) if "payload" in form else form
    return payload


def _form(text: str) -> dict[str, Any]:
    """A form's fields, the last of each name. A fifth of the time of urllib's, which asks each field for its kind."""
    if text.count("&") >= FORM_FIELDS_MAX:
        raise ValueError("too many fields")
    form: dict[str, Any] = {}
    for field in text.split("&"):
        name, _, value = field.partition("=")
        if "+" in value:
            value = value.replace("+", " ")
        form[name] = unquote(value) if "%" in value else value
    return form


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def raw_of(payload: object) -> bytes:
    """A payload as bytes, for quarantine, as it came."""
    if isinstance(payload, Mapping):
        payload = {name: value for name, value in payload.items() if name != REQUEST}
    return json.dumps(payload, default=str).encode()
