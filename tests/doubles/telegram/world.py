"""Who and what exists on the service: chats, topics, messages, files, and the updates that wait."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock, SystemClock
from tests.doubles.telegram.rules import Refusal, bad, units

CALLBACK_SECONDS = 15.0
Json = dict[str, Any]


@dataclass
class Chat:
    id: int
    type: str
    name: str
    is_forum: bool = False
    topics: set[int] = field(default_factory=set)
    topic_names: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    refuses: Refusal | None = None
    messages: dict[int, Json] = field(default_factory=dict)

    def to_json(self) -> Json:
        key = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, key: self.name} | ({"is_forum": True} if self.is_forum else {})


class World:
    """The state of the double. Tests act on it directly; the bot sees it through HTTP."""

    def __init__(self, *, token: str, username: str, clock: Clock | None) -> None:
        self.token, self.username = token, username
        self.bot_id = int(token.partition(":")[0])
        self.clock = clock or SystemClock()
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.queries: dict[str, float] = {}
        self.pending: list[Json] = []
        self.changed = asyncio.Condition()
        self._next_update = 5001

    # ------------------------------------------------------------ people and chats

    def add_person(self, person_id: int, name: str, *, has_started: bool = True) -> None:
        first, _, last = name.partition(" ")
        self.people[person_id] = {"id": person_id, "is_bot": False, "first_name": first, "last_name": last}
        if has_started:
            self.chats[person_id] = Chat(person_id, "private", first)

    def add_group(self, chat_id: int, title: str, *, is_forum: bool = False, topics: tuple[int, ...] = ()) -> None:
        kind = "supergroup" if chat_id < -1000 or is_forum else "group"
        self.chats[chat_id] = Chat(chat_id, kind, title, is_forum, set(topics))

    def block(self, person_id: int) -> None:
        self.chats[person_id].refuses = Refusal(403, "Forbidden: bot was blocked by the user")

    def deactivate(self, person_id: int) -> None:
        self.chats[person_id].refuses = Refusal(403, "Forbidden: user is deactivated")

    def kick(self, chat_id: int) -> None:
        self.chats[chat_id].refuses = Refusal(403, "Forbidden: bot was kicked from the group chat")

    def close_topic(self, chat_id: int, topic: int) -> None:
        self.chats[chat_id].topics.discard(topic)

    def migrate(self, old: int, new: int) -> None:
        """A group becomes a supergroup: both service messages, and the old id refers to the new one."""
        group = self.chats[old]
        self.add_group(new, group.name)
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        group.refuses = Refusal(400, description, {"migrate_to_chat_id": new})
        sender = next(iter(self.people.values()), {"id": 1, "is_bot": False, "first_name": "Somebody"})
        self._message(self.chats[old], sender, {"migrate_to_chat_id": new})
        self._message(self.chats[new], sender, {"migrate_from_chat_id": old})

    # ------------------------------------------------------------ what people do

    def says(self, person_id: int, text: str, *, chat: int | None = None, **extra: Any) -> Json:
        """A person writes; commands and mentions get their entities. Returns the message."""
        return self._write(person_id, chat, {"text": text, "entities": self._entities(text)}, extra)

    def sends_file(
        self,
        person_id: int,
        kind: str,
        content: bytes,
        *,
        filename: str = "",
        caption: str = "",
        chat: int | None = None,
        **extra: Any,
    ) -> Json:
        """A person sends a photo, document, voice … Returns the message."""
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = (f"{kind}s/{filename or file_id}", content)
        described = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        if filename:
            described["file_name"] = filename
        body: Json = {kind: described}
        if kind == "photo":
            small = described | {"file_id": f"{file_id}-small", "width": 90, "height": 90, "file_size": 100}
            body = {kind: [small, described | {"width": 1280, "height": 960}]}
        if caption:
            body |= {"caption": caption, "caption_entities": self._entities(caption)}
        return self._write(person_id, chat, body, extra)

    def edits(self, message: Json, text: str) -> Json:
        """The person changes a message it wrote."""
        changed = message | {"text": text, "entities": self._entities(text), "edit_date": self._date()}
        self.chats[message["chat"]["id"]].messages[message["message_id"]] = changed
        self.inject({"edited_message": changed})
        return changed

    def presses(self, person_id: int, message: Json, label: str) -> str:
        """A person presses a button under a message; returns the query's id."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        data = next(button["callback_data"] for button in buttons if button["text"] == label)
        return self.presses_data(person_id, message, data)

    def presses_data(self, person_id: int, message: Json, data: str) -> str:
        query_id = f"{8_000_000 + len(self.queries)}"
        self.queries[query_id] = self.clock.monotonic()
        query = {"id": query_id, "from": self.people[person_id], "message": message, "data": data}
        self.inject({"callback_query": query | {"chat_instance": "1"}})
        return query_id

    def inject(self, update: Any, *, has_id: bool = True) -> int:
        """Any update at all; it gets the next update_id. Returns it."""
        update_id = self._next_update
        self._next_update += 1
        self.pending.append({"update_id": update_id} | update if has_id else update)
        asyncio.get_running_loop().create_task(self._tell())
        return update_id

    async def until(self, is_so: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for what follows from calls of the bot. Fails after a while."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(is_so), seconds)

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until nothing is pending. Fails after a while."""
        await self.until(lambda: not self.pending, seconds)

    # ------------------------------------------------------------ what the bot sent

    def sent(self, chat_id: int) -> list[Json]:
        """The bot's messages in a chat, oldest first."""
        messages = self.chats[chat_id].messages.values()
        spoken = (message for message in messages if "forum_topic_created" not in message)
        return [message for message in spoken if message["from"]["id"] == self.bot_id]

    def texts(self, chat_id: int) -> list[str]:
        return [message.get("text") or message.get("caption") or "" for message in self.sent(chat_id)]

    def last(self, chat_id: int) -> Json:
        return self.sent(chat_id)[-1]

    def labels(self, message: Json) -> list[str]:
        markup = message.get("reply_markup") or {"inline_keyboard": []}
        return [button["text"] for row in markup.get("inline_keyboard", ()) for button in row]

    # ------------------------------------------------------------ inner workings

    def chat_for(self, chat_id: object) -> Chat:
        """The chat the bot wants to write to. Refused: unknown, blocked, moved."""
        text = str(chat_id)
        chat = self.chats.get(int(text)) if text.removeprefix("-").isdigit() else None
        if chat is None and text.isdigit() and int(text) in self.people:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if chat is None:
            raise bad("chat not found")
        if chat.refuses is not None:
            raise chat.refuses
        return chat

    def keep(self, chat: Chat, sender: Json, body: Json) -> Json:
        """A message with the chat's next id, kept."""
        message_id = max(chat.messages, default=100) + 1
        message = {"message_id": message_id, "date": self._date(), "chat": chat.to_json(), "from": sender} | body
        chat.messages[message_id] = message
        return message

    def bot_user(self) -> Json:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Holdline", "username": self.username}

    def _write(self, person_id: int, chat_id: int | None, body: Json, extra: Json) -> Json:
        chat = self.chats[chat_id if chat_id is not None else person_id]
        topic, reply_to = extra.pop("topic", None), extra.pop("reply_to", None)
        if topic is not None:
            body |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to is not None:
            body["reply_to_message"] = {key: value for key, value in reply_to.items() if key != "reply_to_message"}
        return self._message(chat, self.people[person_id], body | extra)

    def _message(self, chat: Chat, sender: Json, body: Json) -> Json:
        message = self.keep(chat, sender, body)
        self.inject({"message": message})
        return message

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def _date(self) -> int:
        return int(self.clock.now().timestamp())

    def _entities(self, text: str) -> list[Json]:
        found = []
        for kind, pattern in (("bot_command", r"(?<!\S)/[A-Za-z0-9_]+(@\w+)?"), ("mention", r"(?<!\S)@\w+")):
            for match in re.finditer(pattern, text):
                start = units(text[: match.start()])
                found.append({"type": kind, "offset": start, "length": units(match.group())})
        return found
