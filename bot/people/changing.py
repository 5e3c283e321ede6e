"""Adding people and changing what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from bot.errors import UserError
from bot.messages import Handle
from bot.people.lookup import client
from bot.plan_history import amend_plan, keep_plan
from bot.queries import people as queries
from bot.sentences import sentence
from bot.store import Tx


def add_client(tx: Tx, code: str, name: str, *, now: datetime, **columns: object) -> int:
    """Add a client. Raises UserError when the code is taken."""
    code = code.upper()
    if tx.one(queries.CLIENT_BY_CODE, code=code) is not None:
        raise UserError(sentence("client exists", code=code))
    return tx.insert("client", code=code, name=name, created_at=now, **columns)


def add_contact(tx: Tx, client_id: int, name: str, *, role: str, now: datetime, is_managed: bool = True) -> int:
    """Add a contact of a client; its handles come separately."""
    return tx.insert("contact", client_id=client_id, name=name[:200], role=role, is_managed=is_managed, created_at=now)


def add_consultant(tx: Tx, member_number: str, name: str, *, now: datetime, **columns: object) -> int:
    """Add a consultant. Raises UserError when the member number is taken."""
    number = member_number.upper()
    if tx.one(queries.CONSULTANT_BY_NUMBER, member_number=number) is not None:
        raise UserError(sentence("member taken", number=number))
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
        raise UserError(sentence("answer taken address", address=handle.address, channel=handle.channel))
    if consultant_id is not None:
        tx.run(queries.HANDLE_GIVE_CONSULTANT, handle_id=row.id, consultant_id=consultant_id, verified_at=now)
    else:
        tx.run(queries.HANDLE_GIVE_CONTACT, handle_id=row.id, contact_id=contact_id, verified_at=now)
    return int(row.id)


def confirm_contact(tx: Tx, contact_id: int) -> None:
    """An approver said yes to a person who wrote from the client's domain: a managed contact from now on."""
    set_contact(tx, contact_id, {"is_managed": True})


def set_client(tx: Tx, client_id: int, values: Mapping[str, object], *, today: date | None = None) -> None:
    """Change columns of a client. "domains" replaces its mail domains; a new calendar gets a new version.

    values: typed by the grammar (commands.settable); member numbers of lead, manager … are ids already.
    today: the client's local day, from which another plan counts; None for a client that has no work yet.
    """
    # Locked, for every column is written: what another changes at the same moment must not be lost.
    row = tx.one(queries.CLIENT_LOCKED, client_id=client_id)
    assert row is not None
    if today is not None and values.get("plan", row.plan) != row.plan:
        keep_plan(tx, row, str(values["plan"]), from_on=today, today=today)
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


def agree(tx: Tx, client_id: int, contact_id: int | None, words: str, *, text: str, now: datetime) -> None:
    """An approver agreed to chargeable work: the words, the text and its version, the person and the time are kept.

    Source: mission, Rules, "Plan or agreement first".
    """
    row = client(tx, client_id)
    plan = "per-use" if row.plan == "none" else row.plan
    if plan != row.plan:
        amend_plan(tx, row, plan)
    tx.run(
        queries.CLIENT_AGREE,
        client_id=client_id,
        is_chargeable=True,
        agreed_at=now,
        contact_id=contact_id,
        agreed_words=words,
        agreed_text=text,
        plan=plan,
    )


def choose_after_credit(tx: Tx, client_id: int, choice: str) -> None:
    """Keep an approver's choice of how work goes on when credit has run out: per-use or stop."""
    tx.run(queries.CLIENT_CREDIT_CHOICE, client_id=client_id, choice=choice)
