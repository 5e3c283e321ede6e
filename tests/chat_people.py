"""Who the stories of one chat are about, as a file that `holdline import` reads: a client, its lead, the manager."""

from __future__ import annotations

_CONSULTANT = """
[[consultant]]
member_number = "{number}"
name = "{name}"
role = "{role}"
zone = "America/New_York"
hours = "Mon-Fri 09:00-17:00"
expertise = {expertise}
{channel} = "{handle}"
"""
_CLIENT = """
[[client]]
code = "ACME"
name = "Acme Dental"
zone = "America/New_York"
hours = "Mon-Fri 09:00-17:00"
lead = "C-101"
hold_minutes = 30
manager = "M-1"
plan = "per-use"

[[client.contact]]
name = "Anna Kim"
role = "owner"
{channel} = "{handle}"
"""


def people_of(
    channel: str, *, maria: object, tom: object, anna: object, ines: object = "", annas_email: str = ""
) -> str:
    """Maria is the manager, Tom leads ACME, Anna owns it; Ines knows printers too, where she has a handle."""
    staff = [("M-1", "Maria Rossi", "manager", "[]", maria), ("C-101", "Tom Becker", "consultant", '["printers"]', tom)]
    if ines:
        staff.append(("C-102", "Ines Duarte", "consultant", '["printers"]', ines))
    names = ("number", "name", "role", "expertise", "handle")
    told = [_CONSULTANT.format(channel=channel, **dict(zip(names, one, strict=True))) for one in staff]
    told.append(_CLIENT.format(channel=channel, handle=anna))
    return "".join([*told, f'email = "{annas_email}"\n'] if annas_email else told)
