"""Named queries of a rehearsal: what falls due next, what was decided since, and what it all cost."""

from __future__ import annotations

from bot.store import Query

_SMALL = "a rehearsal's own database: the rows of one day"


def _next(table: str, column: str) -> Query:
    """The next instant of a due column; named `…_at`, so that it comes back as one."""
    return Query(
        f"SELECT {column} AS due_at FROM {table} WHERE {column} > :now ORDER BY {column} LIMIT 1", scans=_SMALL
    )


NEXT_STEP = _next("ticket", "step_at")
NEXT_PROMISE = _next("ticket", "promise_at")
NEXT_CLOSE = _next("ticket", "close_at")
NEXT_REMINDER = _next("ticket", "remind_at")
NEXT_LAPSE = _next("credit_grant", "lapse_at")
NEXT_CONTACT = _next("contact_charge", "charge_at")
NEXT_DOCUMENT = _next("invoice", "render_at")
NEXT_STATEMENT = _next("statement", "render_at")
NEXT_TERM = _next("client", "term_at")
NEXT_EARNING = _next("fee", "earn_at")
NEXT_INVOICE_REMINDER = _next("invoice", "remind_at")
NEXT_WARNING = _next("credit_grant", "warn_at")
NEXT_DIGEST = _next("consultant", "digest_at")
NEXT_DELIVERY = _next("delivery", "due_at")
NEXT_CARD = _next("card", "due_at")
NEXT_DUE = (
    NEXT_STEP,
    NEXT_PROMISE,
    NEXT_CLOSE,
    NEXT_REMINDER,
    NEXT_LAPSE,
    NEXT_CONTACT,
    NEXT_DOCUMENT,
    NEXT_STATEMENT,
    NEXT_TERM,
    NEXT_EARNING,
    NEXT_INVOICE_REMINDER,
    NEXT_WARNING,
    NEXT_DIGEST,
    NEXT_DELIVERY,
    NEXT_CARD,
)

EVENTS_AFTER = Query(
    "SELECT e.id, e.at, e.kind, e.ticket_id, e.reason, e.detail_json, s.name AS consultant_name, c.code AS client_code"
    " FROM event e LEFT JOIN consultant s ON s.id = e.consultant_id LEFT JOIN client c ON c.id = e.client_id"
    " WHERE e.id > :after_id ORDER BY e.id"
)
NAME_AT = Query(
    "SELECT COALESCE(s.name, k.name, NULLIF(h.display_name, '')) AS name FROM handle h"
    " LEFT JOIN consultant s ON s.id = h.consultant_id LEFT JOIN contact k ON k.id = h.contact_id"
    " WHERE h.channel = :channel AND h.address = :address"
)
FIRST_HANDLE = Query(
    "SELECT h.channel, h.address FROM handle h JOIN consultant s ON s.id = h.consultant_id"
    " WHERE s.member_number = :member_number AND (:channel = '' OR h.channel = :channel) ORDER BY h.rank, h.id LIMIT 1"
)
TICKETS = Query(
    "SELECT t.id, t.subject, t.state, t.priority, c.code, c.zone FROM ticket t LEFT JOIN client c"
    " ON c.id = t.client_id ORDER BY t.id",
    scans=_SMALL,
)
WORK_OF_TICKET = Query(
    "SELECT w.id, w.kind, w.minutes, w.work_on, w.is_contact, w.is_billable, s.name AS consultant_name, g.id AS"
    " charge_id, g.units, g.due_cents, g.draws_json, g.is_waived FROM work_item w LEFT JOIN charge g"
    " ON g.work_item_id = w.id LEFT JOIN consultant s ON s.id = w.consultant_id WHERE w.ticket_id = :ticket_id"
    " ORDER BY w.id, g.id"
)
CLIENTS = Query("SELECT id, code, name FROM client ORDER BY code", scans=_SMALL)
TIERS = Query("SELECT id, tier FROM credit_grant ORDER BY id", scans=_SMALL)
ANY_TICKET = Query("SELECT id FROM ticket LIMIT 1")
