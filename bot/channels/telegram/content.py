"""What a Telegram message holds: its words, its files, and a line for what is neither. Pure, over the raw JSON.

Raw dictionaries instead of the library's objects: building those costs more than everything else on the way in. A
payload of the wrong shape raises `Unreadable`, which sends it to quarantine. Telegram writes ids as numbers and texts
as strings; other servers of the Bot API mix the two up, which costs nothing to understand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.markup import clean
from bot.errors import BotError

Json = Mapping[str, Any]
NAME_LENGTH_MAX = 120
# A poll takes 12 options, a checklist 30 tasks.
ITEMS_MAX = 30
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
    ("live_photo", "video.mp4", "video/mp4"),
)
# Members with an object or a list in them that say how a message came, and not what it holds.
_AROUND = """
    from chat date sender_chat sender_business_bot direct_messages_topic guest_bot_caller_user guest_bot_caller_chat
    forward_origin forward_from forward_from_chat reply_to_message external_reply quote reply_to_story via_bot
    reply_markup entities caption_entities link_preview_options suggested_post_info
"""
AROUND = frozenset(_AROUND.split())
# What Telegram says by itself, in the name of whoever did it.
_SERVICE = """
    new_chat_members new_chat_member new_chat_participant left_chat_member left_chat_participant new_chat_title
    new_chat_photo delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message successful_payment
    refunded_payment users_shared user_shared chat_shared gift unique_gift gift_upgrade_sent connected_website
    write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set chat_owner_left
    chat_owner_changed checklist_tasks_done checklist_tasks_added direct_message_price_changed forum_topic_created
    forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden
    giveaway_created giveaway_completed managed_bot_created paid_message_price_changed poll_option_added
    poll_option_deleted suggested_post_approved suggested_post_approval_failed suggested_post_declined
    suggested_post_paid suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
    video_chat_participants_invited voice_chat_scheduled voice_chat_started voice_chat_ended
    voice_chat_participants_invited web_app_data
"""
SERVICE = frozenset(_SERVICE.split())


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
        spoken = _unread(message)
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
    # A live photo may bring its still picture beside it, or in it.
    photo = maybe(message, "photo", list) or maybe(maybe(message, "live_photo", dict) or {}, "photo", list)
    if photo:
        found.append(_photo(photo, message))
    for kind, name, content_type in FILES:
        source = maybe(message, kind, dict)
        # An animation comes a second time as a document.
        if source is not None and not (kind == "animation" and "document" in message):
            found.append(_file(source, name, content_type))
    for bought in maybe(maybe(message, "paid_media", dict) or {}, "paid_media", list) or ():
        if isinstance(bought, dict):
            # What was not paid for is a preview, without a file.
            inside = {kind: bought[kind] for kind in ("photo", "video", "live_photo") if kind in bought}
            found += _files({"message_id": message.get("message_id"), **inside})
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
    if "paid_media" in message and not _files(message):
        lines.append("[paid media]")
    return "\n".join(lines)


def _unread(message: Json) -> str:
    """A line for a kind of message that Telegram has thought of since; "" for what Telegram says by itself."""
    if not SERVICE.isdisjoint(message):
        return ""
    kinds = (kind for kind, held in message.items() if isinstance(held, dict | list) and kind not in AROUND)
    return "\n".join(f"[{_one_line(kind, 40)}: the desk cannot read this kind of message]" for kind in kinds)


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
    return f"poll: {_listed(source, 'question', 'options')}"


def _checklist(source: Json) -> str:
    return f"checklist: {_listed(source, 'title', 'tasks')}"


def _listed(source: Json, title: str, items: str) -> str:
    below = [each.get("text") for each in maybe(source, items, list) or () if isinstance(each, dict)]
    return "; ".join(line for each in (source.get(title), *below[:ITEMS_MAX]) if (line := _one_line(each, 300)))


def _titled(kind: str) -> Callable[[Json], str]:
    def says(source: Json) -> str:
        title = _one_line(source.get("title"))
        return f"{kind}: {title}" if title else kind

    return says


def _dice(source: Json) -> str:
    return f"dice {_one_line(source.get('emoji'), 20)} {_one_line(source.get('value'), 10)}"


SPOKEN = {
    "voice": _voice,
    "sticker": _sticker,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "story": _titled("story"),
    "game": _titled("game"),
    "invoice": _titled("invoice"),
    "giveaway": _titled("giveaway"),
    "giveaway_winners": _titled("giveaway"),
    "venue": _venue,
    "location": _location,
}
