"""Databases for tests: the real store, on SQLite and on PostgreSQL, empty at the start of each test.

`store` gives every test that takes it both databases. `fresh_store` is a database of its own, for races and kills.
A file of SQLite is copied from a template; a worker's PostgreSQL database is emptied between tests.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import settings
from sqlalchemy import text

from bot import migrate
from bot.store import Store, StoreClosed, open_store
from bot.store.postgres import CONNECTIONS
from bot.tables import metadata
from tests import postgres

# `make fuzz`: many more examples in every test that leaves their number to us.
settings.register_profile("usual", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=5_000)
settings.load_profile("fuzz" if os.environ.get("HOLDLINE_FUZZ") else "usual")

DIALECTS = ("sqlite", "postgresql")
MEMORY, MEMORY_BYTES_MIN = "/dev/shm", 2 * 1024**3
# Each has up to eight connections to the server, which takes a hundred.
WORKERS_MAX = 12
_RUN_VARIABLE = "HOLDLINE_TEST_RUN"
PLAIN_LOG = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
_alive = None


def pytest_configure(config: pytest.Config) -> None:
    """The run's folder, made by the process that leads it, and the lock that says the run is alive."""
    global _alive
    if hasattr(config, "workerinput"):
        return
    _sweep()
    _keep_in_memory()
    # Short, for the path of the socket; outside of the checkout, for the server's own account.
    folder = Path(tempfile.mkdtemp(prefix="holdline-test-", dir="/tmp"))
    folder.chmod(0o755)
    os.environ[_RUN_VARIABLE] = str(folder)
    _alive = (folder / "alive.lock").open("a")
    fcntl.flock(_alive, fcntl.LOCK_EX)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three to two processors, for a test waits about as long as it works: for children, sockets, PostgreSQL."""
    return min(max(1, 3 * len(os.sched_getaffinity(0)) // 2), WORKERS_MAX)


def _keep_in_memory() -> None:
    """Let the folders of the tests lie in memory, where there is room: a commit on a disk waits 2 ms, there none.

    Nothing that a test may lose by it: what is killed here are processes, never the machine.
    """
    try:
        room = os.statvfs(MEMORY)
    except OSError:
        return
    is_fit = room.f_bavail * room.f_frsize >= MEMORY_BYTES_MIN and not room.f_flag & os.ST_NOEXEC
    if is_fit and os.access(MEMORY, os.W_OK):
        # Where pytest makes its folders, also those of the workers.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def _sweep() -> None:
    """Remove what runs that were killed left behind; a run that lives, or its server's guard, holds a lock."""
    for folder in Path("/tmp").glob("holdline-test-*"):
        # Another run may be removing the same one; a young one may be about to take its lock.
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            if time.time() - folder.stat().st_mtime < 60:
                continue
            for name in ("alive.lock", "serving.lock"):
                fcntl.flock(held.enter_context((folder / name).open("a")), fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or _alive is None:
        return
    folder = Path(os.environ[_RUN_VARIABLE])
    _alive.close()
    if (folder / "ready").exists():
        # The guard holds this one until the server has ended.
        with postgres.locked(folder / "serving.lock"):
            pass
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _log_plainly() -> Iterator[None]:
    """What a test makes of the log, such as a command that sets it up, ends with it.

    Tracebacks without their variables, as the desk logs them: drawing those takes a busy machine seconds.
    """
    structlog.configure(processors=[structlog.processors.add_log_level, PLAIN_LOG])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder that the workers of this run share."""
    return Path(os.environ[_RUN_VARIABLE])


@pytest.fixture(scope="session")
def postgres_dsn(run_folder: Path) -> str:
    """The server's DSN, without a database; the test is skipped where there is no PostgreSQL."""
    dsn = postgres.server_dsn(run_folder)
    if dsn is None:
        pytest.skip(f"no PostgreSQL: apt-get install postgresql, or set {postgres.DSN_VARIABLE}")
    return dsn


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """A migrated, empty database file."""
    path = run_folder / "template.db"
    with postgres.locked(run_folder / "template.lock"):
        if not path.exists():
            making = run_folder / "making.db"
            _migrate(f"sqlite:///{making}")
            making.rename(path)
    return path


@pytest.fixture(scope="session")
def postgres_server(postgres_dsn: str, run_folder: Path) -> Iterator[PostgresServer]:
    """Makes databases on the server; drops them at the end."""
    server = PostgresServer(postgres_dsn, run_folder)
    yield server
    server.close()


class PostgresServer:
    """Databases copied from one migrated template."""

    def __init__(self, dsn: str, run_folder: Path) -> None:
        self._dsn = dsn
        # An outside server may be shared with other runs.
        self._prefix = run_folder.name.replace("-", "_")
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._made: list[str] = []
        self._admin = psycopg.connect(postgres.database_url(dsn, "postgres"), autocommit=True)
        template = f"{self._prefix}_template"
        with postgres.locked(run_folder / "template-postgresql.lock"):
            if not self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
                self._admin.execute(f'CREATE DATABASE "{template}"')
                _migrate(postgres.database_url(dsn, template))
        self._template = template
        self.url = self.make()

    def make(self, *, is_empty: bool = False) -> str:
        """The URL of a new database: migrated, or with nothing in it at all."""
        name = f"{self._prefix}_{self._worker}_{len(self._made)}"
        self._made.append(name)
        source = "" if is_empty else f'TEMPLATE "{self._template}"'
        self._admin.execute(f'CREATE DATABASE "{name}" {source}')
        return postgres.database_url(self._dsn, name)

    def close(self) -> None:
        for name in self._made:
            self._admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._admin.close()


_EMPTY = """
DO $$
DECLARE name text; filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


@pytest.fixture(scope="session")
def postgres_sweeper(postgres_server: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database."""
    path = tmp_path / "holdline.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer, postgres_sweeper: psycopg.Connection) -> str:
    """The worker's migrated database, emptied; ids begin at 1 again."""
    postgres_sweeper.execute(_EMPTY)
    return postgres_server.url


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once for each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store over an empty database; the test runs once for each kind."""
    if database_url.startswith("postgresql"):
        stores = request.getfixturevalue("postgres_stores")
        yield stores.open()
        stores.settle()
        return
    store = open_store(database_url)
    yield store
    store.close_sync()


@pytest.fixture(scope="session")
def postgres_stores(postgres_server: PostgresServer) -> Iterator[PostgresStores]:
    """The store of a worker's PostgreSQL tests."""
    stores = PostgresStores(postgres_server.url)
    yield stores
    stores.close()


class PostgresStores:
    """One store for many tests: a new connection plans each statement anew, which takes longer than most tests."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None

    def open(self) -> Store:
        self._store = self._store or open_store(self._url)
        return self._store

    def settle(self) -> None:
        """Wait until what a test left under way has ended: all connections meet."""
        assert self._store is not None
        meet = threading.Barrier(CONNECTIONS, timeout=60)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            waiting = [pool.submit(self._store.read_sync, lambda tx: meet.wait()) for _ in range(CONNECTIONS)]
            try:
                for met in waiting:
                    met.result()
            except StoreClosed:
                # The test closed it; the next one gets another.
                self._store = None

    def close(self) -> None:
        if self._store is not None:
            self._store.close_sync()


@pytest.fixture(params=DIALECTS)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database that no other test has touched: for races and kills."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres_server").make())


@pytest.fixture
def fresh_store(fresh_url: str) -> Iterator[Store]:
    """A store over `fresh_url`."""
    store = open_store(fresh_url)
    yield store
    store.close_sync()


@pytest.fixture(params=DIALECTS)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a single table: for migrations."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'blank.db'}"
    return str(request.getfixturevalue("postgres_server").make(is_empty=True))


def _migrate(database_url: str) -> None:
    """Make every table as `tables` says; test_migrations proves that the migrations make the same."""
    with migrate.connection(database_url) as opened:
        metadata.create_all(opened)
        opened.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        opened.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrate.head()})
        opened.commit()
