"""Named statements: SQL text that both databases take, written once and known to a register.

The register lets a test EXPLAIN every statement there is; nothing else reads it. Parameters are `:name`. The only
templates are `{for_update}` and `{skip_locked}`, empty on SQLite, where one writer at a time needs no row locks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar

# Tables whose rows are read again and again and hardly ever change.
STEADY_TABLES = frozenset({"client", "consultant", "contact", "handle", "setting"})
# Of strangers who write once there may be any number.
KEPT_MAX = 2_000
_CHANGED = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
# A literal, a quoted name or a comment passes untouched, but for the per cent sign; so does a cast's double colon.
_TOKENS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|::|:(?P<name>[A-Za-z_]\w*)|%")


class Query:
    """One statement.

    sql:   the text; parameters are `:name`.
    scans: why this statement may read a whole table; "" where it must not.
    is_steady: it reads the steady tables alone, and is asked often: a repeat is answered from memory, until somebody
               writes to one of these tables (see `Kept`).
    """

    _register: ClassVar[list[Query]] = []

    def __init__(self, sql: str, *, scans: str = "", is_steady: bool = False) -> None:
        self.sql = sql.strip()
        self.scans = scans
        self.is_steady = is_steady
        self.writes_steady = not STEADY_TABLES.isdisjoint(_CHANGED.findall(self.sql))
        self.locks = "{for_update}" in self.sql
        self.sqlite = self.sql.replace("{for_update}", "").replace("{skip_locked}", "")
        # How SQLite's values become a row, once the columns are known.
        self.row_of: Callable[[Sequence[Any]], Any] | None = None
        Query._register.append(self)

    @cached_property
    def placed(self) -> tuple[str, Callable[[Mapping[str, object]], tuple[object, ...]]]:
        """The same statement for SQLite with `?` for each parameter, and what puts their values in that order.

        The driver finds a named parameter by walking through all of them.
        """
        names = [match["name"] for match in _TOKENS.finditer(self.sqlite) if match["name"]]
        marked = _TOKENS.sub(lambda match: "?" if match["name"] else match[0], self.sqlite)
        if len(names) > 1:
            return marked, itemgetter(*names)
        return marked, lambda params: tuple(params[name] for name in names)

    @cached_property
    def postgresql(self) -> str:
        """The same statement for PostgreSQL, in its driver's notation."""
        # FOR UPDATE would wait for everybody who only refers to the row, as each new ticket does to its client: two
        # that refer to it and then want it would wait for each other. Keys never change here.
        locking = self.sql.replace("{for_update}", "FOR NO KEY UPDATE")
        return for_postgresql(locking.replace("{skip_locked}", "FOR NO KEY UPDATE SKIP LOCKED"))

    @classmethod
    def all(cls) -> tuple[Query, ...]:
        """Every statement of the modules imported so far, in the order of their making."""
        return tuple(cls._register)

    def __repr__(self) -> str:
        return f"Query({self.sql!r})"


class Kept(dict[tuple[object, ...], Any]):
    """What steady statements were answered, by statement and parameters: as long as nobody else can have changed it.

    That is one transaction where several write at a time, and many in a row where all writing is our own.
    """

    __slots__ = ("_version",)

    def __init__(self) -> None:
        super().__init__()
        self._version = -1

    def met(self, version: int) -> None:
        """A transaction begins. version: the database's, which others change by committing, and we do not."""
        if version != self._version or len(self) > KEPT_MAX:
            self.clear()
            self._version = version

    def note(self, query: Query) -> None:
        """A statement that is about to run: one that changes steady tables leaves nothing known."""
        if query.writes_steady:
            self.clear()

    def note_insert(self, table: str) -> None:
        if table in STEADY_TABLES:
            self.clear()


def for_postgresql(sql: str) -> str:
    """`:name` → `%(name)s`, and `%` → `%%`, outside of literals, casts and comments."""

    def swap(match: re.Match[str]) -> str:
        if name := match["name"]:
            return f"%({name})s"
        return match[0].replace("%", "%%")

    return _TOKENS.sub(swap, sql)


def parameters(sql: str) -> tuple[str, ...]:
    """The names of a statement's parameters, each once."""
    return tuple(dict.fromkeys(match["name"] for match in _TOKENS.finditer(sql) if match["name"]))


def insert_sql(table: str, columns: Sequence[str], values: Sequence[str]) -> str:
    """The text of an insert. values: the driver's mark for each value. Raises ValueError for what is no plain name."""
    for name in (table, *columns):
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name of a table or column")
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(values)})'
