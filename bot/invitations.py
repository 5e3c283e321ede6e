"""An appointment as it is told to people's own calendars; how a channel carries it is the channel's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An appointment for the reader's own calendar, where the channel can carry it.

    uid: the same for all that is said of one appointment. sequence: higher with each change. is_cancelled: it falls
    through. stamped_at: when that was decided. Instants are aware.
    """

    uid: str
    sequence: int
    is_cancelled: bool
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    summary: str
    description: str = ""
