"""What an entry is about in one line, for whoever reads the journal: from what the entry keeps, never reckoned anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.store import Row

Said = Mapping[str, Any]


def narrated(row: Row) -> str:
    """ "Invoice INV-2026-0007, due 2026-12-04". row: an entry with kind, key, ticket_id, reason and evidence_json."""
    said = json.loads(row.evidence_json)
    tell = _TELLS.get(row.kind)
    text = tell(row, said) if tell is not None else row.kind.capitalize()
    return f"{text}: {row.reason}" if row.reason and row.reason not in text else text


def invoices_in(row: Row) -> tuple[str, ...]:
    """The documents that an entry issues or settles, each once."""
    said = json.loads(row.evidence_json)
    own = said.get("row", {}).get("number") if row.kind in ("invoice", "credit-note") else None
    return tuple(dict.fromkeys([*([own] if own else []), *(part[0] for part in said.get("settles", ()))]))


def _grant(row: Row, said: Said) -> str:
    made = said.get("row", {})
    tier = str(made.get("tier", ""))
    what = f"{tier.removesuffix('h')}-hour credit" if tier.endswith("h") else "Included hours"
    how = {"gift": ", a gift", "opening": ", brought from other books"}.get(row.kind, "")
    until = f", until {made['lapses_on']}" if made.get("lapses_on") else ""
    return f"{what}, {made.get('units')} units{how}{until}"


def _charge(row: Row, said: Said) -> str:
    work = f"{said.get('kind', 'work')}, {said['minutes']} min" if said.get("minutes") else "Work"
    return f"{work[0].upper()}{work[1:]} of {said.get('work_on')}, ticket {row.ticket_id}"


def _contact(row: Row, said: Said) -> str:
    return f"Urgent contact of {said.get('work_on')}, ticket {row.ticket_id}"


def _correction(row: Row, said: Said) -> str:
    return f"Correction of {said.get('work_on')}, ticket {row.ticket_id}"


def _invoice(row: Row, said: Said) -> str:
    made = said.get("row", {})
    return f"Invoice {made.get('number')}, due {made.get('due_on')}"


def _credit_note(row: Row, said: Said) -> str:
    lines = said.get("lines", [])
    return f"Credit note {said.get('row', {}).get('number')}" + (f", {lines[0]['detail']}" if lines else "")


def _payment(row: Row, said: Said) -> str:
    made = said.get("row", {})
    return f"{'Refund' if made.get('cents', 0) < 0 else 'Payment'} {made.get('reference')}, {made.get('received_on')}"


def _apply(row: Row, said: Said) -> str:
    parts = said.get("settles", ())
    if not parts:
        return "Paid, and free for another invoice"
    return f"{parts[0][0]} from what was paid ahead" if parts[0][1] > 0 else f"Taken off {parts[0][0]} again"


def _earn(row: Row, said: Said) -> str:
    last = date.fromisoformat(said["to_on"]).toordinal() - 1
    return f"Fee of {said['from_on']} to {date.fromordinal(last)}, earned until {said['earned_to_on']}"


def _commission(row: Row, said: Said) -> str:
    return f"Commission, service of {said.get('service_from_on')} to {said.get('service_to_on')}"


def _pay(row: Row, said: Said) -> str:
    return f"Pay, ticket {row.ticket_id}, {said.get('row', {}).get('why', '')}".rstrip(", ")


def _payout(row: Row, said: Said) -> str:
    return f"Payout {said.get('payout')}"


def _lapse(row: Row, said: Said) -> str:
    return f"Credit that lapsed on {said.get('lapses_on')}"


def _waive(row: Row, said: Said) -> str:
    units = f"{said['units']} units of " if "units" in said else ""
    return f"Given up, {units}ticket {row.ticket_id}"


def _reversal(row: Row, said: Said) -> str:
    return f"Taken back, ticket {row.ticket_id}" if row.ticket_id else "Taken back"


def _return(row: Row, said: Said) -> str:
    return f"{said.get('units')} bought units taken back at the price paid"


def _write_off(row: Row, said: Said) -> str:
    parts = said.get("settles", ())
    return f"Write-off of {parts[0][0]}" if parts else "Write-off"


_TELLS: Mapping[str, Callable[[Row, Said], str]] = {
    "grant": _grant,
    "gift": _grant,
    "opening": _grant,
    "charge": _charge,
    "contact": _contact,
    "correction": _correction,
    "invoice": _invoice,
    "credit-note": _credit_note,
    "payment": _payment,
    "apply": _apply,
    "earn": _earn,
    "commission": _commission,
    "pay": _pay,
    "payout": _payout,
    "lapse": _lapse,
    "write-off": _write_off,
    "waive": _waive,
    "reversal": _reversal,
    "return": _return,
}
