"""Who somebody is who wrote or commanded, and what that lets them do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.messages import EMAIL, Handle, Trust
from bot.notices.catalogues import known_language
from bot.outbox import Recipient
from bot.people.changing import add_contact
from bot.people.trouble import lift_death
from bot.queries import people as queries
from bot.queries.own import HANDLE_LANGUAGE
from bot.store import Row, Tx

# Providers that lend their domain to everybody: nobody's own.
FREE_MAIL: frozenset[str] = frozenset().union(
    ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com"),
    ("me.com", "aol.com", "gmx.net", "gmx.de", "web.de", "proton.me", "protonmail.com", "mail.com", "yandex.com"),
    ("yandex.ru", "zoho.com", "t-online.de", "orange.fr"),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wrote or commanded, as far as the desk knows them.

    is_proven: the channel vouches for this message, and the handle was verified. Only then do rights count.
    is_new: this very message made them a contact, by the domain it proves. is_back: nothing reached them until now.
    """

    handle_id: int
    channel: str
    address: str
    name: str
    contact_id: int | None = None
    client_id: int | None = None
    contact_role: str = ""
    is_managed: bool = False
    consultant_id: int | None = None
    staff_role: str = ""
    zone: str = "UTC"
    language: str = "en"
    is_proven: bool = False
    is_new: bool = False
    is_back: bool = False

    @property
    def is_staff(self) -> bool:
        return self.consultant_id is not None and self.is_proven

    @property
    def is_manager(self) -> bool:
        return self.is_staff and self.staff_role == "manager"

    @property
    def is_contact(self) -> bool:
        return self.contact_id is not None and self.is_proven

    @property
    def may_approve(self) -> bool:
        return self.is_contact and self.contact_role in ("approver", "owner")

    @property
    def is_owner(self) -> bool:
        return self.is_contact and self.contact_role == "owner"

    @property
    def label(self) -> str:
        """How events name the actor."""
        if self.consultant_id is not None:
            return f"consultant:{self.consultant_id}"
        return f"contact:{self.contact_id}" if self.contact_id is not None else f"handle:{self.handle_id}"

    @property
    def recipient(self) -> Recipient:
        """The same handle, as somebody to answer."""
        return Recipient(
            self.handle_id, self.channel, self.address, self.consultant_id, self.contact_id, self.name, self.zone
        )


def identify(tx: Tx, handle: Handle, trust: Trust, now: datetime, *, language: str = "en") -> Actor:
    """Who this is. Makes a handle for somebody new, and a contact for a proven sender of a client's own domain.

    language: the desk's, for a stranger whose account tells none.
    """
    row = tx.one(queries.IDENTIFY, channel=handle.channel, address=handle.address)
    if row is None:
        tx.run(
            queries.HANDLE_NEW,
            channel=handle.channel,
            address=handle.address,
            display_name=handle.display_name[:200],
            now=now,
        )
        row = tx.one(queries.IDENTIFY, channel=handle.channel, address=handle.address)
        assert row is not None
    # Who writes from there reads there: the account was blocked, or the mailbox full, and is no more.
    is_back = bool(row.is_dead) and trust is Trust.PROVEN and lift_death(tx, row.handle_id)
    told = known_language(handle.language)
    if told and told != row.handle_language:
        tx.run(HANDLE_LANGUAGE, handle_id=row.handle_id, language=told)
        row = row._replace(handle_language=told)
    is_nobody = row.contact_id is None and row.consultant_id is None
    if is_nobody and trust is Trust.PROVEN and _adopt(tx, handle, row.handle_id, now):
        row = tx.one(queries.IDENTIFY, channel=handle.channel, address=handle.address)
        assert row is not None
        return replace(_actor(row, handle, trust, language), is_new=True, is_back=is_back)
    actor = _actor(row, handle, trust, language)
    return replace(actor, is_back=True) if is_back else actor


def _actor(row: Row, handle: Handle, trust: Trust, language: str) -> Actor:
    is_proven = trust is Trust.PROVEN and row.verified_at is not None
    if row.consultant_id is not None:
        return Actor(
            row.handle_id,
            handle.channel,
            handle.address,
            row.consultant_name,
            consultant_id=row.consultant_id,
            staff_role=row.consultant_role,
            zone=row.consultant_zone,
            language=row.consultant_language,
            is_proven=is_proven and row.consultant_status == "active",
        )
    if row.contact_id is not None:
        return Actor(
            row.handle_id,
            handle.channel,
            handle.address,
            row.contact_name,
            contact_id=row.contact_id,
            client_id=row.client_id,
            contact_role=row.contact_role,
            is_managed=row.is_managed,
            zone=row.client_zone,
            language=row.contact_language or row.handle_language or row.client_language,
            is_proven=is_proven and row.is_contact_active,
        )
    name = handle.display_name or row.display_name or handle.address
    return Actor(row.handle_id, handle.channel, handle.address, name, language=row.handle_language or language)


def _adopt(tx: Tx, handle: Handle, handle_id: int, now: datetime) -> bool:
    """A proven sender from the domain of exactly one client is that client's, until an approver says otherwise.

    Source: mission, Rules, "Unknown sender". A shared mail provider is nobody's own domain.
    """
    if handle.channel != EMAIL:
        return False
    domain = handle.address.rpartition("@")[2]
    if domain in FREE_MAIL:
        return False
    clients = tx.all(queries.CLIENTS_OF_DOMAIN, domain=domain)
    if len(clients) != 1:
        return False
    contact_id = add_contact(
        tx, clients[0].client_id, handle.display_name or handle.address, role="requester", now=now, is_managed=False
    )
    tx.run(queries.HANDLE_GIVE_CONTACT, handle_id=handle_id, contact_id=contact_id, verified_at=now)
    return True
