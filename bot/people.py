"""Clients, contacts, consultants and their handles: who somebody is, and what that lets them do.

A handle is a person on one channel. An unknown sender gets a handle of nobody; a proven sender from a domain of
exactly one client becomes an unconfirmed contact of it. Rights come from identity alone, never from a message's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.errors import NotFound, UserError
from bot.messages import EMAIL, Handle, Trust
from bot.outbox import Recipient
from bot.queries import people as queries
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


def identify(tx: Tx, handle: Handle, trust: Trust, now: datetime) -> Actor:
    """Who this is. Makes a handle for somebody new, and a contact for a proven sender of a client's own domain."""
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
    is_nobody = row.contact_id is None and row.consultant_id is None
    if is_nobody and trust is Trust.PROVEN and _adopt(tx, handle, row.handle_id, now):
        row = tx.one(queries.IDENTIFY, channel=handle.channel, address=handle.address)
        assert row is not None
    return _actor(row, handle, trust)


def _actor(row: Row, handle: Handle, trust: Trust) -> Actor:
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
            language=row.contact_language or row.client_language,
            is_proven=is_proven and row.is_contact_active,
        )
    name = handle.display_name or row.display_name or handle.address
    return Actor(row.handle_id, handle.channel, handle.address, name)


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


# ---------------------------------------------------------------- looking people up


def client(tx: Tx, client_id: int) -> Row:
    """The client's row. Raises NotFound."""
    row = tx.one(queries.CLIENT_BY_ID, client_id=client_id)
    if row is None:
        raise NotFound(f"There is no client {client_id}.")
    return row


def client_by_code(tx: Tx, code: str) -> Row:
    """The client of that code, in any case. Raises NotFound that names how to see the codes."""
    row = tx.one(queries.CLIENT_BY_CODE, code=code.upper())
    if row is None:
        raise NotFound(f"There is no client {code.upper()}. `client list` shows the codes.")
    return row


def consultant(tx: Tx, consultant_id: int) -> Row:
    """The consultant's row. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    if row is None:
        raise NotFound(f"There is no consultant {consultant_id}.")
    return row


def consultant_by_number(tx: Tx, member_number: str) -> Row:
    """The consultant of that member number. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_NUMBER, member_number=member_number.upper())
    if row is None:
        raise NotFound(f"No consultant has the member number {member_number}. Ask the desk for the right number.")
    return row


def consultant_named(tx: Tx, text: str) -> Row:
    """A consultant by member number or by the start of the name, if only one fits. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_NUMBER, member_number=text.upper())
    if row is not None:
        return row
    wanted = text.lstrip("@").casefold()
    fits = [row for row in tx.all(queries.CONSULTANTS) if row.name.casefold().startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise NotFound(f"No consultant is called {text}. `consultant list` shows names and member numbers.")
    raise NotFound(f"{text} fits {', '.join(row.name for row in fits)}. Write the member number instead.")


def recipient_of_consultant(tx: Tx, consultant_id: int) -> Recipient | None:
    """Where a consultant is told things first; None when no channel of theirs is known and alive."""
    return next(iter(recipients_of_consultant(tx, consultant_id)), None)


def recipients_of_consultant(tx: Tx, consultant_id: int) -> list[Recipient]:
    """Every way to reach a consultant, best first."""
    person = tx.one(queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    assert person is not None
    return [
        Recipient(row.id, row.channel, row.address, consultant_id, None, person.name, person.zone)
        for row in tx.all(queries.HANDLES_OF_CONSULTANT, consultant_id=consultant_id)
    ]


def recipients_of_contact(tx: Tx, contact_id: int) -> list[Recipient]:
    """Every way to reach a contact, best first."""
    person = tx.one(queries.CONTACT_BY_ID, contact_id=contact_id)
    assert person is not None
    zone = client(tx, person.client_id).zone
    return [
        Recipient(row.id, row.channel, row.address, None, contact_id, person.name, zone)
        for row in tx.all(queries.HANDLES_OF_CONTACT, contact_id=contact_id)
    ]


def managers(tx: Tx) -> list[Row]:
    """The desk's active managers, oldest first."""
    return [row for row in tx.all(queries.CONSULTANTS) if row.role == "manager" and row.status == "active"]


def approvers(tx: Tx, client_id: int) -> list[Row]:
    """The contacts of a client who may spend its hours."""
    return [row for row in tx.all(queries.CONTACTS_OF_CLIENT, client_id=client_id) if row.role in ("approver", "owner")]


# ---------------------------------------------------------------- adding and changing


