"""What the doors decide by: the loaded rules and the operator's choices, built once by wiring and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from bot.escalation import Ladder
from bot.messages import Place
from bot.outbox import Limits
from bot.pricelist import STANDARD, PriceList
from bot.tokens import Signer
from bot.triage.rules import RuleTable


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules and choices of one desk.

    staff_places: conversations in which a card of every ticket stands.
    manager: member number of the manager who hears what has no better addressee; "" = the first manager.
    logo: path of the picture at the head of documents, checked when the desk starts; "" = none.
    zone, hours: the desk's own office time, for tickets that belong to no client.
    language: of what many read together, and of whoever is new and chose none.
    """

    rules: RuleTable
    ladder: Ladder
    signer: Signer
    limits: Limits = field(default_factory=Limits)
    prices: PriceList = field(default=STANDARD)
    desk_name: str = "Holdline Desk"
    addresses: tuple[str, ...] = ("support@desk.example",)
    currency: str = "USD"
    zone: str = "UTC"
    hours: str = "Mon-Fri 09:00-17:00"
    language: str = "en"
    manager: str = ""
    direct_number: str = ""
    postal_address: str = ""
    tax_number: str = ""
    payment_details: str = ""
    logo: str = ""
    country: str = ""
    has_electronic_invoices: bool = False
    digest_time: time = time(7, 30)
    grace_minutes: int = 10
    reopen_days: int = 14
    close_days: int = 7
    clock_jump_hours: int = 6
    staff_places: tuple[Place, ...] = field(default=())

    def is_staff_place(self, place: Place) -> bool:
        """Is this conversation the staff's own? Slack's may be configured without its workspace."""
        return any(
            staff.channel == place.channel
            and (place.conversation == staff.conversation or place.conversation.endswith(f":{staff.conversation}"))
            for staff in self.staff_places
        )
