"""A root over all hash chains, kept each night: what was written before it cannot be written anew unseen.

A chain alone shows that no link was changed; not that the whole of it was made again. A root, with the end of every
chain as it stood, shows that too, the more so once somebody keeps it elsewhere. Source: design, "Money".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.queries import audit as queries
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class Root:
    """What all chains come to at one moment. Kept elsewhere, it shows later that none of them was written anew."""

    clients: int
    entries: int
    hash: str
    ends: str


def root(tx: Tx) -> Root:
    """The hash over the last link of every client's chain."""
    ends = [[row.client_id, row.number, row.hash] for row in tx.all(queries.CHAIN_ENDS)]
    return _root(ends)


def keep_root(tx: Tx, *, on: date, now: datetime) -> bool:
    """Keep the root of a night, once; True if it was kept now."""
    if tx.one(queries.ROOT_OF, on=on) is not None:
        return False
    made = root(tx)
    kept = tx.run(
        queries.KEEP_ROOT, on=on, now=now, clients=made.clients, entries=made.entries, hash=made.hash,
        ends_json=made.ends,
    )  # fmt: skip
    return bool(kept)


def root_faults(tx: Tx) -> list[str]:
    """Every kept root that its chain ends do not make, and every end that a chain does not hold any more."""
    faults, before = [], dict[int, list[object]]()
    for row in tx.all(queries.ROOTS):
        try:
            ends = json.loads(row.ends_json)
        except ValueError:
            faults.append(f"the root of {row.made_on} does not hold the ends of chains any more")
            continue
        made = _root(ends)
        if made.hash != row.hash:
            faults.append(f"the root of {row.made_on} is {row.hash}, its chains make {made.hash}")
        if (row.clients, row.entries) != (made.clients, made.entries):
            faults.append(f"the root of {row.made_on} counts {row.entries} entries of {row.clients} clients wrongly")
        for client_id, number, link in ends:
            if before.get(client_id) == [number, link]:
                continue
            before[client_id] = [number, link]
            entry = tx.one(queries.LINK, client_id=client_id, number=number)
            if entry is None or entry.hash != link:
                is_ = "gone" if entry is None else f"{entry.hash} now"
                faults.append(f"entry {number} of client {client_id} was {link} on {row.made_on}, and is {is_}")
    return faults


def _root(ends: Sequence[Sequence[object]]) -> Root:
    said = json.dumps(ends, separators=(",", ":"))
    return Root(len(ends), sum(int(str(end[1])) for end in ends), hashlib.sha256(said.encode()).hexdigest(), said)
