"""Opens the one transaction of an import, so that a fault anywhere leaves everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

from bot.errors import ConfigError, Fault
from bot.importing.changes import Change, compare
from bot.importing.fields import Record
from bot.importing.files import read_records
from bot.importing.present import present
from bot.importing.writing import BuyCredit, write
from bot.queries import importing as queries
from bot.store import Store, Tx

EXAMPLE = "example-desk.toml"


def import_file(
    store: Store,
    path: Path,
    *,
    now: datetime,
    is_applied: bool,
    buy_credit: BuyCredit,
    digest_time: time,
    language: str = "en",
) -> list[Change]:
    """What a file changes; written only if `is_applied`. Raises ConfigError with every fault of the file."""
    records, faults = read_records(path)
    if faults:
        raise ConfigError([*faults, *store.read_sync(lambda tx: _contradictions(records, tx))])

    def show(tx: Tx) -> list[Change]:
        return compare(records, present(tx))

    def make(tx: Tx) -> list[Change]:
        rows = present(tx)
        changes = compare(records, rows)
        write(
            tx,
            changes,
            rows,
            now=now,
            buy_credit=buy_credit,
            digest_time=digest_time,
            language=language,
            source=path.name,
        )
        return changes

    return store.run_sync(make) if is_applied else store.read_sync(show)


def _contradictions(records: list[Record], tx: Tx) -> Sequence[Fault]:
    """What is wrong between the records that could be read, so that all of it is told at once."""
    try:
        compare(records, present(tx))
    except ConfigError as error:
        return error.faults
    return ()


def seed_example(store: Store, config_folder: Path, *, now: datetime, buy_credit: BuyCredit, digest_time: time) -> bool:
    """Put the example desk into a database without people; False where there are some, or no example file."""
    path = config_folder / EXAMPLE
    if not path.exists() or store.read_sync(lambda tx: tx.one(queries.ANYBODY)) is not None:
        return False
    import_file(store, path, now=now, is_applied=True, buy_credit=buy_credit, digest_time=digest_time)
    return True
