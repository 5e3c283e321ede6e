"""Which mail came through a list on which people write, and which was sent to many by a service, by its header."""

from __future__ import annotations

import re

from bot.channels.email import machines
from bot.channels.email.headers import Fields

# What sends for a list, and for no person.
OWN_SENDER = re.compile(r"(?:^|[<\s])owner-[^\s@<>]{1,60}@|-(?:bounces|bounce|owner)(?:\+[^\s@<>]{1,80})?@")
# "[sec] Patch day" of "<sec.lists.example>": lists on which people write put their name in front.
TAG = re.compile(r"(?:re: ?|aw: ?|fwd?: ?){0,3}\[([\w.-]{2,40})[\] :]", re.IGNORECASE)
LIST_SENDER = re.compile(r"-(?:bounces|request|admin|owner|errors|return)[@+-]")


def is_discussion(fields: Fields, names: set[str], precedence: str) -> bool:
    """A list on which people write, and no newsletter: one may post to it, or a list manager left its mark."""
    post = fields.word("list-post")
    if post and not post.startswith("no"):
        return True
    if not names.isdisjoint(machines.LIST_FIELDS) or fields.word("delivered-to").startswith("mailing list "):
        return True
    is_mailer = any(name.startswith((*machines.MAILER_FIELDS, *machines.CAMPAIGN_FIELDS)) for name in names)
    if precedence == "list":
        return not is_mailer or not fields.has("list-unsubscribe")
    if is_mailer:
        return False
    if fields.has("list-id") and (
        names & {"list-archive", "list-subscribe", "list-owner"} or not fields.has("list-unsubscribe")
    ):
        return True
    if fields.has("list-id") and not fields.has("list-unsubscribe-post") and _is_tagged(fields):
        return True
    sender = fields.word("sender")
    if fields.word("comments").startswith("to:") or (OWN_SENDER.search(sender) and not fields.has("list-unsubscribe")):
        return True
    if precedence == "bulk" and ("owner-" in sender or LIST_SENDER.search(sender)):
        return True
    return bool(names & {"list-archive", "list-subscribe", "list-owner"}) and not fields.has("list-unsubscribe-post")


def _is_tagged(fields: Fields) -> bool:
    """Whether the subject bears the first part of the list's id in brackets."""
    tag = TAG.match(fields.text("subject"))
    return tag is not None and f"<{tag[1].lower()}." in fields.text("list-id").lower()


def is_campaign(fields: Fields, names: set[str]) -> bool:
    """Whether a field stands in it that only mail to many bears. Amazon puts its own on whatever it sends."""
    found = [name for name in names if name.startswith(machines.CAMPAIGN_FIELDS)]
    return bool(found) and not (found == ["feedback-id"] and fields.word("feedback-id").endswith(":amazonses"))
