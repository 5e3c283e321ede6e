"""What a Telegram message holds: its words, its files, and a line for what is neither. Pure, over the raw JSON.

Raw dictionaries instead of the library's objects: building those costs more than everything else on the way in. A
payload of the wrong shape raises `Unreadable`, which sends it to quarantine. Telegram writes ids as numbers and texts
as strings; other servers of the Bot API mix the two up, which costs nothing to understand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.markup import clean
from bot.errors import BotError

Json = Mapping[str, Any]
NAME_LENGTH_MAX = 120
NUMBER = re.compile(r"-?[0-9]{1,18}")
UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
# Kind, the name it gets when it brings none, and its usual type.
FILES = (
    ("document", "document", "application/octet-stream"),
    ("animation", "animation.mp4", "video/mp4"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("video", "video.mp4", "video/mp4"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("video_note", "video.mp4", "video/mp4"),
)


class Unreadable(BotError):
    """The payload does not have the shape of a Telegram update."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that still lies with Telegram. size_bytes: 0 where unknown."""

    file_id: str
    filename: str
    content_type: str
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """text: the words, or a line in brackets that says what came instead of words."""

    text: str
    files: tuple[RemoteFile, ...] = ()


def read(message: Json) -> Content | None:
    """The content of a message; None for a service message, which nobody wrote."""
    words = maybe(message, "text", str) or maybe(message, "caption", str) or ""
    files = _files(message)
    spoken = _spoken(message)
    if not words and not files and not spoken:
        return None
    text = clean(words).strip()
    if spoken:
        text = f"{text}\n{spoken}" if text else spoken
    return Content(text=text, files=files)


def maybe(source: Json, name: str, kind: type) -> Any:
    """A member of this type, or None where there is none. Raises Unreadable for one of another type."""
    value = source.get(name)
    if value is None:
        return None
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    if kind is int and isinstance(value, str) and NUMBER.fullmatch(value):
        return int(value)
    if kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind is bool and value in (0, 1, "true", "false"):
        return value in (1, "true")
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unreadable(f"{name} is not {kind.__name__}")


def moment_of(source: Json, name: str) -> str:
    """A time as it is written, to tell two messages apart by; "0" where there is none."""
    value = source.get(name)
    return str(value)[:40] if isinstance(value, str | int | float) and value else "0"


def need(source: Json, name: str, kind: type) -> Any:
    """A member of this type. Raises Unreadable where it is missing."""
    value = maybe(source, name, kind)
    if value is None:
        raise Unreadable(f"{name} is missing")
    return value


def _files(message: Json) -> tuple[RemoteFile, ...]:
    found = []
    photo = maybe(message, "photo", list)
    if photo:
        found.append(_photo(photo, message))
    for kind, name, content_type in FILES:
        source = maybe(message, kind, dict)
        # An animation comes a second time as a document.
        if source is not None and not (kind == "animation" and "document" in message):
            found.append(_file(source, name, content_type))
    return tuple(found)


def _photo(sizes: list[Any], message: Json) -> RemoteFile:
    """The largest of the sizes Telegram keeps of a photo."""
    if not all(isinstance(size, dict) for size in sizes):
        raise Unreadable("photo is not a list of sizes")
    largest = max(sizes, key=lambda size: (maybe(size, "width", int) or 0) * (maybe(size, "height", int) or 0))
    return _file(largest, f"photo-{message.get('message_id', '')}.jpg", "image/jpeg")


def _file(source: Json, name: str, content_type: str) -> RemoteFile:
    return RemoteFile(
        file_id=need(source, "file_id", str),
        filename=safe_name(maybe(source, "file_name", str) or "") or name,
        content_type=_one_line(maybe(source, "mime_type", str) or "") or content_type,
        size_bytes=maybe(source, "file_size", int) or 0,
    )


def safe_name(name: str) -> str:
    """A file name without folders and control characters, its ending kept when it is cut."""
    name = UNSAFE.sub("_", clean(name)).strip(" .")
    if len(name) <= NAME_LENGTH_MAX:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:NAME_LENGTH_MAX]
    return f"{stem[: NAME_LENGTH_MAX - len(ending) - 1]}.{ending}"


def _spoken(message: Json) -> str:
    """A line for what has no words of its own."""
    lines = []
    for kind, says in SPOKEN.items():
        source = message.get(kind)
        if isinstance(source, dict):
            lines.append(f"[{says(source)}]")
    if "venue" in message and "location" in message:
        # A venue repeats its location, which stands last.
        del lines[-1]
    return "\n".join(lines)


def _one_line(value: object, length_max: int = 200) -> str:
    return " ".join(clean(str(value or "")).split())[:length_max]


def _voice(source: Json) -> str:
    seconds = maybe(source, "duration", int) or 0
    return f"voice message, {seconds // 60}:{seconds % 60:02}"


def _sticker(source: Json) -> str:
    return f"sticker {_one_line(source.get('emoji'), 20)}".strip()


def _venue(source: Json) -> str:
    title, address = _one_line(source.get("title")), _one_line(source.get("address"))
    place = source.get("location")
    where = _location(place) if isinstance(place, dict) else "location"
    return ", ".join(part for part in (title, address, where) if part)


def _location(source: Json) -> str:
    latitude, longitude = source.get("latitude"), source.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Unreadable("location has no coordinates")
    return f"location {latitude:.6f}, {longitude:.6f}"


def _contact(source: Json) -> str:
    name = _one_line(f"{source.get('first_name') or ''} {source.get('last_name') or ''}")
    return f"contact {name}: {_one_line(source.get('phone_number'), 40)}"


def _poll(source: Json) -> str:
    return f"poll: {_one_line(source.get('question'), 300)}"


def _dice(source: Json) -> str:
    return f"dice {_one_line(source.get('emoji'), 20)} {_one_line(source.get('value'), 10)}"


SPOKEN = {
    "voice": _voice,
    "sticker": _sticker,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
    "venue": _venue,
    "location": _location,
}
