"""The sentences of disputes, invoices and credit, in English; the others stand in texts."""

from __future__ import annotations

from collections.abc import Mapping

MONEY: Mapping[str, str] = {
    "charge disputed": "{name} disputes charge {charge} ({cost}) on ticket #{id}:",
    "dispute how": "It stays off invoices until you decide: decide {charge} uphold, decide {charge} waive, or "
    "decide {charge} part UNITS",
    "dispute upheld": "Charge {charge} was looked at again and stands.",
    "dispute part": "Charge {charge} was looked at again: {cost} of it are given up.",
    "button uphold": "It stands",
    "button waive": "Give it up",
}
