"""Named queries of retention: what is old enough to go, by ranges of ids, and which blobs are named by what stays.

Ranges, so that no statement reads more than a few hundred rows, and no index has to be kept for it while mail comes in.
"""

from __future__ import annotations

from bot.store import Query

# Nothing goes from a ticket that is open or closed too lately, nor from one whose money is disputed or not settled.
_STAYS = (
    "(t.closed_at IS NULL OR t.closed_at >= :before_at"
    " OR EXISTS (SELECT 1 FROM charge c WHERE c.ticket_id = t.id AND ("
    "EXISTS (SELECT 1 FROM dispute u WHERE u.charge_id = c.id)"
    " OR (c.due_cents <> 0 AND NOT c.is_waived AND (c.invoice_id IS NULL"
    " OR EXISTS (SELECT 1 FROM invoice v WHERE v.id = c.invoice_id AND v.state = 'open')))))"
    " OR EXISTS (SELECT 1 FROM contact_charge o WHERE o.ticket_id = t.id AND o.charge_at IS NOT NULL))"
)
# The message that asked for an off-hours contact is evidence of its charge.
_IS_NO_EVIDENCE = "NOT EXISTS (SELECT 1 FROM contact_charge k WHERE k.inbound_id = {0})"
_READ_LATER = "('quarantined', 'requeued')"
_OF_FREE_TICKET = (
    f" JOIN ticket t ON t.id = m.ticket_id WHERE NOT {_STAYS} AND m.written_at < :before_at"
    f" AND {_IS_NO_EVIDENCE.format('m.inbound_id')}"
)

ORIGINALS = Query(
    "SELECT i.id, i.raw_sha256, COALESCE(m.ticket_id, i.ticket_id) AS ticket_id FROM inbound i"
    " LEFT JOIN message m ON m.inbound_id = i.id WHERE i.id > :after AND i.id <= :to AND i.raw_sha256 <> ''"
    f" AND i.removed_at IS NULL AND i.received_at < :before_at AND i.outcome NOT IN {_READ_LATER}"
    f" AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = COALESCE(m.ticket_id, i.ticket_id) AND {_STAYS})"
    f" AND {_IS_NO_EVIDENCE.format('i.id')} ORDER BY i.id"
)
ATTACHMENTS = Query(
    "SELECT a.id, a.sha256, m.ticket_id FROM attachment a JOIN message m ON m.id = a.message_id"
    + _OF_FREE_TICKET
    + " AND a.id > :after AND a.id <= :to AND a.removed_at IS NULL ORDER BY a.id"
)
WORDS = Query(
    "SELECT m.id, m.ticket_id, m.subject, m.text_written, m.body_text FROM message m"
    + _OF_FREE_TICKET
    + " AND m.id > :after AND m.id <= :to AND m.removed_at IS NULL ORDER BY m.id"
)
# What was told of a price, a charge or an invoice is evidence that it was told.
DELIVERIES = Query(
    "SELECT d.id, d.ticket_id, d.notice_json, d.files_json FROM delivery d WHERE d.id > :after AND d.id <= :to"
    " AND d.notice_json <> '' AND d.state NOT IN ('pending', 'leased') AND d.due_at IS NULL"
    " AND d.send_class <> 'money' AND COALESCE(d.settled_at, d.created_at) < :before_at"
    f" AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = d.ticket_id AND {_STAYS}) ORDER BY d.id"
)
QUARANTINE = Query(
    "SELECT i.id, i.raw_sha256, i.ticket_id FROM inbound i WHERE i.id > :after AND i.id <= :to AND i.raw_sha256 <> ''"
    f" AND i.removed_at IS NULL AND i.received_at < :before_at AND i.outcome IN {_READ_LATER} ORDER BY i.id"
)
# Chats repeat an update for a day at most. A mail may be found in its mailbox again after years: its key stays.
_IS_KEY_ALONE = (
    "(i.channel IN ('slack', 'telegram') AND i.raw_sha256 = ''"
    " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.inbound_id = i.id)"
    f" AND {_IS_NO_EVIDENCE.format('i.id')})"
)
RECEIPTS = Query(
    f"SELECT i.id, i.answer_json, {_IS_KEY_ALONE} AS is_key_alone FROM inbound i WHERE i.id > :after AND i.id <= :to"
    f" AND i.received_at < :before_at AND i.outcome NOT IN {_READ_LATER}"
    f" AND (i.answer_json <> '' OR {_IS_KEY_ALONE}) ORDER BY i.id"
)

REMOVE_ORIGINAL = Query(
    "UPDATE inbound SET removed_at = :now, removed_after_days = :days WHERE id = :id AND removed_at IS NULL"
)
REMOVE_ATTACHMENT = Query(
    "UPDATE attachment SET removed_at = :now, removed_after_days = :days WHERE id = :id AND removed_at IS NULL"
)
REMOVE_WORDS = Query(
    "UPDATE message SET subject = '', text_written = '', body_text = '', removed_at = :now,"
    " removed_after_days = :days WHERE id = :id AND removed_at IS NULL"
)
# What was held for long is worth nothing any more, and cannot be let go without its words.
EMPTY_DELIVERY = Query(
    "UPDATE delivery SET notice_json = '', files_json = '[]', state = CASE WHEN state = 'held' THEN 'expired' ELSE"
    " state END WHERE id = :id AND notice_json <> '' AND due_at IS NULL"
)
FORGET_KEY = Query("DELETE FROM inbound WHERE id = :id")
FORGET_ANSWER = Query("UPDATE inbound SET answer_json = '' WHERE id = :id AND answer_json <> ''")

LAST_INBOUND = Query("SELECT COALESCE(MAX(id), 0) AS id FROM inbound")
LAST_MESSAGE = Query("SELECT COALESCE(MAX(id), 0) AS id FROM message")
LAST_ATTACHMENT = Query("SELECT COALESCE(MAX(id), 0) AS id FROM attachment")
LAST_DELIVERY = Query("SELECT COALESCE(MAX(id), 0) AS id FROM delivery")
LAST_INVOICE = Query("SELECT COALESCE(MAX(id), 0) AS id FROM invoice")
LAST_STATEMENT = Query("SELECT COALESCE(MAX(id), 0) AS id FROM statement")

# ---------------------------------------------------------------- blobs, and what names them

NAMED_BY_INBOUND = Query(
    "SELECT id, raw_sha256, outcome, removed_at FROM inbound WHERE id > :after AND id <= :to AND raw_sha256 <> ''"
)
NAMED_BY_ATTACHMENTS = Query(
    "SELECT id, sha256, removed_at FROM attachment WHERE id > :after AND id <= :to AND sha256 <> ''"
)
NAMED_BY_DELIVERIES = Query(
    "SELECT id, files_json FROM delivery WHERE id > :after AND id <= :to AND files_json <> '[]'"
)
NAMED_BY_INVOICES = Query("SELECT id, pdf_sha256 FROM invoice WHERE id > :after AND id <= :to AND pdf_sha256 <> ''")
NAMED_BY_STATEMENTS = Query("SELECT id, pdf_sha256 FROM statement WHERE id > :after AND id <= :to AND pdf_sha256 <> ''")
BLOBS = Query(
    "SELECT sha256, put_at, LENGTH(content) AS size_bytes FROM blob WHERE sha256 > :after ORDER BY sha256 LIMIT :limit"
)
REMOVE_BLOB = Query("DELETE FROM blob WHERE sha256 = :sha256 AND put_at < :before_at")
