"""What an error of Slack's means for a delivery: wait, or give up, and whether the person can still be reached here.

Temporary unless proven permanent. A refusal because of our own token or rights says nothing against the person.
"""

from __future__ import annotations

import math
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryDelayed, DeliveryRefused

# Nothing will ever reach this person here.
DEAD_PERSON = frozenset(
    {"user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "users_not_found", "user_deleted"}
)
# The place is gone, or closed to us; the person may be reached in another.
DEAD_PLACE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
        "not_in_group",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "messages_tab_disabled",
    }
)
# The desk's own token or rights: a manager has to mend it.
DEAD_TOKEN = frozenset(
    {
        "account_inactive",
        "access_denied",
        "app_access_denied",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "invalid_token",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
# What we sent will be refused again.
BAD_POST = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
# The thread is gone, or was never one: the words still fit beside it.
LOST_THREAD = frozenset({"cannot_reply_to_message", "invalid_thread_ts", "thread_not_found"})
# The card is gone, or may no longer be edited: a new one is posted.
LOST_CARD = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})

# The service has no such method: not Slack itself, or an older one.
MISSING = frozenset(
    {
        "deprecated_endpoint",
        "method_deprecated",
        "method_not_found",
        "method_not_implemented",
        "method_not_supported",
        "not_implemented",
        "not_supported",
        "unknown_method",
        "unsupported_method",
    }
)
_MISSING_STATUS = frozenset({404, 405, 501})

_REFUSED = DEAD_PERSON | DEAD_PLACE | DEAD_TOKEN | BAD_POST | LOST_THREAD | LOST_CARD

RETRY_AFTER_SECONDS = 30.0


class SlackDelayed(DeliveryDelayed):
    """Slack failed, or asks to wait. `code` is its own word."""

    def __init__(self, code: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"Slack: {code}", retry_after_seconds)
        self.code = code


class SlackSilent(SlackDelayed):
    """There was no answer in time."""


class SlackMissing(SlackDelayed):
    """There is no such method. Who can do without it does; for all others it may be the address that is wrong."""


class SlackRefused(DeliveryRefused):
    """Slack refuses for good. `code` is its own word."""

    def __init__(self, code: str, *, is_address_dead: bool = False, is_place_closed: bool = False) -> None:
        super().__init__(f"Slack: {code}", is_address_dead=is_address_dead, is_place_closed=is_place_closed)
        self.code = code


def fault_of(error: Exception, *, is_direct: bool = False) -> SlackDelayed | SlackRefused:
    """The error that the courier understands, for one that the client or the network raised.

    is_direct: it was meant for a person and not for a channel, so that a lost conversation is a lost person.
    """
    if isinstance(error, TimeoutError):
        return SlackSilent("no answer in time")
    if not isinstance(error, SlackApiError):
        # The kind alone: the text of a client error may repeat what was sent.
        return SlackDelayed(type(error).__name__)
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    answer = getattr(response, "data", None)
    code = str(answer.get("error") or "") if isinstance(answer, dict) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        said = answer.get("retry_after", "") if isinstance(answer, dict) else ""
        header = {name.lower(): value for name, value in getattr(response, "headers", {}).items()}
        return SlackDelayed("ratelimited", _seconds(header.get("retry-after") or str(said)))
    # Under such a status whatever word it is says the same, but one that Slack itself has for something else.
    if code in MISSING or (status in _MISSING_STATUS and code not in _REFUSED):
        return SlackMissing(code or f"status {status}")
    if code in DEAD_PERSON or (is_direct and code == "channel_not_found"):
        return SlackRefused(code, is_address_dead=True)
    if code in _REFUSED:
        return SlackRefused(code, is_place_closed=code in DEAD_PLACE and not is_direct)
    return SlackDelayed(code or f"status {status}")


def _seconds(header: str) -> float:
    try:
        seconds = float(header)
    except ValueError:
        return RETRY_AFTER_SECONDS
    return min(max(seconds, 1.0), 3_600.0) if math.isfinite(seconds) else RETRY_AFTER_SECONDS
