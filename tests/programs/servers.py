"""Postfix as the relay and Dovecot as everybody's mailbox, configured in a folder and gone with it."""

from __future__ import annotations

import contextlib
import mailbox
import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest

from tests.faults.running import free_port, until

# Nobody on this machine has this number.
MAIL_UID = 5000
PASSWORD = "a-password"
DESK_DOMAIN = "desk.example"
# Everybody who has a mailbox here.
PEOPLE = ("support@desk.example", "anna@held.example", "bob@held.example", "raj@network.example", "maria@desk.example")


def need(package: str, command: str) -> None:
    """Skip, by name, what cannot be tried on this machine."""
    if shutil.which(command) is None:
        pytest.skip(f"{package} is not here: apt-get install {package}")


def need_root(program: str) -> None:
    if os.geteuid() != 0:
        pytest.skip(f"{program} starts as root only")


@contextlib.contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """A folder that other accounts can reach, unlike pytest's own, with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix=f"holdline-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_port(port: int, what: str) -> None:
    end_at = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError), smtplib.socket.create_connection(("127.0.0.1", port), timeout=5) as opened:
            if opened.recv(1):
                return
        assert time.monotonic() < end_at, f"{what} does not answer"
        time.sleep(0.02)


# ---------------------------------------------------------------- Dovecot


@dataclass
class Dovecot:
    """IMAP and LMTP over Maildirs; `sieve` scripts by address."""

    folder: Path
    relay_port: int = 0
    imap_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for name in ("run", "state", "mail", "sieve"):
            (self.folder / name).mkdir(exist_ok=True)
        shutil.chown(self.folder / "mail", MAIL_UID, MAIL_UID)
        shutil.chown(self.folder / "sieve", MAIL_UID, MAIL_UID)
        users = "".join(
            f"{who}:{{PLAIN}}{PASSWORD}:{MAIL_UID}:{MAIL_UID}::{self.folder}/mail/{who}::\n" for who in PEOPLE
        )
        (self.folder / "users").write_text(users)
        (self.folder / "dovecot.conf").write_text(self._config())
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "/usr/sbin/dovecot", "-F", "-c", self.folder / "dovecot.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "dovecot.err").open("wb"),
        )
        wait_for_port(self.imap_port, "Dovecot")
        wait_for_port(self.lmtp_port, "Dovecot's LMTP")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def _config(self) -> str:
        has_sieve = any(Path("/usr/lib/dovecot/modules").glob("*_sieve_plugin.so"))
        return f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/dovecot.log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{self.folder}/mail/%u
first_valid_uid = {MAIL_UID}
postmaster_address = postmaster@relay.example
submission_host = 127.0.0.1:{self.relay_port}
lda_mailbox_autocreate = yes
passdb {{
  driver = passwd-file
  args = username_format=%u {self.folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {self.folder}/users
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {self.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp_port}
  }}
}}
protocol lmtp {{
  mail_plugins = {"sieve" if has_sieve else ""}
}}
plugin {{
  sieve = file:{self.folder}/sieve/%u;active={self.folder}/sieve/%u.sieve
}}
"""

    # ------------------------------------------------------------ mailboxes

    def maildir(self, who: str) -> Path:
        return self.folder / "mail" / who

    def mails(self, who: str, inside: str = "") -> list[Message]:
        """What lies in somebody's mailbox, or in a folder of it, oldest first."""
        place = self.maildir(who) / (f".{inside}" if inside else "")
        if not (place / "new").exists():
            return []
        box = mailbox.Maildir(place, create=False)
        return [box[key] for key in sorted(box.keys())]

    def drop(self, who: str, *mails: bytes) -> None:
        """Deliver into somebody's mailbox, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            for mail in mails:
                lmtp.sendmail("writer@elsewhere.example", [who], mail)

    def forget_uids(self, who: str) -> None:
        """Give the mailbox another UIDVALIDITY, as a restored or rebuilt one has."""
        for name in self.maildir(who).glob("dovecot*"):
            name.unlink()

    def write_sieve(self, who: str, script: str) -> None:
        path = self.folder / "sieve" / f"{who}.sieve"
        path.write_text(script)
        shutil.chown(path, MAIL_UID, MAIL_UID)

    async def arrives(self, who: str, count: int = 1, *, word: str = "") -> list[Message]:
        """Wait until so many mails with that word have come; returns them."""
        found: list[Message] = []

        def is_there() -> bool:
            found[:] = [mail for mail in self.mails(who) if word in str(mail)]
            return len(found) >= count

        await until(is_there, 30, f"{count} mails with {word!r} for {who}; there are {len(self.mails(who))}")
        return found


# ---------------------------------------------------------------- Postfix


@dataclass
class Postfix:
    """A relay that knows two ways: to the desk by `protocol`, and to everybody's mailbox by LMTP."""

    folder: Path
    desk_port: int
    lmtp_port: int
    port: int = field(default_factory=free_port)
    protocol: str = "smtp"

    def start(self) -> None:
        for name in ("config", "spool", "data"):
            (self.folder / name).mkdir(exist_ok=True)
        shutil.chown(self.folder / "data", "postfix")
        (self.folder / "config/main.cf").write_text(self._main())
        (self.folder / "config/master.cf").write_text(self._master())
        self._run("start")
        wait_for_port(self.port, "Postfix")

    def stop(self) -> None:
        self._run("abort")

    @property
    def log(self) -> str:
        path = self.folder / "postfix.log"
        return path.read_text() if path.exists() else ""

    def _run(self, what: str) -> None:
        done = subprocess.run(["postfix", "-c", self.folder / "config", what], capture_output=True, text=True)
        assert done.returncode == 0, f"postfix {what}: {done.stderr} {self.log[-1000:]}"

    def _main(self) -> str:
        here = "held.example network.example"
        ways = dict.fromkeys(here.split(), f"lmtp:inet:127.0.0.1:{self.lmtp_port}")
        # The desk's manager reads mail in the desk's own domain, but not at the desk's own address.
        ways |= {"maria@desk.example": f"lmtp:inet:127.0.0.1:{self.lmtp_port}"}
        place = "[127.0.0.1]" if self.protocol == "smtp" else "inet:[127.0.0.1]"
        ways |= {DESK_DOMAIN: f"{self.protocol}:{place}:{self.desk_port}"}
        table = ", ".join(f"{{ {domain} = {way} }}" for domain, way in ways.items())
        return f"""
compatibility_level = 3.6
queue_directory = {self.folder}/spool
data_directory = {self.folder}/data
maillog_file = {self.folder}/postfix.log
maillog_file_prefixes = {self.folder}
myhostname = relay.example
mydomain = relay.example
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = {DESK_DOMAIN} {here}
transport_maps = inline:{{ {table} }}
default_transport = error:there is no way out of this test
smtp_dns_support_level = disabled
smtputf8_autodetect_classes = all
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
alias_maps =
alias_database =
biff = no
"""

    def _master(self) -> str:
        services: Sequence[str] = (
            f"127.0.0.1:{self.port} inet n - n - - smtpd",
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "lmtp unix - - n - - lmtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "scache unix - - n - 1 scache",
            "anvil unix - - n - 1 anvil",
            "showq unix n - n - - showq",
            "postlog unix-dgram n - n - 1 postlogd",
        )
        return "\n".join(services) + "\n"


