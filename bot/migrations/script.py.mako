"""${message[:1].upper() + message[1:]}.

Expands first: what an older process of the desk still reads or writes stays until a later release contracts it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.tables import Day, Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
