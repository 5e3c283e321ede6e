"""What a consultant, a client, a contact and a grant may be written with, and how each value is read.

The hold's range, the roles and the plans are the mission's; a value outside is refused with what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import readers as r
from bot.calendars import public_holidays
from bot.ledger.plans import STANDARD
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM

HOLD_MINUTES = (30, 24 * 60)


def matching(pattern: str, example: str, *, upper: bool = False, lower: bool = False) -> r.Reader:
    """Text of one form, such as a member number."""

    def read(value: object, is_bare: bool) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text = value.strip() if isinstance(value, str) else ""
        text = text.upper() if upper else text.lower() if lower else text
        if not re.fullmatch(pattern, text):
            raise r.Wrong(f"{value!r} cannot be used", f"Write it like {example}")
        return text

    return read


def region(value: object, is_bare: bool) -> str:
    """A region with public holidays, "US" or "DE-BY"; "" has none."""
    text = r.text(length_max=20)(value, is_bare)
    try:
        # Any year shows whether the region is known.
        public_holidays(text, 2026)
    except ValueError as error:
        raise r.Wrong(f"{text!r} has no holiday table", "Write a country such as US, or US-NY, DE-BY") from error
    return str(text)


def hold(value: object, is_bare: bool) -> int:
    """A hold in minutes. Source: mission, Hold: "refused, naming that range"."""
    try:
        return int(r.whole(*HOLD_MINUTES)(value, is_bare))
    except r.Wrong as wrong:
        raise r.Wrong(wrong.problem, "A hold lasts from 30 minutes to 24 hours: write 30 to 1440") from wrong


NUMBER = matching(r"[A-Z0-9][A-Z0-9-]{0,19}", "C-101", upper=True)
CODE = matching(r"[A-Z0-9][A-Z0-9-]{0,19}", "ACME", upper=True)
NAME = r.text(may_be_empty=False, length_max=200)
WORDS = r.many(matching(r"[^,;]{1,60}", "networks", lower=True))

HANDLES: Mapping[str, r.Reader] = {
    EMAIL: r.address,
    CONSOLE: matching(r"[^\s]{1,80}", "anna", lower=True),
    SLACK: matching(r"[TE][A-Z0-9_]{1,20}:[UW][A-Z0-9_]{1,20}", "T012AB3CD:U045EF6GH", upper=True),
    TELEGRAM: matching(r"[0-9]{1,20}", "123456789"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it must have, and how each key is read."""

    name: str
    needed: tuple[str, ...]
    fields: Mapping[str, r.Reader]
    has_handles: bool = False

    @property
    def keys(self) -> list[str]:
        return [*self.fields, *(HANDLES if self.has_handles else ())]


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "consultant",
            ("member_number", "name"),
            {
                "member_number": NUMBER,
                "name": NAME,
                "role": r.one_of("consultant", "assistant", "manager"),
                "zone": r.zone,
                "hours": r.open_hours,
                "expertise": WORDS,
                "status": r.one_of("active", "suspended"),
                "pay_basis_points": r.whole(0, 10_000),
                "language": matching("[a-z]{2}", "en", lower=True),
            },
            has_handles=True,
        ),
        Kind(
            "client",
            ("code", "name"),
            {
                "code": CODE,
                "name": NAME,
                "zone": r.zone,
                "hours": r.open_hours,
                "holiday_region": region,
                "holidays": r.many(r.day),
                "language": matching("[a-z]{2}", "en", lower=True),
                "lead": NUMBER,
                "hold_minutes": hold,
                "manager": NUMBER,
                "assistant": NUMBER,
                "brought_by": NUMBER,
                "service_started_on": r.day,
                "plan": r.one_of(*STANDARD),
                "rounding": r.one_of("day", "item"),
                "is_chargeable": r.yes_no,
                "agreed_words": r.text(length_max=2000),
                "cap_cents_per_month": r.whole(0, 10**9),
                "is_active": r.yes_no,
                "domains": r.many(r.domain),
            },
        ),
        Kind(
            "contact",
            ("client", "name"),
            {
                "client": CODE,
                "name": NAME,
                "role": r.one_of("requester", "approver", "owner"),
                "language": matching("([a-z]{2})?", "en", lower=True),
                "is_managed": r.yes_no,
                "is_active": r.yes_no,
            },
            has_handles=True,
        ),
        Kind(
            "grant",
            ("client", "tier", "bought_on"),
            {
                "client": CODE,
                "tier": r.one_of("12h", "40h"),
                "bought_on": r.day,
                "reference": r.text(length_max=100),
            },
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file. `values` holds the keys that were written, typed; `handles` channel and address."""

    kind: str
    place: str
    values: Mapping[str, Any]
    handles: tuple[tuple[str, str], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it has what its kind needs, so that it can be compared."""
        return all(key in self.values for key in KINDS[self.kind].needed)
