"""Who most stories are about: a client with its lead, three more consultants, an assistant and the manager."""

from __future__ import annotations

from typing import Any

from bot.messages import CONSOLE, EMAIL
from tests.desk import Desk

PRINTER = "The label printer prints blank pages since this morning."  # P3
SERVER = "The server is down, nobody can work."  # P1
HOURS = "Please put our new opening hours on the website, whenever it suits you."  # P4


class Cast:
    """Tom leads ACME. For printers Ines, Kim and Raj could help too; Leo knows other things."""

    def __init__(self, desk: Desk, *, contact_on: Any = (EMAIL,), staff_on: Any = (CONSOLE,), **client: Any) -> None:
        self.maria = desk.a_consultant("M-1", "Maria Rossi", role="manager", on=staff_on)
        self.tom = desk.a_consultant("C-1", "Tom Becker", expertise="printers,email", on=staff_on)
        self.ines = desk.a_consultant("C-2", "Ines Duarte", expertise="printers", on=staff_on, zone="Europe/Berlin")
        self.kim = desk.a_consultant("C-3", "Kim Lund", expertise="printers,servers", on=staff_on)
        self.raj = desk.a_consultant("C-4", "Raj Patel", expertise="printers,backups,email", on=staff_on)
        self.leo = desk.a_consultant("C-5", "Leo Marsh", expertise="websites", on=staff_on)
        self.acme = desk.a_client("ACME", **{"lead": self.tom, "manager": self.maria, **client})
        self.anna = desk.a_contact(self.acme, "Anna Kim", on=contact_on)
