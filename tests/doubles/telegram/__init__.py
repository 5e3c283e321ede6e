"""A strict double of Telegram's Bot API on loopback: it refuses what the real service refuses, and records the rest.

    async with TelegramDouble() as telegram:
        config = TelegramConfig(token=telegram.token, api_url=telegram.url)
        ...
        telegram.add_person(7, "Ann Lee")                    # opens the private chat 7
        telegram.add_group(-1001, "Acme", is_forum=True)
        telegram.says(7, "The printer is on fire")           # an update waits for getUpdates
        telegram.says(7, "/status", chat=-1001, topic=3)
        telegram.sends_file(7, "document", b"...", filename="a.pdf", caption="see this")
        card = telegram.last(7)                              # what the bot sent there last
        telegram.presses(7, card, "Claim")                   # a callback query
        telegram.edits(7, message, "The printer is on ice")
        telegram.inject({"message": {...}})                  # any update, also a broken one

    await telegram.push()          posts what waits to the webhook that was set, with its secret; returns the statuses
    await telegram.settled()       returns when every update was confirmed by an offset (or pushed)
    await telegram.until(lambda: telegram.texts(7))     returns when a call of the bot has made it so
    telegram.calls                 every call: method, fields, files, and what was answered
    telegram.texts(7)              the words the bot sent to a chat, formatting resolved
    telegram.pending               updates that are not confirmed yet
    telegram.block(7)  .kick(-1001)  .migrate(-5, -1005)  .revoke_token()  .close_topic(-1001, 3)
    telegram.troubles = {"last_error_date": …, "last_error_message": …}     what getWebhookInfo tells beside the rest
    telegram.fail("sendMessage", 502, "Bad Gateway", times=2)   the next calls fail so
    telegram.fail("sendMessage", cut=True)                      does it, then breaks the connection off

What it enforces: token (401), one poller (a second getUpdates ends the first with 409), no getUpdates beside a webhook
(409), 4,096 and 1,024 UTF-16 units after entities, HTML that it can parse, callback data of 1 to 64 bytes, known chats,
topics and messages to answer or edit, unchanged edits, callback answers within 15 s, files of 20 MB, and the rates: 30
messages a second, 1 a second to a chat, 20 a minute to a group (429 with retry_after). `limits=False` lifts the rates.
The rates and the age of callback queries go by the `clock` that is handed in.
"""

from tests.doubles.telegram.posting import Call
from tests.doubles.telegram.service import TelegramDouble

__all__ = ["Call", "TelegramDouble"]
