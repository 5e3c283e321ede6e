"""What chats say by themselves, in English: the home tab, forms and questions, and words about a press; see `texts`.

The labels of forms stand with their questions, in `commands.forms`.
"""

from __future__ import annotations

from collections.abc import Mapping

CHAT: Mapping[str, str] = {
    # ---- the home tab
    "home you": "You",
    "home mine": "My offers and tickets",
    "home accounts": "My accounts",
    "home status": "My tickets",
    "home balance": "My balance",
    "home settings": "My settings",
    "own language": "Language",
    "own quiet": "Quiet hours",
    "own no quiet": "No quiet hours",
    "own span": "{begin} to {end}",
    "own first": "Tell me first by",
    "own email": "Email",
    "own absence": "I am",
    "own here": "here",
    "own away tomorrow": "away until tomorrow 09:00",
    "own away monday": "away until Monday 09:00",
    "own other quiet": "Other quiet hours",
    "own zone": "My time zone",
    "own hours": "My working hours",
    # ---- forms and questions
    "form close": "Close this",
    "form done": "Done.",
    "form invalid": "Not valid",
    "form answer this": "Answer this message:",
    "form optional": "(if you like)",
    "form bare": "Without any of it: {example}",
    "form not opened": "The form could not be opened. Press again, or write the command, for example: {example}",
    # ---- about a press or a command
    "chat busy": "The desk is busy just now and did nothing. Please try again in a minute.",
    "chat fault": "That failed, and the fault is ours. Nothing was changed; the log says why. Please try again later.",
    "chat opened": "That is ticket {id} now.",
    "chat kept": "The desk has your words.",
    "chat nothing found": "There is no message of a person there that could become a ticket.",
    "chat stale": "This button is no longer valid.",
    "chat unread": "That could not be read; nothing was done. The desk is told.",
}