def add_client(tx: Tx, code: str, name: str, *, now: datetime, **columns: object) -> int:
    """Add a client. Raises UserError when the code is taken."""
    code = code.upper()
    if tx.one(queries.CLIENT_BY_CODE, code=code) is not None:
        raise UserError(f"There is a client {code} already. Choose another code, or change it with `client set`.")
    return tx.insert("client", code=code, name=name, created_at=now, **columns)


def add_contact(tx: Tx, client_id: int, name: str, *, role: str, now: datetime, is_managed: bool = True) -> int:
    """Add a contact of a client; its handles come separately."""
    return tx.insert("contact", client_id=client_id, name=name[:200], role=role, is_managed=is_managed, created_at=now)


def add_consultant(tx: Tx, member_number: str, name: str, *, now: datetime, **columns: object) -> int:
    """Add a consultant. Raises UserError when the member number is taken."""
    number = member_number.upper()
    if tx.one(queries.CONSULTANT_BY_NUMBER, member_number=number) is not None:
        raise UserError(f"The member number {number} is taken. `consultant list` shows them.")
    return tx.insert("consultant", member_number=number, name=name, created_at=now, **columns)


def give_handle(
    tx: Tx,
    handle: Handle,
    *,
    now: datetime,
    contact_id: int | None = None,
    consultant_id: int | None = None,
    rank: int = 100,
) -> int:
    """Give a person a verified handle. Raises UserError when it belongs to somebody else."""
    row = tx.one(queries.HANDLE_BY_ADDRESS, channel=handle.channel, address=handle.address)
    if row is None:
        return tx.insert(
            "handle",
            channel=handle.channel,
            address=handle.address,
            display_name=handle.display_name,
            contact_id=contact_id,
            consultant_id=consultant_id,
            verified_at=now,
            rank=rank,
            created_at=now,
        )
    owner = (row.contact_id, row.consultant_id)
    if owner not in ((None, None), (contact_id, consultant_id)):
        raise UserError(f"{handle.address} on {handle.channel} belongs to somebody else already.")
    if consultant_id is not None:
        tx.run(queries.HANDLE_GIVE_CONSULTANT, handle_id=row.id, consultant_id=consultant_id, verified_at=now)
    else:
        tx.run(queries.HANDLE_GIVE_CONTACT, handle_id=row.id, contact_id=contact_id, verified_at=now)
    return int(row.id)


def confirm_contact(tx: Tx, contact_id: int) -> None:
    """An approver said yes to a person who wrote from the client's domain: a managed contact from now on."""
    set_contact(tx, contact_id, {"is_managed": True})


def set_client(tx: Tx, client_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a client. "domains" replaces its mail domains; a new calendar gets a new version.

    values: typed by the grammar (commands.settable); member numbers of lead, manager … are ids already.
    """
    row = client(tx, client_id)
    changed = row._asdict() | {key: value for key, value in values.items() if key != "domains"}
    if any(changed[key] != getattr(row, key) for key in ("zone", "hours", "holiday_region")):
        changed["calendar_version"] = row.calendar_version + 1
    tx.run(queries.CLIENT_SET, **changed)
    if "domains" in values:
        tx.run(queries.DOMAINS_DROP, client_id=client_id)
        for domain in cast("Iterable[str]", values["domains"]):
            tx.run(queries.DOMAIN_ADD, client_id=client_id, domain=domain)


def set_contact(tx: Tx, contact_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a contact."""
    row = tx.one(queries.CONTACT_BY_ID, contact_id=contact_id)
    assert row is not None
    tx.run(queries.CONTACT_SET, **(row._asdict() | dict(values)))


def set_consultant(tx: Tx, consultant_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a consultant."""
    row = tx.one(queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    assert row is not None
    tx.run(queries.CONSULTANT_SET, **(row._asdict() | dict(values)))


def agree(tx: Tx, client_id: int, contact_id: int | None, words: str, *, now: datetime) -> None:
    """An approver agreed to chargeable work: the words, the person and the time are kept.

    Source: mission, Rules, "Plan or agreement first".
    """
    row = client(tx, client_id)
    plan = "per-use" if row.plan == "none" else row.plan
    tx.run(
        queries.CLIENT_AGREE,
        client_id=client_id,
        is_chargeable=True,
        agreed_at=now,
        contact_id=contact_id,
        agreed_words=words,
        plan=plan,
    )


def choose_after_credit(tx: Tx, client_id: int, choice: str) -> None:
    """Keep an approver's choice of how work goes on when credit has run out: per-use or stop."""
    tx.run(queries.CLIENT_CREDIT_CHOICE, client_id=client_id, choice=choice)