# ---------------------------------------------------------------- both


@dataclass
class Post:
    """The whole way of a mail outside of the desk. `desk_port` is where the desk has to listen."""

    dovecot: Dovecot
    postfix: Postfix
    desk_port: int

    async def is_quiet(self) -> None:
        """Return once no mail waits in the relay."""

        spool = self.postfix.folder / "spool"
        queues = [spool / name for name in ("incoming", "active", "deferred")]

        def is_empty() -> bool:
            return not any(path.is_file() for queue in queues for path in queue.rglob("*"))

        await until(is_empty, 30, "the relay has handed over everything")


@contextlib.contextmanager
def running_dovecot(relay_port: int = 0) -> Iterator[Dovecot]:
    need("dovecot-imapd", "dovecot")
    need_root("Dovecot")
    with folder_of("dovecot") as folder:
        dovecot = Dovecot(folder, relay_port)
        try:
            dovecot.start()
            yield dovecot
        finally:
            dovecot.stop()


@contextlib.contextmanager
def running_post(protocol: str = "smtp") -> Iterator[Post]:
    need("postfix", "postfix")
    need_root("Postfix")
    desk_port, relay_port = free_port(), free_port()
    with running_dovecot(relay_port) as dovecot, folder_of("postfix") as folder:
        postfix = Postfix(folder, desk_port, dovecot.lmtp_port, relay_port, protocol)
        postfix.start()
        try:
            yield Post(dovecot, postfix, desk_port)
        finally:
            postfix.stop()
