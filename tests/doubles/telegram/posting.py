"""What the bot may post, edit and answer, and what is refused of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles.telegram.rules import Rates, bad, check_keyboard, resolve
from tests.doubles.telegram.world import CALLBACK_SECONDS, Chat, Json, World

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


@dataclass
class Call:
    """One call of the bot. files: field → (filename, bytes). error: what it was refused with, or ""."""

    method: str
    fields: Json
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    error: str = ""


class Posting(World):
    """The methods that make or change messages; `rates` is None where they are lifted."""

    rates: Rates | None
    answers: dict[str, Json]

    async def _on_sendMessage(self, call: Call) -> Json:  # noqa: N802
        chat = self._count(call.fields)
        fields = call.fields
        text = resolve(fields.get("text"), fields.get("parse_mode"), 4096, "message is too long")
        return self.keep(chat, self.bot_user(), {"text": text} | self._around(chat, fields))

    async def _on_sendPhoto(self, call: Call) -> Json:  # noqa: N802
        content = call.files.get("photo", ("", b""))[1]
        if not content.startswith(IMAGES):
            raise bad("IMAGE_PROCESS_FAILED")
        sizes = [{"file_id": "sent", "file_unique_id": "sent", "width": 640, "height": 480}]
        return self._send_file(call, {"photo": sizes})

    async def _on_sendDocument(self, call: Call) -> Json:  # noqa: N802
        name, content = call.files.get("document", ("", b""))
        if not content:
            raise bad("there is no document in the request")
        document = {"file_id": "sent", "file_unique_id": "sent", "file_name": name, "file_size": len(content)}
        return self._send_file(call, {"document": document})

    def _send_file(self, call: Call, body: Json) -> Json:
        chat = self._count(call.fields)
        if call.fields.get("caption"):
            words = (call.fields["caption"], call.fields.get("parse_mode"))
            body["caption"] = resolve(*words, 1024, "message caption is too long")
        return self.keep(chat, self.bot_user(), body | self._around(chat, call.fields))

    def _around(self, chat: Chat, fields: Json) -> Json:
        """Topic, answered message and keyboard, each checked."""
        body: Json = {}
        check_keyboard(fields.get("reply_markup"))
        if fields.get("reply_markup"):
            body["reply_markup"] = fields["reply_markup"]
        topic = fields.get("message_thread_id")
        if topic is not None:
            if int(topic) not in chat.topics:
                raise bad("message thread not found")
            body |= {"message_thread_id": int(topic), "is_topic_message": True}
        reply = fields.get("reply_parameters")
        if reply:
            answered = chat.messages.get(int(reply["message_id"]))
            if answered is not None:
                body["reply_to_message"] = {"message_id": answered["message_id"], "from": answered["from"]}
            elif not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        return body

    def _count(self, fields: Json) -> Chat:
        chat = self.chat_for(fields.get("chat_id"))
        if self.rates is not None:
            self.rates.count(chat.id)
        return chat

    async def _on_createForumTopic(self, call: Call) -> Json:  # noqa: N802
        chat = self._count(call.fields)
        name = str(call.fields.get("name", ""))
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if not 1 <= len(name) <= 128:
            raise bad("TOPIC_TITLE_INVALID")
        opened = self.keep(chat, self.bot_user(), {"forum_topic_created": {"name": name}})
        chat.topics.add(opened["message_id"])
        chat.topic_names[opened["message_id"]] = name
        return {"message_thread_id": opened["message_id"], "name": name, "icon_color": 7322096}

    async def _on_closeForumTopic(self, call: Call) -> bool:  # noqa: N802
        return self._set_topic(call, is_closed=True)

    async def _on_reopenForumTopic(self, call: Call) -> bool:  # noqa: N802
        return self._set_topic(call, is_closed=False)

    def _set_topic(self, call: Call, *, is_closed: bool) -> bool:
        chat = self.chat_for(call.fields.get("chat_id"))
        topic = int(call.fields["message_thread_id"])
        if topic not in chat.topics:
            raise bad("message thread not found")
        if (topic in chat.closed_topics) == is_closed:
            raise bad("TOPIC_NOT_MODIFIED")
        (chat.closed_topics.add if is_closed else chat.closed_topics.discard)(topic)
        return True

    async def _on_editMessageText(self, call: Call) -> Json:  # noqa: N802
        chat = self._count(call.fields)
        message = chat.messages.get(int(call.fields.get("message_id", 0)))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self.bot_id:
            raise bad("message can't be edited")
        text = resolve(call.fields.get("text"), call.fields.get("parse_mode"), 4096, "message is too long")
        markup = call.fields.get("reply_markup")
        check_keyboard(markup)
        if text == message.get("text") and markup == message.get("reply_markup"):
            same = "specified new message content and reply markup are exactly the same as a current content"
            raise bad(f"message is not modified: {same} and reply markup of the message")
        message |= {"text": text, "edit_date": self._date(), "reply_markup": markup or {"inline_keyboard": []}}
        return message

    async def _on_answerCallbackQuery(self, call: Call) -> bool:  # noqa: N802
        query_id = str(call.fields.get("callback_query_id"))
        asked_at = self.queries.get(query_id)
        if asked_at is None or self.clock.monotonic() - asked_at > CALLBACK_SECONDS:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(str(call.fields.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answers[query_id] = call.fields
        return True
