"""Clients, contacts, consultants and their handles: who somebody is, and what that lets them do.

A handle is a person on one channel. An unknown sender gets a handle of nobody; a proven sender from a domain of
exactly one client becomes an unconfirmed contact of it. Rights come from identity alone, never from a message's text.
"""

from bot.people.changing import (
    add_client,
    add_consultant,
    add_contact,
    agree,
    choose_after_credit,
    confirm_contact,
    give_handle,
    set_client,
    set_consultant,
    set_contact,
)
from bot.people.identity import Actor, identify
from bot.people.lookup import (
    approvers,
    client,
    client_by_code,
    consultant,
    consultant_by_number,
    consultant_named,
    contact_at,
    contact_called,
    managers,
    recipient_of_consultant,
    recipients_of_consultant,
    recipients_of_contact,
)
from bot.people.trouble import lift_trouble, mark_dead, stop_notices, want_digests

__all__ = [
    "Actor",
    "add_client",
    "add_consultant",
    "add_contact",
    "agree",
    "approvers",
    "choose_after_credit",
    "client",
    "client_by_code",
    "confirm_contact",
    "consultant",
    "consultant_by_number",
    "consultant_named",
    "contact_at",
    "contact_called",
    "give_handle",
    "identify",
    "lift_trouble",
    "managers",
    "mark_dead",
    "recipient_of_consultant",
    "recipients_of_consultant",
    "recipients_of_contact",
    "set_client",
    "set_consultant",
    "set_contact",
    "stop_notices",
    "want_digests",
]
